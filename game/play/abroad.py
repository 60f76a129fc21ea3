"""Business far from home: what it takes, what entering costs, and how allies help."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Bools, Ints, any_over
from game.core.once import once
from game.core.ruleset import PledgeEffect, Ruleset, Status
from game.core.state import State
from game.play.pledges import in_force
from game.play.rights import parents

LICENCE_SAVED = 0.5
"""Part of a licence that full local knowledge saves."""


def upkeep(state: State, ruleset: Ruleset) -> Ints:
    """Points that far-flung business takes each quarter: foreign regions past the free ones, and
    controlled companies. [N, W]."""
    regions = np.zeros(state.cash.shape, np.int64)
    for here, abroad in _abroad(ruleset):
        regions += (np.take(state.on_sale, here, axis=1) & abroad).any(axis=1)
    if (state.status == Status.CONTROLLED).any():
        top = parents(state, ruleset)
        for company in range(len(top)):
            regions[company] += (top == company).sum(axis=0) - (top[company] == company)
    return np.asarray(np.maximum(regions - _free_regions(ruleset), 0))


@once
def _abroad(ruleset: Ruleset) -> tuple[tuple[Ints, Bools], ...]:
    """Per region: its markets, and the companies to which each is foreign [N, m, 1]."""
    regions = range(len(ruleset.regions))
    markets = [np.flatnonzero(ruleset.market_region == region) for region in regions]
    return tuple((here, ~ruleset.home[:, here, None]) for here in markets)


@once
def _free_regions(ruleset: Ruleset) -> Ints:
    """Foreign regions that cost no attention: [N, 1]."""
    started = (ruleset.revenue_start > 0.0) & ~ruleset.home
    given = np.zeros(len(ruleset.companies), np.int64)
    for here, _ in _abroad(ruleset):
        given += started[:, here].any(axis=1)
    return np.asarray(np.maximum(given, ruleset.rules.free_regions)[:, None])


def local_knowledge(state: State, ruleset: Ruleset) -> Array:
    """Strength of the best ENTRY pledge that a company receives, 0..1. [N, W]."""
    best = np.zeros(state.cash.size)
    for index, kind in enumerate(ruleset.pledges):
        if kind.effect == PledgeEffect.ENTRY:
            place = np.flatnonzero(state.pledge_until[index] > state.turn)
            strength = np.take(state.pledge_announced[index].reshape(-1), place)
            np.maximum.at(best, place % state.cash.size, strength)
    return best.reshape(state.cash.shape)


def entry_ally(state: State, ruleset: Ruleset) -> Bools:
    """Whether some ally that sells in a market's region supports the company there. [N, M, W]."""
    shape = state.price.shape
    place = np.unravel_index(np.arange(state.price.size).reshape(shape), shape)
    return entry_help(state, ruleset, *place)[1]


def entry_cost(state: State, ruleset: Ruleset) -> Array:
    """Licence to enter, cheaper with an ally's local knowledge. [N, M, W] USD m."""
    saved = LICENCE_SAVED * local_knowledge(state, ruleset)
    return np.asarray(ruleset.licence[None, :, None] * (1.0 - saved[:, None]))


def entry_help(
    state: State,
    ruleset: Ruleset,
    company: Ints,
    market: Ints,
    lane: Ints,
    running: Ints | None = None,
) -> tuple[Array, Bools]:
    """What allies do for entries: part of the licence saved, and whether one sells there.

    Args:
        company, market, lane: of each entry, any one shape.
        running: places of the pledges in force, where the caller has them in hand.

    Returns:
        Two arrays of that shape.
    """
    support = np.zeros(state.fit.shape, bool)
    place = in_force(state) if running is None else running
    support.reshape(-1)[place % support.size] = True
    local = np.zeros((len(ruleset.regions), *state.cash.shape), bool)
    for region, (here, _) in enumerate(_abroad(ruleset)):
        np.any(np.take(state.on_sale, here, axis=1), axis=1, out=local[region])
    saved = LICENCE_SAVED * local_knowledge(state, ruleset)[company, lane]
    where = ruleset.market_region[market]
    allies = np.arange(len(support)).reshape(-1, *[1] * company.ndim)
    helped = support[allies, company, lane] & local[where, allies, lane]
    return saved, any_over(helped, 0)
