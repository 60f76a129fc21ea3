"""A failed company is wound up: everything it has is sold, and creditors share the money.

Stakes go to the public at the quote, claims on others to lenders at face, businesses to the
highest bidder, what lies outside the scenario to outsiders. The estate pays suppliers, lenders,
companies and at last the holders. A shell remains, which acts no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from game.core.axes import Bools
from game.core.ruleset import Status
from game.finance.clearing import auction, waterfall
from game.play import macro
from game.play.clauses import end_clauses_of
from game.play.handover import OF_A_LINE as OF_A_LINE
from game.play.handover import Handover
from game.play.later import end_later
from game.play.outcome import shares_total
from game.play.pledge_ends import end_pledges_of
from game.play.quarter import Quarter
from game.play.report import Line

if TYPE_CHECKING:
    from game.play.insolvency import Accounts


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
    quarter.state = end_later(end_clauses_of(quarter.state, failed), failed)
    quarter.running = quarter.in_force_now()


class _WindingUp:
    """One company in one world."""

    def __init__(self, quarter: Quarter, books: Accounts, company: int, lane: int) -> None:
        self.quarter, self.books, self.ruleset = quarter, books, quarter.ruleset
        self.me, self.lane = company, lane
        self.businesses = Handover(quarter, self.ruleset, company, lane, quarter.cost)

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
        own("loan_price")[:, me, lane] = 0.0
        self.books.gain[me, lane] -= float(face.sum())
        self.book(Line.LIQUIDATED, me, float(face.sum()))

    # ---------------------------------------------------------------------- businesses

    def _sell_business(self, market: int) -> None:
        earned, cost = self.businesses.expected(market)
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
            stood = self.businesses.hand_over(
                market, winner, float(cost[winner]), float(earned[winner])
            )
            self.books.gain[winner, lane] += stood
            self.quarter.noted("sold_to")[self.me, market, lane] = winner
        self.businesses.clear(market)

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
        own("loan_price")[me, :, lane] = 0.0

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
