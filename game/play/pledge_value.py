"""What pledges would bring and cost, by figures that everybody may know.

First-order values: fast enough to rank every pledge between every pair once a turn. They are
worked out for all pairs that have something to give and to gain (:meth:`PledgeValues.rows`), or
for the pledges on a table alone (:mod:`game.play.pledge_spots`): by the same steps, to the same
bits.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise

import numpy as np

from game.core.axes import AnyArray, Array, Bools, any_over
from game.core.recall import Recall
from game.core.ruleset import PledgeEffect, Ruleset, Source
from game.core.state import State
from game.play.bounty_value import BountyValues
from game.play.observation import Observation
from game.play.places import Places, Shops, add_to, chunks, gathered, ranks
from game.play.pledge_facts import PublicFacts, facts_of_state, facts_of_view
from game.play.pledge_plan import KindPlan, plan_of
from game.play.pledge_rows import PledgeRows
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


def shared(worth: Array, others: AnyArray, partners: AnyArray) -> Array:
    """Worth where a giver serves others too: past what it can serve fully, a part of it."""
    return np.asarray(worth * np.minimum(partners / (others + 1.0), 1.0))


def lent_reach(able: Array, most: Array, own: Array, fit: Array) -> Array:
    """Log of what reach gains by a lent channel; writes into ``able``.

    Args:
        able: of the giver's channel. most: what a full one would add. own: what the receiver has.
    """
    able *= most
    able -= own
    np.maximum(able, 0.0, out=able)
    able *= np.minimum(fit, BEST_FIT)
    np.minimum(able, most, out=able)
    return np.log1p(able, out=able)


class PledgeValues:
    """Values of pledges under one ruleset in one quarter.

    A kind is worth the sum of what the giver has x what the receiver gains from it, x the
    pair's fit; lending works on the gap of reach between the two, market by market.
    """

    def __init__(self, facts: PublicFacts, ruleset: Ruleset) -> None:
        self.facts, self.ruleset, self.plan = facts, ruleset, plan_of(ruleset)
        self.count, self.worlds = facts.on_sale.shape[0], facts.on_sale.shape[-1]

    @staticmethod
    def kept(facts: PublicFacts, ruleset: Ruleset) -> PledgeValues:
        """Values for whoever looks; kept for the turn, which values by the same figures."""
        return _LAST.keep((ruleset,), PledgeValues(facts, ruleset))

    @staticmethod
    def again(facts: PublicFacts, ruleset: Ruleset) -> PledgeValues:
        """Values by figures that somebody has looked at before, with what was worked out then."""
        values, last = PledgeValues(facts, ruleset), _LAST.take((ruleset,))
        if last is not None:
            for name, needs in values._parts().items():
                same = all(getattr(last.facts, need) is getattr(facts, need) for need in needs)
                if same and name in last.__dict__:
                    values.__dict__[name] = last.__dict__[name]
        return values

    def _parts(self) -> dict[str, tuple[str, ...]]:
        """What can be used again, and the figures that it follows from."""
        sold = ("on_sale", "units", "price")
        every = (*sold, "fringe_units", "base", "adopters", "sensitivity", "margin")
        channels = ("coverage", "reach")
        lends = all(self.plan.kinds[index].lends for index in self.plan.by_channel)
        return {
            "cost": sold,
            "bounties": sold,
            "products": every if lends else every + channels,
            "lending": every + channels,
        }

    @cached_property
    def bounties(self) -> BountyValues:
        """What receivers of preload pledges pay by device."""
        return BountyValues(self.facts, self.ruleset)

    # ------------------------------------------------------------------ parts of the values
    @cached_property
    def _shops(self) -> Shops:
        """What is on sale in some world; axis S."""
        return Shops(self.facts.on_sale)

    @cached_property
    def _sold(self) -> Bools:
        """[S, W]."""
        return self._shops.of(self.facts.on_sale)

    @cached_property
    def _covered(self) -> Array:
        """Coverage of the shops by channel: [S x H, W]."""
        return self._shops.of(self.facts.coverage).reshape(-1, self.worlds)

    @cached_property
    def _earns(self) -> Array:
        """What a util earns: [S, W] USD m a quarter."""
        earns = self._shops.of(self.facts.margin)
        np.maximum(earns, 0.0, out=earns)
        earns *= self._shops.of(self.facts.sensitivity)
        earns *= self._sold
        return np.asarray(earns)

    @cached_property
    def _spent(self) -> Array:
        """What the goods sold cost: [S, W] USD m a quarter."""
        spent = self._shops.of(self.facts.price)
        spent -= self._shops.of(self.facts.margin)
        np.maximum(spent, 0.0, out=spent)
        spent *= self._shops.of(self.facts.units)
        return np.asarray(spent)

    @cached_property
    def _revenue(self) -> Array:
        """[N, M, W] USD m a quarter."""
        return np.asarray(self.facts.price * self.facts.units)

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
        first = self.plan.by_channel[one.index]
        return self._channels[:, first : first + len(self.ruleset.regions)]

    @cached_property
    def _channels(self) -> Array:
        """Best coverage by region, of the kinds whose source is a channel: [N, columns, W]."""
        entries, shops = self.plan.channels, self._shops
        columns = len(self.plan.by_channel) * len(self.ruleset.regions)
        used = shops.listed(entries.place)
        shop = shops.number[entries.place[used]]
        held = np.take(self._covered, 2 * shop + entries.channel[used], axis=0)
        held *= np.take(self._sold, shop, axis=0)
        out = np.zeros((self.count * columns, self.worlds))
        gathered(held, entries.target[used], out, np.maximum)
        return out.reshape(self.count, columns, self.worlds)

    def _gains(self) -> Array:
        """What receivers gain by product, entry apart: [N, products + 1, W]."""
        entries, shops = self.plan.gains, self._shops
        used = shops.listed(entries.place)
        row = shops.number[entries.place[used]]
        row += self.plan.spent[entries.kind[used]] * shops.place.size
        more = np.take(np.concatenate([self._earns, self._spent]), row, axis=0)
        more *= entries.weight[used, None]
        out = np.zeros((self.count * (self.plan.products + 1), self.worlds))
        gathered(more, entries.target[used], out)
        return out.reshape(self.count, -1, self.worlds)

    @cached_property
    def products(self) -> tuple[Array, Array]:
        """What givers have and receivers gain, by product: [N, products + 1, W] each."""
        gain = self._gains()
        give = np.zeros(gain.shape)
        for one in self.plan.kinds:
            if one.count:
                part = slice(one.first, one.first + one.count)
                give[:, part] = self._product(one, gain[:, part])
        return give, gain

    def _product(self, one: KindPlan, gain: Array) -> Array:
        """What givers have; ``gain`` is finished where it is no plain sum."""
        facts, effect = self.facts, one.kind.effect
        if effect == PledgeEffect.PRELOAD:
            return self._preload(one, gain)
        if effect == PledgeEffect.ENTRY:
            local = one.gain.any_of(facts.on_sale)
            gain[:] = one_less(local) * one.saved[:, None]
            return self._able(one) * local
        return self._able(one)

    def _preload(self, one: KindPlan, gain: Array) -> Array:
        """Users on the giver's devices, and the appeal that comes with being there."""
        facts, rules = self.facts, self.ruleset.rules
        gain *= rules.preload_bump
        gain /= np.maximum(one.source.of(facts.adopters[None])[0], 1e-9)
        gain += rules.user_value * one.gain.any_of(facts.on_sale)
        return one.source.of(facts.base) * min(one.kind.strength, 1.0)

    @cached_property
    def lending(self) -> tuple[Array, Array, Array, Array]:
        """Lending by kind and region, as averages over the receiver's markets by what they earn.

        Returns:
            What givers can lend; what a full channel would add to the receiver's reach, as a
            part of it; what its own coverage adds; what a util earns there, USD m a quarter.
            Each [N, lenders x R, W].
        """
        regions = len(self.ruleset.regions)
        able = np.zeros((self.count, self.plan.lent, self.worlds))
        for one in self.plan.kinds:
            if one.lends:
                able[:, one.first : one.first + regions] = self._able(one)
        whole, own, earns = self._missing()
        return able, whole, own, earns

    def _missing(self) -> Array:
        """The last three tables of :attr:`lending`."""
        entries, shops = self.plan.lending, self._shops
        used = shops.listed(entries.place)
        shop, channel = shops.number[entries.place[used]], entries.channel[used]
        full = entries.weight[used]
        across = -full * self.ruleset.channel_reach[entries.market[used], 1 - channel]
        values = np.empty((3, used.size, self.worlds))
        np.take(self._covered, 2 * shop + 1 - channel, axis=0, out=values[0], mode="clip")
        values[0] *= across[:, None]
        values[0] += full[:, None]
        values[0] *= np.take(self._earns / shops.of(self.facts.reach), shop, axis=0)
        np.take(self._covered, 2 * shop + channel, axis=0, out=values[1], mode="clip")
        values[1] *= values[0]
        np.take(self._earns, shop, axis=0, out=values[2], mode="clip")
        tables = np.zeros((3, self.count * self.plan.lent, self.worlds))
        gathered(values, entries.target[used], tables)
        tables[:2] /= np.maximum(tables[2], 1e-12)
        return tables.reshape(3, self.count, self.plan.lent, self.worlds)

    @cached_property
    def _most_of_products(self) -> tuple[Array, ...]:
        """Highest figures of :attr:`products` in any world."""
        return tuple(np.maximum.reduce(part, axis=-1) for part in self.products)

    @cached_property
    def _most_of_lending(self) -> tuple[Array, ...]:
        """Highest figures of :attr:`lending` in any world, of own coverage the lowest."""
        ways = (np.maximum, np.maximum, np.minimum, np.maximum)
        return tuple(
            way.reduce(part, axis=-1) for way, part in zip(ways, self.lending, strict=True)
        )

    # ------------------------------------------------------------------ values of rows
    def _worth(self, places: Places, out: Array) -> None:
        """Add the worth of whole rows, kinds ascending, to zeros [P, W]; bounties not taken off."""
        self._add_products(out, places)
        self._fitted(out, places)
        lends = np.flatnonzero(self.plan.column[places.kind] >= 0)
        if lends.size:
            lent = np.zeros((lends.size, *out.shape[1:]))
            self._add_lent(lent, places.some(lends))
            out[lends] = lent

    def _fitted(self, out: Array, places: Places) -> None:
        """Scale worth by the pairs' fits, kind by kind as it counts there."""
        edges = np.searchsorted(places.kind, np.arange(len(self.plan.most_fit) + 1)).tolist()
        for (first, last), most in zip(pairwise(edges), self.plan.most_fit.tolist(), strict=True):
            for some in chunks(first, last if most else first, self.worlds):
                one = places.some(some)
                fit = one.pick(self.facts.fit, one.giver * self.count + one.taker)
                out[some] *= np.minimum(fit, most, out=fit)

    def _add_products(self, out: Array, places: Places) -> None:
        (give, gain), most = self.products, self._most_of_products
        size = self.plan.products + 1
        product = np.take(self.plan.slot, places.kind, axis=1)
        used = most[0].reshape(-1).take(places.giver * size + product) > 0.0
        used &= most[1].reshape(-1).take(places.taker * size + product) > 0.0
        for fresh, slot, place in ranks(used, self.worlds):
            column = product[slot, place]
            more = places.pick(give, places.giver[place] * size + column)
            more *= places.pick(gain, places.taker[place] * size + column)
            add_to(out, place, more, fresh)

    def _add_lent(self, out: Array, places: Places) -> None:
        """Reach lent on the gap between giver and receiver."""
        able, whole, own, earns = self.lending
        size, regions = self.plan.lent, len(self.ruleset.regions)
        column = self.plan.column[places.kind] + np.arange(regions)[:, None]
        far = [field.reshape(-1) for field in self._most_of_lending]
        mine, theirs = (who * size + column for who in (places.giver, places.taker))
        used = far[3].take(theirs) > 0.0
        used &= far[0].take(mine) * far[1].take(theirs) > far[2].take(theirs)
        for fresh, slot, place in ranks(used, self.worlds):
            mine, theirs = (
                who[place] * size + column[slot, place] for who in (places.giver, places.taker)
            )
            pair = places.giver[place] * self.count + places.taker[place]
            most = places.pick(whole, theirs)
            fit = places.pick(self.facts.fit, pair)
            more = lent_reach(places.pick(able, mine), most, places.pick(own, theirs), fit)
            more *= places.pick(earns, theirs)
            add_to(out, place, more, fresh)

    # ------------------------------------------------------------------ all pairs
    def rows(self) -> PledgeRows:
        """Values of all pledges between pairs that have something to give and to gain."""
        kind, giver, taker = np.nonzero(self._pairs())
        worth = np.zeros((kind.size + 1, self.worlds))
        places = Places(kind, giver, taker, None)
        self._worth(places, worth[:-1])
        row = np.full((len(self.plan.kinds), self.count, self.count), kind.size)
        row[kind, giver, taker] = np.arange(kind.size)
        bounty, bounty_row = self.bounties.table(places, worth)
        return PledgeRows(kind, giver, taker, worth, row, self.cost, bounty, bounty_row)

    def _pairs(self) -> Bools:
        """Pairs of which the first has something of a kind and the second gains: [K, N, N]."""
        give, gain = (part > 0.0 for part in self._most_of_products)
        able, earns = (self._most_of_lending[place] > 0.0 for place in (0, 3))
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
        part = shared(busy, serves[:, None], self.plan.partners[kind][:, None])
        worth[kind, giver, :, lane] = part
        worth.reshape(-1)[running.place] = self._of_running(kept)
        cost = np.repeat(self.cost[:, None], self.count, axis=1)
        if rows.bounty_row is not None:
            cost -= np.take(rows.bounty, rows.bounty_row, axis=0)
        companies = np.arange(self.count)
        cost[:, companies, companies] = 0.0
        return worth, cost

    def _of_running(self, worth: Array) -> Array:
        """Worth of the pledges in force, shared with the giver's other partners: [L]."""
        running = self.facts.running
        others = np.take(running.serves.reshape(-1), running.by_giver) - 1
        return shared(worth, others, self.plan.partners[running.kind])

    def of_running(self, rows: PledgeRows) -> tuple[Array, Array]:
        """(worth, cost) of the pledges in force, [L] each."""
        one = self.facts.running
        worth, cost = rows.at(one.kind, one.giver, one.receiver, one.lane)
        return self._of_running(worth), cost


_LAST: Recall[PledgeValues] = Recall()


def one_less(part: AnyArray) -> Array:
    """What is left of one."""
    return np.asarray(1.0 - part)
