"""Empty orders for a policy to write on, and its own chance."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array, Ints, empty
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
