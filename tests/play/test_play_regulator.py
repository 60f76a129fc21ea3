"""Competition authorities in the game: who is reviewed, every decision played to its end."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.axes import array_fields, take_worlds
from game.core.rng import Purpose, uniforms_at
from game.core.ruleset import Authority, Ruleset, Status
from game.core.state import State, replace
from game.play.cells import cells_of
from game.play.clauses import shares_for
from game.play.contracts import legal
from game.play.deal_facts import facts_of_state
from game.play.orders import no_orders
from game.play.outcome import shares_total, stakes
from game.play.packages import DealFlag, Extra, Packages, Term
from game.play.regulator import Decision, decisions, reviews_of
from game.play.remedies import BROKEN_OFF, COMPLETED
from game.play.report import Line, Report
from game.play.settlement import settle
from game.play.statements import statements
from game.play.terms import package_terms
from game.play.turn import step

SEED = 9
"""Of a game in whose worlds an authority that nearly always forbids does so."""
SURE = {  # of a ban only nearly: who would try what is surely forbidden?
    Decision.CLEARED: Authority(delays=0.0, remedies=0.0, blocks=0.0),
    Decision.DELAYED: Authority(delays=1.0, remedies=0.0, blocks=0.0),
    Decision.REMEDIES: Authority(delays=0.0, remedies=1.0, blocks=0.0),
    Decision.FORBIDDEN: Authority(
        delays=0.0, remedies=0.0, blocks=0.9
    ),  # who would try a sure one?
}


def with_authority(ruleset: Ruleset, authority: Authority | None, **rules: Any) -> Ruleset:
    changed = dataclasses.replace(ruleset.rules, advanced_deals=True, **rules)
    return dataclasses.replace(ruleset, rules=changed, authorities=(authority,))


class Board:
    """Harbour, rich, and Kite, both makers of phones; Lantern makes none."""

    def __init__(self, deals: Any) -> None:
        self.deals = deals
        self.harbour, self.kite, self.lantern = deals.harbour, deals.kite, deals.lantern

    def rules(self, decision: Decision | None, **rules: Any) -> Ruleset:
        authority = Authority() if decision is None else SURE[decision]
        return with_authority(self.deals.ruleset, authority, **rules)

    def start(self, ruleset: Ruleset, cash: float = 9000.0) -> State:
        """The board's state with the tables that these rules need."""
        slots = ruleset.sizes["Z"]
        state = self.deals.state
        changes = {}
        for field in array_fields(State):
            axes = field.metadata["axes"]
            if "Z" in axes:
                shape = list(getattr(state, field.name).shape)
                shape[axes.index("Z")] = slots
                fill = np.full(shape, field.metadata["fill"], field.metadata["dtype"])
                changes[field.name] = fill
        return replace(
            state, cash=state.cash + cash, authorisation=np.full_like(state.authorisation, 1e6),
            seed=np.full_like(state.seed, SEED), **changes,
        )  # fmt: skip

    def bid(self, price: float = 1500.0, buyer: int | None = None) -> Packages:
        buyer = self.harbour if buyer is None else buyer
        packages: Packages = self.deals.one(buyer, self.kite)
        packages.extra[1, Extra.WHOLE, 2 * buyer] = 1.0
        packages.cash[0, 2 * buyer] = price
        return packages

    def play(
        self, state: State, ruleset: Ruleset, packages: Packages | None = None
    ) -> tuple[State, Report]:
        orders = no_orders(state, ruleset)
        if packages is not None:
            orders = dataclasses.replace(orders, proposals=packages)
        with np.errstate(all="raise", under="ignore"):
            after, report = step(state, ruleset, orders)
        assert (np.abs(statements(state, after, report).differences()) <= 1e-6).all()
        return after, report


@pytest.fixture(scope="module")
def board(deals: Any) -> Board:
    return Board(deals)


def test_a_cleared_deal_is_settled_at_once(board: Board) -> None:
    ruleset = board.rules(Decision.CLEARED)
    after, report = board.play(board.start(ruleset), ruleset, board.bid())
    assert report.settlement is not None
    assert report.settlement.reviewed is not None
    assert (report.settlement.reviewed.decision == Decision.CLEARED).all()
    assert (after.status[board.kite] == Status.CONTROLLED).all()


def test_a_forbidden_deal_costs_its_advisers_and_cannot_be_filed_anew(board: Board) -> None:
    ruleset = board.rules(Decision.FORBIDDEN)
    start = board.start(ruleset)
    after, report = board.play(start, ruleset, board.bid())
    assert report.settlement is not None
    assert (report.settlement.answers.reasons[2 * board.harbour] == int(DealFlag.FORBIDDEN)).all()
    assert not report.settlement.accepted.any()
    assert (after.shares == start.shares).all()
    assert (report.lines[Line.DEAL_COST, [board.harbour, board.kite]] < 0.0).all()
    assert (report.lines[Line.STAKES_BOUGHT] == 0.0).all()
    row = 2 * board.harbour
    assert (legal(board.bid(), after, ruleset)[row] & int(DealFlag.REVIEW)).all()
    new = board.deals.one(board.harbour, board.kite)
    new.new_shares[1, row] = 1000
    assert (legal(new, after, ruleset)[row] & int(DealFlag.REVIEW)).all()
    pledge = board.deals.one(board.harbour, board.kite)
    pledge.cash[0, row] = 5.0
    assert (legal(pledge, after, ruleset)[row] == 0).all()
    for _ in range(ruleset.rules.refile):
        after, _ = board.play(after, ruleset)
    assert not (legal(board.bid(), after, ruleset)[row] & int(DealFlag.REVIEW)).any()


def test_a_delayed_deal_is_settled_when_it_is_cleared_at_the_price_agreed(board: Board) -> None:
    ruleset = board.rules(Decision.DELAYED)
    start = board.start(ruleset)
    state, report = board.play(start, ruleset, board.bid(1500.0))
    assert (state.shares == start.shares).all()
    assert (state.waiting_due.max(axis=0) == SURE[Decision.DELAYED].quarters).all()
    spent = start.authorisation[board.harbour] - state.authorisation[board.harbour]
    np.testing.assert_allclose(spent, 1500.0)
    row = 2 * board.harbour
    assert (legal(board.bid(), state, ruleset)[row] & int(DealFlag.REVIEW)).all()
    for _ in range(SURE[Decision.DELAYED].quarters - 1):
        state, report = board.play(state, ruleset)
        assert (state.status[board.kite] == Status.INDEPENDENT).all()
    before, (state, report) = state, board.play(state, ruleset)
    assert (report.review_ended.max(axis=0) == COMPLETED).all()
    assert (state.status[board.kite] == Status.CONTROLLED).all()
    np.testing.assert_allclose(report.lines[Line.STAKES_BOUGHT, board.harbour], -1500.0)
    assert (before.waiting_due.max(axis=0) > 0).all()
    for name in ("waiting_due", "waiting_cash", "waiting_extra"):
        assert not getattr(state, name).any(), name
    assert (state.waiting_proposer == -1).all()
    assert (stakes(state)[board.harbour, board.kite] > 0.99).all()


def test_whoever_cannot_pay_when_it_is_cleared_pays_a_fee(board: Board) -> None:
    ruleset = board.rules(Decision.DELAYED)
    state, _ = board.play(board.start(ruleset), ruleset, board.bid(1500.0))
    cash = state.cash.copy()
    cash[board.harbour] = 800.0
    state = replace(state, cash=cash)
    ended = np.zeros(state.cash.shape[-1])
    while not ended.any():
        state, report = board.play(state, ruleset)
        ended = report.review_ended.max(axis=0)
    assert (ended == BROKEN_OFF).all()
    fee = ruleset.rules.breakup_fee * 1500.0
    np.testing.assert_allclose(report.lines[Line.DEALS, board.kite], fee)
    np.testing.assert_allclose(report.lines[Line.DEALS, board.harbour], -fee)
    assert (state.status[board.kite] == Status.INDEPENDENT).all()
    assert not state.waiting_due.any()


def test_a_full_waiting_list_takes_no_more(board: Board) -> None:
    ruleset = board.rules(Decision.DELAYED)
    start = board.start(ruleset)
    due = np.full_like(start.waiting_due, 7)
    state, report = board.play(replace(start, waiting_due=due), ruleset, board.bid())
    assert report.settlement is not None
    assert (report.settlement.answers.reasons[2 * board.harbour] == int(DealFlag.FORBIDDEN)).all()
    assert (state.waiting_due == 7).all()


def test_remedies_sell_the_line_of_the_target_to_somebody_else(board: Board) -> None:
    ruleset = board.rules(Decision.REMEDIES)
    start = board.start(ruleset)
    market = ruleset.market("phones/home")
    rich = start.cash.copy()
    rich[board.lantern] += 20_000.0
    start = replace(start, cash=rich, contribution=np.maximum(start.contribution, 30.0))
    after, report = board.play(start, ruleset, board.bid())
    assert (report.divested[board.kite, market] == board.lantern).all()
    assert (after.status[board.kite] == Status.CONTROLLED).all()
    assert not after.on_sale[board.kite, market].any()
    assert after.on_sale[board.lantern, market].all()
    got = report.lines[Line.BUSINESSES]
    assert (got[board.kite] > 0.0).all()
    np.testing.assert_allclose(got.sum(axis=0), 0.0, atol=1e-9)
    assert not after.undertaking_until.any()


def test_where_nobody_buys_the_two_undertake(board: Board) -> None:
    ruleset = board.rules(Decision.REMEDIES)
    start = board.start(ruleset)
    poor = start.cash.copy()
    poor[board.lantern] = 0.0
    after, report = board.play(replace(start, cash=poor), ruleset, board.bid())
    assert (report.divested == -1).all()
    bound = [board.harbour, board.kite]
    assert (after.undertaking_until[bound] == 1 + ruleset.rules.undertaking).all()
    assert not after.undertaking_until[board.lantern].any()
    kind = ruleset.kind("web_shop")
    alone = board.deals.one(board.lantern, board.harbour)
    alone.pledge[0, kind, 0], alone.exclusive[0, kind, 0] = 0.5, True
    assert (legal(alone, after, ruleset)[0] & int(DealFlag.UNDERTAKING)).all()
    alone.exclusive[:] = False
    assert not (legal(alone, after, ruleset)[0] & int(DealFlag.UNDERTAKING)).any()
    orders = no_orders(after, ruleset)
    orders.stance[:] = 2
    later, _ = step(after, ruleset, orders)
    assert (later.stance[board.harbour] == 0).all()
    assert (later.stance[board.lantern] == 2).all()
    free = replace(after, undertaking_until=np.zeros_like(after.undertaking_until))
    assert (step(free, ruleset, orders)[0].stance[board.harbour] == 2).all()


# --------------------------------------------------------------------------- who is reviewed


def found(board: Board, packages: Packages, ruleset: Ruleset, state: State | None = None) -> Any:
    state = board.start(ruleset) if state is None else state
    cells = cells_of(packages)
    assert cells is not None
    return reviews_of(cells, facts_of_state(state, ruleset), ruleset)


def test_only_control_is_reviewed_and_only_where_both_sell(board: Board) -> None:
    ruleset = board.rules(None)
    whole = found(board, board.bid(), ruleset)
    assert (whole.buyer == board.harbour).all()
    market = ruleset.market("phones/home")
    assert (whole.market == market).all()
    units = board.deals.state.units[:, market]
    every = units.sum(axis=0) + board.deals.state.fringe_units[market]
    rise = 2e4 * units[board.harbour] * units[board.kite] / every**2
    np.testing.assert_allclose(whole.change[market], rise)
    assert found(board, board.bid(buyer=board.lantern), ruleset) is None
    total = int(shares_total(board.deals.state)[board.kite, 0])
    small, large = board.deals.one(board.harbour), board.deals.one(board.harbour)
    for packages, part in ((small, 0.31), (large, 0.51)):
        packages.new_shares[1, 2 * board.harbour] = shares_for(part, total)
    assert found(board, small, ruleset) is None
    assert found(board, large, ruleset) is not None
    decisive = board.rules(None, decisive_stake=0.3)
    founders = np.where(np.arange(3)[:, None] == board.kite, 0, board.deals.state.founders)
    public = board.deals.state.public + board.deals.state.founders - founders
    led_by_nobody = replace(board.start(decisive), founders=founders, public=public)
    assert found(board, small, decisive, led_by_nobody) is not None
    assert found(board, board.bid(), with_authority(ruleset, None)) is None
    assert found(board, board.bid(), with_authority(ruleset, Authority(file_each=1e9))) is None


def test_rights_to_buy_count_as_bought(board: Board) -> None:
    ruleset = board.rules(None)
    state = board.start(ruleset)
    total = int(shares_total(state)[board.kite, 0])
    row = 2 * board.harbour
    packages = board.deals.one(board.harbour)
    packages.new_shares[1, row] = shares_for(0.4, total)
    assert found(board, packages, ruleset) is None
    calls = state.call_shares.copy()
    calls[board.harbour, board.kite] = total
    assert found(board, packages, ruleset, replace(state, call_shares=calls)) is not None
    packages.extra[1, Extra.CALL_STAKE, row] = 0.3
    packages.extra[1, Extra.CALL_PRICE, row] = 1e-6
    assert found(board, packages, ruleset) is not None


def test_a_group_is_one_firm(board: Board) -> None:
    """Lantern makes no phones, but owns Harbour, which does."""
    ruleset = board.rules(None)
    state = board.start(ruleset)
    shares, public = state.shares.copy(), state.public.copy()
    most = state.public[board.harbour] - 1
    shares[board.lantern, board.harbour], public[board.harbour] = most, 1
    owned = replace(state, shares=shares, public=public)
    bid = board.bid(buyer=board.lantern)
    review = found(board, bid, ruleset, owned)
    np.testing.assert_allclose(review.change, found(board, board.bid(), ruleset).change)


def test_the_odds_are_what_happens(board: Board) -> None:
    ruleset = board.rules(None)
    state = board.start(ruleset)
    review = found(board, board.bid(), ruleset, state)
    np.testing.assert_allclose(review.odds.sum(axis=0), 1.0)
    counts = np.zeros(4)
    many = 4000
    wide = review.picked(np.zeros(many, np.int64))
    wide = dataclasses.replace(wide, lane=np.arange(many))
    worlds = replace(
        state, seed=np.full(many, 5, np.uint64), world=np.arange(many, dtype=np.uint64)
    )
    counts = np.bincount(decisions(wide, worlds, ruleset), minlength=4) / many
    np.testing.assert_allclose(counts, review.odds[:, 0], atol=0.03)
    uid = ruleset.company_uid
    one, other = np.full(5, uid[board.harbour]), np.full(5, uid[board.kite])
    drawn = uniforms_at(state.seed, state.world, state.turn, Purpose.REVIEW, one, other)
    assert np.unique(drawn).size == 5


def test_both_sides_count_the_odds(board: Board) -> None:
    deals, row = board.deals, 2 * board.harbour
    before = package_terms(
        board.bid(), board.start(deals.ruleset), with_authority(deals.ruleset, None),
        deals.worth, deals.cost,
    )[:, :, row]  # fmt: skip
    assert (before[:, Term.REGULATOR] == 0.0).all()
    gain = before.sum(axis=1) - before[:, Term.NEGOTIATION]
    for decision, part in ((Decision.CLEARED, 0.0), (Decision.FORBIDDEN, 0.9)):
        ruleset = board.rules(decision)
        terms = package_terms(
            board.bid(), board.start(ruleset), ruleset, deals.worth, deals.cost
        )[:, :, row]  # fmt: skip
        np.testing.assert_allclose(terms[:, Term.REGULATOR], -part * gain, atol=1e-9)
    ruleset = board.rules(Decision.REMEDIES)
    terms = package_terms(board.bid(), board.start(ruleset), ruleset, deals.worth, deals.cost)
    assert (terms[0, Term.REGULATOR, row] < 0.0).all()
    assert (terms[1, Term.REGULATOR, row] == 0.0).all()


@given(order=st.permutations(range(3)), decision=st.sampled_from(list(Decision)))
def test_the_order_of_seats_does_not_matter(
    board: Board, reseat: Any, order: Any, decision: Decision
) -> None:
    order = np.array(order)
    deals, ruleset = board.deals, board.rules(decision)
    start, packages = board.start(ruleset), board.bid()
    straight = settle(start, ruleset, packages, deals.none(), deals.worth, deals.cost)
    assert straight.reviewed is not None
    turned = settle(
        reseat.record(start, order),
        reseat.rules(ruleset, order),
        reseat.packages(packages, order),
        reseat.packages(deals.none(), order),
        *(np.take(np.take(one, order, axis=1), order, axis=2) for one in (deals.worth, deals.cost)),
    )
    place = np.argsort(order)
    after = reseat.record(straight.state, order)
    for field in array_fields(after):
        ours, theirs = getattr(after, field.name), getattr(turned.state, field.name)
        if field.name in ("waiting_proposer", "waiting_counterparty", "waiting_old_issuer"):
            ours = np.where(ours >= 0, place[np.maximum(ours, 0)], -1)
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9, err_msg=field.name)


def test_a_world_alone_is_that_world_in_a_batch(board: Board) -> None:
    ruleset = board.rules(None)
    state, packages = board.start(ruleset), board.bid()
    whole, _ = board.play(state, ruleset, packages)
    for lane in range(board.deals.worlds):
        lanes = np.array([lane, lane])
        alone, _ = board.play(take_worlds(state, lanes), ruleset, take_worlds(packages, lanes))
        for field in array_fields(State):
            one, batch = getattr(alone, field.name)[..., 0], getattr(whole, field.name)[..., lane]
            assert np.array_equal(one, batch, equal_nan=one.dtype.kind == "f"), field.name
