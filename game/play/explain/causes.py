"""Causes of change, the groups they stand in, and the record of an answer."""

from __future__ import annotations

import dataclasses
from enum import IntEnum

import numpy as np

from game.core.axes import Array


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


NEEDS_MARKET = frozenset({Measure.SHARE, Measure.UNITS, Measure.PRICE})
MAY_HAVE_MARKET = NEEDS_MARKET | {Measure.PROFIT}


class Group(IntEnum):
    """Causes that belong together, at most eight, in the order in which they are told."""

    OFFER = 0
    NETWORK = 1
    ALLIES = 2
    RIVALS = 3
    DEMAND = 4
    COSTS = 5
    SPENDING = 6
    MONEY = 7


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
    NETWORK = 10
    PLEDGE = 20
    GIVEN = 21
    RIVAL = 30
    RIVALS = 31
    STAKES = 32
    ADOPTERS = 40
    POTENTIAL = 41
    SEASON = 42
    SHOCK = 43
    SHIFT = 44
    LEARNING = 50
    PARTS = 51
    COST_SHOCK = 52
    OTHER = 99


GROUP_OF: dict[Cause, Group] = {
    **dict.fromkeys(
        (
            Cause.PRICE, Cause.QUALITY, Cause.BRAND, Cause.ONLINE, Cause.OFFLINE, Cause.PASSING,
            Cause.PRESENCE, Cause.STANCE, Cause.ADJUSTMENT,
        ),
        Group.OFFER,
    ),
    Cause.NETWORK: Group.NETWORK,
    **dict.fromkeys((Cause.PLEDGE, Cause.GIVEN), Group.ALLIES),
    **dict.fromkeys((Cause.RIVAL, Cause.RIVALS, Cause.STAKES), Group.RIVALS),
    **dict.fromkeys(
        (Cause.ADOPTERS, Cause.POTENTIAL, Cause.SEASON, Cause.SHOCK, Cause.SHIFT), Group.DEMAND
    ),
    **dict.fromkeys((Cause.LEARNING, Cause.PARTS, Cause.COST_SHOCK), Group.COSTS),
    Cause.OTHER: Group.MONEY,
}  # fmt: skip


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
        return GROUP_OF[self.cause]


@dataclasses.dataclass(frozen=True)
class Part:
    """What one cause moved."""

    key: Key
    amount: float
    merged: tuple[Key, ...] = ()
    """Causes too small to be told apart, valued as one."""
    before: float = np.nan
    """The cause itself last quarter: a price, utils, a fraction; nan where it is no one number."""
    after: float = np.nan


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
