"""A failed company is wound up: everything it has is sold, and creditors share the money.

Stakes go to the public at the quote, claims on others to lenders at face, businesses to the
highest bidder, what lies outside the scenario to outsiders. The estate pays suppliers, lenders,
companies and at last the holders. A shell remains, which acts no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from game.core.axes import Array, Bools
from game.core.ruleset import Status
from game.economy.macro import to_dollars
from game.finance.clearing import auction, waterfall
from game.play import macro
from game.play.contracts import end_pledges_of
from game.play.levers import ENTRANT_FIXED
from game.play.outcome import shares_total
from game.play.quarter import Quarter
from game.play.report import Line

if TYPE_CHECKING:
    from game.play.insolvency import Accounts

OF_A_LINE = (
    "units", "base", "revenue", "goodwill", "contribution", "bump", "sensitivity", "slope",
    "capacity", "capacity_ordered", "knowledge",
)  # fmt: skip
"""What a product line has, and loses when it is given up."""
LEAST_BASE = 1e-12
"""m units: of fewer nobody asks which segment they are of."""
_TAKEN_OVER = (
    "price", "units", "base", "revenue", "goodwill", "bump", "cost_shock", "sensitivity", "slope",
    "knowledge",
)  # fmt: skip
"""What a business brings to a buyer who is new in the market."""


def wind_up(quarter: Quarter, books: Accounts, failed: Bools) -> None:
    """Wind up companies, by world and uid.

    Args:
        failed: [N, W].
    """
    uid = quarter.ruleset.company_uid
    found = sorted(np.argwhere(failed).tolist(), key=lambda at: (at[1], int(uid[at[0]])))
    quarter.note(sold_to=np.full(quarter.state.on_sale.shape, -1, np.int16))
    quarter.own("status")[failed] = Status.FAILED
    for company, lane in found:
        _WindingUp(quarter, books, company, lane).run()
    quarter.state = end_pledges_of(quarter.state, failed, quarter.start)
    quarter.running = quarter.in_force_now()


class _WindingUp:
    """One company in one world."""

    def __init__(self, quarter: Quarter, books: Accounts, company: int, lane: int) -> None:
        self.quarter, self.books, self.ruleset = quarter, books, quarter.ruleset
        self.me, self.lane = company, lane

    def book(self, line: Line, company: int, amount: float) -> None:
        """Cash that comes to a company, into the books and the purse."""
        self.quarter.lines[line, company, self.lane] += amount
        self.books.cash[company, self.lane] += amount

    def run(self) -> None:
        """Sell, pay, close."""
        self._sell_stakes()
        self._sell_claims()
        for market in np.flatnonzero(self.quarter.state.on_sale[self.me, :, self.lane]).tolist():
            self._sell_business(market)
        self._sell_the_rest()
        self._pay_creditors()
        self._pay_holders()
        self._close()

    def _sell_stakes(self) -> None:
        own, lane, me = self.quarter.own, self.lane, self.me
        shares, carrying = own("shares"), own("carrying")
        held = shares[me, :, lane].copy()
        quote = self.quarter.state.quote[:, lane]
        got, stood = float((held * quote).sum()), float(carrying[me, :, lane].sum())
        own("public")[:, lane] += held
        shares[me, :, lane], carrying[me, :, lane] = 0, 0.0
        self.book(Line.LIQUIDATED, me, got)
        self.books.gain[me, lane] -= stood
        own("board")[me, :, lane] = False
        own("disclosed")[me, :, lane] = False
        own("locked_until")[me, :, lane] = -1

    def _sell_claims(self) -> None:
        """Loans to others pass to lenders at face."""
        if not self.quarter.state.loan_due.any():
            return
        own, lane, me = self.quarter.own, self.lane, self.me
        owed = own("loan_owed")
        face = owed[:, me, lane].copy()
        self.books.debt[:, lane] += face
        owed[:, me, lane] = 0.0
        own("loan_due")[:, me, lane] = 0
        own("loan_rate")[:, me, lane] = 0.0
        self.books.gain[me, lane] -= float(face.sum())
        self.book(Line.LIQUIDATED, me, float(face.sum()))

    # ---------------------------------------------------------------------- businesses

    def _sell_business(self, market: int) -> None:
        earned, cost = self._expected(market)
        rules = self.ruleset.rules
        state, lane = self.quarter.state, self.lane
        tax = np.broadcast_to(macro.tax_rate(state, self.ruleset), state.cash.shape)[:, lane]
        worth = rules.line_quarters * (1.0 - tax) * np.maximum(earned, 0.0)
        free = macro.may_enter(state, self.ruleset)[:, market]
        able = (state.status[:, lane] != Status.FAILED) & free[:, lane % free.shape[1]]
        purse = rules.bid_cash * np.maximum(self.books.cash[:, lane], 0.0)
        bids = np.where(able, np.minimum(worth, purse), 0.0)
        winner, price = auction(bids, self.ruleset.company_uid)
        if winner >= 0:
            self.book(Line.BUSINESSES, self.me, price)
            self.book(Line.BUSINESSES, winner, -price)
            self._hand_over(market, winner, float(cost[winner]), float(earned[winner]))
            self.quarter.noted("sold_to")[self.me, market, lane] = winner
        self._clear_line(market)

    def _expected(self, market: int) -> tuple[Array, Array]:
        """(contribution a quarter in dollars that each expects of the business, its unit cost)."""
        state, ruleset, lane, me = self.quarter.state, self.ruleset, self.lane, self.me
        there = state.on_sale[:, market, lane]
        units, price = state.units[me, market, lane], state.price[:, market, lane]
        base = ruleset.cost_base[:, market]
        mine = self.quarter.cost[me, market, lane]
        fresh = mine * base / base[me] if base[me] > 0.0 else np.full(len(base), mine)
        cost = np.where(there, self.quarter.cost[:, market, lane], fresh)
        dollar = self._dollar(market)
        fixed = _fixed_cost(self.quarter, me, market)
        contribution = state.contribution[me, market, lane] / dollar
        new_fixed = ENTRANT_FIXED * ruleset.licence[market]
        alone = contribution + (mine - cost) * units + fixed - new_fixed
        spent = (price[me] - mine) * units - fixed - contribution
        merged = ruleset.rules.line_kept * ((price - cost) * units - spent)
        return dollar * np.where(there, merged, alone), cost

    def _dollar(self, market: int) -> float:
        """Dollars of now for one at the start's rate."""
        rate = macro.market_rate(self.quarter.state, self.ruleset)
        return 1.0 if rate is None else float(to_dollars(np.ones(1), rate[market, self.lane])[0])

    def _hand_over(self, market: int, buyer: int, cost: float, earned: float) -> None:
        own, lane, me = self.quarter.own, self.lane, self.me
        self._hand_over_capacity(market, buyer)
        coverage = own("coverage")
        coverage[buyer, market, :, lane] = np.maximum(
            coverage[buyer, market, :, lane], coverage[me, market, :, lane]
        )
        mine, theirs = (me, market, lane), (buyer, market, lane)
        accepted = own("acceptance")  # shops and sellers stay
        accepted[theirs] = max(accepted[theirs], accepted[mine])
        self._hand_over_buyers(market, buyer)
        if self.quarter.state.on_sale[theirs]:
            for name in ("goodwill", "base", "knowledge"):
                own(name)[theirs] += self.ruleset.rules.line_kept * own(name)[mine]
            return
        for name in _TAKEN_OVER:
            own(name)[theirs] = own(name)[mine]
        own("unit_cost")[theirs], own("contribution")[theirs] = cost, earned
        own("quality")[theirs] = self._quality(market, buyer)
        made = own("cumulative")[mine] / max(self.ruleset.cumulative_ref[me, market], 1e-9)
        own("cumulative")[theirs] = made * self.ruleset.cumulative_ref[buyer, market]
        own("entry_due")[theirs] = -1
        own("on_sale")[theirs] = True

    def _hand_over_buyers(self, market: int, buyer: int) -> None:
        """The segments of the old buyers, by what is kept of both bases."""
        own, lane, base = self.quarter.own, self.lane, self.quarter.state.base[:, market, self.lane]
        there = self.quarter.state.on_sale[buyer, market, lane]
        ours = float(base[self.me]) * (self.ruleset.rules.line_kept if there else 1.0)
        theirs = float(base[buyer]) if there else 0.0
        mix, whole = own("base_mix"), ours + theirs
        if whole > LEAST_BASE:
            both = ours * mix[self.me, market, :, lane] + theirs * mix[buyer, market, :, lane]
            mix[buyer, market, :, lane] = both / whole

    def _hand_over_capacity(self, market: int, buyer: int) -> None:
        """Capacity goes along and stands in the buyer's books as it stood in the seller's."""
        own, lane = self.quarter.own, self.lane
        stood = self._plant_of(market)
        for name in ("capacity", "capacity_ordered"):
            own(name)[buyer, market, lane] += own(name)[self.me, market, lane]
        own("plant")[buyer, lane] += stood
        self.books.gain[buyer, lane] += stood

    def _plant_of(self, market: int) -> float:
        state, at = self.quarter.state, (self.me, market, self.lane)
        made = float(state.capacity[at] + state.capacity_ordered[at])
        return made * float(self.ruleset.capacity_cost[market])

    def _quality(self, market: int, buyer: int) -> float:
        """The business keeps its appeal for a while: as quality, which returns to the frontier."""
        ruleset = self.ruleset
        gap = ruleset.appeal[self.me, market] - ruleset.appeal[buyer, market]
        weight = ruleset.quality_weight[market]
        kept = self.quarter.state.quality[self.me, market, self.lane]
        return float(kept + (gap / weight if weight > 0.0 else 0.0))

    def _clear_line(self, market: int) -> None:
        at, own = (self.me, market, self.lane), self.quarter.own
        for name in OF_A_LINE:
            own(name)[at] = 0.0
        own("coverage")[self.me, market, :, self.lane] = 0.0
        own("on_sale")[at] = False

    def _sell_the_rest(self) -> None:
        """Businesses outside the scenario go to outsiders for what they earn."""
        rules = self.ruleset.rules
        earns = float(self.ruleset.other_profit[self.me] - self.ruleset.overhead[self.me])
        worth = rules.line_quarters * (1.0 - rules.tax) * max(earns, 0.0)
        self.book(Line.LIQUIDATED, self.me, worth)

    # -------------------------------------------------------------------------- claims

    def _pay_creditors(self) -> None:
        books, me, lane = self.books, self.me, self.lane
        left = float(books.cash[me, lane])
        if left < 0.0:  # suppliers come first, and lose what is missing
            self.book(Line.DEBT_FORGIVEN, me, -left)
            books.cash[me, lane] = left = 0.0
        loans = self.quarter.state.loan_owed[me, :, lane]
        claims = np.array([books.debt[me, lane], loans.sum()])
        paid = waterfall(np.asarray(left), claims)
        self.book(Line.BORROWED, me, -float(paid[0]))
        books.relief[me, lane] += float((claims - paid).sum())
        books.debt[me, lane] = 0.0
        for creditor in np.flatnonzero(loans > 0.0).tolist():
            part = float(paid[1] * loans[creditor] / claims[1])
            self.book(Line.LOANS_TAKEN, me, -part)
            self.book(Line.LOANS_GIVEN, creditor, part)
            books.written_off[creditor, lane] += float(loans[creditor]) - part
        own = self.quarter.own
        own("loan_owed")[me, :, lane] = 0.0
        own("loan_due")[me, :, lane] = 0
        own("loan_rate")[me, :, lane] = 0.0

    def _pay_holders(self) -> None:
        """What is left goes to all holders by share; shares of companies are given back."""
        own, me, lane = self.quarter.own, self.me, self.lane
        left = max(float(self.books.cash[me, lane]), 0.0)
        per_share = left / max(float(shares_total(self.quarter.state)[me, lane]), 1.0)
        shares, carrying = own("shares"), own("carrying")
        for holder in np.flatnonzero(shares[:, me, lane]).tolist():
            self.book(Line.DIVIDENDS_RECEIVED, holder, per_share * float(shares[holder, me, lane]))
        self.book(Line.DIVIDENDS_PAID, me, -left)
        self.books.cash[me, lane] = 0.0
        own("dividends")[me, lane] += per_share
        self.books.written_off[:, lane] += carrying[:, me, lane]
        own("public")[me, lane] += shares[:, me, lane].sum()
        shares[:, me, lane], carrying[:, me, lane] = 0, 0.0
        own("board")[:, me, lane] = False
        own("disclosed")[:, me, lane] = False
        own("locked_until")[:, me, lane] = -1

    def _close(self) -> None:
        own, me, lane = self.quarter.own, self.me, self.lane
        own("entry_due")[me, :, lane] = -1
        self.books.gain[me, lane] -= own("plant")[me, lane]
        own("plant")[me, lane] = 0.0
        own("profit_trend")[me, lane] = 0.0
        own("tax_loss")[me, :, lane] = 0.0
        own("project_due")[me, lane] = own("project_now")[me, lane] = -1
        own("focus")[me, :, lane] = -1
        own("year_units")[me, :, lane] = 0.0
        own("attention")[me, lane] = 0


def _fixed_cost(quarter: Quarter, company: int, market: int) -> float:
    ruleset = quarter.ruleset
    if ruleset.revenue_start[company, market] > 0.0:
        return float(ruleset.fixed_cost[company, market])
    return float(ENTRANT_FIXED * ruleset.licence[market])
