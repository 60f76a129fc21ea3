"""Marginal returns: what a dollar of product, reach and brand spending is worth where.

Each lever's best spending solves "the last dollar returns a dollar", the effect of a util being
its worth a quarter times how long it lasts.
"""

from __future__ import annotations

import numpy as np

from game.core.axes import BRAND, OFFLINE, ONLINE, PRODUCT, REACH, Array
from game.play.levers import ENTRANT_SHARE
from game.play.money import TREND, natural_multiple
from game.policies.desk import Desk

ENTRANT_BUILD = 0.10
"""Coverage that an entrant builds in a quarter at normal spending, of what is missing."""
LEAST_ROOM = 0.05


def lasting(lost: float | Array, discount: float) -> float | Array:
    """Present worth of one util that fades: quarters.

    Args:
        lost: fraction lost each quarter. discount: a quarter.
    """
    return 1.0 / (lost + discount)


def horizon_part(desk: Desk) -> float:
    """Part of a util's lasting worth that still counts towards the final score, 0..1.

    The last quarter's value capitalises smoothed profit, so a dollar of profit counts more the
    nearer the end, and a dollar of spending too; what would pay after the end counts nothing.
    """
    left = desk.quarters_left
    capital = TREND * natural_multiple(desk.rules) * (1.0 - desk.rules.tax)
    weight = [1.0 + capital * (1.0 - TREND) ** (left - 1 - later) for later in range(left)]
    kept = 1.0 - desk.rules.reversion
    gained = sum(kept**later * weight[later] for later in range(1, left)) / weight[0]
    return min(gained * (desk.rules.reversion + desk.rules.discount), 1.0)


def best_spending(desk: Desk, horizon: float = 1.0) -> Array:
    """Spending at which the last dollar of each lever returns a dollar.

    Args:
        horizon: part of a util's lasting worth that still counts, 0..1.

    Returns:
        [A, L, M, W] USD m a quarter, zero where nothing is sold.
    """
    best = np.empty((len(desk.seats), 3, len(desk.ruleset.markets), desk.worlds))
    worth = desk.util_worth * horizon
    best[:, PRODUCT] = _best_product(desk, worth)
    best[:, REACH] = _best_reach(desk, worth)
    best[:, BRAND] = _best_brand(desk, worth)
    best *= desk.on_sale[:, None]
    return best


def _best_product(desk: Desk, worth: Array) -> Array:
    """Quality gained is ceiling * I / (I + half) with I = spending / market revenue."""
    rules = desk.rules
    weight = desk.ruleset.quality_weight[:, None]
    kept = lasting(rules.reversion, rules.discount)
    half = rules.research_half * desk.market_sales
    top = worth * (weight * kept * rules.research_ceiling * half)
    return np.asarray(np.maximum(np.sqrt(top) - half, 0.0))


def coverage_gain(desk: Desk, channel: int, rows: int | slice = slice(None)) -> Array:
    """Log of reach gained by one point (1.0) more of own coverage.

    Args:
        rows: of the desk.

    Returns:
        [A, M, W], or [M, W] of one row.
    """
    reach = desk.ruleset.channel_reach
    other = OFFLINE if channel == ONLINE else ONLINE
    covered = reach[:, other, None] * desk.view.coverage[rows, ..., other, :]
    return np.asarray(reach[:, channel, None] * (1.0 - covered) / desk.reach[rows])


def _best_reach(desk: Desk, worth: Array) -> Array:
    """Coverage is built with the square root of spending, on what is missing."""
    ruleset, seats = desk.ruleset, desk.seats
    usual = ruleset.spend_normal[seats][:, :, REACH]
    started = (usual > 0.0) & (ruleset.revenue_start[seats] > 0.0)
    entrant = ruleset.spend_share[:, REACH] * ENTRANT_SHARE * ruleset.market_revenue_start
    reference = np.maximum(np.where(started, usual, entrant), 1e-9)
    start = ruleset.coverage_start[seats]
    decay = ruleset.coverage_decay
    gain = np.zeros_like(worth)
    for channel in (ONLINE, OFFLINE):
        held = start[:, :, channel] / np.maximum(1.0 - start[:, :, channel], LEAST_ROOM) * decay
        rate = np.where(started & (held > 0.0), held, ENTRANT_BUILD)[..., None]
        room = np.maximum(1.0 - desk.view.coverage[:, :, channel], 0.0)
        gain += rate * room * coverage_gain(desk, channel)
    gain *= worth
    gain *= np.asarray(lasting(decay, desk.rules.discount))[:, None]
    return np.asarray(0.25 * gain * gain / reference[..., None])


def _best_brand(desk: Desk, worth: Array) -> Array:
    """Spending that holds goodwill where its marginal worth is its cost."""
    ruleset = desk.ruleset
    heads = (ruleset.potential * np.exp(ruleset.potential_growth * desk.view.turn))[:, None]
    decay = ruleset.goodwill_decay[:, None]
    kept = lasting(decay, desk.rules.discount)
    weight = (ruleset.goodwill_weight[:, None] * kept) / heads
    stock = worth * weight - ruleset.goodwill_ref[:, None]
    return np.asarray(np.maximum(stock, 0.0) * decay * heads)
