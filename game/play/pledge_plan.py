"""What a ruleset says about the worth of pledges, laid out once as tables by region.

A kind other than lending is worth a sum of products: what the giver has x what the receiver
gains from it, region by region, or once where the giver's skill is the same everywhere.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from game.core.axes import OFFLINE, ONLINE, PRODUCT, AnyArray, Array, Bools, Ints
from game.core.ruleset import PledgeEffect, PledgeKind, Ruleset, Source
from game.finance.valuation import annuity
from game.play.pledges import BEST_FIT

LASTING = 4.0
"""Quarters that a quality gain keeps earning, on average over a pledge's term."""
PAYBACK = 8.0
"""Quarters over which local knowledge is thought to save its part of a licence."""
NEUTRAL = 0.5
"""A temperament of which nothing is said."""
LENDING = (PledgeEffect.ONLINE, PledgeEffect.OFFLINE)


_MOST_FIT = {PledgeEffect.ENTRY: 1.0, PledgeEffect.PRELOAD: 0.0} | dict.fromkeys(LENDING, 0.0)
"""How far a pair's fit counts; other kinds take the best there is."""


@dataclass(frozen=True)
class Sums:
    """Weighted sums over the markets of each region, or over all markets as one region."""

    markets: tuple[Ints, ...]
    """Of each region; those without weight are left out."""
    weight: Array | None
    """[N or 1, M]; None where all weights are one."""

    def _parts(self, field: AnyArray) -> Iterator[tuple[int, AnyArray]]:
        for region, markets in enumerate(self.markets):
            if markets.size == 1:
                yield region, field[:, markets[0] : markets[0] + 1]
            elif markets.size:
                yield region, np.take(field, markets, axis=1)

    def _blank(self, field: AnyArray, kind: type = float) -> AnyArray:
        return np.zeros((field.shape[0], len(self.markets), field.shape[2]), kind)

    def of(self, field: Array) -> Array:
        """Sums of a field [N, M, W]: [N, R, W]."""
        out = self._blank(field)
        if self.weight is not None:
            field = field * self.weight[..., None]
        for region, part in self._parts(field):
            np.add.reduce(part, axis=1, out=out[:, region])
        return out

    def any_of(self, field: Bools) -> Bools:
        """Whether anything is set in a field [N, M, W] of the markets: [N, R, W]."""
        out = self._blank(field, bool)
        for region, part in self._parts(field):
            np.logical_or.reduce(part, axis=1, out=out[:, region])
        return out


@dataclass(frozen=True)
class KindPlan:
    """How one kind is valued."""

    index: int
    kind: PledgeKind
    first: int
    """Its first column among the products of all kinds or, of lending, among the lenders'."""
    count: int
    """Its products: regions, or one; none of lending."""
    source: Sums
    """Over the markets in which the giver's capability is measured."""
    gain: Sums
    """Over the markets in which the receiver gains."""
    lent: Sums
    """Over the markets in which reach is lent."""
    saved: Array
    """[R] USD m a quarter of licence saved by local knowledge."""
    scope: Array
    """[M] part of the capability that works in each market: strength x scope, at most 1."""

    @property
    def lends(self) -> bool:
        """Whether it lends reach."""
        return self.kind.effect in LENDING

    @property
    def channel(self) -> int:
        """Channel that lending works in."""
        return ONLINE if self.kind.effect == PledgeEffect.ONLINE else OFFLINE


@dataclass(frozen=True)
class Entries:
    """What single markets of companies add to tables by column, in the order of the targets."""

    place: Ints
    """[E] in the flattened [N, M]."""
    target: Ints
    """[E] row of the flattened [N, columns]."""
    weight: Array
    """[E]; of lending the part of buyers that a full channel reaches."""
    kind: Ints
    """[E] pledge kind."""
    market: Ints
    """[E]."""
    channel: Ints
    """[E] of lending and of channels as a source."""


@dataclass(frozen=True)
class Plan:
    """The tables of a ruleset."""

    gains: Entries
    """What receivers gain by product, entry apart."""
    lending: Entries
    """Reach lent, by kind and region."""
    channels: Entries
    """Channels as a source, by region, for the kinds of ``by_channel``."""
    by_channel: Mapping[int, int]
    """First column of each kind whose source is a channel."""
    spent: Bools
    """[K] kinds whose receiver gains by what it spends, not by what a util earns."""

    kinds: tuple[KindPlan, ...]
    products: int
    """Of all kinds together; one more, the last, is always zero."""
    lent: int
    """Columns of all kinds that lend: kinds x regions."""
    column: Ints
    """[K] first column of each kind among the lenders'; -1 of others."""
    slot: Ints
    """[slots, K] the products of each kind; the zero one where it has no more."""
    most_fit: Array
    """[K] up to what the pair's fit scales the worth; 0 where it does not."""
    partners: Array
    """[K] that a giver serves fully."""
    givers: Array
    """[K] from whom a receiver may take."""
    sectors: tuple[tuple[Ints, Ints], ...]
    """Markets of each sector, and the kinds that charge by revenue there."""

    fresh: Array
    """Present value of a dollar a quarter by term, in quarters: of new pledges."""
    renewed: Array
    """The same of renewals, which need no ramp."""
    drafted: Bools
    """[N, N] pairs whose advisers have prepared a draft before the game."""
    traits: Mapping[str, Array]
    """Temperaments of all companies, [N] each, those that any company has."""


def capital_factor(term: AnyArray, running: Bools | bool, ruleset: Ruleset) -> Array:
    """Present value of a dollar a quarter over a pledge's term, after tax and ramp.

    Args:
        term: quarters. running: renewals need no ramp.

    Returns:
        Quarters, in the shape of the arguments.
    """
    rules = ruleset.rules
    worth = annuity(rules.discount, term)
    for quarter in range(1, max(rules.ramp, 1)):
        lost = (1.0 - quarter / rules.ramp) * (1.0 + rules.discount) ** -quarter
        worth = worth - np.where(running, 0.0, lost) * (np.asarray(term) >= quarter)
    return np.asarray(worth * (1.0 - rules.tax))


def _sums(weight: Array, region: Ints, regions: int) -> Sums:
    """Sums by region of the markets that have a weight [N or 1, M]."""
    used = (weight > 0.0).any(axis=0)
    markets = tuple(np.flatnonzero((region == place) & used) for place in range(regions))
    return Sums(markets, None if (weight[:, used] == 1.0).all() else weight)


def _research_step(ruleset: Ruleset) -> Array:
    """Quality gained a quarter by one per cent more yield, times a hundred: [N, M] utils."""
    rules = ruleset.rules
    entrant = ruleset.spend_share[:, PRODUCT] * 0.01
    start = ruleset.research_start
    intensity = np.where(start > 0.0, start, entrant)
    step = rules.research_ceiling * intensity * rules.research_half
    return np.asarray(step / (intensity + rules.research_half) ** 2)


def _source(kind: PledgeKind, ruleset: Ruleset) -> Sums:
    chosen = np.ones(len(ruleset.markets), bool)
    if kind.source_sector >= 0:
        chosen &= ruleset.market_sector == kind.source_sector
    if kind.source == Source.DEVICES or kind.effect == PledgeEffect.PRELOAD:
        chosen &= ruleset.durable
    return _sums(chosen[None].astype(float), ruleset.market_region, len(ruleset.regions))


def _gain(kind: PledgeKind, works: Array, ruleset: Ruleset) -> Sums:
    """The receiver's gain by market, a region or, for skills, all markets at a time."""
    weight = kind.strength * works[None]
    if kind.effect == PledgeEffect.RESEARCH:
        weight = weight * _research_step(ruleset) * LASTING
    if kind.effect == PledgeEffect.PRELOAD:
        weight = np.where(ruleset.durable, 0.0, works)[None]
    if kind.effect == PledgeEffect.ENTRY:
        weight = np.ones((1, len(ruleset.markets)))
    if kind.source == Source.SKILL and kind.effect not in (
        PledgeEffect.PRELOAD,
        PledgeEffect.ENTRY,
    ):
        return _sums(weight, np.zeros_like(ruleset.market_region), 1)
    return _sums(weight, ruleset.market_region, len(ruleset.regions))


def _saved(kind: PledgeKind, ruleset: Ruleset) -> Array:
    out = np.zeros(len(ruleset.regions))
    for region in range(len(out)):
        licence = ruleset.licence[(ruleset.market_region == region) & (ruleset.licence > 0.0)]
        if licence.size:
            out[region] = 0.5 * kind.strength * licence.min() / PAYBACK
    return out


_Part = tuple[KindPlan, int, Sums, Array, int]
"""A kind, its first column, the markets of its columns, their weights [N or 1, M], a channel."""


def _entries(parts: list[_Part], columns: int, companies: int, markets: int) -> Entries:
    """The entries of some kinds in a table of so many columns."""
    found: list[tuple[int, ...]] = []
    weights: list[float] = []
    for one, first, sums, weight, channel in parts:
        table = np.broadcast_to(weight, (companies, markets))
        for company in range(companies):
            for region, chosen in enumerate(sums.markets):
                for market in chosen.tolist():
                    target = company * columns + first + region
                    found.append((target, company * markets + market, one.index, market, channel))
                    weights.append(float(table[company, market]))
    lists = np.array(found, np.int64).reshape(-1, 5)
    order = np.lexsort((lists[:, 1], lists[:, 0]))
    target, place, kind, market, channels = lists[order].T
    return Entries(place, target, np.array(weights)[order], kind, market, channels)


def _tables(
    kinds: list[KindPlan], products: int, lent: int, ruleset: Ruleset
) -> tuple[Entries, Entries, Entries, dict[int, int]]:
    """Gains, lending and channels as sources, and the columns of the latter."""
    regions, reach = len(ruleset.regions), ruleset.channel_reach
    size = (len(ruleset.companies), len(ruleset.markets))
    one = np.ones((1, size[1]))
    gains: list[_Part] = [
        (kind, kind.first, kind.gain, one if kind.gain.weight is None else kind.gain.weight, 0)
        for kind in kinds
        if kind.count and kind.kind.effect != PledgeEffect.ENTRY
    ]
    lending: list[_Part] = [
        (kind, kind.first, kind.lent, (reach[:, kind.channel] * kind.scope)[None], kind.channel)
        for kind in kinds
        if kind.lends
    ]
    sourced = [kind for kind in kinds if kind.kind.source in (Source.ONLINE, Source.OFFLINE)]
    first = {kind.index: place * regions for place, kind in enumerate(sourced)}
    channels: list[_Part] = [
        (kind, first[kind.index], kind.source, one, int(kind.kind.source != Source.ONLINE))
        for kind in sourced
    ]
    return (
        _entries(gains, products + 1, *size),
        _entries(lending, lent, *size),
        _entries(channels, len(sourced) * regions, *size),
        first,
    )


def _laid_out(ruleset: Ruleset) -> Plan:
    kinds: list[KindPlan] = []
    first = lent = 0
    regions = len(ruleset.regions)
    column = np.full(len(ruleset.pledges), -1)
    for index, kind in enumerate(ruleset.pledges):
        works = ruleset.scope[index][ruleset.market_sector]
        gain = _gain(kind, works, ruleset)
        lends = kind.effect in LENDING
        count = 0 if lends else len(gain.markets)
        scope = np.minimum(kind.strength * works, 1.0)
        place = lent if lends else first
        sold = _sums((scope > 0.0)[None].astype(float), ruleset.market_region, regions)
        source, saved = _source(kind, ruleset), _saved(kind, ruleset)
        kinds.append(KindPlan(index, kind, place, count, source, gain, sold, saved, scope))
        if lends:
            column[index], lent = lent, lent + regions
        first += count
    slots = max((kind.count for kind in kinds), default=0)
    slot = np.full((slots, len(kinds)), first)
    for one in kinds:
        slot[: one.count, one.index] = one.first + np.arange(one.count)
    quarters = np.arange(ruleset.rules.quarters + max(ruleset.rules.terms) + 2)
    share = np.array([kind.cost_share for kind in ruleset.pledges])
    sectors = tuple(
        (
            np.flatnonzero(ruleset.market_sector == sector),
            np.flatnonzero((ruleset.scope[:, sector] > 0.0) & (share > 0.0)),
        )
        for sector in range(len(ruleset.sectors))
    )
    return Plan(
        *_tables(kinds, first, lent, ruleset),
        np.array([kind.effect == PledgeEffect.COST for kind in ruleset.pledges]),
        tuple(kinds),
        first,
        lent,
        column,
        slot,
        np.array([_MOST_FIT.get(kind.effect, BEST_FIT) for kind in ruleset.pledges]),
        np.array([kind.partners for kind in ruleset.pledges], float),
        np.array([kind.givers for kind in ruleset.pledges], float),
        sectors,
        capital_factor(quarters, False, ruleset),
        capital_factor(quarters, True, ruleset),
        _drafted(ruleset),
        _traits(ruleset),
    )


def _drafted(ruleset: Ruleset) -> Bools:
    out = np.zeros((len(ruleset.companies), len(ruleset.companies)), bool)
    for draft in ruleset.drafts:
        out[draft.proposer, draft.counterparty] = True
    return np.asarray(out | out.T)


def _traits(ruleset: Ruleset) -> dict[str, Array]:
    names = {name for company in ruleset.companies for name in company.temperament}
    return {
        name: np.array([company.temperament.get(name, NEUTRAL) for company in ruleset.companies])
        for name in sorted(names)
    }


def traits(ruleset: Ruleset, name: str) -> Array:
    """A temperament of all companies, neutral 0.5: [N]."""
    found = plan_of(ruleset).traits.get(name)
    return np.full(len(ruleset.companies), NEUTRAL) if found is None else found


_PLANS: dict[int, tuple[weakref.ref[Ruleset], Plan]] = {}


def plan_of(ruleset: Ruleset) -> Plan:
    """The tables of a ruleset, laid out when first asked for and kept as long as it lives."""
    key = id(ruleset)
    kept = _PLANS.get(key)
    if kept is None or kept[0]() is not ruleset:
        plan = _laid_out(ruleset)
        _PLANS[key] = (weakref.ref(ruleset, lambda _: _PLANS.pop(key, None)), plan)
        return plan
    return kept[1]
