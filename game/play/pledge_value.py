"""What pledges would bring and cost, by figures that everybody may know.

First-order values: fast enough to rank every pledge between every pair once a turn. They are
worked out for all pairs that have something to give and to gain (:meth:`PledgeValues.rows`), or
for the pledges on a table alone (:class:`PledgeSpots`): by the same steps, to the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from game.core.axes import OFFLINE, ONLINE, AnyArray, Array, Bools, Ints, any_over
from game.core.ruleset import PledgeEffect, Ruleset, Source
from game.core.state import State
from game.play.cells import Cells
from game.play.observation import Observation
from game.play.places import Places, add_to, chunks, ranks
from game.play.pledge_facts import PublicFacts, facts_of_state, facts_of_view
from game.play.pledge_plan import KindPlan, plan_of
from game.play.pledges import BEST_FIT


def pledge_worth(view: Observation, ruleset: Ruleset) -> tuple[Array, Array]:
    """What each kind would bring and cost each pair, from what everybody may know.

    The same figures as :func:`pledge_worth_of_state`: they are public.
    """
    return PledgeValues(facts_of_view(view), ruleset).table()


def pledge_worth_of_state(state: State, ruleset: Ruleset) -> tuple[Array, Array]:
    """What a pledge of each kind at full strength would bring and cost a quarter.

    First order: change of appeal, reach, cost or users x the receiver's sensitivity x its
    margin, at the prices of today. Good for ranking and for a first valuation; small firms
    gain more than it says.

    Returns:
        (worth to the receiver, cost to the giver), each [K, N, N, W] USD m a quarter, giver by
        receiver; zero on the diagonal, and no worth where the giver has nothing to lend.
    """
    return PledgeValues(facts_of_state(state, ruleset), ruleset).table()


def _shared(worth: Array, others: AnyArray, partners: AnyArray) -> Array:
    """Worth where a giver serves others too: past what it can serve fully, a part of it."""
    return np.asarray(worth * np.minimum(partners / (others + 1.0), 1.0))


@dataclass(frozen=True)
class PledgeRows:
    """Worth of all pledges between pairs that have something to give and to gain.

    As it is while the giver has room for one more partner.
    """

    kind: Ints
    """[P] ascending."""
    giver: Ints
    """[P]."""
    taker: Ints
    """[P]."""
    worth: Array
    """[P + 1, W] USD m a quarter at full strength; the last row is zero."""
    row: Ints
    """[K, N, N] row of each pledge, the last one for those without worth."""
    cost: Array
    """[K, N, W] USD m a quarter to the giver, by receiver."""

    def at(self, kind: Ints, giver: Ints, taker: Ints, lane: Ints) -> tuple[Array, Array]:
        """(worth, cost) of some pledges, in the shape of the arguments."""
        worlds = self.worth.shape[1]
        row = self.row[kind, giver, taker]
        worth = np.take(self.worth.reshape(-1), row * worlds + lane)
        return worth, _cost_at(self.cost, kind, giver, taker, lane)

    def sides(self, cells: Cells) -> tuple[Array, Array]:
        """(worth, cost) of every kind given by each side of cells, [X, K, L] each."""
        kind = np.arange(len(self.row))[:, None]
        return self.at(kind, cells.who[:, None], cells.who[::-1, None], cells.lane)

    def of_kind(self, index: int) -> slice:
        """Rows of one kind."""
        first, last = np.searchsorted(self.kind, (index, index + 1))
        return slice(int(first), int(last))


def _cost_at(cost: Array, kind: Ints, giver: Ints, taker: Ints, lane: Ints) -> Array:
    count, worlds = cost.shape[1:]
    found = np.take(cost.reshape(-1), (kind * count + taker) * worlds + lane)
    return np.where(giver == taker, 0.0, found)


class PledgeValues:
    """Values of pledges under one ruleset in one quarter.

    A kind is worth the sum of what the giver has x what the receiver gains from it, x the
    pair's fit; lending works on the gap of reach between the two, market by market.
    """

    def __init__(self, facts: PublicFacts, ruleset: Ruleset) -> None:
        self.facts, self.ruleset, self.plan = facts, ruleset, plan_of(ruleset)
        self.count, self.worlds = facts.on_sale.shape[0], facts.on_sale.shape[-1]

    # ------------------------------------------------------------------ parts of the values
    @cached_property
    def _earns(self) -> Array:
        """What a util earns: [N, M, W] USD m a quarter."""
        earns = np.maximum(self.facts.margin, 0.0)
        earns *= self.facts.sensitivity
        return np.asarray(earns)

    @cached_property
    def _revenue(self) -> Array:
        """[N, M, W] USD m a quarter."""
        return np.asarray(self.facts.price * self.facts.units)

    @cached_property
    def _fit(self) -> Array:
        """[N, N, W]."""
        return np.minimum(self.facts.fit, BEST_FIT)

    @cached_property
    def _fits(self) -> Array:
        """Fits by how a kind uses them: as they are, at most one, not at all. [3, N, N, W]."""
        fits = np.ones((3, *self._fit.shape))
        fits[0] = self._fit
        np.minimum(self._fit, 1.0, out=fits[1])
        return fits

    @cached_property
    def cost(self) -> Array:
        """[K, N, W] USD m a quarter to the giver, by receiver: a part of revenue in scope."""
        kinds = self.ruleset.pledges
        revenue = np.zeros((len(kinds), self.count, self.worlds))
        for markets, charging in self.plan.sectors:
            if charging.size and markets.size:
                sales = np.take(self._revenue, markets, axis=1).sum(axis=1)
                for index in charging.tolist():
                    revenue[index] += sales
        for index, kind in enumerate(kinds):
            revenue[index] *= kind.cost_share
            revenue[index] += kind.cost
        return revenue

    def _able(self, one: KindPlan) -> Array:
        """What each company can lend of a kind, by region: [N, R or 1, W or 1] 0..1."""
        facts, source = self.facts, one.kind.source
        if source == Source.SKILL:
            return np.asarray(self.ruleset.skill[one.index][:, None, None])
        if source == Source.SHARE:
            units = one.source.of(facts.units)
            everybody = units.sum(axis=0)
            everybody += one.source.of(facts.fringe_units[None])[0]
            units /= np.maximum(everybody, 1e-9, out=everybody)
            return units
        if source == Source.DEVICES:
            return np.asarray(one.source.of(facts.base) > 0.0, float)
        channel = ONLINE if source == Source.ONLINE else OFFLINE
        return one.source.most_of(facts.coverage[:, :, channel] * facts.on_sale)

    @cached_property
    def _products(self) -> tuple[Array, Array]:
        """What givers have and receivers gain, by product: [N, products + 1, W] each."""
        give, gain = np.zeros((2, self.count, self.plan.products + 1, self.worlds))
        for one in self.plan.kinds:
            if one.count:
                part = slice(one.first, one.first + one.count)
                give[:, part], gain[:, part] = self._product(one)
        return give, gain

    def _product(self, one: KindPlan) -> tuple[Array, Array]:
        facts, effect = self.facts, one.kind.effect
        if effect == PledgeEffect.PRELOAD:
            return self._preload(one)
        if effect == PledgeEffect.ENTRY:
            local = one.gain.any_of(facts.on_sale)
            return self._able(one) * local, one_less(local) * one.saved[:, None]
        if effect == PledgeEffect.COST:
            spent = np.maximum(facts.price - facts.margin, 0.0)
            spent *= facts.units
            return self._able(one), one.gain.of(spent)
        return self._able(one), one.gain.of(self._earns)

    def _preload(self, one: KindPlan) -> tuple[Array, Array]:
        """Users on the giver's devices, and the appeal that comes with being there."""
        facts, rules = self.facts, self.ruleset.rules
        everybody = np.maximum(one.source.of(facts.adopters[None])[0], 1e-9)
        gain = one.gain.of(self._earns)
        gain *= rules.preload_bump
        gain /= everybody
        gain += rules.user_value * one.gain.any_of(facts.on_sale)
        return one.source.of(facts.base) * min(one.kind.strength, 1.0), gain

    @cached_property
    def _lending(self) -> tuple[Array, Array, Array, Array]:
        """Lending by kind and region, as averages over the receiver's markets by what they earn.

        Returns:
            What givers can lend; what a full channel would add to the receiver's reach, as a
            part of it; what its own coverage adds; what a util earns there, USD m a quarter.
            Each [N, lenders x R, W].
        """
        regions = len(self.ruleset.regions)
        tables = np.zeros((4, self.count, self.plan.lent, self.worlds))
        for one in self.plan.kinds:
            if one.lends:
                part = slice(one.first, one.first + regions)
                tables[0, :, part] = self._able(one)
                tables[1, :, part], tables[2, :, part], tables[3, :, part] = self._missing(one)
        return tables[0], tables[1], tables[2], tables[3]

    @cached_property
    def _earns_by_reach(self) -> Array:
        """What a util earns over the reach of today: [N, M, W] USD m a quarter."""
        return np.asarray(self._earns / self.facts.reach)

    def _missing(self, one: KindPlan) -> tuple[Array, Array, Array]:
        ruleset, coverage = self.ruleset, self.facts.coverage
        full = ruleset.channel_reach[:, one.channel, None] * one.scope[:, None]
        left = coverage[:, :, 1 - one.channel] * (
            -full * ruleset.channel_reach[:, 1 - one.channel, None]
        )
        left += full
        left *= self._earns_by_reach
        whole, earns = one.lent.of(left), one.lent.of(self._earns)
        left *= coverage[:, :, one.channel]
        least = np.maximum(earns, 1e-12)
        return whole / least, one.lent.of(left) / least, earns

    # ------------------------------------------------------------------ values of places
    def _worth(self, places: Places, out: Array) -> None:
        """Add the worth of places, kinds ascending, to zeros [P, W], or [P] of single worlds."""
        self._add_products(out, places)
        self._fitted(out, places)
        lends = np.flatnonzero(self.plan.column[places.kind] >= 0)
        if lends.size:
            lent = np.zeros((lends.size, *out.shape[1:]))
            self._add_lent(lent, places.some(lends))
            out[lends] = lent

    def _fitted(self, out: Array, places: Places) -> None:
        """Scale worth by the pairs' fits."""
        pairs = self.count * self.count
        pair = self.plan.fit[places.kind] * pairs + places.giver * self.count + places.taker
        for some in chunks(0, len(out), places.width(self.worlds)):
            out[some] *= places.some(some).pick(self._fits, pair[some])

    def _add_products(self, out: Array, places: Places) -> None:
        give, gain = self._products
        size = self.plan.products + 1
        product = np.take(self.plan.slot, places.kind, axis=1)
        used = places.used(give, places.giver * size + product)
        used &= places.used(gain, places.taker * size + product)
        for fresh, slot, place in ranks(used, places.width(self.worlds)):
            column = product[slot, place]
            more = places.pick(give, places.giver[place] * size + column, place)
            more *= places.pick(gain, places.taker[place] * size + column, place)
            add_to(out, place, more, fresh)

    def _add_lent(self, out: Array, places: Places) -> None:
        """Reach lent on the gap between giver and receiver."""
        able, whole, own, earns = self._lending
        size, regions = self.plan.lent, len(self.ruleset.regions)
        column = self.plan.column[places.kind] + np.arange(regions)[:, None]
        used = places.used(earns, places.taker * size + column)
        most = places.furthest(able, places.giver * size + column, np.maximum)
        most *= places.furthest(whole, places.taker * size + column, np.maximum)
        used &= most > places.furthest(own, places.taker * size + column, np.minimum)
        for fresh, slot, place in ranks(used, places.width(self.worlds)):
            mine, theirs = (
                who[place] * size + column[slot, place] for who in (places.giver, places.taker)
            )
            most = places.pick(whole, theirs, place)
            more = places.pick(able, mine, place)
            more *= most
            more -= places.pick(own, theirs, place)
            np.maximum(more, 0.0, out=more)
            pair = places.giver[place] * self.count + places.taker[place]
            more *= places.pick(self._fit, pair, place)
            np.minimum(more, most, out=more)
            np.log1p(more, out=more)
            more *= places.pick(earns, theirs, place)
            add_to(out, place, more, fresh)

    # ------------------------------------------------------------------ all pairs
    def rows(self) -> PledgeRows:
        """Values of all pledges between pairs that have something to give and to gain."""
        kind, giver, taker = np.nonzero(self._pairs())
        worth = np.zeros((kind.size + 1, self.worlds))
        self._worth(Places(kind, giver, taker, None), worth[:-1])
        row = np.full((len(self.plan.kinds), self.count, self.count), kind.size)
        row[kind, giver, taker] = np.arange(kind.size)
        return PledgeRows(kind, giver, taker, worth, row, self.cost)

    def _pairs(self) -> Bools:
        """Pairs of which the first has something of a kind and the second gains: [K, N, N]."""
        give, gain = (any_over(part, -1) for part in self._products)
        able, earns = (any_over(self._lending[place], -1) for place in (0, 3))
        regions = len(self.ruleset.regions)
        out = np.zeros((len(self.plan.kinds), self.count, self.count), bool)
        for one in self.plan.kinds:
            has, wins, part = give, gain, slice(one.first, one.first + one.count)
            if one.lends:
                has, wins = able, earns
                part = slice(one.first, one.first + regions)
            out[one.index] = any_over(has[:, None, part] & wins[None, :, part], -1)
        companies = np.arange(self.count)
        out[:, companies, companies] = False
        return out

    def table(self) -> tuple[Array, Array]:
        """(worth, cost), each [K, N, N, W]."""
        rows, running = self.rows(), self.facts.running
        worth = np.take(rows.worth, rows.row, axis=0)
        kept = running.pick(worth)
        kind, giver, lane = np.nonzero(running.serves >= self.plan.partners[:, None, None])
        serves = running.serves[kind, giver, lane]
        busy = worth[kind, giver, :, lane]
        part = _shared(busy, serves[:, None], self.plan.partners[kind][:, None])
        worth[kind, giver, :, lane] = part
        worth.reshape(-1)[running.place] = self._of_running(kept)
        cost = np.repeat(self.cost[:, None], self.count, axis=1)
        companies = np.arange(self.count)
        cost[:, companies, companies] = 0.0
        return worth, cost

    def _of_running(self, worth: Array) -> Array:
        """Worth of the pledges in force, shared with the giver's other partners: [L]."""
        running = self.facts.running
        others = np.take(running.serves.reshape(-1), running.by_giver) - 1
        return _shared(worth, others, self.plan.partners[running.kind])

    # ------------------------------------------------------------------ some pledges
    def at(self, kind: Ints, giver: Ints, taker: Ints, lane: Ints) -> tuple[Array, Array]:
        """(worth, cost) of some pledges, [L] each; kinds ascending, nobody with itself."""
        worth = np.zeros(kind.size)
        self._worth(Places(kind, giver, taker, lane), worth)
        running = self.facts.running
        if running.place.size:
            hand = (kind * self.count + giver) * self.worlds + lane
            place = ((kind * self.count + giver) * self.count + taker) * self.worlds + lane
            others = np.take(running.serves.reshape(-1), hand) - running.holds(place)
            worth = _shared(worth, others, self.plan.partners[kind])
        return worth, _cost_at(self.cost, kind, giver, taker, lane)

    def of_running(self, rows: PledgeRows) -> tuple[Array, Array]:
        """(worth, cost) of the pledges in force, [L] each."""
        one = self.facts.running
        worth, cost = rows.at(one.kind, one.giver, one.receiver, one.lane)
        return self._of_running(worth), cost


class PledgeSpots:
    """Values of the pledges that cells promise, and of no others."""

    def __init__(self, values: PledgeValues) -> None:
        self.values = values

    def sides(self, cells: Cells) -> tuple[Array, Array]:
        """(worth, cost) of the pledges given by each side, [X, K, L]; 0 where none is given."""
        worth, cost = np.zeros((2, *cells.pledge.shape))
        kind, side, cell = np.nonzero(np.swapaxes(cells.pledge, 0, 1) > 0.0)
        if kind.size:
            giver, taker = cells.who[side, cell], cells.who[1 - side, cell]
            found = self.values.at(kind, giver, taker, cells.lane[cell])
            worth[side, kind, cell], cost[side, kind, cell] = found
        return worth, cost


def one_less(part: AnyArray) -> Array:
    """What is left of one."""
    return np.asarray(1.0 - part)
