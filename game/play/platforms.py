"""Platforms: apps, the other side of two-sided services, a company's own services together.

All are stocks that follow users with a lag and add to utility where the scenario gives them
weight. The calibration's residual takes their level at the start.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from game.core.axes import Array, Ints
from game.core.once import once
from game.core.ruleset import Ruleset
from game.core.state import State
from game.economy.adoption import new_adopters
from game.economy.lines import Lines
from game.economy.network import envelopment_utility, lagged, participation
from game.play.pledges import Move
from game.play.systems import app_terms

LEAST_USERS = 1e-12
"""Of the people: what is left out of a division."""


class Lead(NamedTuple):
    """One of a company's services that leads its users to another of its services."""

    source: int
    """Market of the service that has the users."""
    target: int
    """Market in which they are worth something."""
    weight: float
    """Utils."""


class Term(NamedTuple):
    """A part of mean utility that few lines have."""

    name: str
    rows: Ints
    """Of the lines, each once."""
    utility: Array
    """[rows, W] utils."""


@once
def leads(ruleset: Ruleset) -> tuple[Lead, ...]:
    """Every lead from one market to another of the same region, by target and source."""
    found = []
    for target, sector in np.argwhere(ruleset.own_services > 0.0).tolist():
        here = ruleset.market_region == ruleset.market_region[target]
        for source in np.flatnonzero(here & (ruleset.market_sector == sector)).tolist():
            if source != target:
                found.append(Lead(source, target, float(ruleset.own_services[target, sector])))
    return tuple(found)


def people_reached(base: Array, market: int, pool: Array, ruleset: Ruleset) -> Array:
    """Fraction of a region's people whom services with these users reach, at most 1.

    Args:
        base: [..., W] m users. pool: [M, W] who could ever use it.
    """
    return np.asarray(np.minimum(base * (ruleset.uses[market] / pool[market]), 1.0))


def utility_terms(
    lines: Lines, state: State, ruleset: Ruleset, pool: Array, moves: Sequence[Move] = ()
) -> Iterator[Term]:
    """What platforms add to mean utility, term by term.

    Args:
        pool: [M, W] who could ever use it, now. moves: devices that pledges move between systems.
    """
    for rows, utility in app_terms(lines, state, ruleset, moves):
        yield Term("apps", rows, utility)
    rows = np.flatnonzero(ruleset.acceptance_weight[lines.market] > 0.0)
    if rows.size:
        company, market = lines.company[rows], lines.market[rows]
        weight = ruleset.acceptance_weight[market, None]
        yield Term("acceptance", rows, weight * state.acceptance[company, market])
    for lead in leads(ruleset):
        rows = np.flatnonzero(lines.market == lead.target)
        company = lines.company[rows]
        people = people_reached(state.base[company, lead.source], lead.source, pool, ruleset)
        led = state.led[company, lead.target]
        yield Term("own services", rows, envelopment_utility(people, led, lead.weight))


def acceptance_next(
    lines: Lines, state: State, ruleset: Ruleset, pool: Array, base: Array
) -> Array:
    """The other side follows the users: [N, M, W]; nothing where nothing is on sale.

    Args:
        base: [N, M, W] m users of this quarter.
    """
    rows = np.flatnonzero(ruleset.acceptance_weight[lines.market] > 0.0)
    if not rows.size:
        return state.acceptance
    company, market = lines.company[rows], lines.market[rows]
    wanted = participation(
        base[company, market] / pool[market],
        ruleset.acceptance_half[market, None],
        ruleset.acceptance_elasticity[market, None],
    )
    speed = ruleset.acceptance_speed[market, None]
    after = np.zeros_like(state.acceptance)
    held = lagged(state.acceptance[company, market], wanted, speed)
    after[company, market] = held * state.on_sale[company, market]
    return after


def led_next(lines: Lines, state: State, ruleset: Ruleset, base: Array) -> Array:
    """Users of a company's other services come to this one: [N, M, W]; none where it is not sold.

    A service within a service spreads among its own users as a product does among buyers (Bass).

    Args:
        base: [N, M, W] m users of this quarter.
    """
    found = leads(ruleset)
    if not found:
        return state.led
    after = np.zeros_like(state.led)
    for target in dict.fromkeys(lead.target for lead in found):
        company = lines.company[lines.market == target]
        sources = [lead.source for lead in found if lead.target == target]
        users = (base[company][:, sources] > 0.0).any(axis=1)
        held = state.led[company, target]
        rates = ruleset.lead_innovation[target], ruleset.lead_imitation[target]
        held = held + users * new_adopters(held, 1.0, *rates)
        after[company, target] = held * state.on_sale[company, target]
    return after


def start_acceptance(base: Array, ruleset: Ruleset) -> Array:
    """The other side where it settles at these users: [N, M] from [N, M] m users."""
    settled = participation(
        base / ruleset.potential, ruleset.acceptance_half, ruleset.acceptance_elasticity
    )
    return np.where((ruleset.acceptance_weight > 0.0) & (base > 0.0), settled, 0.0)


def start_led(base: Array, ruleset: Ruleset) -> Array:
    """Who is led at the start: the part of the people reached who use the service: [N, M].

    A wallet that has more users than the chat beside it owes the chat nothing any more; one that
    a tenth of them know has nine tenths before it.

    Args:
        base: [N, M] m users.
    """
    pool = ruleset.potential
    made = np.zeros_like(base)
    for lead in leads(ruleset):
        others = people_reached(base[:, lead.source], lead.source, pool, ruleset)
        users = people_reached(base[:, lead.target], lead.target, pool, ruleset)
        part = np.minimum(users / np.maximum(others, LEAST_USERS), 1.0)
        part[others <= 0.0] = 0.0
        made[:, lead.target] = np.maximum(made[:, lead.target], part)
    return made
