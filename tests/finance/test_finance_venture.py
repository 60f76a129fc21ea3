"""What a fund brings a business."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.finance.venture import ELASTICITY, best_fund, fund_return

MONEY = st.floats(0.0, 1e4)


@given(MONEY, MONEY, st.floats(-1e3, 1e4), MONEY)
def test_more_money_brings_more_and_ever_less_of_it(
    fund: float, more: float, profit: float, spending: float
) -> None:
    one, two, three = (
        float(fund_return(fund + step * more, profit, spending)) for step in (0, 1, 2)
    )
    assert 0.0 <= one <= two <= three
    assert three - two <= two - one + 1e-6 * (1.0 + three)
    assert float(fund_return(0.0, profit, spending)) == 0.0


@given(MONEY, st.floats(0.0, 1e3), st.floats(1.0, 1e4))
def test_it_replaces_the_hosts_own_spending_at_least(
    fund: float, profit: float, spending: float
) -> None:
    assert fund_return(fund, profit, spending) >= min(fund, spending) * (1.0 - 1e-9)


def test_references() -> None:
    """A business that spends 10: worth 40 before it, a dollar on top brings 96 cents; worth 80,
    some of it goes on top."""
    assert fund_return(10.0, 30.0, 10.0) == pytest.approx(10.0)
    assert fund_return(10.0, 70.0, 10.0) == pytest.approx(
        max(x + 80.0 * ((2.0 - x / 10) ** ELASTICITY - 1.0) for x in np.linspace(0, 10, 20001)),
        rel=1e-6,
    )
    assert fund_return(10.0, 30.0, 0.0) == 0.0
    assert fund_return([10.0, 0.0], [30.0, 1.0], 10.0).shape == (2,)
    assert np.isfinite(fund_return(1e9, 1.0, 1.0))


def test_the_best_fund_brings_a_dollar_by_its_last_dollar() -> None:
    best = float(best_fund(90.0, 10.0))
    assert best > 0.0

    def slope(fund: float) -> float:
        return float(fund_return(fund + 1e-5, 90.0, 10.0) - fund_return(fund, 90.0, 10.0)) / 1e-5

    assert slope(best - 2e-5) == pytest.approx(1.0, rel=1e-4)
    assert slope(best / 2.0) > 1.01
    assert float(best_fund(-5.0, 10.0)) < 0.0
    assert best_fund([90.0, 0.0], [10.0, 0.0]).shape == (2,)
