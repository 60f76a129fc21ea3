"""What single pledges in single worlds would bring and cost: those on a table, and no others.

The steps are those by which :mod:`game.play.pledge_value` values whole rows, to the same bits:
what is left out there adds a plain zero here.
"""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.play.cells import Cells
from game.play.in_force import InForce
from game.play.places import Places, in_turn
from game.play.pledge_rows import cost_at
from game.play.pledge_value import PledgeValues, lent_reach, shared


class PledgeSpots:
    """Values of the pledges that cells promise, and of no others."""

    def __init__(self, values: PledgeValues) -> None:
        self.values = values

    def sides(self, cells: Cells) -> tuple[Array, Array]:
        """(worth, cost) of the pledges given by each side, [X, K, L]; 0 where none is given or in
        force."""
        worth, cost = np.zeros((2, *cells.pledge.shape))
        given = (cells.pledge > 0.0) | self._in_force(cells)
        kind, side, cell = np.nonzero(np.swapaxes(given, 0, 1))
        if kind.size:
            giver, taker = cells.who[side, cell], cells.who[1 - side, cell]
            found = self.at(kind, giver, taker, cells.lane[cell])
            worth[side, kind, cell], cost[side, kind, cell] = found
        return worth, cost

    def of_running(self, running: InForce) -> tuple[Array, Array]:
        """(worth, cost) of some pledges in force, [L] each."""
        return self.at(running.kind, running.giver, running.receiver, running.lane)

    def at(self, kind: Ints, giver: Ints, taker: Ints, lane: Ints) -> tuple[Array, Array]:
        """(worth, cost) of some pledges, [L] each; kinds ascending, nobody with itself."""
        values, places = self.values, Places(kind, giver, taker, lane)
        worth = self._worth(places)
        cost = cost_at(values.cost, kind, giver, taker, lane)
        for some, paid in values.bounties.by_kind(places):
            worth[some] -= paid
            cost[some] -= paid
        running = values.facts.running
        if running.place.size:
            hand = (kind * values.count + giver) * values.worlds + lane
            place = ((kind * values.count + giver) * values.count + taker) * values.worlds + lane
            others = np.take(running.serves.reshape(-1), hand) - running.holds(place)
            worth = shared(worth, others, values.plan.partners[kind])
        return worth, cost

    def _in_force(self, cells: Cells) -> Bools:
        """Pledges in force between the sides of cells: [X, K, L]."""
        out = np.zeros(cells.pledge.shape, bool)
        running = self.values.facts.running
        out.reshape(-1)[running.among(cells.who, cells.who[::-1], cells.lane)[0]] = True
        return out

    def _worth(self, places: Places) -> Array:
        """Worth of places, kinds ascending: [P]; bounties not taken off."""
        values, plan = self.values, self.values.plan
        give, gain = values.products
        size = plan.products + 1
        product = np.take(plan.slot, places.kind, axis=1)
        more = places.pick(give, places.giver * size + product)
        more *= places.pick(gain, places.taker * size + product)
        out = in_turn(more)
        fit = places.pick(values.facts.fit, places.giver * values.count + places.taker)
        most = np.take(plan.most_fit, places.kind)
        out *= np.where(most > 0.0, np.minimum(fit, most), 1.0)
        lends = np.flatnonzero(np.take(plan.column, places.kind) >= 0)
        if lends.size:
            out[lends] = self._lent(places.some(lends), fit[lends])
        return out

    def _lent(self, places: Places, fit: Array) -> Array:
        """Worth of reach lent: [P]."""
        values, plan = self.values, self.values.plan
        able, whole, own, earns = values.lending
        column = plan.column[places.kind] + np.arange(len(values.ruleset.regions))[:, None]
        mine, theirs = (who * plan.lent + column for who in (places.giver, places.taker))
        most = places.pick(whole, theirs)
        more = lent_reach(places.pick(able, mine), most, places.pick(own, theirs), fit)
        more *= places.pick(earns, theirs)
        return in_turn(more)
