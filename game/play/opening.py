"""The start: a scenario's opening spread over worlds, and what is derived from it once."""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import AnyArray, map_worlds
from game.core.rng import Purpose, normals
from game.core.ruleset import Mode, Ruleset
from game.core.state import State, replace
from game.play import mandates, money, outcome
from game.play.events import announce
from game.play.knowledge import first_knowledge
from game.play.levers import normal_spending, quarter_of_year
from game.play.market import (
    Offer,
    buyers,
    choice_at,
    mean,
    new_adopters,
    previous_brands,
    reach,
    unit_cost,
)
from game.play.services import earned_at_start
from game.play.systems import start_apps
from game.play.usual import usual_contribution

MULTIPLE_CAP = 120.0


def resolve(ruleset: Ruleset, opening: State) -> Ruleset:
    """The ruleset with its references to the start filled in.

    Normal dials then keep every line where it starts: research, brand and channels are
    measured against what the company itself spends at the start, and its value beyond what
    profits explain is a constant.

    Args:
        opening: the scenario's first state, one world or more, all alike.
    """
    season = ruleset.season[:, quarter_of_year(0, ruleset)]
    revenue = (opening.price * opening.units)[..., 0] / season
    fringe = opening.fringe_units[:, 0] * _mean_price(opening) / season
    market = revenue.sum(axis=0) + fringe
    ruleset = dataclasses.replace(
        ruleset,
        revenue_start=revenue,
        coverage_start=opening.coverage[..., 0].copy(),
        market_revenue_start=market,
        service_earned=earned_at_start(ruleset, opening.price, opening.units, opening.base),
        apps_start=start_apps(opening.apps[..., 0], ruleset),
        research_start=ruleset.spend_normal[:, :, 0] / np.maximum(market, 1e-9),
    )
    if not (ruleset.market_value > 0.0).any():
        return ruleset
    return _fit_values(ruleset, replace(opening, unit_cost=unit_cost(opening, ruleset)))


def _mean_price(opening: State) -> AnyArray:
    units = opening.units[..., 0].sum(axis=0)
    spent = (opening.price * opening.units)[..., 0].sum(axis=0)
    return np.asarray(np.divide(spent, units, out=np.zeros_like(spent), where=units > 0.0))


def _fit_values(ruleset: Ruleset, opening: State) -> Ruleset:
    """Multiples and other value such that the start's fundamental values are the given ones."""
    trend = operating_profit(opening, ruleset)[:, 0]
    after_tax = trend * (1.0 - ruleset.rules.tax)
    stake = outcome.stakes(opening)[..., 0]
    known = ruleset.market_value > 0.0
    equity = np.where(known, ruleset.market_value, 0.0)
    loans = opening.loan_owed[..., 0]
    money_net = opening.cash[:, 0] - opening.debt[:, 0] + loans.sum(axis=0) - loans.sum(axis=1)
    own = equity - money_net - stake @ equity
    natural = money.natural_multiple(ruleset.rules)
    multiple = np.where(after_tax > 0.0, own / np.where(after_tax > 0.0, after_tax, 1.0), natural)
    multiple = np.clip(np.where(known, multiple, natural), natural / 2.0, MULTIPLE_CAP)
    multiple = np.where(ruleset.multiple > 0.0, ruleset.multiple, multiple)
    other = np.where(known, own - money.capitalised(trend, multiple, ruleset.rules), 0.0)
    return dataclasses.replace(ruleset, multiple=multiple, other_value=other)


def operating_profit(state: State, ruleset: Ruleset) -> AnyArray:
    """Profit before interest and tax at the state's prices, costs, normal spending: [N, W]."""
    margin = ((state.price - state.unit_cost) * state.units).sum(axis=1)
    spent = normal_spending(state, ruleset).sum(axis=(1, 2))
    fixed = (ruleset.fixed_cost[..., None] * state.on_sale).sum(axis=1)
    wear = ruleset.capacity_cost * ruleset.capacity_decay
    worn = (wear[:, None] * state.capacity).sum(axis=1)
    other = (ruleset.other_profit - ruleset.overhead)[:, None]
    return np.asarray(margin - spent - fixed - worn + other)


def first_state(ruleset: Ruleset, opening: State, seed: AnyArray, world: AnyArray) -> State:
    """A block of worlds at the start of the game.

    Args:
        ruleset: resolved by :func:`resolve`.
        opening: the scenario's first state with one world.
        seed, world: [W] unsigned; at least two worlds.

    Returns:
        State of turn 0: pair fits drawn, values and scores measured, first cards open.
    """
    count = len(np.atleast_1d(world))
    state = map_worlds(opening, lambda array: np.repeat(array[..., :1], count, axis=-1))
    state = replace(
        state,
        seed=np.asarray(seed, "u8") + np.zeros(count, "u8"),
        world=np.asarray(world, "u8"),
        active=np.ones(count, bool),
    )
    state = _draw_fit(state, ruleset)
    state = _measure_market(state, ruleset)
    state = replace(
        state,
        attention=np.full(state.cash.shape, ruleset.rules.points, "i1"),
        authorisation=np.repeat(ruleset.yearly_authorisation[:, None], count, axis=1),
        profit_trend=operating_profit(state, ruleset),
        contribution=usual_contribution(state, ruleset),
        knowledge=first_knowledge(ruleset)[..., None] * state.on_sale,
        revenue=state.price * state.units,
        year_units=4.0
        * outcome.year_units(
            replace(state, year_units=np.zeros_like(state.year_units)), state.units, ruleset
        ),
    )
    state = replace(state, profit=state.profit_trend * (1.0 - ruleset.rules.tax))
    return announce(_measure_goals(_measure_value(state, ruleset), ruleset), ruleset)


def _draw_fit(state: State, ruleset: Ruleset) -> State:
    draws = normals(
        state.seed,
        state.world,
        -1,
        Purpose.FIT,
        ruleset.company_uid,
        int(ruleset.company_uid.max()) + 1,
    )
    drawn = np.exp(ruleset.rules.fit_sd * draws[:, ruleset.company_uid])
    return replace(state, fit=np.where(np.isnan(state.fit), drawn, state.fit))


def _measure_market(state: State, ruleset: Ruleset) -> State:
    newcomers = new_adopters(state, ruleset)
    size = buyers(state, ruleset, newcomers)
    state = replace(state, unit_cost=unit_cost(state, ruleset), market_size=size)
    met = Offer(
        mean(state, ruleset),
        reach(state, ruleset),
        size,
        previous_brands(state, ruleset, newcomers),
    )
    choice = choice_at(state, ruleset, met)
    sensitivity, slope = (choice.lines.scatter(answer) for answer in choice.responses())
    return replace(state, sensitivity=sensitivity * size, slope=slope * size)


def _measure_value(state: State, ruleset: Ruleset) -> State:
    value = money.value_outside(state, ruleset)
    state = replace(state, value=value, sentiment=money.sentiment_next(state, ruleset, -1))
    per_share = outcome.value_per_share(state)
    state = replace(state, value_start=per_share, quote=money.quote(state, ruleset, per_share))
    state = replace(state, doors=outcome.doors(state, ruleset), carrying=state.shares * state.quote)
    return replace(state, score=outcome.score(state, ruleset).total)


def _measure_goals(state: State, ruleset: Ruleset) -> State:
    """Where mandates stand before the first quarter; quarters in a row begin with none."""
    state = mandates.mandate_progress(state, ruleset)
    best, run = state.mandate_best.copy(), np.zeros_like(state.mandate_run)
    for company, tasks in enumerate(ruleset.mandates):
        for place, task in enumerate(tasks):
            if task.mode == Mode.RUN:
                best[company, place] = 0.0
    state = replace(state, mandate_best=best, mandate_run=run)
    return replace(state, score=outcome.score(state, ruleset).total)
