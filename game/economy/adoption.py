"""Who comes into the market: first-time adopters and replacement of the installed base."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from game.core.axes import AnyArray, Array
from game.core.errors import RuleError

MONTHS_A_QUARTER = 3.0
FLATTEST = 1e-12
GUESSES = ((1e-4, 1e-3, 0.01, 0.05, 0.3, 1.0, 4.0), (0.02, 0.1, 0.4, 1.0, 2.0))


def replacement_hazard(life_months: Array | float) -> Array:
    """Part of an installed base that is replaced in a quarter: 1 - exp(-3 / L).

    Args:
        life_months: mean life of a device, months, above 0; any shape.

    Returns:
        The same shape, fraction a quarter.
    """
    return np.asarray(-np.expm1(-MONTHS_A_QUARTER / np.asarray(life_months, float)))


def product_life(
    life_months: Array | float,
    growth: Array | float,
    quarters: float,
    longest: Array | float = np.inf,
) -> Array:
    """Mean life of a device when people come to keep it longer: min(L e^(g t), longest).

    Args:
        life_months: L at the start, months, above 0. growth: g, log a quarter.
        quarters: t since the start. longest: months beyond which growth does not go.

    Returns:
        Months; never below L because of ``longest`` alone.
    """
    grown = np.multiply(life_months, np.exp(np.multiply(growth, quarters)))
    return np.asarray(np.minimum(grown, np.maximum(longest, life_months)))


def new_adopters(
    adopters: Array | float,
    potential: Array | float,
    innovation: Array | float,
    imitation: Array | float,
) -> Array:
    """First-time adopters of one period: (p + q A / m)(m - A).

    Args:
        adopters: A, people who have adopted. potential: m, people who ever could; nobody joins
            at 0.
        innovation: p a period. imitation: q a period.

    Returns:
        People in the period, at least 0 and at most those who are left.

    Source: Bass (1969), the discrete form.
    """
    adopters, potential = np.asarray(adopters, float), np.asarray(potential, float)
    left = np.maximum(potential - adopters, 0.0)
    shape = np.broadcast_shapes(adopters.shape, potential.shape)
    some = np.broadcast_to(potential > 0.0, shape)
    reached = np.divide(adopters, potential, out=np.zeros(shape), where=some)
    rate = innovation + np.multiply(imitation, reached)
    return np.asarray(np.minimum(rate, 1.0) * left)


def bass_adopted(time: AnyArray | float, p: Array | float, q: Array | float) -> Array:
    """Part of the potential that has adopted by a time: (1 - e^-(p+q)t) / (1 + q/p e^-(p+q)t).

    Args:
        time: periods since the start, at least 0.
        p: innovation a period, at least 0; nobody begins without. q: imitation a period, at
            least 0.

    Returns:
        Fraction, in the shape of the arguments.

    Source: Bass (1969), the continuous form.
    """
    fading = np.exp(-np.add(p, q) * np.asarray(time, float))
    moved, held = np.multiply(p, 1.0 - fading), p + np.multiply(q, fading)
    begun = np.broadcast_to(np.asarray(p) > 0.0, held.shape)
    return np.asarray(np.divide(moved, held, out=np.zeros(held.shape), where=begun))


def bass_sales(periods: int, m: float, p: float, q: float) -> Array:
    """Sales of each of the first periods: m (F(t) - F(t - 1)), [periods]."""
    return np.asarray(m * np.diff(bass_adopted(np.arange(periods + 1), p, q)))


def replacement_sales(base: Array, life_months: Array | float) -> Array:
    """Buyers who replace a device this quarter; any shape, units of ``base``."""
    return np.asarray(base * replacement_hazard(life_months))


class BassFit(NamedTuple):
    """A Bass curve fitted to sales."""

    m: float
    """Potential, in units of the sales."""
    p: float
    """Innovation a period."""
    q: float
    """Imitation a period."""
    error: float
    """Root of the mean squared residual, in units of the sales."""


def bass_fit(sales: AnyArray, *, steps: int = 200, tolerance: float = 1e-14) -> BassFit:
    """Least squares of interval sales on the continuous Bass curve.

    Args:
        sales: [periods] from the first period on, at least four.
        steps: most Levenberg-Marquardt steps.
        tolerance: relative change of the parameters at which it stops.

    Raises:
        RuleError: fewer than four periods, or nothing sold in any.

    Returns:
        BassFit. A series that never bends down tells growth alone: m and p are then any pair with
        the same product, m without bound.

    Source: Srinivasan and Mason (1986).
    """
    sales = np.asarray(sales, float)
    if len(sales) < len(BassFit._fields):
        raise RuleError("a Bass curve needs at least four periods", try_="give a longer series")
    if not (sales >= 0.0).all() or not sales.any():
        raise RuleError("sales must be at least 0 and not all 0", try_="give units a period")
    point = _first_guess(sales)
    damping, error = 1e-3, _square(sales, point)
    for _ in range(steps):
        slope = _log_slopes(len(sales), point)
        matrix, gap = slope.T @ slope, slope.T @ (sales - bass_sales(len(sales), *np.exp(point)))
        held = np.diag(matrix) + FLATTEST * np.trace(matrix)
        step = np.linalg.solve(matrix + damping * np.diag(held), gap)
        step = np.clip(step, -1.0, 1.0)
        tried = _square(sales, point + step)
        if tried <= error:
            point, error, damping = point + step, tried, damping / 10.0
        else:
            damping *= 10.0
        if np.abs(step).max() < tolerance:
            break
    m, p, q = np.exp(point)
    return BassFit(float(m), float(p), float(q), float(np.sqrt(error / len(sales))))


def _first_guess(sales: Array) -> Array:
    """Log parameters of the best of a few curves, each with its own best potential."""
    best, point = np.inf, np.zeros(3)
    for p in GUESSES[0]:
        for q in GUESSES[1]:
            curve = bass_sales(len(sales), 1.0, p, q)
            size = (sales @ curve) / (curve @ curve)
            error = ((sales - size * curve) ** 2).sum()
            if error < best:
                best, point = error, np.log([size, p, q])
    return point


def _square(sales: Array, point: Array) -> float:
    return float(((sales - bass_sales(len(sales), *np.exp(point))) ** 2).sum())


def _log_slopes(periods: int, point: Array, step: float = 1e-5) -> Array:
    """Central differences of the sales in the log parameters: [periods, 3]."""
    columns = []
    for index in range(len(point)):
        move = np.zeros(len(point))
        move[index] = step
        ahead = bass_sales(periods, *np.exp(point + move))
        columns.append((ahead - bass_sales(periods, *np.exp(point - move))) / (2.0 * step))
    return np.stack(columns, axis=1)
