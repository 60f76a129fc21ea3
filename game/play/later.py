"""Money that waits: instalments that hang on a milestone, and loans that may become shares.

A payer has one instalment open at most. It is paid in the first quarter in which its milestone
is seen to be met, and lapses with its term. A debtor's promise to let a loan become shares lasts
as long as the loan.
"""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.play.cells import Cells
from game.play.clauses import mark
from game.play.milestones import paid_part
from game.play.packages import DealFlag, Extra, Milestone
from game.play.pairing import Pairing
from game.play.spots import Spots

INSTALMENT_FIELDS = (
    "instalment", "instalment_to", "instalment_until", "instalment_on", "instalment_target",
)  # fmt: skip


def check_later(flags: Ints, spots: Spots, state: State, ruleset: Ruleset) -> None:
    """Set the flags of what stands in the way of instalments and conversions."""
    if not spots.extra[:, Extra.INSTALMENT :].any():
        return
    last = Milestone.UNITS + len(ruleset.sectors) - 1
    for side, (giver, _) in enumerate(spots.sides()):
        amount, on, target = (
            spots.extra[side, slot] for slot in (Extra.INSTALMENT, Extra.MILESTONE, Extra.TARGET)
        )
        some = amount > 0.0
        wrong = some != (on > 0.0)
        wrong |= (on > last) | (on != np.floor(on))
        wrong |= (on > Milestone.DATE) & ~(target > 0.0)
        wrong |= some & (spots.of(state.instalment_until, giver) > 0)
        mark(flags, wrong, DealFlag.INSTALMENT)
        mark(flags, some & (amount > spots.of(state.authorisation, giver)), DealFlag.AUTHORISATION)
        convert = spots.extra[side, Extra.CONVERT_PRICE] > 0.0
        mark(flags, convert & ~(spots.loan[1 - side] > 0.0), DealFlag.OPTION)


def settle_later(books: State, spots: Spots) -> State:
    """The books with instalments and rights to convert entered."""
    extra = spots.extra
    if (extra[:, Extra.INSTALMENT] > 0.0).any():
        names = (*INSTALMENT_FIELDS, "authorisation")
        books = replace(books, **{name: getattr(books, name).copy() for name in names})
    if (extra[:, Extra.CONVERT_PRICE] > 0.0).any():
        books = replace(books, loan_price=books.loan_price.copy())
    for side, (giver, taker) in enumerate(spots.sides()):
        at = np.flatnonzero(extra[side, Extra.INSTALMENT] > 0.0)
        if at.size:
            payer = (giver[at], spots.lane[at])
            books.instalment[payer] = extra[side, Extra.INSTALMENT, at]
            books.instalment_to[payer] = taker[at]
            books.instalment_until[payer] = books.turn + 1 + spots.term[at]
            books.instalment_on[payer] = extra[side, Extra.MILESTONE, at]
            books.instalment_target[payer] = extra[side, Extra.TARGET, at]
            books.authorisation[payer] -= extra[side, Extra.INSTALMENT, at]
        at = np.flatnonzero(extra[side, Extra.CONVERT_PRICE] > 0.0)
        if at.size:
            pair = (giver[at], taker[at], spots.lane[at])
            books.loan_price[pair] = extra[side, Extra.CONVERT_PRICE, at]
    return books


def met(state: State) -> Bools:
    """Payers whose instalment falls due by the figures of the last quarter: [N, W]."""
    until = state.instalment_until
    out = np.zeros(until.shape, bool)
    payer, lane = np.nonzero(until > state.turn)
    if not payer.size:
        return out
    to, on = (
        table[payer, lane].astype(np.int64) for table in (state.instalment_to, state.instalment_on)
    )
    last = until[payer, lane] - 1 <= state.turn
    sector = np.maximum(on - Milestone.UNITS, 0)
    reached = np.select(
        [on == Milestone.PROFIT, on == Milestone.REVENUE, on >= Milestone.UNITS],
        [
            state.profit[to, lane],
            state.revenue[to, :, lane].sum(axis=1),
            state.year_units[to, sector, lane],
        ],
        0.0,
    )
    fine = reached >= state.instalment_target[payer, lane]
    out[payer, lane] = np.where(on == Milestone.DATE, last, fine)
    return out


def without_instalments(state: State, gone: Bools) -> dict[str, AnyArray]:
    """The instalment tables without those of these payers [N, W]."""
    changes = {}
    for name in INSTALMENT_FIELDS:
        table = getattr(state, name)
        nothing = -1 if name == "instalment_to" else 0
        changes[name] = np.where(gone, nothing, table).astype(table.dtype)
    return changes


def end_later(state: State, gone: Bools | None = None) -> State:
    """The state without instalments whose term has passed, or whose sides are gone [N, W]."""
    until = state.instalment_until
    if not until.any():
        return state
    over = (until > 0) & (until <= state.turn)
    if gone is not None:
        to = np.maximum(state.instalment_to, 0).astype(np.int64)
        over = (until > 0) & (gone | np.take_along_axis(gone, to, axis=0))
    return replace(state, **without_instalments(state, over)) if over.any() else state


# -------------------------------------------------------------------------------- worth


def expected_instalments(cells: Cells, pairing: Pairing) -> Array | None:
    """What the payments to come are worth to both sides, [X, L] USD m; None without any."""
    amount = cells.given(Extra.INSTALMENT)
    if amount is None:
        return None
    worth = amount * instalment_part(cells, pairing)
    return np.asarray(worth[::-1] - worth)


def hinged(cells: Cells, pairing: Pairing) -> Array:
    """What each side pays only if a figure of the other gets there, [X, L] USD m as expected.

    So much of what it buys is paid for when its worth has shown: the error of its estimate does
    not count for that part.
    """
    waits = cells.extra[:, Extra.MILESTONE] > Milestone.DATE
    amount = np.where(waits, cells.extra[:, Extra.INSTALMENT], 0.0)
    return np.asarray(amount * instalment_part(cells, pairing) if amount.any() else amount)


def instalment_part(cells: Cells, pairing: Pairing) -> Array:
    """What a dollar promised on each side's milestone is worth today: [X, L] 0..1.

    The chance that a figure which wanders without drift, in log, reaches its target within the
    term is twice that of ending beyond it (reflection); the money is discounted from the term.
    """
    facts, parts = pairing.facts, []
    for side in (0, 1):
        on, target = cells.extra[side, Extra.MILESTONE], cells.extra[side, Extra.TARGET]
        paid = paid_part(
            facts.units, facts.price, pairing.contribution[1 - side], cells.who[1 - side],
            cells.lane, on, target, cells.term, pairing.ruleset,
        )  # fmt: skip
        parts.append(paid)
    return np.stack(parts)
