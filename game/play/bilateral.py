"""Many packages between two companies, valued at once: what answers and solver work on."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from game.core.axes import Array, Ints
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.cells import Cells, pick_cells
from game.play.contracts import legal_cells
from game.play.deal_facts import DealFacts
from game.play.in_force import InForce
from game.play.pairing import Pairing
from game.play.terms import Appraisal, appraise_cells


@dataclass(frozen=True)
class PairQuotes:
    """Worth and cost of what two companies may pledge to each other, the same in all lanes."""

    worth: Array
    """[X, K] USD m a quarter at full strength, by the giving side."""
    cost: Array
    """[X, K]."""
    everybody: tuple[Array, Array]
    """Both of all companies, [K, N, N] giver by receiver."""

    def sides(self, cells: Cells) -> tuple[Array, Array]:
        """See :class:`game.play.pairing.Quotes`."""
        shape = cells.pledge.shape
        worth, cost = (np.broadcast_to(part[..., None], shape) for part in (self.worth, self.cost))
        return worth, cost

    def of_running(self, running: InForce) -> tuple[Array, Array]:
        """See :class:`game.play.pairing.Quotes`."""
        place = (running.kind, running.giver, running.receiver)
        worth, cost = (table[place] for table in self.everybody)
        return worth, cost


def quotes_of(one: int, other: int, worth: Array, cost: Array, lane: int = 0) -> PairQuotes:
    """The quotes of a pair out of the tables [K, N, N, W] of all."""
    brings, costs = (
        np.stack([table[:, one, other, lane], table[:, other, one, lane]])
        for table in (worth, cost)
    )
    return PairQuotes(brings, costs, (worth[..., lane], cost[..., lane]))


@dataclass(frozen=True)
class Bilateral:
    """Two companies, what is known of them, and what their pledges are worth."""

    facts: DealFacts
    quotes: PairQuotes
    ruleset: Ruleset

    def pairing(self, cells: Cells) -> Pairing:
        """What is known of the sides of cells."""
        return Pairing(cells, self.facts, self.ruleset, self.quotes)

    def appraise(self, cells: Cells) -> Appraisal:
        """What cells are worth to both sides."""
        return appraise_cells(cells, self.pairing(cells))

    def totals(self, cells: Cells) -> Array:
        """[X, L] USD m."""
        return self.appraise(cells).total


def flags_of(cells: Cells, state: State, ruleset: Ruleset) -> Ints:
    """What stands in the way of cells, each by itself: [L] :class:`DealFlag` bits."""
    return legal_cells(cells, state, ruleset)


def in_lanes(cells: Cells, lanes: int) -> Cells:
    """Every cell in every lane, the lanes of a cell side by side."""
    count = cells.size
    out = pick_cells(cells, np.repeat(np.arange(count), lanes))
    return dataclasses.replace(
        out, lane=np.tile(np.arange(lanes), count), place=np.arange(count * lanes)
    )
