"""Pledges: what givers can lend, what they deliver, and what that changes for receivers.

Effects are separable: capability of the giver by region x delivered strength x scope of the
kind in the receiver's sector. Pledges in force are few, so they are worked as a list.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from game.core.axes import OFFLINE, ONLINE, AnyArray, Array, Bools, Ints
from game.core.once import once
from game.core.ruleset import PledgeEffect, PledgeKind, Ruleset, Source
from game.core.state import State
from game.economy.lines import Lines
from game.play.bounty import Bounties, bounties_of, serving
from game.play.lending import PledgeFacts as PledgeFacts
from game.play.lending import bare_facts, by_region, works
from game.play.lending import capability as capability
from game.play.lending import covered as covered_regions
from game.play.lending import fit_guess as fit_guess
from game.play.lending import kind_capability as kind_capability
from game.play.lending import revenue_in_scope as revenue_in_scope
from game.play.lending import services_of as services_of
from game.play.lending import source_markets as source_markets
from game.play.sharing import pool_volumes

BEST_FIT = 3.0
"""A pair's fit counts up to this factor."""


@dataclasses.dataclass(frozen=True)
class PledgeEffects:
    """What all delivered pledges of a quarter change."""

    moves: list[Move]
    """New devices that leave with an ally's system, one entry a kind of pledge."""
    bounties: list[Bounties]
    """Paid for devices that carry an ally's services, one entry a kind of pledge."""

    appeal: Array
    """[N, M, W] utils added to the receiver's products, preloading included."""
    lent: Array
    """[N, M, H, W] coverage lent by allies."""
    carried: list[Carried]
    """Services on allies' devices, one entry a kind of pledge."""
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

    @property
    def preload(self) -> Array:
        """[N, N, W] part of the second's devices that carry the first's services."""
        return self._by_pair(np.maximum, [one.part for one in self.carried])

    @property
    def preload_users(self) -> Array:
        """[N, N, W] m users of the first on the second's devices."""
        return self._by_pair(np.add, [one.users for one in self.carried])

    def _by_pair(self, way: np.ufunc, figures: list[Array]) -> Array:
        count, worlds = self.giving_cost.shape
        table = np.zeros((count, count, worlds))
        for one, more in zip(self.carried, figures, strict=True):
            table[one.place] = way(table[one.place], more)
        return table


class Carried(NamedTuple):
    """Pledges of one kind by which givers' devices carry the receivers' services."""

    place: tuple[Ints, Ints, Ints]
    """Receiver, giver, world: [L] each."""
    part: Array
    """[L] of the giver's devices."""
    users: Array
    """[L] m on them."""


class Move(NamedTuple):
    """Pledges of one kind by which givers ship devices with the receivers' home systems."""

    pledges: PledgeList
    part: Array
    """[L] of the giver's new devices."""
    covered: Array
    """[R, L] 1 where the pledge covers the region, else 0."""


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

    def by_kind(self, kinds: int) -> Iterator[PledgeList]:
        """The list in runs, one a kind."""
        bounds = np.searchsorted(self.kind, np.arange(kinds + 1)).tolist()
        for first, last in pairwise(bounds):
            yield self.cut(slice(first, last))

    def cut(self, part: slice | Ints) -> PledgeList:
        """A run of the list, or the pledges at these places."""
        return PledgeList(
            self.kind[part],
            self.giver[part],
            self.receiver[part],
            self.lane[part],
            self.strength[part],
            self.regions[part],
        )


class _Kinds(NamedTuple):
    """Figures of the pledge kinds: [K] each."""

    partners: Array
    cost: Array
    cost_share: Array


@once
def _kinds(ruleset: Ruleset) -> _Kinds:
    def figures(name: str) -> Array:
        return np.array([getattr(kind, name) for kind in ruleset.pledges], np.float64)

    return _Kinds(figures("partners"), figures("cost"), figures("cost_share"))


@once
def _sector_markets(ruleset: Ruleset) -> tuple[Ints, ...]:
    sectors = range(len(ruleset.sectors))
    return tuple(np.flatnonzero(ruleset.market_sector == sector) for sector in sectors)


def live(state: State) -> Bools:
    """Pledges in force, whether or not they work yet: [K, N, N, W]."""
    return np.asarray((state.pledge_announced > 0.0) & (state.pledge_until > state.turn))


def in_force(state: State) -> Ints:
    """Pledges in force as places in the flattened [K, N, N, W], in order: [L]."""
    place = np.flatnonzero(state.pledge_until > state.turn)
    announced = np.take(state.pledge_announced.reshape(-1), place) > 0.0
    return np.asarray(place if announced.all() else place[announced])


def promised(state: State, index: int) -> tuple[AnyArray, AnyArray, AnyArray, Array]:
    """Pledges of a kind in force: giver, receiver, world and promised strength, [L] each."""
    count, worlds = state.fit.shape[1:]
    place = np.flatnonzero(state.pledge_until[index] > state.turn)
    row, lane = np.divmod(place, worlds)
    giver, receiver = np.divmod(row, count)
    return giver, receiver, lane, np.take(state.pledge_announced[index].reshape(-1), place)


def ramp(state: State, ruleset: Ruleset) -> Array:
    """How far each pledge has been put to work, 0..1: [K, N, N, W]."""
    return _built(state.turn, state.pledge_since, ruleset)


def _built(turn: int, since: Ints, ruleset: Ruleset) -> Array:
    age = turn - since.astype(np.float64) + 1.0
    return np.asarray(np.clip(age / max(ruleset.rules.ramp, 1), 0.0, 1.0))


def arriving(state: State, ruleset: Ruleset, running: Ints | None = None) -> PledgeList:
    """What arrives of every pledge in force: promise x effort x ramp, shared among partners.

    Args:
        running: places of the pledges in force, where the caller has them in hand.
    """
    count, worlds = state.fit.shape[1:]
    flat = in_force(state) if running is None else running
    row, lane = np.divmod(flat, worlds)
    hand, receiver = np.divmod(row, count)
    kind, giver = np.divmod(hand, count)
    announced, effort, since, regions = (
        np.take(table.reshape(-1), flat)
        for table in (
            state.pledge_announced,
            state.pledge_effort,
            state.pledge_since,
            state.pledge_regions,
        )
    )
    hand = hand * worlds + lane
    served = np.bincount(hand)[hand] if flat.size else np.ones(0)
    share = np.minimum(_kinds(ruleset).partners[kind] / served, 1.0)
    strength = announced * effort * _built(state.turn, since, ruleset) * share
    return PledgeList(kind, giver, receiver, lane, strength, regions)


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


def _no_effects(state: State, ruleset: Ruleset) -> PledgeEffects:
    product = np.zeros_like(state.price)
    regions = np.zeros((state.cash.shape[0], len(ruleset.regions), state.cash.shape[-1]))
    return PledgeEffects(
        [],
        [],
        product,
        np.zeros_like(state.coverage),
        [],
        np.zeros_like(state.cash),
        np.ones_like(state.price),
        regions,
        product.copy(),
        np.zeros_like(state.cash),
    )


def pledge_effects(
    state: State,
    ruleset: Ruleset,
    given: PledgeList | Array | None = None,
    lines: Lines | None = None,
) -> PledgeEffects:
    """Everything that pledges change in the quarter ``state.turn``.

    Args:
        given: a list, or strengths [K, N, N, W], to use instead of what is delivered; with all
            but one zeroed it tells what that one does.
        lines: all that matter; appeal, reach and research of others may be left out.
    """
    effects = _no_effects(state, ruleset)
    if given is None:
        listed = arriving(state, ruleset)
    else:
        listed = given if isinstance(given, PledgeList) else listed_from(state, given)
    if not listed.lane.size:
        return effects
    facts = bare_facts(state)
    everywhere = _everywhere(ruleset)
    spots = everywhere if lines is None else (lines.company, lines.market)
    covered = covered_regions(listed.regions, len(ruleset.regions))
    arrives = listed.strength * np.minimum(_at_pair(state.fit, listed), BEST_FIT)
    bounds = np.searchsorted(listed.kind, np.arange(len(ruleset.pledges) + 1)).tolist()
    for index, kind in enumerate(ruleset.pledges):
        part = slice(bounds[index], bounds[index + 1])
        if part.start == part.stop:
            continue
        pledges = listed.cut(part)
        here = covered[:, part]
        if kind.effect == PledgeEffect.PRELOAD:
            _preload(effects, state, ruleset, index, kind, pledges, here)
        else:
            works_ = arrives[part] * here
            if kind.source == Source.SKILL:
                able = np.take(ruleset.skill[index], pledges.giver)
            else:
                able = kind_capability(kind, index, facts, ruleset)
                able = np.take(able.reshape(-1), _at_regions(pledges.giver, pledges, able.shape))
            at = everywhere if kind.effect == PledgeEffect.COST else spots
            _work(effects, state, ruleset, index, kind, pledges, works_, able, at)
            pool_volumes(
                effects.cost, state, ruleset, index, kind, pledges.strength,
                pledges.giver, pledges.receiver, pledges.lane, pledges.regions,
            )  # fmt: skip
    _charge(effects, state, ruleset, listed)
    return effects


def _at_pair(field: Array, listed: PledgeList) -> Array:
    """A field [N, N, W] at giver and receiver of each pledge: [L]."""
    count, worlds = field.shape[1:]
    place = (listed.giver * count + listed.receiver) * worlds + listed.lane
    return np.asarray(np.take(field.reshape(-1), place))


def _at_regions(who: Ints, part: PledgeList, shape: tuple[int, ...]) -> Ints:
    """Places of companies, one a pledge, in a flat [N, R, W], for every region: [R, L]."""
    regions = np.arange(shape[1])[:, None]
    return np.asarray((who * shape[1] + regions) * shape[2] + part.lane)


def _pool(part: PledgeList, amount: Array, shape: tuple[int, ...]) -> Array:
    """Amounts [R, L] added up by receiver and region, in the list's order: [N, R, W]."""
    place = _at_regions(part.receiver, part, shape).reshape(-1)
    size = shape[0] * shape[1] * shape[2]
    return np.bincount(place, amount.reshape(-1), size).reshape(shape)


def _work(
    effects: PledgeEffects,
    state: State,
    ruleset: Ruleset,
    index: int,
    kind: PledgeKind,
    part: PledgeList,
    here: Array,
    able: Array,
    at: tuple[Ints, Ints],
) -> None:
    """Add a kind's work on appeal, reach, research, knowledge or cost.

    Args:
        here: [R, L] what arrives. able: [R, L] or [L] what the giver can lend.
        at: [l] company and market of the products to look at.
    """
    shape = (state.cash.shape[0], here.shape[0], state.cash.shape[-1])
    pooled = _pool(part, here * able, shape)
    if kind.effect in (PledgeEffect.ENTRY, PledgeEffect.COST):
        np.minimum(pooled, 1.0, out=pooled)
    if kind.effect == PledgeEffect.ENTRY:
        np.maximum(effects.knowledge, pooled, out=effects.knowledge)
        return
    strength = _market_scope(ruleset, index)
    touched = np.flatnonzero(strength[at[1]] > 0.0)
    company, market = at[0][touched], at[1][touched]
    region, scope = ruleset.market_region[market], strength[market, None]
    work = pooled[company, region]
    fields = {
        PledgeEffect.APPEAL: effects.appeal,
        PledgeEffect.RESEARCH: effects.research,
        PledgeEffect.COST: effects.cost,
    }
    if kind.effect in fields:
        fields[kind.effect][company, market] += np.multiply(work, scope, out=work)
    else:
        channel = ONLINE if kind.effect == PledgeEffect.ONLINE else OFFLINE
        own = np.minimum(_pool(part, here, shape), 1.0)[company, region]
        own *= state.coverage[company, market, channel]
        work -= own
        np.maximum(work, 0.0, out=work)
        np.minimum(work, 1.0, out=work)
        work *= np.minimum(scope, 1.0)
        effects.lent[company, market, channel] += work


@once
def _everywhere(ruleset: Ruleset) -> tuple[Ints, Ints]:
    """Company and market of every product there can be: [l] each."""
    count, markets = len(ruleset.companies), len(ruleset.markets)
    return np.repeat(np.arange(count), markets), np.tile(np.arange(markets), count)


@once
def _market_scope(ruleset: Ruleset, index: int) -> Array:
    """Effect of a kind at full strength, by market: [M]."""
    scope = ruleset.pledges[index].strength * ruleset.scope[index, ruleset.market_sector]
    return np.asarray(np.maximum(scope, 0.0))


def _preload(
    effects: PledgeEffects,
    state: State,
    ruleset: Ruleset,
    index: int,
    kind: PledgeKind,
    part: PledgeList,
    covered: Array,
) -> None:
    """The giver's devices carry the receiver's services: users, income and appeal."""
    strength = np.minimum(part.strength * kind.strength, 1.0)
    if kind.home_system > 0.0 and ruleset.systems:
        effects.moves.append(Move(part, strength * kind.home_system, covered))
    base = by_region(kind, ruleset, state.base)
    there = covered * serving(index, ruleset, state.on_sale, part.receiver, part.lane)
    if kind.bounty > 0.0:
        effects.bounties.append(
            bounties_of(index, ruleset, part.giver, part.receiver, part.lane, strength, there)
        )
    users = strength * np.take(base.reshape(-1), _at_regions(part.giver, part, base.shape))
    users *= there
    place = (part.receiver, part.giver, part.lane)
    effects.carried.append(Carried(place, strength, users.sum(axis=0)))
    carried = _pool(part, users, base.shape)
    effects.preload_income[:] += ruleset.rules.user_value * carried.sum(axis=1)
    everybody = np.maximum(by_region(kind, ruleset, state.adopters), 1e-9)
    exposed = np.minimum(carried / everybody, 1.0)
    markets = np.flatnonzero(works(ruleset, index) & ~ruleset.durable)
    weight = ruleset.rules.preload_bump * ruleset.scope[index, ruleset.market_sector[markets]]
    bump = np.take(exposed, ruleset.market_region[markets], axis=1)
    effects.appeal[:, markets] += weight[:, None] * bump


def _part_charged(state: State, ruleset: Ruleset, listed: PledgeList) -> Array | float:
    """Part of the receivers' revenue in scope that lies in the pledges' regions: [L], or 1."""
    full = (1 << len(ruleset.regions)) - 1
    bound = np.flatnonzero((listed.regions > 0) & (listed.regions != full))
    if not bound.size:
        return 1.0
    part = np.ones(listed.lane.shape)
    one = listed.cut(bound)
    revenue = state.revenue[one.receiver, :, one.lane]
    scope = np.stack([works(ruleset, index) for index in range(len(ruleset.pledges))])
    revenue = revenue * scope[one.kind]
    inside = (one.regions.astype(np.int64)[:, None] >> ruleset.market_region) & 1
    total = revenue.sum(axis=1)
    within = (revenue * inside).sum(axis=1)
    part[bound] = np.divide(within, total, out=np.ones(total.shape), where=total > 0.0)
    return part


def _charge(effects: PledgeEffects, state: State, ruleset: Ruleset, listed: PledgeList) -> None:
    """What giving costs the givers, by what the receivers turn over in scope."""
    shape = state.cash.shape
    sold = np.stack([state.revenue[:, here].sum(axis=1) for here in _sector_markets(ruleset)])
    in_scope = np.zeros((len(ruleset.pledges), *shape))
    for index in np.flatnonzero(_kinds(ruleset).cost_share).tolist():
        in_scope[index] = sold[ruleset.scope[index] > 0.0].sum(axis=0)
    place = (listed.kind * shape[0] + listed.receiver) * shape[1] + listed.lane
    rate = _kinds(ruleset).cost_share[listed.kind] * np.take(in_scope.reshape(-1), place)
    rate *= _part_charged(state, ruleset, listed)
    rate += _kinds(ruleset).cost[listed.kind]
    charged = np.bincount(
        listed.giver * shape[1] + listed.lane, rate * listed.strength, state.cash.size
    )
    effects.giving_cost[:] += charged.reshape(shape)
