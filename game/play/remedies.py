"""What follows from the decisions of competition authorities: deals that waited, and remedies.

long look over -> settled at the price agreed | void | void with a fee by whoever cannot pay
remedies       -> the target's line where harm is feared is auctioned; where little is feared,
                  or nobody buys, the two promise nothing to one partner alone and raise no margin
"""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.core.ruleset import Status
from game.core.state import State
from game.finance.clearing import auction
from game.play import macro
from game.play.books import deal_books
from game.play.business import pass_on
from game.play.contracts import apply_packages, legal
from game.play.handover import Handover
from game.play.packages import DealFlag, Packages
from game.play.quarter import Quarter
from game.play.regulator import Decision, Reviews
from game.play.report import Line
from game.play.review import Reviewed
from game.play.waiting import FORGIVEN, no_longer_waiting, waiting_packages

STRUCTURAL = 0.5
"""Fear from which an authority asks for a business to be sold, not for promises alone."""
COMPLETED, LAPSED, BROKEN_OFF = 1, 2, 3
"""How a deal that waited ends: settled, void, void for want of money with a fee."""


# --------------------------------------------------------------------------- deals that waited


def waiting_decided(quarter: Quarter) -> None:
    """Deals whose long look is over are settled at the price agreed, or fall."""
    state = quarter.state
    if not state.waiting_due.any():
        return
    due = (state.waiting_due > 0) & (state.waiting_due <= state.turn) & quarter.live
    if not due.any():
        return
    ended = np.zeros(due.shape, np.int8)
    for slot in np.flatnonzero(due.any(axis=1)).tolist():
        _complete(quarter, slot, due[slot], ended[slot])
    quarter.note(review_ended=ended)
    quarter.state = no_longer_waiting(quarter.state, due)


def _complete(quarter: Quarter, slot: int, due: Bools, ended: Ints) -> None:
    state, ruleset = quarter.state, quarter.ruleset
    table = waiting_packages(state, ruleset)
    table.proposer[np.arange(len(table.proposer)) != slot] = -1
    table.proposer[slot, ~due] = -1
    flags = legal(table, state, ruleset)[slot] & ~int(FORGIVEN)
    net = table.cash + table.loan
    net = np.maximum(net - net[::-1], 0.0)[:, slot]
    lane = np.flatnonzero(due)
    sides = [who[slot, lane] for who in (table.proposer.copy(), table.counterparty)]
    left, most = state.authorisation.copy(), ruleset.yearly_authorisation
    for side, who in enumerate(sides):
        given_back = left[who, lane] + net[side, lane]
        left[who, lane] = np.where(
            net[side, lane] > 0.0, np.minimum(given_back, most[who]), left[who, lane]
        )
    quarter.update(authorisation=left)
    fine = due & (flags == 0)
    poor = due & ((flags & int(DealFlag.CASH)) != 0)
    ended[due], ended[fine], ended[poor] = LAPSED, COMPLETED, BROKEN_OFF
    if poor.any():
        _break_off(quarter, sides, net, np.flatnonzero(poor), lane)
    table.proposer[slot, ~fine] = -1
    if fine.any():
        _settle(quarter, table)


def _break_off(quarter: Quarter, sides: list[Ints], net: Array, poor: Ints, lane: Ints) -> None:
    """Whoever cannot pay the price pays a fee for it, as far as its cash goes."""
    moved = quarter.zeros()
    place = np.searchsorted(lane, poor)
    for side, who in enumerate(sides):
        payer, payee = who[place], sides[1 - side][place]
        fee = quarter.ruleset.rules.breakup_fee * net[side, poor]
        fee = np.minimum(fee, np.maximum(quarter.state.cash[payer, poor], 0.0))
        np.subtract.at(moved, (payer, poor), fee)
        np.add.at(moved, (payee, poor), fee)
    quarter.update(cash=quarter.state.cash + moved)
    quarter.book(Line.DEALS, moved)


def _settle(quarter: Quarter, table: Packages) -> None:
    before = quarter.state
    quarter.state = apply_packages(table, table.proposer >= 0, before, quarter.ruleset)
    book_deals(quarter, table, before, quarter.state.cash - before.cash)
    quarter.recount()


def book_deals(quarter: Quarter, deals: Packages, before: State, moved: Array) -> None:
    """Settled deals in the books.

    Args:
        before: the state before them. moved: [N, W] USD m of cash that they moved.
    """
    books = deal_books(deals, before)
    for line, amount in books.lines.items():
        quarter.book(line, amount)
        moved = moved - amount
    quarter.update(carrying=books.carrying)
    quarter.add("raised", books.raised)
    quarter.add("gain", books.gain + quarter.state.plant - before.plant)
    quarter.book(Line.DEALS, moved)


# ------------------------------------------------------------------------------------ remedies


def remedies_made(quarter: Quarter, found: Reviewed | None) -> None:
    """Businesses are sold and undertakings given where deals were cleared so."""
    if found is None:
        return
    chosen = np.flatnonzero(found.decision == Decision.REMEDIES)
    if not chosen.size:
        return
    reviews, uid = found.reviews, quarter.ruleset.company_uid
    order = np.lexsort(
        (uid[reviews.target[chosen]], uid[reviews.buyer[chosen]], reviews.lane[chosen])
    )
    sold = np.full(quarter.state.on_sale.shape, -1, np.int16)
    for at in chosen[order].tolist():
        for market in np.flatnonzero(reviews.concern[:, at] > 0.0).tolist():
            structural = float(reviews.concern[market, at]) >= STRUCTURAL
            if not (structural and _divest(quarter, reviews, at, market, sold)):
                _undertake(quarter, reviews, at)
    quarter.note(divested=sold)


def _divest(quarter: Quarter, reviews: Reviews, at: int, market: int, sold: Ints) -> bool:
    """Auction the line of the target's group in a market; False when nobody buys it."""
    ruleset, lane = quarter.ruleset, int(reviews.lane[at])
    seller = int(reviews.seller[market, at])
    state = quarter.state
    if not state.on_sale[seller, market, lane]:
        return False
    business = Handover(quarter, ruleset, seller, lane, state.unit_cost)
    earned, _ = business.expected(market)
    rules = ruleset.rules
    tax = np.broadcast_to(macro.tax_rate(state, ruleset), state.cash.shape)[:, lane]
    worth = rules.line_quarters * (1.0 - tax) * np.maximum(earned, 0.0)
    free = macro.may_enter(state, ruleset)[:, market]
    able = (free[:, lane % free.shape[1]] | state.on_sale[:, market, lane]) & reviews.apart[:, at]
    able &= state.status[:, lane] != Status.FAILED
    purse = rules.bid_cash * np.maximum(state.cash[:, lane], 0.0)
    winner, price = auction(np.where(able, np.minimum(worth, purse), 0.0), ruleset.company_uid)
    if winner < 0:
        return False
    moved, stood = quarter.zeros(), quarter.zeros()
    moved[seller, lane], moved[winner, lane] = price, -price
    plant = business.plant_of(market)
    stood[seller, lane], stood[winner, lane] = -plant, plant
    pass_on(quarter, business, winner, market)
    quarter.update(cash=quarter.state.cash + moved)
    quarter.book(Line.BUSINESSES, moved)
    quarter.add("gain", stood)
    sold[seller, market, lane] = winner
    return True


def _undertake(quarter: Quarter, reviews: Reviews, at: int) -> None:
    lane, until = int(reviews.lane[at]), quarter.own("undertaking_until")
    ends = quarter.state.turn + 1 + quarter.ruleset.rules.undertaking
    for who in (int(reviews.buyer[at]), int(reviews.target[at])):
        until[who, lane] = max(int(until[who, lane]), ends)
        if quarter.state.pledge_exclusive[:, who, :, lane].any():
            quarter.own("pledge_exclusive")[:, who, :, lane] = False


def capped_stances(state: State, stance: Ints, pins: Ints) -> tuple[Ints, Ints]:
    """Price stances with no margin raised by whoever has undertaken not to.

    Args:
        stance: [N, C, W]. pins: [N, M, W].
    """
    if not state.undertaking_until.any():
        return stance, pins
    bound = (state.undertaking_until > state.turn)[:, None]
    capped = (np.where(bound, np.minimum(one, 0), one).astype(one.dtype) for one in (stance, pins))
    return next(capped), next(capped)
