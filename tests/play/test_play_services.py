"""What a buyer is worth to own services, in play."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.economy.service import capped_value, service_value_now
from game.play.explain.watch import watch
from game.play.observation_build import observe
from game.play.opening import first_state, resolve
from game.play.orders import no_orders
from game.play.services import service_level
from game.play.turn import step
from game.policies.desk import Desk
from game.resources import find_scenario
from game.scenario.loader import Scenario, load

WORLDS = 3


@pytest.fixture(scope="module")
def lesson() -> Scenario:
    return load(find_scenario("lesson"))


@pytest.fixture(scope="module")
def start(lesson: Scenario) -> State:
    numbers = np.arange(WORLDS, dtype=np.uint64)
    return first_state(lesson.ruleset, lesson.opening, np.full(WORLDS, 5, np.uint64), numbers)


@pytest.fixture(scope="module")
def line(lesson: Scenario) -> tuple[int, int]:
    """The one line whose buyers are worth something to services."""
    found = np.argwhere(lesson.ruleset.service_value > 0.0)
    assert len(found) == 1
    return int(found[0, 0]), int(found[0, 1])


def level(state: State, ruleset: Ruleset) -> np.ndarray:
    return service_level(ruleset, state.turn, state.price, state.units, state.base)


def richer(state: State, ruleset: Ruleset, company: int, factor: float) -> State:
    """A company's services sell so many times as much, its devices are what they were."""
    units = state.units.copy()
    units[company, ~ruleset.durable] *= factor
    return replace(state, units=units)


def test_law_by_hand() -> None:
    values = (np.array([2.0, 2.0, 2.0]), np.array([30.0, 30.0, 30.0]))
    devices, first = np.array([10.0, 10.0, 0.0]), np.array([1.5, 0.0, 1.5])
    found = service_value_now(*values, devices, first)
    np.testing.assert_array_equal(found, [4.0, 2.0, 2.0])
    np.testing.assert_array_equal(capped_value(found, np.array([5.0, 8.0, 1.0]), 0.4), [2, 2, 0.4])


def test_the_first_quarter_has_the_start_s_value(start: State, lesson: Scenario) -> None:
    whole = np.broadcast_to(lesson.ruleset.service_value[..., None], start.price.shape)
    np.testing.assert_array_equal(level(start, lesson.ruleset), whole)


@pytest.mark.parametrize("factor", [0.0, 0.5, 3.0])
def test_it_moves_with_what_services_earn_a_device(
    start: State, lesson: Scenario, line: tuple[int, int], factor: float
) -> None:
    ruleset = lesson.ruleset
    moved = richer(start, ruleset, line[0], factor)
    found, before = level(moved, ruleset), level(start, ruleset)
    np.testing.assert_allclose(found[line], factor * before[line], rtol=1e-12)
    base = start.base.copy()
    base[line] *= 2.0
    thinner = level(replace(start, base=base), ruleset)
    np.testing.assert_allclose(thinner[line], 0.5 * before[line], rtol=1e-12)


def test_a_company_without_services_keeps_the_start_s(
    start: State, lesson: Scenario, line: tuple[int, int]
) -> None:
    units = lesson.opening.units.copy()
    units[line[0], ~lesson.ruleset.durable] = 0.0
    bare = resolve(lesson.ruleset, replace(lesson.opening, units=units))
    assert not bare.service_earned.any()
    moved = richer(start, bare, line[0], 3.0)
    np.testing.assert_array_equal(level(moved, bare)[line], bare.service_value[line])


def test_richer_services_make_the_device_cheaper_up_to_the_cap(
    start: State, lesson: Scenario, line: tuple[int, int]
) -> None:
    ruleset = lesson.ruleset
    price = []
    for factor in (1.0, 5.0, 1000.0, 2000.0):
        moved = richer(start, ruleset, line[0], factor)
        after, _ = step(moved, ruleset, no_orders(moved, ruleset))
        price.append(after.price[line])
    assert (price[1] < price[0]).all()
    assert (price[2] < price[1]).all()
    np.testing.assert_array_equal(price[3], price[2])
    none = dataclasses.replace(ruleset, rules=dataclasses.replace(ruleset.rules, service_cap=0.0))
    after, _ = step(start, none, no_orders(start, none))
    assert (after.price[line] > price[0]).all()


def test_the_seat_s_margin_counts_it(start: State, lesson: Scenario, line: tuple[int, int]) -> None:
    ruleset, seats = lesson.ruleset, np.arange(len(lesson.ruleset.companies))
    margin = []
    for factor in (1.0, 3.0):
        moved = richer(start, ruleset, line[0], factor)
        margin.append(Desk(observe(moved, ruleset, seats), ruleset, seats).margin[line])
    worth = ruleset.service_value[line]
    np.testing.assert_allclose(margin[1] - margin[0], 2.0 * worth, rtol=1e-9)


def test_prices_were_set_with_the_level_of_last_quarter(start: State, lesson: Scenario) -> None:
    state, _ = step(start, lesson.ruleset, no_orders(start, lesson.ruleset))
    seen = watch(state, lesson.ruleset, no_orders(state, lesson.ruleset))
    np.testing.assert_array_equal(seen.quarter.pricing.service, level(state, lesson.ruleset))


def test_only_what_rides_on_the_device_moves_it(
    start: State, lesson: Scenario, line: tuple[int, int]
) -> None:
    """A shop that sells to anybody says nothing about what a phone is worth."""
    carries = np.zeros_like(lesson.ruleset.carries)
    alone = dataclasses.replace(lesson.ruleset, carries=carries)
    ruleset = resolve(alone, lesson.opening)
    still = level(richer(start, ruleset, line[0], 3.0), ruleset)
    np.testing.assert_array_equal(still, level(start, ruleset))
    assert still[line].min() == ruleset.service_value[line]


def test_the_flagship_s_phones_carry_the_net_and_not_the_shop() -> None:
    ruleset = load(find_scenario("alibaba-meizu")).ruleset
    rides = ruleset.carries[ruleset.market("smartphones/china")]
    named = zip(ruleset.sectors, rides, strict=True)
    assert [name for name, on in named if on] == ["mobile_internet"]
    assert ruleset.carries[ruleset.market("smart_tv/china")].all()
