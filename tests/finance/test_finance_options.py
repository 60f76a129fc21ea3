"""Rights to buy shares: bounds, slopes, and a textbook's number."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from game.finance.options import call_worth, warrant_worth

amounts = st.floats(0.01, 1e4)


def test_a_textbook_call() -> None:
    """S 42, K 40, ten per cent a year, 20 % volatility, half a year: 4.76 (Hull, ch. 15)."""
    found = call_worth(42.0, 40.0, 0.5, float(np.expm1(0.1)), 0.2)
    np.testing.assert_allclose(found, 4.7594, atol=1e-4)


@given(spot=amounts, strike=amounts, quarters=st.integers(1, 40))
def test_a_call_is_worth_at_least_its_gain_and_at_most_the_share(
    spot: float, strike: float, quarters: int
) -> None:
    rate, sd = 0.004, 0.15
    found = float(call_worth(spot, strike, quarters, rate, sd))
    least = max(spot - strike * (1.0 + rate) ** -quarters, 0.0)
    assert least - 1e-5 * (spot + strike) <= found <= spot * (1.0 + 1e-6)
    assert call_worth(spot, strike * 1.1, quarters, rate, sd) <= found + 1e-6 * spot
    assert call_worth(spot * 1.1, strike, quarters, rate, sd) >= found - 1e-6 * spot
    assert call_worth(spot, strike, quarters + 4, rate, sd) >= found - 1e-5 * (spot + strike)


def test_nothing_and_no_time() -> None:
    spot, quarters = np.array([0.0, 5.0, 5.0, 5.0]), np.array([4.0, 0.0, 0.0, 4.0])
    strike = np.array([1.0, 3.0, 9.0, 0.0])
    with np.errstate(all="raise", under="ignore"):
        found = call_worth(spot, strike, quarters, 0.01, 0.2)
    np.testing.assert_allclose(found, [0.0, 2.0, 0.0, 5.0])


@given(value=amounts, part=st.floats(0.01, 0.5), strike=st.floats(0.1, 3.0))
def test_new_shares_dilute_their_own_gain(value: float, part: float, strike: float) -> None:
    count = 1000.0
    new, each = part * count, strike * value / 1000.0
    found = warrant_worth(value, count, new, each, 8, 0.004, 0.15)
    plain = new * call_worth(value / count, each, 8, 0.004, 0.15)
    np.testing.assert_allclose(found, plain / (1.0 + part))
    assert found <= value
