"""Small linear systems, one a world, solved lane by lane without ever meeting."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, any_over

SMALLEST_PIVOT = 1e-12


def solve_leontief(flow: Array, source: Array) -> Array:
    """x = source + flow x, for a flow whose columns sum to at most one.

    Elimination without exchange of rows, which such systems never need. Where a group feeds
    itself wholly a pivot vanishes; it is held at 1e-12, so that one such lane raises nothing and
    spoils no other. Places that are zero in every lane are skipped, which changes no bit.

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
    used = any_over(system.reshape(len(system), len(system), -1), 2)
    if not used.any():
        return value
    count = len(value)
    for row in range(count):
        system[row, row] += 1.0
    for step in range(count):
        system[step, step] = np.maximum(system[step, step], SMALLEST_PIVOT)
        for row in (np.flatnonzero(used[step + 1 :, step]) + step + 1).tolist():
            factor = system[row, step] / system[step, step]
            system[row, step + 1 :] -= factor * system[step, step + 1 :]
            value[row] -= factor * value[step]
            used[row] |= used[step]
    for row in reversed(range(count)):
        for column in (np.flatnonzero(used[row, row + 1 :]) + row + 1).tolist():
            value[row] -= system[row, column] * value[column]
        value[row] /= system[row, row]
    return value
