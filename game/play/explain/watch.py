"""A quarter played again, with what the laws saw kept at hand."""

from __future__ import annotations

import dataclasses

from game.core.ruleset import Ruleset
from game.core.state import State
from game.play import phases_market as market
from game.play import phases_money as books
from game.play.orders import Orders
from game.play.quarter import Quarter
from game.play.turn import PHASES


@dataclasses.dataclass(frozen=True)
class Watched:
    """One quarter of a block: its workbench and the states that the laws met."""

    quarter: Quarter
    start: State
    """Before the orders."""
    early: State
    """As pledges meet it: deals, entries and exits done."""
    late: State
    """As buyers meet it: quality, goodwill, coverage, costs and prices are this quarter's."""

    valued: State
    """As it is valued: the books are closed."""

    @property
    def ruleset(self) -> Ruleset:
        """The scenario."""
        return self.quarter.ruleset

    @property
    def turn(self) -> int:
        """The quarter, from 0."""
        return self.start.turn

    @property
    def after(self) -> State:
        """At its end."""
        return self.quarter.state


def watch(state: State, ruleset: Ruleset, orders: Orders) -> Watched:
    """Play a quarter as :func:`game.play.turn.step` does, and keep what its laws saw.

    Args:
        state: at least two worlds. orders: of all companies.
    """
    quarter = Quarter(state, ruleset, orders)
    kept = {}
    for phase in PHASES:
        kept[phase] = quarter.state
        phase(quarter)
    return Watched(
        quarter,
        state,
        early=kept[market.pledges_delivered],
        late=kept[market.demand_meets],
        valued=kept[books.valuation],
    )
