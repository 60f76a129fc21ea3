"""Pledges in force as a list: few of all possible ones are, so nobody sweeps the whole table."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Protocol

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints
from game.core.recall import Recall


@dataclass(frozen=True)
class InForce:
    """Pledges in force, in the order of kind, giver, receiver, world; axis L."""

    shape: tuple[int, ...]
    """K, N, N, W."""
    place: Ints
    """[L] in the flattened [K, N, N, W]."""
    kind: Ints
    """[L]."""
    giver: Ints
    """[L]."""
    receiver: Ints
    """[L]."""
    lane: Ints
    """[L]."""
    left: Ints
    """[L] quarters, this one included."""
    announced: Array
    """[L] 0..1."""
    exclusive: Bools
    """[L]."""

    def pick(self, field: AnyArray) -> AnyArray:
        """Values of a field [K, N, N, W] at the pledges: [L]."""
        return np.asarray(field.reshape(-1).take(self.place))

    def holds(self, place: Ints) -> Bools:
        """Whether pledges at these places of the flattened [K, N, N, W] are in force."""
        found = np.minimum(np.searchsorted(self.place, place), max(self.place.size - 1, 0))
        return (
            np.asarray(self.place[found] == place)
            if self.place.size
            else np.zeros(place.shape, bool)
        )

    @cached_property
    def between(self) -> Bools:
        """[N, N, W] pairs of which the first gives the second something."""
        out = np.zeros(self.shape[1:], bool)
        out.reshape(-1)[self.place % max(out.size, 1)] = True
        return out

    def among(self, giver: Ints, receiver: Ints, lane: Ints) -> tuple[Ints, Ints]:
        """Pledges in force between pairs.

        Args:
            giver, receiver: [X, L]. lane: [L].

        Returns:
            (their places in a flattened [X, K, L], their numbers in this list).
        """
        kinds, count, _, worlds = self.shape
        pair = ((giver * count + receiver) * worlds + lane).reshape(-1)
        some = np.flatnonzero(self.between.reshape(-1).take(pair))
        if not some.size:
            return some, some
        step = np.arange(kinds)[:, None] * (count * count * worlds)
        place = (step + pair[some]).reshape(-1)
        number = np.minimum(self.place.searchsorted(place), self.place.size - 1)
        hit = np.flatnonzero(self.place[number] == place)
        kind, which = np.divmod(hit, some.size)
        side, cell = np.divmod(some[which], lane.size)
        return (side * kinds + kind) * lane.size + cell, number[hit]

    def only(self, chosen: Ints) -> InForce:
        """Some of the pledges, in their order, none twice."""
        if chosen.size == self.place.size:
            return self
        lists = fields(self)[1:]
        return InForce(self.shape, *(getattr(self, field.name)[chosen] for field in lists))

    @cached_property
    def by_giver(self) -> Ints:
        """[L] place of the giver of a kind in the flattened [K, N, W]."""
        return np.asarray((self.kind * self.shape[1] + self.giver) * self.shape[3] + self.lane)

    @cached_property
    def by_receiver(self) -> Ints:
        """[L] place of the receiver of a kind in the flattened [K, N, W]."""
        return np.asarray((self.kind * self.shape[1] + self.receiver) * self.shape[3] + self.lane)

    @cached_property
    def serves(self) -> Ints:
        """[K, N, W] partners that a company serves with a kind."""
        return self._count(self.by_giver)

    @cached_property
    def takes(self) -> Ints:
        """[K, N, W] partners from whom a company takes a kind."""
        return self._count(self.by_receiver)

    @cached_property
    def bound(self) -> Ints:
        """[K, N, W] partners to whom a company has promised a kind alone."""
        return self._count(self.by_giver[self.exclusive])

    def _count(self, place: Ints) -> Ints:
        kinds, count, _, worlds = self.shape
        size = kinds * count * worlds
        return np.asarray(np.bincount(place, minlength=size).reshape(kinds, count, worlds))


def in_force(announced: Array, until: Ints, exclusive: Bools, turn: int) -> InForce:
    """The pledges in force, whether or not they work yet.

    Args:
        announced, until, exclusive: [K, N, N, W].
    """
    place = np.flatnonzero(until.reshape(-1) > turn)
    strength = announced.reshape(-1).take(place)
    if not (strength > 0.0).all():
        place, strength = place[strength > 0.0], strength[strength > 0.0]
    left = until.reshape(-1).take(place).astype(np.int64) - turn
    rest, lane = np.divmod(place, announced.shape[3])
    rest, receiver = np.divmod(rest, announced.shape[2])
    kind, giver = np.divmod(rest, announced.shape[1])
    alone = exclusive.reshape(-1).take(place)
    return InForce(announced.shape, place, kind, giver, receiver, lane, left, strength, alone)


class Promises(Protocol):
    """What has contracts: a state, or a view of it."""

    @property
    def turn(self) -> int: ...
    @property
    def pledge_announced(self) -> Array: ...
    @property
    def pledge_until(self) -> Ints: ...
    @property
    def pledge_exclusive(self) -> Bools: ...


def running_of(told: Promises) -> InForce:
    """The pledges in force of a state, or of a view of it."""
    return in_force(told.pledge_announced, told.pledge_until, told.pledge_exclusive, told.turn)


_LAST: Recall[InForce] = Recall()


def _key(told: Promises) -> tuple[object, ...]:
    return told.pledge_announced, told.pledge_until, told.pledge_exclusive, told.turn


def running_seen(told: Promises) -> InForce:
    """The pledges in force for whoever looks at a state; remembered for those who follow."""
    return _LAST.keep(_key(told), running_of(told))


def running_again(told: Promises, last: bool = False) -> InForce:
    """The pledges in force, those that were seen where the contracts are the very same.

    Args:
        last: nobody follows.
    """
    found = (_LAST.take if last else _LAST.look)(_key(told))
    return running_of(told) if found is None else found
