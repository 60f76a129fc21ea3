"""Event cards and projects: what can happen, who may answer how, and what follows from it."""

from __future__ import annotations

import dataclasses
from enum import IntEnum

from game.core.words import Text


class EffectKind(IntEnum):
    """What an event can change."""

    CASH = 0
    BUMP = 1
    QUALITY = 2
    GOODWILL = 3
    DEMAND = 4
    COST = 5
    COVERAGE_ONLINE = 6
    COVERAGE_OFFLINE = 7
    CHANNEL_SHIFT = 8
    TRUST = 9
    ATTENTION = 10
    AUTHORISATION = 11
    FX = 12
    BAN = 13
    ENTRY_BARRED = 14
    ENTRY_OPENED = 15
    LEVY = 16
    SUBSIDY = 17
    TAX = 18
    POTENTIAL = 19
    SHORTAGE = 20
    GENERATION = 21


@dataclasses.dataclass(frozen=True)
class Effect:
    """One consequence of an event."""

    kind: EffectKind
    amount: float
    """USD m, utils, log or fraction, by kind."""
    companies: tuple[int, ...] = ()
    """Empty: every company."""
    others: tuple[int, ...] = ()
    """For TRUST: in whom."""
    sectors: tuple[int, ...] = ()
    regions: tuple[int, ...] = ()
    """Empty: everywhere."""
    by_decider: bool = False
    """The deciding company is the target instead of ``companies``."""
    relative: bool = False
    """For CASH: a fraction of quarterly revenue instead of USD m."""
    odds: float = 1.0


@dataclasses.dataclass(frozen=True)
class Option:
    """One way to answer an event card."""

    uid: str
    label: Text
    about: Text
    effects: tuple[Effect, ...]


@dataclasses.dataclass(frozen=True)
class Event:
    """A card: what happens, when, and who may answer how."""

    uid: str
    title: Text
    story: Text
    source: str
    turn: int
    """Quarter in which it is due; -1 when it comes by hazard."""
    hazard: float
    """Chance a quarter, from ``turn`` on or from the start; 0 for dated events."""
    deciders: tuple[int, ...]
    """Companies that answer; empty: nobody does, the effects simply happen."""
    effects: tuple[Effect, ...]
    options: tuple[Option, ...]
    cash_below: float = 0.0
    """Only while somebody's cash is under so many quarters of its costs; 0 always."""
    watched: int = -1
    """Whose cash; -1: the first decider's."""
    historical: bool = False
    """A real dated shock."""


@dataclasses.dataclass(frozen=True)
class Project:
    """An irreversible undertaking."""

    uid: str
    name: Text
    about: Text
    cost: float
    """USD m, paid at once."""
    quarters: int
    effects: tuple[Effect, ...]
    companies: tuple[int, ...] = ()
    """Who may undertake it; empty: everybody."""
