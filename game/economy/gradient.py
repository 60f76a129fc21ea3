"""Gradients of shares and profits in appeal: what a util is worth, and to whom it costs."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array
from game.economy.responses import share_jacobian
from game.economy.shapes import numbers


def share_gradient(
    probabilities: Array,
    weight: Array,
    loyalty: Array | None = None,
    previous: Array | None = None,
) -> Array:
    """Change of each share with each product's utility: d share[n] / d u[j].

    Args:
        probabilities: [N, M, S, W] without loyalty. weight: [M, S] of buyers.
        loyalty: [M] utils. previous: [N, M, S, W] previous brands, as in ``demand``.

    Returns:
        [N, N, M, W] a util: own entries above zero, the others below.
    """
    steep = np.ones(numbers(weight, "M S", "weight").shape)
    return -share_jacobian(probabilities, steep, weight, loyalty, previous)


def profit_gradient(
    probabilities: Array,
    weight: Array,
    margin: Array,
    buyers: Array,
    loyalty: Array | None = None,
    previous: Array | None = None,
) -> Array:
    """Profit of n for a util of j's product, at standing prices.

    Args:
        probabilities, weight, loyalty, previous: as in :func:`share_gradient`.
        margin: [N, M, W] USD a unit. buyers: [M, W] m.

    Returns:
        [N, N, M, W] USD m a util. The own entries are what a company may pay for appeal; the
        others what it would pay to stop a rival's.
    """
    gradient = share_gradient(probabilities, weight, loyalty, previous)
    worth = numbers(margin, "N M W", "margin") * numbers(buyers, "M W", "buyers")
    return np.asarray(gradient * worth[:, None])


def price_gradient(jacobian: Array, margin: Array, shares: Array, buyers: Array) -> Array:
    """Profit of n for a dollar on j's price, at standing other prices.

    Args:
        jacobian: [N, N, ...] of ``share_jacobian``.
        margin: [N, ...] USD. shares: [N, ...]. buyers: [...] m.

    Returns:
        [N, N, ...] USD m a USD.
    """
    gradient = np.asarray(jacobian, float) * np.multiply(margin, buyers)[:, None]
    own = np.arange(len(gradient))
    gradient[own, own] += np.multiply(shares, buyers)
    return np.asarray(gradient)
