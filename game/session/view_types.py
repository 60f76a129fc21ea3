"""View models shared by all screens.

Everything is frozen and ready to draw: strings in the game's language with units, numbers only
for sorting and charts. Tones are roles, never colours: "", "good", "bad", "warn", "mute".
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """Where a click leads.

    ``kind``: "" nowhere, "company", "market", "region", "deal" (open the table with company
    ``target``), "renewal" (the same, with the pledges that end), "offer", "event", "ledger",
    "goals", "moves" (those of company ``target`` in quarter ``turn``), "desk", "end". ``target``
    is an index, -1 none.
    """

    kind: str = ""
    target: int = -1
    turn: int = -1


NOWHERE = Link()


@dataclass(frozen=True)
class Ask:
    """What a number's "why" asks: ``views.why_of(game, ask)``.

    ``measure``: "share", "units", "price", "profit", "cash", "value" or "score"; ``market`` -1
    means the whole company; ``turn`` is the quarter to explain, -1 the last one.
    """

    measure: str
    company: int
    market: int = -1
    turn: int = -1


@dataclass(frozen=True)
class Cell:
    """A written number (or word) of a table."""

    text: str
    value: float = math.nan
    """For sorting; nan sorts last."""
    tone: str = ""
    hint: str = ""
    """Tooltip."""
    link: Link = NOWHERE
    ask: Ask | None = None
    """Why the number is what it is."""


@dataclass(frozen=True)
class Column:
    """A column's heading."""

    key: str
    title: str
    numeric: bool = True
    hint: str = ""


@dataclass(frozen=True)
class Row:
    """A row: as many cells as the table has columns."""

    key: int
    cells: tuple[Cell, ...]
    colour: str = ""
    """"#rrggbb" of the company, empty for none."""
    mine: bool = False
    strong: bool = False
    """A total or a heading."""
    link: Link = NOWHERE


@dataclass(frozen=True)
class Table:
    """A table in its natural order."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: str = ""
    """What to write when there are no rows."""


@dataclass(frozen=True)
class Series:
    """One line of a chart."""

    name: str
    colour: str
    values: tuple[float, ...]
    """One a label; nan where there is none."""
    mine: bool = False


@dataclass(frozen=True)
class Chart:
    """Lines over quarters. Ticks are written by ``game.text.format.tick(value, kind, lang)``."""

    title: str
    kind: str
    """"money", "price", "percent", "volume", "points" or "factor"."""
    unit: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Action:
    """Something that a click does: ``game.do(action)``, or a verb of ``Game`` with arguments."""

    verb: str
    args: tuple[object, ...]
    label: str
    points: int = 0
    """Attention that it costs."""
    enabled: bool = True
    reason: str = ""
    """Why not, when it is not enabled; else what it costs or does."""
    active: bool = False
    """Already in this quarter's orders; doing it again takes it out."""


@dataclass(frozen=True)
class Result:
    """What a verb did."""

    ok: bool
    reason: str = ""
    """One sentence; empty when there is nothing to say."""
    flags: int = 0
    """Bits of ``Refusal`` (or ``DealFlag`` for verbs of the deal table)."""
    points_left: int = 0


@dataclass(frozen=True)
class Figure:
    """A headline number."""

    label: str
    text: str
    tone: str = ""
    change: str = ""
    """Against the last quarter, signed."""
    why: tuple[str, ...] = ()
    """Lines that add up to it or explain it."""
    link: Link = NOWHERE
    ask: Ask | None = None
    """Why it changed."""


@dataclass(frozen=True)
class Notice:
    """A warning or a hint."""

    text: str
    tone: str = ""
    link: Link = NOWHERE
    detail: str = ""
    """Tooltip."""


@dataclass(frozen=True)
class Headline:
    """A line of the news."""

    text: str
    why: Link = NOWHERE
    tone: str = ""
    weight: float = 0.0
    """Larger is more important."""
    detail: str = ""
    moves: Link = NOWHERE
    """To why who is meant did it; nowhere where nothing of it is logged."""


@dataclass(frozen=True)
class Tag:
    """A company in short."""

    index: int
    name: str
    short: str
    colour: str
