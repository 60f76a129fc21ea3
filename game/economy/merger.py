"""How a competition authority judges a merger: concentration, and the odds of what it decides.

Thresholds are those of horizontal merger guidelines: an index after the merger and a change of it
below which nothing is feared, and levels from which harm is presumed. Between them fear grows
steadily, so that no deal is won by missing a threshold by a hair.
"""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.economy.responses import POINTS

OUTCOMES = 4
"""Cleared at once, cleared after a long look, cleared with remedies, forbidden: by severity."""


def merged_concentration(
    shares: Array,
    group: Ints,
    first: Bools,
    second: Bools,
    fringe: Array | float = 0.0,
    fringe_count: Array | float = 0.0,
) -> tuple[Array, Array]:
    """Herfindahl-Hirschman index after two groups of firms merge, and what the merger adds.

    Companies of one group count as one firm. The index before is the first less the second.

    Args:
        shares: [N, M, ...] of units sold, fractions of the market with its fringe.
        group: [N, ...] number of each company's group before the merger.
        first, second: [N, ...] members of the two groups, none in both.
        fringe: [M, ...] share of the fringe firms together, equal among them.
        fringe_count: [M, ...] firms in the fringe.

    Returns:
        ([M, ...] points after, [M, ...] points added). 10,000 is a monopoly.

    Source: U.S. Department of Justice and FTC (2010), Horizontal Merger Guidelines, 5.3.
    """
    part = np.asarray(shares, float)
    group, first, second = np.asarray(group), np.asarray(first), np.asarray(second)
    before = _summed(part * _together(part, group))
    one, other = (_summed(part * members[:, None]) for members in (first, second))
    firms = np.asarray(fringe_count, float)
    before += np.asarray(fringe, float) ** 2 / np.where(firms > 0.0, firms, 1.0)
    change = 2.0 * one * other
    return np.asarray(POINTS**2 * (before + change)), np.asarray(POINTS**2 * change)


def _summed(parts: Array) -> Array:
    """Sum over companies, one after the other: [N, ...] gives [...]."""
    total = np.zeros(parts.shape[1:])
    for one in parts:
        total += one
    return total


def _together(part: Array, group: Ints) -> Array:
    """Share of each company's whole group: [N, M, ...]. Few companies have others in theirs."""
    out = part.copy()
    alike = group[:, None] == group[None]
    alike = alike.reshape(*alike.shape[:2], -1).any(axis=2)
    np.fill_diagonal(alike, False)
    for company in np.flatnonzero(alike.any(axis=1)).tolist():
        mates = np.flatnonzero(alike[company]).tolist()
        together = np.zeros(part.shape[1:])
        for member in sorted([company, *mates]):
            together += part[member] * (group[member] == group[company])
        out[company] = together
    return out


def _ramp(value: Array, low: Array | float, high: Array | float) -> Array:
    """0 up to the low level, 1 from the high one on, straight between them."""
    width = np.maximum(np.asarray(high, float) - low, 1e-12)
    return np.asarray(np.clip((np.asarray(value, float) - low) / width, 0.0, 1.0))


def merger_concern(
    index: Array,
    change: Array,
    moderate: Array | float,
    high: Array | float,
    screen: Array | float,
    presumed: Array | float,
) -> Array:
    """How much an authority fears of a merger in a market: 0 nothing, 1 harm is presumed.

    Args:
        index: [...] points of the index after the merger. change: [...] points that it adds.
        moderate, high: points from which a market counts as concentrated, and highly so.
        screen, presumed: points of change from which a merger is looked at, and harm presumed.

    Returns:
        [...] 0..1: the product of how far the index and its change are between their levels.

    Source: Horizontal Merger Guidelines (2010), 5.3, whose steps are made straight lines.
    """
    return np.asarray(_ramp(index, moderate, high) * _ramp(change, screen, presumed))


def review_odds(concern: Array, delays: Array, remedies: Array, blocks: Array) -> Array:
    """Odds of what authorities, who decide each for itself, do about a merger.

    The most severe decision stands. An authority that fears c lets a merger wait with chance
    ``delays`` x c, asks for remedies with ``remedies`` x c, forbids it with ``blocks`` x c^2: the
    more is feared, the more severe in the sense of first-order dominance.

    Args:
        concern: [R, ...] 0..1 of each authority. delays, remedies, blocks: [R, ...] chances at
            full concern, together at most 1.

    Returns:
        [4, ...]: cleared at once, after a long look, with remedies, forbidden. Sums to one.
    """
    fear = np.asarray(concern, float)
    forbids = np.asarray(blocks, float) * fear**2
    asks = np.asarray(remedies, float) * fear
    waits = np.asarray(delays, float) * fear
    at_most = np.ones((OUTCOMES, *fear.shape[1:]))  # chance of a decision no more severe
    for place in range(len(fear)):
        mild = 1.0 - forbids[place]
        at_most[2] *= mild
        at_most[1] *= mild - asks[place]
        at_most[0] *= mild - asks[place] - waits[place]
    at_most[:3] = np.clip(at_most[:3], 0.0, 1.0)
    return np.asarray(np.maximum(np.diff(at_most, axis=0, prepend=0.0), 0.0))


def decided(odds: Array, drawn: Array) -> Ints:
    """The decision that a draw stands for: [...] 0..3.

    Args:
        odds: [4, ...]. drawn: [...] uniform in (0, 1).
    """
    below = np.cumsum(np.asarray(odds, float), axis=0)[: OUTCOMES - 1]
    return np.asarray((np.asarray(drawn) >= below).sum(axis=0))
