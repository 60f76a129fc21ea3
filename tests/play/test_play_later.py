"""Instalments on milestones, loans that become shares, businesses that change hands."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.state import State, replace
from game.play.contracts import apply_packages, legal
from game.play.handover import OF_A_LINE
from game.play.later import met
from game.play.orders import Exercise, Refusal, no_orders
from game.play.outcome import shares_total
from game.play.packages import DealFlag, Extra, Milestone, Packages, Term
from game.play.report import Line
from game.play.settlement import settle
from game.play.statements import statements
from game.play.terms import package_terms
from game.play.turn import step


class Advanced:
    """The board for deals with every clause allowed."""

    def __init__(self, deals: Any) -> None:
        self.deals = deals
        rules = dataclasses.replace(deals.ruleset.rules, advanced_deals=True)
        self.ruleset = dataclasses.replace(deals.ruleset, rules=rules)
        self.state: State = deals.state
        self.payer, self.payee = deals.lantern, deals.kite

    def package(self, side: int = 0, **values: float) -> Packages:
        """Lantern and Kite; one side gives further clauses, for four quarters."""
        packages: Packages = self.deals.one(self.payer, self.payee)
        packages.term[0] = 4
        for name, value in values.items():
            packages.extra[side, Extra[name.upper()], 0] = value
        return packages

    def flags(self, packages: Packages, state: State | None = None) -> int:
        """What stands in the way in the first row, the same in every world."""
        found = legal(packages, state or self.state, self.ruleset)[0]
        assert (found == found[0]).all()
        return int(found[0])

    def settled(self, packages: Packages, state: State | None = None) -> State:
        """The state after the package is entered; it must be legal."""
        state = state or self.state
        assert self.flags(packages, state) == 0
        return apply_packages(packages, packages.proposer >= 0, state, self.ruleset)

    def terms(self, packages: Packages) -> Any:
        """[X, T, W]."""
        worth, cost = self.deals.worth, self.deals.cost
        return package_terms(packages, self.state, self.ruleset, worth, cost)[:, :, 0]

    def play(self, state: State, orders: Any = None) -> Any:
        """One quarter whose statements tie."""
        orders = no_orders(state, self.ruleset) if orders is None else orders
        after, report = step(state, self.ruleset, orders)
        assert (np.abs(statements(state, after, report).differences()) <= 1e-7).all()
        return after, report


@pytest.fixture(scope="module")
def board(deals: Any) -> Advanced:
    return Advanced(deals)


# -------------------------------------------------------------------------------- instalments


@pytest.mark.parametrize(
    "values",
    [
        {"instalment": 10.0},
        {"milestone": 1.0},
        {"instalment": 10.0, "milestone": 2.0},
        {"instalment": 10.0, "milestone": 99.0, "target": 1.0},
        {"instalment": 10.0, "milestone": 1.5, "target": 1.0},
    ],
)
def test_an_instalment_needs_a_milestone_that_says_something(
    board: Advanced, values: dict[str, float]
) -> None:
    assert board.flags(board.package(**values)) & DealFlag.INSTALMENT


def test_an_instalment_is_paid_once_when_its_milestone_is_met(board: Advanced) -> None:
    revenue = board.state.revenue[board.payee].sum(axis=0)
    low = board.package(instalment=25.0, milestone=Milestone.REVENUE, target=0.1 * revenue.min())
    state = board.settled(low)
    assert (state.instalment[board.payer] == 25.0).all()
    left = board.state.authorisation[board.payer] - 25.0
    np.testing.assert_allclose(state.authorisation[board.payer], left)
    assert board.flags(low, state) & DealFlag.INSTALMENT
    assert met(state)[board.payer].all()
    after, report = board.play(state)
    np.testing.assert_allclose(report.instalments[board.payer], 25.0)
    np.testing.assert_allclose(report.lines[Line.DEALS, board.payer], -25.0)
    np.testing.assert_allclose(report.lines[Line.DEALS, board.payee], 25.0)
    assert not after.instalment_until.any()
    assert not board.play(after)[1].instalments.any()


def test_an_instalment_lapses_when_its_milestone_is_missed(board: Advanced) -> None:
    state = board.settled(board.package(instalment=25.0, milestone=Milestone.UNITS, target=1e6))
    for _ in range(5):
        assert state.instalment_until[board.payer].all()
        state, report = board.play(state)
        assert not report.instalments.any()
    assert not state.instalment.any()
    assert (state.instalment_to == -1).all()


def test_a_dated_instalment_is_paid_in_the_last_quarter(board: Advanced) -> None:
    state = board.settled(board.package(instalment=25.0, milestone=Milestone.DATE))
    paid = []
    for _ in range(6):
        state, report = board.play(state)
        paid.append(float(report.instalments[board.payer, 0]))
    assert paid == [0.0, 0.0, 0.0, 0.0, 25.0, 0.0]


def test_a_surer_milestone_is_worth_more_and_no_more_than_its_money(board: Advanced) -> None:
    revenue = float(board.state.revenue[board.payee].sum(axis=0)[0])
    worth = []
    for part in (0.5, 1.05, 1.5, 3.0):
        terms = board.terms(
            board.package(instalment=25.0, milestone=Milestone.REVENUE, target=part * revenue)
        )[:, Term.LATER]
        np.testing.assert_allclose(terms[0], -terms[1])
        worth.append(float(terms[1, 0]))
    dated = board.terms(board.package(instalment=25.0, milestone=Milestone.DATE))[1, Term.LATER, 0]
    assert worth[0] == pytest.approx(dated)
    assert worth == sorted(worth, reverse=True)
    assert 0.0 <= worth[-1] < 1.0
    assert dated < 25.0


# ------------------------------------------------------------------------------- convertibles


def lent(board: Advanced, part: float) -> State:
    """Lantern lends Kite 40; the loan may become shares at part of their quote."""
    quote = float(board.state.quote[board.payee, 0])
    packages = board.package(1, convert_price=part * quote)
    packages.loan[0, 0], packages.loan_rate[0] = 40.0, 0.02
    return board.settled(packages)


def converting(board: Advanced, state: State) -> Any:
    """Orders by which the lender converts."""
    orders = no_orders(state, board.ruleset)
    orders.exercise[board.payer, board.payee] = Exercise.CONVERT
    return orders


def test_only_a_loan_can_be_converted(board: Advanced) -> None:
    assert board.flags(board.package(1, convert_price=1.0)) & DealFlag.OPTION


def test_a_loan_becomes_shares_with_its_interest(board: Advanced) -> None:
    start = lent(board, 0.5)
    state, _ = board.play(start)
    owed = state.loan_owed[board.payee, board.payer].copy()
    assert (owed > 40.0).all()
    after, report = board.play(state, converting(board, state))
    count = np.floor(owed / state.loan_price[board.payee, board.payer].astype(float))
    got = after.shares[board.payer, board.payee] - state.shares[board.payer, board.payee]
    assert (got == count).all()
    grown = shares_total(after)[board.payee] - shares_total(state)[board.payee]
    assert (grown == got).all()
    assert (report.exercised[board.payer, board.payee] == Exercise.CONVERT).all()
    for name in ("loan_owed", "loan_due", "loan_rate", "loan_price"):
        assert not getattr(after, name).any(), name
    again, report = board.play(after, converting(board, after))
    assert (report.refused[board.payer] & int(Refusal.NOT_THERE)).all()
    assert (again.shares == after.shares).all()


def test_a_loan_that_is_not_converted_is_repaid(board: Advanced) -> None:
    state = lent(board, 5.0)
    paid = 0.0
    for _ in range(4):
        state, report = board.play(state)
        paid += float(report.lines[Line.LOANS_GIVEN, board.payer, 0])
    assert paid == pytest.approx(40.0 * (1.0 + float(np.float32(0.02))) ** 4)
    assert not state.loan_price.any()


def test_the_right_to_convert_has_a_price(board: Advanced) -> None:
    quote = float(board.state.quote[board.payee, 0])

    def worth(part: float) -> Any:
        packages = board.package(1, convert_price=part * quote)
        packages.loan[0, 0], packages.loan_rate[0] = 40.0, 0.02
        return board.terms(packages)[:, Term.OPTION]

    near, far = worth(1.0), worth(3.0)
    np.testing.assert_allclose(near[0], -near[1])
    assert (near[0] > far[0]).all()
    assert (far[0] >= 0.0).all()


# ---------------------------------------------------------------------------------- businesses


def sold_line(board: Advanced) -> tuple[int, int, int]:
    """(seller, buyer, market): a business that its buyer may have and lacks."""
    state, ruleset = board.state, board.ruleset
    for seller, market in np.argwhere(state.on_sale[..., 0]).tolist():
        for buyer in range(len(ruleset.companies)):
            if buyer != seller and not state.on_sale[buyer, market, 0]:
                return seller, buyer, market
    raise AssertionError("no such business")


def handed(board: Advanced, number: float, seller: int, buyer: int, **more: float) -> Packages:
    """A package in which a business goes over."""
    packages: Packages = board.deals.one(seller, buyer, 0)
    packages.term[0] = 4
    packages.extra[0, Extra.BUSINESS, 0] = number
    for name, value in more.items():
        packages.extra[0, Extra[name.upper()], 0] = value
    return packages


def test_a_business_goes_over_with_its_buyers_and_its_profit(board: Advanced) -> None:
    seller, buyer, market = sold_line(board)
    packages = handed(board, market + 1.0, seller, buyer)
    after = board.settled(packages)
    assert not after.on_sale[seller, market].any()
    assert after.on_sale[buyer, market].all()
    for name in ("units", "base", "revenue", "knowledge", "capacity"):
        before = getattr(board.state, name)[seller, market]
        np.testing.assert_allclose(getattr(after, name)[buyer, market], before)
    for name in OF_A_LINE:
        assert not getattr(after, name)[seller, market].any(), name
    np.testing.assert_allclose(after.plant.sum(axis=0), board.state.plant.sum(axis=0))
    lost = board.state.profit_trend[seller] - after.profit_trend[seller]
    np.testing.assert_allclose(lost, board.state.contribution[seller, market])
    board.play(after)


def test_a_business_that_is_not_there_cannot_go(board: Advanced) -> None:
    seller, buyer, market = sold_line(board)
    assert board.flags(handed(board, market + 1.0, buyer, seller)) & DealFlag.BUSINESS
    assert board.flags(handed(board, 999.0, seller, buyer)) & DealFlag.BUSINESS
    closed = board.ruleset.may_enter.copy()
    closed[buyer, market] = False
    rules = dataclasses.replace(board.ruleset, may_enter=closed)
    found = legal(handed(board, market + 1.0, seller, buyer), board.state, rules)[0]
    assert (found & int(DealFlag.BUSINESS)).all()


def test_a_business_handed_over_may_be_sworn_off(board: Advanced) -> None:
    seller, buyer, market = sold_line(board)
    sworn = handed(board, market + 1.0, seller, buyer, non_compete=market + 1.0)
    after = board.settled(sworn)
    assert (after.noncompete_until[seller, market] > 0).all()
    alone = handed(board, 0.0, seller, buyer, non_compete=market + 1.0)
    assert board.flags(alone) & DealFlag.NON_COMPETE


def test_no_business_is_worth_more_for_changing_hands(board: Advanced) -> None:
    seller, buyer, market = sold_line(board)
    packages = handed(board, market + 1.0, seller, buyer)
    worth, cost = board.deals.worth, board.deals.cost
    found = package_terms(packages, board.state, board.ruleset, worth, cost)[:, Term.BUSINESS, 0]
    assert (found[0] <= 0.0).all()
    assert (found[1] >= 0.0).all()
    assert (found.sum(axis=0) <= 1e-9).all()


@given(seed=st.integers(0, 10_000))
def test_any_waiting_money_keeps_the_laws(board: Advanced, seed: int) -> None:
    rng = np.random.default_rng(seed)
    deals, ruleset = board.deals, board.ruleset
    packages = deals.random(seed)
    shape = packages.cash.shape
    lends = rng.random(shape) < 0.4
    lends[1] &= ~lends[0]
    packages.loan[:] = np.where(lends, 30.0, 0.0)
    packages.loan_rate[:] = 0.02
    packages.extra[:, Extra.CONVERT_PRICE] = np.where(
        lends[::-1] & (rng.random(shape) < 0.5), 1e-3, 0.0
    )
    waits = rng.random(shape) < 0.3
    packages.extra[:, Extra.INSTALMENT] = np.where(waits, 20.0, 0.0)
    packages.extra[:, Extra.MILESTONE] = np.where(waits, rng.integers(1, 5, shape), 0)
    packages.extra[:, Extra.TARGET] = np.where(waits, 10.0, 0.0)
    number = rng.integers(-2, len(ruleset.markets) + 2, shape)
    packages.extra[:, Extra.BUSINESS] = np.where(rng.random(shape) < 0.2, number, 0)
    cash = deals.state.cash + 1000.0
    start = replace(deals.state, cash=cash)
    orders = dataclasses.replace(no_orders(start, ruleset), proposals=packages)
    with np.errstate(all="raise", under="ignore"):
        result = settle(start, ruleset, packages, deals.none(), deals.worth, deals.cost)
        assert np.isfinite(result.answers.terms).all()
        after, report = step(start, ruleset, orders)
        assert (np.abs(statements(start, after, report).differences()) <= 1e-6).all()
        for _ in range(2):
            later = no_orders(after, ruleset)
            later.exercise[:] = rng.integers(0, 4, later.exercise.shape)
            before, (after, report) = after, step(after, ruleset, later)
            assert (np.abs(statements(before, after, report).differences()) <= 1e-6).all()
