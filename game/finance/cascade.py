"""Failures that spread through cross-holdings."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from game.core.axes import AnyArray, Array, Ints
from game.finance.valuation import value_to_outside_holders


class Cascade(NamedTuple):
    """Who fails when, and what is left; each [N] or [N, W]."""

    values: Array
    """USD m to outside holders once no more fail."""
    waves: Ints
    """Wave in which each fails, from 1; 0 where it stands."""


def failure_cascade(
    p: AnyArray, claims: AnyArray, thresholds: AnyArray | float, losses: AnyArray | float
) -> Cascade:
    """Failures wave by wave: whoever is worth less than its threshold loses a further sum at once.

    The loss is a step, so a company that barely fails drags its holders down by all of it. Begins
    with everybody standing and so ends at the best outcome there is: the fewest failures, the
    highest values.

    Args:
        p: [N] or [N, W] worth without holdings, USD m; with prices of primitive assets and a table
            of who owns them, their product (D p of the source).
        claims: [N, N] or [N, N, W] fractions, holder by issuer.
        thresholds: value to outside holders below which a company fails, USD m.
        losses: what failing costs it, USD m, at least 0. Both [N], [N, W] or a number.

    Source: Elliott, Golub and Jackson (2014), the algorithm of their section II.
    """
    p, claims = np.asarray(p, float), np.asarray(claims, float)
    worlds = claims.shape[2:] if claims.ndim > p.ndim + 1 else p.shape[1:]
    shape = (len(p), *worlds)
    start, least, cost = (_spread(figure, shape) for figure in (p, thresholds, losses))
    waves = np.zeros(shape, np.int64)
    values = np.zeros(shape)
    for wave in range(1, len(p) + 2):
        values = value_to_outside_holders(start - np.where(waves > 0, cost, 0.0), claims)
        values = values.reshape(shape)
        fresh = (values < least) & (waves == 0)
        if not fresh.any():
            break
        waves[fresh] = wave
    return Cascade(values, waves)


def _spread(figure: AnyArray | float, shape: tuple[int, ...]) -> Array:
    """A number, [N] or [N, W] in this shape."""
    given = np.asarray(figure, float)
    if given.ndim and given.ndim < len(shape):
        given = given.reshape(*given.shape, *[1] * (len(shape) - given.ndim))
    return np.array(np.broadcast_to(given, shape))
