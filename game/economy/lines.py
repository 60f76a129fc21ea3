"""Product lines: the (company, market) pairs that some world of a block has on sale.

Most companies sell in few markets. A law that evaluates the choice again and again works on the
lines alone, [L, W], sorted by market and within it by company. A pair that is on sale nowhere adds
exact zeros to every sum, so leaving it out changes no bit of any lane.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.economy.demand import Demand, Quiet

HIGHEST = 600.0
"""Utils over the outside good past which a product is liked no better: e^u must stay a number."""


class Lines:
    """Where the lines of a block stand.

    Args:
        on_sale: [N, M, W].
    """

    def __init__(self, on_sale: Bools) -> None:
        self.shape = on_sale.shape
        self.market, self.company = np.nonzero(np.asarray(on_sale.any(axis=-1)).T)
        self.bounds = np.searchsorted(self.market, np.arange(self.shape[1] + 1))

    def gather(self, values: Array) -> Array:
        """[N, M, W] (or [N, M, 1]) -> [L, W]."""
        return np.asarray(values[self.company, self.market])

    def scatter(self, values: Array) -> Array:
        """[L, ..., W] -> [N, M, ..., W], zero elsewhere."""
        companies, markets, _ = self.shape
        spread = np.zeros((companies, markets, *values.shape[1:]))
        spread[self.company, self.market] = values
        return spread

    def by_company(self, values: Array) -> Array:
        """[L, ..., W] added up by company, market by market: [N, ..., W]."""
        total = np.zeros((self.shape[0], *values.shape[1:]))
        for company in np.unique(self.company).tolist():
            values[self.rows(company)].sum(axis=0, out=total[company])
        return total

    def rows(self, company: int) -> Ints:
        """Rows of a company's lines, in order of market."""
        return np.flatnonzero(self.company == company)


def previous_by_segment(
    lines: Lines, brands: Array, mix: Array, weight: Array, most: Array
) -> Array:
    """Previous brands of each segment's buyers, from those of the whole market.

    Args:
        brands: [L, W] part of the market's buyers whose last brand each line was.
        mix: [L, S, W] part of each line's old buyers that is of a segment; sums to one.
        weight: [M, S] of buyers.
        most: [M, W] part of any segment's buyers that may have a brand; the rest buy for the
            first time. Brands beyond it are scaled down together.

    Returns:
        [L, S, W] sums to at most ``most`` over a market's lines.
    """
    heavy = weight > 0.0
    scale = np.divide(1.0, weight, out=np.zeros_like(weight), where=heavy)
    part = mix * np.take(scale, lines.market, axis=0)[:, :, None]
    part *= brands[:, None]
    for market, (first, end) in enumerate(pairwise(lines.bounds.tolist())):
        if first < end:
            total = np.add.reduce(part[first:end], axis=0)
            room = np.broadcast_to(most[market], total.shape)
            part[first:end] *= room / np.maximum(total, np.maximum(room, 1e-300))
    return np.asarray(part)


class Attached(NamedTuple):
    """Previous brands of buyers, of the lines in markets where leaving one costs something."""

    runs: tuple[slice, ...]
    """Lines of such markets, as stretches of L."""
    others: tuple[slice, ...]
    """The stretches between them."""
    markets: tuple[tuple[int, int, int], ...]
    """(market, first line, line after the last) of each such market."""
    pull: Array
    """[L, S, W] e^loyalty - 1; read only."""
    held: Array
    """[L, S, W] pull x part of the segment's buyers whose last brand it was."""
    spare: Array
    """[M, S, W] part of buyers without a brand; 1 in the other markets."""
    ease: Array
    """[M, 1, 1] 1 / pull; 0 in the other markets."""


def attached(lines: Lines, previous: Array, loyalty: Array, sells: Bools) -> Attached | None:
    """Previous brands as the choice needs them; None where nobody is loyal.

    Args:
        previous: [L, S, W] part of each segment's buyers whose last brand it was; sums to at
            most one over a market's lines. What is not on sale binds nobody.
        loyalty: [M] utils, at least 0. sells: [L, W].
    """
    bound = np.take(loyalty > 0.0, lines.market)
    if not bound.any():
        return None
    pull = np.expm1(loyalty)
    held = np.where(sells[:, None], previous, 0.0)
    spare = np.ones((len(loyalty), *held.shape[1:]))
    bounds = lines.bounds.tolist()
    markets = tuple(
        (market, first, end)
        for market, (first, end) in enumerate(pairwise(bounds))
        if first < end and loyalty[market] > 0.0
    )
    for market, first, end in markets:
        spare[market] -= held[first:end].sum(axis=0)
    np.maximum(spare, 0.0, out=spare)
    by_line = _spread(pull.tobytes(), lines.market.tobytes(), *held.shape[1:])
    held *= by_line
    ease = np.divide(1.0, pull, out=np.zeros_like(pull), where=pull > 0.0)[:, None, None]
    return Attached(
        _stretches(bound), _stretches(~bound), markets, by_line, held, spare, ease
    )  # fmt: skip


def _stretches(mask: Bools) -> tuple[slice, ...]:
    """Where a mask holds without a break."""
    edges = np.flatnonzero(np.diff(np.pad(mask.astype(np.int8), 1)))
    return tuple(slice(first, end) for first, end in edges.reshape(-1, 2).tolist())


@lru_cache(maxsize=4)
def _spread(pull: bytes, market: bytes, segments: int, worlds: int) -> Array:
    """Figures of the markets spread over lines, segments and worlds: [L, S, W], read only."""
    column = np.frombuffer(pull)[np.frombuffer(market, np.int64)]
    spread = np.repeat(np.repeat(column, segments), worlds).reshape(len(column), segments, worlds)
    spread.setflags(write=False)
    return spread


@lru_cache(maxsize=4)
def _slopes(
    alpha: bytes, weight: bytes, market: bytes, segments: int, worlds: int
) -> tuple[Array, Array, Array, Array]:
    """Slope, weight, their product and that times the slope, spread over lines and worlds.

    They are the same in every quarter in which the same lines are on sale; a product of arrays of
    one shape takes half the time of one that repeats a column.

    Returns:
        Four times [L, S, W], read only.
    """
    at = np.frombuffer(market, np.int64)
    steep, part = (np.frombuffer(values).reshape(-1, segments)[at] for values in (alpha, weight))
    spread = tuple(
        np.repeat(column[:, :, None], worlds, axis=2)
        for column in (steep, part, part * steep, steep * part * steep)
    )
    for array in spread:
        array.setflags(write=False)
    return spread[0], spread[1], spread[2], spread[3]


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
        self.quiet = Quiet(fringe_utility, fringe_count)
        self.market_weight = weight[:, :, None]
        segments, worlds = alpha.shape[1], base.shape[-1]
        self.alpha, self.weight, self.slope, self.tilt = _slopes(
            np.asarray(alpha, np.float64).tobytes(),
            np.asarray(weight, np.float64).tobytes(),
            np.asarray(lines.market, np.int64).tobytes(),
            segments,
            worlds,
        )
        self.above = np.subtract(base[:, None], np.take(self.quiet.floor, lines.market, axis=0))
        """[L, S, W] utils before price, over the better of the outside good and a fringe firm."""
        np.minimum(self.above, HIGHEST, out=self.above)
        self.probabilities = np.empty((len(base), segments, worlds))
        self.spread = np.empty_like(self.probabilities)
        """[L, S, W] room for what is worked out between evaluations."""
        self.level = np.empty((alpha.shape[0], segments, worlds))
        self.rest = np.empty_like(self.level)
        self.bound = bound
        self.again = self.probabilities
        """[L, S, W] how likely a buyer of the line is to buy it; without loyalty the share."""
        if bound is not None:
            self.again, self.lean, self.stay = np.empty((3, *self.probabilities.shape))
            self.twice = np.empty_like(self.level)

    def evaluate(self, price: Array) -> Array:
        """Probabilities [L, S, W] at these prices [L, W]; the next call overwrites them."""
        chosen, level, rest, quiet = self.probabilities, self.level, self.rest, self.quiet
        if self.spared is not None:
            price = price - self.spared
        np.multiply(price[:, None], self.alpha, out=chosen)
        np.subtract(self.above, chosen, out=chosen)
        if self.spared is not None:  # who is paid to take a product may like it too well
            np.minimum(chosen, HIGHEST, out=chosen)
        np.exp(chosen, out=chosen)
        self._by_market(np.add, 0.0)
        level += quiet.total
        np.reciprocal(level, out=rest)
        chosen *= np.take(rest, self.lines.market, axis=0, out=self.spread, mode="clip")
        if self.bound is not None:
            self._stay(self.bound)
        return chosen

    def _stay(self, bound: Attached) -> None:
        """Let buyers stay with their brands: ``loyal_choice`` on the lines, in place."""
        chosen, stay, lean, free, twice = (
            self.probabilities, self.stay, self.lean, self.level, self.twice,
        )  # fmt: skip
        for run in bound.runs:
            less = np.multiply(chosen[run], bound.pull[run], out=lean[run])
            less += 1.0
            np.reciprocal(less, out=less)
            np.multiply(bound.held[run], less, out=stay[run])
            less *= stay[run]
        free[:], twice[:] = 0.0, 0.0
        for market, first, end in bound.markets:
            np.add.reduce(stay[first:end], axis=0, out=free[market])
            np.add.reduce(lean[first:end], axis=0, out=twice[market])
        for kept in (free, twice):
            kept *= bound.ease
            kept += bound.spare
        self.rest *= free
        for run in bound.runs:
            place, room, again = self.lines.market[run], self.spread[run], self.again[run]
            stay[run] += np.take(free, place, axis=0, out=room, mode="clip")
            np.multiply(lean[run], bound.pull[run], out=again)  # lean x (pull + 2) + twice
            again += lean[run]
            again += lean[run]
            again += np.take(twice, place, axis=0, out=room, mode="clip")
            again /= stay[run]
            again *= chosen[run]
            chosen[run] *= stay[run]
        for run in bound.others:
            self.again[run], lean[run], stay[run] = chosen[run], 0.0, 1.0

    def _by_market(self, combine: np.ufunc, nothing: float) -> None:
        """Combine the lines of each market, company by company, into ``level``."""
        bounds = self.lines.bounds.tolist()
        for market, (first, end) in enumerate(pairwise(bounds)):
            if first < end:
                combine.reduce(self.probabilities[first:end], axis=0, out=self.level[market])
            else:
                self.level[market] = nothing

    def by_option(self, market: int, lanes: Ints) -> tuple[Array, Array, Array]:
        """What the buyers of some worlds choose in a market, as parts of all of them.

        Returns:
            (lines [L of the market, S, lanes], fringe [S, lanes], nothing [S, lanes]).
        """
        first, end = self.lines.bounds[market : market + 2]
        weight = self.market_weight[market]
        rest = np.take(self.rest[market], lanes, axis=-1)
        chosen = np.take(self.probabilities[first:end], lanes, axis=-1) * weight
        fringe = rest * (self.quiet.fringe[market] * weight)
        return chosen, fringe, rest * (self.quiet.outside[market] * weight)

    def by_segment(self) -> Array:
        """Share of all buyers that take a line and are of a segment: [L, S, W]; room to use up."""
        return np.asarray(np.multiply(self.probabilities, self.weight, out=self.spread))

    def line_shares(self) -> Array:
        """Shares of all buyers at the last evaluation: [L, W]."""
        return np.asarray(self.by_segment().sum(axis=1))

    def shares(self) -> Array:
        """Shares of all buyers at the last evaluation: [N, M, W]."""
        return self.lines.scatter(self.line_shares())

    def fringe(self) -> Array:
        """Share of all fringe firms at the last evaluation: [M, W]."""
        return np.asarray((self.rest * (self.quiet.fringe * self.market_weight)).sum(axis=1))

    def responses(self) -> tuple[Array, Array]:
        """How shares answer at the last evaluation, all else equal.

        Returns:
            (shares a util of own appeal, shares a USD off the own price), [L, W] each.
        """
        spread = np.subtract(1.0, self.again, out=self.spread)
        spread *= self.probabilities
        spread *= self.weight
        flat = spread.sum(axis=1)
        spread *= self.alpha
        return flat, spread.sum(axis=1)

    def demand(self) -> Demand:
        """The last evaluation in full."""
        return Demand(
            shares=self.shares(),
            fringe=self.fringe(),
            outside=(self.rest * (self.quiet.outside * self.market_weight)).sum(axis=1),
            probabilities=self.lines.scatter(self.probabilities),
        )
