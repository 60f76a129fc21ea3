"""The loan clause: what is legal, what it moves, what it is worth."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from game.core.state import replace
from game.play.contracts import apply_packages, legal
from game.play.levers import credit_left
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.packages import DealFlag, Packages, Term
from game.play.report import Line
from game.play.settlement import settle
from game.play.statements import statements
from game.play.terms import package_terms
from game.play.turn import step
from game.resources import find_scenario
from game.scenario.loader import load


def lent(deals: Any, amount: float = 50.0, rate: float = 0.03, term: int = 4) -> Packages:
    """Lantern lends to Kite."""
    packages: Packages = deals.one(deals.lantern, deals.kite)
    packages.loan[0, 0] = amount
    packages.loan_rate[0] = rate
    packages.term[0] = term
    return packages


def test_a_loan_moves_cash_and_stands_in_both_books(deals: Any) -> None:
    packages = lent(deals)
    assert (legal(packages, deals.state, deals.ruleset)[0] == 0).all()
    accepted = np.zeros(packages.proposer.shape, bool)
    accepted[0] = True
    after = apply_packages(packages, accepted, deals.state, deals.ruleset)
    moved = after.cash - deals.state.cash
    np.testing.assert_allclose(moved[deals.lantern], -50.0)
    np.testing.assert_allclose(moved[deals.kite], 50.0)
    assert (after.loan_owed[deals.kite, deals.lantern] == 50.0).all()
    assert (after.loan_due[deals.kite, deals.lantern] == deals.state.turn + 3).all()
    left = deals.state.authorisation[deals.lantern] - 50.0
    np.testing.assert_allclose(after.authorisation[deals.lantern], left)
    again = legal(packages, after, deals.ruleset)[0]
    assert (again & int(DealFlag.LOAN)).all()


@pytest.mark.parametrize(
    ("name", "value", "flag"),
    [
        ("loan_rate", 0.5, DealFlag.LOAN),
        ("loan_rate", -0.1, DealFlag.LOAN),
        ("loan", -1.0, DealFlag.LOAN),
        ("loan", 1e9, DealFlag.CASH),
        ("term", 3, DealFlag.TERM),
    ],
)
def test_what_stands_in_the_way_of_a_loan(
    deals: Any, name: str, value: float, flag: DealFlag
) -> None:
    packages = lent(deals)
    getattr(packages, name)[(0, 0) if name == "loan" else 0] = value
    assert (legal(packages, deals.state, deals.ruleset)[0] & int(flag)).all()


def test_both_sides_may_not_lend(deals: Any) -> None:
    packages = lent(deals)
    packages.loan[1, 0] = 10.0
    assert (legal(packages, deals.state, deals.ruleset)[0] & int(DealFlag.LOAN)).all()


def test_interest_is_worth_to_one_what_it_costs_the_other_but_for_the_risk(deals: Any) -> None:
    asked = deals.ruleset.rules.interest
    fair, dear = (
        package_terms(lent(deals, rate=rate), deals.state, deals.ruleset, deals.worth, deals.cost)[
            :, Term.LOAN, 0
        ]
        for rate in (asked, asked + 0.02)
    )
    np.testing.assert_allclose(fair[1], 0.0, atol=1e-9)
    assert (fair[0] < 0.0).all()
    np.testing.assert_allclose(dear[0] - fair[0], fair[1] - dear[1])
    assert (dear[0] > fair[0]).all()


def test_a_firm_in_need_takes_a_dear_loan_and_repays_it_to_the_cent(deals: Any) -> None:
    ruleset, cash = deals.ruleset, deals.state.cash.copy()
    cash[deals.kite] = 0.0
    debt = deals.state.debt.copy()
    debt[deals.kite] += 0.9 * np.maximum(credit_left(deals.state, ruleset)[deals.kite], 0.0)
    start = replace(deals.state, cash=cash, debt=debt)  # lenders have given what they would
    packages = lent(deals, 100.0, 0.03)
    result = settle(start, ruleset, packages, deals.none(), deals.worth, deals.cost)
    settled = result.accepted[0]
    assert settled.any()
    orders = dataclasses.replace(no_orders(start, ruleset), proposals=packages)
    state, report = step(start, ruleset, orders)
    np.testing.assert_allclose(report.lines[Line.LOANS_TAKEN, deals.kite][settled], 100.0)
    np.testing.assert_allclose(report.lines[Line.LOANS_GIVEN, deals.lantern][settled], -100.0)
    for _ in range(3):
        before = state
        state, report = step(state, ruleset, no_orders(state, ruleset))
        assert (np.abs(statements(before, state, report).differences()) <= 1e-7).all()
    paid = -report.lines[Line.LOANS_TAKEN, deals.kite][settled]
    np.testing.assert_allclose(paid, 100.0 * (1.0 + np.float64(np.float32(0.03))) ** 4)
    assert not state.loan_owed.any()


def test_a_scenario_may_begin_with_loans(tmp_path: Path) -> None:
    plain = load(find_scenario("lesson"))
    text = find_scenario("lesson").read_text("utf-8")
    at, rules = text.index("    debt: 100\n"), plain.ruleset.rules
    due = f"{rules.first_year + 1}-Q{rules.first_quarter}"
    owed = f"    loans:\n      harbour: {{amount: 30, rate: 0.02, due: {due}}}\n"
    path = tmp_path / "loans.yaml"
    path.write_text(text[:at] + owed + text[at:], "utf-8")
    scenario = load(path)
    seeds, numbers = np.ones(2, np.uint64), np.arange(2, dtype=np.uint64)
    state = first_state(scenario.ruleset, scenario.opening, seeds, numbers)
    harbour = scenario.ruleset.company("harbour")
    assert (state.loan_owed[:, harbour].sum(axis=0) == 30.0).all()
    assert (state.loan_due[:, harbour].max(axis=0) == 4).all()
    same = first_state(plain.ruleset, plain.opening, seeds, numbers)
    np.testing.assert_allclose(state.value, same.value, rtol=1e-9)
