"""Causes of change, the groups they stand in, and the record of an answer."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from enum import IntEnum

from game.core.axes import Array
from game.play.report import Line

NO_PAIR = (math.nan, math.nan)


class Measure(IntEnum):
    """What is explained."""

    SHARE = 0
    """Of units sold in a market, the fringe counted in."""
    UNITS = 1
    """Sold in a market, m."""
    PRICE = 2
    """In a market, USD."""
    PROFIT = 3
    """Net profit of the company; in a market its contribution. USD m."""
    CASH = 4
    """Of the company, USD m."""
    VALUE = 5
    """Fundamental, to outside holders. USD m."""
    REVENUE = 6
    """Of the company, or in a market. USD m."""
    DEBT = 7
    """To lenders, USD m."""
    DOORS = 8
    """Users reached, through the company and its allies, m."""
    QUOTE = 9
    """Price at which a share trades, USD."""


NEEDS_MARKET = frozenset({Measure.SHARE, Measure.UNITS, Measure.PRICE})
MAY_HAVE_MARKET = NEEDS_MARKET | {Measure.PROFIT, Measure.REVENUE}


class Group(IntEnum):
    """Causes that belong together, in the order in which they are told; a question has at most
    eight."""

    OFFER = 0
    """The company's own offer."""
    NETWORK = 1
    """Users that bring or keep users."""
    ALLIES = 2
    """Pledges received and given."""
    RIVALS = 3
    DEMAND = 4
    """Who is in the market."""
    COSTS = 5
    """Of a unit."""
    TRADE = 6
    """Sales and their cost, in the books."""
    SPENDING = 7
    MONEY = 8
    """Interest, tax, deals, events, other businesses."""
    CAPITAL = 9
    """Borrowing, shares, dividends."""
    WORTH = 10
    """What the company alone is worth."""
    HOLDINGS = 11
    """Who holds whom."""
    QUOTED = 12
    """What the market pays for a share beyond its worth."""
    USERS = 13
    """Through the company itself."""
    UNSEEN = 14
    """What the eyes that look cannot tell apart."""


class Cause(IntEnum):
    """One thing that can differ between two quarters."""

    PRICE = 0
    QUALITY = 1
    BRAND = 2
    ONLINE = 3
    OFFLINE = 4
    PASSING = 5
    PRESENCE = 6
    STANCE = 7
    ADJUSTMENT = 8
    CAPACITY = 9
    BESIDE = 15
    """What a buyer is worth to own services."""
    LAUNCHES = 16
    """The season of its own launches."""
    NETWORK = 10
    APPS = 11
    ACCEPTANCE = 12
    SERVICES = 13
    LOYALTY = 14
    PLEDGE = 20
    GIVEN = 21
    UNSEEN = 22
    """Luck, secrets, and effort other than reported: what the eyes that look cannot tell apart."""
    LUCK = 25
    """Luck in research, and shared research other than reported."""
    ALLY = 23
    """Users through an ally."""
    ALLIES = 24
    """Users through all allies."""
    RIVAL = 30
    STAKES = 31
    ADOPTERS = 40
    POTENTIAL = 41
    SEASON = 42
    SHOCK = 43
    SHIFT = 44
    SUBSIDY = 45
    LIFE = 46
    LEARNING = 50
    PARTS = 51
    COST_SHOCK = 52
    LEVY = 53
    FX = 54
    LINE = 60
    """A line of the books; the key's kind says which."""
    CASH = 70
    DEBT = 71
    TREND = 72
    MULTIPLE = 73
    PLEDGED_INCOME = 74
    LOANS = 76
    BEYOND = 77
    """What the start's market value leaves unexplained, until the company fails."""
    TAX_RATE = 75
    VENTURES = 84
    """Parts in the profit of joint ventures, got or given."""
    FAILED = 78
    """Wound up: nothing is left of it."""
    ESTIMATE = 79
    """Worth as outsiders estimate it."""
    HOLDING = 80
    """Worth of a company that is held."""
    HOLDERS = 81
    """Who holds the company."""
    HELD = 82
    """How much it holds of others."""
    CHAIN = 83
    """Who else holds those."""
    RESCUE = 90
    """Creditors' new cash and claims given up in a restructuring."""
    AUCTION = 91
    """Businesses of failed companies bought or sold."""
    DEALS = 92
    """Cash that came or went in deals."""
    PAYOUT = 93
    """Dividends, and shares sold to or bought from the public."""
    SHARES = 94
    """How many shares there are."""
    ORDERED = 95
    """Debt taken up or repaid by order."""
    DRAWN = 96
    """Debt drawn because cash ran out."""
    SOLD_CLAIMS = 97
    """Loans of a failed company, now owed to lenders."""
    SENTIMENT = 98
    MOOD = 101
    """Mood, and what an estimate misses."""
    USERS = 100
    """Users of the company's own in a market that count as doors."""
    OTHER = 99
    """What no row of the tables explains: nothing, while the tables are whole."""


_GROUPS: Mapping[Group, tuple[Cause, ...]] = {
    Group.OFFER: (
        Cause.PRICE, Cause.QUALITY, Cause.BRAND, Cause.ONLINE, Cause.OFFLINE, Cause.PASSING,
        Cause.PRESENCE, Cause.STANCE, Cause.ADJUSTMENT, Cause.CAPACITY, Cause.BESIDE,
        Cause.LAUNCHES,
    ),
    Group.NETWORK: (Cause.NETWORK, Cause.APPS, Cause.ACCEPTANCE, Cause.SERVICES, Cause.LOYALTY),
    Group.ALLIES: (Cause.PLEDGE, Cause.GIVEN, Cause.ALLY, Cause.ALLIES),
    Group.UNSEEN: (Cause.UNSEEN, Cause.LUCK),
    Group.RIVALS: (Cause.RIVAL, Cause.STAKES),
    Group.DEMAND: (
        Cause.ADOPTERS, Cause.POTENTIAL, Cause.SEASON, Cause.SHOCK, Cause.SHIFT, Cause.SUBSIDY,
        Cause.LIFE,
    ),
    Group.COSTS: (Cause.LEARNING, Cause.PARTS, Cause.COST_SHOCK, Cause.LEVY, Cause.FX),
    Group.WORTH: (
        Cause.CASH, Cause.DEBT, Cause.TREND, Cause.MULTIPLE, Cause.PLEDGED_INCOME,
        Cause.TAX_RATE, Cause.LOANS, Cause.VENTURES, Cause.BEYOND, Cause.FAILED, Cause.ESTIMATE,
    ),
    Group.CAPITAL: (
        Cause.RESCUE, Cause.AUCTION, Cause.DEALS, Cause.PAYOUT, Cause.SHARES, Cause.ORDERED,
        Cause.DRAWN, Cause.SOLD_CLAIMS,
    ),
    Group.QUOTED: (Cause.SENTIMENT, Cause.MOOD),
    Group.USERS: (Cause.USERS,),
    Group.HOLDINGS: (Cause.HOLDING, Cause.HOLDERS, Cause.HELD, Cause.CHAIN),
    Group.MONEY: (Cause.OTHER,),
}  # fmt: skip
_GROUP_OF = {cause: group for group, causes in _GROUPS.items() for cause in causes}

_LINES: Mapping[Group, tuple[Line, ...]] = {
    Group.ALLIES: (
        Line.PLEDGE_INCOME, Line.PLEDGE_COST, Line.BOUNTY_INCOME, Line.BOUNTY_COST,
        Line.VENTURES,
    ),
    Group.TRADE: (Line.REVENUE, Line.COST_OF_SALES),
    Group.SPENDING: (
        Line.RESEARCH, Line.REACH, Line.BRAND, Line.FIXED, Line.OVERHEAD, Line.ENTRIES,
        Line.PROJECTS, Line.CAPACITY, Line.DEPRECIATION, Line.WRITE_OFF, Line.NOT_IN_CASH,
    ),
    Group.CAPITAL: (
        Line.DIVIDENDS_PAID, Line.DIVIDENDS_RECEIVED, Line.BORROWED, Line.ISSUED,
        Line.BOUGHT_BACK, Line.DEBT_FORGIVEN, Line.SHARES_SOLD, Line.LOANS_GIVEN,
        Line.LOANS_TAKEN, Line.LOAN_INTEREST,
    ),
}  # fmt: skip
_GROUP_OF_LINE = {line: group for group, lines in _LINES.items() for line in lines}


@dataclasses.dataclass(frozen=True, order=True)
class Key:
    """Which cause: two quarters' parts with the same key are the same cause."""

    cause: Cause
    company: int = -1
    """Rival, or the other side of a pledge."""
    kind: int = -1
    """Pledge kind, or line of the books."""

    @property
    def group(self) -> Group:
        """Where it stands."""
        if self.cause == Cause.LINE:
            return _GROUP_OF_LINE.get(Line(self.kind), Group.MONEY)
        return _GROUP_OF[self.cause]


@dataclasses.dataclass(frozen=True)
class Part:
    """What one cause moved."""

    key: Key
    amount: float
    market: int = -1
    """-1 the whole company."""
    merged: tuple[Key, ...] = ()
    """Causes too small to be told apart, valued as one; ``key`` is the first of them."""
    fact: Fact | None = None
    """What happened, where it has figures."""


@dataclasses.dataclass(frozen=True)
class Fact:
    """A cause's own figures in both quarters; a pair is (before, after), nan where it has none."""

    price: tuple[float, float] = NO_PAIR
    """USD."""
    utils: tuple[float, float] = NO_PAIR
    """Appeal that it gives, utils."""
    reach: tuple[float, float] = NO_PAIR
    """Part of buyers reached."""
    coverage: tuple[float, float] = NO_PAIR
    """Own, of one channel."""
    money: tuple[float, float] = NO_PAIR
    """USD m."""
    people: tuple[float, float] = NO_PAIR
    """m."""
    quarters: tuple[float, float] = NO_PAIR
    """Of profit."""
    factor: tuple[float, float] = NO_PAIR
    """Of size or cost."""
    sold: tuple[bool, bool] = (True, True)


@dataclasses.dataclass(frozen=True)
class Explanation:
    """What changed since last quarter, by cause."""

    measure: Measure
    company: int
    market: int
    """-1 the whole company."""
    turn: int
    """The quarter explained, counted from 0."""
    before: float
    after: float
    """nan, as ``before``, where there is nothing to compare: then there are no parts."""
    parts: tuple[Part, ...]
    """Sum to ``after - before``."""
    lanes: int
    """Coalitions evaluated."""

    @property
    def change(self) -> float:
        """After less before."""
        return self.after - self.before

    @property
    def merged(self) -> int:
        """Causes that were too small to be told apart."""
        return sum(len(part.merged) for part in self.parts)

    def total(self, group: Group) -> float:
        """What a group moved."""
        return float(sum(part.amount for part in self.parts if part.key.group == group))


Lanes = Array
"""[W] one number a coalition."""
