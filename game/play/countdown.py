"""What a public countdown does to how others see who holds it."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Ints
from game.core.ruleset import Rules


def danger_of(path_run: Ints, rules: Rules) -> Array | None:
    """How near each company is to ending the game by a public path: [N, W] 0..1.

    Args:
        path_run: [N, D, W] quarters in which each path has been held in a row.

    Returns:
        The weight of it by ``countdown_rivalry``; None where nobody is on a path, or none minds.
    """
    if rules.countdown_rivalry <= 0.0 or not path_run.any():
        return None
    left = np.maximum(rules.path_quarters - 1, 1)
    return np.asarray(rules.countdown_rivalry * np.minimum(path_run.max(axis=1) / left, 1.0))
