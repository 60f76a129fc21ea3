"""Joint ventures: what is paid, spent and shared, what they are worth, and every end of theirs."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.axes import array_fields, take_worlds
from game.core.ruleset import Ruleset, Status
from game.core.state import State, replace
from game.play import venture_duties as ends
from game.play.contracts import apply_packages, legal
from game.play.money import fundamental
from game.play.orders import Exercise, Refusal, no_orders
from game.play.outcome import shares_total
from game.play.packages import DealFlag, Extra, Packages, Term
from game.play.report import Line, Report
from game.play.settlement import settle
from game.play.statements import statements
from game.play.terms import package_terms
from game.play.turn import step
from game.play.venture_value import buy_out_price

FUND, PART, TERM = 40.0, 0.4, 4


class Board:
    """Lantern puts money into Kite's phones."""

    def __init__(self, deals: Any) -> None:
        self.deals = deals
        rules = dataclasses.replace(deals.ruleset.rules, advanced_deals=True, terms=(2, 4, 8))
        self.ruleset: Ruleset = dataclasses.replace(deals.ruleset, rules=rules)
        self.host, self.partner = deals.kite, deals.lantern
        self.phones = self.ruleset.market("phones/home")
        state = deals.state
        self.start: State = replace(
            state, cash=state.cash + 500.0, authorisation=np.full_like(state.authorisation, 1e6)
        )

    def package(
        self, fund: float = FUND, part: float = PART, market: int | None = None,
        partner: int | None = None, host: int | None = None,
    ) -> Packages:  # fmt: skip
        one = self.partner if partner is None else partner
        other = self.host if host is None else host
        packages: Packages = self.deals.one(one, other)
        where = self.phones if market is None else market
        packages.term[2 * one] = TERM
        for slot, value in zip(
            (Extra.VENTURE, Extra.VENTURE_MARKET, Extra.VENTURE_SHARE),
            (fund, where + 1.0, part),
            strict=True,
        ):
            packages.extra[0, slot, 2 * one] = value
        return packages

    def flags(self, packages: Packages, state: State | None = None) -> Any:
        row = int(np.flatnonzero(packages.proposer[:, 0] >= 0)[0])
        return legal(packages, self.start if state is None else state, self.ruleset)[row]

    def entered(self, packages: Packages, state: State | None = None) -> State:
        state = self.start if state is None else state
        assert (self.flags(packages, state) == 0).all()
        return apply_packages(packages, packages.proposer >= 0, state, self.ruleset)

    def play(self, state: State, **orders: Any) -> tuple[State, Report]:
        made = no_orders(state, self.ruleset)
        for name, (place, value) in orders.items():
            getattr(made, name)[place] = value
        with np.errstate(all="raise", under="ignore"):
            after, report = step(state, self.ruleset, made)
        assert (np.abs(statements(state, after, report).differences()) <= 1e-6).all()
        return after, report


@pytest.fixture(scope="module")
def board(deals: Any) -> Board:
    return Board(deals)


def test_the_fund_is_paid_at_once(board: Board) -> None:
    after = board.entered(board.package())
    moved = after.cash - board.start.cash
    np.testing.assert_allclose(moved[board.partner], -FUND)
    np.testing.assert_allclose(moved[board.host], FUND)
    np.testing.assert_allclose(moved.sum(axis=0), 0.0)
    np.testing.assert_allclose(after.authorisation[board.partner], 1e6 - FUND)
    assert (after.venture_until[board.host] == TERM).all()
    assert not after.venture_until[[board.partner, board.deals.harbour]].any()


def test_the_fund_is_spent_on_the_line_and_its_profit_shared_in_both_books(board: Board) -> None:
    with_, without = board.entered(board.package()), board.start
    spent = np.zeros(board.deals.worlds)
    for quarter in range(TERM):
        with_, report = board.play(with_)
        without, plain = board.play(without)
        more = report.spend[board.host, :, board.phones].sum(axis=0)
        more = more - plain.spend[board.host, :, board.phones].sum(axis=0)
        if quarter == 0:
            np.testing.assert_allclose(more, FUND / TERM)
        shared = report.lines[Line.VENTURES]
        np.testing.assert_allclose(shared.sum(axis=0), 0.0, atol=1e-12)
        line = with_.contribution[board.host, board.phones] + FUND / TERM
        np.testing.assert_allclose(shared[board.partner], PART * line, rtol=1e-6)
        np.testing.assert_allclose(shared[board.host], -PART * line, rtol=1e-6)
        spent += FUND / TERM
    np.testing.assert_allclose(with_.venture_fund[board.host], 0.0, atol=1e-9)
    assert (with_.goodwill[board.host, board.phones] > without.goodwill[board.host, 0]).all()
    assert (with_.units[board.host, board.phones] > without.units[board.host, board.phones]).all()
    with_, report = board.play(with_)
    assert (report.venture_ended[board.host] == ends.TERM_OVER).all()
    assert (report.lines[Line.VENTURES] == 0.0).all()
    assert not with_.venture_until.any()
    assert (with_.venture_partner == -1).all()


def test_losses_are_borne_by_both(board: Board) -> None:
    state = board.entered(board.package())
    shock = state.cost_shock.copy()
    shock[board.host, board.phones] = 1.5
    after, report = board.play(replace(state, cost_shock=shock))
    line = after.contribution[board.host, board.phones] + FUND / TERM
    assert (line < 0.0).all()
    np.testing.assert_allclose(report.lines[Line.VENTURES, board.partner], PART * line, rtol=1e-6)


def test_a_fund_is_no_loss_of_the_business_in_its_trend(board: Board) -> None:
    with_, _ = board.play(board.entered(board.package()))
    without, _ = board.play(board.start)
    gap = (with_.profit_trend - without.profit_trend)[board.host]
    assert (gap > -0.05 * FUND / TERM).all()


def test_parts_count_in_the_worth_of_both_and_cancel(board: Board) -> None:
    state, _ = board.play(board.entered(board.package()))
    none = replace(state, venture_until=np.zeros_like(state.venture_until))
    moved = fundamental(state, board.ruleset) - fundamental(none, board.ruleset)
    assert (moved[board.partner] > 0.0).all()
    np.testing.assert_allclose(moved[board.partner], -moved[board.host])
    assert (moved[board.deals.harbour] == 0.0).all()


def test_a_line_is_entered_through_the_deal(board: Board) -> None:
    """Kite runs no web services."""
    mobile = board.ruleset.market("mobile/home")
    licence = float(board.ruleset.licence[mobile])
    fund = licence + 30.0
    assert (board.flags(board.package(licence * 0.5, market=mobile)) & int(DealFlag.VENTURE)).all()
    state = board.entered(board.package(fund, market=mobile))
    np.testing.assert_allclose(state.venture_fund[board.host], 30.0)
    np.testing.assert_allclose((state.cash - board.start.cash)[board.host], 30.0)
    assert (state.entry_due[board.host, mobile] == board.ruleset.rules.entry_quarters).all()
    state, report = board.play(state)
    assert (report.venture_ended == 0).all()
    assert (report.lines[Line.VENTURES] == 0.0).all()
    for _ in range(board.ruleset.rules.entry_quarters):
        state, report = board.play(state)
    assert state.on_sale[board.host, mobile].all()
    assert (report.lines[Line.VENTURES, board.partner] != 0.0).all()
    assert (state.venture_fund[board.host] < 30.0).all()


def test_whoever_hosts_may_buy_the_partner_out(board: Board) -> None:
    state, _ = board.play(board.entered(board.package()))
    price = np.array([buy_out_price(state, board.ruleset, board.host, lane) for lane in range(5)])
    assert (price >= state.venture_fund[board.host] - 1e-9).all()
    order = {"exercise": ((board.host, board.partner), int(Exercise.BUY_OUT))}
    after, report = board.play(state, **order)
    np.testing.assert_allclose(report.lines[Line.DEALS, board.partner], price)
    np.testing.assert_allclose(report.lines[Line.DEALS, board.host], -price)
    assert (report.venture_ended[board.host] == ends.BOUGHT_OUT).all()
    assert (report.exercised[board.host, board.partner] == Exercise.BUY_OUT).all()
    assert not after.venture_until.any()
    cash = state.cash.copy()
    cash[board.host] = 0.5 * price
    _, report = board.play(replace(state, cash=cash), **order)
    assert (report.refused[board.host] & int(Refusal.CASH)).all()
    _, report = board.play(
        state, exercise=((board.host, board.deals.harbour), int(Exercise.BUY_OUT))
    )
    assert (report.refused[board.host] & int(Refusal.NOT_THERE)).all()


def test_a_line_given_up_ends_it_and_pays_back_what_is_left(board: Board) -> None:
    state, _ = board.play(board.entered(board.package()))
    left = state.venture_fund[board.host].copy()
    assert (left > 0.0).all()
    state, _ = board.play(state, leave=((board.host, board.phones), True))
    cash = state.cash.copy()
    cash[board.host] += 1000.0
    left = state.venture_fund[board.host].copy()
    after, report = board.play(replace(state, cash=cash))
    assert (report.venture_ended[board.host] == ends.LINE_GONE).all()
    np.testing.assert_allclose(report.lines[Line.DEALS, board.partner], left)
    assert not after.venture_until.any()


def test_a_takeover_ends_it(board: Board) -> None:
    state = board.entered(board.package())
    for buyer, refunded in ((board.deals.harbour, True), (board.partner, False)):
        shares, founders = state.shares.copy(), state.founders.copy()
        public, total = state.public.copy(), shares_total(state)[board.host]
        shares[buyer, board.host] = total - 2
        founders[board.host], public[board.host] = 1, 1
        status = state.status.copy()
        status[board.host] = Status.CONTROLLED
        taken = replace(state, shares=shares, founders=founders, public=public, status=status)
        _, report = board.play(taken)
        assert (report.venture_ended[board.host] == ends.TAKEN_OVER).all()
        paid = report.lines[Line.DEALS, board.partner]
        np.testing.assert_allclose(paid, FUND if refunded else 0.0)


def test_a_default_of_either_ends_it(board: Board) -> None:
    for who in (board.host, board.partner):
        state = board.entered(board.package())
        cash, debt = state.cash.copy(), state.debt.copy()
        cash[who], debt[who] = -50_000.0, 10_000.0
        broke = replace(state, cash=cash, debt=debt)
        orders = no_orders(broke, board.ruleset)
        after, report = step(broke, board.ruleset, orders)
        assert report.defaulted[who].all()
        assert not after.venture_until.any()
        assert (np.abs(statements(broke, after, report).differences()) <= 1e-5).all()


def test_what_makes_no_venture(board: Board) -> None:
    flag = int(DealFlag.VENTURE)
    assert (board.flags(board.package(part=0.0)) & flag).all()
    assert (board.flags(board.package(part=1.0)) & flag).all()
    assert (board.flags(board.package(fund=0.0)) & flag).all()
    assert (board.flags(board.package(market=98)) & flag).all()
    assert (board.flags(board.package(fund=1e7)) & int(DealFlag.CASH)).all()
    again = board.entered(board.package())
    assert (board.flags(board.package(), again) & flag).all()
    both = board.package()
    both.extra[1] = both.extra[0]
    assert (board.flags(both) & flag).all()
    basic = dataclasses.replace(
        board.ruleset, rules=dataclasses.replace(board.ruleset.rules, advanced_deals=False)
    )
    found = legal(board.package(), board.start, basic)[2 * board.partner]
    assert (found & int(DealFlag.ADVANCED)).all()


def test_both_sides_value_it_and_nothing_comes_of_nothing(board: Board) -> None:
    deals, row = board.deals, 2 * board.partner

    def terms(part: float, fund: float = FUND) -> Any:
        packages = board.package(fund, part)
        found = package_terms(packages, board.start, board.ruleset, deals.worth, deals.cost)
        return found[:, Term.BUSINESS, row, 0]

    low, high = terms(0.1), terms(0.5)
    assert high[0] > low[0]
    assert high[1] < low[1]
    np.testing.assert_allclose(high.sum(), low.sum())  # the part only shares it out
    assert low.sum() < 0.5 * FUND
    packages = board.package()
    found = package_terms(packages, board.start, board.ruleset, deals.worth, deals.cost)
    assert (found[0, Term.RISK, row] < 0.0).all()
    assert (found[1, Term.RISK, row] == 0.0).all()


def test_it_is_settled_when_both_want_it(board: Board) -> None:
    packages = board.package(part=0.05)
    result = settle(
        board.start, board.ruleset, packages, board.deals.none(), board.deals.worth,
        board.deals.cost,
    )  # fmt: skip
    assert result.accepted[2 * board.partner].all()
    assert (result.state.venture_until[board.host] == TERM).all()
    greedy = board.package(part=0.9)
    result = settle(
        board.start, board.ruleset, greedy, board.deals.none(), board.deals.worth, board.deals.cost
    )
    assert not result.accepted.any()


@given(order=st.permutations(range(3)))
def test_the_order_of_seats_does_not_matter(board: Board, reseat: Any, order: Any) -> None:
    order = np.array(order)
    place = np.argsort(order)
    straight, _ = board.play(board.entered(board.package()))
    rules = reseat.rules(board.ruleset, order)
    state = reseat.record(board.start, order)
    packages = reseat.packages(board.package(), order)
    entered = apply_packages(packages, packages.proposer >= 0, state, rules)
    turned, _ = step(entered, rules, no_orders(entered, rules))
    after = reseat.record(straight, order)
    for name in ("cash", "value", "venture_fund", "venture_until", "profit", "units"):
        np.testing.assert_allclose(getattr(after, name), getattr(turned, name), rtol=1e-9)
    who = after.venture_partner
    np.testing.assert_array_equal(
        np.where(who >= 0, place[np.maximum(who, 0)], -1), turned.venture_partner
    )


def test_a_world_alone_is_that_world_in_a_batch(board: Board) -> None:
    state = board.entered(board.package())
    whole, _ = board.play(state)
    for lane in range(board.deals.worlds):
        alone, _ = board.play(take_worlds(state, np.array([lane, lane])))
        for field in array_fields(State):
            one, batch = getattr(alone, field.name)[..., 0], getattr(whole, field.name)[..., lane]
            assert np.array_equal(one, batch, equal_nan=one.dtype.kind == "f"), field.name
