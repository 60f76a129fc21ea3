"""What every single pledge brings its receiver: the turn's own law, one pledge a lane."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping

import numpy as np

from game.core.axes import PRODUCT, Array, Ints, take_worlds
from game.core.ruleset import PledgeEffect
from game.core.state import State
from game.economy.research import absorption, knowledge_next, research_return
from game.play.bounty import bounty_amounts
from game.play.explain.causes import Cause, Key
from game.play.explain.eyes import believed
from game.play.explain.watch import Watched
from game.play.knowledge import spilled
from game.play.market import mean_terms
from game.play.pledges import PledgeEffects, PledgeList, fit_guess, pledge_effects


@dataclasses.dataclass(frozen=True)
class Lent:
    """What a pledge brings a company: everywhere with an axis M, in one market without."""

    appeal: Array
    """[M] utils."""
    coverage: Array
    """[M, H] fraction."""
    cheaper: Array
    """[M] log."""
    quality: Array
    """[M] quality gained in the quarter."""
    income: float
    """USD m."""

    def at(self, market: int) -> Lent:
        """In one market."""
        return Lent(
            self.appeal[market],
            self.coverage[market],
            self.cheaper[market],
            self.quality[market],
            self.income,
        )


NOTHING = Lent(np.zeros(()), np.zeros(2), np.zeros(()), np.zeros(()), 0.0)
Pledged = Mapping[Key, Lent]


@dataclasses.dataclass(frozen=True)
class _Found:
    """What pledges to a company bring it, axis P: one a pledge, or one all together."""

    appeal: Array
    coverage: Array
    cheaper: Array
    quality: Array
    income: Array


def pledges_to(seen: Watched, company: int, lane: int, seat: int | None = None) -> Pledged:
    """What each pledge brings a company, by giver and kind.

    Where pledges saturate together (a gap closed, a cost pooled), each gets its part of the whole
    in proportion to what it would bring alone, so that they sum to what the turn applied.

    Args:
        seat: through whose eyes: by the efforts that it was told of. None: by the true ones.
    """
    listed = seen.quarter.listed
    rows = np.flatnonzero((listed.lane == lane) & (listed.receiver == company))
    if not rows.size:
        return {}
    pledges = listed.cut(rows) if seat is None else believed(seen, seat, rows)
    each = _alone(seen, pledges, company, lane, seat, np.arange(len(rows)))
    whole = _alone(seen, pledges, company, lane, seat, np.zeros(len(rows), int))
    count = len(rows)
    appeal, coverage, cheaper, quality, income = (
        _shared(getattr(each, field.name)[..., :count], getattr(whole, field.name)[..., 0])
        for field in dataclasses.fields(_Found)
    )
    return {
        Key(Cause.PLEDGE, int(listed.giver[row]), int(listed.kind[row])): Lent(
            appeal[:, place],
            coverage[..., place],
            cheaper[:, place],
            quality[:, place],
            float(income[place]),
        )
        for place, row in enumerate(rows)
    }


def apps_unheard(seen: Watched, company: int, lane: int, seat: int | None) -> Array:
    """Appeal that a maker's devices have of others' systems beyond what a seat heard: [M] utils.

    Devices that carry an ally's system have its apps; how many do is the effort given.
    """
    listed, ruleset = seen.quarter.listed, seen.ruleset
    carried = np.array([kind.effect == PledgeEffect.PRELOAD for kind in ruleset.pledges])
    here = (listed.lane == lane) & (listed.giver == company) & carried[listed.kind]
    rows = np.flatnonzero(here)
    if seat is None or seat == company or not rows.size:
        return np.zeros(len(ruleset.markets))
    early, late = (take_worlds(one, np.full(2, lane)) for one in (seen.early, seen.late))
    guessed = dataclasses.replace(early, fit=fit_guess(early, ruleset))

    def gained(state: State, pledges: PledgeList) -> Array:
        placed = dataclasses.replace(pledges, lane=np.zeros(len(rows), int))
        found = pledge_effects(state, ruleset, placed, seen.quarter.product_lines)
        term = mean_terms(late, ruleset, found).get("apps")
        return np.zeros(len(ruleset.markets)) if term is None else np.asarray(term[company, :, 0])

    return gained(early, listed.cut(rows)) - gained(guessed, believed(seen, seat, rows))


def entry_help(seen: Watched, company: int, lane: int) -> Array:
    """Appeal that allies' local knowledge gave lines begun this quarter: [M] utils."""
    listed = seen.quarter.listed
    rows = np.flatnonzero((listed.lane == lane) & (listed.receiver == company))
    if not rows.size:
        return np.zeros(len(seen.ruleset.markets))
    return _spared(seen, listed.cut(rows), company, lane, np.zeros(len(rows), int))[:, 0]


def _spared(seen: Watched, pledges: PledgeList, company: int, lane: int, lanes: Ints) -> Array:
    """The same by pledges in the lanes that they are put into; the best counts. [M, P]."""
    ruleset = seen.ruleset
    best = np.zeros(max(int(lanes.max()) + 1, 2))
    begun = seen.late.on_sale[company, :, lane] & ~seen.start.on_sale[company, :, lane]
    due = seen.start.entry_due[company, :, lane]
    begun &= (due >= 0) & (due <= seen.turn)
    abroad = begun & ~ruleset.home[company]
    if abroad.any():
        local = np.array([kind.effect == PledgeEffect.ENTRY for kind in ruleset.pledges])
        told = seen.early.pledge_announced[pledges.kind, pledges.giver, company, lane]
        np.maximum.at(best, lanes, told * local[pledges.kind])
    return np.asarray(ruleset.rules.abroad_discount * abroad[:, None] * best)


def missed(truth: Pledged, told: Pledged) -> Lent:
    """What pledges bring beyond what was told of them, in one market."""

    def gap(name: str) -> Array:
        sums = [
            sum((getattr(one, name) for one in found.values()), np.zeros(()))
            for found in (truth, told)
        ]
        return np.asarray(sums[0] - sums[1])

    coverage = np.broadcast_to(gap("coverage"), NOTHING.coverage.shape)
    return Lent(gap("appeal"), coverage, gap("cheaper"), NOTHING.quality, 0.0)


def charges_of(seen: Watched, company: int, lane: int) -> Mapping[Key, float]:
    """What each pledge that a company gives costs it, by receiver and kind: USD m."""
    listed = seen.quarter.listed
    rows = np.flatnonzero((listed.lane == lane) & (listed.giver == company))
    if not rows.size:
        return {}
    lanes = np.arange(len(rows))
    pledges = dataclasses.replace(listed.cut(rows), lane=lanes)
    state = take_worlds(seen.early, np.full(max(len(rows), 2), lane))
    found = pledge_effects(state, seen.ruleset, pledges, seen.quarter.product_lines)
    cost = found.giving_cost[company][: len(rows)]
    cost = _shared(cost, seen.quarter.effects.giving_cost[company, lane])
    return {
        Key(Cause.GIVEN, int(listed.receiver[row]), int(listed.kind[row])): float(cost[place])
        for place, row in enumerate(rows)
    }


def bounties_of(seen: Watched, company: int, lane: int) -> dict[Key, float]:
    """What a company earns and pays by device, by pledge given and received: USD m."""
    quarter = seen.quarter
    found = quarter.effects.bounties
    out: dict[Key, float] = {}
    for one, amount in zip(found, bounty_amounts(seen.closed, seen.ruleset, found), strict=True):
        for row in np.flatnonzero(one.lane == lane).tolist():
            giver, receiver = int(one.giver[row]), int(one.receiver[row])
            sides = (
                (giver, 1.0, Key(Cause.GIVEN, receiver, one.kind)),
                (receiver, -1.0, Key(Cause.PLEDGE, giver, one.kind)),
            )
            for who, sign, key in sides:
                if who == company:
                    out[key] = out.get(key, 0.0) + sign * float(amount[row])
    return out


def bounty_rates(seen: Watched, market: int, lane: int, company: int) -> dict[Key, float]:
    """What each ally pays a company for a device sold in a market, by pledge given: USD."""
    out: dict[Key, float] = {}
    for one in seen.quarter.effects.bounties:
        here = (one.lane == lane) & (one.market == market) & (one.giver == company)
        for row in np.flatnonzero(here).tolist():
            key = Key(Cause.GIVEN, int(one.receiver[row]), one.kind)
            out[key] = out.get(key, 0.0) + float(one.rate[row])
    return out


def _alone(
    seen: Watched, pledges: PledgeList, company: int, lane: int, seat: int | None, lanes: Ints
) -> _Found:
    """What pledges bring by themselves, in the lanes that they are put into."""
    count = max(int(lanes.max()) + 1, 2)
    state = take_worlds(seen.early, np.full(count, lane))
    if seat is not None:
        state = dataclasses.replace(state, fit=fit_guess(state, seen.ruleset))
    placed = dataclasses.replace(pledges, lane=lanes)
    found = pledge_effects(state, seen.ruleset, placed, seen.quarter.product_lines)
    return _Found(
        found.appeal[company] + _spared(seen, pledges, company, lane, lanes),
        found.lent[company],
        found.cost[company],
        _gained(seen, state, placed, found, company, lane, seat),
        found.preload_income[company],
    )


def _gained(
    seen: Watched, state: State, placed: PledgeList, found: PledgeEffects, company: int,
    lane: int, seat: int | None,
) -> Array:  # fmt: skip
    """Quality that shared research brings a company in the quarter: [M, P]."""
    ruleset = seen.ruleset
    rules = ruleset.rules
    spend = np.repeat(seen.quarter.spend[..., lane : lane + 1], state.cash.shape[-1], axis=-1)
    own = spend[company, PRODUCT]
    factor = found.research[company]
    if seat is not None:  # what others spend is not known; what they usually do is
        usual = np.broadcast_to(ruleset.spend_normal[:, :, PRODUCT, None], spend[:, PRODUCT].shape)
        spend[:, PRODUCT] = usual
    quarter = copy.copy(seen.quarter)
    quarter.listed, quarter.spend = placed, spend
    opened = spilled(quarter)
    sales = np.maximum(
        (state.price * state.units).sum(axis=0), ruleset.market_revenue_start[:, None]
    )
    sales = np.maximum(sales, 1e-9)

    def returns(flow: Array) -> Array:
        lost = rules.knowledge_depreciation
        stock = knowledge_next(state.knowledge[company], flow, lost)
        intensity = stock * lost / sales
        return research_return(intensity, rules.research_half, rules.research_ceiling)

    flow = own * factor
    if opened is not None:
        flow = flow + absorption(flow / sales, rules.research_half) * opened[company]
    return np.asarray((returns(flow) - returns(own)) * state.on_sale[company])


def _shared(alone: Array, whole: Array) -> Array:
    """Parts [..., P] that sum to a whole [...], as far as something is there to share."""
    total = alone.sum(axis=-1)
    there = total != 0.0
    factor = np.divide(whole, total, out=np.zeros(total.shape), where=there)
    return np.asarray(alone * factor[..., None])
