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
        [L, S, W] USD m a quarter at the desk's shops, zero where nothing is sold.
    """
    best = np.empty((3, *desk.sold.shape))
    worth = desk.shop_worth * horizon
    _best_product(desk, worth, best[PRODUCT])
    _best_reach(desk, worth, best[REACH])
    _best_brand(desk, worth, best[BRAND])
    best *= desk.sold
    return best


def _best_product(desk: Desk, worth: Array, out: Array) -> None:
    """Quality gained is ceiling * I / (I + half) with I = spending / market revenue."""
    rules, market = desk.rules, desk.shops.market
    weight = desk.ruleset.quality_weight[:, None]
    kept = lasting(rules.reversion, rules.discount)
    half = rules.research_half * desk.market_sales
    np.multiply(worth, np.take(weight * kept * rules.research_ceiling * half, market, 0), out=out)
    np.sqrt(out, out=out)
    out -= np.take(half, market, axis=0)
    np.maximum(out, 0.0, out=out)


def coverage_gain(desk: Desk, channel: int, row: int) -> Array:
    """Log of a seat's reach gained by one point (1.0) more of own coverage: [M, W].

    Args:
        row: of the desk.
    """
    reach = desk.ruleset.channel_reach
    other = OFFLINE if channel == ONLINE else ONLINE
    covered = reach[:, other, None] * desk.view.coverage[row, :, other]
    return np.asarray(reach[:, channel, None] * (1.0 - covered) / desk.view.reach[desk.seats[row]])


def _best_reach(desk: Desk, worth: Array, out: Array) -> None:
    """Coverage is built with the square root of spending, on what is missing."""
    ruleset, shops = desk.ruleset, desk.shops
    usual = shops.seen(ruleset.spend_normal)[:, REACH]
    started = (usual > 0.0) & (shops.seen(ruleset.revenue_start) > 0.0)
    entrant = ruleset.spend_share[:, REACH] * ENTRANT_SHARE * ruleset.market_revenue_start
    reference = np.maximum(np.where(started, usual, entrant[shops.market]), 1e-9)
    start = shops.seen(ruleset.coverage_start)
    decay = ruleset.coverage_decay[shops.market]
    held = start / np.maximum(1.0 - start, LEAST_ROOM) * decay[:, None]
    built = np.where(started[:, None] & (held > 0.0), held, ENTRANT_BUILD)
    reach = ruleset.channel_reach[shops.market]
    covered = np.swapaxes(shops.own(desk.view.coverage), 0, 1)
    out[:] = 0.0
    for channel, other in ((ONLINE, OFFLINE), (OFFLINE, ONLINE)):
        gain = np.maximum(1.0 - covered[channel], 0.0)
        gain *= 1.0 - reach[:, other, None] * covered[other]
        gain *= (built[:, channel] * reach[:, channel])[:, None]
        out += gain
    out *= worth
    out /= shops.seen(desk.view.reach)
    out *= out
    kept = np.asarray(lasting(decay, desk.rules.discount))
    out *= (0.25 * kept * kept / reference)[:, None]


def _best_brand(desk: Desk, worth: Array, out: Array) -> None:
    """Spending that holds goodwill where its marginal worth is its cost."""
    ruleset = desk.ruleset
    heads = (ruleset.potential * np.exp(ruleset.potential_growth * desk.view.turn))[:, None]
    decay = ruleset.goodwill_decay[:, None]
    kept = lasting(decay, desk.rules.discount)
    weight = (ruleset.goodwill_weight[:, None] * kept) / heads
    market = desk.shops.market
    np.multiply(worth, weight[market], out=out)
    out -= ruleset.goodwill_ref[market, None]
    np.maximum(out, 0.0, out=out)
    out *= (decay * heads)[market]
