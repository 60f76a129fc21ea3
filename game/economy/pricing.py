"""Prices that are best replies to each other: Bertrand with profit weights.

Company n chooses its price to maximise its own profit and kappa[n, j] of company j's. With

    Lambda[n] = sum_s w alpha P[n,s]        Gamma[n,j] = sum_s w alpha P[n,s] P[j,s]

and margins m = price - cost + service_value, the first-order condition, scaled by stance, reads

    m[n] (Lambda[n] - Gamma[n,n]) = stance[n] (share[n] + sum_{j != n} kappa[n,j] m[j] Gamma[n,j])

The iteration solves it for m with Lambda alone on the left (the zeta form, which converges where
dividing by Lambda - Gamma cycles) and shortens the way by Newton's step in each own price.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.economy.demand import Demand, utility_before_price
from game.economy.lines import LineChoice, Lines

SMALLEST_SLOPE = 1e-300
# Newton's denominator, one minus the own slope of the zeta map. Where it is smaller a product sits
# near a profit minimum and the step would point the wrong way.
LEAST_BEND, MOST_BEND = 0.4, 2.5
# A step that turns back by more than TURNED of the last one starts a cycle. It is shortened, never
# below SHORTEST (rivals turn prices too), and later ones grow to whole steps again by RECOVERY.
TURNED, SHORTEST, RECOVERY = 0.6, 0.5, 2.0


class PriceResult(NamedTuple):
    """Prices after the last step, and how far they still wanted to go."""

    price: Array
    """[N, M, W] USD; the start's where nothing is on sale."""
    margin: Array
    """[N, M, W] USD a unit, service value included; 0 where nothing is on sale."""
    residual: Array
    """[W] largest relative price change that the lane's last step wanted."""
    iterations: Ints
    """[W] steps that the lane took."""
    demand: Demand
    """Demand at the returned prices."""


class Aim(NamedTuple):
    """What companies weigh besides their own buyers."""

    stance: Array | float
    """[L, W] factor on the margin."""
    pairs: list[tuple[Array, Ints, Ints]]
    """Profit weight [W], and rows of the holder's and the issuer's lines in shared markets."""


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
    """Prices that are best replies, with margins scaled by stance.

    Args:
        mean: [N, M, W] utils. reach: [N, M, W]. cost: [N, M, W] USD, above 0 where on sale.
        alpha, weight, on_sale, fringe_utility, fringe_count: as in ``demand``; alpha above 0.
        kappa: [N, N, W]; the diagonal is not read and counts as one.
        stance: [N, M, W] factor on the margin; 1 best reply.
        service_value: [N, M, W] USD, worth of a buyer to other services of the seller.
        start: [N, M, W] USD, above 0 where on sale.
        max_log_step: a price moves by at most this log in one step.
        floor_fraction: of cost, the least price.
        tolerance: a lane whose largest wanted relative change is below it takes its last step.
        iterations: most steps.

    Returns:
        PriceResult. A fixed point meets the first-order conditions, which a profit minimum meets
        too: see ``pricing_checks``. Lanes stop on their own; none depends on another.

    Source: O'Brien and Salop (2000) for the weights; Morrow and Skerlos (2011) for the zeta form.
    """
    lines = Lines(on_sale)
    choice = LineChoice(
        lines, lines.gather(utility_before_price(mean, reach, on_sale)),
        alpha, weight, fringe_utility, fringe_count,
    )  # fmt: skip
    sells = lines.gather(on_sale)
    unit_cost = np.where(sells, lines.gather(cost), 0.0)
    aim = Aim(_at(lines, stance), _pairs(kappa, lines))
    offset = unit_cost - np.where(sells, _at(lines, service_value), 0.0)
    floor = floor_fraction * unit_cost
    price = np.where(sells, lines.gather(start), 1.0)
    residual, taken = _iterate(
        choice, price, sells, offset, floor, aim, max_log_step, tolerance, iterations
    )
    choice.evaluate(price)
    return PriceResult(
        price=np.where(on_sale, lines.scatter(price), start),
        margin=lines.scatter(np.where(sells, price - offset, 0.0)),
        residual=residual,
        iterations=taken,
        demand=choice.demand(),
    )


def _iterate(
    choice: LineChoice,
    price: Array,
    sells: Bools,
    offset: Array,
    floor: Array,
    aim: Aim,
    max_log_step: float,
    tolerance: float,
    iterations: int,
) -> tuple[Array, Ints]:
    """Move ``price`` in place until every lane has settled; residual and steps, [W] each."""
    worlds = price.shape[-1]
    down, up = np.expm1(-max_log_step), np.expm1(max_log_step)
    live = np.ones(worlds, bool)
    residual, taken = np.zeros(worlds), np.zeros(worlds, np.int64)
    last, damping = np.zeros_like(price), np.ones_like(price)
    for _ in range(iterations):
        choice.evaluate(price)
        step = newton_step(choice, price - offset, aim)
        np.maximum(step, floor - price, out=step)
        np.copyto(step, 0.0, where=~sells)
        np.copyto(residual, (np.abs(step) / price).max(axis=0, initial=0.0), where=live)
        taken += live
        _relax(damping, step, last)
        last = step.copy()
        step *= damping
        np.maximum(step, down * price, out=step)
        np.minimum(step, up * price, out=step)
        step *= live
        price += step
        np.maximum(price, floor, out=price)
        live &= residual >= tolerance
        if not live.any():
            break
    return residual, taken


def _relax(damping: Array, step: Array, last: Array) -> None:
    """Shorten, in place, the next move of products whose wanted step turned back.

    Aitken's relaxation in each price by itself: it ends two-cycles and leaves the rest alone.
    """
    turned = step * last < -TURNED * last * last
    before = np.abs(last)
    shorter = damping * before
    before += np.abs(step)
    shorter /= np.maximum(before, SMALLEST_SLOPE, out=before)
    damping *= RECOVERY
    np.minimum(damping, 1.0, out=damping)
    np.copyto(damping, np.maximum(shorter, SHORTEST, out=shorter), where=turned)


def newton_step(choice: LineChoice, margin: Array, aim: Aim) -> Array:
    """How far each margin is from its zeta target, over the bend of that gap: [L, W] USD.

    Args:
        choice: evaluated at the prices that ``margin`` belongs to.
        margin: [L, W] USD.
        aim: stance and profit weights.
    """
    chosen = choice.probabilities
    part = chosen * choice.weight
    shares = part.sum(axis=1)
    part *= choice.alpha
    slope = np.maximum(part.sum(axis=1), SMALLEST_SLOPE)
    target = shares
    for kappa, holder, issuer in aim.pairs:
        gained = np.take(part, holder, axis=0)
        gained *= np.take(chosen, issuer, axis=0)
        target[holder] += kappa * np.take(margin, issuer, axis=0) * gained.sum(axis=1)
    target *= aim.stance
    part *= chosen
    own = part.sum(axis=1)
    target += own * margin
    target /= slope
    bend = _bend(choice, part, own, slope, target, margin, aim.stance)
    target -= margin
    target /= bend
    return np.asarray(target)


def _bend(
    choice: LineChoice,
    part: Array,
    own: Array,
    slope: Array,
    target: Array,
    margin: Array,
    stance: Array | float,
) -> Array:
    """One minus the own-price slope of the zeta map, kept within bounds; uses up ``part``.

    With D = sum_s w alpha^2 P (1-P), E = sum_s w alpha^2 P^2 (1-P) and target T the slope is
    (Gamma - stance (Lambda - Gamma) - 2 m E + T D) / Lambda.
    """
    part *= choice.alpha
    squares = part.sum(axis=1)
    part *= choice.probabilities
    cubes = part.sum(axis=1)
    tilt = choice.alpha * choice.weight * choice.alpha
    steep = (choice.probabilities * tilt).sum(axis=1)
    steep -= squares
    squares -= cubes
    steep *= target
    squares *= margin
    steep -= 2.0 * squares
    steep += own
    steep -= stance * (slope - own)
    steep /= slope
    np.subtract(1.0, steep, out=steep)
    return np.asarray(np.clip(steep, LEAST_BEND, MOST_BEND, out=steep))


def _at(lines: Lines, values: Array | float) -> Array | float:
    """A number as it is, an array [N, M, W] at the lines."""
    return lines.gather(values) if isinstance(values, np.ndarray) else values


def _pairs(kappa: Array | None, lines: Lines) -> list[tuple[Array, Ints, Ints]]:
    """Ordered pairs with a weight in some world that meet in a market.

    A lane in which such a pair has no weight adds zeros, so the choice of pairs by the whole
    block changes no lane.
    """
    if kappa is None:
        return []
    held = np.asarray((kappa != 0.0).any(axis=-1))
    np.fill_diagonal(held, False)
    found = []
    for holder, issuer in np.argwhere(held):
        ours, theirs = lines.rows(holder), lines.rows(issuer)
        _, first, second = np.intersect1d(
            lines.market[ours], lines.market[theirs], assume_unique=True, return_indices=True
        )
        if first.size:
            found.append((kappa[holder, issuer], ours[first], theirs[second]))
    return found
