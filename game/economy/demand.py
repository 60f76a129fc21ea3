"""Discrete choice: who buys what. Mixed logit with an outside good of utility zero.

    u[n,m,s]     = mean[n,m] + log(reach[n,m]) - alpha[m,s] price[n,m]
    share[n,m,s] = exp(u) / (1 + F exp(u_fringe) + sum over companies of exp(u))

Worlds are the last axis of every array that has them, and no lane ever meets another.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from game.core.axes import Array, Bools
from game.economy.loyalty import loyal_choice
from game.economy.shapes import numbers

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

    With numbers for the figures of a market, [N] takes the place of [N, M] and [N, M, W].

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
    utility: Array = np.asarray(quality, float) - np.asarray(frontier, float)
    utility *= _by_market(quality_weight)
    fixed = np.asarray(appeal, float)
    utility += fixed[..., None] if fixed.ndim < utility.ndim else fixed
    utility += bonus
    for stock, weight, reference in (
        (goodwill, goodwill_weight, goodwill_ref),
        (penetration, network_weight, network_ref),
    ):
        part: Array = np.asarray(stock, float) / _by_market(reference)
        np.log1p(part, out=part)
        part *= _by_market(weight)
        utility += part
    return utility


def _by_market(figure: Array | float) -> Array:
    """A figure of each market that meets [N, M, W]; a number as it is."""
    given = np.asarray(figure, float)
    return given[:, None] if given.ndim else given


def utility_before_price(mean: Array, reach: Array, on_sale: Bools) -> Array:
    """Mean utility with reach: -inf where nothing is on sale or nobody is reached.

    Args:
        mean: [N, M, W] utils. reach: [N, M, W] part of buyers. on_sale: [N, M, W].

    Returns:
        [N, M, W] utils. What stands off sale in the arguments is never read.
    """
    base: Array = np.array(np.maximum(reach, SMALLEST_REACH))
    np.log(base, out=base)
    base += mean
    np.copyto(base, -np.inf, where=~(np.asarray(on_sale) & np.greater(reach, 0.0)))
    return base


class Quiet:
    """What buyers choose besides the companies, relative to a fixed utility level.

    Args:
        fringe_utility: [M, S] utils of one fringe firm, price included.
        fringe_count: [M] fringe firms, at least 0.
    """

    def __init__(self, fringe_utility: Array, fringe_count: Array) -> None:
        fringe_utility = numbers(fringe_utility, "M S", "fringe_utility")
        firms = numbers(fringe_count, "M", "fringe_count")
        count = np.broadcast_to(firms[:, None], fringe_utility.shape)
        seen = np.where(count > 0.0, fringe_utility, 0.0)
        floor = np.maximum(seen, 0.0)
        self.floor = floor[:, :, None]
        """[M, S, 1] utils, the level: the better of the outside good and a fringe firm."""
        self.outside = np.exp(-floor)[:, :, None]
        """[M, S, 1] exp(utility) of the outside good, relative to the level."""
        self.fringe = (count * np.exp(seen - floor))[:, :, None]
        """[M, S, 1] exp(utility) of all fringe firms, relative to the level."""
        self.total = self.outside + self.fringe


def _mix(values: Array, weight: Array) -> Array:
    """Mean over segments: [..., M, S, W] with [M, S, 1] -> [..., M, W]."""
    return np.asarray((values * weight).sum(axis=-2))


def demand(
    mean: Array,
    reach: Array,
    price: Array,
    alpha: Array,
    weight: Array,
    on_sale: Bools,
    fringe_utility: Array,
    fringe_count: Array,
    loyalty: Array | None = None,
    previous: Array | None = None,
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
        loyalty: [M] utils that leaving the previous brand costs; none without ``previous``.
        previous: [N, M, S, W] part of each segment's buyers whose last brand each was; sums to
            at most one over N. What is not on sale binds nobody.

    Returns:
        Demand; shares, fringe and outside sum to one in every market and world.

    Source: McFadden (1974); Berry, Levinsohn and Pakes (1995).
    """
    mean, price = numbers(mean, "N M W", "mean"), numbers(price, "N M W", "price")
    alpha, weight = numbers(alpha, "M S", "alpha"), numbers(weight, "M S", "weight")
    reach, on_sale = numbers(reach, "N M W", "reach"), numbers(on_sale, "N M W", "on_sale", bool)
    base = utility_before_price(mean, reach, on_sale)
    paid = np.where(on_sale, price, 0.0)
    quiet = Quiet(fringe_utility, fringe_count)
    chosen = paid[:, :, None] * alpha[:, :, None]
    np.subtract(base[:, :, None], chosen, out=chosen)
    level = np.maximum(chosen.max(axis=0), quiet.floor)
    chosen -= level
    np.exp(chosen, out=chosen)
    rest = np.exp(quiet.floor - level)
    np.add.reduce(chosen, axis=0, out=level)
    level += rest * quiet.total
    np.reciprocal(level, out=level)
    chosen *= level
    rest *= level
    if loyalty is not None and previous is not None:
        bound = np.where(on_sale[:, :, None], numbers(previous, "N M S W", "previous"), 0.0)
        stayed = loyal_choice(chosen, bound, numbers(loyalty, "M", "loyalty")[:, None, None])
        chosen = stayed.probabilities
        rest *= stayed.free
    share = weight[:, :, None]
    return Demand(
        shares=_mix(chosen, share),
        fringe=_mix(rest, quiet.fringe * share),
        outside=_mix(rest, quiet.outside * share),
        probabilities=chosen,
    )


def choice_probabilities(utility: Array, fringe: Array | float = 0.0) -> Array:
    """Probability that a buyer picks each product; the outside good has utility zero.

    Args:
        utility: [N, ...] utils, price included; -inf where nothing is on sale.
        fringe: [...] sum of exp(utility) over fringe firms.

    Returns:
        [N, ...]. Sums over N to less than one: the rest buy from the fringe, or nothing.

    Source: McFadden (1974).
    """
    utility = np.asarray(utility, float)
    level = np.maximum(utility.max(axis=0), 0.0)
    weight = np.exp(utility - level)
    rest = np.exp(-level) * (1.0 + np.asarray(fringe, float))
    return np.asarray(weight / (rest + weight.sum(axis=0)))


def market_shares(
    mean: Array, price: Array, alpha: Array, weight: Array, fringe: Array | float = 0.0
) -> Array:
    """Shares of one market's products when everybody is reached; for numbers by hand.

    Args:
        mean: [N, ...] utils without price. price: [N, ...] USD.
        alpha: [S] utils a USD. weight: [S] of buyers.
        fringe: [...] or [S, ...] sum of exp(utility) over fringe firms.

    Returns:
        [N, ...] of all buyers.
    """
    mean, price = np.asarray(mean, float), np.asarray(price, float)
    slope = np.asarray(alpha, float).reshape(-1, *[1] * (mean.ndim - 1))
    part = np.asarray(weight, float).reshape(slope.shape)
    chosen = choice_probabilities(mean[:, None] - slope * price[:, None], fringe)
    return np.asarray((part * chosen).sum(axis=1))


def switching_shares(shares: Array, previous: Array, loyalty: Array | float) -> Array:
    """Shares when leaving the previous brand costs ``loyalty`` utils, exact and O(N).

    With s the shares without loyalty, b the previous brands and D_j = 1 + (e^l - 1) s_j:
    q_k = s_k [b_0 + sum_j b_j / D_j + (e^l - 1) b_k / D_k], b_0 = 1 - sum_j b_j.

    Args:
        shares: [N, ...] choice probabilities without loyalty (of one segment).
        previous: [N, ...] part of buyers whose last brand each was; sums to at most one.
        loyalty: [...] utils, at least 0.

    Returns:
        [N, ...]; what is missing to one bought from the fringe, or nothing.

    Source: Dubé, Hitsch and Rossi (2010) for the switching cost; the sum is ours.
    """
    shares, previous = np.asarray(shares, float), np.asarray(previous, float)
    pull = np.expm1(np.asarray(loyalty, float))
    kept = previous / (1.0 + pull * shares)
    free = 1.0 - previous.sum(axis=0) + kept.sum(axis=0)
    return np.asarray(shares * (free + pull * kept))
