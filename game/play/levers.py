"""Delegates: they turn standing dials into spending and stance per market.

They never sign, enter or issue; a pin overrides one market.
"""

from __future__ import annotations

import numpy as np

from game.core.axes import Array
from game.core.ruleset import Ruleset
from game.core.state import State

ENTRANT_SHARE = 0.01
FOCUS = 2.0
SAFE_QUARTERS = 2.0
THRIFT_FLOOR = 0.25


def normal_spending(state: State, ruleset: Ruleset) -> Array:
    """Spending at notch 2, neutral mix, no focus.

    Follows the revenue of each line, so that a firm twice the size spends twice; an entrant
    spends as if it had 1 % of the market.

    Returns:
        [N, L, M, W] USD m a quarter.
    """
    started = ruleset.revenue_start > 0.0
    base = np.where(started, ruleset.revenue_start, 1.0)
    ratio = np.where(
        started[:, None],
        np.swapaxes(ruleset.spend_normal, 1, 2) / base[:, None],
        ruleset.spend_share.T,
    )
    market = state.price * state.units
    floor = ENTRANT_SHARE * np.maximum(market.sum(axis=0), ruleset.market_revenue_start[:, None])
    # the units of the start are those of the first quarter itself
    season = ruleset.season[:, quarter_of_year(max(state.turn - 1, 0), ruleset)]
    revenue = np.maximum(market / season[:, None], np.where(started, 0.0, 1.0)[..., None] * floor)
    normal = ratio[..., None] * revenue[:, None]
    normal *= state.on_sale[:, None]
    return np.asarray(normal)


def quarter_of_year(turn: int, ruleset: Ruleset) -> int:
    """Quarter of the year, 0 to 3, of a turn."""
    return (ruleset.rules.first_quarter - 1 + turn) % 4


def focus_factor(state: State, ruleset: Ruleset, normal: Array) -> Array:
    """How the delegates lean towards the two focus markets; keeps each lever's total.

    Args:
        normal: [N, L, M, W].

    Returns:
        [N, L, M, W].
    """
    markets = np.arange(len(ruleset.markets))[None, :, None]
    lean = np.ones(state.price.shape)
    for slot in range(state.focus.shape[1]):
        lean = np.where(state.focus[:, slot, None, :] == markets, FOCUS, lean)
    weighted = normal * lean[:, None]
    total = normal.sum(axis=2, keepdims=True)
    sums = weighted.sum(axis=2, keepdims=True)
    return np.asarray(
        lean[:, None] * np.divide(total, sums, out=np.ones_like(total), where=sums > 0.0)
    )


def thrift(state: State, ruleset: Ruleset, normal: Array) -> Array:
    """Part of the budget that delegates dare to spend when cash runs short, 0.25 to 1.

    Args:
        normal: [N, L, M, W].

    Returns:
        [N, W].
    """
    burn = normal.sum(axis=(1, 2)) + ruleset.overhead[:, None]
    earned = np.maximum(state.profit, -burn)
    room = (
        np.maximum(state.cash, 0.0)
        + np.maximum(credit_left(state, ruleset), 0.0)
        + np.minimum(earned, 0.0)
    )
    ratio = np.divide(room, SAFE_QUARTERS * burn, out=np.ones_like(burn), where=burn > 0.0)
    return np.asarray(np.clip(ratio, THRIFT_FLOOR, 1.0))


def credit_left(state: State, ruleset: Ruleset) -> Array:
    """What lenders would still give: [N, W] USD m, negative when debt exceeds the line."""
    sales = (state.price * state.units).sum(axis=1) + np.maximum(ruleset.other_profit, 0.0)[:, None]
    return np.asarray(ruleset.rules.credit_quarters * sales - state.debt)


def spending(state: State, ruleset: Ruleset) -> Array:
    """What the delegates spend this quarter.

    Returns:
        [N, L, M, W] USD m, at most ``spend_cap`` times normal.
    """
    rules = ruleset.rules
    normal = normal_spending(state, ruleset)
    notch = np.asarray(rules.notches)[state.notch]
    factor = 3.0 * state.mix[:, :, None, :] * focus_factor(state, ruleset, normal)
    factor *= (notch * thrift(state, ruleset, normal))[:, None, None, :]
    pin = state.pin_spend[:, None]
    factor = np.where(np.isnan(pin), factor, np.nan_to_num(pin))
    return np.asarray(normal * np.clip(factor, 0.0, rules.spend_cap))


def stance_factor(state: State, ruleset: Ruleset) -> Array:
    """Factor on the best-reply margin by the price stance: [N, M, W]."""
    stance = np.take(state.stance, ruleset.market_sector, axis=1)
    stance = np.where(state.pin_stance > -9, state.pin_stance, stance)
    return np.asarray(np.asarray(ruleset.rules.stances)[stance + 2])
