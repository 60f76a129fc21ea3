"""Platforms in the turn: stocks follow users, start neutral, and nothing is counted twice."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from game.core.axes import Array, take_worlds
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.play import market, platforms
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.pledges import pledge_effects
from game.play.turn import step
from game.scenario.loader import Scenario, load

WORLDS = 3


@pytest.fixture(scope="module")
def flagship(root: Path) -> Scenario:
    return load(root / "scenarios" / "alibaba-meizu.yaml")


@pytest.fixture(scope="module")
def lesson(lesson_path: Path) -> Scenario:
    return load(lesson_path)


def start(scenario: Scenario, **laws: Any) -> tuple[State, Ruleset]:
    ruleset = dataclasses.replace(scenario.ruleset, **laws)
    seed, world = np.full(WORLDS, 5, "u8"), np.arange(WORLDS, dtype="u8")
    return first_state(ruleset, scenario.opening, seed, world), ruleset


def played(state: State, ruleset: Ruleset, turns: int) -> State:
    for _ in range(turns):
        state, _ = step(state, ruleset, no_orders(state, ruleset))
    return state


def test_mean_utility_is_the_sum_of_its_terms(flagship: Scenario) -> None:
    state, ruleset = start(flagship)
    state = played(state, ruleset, 3)
    effects = pledge_effects(state, ruleset)
    terms = market.mean_terms(state, ruleset, effects)
    assert {"acceptance", "own services"} < set(terms)
    total: Array = sum(terms.values(), np.zeros_like(state.price))
    np.testing.assert_allclose(total, market.mean(state, ruleset, effects), rtol=0, atol=1e-12)


def test_a_scenario_without_the_keys_has_no_platforms(lesson: Scenario) -> None:
    state, ruleset = start(lesson)
    assert not platforms.leads(ruleset)
    assert set(market.mean_terms(state, ruleset)) == {
        "appeal", "quality", "goodwill", "network", "bump", "pledges",
    }  # fmt: skip
    after = played(state, ruleset, 2)
    assert not after.acceptance.any()
    assert not after.led.any()


def test_the_other_side_starts_at_rest_and_follows_users(flagship: Scenario) -> None:
    state, ruleset = start(flagship)
    place, alipay = ruleset.market("payments/china"), ruleset.company("alibaba")
    at_rest = platforms.start_acceptance(flagship.opening.base[..., 0], ruleset)
    np.testing.assert_array_equal(state.acceptance[..., 0], at_rest)
    base = state.base.copy()
    base[alipay, place] *= 2.0
    lines = market.Lines(state.on_sale)
    pool = market.potential(state, ruleset)
    calm = platforms.acceptance_next(lines, state, ruleset, pool, state.base)
    more = platforms.acceptance_next(lines, state, ruleset, pool, base)
    np.testing.assert_allclose(calm, state.acceptance, atol=1e-12)
    assert (more[alipay, place] > calm[alipay, place]).all()
    changed = more != calm
    changed[alipay, place] = False
    assert not changed.any()


def test_a_chat_leads_its_users_to_its_wallet(flagship: Scenario) -> None:
    """Whoever has users elsewhere and few here gains; with the weight at nothing, nobody does."""
    state, ruleset = start(flagship)
    place = ruleset.market("payments/china")
    tencent, alibaba = ruleset.company("tencent"), ruleset.company("alibaba")
    assert (state.led[tencent, place] < 0.1).all()
    assert (state.led[alibaba, place] > 0.9).all()
    with_lead = played(state, ruleset, 8)
    assert (with_lead.led[tencent, place] > 0.5).all()
    without = played(*start(flagship, own_services=np.zeros_like(ruleset.own_services)), 8)
    assert (with_lead.units[tencent, place] > 1.2 * without.units[tencent, place]).all()


def test_nothing_is_left_of_a_service_that_is_given_up(flagship: Scenario) -> None:
    state, ruleset = start(flagship)
    place, tencent = ruleset.market("payments/china"), ruleset.company("tencent")
    on_sale = state.on_sale.copy()
    on_sale[tencent, place, 0] = False
    after = played(replace(state, on_sale=on_sale), ruleset, 1)
    assert after.led[tencent, place, 0] == after.acceptance[tencent, place, 0] == 0.0
    alone = played(take_worlds(replace(state, on_sale=on_sale), np.array([0, 0])), ruleset, 1)
    np.testing.assert_array_equal(after.acceptance[..., 0], alone.acceptance[..., 0])
    np.testing.assert_array_equal(after.led[..., 0], alone.led[..., 0])


@pytest.mark.parametrize("growth", [-0.05, 0.0, 0.05])
def test_adopters_never_exceed_the_potential(lesson: Scenario, growth: float) -> None:
    pace = np.full(len(lesson.ruleset.markets), growth)
    state, ruleset = start(lesson, potential_growth=pace)
    for _ in range(6):
        pool = market.potential(state, ruleset)
        state, _ = step(state, ruleset, no_orders(state, ruleset))
        assert (state.adopters <= pool * (1.0 + 1e-12)).all()


def test_a_saturated_market_sells_replacements_only(lesson: Scenario) -> None:
    state, ruleset = start(lesson)
    pool = np.repeat(ruleset.potential[:, None], WORLDS, axis=1)
    state = replace(state, adopters=pool)
    newcomers = market.new_adopters(state, ruleset)
    assert (newcomers == 0.0).all()
    phones = np.flatnonzero(ruleset.durable)
    season = ruleset.season[phones, 0][:, None]
    wanted = (market.hazard(state, ruleset) * pool)[phones] * season
    np.testing.assert_allclose(market.buyers(state, ruleset, newcomers)[phones], wanted)


def test_a_longer_life_shrinks_sales_and_keeps_bases(lesson: Scenario) -> None:
    """Buyers and bases follow one life: fewer buy, and what they have lasts."""
    growth = np.where(lesson.ruleset.durable, 0.05, 0.0)
    phones = np.flatnonzero(lesson.ruleset.durable)
    usual, longer = played(*start(lesson), 5), played(*start(lesson, life_growth=growth), 5)
    assert (longer.market_size[phones] < usual.market_size[phones]).all()
    state, ruleset = start(lesson, life_growth=growth, life_longest=np.full(len(growth), 30.0))
    assert market.hazard(replace(state, turn=100), ruleset)[phones] == pytest.approx(
        -np.expm1(-3.0 / 30.0)
    )


def test_seasons_belong_to_markets(flagship: Scenario) -> None:
    """Singles' Day: China's shops have the steepest year."""
    ruleset = flagship.ruleset
    shops = ruleset.market_sector == ruleset.sectors.index("ecommerce")
    steep = ruleset.season[:, 3] / ruleset.season[:, 0]
    china = ruleset.market("ecommerce/china")
    others = shops.copy()
    others[china] = False
    assert others.any()
    assert (steep[china] > steep[others]).all()
