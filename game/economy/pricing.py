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

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.economy.choice import LineChoice, attached
from game.economy.demand import Demand, utility_before_price
from game.economy.lines import Lines
from game.economy.minded import Held, gained_by, held_by
from game.economy.runs import Run
from game.economy.shapes import numbers

SMALLEST_SLOPE = 1e-300
LINE_AXES = ["L", "W"]
# Newton's denominator, one minus the own slope of the zeta map. Where it is smaller a product sits
# near a profit minimum and the step would point the wrong way.
LEAST_BEND, MOST_BEND = 0.4, 2.5
# A step that turns back by more than TURNED of the last one starts a cycle. It is shortened, never
# below SHORTEST (rivals turn prices too), and later ones grow to whole steps again by RECOVERY.
TURNED, SHORTEST, RECOVERY = 0.6, 0.5, 2.0


@dataclass(frozen=True)
class PriceResult:
    """Prices after the last step, and how far they still wanted to go."""

    line_price: Array
    """[L, W] USD; without meaning where nothing is on sale."""
    line_margin: Array
    """[L, W] USD a unit, service value included."""
    on_sale: Bools
    """[L, W]."""
    start: Array
    """[N, M, W] or [L, W] USD, where the search began."""
    residual: Array
    """[W] largest relative price change that the lane's last step wanted."""
    iterations: Ints
    """[W] steps that the lane took."""
    choice: LineChoice
    """What buyers choose at the returned prices."""

    @property
    def price(self) -> Array:
        """[N, M, W] USD; the start's where nothing is on sale."""
        lines = self.choice.lines
        found = np.where(self.on_sale, self.line_price, _at(lines, self.start))
        if self.start.ndim == found.ndim:
            return lines.scatter(found)
        price = np.array(self.start)
        price[lines.company, lines.market] = found
        return price

    @property
    def margin(self) -> Array:
        """[N, M, W] USD a unit, service value included; 0 where nothing is on sale."""
        return self.choice.lines.scatter(np.where(self.on_sale, self.line_margin, 0.0))

    @property
    def demand(self) -> Demand:
        """Demand at the returned prices."""
        return self.choice.demand()


class Aim(NamedTuple):
    """What companies weigh besides their own buyers."""

    stance: Array
    """[L, W] factor on the margin, or one number."""
    held: tuple[Held | None, ...]
    """Of each run, rivals' lines that a holder's price moves and whose profit it weighs."""


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
            [L, W] and previous [L, S, W], and the others may be [L, W].
        spared: [L, W] USD of the price that others pay for the buyer; the seller gets it all.

    Returns:
        PriceResult. A fixed point meets the first-order conditions, which a profit minimum meets
        too: see ``pricing_checks``. Lanes stop on their own; none depends on another.

    Source: O'Brien and Salop (2000) for the weights; Morrow and Skerlos (2011) for the zeta form.
    """
    alpha, weight = numbers(alpha, "M S", "alpha"), numbers(weight, "M S", "weight")
    if lines is None:
        on_sale = numbers(on_sale, "N M W", "on_sale", bool)
        start, cost = numbers(start, "N M W", "start"), numbers(cost, "N M W", "cost")
        mean, reach = numbers(mean, "N M W", "mean"), numbers(reach, "N M W", "reach")
        mean, reach, on_sale, cost, start = np.broadcast_arrays(mean, reach, on_sale, cost, start)
        lines = Lines(on_sale)
        mean, reach = lines.gather(mean), lines.gather(reach)
        if previous is not None:
            previous = lines.gather(numbers(previous, "N M S W", "previous"))
    sells = _at(lines, on_sale, bool)
    bound = None
    if loyalty is not None and previous is not None:
        bound = attached(lines, previous, numbers(loyalty, "M", "loyalty"), sells)
    choice = LineChoice(
        lines, utility_before_price(mean, reach, sells),
        alpha, weight, fringe_utility, fringe_count, spared, bound,
    )  # fmt: skip
    unit_cost, service = _at(lines, cost), _at(lines, service_value)
    if not sells.all():
        unit_cost, service = np.where(sells, unit_cost, 0.0), np.where(sells, service, 0.0)
    search = _Search(
        choice, sells, np.where(sells, _at(lines, start), 1.0), unit_cost - service,
        floor_fraction * unit_cost,
        Aim(_at(lines, stance), held_by(kappa, choice, sells, alpha * weight)),
    )  # fmt: skip
    residual, taken = search.settle(max_log_step, tolerance, iterations)
    price = search.price
    return PriceResult(price, price - search.offset, sells, start, residual, taken, choice)


class _Search:
    """Prices on their way; runs of markets move one after another, for they do not meet.

    Args:
        price: [L, W] USD, above 0; moved in place. offset, floor: [L, W] USD, what is taken off
            the price to make the margin, and the least price.
    """

    def __init__(
        self, choice: LineChoice, sells: Bools, price: Array, offset: Array, floor: Array, aim: Aim
    ) -> None:
        self.choice, self.price, self.offset, self.floor = choice, price, offset, floor
        self.aim, self.sells = aim, None if sells.all() else sells
        self.last, self.damping = np.zeros_like(price), np.ones_like(price)

    def settle(self, most: float, tolerance: float, iterations: int) -> tuple[Array, Ints]:
        """Move until every lane has settled, and let the choice stand at the last prices.

        A run goes on while its figures are at hand, as long as no lane can have settled.

        Returns:
            Residual and steps, [W] each.
        """
        worlds = self.price.shape[-1]
        live = np.ones(worlds, bool)
        residual, taken = np.zeros(worlds), np.zeros(worlds, np.int64)
        runs = self.choice.plan.borrow()
        steps, wanted = [0] * len(runs), [np.zeros(worlds)]
        for number in range(iterations):
            for run in runs:
                while (begun := steps[run.number]) < iterations and (
                    begun <= number or bool((wanted[begun - 1] >= tolerance).all())
                ):
                    self._step(run, most, live, begun, wanted)
                    steps[run.number] += 1
                    if begun + 1 == iterations:
                        self.choice.settle(run, self.price)
            np.copyto(residual, wanted[number], where=live)
            taken += live
            live &= residual >= tolerance
            if not live.any():
                break
        for run in runs:
            if steps[run.number] < max(iterations, 1):
                self.choice.settle(run, self.price)
        self.choice.plan.give_back(runs)
        return residual, taken

    def _step(self, run: Run, most: float, live: Bools, number: int, wanted: list[Array]) -> None:
        """One step of a run's prices; notes the largest relative change that each lane wanted."""
        held = self.aim.held[run.number]
        step = newton_step(self.choice, run, self.price, self.offset, self.aim.stance, held)
        moved = self._move(run.rows, step, most, live, number == 0)
        if number == len(wanted):
            wanted.append(np.zeros_like(moved))
        np.maximum(wanted[number], moved, out=wanted[number])

    def _move(self, rows: slice, step: Array, most: float, live: Bools, first: bool) -> Array:
        price, floor, last = self.price[rows], self.floor[rows], self.last[rows]
        spare = np.subtract(floor, price)
        np.maximum(step, spare, out=step)
        if self.sells is not None:
            step *= self.sells[rows]
        np.abs(step, out=spare)
        spare /= price
        wanted = spare.max(axis=0, initial=0.0)
        if not first:  # the first step turns back from nothing
            _relax(self.damping[rows], step, last)
        np.copyto(last, step)
        if not first:
            step *= self.damping[rows]
        np.maximum(step, np.multiply(np.expm1(-most), price, out=spare), out=step)
        np.minimum(step, np.multiply(np.expm1(most), price, out=spare), out=step)
        if not first:
            step *= live
        price += step
        np.maximum(price, floor, out=price)
        return np.asarray(wanted)


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


def newton_step(
    choice: LineChoice, run: Run, price: Array, offset: Array, stance: Array, held: Held | None
) -> Array:
    """How far each margin of a run is from its zeta target, over the bend of that gap: [l, W] USD.

    Args:
        choice: worked out anew at the prices. price: [L, W] USD. offset: [L, W] USD, see
            ``_Search``. stance: [L, W] or a number. held: rivals whose profit is weighed.
    """
    rows = run.rows
    choice.work_out(run, price)
    margin = price[rows] - offset[rows]
    gained = None if held is None else gained_by(held, run, margin)
    if stance.ndim:
        stance = stance[rows]
    target, slope, steep, own, squares, cubes = run.moments()
    if run.loyal:
        tie = choice.plan.tie[rows]
        own *= tie
        squares *= tie
        cubes *= tie
        cubes *= tie
    steep -= squares
    squares -= cubes
    if gained is not None:
        target += gained
    np.maximum(slope, SMALLEST_SLOPE, out=slope)
    target *= stance
    spare = np.multiply(own, margin, out=cubes)
    target += spare
    target /= slope
    bend = _bend(steep, squares, own, slope, target, margin, stance, spare)
    target -= margin
    target /= bend
    return np.asarray(target)


def _bend(
    steep: Array, triple: Array, own: Array, slope: Array,
    target: Array, margin: Array, stance: Array, spare: Array,
) -> Array:  # fmt: skip
    """One minus the own-price slope of the zeta map, kept within bounds; in place of ``steep``.

    With D = sum_s w alpha^2 P (1-P), E = sum_s w alpha^2 P^2 (1-P) and target T the slope is
    (Gamma - stance (Lambda - Gamma) - 2 m E + T D) / Lambda. Where buyers are loyal the third
    power in E stands for its mean over previous brands: Newton's way, not the goal, is near.

    Args:
        steep: D. triple: E, used up.
    """
    triple *= margin
    triple *= 2.0
    steep *= target
    steep -= triple
    steep += own
    np.subtract(slope, own, out=spare)
    spare *= stance
    steep -= spare
    steep /= slope
    np.subtract(1.0, steep, out=steep)
    np.maximum(steep, LEAST_BEND, out=steep)
    return np.asarray(np.minimum(steep, MOST_BEND, out=steep))


def _at(lines: Lines, values: Array | float, dtype: type[float] | type[bool] = float) -> Array:
    """An array [N, M, W] at the lines; one of lines [L, W], or a number, as it is."""
    given = np.asarray(values, dtype)
    if given.ndim in (0, len(LINE_AXES)):
        return given
    return lines.gather(numbers(given, "N M W", "figures of products", dtype))
