"""Macro shocks as the turn reads them: bars, exchange rates, taxes, subsidies, potential."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array, Bools
from game.core.once import once
from game.core.rng import Purpose, normals
from game.core.ruleset import Ruleset
from game.core.state import LET_IN, State
from game.economy.lines import Lines
from game.economy.macro import cost_at_market, relief, reverting_next

HIGHEST_TAX = 0.9


def selling(state: State) -> Bools:
    """Product lines that sell this quarter: on sale, and not barred. [N, M, W]."""
    barred = state.barred_until > state.turn
    return np.asarray(state.on_sale & ~barred) if barred.any() else state.on_sale


def may_enter(state: State, ruleset: Ruleset) -> Bools:
    """Where law, scenario and its own promises let a company begin to sell now.

    Returns:
        [N, M, W], or [N, M, 1].
    """
    until, promised = state.barred_until, state.noncompete_until
    if not (until != -1).any() and not promised.any():
        return ruleset.may_enter[..., None]
    allowed = ruleset.may_enter[..., None] | (until == LET_IN)
    return np.asarray(allowed & (until <= state.turn) & (promised <= state.turn))


@once
def _homes(ruleset: Ruleset) -> AnyArray:
    """Home region of each company: [N]."""
    return np.array([company.home for company in ruleset.companies])


def market_rate(state: State, ruleset: Ruleset) -> Array | None:
    """Log value of each market's money since the start: [M, W]; None while nothing moved."""
    if not state.fx.any():
        return None
    return np.take(state.fx, ruleset.market_region, axis=0)


def home_rate(state: State, ruleset: Ruleset) -> Array:
    """Log value of each company's home money since the start: [N, W]."""
    return np.take(state.fx, _homes(ruleset), axis=0)


def at_market(cost: Array, state: State, ruleset: Ruleset) -> Array:
    """Unit cost [N, M, W] in the market's money at the start's rate; a service's is local.

    Works in ``cost``, which is used up.
    """
    rate = market_rate(state, ruleset)
    if rate is None:
        return cost
    home, share = home_rate(state, ruleset)[:, None], ruleset.rules.parts_in_dollars
    for traded in _traded(ruleset):
        cost[:, traded] = cost_at_market(cost[:, traded], home, rate[traded], share)
    return cost


@once
def _traded(ruleset: Ruleset) -> tuple[slice, ...]:
    """Markets of durables, as stretches of M."""
    edges = np.flatnonzero(np.diff(np.pad(ruleset.durable.astype(np.int8), 1)))
    return tuple(slice(first, end) for first, end in edges.reshape(-1, 2).tolist())


def spared(state: State, lines: Lines, cost: Array) -> Array | None:
    """What buyers are spared of each line's price: [L, W] USD; None where nobody is.

    Args:
        cost: [N, M, W] USD a unit.
    """
    return spared_of(state, lines, lines.gather(cost))


def spared_of(state: State, lines: Lines, cost: Array) -> Array | None:
    """:func:`spared`, with the cost at the lines: [L, W]."""
    if not state.subsidy.any():
        return None
    return relief(lines.gather(state.subsidy), cost)


def tax_rate(state: State, ruleset: Ruleset) -> Array | float:
    """Part of profit that is taxed: [N, W], or one number while nothing was changed."""
    if not state.tax_shift.any():
        return ruleset.rules.tax
    return np.clip(ruleset.rules.tax + state.tax_shift, 0.0, HIGHEST_TAX)


def fx_next(state: State, ruleset: Ruleset) -> Array:
    """Exchange rates a quarter later: [R, W] log."""
    if not ruleset.fx_sd.any():
        if not state.fx.any():
            return state.fx
        return np.asarray((1.0 - ruleset.rules.fx_reversion) * state.fx)
    regions = np.arange(len(ruleset.regions))
    draws = normals(state.seed, state.world, state.turn, Purpose.FX, regions)[:, 0]
    return reverting_next(
        state.fx, draws, reversion=ruleset.rules.fx_reversion, sd=ruleset.fx_sd[:, None]
    )
