"""Home systems of devices: who runs what, and the apps that follow the users.

Every device has exactly one home system. It is its maker's own, or the common one, or, for a part
of the new devices of a maker that has pledged it, the ally's. Developers follow the installed base
of each system with a lag; a system may run a part of another's apps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from game.core.axes import AnyArray, Array, Ints
from game.core.once import once
from game.core.ruleset import Ruleset
from game.core.state import State
from game.economy.lines import Lines
from game.economy.network import app_stock, app_utility, lagged
from game.play.pledges import Move

COMMON = 0


class Shifts(NamedTuple):
    """Parts of makers' new devices that leave with another system: [E] each."""

    system: Ints
    maker: Ints
    region: Ints
    lane: Ints
    part: Array


@once
def device_markets(ruleset: Ruleset) -> Ints:
    """Markets of devices, where there are home systems at all."""
    return np.flatnonzero(ruleset.durable & (len(ruleset.systems) > 0))


@once
def device_system(ruleset: Ruleset) -> Ints:
    """The system that a maker's devices carry when it has pledged nothing: [N]."""
    return np.asarray(np.maximum(ruleset.own_system, COMMON))


def shifts(moves: Sequence[Move], ruleset: Ruleset, worlds: int) -> Shifts | None:
    """Parts of new devices that pledges move, at most all of a maker's; None when none do."""
    found: list[tuple[AnyArray, ...]] = []
    for pledges, part, covered in moves:
        moved = ruleset.own_system[pledges.receiver]
        works = (moved >= 0) & (moved != device_system(ruleset)[pledges.giver]) & (part > 0.0)
        region, place = np.nonzero((covered > 0.0) & works)
        if place.size:
            giver, lane = pledges.giver[place], pledges.lane[place]
            found.append((moved[place], giver, region, lane, part[place]))
    if not found:
        return None
    system, maker, region, lane = (
        np.concatenate([entry[column] for entry in found]) for column in range(4)
    )
    part = np.concatenate([entry[4] for entry in found])
    one = (maker * len(ruleset.regions) + region) * worlds + lane
    part = part / np.maximum(np.bincount(one, part)[one], 1.0)
    return Shifts(system, maker, region, lane, part)


def reachable(apps: Array, ruleset: Ruleset) -> Array:
    """Apps that run on each system, those of others with them: [Y, ...] from [Y, ...]."""
    found = np.zeros_like(apps)
    for system, other in np.argwhere(ruleset.runs > 0.0).tolist():
        found[system] += ruleset.runs[system, other] * apps[other]
    return found


def start_apps(apps: Array, ruleset: Ruleset) -> Array:
    """Apps of the common system at the start, against which all are measured: [M] of [Y, M]."""
    if not ruleset.systems:
        return ruleset.apps_start
    return np.asarray(reachable(apps, ruleset)[COMMON])


def _standing(state: State, ruleset: Ruleset, markets: Ints) -> Array:
    """Utility of each system's apps: [Y, len(markets), W]."""
    at = (markets, None)
    return app_utility(
        reachable(state.apps[:, markets], ruleset),
        ruleset.apps_weight[at],
        ruleset.apps_ref[at],
        ruleset.apps_start[at],
    )


def app_terms(
    lines: Lines, state: State, ruleset: Ruleset, moves: Sequence[Move]
) -> Iterator[tuple[Ints, Array]]:
    """What apps add to the mean utility of devices: rows of the lines and utils [rows, W]."""
    markets = device_markets(ruleset)
    markets = markets[ruleset.apps_weight[markets] > 0.0]
    if not markets.size:
        return
    place = np.full(len(ruleset.markets), -1)
    place[markets] = np.arange(len(markets))
    rows = np.flatnonzero(place[lines.market] >= 0)
    if not rows.size:
        return
    value = _standing(state, ruleset, markets)
    system = device_system(ruleset)
    utility = value[system[lines.company[rows]], place[lines.market[rows]]]
    shift = shifts(moves, ruleset, state.cash.shape[-1])
    if shift is not None:
        row_of = np.full(lines.shape[:2], -1)
        row_of[lines.company[rows], lines.market[rows]] = np.arange(len(rows))
        for market in markets.tolist():
            row = row_of[shift.maker, market]
            here = np.flatnonzero((row >= 0) & (shift.region == ruleset.market_region[market]))
            gained = value[shift.system[here], place[market], shift.lane[here]]
            lost = value[system[shift.maker[here]], place[market], shift.lane[here]]
            np.add.at(utility, (row[here], shift.lane[here]), shift.part[here] * (gained - lost))
    yield rows, utility


def system_base_next(state: State, ruleset: Ruleset, moves: Sequence[Move], hazard: Array) -> Array:
    """Devices in use by home system after this quarter's sales: [Y, M, W] m.

    Their sum is that of all makers' bases and the fringe's.

    Args:
        hazard: [M, 1] part replaced this quarter.
    """
    markets = device_markets(ruleset)
    if not markets.size:
        return state.system_base
    after: Array = state.system_base * (1.0 - hazard)
    system = device_system(ruleset)
    for number in range(len(ruleset.systems)):
        makers = np.flatnonzero(system == number)
        after[number, markets] += state.units[np.ix_(makers, markets)].sum(axis=0)
    after[COMMON, markets] += state.fringe_units[markets]
    shift = shifts(moves, ruleset, state.cash.shape[-1])
    if shift is not None:
        for market in markets.tolist():
            here = np.flatnonzero(shift.region == ruleset.market_region[market])
            maker, lane = shift.maker[here], shift.lane[here]
            units = shift.part[here] * state.units[maker, market, lane]
            np.add.at(after, (shift.system[here], market, lane), units)
            np.subtract.at(after, (system[maker], market, lane), units)
        np.maximum(after, 0.0, out=after)
    return after


def apps_next(state: State, ruleset: Ruleset, pool: Array, system_base: Array) -> Array:
    """Developers follow the users whom their apps reach: [Y, M, W]."""
    markets = device_markets(ruleset)
    if not markets.size:
        return state.apps
    after = state.apps.copy()
    wanted = _wanted(system_base[:, markets], ruleset, pool, markets)
    speed = ruleset.apps_speed[markets, None]
    after[:, markets] = lagged(state.apps[:, markets], wanted, speed)
    return after


def _wanted(base: Array, ruleset: Ruleset, pool: Array, markets: Ints) -> Array:
    """Apps where they settle at these bases [Y, markets, W]."""
    reached = np.zeros_like(base)
    for system, other in np.argwhere(ruleset.runs > 0.0).tolist():
        reached[other] += ruleset.runs[system, other] * base[system]
    reached /= pool[markets]
    return app_stock(reached, ruleset.apps_elasticity[markets, None])


def start_systems(base: Array, fringe: Array, ruleset: Ruleset) -> tuple[Array, Array]:
    """Devices by system and settled apps at the start: [Y, M] each.

    Args:
        base: [N, M] m devices of makers. fringe: [M] m of the small firms.
    """
    shape = (len(ruleset.systems), len(ruleset.markets))
    found, apps = np.zeros(shape), np.zeros(shape)
    markets = device_markets(ruleset)
    if markets.size:
        for company, system in enumerate(device_system(ruleset).tolist()):
            found[system, markets] += base[company, markets]
        found[COMMON, markets] += fringe[markets]
        used = found[:, markets, None]
        apps[:, markets] = _wanted(used, ruleset, ruleset.potential[:, None], markets)[..., 0]
    return found, apps
