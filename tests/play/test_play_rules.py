"""What the turn lets a company do, and why not; cards, goals and secrets."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.axes import array_fields
from game.core.ruleset import EffectKind, EndCause, Mode, Status
from game.core.state import State, replace
from game.play import outcome
from game.play.abroad import upkeep
from game.play.legality import check, entry_cost, open_cards
from game.play.observation_build import observe
from game.play.opening import first_state
from game.play.orders import Orders, Refusal, no_orders
from game.play.report import Line
from game.play.turn import step
from game.resources import find_scenario
from game.scenario.loader import Scenario, load

WORLDS = 3


@pytest.fixture(scope="module")
def flagship() -> Scenario:
    return load(find_scenario("alibaba-meizu"))


@pytest.fixture(scope="module")
def start(flagship: Scenario) -> State:
    seeds, worlds = np.full(WORLDS, 4, np.uint64), np.arange(WORLDS, dtype=np.uint64)
    return first_state(flagship.ruleset, flagship.opening, seeds, worlds)


def orders_with(state: State, scenario: Scenario, **fields: Any) -> Orders:
    return dataclasses.replace(no_orders(state, scenario.ruleset), **fields)


def test_attention_is_five_points_for_everybody(flagship: Scenario, start: State) -> None:
    assert (start.attention == 5).all()
    after, _ = step(start, flagship.ruleset, no_orders(start, flagship.ruleset))
    assert (after.attention <= 5 + flagship.ruleset.rules.carry).all()
    assert after.attention[flagship.ruleset.company("meizu")].min() == 7


def test_actions_cost_points_until_none_are_left(flagship: Scenario, start: State) -> None:
    ruleset = flagship.ruleset
    meizu = ruleset.company("meizu")
    enter = np.zeros_like(start.on_sale)
    enter[meizu, ruleset.market("smartphones/india")] = True
    enter[meizu, ruleset.market("smartphones/southeast_asia")] = True
    rich = replace(start, cash=start.cash + 1e6)
    checked = check(rich, ruleset, orders_with(rich, flagship, enter=enter))
    assert checked.orders.enter[meizu].sum(axis=0).tolist() == [1] * WORLDS
    assert (checked.refused[meizu] & int(Refusal.ATTENTION) > 0).all()
    assert (checked.points[meizu] == ruleset.rules.cost_enter).all()


def test_entering_needs_money_and_begins_after_its_delay(flagship: Scenario, start: State) -> None:
    ruleset = flagship.ruleset
    xiaomi, market = ruleset.company("xiaomi"), ruleset.market("smartphones/europe")
    enter = np.zeros_like(start.on_sale)
    enter[xiaomi, market] = True
    poor = replace(start, cash=np.zeros_like(start.cash), debt=start.debt + 1e9)
    refused = check(poor, ruleset, orders_with(poor, flagship, enter=enter))
    assert (refused.refused[xiaomi] & int(Refusal.CASH) > 0).all()
    after, report = step(start, ruleset, orders_with(start, flagship, enter=enter))
    assert np.allclose(
        report.lines[Line.ENTRIES, xiaomi], -entry_cost(start, ruleset)[xiaomi, market]
    )
    assert (after.entry_due[xiaomi, market] > 0).all()
    for _ in range(ruleset.rules.entry_quarters):
        after, report = step(after, ruleset, no_orders(after, ruleset))
    assert after.on_sale[xiaomi, market].all()
    assert (after.units[xiaomi, market] > 0.0).all()


def test_leaving_ends_sales(flagship: Scenario, start: State) -> None:
    ruleset = flagship.ruleset
    lenovo = ruleset.company("lenovo")
    market = int(np.flatnonzero(start.on_sale[lenovo, :, 0])[0])
    leave = np.zeros_like(start.on_sale)
    leave[lenovo, market] = True
    after, report = step(start, ruleset, orders_with(start, flagship, leave=leave))
    assert not after.on_sale[lenovo, market].any()
    assert (after.units[lenovo, market] == 0.0).all()
    assert report.left[lenovo, market].all()


@pytest.mark.parametrize("amount", [0.0, 1.0, 333.3, 1e5])
@pytest.mark.parametrize("kind", ["borrow", "issue", "dividend", "buy_back"])
def test_capital_is_never_more_than_what_is_allowed(
    flagship: Scenario, start: State, amount: float, kind: str
) -> None:
    ruleset = flagship.ruleset
    orders = orders_with(start, flagship, **{kind: np.full_like(start.cash, amount)})
    granted = getattr(check(start, ruleset, orders).orders, kind)
    assert (granted <= amount + 1e-9).all()
    after, report = step(start, ruleset, orders)
    assert (after.founders + after.public > 0).all()
    if kind == "borrow":
        assert (after.debt <= start.debt + amount + 1e-6).all()
    if kind == "dividend":
        late = np.abs(report.lines[Line.EVENTS])  # cards come to pass before capital moves
        assert (np.abs(report.lines[Line.DIVIDENDS_PAID] + granted) <= late + 1e-6).all()
        assert (granted <= np.maximum(start.cash - start.debt, 0.0) + 1e-9).all()


def test_a_default_hands_shares_to_creditors(flagship: Scenario, start: State) -> None:
    ruleset = flagship.ruleset
    meizu = ruleset.company("meizu")
    cash, debt = start.cash.copy(), start.debt.copy()
    cash[meizu], debt[meizu] = -5e4, 1e5
    after, report = step(replace(start, cash=cash, debt=debt), ruleset, no_orders(start, ruleset))
    assert report.defaulted[meizu].all()
    assert (after.cash[meizu] >= 0.0).all()
    assert (after.public[meizu] > start.public[meizu]).all()
    assert (after.debt[meizu] < 1e5).all()
    assert (after.defaults[meizu] == 1).all()


def test_the_quarrel_card_comes_on_its_date_and_has_consequences(
    flagship: Scenario, start: State
) -> None:
    ruleset = flagship.ruleset
    index = next(i for i, event in enumerate(ruleset.events) if event.uid == "sneer")
    state = start
    while not (state.event_turn[index] == state.turn).any():
        state, _ = step(state, ruleset, no_orders(state, ruleset))
    event = ruleset.events[index]
    assert state.turn == event.turn
    decider = event.deciders[0]
    assert open_cards(state, ruleset)[index, decider].all()
    results = []
    for option in range(len(event.options)):
        choice = np.full(state.event_choice.shape, -1)
        choice[index, decider] = option
        results.append(step(state, ruleset, orders_with(state, flagship, choice=choice))[0])
    differ = [
        not np.array_equal(results[0].trust, other.trust)
        or not np.array_equal(results[0].units, other.units)
        or not np.array_equal(results[0].cash, other.cash)
        for other in results[1:]
    ]
    assert all(differ)


def test_cards_have_two_to_four_options_and_known_effects(flagship: Scenario) -> None:
    cards = [event for event in flagship.ruleset.events if event.options]
    assert len(cards) >= 6
    for event in cards:
        assert 2 <= len(event.options) <= 4, event.uid
        for option in event.options:
            assert all(effect.kind in EffectKind for effect in option.effects)


def test_the_last_quarter_ends_the_game_with_a_cause_and_a_winner(flagship: Scenario) -> None:
    rules = dataclasses.replace(flagship.ruleset.rules, quarters=2)
    ruleset = dataclasses.replace(flagship.ruleset, rules=rules)
    seeds = np.full(2, 4, np.uint64)
    state = first_state(ruleset, flagship.opening, seeds, np.arange(2, dtype=np.uint64))
    for _ in range(2):
        assert state.active.all()
        state, _ = step(state, ruleset, no_orders(state, ruleset))
    assert not state.active.any()
    assert (state.end_cause == EndCause.LAST_QUARTER).all()
    assert np.array_equal(state.winner, state.score.argmax(axis=0))


def test_the_score_is_three_terms_that_add_up(flagship: Scenario, start: State) -> None:
    after, report = step(start, flagship.ruleset, no_orders(start, flagship.ruleset))
    total = report.value_term + report.mandate_term + report.door_term
    assert np.allclose(total, after.score)
    assert total.min() >= 0.0
    assert total.max() <= 100.0
    for term, most in ((report.value_term, 40), (report.mandate_term, 30), (report.door_term, 30)):
        assert term.max() <= most + 1e-9


@given(credit=st.floats(0.0, 1.0), par=st.floats(0.05, 0.95))
def test_what_is_usual_earns_two_thirds_and_more_credit_never_less(
    credit: float, par: float
) -> None:
    parts = outcome.against_par(np.array([0.0, par, 1.0]), np.full(3, par))
    assert parts == pytest.approx([0.0, 2.0 / 3.0, 1.0])
    one, other = outcome.against_par(np.array([credit, min(credit + 0.01, 1.0)]), np.full(2, par))
    assert 0.0 <= one <= other <= 1.0 + 1e-12
    plain = outcome.against_par(np.array([credit]), np.array([2.0 / 3.0]))
    assert plain == pytest.approx([credit])


def test_issuing_shares_does_not_raise_value_per_share(flagship: Scenario, start: State) -> None:
    ruleset = flagship.ruleset
    issue = np.zeros_like(start.cash)
    huawei = ruleset.company("huawei")
    issue[huawei] = 500.0
    plain, _ = step(start, ruleset, no_orders(start, ruleset))
    grown, _ = step(start, ruleset, orders_with(start, flagship, issue=issue))
    assert (grown.cash[huawei] > plain.cash[huawei]).all()
    before = outcome.value_per_share(plain)[huawei]
    assert (outcome.value_per_share(grown)[huawei] <= before * 1.02).all()


def test_mandates_keep_partial_credit(flagship: Scenario, start: State) -> None:
    for company, tasks in enumerate(flagship.ruleset.mandates):
        assert len(tasks) == 3
        for place, task in enumerate(tasks):
            credit = start.mandate_best[company, place]
            assert ((credit >= 0.0) & (credit <= 1.0)).all()
            if task.mode == Mode.RUN:
                assert (credit == 0.0).all()


HIDDEN = ("cash", "debt", "goodwill", "pledge_effort", "unit_cost", "insight")


@pytest.mark.parametrize("name", HIDDEN)
def test_an_observation_does_not_tell_what_its_seat_cannot_see(
    flagship: Scenario, start: State, name: str
) -> None:
    """What others hide may move noisy guesses of it, and nothing else."""
    ruleset = flagship.ruleset
    seats = np.array([ruleset.company("meizu")])
    other = ruleset.company("xiaomi")
    array = getattr(start, name).copy()
    axis = 1 if name == "pledge_effort" else 0
    place = (slice(None),) * axis + (other,)
    array[place] = array[place] * 1.5 + 1.0
    mine, theirs = (
        observe(state, ruleset, seats) for state in (start, replace(start, **{name: array}))
    )
    allowed = {"cash": {"cash_guess"}, "debt": {"debt_guess"}}.get(name, set())
    for field in array_fields(mine):
        if field.name in allowed:
            continue
        one, two = getattr(mine, field.name), getattr(theirs, field.name)
        assert np.array_equal(one, two, equal_nan=one.dtype.kind == "f"), field.name


def test_a_small_stake_of_another_shows_nowhere(flagship: Scenario, start: State) -> None:
    ruleset = flagship.ruleset
    seats = np.array([ruleset.company("meizu")])
    holder, issuer = ruleset.company("tencent"), ruleset.company("samsung")
    moved = start.public[issuer] // 50
    shares, public = start.shares.copy(), start.public.copy()
    shares[holder, issuer] += moved
    public[issuer] -= moved
    held = replace(start, shares=shares, public=public)
    one, two = observe(start, ruleset, seats).stake, observe(held, ruleset, seats).stake
    assert np.array_equal(one, two)


def test_controlled_companies_take_attention(flagship: Scenario, start: State) -> None:
    ruleset = flagship.ruleset
    holder = ruleset.company("huawei")
    shares, status = start.shares.copy(), start.status.copy()
    total = outcome.shares_total(start)
    for name in ("coolpad", "leeco", "lazada", "paytm"):
        issuer = ruleset.company(name)
        shares[holder, issuer] = 2 * total[issuer]
        status[issuer] = Status.CONTROLLED
    owner = replace(start, shares=shares, status=status)
    assert (upkeep(owner, ruleset)[holder] > upkeep(start, ruleset)[holder]).all()
