"""Laws of the turn: nothing is made from nothing, and a world is the same game anywhere."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from game.core.axes import array_fields, first_difference, take_worlds
from game.core.errors import RuleError
from game.core.ruleset import Ruleset
from game.core.state import State
from game.lab.runner import orders_of
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.outcome import shares_total
from game.play.report import Line
from game.play.turn import PHASES, step
from game.policies.registry import seating
from game.resources import find_scenario
from game.scenario.loader import Scenario, load

WORLDS = 5


@pytest.fixture(scope="module", params=["lesson", "alibaba-meizu"])
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return load(find_scenario(request.param))


def begin(scenario: Scenario, worlds: list[int], seed: int = 11) -> State:
    numbers = np.array(worlds, np.uint64)
    return first_state(
        scenario.ruleset, scenario.opening, np.full(len(worlds), seed, np.uint64), numbers
    )


def played(
    scenario: Scenario, worlds: list[int], turns: int, policy: str = "strategist"
) -> list[State]:
    ruleset, seated = scenario.ruleset, seating(policy, scenario.ruleset)
    states = [begin(scenario, worlds)]
    for _ in range(turns):
        orders = orders_of(states[-1], ruleset, seated)
        states.append(step(states[-1], ruleset, orders)[0])
    return states


def test_the_turn_is_a_recipe_of_named_phases() -> None:
    names = [phase.__name__ for phase in PHASES]
    assert names.index("deals_settled") < names.index("pledges_delivered")
    assert names.index("prices_bind") < names.index("demand_meets") < names.index("accounts_closed")


def test_a_lone_world_is_refused(scenario: Scenario) -> None:
    state = begin(scenario, [0, 1])
    lone = take_worlds(state, np.array([0]))
    orders = no_orders(lone, scenario.ruleset)
    with pytest.raises(RuleError):
        step(lone, scenario.ruleset, orders)


@pytest.mark.parametrize("policy", ["strategist", "random"])
def test_a_world_alone_equals_that_world_in_a_batch(scenario: Scenario, policy: str) -> None:
    batch = played(scenario, [3, 8, 21, 0, 5], 4, policy)[-1]
    for lane, world in enumerate([3, 8, 21]):
        pair = played(scenario, [world, world], 4, policy)[-1]
        alone, same = (
            take_worlds(pair, np.array([0, 1])),
            take_worlds(batch, np.array([lane, lane])),
        )
        assert first_difference(alone, same) is None


def test_permuting_worlds_permutes_results(scenario: Scenario) -> None:
    order = np.array([4, 2, 0, 3, 1])
    worlds = [2, 9, 4, 7, 30]
    straight = played(scenario, worlds, 3)[-1]
    mixed = played(scenario, [worlds[place] for place in order], 3)[-1]
    assert first_difference(take_worlds(straight, order), mixed) is None


@pytest.mark.parametrize("policy", ["idle", "strategist", "random"])
def test_cash_is_what_the_books_say(scenario: Scenario, policy: str) -> None:
    ruleset, seated = scenario.ruleset, seating(policy, scenario.ruleset)
    state = begin(scenario, list(range(WORLDS)))
    for _ in range(min(6, ruleset.rules.quarters)):
        before = state
        state, report = step(state, ruleset, orders_of(state, ruleset, seated))
        change = report.lines.sum(axis=0)
        scale = np.abs(report.lines).sum(axis=0) + np.abs(before.cash) + 1.0
        off = np.abs(state.cash - before.cash - change) * before.active  # ended worlds stand still
        assert np.all(off <= 1e-9 * scale)
        profit = report.lines[: Line.TAX + 1].sum(axis=0)
        assert np.allclose(state.profit * before.active, profit * before.active)


@pytest.mark.parametrize("policy", ["strategist", "random"])
def test_deals_move_money_and_shares_between_named_accounts(
    scenario: Scenario, policy: str
) -> None:
    ruleset, seated = scenario.ruleset, seating(policy, scenario.ruleset)
    state = begin(scenario, list(range(WORLDS)))
    for _ in range(min(6, ruleset.rules.quarters)):
        before = state
        orders = orders_of(state, ruleset, seated)
        state, report = step(state, ruleset, orders)
        assert report.settlement is not None
        flows = report.settlement.flows
        deals = [Line.DEALS, Line.SHARES_SOLD, Line.STAKES_BOUGHT, Line.STAKES_SOLD]
        moved = report.lines[deals].sum(axis=(0, 1)) + flows.to_founders.sum(axis=0)
        assert np.allclose(moved, 0.0, atol=1e-6)
        paid = report.lines[Line.DEAL_COST].sum(axis=0) + flows.advisers.sum(axis=0)
        assert np.allclose(paid, 0.0, atol=1e-9)
        held = state.shares.sum(axis=0) + state.founders + state.public
        assert np.array_equal(held, shares_total(state))
        assert (state.shares >= 0).all()
        assert (state.founders >= 0).all()
        assert (state.public >= 0).all()
        quiet = (
            (state.last_issue == before.last_issue)
            & (report.lines[Line.BOUGHT_BACK] == 0.0)
            & ~report.defaulted
            & ~(report.exercised > 0).any(axis=0)
        )
        assert (shares_total(state)[quiet] <= shares_total(before)[quiet]).all()


def test_shares_of_a_market_sum_to_one(scenario: Scenario) -> None:
    states = played(scenario, [0, 1], 3)
    for state in states[1:]:
        total = state.units.sum(axis=0) + state.fringe_units
        assert (total <= state.market_size + 1e-9).all()
        assert (state.units >= 0.0).all()
        assert (state.units[~state.on_sale] == 0.0).all()


def test_every_field_keeps_worlds_last_and_contiguous(scenario: Scenario) -> None:
    state = played(scenario, [0, 1, 2], 3)[-1]
    for field in array_fields(state):
        array = getattr(state, field.name)
        assert array.shape[-1] == 3, field.name
        assert array.flags.c_contiguous, field.name
        assert array.dtype == np.dtype(field.metadata["dtype"]), field.name


def test_ended_worlds_stay_as_they_are(scenario: Scenario) -> None:
    state = begin(scenario, [0, 1, 2])
    active = np.array([True, False, True])
    state = dataclasses.replace(state, active=active)
    after, _ = step(state, scenario.ruleset, no_orders(state, scenario.ruleset))
    frozen = take_worlds(state, np.array([1, 1]))
    kept = dataclasses.replace(take_worlds(after, np.array([1, 1])), turn=state.turn)
    assert first_difference(frozen, kept) is None


def test_forty_quarters_of_random_orders_stay_finite() -> None:
    scenario = load(find_scenario("lesson"))
    rules = dataclasses.replace(scenario.ruleset.rules, quarters=40)
    ruleset = dataclasses.replace(scenario.ruleset, rules=rules)
    seated = seating("random", ruleset)
    state = first_state(
        ruleset, scenario.opening, np.full(6, 5, np.uint64), np.arange(6, dtype=np.uint64)
    )
    with np.errstate(all="raise", under="ignore"):
        for _ in range(40):
            state, _ = step(state, ruleset, orders_of(state, ruleset, seated))
    for field in array_fields(state):
        array = getattr(state, field.name)
        if array.dtype.kind == "f" and field.name != "pin_spend":
            assert np.isfinite(array).all(), field.name


def test_idle_seats_repeat_the_scenario_in_the_first_quarter(scenario: Scenario) -> None:
    ruleset = scenario.ruleset
    state = begin(scenario, [0, 1])
    after, _ = step(state, ruleset, no_orders(state, ruleset))
    sold = scenario.opening.on_sale[..., 0]
    given, made = scenario.opening.units[..., 0][sold], after.units[..., 0][sold]
    assert np.abs(np.log(made / given)).max() < 0.05


def permuted(ruleset: Ruleset, order: np.ndarray) -> Ruleset:
    changes: dict[str, object] = {
        "companies": tuple(ruleset.companies[place] for place in order),
        "mandates": tuple(ruleset.mandates[place] for place in order),
        "events": (),
        "projects": (),
        "drafts": (),
    }
    for field in array_fields(ruleset):
        value = getattr(ruleset, field.name)
        for axis, letter in enumerate(field.metadata["axes"]):
            if letter == "N":
                value = np.take(value, order, axis=axis)
        changes[field.name] = value
    return dataclasses.replace(ruleset, **changes)  # type: ignore[arg-type]


def test_permuting_companies_permutes_results(scenario: Scenario) -> None:
    order = np.random.default_rng(4).permutation(len(scenario.ruleset.companies))
    plain = dataclasses.replace(scenario.ruleset, events=(), projects=(), drafts=())
    mixed = permuted(scenario.ruleset, order)
    opening = scenario.opening
    sizes = {"V": 0}
    moved: dict[str, np.ndarray] = {}
    cut: dict[str, np.ndarray] = {}
    for field in array_fields(opening):
        value = getattr(opening, field.name)
        for axis, letter in enumerate(field.metadata["axes"]):
            if letter in sizes:
                value = np.take(value, [], axis=axis)
        cut[field.name] = value
        for axis, letter in enumerate(field.metadata["axes"]):
            if letter == "N":
                value = np.take(value, order, axis=axis)
        moved[field.name] = value
    here = dataclasses.replace(opening, **cut)
    there = dataclasses.replace(opening, **moved)
    seeds, worlds = np.full(2, 3, np.uint64), np.arange(2, dtype=np.uint64)
    one, other = first_state(plain, here, seeds, worlds), first_state(mixed, there, seeds, worlds)
    for _ in range(3):
        one, _ = step(one, plain, no_orders(one, plain))
        other, _ = step(other, mixed, no_orders(other, mixed))
    for name in ("units", "price", "cash", "value", "score", "quality"):
        assert np.allclose(
            np.take(getattr(one, name), order, axis=0), getattr(other, name), rtol=1e-8
        )
