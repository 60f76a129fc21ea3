"""Clauses beyond money, shares, pledges and loans: what is legal, what they change, how they end.

A board seat, a standstill, an option on new shares and a promise not to enter a market each run
for the term of their package. They are kept in pair tables, one of a kind an ordered pair.
"""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints, any_over
from game.core.once import once
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.play.outcome import shares_total
from game.play.packages import BASIC, DealFlag, Extra
from game.play.rights import control_stake
from game.play.spots import Spots

_SIGNED = (Extra.NON_COMPETE, Extra.BUSINESS)
"""Slots that name a market or, below zero, a sector."""
_YES_OR_NO = (Extra.BOARD, Extra.STANDSTILL, Extra.WHOLE)
_ADVANCED = tuple(slot for slot in Extra if slot not in BASIC)


def mark(flags: Ints, where: Bools, flag: DealFlag) -> None:
    """Set a flag where something stands in the way."""
    flags |= np.where(where, int(flag), 0)


def shares_for(stake: float | Array, total: AnyArray) -> AnyArray:
    """New shares that make a stake of the enlarged company: whole counts."""
    part = np.asarray(stake, dtype=np.float64)
    return np.floor(part / np.maximum(1.0 - part, 1e-9) * total + 0.5).astype(np.int64)


def everywhere(ruleset: Ruleset) -> int:
    """The bits of all regions."""
    return (1 << len(ruleset.regions)) - 1


@once
def _named(ruleset: Ruleset) -> tuple[int, Bools]:
    """Markets by the number that names them: [.., M], and the row of number zero."""
    sectors, markets = len(ruleset.sectors), len(ruleset.markets)
    table = np.zeros((sectors + 1 + markets, markets), bool)
    for sector in range(sectors):
        table[sectors - 1 - sector] = ruleset.market_sector == sector
    table[sectors + 1 + np.arange(markets), np.arange(markets)] = True
    return sectors, table


def named_markets(number: Array, ruleset: Ruleset) -> Bools:
    """Markets that a clause names: a market + 1, or -(a sector + 1). [L] gives [L, M].

    A number that names nothing gives no market.
    """
    zero, table = _named(ruleset)
    row = np.asarray(number, np.int64) + zero
    known = (row >= 0) & (row < len(table)) & (np.asarray(number) == np.floor(number))
    return np.asarray(table[np.where(known, row, zero)])


# ---------------------------------------------------------------------------------- legality


@once
def _terms(ruleset: Ruleset) -> Bools:
    """Whether a number of quarters is a term of the rules; the last place is none."""
    known = np.zeros(max(ruleset.rules.terms, default=0) + 2, bool)
    known[list(ruleset.rules.terms)] = True
    return known


def is_term(term: Ints, ruleset: Ruleset) -> Bools:
    """Whether terms are those of the rules: [L]."""
    known = _terms(ruleset)
    inside = (term >= 0) & (term < len(known))
    return np.asarray(known.take(np.where(inside, term, len(known) - 1)))


def check_clauses(
    flags: Ints, spots: Spots, held: Array, total: Ints, state: State, ruleset: Ruleset
) -> None:
    """Set the flags of what stands in the way of further clauses.

    Args:
        held: [N, N, W] stakes. total: [N, W] shares.
    """
    if state.standstill_until.any():
        _check_barred(flags, spots, state, state.standstill_until, DealFlag.STANDSTILL)
    if state.review_until.any():
        _check_barred(flags, spots, state, state.review_until, DealFlag.REVIEW)
    if spots.regions.any():
        wrong = (spots.pledge > 0.0) & (spots.regions != 0)
        wrong &= (spots.regions & everywhere(ruleset)) != spots.regions
        mark(flags, any_over(wrong, (0, 1)), DealFlag.REGION)
    some = np.flatnonzero(spots.extra.any(axis=(0, 1)))
    if not some.size:
        return
    flags[some] |= _clause_flags(spots.extra[..., some], spots.term[some], ruleset)
    for side, (giver, taker) in enumerate(spots.sides()):
        _check_call(flags, spots, side, giver, taker, held, total, state, ruleset)
        _check_promise(flags, spots, side, giver, state, ruleset)


def _clause_flags(extra: Array, term: Ints, ruleset: Ruleset) -> Ints:
    """What is wrong with further clauses in themselves: [L] flags, of places that hold any.

    Args:
        extra: [X, E, L]. term: [L] quarters.
    """
    flags = np.zeros(term.shape, np.int64)
    used = (extra != 0.0).any(axis=0)
    mark(flags, ~is_term(term, ruleset), DealFlag.TERM)
    if not ruleset.rules.advanced_deals:
        mark(flags, used[list(_ADVANCED)].any(axis=0), DealFlag.ADVANCED)
    wrong = ~np.isfinite(extra)
    unsigned = [slot for slot in Extra if slot not in _SIGNED]
    wrong[:, unsigned] |= extra[:, unsigned] < 0.0
    wrong[:, _YES_OR_NO] |= (extra[:, _YES_OR_NO] != 0.0) & (extra[:, _YES_OR_NO] != 1.0)
    mark(flags, any_over(wrong, (0, 1)), DealFlag.CLAUSE)
    return flags


def _check_barred(flags: Ints, spots: Spots, state: State, until: Ints, flag: DealFlag) -> None:
    """Whoever stands still towards a company, or is before an authority with it, gets none of its
    shares, and no right to any.

    Args:
        until: [N, N, W] quarter, buyer by company.
    """
    turn = state.turn
    for side, (giver, taker) in enumerate(spots.sides()):
        issuer = np.maximum(spots.old_issuer[side].astype(np.int64), 0)
        new = (spots.new_shares[side] > 0) | (spots.extra[side, Extra.CALL_STAKE] > 0.0)
        new |= (spots.extra[side, (Extra.WHOLE, Extra.CONVERT_PRICE)] > 0.0).any(axis=0)
        bound = new & (spots.pair(until, taker, giver) > turn)
        old = (spots.old_shares[side] > 0) & (issuer != taker)
        bound |= old & (spots.pair(until, taker, issuer) > turn)
        mark(flags, bound, flag)


def _check_call(
    flags: Ints, spots: Spots, side: int, giver: Ints, taker: Ints,
    held: Array, total: Ints, state: State, ruleset: Ruleset,
) -> None:  # fmt: skip
    """An option says how many shares at which price, and can be used when it is granted."""
    stake, price = spots.extra[side, Extra.CALL_STAKE], spots.extra[side, Extra.CALL_PRICE]
    convert = spots.extra[side, Extra.CONVERT_PRICE] > 0.0
    some = stake > 0.0
    if not (some.any() or (price > 0.0).any() or convert.any()):
        return
    wrong = (some != (price > 0.0)) | (stake >= 1.0)
    wrong |= some & (spots.pair(state.call_until, taker, giver) > state.turn)
    mark(flags, wrong, DealFlag.OPTION)
    some |= convert
    count, own = (spots.of(field, taker) for field in (total, state.founders))
    parent = spots.pair(held, giver, taker) > control_stake(count, own, ruleset, taker)
    mark(flags, some & parent, DealFlag.PARENT)
    new, old = spots.new_shares[side], spots.old_shares[side]
    sold = np.where(spots.old_issuer[side] == giver, old, 0)
    outside = spots.of(state.founders + state.public, giver) - sold
    after = spots.of(total, giver) + new
    after = after + shares_for(np.minimum(stake, 0.99), after) + _open_calls(spots, giver, state)
    lent = np.where(convert, spots.loan[1 - side], 0.0)
    after = after + lent / np.maximum(spots.extra[side, Extra.CONVERT_PRICE], 1e-30)
    mark(flags, some & (outside < ruleset.rules.outside_floor * after), DealFlag.FLOOR)


def _open_calls(spots: Spots, issuer: Ints, state: State) -> Ints:
    """Shares of an issuer that holders may still call: [L]."""
    if not state.call_until.any():
        return np.zeros(issuer.shape, np.int64)
    return np.asarray(spots.of(state.call_shares.sum(axis=0), issuer))


def _check_promise(
    flags: Ints, spots: Spots, side: int, giver: Ints, state: State, ruleset: Ruleset
) -> None:
    """Nobody promises to stay out of where it sells, unless it hands that business over."""
    number = spots.extra[side, Extra.NON_COMPETE]
    if not number.any():
        return
    markets = named_markets(number, ruleset)
    there = (state.on_sale | (state.entry_due >= 0))[giver, :, spots.lane]
    given = named_markets(spots.extra[side, Extra.BUSINESS], ruleset)
    wrong = ~markets.any(axis=1) | (markets & there & ~given).any(axis=1)
    mark(flags, (number != 0.0) & wrong, DealFlag.NON_COMPETE)


# -------------------------------------------------------------------------------- settlement


def settle_clauses(books: State, spots: Spots, ruleset: Ruleset) -> State:
    """The books with the further clauses entered; shares have been moved before.

    Args:
        books: whose tables of :data:`CHANGED` may not be written into.
    """
    used = (spots.extra != 0.0).any(axis=(0, 2))
    names = {name for slot, of_it in CHANGED.items() if used[slot] for name in of_it}
    if not names:
        return books
    books = replace(books, **{name: getattr(books, name).copy() for name in names})
    until = books.turn + 1 + spots.term
    for side, (giver, taker) in enumerate(spots.sides()):
        lane, extra = spots.lane, spots.extra[side]
        at = np.flatnonzero(extra[Extra.BOARD] > 0.0)
        seat = (taker[at], giver[at], lane[at])
        books.board_until[seat] = np.maximum(books.board_until[seat], until[at])
        books.board[seat] = True
        at = np.flatnonzero(extra[Extra.STANDSTILL] > 0.0)
        still = (giver[at], taker[at], lane[at])
        books.standstill_until[still] = np.maximum(books.standstill_until[still], until[at])
        at = np.flatnonzero(extra[Extra.CALL_STAKE] > 0.0)
        _grant_call(books, spots, side, at, giver, taker, until)
        at = np.flatnonzero(extra[Extra.NON_COMPETE] != 0.0)
        spot, market = np.nonzero(named_markets(extra[Extra.NON_COMPETE, at], ruleset))
        out = (giver[at[spot]], market, lane[at[spot]])
        ends = np.maximum(books.noncompete_until[out], until[at[spot]])
        books.noncompete_until[out] = ends
    return books


def _grant_call(
    books: State, spots: Spots, side: int, at: Ints, giver: Ints, taker: Ints, until: Ints
) -> None:
    if not at.size:
        return
    pair = (taker[at], giver[at], spots.lane[at])
    total = shares_total(books)[giver[at], spots.lane[at]]
    stake, price = (spots.extra[side, slot, at] for slot in (Extra.CALL_STAKE, Extra.CALL_PRICE))
    books.call_shares[pair] = np.maximum(shares_for(stake, total), 1)
    books.call_price[pair] = price
    books.call_until[pair] = until[at]


CALL_FIELDS = ("call_shares", "call_price", "call_until")
CHANGED: dict[Extra, tuple[str, ...]] = {
    Extra.BOARD: ("board", "board_until"),
    Extra.STANDSTILL: ("standstill_until",),
    Extra.CALL_STAKE: CALL_FIELDS,
    Extra.NON_COMPETE: ("noncompete_until",),
}
"""What settling a clause changes in the state."""


# ---------------------------------------------------------------------------------- endings


def end_clauses(state: State, ruleset: Ruleset) -> State:
    """The state without contract seats, options and standstills whose term has passed."""
    changes: dict[str, AnyArray] = {}
    over = (state.board_until > 0) & (state.board_until <= state.turn)
    if over.any():
        changes["board_until"] = np.where(over, 0, state.board_until).astype("i2")
        by_stake = state.shares >= ruleset.rules.board_stake * np.maximum(shares_total(state), 1)
        changes["board"] = np.where(over, by_stake, state.board)
    over = (state.standstill_until > 0) & (state.standstill_until <= state.turn)
    if over.any():
        changes["standstill_until"] = np.where(over, 0, state.standstill_until).astype("i2")
    over = (state.call_until > 0) & (state.call_until <= state.turn)
    if over.any():
        changes |= _without_calls(state, over)
    return replace(state, **changes) if changes else state


def _without_calls(state: State, gone: Bools) -> dict[str, AnyArray]:
    return {
        name: np.where(gone, 0, getattr(state, name)).astype(getattr(state, name).dtype)
        for name in CALL_FIELDS
    }


def end_clauses_of(state: State, gone: Bools) -> State:
    """The state without what bound companies that are gone: [N, W]."""
    lost = gone[:, None] | gone[None]
    changes: dict[str, AnyArray] = {}
    for name in ("board_until", "standstill_until"):
        table = getattr(state, name)
        if (table[lost] != 0).any():
            changes[name] = np.where(lost, 0, table).astype(table.dtype)
    if (lost & (state.call_until != 0)).any():
        changes |= _without_calls(state, lost)
    if (gone[:, None] & (state.noncompete_until != 0)).any():
        bound = np.where(gone[:, None], 0, state.noncompete_until)
        changes["noncompete_until"] = bound.astype("i2")
    return replace(state, **changes) if changes else state
