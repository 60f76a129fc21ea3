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
    """Goodwill a quarter later: what has not decayed and what spending adds.

    Args:
        goodwill: USD a head. spend_per_head: USD a head this quarter.
        decay: part forgotten in a quarter, 0 to 1.
        effectiveness: goodwill that a dollar a head makes.

    Returns:
        USD a head, in the shape of the arguments.

    Source: Nerlove and Arrow (1962).
    """
    kept = (1.0 - np.asarray(decay, float)) * goodwill
    return np.asarray(kept + np.multiply(effectiveness, spend_per_head))
