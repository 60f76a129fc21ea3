"""The workbench of a quarter: what the phases hand to one another."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from game.core.axes import AnyArray, Array, Bools, empty
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.economy.demand import Demand
from game.play.market import Offer
from game.play.orders import Orders
from game.play.outcome import Score
from game.play.pledges import PledgeEffects, PledgeList
from game.play.report import Line, Report
from game.play.settlement import Settlement


class Quarter:
    """State so far, orders, and the intermediate results of a quarter."""

    listed: PledgeList
    """Pledges in force from their delivery until the quarter's end."""
    effects: PledgeEffects
    offer: Offer
    newcomers: Array
    spend: Array
    cost: Array
    price: Array
    sold: Demand
    score: Score
    settlement: Settlement

    def __init__(self, state: State, ruleset: Ruleset, orders: Orders) -> None:
        self.start = state
        self.state = state
        self.ruleset = ruleset
        self.orders = orders
        sizes = {**ruleset.sizes, "W": state.cash.shape[-1], "B": len(Line)}
        self._report = empty(Report, sizes, turn=state.turn, settlement=None)
        self.lines = self._report.lines

    def update(self, **changes: AnyArray) -> None:
        """Replace fields of the state."""
        self.state = replace(self.state, **changes)

    def book(self, line: Line, amount: Array) -> None:
        """Enter money into the books: positive comes in. [N, W] USD m."""
        self.lines[line] += amount

    def note(self, **fields: Any) -> None:
        """Write fields of the report."""
        for name, value in fields.items():
            getattr(self._report, name)[...] = value

    def report(self) -> Report:
        """The finished report."""
        return dataclasses.replace(self._report, settlement=self.settlement)

    @property
    def live(self) -> Bools:
        """Worlds still being played: [W]."""
        return self.start.active

    def zeros(self) -> Array:
        """A fresh [N, W] of zeros."""
        return np.zeros_like(self.state.cash)
