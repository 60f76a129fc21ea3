"""Goodwill: the stock that brand spending leaves behind."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array


def goodwill_next(
    goodwill: Array | float,
    spend_per_head: Array | float,
    decay: Array | float,
    effectiveness: Array | float = 1.0,
) -> Array:
    """Goodwill a quarter later: (1 - decay) goodwill + effectiveness spend.

    Args:
        goodwill: USD a head. spend_per_head: USD a head this quarter.
        decay: part forgotten in a quarter, 0 to 1.
        effectiveness: goodwill that a dollar a head makes.

    Returns:
        USD a head, in the shape of the arguments.

    Source: Nerlove and Arrow (1962).
    """
    kept = (1.0 - np.asarray(decay, float)) * np.asarray(goodwill, float)
    return np.asarray(kept + np.multiply(effectiveness, spend_per_head))


def steady_goodwill(
    spend_per_head: Array | float, decay: Array | float, effectiveness: Array | float = 1.0
) -> Array:
    """Goodwill that steady spending holds: effectiveness spend / decay. USD a head."""
    return np.asarray(np.multiply(effectiveness, spend_per_head) / np.asarray(decay, float))


def goodwill_utility(
    goodwill: Array | float, weight: Array | float, reference: Array | float
) -> Array:
    """Utility of goodwill: weight log(1 + goodwill / reference). Utils.

    Args:
        goodwill: USD a head, at least 0. weight: utils. reference: USD a head, above 0.
    """
    return np.asarray(weight * np.log1p(np.divide(goodwill, reference)))
