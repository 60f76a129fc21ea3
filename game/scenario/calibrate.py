"""Fitting one market to what it sold: utilities from shares, costs from prices. No worlds here.

Everything is one market at a time: J products (a fringe may stand among them as one more), S
segments; where buyers are loyal, :class:`Kinds` of buyers stand for the segments.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from game.core.axes import Array, Bools

ROUNDS = 200
TOLERANCE = 1e-13
GOOD = 1e-9
"""Largest error in log shares that counts as a fit."""
NEAR = 1e-5
"""Error from which Newton's steps need no watching."""
LONGEST_STEP = 5.0
"""Utils."""
HALVINGS = 30
FAR = 600.0
"""Largest exponent that is not an overflow."""


class NoFit(Exception):
    """No utilities sell these shares."""


class Kinds(NamedTuple):
    """Kinds of buyers: of each segment those without a previous brand, then those of each brand.

    A loyal market is a plain one of more kinds, by brute force: T = S, or S (1 + lines).
    """

    alpha: Array
    """[T] utils a USD."""
    weight: Array
    """[T] fraction of buyers."""
    bonus: Array
    """[J, T] utils that the previous brand is ahead."""

    def by_segment(self, chance: Array, segments: int) -> Array:
        """Share of all buyers that takes each product and is of a segment: [J, S]."""
        return np.asarray((chance * self.weight).reshape(len(chance), -1, segments).sum(axis=1))


def kinds_of(alpha: Array, weight: Array, loyalty: float, previous: Array, rows: int) -> Kinds:
    """Kinds of buyers of one market.

    Args:
        alpha, weight: [S]. loyalty: utils.
        previous: [lines, S] part of each segment's buyers whose last brand each line was.
        rows: J, lines and perhaps a fringe.
    """
    if loyalty <= 0.0:
        return Kinds(alpha, weight, np.zeros((rows, len(alpha))))
    parts = np.vstack([np.maximum(1.0 - previous.sum(axis=0), 0.0), previous])
    bonus = np.zeros((rows, len(parts), len(alpha)))
    lines = np.arange(len(previous))
    bonus[lines, lines + 1] = loyalty
    return Kinds(
        np.tile(alpha, len(parts)), (parts * weight).reshape(-1), bonus.reshape(rows, -1)
    )  # fmt: skip


def previous_of(brands: Array, mix: Array, weight: Array, most: float) -> Array:
    """Previous brands of each segment's buyers: [lines, S], as ``lines.previous_by_segment``.

    Args:
        brands: [lines] of all buyers. mix: [lines, S]. weight: [S]. most: in any segment.
    """
    heavy = weight > 0.0
    part = brands[:, None] * mix * np.where(heavy, 1.0 / np.where(heavy, weight, 1.0), 0.0)
    total = part.sum(axis=0)
    return np.asarray(part * (most / np.maximum(total, max(most, 1e-300))))


def segment_shares(utility: Array) -> Array:
    """Choice probabilities against an outside good of utility zero.

    Args:
        utility: [J, S] utils, -inf where nothing is sold.

    Returns:
        [J, S]; the rest of each column buys nothing.
    """
    ceiling = np.maximum(utility.max(axis=0), 0.0)
    weight = np.exp(np.maximum(utility - ceiling, -FAR)) * np.isfinite(utility)
    return np.asarray(weight / (np.exp(-ceiling) + weight.sum(axis=0)))


def invert_shares(target: Array, offset: Array, weight: Array, start: Array, free: Bools) -> Array:
    """Mean utilities that give these shares (Berry's inversion, by damped Newton on log shares).

    Args:
        target: [J] shares of all buyers, positive where free; their sum stays below one.
        offset: [J, S] utility beside the mean: log reach, and minus price slope x price.
        weight: [S] fraction of buyers.
        start: [J] utils; kept where not ``free``.
        free: [J] which are to be found.

    Returns:
        [J] utils, exact to 1e-12 in log shares.

    Raises:
        NoFit: the shares leave nothing to the outside good, or no step leads closer.

    Source: Berry (1994), docs/references.md.
    """
    outside = 1.0 - target[free].sum()
    if not (free.any() and outside > 0.0 and (target[free] > 0.0).all()):
        if free.any():
            raise NoFit
        return start
    index = np.flatnonzero(free)
    mean = start.copy()
    mean[index] = np.log(target[index] / outside) - _log_mean(offset[index], weight)
    for _ in range(ROUNDS):
        chance = segment_shares(mean[:, None] + offset)
        share = (chance @ weight)[index]
        gap = np.log(target[index]) - np.log(np.maximum(share, 1e-300))
        if np.abs(gap).max() < TOLERANCE:
            break
        moved = _closer(mean, target, offset, weight, index, chance[index], gap)
        if moved is None:
            break
        mean = moved
    if np.abs(gap).max() > GOOD:
        raise NoFit
    return mean


def _closer(
    mean: Array,
    target: Array,
    offset: Array,
    weight: Array,
    index: Array,
    chance: Array,
    gap: Array,
) -> Array | None:
    """One step closer: by Newton on log shares, down the convex potential, or as Berry has it.

    The potential ``sum_s w_s log(1 + sum_j exp(u_js)) - target . mean`` has its one minimum
    where shares meet their targets, so halving a Newton step on it always helps in the end.
    """
    share = chance @ weight
    slope = np.diag(share) - (chance * weight) @ chance.T
    worth = _potential(mean, target, offset, weight, index)
    near = np.abs(gap).max() < NEAR
    for right in (share * gap, target[index] - share, None):
        step = gap if right is None else _solved(slope, right)
        length = min(1.0, LONGEST_STEP / max(np.abs(step).max(), 1e-300))
        for _ in range(HALVINGS):
            moved = mean.copy()
            moved[index] += length * step
            if near or _potential(moved, target, offset, weight, index) < worth:
                return moved
            length /= 2.0
    return None


def _solved(slope: Array, right: Array) -> Array:
    """Newton's step; straight down the gradient where the slopes are singular."""
    try:
        step = np.linalg.solve(slope, right)
    except np.linalg.LinAlgError:
        return right
    return step if np.isfinite(step).all() else right


def _potential(mean: Array, target: Array, offset: Array, weight: Array, index: Array) -> float:
    utility = mean[:, None] + offset
    ceiling = np.maximum(utility.max(axis=0), 0.0)
    inside = np.exp(np.maximum(utility - ceiling, -FAR)).sum(axis=0) + np.exp(-ceiling)
    return float(weight @ (ceiling + np.log(inside)) - target[index] @ mean[index])


def _log_mean(offset: Array, weight: Array) -> Array:
    """Logarithm of the mean of exp(offset) over segments: [J]."""
    top = offset.max(axis=1)
    return np.asarray(top + np.log(np.exp(np.maximum(offset - top[:, None], -FAR)) @ weight))


def price_slopes(chance: Array, alpha: Array, weight: Array) -> Array:
    """How the share of each product (row) answers the price of each (column): [J, J] a USD."""
    steep = chance * (alpha * weight)
    return np.asarray(steep @ chance.T - np.diag(steep.sum(axis=1)))


def best_reply_margins(
    chance: Array, alpha: Array, weight: Array, kappa: Array, margin: Array, free: Bools
) -> Array:
    """Margins at which the present prices are best replies to one another.

    The first-order condition of a firm that minds others' profit by ``kappa``:
    ``s_n + sum_j kappa[n, j] margin_j ds_j/dp_n = 0``, linear in the margins.

    Args:
        chance: [J, S] choice probabilities.
        alpha: [S] utils a USD.
        weight: [S].
        kappa: [J, J] profit weights, one on the diagonal.
        margin: [J] USD, kept where not ``free``.
        free: [J] which are to be found.

    Returns:
        [J] USD a unit: price less cost, plus what a buyer is worth to other services.
    """
    share = chance @ weight
    condition = kappa * price_slopes(chance, alpha, weight).T
    fixed = condition[:, ~free] @ margin[~free]
    found = margin.copy()
    rows = np.ix_(free, free)
    if free.any():
        found[free] = np.linalg.solve(condition[rows], -(share + fixed)[free])
    return found


def profit_curve(
    row: int,
    price: Array,
    grid: Array,
    utility: Array,
    margin: Array,
    kappa: Array,
    alpha: Array,
    weight: Array,
) -> Array:
    """Profit a buyer of one firm at other prices of its own, all else unchanged.

    Args:
        row: whose price moves.
        price: [J] USD. grid: [G] prices to try.
        utility: [J, S] at the present prices.
        margin: [J] USD at the present prices. kappa: [J, J].
        alpha: [S]. weight: [S].

    Returns:
        [G] USD a buyer in the market.
    """
    made = np.empty(grid.shape)
    for place, tried in enumerate(grid):
        moved = utility.copy()
        moved[row] = moved[row] - alpha * (tried - price[row])
        earned = margin.copy()
        earned[row] += tried - price[row]
        made[place] = (kappa[row] * earned) @ (segment_shares(moved) @ weight)
    return made


def price_map_radius(
    price: Array, utility: Array, margin: Array, kappa: Array, alpha: Array, weight: Array
) -> float:
    """Largest eigenvalue (absolute) of the best-reply map of prices at the present prices.

    The map is the zeta form: cost plus the markup that the present prices and the other
    margins imply. Below one, repeated best replies settle. Rows of ``utility`` past the prices
    (a fringe) keep theirs.
    """
    cost = price - margin
    step = 1e-4 * np.maximum(price, 1e-9)
    columns = []
    for place in range(len(price)):
        ends = []
        for sign in (1.0, -1.0):
            moved = price.copy()
            moved[place] += sign * step[place]
            ends.append(_zeta(moved, price, utility, cost, kappa, alpha, weight))
        columns.append((ends[0] - ends[1]) / (2.0 * step[place]))
    return float(np.abs(np.linalg.eigvals(np.stack(columns, axis=1))).max())


def _zeta(
    moved: Array,
    price: Array,
    utility: Array,
    cost: Array,
    kappa: Array,
    alpha: Array,
    weight: Array,
) -> Array:
    dearer = np.pad(moved - price, (0, len(utility) - len(price)))
    chance = segment_shares(utility - alpha * dearer[:, None])[: len(price)]
    share = chance @ weight
    own = chance @ (alpha * weight)
    cross = (chance * (alpha * weight)) @ chance.T
    return np.asarray(cost + (share + (kappa * cross) @ (moved - cost)) / own)
