"""Feedback: whether a lead in a market feeds itself, measured on the turn itself.

The loop is opened at the shares. In one world all shares are held as they are now, quarter after
quarter; in one more for each product line, that line's is held a little higher. Everything carried
over then answers by its own law: installed bases, acceptance, apps, goodwill, experience, spending
that follows revenue, and whatever else the phases come to hold. What buyers then want, against the
world in which nobody is lifted, is what a share makes of itself.
"""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np

from game.core.axes import Array, Bools, take_worlds
from game.core.ruleset import Ruleset
from game.core.state import State
from game.economy.lines import Lines
from game.economy.network import (
    acceptance_pull,
    apps_pull,
    contraction_modulus,
    feedback_gain,
    network_pull,
)
from game.play import phases_market
from game.play.orders import no_orders
from game.play.quarter import Quarter
from game.play.turn import PHASES

QUARTERS = 20
"""How long shares are held: stocks close most of their distance in five years."""
LIFT = 0.01
"""Of a line's sales."""
OTHERS = ("events_due", "duties_due", "deals_settled", "outcome_settled")
"""Phases that are no part of a market's own feedback."""
GRID = 2001
LONG = 10_000
LEAST_BUYERS = 1e-12


def feedback_gains(
    state: State, ruleset: Ruleset, *, lane: int = 0, quarters: int = QUARTERS, lift: float = LIFT
) -> Array:
    """Largest eigenvalue of the map from held shares to the shares that come of them: [M].

    Policies are fixed: idle seats with their dials as they are, no luck, no events, no deals. From
    one up, a lead feeds itself and the market runs away.

    Args:
        lane: the world looked at. quarters: for which shares are held, at least 2.
        lift: of each line's sales, relative.
    """
    lines = Lines(state.on_sale[..., lane : lane + 1])
    count = len(lines.market)
    if not count:
        return np.zeros(len(ruleset.markets))
    worlds, calm = take_worlds(state, np.full(count + 1, lane)), _calm(ruleset)
    held = _shares(worlds, lines, lift)
    for _ in range(quarters):
        quarter = _held_quarter(worlds, calm, held)
        worlds = quarter.state
    wanted = quarter.wanted / np.maximum(worlds.market_size, LEAST_BUYERS)
    return feedback_gain(_elasticities(wanted, lines, lift))


class Held(NamedTuple):
    """Shares of all buyers that are held in every world."""

    makers: Array
    """[N, M, W]"""
    fringe: Array
    """[M, W]"""


def _shares(worlds: State, lines: Lines, lift: float) -> Held:
    """The shares of now; every world but the first lifts one line's."""
    size = np.maximum(worlds.market_size, LEAST_BUYERS)
    makers, fringe = worlds.units / size, worlds.fringe_units / size
    makers[lines.company, lines.market, np.arange(len(lines.market)) + 1] *= 1.0 + lift
    return Held(makers, fringe)


def _calm(ruleset: Ruleset) -> Ruleset:
    rules = dataclasses.replace(ruleset.rules, quality_luck=0.0, demand_luck=0.0, quarters=LONG)
    return dataclasses.replace(ruleset, rules=rules)


def _held_quarter(worlds: State, ruleset: Ruleset, held: Held) -> Quarter:
    quarter = Quarter(worlds, ruleset, no_orders(worlds, ruleset))
    for phase in PHASES:
        if phase.__name__ in OTHERS:
            continue
        phase(quarter)
        if phase is phases_market.demand_meets:
            _hold(quarter, held)
    return quarter


def _hold(quarter: Quarter, held: Held) -> None:
    """Put what is held in the place of what was sold."""
    size = quarter.state.market_size
    units = held.makers * size
    quarter.update(
        units=units,
        fringe_units=held.fringe * size,
        revenue=quarter.dollars(quarter.price * units),
        cumulative=quarter.start.cumulative + units,
    )


def _elasticities(wanted: Array, lines: Lines, lift: float) -> Array:
    """Wanted shares in held ones, log by log, market by market: [N, N, M].

    Where shares come out as they are held, its eigenvalues are those of the Jacobian; where they
    drift over the quarters held (newcomers grow), logs keep the drift out.

    Args:
        wanted: [N, M, lines + 1] of buyers.
    """
    companies, markets = wanted.shape[:2]
    slope = np.zeros((companies, companies, markets))
    for number, (company, market) in enumerate(zip(lines.company, lines.market, strict=True)):
        before = wanted[:, market, 0]
        sells = before > 0.0
        moved = (wanted[:, market, number + 1] - before)[sells] / before[sells]
        slope[sells, company, market] = moved / lift
    return slope


def contraction_bounds(ruleset: Ruleset) -> Array:
    """Bound on the slope of each market's share map through its network terms: [M].

    At fixed prices, quality and goodwill. Below one a single outcome is possible whatever the
    history; from one up, history may select. Systems are bounded as if none ran another's apps.
    """
    share = np.linspace(0.0, 1.0, GRID)
    own = network_pull(share, ruleset.network_weight[:, None], ruleset.network_ref[:, None])
    own += acceptance_pull(
        share,
        ruleset.acceptance_weight[:, None],
        ruleset.acceptance_half[:, None],
        ruleset.acceptance_elasticity[:, None],
    )
    bound = contraction_modulus(share, own)
    if not ruleset.systems:
        return bound
    apps = apps_pull(
        share,
        ruleset.apps_weight[:, None],
        ruleset.apps_ref[:, None],
        ruleset.apps_elasticity[:, None],
    )
    return np.asarray(bound + np.where(ruleset.durable, contraction_modulus(share, apps), 0.0))


def one_outcome(ruleset: Ruleset) -> Bools:
    """Markets in which the network terms leave one outcome whatever the history: [M]."""
    return np.asarray(contraction_bounds(ruleset) < 1.0)
