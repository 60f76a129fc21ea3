"""Prices that are best replies to each other: Bertrand with profit weights.

Company n chooses its price to maximise its own profit and kappa[n, j] of company j's. With
Lambda[n] = sum_s w alpha P[n,s] and Gamma[n,j] = sum_s w alpha P[n,s] P[j,s], and margins
m = price - cost + service_value, the first-order condition reads

    m[n] (Lambda[n] - Gamma[n,n]) = share[n] + sum over j != n of kappa[n,j] m[j] Gamma[n,j]

The right-hand side times ``stance`` is what a company aims at. The iteration divides by Lambda
alone (the zeta form of Morrow and Skerlos), which converges where the plain markup form cycles.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.economy.demand import Choice, Demand, utility_before_price

SMALLEST_SLOPE = 1e-300


class PriceResult(NamedTuple):
    """Prices after the last step, and how far they still wanted to go."""

    price: Array
    """[N, M, W] USD; the start's where nothing is on sale."""
    margin: Array
    """[N, M, W] USD a unit, service value included; 0 where nothing is on sale."""
    residual: Array
    """[W] largest relative price change that the last step of the lane wanted."""
    iterations: Ints
    """[W] steps taken by the lane."""
    demand: Demand
    """Demand at the returned prices."""


def bertrand_prices(
    mean: Array,
    reach: Array,
    cost: Array,
    alpha: Array,
    weight: Array,
    on_sale: Bools,
    fringe_utility: Array,
    fringe_count: Array,
    *,
    kappa: Array | None = None,
    stance: Array | float = 1.0,
    service_value: Array | float = 0.0,
    start: Array,
    max_log_step: float = 0.2,
    floor_fraction: float = 0.1,
    tolerance: float = 1e-6,
    iterations: int = 12,
) -> PriceResult:
    """Prices that are best replies, scaled by stance.

    Args:
        mean: [N, M, W] utils. reach: [N, M, W]. cost: [N, M, W] USD.
        alpha, weight, on_sale, fringe_utility, fringe_count: as in ``demand``.
        kappa: [N, N, W] weight of the second company's profit in the first one's aim; the
            diagonal is not read and counts as one.
        stance: [N, M, W] factor on the margin; 1 best reply.
        service_value: [N, M, W] USD, worth of a buyer to other services of the seller.
        start: [N, M, W] USD, above 0 where on sale.
        max_log_step: a price moves by at most this log in one step.
        floor_fraction: of cost, the least price.
        tolerance: a lane whose largest wanted relative change is below it takes its last step.
        iterations: most steps.

    Returns:
        PriceResult. Lanes stop on their own; no lane's result depends on another's.

    Source: Nash-Bertrand with O'Brien and Salop (2000) weights; Morrow and Skerlos (2011).
    """
    base = utility_before_price(mean, reach, on_sale)
    choice = Choice(alpha, weight, fringe_utility, fringe_count, mean.shape)
    price = np.where(on_sale, start, 0.0)
    offset = np.where(on_sale, cost - service_value, 0.0)
    floor = np.where(on_sale, floor_fraction * cost, 0.0)
    pairs = _pairs(kappa, on_sale)
    down, up = np.exp(-max_log_step), np.exp(max_log_step)
    worlds = mean.shape[-1]
    live = np.ones(worlds, bool)
    residual, taken = np.zeros(worlds), np.zeros(worlds, np.int64)
    scale = np.where(on_sale, price, 1.0)
    for _ in range(iterations):
        probabilities = choice.evaluate(base, price)
        wanted = _target(probabilities, choice, price - offset, stance, kappa, pairs)
        wanted += offset
        np.maximum(wanted, floor, out=wanted)
        np.copyto(scale, price, where=on_sale)
        gap = np.abs(wanted - price)
        gap /= scale
        np.copyto(gap, 0.0, where=~on_sale)
        np.copyto(residual, gap.max(axis=(0, 1)), where=live)
        np.maximum(wanted, down * price, out=wanted)
        np.minimum(wanted, up * price, out=wanted)
        np.maximum(wanted, floor, out=wanted)
        np.copyto(price, wanted, where=on_sale & live)
        taken += live
        live &= residual >= tolerance
        if not live.any():
            break
    choice.evaluate(base, price)
    return PriceResult(
        price=np.where(on_sale, price, start),
        margin=price - offset,
        residual=residual,
        iterations=taken,
        demand=choice.demand(),
    )


Pairs = list[tuple[int, int, Ints]]


def _pairs(kappa: Array | None, on_sale: Bools) -> Pairs:
    """Ordered pairs with a weight in some world, and the markets in which both may sell."""
    if kappa is None:
        return []
    held = np.asarray((kappa != 0.0).any(axis=-1))
    np.fill_diagonal(held, False)
    sells = np.asarray(on_sale.any(axis=-1))
    found: Pairs = []
    for holder, issuer in np.argwhere(held):
        shared = np.flatnonzero(sells[holder] & sells[issuer])
        if shared.size:
            found.append((int(holder), int(issuer), shared))
    return found


def _target(
    probabilities: Array,
    choice: Choice,
    margin: Array,
    stance: Array | float,
    kappa: Array | None,
    pairs: Pairs,
) -> Array:
    """The margin that the zeta form wants: [N, M, W]."""
    part = probabilities * choice.weight
    aim = part.sum(axis=2)
    part *= choice.alpha
    slope = np.maximum(part.sum(axis=2), SMALLEST_SLOPE)
    if kappa is not None:
        for holder, issuer, shared in pairs:
            minded = kappa[holder, issuer] * np.take(margin[issuer], shared, axis=0)
            lost = np.take(part[holder], shared, axis=0)
            lost *= np.take(probabilities[issuer], shared, axis=0)
            gained = lost.sum(axis=1)
            gained *= minded
            aim[holder, shared] += gained
    aim *= stance
    part *= probabilities
    own = part.sum(axis=2)
    own *= margin
    aim += own
    aim /= slope
    return np.asarray(aim)
