"""A quarter played again, with what the laws saw kept at hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from game.core.axes import Array, map_worlds
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play import insolvency
from game.play import phases_market as market
from game.play import phases_money as books
from game.play.market import mean_terms
from game.play.orders import Orders
from game.play.quarter import Quarter
from game.play.turn import PHASES

KEPT = (
    market.pledges_delivered,
    market.demand_meets,
    insolvency.clearing_and_default,
    books.valuation,
)
"""Phases before which the state is kept."""


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
    closed: State
    """As it stands before debts fall due and defaults are settled."""
    closed_lines: Array
    """The books by then: [B, N, W] USD m."""
    valued: State
    """As it is valued: the books are closed."""
    kept: dict[int, Mapping[str, Array]] = dataclasses.field(default_factory=dict, repr=False)
    """Terms of utility that were asked for, by world."""

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

    def terms(self, lane: int) -> Mapping[str, Array]:
        """Named terms of mean utility in one world: [N, M] utils."""
        if lane not in self.kept:
            found = mean_terms(self.late, self.ruleset, self.quarter.effects)
            self.kept[lane] = {name: term[..., lane].copy() for name, term in found.items()}
        return self.kept[lane]


def watch(state: State, ruleset: Ruleset, orders: Orders) -> Watched:
    """Play a quarter as :func:`game.play.turn.step` does, and keep what its laws saw.

    Args:
        state: at least two worlds. orders: of all companies.
    """
    quarter = Quarter(state, ruleset, orders)
    kept, lines = {}, quarter.lines
    for phase in PHASES:
        if phase in KEPT:  # a copy: later phases write into the quarter's own arrays
            kept[phase] = map_worlds(quarter.state, np.copy)
        if phase is insolvency.clearing_and_default:
            lines = quarter.lines.copy()
        phase(quarter)
    early, late, closed, valued = (kept[phase] for phase in KEPT)
    return Watched(quarter, state, early, late, closed, lines, valued)
