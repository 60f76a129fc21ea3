"""Small linear systems, one a world, solved lane by lane without ever meeting."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Bools

SMALLEST_PIVOT = 1e-12
LAST_TERM = 1e-17
"""A lane's series ends when every term is at most this part of its sum."""
MOST_TERMS = 24


def solve_leontief(flow: Array, source: Array) -> Array:
    """x = source + flow x, for a flow whose columns sum to at most one.

    Flows are few and chains of them short: source + flow source + ... is summed by list. Lanes in
    which it is slow are solved by elimination.

    Args:
        flow: [N, N, W] or [N, N], at least 0. source: [N, W] or [N].

    Returns:
        [N, W] or [N]. Where a group feeds itself wholly a huge number, and no error.
    """
    flow, source = np.asarray(flow, float), np.asarray(source, float)
    if flow.ndim - 1 < source.ndim:
        flow = flow[..., None]
    elif flow.ndim - 1 > source.ndim:
        source = source[..., None]
    shape = np.broadcast_shapes(flow.shape[1:], source.shape)
    value = np.array(np.broadcast_to(source, shape))
    if value.ndim == 1:
        return _eliminated(flow, value) if flow.any() else value
    flow = np.broadcast_to(flow, (len(flow), *shape))
    slow = _add_terms(flow, value)
    if slow.any():
        lanes = np.flatnonzero(slow)
        first = np.take(np.broadcast_to(source, shape), lanes, axis=1)
        value[:, lanes] = _eliminated(np.take(flow, lanes, axis=2), first)
    return value


def _add_terms(flow: Array, value: Array) -> Bools:
    """Add flow value + flow flow value + ... to ``value``, in place; lanes not done, [W]."""
    count, worlds = value.shape
    place = np.flatnonzero(flow)
    weight = np.take(flow.reshape(-1), place)
    row, lane = np.divmod(place, worlds)
    fed, feeder = np.divmod(row, count)
    fed *= worlds
    fed += lane
    feeder *= worlds
    feeder += lane
    live = np.ones(worlds, bool)
    term = value
    for _ in range(MOST_TERMS if place.size else 0):
        moved = np.take(term.reshape(-1), feeder)
        moved *= weight
        term = np.bincount(fed, moved, value.size).reshape(value.shape)
        term *= live
        value += term
        live &= (np.abs(term) > LAST_TERM * np.abs(value)).any(axis=0)
        if not live.any():
            break
    return live if place.size else ~live


def _eliminated(flow: Array, value: Array) -> Array:
    """The solution for a source ``value``, which is used up; without exchange of rows.

    Such systems never need one. A pivot that vanishes is held at 1e-12, so that one such lane
    raises nothing and spoils no other.
    """
    system, count = np.negative(flow), len(value)
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
