"""Runs: neighbouring markets of a choice that are worked out together, within the cache.

See ``game.economy.choice`` for what is worked out, and in which letters.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from game.core.axes import Array
from game.core.room import room

HIGHEST = 600.0
"""Utils over the outside good past which a product is liked no better: e^u must stay a number."""
RUN_BYTES = 160_000
"""Of one array of a run; it works in eight, which the second-level cache should hold."""
ROOMS = 4
"""Arrays that a run works in."""


class Stack(NamedTuple):
    """Neighbouring markets with equally many lines."""

    first: int
    """Line of the run."""
    market: int
    """Market of the run."""
    markets: int
    """How many."""
    each: int
    """Lines of each."""


class Part(NamedTuple):
    """Where a run stands."""

    rows: slice
    """Lines."""
    markets: slice
    """Markets with lines, in the order in which they stand."""
    loyal: bool
    stacks: tuple[Stack, ...]


@lru_cache(maxsize=64)
def parts_of(sizes: tuple[int, ...], loyal: tuple[bool, ...], row_bytes: int) -> tuple[Part, ...]:
    """Runs of markets.

    Args:
        sizes: lines of each market. loyal: whether its buyers are. row_bytes: of a line.
    """
    found: list[Part] = []
    begun, line = 0, 0
    while begun < len(sizes):
        end, rows, stacks = begun, 0, [Stack(0, 0, 0, sizes[begun])]
        while end < len(sizes) and loyal[end] == loyal[begun]:
            if end > begun and (rows + sizes[end]) * row_bytes > RUN_BYTES:
                break
            last = stacks[-1]
            if last.each == sizes[end]:
                stacks[-1] = last._replace(markets=last.markets + 1)
            else:
                stacks.append(Stack(rows, end - begun, 1, sizes[end]))
            rows, end = rows + sizes[end], end + 1
        part = slice(line, line + rows), slice(begun, end), loyal[begun], tuple(stacks)
        found.append(Part(*part))
        begun, line = end, line + rows
    return tuple(found)


class Cut(NamedTuple):
    """One stack of a run, as views."""

    lines: Array
    """[..., markets, lines of each, S, W]."""
    total: Array
    """[..., markets, S, W] room for a sum over the lines."""


class Run:
    """The markets of a run, with room to work in; of one thread.

    Every step works in the room of the one before: :meth:`evaluate`, :meth:`stay` where buyers
    are loyal, then :meth:`moments`, or :meth:`keep` and :meth:`answer`.

    Args:
        number: its place among the runs. part: where it stands.
        rooms: [ROOMS, ., S, W] that runs use one after another.
        alpha, weight: [L, S, W] of all lines.
        unit, silent: [m, S, W] of the markets with lines: g, and g times what the choice calls
            ``quiet``; g is one where nobody is loyal.
        closer: [2, m, S, W] 1 / g and 1 / (e^2l - 1).
    """

    def __init__(
        self,
        number: int,
        part: Part,
        rooms: Array,
        alpha: Array,
        weight: Array,
        unit: Array,
        silent: Array,
        closer: Array | None,
    ) -> None:
        self.number = number
        rows, markets = self.rows, self.markets = part.rows, part.markets
        self.stacks, self.loyal = part.stacks, part.loyal
        self.alpha, self.weight = alpha[rows], weight[rows]
        self.unit, self.silent = unit[markets], silent[markets]
        self.level, self.rest = room(2, *self.unit.shape)
        rooms = rooms[:, : rows.stop - rows.start]
        self.at = np.repeat(
            np.arange(markets.stop - markets.start),
            [stack.each for stack in self.stacks for _ in range(stack.markets)],
        )
        self.spare, self.liked, self.pair = rooms[0], rooms[1], rooms[2:]
        """[l, S, W] after an evaluation: y of loyal buyers, else their q; and z and x."""
        self.cuts = self._cuts(self.liked, self.level)
        self.sums = room(6, self.liked.shape[0], self.liked.shape[-1])
        if self.loyal and closer is not None:
            self.closer = closer[:, markets]
            self.free = room(2, *self.unit.shape)
            """[2, m, S, W] A / g and B / (e^2l - 1)."""
            self.pair_cuts = self._cuts(self.pair, self.free)

    def _cuts(self, lines: Array, total: Array) -> list[Cut]:
        """Views of figures of lines [..., l, S, W] and markets [..., m, S, W], stack by stack."""
        shape, outer, found = lines.shape[-2:], lines.shape[:-3], []
        for stack in self.stacks:
            end, last = stack.first + stack.markets * stack.each, stack.market + stack.markets
            here = lines[..., stack.first : end, :, :]
            found.append(
                Cut(
                    here.reshape(*outer, stack.markets, stack.each, *shape),
                    total[..., stack.market : last, :, :],
                )
            )
        return found

    def _over_lines(self, values: Array) -> Array:
        """Figures of markets [m, S, W] at each line, in spare room: faster than to broadcast."""
        return np.take(values, self.at, axis=0, out=self.spare, mode="clip")

    def without_brand(self, previous: Array, nobody: Array) -> None:
        """Part of buyers that has no previous brand, b_0.

        Args:
            previous: [l, S, W]. nobody: [m, S, W], filled.
        """
        np.copyto(self.liked, previous)
        for cut in self.cuts:
            cut.lines.sum(axis=1, out=cut.total)
        np.subtract(1.0, self.level, out=nobody)
        np.maximum(nobody, 0.0, out=nobody)

    def evaluate(self, above: Array, price: Array, spared: Array | None, capped: bool) -> None:
        """Choice without loyalty, in units of the pull, in ``liked``; 1 / level in ``rest``.

        Args:
            above: [l, S, W] utils before price. price: [l, W] USD. spared: [l, W] USD.
            capped: keep utils below ``HIGHEST``.
        """
        worth = self.liked
        if spared is not None:
            price = price - spared
        np.multiply(price[:, None], self.alpha, out=worth)
        np.subtract(above, worth, out=worth)
        if capped:
            np.minimum(worth, HIGHEST, out=worth)
        np.exp(worth, out=worth)
        for cut in self.cuts:
            cut.lines.sum(axis=1, out=cut.total)
        self.level += self.silent
        np.divide(self.unit, self.level, out=self.rest)
        worth *= self._over_lines(self.rest)

    def stay(self, previous: Array, nobody: Array) -> None:
        """Let buyers stay with their brands: ``loyal_choice``, in units of the pull.

        Args:
            previous: [l, S, W] b. nobody: [m, S, W] b_0.
        """
        free = self.free
        stay, both = self.pair
        np.add(self.liked, 1.0, out=both)
        np.reciprocal(both, out=both)
        np.multiply(previous, both, out=stay)
        both *= stay
        for cut in self.pair_cuts:
            cut.lines.sum(axis=2, out=cut.total)
        free += nobody
        self.rest *= free[0]
        free *= self.closer
        stay += self._over_lines(free[0])
        both += self._over_lines(free[1])

    def keep(self, chosen: Array) -> None:
        """Write q into an array of the choice's."""
        if self.loyal:
            np.multiply(self.liked, self.pair[0], out=chosen)
        else:
            np.copyto(chosen, self.liked)

    def answer(self, chosen: Array, sums: Array) -> None:
        """Sums over segments of w q, w alpha q, w G_nn / c and w alpha G_nn / c.

        Args:
            chosen: [l, S, W] q. sums: [4, l, W], filled.
        """
        spare, joint = self.pair
        if self.loyal:
            joint *= self.liked
        else:
            np.copyto(joint, self.liked)
        joint *= self.liked
        for place, values, part in ((0, chosen, spare), (2, joint, joint)):
            np.multiply(values, self.weight, out=part)
            np.add.reduce(part, 1, None, sums[place])
            part *= self.alpha
            np.add.reduce(part, 1, None, sums[place + 1])

    def moments(self) -> Array:
        """Sums over segments of w q times 1, alpha and alpha^2, of w G_nn / c times alpha and
        alpha^2, and of w alpha^2 G_nn^2 / (c^2 q): [6, l, W], in room that the next call uses.
        """
        total, slope, steep, own, squares, cubes = self.sums
        add, (part, again) = np.add.reduce, self.pair
        if self.loyal:
            again *= self.liked
            again /= part
            part *= self.liked
            part *= self.weight
        else:
            np.copyto(again, self.liked)
            np.multiply(self.liked, self.weight, out=part)
        add(part, 1, None, total)
        part *= self.alpha
        add(part, 1, None, slope)
        twice = np.multiply(part, again, out=self.liked)
        add(twice, 1, None, own)
        part *= self.alpha
        add(part, 1, None, steep)
        twice *= self.alpha
        add(twice, 1, None, squares)
        twice *= again
        add(twice, 1, None, cubes)
        return self.sums
