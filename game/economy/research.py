"""Research: what spending brings, how knowledge spills, how quality follows a frontier."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array


def research_return(
    intensity: Array | float, half_point: Array | float, ceiling: Array | float
) -> Array:
    """Quality that research adds in a quarter: ceiling x / (x + half_point).

    Args:
        intensity: spending as a share of market revenue, at least 0.
        half_point: intensity that brings half the ceiling, above 0.
        ceiling: utils a quarter that no spending exceeds.

    Returns:
        Utils a quarter, in the shape of the arguments.

    Source: concave returns as in Ericson and Pakes (1995); the saturating form is ours.
    """
    spent = np.asarray(intensity, float)
    return np.asarray(ceiling * (spent / (spent + half_point)))


def capped_spending(
    spend: Array | float, normal: Array | float, times: Array | float = 3.0
) -> Array:
    """Spending that counts: at most so many times normal. The unit of ``spend``."""
    return np.asarray(np.minimum(spend, np.multiply(times, normal)))


def quality_next(
    quality: Array,
    frontier: Array,
    gained: Array | float,
    *,
    reversion: Array | float,
    luck: Array | float = 0.0,
    drift: Array | float = 0.0,
) -> Array:
    """Quality a quarter later, drawn back to a frontier that has moved on.

    Args:
        quality: [..., W] utils. frontier: [..., W] utils, before it moves.
        gained: utils of research beyond what holds the place.
        reversion: part of the distance that is lost in a quarter, 0 to 1.
        luck: utils. drift: utils a quarter by which the frontier moves.

    Returns:
        Utils, in the shape of ``quality``.

    Source: Ericson and Pakes (1995), with mean reversion.
    """
    ahead = frontier_next(frontier, drift)
    kept = (1.0 - np.asarray(reversion, float)) * np.subtract(quality, frontier)
    return np.asarray(ahead + kept + np.asarray(gained, float) + luck)


def frontier_next(frontier: Array | float, drift: Array | float) -> Array:
    """The quality that is standard a quarter later. Utils."""
    return np.asarray(np.add(frontier, drift))


def knowledge_next(stock: Array, inflow: Array | float, depreciation: Array | float) -> Array:
    """Knowledge a quarter later: (1 - depreciation) stock + inflow. The unit of ``stock``."""
    kept = (1.0 - np.asarray(depreciation, float)) * np.asarray(stock, float)
    return np.asarray(kept + inflow)


def spillover(spend: Array, access: Array, absorption: Array | float = 1.0) -> Array:
    """Effective research of each company: its own and what it can use of its allies'.

    Args:
        spend: [N, ...] own research.
        access: [N, N, ...] part of the first company's research open to the second; the diagonal
            is not read.
        absorption: [N, ...] part of what is open that the receiver can use, 0 to 1; grows with
            its own research.

    Returns:
        [N, ...] in the unit of ``spend``.

    Source: Cohen and Levinthal (1989).
    """
    spend = np.asarray(spend, float)
    received = np.zeros_like(spend)
    for giver in range(len(spend)):
        opened = np.array(access[giver], float)
        opened[giver] = 0.0
        extra = received.ndim - opened.ndim
        received += opened.reshape(opened.shape + (1,) * extra) * spend[giver]
    return np.asarray(spend + np.asarray(absorption, float) * received)


def absorption(own: Array | float, half_point: Array | float) -> Array:
    """Part of what is open to it that a company can use: own / (own + half_point), 0 to 1.

    Args:
        own: its research as a share of market revenue. half_point: that can use half.

    Source: Cohen and Levinthal (1989); the saturating form is ours.
    """
    own = np.asarray(own, float)
    return np.asarray(own / (own + half_point))


def generation_gain(jump: float, knowledge: Array, typical: Array) -> Array:
    """Quality that a new generation of technology brings a maker at once.

    The standard moves by ``jump``. A maker of typical knowledge moves along; one that knows more
    gains up to twice as much, one that knows nothing stays where it was.

    Args:
        jump: utils. knowledge: [N, ...] USD m, stock of research in the sector.
        typical: [...] USD m, of the makers that buyers choose.

    Returns:
        [N, ...] utils: 2 jump sqrt(K) / (sqrt(K) + sqrt(typical)).

    Source: scale in research with falling returns, Cohen and Klepper (1996); the form is ours.
    """
    depth, middle = np.sqrt(np.maximum(knowledge, 0.0)), np.sqrt(np.maximum(typical, 0.0))
    both = depth + middle
    part = np.divide(depth, both, out=np.full_like(both, 0.5), where=both > 0.0)
    return np.asarray(2.0 * jump * part)
