"""Research: what spending brings, and how quality moves against a frontier that moves too."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array


def research_return(
    intensity: Array | float, half_point: Array | float, ceiling: Array | float
) -> Array:
    """Quality that research adds in a quarter: ceiling x / (x + half_point).

    Args:
        intensity: spending as a share of market revenue, at least 0.
        half_point: intensity that brings half the ceiling, above 0.
        ceiling: utils a quarter that no spending exceeds.

    Returns:
        Utils a quarter, in the shape of the arguments.

    Source: concave returns as in Ericson and Pakes (1995); the saturating form is ours.
    """
    spent = np.asarray(intensity, float)
    return np.asarray(ceiling * (spent / (spent + half_point)))
