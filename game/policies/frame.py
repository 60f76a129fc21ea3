"""Empty orders for a policy to write on, and its own chance."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

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


def blank(
    view: Observation, ruleset: Ruleset, seats: Ints, proposals: Packages | None = None
) -> Orders:
    """Orders that leave the seats' dials as they stand and act on nothing.

    Args:
        seats: [A] company indices; rows of other companies keep neutral values.
        proposals: to be tabled; none by default.

    Returns:
        Orders with fresh, writable arrays.
    """
    sizes = sizes_of(view, ruleset)
    tabled = empty(Packages, sizes) if proposals is None else proposals
    orders = empty(Orders, sizes, proposals=tabled, signed=empty(Packages, sizes))
    orders.notch[seats] = view.notch
    orders.mix[seats] = view.mix
    orders.stance[seats] = view.stance
    orders.focus[seats] = view.focus
    orders.open_bids[seats] = True  # a machine sells to whoever pays more
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
class Shops:
    """What the seats sell in some world, seat by seat; axis S. Few markets are served by all."""

    row: Ints
    """[S] of the desk."""
    market: Ints
    """[S]."""
    edges: tuple[int, ...]
    """[A + 1] first shop of each seat."""
    place: Ints
    """[S] in the flattened [A, M]."""
    public: Ints
    """[S] in the flattened [N, M]."""
    markets: int
    """M."""

    @staticmethod
    def where(on_sale: Bools, seats: Ints) -> Shops:
        """Shops of the seats by what all companies sell, [N, M, W]."""
        markets = on_sale.shape[1]
        sold = np.take(np.logical_or.reduce(on_sale, axis=-1), seats, axis=0)
        row, market = np.nonzero(sold)
        edges = np.searchsorted(row, np.arange(len(seats) + 1)).tolist()
        place, public = row * markets + market, seats[row] * markets + market
        return Shops(row, market, tuple(edges), place, public, markets)

    def seen(self, field: AnyArray) -> AnyArray:
        """A public field [N, M, ..., W]: [S, ..., W]."""
        return np.take(field.reshape(-1, *field.shape[2:]), self.public, axis=0)

    def own(self, field: AnyArray) -> AnyArray:
        """A field of the seats [A, M, ...]: [S, ...]."""
        return np.take(field.reshape(-1, *field.shape[2:]), self.place, axis=0)

    def sums(self, values: AnyArray) -> AnyArray:
        """Values [..., S, W] added up by seat: [..., A, W]."""
        seats = len(self.edges) - 1
        out = np.zeros((*values.shape[:-2], seats, values.shape[-1]), values.dtype)
        for row, (first, last) in enumerate(pairwise(self.edges)):
            if last > first:
                np.add.reduce(values[..., first:last, :], axis=-2, out=out[..., row, :])
        return out

    def spread(self, values: AnyArray, fill: float = 0.0) -> AnyArray:
        """Values [..., S, W] by market: [..., A, M, W]."""
        seats, (*lead, _, worlds) = len(self.edges) - 1, values.shape
        out = np.full((*lead, seats * self.markets, worlds), fill, values.dtype)
        out[..., self.place, :] = values
        return out.reshape(*lead, seats, self.markets, worlds)


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
        return np.asarray(field.reshape(-1).take(self.row * field.shape[-1] + self.lane))

    def each(self, field: AnyArray) -> AnyArray:
        """Their rows of a field [A, M, W]: [T, M]."""
        markets, worlds = field.shape[1:]
        first = (self.row * (markets * worlds) + self.lane)[:, None]
        return np.asarray(field.reshape(-1).take(first + np.arange(markets) * worlds))

    def around(self, field: AnyArray) -> AnyArray:
        """A field [M, W] in their worlds: [T, M]."""
        markets, worlds = field.shape
        place = self.lane[:, None] + np.arange(markets) * worlds
        return np.asarray(field.reshape(-1).take(place))

    def seen(self, field: AnyArray) -> AnyArray:
        """What they see of every company in a field [A, N, W]: [N, T]."""
        return self._to(field, self.row)

    def to(self, field: AnyArray) -> AnyArray:
        """A field [N, N, W] from them to every company: [N, T]."""
        return self._to(field, self.seat)

    def of(self, field: AnyArray) -> AnyArray:
        """A field [N, N, W] from every company to them: [N, T]."""
        count, worlds = field.shape[1:]
        first = np.arange(len(field))[:, None] * (count * worlds)
        return np.asarray(field.reshape(-1).take(first + (self.seat * worlds + self.lane)))

    def _to(self, field: AnyArray, row: Ints) -> AnyArray:
        count, worlds = field.shape[1:]
        every = np.arange(count)[:, None] * worlds
        return np.asarray(field.reshape(-1).take(every + (row * (count * worlds) + self.lane)))
