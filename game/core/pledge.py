"""Kinds of pledges, and packages that lie on the table from the start."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import IntEnum

from game.core.words import Text


class Source(IntEnum):
    """From what a giver's capability is measured, per region."""

    SKILL = 0
    SHARE = 1
    ONLINE = 2
    OFFLINE = 3
    DEVICES = 4


class PledgeEffect(IntEnum):
    """What a delivered pledge changes for its receiver."""

    APPEAL = 0
    ONLINE = 1
    OFFLINE = 2
    PRELOAD = 3
    RESEARCH = 4
    ENTRY = 5
    COST = 6


@dataclasses.dataclass(frozen=True)
class PledgeKind:
    """A kind of support that one company can lend another."""

    uid: str
    name: Text
    about: Text
    effect: PledgeEffect
    source: Source
    source_sector: int
    """Sector for SHARE and DEVICES sources; -1 otherwise."""
    strength: float
    """Utils, fraction of the gap, users' worth or cost share at full strength, by effect."""
    cost: float
    """To the giver, USD m a quarter at full strength, plus ``cost_share`` of the receiver's
    revenue in scope."""
    cost_share: float
    home_system: float = 0.0
    """Part of the giver's new devices that leave with the receiver's own system, at full strength;
    for PRELOAD."""
    givers: int = 1
    """A receiver takes this kind from at most so many givers."""
    bounty: float = 0.0
    """For PRELOAD: USD that the receiver pays the giver for a device sold that carries its
    services."""
    partners: int = 2
    """A giver serves so many receivers before its capability is shared out."""
    pooling: float = 0.0
    """Part of the giver's volume that counts for the receiver's purchasing at full strength."""
    spillover: float = 0.0
    """Part of the giver's research that is open to the receiver at full strength."""


@dataclasses.dataclass(frozen=True)
class Draft:
    """A package that lies on the table when the game starts."""

    proposer: int
    counterparty: int
    cash: tuple[float, float]
    """USD m paid by each side."""
    stake: tuple[float, float]
    """New shares issued by each side, as a fraction of its shares after the issue."""
    pledges: tuple[Mapping[int, float], Mapping[int, float]]
    """Strength by kind, of each side."""
    term: int
    disclosed: bool
    title: Text
    story: Text
    source: str
