"""Holdings in the books: at cost, by the equity method, consolidated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.finance.holdings import equity_method, minority_interest, reported_profits


def pair(stake: float) -> Any:
    held = np.zeros((2, 2))
    held[0, 1] = stake
    return held


def test_an_associate_counts_as_it_earns() -> None:
    """30 % bought for 300; it earns 100 and pays out 40."""
    found = equity_method(pair(0.3), [0.0, 100.0], [0.0, 40.0], 1000.0 * pair(0.3))
    assert found.profit[0, 1] == pytest.approx(30.0)
    assert found.dividends[0, 1] == 0.0
    assert found.carrying[0, 1] == pytest.approx(318.0)


@pytest.mark.parametrize(
    ("stake", "profit", "income"), [(0.1999, 0, 4.998), (0.2, 20, 0), (0.5, 50, 0), (0.51, 0, 0)]
)
def test_a_fifth_and_a_half_are_the_bounds(stake: float, profit: float, income: float) -> None:
    found = equity_method(pair(stake), [0.0, 100.0], [0.0, 25.0], 100.0 * pair(1.0))
    assert found.profit[0, 1] == pytest.approx(profit)
    assert found.dividends[0, 1] == pytest.approx(income, abs=0.01)


def test_losses_are_taken_up_until_nothing_is_left() -> None:
    found = equity_method(pair(0.4), [0.0, -100.0], [0.0, 0.0], 15.0 * pair(1.0))
    assert found.profit[0, 1] == pytest.approx(-15.0)
    assert found.carrying[0, 1] == 0.0


@given(st.integers(0, 2**31))
def test_what_comes_in_is_profit_taken_up_less_dividends(seed: int) -> None:
    rng = np.random.default_rng(seed)
    stake = rng.random((4, 4, 3)) * (1.0 - np.eye(4)[..., None]) / 4.0
    profit, paid = rng.normal(20.0, 30.0, (4, 3)), rng.random((4, 3)) * 10.0
    before = 200.0 * stake
    found = equity_method(stake, profit, paid, before)
    held = stake >= 0.2
    kept = (found.carrying - before - found.profit + stake * paid)[held & (found.carrying > 0.0)]
    np.testing.assert_allclose(kept, 0.0, atol=1e-9)
    np.testing.assert_array_equal(found.carrying[~held], before[~held])
    assert (found.carrying >= 0.0).all()


def test_reported_profits_run_through_chains() -> None:
    held = np.zeros((3, 3))
    held[0, 1], held[1, 2] = 0.5, 0.4
    np.testing.assert_allclose(reported_profits([1.0, 2.0, 10.0], held), [4.0, 6.0, 10.0])
    held[0, 1] = 0.1
    np.testing.assert_allclose(reported_profits([1.0, 2.0, 10.0], held), [1.0, 6.0, 10.0])


def test_others_keep_their_part_of_a_consolidated_profit() -> None:
    assert minority_interest(pair(0.8), [0.0, 50.0])[0, 1] == pytest.approx(10.0)
    assert minority_interest(pair(0.4), [0.0, 50.0])[0, 1] == 0.0
