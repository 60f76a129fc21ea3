"""Empty orders for a policy to write on, and its own chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints, empty
from game.core.rng import Purpose, uniforms
from game.core.ruleset import Ruleset
from game.play.observation import Observation
from game.play.orders import Orders
from game.play.packages import Packages


def sizes_of(view: Observation, ruleset: Ruleset) -> dict[str, int]:
    """Length of each letter, worlds included."""
    return {**ruleset.sizes, "W": view.world.shape[-1]}


def blank(view: Observation, ruleset: Ruleset, seats: Ints) -> Orders:
    """Orders that leave the seats' dials as they stand and act on nothing.

    Args:
        seats: [A] company indices; rows of other companies keep neutral values.

    Returns:
        Orders with fresh, writable arrays.
    """
    sizes = sizes_of(view, ruleset)
    orders = empty(Orders, sizes, proposals=empty(Packages, sizes), signed=empty(Packages, sizes))
    orders.notch[seats] = view.notch
    orders.mix[seats] = view.mix
    orders.stance[seats] = view.stance
    orders.focus[seats] = view.focus
    return orders


def own_draws(view: Observation, ruleset: Ruleset, seats: Ints, count: int) -> Array:
    """The seats' own uniform draws of this quarter, never those of the game: [A, count, W]."""
    uids = ruleset.company_uid[seats]
    return uniforms(view.seed, view.world, view.turn, Purpose.POLICY, uids, count)


def own_rows(array: AnyArray, seats: Ints) -> AnyArray:
    """The seats' rows of an array whose first axis is companies: [A, ...]."""
    return np.take(array, seats, axis=0)


def own_figure(guess: Array, seats: Ints) -> Array:
    """What each seat knows about itself, exactly.

    Args:
        guess: [A, N, W] figures by viewer and company.

    Returns:
        [A, W].
    """
    return np.asarray(guess[np.arange(len(seats)), seats])


@dataclass(frozen=True)
class Listed:
    """Some seats in some worlds, one after the other; axis T."""

    row: Ints
    """[T] of the desk."""
    seat: Ints
    """[T] company."""
    lane: Ints
    """[T] world."""

    @staticmethod
    def where(chosen: Bools, seats: Ints) -> Listed:
        """The chosen ones of [A, W]."""
        row, lane = np.nonzero(chosen)
        return Listed(row, seats[row], lane)

    def own(self, field: AnyArray) -> AnyArray:
        """A figure [A, W] of theirs: [T]."""
        return np.asarray(field[self.row, self.lane])

    def each(self, field: AnyArray) -> AnyArray:
        """Their rows of a field [A, M, W]: [T, M]."""
        return np.asarray(field[self.row, :, self.lane])

    def around(self, field: AnyArray) -> AnyArray:
        """A field [M, W] in their worlds: [T, M]."""
        return np.asarray(field.T[self.lane])

    def seen(self, field: AnyArray) -> AnyArray:
        """What they see of every company in a field [A, N, W]: [N, T]."""
        return np.asarray(field[self.row, :, self.lane].T)

    def to(self, field: AnyArray) -> AnyArray:
        """A field [N, N, W] from them to every company: [N, T]."""
        return np.asarray(field[self.seat, :, self.lane].T)

    def of(self, field: AnyArray) -> AnyArray:
        """A field [N, N, W] from every company to them: [N, T]."""
        return np.asarray(field[:, self.seat, self.lane])
