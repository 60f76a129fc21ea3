"""What a further clause begins with when a person puts it on the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from game.play.packages import Extra, Milestone
from game.session.deals import Clauses

if TYPE_CHECKING:
    from game.session.verbs import Verbs

PREMIUM = 1.2
"""Price of an option or a conversion over the quote, to begin with."""
VENTURE_PART = 0.3
"""Of a joint venture's profit, to begin with."""
AHEAD = 1.2
"""Target of a milestone over the figure of today, to begin with."""
TIED: dict[Extra, tuple[Extra, ...]] = {
    Extra.CALL_STAKE: (Extra.CALL_PRICE,),
    Extra.INSTALMENT: (Extra.MILESTONE, Extra.TARGET),
    Extra.VENTURE: (Extra.VENTURE_MARKET, Extra.VENTURE_SHARE),
}
"""Slots that come and go with another."""


def further_changes(
    game: Verbs, clauses: Clauses, company: int, other: int, slot: Extra, value: float
) -> dict[str, float]:
    """The slot and what comes and goes with it, by name in lower case.

    Args:
        company: the side that gives the clause. other: the other side.
    """
    changes = {slot.name.lower(): value}
    for tied in TIED.get(slot, ()):
        if not value:
            changes[tied.name.lower()] = 0.0
        elif not clauses.further(tied):
            changes[tied.name.lower()] = _first(game, company, other, tied)
    if slot == Extra.MILESTONE and value:
        changes["target"] = AHEAD * figure(game, other, int(value))
    return changes


def _first(game: Verbs, company: int, other: int, slot: Extra) -> float:
    if slot == Extra.CALL_PRICE:
        return PREMIUM * float(game.state.quote[company, 0])
    if slot == Extra.VENTURE_MARKET:
        sells = game.state.on_sale[other, :, 0]
        return float(np.argmax(sells)) + 1.0
    if slot == Extra.VENTURE_SHARE:
        return VENTURE_PART
    if slot == Extra.MILESTONE:
        return float(Milestone.REVENUE)
    return AHEAD * figure(game, other, Milestone.REVENUE)


def figure(game: Verbs, company: int, on: int) -> float:
    """What a milestone looks at, as it is known to everybody today."""
    state = game.state
    if on >= Milestone.UNITS:
        return float(state.year_units[company, on - Milestone.UNITS, 0])
    if on == Milestone.REVENUE:
        return float(state.revenue[company, :, 0].sum())
    if on == Milestone.PROFIT:
        return max(float(game.observation.profit_guess[0, company, 0]), 1.0)
    return 0.0
