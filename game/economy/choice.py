"""The choice among product lines, evaluated at one set of prices after another.

A search for prices evaluates the choice again and again. It works in runs: whole markets whose
arrays fit the processor's cache together, so that only what goes in and comes out is fetched from
memory. Markets do not meet in a choice, so runs change speed and never results.

Where buyers are loyal (see ``game.economy.loyalty``) the arithmetic is done in units of the pull
g = e^l - 1, which leaves nothing to multiply by it:

    y = g s     d = 1 / (1 + y)     k = b d     A = b_0 + sum k     B = b_0 + sum k d
    q = y z,    z = A / g + k
    G_nn = c y^2 x,    x = B / (e^2l - 1) + k d,    c = 1 + 2 / g
"""

from __future__ import annotations

from collections import deque
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.core.room import room
from game.economy.demand import Demand, Quiet
from game.economy.lines import Layout, Lines, layout_of
from game.economy.runs import HIGHEST, ROOMS, Run, parts_of
from game.economy.shapes import numbers

WIDEST = 1 << 21
"""Numbers in an array beyond which it is not kept for the next quarter."""


class Attached(NamedTuple):
    """Previous brands of buyers, and what leaving them costs."""

    previous: Array
    """[L, S, W] part of the segment's buyers whose last brand it was; 0 where nothing is sold."""
    pull: Array
    """[M] e^loyalty - 1; 0 where leaving costs nothing."""


def attached(lines: Lines, previous: Array, loyalty: Array, sells: Bools) -> Attached | None:
    """Previous brands as the choice needs them; None where nobody is loyal.

    Args:
        previous: [L, S, W] part of each segment's buyers whose last brand it was; sums to at
            most one over a market's lines. What is not on sale binds nobody.
        loyalty: [M] utils, at least 0. sells: [L, W].
    """
    if not np.take(loyalty > 0.0, lines.market).any():
        return None
    held = previous if sells.all() else np.where(sells[:, None], previous, 0.0)
    return Attached(held, np.expm1(loyalty))


def _spread(values: Array, worlds: int) -> Array:
    """Figures [..., S] repeated in every world: [..., S, W], read only.

    A product of arrays of one shape takes half the time of one that repeats a column.
    """
    spread = room(*values.shape, worlds)
    spread[:] = values[..., None]
    spread.setflags(write=False)
    return spread


class Plan:
    """What stays the same from quarter to quarter while the same lines are on sale, and room.

    Args:
        layout: where the lines stand.
        alpha, weight, fringe_utility: [M, S]. fringe_count, pull: [M]. worlds: of the block.
    """

    def __init__(
        self,
        layout: Layout,
        alpha: Array,
        weight: Array,
        fringe_utility: Array,
        fringe_count: Array,
        pull: Array,
        worlds: int,
    ) -> None:
        at, order, loyal = layout.market, layout.order, pull > 0.0
        self.quiet, self.weight = Quiet(fringe_utility, fringe_count), weight[:, :, None]
        self.alpha_of, self.weight_of = _spread(alpha[at], worlds), _spread(weight[at], worlds)
        shift = np.log(pull, out=np.zeros_like(pull), where=loyal)
        self.shift = float(shift.max(initial=0.0))
        self.floor = _spread((self.quiet.floor[..., 0] - shift[:, None])[at], worlds)
        """[L, S, W] the level of ``quiet``; in units of the pull where buyers are loyal."""
        self.tie = _spread(
            1.0 + np.divide(2.0, pull, out=np.zeros_like(pull), where=loyal)[at], worlds
        )
        """[L, W] c; one where nobody is loyal."""
        self.place = np.full(len(alpha), -1)
        """[M] of each market among those with lines; -1 none."""
        self.place[order] = np.arange(len(order))
        self._figures(layout, pull[order], self.quiet.total[order, :, 0], worlds)
        self._free: deque[tuple[Run, ...]] = deque()

    def borrow(self) -> tuple[Run, ...]:
        """Runs that nobody works in; to be given back."""
        try:
            return self._free.pop()
        except IndexError:
            most = max((part.rows.stop - part.rows.start for part in self.parts), default=0)
            rooms = room(ROOMS, most, *self.alpha_of.shape[1:])
            return tuple(
                Run(number, part, rooms, *self._given) for number, part in enumerate(self.parts)
            )

    def give_back(self, runs: tuple[Run, ...]) -> None:
        """Leave the runs for the next search."""
        self._free.append(runs)

    def _figures(self, layout: Layout, pull: Array, quiet: Array, worlds: int) -> None:
        unit = np.repeat(np.where(pull > 0.0, pull, 1.0)[:, None], quiet.shape[1], axis=1)
        sizes = tuple(each for _, each, markets in layout.stacks for _ in markets)
        loyal = tuple((pull > 0.0).tolist())
        self.parts = parts_of(sizes, loyal, quiet.shape[1] * worlds * unit.itemsize)
        closer = None
        if any(loyal):
            one = np.divide(1.0, unit, out=np.zeros_like(unit), where=pull[:, None] > 0.0)
            closer = _spread(np.stack((one, one / (unit + 2.0))), worlds)
        given = _spread(unit, worlds), _spread(unit * quiet, worlds)
        self._given = self.alpha_of, self.weight_of, *given, closer


@lru_cache(maxsize=8)
def _plan(layout: tuple[bytes, int, int], worlds: int, segments: int, *figures: bytes) -> Plan:
    alpha, weight, utility, count, pull = (np.frombuffer(values) for values in figures)
    tables = alpha.reshape(-1, segments), weight.reshape(-1, segments)
    return Plan(layout_of(*layout), *tables, utility.reshape(-1, segments), count, pull, worlds)


class LineChoice:
    """The choice among lines, evaluated at one set of prices after another in the same buffers.

    Args:
        lines: where they stand.
        base: [L, W] of ``utility_before_price``.
        alpha: [M, S] utils a USD. weight: [M, S] of buyers, sums to one over S.
        fringe_utility: [M, S] utils, price included. fringe_count: [M].
        spared: [L, W] USD of the price that the buyer does not pay.
        bound: previous brands, where buyers are loyal; see ``game.economy.loyalty``.
    """

    def __init__(
        self,
        lines: Lines,
        base: Array,
        alpha: Array,
        weight: Array,
        fringe_utility: Array,
        fringe_count: Array,
        spared: Array | None = None,
        bound: Attached | None = None,
    ) -> None:
        self.lines, self.spared = lines, spared
        self.pull = np.zeros(len(alpha)) if bound is None else bound.pull
        segments, worlds = alpha.shape[1], base.shape[-1]
        fringe_utility = numbers(fringe_utility, "M S", "fringe_utility")
        fringe_count = numbers(fringe_count, "M", "fringe_count")
        make = _plan if len(base) * segments * worlds <= WIDEST else _plan.__wrapped__
        figures = (alpha, weight, fringe_utility, fringe_count, self.pull)
        self.plan = make(
            lines.key, worlds, segments,
            *(np.asarray(values, np.float64).tobytes() for values in figures),
        )  # fmt: skip
        self.loyal, self.base, self.worlds = bound is not None, base, worlds
        shape = len(base), segments, worlds
        self.above, self._begun = room(*shape), [False] * len(self.plan.parts)
        """[L, S, W] utils before price, over the better of the outside good and a fringe firm; in
        units of the pull where buyers are loyal. Of a run once it is worked out."""
        best = base.max(initial=-np.inf) + self.plan.shift
        self.high = bool(best > HIGHEST)
        """Whether somebody may like a product too well."""
        self.capped = spared is not None and best + spared.max(initial=0.0) * alpha.max() > HIGHEST
        """Whether somebody who is paid to take a product may like it too well."""
        self.probabilities = room(*shape)
        self.rest = room(len(lines.layout.order), segments, worlds)
        """[markets with lines, S, W] factor on ``quiet`` of those who take no line."""
        self.sums = np.empty((4, len(base), worlds))
        """Of ``Run.answer``."""
        if bound is not None:
            self.previous, self.nobody = bound.previous, room(*self.rest.shape)

    def evaluate(self, price: Array) -> Array:
        """Probabilities [L, S, W] at these prices [L, W]; the next call overwrites them."""
        runs = self.plan.borrow()
        for run in runs:
            self.settle(run, price)
        self.plan.give_back(runs)
        return self.probabilities

    def settle(self, run: Run, price: Array) -> None:
        """Evaluate one run at these prices [L, W], and keep what buyers choose."""
        chosen = self.probabilities[run.rows]
        self.work_out(run, price)
        run.keep(chosen)
        run.answer(chosen, self.sums[:, run.rows])
        self.rest[run.markets] = run.rest

    def work_out(self, run: Run, price: Array) -> None:
        """Evaluate one run at these prices [L, W], within its room."""
        rows = run.rows
        if not self._begun[run.number]:
            self._begin(run)
        spared = None if self.spared is None else self.spared[rows]
        run.evaluate(self.above[rows], price[rows], spared, self.capped)
        if run.loyal:
            run.stay(self.previous[rows], self.nobody[run.markets])

    def _begin(self, run: Run) -> None:
        """What stays the same at all prices, while the run's figures are at hand."""
        above = self.above[run.rows]
        np.subtract(self.base[run.rows, None], self.plan.floor[run.rows], out=above)
        if self.high:
            np.minimum(above, HIGHEST, out=above)
        if run.loyal:
            run.without_brand(self.previous[run.rows], self.nobody[run.markets])
        self._begun[run.number] = True

    def by_option(self, market: int, lanes: Ints) -> tuple[Array, Array, Array]:
        """What the buyers of some worlds choose in a market, as parts of all of them.

        Returns:
            (lines [L of the market, S, lanes], fringe [S, lanes], nothing [S, lanes]).
        """
        weight = self.plan.weight[market]
        rest = np.take(self.rest[self.plan.place[market]], lanes, axis=-1)
        here = self.probabilities[self.lines.spans[market]]
        chosen = np.take(here, lanes, axis=-1) * weight
        fringe = rest * (self.plan.quiet.fringe[market] * weight)
        return chosen, fringe, rest * (self.plan.quiet.outside[market] * weight)

    def by_segment(self) -> Array:
        """Share of all buyers that take a line and are of a segment: [L, S, W]."""
        part = room(*self.probabilities.shape)
        return np.asarray(np.multiply(self.probabilities, self.plan.weight_of, out=part))

    def line_shares(self) -> Array:
        """Shares of all buyers at the last evaluation: [L, W]."""
        return np.array(self.sums[0])

    def shares(self) -> Array:
        """Shares of all buyers at the last evaluation: [N, M, W]."""
        return self.lines.scatter(self.sums[0])

    def _without(self, values: Array) -> Array:
        """Share of all buyers who take none of the lines but this, of ``quiet``: [M, W].

        Args:
            values: [M, S, 1] of an option, relative to the level.
        """
        part = values * self.plan.weight
        order = self.lines.layout.order
        whole = np.empty((len(values), self.rest.shape[-1]))
        whole[:] = (part / self.plan.quiet.total).sum(axis=1)
        whole[order] = (self.rest * part[order]).sum(axis=1)
        return whole

    def fringe(self) -> Array:
        """Share of all fringe firms at the last evaluation: [M, W]."""
        return self._without(self.plan.quiet.fringe)

    def responses(self) -> tuple[Array, Array]:
        """How shares answer at the last evaluation, all else equal.

        Returns:
            (shares a util of own appeal, shares a USD off the own price), [L, W] each.
        """
        shares, steep, flat, slope = self.sums
        return shares - self.plan.tie * flat, steep - self.plan.tie * slope

    def demand(self) -> Demand:
        """The last evaluation in full."""
        return Demand(
            shares=self.shares(),
            fringe=self.fringe(),
            outside=self._without(self.plan.quiet.outside),
            probabilities=self.lines.scatter(self.probabilities),
        )
