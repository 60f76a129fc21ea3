"""Discrete choice: who buys what. Mixed logit with an outside good of utility zero.

    u[n,m,s]     = mean[n,m] + log(reach[n,m]) - alpha[m,s] price[n,m]
    share[n,m,s] = exp(u) / (1 + F exp(u_fringe) + sum over companies of exp(u))

Worlds are the last axis of every array that has them, and no lane ever meets another.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from game.core.axes import Array, Bools

SMALLEST_REACH = 1e-300


class Demand(NamedTuple):
    """Who buys what."""

    shares: Array
    """[N, M, W] of all buyers in the market."""
    fringe: Array
    """[M, W] of all fringe firms together."""
    outside: Array
    """[M, W] who buy nothing."""
    probabilities: Array
    """[N, M, S, W] of a buyer of each segment."""


def mean_utility(
    appeal: Array,
    quality: Array,
    frontier: Array,
    goodwill: Array,
    penetration: Array,
    bonus: Array | float,
    *,
    quality_weight: Array,
    goodwill_weight: Array,
    goodwill_ref: Array,
    network_weight: Array,
    network_ref: Array,
) -> Array:
    """Utility of every product to the mean buyer, before price and reach.

    Args:
        appeal: [N, M] utils, fixed residual of the calibration.
        quality: [N, M, W] utils. frontier: [M, W] utils.
        goodwill: [N, M, W] USD a head, at least 0.
        penetration: [N, M, W] users as a fraction of all possible ones, at least 0.
        bonus: [N, M, W] utils of pledges, launches and events.
        quality_weight: [M]. goodwill_weight, network_weight: [M] utils.
        goodwill_ref: [M] USD a head, above 0. network_ref: [M] fraction, above 0.

    Returns:
        [N, M, W] utils.

    Source: Berry, Levinsohn and Pakes (1995); Katz and Shapiro (1985) for the network term.
    """
    utility = quality - frontier
    utility *= quality_weight[:, None]
    utility += appeal[..., None]
    utility += bonus
    for stock, weight, reference in (
        (goodwill, goodwill_weight, goodwill_ref),
        (penetration, network_weight, network_ref),
    ):
        part = stock / reference[:, None]
        np.log1p(part, out=part)
        part *= weight[:, None]
        utility += part
    return utility


def utility_before_price(mean: Array, reach: Array, on_sale: Bools) -> Array:
    """Mean utility with reach: -inf where nothing is on sale or nobody is reached.

    Args:
        mean: [N, M, W] utils. reach: [N, M, W] part of buyers. on_sale: [N, M, W].

    Returns:
        [N, M, W] utils. What stands off sale in the arguments is never read.
    """
    base = np.maximum(reach, SMALLEST_REACH)
    np.log(base, out=base)
    base += mean
    np.copyto(base, -np.inf, where=~(on_sale & (reach > 0.0)))
    return base


class Choice:
    """The choice of one market block, with buffers that repeated evaluations share.

    Args:
        alpha: [M, S] utils a USD. weight: [M, S] of buyers, sums to one over S.
        fringe_utility: [M, S] utils of one fringe firm, price included.
        fringe_count: [M] fringe firms, at least 0.
        shape: (N, M, W).
    """

    def __init__(
        self,
        alpha: Array,
        weight: Array,
        fringe_utility: Array,
        fringe_count: Array,
        shape: tuple[int, ...],
    ) -> None:
        companies, markets, worlds = shape
        self.alpha, self.weight = alpha[:, :, None], weight[:, :, None]
        count = np.broadcast_to(fringe_count[:, None], alpha.shape)
        self.floor = np.where(count > 0.0, np.maximum(fringe_utility, 0.0), 0.0)[:, :, None]
        self.stay = np.exp(-self.floor)
        seen = np.where(count > 0.0, fringe_utility, 0.0)[:, :, None]
        self.small = count[:, :, None] * np.exp(seen - self.floor)
        self.probabilities = np.empty((companies, markets, alpha.shape[1], worlds))
        self.rest = np.empty((markets, alpha.shape[1], worlds))

    def evaluate(self, base: Array, price: Array) -> Array:
        """Probabilities [N, M, S, W] at these prices; the buffer is reused by the next call.

        Args:
            base: [N, M, W] of :func:`utility_before_price`. price: [N, M, W] USD.
        """
        chosen, rest = self.probabilities, self.rest
        np.multiply(price[:, :, None], self.alpha, out=chosen)
        np.subtract(base[:, :, None], chosen, out=chosen)
        ceiling = np.maximum(chosen.max(axis=0), self.floor)
        chosen -= ceiling
        np.exp(chosen, out=chosen)
        np.subtract(self.floor, ceiling, out=rest)
        np.exp(rest, out=rest)
        total = np.add.reduce(chosen, axis=0, out=ceiling)
        total += rest * (self.stay + self.small)
        np.reciprocal(total, out=total)
        chosen *= total
        rest *= total
        return chosen

    def mix(self, values: Array) -> Array:
        """Mean over segments by weight: [..., M, S, W] -> [..., M, W]."""
        return np.asarray((values * self.weight).sum(axis=-2))

    def demand(self) -> Demand:
        """The last evaluation as shares; takes the buffer along."""
        return Demand(
            shares=self.mix(self.probabilities),
            fringe=self.mix(self.rest * self.small),
            outside=self.mix(self.rest * self.stay),
            probabilities=self.probabilities,
        )


def demand(
    mean: Array,
    reach: Array,
    price: Array,
    alpha: Array,
    weight: Array,
    on_sale: Bools,
    fringe_utility: Array,
    fringe_count: Array,
) -> Demand:
    """Who buys what at these prices.

    Args:
        mean: [N, M, W] utils, without price and reach.
        reach: [N, M, W] part of buyers reached.
        price: [N, M, W] USD.
        alpha: [M, S] utils a USD. weight: [M, S] of buyers, sums to one over S.
        on_sale: [N, M, W].
        fringe_utility: [M, S] utils of one fringe firm, price included.
        fringe_count: [M] fringe firms.

    Returns:
        Demand; shares, fringe and outside sum to one in every market and world.

    Source: McFadden (1974); Berry, Levinsohn and Pakes (1995).
    """
    choice = Choice(alpha, weight, fringe_utility, fringe_count, mean.shape)
    choice.evaluate(utility_before_price(mean, reach, on_sale), np.where(on_sale, price, 0.0))
    return choice.demand()
