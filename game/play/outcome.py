"""Goals: value per share, mandates, doors, paths, and how a game ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from game.core.axes import AnyArray, Array, Bools, any_over
from game.core.ruleset import EndCause, Mandate, Metric, Mode, PledgeEffect, Ruleset
from game.core.state import State, replace
from game.finance.ownership import fractions
from game.play.pledges import PledgeList, arriving

_FAR = 1e-12
RETURN_FLOOR = 0.05
"""A ruined company counts as having lost nineteen twentieths: par must not hang on ruins."""


@dataclass(frozen=True)
class Score:
    """The three terms of the score, each [N, W] points."""

    value: Array
    mandates: Array
    doors: Array

    @property
    def total(self) -> Array:
        """Sum of the terms, 0 to 100."""
        return np.asarray(self.value + self.mandates + self.doors)


def normal_cdf(x: Array) -> Array:
    """Standard normal distribution function, to 1.5e-7. Source: Abramowitz and Stegun 7.1.26."""
    z = np.abs(x) / np.sqrt(2.0)
    t = 1.0 / (1.0 + 0.3275911 * z)
    poly = t * (
        0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))
    )
    half = 0.5 * poly * np.exp(-z * z)
    return np.asarray(np.where(x >= 0.0, 1.0 - half, half))


def shares_total(state: State) -> AnyArray:
    """All shares of each company: [N, W]."""
    return np.asarray(state.founders + state.public + state.shares.sum(axis=0))


def stakes(state: State) -> Array:
    """Fractions held, holder by issuer: [N, N, W]."""
    return fractions(state.shares, state.founders, state.public)


def return_to_holders(state: State) -> Array:
    """R: fundamental value per share plus dividends, over its start. [N, W]."""
    per_share = value_per_share(state)
    return np.asarray((per_share + state.dividends) / np.maximum(state.value_start, _FAR))


def value_per_share(state: State) -> Array:
    """Fundamental value of one share: [N, W] USD m."""
    outside = state.founders + state.public
    return np.asarray(state.value / np.maximum(outside, 1))


def own_doors(state: State, ruleset: Ruleset) -> Array:
    """Consumer activity through each company itself: [N, W] m users."""
    return np.asarray((ruleset.door_weight[:, None] * state.base).sum(axis=1))


def doors(state: State, ruleset: Ruleset, listed: PledgeList | None = None) -> Array:
    """Own doors, plus allies' x look-through stake x delivered pledge. [N, W] m users.

    Args:
        listed: what arrives of the pledges, where the caller has it in hand.
    """
    own = own_doors(state, ruleset)
    listed = listed or arriving(state, ruleset)
    support = np.zeros_like(state.fit)
    count, worlds = state.fit.shape[1:]
    place = (listed.receiver * count + listed.giver) * worlds + listed.lane
    np.maximum.at(support.reshape(-1), place, listed.strength)
    through = np.minimum(stakes(state) * np.minimum(support, 1.0), 1.0)
    total = own.copy()
    for ally in np.flatnonzero(any_over(support, (0, 2))):
        total += through[:, ally] * own[ally]
    return total


def shares_of_market(state: State) -> Array:
    """Shares of units, the fringe in the total: [N, M, W]."""
    total = state.units.sum(axis=0) + state.fringe_units
    return np.asarray(
        np.divide(state.units, total, out=np.zeros_like(state.units), where=total > 0.0)
    )


def _select(mandate: Mandate, ruleset: Ruleset, company: int) -> AnyArray:
    chosen = np.ones(len(ruleset.markets), bool)
    if mandate.sector >= 0:
        chosen &= ruleset.market_sector == mandate.sector
    if mandate.region >= 0:
        chosen &= ruleset.market_region == mandate.region
    if mandate.foreign:
        chosen &= ~ruleset.home[company]
    return np.flatnonzero(chosen)


def _rank(state: State, company: int, market: int) -> AnyArray:
    """Rank of a company in a market, 1 the best; behind everybody when it sells nothing. [W]."""
    mine = state.units[company, market]
    ahead = (state.units[:, market] > mine).sum(axis=0) + 1
    return np.asarray(np.where(mine > 0.0, ahead, state.units.shape[0] + 1))


def _os_devices(state: State, ruleset: Ruleset, company: int) -> Array:
    """Devices that carry a company's system: its own and, by preload, its allies'. [W] m."""
    devices = np.flatnonzero(ruleset.durable)
    own = state.base[company, devices].sum(axis=0)
    carried = np.zeros_like(own)
    for index, kind in enumerate(ruleset.pledges):
        if kind.effect == PledgeEffect.PRELOAD:
            live = (
                state.pledge_announced[index]
                * state.pledge_effort[index]
                * (
                    (state.pledge_until[index] > state.turn)
                    & (state.pledge_since[index] <= state.turn)
                )
            )
            base = state.base[:, devices].sum(axis=1)
            carried = carried + (live[:, company] * base).sum(axis=0)
    return np.asarray(own + carried)


def metric(state: State, ruleset: Ruleset, company: int, mandate: Mandate, share: Array) -> Array:
    """Where a company stands on a mandate's measure, in the measure's own unit. [W].

    Args:
        share: [N, M, W] shares of units.
    """
    kind, chosen = mandate.metric, _select(mandate, ruleset, company)
    zero = np.zeros(state.cash.shape[-1])
    if kind == Metric.OS_DEVICES:
        return _os_devices(state, ruleset, company)
    if kind == Metric.TOP_RANK_REGIONS:
        return np.asarray(
            sum(((_rank(state, company, market) <= mandate.rank) for market in chosen), zero)
        )
    if kind == Metric.RANK:
        ranks = [mandate.rank / _rank(state, company, market) for market in chosen]
        return np.asarray(np.minimum(np.max(ranks, axis=0), 1.0) if ranks else zero)
    if kind == Metric.SHARE:
        units = state.units[company, chosen].sum(axis=0)
        total = (state.units[:, chosen].sum(axis=0) + state.fringe_units[chosen]).sum(axis=0)
        return np.asarray(units / np.maximum(total, _FAR))
    if kind == Metric.PROFITABLE:
        return np.asarray((state.profit[company] > 0.0).astype(float))
    if kind == Metric.YEAR_UNITS:
        sectors = [mandate.sector] if mandate.sector >= 0 else list(range(len(ruleset.sectors)))
        return np.asarray(state.year_units[company, sectors].sum(axis=0))
    return _other_metric(state, ruleset, company, mandate, chosen)


def _other_metric(
    state: State, ruleset: Ruleset, company: int, mandate: Mandate, chosen: AnyArray
) -> Array:
    kind = mandate.metric
    total = np.maximum(shares_total(state)[company], 1)
    if kind == Metric.FOUNDER_VOTES:
        return np.asarray(state.founders[company] / total)
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
    if kind == Metric.ALLIES:
        live = (state.pledge_announced > 0.0) & (state.pledge_until > state.turn)
        friend = live[:, company].any(axis=0) | live[:, :, company].any(axis=0)
        return np.asarray(friend.sum(axis=0).astype(float))
    costs = (state.unit_cost[company] * state.units[company]).sum(axis=0) + ruleset.overhead[
        company
    ]
    return np.asarray(state.cash[company] / np.maximum(costs, _FAR))


def _profit_share(state: State, ruleset: Ruleset, company: int, chosen: AnyArray) -> Array:
    """Share of the contribution made at or over the premium price, in the chosen markets. [W]."""
    gained = np.zeros_like(state.contribution[:, 0])
    for market in chosen:
        premium = state.price[:, market] >= min(ruleset.premium_price[market], 1e8)
        if ruleset.premium_price[market] >= 1e8:
            premium = np.ones_like(premium)
        gained += np.maximum(state.contribution[:, market], 0.0) * premium
    return np.asarray(gained[company] / np.maximum(gained.sum(axis=0), _FAR))


def mandate_progress(state: State, ruleset: Ruleset) -> State:
    """Partial credit of every mandate after a quarter; call on the state after the quarter.

    ``mandate_best`` ratchets for BY and RUN; for AT it is the present standing until the
    deadline, when it stays.
    """
    rules = ruleset.rules
    best, run = state.mandate_best.copy(), state.mandate_run.copy()
    share = shares_of_market(state)
    played = state.turn
    for company, tasks in enumerate(ruleset.mandates):
        for place, task in enumerate(tasks):
            deadline = task.deadline if task.deadline >= 0 else rules.quarters - 1
            if played > deadline:
                continue
            standing = np.clip(
                metric(state, ruleset, company, task, share) / max(task.target, _FAR), 0.0, 1.0
            )
            if task.mode == Mode.RUN:
                row = np.where(standing >= 1.0 - 1e-9, run[company, place] + 1, 0)
                run[company, place] = row
                standing = np.minimum(row / task.quarters, 1.0)
            if task.mode == Mode.AT:
                best[company, place] = standing
            else:
                best[company, place] = np.maximum(best[company, place], standing)
    return replace(state, mandate_best=best, mandate_run=run)


def score(state: State, ruleset: Ruleset) -> Score:
    """The score now: ``40 Phi((ln R - mu) / sigma) + 30 mandates + 30 min(1, doors / par)``."""
    rules = ruleset.rules
    spread = np.maximum(ruleset.par_sd, 1e-6)[:, None]
    surprise = (
        np.log(np.maximum(return_to_holders(state), RETURN_FLOOR)) - ruleset.par_mean[:, None]
    ) / spread
    credit = np.zeros_like(state.cash)
    for company, tasks in enumerate(ruleset.mandates):
        if tasks:
            credit[company] = state.mandate_best[company, : len(tasks)].sum(axis=0) / len(tasks)
    reached = np.minimum(state.doors / np.maximum(ruleset.par_doors, 1e-9)[:, None], 1.0)
    return Score(
        rules.score_value * normal_cdf(surprise),
        rules.score_mandates * credit,
        rules.score_doors * reached,
    )


def paths(state: State, ruleset: Ruleset, share: Array) -> Bools:
    """Which public paths each company holds after this quarter: [N, D, W]."""
    held = np.zeros(state.path_run.shape, bool)
    held[:, 0] = _gatekeeper(state, ruleset)
    held[:, 1] = _standard(state, ruleset)
    held[:, 2] = _house_of_stakes(state, ruleset)
    held[:, 3] = _independent(state, ruleset, share)
    return held


def _gatekeeper(state: State, ruleset: Ruleset) -> Bools:
    """40 % of the doors in three regions."""
    weight = ruleset.door_weight[:, None] * state.base
    regions = np.zeros(state.cash.shape, np.int64)
    for region in range(len(ruleset.regions)):
        here = weight[:, ruleset.market_region == region].sum(axis=1)
        regions += here >= ruleset.rules.path_doors * np.maximum(here.sum(axis=0), 1e-9)
    return np.asarray(regions >= 3)


def _standard(state: State, ruleset: Ruleset) -> Bools:
    """Its system on half the devices of two sectors, through allies."""
    held = np.zeros(state.cash.shape, np.int64)
    allies = np.zeros(state.cash.shape, np.int64)
    for index, kind in enumerate(ruleset.pledges):
        if kind.effect != PledgeEffect.PRELOAD:
            continue
        live = state.pledge_announced[index] * (state.pledge_until[index] > state.turn)
        allies += (live > 0.0).sum(axis=0)
        for sector in range(len(ruleset.sectors)):
            here = np.flatnonzero((ruleset.market_sector == sector) & ruleset.durable)
            if not here.size:
                continue
            base = state.base[:, here].sum(axis=1)
            through = base + (live * base[:, None]).sum(axis=0)
            held += through >= ruleset.rules.path_standard * np.maximum(
                state.adopters[here].sum(axis=0), 1e-9
            )
    return np.asarray((held >= 2) & (allies >= ruleset.rules.path_allies))


def _house_of_stakes(state: State, ruleset: Ruleset) -> Bools:
    """Enough profitable minority holdings that make a third of group value."""
    held = stakes(state)
    worth = value_per_share(state) * shares_total(state)
    minority = (held > 0.0) & (held < ruleset.rules.control) & (state.profit > 0.0)[None]
    part = (held * worth[None] * minority).sum(axis=1)
    enough = minority.sum(axis=1) >= ruleset.rules.path_stakes
    return np.asarray(enough & (part >= ruleset.rules.path_stake_value * np.maximum(worth, 1e-9)))


def _independent(state: State, ruleset: Ruleset, share: Array) -> Bools:
    """Founders hold the votes, no outsider on the board, R in the top quarter, three top places."""
    votes = state.founders > 0.5 * shares_total(state)
    candidates = votes & ~any_over(state.board, 0)
    gain = return_to_holders(state)
    held = np.zeros(state.cash.shape, bool)
    most = max(1, gain.shape[0] // 4)
    for company in np.flatnonzero(any_over(candidates, 1)):
        top = (gain > gain[company]).sum(axis=0) < most
        ahead = (share > share[company]).sum(axis=0)
        places = ((ahead < 3) & (share[company] > 0.0)).sum(axis=0)
        held[company] = candidates[company] & top & (places >= 3)
    return held


def settle_outcome(
    state: State, ruleset: Ruleset, listed: PledgeList | None = None
) -> tuple[State, Score]:
    """Progress of goals after the quarter ``state.turn``, and the end of games that are over.

    Args:
        listed: what arrives of the pledges, where the caller has it in hand.
    """
    rules = ruleset.rules
    state = mandate_progress(state, ruleset)
    state = replace(state, doors=doors(state, ruleset, listed))
    terms = score(state, ruleset)
    held = paths(state, ruleset, shares_of_market(state))
    run = np.where(held, state.path_run + 1, 0).astype(state.path_run.dtype)
    won = run >= rules.path_quarters
    by_path = any_over(won, (0, 1))
    last = state.turn >= rules.quarters - 1
    over = state.active & (by_path | last)
    winner, cause = _winner(terms.total, won, by_path, ruleset)
    total = terms.total
    return replace(
        state,
        path_run=run,
        score=total,
        end_turn=np.where(over, state.turn, state.end_turn).astype("i2"),
        end_cause=np.where(over, cause, state.end_cause).astype("i1"),
        winner=np.where(over, winner, state.winner).astype("i2"),
        active=state.active & ~over,
    ), terms


def _winner(
    total: Array, won: Bools, by_path: Bools, ruleset: Ruleset
) -> tuple[AnyArray, AnyArray]:
    """Winner and cause: a path's holder with the best score, else the best score; ties by uid."""
    order = np.argsort(ruleset.company_uid, kind="stable")
    candidates = np.where(by_path, won.any(axis=1), True)
    points = np.where(candidates, total, -1.0)[order]
    winner = order[np.argmax(points, axis=0)]
    lanes = np.arange(total.shape[1])
    path = np.argmax(won[winner, :, lanes], axis=1)
    cause = np.where(by_path, int(EndCause.GATEKEEPER) + path, int(EndCause.LAST_QUARTER))
    return winner, cause


def year_units(state: State, units: Array, ruleset: Ruleset) -> Array:
    """Units sold in the last four quarters by sector, as a smoothed sum: [N, C, W]."""
    sold = np.stack(
        [
            units[:, ruleset.market_sector == sector].sum(axis=1)
            for sector in range(len(ruleset.sectors))
        ],
        axis=1,
    )
    return np.asarray(0.75 * state.year_units + sold)
