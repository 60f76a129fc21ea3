"""Mandates: what a seat is asked to reach."""

from __future__ import annotations

import dataclasses
from enum import IntEnum

from game.core.words import Text


class Metric(IntEnum):
    """What a mandate measures; see ``game.play.mandates``."""

    OS_DEVICES = 0
    TOP_RANK_REGIONS = 1
    SHARE = 2
    PROFITABLE = 3
    YEAR_UNITS = 4
    FOUNDER_VOTES = 5
    RANK = 6
    SERVICES_PROFIT = 7
    STAKES = 8
    PROFIT_SHARE = 9
    REVENUE_GROWTH = 10
    NO_EXCLUSIVE = 11
    FOREIGN_MARKETS = 12
    VALUE_MULTIPLE = 13
    ALLIES = 14
    CASH_QUARTERS = 15


class Mode(IntEnum):
    """When a mandate's metric must reach its target."""

    BY = 0  # at any time up to the deadline
    AT = 1  # at the deadline (the last quarter when there is none)
    RUN = 2  # so many quarters in a row


@dataclasses.dataclass(frozen=True)
class Mandate:
    """One of a seat's three tasks."""

    uid: str
    text: Text
    metric: Metric
    target: float
    mode: Mode
    deadline: int
    """Quarter; -1 the last one."""
    quarters: int = 1
    """For RUN."""
    sector: int = -1
    region: int = -1
    rank: int = 1
    foreign: bool = False
