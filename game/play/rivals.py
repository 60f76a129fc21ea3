"""Whom a company counts as its rival, by what everybody can see."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Bools, Ints, any_over
from game.core.ruleset import Ruleset, Status
from game.core.state import State
from game.play.countdown import danger_of
from game.play.pledges import in_force

LEAST = 0.05
"""Who weighs less is nobody's rival."""


def revenue_overlap(revenue: Array) -> Array:
    """Part of a company's revenue that is earned where another sells, by the other's share.

    Args:
        revenue: [N, M, W] USD m.

    Returns:
        [N, N, W] 0..1, of the first against the second; on the diagonal against itself.
    """
    market = np.maximum(revenue.sum(axis=0), 1e-9)
    part = revenue / np.maximum(revenue.sum(axis=1, keepdims=True), 1e-9)
    out = np.zeros((len(revenue), *revenue.shape[:1], revenue.shape[-1]))
    for place in range(revenue.shape[1]):
        out += part[:, None, place] * (revenue[:, place] / market[place])[None]
    return out


def rival_weight(hurt: Array, trust: Array, danger: Array | float = 0.0) -> Array:
    """How much a company has against another, by broadcasting.

    Args:
        hurt: 0..1, see :func:`revenue_overlap`. trust: -1..1 of the one in the other.
        danger: 0..1, how near the other is to ending the game.

    Returns:
        At least 0: the harm, more by every wrong that is remembered, and the danger.
    """
    return np.asarray(hurt * (1.0 + np.maximum(-trust, 0.0)) + danger)


def named_rivals(state: State, ruleset: Ruleset) -> Ints:
    """The rival that each company would name: [N, W], -1 nobody.

    Who hurts it most and has wronged it most, but no ally and nobody whom it holds a part of.
    """
    weight = rival_weight(revenue_overlap(state.price * state.units), state.trust)
    danger = danger_of(state.path_run, ruleset.rules)
    if danger is not None:
        weight = weight + danger[None]
    weight = np.where(_friends(state), 0.0, weight)
    gone = state.status == Status.FAILED
    weight = np.where(gone[:, None] | gone[None], 0.0, weight)
    companies = np.arange(len(weight))
    weight[companies, companies] = 0.0
    return np.where(weight.max(axis=1) > LEAST, weight.argmax(axis=1), -1)


def _friends(state: State) -> Bools:
    """Pairs with a pledge in force either way, or a stake of the first in the second."""
    place = in_force(state)
    allied = np.zeros(state.pledge_announced.shape, bool)
    allied.reshape(-1)[place] = True
    pairs = any_over(allied, 0)
    return np.asarray(pairs | np.swapaxes(pairs, 0, 1) | (state.shares > 0))
