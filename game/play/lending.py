"""What givers can lend, by region, and in which markets each kind of pledge works."""

from __future__ import annotations

import dataclasses
from functools import lru_cache

import numpy as np

from game.core.axes import OFFLINE, ONLINE, Array, Bools, Ints
from game.core.once import once
from game.core.rng import Purpose, normals
from game.core.ruleset import PledgeKind, Ruleset, Source
from game.core.state import State


def source_markets(kind: PledgeKind, ruleset: Ruleset, region: int) -> Array:
    """Markets of a region in which a giver's capability is measured."""
    return _source_markets(ruleset, kind.source_sector, kind.source == Source.DEVICES, region)


@once
def _source_markets(ruleset: Ruleset, sector: int, durable: bool, region: int) -> Array:
    chosen = ruleset.market_region == region
    if sector >= 0:
        chosen = chosen & (ruleset.market_sector == sector)
    if durable:
        chosen = chosen & ruleset.durable
    return np.flatnonzero(chosen)


Layers = tuple[tuple[Ints, Ints], ...]
"""Markets and their regions, sector by sector: no region comes twice in a layer."""


@once
def _source_layers(ruleset: Ruleset, sector: int, durable: bool) -> Layers:
    regions = range(len(ruleset.regions))
    found = np.concatenate(
        [_source_markets(ruleset, sector, durable, region) for region in regions]
    )
    layers = []
    for one in np.unique(ruleset.market_sector[found]).tolist():
        markets = np.sort(found[ruleset.market_sector[found] == one])
        layers.append((markets, ruleset.market_region[markets]))
    return tuple(layers)


def by_region(
    kind: PledgeKind, ruleset: Ruleset, values: Array, combine: np.ufunc = np.add
) -> Array:
    """Values [..., M, W] of the markets in which a kind is measured, by region: [..., R, W]."""
    shape = (*values.shape[:-2], len(ruleset.regions), values.shape[-1])
    out = np.zeros(shape)
    layers = _source_layers(ruleset, kind.source_sector, kind.source == Source.DEVICES)
    for markets, regions in layers:
        here = np.take(values, markets, axis=-2)
        if len(layers) > 1:
            here = combine(np.take(out, regions, axis=-2), here)
        out[..., regions, :] = here
    return out


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
    if kind.source == Source.SKILL:
        shape = (facts.on_sale.shape[0], len(ruleset.regions), facts.on_sale.shape[-1])
        return np.array(np.broadcast_to(ruleset.skill[index][:, None, None], shape))
    if kind.source == Source.SHARE:
        units = by_region(kind, ruleset, facts.units)
        total = units.sum(axis=0)
        total += by_region(kind, ruleset, facts.fringe_units)
        units /= np.maximum(total, 1e-9, out=total)
        return units
    if kind.source == Source.DEVICES:
        return (by_region(kind, ruleset, facts.base) > 0.0).astype(np.float64)
    channel = ONLINE if kind.source == Source.ONLINE else OFFLINE
    covered = facts.coverage[:, :, channel] * facts.on_sale
    return by_region(kind, ruleset, covered, np.maximum)


def capability(state: State, ruleset: Ruleset) -> Array:
    """What each company can lend, by kind and region: [K, N, R, W] 0..1.

    Skill is the scenario's; share, reach and devices are measured where the giver sells.
    """
    facts = bare_facts(state)
    return np.stack(
        [kind_capability(kind, index, facts, ruleset) for index, kind in enumerate(ruleset.pledges)]
    )


def can_give_at(kind: Ints, giver: Ints, lane: Ints, state: State, ruleset: Ruleset) -> Bools:
    """Whether givers have anything of kinds to lend, each in one world: [L]."""
    source, measured = _sources(ruleset)
    able = np.asarray(ruleset.skill[kind, giver] > 0.0)
    count, worlds = state.units.shape[1:]
    markets, ways = np.arange(count)[:, None], source[kind]
    for way in (Source.SHARE, Source.DEVICES, Source.ONLINE, Source.OFFLINE):
        some = np.flatnonzero(ways == way)
        if not some.size:
            continue
        line = giver[some] * count + markets
        if way in (Source.SHARE, Source.DEVICES):
            field = state.units if way == Source.SHARE else state.base
            has = field.reshape(-1).take(line * worlds + lane[some]) > 0.0
        else:
            channel = ONLINE if way == Source.ONLINE else OFFLINE
            covered = (line * state.coverage.shape[2] + channel) * worlds + lane[some]
            has = state.coverage.reshape(-1).take(covered) > 0.0
            has &= state.on_sale.reshape(-1).take(line * worlds + lane[some])
        able[some] = (has & measured[:, kind[some]]).any(axis=0)
    return able


@once
def _sources(ruleset: Ruleset) -> tuple[Ints, Bools]:
    """How each kind is measured [K], and in which markets [M, K]."""
    source = np.array([kind.source for kind in ruleset.pledges], np.int64)
    measured = np.ones((len(ruleset.markets), len(ruleset.pledges)), bool)
    for index, kind in enumerate(ruleset.pledges):
        if kind.source_sector >= 0:
            measured[:, index] &= ruleset.market_sector == kind.source_sector
        if kind.source == Source.DEVICES:
            measured[:, index] &= ruleset.durable
    return source, measured


def bare_facts(state: State) -> PledgeFacts:
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


@once
def works(ruleset: Ruleset, index: int) -> Bools:
    """Markets in which a kind works: [M]."""
    return np.asarray(ruleset.scope[index][ruleset.market_sector] > 0.0)


def services_of(index: int, ruleset: Ruleset, region: int) -> Array:
    """Markets of services in a region that a preloading kind works for."""
    return _services_of(ruleset, index, region)


@once
def _services_of(ruleset: Ruleset, index: int, region: int) -> Array:
    return np.flatnonzero(
        works(ruleset, index) & ~ruleset.durable & (ruleset.market_region == region)
    )


def covered(regions: Ints, count: int) -> Array:
    """1 where a pledge covers a region, else 0: [R, L], from bits of the regions [L]."""
    if (regions <= 0).all():
        return np.ones((count, len(regions)))
    bits = np.where(regions > 0, regions, -1).astype(np.int64)
    return np.asarray((bits >> np.arange(count)[:, None]) & 1, np.float64)


def revenue_in_scope(revenue: Array, index: int, ruleset: Ruleset) -> Array:
    """Revenue in the sectors in which a kind works: [N, W] USD m, from revenue [N, M, W]."""
    return np.asarray(revenue[:, works(ruleset, index)].sum(axis=1))


def fit_guess(state: State, ruleset: Ruleset) -> Array:
    """Analysts' guess of pair fits: the truth blurred once and for all. [N, N, W]."""
    count = int(ruleset.company_uid.max()) + 1
    seeds, worlds = np.asarray(state.seed, np.uint64), np.asarray(state.world, np.uint64)
    uids, spread = np.asarray(ruleset.company_uid, np.int64), ruleset.rules.fit_hidden
    blur = _blur(seeds.tobytes(), worlds.tobytes(), uids.tobytes(), count, spread)
    return np.asarray(state.fit * blur)


@lru_cache(maxsize=8)
def _blur(seed: bytes, world: bytes, uid: bytes, count: int, spread: float) -> Array:
    """Factors of the analysts' error, the same all through a game: [N, N, W]."""
    seeds, worlds = np.frombuffer(seed, np.uint64), np.frombuffer(world, np.uint64)
    uids = np.frombuffer(uid, np.int64)
    noise = normals(seeds, worlds, -1, Purpose.BELIEF, uids, count)
    blur = np.exp(spread * noise[:, uids])
    blur.setflags(write=False)
    return np.asarray(blur)
