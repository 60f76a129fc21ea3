"""Which of the agreed packages are settled together, world by world.

Rounds take every package that is the best left for both of its companies, then strike what the
round has made impossible. What a company has bound itself to is kept in a few company-wide
sums and bit sets, so that a round costs no more than the packages that are left.
"""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.cells import Cells
from game.play.packages import DealFlag, Extra
from game.play.rights import control_stake

ROUNDS = 8
_LAST = np.iinfo(np.int64).max
_PENNY = 1e-9


class _Bound:
    """What the deals taken so far leave companies free to do."""

    def __init__(
        self, cells: Cells, fees: Array, stake: Array, state: State, ruleset: Ruleset
    ) -> None:
        self.cells, self.fees, self.ruleset = cells, fees, ruleset
        shape = state.cash.shape
        self.cash, self.authorisation = state.cash.copy(), state.authorisation.copy()
        self.busy, self.issued, self.traded, self.taken_over = np.zeros((4, *shape), bool)
        self.borrowed = np.zeros(shape, bool)
        self.still, self.once = np.zeros((2, *shape), bool)
        self.gives, self.takes = np.zeros((2, *shape), np.int64)
        self.kinds = (1 << np.arange(cells.pledge.shape[1], dtype=np.int64))[:, None]
        issuer = cells.old_issuer
        self.founders_sold = np.where(issuer == cells.who, cells.old_shares, 0)
        self.own = cells.new_shares + self.founders_sold
        self.calls = cells.extra[:, Extra.CALL_STAKE] > 0.0
        self.stands = cells.extra[:, Extra.STANDSTILL] > 0.0
        self.special = (cells.extra[:, Extra.NON_COMPETE :] != 0.0).any(axis=(0, 1))
        self.gets = (self.own + cells.old_shares)[::-1] > 0
        self.gets |= self.calls[::-1]
        self.others = np.where(issuer == cells.who, 0, cells.old_shares)
        self.bits = ((cells.pledge > 0.0) * self.kinds).sum(axis=1)
        self.lent = cells.loan + cells.extra[:, Extra.VENTURE]
        paid = cells.cash + self.lent
        self.net = paid - paid[::-1]
        self.kept = self._kept()
        self.bought = self._bought(stake, state)

    def _kept(self) -> Array:
        """Part of what the other pays that reaches the company, not its founders: [X, L]."""
        cells = self.cells
        sold = np.where(cells.old_issuer == cells.who, cells.old_shares, 0)
        part = np.divide(sold, self.own, out=np.zeros(sold.shape), where=self.own > 0)
        whole = cells.extra[:, Extra.WHOLE] > 0.0  # there holders are paid
        return np.asarray(np.where(whole, 0.0, 1.0 - part))

    def _bought(self, stake: Array, state: State) -> Bools:
        """Sides that come under the other's control: [X, L]."""
        cells = self.cells
        whole = cells.extra[:, Extra.WHOLE] > 0.0
        if not self.own.any():
            return np.asarray(whole)
        out = np.zeros(cells.cash.shape, bool)
        total = state.founders + state.public + state.shares.sum(axis=0)
        for side in (0, 1):
            me, other = cells.who[side], cells.who[1 - side]
            count = total[me, cells.lane]
            held = stake[other, me, cells.lane] * count + self.own[side]
            left = state.founders[me, cells.lane] - self.founders_sold[side]
            after = count + cells.new_shares[side]
            out[side] = held > control_stake(after, left, self.ruleset, me) * after
        return np.asarray(out | whole)

    def take(self, chosen: Ints) -> None:
        """Bind the companies of these cells, each company in one of them at most."""
        cells = self.cells
        lane = cells.lane[chosen]
        for side in (0, 1):
            at = (cells.who[side, chosen], lane)
            came = cells.cash[1 - side, chosen] * self.kept[side, chosen]
            came = came + self.lent[1 - side, chosen] - self.lent[side, chosen]
            self.cash[at] += came - cells.cash[side, chosen] - self.fees[side, chosen]
            self.borrowed[at] |= self.lent[1 - side, chosen] > 0.0
            self.authorisation[at] -= np.maximum(self.net[side, chosen], 0.0)
            self.busy[at] = True
            self.issued[at] |= (self.own[side, chosen] > 0) | self.calls[side, chosen]
            self.still[at] |= self.stands[side, chosen]
            self.once[at] |= self.special[chosen]
            sold, got = self.others[side, chosen], self.own[1 - side, chosen]
            self.traded[at] |= (sold + got + self.others[1 - side, chosen]) > 0
            self.taken_over[at] |= self.bought[side, chosen]
            self.gives[at] |= self.bits[side, chosen]
            self.takes[at] |= self.bits[1 - side, chosen]

    def flags(self, chosen: Ints) -> Ints:
        """What now stands in the way of cells: [len(chosen)] :class:`DealFlag` bits."""
        cells = self.cells
        out = np.zeros(chosen.size, np.int64)
        lane = cells.lane[chosen]
        for side in (0, 1):
            at = (cells.who[side, chosen], lane)
            net = self.net[side, chosen]
            pays = net > 0.0
            for bad, flag in (
                (pays & (net > self.cash[at] + _PENNY), DealFlag.CASH),
                (pays & (net > self.authorisation[at] + _PENNY), DealFlag.AUTHORISATION),
                (
                    ((self.own[side, chosen] > 0) | self.calls[side, chosen]) & self.issued[at],
                    DealFlag.ISSUE_GAP,
                ),
                (self.gets[side, chosen] & self.still[at], DealFlag.STANDSTILL),
                (self.special[chosen] & self.once[at], DealFlag.CLASH),
                ((self.others[side, chosen] > 0) & self.traded[at], DealFlag.LOCKED),
                (self.taken_over[at] | self.bought[side, chosen], DealFlag.CONTROLLED),
                ((self.lent[1 - side, chosen] > 0.0) & self.borrowed[at], DealFlag.LOAN),
                ((self.bits[side, chosen] & self.gives[at]) != 0, DealFlag.GIVER_FULL),
                ((self.bits[1 - side, chosen] & self.takes[at]) != 0, DealFlag.RECEIVER_FULL),
            ):
                out |= np.where(bad, int(flag), 0)
        return out

    def stale(self, left: Ints) -> Ints:
        """Cells of which a company has been bound."""
        lane = self.cells.lane[left]
        one, other = self.cells.who[:, left]
        return np.asarray(left[self.busy[one, lane] | self.busy[other, lane]])


def _order(left: Ints, joint: Array, tie: Ints) -> Ints:
    """Place of each cell that is left when these are sorted by joint surplus, equals by uid: [L].

    Others have no place of their own.
    """
    order = np.lexsort((tie[left], -joint[left]))
    place = np.zeros(joint.size, np.int64)
    place[left[order]] = np.arange(order.size)
    return place


def _leading(cells: Cells, place: Ints, left: Ints, best: AnyArray) -> Bools:
    """Cells that are the best left for both of their companies."""
    lane = cells.lane[left]
    best[...] = _LAST
    for who in cells.who[:, left]:
        np.minimum.at(best, (who, lane), place[left])
    one, other = cells.who[:, left]
    return np.asarray((best[one, lane] == place[left]) & (best[other, lane] == place[left]))


def _of_sold(cells: Cells, agreed: Bools, shape: tuple[int, ...]) -> Bools:
    """Cells that move shares of a company which is to be sold whole in their world: [L]."""
    whole = (cells.extra[:, Extra.WHOLE] > 0.0) & agreed
    sold = np.zeros(shape, bool)
    side, cell = np.nonzero(whole)
    sold[cells.who[side, cell], cells.lane[cell]] = True
    moves = (cells.old_shares > 0) & sold[np.maximum(cells.old_issuer, 0), cells.lane]
    return np.asarray(moves.any(axis=0))


def take_rounds(
    cells: Cells,
    agreed: Bools,
    joint: Array,
    tie: Ints,
    fees: Array,
    stake: Array,
    state: State,
    ruleset: Ruleset,
) -> tuple[Bools, Ints]:
    """Take the best packages that can stand together.

    Args:
        cells: as they would be settled. agreed: [L] those that both sides want.
        joint: [L] USD m. tie: [L] order among equals.
        fees: [X, L] USD m, advisers. stake: [N, N, W] before the deals.

    Returns:
        (taken [L], what stood in the way of the others [L] :class:`DealFlag` bits).
    """
    taken, flags = np.zeros(cells.size, bool), np.zeros(cells.size, np.int64)
    if cells.given(Extra.WHOLE) is not None:
        clash = agreed & _of_sold(cells, agreed, state.cash.shape)
        flags[clash] = int(DealFlag.CLASH)
        agreed = agreed & ~clash
    left = np.flatnonzero(agreed)
    if not left.size:
        return taken, flags
    place = _order(left, joint, tie)
    if cells.single != slice(None):
        left, place = left[:1], np.zeros(cells.size, np.int64)
    bound = _Bound(cells, fees, stake, state, ruleset)
    best = np.empty(state.cash.shape, np.int64)
    for _ in range(ROUNDS):
        now = _leading(cells, place, left, best)
        taken[left[now]] = True
        bound.take(left[now])
        left = left[~now]
        if not left.size:
            break
        stale = bound.stale(left)
        flags[stale] = bound.flags(stale)
        left = left[flags[left] == 0]
        if not left.size:
            break
    flags[left] = int(DealFlag.PATIENCE)
    if cells.single != slice(None):
        taken[:], flags[:] = taken[0], flags[0]
    return taken, flags
