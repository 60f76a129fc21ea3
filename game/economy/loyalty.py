"""Loyalty: leaving the previous brand costs utils, so that some buyers stay.

A buyer whose last brand was j finds brand j better by l utils. With s the choice without loyalty
(of one segment), b_j the part of its buyers whose last brand was j, b_0 the part without one,

    D_j = 1 + (e^l - 1) s_j        P(k | j) = s_k / D_j, and e^l s_j / D_j for k = j
    q_k = sum_j b_j P(k | j) = s_k [A + (e^l - 1) b_k / D_k],    A = b_0 + sum_j b_j / D_j

Whoever last bought from the fringe or bought nothing has no brand and counts in b_0: the fringe is
a crowd of small firms, and the outside good is nothing to return to.

How q answers utilities is made of the chance that one buyer would take both n and j:

    G_nj = sum_i b_i P(n | i) P(j | i) = s_n s_j [B + (e^l - 1)(b_n / D_n^2 + b_j / D_j^2)]
    G_nn = s_n^2 [B + (e^2l - 1) b_n / D_n^2],                   B = b_0 + sum_j b_j / D_j^2
    d q_n / d u_j = [n = j] q_n - G_nj

Every sum runs once over the brands: O(N), not O(N^2).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from game.core.axes import Array
from game.economy.shapes import numbers


class Loyal(NamedTuple):
    """The choice with loyalty, and what its slopes are made of."""

    probabilities: Array
    """[N, ...] q."""
    again: Array
    """[N, ...] G_nn / q_n: how likely a buyer of n is to buy n; plainly s_n."""
    plain: Array
    """[N, ...] s, the choice without loyalty."""
    lean: Array
    """[N, ...] (e^l - 1) b_n / D_n^2."""
    free: Array
    """[...] A: factor on the choice of fringe and outside good."""
    twice: Array
    """[...] B."""

    def joint(self, one: int) -> Array:
        """G of one brand with every other: [N, ...]; its own entry is G_nn."""
        both = self.twice + self.lean + self.lean[one]
        both *= self.plain
        both *= self.plain[one]
        both[one] = self.again[one] * self.probabilities[one]
        return np.asarray(both)


def loyal_choice(plain: Array, previous: Array, loyalty: Array | float) -> Loyal:
    """Choice of buyers who stay with their previous brand more often than others would take it.

    Args:
        plain: [N, ...] choice probabilities without loyalty (of one segment each).
        previous: [N, ...] part of buyers whose last brand each was; sums to at most one over N.
        loyalty: [...] utils, at least 0.

    Returns:
        Loyal.

    Source: Dubé, Hitsch and Rossi (2010) for the switching cost; the sums are ours.
    """
    plain, previous = np.asarray(plain, float), np.asarray(previous, float)
    pull = np.expm1(np.asarray(loyalty, float))
    less = 1.0 / (1.0 + pull * plain)
    kept = previous * less
    rest = 1.0 - previous.sum(axis=0)
    free = rest + kept.sum(axis=0)
    lean = kept * less
    twice = rest + lean.sum(axis=0)
    lean = lean * pull
    bound = free + pull * kept
    again = (twice + (pull + 2.0) * lean) * plain / bound
    return Loyal(plain * bound, np.asarray(again), plain, lean, free, twice)


def buyer_kinds(
    plain: Array, alpha: Array, weight: Array, previous: Array, loyalty: Array
) -> tuple[Array, Array, Array]:
    """A loyal market as one without loyalty, in which each previous brand makes a kind of buyer.

    By brute force, O(N^2): for checks. Every law of ``pricing_checks`` and ``responses`` that
    takes (probabilities, alpha, weight) works on the result.

    Args:
        plain: [N, M, S, W] probabilities without loyalty. alpha, weight: [M, S].
        previous: [N, M, S, W]. loyalty: [M] utils.

    Returns:
        (probabilities [N, M, T, W], alpha [M, T], weight [M, T, W]) with T = (N + 1) S: first
        those without a brand, then those of each brand in turn.
    """
    plain = numbers(plain, "N M S W", "plain")
    previous, weight = numbers(previous, "N M S W", "previous"), numbers(weight, "M S", "weight")
    count = len(plain)
    pull = np.expm1(numbers(loyalty, "M", "loyalty"))[:, None, None]
    alpha = numbers(alpha, "M S", "alpha")
    chosen = [plain]
    part = [1.0 - previous.sum(axis=0)]
    for brand in range(count):
        seen = plain / (1.0 + pull * plain[brand])
        seen[brand] *= 1.0 + pull
        chosen.append(seen)
        part.append(previous[brand])
    return (
        np.concatenate(chosen, axis=2),
        np.tile(alpha, (1, count + 1)),
        np.concatenate([weight[:, :, None] * each for each in part], axis=1),
    )
