"""A business changes hands: its buyers, name, capacity and know-how go to another company.

Written once for failed companies, whose businesses are sold, and for deals. It works on tables
that may be written into, of one world at a time.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from game.core.axes import AnyArray, Array
from game.core.ruleset import Ruleset
from game.core.state import State
from game.economy.macro import to_dollars
from game.play import macro
from game.play.levers import ENTRANT_FIXED

OF_A_LINE = (
    "units", "base", "revenue", "goodwill", "contribution", "bump", "sensitivity", "slope",
    "capacity", "capacity_ordered", "knowledge",
)  # fmt: skip
"""What a product line has, and loses when it is given up."""
LEAST_BASE = 1e-12
"""m units: of fewer nobody asks which segment they are of."""
TAKEN_OVER = (
    "price", "units", "base", "revenue", "goodwill", "bump", "cost_shock", "sensitivity", "slope",
    "knowledge",
)  # fmt: skip
"""What a business brings to a buyer who is new in the market."""


class Tables(Protocol):
    """A state whose tables may be written into once they are one's own."""

    @property
    def state(self) -> State: ...

    def own(self, name: str) -> AnyArray:
        """A field of the state that may be written into."""
        ...


class Handover:
    """The businesses of one company in one world.

    Args:
        cost: [N, M, W] USD a unit, what each product costs now.
    """

    def __init__(
        self, tables: Tables, ruleset: Ruleset, seller: int, lane: int, cost: Array
    ) -> None:
        self.tables, self.ruleset, self.cost = tables, ruleset, cost
        self.me, self.lane = seller, lane

    def expected(self, market: int) -> tuple[Array, Array]:
        """(contribution a quarter in dollars that each expects of the business, its unit cost)."""
        state, ruleset, lane, me = self.tables.state, self.ruleset, self.lane, self.me
        there = state.on_sale[:, market, lane]
        units, price = state.units[me, market, lane], state.price[:, market, lane]
        base = ruleset.cost_base[:, market]
        mine = self.cost[me, market, lane]
        fresh = mine * base / base[me] if base[me] > 0.0 else np.full(len(base), mine)
        cost = np.where(there, self.cost[:, market, lane], fresh)
        dollar = self.dollar(market)
        earned = earned_by_buyer(
            state.contribution[me, market, lane] / dollar, units, price[me], mine, price, cost,
            there, np.asarray(fixed_cost(ruleset, me, market)),
            ENTRANT_FIXED * ruleset.licence[market],
            ruleset.rules.line_kept,
        )  # fmt: skip
        return dollar * earned, cost

    def dollar(self, market: int) -> float:
        """Dollars of now for one at the start's rate."""
        rate = macro.market_rate(self.tables.state, self.ruleset)
        return 1.0 if rate is None else float(to_dollars(np.ones(1), rate[market, self.lane])[0])

    def hand_over(self, market: int, buyer: int, cost: float, earned: float) -> float:
        """Give the business to a buyer.

        Args:
            cost, earned: what the buyer expects of it.

        Returns:
            What its capacity stands at in the books, now in the buyer's: USD m.
        """
        own, lane, me = self.tables.own, self.lane, self.me
        stood = self._capacity(market, buyer)
        coverage = own("coverage")
        coverage[buyer, market, :, lane] = np.maximum(
            coverage[buyer, market, :, lane], coverage[me, market, :, lane]
        )
        mine, theirs = (me, market, lane), (buyer, market, lane)
        accepted = own("acceptance")  # shops and sellers stay
        accepted[theirs] = max(accepted[theirs], accepted[mine])
        self._buyers(market, buyer)
        if self.tables.state.on_sale[theirs]:
            for name in ("goodwill", "base", "knowledge"):
                own(name)[theirs] += self.ruleset.rules.line_kept * own(name)[mine]
            return stood
        for name in TAKEN_OVER:
            own(name)[theirs] = own(name)[mine]
        own("unit_cost")[theirs], own("contribution")[theirs] = cost, earned
        own("quality")[theirs] = self._quality(market, buyer)
        made = own("cumulative")[mine] / max(self.ruleset.cumulative_ref[me, market], 1e-9)
        own("cumulative")[theirs] = made * self.ruleset.cumulative_ref[buyer, market]
        own("entry_due")[theirs] = -1
        own("on_sale")[theirs] = True
        return stood

    def _buyers(self, market: int, buyer: int) -> None:
        """The segments of the old buyers, by what is kept of both bases."""
        own, lane = self.tables.own, self.lane
        base = self.tables.state.base[:, market, lane]
        there = self.tables.state.on_sale[buyer, market, lane]
        ours = float(base[self.me]) * (self.ruleset.rules.line_kept if there else 1.0)
        theirs = float(base[buyer]) if there else 0.0
        mix, whole = own("base_mix"), ours + theirs
        if whole > LEAST_BASE:
            both = ours * mix[self.me, market, :, lane] + theirs * mix[buyer, market, :, lane]
            mix[buyer, market, :, lane] = both / whole

    def _capacity(self, market: int, buyer: int) -> float:
        """Capacity goes along and stands in the buyer's books as it stood in the seller's."""
        own, lane = self.tables.own, self.lane
        stood = self.plant_of(market)
        for name in ("capacity", "capacity_ordered"):
            own(name)[buyer, market, lane] += own(name)[self.me, market, lane]
        own("plant")[buyer, lane] += stood
        return stood

    def plant_of(self, market: int) -> float:
        """What the capacity of a business stands at, USD m."""
        state, at = self.tables.state, (self.me, market, self.lane)
        made = float(state.capacity[at] + state.capacity_ordered[at])
        return made * float(self.ruleset.capacity_cost[market])

    def _quality(self, market: int, buyer: int) -> float:
        """The business keeps its appeal for a while: as quality, which returns to the frontier."""
        ruleset = self.ruleset
        gap = ruleset.appeal[self.me, market] - ruleset.appeal[buyer, market]
        weight = ruleset.quality_weight[market]
        kept = self.tables.state.quality[self.me, market, self.lane]
        return float(kept + (gap / weight if weight > 0.0 else 0.0))

    def clear(self, market: int) -> None:
        """The seller no longer sells there."""
        at, own = (self.me, market, self.lane), self.tables.own
        for name in OF_A_LINE:
            own(name)[at] = 0.0
        own("coverage")[self.me, market, :, self.lane] = 0.0
        own("on_sale")[at] = False


def earned_by_buyer(
    contribution: AnyArray, units: AnyArray, price: AnyArray, cost: AnyArray, own_price: AnyArray,
    own_cost: AnyArray, there: AnyArray, fixed: AnyArray, new_fixed: AnyArray, kept: float,
) -> Array:  # fmt: skip
    """Contribution a quarter that a buyer expects of a business, at the start's rates.

    All broadcast together.

    Args:
        contribution, units, price, cost, fixed: of the seller: USD m, m units, USD a unit, USD m.
        own_price, own_cost: what the buyer asks and pays for a unit. there: it sells there already
            and keeps a part. new_fixed: USD m of a newcomer. kept: part kept, 0..1.
    """
    alone = contribution + (cost - own_cost) * units + fixed - new_fixed
    spent = (price - cost) * units - fixed - contribution
    merged = kept * ((own_price - own_cost) * units - spent)
    return np.asarray(np.where(there, merged, alone))


def fixed_cost(ruleset: Ruleset, company: int, market: int) -> float:
    """Fixed cost of a product line, USD m a quarter at the start's rate."""
    if ruleset.revenue_start[company, market] > 0.0:
        return float(ruleset.fixed_cost[company, market])
    return float(ENTRANT_FIXED * ruleset.licence[market])
