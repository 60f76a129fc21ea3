"""Small linear systems, one a world, solved lane by lane without ever meeting."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array

SMALLEST_PIVOT = 1e-12


def solve_leontief(flow: Array, source: Array) -> Array:
    """x = source + flow x, for a flow whose columns sum to at most one.

    Elimination without exchange of rows, which such systems never need. Where a group feeds
    itself wholly a pivot vanishes; it is held at 1e-12, so that one such lane raises nothing and
    spoils no other.
    Args:
        flow: [N, N, W] or [N, N], at least 0. source: [N, W] or [N].

    Returns:
        [N, W] or [N].
    """
    if flow.ndim - 1 < source.ndim:
        flow = flow[..., None]
    elif flow.ndim - 1 > source.ndim:
        source = source[..., None]
    value = np.array(np.broadcast_to(source, np.broadcast_shapes(flow.shape[1:], source.shape)))
    system = np.empty((len(flow), *value.shape))
    np.negative(flow, out=system)
    if not system.any():
        return value
    count = len(value)
    for row in range(count):
        system[row, row] += 1.0
    for step in range(count):
        system[step, step] = np.maximum(system[step, step], SMALLEST_PIVOT)
        below = slice(step + 1, count)
        factor = system[below, step] / system[step, step]
        system[below, below] -= factor[:, None] * system[step, below]
        value[below] -= factor * value[step]
    for column in reversed(range(count)):
        value[column] /= system[column, column]
        value[:column] -= system[:column, column] * value[column]
    return value
