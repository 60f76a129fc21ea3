"""How shares answer to prices, and what follows: elasticities, diversion, surplus, inversion."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Bools
from game.economy.demand import Quiet, demand, utility_before_price
from game.economy.loyalty import loyal_choice
from game.economy.shapes import numbers

POINTS = 100.0


def share_jacobian(
    probabilities: Array,
    alpha: Array,
    weight: Array,
    loyalty: Array | None = None,
    previous: Array | None = None,
) -> Array:
    """Change of each share with each price: d share[n] / d price[j].

    Args:
        probabilities: [N, M, S, W] of ``demand`` without loyalty. alpha, weight: [M, S].
        loyalty: [M] utils. previous: [N, M, S, W] previous brands, as in ``demand``.

    Returns:
        [N, N, M, W] a USD, share by price: own entries below zero, the others above.
    """
    probabilities = numbers(probabilities, "N M S W", "probabilities")
    alpha, weight = numbers(alpha, "M S", "alpha"), numbers(weight, "M S", "weight")
    count, markets, segments, worlds = probabilities.shape
    jacobian = np.zeros((count, count, markets, worlds))
    own = np.arange(count)
    if loyalty is not None and previous is not None:
        bound = numbers(loyalty, "M", "loyalty")[:, None, None]
        stayed = loyal_choice(probabilities, numbers(previous, "N M S W", "previous"), bound)
        steep = (alpha * weight)[:, :, None]
        for company in range(count):
            jacobian[company] = (steep * stayed.joint(company)).sum(axis=2)
        jacobian[own, own] -= (steep * stayed.probabilities).sum(axis=2)
        return jacobian
    for segment in range(segments):
        chosen = probabilities[:, :, segment]
        part = chosen * (alpha[:, segment] * weight[:, segment])[:, None]
        jacobian += part[:, None] * chosen
        jacobian[own, own] -= part
    return np.asarray(jacobian)


def elasticities(price: Array, shares: Array, jacobian: Array) -> Array:
    """Relative change of share n for a relative change of price j.

    Args:
        price, shares: [N, ...]. jacobian: [N, N, ...], share by price, such as that of
            :func:`share_jacobian`.

    Returns:
        [N, N, ...]; 0 where a product has no buyers.
    """
    jacobian, shares = np.asarray(jacobian, float), np.asarray(shares, float)
    sold = np.broadcast_to(shares[:, None] > 0.0, jacobian.shape)
    scaled = jacobian * np.asarray(price, float)
    return np.asarray(np.divide(scaled, shares[:, None], out=np.zeros_like(scaled), where=sold))


def diversion_ratios(jacobian: Array) -> Array:
    """Of the buyers that n loses by a higher price, the part that goes to j.

    Args:
        jacobian: [N, N, ...], share by price, such as that of :func:`share_jacobian`.

    Returns:
        [N, N, ...], loser by gainer, zero on the diagonal. What is missing to one goes to the
        fringe and the outside good.

    Source: Shapiro (1996).
    """
    jacobian = np.asarray(jacobian, float)
    own = np.arange(len(jacobian))
    lost = -jacobian[own, own][:, None]
    gained = np.swapaxes(jacobian, 0, 1)
    sold = np.broadcast_to(lost > 0.0, jacobian.shape)
    ratio = np.divide(gained, lost, out=np.zeros_like(jacobian), where=sold)
    ratio[own, own] = 0.0
    return np.asarray(ratio)


def consumer_surplus(
    mean: Array,
    reach: Array,
    price: Array,
    alpha: Array,
    weight: Array,
    on_sale: Bools,
    fringe_utility: Array,
    fringe_count: Array,
    loyalty: Array | None = None,
    previous: Array | None = None,
) -> Array:
    """What the market is worth to its average buyer: sum_s w log(1 + F e^f + sum e^u) / alpha.

    Loyal buyers add sum_s w sum_j b_j log(D_j) / alpha: staying is worth ``loyalty`` to them.

    Args:
        all as in ``demand``.

    Returns:
        [M, W] USD a buyer; zero when there is nothing to buy.

    Source: Small and Rosen (1981).
    """
    mean, price = numbers(mean, "N M W", "mean"), numbers(price, "N M W", "price")
    alpha, weight = numbers(alpha, "M S", "alpha"), numbers(weight, "M S", "weight")
    reach, on_sale = numbers(reach, "N M W", "reach"), numbers(on_sale, "N M W", "on_sale", bool)
    base = utility_before_price(mean, reach, on_sale)
    paid = np.where(on_sale, price, 0.0)
    quiet = Quiet(fringe_utility, fringe_count)
    utility = base[:, :, None] - paid[:, :, None] * alpha[:, :, None]
    level = np.maximum(utility.max(axis=0), quiet.floor)
    total = np.exp(utility - level).sum(axis=0) + quiet.total * np.exp(quiet.floor - level)
    worth = level + np.log(total)
    if loyalty is not None and previous is not None:
        chosen = np.exp(utility - level) / total
        bound = np.where(on_sale[:, :, None], numbers(previous, "N M S W", "previous"), 0.0)
        pull = np.expm1(numbers(loyalty, "M", "loyalty"))[:, None, None]
        worth += (bound * np.log1p(pull * chosen)).sum(axis=0)
    worth *= (weight / alpha)[:, :, None]
    return np.asarray(worth.sum(axis=1))


def berry_inversion(
    shares: Array,
    price: Array,
    alpha: Array,
    weight: Array,
    fringe_utility: Array,
    fringe_count: Array,
    *,
    loyalty: Array | None = None,
    previous: Array | None = None,
    tolerance: float = 1e-12,
    iterations: int = 2000,
) -> Array:
    """Mean utilities (with log reach) at which demand gives these shares.

    Args:
        shares: [N, M, W] of all buyers; 0 where nothing is on sale. Below one together.
        price: [N, M, W] USD.
        alpha, weight: [M, S]. fringe_utility: [M, S]. fringe_count: [M].
        loyalty: [M] utils. previous: [N, M, S, W] previous brands, as in ``demand``.
        tolerance: largest change of a lane's utility at which it stops.
        iterations: most steps.

    Returns:
        [N, M, W] utils; 0 where the share is 0.

    Source: Berry (1994); the contraction of Berry, Levinsohn and Pakes (1995), less the change of
    the outside share, without which it crawls where few stay outside.
    """
    shares, price = numbers(shares, "N M W", "shares"), numbers(price, "N M W", "price")
    alpha, weight = numbers(alpha, "M S", "alpha"), numbers(weight, "M S", "weight")
    sold = shares > 0.0
    seen = np.where(sold, shares, 1.0)
    outside = np.maximum(1.0 - shares.sum(axis=0), 1e-300)
    slope = (alpha * weight).sum(axis=1)[:, None]
    mean = np.where(sold, np.log(seen) - np.log(outside) + slope * price, 0.0)
    full = np.ones_like(mean)
    live = np.ones(mean.shape[-1], bool)
    for _ in range(iterations):
        found = demand(
            mean, full, price, alpha, weight, sold, fringe_utility, fringe_count,
            loyalty, previous,
        )  # fmt: skip
        step = np.log(seen) - np.log(np.where(sold, np.maximum(found.shares, 1e-300), 1.0))
        step -= np.log(outside) - np.log(np.maximum(found.outside + found.fringe, 1e-300))
        np.copyto(step, 0.0, where=~sold)
        mean += step * live
        live &= np.abs(step).max(axis=(0, 1)) >= tolerance
        if not live.any():
            break
    return np.asarray(mean)


def lerner(price: Array, cost: Array) -> Array:
    """Lerner index, the margin as a part of the price: (p - c) / p; any shape, price above 0.

    A single product at its best reply has the negative inverse of its own elasticity.

    Source: Lerner (1934).
    """
    return np.asarray(1.0 - np.asarray(cost, float) / np.asarray(price, float))


def hhi(shares: Array, fringe: Array | float = 0.0, fringe_count: Array | float = 0.0) -> Array:
    """Herfindahl-Hirschman index in points: 10,000 for a monopoly.

    Args:
        shares: [N, ...] of units sold, fractions.
        fringe: [...] share of all fringe firms together, equal among them.
        fringe_count: firms in the fringe, broadcastable to ``fringe``.

    Returns:
        [...] points.
    """
    firms = np.asarray(fringe_count, float)
    each = np.asarray(fringe, float) ** 2 / np.where(firms > 0.0, firms, 1.0)
    return np.asarray(POINTS**2 * ((np.asarray(shares, float) ** 2).sum(axis=0) + each))


def hhi_change(first: Array | float, second: Array | float) -> Array:
    """Points that a merger of two firms with these shares (fractions) adds to the index."""
    return np.asarray(2.0 * POINTS**2 * np.multiply(first, second))
