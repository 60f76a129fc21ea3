"""Channels: who can be reached at all, and what an ally's shops add."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array


def reach(channel_reach: Array, coverage: Array) -> Array:
    """Part of buyers whom some channel reaches: 1 - prod_h (1 - channel_reach coverage).

    Args:
        channel_reach: [..., H, W] (or [..., H, 1]) part of buyers whom a full channel reaches.
        coverage: [..., H, W] part of the channel that is built, own and lent.

    Returns:
        [..., W]. Two lists [H] give a number.
    """
    missed = 1.0 - np.multiply(channel_reach, np.asarray(coverage, float))
    return np.asarray(1.0 - missed.prod(axis=-2 if missed.ndim > 1 else 0))


def coverage_next(
    coverage: Array | float,
    decay: Array | float,
    rate: Array | float,
    effort: Array | float,
    *,
    most: Array | float = 0.5,
) -> Array:
    """Coverage a quarter later: decay, then building on what is missing.

    Args:
        coverage: fraction, 0 to 1. decay: part lost a quarter.
        rate: part of the gap that normal effort closes. effort: relative to normal, at least 0;
            returns go with its square root.
        most: part of the gap that no effort exceeds in a quarter.

    Returns:
        Fraction, in the shape of the arguments.
    """
    held = np.asarray(coverage, float)
    built = np.minimum(np.multiply(rate, np.sqrt(effort)), most) * (1.0 - held)
    return np.asarray(np.clip((1.0 - np.asarray(decay)) * held + built, 0.0, 1.0))


def lent_coverage(own: Array, allys: Array, strength: Array | float) -> Array:
    """Coverage that an ally lends: strength times the gap to it, none where it has less.

    Args:
        own, allys: [...] fractions. strength: delivered strength, 0 to 1.
    """
    return np.asarray(np.asarray(strength, float) * np.maximum(np.subtract(allys, own), 0.0))
