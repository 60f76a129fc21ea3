"""Worth and cost of pledges that were worked out for whole rows of worlds, and how to read them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from game.core.axes import Array, Ints
from game.play.cells import Cells
from game.play.in_force import InForce


@dataclass(frozen=True)
class PledgeRows:
    """Worth of all pledges between pairs that have something to give and to gain.

    As it is while the giver has room for one more partner.
    """

    kind: Ints
    """[P] ascending."""
    giver: Ints
    """[P]."""
    taker: Ints
    """[P]."""
    worth: Array
    """[P + 1, W] USD m a quarter at full strength; the last row is zero."""
    row: Ints
    """[K, N, N] row of each pledge, the last one for those without worth."""
    cost: Array
    """[K, N, W] USD m a quarter to the giver, by receiver; bounties apart."""
    bounty: Array
    """[B + 1, W] USD m a quarter that the receiver pays the giver by device, taken off the worth
    already; the last row is zero."""
    bounty_row: Ints | None
    """[K, N, N] row of each pledge's bounty, the last one without; None: no kind has any."""

    def at(self, kind: Ints, giver: Ints, taker: Ints, lane: Ints) -> tuple[Array, Array]:
        """(worth, cost) of some pledges, in the shape of the arguments."""
        worlds = self.worth.shape[1]
        row = self.row[kind, giver, taker]
        worth = self.worth.reshape(-1).take(row * worlds + lane)
        cost = cost_at(self.cost, kind, giver, taker, lane)
        if self.bounty_row is not None:
            cost -= self._paid(kind, giver, taker, lane)
        return worth, cost

    def _paid(self, kind: Ints, giver: Ints, taker: Ints, lane: Ints) -> Array:
        """Bounties of some pledges, in the shape of the arguments: USD m a quarter."""
        assert self.bounty_row is not None
        place = self.bounty_row[kind, giver, taker] * self.bounty.shape[1] + lane
        return np.asarray(self.bounty.reshape(-1).take(place))

    def bounty_of(self, index: int) -> Array | None:
        """Bounties of a kind by its rows: [P of the kind, W] USD m a quarter; None without."""
        if self.bounty_row is None:
            return None
        part = self.of_kind(index)
        row = self.bounty_row[index, self.giver[part], self.taker[part]]
        return np.take(self.bounty, row, axis=0) if (row < len(self.bounty) - 1).any() else None

    def sides(self, cells: Cells) -> tuple[Array, Array]:
        """(worth, cost) of every kind given by each side of cells, [X, K, L] each."""
        kind = np.arange(len(self.row))[:, None]
        return self.at(kind, cells.who[:, None], cells.who[::-1, None], cells.lane)

    def of_running(self, running: InForce) -> tuple[Array, Array]:
        """(worth, cost) of some pledges in force, [L] each."""
        return self.at(running.kind, running.giver, running.receiver, running.lane)

    def of_kind(self, index: int) -> slice:
        """Rows of one kind."""
        first, last = np.searchsorted(self.kind, (index, index + 1))
        return slice(int(first), int(last))


def cost_at(cost: Array, kind: Ints, giver: Ints, taker: Ints, lane: Ints) -> Array:
    """Cost of some pledges to their givers, in the shape of the arguments."""
    count, worlds = cost.shape[1:]
    found = cost.reshape(-1).take((kind * count + taker) * worlds + lane)
    return np.where(giver == taker, 0.0, found)
