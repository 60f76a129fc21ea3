"""Debts among companies, defaults, and what becomes of those who fail."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TypeVar

import numpy as np
import pytest

from game.core.axes import array_fields, first_difference, take_worlds
from game.core.ruleset import Ruleset, Status
from game.core.state import State, replace
from game.lab.runner import orders_of
from game.play.legality import check
from game.play.levers import credit_left
from game.play.opening import first_state
from game.play.orders import Refusal, no_orders
from game.play.outcome import shares_total, value_per_share
from game.play.report import Line, Report
from game.play.statements import statements
from game.play.turn import step
from game.policies.registry import seating
from game.resources import find_scenario
from game.scenario.loader import Scenario, load

WORLDS = 16
Record = TypeVar("Record")
AMONG = [
    Line.DEALS, Line.SHARES_SOLD, Line.STAKES_BOUGHT, Line.LOANS_GIVEN, Line.LOANS_TAKEN,
    Line.LOAN_INTEREST, Line.STAKES_SOLD, Line.BUSINESSES,
]  # fmt: skip
"""Lines in which what one company pays another gets, founders and lenders apart."""


@pytest.fixture(scope="module", params=["lesson", "alibaba-meizu"])
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return load(find_scenario(request.param))


def leveraged(scenario: Scenario, worlds: int = WORLDS, seed: int = 5) -> State:
    """Nobody has cash, many owe lenders and each other: a start that forces defaults."""
    numbers = np.arange(worlds, dtype=np.uint64)
    state = first_state(
        scenario.ruleset, scenario.opening, np.full(worlds, seed, np.uint64), numbers
    )
    rng = np.random.default_rng(seed)
    sales = (state.price * state.units).sum(axis=1) + 50.0
    count, line = len(sales), credit_left(state, scenario.ruleset) + state.debt
    owed = rng.random((count, count, worlds)) * (rng.random((count, count, worlds)) < 0.5)
    owed *= 2.0 * sales[:, None] * ~np.eye(count, dtype=bool)[..., None]
    due = np.where(owed > 0.0, rng.integers(1, 7, owed.shape), 0)
    return replace(
        state,
        cash=0.02 * sales,
        debt=line * (0.6 + 0.4 * rng.random(sales.shape)),
        defaults=rng.integers(0, 2, sales.shape).astype("i2"),
        loan_owed=owed,
        loan_due=due.astype("i2"),
        loan_rate=np.where(owed > 0.0, 0.02, 0.0).astype("f4"),
    )


def quarters(
    state: State, ruleset: Ruleset, policy: str, turns: int
) -> Iterator[tuple[State, State, Report]]:
    seated = seating(policy, ruleset)
    for _ in range(turns):
        after, report = step(state, ruleset, orders_of(state, ruleset, seated))
        yield state, after, report
        state = after


def allowed(before: State, after: State, report: Report) -> np.ndarray:
    size = np.abs(report.lines).max(axis=0) + np.abs(before.cash) + before.debt
    for state in (before, after):
        size = size + np.abs(state.carrying).sum(axis=1)
        size = size + state.loan_owed.sum(axis=0) + state.loan_owed.sum(axis=1)
    return np.asarray(np.maximum(1e-8, 1e-12 * size))


@pytest.mark.parametrize("policy", ["idle", "strategist", "random"])
def test_books_tie_and_nothing_is_made_in_a_wave_of_defaults(
    scenario: Scenario, policy: str
) -> None:
    defaults = failures = 0
    for before, after, report in quarters(leveraged(scenario), scenario.ruleset, policy, 8):
        live = before.active
        limit = allowed(before, after, report)
        off = np.abs(statements(before, after, report).differences()) * live
        assert (off <= limit).all(), off.max()
        assert report.settlement is not None
        outside = report.settlement.flows.to_founders.sum(axis=0)
        moved = (report.lines[AMONG].sum(axis=(0, 1)) + outside) * live
        assert (np.abs(moved) <= limit.sum(axis=0)).all(), np.abs(moved).max()
        loans = after.loan_owed.sum(axis=(0, 1)) - before.loan_owed.sum(axis=(0, 1))
        assert ((loans <= limit.sum(axis=0)) | (report.lines[Line.LOAN_INTEREST] != 0).any(0)).all()
        for field in array_fields(after):
            array = getattr(after, field.name)
            if array.dtype.kind == "f" and field.name != "pin_spend":
                assert np.isfinite(array).all(), field.name
        assert (after.cash >= -1e-6).all()
        assert (after.debt >= 0.0).all()
        assert (after.loan_owed >= 0.0).all()
        assert ((after.loan_owed > 0.0) == (after.loan_due > 0)).all()
        for table in (after.shares, after.founders, after.public):
            assert (table >= 0).all()
        defaults += int(report.defaulted.sum())
        failures += int(report.failed.sum())
    assert defaults > 5
    assert failures > 2


def test_shares_change_in_number_by_issues_and_buy_backs_alone(scenario: Scenario) -> None:
    for before, after, report in quarters(leveraged(scenario), scenario.ruleset, "idle", 6):
        grown = shares_total(after) - shares_total(before)
        saved = report.defaulted & ~report.failed
        assert (grown[~saved] == 0).all()
        assert (grown[saved] > 0).all()


def test_a_failed_company_is_a_shell_that_does_nothing(scenario: Scenario) -> None:
    ruleset = scenario.ruleset
    history = list(quarters(leveraged(scenario), ruleset, "random", 8))
    seen = 0
    for before, after, report in history:
        dead = (before.status == Status.FAILED) & before.active
        seen += int(dead.sum())
        assert (after.status[dead] == Status.FAILED).all()
        assert (after.value[after.status == Status.FAILED] == 0.0).all()
        for name in ("cash", "debt", "attention"):
            np.testing.assert_allclose(getattr(after, name)[dead], 0.0, atol=1e-9, err_msg=name)
        assert (np.abs(report.lines[:, dead]) <= 1e-9).all()
        gone = (after.status == Status.FAILED) & after.active
        lines = np.broadcast_to(gone[:, None], after.on_sale.shape)
        assert not after.on_sale[lines].any()
        assert not after.units[lines].any()
        pairs = gone[:, None] | gone[None]
        assert not after.loan_owed[pairs].any()
        assert not after.shares[pairs].any()
        assert not after.carrying[pairs].any()
        assert not after.board[pairs].any()
        assert not (after.pledge_announced * pairs).any()
    assert seen > 10
    last = history[4][1]
    orders = no_orders(last, ruleset)
    orders.enter[:] = True
    orders.borrow[:] = 10.0
    orders.attack[:] = 0
    checked = check(last, ruleset, orders)
    gone = (last.status == Status.FAILED) & last.active
    assert gone.any()
    assert (checked.refused[gone] & int(Refusal.FAILED)).all()
    assert not checked.orders.borrow[gone].any()
    assert not checked.orders.enter[np.broadcast_to(gone[:, None], orders.enter.shape)].any()


def test_a_world_alone_and_companies_in_another_order_fail_alike(scenario: Scenario) -> None:
    ruleset = scenario.ruleset
    state = leveraged(scenario)
    for _ in range(4):
        state = step(state, ruleset, no_orders(state, ruleset))[0]
    start = leveraged(scenario)
    lone = take_worlds(start, np.array([2, 2]))
    for _ in range(4):
        lone = step(lone, ruleset, no_orders(lone, ruleset))[0]
    assert first_difference(lone, take_worlds(state, np.array([2, 2]))) is None
    assert (state.status == Status.FAILED).any()


def reordered(record: Record, order: np.ndarray, **changes: object) -> Record:
    """The record with companies in another order and without cards."""
    for field in array_fields(record):
        value = getattr(record, field.name)
        for axis, letter in enumerate(field.metadata["axes"]):
            if letter == "N":
                value = np.take(value, order, axis=axis)
            if letter == "V":
                value = np.take(value, [], axis=axis)
        changes[field.name] = value
    return dataclasses.replace(record, **changes)  # type: ignore[type-var]


def test_seats_do_not_matter_in_a_wave_of_defaults(scenario: Scenario) -> None:
    start, rules = leveraged(scenario), scenario.ruleset
    count = len(rules.companies)
    bare: dict[str, object] = {"events": (), "projects": (), "drafts": ()}
    ends = []
    for order in (np.arange(count), np.random.default_rng(4).permutation(count)):
        named = {
            name: tuple(getattr(rules, name)[place] for place in order)
            for name in ("companies", "mandates")
        }
        ruleset, state = reordered(rules, order, **bare, **named), reordered(start, order)
        sold = np.zeros(state.cash.shape)
        for _ in range(4):
            state, report = step(state, ruleset, no_orders(state, ruleset))
            sold += report.lines[Line.BUSINESSES]
        ends.append((order, state, sold))
    (_, one, sold_one), (order, other, sold_other) = ends
    assert (one.status == Status.FAILED).any()
    assert np.abs(sold_one).max() > 0.0
    np.testing.assert_allclose(sold_one[order], sold_other, rtol=1e-7, atol=1e-6)
    np.testing.assert_array_equal(one.status[order], other.status)
    np.testing.assert_array_equal(one.on_sale[order], other.on_sale)
    for name in ("cash", "debt", "value"):
        np.testing.assert_allclose(
            getattr(one, name)[order], getattr(other, name), rtol=1e-7, atol=1e-6, err_msg=name
        )


def two_owe(scenario: Scenario, trend: float) -> tuple[State, int, int]:
    """A debtor without money whose loan from a creditor is due, everybody else at ease."""
    numbers = np.arange(2, dtype=np.uint64)
    seeds = np.full(2, 1, np.uint64)
    state = first_state(scenario.ruleset, scenario.opening, seeds, numbers)
    debtor, creditor = 1, 0
    owed, due = np.zeros_like(state.loan_owed), np.zeros_like(state.loan_due)
    owed[debtor, creditor] = 4e3 + 2.0 * state.value[debtor]
    due[debtor, creditor] = 1
    cash, profit = state.cash.copy(), state.profit_trend.copy()
    cash[debtor] = 0.0
    profit[debtor] = trend
    return (
        replace(state, turn=1, cash=cash, loan_owed=owed, loan_due=due, profit_trend=profit),
        debtor,
        creditor,
    )


def test_a_creditor_with_most_of_the_claims_takes_over(scenario: Scenario) -> None:
    ruleset = scenario.ruleset
    state, debtor, creditor = two_owe(scenario, 1e3)
    debt = state.debt.copy()
    debt[debtor] = 0.0
    state = replace(state, debt=debt)
    after, report = step(state, ruleset, no_orders(state, ruleset))
    assert report.defaulted[debtor].all()
    assert not report.failed.any()
    held = after.shares[creditor, debtor] / shares_total(after)[debtor]
    assert (held > 0.5).all()
    assert (after.status[debtor] == Status.CONTROLLED).all()
    assert (after.loan_owed[debtor, creditor] < state.loan_owed[debtor, creditor]).all()
    assert (after.loan_due[debtor, creditor] > 1).all()
    assert (report.written_off[creditor] >= 0.0).all()


def test_a_hopeless_company_is_sold_and_its_businesses_go_on(scenario: Scenario) -> None:
    ruleset = dataclasses.replace(
        scenario.ruleset, rules=dataclasses.replace(scenario.ruleset.rules, restructurings=0)
    )
    state, debtor, _ = two_owe(scenario, 1e3)
    after, report = step(state, ruleset, no_orders(state, ruleset))
    assert report.failed[debtor].all()
    bought = report.sold_to[debtor]
    assert (bought >= 0).any()
    for market, lane in np.argwhere(bought >= 0).tolist():
        assert after.on_sale[bought[market, lane], market, lane]
    paid = report.lines[Line.BUSINESSES]
    np.testing.assert_allclose(paid.sum(axis=0), 0.0, atol=1e-9)
    assert (paid[debtor] > 0.0).all()
    np.testing.assert_allclose(after.value[debtor], 0.0)
    later, _ = step(after, ruleset, no_orders(after, ruleset))
    for market, lane in np.argwhere(bought >= 0).tolist():
        assert later.units[bought[market, lane], market, lane] > 0.0
    assert (value_per_share(later)[debtor] == 0.0).all()


def test_a_loan_is_repaid_with_its_interest(scenario: Scenario) -> None:
    ruleset = scenario.ruleset
    numbers = np.arange(2, dtype=np.uint64)
    start = first_state(ruleset, scenario.opening, np.full(2, 1, np.uint64), numbers)
    owed, due = np.zeros_like(start.loan_owed), np.zeros_like(start.loan_due)
    rate = np.zeros_like(start.loan_rate)
    owed[1, 0], due[1, 0], rate[1, 0] = 10.0, 2, 0.03
    state = replace(start, loan_owed=owed, loan_due=due, loan_rate=rate)
    plain = start
    for _ in range(3):
        state = step(state, ruleset, no_orders(state, ruleset))[0]
        plain = step(plain, ruleset, no_orders(plain, ruleset))[0]
    assert not state.loan_owed.any()
    assert not state.loan_due.any()
    whole = 10.0 * (1.0 + np.float64(np.float32(0.03))) ** 3
    moved = (state.cash - state.debt - plain.cash + plain.debt)[0]
    assert (moved > 0.9 * whole).all()
    assert (moved < 1.1 * whole).all()
