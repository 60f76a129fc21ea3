"""Product lines: the (company, market) pairs that some world of a block has on sale.

Most companies sell in few markets. A law that evaluates the choice again and again works on the
lines alone, [L, W], sorted by market and within it by company. A pair that is on sale nowhere adds
exact zeros to every sum, so leaving it out changes no bit of any lane.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.economy.demand import Demand, Quiet


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

    def rows(self, company: int) -> Ints:
        """Rows of a company's lines, in order of market."""
        return np.flatnonzero(self.company == company)


class LineChoice:
    """The choice among lines, evaluated at one set of prices after another in the same buffers.

    Args:
        lines: where they stand.
        base: [L, W] of ``utility_before_price``.
        alpha: [M, S] utils a USD. weight: [M, S] of buyers, sums to one over S.
        fringe_utility: [M, S] utils, price included. fringe_count: [M].
        spared: [L, W] USD of the price that the buyer does not pay.
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
    ) -> None:
        self.lines, self.base, self.spared = lines, base, spared
        self.quiet = Quiet(fringe_utility, fringe_count)
        self.market_weight = weight[:, :, None]
        self.alpha = np.take(alpha, lines.market, axis=0)[:, :, None]
        self.weight = np.take(weight, lines.market, axis=0)[:, :, None]
        segments, worlds = alpha.shape[1], base.shape[-1]
        self.probabilities = np.empty((len(base), segments, worlds))
        self.tilt = self.alpha * self.weight * self.alpha
        self.spread = np.empty_like(self.probabilities)
        """[L, S, W] room for what is worked out between evaluations."""
        self.level = np.empty((alpha.shape[0], segments, worlds))
        self.rest = np.empty_like(self.level)

    def evaluate(self, price: Array) -> Array:
        """Probabilities [L, S, W] at these prices [L, W]; the next call overwrites them."""
        chosen, level, rest, quiet = self.probabilities, self.level, self.rest, self.quiet
        if self.spared is not None:
            price = price - self.spared
        np.multiply(price[:, None], self.alpha, out=chosen)
        np.subtract(self.base[:, None], chosen, out=chosen)
        self._by_market(np.maximum, 0.0)
        np.maximum(level, quiet.floor, out=level)
        chosen -= self._at_lines()
        np.exp(chosen, out=chosen)
        np.subtract(quiet.floor, level, out=rest)
        np.exp(rest, out=rest)
        self._by_market(np.add, 0.0)
        level += rest * quiet.total
        np.reciprocal(level, out=level)
        chosen *= self._at_lines()
        rest *= level
        return chosen

    def _by_market(self, combine: np.ufunc, nothing: float) -> None:
        """Combine the lines of each market, company by company, into ``level``."""
        bounds = self.lines.bounds.tolist()
        for market, (first, end) in enumerate(pairwise(bounds)):
            if first < end:
                combine.reduce(self.probabilities[first:end], axis=0, out=self.level[market])
            else:
                self.level[market] = nothing

    def _at_lines(self) -> Array:
        return np.take(self.level, self.lines.market, axis=0, out=self.spread, mode="clip")

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

    def shares(self) -> Array:
        """Shares of all buyers at the last evaluation: [N, M, W]."""
        np.multiply(self.probabilities, self.weight, out=self.spread)
        return self.lines.scatter(self.spread.sum(axis=1))

    def fringe(self) -> Array:
        """Share of all fringe firms at the last evaluation: [M, W]."""
        return np.asarray((self.rest * (self.quiet.fringe * self.market_weight)).sum(axis=1))

    def responses(self) -> tuple[Array, Array]:
        """How shares answer at the last evaluation, all else equal.

        Returns:
            (shares a util of own appeal, shares a USD off the own price), [N, M, W] each.
        """
        spread = np.subtract(1.0, self.probabilities, out=self.spread)
        spread *= self.probabilities
        spread *= self.weight
        flat = self.lines.scatter(spread.sum(axis=1))
        spread *= self.alpha
        return flat, self.lines.scatter(spread.sum(axis=1))

    def demand(self) -> Demand:
        """The last evaluation in full."""
        return Demand(
            shares=self.shares(),
            fringe=self.fringe(),
            outside=(self.rest * (self.quiet.outside * self.market_weight)).sum(axis=1),
            probabilities=self.lines.scatter(self.probabilities),
        )
