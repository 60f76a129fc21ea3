"""Gradients of shares and profits in appeal: what a util is worth, and to whom it costs."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array


def share_gradient(probabilities: Array, weight: Array) -> Array:
    """Change of each share with each product's utility: d share[n] / d u[j].

    Args:
        probabilities: [N, M, S, W]. weight: [M, S] of buyers.

    Returns:
        [N, N, M, W] a util: own entries above zero, the others below.
    """
    count, markets, segments, worlds = probabilities.shape
    gradient = np.zeros((count, count, markets, worlds))
    own = np.arange(count)
    for segment in range(segments):
        chosen = probabilities[:, :, segment]
        part = chosen * weight[:, segment, None]
        gradient -= part[:, None] * chosen
        gradient[own, own] += part
    return np.asarray(gradient)


def profit_gradient(probabilities: Array, weight: Array, margin: Array, buyers: Array) -> Array:
    """Profit of n for a util of j's product, at standing prices.

    Args:
        probabilities: [N, M, S, W]. weight: [M, S].
        margin: [N, M, W] USD a unit. buyers: [M, W] m.

    Returns:
        [N, N, M, W] USD m a util. The own entries are what a company may pay for appeal; the
        others what it would pay to stop a rival's.
    """
    return np.asarray(share_gradient(probabilities, weight) * (margin * buyers)[:, None])


def price_gradient(jacobian: Array, margin: Array, shares: Array, buyers: Array) -> Array:
    """Profit of n for a dollar on j's price, at standing other prices.

    Args:
        jacobian: [N, N, M, W] of ``share_jacobian``.
        margin: [N, M, W] USD. shares: [N, M, W]. buyers: [M, W] m.

    Returns:
        [N, N, M, W] USD m a USD.
    """
    gradient = jacobian * (margin * buyers)[:, None]
    own = np.arange(len(margin))
    gradient[own, own] += shares * buyers
    return np.asarray(gradient)
