"""What is expected of payments that hang on a milestone."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Ints
from game.core.ruleset import Ruleset
from game.finance.commitment import normal_part
from game.finance.valuation import discount
from game.play.packages import Milestone

MILESTONE_SD = 0.12
"""By which figures of a company are thought to move, s.d. in log a quarter."""
_TINY = 1e-9


def paid_part(
    units: Array, price: Array, profit: Array, who: Ints, lane: Ints, on: Array, target: Array,
    term: Ints, ruleset: Ruleset,
) -> Array:  # fmt: skip
    """Part of instalments that is expected to be paid, discounted: [.., L] 0..1.

    Args:
        units, price: [N, M, W]. profit: [.., L] USD m a quarter. who, lane: [L] who is paid.
        on, target: [L] the milestones. term: [L] quarters.
    """
    now = _figures(units, price, profit, who, lane, on, ruleset)
    spread = MILESTONE_SD * np.sqrt(np.maximum(term, 1))
    ahead = np.log(np.maximum(target, _TINY) / np.maximum(now, _TINY))
    odds = np.minimum(2.0 * normal_part(-np.clip(ahead / spread, -8.0, 8.0)), 1.0)
    odds = np.where(on == Milestone.DATE, 1.0, odds)
    return np.asarray(odds * discount(ruleset.rules.discount, np.maximum(term, 0)))


def _figures(
    units: Array, price: Array, profit: Array, who: Ints, lane: Ints, on: Array, ruleset: Ruleset
) -> Array:
    """The figure of a company that each milestone looks at, by what is known: [.., L]."""
    markets, worlds = units.shape[1:]
    place = who * markets * worlds + lane
    place = place + np.arange(markets)[:, None] * worlds
    sold = units.reshape(-1).take(place)
    revenue = (sold * price.reshape(-1).take(place)).sum(axis=0)
    within = ruleset.market_sector[:, None] == on - Milestone.UNITS
    year = 4.0 * (sold * within).sum(axis=0)
    return np.select([on == Milestone.PROFIT, on == Milestone.REVENUE], [profit, revenue], year)
