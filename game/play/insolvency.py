"""Debts fall due; who cannot pay is restructured by its creditors or wound up.

    credit line -> clearing of loans among companies -> restructuring, or sale of everything

All of it works on the quarter's own tables. Defaults are rare, so they are settled one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from game.core.axes import Array, Bools, any_over
from game.core.ruleset import Status
from game.finance.clearing import cleared_flows
from game.play import levers, money
from game.play.outcome import shares_total
from game.play.quarter import Quarter
from game.play.report import Line
from game.play.rights import controlled, parents
from game.play.venture_value import end_ventures_of
from game.play.winding_up import wind_up

_PENNY = 1e-9


@dataclass
class Accounts:
    """What companies have and owe while defaults are settled: [N, W] USD m, written into."""

    cash: Array
    """Below zero where suppliers are still unpaid."""
    debt: Array
    raised: Array
    relief: Array
    written_off: Array
    gain: Array


def clearing_and_default(quarter: Quarter) -> None:
    """Cash is counted, loans fall due, shortfalls draw credit; what is still short defaults."""
    state, orders = quarter.state, quarter.orders
    cash = quarter.start.cash + quarter.lines.sum(axis=0)
    debt = np.maximum(state.debt + orders.borrow, 0.0)
    left = levers.credit_left(state, quarter.ruleset)
    line = left + levers.owed_in_all(state)
    room = np.maximum(left + state.debt - debt, 0.0)
    unpaid = _loans_due(quarter, cash, room)
    short = np.maximum(-cash, 0.0)
    drawn = np.minimum(short, room)
    cash += drawn
    debt += drawn
    quarter.book(Line.BORROWED, drawn)
    defaulted = (short - drawn > _PENNY) & quarter.alive
    if unpaid is not None:
        defaulted |= unpaid
    quarter.note(defaulted=defaulted)
    if defaulted.any():
        cash, debt = _settle_defaults(quarter, cash, debt, np.maximum(line, 0.0), defaulted)
    quarter.update(cash=cash, debt=debt)


def _loans_due(quarter: Quarter, cash: Array, room: Array) -> Bools | None:
    """Pay the loans due, all at once; ``cash`` is written into. Who could not: [N, W]."""
    state = quarter.state
    due = (state.loan_due > 0) & (state.loan_due <= state.turn) & quarter.live
    if not due.any():
        return None
    owed = np.where(due, state.loan_owed, 0.0)
    flows = cleared_flows(owed, cash + room)
    out, into = flows.sum(axis=1), flows.sum(axis=0)
    cash += into - out
    quarter.book(Line.LOANS_TAKEN, -out)
    quarter.book(Line.LOANS_GIVEN, into)
    left = owed - flows
    paid = due & (left <= _PENNY)
    quarter.own("loan_owed")[due] = np.where(paid, 0.0, left)[due]
    quarter.own("loan_due")[paid] = 0
    quarter.own("loan_rate")[paid] = 0.0
    quarter.own("loan_price")[paid] = 0.0
    return any_over(left > _PENNY, 1)


def _settle_defaults(
    quarter: Quarter, cash: Array, debt: Array, line: Array, defaulted: Bools
) -> tuple[Array, Array]:
    """Cash and debt after restructurings, then sales of those that are not worth saving."""
    count = quarter.zeros
    books = Accounts(cash, debt, count(), count(), count(), count())
    hopeless = defaulted & _hopeless(quarter)
    saved = defaulted & ~hopeless
    quarter.own("defaults")[defaulted] += 1
    if saved.any():
        _restructure(quarter, books, line, saved)
    if hopeless.any():
        wind_up(quarter, books, hopeless)
    quarter.state = end_ventures_of(quarter.state, defaulted)
    quarter.recount()
    noted = {"relief": books.relief, "written_off": books.written_off, "failed": hopeless}
    quarter.note(**noted)
    quarter.add("raised", books.raised)
    quarter.add("gain", books.gain)
    return books.cash, books.debt


def _hopeless(quarter: Quarter) -> Bools:
    """Companies that creditors do not save: had their chance, or are worth nothing even without
    debts. [N, W]."""
    state, ruleset = quarter.state, quarter.ruleset
    rules = ruleset.rules
    again = state.defaults >= rules.restructurings
    free = money.fundamental(state, ruleset) - state.cash + state.debt
    if state.loan_due.any():
        free = free + state.loan_owed.sum(axis=1)
    held = (state.shares * state.quote).sum(axis=1)
    return np.asarray(again | (free + held <= 0.0))


def _restructure(quarter: Quarter, books: Accounts, line: Array, saved: Bools) -> None:
    """Creditors give up a part of all claims and put cash in; they get shares for both."""
    state, rules = quarter.state, quarter.ruleset.rules
    fresh = np.where(saved, np.maximum(-books.cash, 0.0) + rules.rescue * line, 0.0)
    off = np.where(saved, rules.haircut * books.debt, 0.0)
    owed = state.loan_owed
    turned = np.where(saved[:, None], rules.haircut * owed, 0.0)
    claims = off + fresh + turned.sum(axis=1)
    part = rules.creditor_share / (1.0 - rules.creditor_share)
    issued = np.where(saved, np.ceil(part * shares_total(state)), 0).astype(np.int64)
    quarter.book(Line.DEBT_FORGIVEN, fresh)
    books.cash += fresh
    books.debt -= off
    books.relief += off + turned.sum(axis=1)
    given = _creditors_shares(quarter, books, turned, issued, claims)
    quarter.own("public")[...] += issued - given
    quarter.own("status")[saved] = Status.RESTRUCTURED
    if turned.any():
        _extend(quarter, turned)


def _creditors_shares(
    quarter: Quarter, books: Accounts, turned: Array, issued: Array, claims: Array
) -> Array:
    """Shares that companies get for their claims, whole, and enter them: [N, W] by debtor.

    A company that its debtor controls, through chains too, gets none: no subsidiary holds its
    parent. Companies together get no more than leaves outside holders their floor.
    """
    state, rules = quarter.state, quarter.ruleset.rules
    if not turned.any():
        return np.zeros_like(issued)
    total = shares_total(state) + issued
    counts = _counts(quarter, turned, issued, claims, total)
    shares, carrying = quarter.own("shares"), quarter.own("carrying")
    disclosed, board = quarter.own("disclosed"), quarter.own("board")
    for debtor, creditor, lane in np.argwhere(turned > 0.0).tolist():
        claim, count = float(turned[debtor, creditor, lane]), counts[debtor, creditor, lane]
        worth = min(claim, count * float(state.quote[debtor, lane]))
        shares[creditor, debtor, lane] += count
        carrying[creditor, debtor, lane] += worth
        books.written_off[creditor, lane] += claim - worth
        disclosed[creditor, debtor, lane] |= count > 0
    moved = any_over(turned > 0.0, 1)
    seats = shares >= rules.board_stake * np.maximum(total, 1)
    seats = (seats & (shares > 0)) | (state.board_until > state.turn)
    board[...] = np.where(moved, seats, board)
    return np.asarray(counts.sum(axis=1))


def _counts(quarter: Quarter, turned: Array, issued: Array, claims: Array, total: Array) -> Array:
    """Whole shares of each debtor for each creditor: [N, N, W], debtor by creditor.

    Args:
        total: [N, W] all shares after the issue.
    """
    state, ruleset = quarter.state, quarter.ruleset
    whole = issued[:, None] * (turned / np.maximum(claims, _PENNY)[:, None])
    held = quarter.stakes()
    top, own = parents(state, ruleset, held), np.arange(len(state.cash))
    led = controlled(state, ruleset, held) | (top[None] == own[:, None, None])
    whole[led] = 0.0
    room = (1.0 - ruleset.rules.outside_floor) * total - state.shares.sum(axis=0)
    wanted = whole.sum(axis=1)
    part = np.divide(room, wanted, out=np.ones_like(wanted), where=wanted > 0.0)
    return np.asarray(np.floor(whole * np.clip(part, 0.0, 1.0)[:, None]).astype(np.int64))


def _extend(quarter: Quarter, turned: Array) -> None:
    """What is still owed to companies falls due later."""
    state = quarter.state
    owed, due = quarter.own("loan_owed"), quarter.own("loan_due")
    owed -= turned
    later = state.turn + quarter.ruleset.rules.loan_extension
    due[turned > 0.0] = np.maximum(due[turned > 0.0], later)
