"""What pledges would bring and cost, by figures that everybody may know.

First-order values: fast enough to rank every pledge between every pair once a turn.
"""

from __future__ import annotations

import numpy as np

from game.core.axes import OFFLINE, ONLINE, PRODUCT, AnyArray, Array, any_over
from game.core.ruleset import PledgeEffect, PledgeKind, Ruleset
from game.core.state import State
from game.play.observation import Observation
from game.play.pledges import (
    BEST_FIT,
    PledgeFacts,
    fit_guess,
    kind_capability,
    live,
    revenue_in_scope,
    services_of,
    source_markets,
)


def _reach_now(state: State, ruleset: Ruleset) -> Array:
    shift = state.channel_shift
    online = ruleset.channel_reach[:, ONLINE, None] - np.minimum(
        shift, ruleset.channel_reach[:, ONLINE, None]
    )
    offline = np.minimum(ruleset.channel_reach[:, OFFLINE, None] + shift, 1.0)
    missed = (1.0 - online * state.coverage[:, :, ONLINE]) * (
        1.0 - offline * state.coverage[:, :, OFFLINE]
    )
    return np.asarray(np.maximum(1.0 - missed, 1e-6))


def facts_of_state(state: State, ruleset: Ruleset) -> PledgeFacts:
    """Figures for pledges, fits as analysts guess them."""
    margin = np.divide(
        state.units, state.slope, out=np.zeros_like(state.units), where=state.slope > 1e-9
    )
    return PledgeFacts(
        state.turn,
        state.on_sale,
        state.units,
        state.fringe_units,
        state.price,
        state.base,
        state.adopters,
        state.coverage,
        _reach_now(state, ruleset),
        state.sensitivity,
        margin,
        np.maximum(state.price - margin, 0.0),
        fit_guess(state, ruleset),
        live(state),
    )


def pledge_worth(view: Observation, ruleset: Ruleset) -> tuple[Array, Array]:
    """What each kind would bring and cost each pair, from what everybody may know.

    The same figures as :func:`pledge_worth_of_state`: they are public.
    """
    served = (view.pledge_announced > 0.0) & (view.pledge_until > view.turn)
    facts = PledgeFacts(
        view.turn,
        view.on_sale,
        view.units,
        view.fringe_units,
        view.price,
        view.base,
        view.adopters,
        view.coverage_seen,
        view.reach,
        view.sensitivity,
        view.margin,
        np.maximum(view.price - view.margin, 0.0),
        view.fit_guess,
        served,
    )
    return worth_of(facts, ruleset)


def pledge_worth_of_state(state: State, ruleset: Ruleset) -> tuple[Array, Array]:
    """What each kind would bring and cost each pair, by public figures: see :func:`worth_of`."""
    return worth_of(facts_of_state(state, ruleset), ruleset)


def worth_of(facts: PledgeFacts, ruleset: Ruleset) -> tuple[Array, Array]:
    """What a pledge of each kind at full strength would bring and cost a quarter.

    First order: change of appeal, reach, cost or users x the receiver's sensitivity x its
    margin, at the prices of today. Good for ranking and for a first valuation; small firms
    gain more than it says.

    Returns:
        (worth to the receiver, cost to the giver), each [K, N, N, W] USD m a quarter, giver by
        receiver; zero on the diagonal and where the giver has nothing to lend.
    """
    count, worlds = facts.on_sale.shape[0], facts.on_sale.shape[-1]
    worth = np.zeros((len(ruleset.pledges), count, count, worlds))
    cost = np.zeros_like(worth)
    fit = np.minimum(facts.fit, BEST_FIT)
    earns = facts.sensitivity * np.maximum(facts.margin, 0.0)
    revenue = facts.price * facts.units
    for index, kind in enumerate(ruleset.pledges):
        able = kind_capability(kind, index, facts, ruleset)
        out = worth[index]
        if kind.effect == PledgeEffect.PRELOAD:
            _preload_worth(out, facts, ruleset, index, kind, earns)
        elif kind.effect == PledgeEffect.ENTRY:
            _entry_worth(out, facts, ruleset, able, kind, fit)
        elif kind.effect in (PledgeEffect.ONLINE, PledgeEffect.OFFLINE):
            _lending_worth(out, facts, ruleset, index, kind, able, earns, fit)
        else:
            _plain_worth(out, facts, ruleset, index, kind, able, earns, fit)
        running = facts.served[index] > 0
        others = running.sum(axis=1)[:, None] - running
        out *= np.minimum(kind.partners / (others + 1.0), 1.0)
        in_scope = revenue_in_scope(revenue, index, ruleset)
        cost[index] = kind.cost + kind.cost_share * in_scope[None]
    companies = np.arange(count)
    worth[:, companies, companies] = 0.0
    cost[:, companies, companies] = 0.0
    return worth, cost


LASTING = 4.0
"""Quarters that a quality gain keeps earning, on average over a pledge's term."""


def _plain_worth(
    out: Array,
    facts: PledgeFacts,
    ruleset: Ruleset,
    index: int,
    kind: PledgeKind,
    able: Array,
    earns: Array,
    fit: Array,
) -> None:
    """Appeal, research and cost: capability by region x the receiver's gain there."""
    gain = np.zeros_like(able)
    for market in range(len(ruleset.markets)):
        scope = kind.strength * ruleset.scope[index, ruleset.market_sector[market]]
        region = ruleset.market_region[market]
        if scope <= 0.0:
            continue
        if kind.effect == PledgeEffect.COST:
            gain[:, region] += scope * facts.cost[:, market] * facts.units[:, market]
        elif kind.effect == PledgeEffect.RESEARCH:
            gain[:, region] += (
                scope * _research_step(ruleset, market)[:, None] * LASTING * earns[:, market]
            )
        else:
            gain[:, region] += scope * earns[:, market]
    for region in range(len(ruleset.regions)):
        pair = _pairs(able[:, region], gain[:, region])
        if pair is not None:
            out[np.ix_(*pair)] += able[pair[0], region, None] * gain[None, pair[1], region]
    out *= fit


def _pairs(able: Array, gain: AnyArray) -> tuple[AnyArray, AnyArray] | None:
    """Companies that can give and those that would gain, in any world; None when there are none.

    Args:
        able, gain: [N, W], zero where there is nothing.
    """
    givers, takers = (np.flatnonzero(array.any(axis=1)) for array in (able, gain))
    return (givers, takers) if givers.size and takers.size else None


def _research_step(ruleset: Ruleset, market: int) -> Array:
    """Quality gained a quarter by one per cent more yield, times a hundred: [N] utils."""
    rules = ruleset.rules
    entrant = ruleset.spend_share[market, PRODUCT] * 0.01
    intensity = np.where(
        ruleset.research_start[:, market] > 0.0, ruleset.research_start[:, market], entrant
    )
    return np.asarray(
        rules.research_ceiling
        * intensity
        * rules.research_half
        / (intensity + rules.research_half) ** 2
    )


def _lending_worth(
    out: Array,
    facts: PledgeFacts,
    ruleset: Ruleset,
    index: int,
    kind: PledgeKind,
    able: Array,
    earns: Array,
    fit: Array,
) -> None:
    """Reach lent on the gap between giver and receiver."""
    channel = ONLINE if kind.effect == PledgeEffect.ONLINE else OFFLINE
    for market in range(len(ruleset.markets)):
        scope = min(kind.strength * ruleset.scope[index, ruleset.market_sector[market]], 1.0)
        if scope <= 0.0:
            continue
        region = ruleset.market_region[market]
        pair = _pairs(able[:, region], earns[:, market])
        if pair is None:
            continue
        givers, takers = pair
        covered = facts.coverage[takers, market]
        full, other = ruleset.channel_reach[market, [channel, 1 - channel]]
        left = scope * full * (1.0 - other * covered[:, 1 - channel]) / facts.reach[takers, market]
        gap = np.maximum(able[givers, region, None] - covered[None, :, channel], 0.0)
        gap *= fit[np.ix_(givers, takers)]
        more = np.minimum(gap, 1.0, out=gap) * left[None]
        out[np.ix_(givers, takers)] += np.log1p(more, out=more) * earns[None, takers, market]


def _preload_worth(
    out: Array, facts: PledgeFacts, ruleset: Ruleset, index: int, kind: PledgeKind, earns: Array
) -> None:
    """Users on the giver's devices, and the appeal that comes with being there."""
    strength = min(kind.strength, 1.0)
    for region in range(len(ruleset.regions)):
        devices, services = (
            source_markets(kind, ruleset, region),
            services_of(index, ruleset, region),
        )
        if not devices.size or not services.size:
            continue
        base = strength * facts.base[:, devices].sum(axis=1)
        serves = any_over(facts.on_sale[:, services], 1)
        everybody = np.maximum(facts.adopters[devices].sum(axis=0), 1e-9)
        weight = ruleset.scope[index][ruleset.market_sector[services]][:, None]
        lift = ruleset.rules.preload_bump * (weight * earns[:, services]).sum(axis=1)
        per_user = ruleset.rules.user_value * serves + lift / everybody
        out += base[:, None] * per_user[None]


PAYBACK = 8.0
"""Quarters over which local knowledge is thought to save its part of a licence."""


def _entry_worth(
    out: Array, facts: PledgeFacts, ruleset: Ruleset, able: Array, kind: PledgeKind, fit: Array
) -> None:
    """Licences saved in regions where the giver sells and the receiver does not."""
    for region in range(len(ruleset.regions)):
        here = np.flatnonzero(ruleset.market_region == region)
        local = any_over(facts.on_sale[:, here], 1)
        licence = np.where(ruleset.licence[here] > 0.0, ruleset.licence[here], np.inf).min(
            initial=np.inf
        )
        if not np.isfinite(licence):
            continue
        saved = 0.5 * kind.strength * licence / PAYBACK
        out += saved * (able[:, region] * local)[:, None] * ~local[None]
    out *= np.minimum(fit, 1.0)
