"""What a company owns and owes, by what moved it in the quarter; and why its debt changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from game.core.axes import Array
from game.core.ruleset import Status
from game.play.explain.causes import Cause, Fact, Key, Part
from game.play.explain.watch import Watched
from game.play.report import Line

LEVELS = (Cause.CASH, Cause.DEBT, Cause.LOANS, Cause.PLEDGED_INCOME, Cause.BEYOND, Cause.VENTURES)
"""What adds to a company's worth alone."""
FLOWS = (Cause.RESCUE, Cause.AUCTION, Cause.DEALS, Cause.PAYOUT)
"""What moved the levels in the quarter, told apart from them."""

OF_FLOWS: Mapping[Cause, tuple[Line, ...]] = {
    Cause.RESCUE: (Line.DEBT_FORGIVEN,),
    Cause.AUCTION: (Line.BUSINESSES, Line.LIQUIDATED),
    Cause.DEALS: (Line.DEALS, Line.SHARES_SOLD, Line.STAKES_BOUGHT, Line.STAKES_SOLD),
    Cause.PAYOUT: (Line.DIVIDENDS_PAID, Line.ISSUED, Line.BOUGHT_BACK),
}
LENT = (Line.LOANS_GIVEN, Line.LOANS_TAKEN)
PENNY = 1e-9


@dataclasses.dataclass(frozen=True)
class Purse:
    """A company at the quarter's end, a failed one as it stood before it was wound up."""

    parts: dict[Cause, float]
    """Cash, debt and loans, and the flows, USD m; their sum is what it owns less what it owes."""
    trend: float
    """Smoothed profit, USD m a quarter."""


def purse_of(seen: Watched, company: int, lane: int, *, fresh: bool = False) -> Purse:
    """Cash, debt and claims of a company.

    Args:
        fresh: flows of the quarter apart from the levels that they moved; cash that was borrowed
            or lent is then counted with the debt or claim, so that borrowing alone moves nothing.
    """
    state = seen.valued
    failed = state.status[company, lane] == Status.FAILED
    newly = failed and seen.start.status[company, lane] != Status.FAILED
    if newly:
        return _before_the_end(seen, company, lane, fresh=fresh)
    parts = dict.fromkeys((*LEVELS[:3], *FLOWS), 0.0)
    if failed:
        return Purse(parts, 0.0)
    owed = state.loan_owed[..., lane]
    parts[Cause.CASH] = float(state.cash[company, lane])
    parts[Cause.DEBT] = -float(state.debt[company, lane])
    parts[Cause.LOANS] = float(owed[:, company].sum() - owed[company].sum())
    if fresh:
        _flows_apart(parts, seen.quarter.lines[:, company, lane])
        _rescue_apart(parts, seen, company, lane)
    return Purse(parts, float(state.profit_trend[company, lane]))


def _before_the_end(seen: Watched, company: int, lane: int, *, fresh: bool) -> Purse:
    """As it stood when it could not pay."""
    lines: Array = seen.closed_lines[:, company, lane]
    owed = seen.closed.loan_owed[..., lane]
    parts = dict.fromkeys((*LEVELS[:3], *FLOWS), 0.0)
    parts[Cause.CASH] = float(seen.start.cash[company, lane] + lines.sum())
    borrowed = float(seen.start.debt[company, lane] + lines[Line.BORROWED])
    parts[Cause.DEBT] = -max(borrowed, 0.0)
    parts[Cause.LOANS] = float(owed[:, company].sum() - owed[company].sum())
    if fresh:
        _flows_apart(parts, lines)
    return Purse(parts, float(seen.closed.profit_trend[company, lane]))


def _flows_apart(parts: dict[Cause, float], lines: Array) -> None:
    """Take flows out of the cash that they moved."""
    for cause, which in OF_FLOWS.items():
        moved = float(sum(lines[line] for line in which))
        parts[cause] += moved
        parts[Cause.CASH] -= moved
    lent, borrowed = float(sum(lines[line] for line in LENT)), float(lines[Line.BORROWED])
    parts[Cause.CASH] -= borrowed + lent
    parts[Cause.DEBT] += borrowed
    parts[Cause.LOANS] += lent


def _rescue_apart(parts: dict[Cause, float], seen: Watched, company: int, lane: int) -> None:
    """Claims that creditors gave up, taken out of debt and loans."""
    relief = float(seen.quarter.report().relief[company, lane])
    if relief <= 0.0:
        return
    fallen = float(seen.start.debt[company, lane]) + parts[Cause.DEBT]  # borrowing apart
    off = min(max(fallen, 0.0), relief)
    parts[Cause.RESCUE] += relief
    parts[Cause.DEBT] -= off
    parts[Cause.LOANS] -= relief - off


def debt_parts(seen: Watched, company: int, lane: int) -> list[Part]:
    """Why a company owes its lenders more or less than a quarter ago: from the cash flow."""
    lines = seen.quarter.lines[Line.BORROWED, company, lane]
    start, end = (float(s.debt[company, lane]) for s in (seen.start, seen.valued))
    ordered = float(seen.closed_lines[Line.BORROWED, company, lane])
    failed = seen.valued.status[company, lane] == Status.FAILED
    drawn = 0.0 if failed else float(lines) - ordered
    rest = end - start - ordered - drawn
    last = Cause.FAILED if failed else Cause.SOLD_CLAIMS if rest > 0.0 else Cause.RESCUE
    short = float(seen.start.cash[company, lane] + seen.closed_lines[:, company, lane].sum())
    found = [
        Part(Key(Cause.ORDERED), ordered),
        Part(Key(Cause.DRAWN), drawn, fact=Fact(money=(short, short + drawn))),
        Part(Key(last), rest if abs(rest) > PENNY else 0.0),
    ]
    return [part for part in found if part.amount and np.isfinite(part.amount)]
