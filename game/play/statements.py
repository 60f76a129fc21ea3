"""The three statements of a quarter, and how they tie to one another.

Made from the states around a quarter and its report. Licences, projects, research and brand are
expenses when they are paid, and so is tax. Capacity is an asset that wears out; there is no
inventory. Interest on loans among companies is accrued until the loan is repaid.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from game.core.axes import Array
from game.core.state import State
from game.play.report import PROFIT_LINES, Line, Report

GROSS = (Line.REVENUE, Line.COST_OF_SALES)
OPERATING = (
    Line.RESEARCH, Line.REACH, Line.BRAND, Line.FIXED, Line.OVERHEAD, Line.OTHER_PROFIT,
    Line.PLEDGE_INCOME, Line.PLEDGE_COST, Line.BOUNTY_INCOME, Line.BOUNTY_COST,
    Line.VENTURES, Line.DEPRECIATION,
)  # fmt: skip
SINGULAR = (Line.ENTRIES, Line.PROJECTS, Line.DEAL_COST, Line.EVENTS, Line.WRITE_OFF)
FINANCE = (Line.INTEREST,)
BELOW = (Line.DEALS,)
"""Income and cost in cash beyond the profit of the quarter's business, untaxed."""
ACCRUALS = (Line.NOT_IN_CASH, Line.LOAN_INTEREST)
"""Costs and income in the profit that were not paid in cash."""
INVESTING = (
    Line.CAPACITY, Line.STAKES_BOUGHT, Line.STAKES_SOLD, Line.DIVIDENDS_RECEIVED,
    Line.LOANS_GIVEN, Line.BUSINESSES, Line.LIQUIDATED,
)  # fmt: skip
FINANCING = (
    Line.DIVIDENDS_PAID, Line.BORROWED, Line.ISSUED, Line.BOUGHT_BACK, Line.SHARES_SOLD,
    Line.DEBT_FORGIVEN, Line.LOANS_TAKEN,
)  # fmt: skip


@dataclass(frozen=True)
class Balance:
    """What is owned and owed at the end of a quarter, [N, W] USD m."""

    cash: Array
    holdings: Array
    """At cost below 20 %, by the equity method from there on."""
    plant: Array
    """Capacity, working and on order, at cost less wear."""
    loans_given: Array
    """To companies, with interest so far."""
    debt: Array
    """To lenders outside."""
    loans_taken: Array
    """From companies, with interest so far."""

    @classmethod
    def of(cls, state: State) -> Balance:
        """The balance of a state."""
        given, taken = state.loan_owed.sum(axis=0), state.loan_owed.sum(axis=1)
        held = state.carrying.sum(axis=1)
        return cls(state.cash, held, state.plant, given, state.debt, taken)

    @cached_property
    def assets(self) -> Array:
        """Sum of what is owned."""
        return np.asarray(self.cash + self.holdings + self.plant + self.loans_given)

    @cached_property
    def liabilities(self) -> Array:
        """Sum of what is owed."""
        return np.asarray(self.debt + self.loans_taken)

    @cached_property
    def equity(self) -> Array:
        """What is left to the holders."""
        return np.asarray(self.assets - self.liabilities)


@dataclass(frozen=True)
class EquityChange:
    """Why equity is another than a quarter ago, [N, W] USD m each."""

    net_profit: Array
    associates: Array
    """Share in the profit of companies held at 20 % and more."""
    dividends: Array
    """From smaller holdings."""
    deals: Array
    """Payments for pledges, stakes sold above their books, in cash and kind."""
    businesses: Array
    """Businesses sold, all else when wound up; those bought are an expense at once."""
    defaults: Array
    """Claims and stakes lost when others failed."""
    issued: Array
    """Own shares sold to the public and to companies, for debt too; debt lost by creditors."""
    bought_back: Array
    paid: Array
    """Dividends to holders."""

    @property
    def total(self) -> Array:
        """All together."""
        return np.asarray(sum(getattr(self, field.name) for field in dataclasses.fields(self)))


@dataclass(frozen=True)
class Statements:
    """Profit and loss, cash flow and balance sheet of all companies: [N, W] USD m."""

    lines: Array
    """[B, N, W]."""
    opening: Balance
    closing: Balance
    change: EquityChange

    def sum_of(self, lines: tuple[Line, ...]) -> Array:
        """Some lines together."""
        return np.asarray(self.lines[list(lines)].sum(axis=0))

    @property
    def gross_profit(self) -> Array:
        """Revenue less cost of sales."""
        return self.sum_of(GROSS)

    @property
    def operating_profit(self) -> Array:
        """Before entries, projects, advisers, events, interest and tax."""
        return self.sum_of(GROSS + OPERATING)

    @property
    def before_tax(self) -> Array:
        """Profit before tax."""
        return self.sum_of(GROSS + OPERATING + SINGULAR + FINANCE)

    @property
    def net_profit(self) -> Array:
        """Profit of the quarter's business after tax."""
        return np.asarray(self.lines[PROFIT_LINES].sum(axis=0))

    @property
    def total_result(self) -> Array:
        """Net profit with associates, small holdings' dividends and deals."""
        change = self.change
        return np.asarray(
            change.net_profit + change.associates + change.dividends + change.deals
            + change.businesses + change.defaults
        )  # fmt: skip

    @property
    def from_business(self) -> Array:
        """Cash from operations, what costs no cash given back, payments for pledges with them."""
        return np.asarray(self.net_profit + self.sum_of(BELOW + ACCRUALS))

    @property
    def from_investing(self) -> Array:
        """Cash for capacity, and from holdings bought, sold and paying dividends."""
        return self.sum_of(INVESTING)

    @property
    def from_financing(self) -> Array:
        """Cash from lenders and own holders."""
        return self.sum_of(FINANCING)

    def differences(self) -> Array:
        """By how much the statements fail to tie: [2, N, W] USD m, cash and equity."""
        flows = self.from_business + self.from_investing + self.from_financing
        return np.stack(
            [
                self.closing.cash - self.opening.cash - flows,
                self.closing.equity - self.opening.equity - self.change.total,
            ]
        )


def statements(before: State, after: State, report: Report) -> Statements:
    """The statements of the quarter between two states."""
    lines = report.lines
    change = EquityChange(
        net_profit=lines[PROFIT_LINES].sum(axis=0),
        associates=report.associates,
        dividends=lines[Line.DIVIDENDS_RECEIVED] - report.paid_back,
        deals=lines[Line.DEALS] + report.gain,
        businesses=lines[Line.BUSINESSES] + lines[Line.LIQUIDATED],
        defaults=-report.written_off,
        issued=lines[Line.ISSUED] + report.raised + lines[Line.DEBT_FORGIVEN] + report.relief,
        bought_back=lines[Line.BOUGHT_BACK],
        paid=lines[Line.DIVIDENDS_PAID],
    )
    return Statements(lines, Balance.of(before), Balance.of(after), change)
