"""Whether prices are what they claim: first and second order, the global best, the map's radius.

Tools of calibration and tests; the turn does not call them. Where buyers are loyal, hand them the
kinds of buyers of ``game.economy.loyalty.buyer_kinds``: then weights differ by world, [M, S, W].
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from game.core.axes import Array
from game.economy.shapes import numbers

SMALLEST_SLOPE = 1e-300


def profit_weights(cash_flow: Array, control: Array) -> Array:
    """Weight of firm j's profit in the aim of firm n.

    kappa[n, j] = sum_h control[h, n] cash_flow[h, j] / sum_h control[h, n] cash_flow[h, n]

    Args:
        cash_flow: [I, N, ...] right of owner h to firm n's profit, fractions.
        control: [I, N, ...] weight of owner h in firm n's decisions.

    Returns:
        [N, N, ...], one on the diagonal. Nothing is clipped: total control with a quarter of
        the profit gives four. Where nobody with control has a right, only the diagonal counts.

    Source: O'Brien and Salop (2000).
    """
    cash_flow, control = np.asarray(cash_flow, float), np.asarray(control, float)
    mutual = (control[:, :, None] * cash_flow[:, None]).sum(axis=0)
    firms = np.arange(mutual.shape[0])
    own = mutual[firms, firms][:, None]
    held = np.broadcast_to(own > 0.0, mutual.shape)
    weights = np.divide(mutual, own, out=np.zeros_like(mutual), where=held)
    weights[firms, firms] = 1.0
    return np.asarray(weights)


class Moments(NamedTuple):
    """Sums over segments that the conditions are made of, each [N, M, W] but ``gamma``."""

    share: Array
    slope: Array
    """Lambda: sum_s w alpha P."""
    gamma: Array
    """[N, N, M, W] sum_s w alpha P P'."""
    bend: Array
    """[N, N, M, W] d gamma[n, j] / d price[n]; on the diagonal less d Lambda / d price."""


def _by_world(weight: Array) -> Array:
    """Weights [M, S] or [M, S, W] as [M, S, 1 or W]."""
    given = np.asarray(weight, float)
    return given if given.ndim == 3 else numbers(given, "M S", "weight")[:, :, None]


def _moments(probabilities: Array, alpha: Array, weight: Array) -> Moments:
    probabilities = numbers(probabilities, "N M S W", "probabilities")
    alpha = numbers(alpha, "M S", "alpha")
    count, markets, segments, worlds = probabilities.shape
    part = _by_world(weight)
    share, slope = np.zeros((2, count, markets, worlds))
    gamma, bend = np.zeros((2, count, count, markets, worlds))
    own = np.arange(count)
    for segment in range(segments):
        chosen, steep = probabilities[:, :, segment], alpha[:, segment, None]
        bought = chosen * part[:, segment]
        share += bought
        slope += bought * steep
        cross = (bought * steep)[:, None] * chosen
        gamma += cross
        tilt = cross * steep * (2.0 * chosen[:, None] - 1.0)
        tilt[own, own] = bought * steep**2 * (1.0 - chosen) * (1.0 - 2.0 * chosen)
        bend += tilt
    return Moments(share, slope, gamma, bend)


def _weights(kappa: Array | None, count: int) -> Array:
    """[N, N, 1, 1 or W] with ones on the diagonal, from [N, N] or [N, N, W]."""
    weights = np.zeros((count, count)) if kappa is None else np.array(kappa, float)
    if weights.ndim == 2:
        weights = weights[..., None]
    own = np.arange(count)
    weights[own, own] = 1.0
    return weights[:, :, None]


def first_order(
    probabilities: Array, alpha: Array, weight: Array, margin: Array, kappa: Array | None = None
) -> Array:
    """Slope of each company's aim in its own price: [N, M, W] a buyer; zero at a best reply.

    Args:
        probabilities: [N, M, S, W]. alpha: [M, S]. weight: [M, S] or [M, S, W].
        margin: [N, M, W] USD, service value included.
        kappa: [N, N, W] or [N, N] profit weights.
    """
    moments, margin = _moments(probabilities, alpha, weight), numbers(margin, "N M W", "margin")
    minded = (_weights(kappa, len(margin)) * margin * moments.gamma).sum(axis=1)
    return np.asarray(moments.share - margin * moments.slope + minded)


def second_order(
    probabilities: Array, alpha: Array, weight: Array, margin: Array, kappa: Array | None = None
) -> Array:
    """Bend of each company's aim in its own price: [N, M, W] a buyer and USD.

    Below zero at a profit maximum. Arguments as in :func:`first_order`.
    """
    moments, margin = _moments(probabilities, alpha, weight), numbers(margin, "N M W", "margin")
    own = np.arange(len(margin))
    minded = (_weights(kappa, len(margin)) * margin * moments.bend).sum(axis=1)
    return np.asarray(2.0 * (moments.gamma[own, own] - moments.slope) + minded)


def best_deviation(
    probabilities: Array,
    alpha: Array,
    weight: Array,
    price: Array,
    margin: Array,
    factors: Array,
) -> tuple[Array, Array]:
    """What a company could gain by one other price, rivals' prices standing.

    Args:
        probabilities: [N, M, S, W] at ``price``. alpha, weight: [M, S].
        price, margin: [N, M, W] USD.
        factors: [G] multiples of the price to try.

    Returns:
        (best factor [N, M, W], gain [N, M, W] relative to present profit; 0 where the present
        price is the best tried). Own profit alone, without profit weights.
    """
    probabilities = numbers(probabilities, "N M S W", "probabilities")
    alpha, margin = numbers(alpha, "M S", "alpha"), numbers(margin, "N M W", "margin")
    price = numbers(price, "N M W", "price")
    odds = probabilities / np.maximum(1.0 - probabilities, 1e-300)
    share = _by_world(weight)
    present = margin * (probabilities * share).sum(axis=2)
    best, where = present.copy(), np.ones_like(present)
    for factor in np.asarray(factors, float):
        moved = (factor - 1.0) * price
        tried = odds * np.exp(np.minimum(-alpha[:, :, None] * moved[:, :, None], 600.0))
        profit = (margin + moved) * (tried / (1.0 + tried) * share).sum(axis=2)
        better = profit > best
        best, where = np.where(better, profit, best), np.where(better, factor, where)
    earns = present > 0.0
    gain = np.divide(best - present, present, out=np.zeros_like(present), where=earns)
    return where, gain


def price_map_radius(
    probabilities: Array, alpha: Array, weight: Array, margin: Array, kappa: Array | None = None
) -> Array:
    """Spectral radius of the zeta price map at a fixed point; below one it attracts.

    The map is price[n] -> cost[n] + T[n] with T = (share + sum_j kappa m_j Gamma_nj) / Lambda,
    its Jacobian analytic.

    Args:
        as in :func:`first_order`, at prices that meet the first-order conditions.

    Returns:
        [M, W]. Products without buyers count as zero.

    Source: Morrow and Skerlos (2011) for the map.
    """
    probabilities = numbers(probabilities, "N M S W", "probabilities")
    alpha, margin = numbers(alpha, "M S", "alpha"), numbers(margin, "N M W", "margin")
    jacobian = _map_jacobian(probabilities, alpha, weight, margin, _weights(kappa, len(margin)))
    matrices = np.moveaxis(jacobian, (0, 1), (-2, -1))
    return np.asarray(np.abs(np.linalg.eigvals(matrices)).max(axis=-1))


def _map_jacobian(
    probabilities: Array, alpha: Array, weight: Array, margin: Array, kappa: Array
) -> Array:
    """d T[n] / d price[j]: [N, N, M, W].

    With dP_n/dp_j = alpha (P_n P_j - [n = j] P_n), per segment: Lambda T = share + sum kappa m
    Gamma is differentiated on both sides.
    """
    count, markets, segments, worlds = probabilities.shape
    moments, part = _moments(probabilities, alpha, weight), _by_world(weight)
    slope = np.maximum(moments.slope, SMALLEST_SLOPE)
    target = (moments.share + (kappa * margin * moments.gamma).sum(axis=1)) / slope
    weighted = np.broadcast_to(kappa * margin, (count, count, markets, worlds))
    change = np.zeros((count, count, markets, worlds))
    for segment in range(segments):
        chosen, steep = probabilities[:, :, segment], alpha[:, segment, None]
        share = part[:, segment]
        moved = chosen[:, None] * chosen * steep
        own = np.arange(count)
        moved[own, own] -= chosen * steep
        minded = (weighted * chosen).sum(axis=1)
        change += share * moved * (1.0 + steep * (minded - target))[:, None]
        for firm in range(count):
            change += share * steep * chosen[:, None] * weighted[:, firm, None] * moved[firm]
    change += kappa * moments.gamma
    return np.asarray(change / slope[:, None])
