"""What competition authorities decide about the agreed deals of a quarter.

agreed deals that win control -> cleared | a long look | remedies | forbidden
"""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.play.cells import Cells, pick_cells
from game.play.deal_facts import DealFacts
from game.play.packages import DealFlag
from game.play.regulator import Decision, Reviews, decisions, reviews_of
from game.play.waiting import keep_waiting


@dataclasses.dataclass(frozen=True)
class Reviewed:
    """The reviews of a quarter's agreed deals, and what was decided."""

    reviews: Reviews
    """Their ``cell`` is the talk's number."""
    decision: Ints
    """[Q] :class:`Decision` on the review's deal: the most severe of its reviews."""

    def deals(self, decision: Decision, cells: Cells) -> Bools:
        """[L] deals of a list that were so decided."""
        return _spread(self.reviews.cell[self.decision == decision], cells)


def _spread(places: Ints, cells: Cells) -> Bools:
    """Places as a mask over the list, a lone cell in both of its places: [L]."""
    out = np.zeros(cells.size, bool)
    out[places] = True
    if cells.single != slice(None):
        out[:] = out[0]
    return out


def _once(mask: Bools, cells: Cells) -> Ints:
    """Places of a mask over the list, a lone cell once."""
    at = np.flatnonzero(mask)
    return at[cells.single] if at.size == cells.size else at


def reviewed_deals(
    cells: Cells, agreed: Bools, facts: DealFacts, state: State, ruleset: Ruleset
) -> Reviewed | None:
    """What authorities say of agreed deals; None where none is reviewed.

    Args:
        agreed: [L].
    """
    chosen = _once(agreed, cells) if any(ruleset.authorities) else np.zeros(0, np.int64)
    if not chosen.size:
        return None
    few = pick_cells(cells, np.repeat(chosen, 2) if chosen.size == 1 else chosen)
    found = reviews_of(few, facts, ruleset)
    if found is None:
        return None
    if chosen.size == 1:
        found = found.picked(np.flatnonzero(found.cell == 0))
    severest = np.zeros(few.size, np.int64)
    np.maximum.at(severest, found.cell, decisions(found, state, ruleset))
    decision = severest[found.cell]
    return Reviewed(dataclasses.replace(found, cell=chosen[found.cell]), decision)


def enter_reviews(
    state: State, found: Reviewed, cells: Cells, agreed: Bools, tie: Ints, fees: Array,
    advisers: Array, ruleset: Ruleset,
) -> tuple[State, Bools, Ints]:  # fmt: skip
    """Deals put on the waiting list, bans noted, advisers paid all the same.

    Args:
        agreed: [L]. tie: [L] order among equals, by uid. fees: [X, L] USD m.
        advisers: [N, W] USD m, written into.

    Returns:
        (state, deals to be settled now [L], what stands in the way of the others [L]
        :class:`DealFlag` bits).
    """
    reviews, turn = found.reviews, state.turn
    delayed = _once(found.deals(Decision.DELAYED, cells), cells)
    delayed = delayed[np.lexsort((tie[delayed], cells.lane[delayed]))]
    longest = np.zeros(cells.size, np.int64)
    np.maximum.at(longest, reviews.cell, reviews.quarters)
    state, placed = keep_waiting(state, cells, delayed, turn + longest[delayed])
    crowded = np.isin(reviews.cell, delayed[~placed])  # what it has no time for it forbids
    found.decision[crowded] = Decision.FORBIDDEN
    kept, forbidden = delayed[placed], found.deals(Decision.FORBIDDEN, cells)
    until = np.zeros(cells.size, np.int64)
    until[kept] = turn + longest[kept]
    until[forbidden] = turn + 1 + ruleset.rules.refile
    barred = state.review_until.copy()
    pair = (reviews.buyer, reviews.target, reviews.lane)
    barred[pair] = np.maximum(barred[pair], until[reviews.cell])
    undone = forbidden | _spread(kept, cells) if kept.size else forbidden
    paid, left = np.zeros(state.cash.shape), state.authorisation.copy()
    net = cells.cash + cells.loan
    net = np.maximum(net - net[::-1], 0.0)
    for side, who in enumerate(cells.who):
        at = _once(undone, cells)
        np.add.at(paid, (who[at], cells.lane[at]), fees[side, at])
        np.subtract.at(left, (who[kept], cells.lane[kept]), net[side, kept])
    advisers += paid
    after = replace(state, review_until=barred, cash=state.cash - paid, authorisation=left)
    why = np.where(undone, int(DealFlag.REVIEW), 0)
    why = np.where(forbidden, int(DealFlag.FORBIDDEN), why)
    return after, agreed & ~undone, why
