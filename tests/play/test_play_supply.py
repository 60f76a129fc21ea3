"""Capacity in the turn: limits, working capital, shortages, entries and write-offs."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from game.core.ruleset import Effect, EffectKind, Ruleset
from game.core.state import State, replace
from game.play.event_effects import Changes, apply_effect
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.report import Line, Report
from game.play.statements import Balance, statements
from game.play.turn import step
from game.resources import find_scenario
from game.scenario.loader import Scenario, load

WORLDS = 3


@pytest.fixture(scope="module")
def flagship() -> Scenario:
    return load(find_scenario("alibaba-meizu"))


@pytest.fixture(scope="module")
def start(flagship: Scenario) -> State:
    numbers = np.arange(WORLDS, dtype=np.uint64)
    seeds = np.full(WORLDS, 3, np.uint64)
    return first_state(flagship.ruleset, flagship.opening, seeds, numbers)


@pytest.fixture(scope="module")
def china(flagship: Scenario) -> int:
    return flagship.ruleset.market("smartphones/china")


def quiet(ruleset: Ruleset) -> Ruleset:
    """The ruleset without chance failures of supply."""
    return dataclasses.replace(ruleset, shortage_hazard=np.zeros_like(ruleset.shortage_hazard))


def play(state: State, ruleset: Ruleset, turns: int = 1) -> tuple[State, Report]:
    for _ in range(turns):
        state, report = step(state, ruleset, no_orders(state, ruleset))
    return state, report


def with_capacity(state: State, company: int, market: int, share: float) -> State:
    capacity = state.capacity.copy()
    capacity[company, market] = share * state.units[company, market]
    return replace(state, capacity=capacity)


def test_without_the_key_nothing_is_limited() -> None:
    lesson = load(find_scenario("lesson"))
    seeds, numbers = np.full(2, 3, np.uint64), np.arange(2, dtype=np.uint64)
    begun = first_state(lesson.ruleset, lesson.opening, seeds, numbers)
    state, report = play(begun, lesson.ruleset)
    assert not state.capacity.any()
    assert not state.plant.any()
    assert not report.unserved.any()
    assert not report.lines[Line.CAPACITY].any()


def test_no_price_hides_a_short_supply(flagship: Scenario, start: State, china: int) -> None:
    """Prices are the same; who goes without buys elsewhere or nothing."""
    ruleset = quiet(flagship.ruleset)
    xiaomi = ruleset.company("xiaomi")
    plenty, _ = play(start, ruleset)
    short = with_capacity(start, xiaomi, china, 0.6)
    state, report = play(short, ruleset)
    assert np.array_equal(state.price, plenty.price)
    sold, wanted = state.units[:, china], plenty.units[:, china]
    assert sold[xiaomi] == pytest.approx(short.capacity[xiaomi, china], rel=1e-6)
    assert sold[xiaomi] + report.unserved[xiaomi, china] == pytest.approx(wanted[xiaomi])
    others = np.arange(len(wanted)) != xiaomi
    rivals = others & start.on_sale[:, china, 0]
    assert (sold[rivals] > wanted[rivals]).all()
    assert (state.fringe_units[china] > plenty.fringe_units[china]).all()
    lost = wanted[xiaomi] - sold[xiaomi]
    won = (sold - wanted)[others].sum(axis=0)
    won = won + state.fringe_units[china] - plenty.fringe_units[china]
    assert (won < lost).all()
    assert (won > 0.5 * lost).all()


def test_growth_needs_cash_or_credit(flagship: Scenario, start: State, china: int) -> None:
    ruleset = quiet(flagship.ruleset)
    meizu = ruleset.company("meizu")
    short = with_capacity(start, meizu, china, 0.3)
    own = np.arange(len(start.cash))[:, None] == meizu
    broke = replace(short, cash=np.where(own, 1.0, short.cash))
    rich = replace(short, cash=np.where(own, 900.0, short.cash))
    line = dataclasses.replace(ruleset.rules, credit_quarters=0.0, credit_value=0.0)
    ruleset = dataclasses.replace(ruleset, rules=line)
    poor, wealthy = play(broke, ruleset)[0], play(rich, ruleset)[0]
    assert (poor.capacity_ordered[meizu, china] < wealthy.capacity_ordered[meizu, china]).all()
    assert (wealthy.capacity_ordered[meizu, china] > short.capacity[meizu, china]).all()


def test_a_shortage_takes_capacity_away_and_gives_it_back(
    flagship: Scenario, start: State, china: int
) -> None:
    ruleset = quiet(flagship.ruleset)
    xiaomi = ruleset.company("xiaomi")
    changes = Changes(start)
    targets = np.zeros_like(start.cash)
    targets[xiaomi] = 1.0
    apply_effect(changes, Effect(EffectKind.SHORTAGE, 0.5, companies=(xiaomi,)), targets, ruleset)
    hit = replace(start, **changes.copies)
    both = hit.capacity + hit.capacity_ordered
    assert both == pytest.approx(start.capacity + start.capacity_ordered, rel=1e-6)
    assert hit.capacity[xiaomi, china] == pytest.approx(0.5 * start.capacity[xiaomi, china])
    rest = np.arange(len(both)) != xiaomi
    assert np.array_equal(hit.capacity[rest], start.capacity[rest])
    state, report = play(hit, ruleset)
    assert (report.unserved[xiaomi, china] > 0.0).all()
    later, _ = play(state, ruleset, 3)
    assert (later.capacity[xiaomi, china] > 0.85 * start.capacity[xiaomi, china]).all()


def test_chance_hits_makers_by_themselves(flagship: Scenario, start: State, china: int) -> None:
    ruleset = flagship.ruleset
    often = dataclasses.replace(
        ruleset, shortage_hazard=np.where(ruleset.capacity_lead > 0.0, 0.5, 0.0)
    )
    begun, _ = play(start, quiet(ruleset))
    hit, free = play(begun, often)[0], play(begun, quiet(ruleset))[0]
    sells = start.on_sale[:, china]
    fewer = (hit.capacity[:, china] < 0.95 * free.capacity[:, china]) & sells
    assert fewer.any()
    assert (~fewer & sells).any()


def test_an_exit_writes_off_what_is_left(flagship: Scenario, start: State, china: int) -> None:
    ruleset = quiet(flagship.ruleset)
    coolpad = ruleset.company("coolpad")
    leave = np.zeros(start.on_sale.shape, bool)
    leave[coolpad, china] = True
    stays, usual = play(start, ruleset)
    orders = dataclasses.replace(no_orders(start, ruleset), leave=leave)
    state, report = step(start, ruleset, orders)
    stood = ruleset.capacity_cost[china] * start.capacity[coolpad, china]
    assert -report.lines[Line.WRITE_OFF, coolpad] == pytest.approx(stood, rel=1e-6)
    assert (report.lines[Line.NOT_IN_CASH, coolpad] >= stood * (1 - 1e-6)).all()
    assert not report.lines[Line.WRITE_OFF][np.arange(len(start.cash)) != coolpad].any()
    assert (state.capacity[coolpad, china] == 0.0).all()
    assert (state.plant[coolpad] < stays.plant[coolpad]).all()
    assert (Balance.of(state).plant >= 0.0).all()
    for after, told in ((stays, usual), (state, report)):
        assert np.abs(statements(start, after, told).differences()).max() < 1e-6


def test_plant_is_what_capacity_cost(flagship: Scenario, start: State) -> None:
    ruleset = flagship.ruleset
    state, _ = play(start, ruleset, 6)
    price = ruleset.capacity_cost[:, None]
    held = (price * (state.capacity + state.capacity_ordered)).sum(axis=1)
    assert state.plant == pytest.approx(held, rel=1e-4, abs=1e-3)


def test_an_entrant_starts_with_a_first_contract(flagship: Scenario, start: State) -> None:
    ruleset = quiet(flagship.ruleset)
    company, market = next(
        (int(company), int(market))
        for company, market in np.argwhere(~start.on_sale[..., 0] & ruleset.may_enter)
        if ruleset.capacity_lead[market] > 0.0
    )
    due = start.entry_due.copy()
    due[company, market] = 0
    state, report = play(replace(start, entry_due=due), ruleset)
    assert state.on_sale[company, market].all()
    sold = start.units[:, market].sum(axis=0) + start.fringe_units[market]
    first = ruleset.rules.entry_capacity * sold
    assert (state.units[company, market] <= first * (1 + 1e-6)).all()
    assert (report.lines[Line.CAPACITY, company] < 0.0).all()
