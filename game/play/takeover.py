"""The whole of a company is sold: a takeover for cash, a merger for shares, or both.

What the buyer gives goes to the holders of the company, share by share: the public, its founders,
other companies. One nominee share stays with the public, so that the company stays one of the
board; its parent owns the rest and gives its orders.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from game.core.axes import Array, Bools, Ints, any_over
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.play.cells import Cells
from game.play.clauses import mark
from game.play.outcome import shares_total
from game.play.packages import DealFlag, Extra
from game.play.pairing import Pairing
from game.play.rights import control_stake
from game.play.spots import Spots

NOMINEE = 1
"""Shares of a company sold whole that stay with the public."""
SYNERGY = 0.5
"""Of a company's worth: what the end of rivalry between two that sell to the same buyers adds."""


class Sale(NamedTuple):
    """A company that is sold whole."""

    target: int
    buyer: int
    lane: int
    cash: float
    """USD m paid for all shares that the buyer lacks."""
    shares: int
    """New shares of the buyer given for them."""


def check_whole(flags: Ints, spots: Spots, held: Array, state: State, ruleset: Ruleset) -> None:
    """A company that is sold whole gives nothing else, and its buyer money or new shares."""
    if not spots.extra[:, Extra.WHOLE].any():
        return
    for side, (target, buyer) in enumerate(spots.sides()):
        some = spots.extra[side, Extra.WHOLE] > 0.0
        gives = spots.cash[side] + spots.loan[side] + spots.new_shares[side]
        gives = gives + spots.old_shares[side] + spots.pledge[side].sum(axis=0)
        other = np.abs(spots.extra[side]).sum(axis=0) - spots.extra[side, Extra.WHOLE]
        back = 1 - side
        paid = spots.cash[back] + spots.new_shares[back]
        more = spots.loan[back] + spots.old_shares[back] + spots.pledge[back].sum(axis=0)
        more = more + np.abs(spots.extra[back]).sum(axis=0)
        wrong = (gives + other > 0.0) | (more > 0.0) | ~(paid > 0.0)
        wrong |= spots.pair(state.shares, buyer, target) + NOMINEE >= spots.of(
            shares_total(state), target
        )
        wrong |= _claims_of_others(state, target, buyer, spots.lane)
        mark(flags, some & wrong, DealFlag.WHOLE)
        count, own = (spots.of(field, buyer) for field in (shares_total(state), state.founders))
        parent = spots.pair(held, target, buyer) > control_stake(count, own, ruleset, buyer)
        mark(flags, some & parent, DealFlag.PARENT)


def _claims_of_others(state: State, target: Ints, buyer: Ints, lane: Ints) -> Bools:
    """Whether somebody else still has a right to new shares of the target: [L]."""
    calls = state.call_until[:, target, lane] > state.turn
    turns = state.loan_price[target, :, lane].T > 0.0
    rights = calls | turns
    rights[buyer, np.arange(len(lane))] = False
    return np.asarray(rights.any(axis=0))


def sales_of(spots: Spots) -> list[Sale]:
    """The companies sold whole in these places."""
    found = []
    for side, (target, buyer) in enumerate(spots.sides()):
        for at in np.flatnonzero(spots.extra[side, Extra.WHOLE] > 0.0).tolist():
            cash, shares = float(spots.cash[1 - side, at]), int(spots.new_shares[1 - side, at])
            place = int(target[at]), int(buyer[at]), int(spots.lane[at])
            found.append(Sale(*place, cash, shares))
    return found


def take_out(spots: Spots) -> list[Sale]:
    """The companies sold whole, with what is paid for them taken out of the places."""
    if not spots.extra[:, Extra.WHOLE].any():
        return []
    found = sales_of(spots)
    whole = (spots.extra[:, Extra.WHOLE] > 0.0).any(axis=0)
    spots.cash = np.where(whole, 0.0, spots.cash)
    spots.new_shares = np.where(whole, 0, spots.new_shares)
    return found


class Paid(NamedTuple):
    """What the holders of a company get for their shares."""

    cash: Array
    """[N] USD m, companies."""
    shares: Ints
    """[N] of the buyer, companies."""
    cash_outside: float
    """USD m, founders and the public."""
    shares_outside: int
    each: float
    """USD m in cash for a share."""
    shares_each: float
    """Shares of the buyer for a share."""


def paid_to(sale: Sale, before: State) -> Paid:
    """What each holder of a company gets: by its shares, fractions of a share to the public."""
    held = before.shares[:, sale.target, sale.lane].astype(np.int64)
    held[sale.buyer] = 0
    outside = int(before.founders[sale.target, sale.lane] + before.public[sale.target, sale.lane])
    count = max(int(held.sum()) + outside, 1)
    cash = sale.cash * (held / count)
    shares = np.array([sale.shares * int(one) // count for one in held.tolist()], np.int64)
    left = sale.cash - float(cash.sum())
    rest = sale.shares - int(shares.sum())
    return Paid(cash, shares, left, rest, sale.cash / count, sale.shares / count)


def paid_outside(spots: Spots, before: State) -> Array:
    """What founders and the public of companies sold whole get in cash: [N, W] USD m."""
    out = np.zeros(before.cash.shape)
    if spots.extra[:, Extra.WHOLE].any():
        for sale in sales_of(spots):
            out[sale.target, sale.lane] += paid_to(sale, before).cash_outside
    return out


CHANGED = (
    "cash", "authorisation", "shares", "founders", "public", "last_issue", "locked_until",
    "disclosed", "board", "board_until", "standstill_until", "dividends", "call_shares",
    "call_price", "call_until", "loan_price",
)  # fmt: skip


def settle_whole(books: State, sales: list[Sale], ruleset: Ruleset) -> State:
    """The books with companies sold whole."""
    if not sales:
        return books
    books = replace(books, **{name: getattr(books, name).copy() for name in CHANGED})
    for sale in sales:
        _settle(books, sale, ruleset)
    return books


def _settle(books: State, sale: Sale, ruleset: Ruleset) -> None:
    target, buyer, lane = sale.target, sale.buyer, sale.lane
    paid = paid_to(sale, books)
    total = int(shares_total(books)[target, lane])
    quote = float(books.quote[buyer, lane])
    books.cash[buyer, lane] -= sale.cash
    books.cash[:, lane] += paid.cash
    books.authorisation[buyer, lane] -= sale.cash
    books.shares[:, buyer, lane] += paid.shares
    books.public[buyer, lane] += paid.shares_outside
    if sale.shares:
        books.last_issue[buyer, lane] = books.turn
    books.shares[:, target, lane] = 0
    books.shares[buyer, target, lane] = total - NOMINEE
    books.founders[target, lane], books.public[target, lane] = 0, NOMINEE
    books.dividends[target, lane] += paid.each + paid.shares_each * quote
    for name in ("board_until", "standstill_until", "call_shares", "call_price", "call_until"):
        getattr(books, name)[:, target, lane] = 0
    books.loan_price[target, :, lane] = 0.0
    books.board[:, target, lane] = books.disclosed[:, target, lane] = False
    books.locked_until[:, target, lane] = -1
    books.board[buyer, target, lane] = books.disclosed[buyer, target, lane] = True
    books.locked_until[buyer, target, lane] = books.turn + ruleset.rules.lockup
    fresh = np.flatnonzero(paid.shares)
    books.disclosed[fresh, buyer, lane] = True


def book_whole(
    sales: list[Sale], before: State, carrying: Array, raised: Array, gain: Array,
    bought: Array, sold: Array,
) -> None:  # fmt: skip
    """Companies sold whole in the books of their buyer and of the companies that held them.

    Args:
        carrying: [N, N, W]; raised, gain: [N, W]; bought, sold: [N, W] of stakes, in cash; all are
            written into.
    """
    for sale in sales:
        paid, lane = paid_to(sale, before), sale.lane
        quote = float(before.quote[sale.buyer, lane])
        carrying[sale.buyer, sale.target, lane] += sale.cash + sale.shares * quote
        raised[sale.buyer, lane] += sale.shares * quote
        bought[sale.buyer, lane] -= sale.cash
        got = paid.shares * quote
        stood = before.carrying[:, sale.target, lane].copy()
        stood[sale.buyer] = 0.0
        sold[:, lane] += paid.cash
        carrying[:, sale.buyer, lane] += got
        carrying[:, sale.target, lane] -= stood
        gain[:, lane] += paid.cash + got - stood


# -------------------------------------------------------------------------------- worth


class Whole(NamedTuple):
    """What a company sold whole is worth to both sides, [X, L] USD m each, 0 elsewhere."""

    some: Bools
    """[L] cells that hold such a sale."""
    stake: Array
    dilution: Array
    business: Array
    control: Array
    bought: Array
    """Worth of what is bought, whose error the buyer fears."""
    value: Array
    """Of all shares of each side after the sale."""
    slope: Array
    """[L] that a side gains when the other pays it one more."""


def whole_worth(cells: Cells, pairing: Pairing, costs: Array, worths: tuple[float, ...]) -> Whole:
    """What sales of whole companies are worth to both sides.

    The buyer gets what it lacks of the company, and what the end of their rivalry adds; the
    company's holders get the cash and their part of the buyer with the company in it. Control is
    worth to the buyer, and costs the holders, what it does in any deal.

    Args:
        costs: [X, L] USD m, advisers. worths: of control to its holder, of control to those who
            lose it, of the founders' majority; parts of the company's worth.
    """
    shape = cells.cash.shape
    stake, dilution, business, control, bought = np.zeros((5, *shape))
    value = pairing.equity - costs
    slope = np.ones(shape[1])
    ruleset = pairing.ruleset
    whole = cells.extra[:, Extra.WHOLE] > 0.0
    for side in (0, 1):
        some, buyer = whole[side], 1 - side
        lacks = np.where(some, 1.0 - pairing.held[buyer], 0.0)
        company = pairing.equity[side]
        gained = (
            SYNERGY * np.maximum(pairing.overlap[side], pairing.overlap[buyer]) * company * some
        )
        new = np.where(some, cells.new_shares[buyer], 0)
        part = new / np.maximum(pairing.count[buyer] + new, 1.0)
        after = pairing.equity[buyer] + lacks * company + gained - cells.cash[buyer] - costs[buyer]
        after = np.maximum(after, 0.0)
        stake[buyer] += lacks * company
        stake[side] += part * after
        dilution[buyer] -= part * after
        dilution[side] -= lacks * company
        business[buyer] += gained
        bought[buyer] += lacks * company
        bar = control_stake(pairing.count[side], pairing.founders[side], ruleset, cells.who[side])
        fresh = some & (pairing.held[buyer] <= bar)
        control[buyer] += worths[0] * fresh * company
        control[side] -= worths[1] * fresh * company
        cast = np.take(ruleset.founder_votes, cells.who[side]) * pairing.founders[side]
        every = pairing.count[side] - pairing.founders[side] + cast
        control[side] -= worths[2] * (some & (cast > ruleset.rules.control * every)) * company
        value[buyer] = np.where(some, after, value[buyer])
        slope = np.where(some, 1.0 - part, slope)
    return Whole(any_over(whole, 0), stake, dilution, business, control, bought, value, slope)
