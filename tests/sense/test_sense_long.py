"""Long games: nothing grows without bound, nothing dies for no reason, nothing is no number.

``make test`` plays the short form; ``make soak`` a thousand games of forty quarters and two
hundred quarters of random legal orders.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from game.core.axes import array_fields
from game.core.state import State

Endless = Callable[[int], Any]
"""Number of quarters to a game of so many."""
MAY_BE_NAN = {"pin_spend"}
LARGEST_GROWTH = 60.0
"""Times the start's market revenue: over ten years the real markets of the start grew by less than
twenty (mobile payment in China by most)."""
LEAST_LEFT = 0.25
"""Of a market's units at the start: below it, it has died."""


def faults(state: State) -> list[str]:
    return [
        field.name
        for field in array_fields(state)
        if field.name not in MAY_BE_NAN
        and getattr(state, field.name).dtype.kind == "f"
        and not np.isfinite(getattr(state, field.name)).all()
    ]


def play(game: Any, worlds: int, first: int, spec: str) -> tuple[State, State]:
    """The state after a year and after all quarters."""
    state = game.start(worlds, first=first)
    early = state
    for quarter in range(game.ruleset.rules.quarters):
        state, _ = game.quarter(state, spec)
        if quarter == 3:
            early = state
    return early, state


def check_bounds(early: State, late: State) -> None:
    assert faults(late) == []
    before = early.units.sum(axis=0) + early.fringe_units
    after = late.units.sum(axis=0) + late.fringe_units
    ratio = after / before
    worst = np.unravel_index(ratio.argmin(), ratio.shape)
    assert ratio.min() > LEAST_LEFT, f"market {worst[0]} died in world {worst[1]}"
    assert ratio.max() < LARGEST_GROWTH
    spent = early.revenue.sum(axis=1).sum(axis=0)
    earned = late.revenue.sum(axis=1).sum(axis=0)
    assert (earned < LARGEST_GROWTH * spent).all()
    assert (np.abs(late.quality - late.frontier) < 8.0).all()
    assert (late.shares >= 0).all()
    assert (late.public >= 0).all()
    assert (late.founders >= 0).all()


def test_a_few_games_of_forty_quarters_stay_in_bounds(endless: Endless) -> None:
    check_bounds(*play(endless(40), 24, 0, "strategist"))


@pytest.mark.soak
@pytest.mark.parametrize("block", range(10))
def test_a_thousand_games_of_forty_quarters_stay_in_bounds(endless: Endless, block: int) -> None:
    check_bounds(*play(endless(40), 100, 100 * block, "strategist"))


def random_quarters(endless: Endless, quarters: int, worlds: int, seed: int) -> None:
    game = endless(quarters)
    state = game.start(worlds, seed=seed)
    with np.errstate(all="raise", under="ignore"):
        for quarter in range(quarters):
            state, _ = game.quarter(state, "random")
            if quarter % 20 == 19:
                assert faults(state) == []


@pytest.mark.slow
def test_sixty_quarters_of_random_legal_orders_stay_finite(endless: Endless) -> None:
    random_quarters(endless, 60, 8, 3)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(6))
def test_two_hundred_quarters_of_random_legal_orders_stay_finite(
    endless: Endless, seed: int
) -> None:
    random_quarters(endless, 200, 32, seed)


@pytest.mark.soak
def test_random_order_of_mixed_players_conserves_cash(endless: Endless) -> None:
    """The change of cash is the sum of the books' lines, whoever plays, for a hundred quarters."""
    game = endless(100)
    state: Any = game.start(16, seed=9)
    specs = ("random", "strategist", "best-reply", "idle")
    chance = np.random.default_rng(1)
    for _ in range(100):
        before = state.cash
        state, report = game.quarter(state, specs[chance.integers(len(specs))])
        change = report.lines.sum(axis=0)
        scale = np.maximum(np.abs(report.lines).max(axis=0), 1.0)
        assert (np.abs(state.cash - before - change) < 1e-8 * scale).all()
