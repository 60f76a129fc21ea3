"""Laws of exchange rates, levies and subsidies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.economy.macro import cost_at_market, relief, reverting_next, to_dollars

RATE = st.floats(-1.0, 1.0)
PART = st.floats(0.0, 1.0)


def test_a_shock_decays_and_its_spread_settles() -> None:
    level = np.array([0.4, -0.4])
    assert reverting_next(level, np.zeros(2), reversion=0.25, sd=0.1) == pytest.approx(0.75 * level)
    draws = np.random.default_rng(1).standard_normal((400, 2000))
    level = np.zeros(2000)
    for row in draws:
        level = reverting_next(level, row, reversion=0.1, sd=0.05)
    assert level.std() == pytest.approx(0.05 / np.sqrt(1 - 0.9**2), rel=0.06)


@given(RATE, RATE, PART)
def test_cost_in_dollars_does_not_depend_on_where_it_is_sold(
    home: float, market: float, part: float
) -> None:
    local = cost_at_market(np.array(100.0), np.array(home), np.array(market), part)
    paid = to_dollars(local, np.array(market))
    assert paid == pytest.approx(100.0 * (part + (1 - part) * np.exp(home)))


@given(RATE)
def test_dollars_only_or_home_money_only(rate: float) -> None:
    both = np.array(rate)
    assert cost_at_market(np.array(80.0), both, both, 0.0) == pytest.approx(80.0)
    assert cost_at_market(np.array(80.0), both, np.array(0.0), 1.0) == pytest.approx(80.0)


@given(st.floats(-500, 500), st.floats(1, 500))
def test_nobody_is_paid_to_buy(subsidy: float, cost: float) -> None:
    spared = float(relief(np.array(subsidy), np.array(cost)))
    assert spared <= 0.5 * cost
    assert spared <= subsidy
