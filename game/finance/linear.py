"""Small linear systems, one a world, solved lane by lane without ever meeting."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array

SMALLEST_PIVOT = 1e-12


def solve_leontief(flow: Array, source: Array) -> Array:
    """x = source + flow x, for a flow whose columns sum to at most one.

    Elimination without exchange of rows, which such systems never need. Where a group feeds
    itself wholly a pivot vanishes; it is held at 1e-12, so that one such lane raises nothing and
    spoils no other. Rows that are zero in every lane are skipped, which changes no bit.

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
    system = np.array(np.broadcast_to(-flow, (len(flow), *value.shape)))
    if not system.any():
        return value
    count = len(value)
    for row in range(count):
        system[row, row] += 1.0
    for step in range(count):
        system[step, step] = np.maximum(system[step, step], SMALLEST_PIVOT)
        for row in range(step + 1, count):
            if system[row, step].any():
                factor = system[row, step] / system[step, step]
                system[row, step + 1 :] -= factor * system[step, step + 1 :]
                value[row] -= factor * value[step]
    for row in reversed(range(count)):
        for column in range(row + 1, count):
            if system[row, column].any():
                value[row] -= system[row, column] * value[column]
        value[row] /= system[row, row]
    return value
