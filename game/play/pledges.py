"""Pledges: what givers can lend, what they deliver, and what that changes for receivers.

Effects are separable: capability of the giver by region x delivered strength x scope of the
kind in the receiver's sector. Pledges in force are few, so they are worked as a list.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import OFFLINE, ONLINE, Array, Bools, Ints, any_over
from game.core.rng import Purpose, normals
from game.core.ruleset import PledgeEffect, PledgeKind, Ruleset, Source
from game.core.state import State

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


@dataclasses.dataclass(frozen=True)
class PledgeList:
    """Pledges in force as a list, in the order kind, giver, receiver, world; axis L."""

    kind: Ints
    giver: Ints
    receiver: Ints
    lane: Ints
    strength: Array
    """0..1, what truly arrives."""
    regions: Ints
    """Bits of the regions covered; 0 or -1 all."""

    def of_kind(self, index: int) -> PledgeList:
        """The pledges of one kind."""
        first, last = np.searchsorted(self.kind, (index, index + 1))
        part = slice(int(first), int(last))
        return PledgeList(*(getattr(self, f.name)[part] for f in dataclasses.fields(self)))


def live(state: State) -> Bools:
    """Pledges in force, whether or not they work yet: [K, N, N, W]."""
    return np.asarray((state.pledge_announced > 0.0) & (state.pledge_until > state.turn))


def ramp(state: State, ruleset: Ruleset) -> Array:
    """How far each pledge has been put to work, 0..1: [K, N, N, W]."""
    return _built(state.turn, state.pledge_since, ruleset)


def _built(turn: int, since: Ints, ruleset: Ruleset) -> Array:
    age = turn - since.astype(np.float64) + 1.0
    return np.asarray(np.clip(age / max(ruleset.rules.ramp, 1), 0.0, 1.0))


def arriving(state: State, ruleset: Ruleset) -> PledgeList:
    """What arrives of every pledge in force: promise x effort x ramp, shared among partners."""
    shape = state.pledge_announced.shape
    flat = np.flatnonzero(state.pledge_announced)
    flat = flat[np.take(state.pledge_until.reshape(-1), flat) > state.turn]
    kind, giver, receiver, lane = np.unravel_index(flat, shape)
    picked = {
        name: np.take(getattr(state, name).reshape(-1), flat)
        for name in ("pledge_announced", "pledge_effort", "pledge_since", "pledge_regions")
    }
    built = _built(state.turn, picked["pledge_since"], ruleset)
    hand = (kind * shape[1] + giver) * shape[3] + lane
    served = np.bincount(hand)[hand] if flat.size else np.ones(0)
    partners = np.array([kind.partners for kind in ruleset.pledges], np.float64)
    share = np.minimum(partners[kind] / served, 1.0)
    strength = picked["pledge_announced"] * picked["pledge_effort"] * built * share
    return PledgeList(kind, giver, receiver, lane, strength, picked["pledge_regions"])


def delivered(state: State, ruleset: Ruleset) -> Array:
    """Strength that truly arrives: [K, N, N, W], giver by receiver, 0..1."""
    given = np.zeros_like(state.pledge_announced)
    listed = arriving(state, ruleset)
    given[listed.kind, listed.giver, listed.receiver, listed.lane] = listed.strength
    return given


def listed_from(state: State, given: Array) -> PledgeList:
    """A list of pledges from a table of strengths [K, N, N, W]."""
    kind, giver, receiver, lane = np.nonzero(given)
    place = (kind, giver, receiver, lane)
    return PledgeList(*place, given[place], state.pledge_regions[place])


def fit_guess(state: State, ruleset: Ruleset) -> Array:
    """Analysts' guess of pair fits: the truth blurred once and for all. [N, N, W]."""
    count = int(ruleset.company_uid.max()) + 1
    noise = normals(state.seed, state.world, -1, Purpose.BELIEF, ruleset.company_uid, count)
    return np.asarray(state.fit * np.exp(ruleset.rules.fit_hidden * noise[:, ruleset.company_uid]))


def source_markets(kind: PledgeKind, ruleset: Ruleset, region: int) -> Array:
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
        markets = source_markets(kind, ruleset, region)
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


def pledge_effects(
    state: State, ruleset: Ruleset, given: PledgeList | Array | None = None
) -> PledgeEffects:
    """Everything that pledges change in the quarter ``state.turn``.

    Args:
        given: a list, or strengths [K, N, N, W], to use instead of what is delivered; with all
            but one zeroed it tells what that one does.
    """
    effects = _no_effects(state, ruleset)
    if given is None:
        listed = arriving(state, ruleset)
    else:
        listed = given if isinstance(given, PledgeList) else listed_from(state, given)
    facts = _bare_facts(state)
    for index, kind in enumerate(ruleset.pledges):
        part = listed.of_kind(index)
        if not part.lane.size:
            continue
        if kind.effect == PledgeEffect.PRELOAD:
            _preload(effects, state, ruleset, index, kind, part)
        else:
            able = kind_capability(kind, index, facts, ruleset)
            _work(effects, state, ruleset, index, kind, part, able)
        _charge(effects, state, ruleset, index, kind, part)
    return effects


def _covered(part: PledgeList, region: int) -> Bools:
    """Pledges that cover a region."""
    return np.asarray((part.regions == 0) | ((part.regions >> region) & 1 > 0))


def _pool(part: PledgeList, amount: Array, shape: tuple[int, ...]) -> Array:
    """Amounts added up by receiver, in the list's order: [N, W]."""
    place = part.receiver * shape[1] + part.lane
    return np.bincount(place, amount, shape[0] * shape[1]).reshape(shape)


def _work(
    effects: PledgeEffects,
    state: State,
    ruleset: Ruleset,
    index: int,
    kind: PledgeKind,
    part: PledgeList,
    able: Array,
) -> None:
    """Add a kind's work on appeal, reach, research, knowledge or cost."""
    shape = state.cash.shape
    arrives = part.strength * np.minimum(state.fit[part.giver, part.receiver, part.lane], BEST_FIT)
    for region in range(len(ruleset.regions)):
        here = arrives * _covered(part, region)
        pooled = _pool(part, here * able[part.giver, region, part.lane], shape)
        if kind.effect == PledgeEffect.ENTRY:
            known = np.minimum(pooled, 1.0)
            effects.knowledge[:, region] = np.maximum(effects.knowledge[:, region], known)
            continue
        held = np.minimum(_pool(part, here, shape), 1.0)
        for market in np.flatnonzero(ruleset.market_region == region).tolist():
            scope = kind.strength * ruleset.scope[index, ruleset.market_sector[market]]
            if scope > 0.0:
                _work_in(effects, state, kind, market, scope, pooled, held)


def _work_in(
    effects: PledgeEffects,
    state: State,
    kind: PledgeKind,
    market: int,
    scope: float,
    pooled: Array,
    held: Array,
) -> None:
    """A kind's work in one market. ``pooled``, ``held``: [N, W] strength x capability, strength."""
    if kind.effect == PledgeEffect.APPEAL:
        effects.appeal[:, market] += scope * pooled
    elif kind.effect == PledgeEffect.RESEARCH:
        effects.research[:, market] += scope * pooled
    elif kind.effect == PledgeEffect.COST:
        effects.cost[:, market] += scope * np.minimum(pooled, 1.0)
    else:
        channel = ONLINE if kind.effect == PledgeEffect.ONLINE else OFFLINE
        gap = pooled - held * state.coverage[:, market, channel]
        effects.lent[:, market, channel] += min(scope, 1.0) * np.clip(gap, 0.0, 1.0)


def _preload(
    effects: PledgeEffects,
    state: State,
    ruleset: Ruleset,
    index: int,
    kind: PledgeKind,
    part: PledgeList,
) -> None:
    """The giver's devices carry the receiver's services: users, income and appeal."""
    strength = np.minimum(part.strength * kind.strength, 1.0)
    place = (part.receiver, part.giver, part.lane)
    effects.preload[place] = np.maximum(effects.preload[place], strength)
    for region in range(len(ruleset.regions)):
        devices = source_markets(kind, ruleset, region)
        services = services_of(index, ruleset, region)
        if not devices.size or not services.size:
            continue
        serves = any_over(state.on_sale[:, services], 1)
        base = state.base[:, devices].sum(axis=1)
        users = strength * base[part.giver, part.lane] * serves[part.receiver, part.lane]
        users *= _covered(part, region)
        effects.preload_users[place] += users
        carried = _pool(part, users, state.cash.shape)
        everybody = np.maximum(state.adopters[devices].sum(axis=0), 1e-9)
        exposed = np.minimum(carried / everybody, 1.0)
        for market in services:
            weight = ruleset.scope[index, ruleset.market_sector[market]]
            effects.appeal[:, market] += ruleset.rules.preload_bump * weight * exposed
        effects.preload_income[:] += ruleset.rules.user_value * carried


def services_of(index: int, ruleset: Ruleset, region: int) -> Array:
    """Markets of services in a region that a preloading kind works for."""
    works = ruleset.scope[index][ruleset.market_sector] > 0.0
    return np.flatnonzero(works & ~ruleset.durable & (ruleset.market_region == region))


def _charge(
    effects: PledgeEffects,
    state: State,
    ruleset: Ruleset,
    index: int,
    kind: PledgeKind,
    part: PledgeList,
) -> None:
    in_scope = revenue_in_scope(state.revenue, index, ruleset)[part.receiver, part.lane]
    place = part.giver * state.cash.shape[1] + part.lane
    amount = part.strength * (kind.cost + kind.cost_share * in_scope)
    charged = np.bincount(place, amount, state.cash.size)
    effects.giving_cost[:] += charged.reshape(state.cash.shape)


def revenue_in_scope(revenue: Array, index: int, ruleset: Ruleset) -> Array:
    """Revenue in the sectors in which a kind works: [N, W] USD m, from revenue [N, M, W]."""
    works = ruleset.scope[index][ruleset.market_sector] > 0.0
    return np.asarray(revenue[:, works].sum(axis=1))
