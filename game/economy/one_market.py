"""One market with plain numbers: demand and pricing without axes for markets and worlds.

For tests, notebooks and checks against textbooks; it calls the same laws as the turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from game.core.axes import AnyArray, Array
from game.core.errors import RuleError
from game.economy.demand import demand
from game.economy.pricing import bertrand_prices
from game.economy.responses import (
    berry_inversion,
    consumer_surplus,
    diversion_ratios,
    elasticities,
    hhi,
    share_jacobian,
)

Numbers = Sequence[float] | AnyArray
LANES = 2
ROUNDING = 1e-6


class Market(NamedTuple):
    """One market at given prices."""

    price: Array
    """[N] USD."""
    shares: Array
    """[N] of all buyers."""
    fringe: float
    outside: float
    elasticities: Array
    """[N, N] of share n to price j."""
    diversion: Array
    """[N, N] loser by gainer."""
    surplus: float
    """USD a buyer."""
    hhi: float
    """Points, of what is bought, the fringe with its firms."""
    jacobian: Array
    """[N, N] change of share n with price j, a USD."""


class Equilibrium(NamedTuple):
    """Prices that are best replies."""

    price: Array
    """[N] USD."""
    margin: Array
    """[N] USD, service value included."""
    shares: Array
    """[N] of all buyers."""
    residual: float
    iterations: int


def _lanes(values: Numbers | float, count: int) -> Array:
    """[N, 1, W] with equal worlds."""
    column = np.broadcast_to(np.asarray(values, float), (count,))
    return np.repeat(column[:, None, None], LANES, axis=-1)


def _previous(brands: Numbers | AnyArray | None, count: int, segments: int) -> Array:
    """[N, 1, S, W] from previous brands [N] or [N, S]."""
    given = np.zeros(count) if brands is None else np.asarray(brands, float)
    wide = np.broadcast_to(given[:, None] if given.ndim == 1 else given, (count, segments))
    return np.repeat(wide[:, None, :, None], LANES, axis=-1)


def _segments(alpha: Numbers | float, weight: Numbers | float) -> tuple[Array, Array]:
    slope = np.atleast_2d(np.asarray(alpha, float))
    given = np.atleast_2d(np.asarray(weight, float))
    if given.shape != slope.shape:
        raise RuleError(
            f"{slope.size} slopes have {given.size} weights", "alpha, weight", "give one for each"
        )
    if not (slope > 0.0).all():
        raise RuleError("a price slope is not above 0", "alpha", "give utils a USD, above 0")
    if not (given >= 0.0).all() or abs(given.sum() - 1.0) > ROUNDING:
        raise RuleError(f"weights sum to {given.sum():g}", "weight", "give parts that sum to 1")
    return slope, given


def _weights(kappa: AnyArray | Sequence[Numbers], count: int) -> Array:
    """[N, N] profit weights, ones on the diagonal."""
    given = np.array(kappa, float)
    if given.shape != (count, count):
        raise RuleError(
            f"shape {given.shape} with {count} companies", "kappa", "give [N, N], holder by issuer"
        )
    np.fill_diagonal(given, 1.0)
    return given


def market(
    mean: Numbers,
    price: Numbers,
    alpha: Numbers | float,
    weight: Numbers | float = 1.0,
    *,
    reach: Numbers | float = 1.0,
    fringe_utility: Numbers | float = 0.0,
    fringe_count: float = 0.0,
    loyalty: float = 0.0,
    previous: Numbers | AnyArray | None = None,
) -> Market:
    """Who buys what at these prices.

    Args:
        mean: [N] utils without price. price: [N] USD.
        alpha: [S] utils a USD, or one number. weight: [S] of buyers.
        reach: [N] part of buyers reached.
        fringe_utility: [S] utils of a fringe firm, price included. fringe_count: firms.
        loyalty: utils that leaving the previous brand costs.
        previous: [N] or [N, S] part of buyers (of each segment) whose last brand each was.
    """
    count = len(mean)
    slope, part = _segments(alpha, weight)
    seen = np.broadcast_to(np.atleast_2d(np.asarray(fringe_utility, float)), slope.shape)
    given = (
        _lanes(mean, count), _lanes(reach, count), _lanes(price, count), slope, part,
        np.ones((count, 1, LANES), bool), seen, np.array([float(fringe_count)]),
    )  # fmt: skip
    bound = np.array([float(loyalty)]), _previous(previous, count, slope.shape[1])
    sold = demand(*given, *bound)
    jacobian = share_jacobian(demand(*given).probabilities, slope, part, *bound)
    bought = 1.0 - sold.outside
    return Market(
        price=np.asarray(price, float),
        shares=sold.shares[:, 0, 0],
        fringe=float(sold.fringe[0, 0]),
        outside=float(sold.outside[0, 0]),
        elasticities=elasticities(_lanes(price, count), sold.shares, jacobian)[:, :, 0, 0],
        diversion=diversion_ratios(jacobian)[:, :, 0, 0],
        surplus=float(consumer_surplus(*given, *bound)[0, 0]),
        hhi=float(hhi(sold.shares / bought, sold.fringe / bought, fringe_count)[0, 0]),
        jacobian=jacobian[:, :, 0, 0],
    )


def implied_costs(
    mean: Numbers,
    price: Numbers,
    alpha: Numbers | float,
    weight: Numbers | float = 1.0,
    *,
    kappa: AnyArray | Sequence[Numbers] | None = None,
    **market_given: Any,
) -> Array:
    """Unit costs at which these prices are best replies: what a market tells of its costs.

    share[n] + sum_j kappa[n, j] (price[j] - cost[j]) d share[j] / d price[n] = 0, solved for cost.

    Args:
        mean, price, alpha, weight: as in :func:`market`. kappa: [N, N] profit weights.
        market_given: further arguments of :func:`market`.

    Returns:
        [N] USD; service value, if there is any, taken off.

    Source: the first-order conditions of O'Brien and Salop (2000).
    """
    count = len(mean)
    found = market(mean, price, alpha, weight, **market_given)
    minded = np.eye(count) if kappa is None else _weights(kappa, count)
    margin = np.linalg.solve(minded * found.jacobian.T, -found.shares)
    return np.asarray(found.price - margin)


def inversion(
    shares: Numbers,
    price: Numbers,
    alpha: Numbers | float,
    weight: Numbers | float = 1.0,
    *,
    fringe_utility: Numbers | float = 0.0,
    fringe_count: float = 0.0,
    loyalty: float = 0.0,
    previous: Numbers | AnyArray | None = None,
) -> Array:
    """Mean utilities (with log reach) at which :func:`market` gives these shares.

    Args:
        shares: [N] of all buyers, above 0, below one together; the rest as in :func:`market`.

    Returns:
        [N] utils.

    Source: Berry (1994).
    """
    count = len(shares)
    slope, part = _segments(alpha, weight)
    seen = np.broadcast_to(np.atleast_2d(np.asarray(fringe_utility, float)), slope.shape)
    if not (np.asarray(shares) > 0.0).all() or np.sum(shares) >= 1.0:
        raise RuleError("shares must be above 0 and sum to below 1", "shares", "of all buyers")
    found = berry_inversion(
        _lanes(shares, count), _lanes(price, count), slope, part, seen,
        np.array([float(fringe_count)]), loyalty=np.array([float(loyalty)]),
        previous=_previous(previous, count, slope.shape[1]),
    )  # fmt: skip
    return np.asarray(found[:, 0, 0])


def equilibrium(
    mean: Numbers,
    cost: Numbers,
    alpha: Numbers | float,
    weight: Numbers | float = 1.0,
    *,
    kappa: AnyArray | Sequence[Numbers] | None = None,
    stance: Numbers | float = 1.0,
    service_value: Numbers | float = 0.0,
    reach: Numbers | float = 1.0,
    fringe_utility: Numbers | float = 0.0,
    fringe_count: float = 0.0,
    loyalty: float = 0.0,
    previous: Numbers | AnyArray | None = None,
    start: Numbers | None = None,
    tolerance: float = 1e-13,
    iterations: int = 1000,
) -> Equilibrium:
    """Best-reply prices of one market.

    Args:
        mean: [N] utils without price. cost: [N] USD, above 0.
        alpha: [S] utils a USD. weight: [S] of buyers.
        kappa: [N, N] profit weights. stance: [N] factor on margins. service_value: [N] USD.
        reach, fringe_utility, fringe_count, loyalty, previous: as in :func:`market`.
        start: [N] USD; cost plus one over the mean slope by default.
        tolerance, iterations: as in ``bertrand_prices``.
    """
    count = len(mean)
    slope, part = _segments(alpha, weight)
    seen = np.broadcast_to(np.atleast_2d(np.asarray(fringe_utility, float)), slope.shape)
    first = np.asarray(cost, float) + 1.0 / (slope * part).sum() if start is None else start
    weights = None if kappa is None else np.repeat(_weights(kappa, count)[..., None], LANES, -1)
    found = bertrand_prices(
        _lanes(mean, count), _lanes(reach, count), _lanes(cost, count), slope, part,
        np.ones((count, 1, LANES), bool), seen, np.array([float(fringe_count)]),
        kappa=weights, stance=_lanes(stance, count), service_value=_lanes(service_value, count),
        loyalty=np.array([float(loyalty)]), previous=_previous(previous, count, slope.shape[1]),
        start=_lanes(first, count), tolerance=tolerance, iterations=iterations,
    )  # fmt: skip
    return Equilibrium(
        price=found.price[:, 0, 0],
        margin=found.margin[:, 0, 0],
        shares=found.demand.shares[:, 0, 0],
        residual=float(found.residual[0]),
        iterations=int(found.iterations[0]),
    )
