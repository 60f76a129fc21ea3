"""Figures of companies whose dials stand at normal, by what everybody can see of them.

So the books are filled at the start of a game, and so an outsider fills those that nobody
publishes: prices, units and what is on sale are public, and spending follows revenue.
"""

from __future__ import annotations

import numpy as np

from game.core.axes import BRAND, PRODUCT, Array
from game.core.ruleset import Ruleset
from game.core.state import State
from game.economy.brand import steady_goodwill
from game.play.levers import normal_spending, quarter_of_year
from game.play.market import potential
from game.play.supply import limited


def usual_contribution(state: State, ruleset: Ruleset, spent: Array | None = None) -> Array:
    """Margin less normal spending and fixed cost of every line: [N, M, W] USD m a quarter.

    Args:
        spent: [N, L, M, W] normal spending, where the caller has it in hand.
    """
    spent = normal_spending(state, ruleset) if spent is None else spent
    margin = (state.price - state.unit_cost) * state.units
    return np.asarray(margin - spent.sum(axis=1) - ruleset.fixed_cost[..., None] * state.on_sale)


def usual_goodwill(state: State, ruleset: Ruleset, spent: Array) -> Array:
    """Goodwill that normal brand spending holds: [N, M, W] USD a head.

    Args:
        spent: [N, L, M, W] normal spending, USD m a quarter.
    """
    heads = np.maximum(potential(state, ruleset), 1e-12)
    return steady_goodwill(spent[:, BRAND] / heads, ruleset.goodwill_decay[:, None])


def usual_knowledge(ruleset: Ruleset, spent: Array) -> Array:
    """Stock of research that normal product spending keeps up: [N, M, W] USD m.

    Args:
        spent: [N, L, M, W] normal spending, USD m a quarter.
    """
    return np.asarray(spent[:, PRODUCT] / ruleset.rules.knowledge_depreciation)


def usual_capacity(state: State, ruleset: Ruleset) -> tuple[Array, Array]:
    """Capacity that serves last quarter's buyers in the best quarter of the year, and what is on
    order to keep it: [N, M, W] m units a quarter each, 0 where the market sets no limit."""
    capacity, ordered = np.zeros_like(state.units), np.zeros_like(state.units)
    at = limited(ruleset)
    if at.size:
        season = ruleset.season[at]
        last = season[:, quarter_of_year(max(state.turn - 1, 0), ruleset)]
        room = 1.0 + ruleset.capacity_headroom[at]
        peak = (season.max(axis=1) / last * room)[:, None]
        capacity[:, at] = state.units[:, at] * peak * state.on_sale[:, at]
        wear = ruleset.capacity_decay[at] * ruleset.capacity_lead[at]
        ordered[:, at] = capacity[:, at] * wear[:, None]
    return capacity, ordered
