"""Knowledge in the turn: what allies share, and how a generation sorts makers."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from game.core.ruleset import Effect, EffectKind, Ruleset
from game.core.state import State, replace
from game.economy.costs import pooled_volume
from game.economy.research import absorption, spillover
from game.play.event_effects import Changes, apply_effect
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.pledges import pledge_effects
from game.play.quarter import Quarter
from game.play.sharing import pool_volumes
from game.play.turn import PHASES, step
from game.resources import find_scenario
from game.scenario.loader import Scenario, load

WORLDS = 2


@pytest.fixture(scope="module")
def flagship() -> Scenario:
    return load(find_scenario("alibaba-meizu"))


@pytest.fixture(scope="module")
def start(flagship: Scenario) -> State:
    seeds, numbers = np.full(WORLDS, 3, np.uint64), np.arange(WORLDS, dtype=np.uint64)
    return first_state(flagship.ruleset, flagship.opening, seeds, numbers)


def pledged(state: State, ruleset: Ruleset, kind: str, giver: str, receiver: str) -> State:
    """The state with one more pledge, fully at work everywhere."""
    at = ruleset.kind(kind), ruleset.company(giver), ruleset.company(receiver)
    tables = {
        name: getattr(state, f"pledge_{name}").copy()
        for name in ("announced", "effort", "until", "since", "regions")
    }
    tables["announced"][at], tables["effort"][at], tables["until"][at] = 1.0, 1.0, 20
    tables["since"][at], tables["regions"][at] = -ruleset.rules.ramp, -1
    return replace(state, **{f"pledge_{name}": table for name, table in tables.items()})


def after_research(state: State, ruleset: Ruleset) -> Quarter:
    """The quarter as it stands when research is done."""
    quarter = Quarter(state, ruleset, no_orders(state, ruleset))
    for phase in PHASES:
        phase(quarter)
        if phase.__name__ == "research":
            break
    return quarter


def test_the_stock_is_at_rest_at_the_start(flagship: Scenario, start: State) -> None:
    quarter = after_research(start, flagship.ruleset)
    sold = flagship.ruleset.revenue_start > 0.0
    held, before = quarter.state.knowledge[sold], start.knowledge[sold]
    assert held == pytest.approx(before, rel=0.15)


def test_spillover_is_the_law_of_spillover(flagship: Scenario, start: State) -> None:
    """The turn's list of pledges gives what the law gives for a table of pairs."""
    ruleset = flagship.ruleset
    plain = after_research(start, ruleset)
    allied = after_research(pledged(start, ruleset, "components", "samsung", "meizu"), ruleset)
    meizu, samsung = ruleset.company("meizu"), ruleset.company("samsung")
    market = ruleset.market("smartphones/china")
    kind = ruleset.pledges[ruleset.kind("components")]
    spend = plain.spend[:, 0, market]
    sales = np.maximum(
        (start.price * start.units).sum(axis=0), ruleset.market_revenue_start[:, None]
    )[market]
    access = np.zeros((*start.fit.shape[:2], WORLDS))
    access[samsung, meizu] = kind.spillover
    share = absorption(spend / sales, ruleset.rules.research_half)
    gained = spillover(spend, access, share)[meizu] - spend[meizu]
    told = allied.state.knowledge[meizu, market] - plain.state.knowledge[meizu, market]
    assert told == pytest.approx(gained)
    assert (told > 0.0).all()
    assert (allied.state.quality[meizu, market] > plain.state.quality[meizu, market]).all()
    others = np.arange(len(start.cash)) != meizu
    assert np.array_equal(allied.state.knowledge[others], plain.state.knowledge[others])


def test_pooled_volume_is_the_law_of_pooling(flagship: Scenario, start: State) -> None:
    ruleset = flagship.ruleset
    index = ruleset.kind("components")
    kind = ruleset.pledges[index]
    meizu, samsung = ruleset.company("meizu"), ruleset.company("samsung")
    market = ruleset.market("smartphones/china")
    cost = np.zeros_like(start.price)
    one = np.ones(WORLDS, np.int64)
    lanes = np.arange(WORLDS)
    pool_volumes(
        cost, start, ruleset, index, kind, 0.5 * np.ones(WORLDS), samsung * one, meizu * one,
        lanes, -one,
    )  # fmt: skip
    pooling = np.zeros((len(start.cash), len(start.cash), WORLDS))
    pooling[samsung, meizu] = 0.5 * kind.pooling
    volume = start.cumulative[:, market]
    pooled = pooled_volume(volume, pooling)[meizu]
    saved = ruleset.learning[market] * np.log(pooled / volume[meizu])
    assert cost[meizu, market] == pytest.approx(saved)
    assert (cost[meizu, market] > 0.0).all()
    rest = np.arange(len(start.cash)) != meizu
    assert not cost[rest].any()


def test_an_ally_in_parts_makes_cheaper(flagship: Scenario, start: State) -> None:
    ruleset = flagship.ruleset
    alone = pledge_effects(start, ruleset)
    allied = pledge_effects(pledged(start, ruleset, "components", "samsung", "meizu"), ruleset)
    unpooled = dataclasses.replace(
        ruleset,
        pledges=tuple(dataclasses.replace(kind, pooling=0.0) for kind in ruleset.pledges),
    )
    thin = pledge_effects(pledged(start, unpooled, "components", "samsung", "meizu"), unpooled)
    at = ruleset.company("meizu"), ruleset.market("smartphones/china")
    assert (allied.cost[at] > thin.cost[at]).all()
    assert (thin.cost[at] > alone.cost[at]).all()


def test_a_generation_sorts_makers_by_what_they_know(flagship: Scenario, start: State) -> None:
    ruleset = flagship.ruleset
    phones = ruleset.sectors.index("smartphones")
    changes = Changes(start)
    apply_effect(
        changes,
        Effect(EffectKind.GENERATION, 0.4, sectors=(phones,)),
        np.ones_like(start.cash),
        ruleset,
    )
    moved = replace(start, **changes.copies)
    market = ruleset.market("smartphones/china")
    gain = (moved.quality - start.quality)[:, market, 0]
    known = start.knowledge[:, ruleset.market_sector == phones].sum(axis=1)[:, 0]
    there = start.on_sale[:, market, 0]
    order = np.argsort(known[there])
    assert (np.diff(gain[there][order]) >= 0.0).all()
    assert gain[there].min() < 0.4 < gain[there].max()
    assert (moved.frontier - start.frontier)[market] == pytest.approx(0.4)
    elsewhere = ruleset.market_sector != phones
    assert np.array_equal(moved.quality[:, elsewhere], start.quality[:, elsewhere])
    assert np.array_equal(moved.frontier[elsewhere], start.frontier[elsewhere])


def test_building_out_stops_at_its_limit(flagship: Scenario, start: State) -> None:
    ruleset = flagship.ruleset
    limit = np.full_like(ruleset.coverage_limit, 0.5)
    bounded = dataclasses.replace(ruleset, coverage_limit=limit)
    orders = no_orders(start, bounded)
    orders.notch[:] = 4
    state, free = start, start
    for _ in range(3):
        state, _ = step(state, bounded, orders)
        free, _ = step(free, ruleset, orders)
    below = start.coverage <= 0.5
    assert (state.coverage[below] <= 0.5 + 1e-12).all()
    assert (free.coverage[below] > 0.5).any()


def test_more_research_never_makes_worse(flagship: Scenario, start: State) -> None:
    ruleset = flagship.ruleset
    calm = dataclasses.replace(ruleset, rules=dataclasses.replace(ruleset.rules, quality_luck=0.0))
    qualities = []
    for notch in (1, 2, 4):
        orders, state = no_orders(start, calm), start
        orders.notch[:] = notch
        for _ in range(3):
            state, _ = step(state, calm, orders)
        qualities.append(state.quality[state.on_sale])
    assert (qualities[0] <= qualities[1] + 1e-9).mean() > 0.95
    assert (qualities[1] <= qualities[2] + 1e-9).mean() > 0.95
