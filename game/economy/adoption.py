"""Who comes into the market: first-time adopters and replacement of the installed base."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array

MONTHS_A_QUARTER = 3.0


def replacement_hazard(life_months: Array | float) -> Array:
    """Part of an installed base that is replaced in a quarter: 1 - exp(-3/L).

    Args:
        life_months: mean life of a device, months, above 0; any shape.

    Returns:
        The same shape, fraction a quarter.
    """
    return np.asarray(-np.expm1(-MONTHS_A_QUARTER / np.asarray(life_months, float)))
