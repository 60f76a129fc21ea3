"""What a stream, a company and a claim are worth."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array

SMALLEST_PIVOT = 1e-9


def annuity(rate: Array | float, quarters: AnyArray | float) -> Array:
    """Present value of one dollar at the end of each quarter: (1 - (1 + r)^-n) / r.

    Args:
        rate: discount rate a quarter, above -1; 0 gives the plain count.
        quarters: number of payments, at least 0; any shape.

    Returns:
        Quarters' worth, in the shape of the arguments.
    """
    rate, quarters = np.broadcast_arrays(np.asarray(rate, float), np.asarray(quarters, float))
    flat = rate == 0.0
    safe = np.where(flat, 1.0, rate)
    worth = -np.expm1(-quarters * np.log1p(safe)) / safe
    return np.asarray(np.where(flat, quarters, worth))


def book_values(p: Array, claims: Array) -> Array:
    """Worth of each company with its holdings: V = p + C V, so V = (I - C)^-1 p.

    Double counts: the values sum to more than the fundamentals. A pivot below 1e-9 (a group that
    owns itself wholly) is held there, so that one such lane spoils no other.

    Args:
        p: [N, W] or [N] worth without holdings, USD m.
        claims: [N, N, W] or [N, N] fractions, holder by issuer; columns sum to at most one.

    Returns:
        The shape of ``p``, USD m.

    Source: Brioschi, Buzzacchi and Colombo (1989).
    """
    value = np.array(p, float)
    claims = np.asarray(claims, float)
    if not claims.any():
        return value
    system = -claims
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


def value_to_outside_holders(p: Array, claims: Array) -> Array:
    """What the holders outside the group of companies own of each: (1 - sum_h C[h, i]) V[i].

    Sums to the fundamentals: nothing is counted twice.

    Args:
        p: [N, W] or [N] worth without holdings, USD m.
        claims: [N, N, W] or [N, N] fractions, holder by issuer.

    Returns:
        The shape of ``p``, USD m.

    Source: Elliott, Golub and Jackson (2014).
    """
    outside = 1.0 - np.asarray(claims, float).sum(axis=0)
    return np.asarray(outside * book_values(p, claims))
