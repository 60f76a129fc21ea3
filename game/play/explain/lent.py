"""What every single pledge brings its receiver: the turn's own law, one pledge a lane."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from game.core.axes import Array, Ints, take_worlds
from game.play.bounty import bounty_amounts
from game.play.explain.causes import Cause, Key
from game.play.explain.watch import Watched
from game.play.pledges import PledgeEffects, PledgeList, pledge_effects


@dataclasses.dataclass(frozen=True)
class Lent:
    """What a pledge brings a company: everywhere with an axis M, in one market without."""

    appeal: Array
    """[M] utils."""
    coverage: Array
    """[M, H] fraction."""
    cheaper: Array
    """[M] log."""
    income: float
    """USD m."""

    def at(self, market: int) -> Lent:
        """In one market."""
        return Lent(self.appeal[market], self.coverage[market], self.cheaper[market], self.income)


NOTHING = Lent(np.zeros(()), np.zeros(2), np.zeros(()), 0.0)


def pledges_to(seen: Watched, company: int, lane: int) -> Mapping[Key, Lent]:
    """What each pledge brings a company, by giver and kind.

    Where pledges saturate together (a gap closed, a cost pooled), each gets its part of the whole
    in proportion to what it would bring alone, so that they sum to what the turn applied.
    """
    listed = seen.quarter.listed
    rows = np.flatnonzero((listed.lane == lane) & (listed.receiver == company))
    if not rows.size:
        return {}
    found = _alone(seen, listed, rows, lane)
    whole = seen.quarter.effects
    lanes = np.arange(len(rows))
    appeal = _shared(found.appeal[company][:, lanes], whole.appeal[company, :, lane])
    coverage = _shared(found.lent[company][..., lanes], whole.lent[company, ..., lane])
    cheaper = _shared(found.cost[company][:, lanes], whole.cost[company, :, lane])
    income = _shared(found.preload_income[company][lanes], whole.preload_income[company, lane])
    return {
        Key(Cause.PLEDGE, int(listed.giver[row]), int(listed.kind[row])): Lent(
            appeal[:, place], coverage[..., place], cheaper[:, place], float(income[place])
        )
        for place, row in enumerate(rows)
    }


def charges_of(seen: Watched, company: int, lane: int) -> Mapping[Key, float]:
    """What each pledge that a company gives costs it, by receiver and kind: USD m."""
    listed = seen.quarter.listed
    rows = np.flatnonzero((listed.lane == lane) & (listed.giver == company))
    if not rows.size:
        return {}
    cost = _alone(seen, listed, rows, lane).giving_cost[company][: len(rows)]
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
    for one, amount in zip(found, bounty_amounts(seen.valued, seen.ruleset, found), strict=True):
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


def _alone(seen: Watched, listed: PledgeList, rows: Ints, lane: int) -> PledgeEffects:
    """Effects of each pledge by itself, a lane each."""
    lanes = np.full(max(len(rows), 2), lane)
    one_each = dataclasses.replace(listed.cut(rows), lane=np.arange(len(rows)))
    return pledge_effects(
        take_worlds(seen.early, lanes), seen.ruleset, one_each, seen.quarter.product_lines
    )


def _shared(alone: Array, whole: Array) -> Array:
    """Parts [..., P] that sum to a whole [...], as far as something is there to share."""
    total = alone.sum(axis=-1)
    there = total != 0.0
    factor = np.divide(whole, total, out=np.zeros(total.shape), where=there)
    return np.asarray(alone * factor[..., None])
