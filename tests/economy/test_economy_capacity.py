"""Laws of capacity: nobody is lost in rationing, and orders arrive."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.economy.capacity import (
    affordable,
    arriving,
    capacity_next,
    capacity_wanted,
    ration,
)

SEEDS = st.integers(0, 2**32 - 1)


def draw(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Demand of up to six sellers in three segments and four worlds, and their capacities."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 7))
    wanted = rng.gamma(0.5, 5.0, (count, 3, 4)) * (rng.random((count, 1, 4)) < 0.9)
    fringe, outside = rng.gamma(0.5, 2.0, (3, 4)), rng.gamma(1.0, 4.0, (3, 4)) + 1e-9
    capacity = rng.gamma(1.0, 8.0, (count, 4)) * (rng.random((count, 4)) < 0.8)
    return wanted, fringe, outside, capacity


@given(SEEDS)
def test_everybody_buys_somewhere_or_nothing(seed: int) -> None:
    wanted, fringe, outside, capacity = draw(seed)
    served = ration(wanted, fringe, outside, capacity)
    everybody = wanted.sum(axis=(0, 1)) + (fringe + outside).sum(axis=0)
    found = served.units.sum(axis=0) + served.fringe + served.outside
    assert found == pytest.approx(everybody, rel=1e-12)
    assert (served.units <= capacity).all()
    assert (served.units >= 0.0).all()


@given(SEEDS)
def test_units_and_unserved_are_the_own_demand(seed: int) -> None:
    wanted, fringe, outside, capacity = draw(seed)
    served = ration(wanted, fringe, outside, capacity)
    demand = wanted.sum(axis=1)
    short = served.unserved > 0.0
    assert (served.units + served.unserved)[short] == pytest.approx(demand[short])
    assert (served.units >= np.minimum(demand, capacity) * (1 - 1e-12)).all()
    assert (served.fringe >= fringe.sum(axis=0) * (1 - 1e-12)).all()
    assert (served.outside >= outside.sum(axis=0) * (1 - 1e-12)).all()


@given(SEEDS)
def test_enough_for_all_changes_nothing(seed: int) -> None:
    wanted, fringe, outside, _ = draw(seed)
    served = ration(wanted, fringe, outside, np.full_like(wanted[:, 0], np.inf))
    assert served.units == pytest.approx(wanted.sum(axis=1))
    assert (served.unserved == 0.0).all()
    assert served.outside == pytest.approx(outside.sum(axis=0))


@given(SEEDS)
def test_more_capacity_never_sells_less(seed: int) -> None:
    wanted, fringe, outside, capacity = draw(seed)
    larger = capacity.copy()
    larger[0] *= 1.5
    less = ration(wanted, fringe, outside, capacity)
    more = ration(wanted, fringe, outside, larger)
    assert (more.units[0] >= less.units[0] * (1 - 1e-9)).all()


@given(SEEDS)
def test_sellers_and_worlds_permute(seed: int) -> None:
    wanted, fringe, outside, capacity = draw(seed)
    order, lanes = np.random.default_rng(seed).permutation(len(wanted)), np.array([2, 0, 3, 1])
    straight = ration(wanted, fringe, outside, capacity)
    mixed = ration(
        wanted[order][..., lanes], fringe[:, lanes], outside[:, lanes], capacity[order][..., lanes]
    )
    assert mixed.units == pytest.approx(straight.units[order][..., lanes], rel=1e-9, abs=1e-12)


def test_the_rest_go_where_their_segment_would() -> None:
    """Two segments: the sold-out seller's buyers are premium, and so is where they go."""
    wanted = np.array([[[10.0], [0.0]], [[5.0], [1.0]], [[0.0], [20.0]]])
    served = ration(
        wanted, np.zeros((2, 1)), np.array([[5.0], [5.0]]), np.array([[4.0], [99], [99]])
    )
    assert served.units[:, 0] == pytest.approx([4.0, 6.0 + 3.0, 20.0])
    assert served.outside[0] == pytest.approx(10.0 + 3.0)
    assert served.unserved[:, 0] == pytest.approx([6.0, 0.0, 0.0])


@given(st.floats(0, 100), st.floats(0, 100), st.floats(1, 8))
def test_an_order_arrives_and_nothing_is_lost(capacity: float, ordered: float, lead: float) -> None:
    working, due = capacity_next(np.array(capacity), np.array(ordered), 0.0, lead)
    assert working + due == pytest.approx(capacity + ordered)
    assert arriving(np.array(ordered), 1.0) == pytest.approx(ordered)
    for _ in range(200):
        working, due = capacity_next(working, due, 0.0, lead)
    assert working == pytest.approx(capacity + ordered, rel=1e-6, abs=1e-6)


def test_orders_hold_capacity_at_the_headroom() -> None:
    working, due = np.array(5.0), np.array(0.0)
    for _ in range(100):
        more = capacity_wanted(np.array(10.0), working, due, headroom=0.2, decay=0.05, lead=2.0)
        working, due = capacity_next(working, due, 0.05, 2.0)
        due = due + more
    assert working == pytest.approx(12.0, rel=0.08)
    assert working >= 10.0


def test_money_limits_orders() -> None:
    needed, funds = np.array([0.0, 50.0, 100.0, 100.0]), np.array([10.0, 100.0, 25.0, -5.0])
    assert affordable(needed, funds) == pytest.approx([1.0, 1.0, 0.25, 0.0])
