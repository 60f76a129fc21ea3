"""How much of a promise a partner counts on."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Bools

EFFORT = 0.75
"""Part of a promise that a neutral partner without a stake is thought to keep."""
EFFORT_TRUST = 0.25
EFFORT_STAKE = 0.5
EFFORT_SEAT = 0.1
"""And more by a seat on the giver's board, from which shirking is seen."""
EFFORT_RANGE = (0.3, 1.0)


def expected_effort(trust: Array, stake: Array, seat: Bools | Array | float = 0.0) -> Array:
    """Part of a promise that a side counts on.

    More by trust, by the giver's stake in the side and by the side's seat on the giver's board.
    """
    low, high = EFFORT_RANGE
    counted = EFFORT + EFFORT_TRUST * trust + EFFORT_STAKE * stake + EFFORT_SEAT * seat
    return np.asarray(np.minimum(np.maximum(counted, low), high))
