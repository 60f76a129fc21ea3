"""Pledges: what givers can lend, what they deliver, and what that changes for receivers.

Effects are separable: capability of the giver by region x delivered strength x scope of the
kind in the receiver's sector. Kinds and companies are contracted in loops, worlds stay last.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import OFFLINE, ONLINE, PRODUCT, Array, Bools, any_over
from game.core.rng import Purpose, normals
from game.core.ruleset import PledgeEffect, PledgeKind, Ruleset, Source
from game.core.state import State
from game.play.observation import Observation

BEST_FIT = 3.0
"""A pair's fit counts up to this factor."""


@dataclasses.dataclass(frozen=True)
class PledgeEffects:
    """What all delivered pledges of a quarter change."""

    appeal: Array
    """[N, M, W] utils added to the receiver's products, preloading included."""
    lent: Array
    """[N, M, H, W] coverage lent by allies."""
    preload: Array
    """[N, N, W] part of the second's devices that carry the first's services."""
    preload_users: Array
    """[N, N, W] m users of the first on the second's devices."""
    preload_income: Array
    """[N, W] USD m a quarter that preloaded users bring to the services' owner."""
    research: Array
    """[N, M, W] factor on the yield of research spending."""
    knowledge: Array
    """[N, R, W] 0..1 local knowledge lent by allies."""
    cost: Array
    """[N, M, W] log reduction of unit cost."""
    giving_cost: Array
    """[N, W] USD m that giving costs the giver."""


def live(state: State) -> Bools:
    """Pledges in force, whether or not they work yet: [K, N, N, W]."""
    return np.asarray((state.pledge_announced > 0.0) & (state.pledge_until > state.turn))


def ramp(state: State, ruleset: Ruleset) -> Array:
    """How far each pledge has been put to work, 0..1: [K, N, N, W]."""
    age = state.turn - state.pledge_since.astype(np.float64) + 1.0
    return np.asarray(np.clip(age / max(ruleset.rules.ramp, 1), 0.0, 1.0))


def delivered(state: State, ruleset: Ruleset) -> Array:
    """Strength that truly arrives: promise x effort x ramp, shared among a giver's partners.

    Returns:
        [K, N, N, W], giver by receiver, 0..1.
    """
    if not state.pledge_announced.any():
        return np.zeros_like(state.pledge_announced)
    running = live(state)
    given = state.pledge_announced * state.pledge_effort * ramp(state, ruleset) * running
    for index, kind in enumerate(ruleset.pledges):
        served = running[index].sum(axis=1)
        share = np.minimum(kind.partners / np.maximum(served, 1), 1.0)
        given[index] *= share[:, None]
    return np.asarray(given)


def fit_guess(state: State, ruleset: Ruleset) -> Array:
    """Analysts' guess of pair fits: the truth blurred once and for all. [N, N, W]."""
    count = int(ruleset.company_uid.max()) + 1
    noise = normals(state.seed, state.world, -1, Purpose.BELIEF, ruleset.company_uid, count)
    return np.asarray(state.fit * np.exp(ruleset.rules.fit_hidden * noise[:, ruleset.company_uid]))


def _source_markets(kind: PledgeKind, ruleset: Ruleset, region: int) -> Array:
    chosen = ruleset.market_region == region
    if kind.source_sector >= 0:
        chosen = chosen & (ruleset.market_sector == kind.source_sector)
    if kind.source == Source.DEVICES:
        chosen = chosen & ruleset.durable
    return np.flatnonzero(chosen)


@dataclasses.dataclass(frozen=True)
class PledgeFacts:
    """The figures by which pledges are measured and valued, from the state or a view of it."""

    turn: int
    on_sale: Bools
    units: Array
    fringe_units: Array
    price: Array
    base: Array
    adopters: Array
    coverage: Array
    reach: Array
    sensitivity: Array
    margin: Array
    cost: Array
    fit: Array
    served: Array
    """[K, N, N, W] pledges in force."""


def kind_capability(kind: PledgeKind, index: int, facts: PledgeFacts, ruleset: Ruleset) -> Array:
    """What each company can lend of a kind, by region: [N, R, W] 0..1."""
    count, worlds = facts.on_sale.shape[0], facts.on_sale.shape[-1]
    out = np.zeros((count, len(ruleset.regions), worlds))
    if kind.source == Source.SKILL:
        out[:] = ruleset.skill[index][:, None, None]
        return out
    for region in range(len(ruleset.regions)):
        markets = _source_markets(kind, ruleset, region)
        if not markets.size:
            continue
        if kind.source == Source.SHARE:
            units = facts.units[:, markets].sum(axis=1)
            total = units.sum(axis=0) + facts.fringe_units[markets].sum(axis=0)
            out[:, region] = units / np.maximum(total, 1e-9)
        elif kind.source == Source.DEVICES:
            out[:, region] = facts.base[:, markets].sum(axis=1) > 0.0
        else:
            channel = ONLINE if kind.source == Source.ONLINE else OFFLINE
            covered = facts.coverage[:, markets, channel] * facts.on_sale[:, markets]
            out[:, region] = covered.max(axis=1)
    return out


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


def capability(state: State, ruleset: Ruleset) -> Array:
    """What each company can lend, by kind and region: [K, N, R, W] 0..1.

    Skill is the scenario's; share, reach and devices are measured where the giver sells.
    """
    facts = _bare_facts(state)
    return np.stack(
        [kind_capability(kind, index, facts, ruleset) for index, kind in enumerate(ruleset.pledges)]
    )


def can_give(kind: PledgeKind, index: int, state: State, ruleset: Ruleset) -> Bools:
    """Whether each company has anything of a kind to lend: [N, W]."""
    if kind.source == Source.SKILL:
        able = np.repeat(ruleset.skill[index][:, None] > 0.0, state.cash.shape[-1], axis=1)
        return np.asarray(able)
    chosen = np.ones(len(ruleset.markets), bool)
    if kind.source_sector >= 0:
        chosen &= ruleset.market_sector == kind.source_sector
    if kind.source == Source.DEVICES:
        chosen &= ruleset.durable
    if kind.source == Source.SHARE:
        return any_over(state.units[:, chosen] > 0.0, 1)
    if kind.source == Source.DEVICES:
        return any_over(state.base[:, chosen] > 0.0, 1)
    channel = ONLINE if kind.source == Source.ONLINE else OFFLINE
    covered = (state.coverage[:, chosen, channel] > 0.0) & state.on_sale[:, chosen]
    return any_over(covered, 1)


def _bare_facts(state: State) -> PledgeFacts:
    nothing = state.units
    return PledgeFacts(
        state.turn,
        state.on_sale,
        state.units,
        state.fringe_units,
        state.price,
        state.base,
        state.adopters,
        state.coverage,
        nothing,
        nothing,
        nothing,
        state.unit_cost,
        state.fit,
        state.pledge_announced,
    )


def _no_effects(state: State, ruleset: Ruleset) -> PledgeEffects:
    product = np.zeros_like(state.price)
    pair = np.zeros_like(state.fit)
    regions = np.zeros((state.cash.shape[0], len(ruleset.regions), state.cash.shape[-1]))
    return PledgeEffects(
        product,
        np.zeros_like(state.coverage),
        pair,
        pair.copy(),
        np.zeros_like(state.cash),
        np.ones_like(state.price),
        regions,
        product.copy(),
        np.zeros_like(state.cash),
    )


def pledge_effects(state: State, ruleset: Ruleset, given: Array | None = None) -> PledgeEffects:
    """Everything that pledges change in the quarter ``state.turn``.

    Args:
        given: [K, N, N, W] strengths to use instead of what is delivered; with all but one
            zeroed it tells what that one does.
    """
    effects = _no_effects(state, ruleset)
    if given is None:
        given = delivered(state, ruleset)
    facts = _bare_facts(state)
    fit = np.minimum(state.fit, BEST_FIT)
    for index, kind in enumerate(ruleset.pledges):
        if not given[index].any():
            continue
        arrives = given[index] * fit
        able = kind_capability(kind, index, facts, ruleset)
        if kind.effect == PledgeEffect.PRELOAD:
            _preload(effects, state, ruleset, index, kind, given[index])
        else:
            _work(effects, state, ruleset, index, kind, arrives, able)
        _charge(effects, state, ruleset, index, kind, given[index])
    return effects


def _covers(state: State, ruleset: Ruleset, index: int, region: int) -> Bools | None:
    """Pledges that cover a region, [N, N, W]; None when all do."""
    bits = state.pledge_regions[index]
    running = state.pledge_announced[index] > 0.0
    inside = ((bits >> region) & 1 > 0) | (bits == 0)
    if (inside | ~running).all():
        return None
    return np.asarray(inside)


def _work(
    effects: PledgeEffects,
    state: State,
    ruleset: Ruleset,
    index: int,
    kind: PledgeKind,
    arrives: Array,
    able: Array,
) -> None:
    """Add a kind's work on appeal, reach, research, knowledge or cost."""
    for region in range(len(ruleset.regions)):
        covers = _covers(state, ruleset, index, region)
        strength = arrives if covers is None else arrives * covers
        pooled = (strength * able[:, region, None]).sum(axis=0)
        if kind.effect == PledgeEffect.ENTRY:
            effects.knowledge[:, region] = np.maximum(
                effects.knowledge[:, region], np.minimum(pooled, 1.0)
            )
            continue
        for market in np.flatnonzero(ruleset.market_region == region):
            scope = kind.strength * ruleset.scope[index, ruleset.market_sector[market]]
            if scope <= 0.0:
                continue
            if kind.effect == PledgeEffect.APPEAL:
                effects.appeal[:, market] += scope * pooled
            elif kind.effect == PledgeEffect.RESEARCH:
                effects.research[:, market] += scope * pooled
            elif kind.effect == PledgeEffect.COST:
                effects.cost[:, market] += scope * np.minimum(pooled, 1.0)
            else:
                channel = ONLINE if kind.effect == PledgeEffect.ONLINE else OFFLINE
                gap = (
                    pooled
                    - np.minimum(strength.sum(axis=0), 1.0) * state.coverage[:, market, channel]
                )
                effects.lent[:, market, channel] += np.minimum(scope, 1.0) * np.clip(gap, 0.0, 1.0)


def _preload(
    effects: PledgeEffects,
    state: State,
    ruleset: Ruleset,
    index: int,
    kind: PledgeKind,
    given: Array,
) -> None:
    """The giver's devices carry the receiver's services: users, income and appeal."""
    strength = np.minimum(given * kind.strength, 1.0)
    carried = np.swapaxes(strength, 0, 1)
    np.maximum(effects.preload, carried, out=effects.preload)
    for region in range(len(ruleset.regions)):
        devices = _source_markets(kind, ruleset, region)
        services = _services(index, ruleset, region)
        if not devices.size or not services.size:
            continue
        covers = _covers(state, ruleset, index, region)
        part = carried if covers is None else carried * np.swapaxes(covers, 0, 1)
        serves = any_over(state.on_sale[:, services], 1)
        users = part * state.base[:, devices].sum(axis=1)[None] * serves[:, None]
        effects.preload_users[:] += users
        everybody = np.maximum(state.adopters[devices].sum(axis=0), 1e-9)
        exposed = np.minimum(users.sum(axis=1) / everybody, 1.0)
        for market in services:
            weight = ruleset.scope[index, ruleset.market_sector[market]]
            effects.appeal[:, market] += ruleset.rules.preload_bump * weight * exposed
        effects.preload_income[:] += ruleset.rules.user_value * users.sum(axis=1)


def _services(index: int, ruleset: Ruleset, region: int) -> Array:
    """Markets of services in a region that a preloading kind works for."""
    works = ruleset.scope[index][ruleset.market_sector] > 0.0
    return np.flatnonzero(works & ~ruleset.durable & (ruleset.market_region == region))


def _charge(
    effects: PledgeEffects,
    state: State,
    ruleset: Ruleset,
    index: int,
    kind: PledgeKind,
    given: Array,
) -> None:
    in_scope = revenue_in_scope(state.revenue, index, ruleset)
    effects.giving_cost[:] += (given * (kind.cost + kind.cost_share * in_scope[None])).sum(axis=1)


def revenue_in_scope(revenue: Array, index: int, ruleset: Ruleset) -> Array:
    """Revenue in the sectors in which a kind works: [N, W] USD m, from revenue [N, M, W]."""
    works = ruleset.scope[index][ruleset.market_sector] > 0.0
    return np.asarray(revenue[:, works].sum(axis=1))


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
        out += able[:, region, None] * gain[None, :, region]
    out *= fit


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
        full, other = (
            ruleset.channel_reach[market, channel],
            ruleset.channel_reach[market, 1 - channel],
        )
        left = full * (1.0 - other * facts.coverage[:, market, 1 - channel])
        gap = np.maximum(able[:, region, None] - facts.coverage[None, :, market, channel], 0.0)
        more = scope * gap * np.minimum(fit, 1.0 / np.maximum(gap, 1e-6)) * left[None]
        out += np.log1p(more / facts.reach[None, :, market]) * earns[None, :, market]


def _preload_worth(
    out: Array, facts: PledgeFacts, ruleset: Ruleset, index: int, kind: PledgeKind, earns: Array
) -> None:
    """Users on the giver's devices, and the appeal that comes with being there."""
    strength = min(kind.strength, 1.0)
    for region in range(len(ruleset.regions)):
        devices, services = (
            _source_markets(kind, ruleset, region),
            _services(index, ruleset, region),
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
