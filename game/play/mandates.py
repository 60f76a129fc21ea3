"""Mandates: where companies stand on their tasks, and the credit that they keep."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints
from game.core.once import once
from game.core.ruleset import Mandate, Metric, Mode, PledgeEffect, Ruleset
from game.core.state import State, replace
from game.play.levers import owed_in_all
from game.play.market import markets_of
from game.play.outcome import return_to_holders, shares_total
from game.play.pledges import in_force, promised
from game.play.rights import founders_votes

_FAR = 1e-12
_NO_PREMIUM = 1e8
"""From this price up a market has no premium class: every sale counts."""


def _ranks(state: State, company: int, markets: AnyArray) -> AnyArray:
    """Rank of a company in markets, 1 the best; behind everybody when it sells nothing. [m, W]."""
    units = np.take(state.units, markets, axis=1)
    ahead = (units > units[company]).sum(axis=0) + 1
    return np.asarray(np.where(units[company] > 0.0, ahead, len(units) + 1))


def _os_devices(state: State, ruleset: Ruleset, company: int) -> Array:
    """Devices that carry a company's system: its own and, by preload, its allies'. [W] m."""
    base = state.base[:, np.flatnonzero(ruleset.durable)].sum(axis=1)
    carried = np.zeros(base.shape[1])
    for index, kind in enumerate(ruleset.pledges):
        if kind.effect == PledgeEffect.PRELOAD:
            giver, receiver, lane, strength = promised(state, index)
            place = (index, giver, receiver, lane)
            works = (receiver == company) & (state.pledge_since[place] <= state.turn)
            users = strength * state.pledge_effort[place] * base[giver, lane] * works
            carried += np.bincount(lane, users, len(carried))
    return np.asarray(base[company] + carried)


class _Shared:
    """What several mandates measure of one state, worked out when the first one asks."""

    def __init__(self, state: State, ruleset: Ruleset, running: Ints | None = None) -> None:
        self.state, self.ruleset = state, ruleset
        self.running = running

    @cached_property
    def sold(self) -> Array:
        """Units of everybody, the fringe too: [M, W]."""
        return np.asarray(self.state.units.sum(axis=0) + self.state.fringe_units)

    @cached_property
    def founders_votes(self) -> Array:
        """Votes of each company's founders: [N, W] fraction."""
        return founders_votes(self.state, self.ruleset)

    @cached_property
    def shares(self) -> AnyArray:
        """All shares of each company, at least one: [N, W]."""
        return np.asarray(np.maximum(shares_total(self.state), 1))

    @cached_property
    def friends(self) -> Array:
        """Companies with which each has a pledge at work: [N, W].

        Promises of the last evening make no ally.
        """
        linked = np.zeros(self.state.fit.shape, bool)
        running = in_force(self.state) if self.running is None else self.running
        since = np.take(self.state.pledge_since.reshape(-1), running)
        running = running[since <= self.state.turn]
        linked.reshape(-1)[running % linked.size] = True
        return np.asarray((linked | np.swapaxes(linked, 0, 1)).sum(axis=1), float)


def metric(
    state: State, ruleset: Ruleset, company: int, mandate: Mandate, shared: _Shared | None = None
) -> Array:
    """Where a company stands on a mandate's measure, in the measure's own unit. [W].

    Args:
        shared: kept between calls on one state.
    """
    shared = shared or _Shared(state, ruleset)
    kind = mandate.metric
    chosen = markets_of(ruleset, mandate.sector, mandate.region, company if mandate.foreign else -1)
    if kind == Metric.OS_DEVICES:
        return _os_devices(state, ruleset, company)
    if kind == Metric.TOP_RANK_REGIONS:
        return np.asarray((_ranks(state, company, chosen) <= mandate.rank).sum(axis=0), float)
    if kind == Metric.RANK:
        best = _ranks(state, company, chosen).min(axis=0, initial=len(state.units) + 1)
        return np.asarray(np.minimum(mandate.rank / best, 1.0))
    if kind == Metric.SHARE:
        units = state.units[company, chosen].sum(axis=0)
        return np.asarray(units / np.maximum(shared.sold[chosen].sum(axis=0), _FAR))
    if kind == Metric.PROFITABLE:
        return np.asarray((state.profit[company] > 0.0).astype(float))
    if kind == Metric.YEAR_UNITS:
        sectors = slice(mandate.sector, mandate.sector + 1) if mandate.sector >= 0 else slice(None)
        return np.asarray(state.year_units[company, sectors].sum(axis=0))
    if kind == Metric.ALLIES:
        return np.asarray(shared.friends[company])
    if kind == Metric.FOUNDER_VOTES:
        return np.asarray(shared.founders_votes[company])
    return _other_metric(state, ruleset, company, mandate, chosen)


def _other_metric(
    state: State, ruleset: Ruleset, company: int, mandate: Mandate, chosen: AnyArray
) -> Array:
    kind = mandate.metric
    if kind == Metric.SERVICES_PROFIT:
        services = np.flatnonzero(~ruleset.durable)
        gained = np.maximum(state.contribution[company, services], 0.0).sum(axis=0)
        return np.asarray(
            gained / np.maximum(np.maximum(state.contribution[company], 0.0).sum(axis=0), _FAR)
        )
    if kind == Metric.STAKES:
        return np.asarray((state.shares[company] > 0).sum(axis=0).astype(float))
    if kind == Metric.PROFIT_SHARE:
        return _profit_share(state, ruleset, company, chosen)
    if kind == Metric.REVENUE_GROWTH:
        now = state.revenue[company, chosen].sum(axis=0)
        start = ruleset.revenue_start[company, chosen].sum()
        return np.asarray(now / max(start, _FAR))
    if kind == Metric.NO_EXCLUSIVE:
        granted = (
            state.pledge_exclusive[:, company] & (state.pledge_until[:, company] > state.turn)
        ).any(axis=(0, 1))
        return np.asarray((~granted).astype(float))
    if kind == Metric.FOREIGN_MARKETS:
        abroad = np.flatnonzero(~ruleset.home[company])
        return np.asarray(state.on_sale[company, abroad].sum(axis=0).astype(float))
    if kind == Metric.VALUE_MULTIPLE:
        return np.asarray(return_to_holders(state)[company])
    costs = (state.unit_cost[company] * state.units[company]).sum(axis=0) + ruleset.overhead[
        company
    ]
    own = state.cash[company] - owed_in_all(state)[company]
    fresh = state.turn - state.last_issue[company] < ruleset.rules.issue_gap
    own = np.where(fresh, 0.0, own)  # raised yesterday is not earned
    return np.asarray(own / np.maximum(costs, _FAR))


def _profit_share(state: State, ruleset: Ruleset, company: int, chosen: AnyArray) -> Array:
    """Share of the contribution made at or over the premium price, in the chosen markets. [W]."""
    least = ruleset.premium_price[chosen]
    least = np.where(least >= _NO_PREMIUM, -np.inf, least)[:, None]
    gained = np.maximum(state.contribution[:, chosen], 0.0) * (state.price[:, chosen] >= least)
    gained = gained.sum(axis=1)
    return np.asarray(gained[company] / np.maximum(gained.sum(axis=0), _FAR))


class _Tasks(NamedTuple):
    """Figures of the mandates: [N, J, 1] each, neutral where a company has fewer."""

    target: Array
    quarters: Array
    deadline: AnyArray
    by_run: Bools
    at_end: Bools


@once
def _tasks(ruleset: Ruleset) -> _Tasks:
    shape = (len(ruleset.companies), ruleset.sizes["J"], 1)
    tasks = _Tasks(
        np.ones(shape),
        np.ones(shape),
        np.full(shape, -1),
        np.zeros(shape, bool),
        np.zeros(shape, bool),
    )
    for company, row in enumerate(ruleset.mandates):
        for place, task in enumerate(row):
            at = (company, place)
            tasks.target[at] = max(task.target, _FAR)
            tasks.quarters[at] = task.quarters
            tasks.deadline[at] = task.deadline if task.deadline >= 0 else ruleset.rules.quarters - 1
            tasks.by_run[at], tasks.at_end[at] = task.mode == Mode.RUN, task.mode == Mode.AT
    return tasks


class _ShareTasks(NamedTuple):
    """The mandates on shares of markets, a list; and the markets of all, task after task."""

    company: Ints
    place: Ints
    seller: Ints
    market: Ints
    first: Ints
    """Where the markets of each task begin."""


@once
def _share_tasks(ruleset: Ruleset) -> _ShareTasks:
    found, chosen = [], []
    for company, row in enumerate(ruleset.mandates):
        for place, task in enumerate(row):
            abroad_of = company if task.foreign else -1
            markets = markets_of(ruleset, task.sector, task.region, abroad_of)
            if task.metric == Metric.SHARE and markets.size:
                found.append((company, place))
                chosen.append(markets)
    where: Ints = np.array(found, np.int64).reshape(-1, 2)
    owner = where[:, 0]
    counts = np.array([len(markets) for markets in chosen], np.int64)
    market = np.concatenate([*chosen, np.zeros(0, np.int64)])
    return _ShareTasks(
        owner, where[:, 1], np.repeat(owner, counts), market, np.cumsum(counts) - counts
    )


def _market_shares(standing: Array, state: State, tasks: _ShareTasks, sold: Array) -> None:
    """Fill in the standing of all mandates on shares of markets at once."""
    if not tasks.company.size:
        return
    own = np.add.reduceat(state.units[tasks.seller, tasks.market], tasks.first, axis=0)
    all_ = np.add.reduceat(np.take(sold, tasks.market, axis=0), tasks.first, axis=0)
    own /= np.maximum(all_, _FAR, out=all_)
    standing[tasks.company, tasks.place] = own


def mandate_progress(state: State, ruleset: Ruleset, running: Ints | None = None) -> State:
    """Partial credit of every mandate after a quarter; call on the state after the quarter.

    ``mandate_best`` ratchets for BY and RUN; for AT it is the present standing until the
    deadline, when it stays.

    Args:
        running: places of the pledges in force, where the caller has them in hand.
    """
    shared, tasks = _Shared(state, ruleset, running), _tasks(ruleset)
    counts = state.turn <= tasks.deadline
    standing = np.zeros_like(state.mandate_best)
    _market_shares(standing, state, _share_tasks(ruleset), shared.sold)
    for company, row in enumerate(ruleset.mandates):
        for place, task in enumerate(row):
            if task.metric != Metric.SHARE and counts[company, place, 0]:
                standing[company, place] = metric(state, ruleset, company, task, shared)
    standing /= tasks.target
    np.clip(standing, 0.0, 1.0, out=standing)
    held = np.where(standing >= 1.0 - 1e-9, state.mandate_run + 1, 0)
    run = np.where(counts & tasks.by_run, held, state.mandate_run)
    standing = np.where(tasks.by_run, np.minimum(run / tasks.quarters, 1.0), standing)
    best = np.where(tasks.at_end, standing, np.maximum(state.mandate_best, standing))
    return replace(
        state,
        mandate_best=np.where(counts, best, state.mandate_best),
        mandate_run=run.astype(state.mandate_run.dtype),
    )
