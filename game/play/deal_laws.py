"""Laws that the terms of deals are made of: what pledges, promises and money in need are worth."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array
from game.play.cells import Cells
from game.play.pairing import Pairing
from game.play.position import still_ahead

PREMIUM = 0.5
"""What a dollar more is worth, beyond itself, to a firm without any cash."""
SAFE_QUARTERS = 2.0
"""Cash for so many quarters of costs: from there a dollar is worth a dollar."""


def capital(cells: Cells, pairing: Pairing) -> Array:
    """Quarters' worth of the pledges that the sides give, beyond those that they replace.

    Returns:
        [X, K, L] strength x present value of a dollar a quarter over the term; of a renewal what
        it adds to the pledge in force.
    """
    whole = whole_term(cells, pairing)
    if not pairing.promised:
        return whole
    replaced = np.where(cells.pledge > 0.0, pairing.replaced, 0.0)
    return np.asarray(whole - replaced)


def whole_term(cells: Cells, pairing: Pairing) -> Array:
    """As :func:`capital`, of all that is left of the terms. [X, K, L]."""
    ahead = still_ahead(pairing.ruleset)
    term = np.clip(cells.term, 0, pairing.ahead)
    strength, covered = cells.pledge, pairing.covered(cells.regions)
    if covered is not None:
        strength = strength * covered
    fresh = np.take(ahead[0], term)
    if not pairing.promised:
        return np.asarray(strength * fresh)
    # one that works does so in this quarter too, a new one from the next on
    waits, worked = pairing.worked
    works = pairing.running & ~waits
    return np.asarray(strength * np.where(works, ahead[worked, term + 1], fresh))


def distress_worth(cash: Array, costs: Array, inflow: Array) -> Array:
    """What an inflow is worth beyond itself to a firm short of cash: [L] USD m.

    A dollar counts up to 1.5 when there is none, 1 from two quarters of costs up; the inflow is
    taken dollar by dollar, so half of it is worth more than half.

    Args:
        cash: what can be spent now. costs: a quarter. inflow: net, may be negative.
    """
    base = np.maximum(costs, 1e-9)
    before = np.minimum(np.maximum(cash / base, 0.0), SAFE_QUARTERS)
    after = np.minimum(np.maximum((cash + inflow) / base, 0.0), SAFE_QUARTERS)
    steps = (after - before) - (after**2 - before**2) / (2.0 * SAFE_QUARTERS)
    return np.asarray(PREMIUM * costs * steps)


def adviser_costs(pairing: Pairing) -> Array:
    """What a settled deal costs each side: half the fee, a part of its contribution. [X, L]."""
    rules = pairing.ruleset.rules
    return np.asarray(0.5 * rules.deal_cost + rules.deal_cost_share * pairing.contribution)
