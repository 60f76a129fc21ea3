"""Who decides in a company: votes apart from shares, groups that vote as one, control rights."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array
from game.finance.ownership import MAJORITY, control, group_votes, shapley_shubik

SMALL_HOLDERS = 10


def votes(
    shares: AnyArray, founders: AnyArray, public: AnyArray, founder_votes: AnyArray | float = 1.0
) -> Array:
    """Fraction of each issuer's votes that each company casts.

    A founder's share carries several votes, any other one; a founder's share that is sold
    becomes an ordinary one.

    Args:
        shares: [N, N, ...] share counts, holder by issuer. founders, public: [N, ...] counts.
        founder_votes: [N] or [N, ...] votes of a founder's share, at least 1.

    Returns:
        [N, N, ...], holder by issuer; 0 where the issuer has no shares at all.

    Source: dual-class charters (JD.com 20 votes, Baidu and Google 10).
    """
    shares = np.asarray(shares, float)
    every = _all_votes(shares, founders, public, founder_votes)
    issued = np.broadcast_to(every > 0.0, shares.shape)
    return np.divide(shares, every, out=np.zeros(shares.shape), where=issued)


def founders_votes(
    shares: AnyArray, founders: AnyArray, public: AnyArray, founder_votes: AnyArray | float = 1.0
) -> Array:
    """Fraction of the votes that founders cast: [N, ...]. Arguments as in :func:`votes`."""
    shares = np.asarray(shares, float)
    every = _all_votes(shares, founders, public, founder_votes)
    cast = np.multiply(_by_issuer(founder_votes, every), founders)
    return np.divide(cast, every, out=np.zeros(every.shape), where=every > 0.0)


def majority_stake(
    total: AnyArray,
    founders: AnyArray,
    founder_votes: AnyArray | float = 1.0,
    threshold: float = MAJORITY,
) -> Array:
    """Fraction of a company's shares beyond which an outsider's holding decides alone.

    The threshold itself where every share has one vote; above one where the founders cannot be
    outvoted.

    Args:
        total, founders: share counts. founder_votes: votes of a founder's share. Any shapes that
            broadcast.
    """
    total, more = np.asarray(total, float), np.multiply(np.subtract(founder_votes, 1.0), founders)
    part = np.divide(more, total, out=np.zeros(np.broadcast(more, total).shape), where=total > 0.0)
    return np.asarray(threshold * (1.0 + part))


def control_rights(
    votes: AnyArray, founders: AnyArray, threshold: float = MAJORITY, through: bool = True
) -> Array:
    """Weight of each company's owners in the decisions of every company.

    In proportion to votes, until somebody has more than the threshold: he decides alone. The
    votes of a controlled company are cast by its parent. The diagonal holds the weight of those
    holders that are no companies (founders and the public).

    Args:
        votes: [N, N, ...] voting fractions, holder by issuer.
        founders: [N, ...] voting fraction of the founders of each company.
        threshold: fraction that must be exceeded.
        through: whether votes of controlled companies go to their parents.

    Returns:
        [N, N, ...], holder by issuer; columns sum to one. With the cash-flow rights of the same
        owners these are the arguments of profit weights.

    Source: O'Brien and Salop (2000), proportional and total control.
    """
    rights = np.array(votes, float)
    own = np.arange(len(rights))
    if through:
        rights = group_votes(rights, control(rights, threshold))
    alone = rights > threshold
    led = alone.any(axis=0)
    ruled = led | (np.asarray(founders) > threshold)
    rights = np.where(ruled, np.where(alone, 1.0, 0.0), rights)
    rights[own, own] = 0.0
    rights[own, own] = np.maximum(1.0 - rights.sum(axis=0), 0.0)
    return rights


def voting_power(blocks: AnyArray | list[float], scattered: float) -> tuple[Array, float]:
    """Voting power (Shapley-Shubik) of blocks, and of scattered small holders together.

    Scattered votes are cut into ten equal small holders, who vote each for himself.

    Args:
        blocks: [V] votes of each block, at most ten. scattered: votes of all others. Any unit.

    Returns:
        (power of the blocks [V], power of the scattered); together one.

    Source: Shapley and Shubik (1954); many small holders as in Milnor and Shapley (1978).
    """
    blocks = np.asarray(blocks, float)
    small = np.full(SMALL_HOLDERS if scattered > 0.0 else 0, scattered / SMALL_HOLDERS)
    power = shapley_shubik(np.concatenate([blocks, small]))
    return power[: len(blocks)], float(power[len(blocks) :].sum())


def _all_votes(
    shares: Array, founders: AnyArray, public: AnyArray, founder_votes: AnyArray | float
) -> Array:
    total = shares.sum(axis=0) + public
    return np.asarray(total + _by_issuer(founder_votes, total) * np.asarray(founders, float))


def _by_issuer(figure: AnyArray | float, like: Array) -> Array:
    """A figure of each issuer that broadcasts with [N, ...]."""
    given = np.asarray(figure, float)
    if given.ndim == 0 or given.ndim == like.ndim:
        return given
    return given.reshape(given.shape + (1,) * (like.ndim - given.ndim))
