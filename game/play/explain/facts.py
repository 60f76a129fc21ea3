"""What a cause itself did: a price from here to there, reach, appeal; for an answer's words."""

from __future__ import annotations

import dataclasses

import numpy as np

from game.economy.demand import SMALLEST_REACH
from game.play import market as buyers
from game.play.explain.causes import NO_PAIR, Cause, Fact, Key
from game.play.explain.inputs import MarketInputs
from game.play.explain.lent import NOTHING
from game.play.explain.market_game import CHANNELS, COSTS, OWN_TERMS, MarketGame

UTILS_STEP, REACH_STEP = 0.25, 0.05
"""To which appeal and reach are told of companies whose books are closed: utils, fraction."""


def coarse(fact: Fact | None) -> Fact | None:
    """What outsiders can tell of a fact: prices as they are, appeal and reach in steps."""
    if fact is None:
        return None
    moved = UTILS_STEP * np.round((fact.utils[1] - fact.utils[0]) / UTILS_STEP)
    met = [
        tuple((REACH_STEP * np.round(np.array(pair) / REACH_STEP)).tolist())
        for pair in (fact.reach, fact.coverage)
    ]
    return dataclasses.replace(fact, utils=(0.0, float(moved)), reach=met[0], coverage=met[1])


def fact_of(game: MarketGame, key: Key, closed: frozenset[int] = frozenset()) -> Fact | None:
    """Figures of a cause in both quarters; None where it has none.

    Args:
        closed: companies whose books the eyes that look cannot see.
    """
    company = key.company if key.cause == Cause.RIVAL else int(game.companies[game.row])
    fact = _exact(game, key)
    return coarse(fact) if company in closed else fact


def _exact(game: MarketGame, key: Key) -> Fact | None:
    row, pair = game.row, (game.before, game.after)
    cause = key.cause
    if cause == Cause.RIVAL:
        return line_fact(game, int(np.flatnonzero(game.companies == key.company)[0]))
    if cause == Cause.PRESENCE:
        return Fact(sold=(bool(pair[0].on_sale[row]), bool(pair[1].on_sale[row])))
    if cause == Cause.PRICE:
        return Fact(price=_pair(*(one.price[row] for one in pair)))
    if cause in OWN_TERMS:
        return Fact(utils=_pair(*(one.utility[cause][row] for one in pair)))
    if cause == Cause.PLEDGE:
        lent = [one.pledges.get(key, NOTHING) for one in pair]
        reach = [float(one.coverage.max(initial=0.0)) for one in lent]
        appeal = _pair(*(float(one.appeal) for one in lent))
        return Fact(utils=appeal, coverage=_pair(*reach) if any(reach) else NO_PAIR)
    for channel, own in CHANNELS:
        if cause == own:
            return Fact(coverage=_pair(*(one.coverage[row, channel] for one in pair)))
    if cause in (Cause.ADOPTERS, Cause.POTENTIAL):
        return Fact(people=_pair(*(one.size[cause] for one in pair)))
    if cause == Cause.SEASON:
        return Fact(factor=_pair(*(one.size[cause] for one in pair)))
    if cause == Cause.SHOCK:
        return Fact(factor=_pair(*(np.exp(one.size[cause]) for one in pair)))
    if cause == Cause.BESIDE:
        return Fact(price=_pair(*(one.service[row] for one in pair)))
    if cause == Cause.GIVEN:
        return Fact(price=_pair(*(one.bounties.get(key, 0.0) for one in pair)))
    if cause == Cause.CAPACITY:
        room = _pair(*(one.capacity[row] for one in pair))
        return Fact(people=room) if np.isfinite(room).all() else None
    if cause == Cause.STANCE:
        return Fact(factor=_pair(*(one.stance[row] for one in pair)))
    if cause in COSTS:
        return Fact(factor=_pair(*(np.exp(one.cost[cause][row]) for one in pair)))
    return None


def line_fact(game: MarketGame, row: int) -> Fact:
    """Price, appeal and reach of a line."""
    pair = (game.before, game.after)
    return Fact(
        price=_pair(*(one.price[row] for one in pair)),
        utils=_pair(*(one.mean[row] for one in pair)),
        reach=_pair(*(_reach(one, row) for one in pair)),
        sold=(bool(pair[0].on_sale[row]), bool(pair[1].on_sale[row])),
    )


def _reach(inputs: MarketInputs, row: int) -> float:
    met = np.minimum(inputs.covered[row], 1.0) * inputs.channel
    return float(max(buyers.reached(met[:, None])[0], SMALLEST_REACH))


def _pair(before: float, after: float) -> tuple[float, float]:
    return float(before), float(after)
