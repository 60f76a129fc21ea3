"""Macro shocks move what they say, and nothing else."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from game.core.axes import array_fields
from game.core.ruleset import Effect, EffectKind
from game.core.state import LET_IN, State, replace
from game.play.event_effects import HANDLERS, Changes, apply_effect
from game.play.macro import may_enter, selling
from game.play.opening import first_state
from game.play.orders import Orders, no_orders
from game.play.report import Line, Report
from game.play.turn import step
from game.resources import find_scenario
from game.scenario.loader import Scenario, load

LANTERN, KITE, HARBOUR = range(3)
FIELD = {
    EffectKind.BUMP: "bump",
    EffectKind.QUALITY: "quality",
    EffectKind.GOODWILL: "goodwill",
    EffectKind.DEMAND: "demand_shock",
    EffectKind.COST: "cost_shock",
    EffectKind.COVERAGE_ONLINE: "coverage",
    EffectKind.COVERAGE_OFFLINE: "coverage",
    EffectKind.CHANNEL_SHIFT: "channel_shift",
    EffectKind.TRUST: "trust",
    EffectKind.AUTHORISATION: "authorisation",
    EffectKind.FX: "fx",
    EffectKind.BAN: "barred_until",
    EffectKind.ENTRY_BARRED: "barred_until",
    EffectKind.ENTRY_OPENED: "barred_until",
    EffectKind.LEVY: "levy",
    EffectKind.SUBSIDY: "subsidy",
    EffectKind.TAX: "tax_shift",
    EffectKind.POTENTIAL: "potential_shift",
}


@pytest.fixture(scope="module")
def lesson() -> Scenario:
    return load(find_scenario("lesson"))


@pytest.fixture(scope="module")
def start(lesson: Scenario) -> State:
    numbers = np.arange(3, dtype=np.uint64)
    return first_state(lesson.ruleset, lesson.opening, np.full(3, 5, np.uint64), numbers)


def phones(scenario: Scenario) -> int:
    """The first market with a phone maker in it."""
    return int(np.flatnonzero(scenario.ruleset.durable)[0])


def after(state: State, effect: Effect, scenario: Scenario) -> State:
    changes = Changes(state)
    named = np.zeros(state.cash.shape)
    named[list(effect.companies) or slice(None)] = 1.0
    apply_effect(changes, effect, named, scenario.ruleset)
    return replace(state, **changes.copies)


def quarter(state: State, scenario: Scenario, **orders: object) -> tuple[State, Report]:
    given: Orders = dataclasses.replace(no_orders(state, scenario.ruleset), **orders)  # type: ignore[arg-type]
    return step(state, scenario.ruleset, given)


def test_every_kind_has_a_handler() -> None:
    assert set(HANDLERS) == set(EffectKind)


@pytest.mark.parametrize("kind", sorted(FIELD))
def test_an_effect_changes_its_field_and_no_other(
    kind: EffectKind, lesson: Scenario, start: State
) -> None:
    moved = after(start, Effect(kind, 1.0 if kind >= EffectKind.BAN else 0.1), lesson)
    changed = {
        field.name
        for field in array_fields(State)
        if not np.array_equal(getattr(moved, field.name), getattr(start, field.name), True)
    }
    assert changed == {FIELD[kind]}


def test_a_ban_stops_sales_for_its_quarters_and_rivals_gain(lesson: Scenario, start: State) -> None:
    market = phones(lesson)
    seller = int(np.flatnonzero(start.on_sale[:, market, 0])[0])
    start = replace(start, cash=start.cash + 1e4)  # money to live without sales
    banned = after(start, Effect(EffectKind.BAN, 2, companies=(seller,), sectors=(0, 1, 2)), lesson)
    assert not selling(banned)[seller, market].any()
    free, _ = quarter(start, lesson)
    state, report = quarter(banned, lesson)
    assert (state.units[seller, market] == 0.0).all()
    assert (report.lines[Line.REVENUE, seller] <= free.revenue[seller].sum(axis=0)).all()
    others = np.arange(len(start.cash)) != seller
    rivals = others & start.on_sale[:, market, 0]
    assert (state.units[rivals, market] >= free.units[rivals, market] * 0.999).all()
    state, _ = quarter(state, lesson)
    assert (state.units[seller, market] == 0.0).all()
    state, _ = quarter(state, lesson)
    assert (state.units[seller, market] > 0.0).all()


def test_the_door_is_barred_and_opened(lesson: Scenario, start: State) -> None:
    company, market = np.argwhere(~start.on_sale[:, :, 0] & lesson.ruleset.may_enter)[0]
    shut = after(start, Effect(EffectKind.ENTRY_BARRED, 4, companies=(int(company),)), lesson)
    assert not may_enter(shut, lesson.ruleset)[company, market].any()
    assert (shut.barred_until[company][start.on_sale[company]] == -1).all()
    assert (selling(shut) == start.on_sale).all()
    later = dataclasses.replace(shut, turn=4)
    assert may_enter(later, lesson.ruleset)[company, market].all()
    ruleset = dataclasses.replace(lesson.ruleset, may_enter=np.zeros_like(lesson.ruleset.may_enter))
    opened = after(start, Effect(EffectKind.ENTRY_OPENED, 1, companies=(int(company),)), lesson)
    assert (opened.barred_until[company] == LET_IN).all()
    assert may_enter(opened, ruleset)[company].all()
    assert not np.delete(may_enter(opened, ruleset), company, axis=0).any()


def test_a_levy_is_paid_on_every_unit_and_lasts(lesson: Scenario, start: State) -> None:
    market = phones(lesson)
    levied = after(start, Effect(EffectKind.LEVY, 3.0, sectors=(0, 1, 2)), lesson)
    free, _ = quarter(start, lesson)
    state, _ = quarter(levied, lesson)
    sold = start.on_sale[:, market]
    gap = (state.unit_cost - free.unit_cost)[:, market][sold]
    assert gap == pytest.approx(3.0, rel=1e-6)
    again, _ = quarter(state, lesson)
    assert (again.levy == levied.levy).all()
    assert (state.price[:, market][sold] > free.price[:, market][sold]).all()


def test_a_subsidy_sells_and_is_paid_in_full(lesson: Scenario, start: State) -> None:
    market = phones(lesson)
    seller = int(np.flatnonzero(start.on_sale[:, market, 0])[0])
    helped = after(start, Effect(EffectKind.SUBSIDY, 20.0, companies=(seller,)), lesson)
    free, _ = quarter(start, lesson)
    state, report = quarter(helped, lesson)
    assert (state.units[seller, market] > free.units[seller, market]).all()
    paid = (state.price * state.units)[seller].sum(axis=0)
    assert report.lines[Line.REVENUE, seller] == pytest.approx(paid, rel=1e-12)


def test_a_tax_rise_costs_profit_and_value(lesson: Scenario, start: State) -> None:
    dear = after(start, Effect(EffectKind.TAX, 0.1), lesson)
    cheap = after(start, Effect(EffectKind.TAX, -0.1), lesson)
    rates = [quarter(state, lesson) for state in (cheap, start, dear)]
    tax = [-report.lines[Line.TAX] for _, report in rates]
    assert (tax[0] <= tax[1]).all()
    assert (tax[1] <= tax[2]).all()
    assert (tax[2] > tax[0]).any()
    pays = tax[1] > 0.0
    assert (rates[0][0].value[pays] > rates[2][0].value[pays]).all()


def test_taxes_of_a_region_are_its_own_companies(lesson: Scenario, start: State) -> None:
    home = np.array([company.home for company in lesson.ruleset.companies])
    taxed = after(start, Effect(EffectKind.TAX, 0.05, regions=(0,)), lesson)
    assert (taxed.tax_shift[home == 0] == 0.05).all()
    assert (taxed.tax_shift[home != 0] == 0.0).all()


def test_a_market_saturates_sooner_where_fewer_could_use_it(lesson: Scenario, start: State) -> None:
    small = after(start, Effect(EffectKind.POTENTIAL, -2.0), lesson)
    large = after(start, Effect(EffectKind.POTENTIAL, 0.3), lesson)
    few, many = quarter(small, lesson)[0], quarter(large, lesson)[0]
    assert (few.adopters <= many.adopters).all()
    assert (few.adopters < start.adopters).any()


def test_a_devaluation_converts_and_cheapens_home_made_devices(
    lesson: Scenario, start: State
) -> None:
    fall = after(start, Effect(EffectKind.FX, -0.1), lesson)
    free, report = quarter(start, lesson)
    state, moved = quarter(fall, lesson)
    services = ~lesson.ruleset.durable
    # everybody's money falls alike: services keep local prices and costs
    assert state.unit_cost[:, services] == pytest.approx(free.unit_cost[:, services])
    assert state.price[:, services] == pytest.approx(free.price[:, services], rel=2e-3)
    rules = lesson.ruleset.rules
    dearer = (1 - rules.parts_in_dollars) + rules.parts_in_dollars * np.exp(0.1)
    made = state.unit_cost[:, ~services]
    assert made == pytest.approx(dearer * free.unit_cost[:, ~services])
    local = (state.price * state.units).sum(axis=1)
    assert moved.lines[Line.REVENUE] == pytest.approx(np.exp(-0.1) * local)
    assert moved.lines[Line.OVERHEAD] == pytest.approx(np.exp(-0.1) * report.lines[Line.OVERHEAD])
    assert state.fx == pytest.approx((1 - rules.fx_reversion) * fall.fx)


def test_rates_are_drawn_for_floating_money_alone(lesson: Scenario, start: State) -> None:
    floats = np.zeros_like(lesson.ruleset.fx_sd)
    floats[0] = 0.04
    ruleset = dataclasses.replace(lesson.ruleset, fx_sd=floats)
    state = step(start, ruleset, no_orders(start, ruleset))[0]
    assert (state.fx[0] != 0.0).all()
    assert (state.fx[1:] == 0.0).all()
    assert len(np.unique(state.fx[0])) == state.fx.shape[1]
