"""Straight-line trade: the least that a side must give up so that the other reaches its target.

One constraint and a range for each clause: the best exchange takes the clauses in the order of
what they cost for what they bring the other side, the last of them in part. All points of a grid
are solved at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from game.core.axes import Array, Bools

_TINY = 1e-12


@dataclass(frozen=True)
class Slopes:
    """Worth near a reference. Axis D: clauses that are solved for, E: points."""

    at: Array
    """[D, E] where it was measured."""
    mine: Array
    """[E] what the seat has there."""
    over: Array
    """[E] what the other side has above its target there."""
    d_mine: Array
    """[D, E] of one unit more of the clause."""
    d_over: Array
    """[D, E]."""

    def over_at(self, x: Array) -> Array:
        """What the other side has above its target: [E]."""
        return np.asarray(self.over + (self.d_over * (x - self.at)).sum(axis=0))

    def mine_at(self, x: Array) -> Array:
        """What the seat has: [E]."""
        return np.asarray(self.mine + (self.d_mine * (x - self.at)).sum(axis=0))


def dearest(slopes: Slopes, low: Array, high: Array) -> tuple[Array, Bools]:
    """The values that leave the seat most while the other side has its target.

    Args:
        low, high: [D, E] ranges.

    Returns:
        (values [D, E], whether the target can be reached [E]).
    """
    wish = np.where(slopes.d_mine > 0.0, high, low)
    indifferent = slopes.d_mine == 0.0
    wish = np.where(indifferent, np.where(slopes.d_over > 0.0, high, low), wish)
    back = np.where(wish == high, low, high)
    return _traded(slopes, wish, back, np.abs(slopes.d_mine * (back - wish)))


def nearest(
    slopes: Slopes, start: Array, low: Array, high: Array, weight: Array
) -> tuple[Array, Bools]:
    """The values nearest to a start at which the other side has its target.

    Args:
        start: [D, E]. weight: [D] distance of one unit.
    """
    toward = np.where(slopes.d_over > 0.0, high, low)
    return _traded(slopes, start, toward, weight[:, None] * np.abs(toward - start))


def _traded(slopes: Slopes, start: Array, end: Array, price: Array) -> tuple[Array, Bools]:
    """Clauses moved from start to end by what they bring for their price, as far as needed."""
    gain = slopes.d_over * (end - start)
    useful = gain > _TINY
    rate = np.where(useful, price / np.where(useful, gain, 1.0), np.inf)
    order = np.argsort(rate, axis=0, kind="stable")
    sorted_gain = np.take_along_axis(np.where(useful, gain, 0.0), order, axis=0)
    short = np.maximum(-slopes.over_at(start), 0.0)
    before = np.cumsum(sorted_gain, axis=0) - sorted_gain
    left = np.maximum(short - before, 0.0)
    part = np.where(sorted_gain > 0.0, np.minimum(left / np.maximum(sorted_gain, _TINY), 1.0), 0.0)
    moved = np.empty_like(part)
    np.put_along_axis(moved, order, part, axis=0)
    reached = sorted_gain.sum(axis=0) >= short - 1e-9
    return start + moved * (end - start), np.asarray(reached)
