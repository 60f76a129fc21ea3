"""What happened in a quarter: flows that the state does not keep.

A replay makes the same report again, so it is not part of a save's state.
"""

from __future__ import annotations

import dataclasses
from enum import IntEnum
from typing import TYPE_CHECKING

from game.core.axes import Array, Bools, Ints, axis

if TYPE_CHECKING:
    from game.play.settlement import Settlement


class Line(IntEnum):
    """Lines of a company's quarter, each positive when money comes in.

    The lines up to ``TAX`` make the net profit; all lines make the change of cash.
    """

    REVENUE = 0
    COST_OF_SALES = 1
    RESEARCH = 2
    REACH = 3
    BRAND = 4
    FIXED = 5
    OVERHEAD = 6
    OTHER_PROFIT = 7
    PLEDGE_INCOME = 8
    PLEDGE_COST = 9
    BOUNTY_INCOME = 10
    """Paid by allies for devices that carry their services."""
    BOUNTY_COST = 11
    """Paid to allies for devices that carry own services."""
    VENTURES = 12
    """Parts in the profit of joint ventures: of partners what they get, of hosts what they give."""
    ENTRIES = 13
    PROJECTS = 14
    DEAL_COST = 15
    EVENTS = 16
    DEPRECIATION = 17
    """Capacity that wore out; not in cash."""
    WRITE_OFF = 18
    """Books of product lines given up; not in cash."""
    INTEREST = 19
    TAX = 20
    DIVIDENDS_PAID = 21
    DIVIDENDS_RECEIVED = 22
    BORROWED = 23
    ISSUED = 24
    BOUGHT_BACK = 25
    DEALS = 26
    DEBT_FORGIVEN = 27
    SHARES_SOLD = 28
    """Own shares issued to companies in deals."""
    STAKES_BOUGHT = 29
    STAKES_SOLD = 30
    CAPACITY = 31
    """Capacity ordered, less what is got for it."""
    NOT_IN_CASH = 32
    """Depreciation and write-offs given back."""
    LOANS_GIVEN = 33
    """Lent to companies, less what comes back."""
    LOANS_TAKEN = 34
    """Borrowed from companies, less what is repaid."""
    LOAN_INTEREST = 35
    """Takes interest on loans among companies out of cash until it is paid with the loan."""
    BUSINESSES = 36
    """Businesses of failed companies: sold less bought, among companies."""
    LIQUIDATED = 37
    """Sold to outsiders: all that is left of a failed company, and a parent's own shares."""


PROFIT_LINES = slice(0, Line.TAX + 1)


@dataclasses.dataclass(frozen=True)
class Report:
    """The quarter that was just played."""

    turn: int
    lines: Array = axis("B N W", "USD m", "Line by company")
    spend: Array = axis("N L M W", "USD m", "by the delegates")
    share: Array = axis("N M W", "fraction", "of units sold with the fringe")
    unserved: Array = axis("N M W", "m units", "wanted it first and found it sold out")
    elasticity: Array = axis("N M W", "-", "own price elasticity; 0 off sale")
    refused: Ints = axis(
        "N W", "bits", "play.orders.Refusal of actions not carried out", dtype="i4"
    )
    points: Ints = axis("N W", "points", "attention spent", dtype="i2")
    entered: Bools = axis("N M W", "-", "sales began", dtype="?")
    left: Bools = axis("N M W", "-", dtype="?")
    defaulted: Bools = axis("N W", "-", dtype="?")
    raised: Array = axis(
        "N W", "USD m", "own shares issued in deals at the price agreed, in cash and kind"
    )
    gain: Array = axis(
        "N W", "USD m", "in kind: stakes sold above what they stood at, shares paid for pledges"
    )
    associates: Array = axis(
        "N W", "USD m", "share in the profit of companies held at 20 % and more"
    )
    paid_back: Array = axis("N W", "USD m", "dividends that lower what such holdings stand at")
    relief: Array = axis("N W", "USD m", "debt that went without cash: turned into shares, lost")
    written_off: Array = axis("N W", "USD m", "claims on and stakes in companies in default, lost")
    failed: Bools = axis("N W", "-", "wound up", dtype="?")
    sold_to: Ints = axis(
        "N M W", "company", "that bought this failed business; -1 none", dtype="i2", fill=-1
    )
    instalments: Array = axis("N W", "USD m", "paid because a milestone was met")
    exercised: Ints = axis(
        "N N W", "bits", "play.orders.Exercise: rights that the holder used", dtype="i1"
    )
    venture_ended: Ints = axis(
        "N W", "code", "play.venture_duties: how the company's joint venture ended", dtype="i1"
    )
    review_ended: Ints = axis(
        "Z W", "code", "play.remedies: how a deal that waited for an authority ended", dtype="i1"
    )
    divested: Ints = axis(
        "N M W", "company", "that bought this business on an authority's demand; -1 none",
        dtype="i2", fill=-1,
    )  # fmt: skip
    fired: Bools = axis("V W", "-", "cards whose effects came to pass", dtype="?")
    broken: Bools = axis("K N N W", "-", "pledges broken by the giver", dtype="?")
    exposed: Bools = axis(
        "N N W", "-", "the first found out that the second gives less than promised", dtype="?"
    )
    attacked: Bools = axis("N N W", "-", "the first belittled the second", dtype="?")
    value_term: Array = axis("N W", "points", "score from value per share")
    mandate_term: Array = axis("N W", "points", "score from mandates")
    door_term: Array = axis("N W", "points", "score from doors")
    settlement: Settlement | None = None
    """Answers and deals of the quarter."""
