"""Home systems: every device has one, pledges move new ones, apps follow the users."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from game.core.axes import take_worlds
from game.core.ruleset import PledgeEffect, Ruleset
from game.core.state import State, replace
from game.play import market, systems
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.pledges import pledge_effects
from game.play.turn import step
from game.scenario.loader import Scenario, load

WORLDS = 3
TOTAL = 1e-9


@pytest.fixture(scope="module")
def flagship(root: Path) -> Scenario:
    return load(root / "scenarios" / "alibaba-meizu.yaml")


def start(scenario: Scenario) -> tuple[State, Ruleset]:
    seed, world = np.full(WORLDS, 5, "u8"), np.arange(WORLDS, dtype="u8")
    return first_state(scenario.ruleset, scenario.opening, seed, world), scenario.ruleset


def pledged(state: State, ruleset: Ruleset, lane: int, receiver: str = "alibaba") -> State:
    """Meizu pledges its system to an ally in one world, in full and from now on."""
    kind = next(k for k, one in enumerate(ruleset.pledges) if one.effect == PledgeEffect.PRELOAD)
    place = (kind, ruleset.company("meizu"), ruleset.company(receiver), lane)
    fields = {
        "pledge_announced": 1.0, "pledge_effort": 1.0, "pledge_until": state.turn + 12,
        "pledge_since": state.turn - ruleset.rules.ramp,
    }  # fmt: skip
    changed = {}
    for name, value in fields.items():
        table = getattr(state, name).copy()
        table[place] = value
        changed[name] = table
    return replace(state, **changed)


def after(state: State, ruleset: Ruleset, turns: int) -> State:
    for _ in range(turns):
        state, _ = step(state, ruleset, no_orders(state, ruleset))
    return state


def devices(state: State, fringe: np.ndarray, ruleset: Ruleset) -> np.ndarray:
    """Devices of all makers and the fringe, by market."""
    return np.asarray(state.base[:, ruleset.durable].sum(axis=0) + fringe[ruleset.durable])


def test_every_device_has_exactly_one_home_system(flagship: Scenario) -> None:
    state, ruleset = start(flagship)
    state = pledged(state, ruleset, lane=1)
    whole = state.system_base.sum(axis=0)
    fringe = whole - state.base.sum(axis=0) * ruleset.durable[:, None]
    assert (fringe[ruleset.durable] >= -TOTAL).all()
    for _ in range(5):
        hazard = market.hazard(state, ruleset)
        state, _ = step(state, ruleset, no_orders(state, ruleset))
        fringe = fringe * (1.0 - hazard) + state.fringe_units
        np.testing.assert_allclose(
            state.system_base.sum(axis=0)[ruleset.durable],
            devices(state, fringe, ruleset),
            rtol=1e-9,
        )
    assert not state.system_base[:, ~ruleset.durable].any()


def test_a_pledge_moves_a_part_of_new_devices(flagship: Scenario) -> None:
    state, ruleset = start(flagship)
    phones = ruleset.market("smartphones/china")
    yunos, flyme = (ruleset.systems.index(name) for name in ("yunos", "flyme"))
    moved = after(pledged(state, ruleset, lane=1), ruleset, 1)
    kind = next(one for one in ruleset.pledges if one.effect == PledgeEffect.PRELOAD)
    sold = moved.units[ruleset.company("meizu"), phones]
    gained = moved.system_base[yunos, phones]
    assert gained[1] == pytest.approx(kind.home_system * sold[1])
    assert gained[0] == gained[2] == 0.0
    old = state.system_base[flyme, phones] * (1.0 - market.hazard(state, ruleset)[phones])
    kept = sold * np.where(np.arange(WORLDS) == 1, 1.0 - kind.home_system, 1.0)
    np.testing.assert_allclose(moved.system_base[flyme, phones], old + kept)


def test_an_ally_without_a_system_moves_none(flagship: Scenario) -> None:
    state, ruleset = start(flagship)
    effects = pledge_effects(pledged(state, ruleset, 1, receiver="jd"), ruleset)
    assert effects.preload.any()
    assert systems.shifts(effects.moves, ruleset, WORLDS) is None


def test_moving_to_a_small_system_costs_appeal(flagship: Scenario) -> None:
    """By as much as fewer apps run on it, on the part that moves; nobody else is touched."""
    state, ruleset = start(flagship)
    state = pledged(state, ruleset, lane=1)
    effects = pledge_effects(state, ruleset)
    apps = market.mean_terms(state, ruleset, effects)["apps"]
    lost = apps - market.mean_terms(state, ruleset)["apps"]
    meizu, phones = ruleset.company("meizu"), ruleset.market("smartphones/china")
    assert lost[meizu, phones, 1] < 0.0
    lost[meizu, :, 1] = 0.0
    assert not lost.any()


def test_the_common_system_starts_at_nought(flagship: Scenario) -> None:
    state, ruleset = start(flagship)
    apps = market.mean_terms(state, ruleset)["apps"]
    makers = systems.device_system(ruleset) == systems.COMMON
    np.testing.assert_allclose(apps[makers], 0.0, atol=1e-12)
    assert (apps[ruleset.company("apple"), ruleset.market("smartphones/china")] < 0.0).all()


def test_apps_follow_users_with_a_lag(flagship: Scenario) -> None:
    state, ruleset = start(flagship)
    phones, ios = ruleset.market("smartphones/china"), ruleset.systems.index("ios")
    pool = market.potential(state, ruleset)
    calm = systems.apps_next(state, ruleset, pool, state.system_base)
    np.testing.assert_allclose(calm, state.apps, atol=1e-12)
    more = state.system_base.copy()
    more[ios, phones] *= 2.0
    grown = state
    for _ in range(60):
        grown = replace(grown, apps=systems.apps_next(grown, ruleset, pool, more))
    rise = grown.apps[ios, phones] / state.apps[ios, phones]
    np.testing.assert_allclose(rise, 2.0 ** ruleset.apps_elasticity[phones], rtol=1e-3)


def test_worlds_do_not_meet(flagship: Scenario) -> None:
    state, ruleset = start(flagship)
    state = pledged(state, ruleset, lane=1)
    batch = after(state, ruleset, 3)
    alone = after(take_worlds(state, np.array([1, 1])), ruleset, 3)
    for name in ("system_base", "apps", "units", "price"):
        np.testing.assert_array_equal(getattr(batch, name)[..., 1], getattr(alone, name)[..., 0])


def test_without_systems_nothing_changes(lesson_path: Path) -> None:
    state, ruleset = start(load(lesson_path))
    assert state.system_base.shape[0] == 0
    weighty = dataclasses.replace(ruleset, apps_weight=np.ones_like(ruleset.apps_weight))
    assert "apps" not in market.mean_terms(state, weighty)
