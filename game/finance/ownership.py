"""Who owns whom: share counts, fractions, what outside holders own, votes, issues of shares."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints, entries_of, sum_of_entries
from game.core.errors import RuleError
from game.finance.linear import solve_leontief

MAJORITY = 0.5
MOST_VOTERS = 20
TOLERANCE = 1e-9


def fractions(shares: AnyArray, founders: AnyArray, public: AnyArray) -> Array:
    """Fraction of each issuer that each company holds.

    Args:
        shares: [N, N, W] share counts, holder by issuer; the diagonal is zero.
        founders: [N, W] share counts. public: [N, W] share counts.

    Returns:
        [N, N, W], holder by issuer; 0 where the issuer has no shares at all.
    """
    shares = np.asarray(shares)
    place, part = entries_of(shares)
    total = np.asarray(sum_of_entries(shares, place, part) + founders + public, float)
    found = np.zeros(shares.shape)
    found.reshape(-1)[place] = part / np.take(total.reshape(-1), place % max(total.size, 1))
    return found


def checked_claims(claims: AnyArray) -> Array:
    """Claims as floats.

    Args:
        claims: [N, N, ...] fractions, holder by issuer.

    Raises:
        RuleError: not square, a fraction below zero, a company that holds itself, or one of which
            more than all is held.
    """
    claims = np.asarray(claims, float)
    count = len(claims) if claims.ndim else 0
    where = "claims[holder, issuer]"
    if claims.ndim < 2 or claims.shape[1] != count:
        raise RuleError(f"shape {claims.shape} is not square", where, "give [N, N] or [N, N, W]")
    own = np.arange(count)
    if claims[own, own].any():
        raise RuleError("a company holds itself", where, "cancel own shares: zero the diagonal")
    if claims.size and claims.min() < 0.0:
        raise RuleError("a fraction is negative", where, "give what is held, at least 0")
    if claims.size and claims.sum(axis=0).max() > 1.0 + TOLERANCE:
        raise RuleError(
            "more than all of a company is held", where, "columns must sum to at most 1"
        )
    return claims


def outside_fractions(claims: Array) -> Array:
    """Fraction of each company that no company of the group holds: 1 - sum_h C[h, i].

    Args:
        claims: [N, N, ...] fractions, holder by issuer.

    Returns:
        [N, ...], at least 0.
    """
    return np.asarray(np.maximum(1.0 - np.asarray(claims, float).sum(axis=0), 0.0))


def book_values(p: Array, claims: Array) -> Array:
    """Worth of each company with its holdings: V = p + C V, so V = (I - C)^-1 p.

    Double counts: the values sum to more than the fundamentals.

    Args:
        p: [N, W] or [N] worth without holdings, USD m.
        claims: [N, N, W] or [N, N] fractions, holder by issuer; columns sum to at most one.

    Returns:
        The shape of ``p``, USD m. A group that owns itself wholly has no finite value; there
        the guard of ``solve_leontief`` gives a huge number instead of an error.

    Source: Brioschi, Buzzacchi and Colombo (1989).
    """
    return solve_leontief(checked_claims(claims), np.asarray(p, float))


def outside_claims(claims: Array) -> Array:
    """What a company's outside holders own of every company's fundamentals: Ĉ (I - C)^-1.

    Args:
        claims: [N, N, W] or [N, N] fractions, holder by issuer.

    Returns:
        The same shape, company by source of value; columns sum to one, so nothing is counted
        twice.

    Source: Elliott, Golub and Jackson (2014).
    """
    claims = checked_claims(claims)
    count = len(claims)
    outside = outside_fractions(claims)
    found = np.empty_like(claims)
    for source in range(count):
        one = np.zeros(claims.shape[1:])
        one[source] = 1.0
        found[:, source] = outside * solve_leontief(claims, one)
    return found


def control(votes: Array, threshold: float = MAJORITY) -> Ints:
    """Who decides in each company: the holder above the threshold of votes, through chains too.

    A parent casts the votes of the companies that it controls: 30 % of its own and 25 % of a
    subsidiary's make a majority.

    Args:
        votes: [N, N, ...] voting fractions, holder by issuer.
        threshold: fraction that must be exceeded.

    Returns:
        [N, ...] index of the ultimate parent; the company itself where nobody controls it.
        Rings of control (A holds B holds A) leave everyone in them independent.
    """
    votes = np.asarray(votes, float)
    count = len(votes)
    own = np.arange(count).reshape(-1, *[1] * (votes.ndim - 2))
    cast, top = votes, np.broadcast_to(own, votes.shape[1:])
    for _ in range(count):
        found = _heads(cast > threshold, cast, own)
        if (found == top).all():
            break
        top, cast = found, group_votes(votes, found)
    return np.array(top, np.int64)


def _heads(held: Bools, cast: Array, own: Ints) -> Ints:
    """Top of the chain of control over each company."""
    parent = np.where(held.any(axis=0), cast.argmax(axis=0), own)
    top = parent
    for _ in range(len(held)):
        top = np.take_along_axis(parent, top, axis=0)
    ring = np.take_along_axis(parent, top, axis=0) != top
    return np.asarray(np.where(ring, own, top))


def group_votes(votes: AnyArray, parent: AnyArray) -> Array:
    """Votes with those of controlled companies cast by their parents.

    Args:
        votes: [N, N, ...] fractions, holder by issuer. parent: [N, ...] ultimate parent of each
            company, itself where nobody controls it.

    Returns:
        [N, N, ...]; what a group holds of its own head counts for nobody.
    """
    votes = np.asarray(votes, float)
    own = np.arange(len(votes))
    if (parent == own.reshape(-1, *[1] * (votes.ndim - 2))).all():
        return votes
    pooled = np.zeros(votes.shape)
    head = own.reshape(-1, *[1] * (votes.ndim - 1))
    for holder in range(len(votes)):
        pooled += np.where(parent[holder] == head, votes[holder], 0.0)
    pooled[own, own] = 0.0
    return pooled


def block_control(votes: Array, threshold: float = MAJORITY) -> Bools:
    """Holders that decide alone: votes above the threshold. The shape of ``votes``."""
    return np.asarray(np.asarray(votes, float) > threshold)


def shapley_shubik(votes: AnyArray, quota: float | None = None) -> Array:
    """Part of the orders of voting in which each holder is the one who tips the decision.

    Args:
        votes: [V] weights, at least 0, at most 20 holders. With further axes [V, ...] each
            column is a vote of its own.
        quota: weight that must be exceeded; half of the column's total by default.

    Returns:
        The shape of ``votes``; sums to one over holders. Where no coalition passes, zero.

    Raises:
        RuleError: more than 20 holders.

    Source: Shapley and Shubik (1954), exact over all coalitions.
    """
    votes = np.asarray(votes, float)
    count = len(votes)
    if count > MOST_VOTERS:
        raise RuleError(
            f"{count} holders have too many coalitions", try_=f"merge the smallest to {MOST_VOTERS}"
        )
    limit = MAJORITY * votes.sum(axis=0) if quota is None else np.asarray(quota, float)
    masks = np.arange(1 << count)
    member = (masks >> np.arange(count)[:, None] & 1).astype(bool)
    size = member.sum(axis=0)
    chance = _order_chances(count)
    power = np.zeros_like(votes)
    weight = np.zeros((len(masks), *votes.shape[1:]))
    for holder in range(count):
        weight[member[holder]] += votes[holder]
    passes = weight > limit
    for holder in range(count):
        without = masks[~member[holder]]
        tips = passes[without | 1 << holder] & ~passes[without]
        odds = chance[size[without]].reshape(-1, *[1] * (votes.ndim - 1))
        power[holder] = (odds * tips).sum(axis=0)
    return power


def _order_chances(count: int) -> Array:
    """Chance that exactly a given coalition of each size stands before a given holder: [count]."""
    chance = np.empty(count)
    chance[0] = 1.0 / count
    for size in range(1, count):
        chance[size] = chance[size - 1] * size / (count - size)
    return chance


def new_shares(outstanding: AnyArray, stake: Array | float) -> Ints:
    """Whole shares to issue so that their holder has this stake of all shares afterwards.

    Args:
        outstanding: share counts. stake: fraction, 0 to below 1.

    Returns:
        Share counts, rounded to the nearest.
    """
    stake = np.asarray(stake, float)
    return np.asarray(np.rint(outstanding * (stake / (1.0 - stake))), np.int64)


def diluted(stake: Array | float, outstanding: AnyArray, issued: AnyArray) -> Array:
    """A holder's fraction after others were issued new shares."""
    return np.asarray(np.multiply(stake, np.divide(outstanding, np.add(outstanding, issued))))


def conversion_price(
    price: Array | float, outstanding: AnyArray | float, issued: AnyArray | float,
    paid: Array | float,
) -> Array:  # fmt: skip
    """Broad-based weighted average: what an earlier investor's conversion price falls to.

    price (outstanding + money / price) / (outstanding + issued)

    Args:
        price: USD a share before. outstanding: shares before, fully diluted.
        issued: new shares. paid: USD a share for the new ones.

    Returns:
        USD a share; never above ``price``.

    Source: the usual clause of venture contracts (NVCA model charter).
    """
    money = np.multiply(issued, paid)
    averaged = price * (
        (outstanding + np.divide(money, price)) / np.asarray(np.add(outstanding, issued), float)
    )
    return np.asarray(np.minimum(averaged, price))
