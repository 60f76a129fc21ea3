"""Trials: what single seats' orders of a quarter come to, in worlds as the seats believe them.

One batch plays all trials of all seats and worlds. Trials of one seat in one world share their
luck; after the first quarter everybody, the seat itself too, plays as a strategist.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

import numpy as np

from game.core.axes import Array, Ints, concat_worlds, take_worlds
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.observation import Observation
from game.play.observation_build import observe
from game.play.orders import Orders
from game.play.outcome import return_to_holders
from game.play.policy import Policy
from game.play.turn import step
from game.policies import order_rows
from game.policies.order_rows import Rows

LANES = 192
"""Worlds stepped together at most: they fit a processor's caches."""
TIE = 1e-3
"""Points that a rise of the value by its start counts, to part what scores alike."""


class Lookahead:
    """Imagined worlds of some seats in some worlds of a block, ready for trials.

    Args:
        seat, lane: [Q] whose beliefs. futures: imagined worlds a trial, at least 2.
        follow: plays all seats from the second quarter on, and the others in the first.
        pause: called after every quarter of a portion: to let others work, or to stop by raising.
    """

    def __init__(
        self,
        view: Observation,
        ruleset: Ruleset,
        seat: Ints,
        lane: Ints,
        futures: int,
        follow: Policy,
        pause: Callable[[], None] = lambda: None,
    ) -> None:
        self.pause = pause
        self.ruleset, self.seat, self.futures, self.follow = ruleset, seat, futures, follow
        self.everybody = np.arange(len(ruleset.companies))
        self._worlds = self._imagine(view, lane)

    def _imagine(self, view: Observation, lane: Ints) -> State:
        """Both halves of the imagined worlds of each pair, in the order of the pairs."""
        parts, order = [], []
        for company in np.unique(self.seat).tolist():
            mine = np.flatnonzero(self.seat == company)
            parts.append(view.ahead(company, lane[mine], 2 * self.futures))
            order.append(mine)
        if len(parts) == 1:
            return parts[0]
        count = 2 * self.futures
        place = np.argsort(np.concatenate(order), kind="stable")
        return take_worlds(
            concat_worlds(parts), (place[:, None] * count + np.arange(count)).reshape(-1)
        )

    def play(self, pair: Ints, rows: Rows, quarters: int, half: int) -> Array:
        """Points of the seats after some quarters: [T, F].

        Args:
            pair: [T] place among the seats and worlds, ascending.
            rows: their orders of the first quarter.
            half: which half of the imagined worlds, 0 or 1; each has luck of its own.
        """
        found = np.zeros((len(pair), self.futures))
        for some in self._portions(pair):
            found[some] = self._play(pair[some], order_rows.take(rows, some), quarters, half)
        return found

    def _portions(self, pair: Ints) -> Iterator[Ints]:
        size = max(LANES // self.futures, 1)
        for first in range(0, len(pair), size):
            yield np.arange(first, min(first + size, len(pair)))

    def _play(self, pair: Ints, rows: Rows, quarters: int, half: int) -> Array:
        count = self.futures
        own, back = np.unique(pair, return_inverse=True)
        offset = half * count + np.arange(count)
        begun = take_worlds(self._worlds, (own[:, None] * 2 * count + offset).reshape(-1))
        lanes = (back[:, None] * count + np.arange(count)).reshape(-1)
        orders = take_worlds_of(self._orders(begun), lanes)
        state = take_worlds(begun, lanes)
        seat = np.repeat(self.seat[pair], count)
        every = np.arange(len(lanes))
        order_rows.write(
            orders, order_rows.take(rows, np.repeat(np.arange(len(pair)), count)), seat, every
        )
        state, _ = step(state, self.ruleset, orders)
        for _ in range(quarters - 1):
            self.pause()
            state, _ = step(state, self.ruleset, self._orders(state))
        self.pause()
        points = state.score + TIE * return_to_holders(state)
        return np.asarray(points[seat, every].reshape(len(pair), count))

    def _orders(self, state: State) -> Orders:
        view = observe(state, self.ruleset, self.everybody)
        return self.follow.act(view, self.ruleset, self.everybody)


def take_worlds_of(orders: Orders, lanes: Ints) -> Orders:
    """Orders and their packages at these worlds, in fresh arrays."""
    return dataclasses.replace(
        take_worlds(orders, lanes),
        proposals=take_worlds(orders.proposals, lanes),
        signed=take_worlds(orders.signed, lanes),
    )
