"""What a buyer is worth to the seller's own services in the region, as the quarter begins.

The scenario says what it is at the start, and which services ride on a device. It follows the
revenue a device that those had last quarter; nothing is kept for it, all is read from last
quarter's sales and bases.
"""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Ints
from game.core.once import once
from game.core.ruleset import Ruleset
from game.economy.service import capped_value, service_value_now
from game.play.levers import quarter_of_year


@once
def _valued(ruleset: Ruleset) -> tuple[tuple[int, Ints, Ints], ...]:
    """Markets in which buyers are worth something beside: market, companies, services there."""
    found = []
    for market in np.flatnonzero((ruleset.service_value > 0.0).any(axis=0)).tolist():
        here = ruleset.market_region == ruleset.market_region[market]
        rides = ruleset.carries[market, ruleset.market_sector]
        own = np.arange(len(here)) == market
        services = np.flatnonzero(here & rides & ~ruleset.durable & ~own)
        found.append((market, np.flatnonzero(ruleset.service_value[:, market] > 0.0), services))
    return tuple(found)


def _season(ruleset: Ruleset, turn: int) -> Array:
    """Season of the quarter before a turn, of the first quarter before the first: [M, 1]."""
    return ruleset.season[:, quarter_of_year(max(turn - 1, 0), ruleset), None]


def _earned(companies: Ints, services: Ints, price: Array, units: Array, season: Array) -> Array:
    """Revenue of companies in these services at the start's rates: [companies, W] USD m."""
    at = np.ix_(companies, services)
    return np.asarray((price[at] * units[at] / season[services]).sum(axis=1))


def earned_at_start(ruleset: Ruleset, price: Array, units: Array, base: Array) -> Array:
    """Revenue of own services a device at the start: [N, M] USD a quarter; 0 where none.

    Args:
        price, units, base: [N, M, W] of the opening.
    """
    found = np.zeros_like(ruleset.service_value)
    season = _season(ruleset, 0)
    for market, companies, services in _valued(ruleset):
        earned = _earned(companies, services, price, units, season)[:, 0]
        devices = base[companies, market, 0]
        rate = np.divide(earned, devices, out=np.zeros_like(earned), where=devices > 0.0)
        found[companies, market] = rate
    return found


def service_level(ruleset: Ruleset, turn: int, price: Array, units: Array, base: Array) -> Array:
    """What a buyer is worth to own services now, before the cap: [N, M, W] or [N, M, 1] USD.

    Args:
        turn: quarter to be played. price, units, base: [N, M, W], last quarter's.
    """
    if not ruleset.service_earned.any():
        return ruleset.service_value[..., None]
    level = np.zeros_like(price)
    season = _season(ruleset, turn)
    for market, companies, services in _valued(ruleset):
        level[companies, market] = service_value_now(
            ruleset.service_value[companies, market, None],
            _earned(companies, services, price, units, season),
            base[companies, market],
            ruleset.service_earned[companies, market, None],
        )
    return level


def within_cap(ruleset: Ruleset, level: Array, cost: Array) -> Array:
    """A level that prices count with: at most ``rules.service_cap`` of the cost."""
    return capped_value(level, cost, ruleset.rules.service_cap)
