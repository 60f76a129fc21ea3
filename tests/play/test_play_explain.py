"""Explanations of random games: they add up, and no input of the turn is left out."""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from game.core.axes import first_difference
from game.core.ruleset import Ruleset
from game.play.explain.answers import explain, figure
from game.play.explain.causes import (
    MAY_HAVE_MARKET,
    NEEDS_MARKET,
    Cause,
    Explanation,
    Measure,
)
from game.play.explain.slopes import slopes
from game.play.explain.watch import Watched, watch
from game.play.observation_build import observe
from game.play.opening import first_state
from game.play.turn import step
from game.policies.registry import make
from game.resources import find_scenario
from game.scenario.loader import load

EXACT = 1e-9
WORLDS = 3


@cache
def played(scenario: str, policy: str, quarters: int, seed: int) -> tuple[Watched, ...]:
    """Quarters of a few worlds, all seats played by a machine."""
    loaded = load(find_scenario(scenario))
    ruleset, player = loaded.ruleset, make(policy)
    seats = np.arange(len(ruleset.companies))
    numbers = np.arange(WORLDS, dtype=np.uint64)
    state = first_state(ruleset, loaded.opening, np.full(WORLDS, seed, np.uint64), numbers)
    seen = []
    for _ in range(quarters):
        orders = player.act(observe(state, ruleset, seats), ruleset, seats)
        seen.append(watch(state, ruleset, orders))
        state = seen[-1].after
    return tuple(seen)


GAMES = [
    ("alibaba-meizu", "random", 14, 11),
    ("lesson", "random", 12, 5),
    ("lesson", "strategist", 8, 2),
    ("alibaba-meizu", "strategist", 9, 3),
]


def questions(ruleset: Ruleset, seen: Watched, lane: int) -> list[tuple[Measure, int, int]]:
    """Every figure of a world."""
    sold = np.argwhere(seen.late.on_sale[..., lane]).tolist()
    found = [(measure, company, market) for company, market in sold for measure in MAY_HAVE_MARKET]
    whole = [one for one in Measure if one not in NEEDS_MARKET]
    return found + [
        (one, company, -1) for company in range(len(ruleset.companies)) for one in whole
    ]


def check(found: Explanation, seen: Watched, lane: int) -> None:
    """Sums, ends and names of one answer."""
    size = max(1.0, abs(found.before), abs(found.after))
    truth = figure(seen, found.measure, found.company, found.market, lane)
    assert found.after == truth or (math.isnan(truth) and math.isnan(found.after))
    if not found.parts:
        assert math.isnan(found.change) or abs(found.change) <= EXACT * size
        return
    amounts = [part.amount for part in found.parts]
    assert np.isfinite(amounts).all()
    assert abs(math.fsum(amounts) - found.change) <= EXACT * size
    assert sum(abs(part.amount) for part in found.parts if part.key.cause == Cause.OTHER) <= (
        EXACT * size
    ), "an input of the turn has no row in the tables of game.play.explain.inputs"
    assert len({part.key.group for part in found.parts}) <= 8


@pytest.mark.parametrize(("scenario", "policy", "quarters", "seed"), GAMES)
def test_every_figure_of_a_random_game_adds_up(
    scenario: str, policy: str, quarters: int, seed: int
) -> None:
    seen = played(scenario, policy, quarters, seed)
    ruleset, asked = seen[0].ruleset, 0
    chance = np.random.default_rng(seed)
    for before, after in pairwise(seen):
        lane = int(chance.integers(WORLDS))
        if not after.start.active[lane]:
            continue
        listed = questions(ruleset, after, lane)
        for place in chance.permutation(len(listed))[:60]:
            measure, company, market = listed[place]
            check(explain(before, after, measure, company, market, lane), after, lane)
            asked += 1
    assert asked > 100


def test_a_quarter_that_is_watched_is_the_quarter_that_is_played() -> None:
    loaded = load(find_scenario("lesson"))
    numbers = np.arange(WORLDS, dtype=np.uint64)
    state = first_state(loaded.ruleset, loaded.opening, np.full(WORLDS, 2, np.uint64), numbers)
    seats = np.arange(len(loaded.ruleset.companies))
    view = observe(state, loaded.ruleset, seats)
    orders = make("strategist").act(view, loaded.ruleset, seats)
    after, report = step(state, loaded.ruleset, orders)
    seen = watch(state, loaded.ruleset, orders)
    assert first_difference(after, seen.after) is None
    assert first_difference(report, seen.quarter.report()) is None


def test_steps_of_the_own_levers_sell_more() -> None:
    seen = played("alibaba-meizu", "strategist", 9, 3)[-1]
    company, market = seen.ruleset.company("meizu"), seen.ruleset.market("smartphones/china")
    found = {slope.cause: slope for slope in slopes(seen, Measure.SHARE, company, market)}
    assert {Cause.PRICE, Cause.QUALITY, Cause.OFFLINE} <= found.keys()
    assert all(0.0 < slope.amount < 0.1 for slope in found.values())
    assert slopes(seen, Measure.CASH, company, market) == ()
