"""Pledges laid out for valuing: whole rows of worlds, or single worlds of a list.

The laws that value them are written once: they pick figures by row, or by row and world, and do
the same steps to the same bits.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints, any_over


class Places:
    """Pledges to be valued, kinds ascending: whole rows of worlds, or single worlds."""

    def __init__(self, kind: Ints, giver: Ints, taker: Ints, lane: Ints | None) -> None:
        self.kind, self.giver, self.taker, self.lane = kind, giver, taker, lane

    def of_kind(self, index: int) -> tuple[slice, Places]:
        """Where the places of a kind are, and those places."""
        first, last = np.searchsorted(self.kind, (index, index + 1))
        some = slice(int(first), int(last))
        return some, self.some(some)

    def some(self, part: slice | Ints) -> Places:
        """Some of the places."""
        lane = None if self.lane is None else self.lane[part]
        return Places(self.kind[part], self.giver[part], self.taker[part], lane)

    def pick(self, field: AnyArray, index: Ints) -> AnyArray:
        """Rows of a field [..., W], or its figures in the places' worlds.

        Args:
            index: row in the flattened leading axes; of single worlds for every place [.., P].
        """
        worlds = field.shape[-1]
        if self.lane is None:
            return np.asarray(field.reshape(-1, worlds).take(index, axis=0))
        return np.asarray(field.reshape(-1).take(index * worlds + self.lane))


def in_turn(parts: Array) -> Array:
    """Sum of [parts, P] one after the other, so that no bit depends on the number of places."""
    total = np.zeros(parts.shape[1:])
    for more in parts:
        total += more
    return total


class Shops:
    """Products on sale in some world, company by company; few of all there could be."""

    def __init__(self, on_sale: Bools) -> None:
        self.sold = any_over(on_sale, -1).reshape(-1)
        self.place = np.flatnonzero(self.sold)
        self.number = np.cumsum(self.sold) - 1

    def of(self, field: AnyArray) -> AnyArray:
        """A field [N, M, ..., W] at the shops: [S, ..., W]."""
        return field.reshape(-1, *field.shape[2:]).take(self.place, axis=0)

    def listed(self, place: Ints) -> Ints:
        """Which of these places of the flattened [N, M] are shops."""
        return np.flatnonzero(self.sold[place])


def gathered(values: AnyArray, target: Ints, out: AnyArray, way: np.ufunc = np.add) -> AnyArray:
    """Rows put together by target one after the other, so that no bit depends on the others.

    Args:
        values: [.., E, W]. target: [E] ascending rows of ``out``.
        out: [.., rows, W] of zeros, written to.
        way: how two rows are put together.
    """
    nth = np.arange(target.size) - np.searchsorted(target, target)
    for turn in range(int(nth.max(initial=-1)) + 1):
        some = np.flatnonzero(nth == turn)
        at, more = target[some], values[..., some, :]
        out[..., at, :] = way(out[..., at, :], more) if turn else more
    return out


CHUNK = 16384
"""Figures worked on at a time: as many as stay near the processor."""


def chunks(first: int, last: int, worlds: int) -> list[slice]:
    """Rows from first to last, some at a time.

    Args:
        worlds: figures of a row.
    """
    step = max(CHUNK // worlds, 1)
    return [slice(start, min(start + step, last)) for start in range(first, last, step)]


def ranks(used: Bools, worlds: int) -> list[tuple[bool, Ints, Ints]]:
    """The used entries of a table [parts, places], in groups without a place twice.

    Args:
        worlds: figures of an entry.

    Returns:
        (first of their places, part, place) of each group: the first used part of every place,
        then the second, ...
    """
    part, place = np.nonzero(used)
    if not part.size:
        return []
    rank = np.cumsum(used, axis=0)[part, place] - 1
    order = np.argsort(rank, kind="stable")
    edges = np.searchsorted(rank[order], np.arange(int(rank.max()) + 2)).tolist()
    part, place = part[order], place[order]
    return [
        (first == 0, part[some], place[some])
        for first, last in pairwise(edges)
        for some in chunks(first, last, worlds)
    ]


def add_to(out: Array, place: Ints, more: Array, fresh: bool) -> None:
    """Add figures to places; fresh ones are still zero."""
    out[place] = more if fresh else out[place] + more
