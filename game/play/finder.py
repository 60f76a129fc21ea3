"""The deal finder: the best deals on the board for a seat, each with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from game.core.axes import Array
from game.play.cells import Cells
from game.play.deal_laws import capital
from game.play.odds import Believed
from game.play.packages import Term
from game.play.solver import Found, solve
from game.play.solver_question import Mode

COARSE = 3
"""Every so-many-th stake is tried: the board is searched in less detail than one pair."""


@dataclass(frozen=True)
class Reason:
    """What makes a deal worth while: the largest gain in it."""

    what: str
    """"pledge", "cash" (money in need) or "stake" (a place in the other, or votes)."""
    side: int
    """Who gives the pledge, or gains otherwise; 0 the seat."""
    kind: int
    """Of the pledge; -1 otherwise."""
    amount: float
    """USD m."""


@dataclass(frozen=True)
class Prospect:
    """A deal that the seat could make."""

    other: int
    found: Found
    reason: Reason

    @property
    def joint(self) -> float:
        """USD m that both sides win together."""
        return float(self.found.mine[0] + self.found.theirs[0])


def prospects(
    others: Iterable[int],
    believed: Callable[[int], Believed],
    blank: Callable[[int], Cells],
    stakes: int = COARSE,
) -> tuple[Prospect, ...]:
    """The best deal with each company that would make one, the largest joint surplus first.

    Args:
        others: companies to ask. believed: the seat's beliefs about one of them.
        blank: an empty package with one of them.
    """
    out = []
    for other in others:
        view = believed(other)
        found = solve(view, blank(other), Mode.BEST, stakes=stakes)
        if found.cells is not None:
            out.append(Prospect(other, found, reason_of(view, found.cells)))
    return tuple(sorted(out, key=lambda one: -one.joint))


def reason_of(view: Believed, cells: Cells) -> Reason:
    """The largest single gain in a package, in the middle of the seat's beliefs."""
    middle = view.middle()
    pairing = middle.pairing(cells)
    quarters = capital(cells, pairing)
    found = [_pledge(cells, side, pairing.worth[side] * quarters[side]) for side in (0, 1)]
    terms = middle.appraise(cells).terms[..., 0]
    needs = terms[:, Term.CASH] - (cells.cash[::-1, 0] - cells.cash[:, 0])
    votes = terms[:, Term.STAKE] + terms[:, Term.CONTROL]
    for what, gains in (("cash", needs), ("stake", votes)):
        side = int(np.argmax(gains))
        found.append(Reason(what, side, -1, float(gains[side])))
    best = max(found[:2], key=lambda one: one.amount)
    if best.amount > 0.0:
        return best
    return max(found[2:], key=lambda one: one.amount)


def _pledge(cells: Cells, side: int, gain: Array) -> Reason:
    kind = int(np.argmax(gain[:, 0]))
    return Reason("pledge", side, kind, float(gain[kind, 0]))
