"""What contracts of earlier quarters bring about before the quarter's deals: options are used.

Everything here is rare, so it is done one by one, by world and uid: who comes first takes the
cash and the room that is left.
"""

from __future__ import annotations

import numpy as np

from game.core.axes import Ints
from game.core.ruleset import Status
from game.play.contracts import seat_by_stake
from game.play.later import met, without_instalments
from game.play.orders import Exercise, Refusal
from game.play.outcome import shares_total
from game.play.quarter import Quarter
from game.play.report import Line
from game.play.rights import control_stake
from game.play.venture_duties import buy_out, ventures_due


def duties_due(quarter: Quarter) -> None:
    """Instalments whose milestone is met are paid; rights are used where their holders say so."""
    if quarter.state.instalment_until.any():
        _instalments(quarter)
    ventures_due(quarter)
    wanted = quarter.orders.exercise
    if not wanted.any():
        return
    done = np.zeros(wanted.shape, np.int8)
    for holder, issuer, lane in _in_order(quarter, np.argwhere(wanted > 0)):
        right = int(wanted[holder, issuer, lane])
        if right & Exercise.CALL:
            why = _call(quarter, holder, issuer, lane)
            if why:
                quarter.refuse(holder, lane, why)
            else:
                done[holder, issuer, lane] |= Exercise.CALL
        if right & Exercise.CONVERT:
            why = _convert(quarter, holder, issuer, lane)
            if why:
                quarter.refuse(holder, lane, why)
            else:
                done[holder, issuer, lane] |= Exercise.CONVERT
        if right & Exercise.BUY_OUT:
            why = buy_out(quarter, holder, issuer, lane)
            if why:
                quarter.refuse(holder, lane, why)
            else:
                done[holder, issuer, lane] |= Exercise.BUY_OUT
    if done.any():
        quarter.recount()
        quarter.note(exercised=done)


def _instalments(quarter: Quarter) -> None:
    """Whoever owes an instalment pays it in full; credit or default settle what it lacks."""
    state = quarter.state
    due = met(state) & quarter.live
    if not due.any():
        return
    amount = np.where(due, state.instalment, 0.0)
    moved = -amount
    payer, lane = np.nonzero(due)
    np.add.at(moved, (state.instalment_to[payer, lane], lane), amount[payer, lane])
    quarter.update(cash=state.cash + moved, **without_instalments(state, due))
    quarter.book(Line.DEALS, moved)
    quarter.note(instalments=amount)


def _convert(quarter: Quarter, creditor: int, debtor: int, lane: int) -> Refusal:
    """Turn a loan with its interest into new shares; why not, if it cannot be done."""
    state, pair = quarter.state, (debtor, creditor, lane)
    owed, price = float(state.loan_owed[pair]), float(state.loan_price[pair])
    if not (owed > 0.0 and price > 0.0):
        return Refusal.NOT_THERE
    if Status.FAILED in (state.status[creditor, lane], state.status[debtor, lane]):
        return Refusal.FAILED
    count = int(owed / price)
    why = room_for(quarter, creditor, debtor, lane, count)
    if why:
        return why
    issue_to(quarter, creditor, debtor, lane, count, owed)
    for name in ("loan_owed", "loan_due", "loan_rate", "loan_price"):
        quarter.own(name)[pair] = 0
    return Refusal.NONE


def _in_order(quarter: Quarter, places: Ints) -> list[tuple[int, int, int]]:
    """Places of live worlds (holder, issuer, world) by world, then by uids."""
    uid = quarter.ruleset.company_uid
    live = quarter.live
    found = [(int(one), int(two), int(lane)) for one, two, lane in places if live[lane]]
    return sorted(found, key=lambda at: (at[2], int(uid[at[0]]), int(uid[at[1]])))


def _call(quarter: Quarter, holder: int, issuer: int, lane: int) -> Refusal:
    """Buy the shares of an option; why not, if it cannot be done."""
    state, pair = quarter.state, (holder, issuer, lane)
    if state.call_until[pair] <= state.turn:
        return Refusal.NOT_THERE
    if Status.FAILED in (state.status[holder, lane], state.status[issuer, lane]):
        return Refusal.FAILED
    count = int(state.call_shares[pair])
    price = count * float(state.call_price[pair])
    if price > state.cash[holder, lane]:
        return Refusal.CASH
    why = room_for(quarter, holder, issuer, lane, count)
    if why:
        return why
    paid = quarter.zeros()
    paid[issuer, lane], paid[holder, lane] = price, -price
    quarter.update(cash=state.cash + paid)
    quarter.book(Line.SHARES_SOLD, np.maximum(paid, 0.0))
    quarter.book(Line.STAKES_BOUGHT, np.minimum(paid, 0.0))
    issue_to(quarter, holder, issuer, lane, count, price)
    for name in ("call_shares", "call_price", "call_until"):
        quarter.own(name)[pair] = 0
    return Refusal.NONE


def room_for(quarter: Quarter, holder: int, issuer: int, lane: int, count: int) -> Refusal:
    """Why an issuer cannot issue so many shares to a holder, if it cannot."""
    state, ruleset = quarter.state, quarter.ruleset
    total = shares_total(state)
    outside = int(state.founders[issuer, lane] + state.public[issuer, lane])
    if outside < ruleset.rules.outside_floor * (int(total[issuer, lane]) + count):
        return Refusal.FLOOR
    bar = control_stake(total, state.founders, ruleset)[holder, lane]
    if state.shares[issuer, holder, lane] > bar * total[holder, lane]:
        return Refusal.CONTROLLED
    return Refusal.NONE


def issue_to(
    quarter: Quarter, holder: int, issuer: int, lane: int, count: int, price: float
) -> None:
    """New shares for what they cost, in both books; seats and lock-ups follow.

    Args:
        price: USD m for all of them, in cash or for a claim.
    """
    state, pair = quarter.state, (holder, issuer, lane)
    quarter.own("shares")[pair] += count
    quarter.own("carrying")[pair] += price
    raised = quarter.zeros()
    raised[issuer, lane] = price
    quarter.add("raised", raised)
    quarter.own("locked_until")[pair] = state.turn + quarter.ruleset.rules.lockup
    quarter.own("board")
    seat_by_stake(quarter.state, np.array([issuer]), np.array([lane]), quarter.ruleset)
