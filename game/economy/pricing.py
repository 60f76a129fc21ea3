"""Prices that are best replies to each other: Bertrand with profit weights.

Company n chooses its price to maximise its own profit and kappa[n, j] of company j's. With

    Lambda[n] = sum_s w alpha P[n,s]        Gamma[n,j] = sum_s w alpha P[n,s] P[j,s]

(where buyers are loyal, with G[n,j] of ``game.economy.loyalty`` for the product of chances)

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
from game.economy.lines import LineChoice, Lines, attached
from game.economy.shapes import numbers

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
    choice: LineChoice
    """What buyers choose at the returned prices."""

    @property
    def demand(self) -> Demand:
        """Demand at the returned prices."""
        return self.choice.demand()


class Held(NamedTuple):
    """Meetings of a holder's and an issuer's line, as a list; axis E."""

    kappa: Array
    """[E] profit weight."""
    holder: Ints
    """[E] place of the holder's line in the flattened [L, W]."""
    issuer: Ints
    """[E] place of the issuer's line."""
    holder_segments: Ints
    """[S, E] places of the holder's line in the flattened [L, S, W]."""
    issuer_segments: Ints
    """[S, E] places of the issuer's line."""
    market_segments: Ints
    """[S, E] places of their market in the flattened [M, S, W]."""


class Aim(NamedTuple):
    """What companies weigh besides their own buyers."""

    stance: Array | float
    """[L, W] factor on the margin."""
    held: Held | None
    """Rivals' lines that a holder's price moves and whose profit it weighs."""


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
    loyalty: Array | None = None,
    previous: Array | None = None,
    start: Array,
    max_log_step: float = 0.2,
    floor_fraction: float = 0.1,
    tolerance: float = 1e-12,
    iterations: int = 1000,
    lines: Lines | None = None,
    spared: Array | None = None,
) -> PriceResult:
    """Prices that are best replies, with margins scaled by stance.

    Args:
        mean: [N, M, W] utils. reach: [N, M, W]. cost: [N, M, W] USD, above 0 where on sale.
        alpha, weight, on_sale, fringe_utility, fringe_count: as in ``demand``; alpha above 0.
        kappa: [N, N, W] or [N, N]; the diagonal is not read and counts as one.
        stance: [N, M, W] factor on the margin; 1 best reply.
        service_value: [N, M, W] USD, worth of a buyer to other services of the seller.
        loyalty: [M] utils that leaving the previous brand costs.
        previous: [N, M, S, W] part of each segment's buyers whose last brand each was; with
            ``loyalty``, sums to at most one over N.
        start: [N, M, W] USD, above 0 where on sale.
        max_log_step: a price moves by at most this log in one step.
        floor_fraction: of cost, the least price.
        tolerance: a lane whose largest wanted relative change is below it takes its last step.
        iterations: most steps.
        lines: those of ``on_sale`` or more, where the caller has them; then mean and reach are
            [L, W] and previous [L, S, W].
        spared: [L, W] USD of the price that others pay for the buyer; the seller gets it all.

    Returns:
        PriceResult. A fixed point meets the first-order conditions, which a profit minimum meets
        too: see ``pricing_checks``. Lanes stop on their own; none depends on another.

    Source: O'Brien and Salop (2000) for the weights; Morrow and Skerlos (2011) for the zeta form.
    """
    alpha, weight = numbers(alpha, "M S", "alpha"), numbers(weight, "M S", "weight")
    on_sale, start = numbers(on_sale, "N M W", "on_sale", bool), numbers(start, "N M W", "start")
    cost = numbers(cost, "N M W", "cost")
    if lines is None:
        mean, reach = numbers(mean, "N M W", "mean"), numbers(reach, "N M W", "reach")
        mean, reach, on_sale, cost, start = np.broadcast_arrays(mean, reach, on_sale, cost, start)
        lines = Lines(on_sale)
        mean, reach = lines.gather(mean), lines.gather(reach)
        if previous is not None:
            previous = lines.gather(numbers(previous, "N M S W", "previous"))
    sells = lines.gather(on_sale)
    bound = None
    if loyalty is not None and previous is not None:
        bound = attached(lines, previous, numbers(loyalty, "M", "loyalty"), sells)
    choice = LineChoice(
        lines, utility_before_price(mean, reach, sells),
        alpha, weight, fringe_utility, fringe_count, spared, bound,
    )  # fmt: skip
    unit_cost = np.where(sells, lines.gather(cost), 0.0)
    aim = Aim(_at(lines, stance), _held(kappa, lines, sells, alpha.shape[1]))
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
        choice=choice,
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
    for number in range(iterations):
        choice.evaluate(price)
        step = newton_step(choice, price - offset, aim)
        np.maximum(step, floor - price, out=step)
        np.copyto(step, 0.0, where=~sells)
        np.copyto(residual, (np.abs(step) / price).max(axis=0, initial=0.0), where=live)
        taken += live
        if number:  # the first step turns back from nothing
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
    part = choice.spread
    np.multiply(choice.probabilities, choice.weight, out=part)
    target = part.sum(axis=1)
    np.multiply(choice.probabilities, choice.slope, out=part)
    slope = part.sum(axis=1)
    np.maximum(slope, SMALLEST_SLOPE, out=slope)
    if aim.held is not None:
        target += _others(aim.held, choice, margin)
    target *= aim.stance
    part *= choice.again
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
    (Gamma - stance (Lambda - Gamma) - 2 m E + T D) / Lambda. Where buyers are loyal the third
    power in E stands for its mean over previous brands: Newton's way, not the goal, is near.
    """
    part *= choice.alpha
    squares = part.sum(axis=1)
    part *= choice.again
    cubes = part.sum(axis=1)
    np.multiply(choice.probabilities, choice.tilt, out=part)
    steep = part.sum(axis=1)
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
    if np.ndim(values) == 0:
        return values
    return lines.gather(numbers(values, "N M W", "stance, service_value"))


def _held(kappa: Array | None, lines: Lines, sells: Bools, segments: int) -> Held | None:
    """Where a holder meets a company that it has a weight in, lane by lane; None nowhere.

    Args:
        sells: [L, W] lines on sale.
    """
    if kappa is None:
        return None
    companies, markets, worlds = lines.shape
    kappa = np.asarray(kappa, float)
    if kappa.ndim == 2:
        kappa = np.repeat(kappa[..., None], worlds, axis=-1)
    pair = np.flatnonzero(kappa)
    row, lane = np.divmod(pair, worlds)
    holder, issuer = np.divmod(row, companies)
    row_of = np.full((companies, markets), -1)
    row_of[lines.company, lines.market] = np.arange(len(lines.market))
    place, market = _meetings(row_of >= 0, holder, issuer)
    ours, theirs = row_of[holder[place], market], row_of[issuer[place], market]
    lane = lane[place]
    both = sells[ours, lane] & sells[theirs, lane]
    if not both.any():
        return None
    ours, theirs, lane = ours[both], theirs[both], lane[both]
    segment = np.arange(segments)[:, None]
    return Held(
        np.take(kappa.reshape(-1), pair[place[both]]),
        ours * worlds + lane,
        theirs * worlds + lane,
        (ours * segments + segment) * worlds + lane,
        (theirs * segments + segment) * worlds + lane,
        (lines.market[ours] * segments + segment) * worlds + lane,
    )


def _meetings(sold: Bools, holder: Ints, issuer: Ints) -> tuple[Ints, Ints]:
    """Markets in which two companies both have a line, for each of some pairs.

    Args:
        sold: [N, M]. holder, issuer: [P].

    Returns:
        (number of the pair, market), [E] each, in order.
    """
    count = len(sold)
    both = sold[:, None] & sold
    both[np.arange(count), np.arange(count)] = False
    row, market = np.nonzero(both.reshape(count * count, -1))
    first = np.searchsorted(row, np.arange(count * count + 1))
    pair = holder * count + issuer
    times = np.diff(first)[pair]
    place = np.repeat(np.arange(len(pair)), times)
    before = np.repeat(np.cumsum(times) - times, times)
    return place, market[first[pair][place] + np.arange(len(place)) - before]


def _others(held: Held, choice: LineChoice, margin: Array) -> Array:
    """What a dearer price brings the companies held: sum of kappa m Gamma, [L, W].

    Args:
        choice: with w alpha P [L, S, W] in its spare room.
    """
    gained = np.take(choice.spread.reshape(-1), held.holder_segments)
    gained *= np.take(choice.probabilities.reshape(-1), held.issuer_segments)
    if choice.bound is not None:
        gained *= _bound(held, choice)
    worth = gained.sum(axis=0)
    worth *= np.take(margin.reshape(-1), held.issuer)
    worth *= held.kappa
    return np.bincount(held.holder, worth, margin.size).reshape(margin.shape)


def _bound(held: Held, choice: LineChoice) -> Array:
    """G_nj over q_n q_j, where buyers are loyal: [S, E]."""
    lean, stay = choice.lean.reshape(-1), choice.stay.reshape(-1)
    both = np.take(choice.twice.reshape(-1), held.market_segments)
    for place in (held.holder_segments, held.issuer_segments):
        both += np.take(lean, place)
    for place in (held.holder_segments, held.issuer_segments):
        both /= np.take(stay, place)
    return np.asarray(both)
