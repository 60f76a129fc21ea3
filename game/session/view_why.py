"""View models of "why": what changed since last quarter, and by which cause."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WhyBar:
    """One cause (or a group of causes) and what it moved."""

    label: str
    """"Xiaomi", "Own price", "Offline sales from Suning"."""
    amount: float
    """In the unit of the view: share as a fraction, units in millions, money in USD m, price in
    USD. Members add up to their group, groups to the whole change."""
    amount_text: str
    """Signed, with its unit; the rounded texts add up as well."""
    detail: str = ""
    """What happened: "$284 to $271, quality +0.12"; for a tooltip or a second line."""
    members: tuple[WhyBar, ...] = ()
    """The largest first; empty for a cause that does not come apart."""
    tone: str = ""
    """Role of the colour: "good" or "bad" for the company, "" where it moves nothing."""


@dataclass(frozen=True)
class WhyView:
    """Why a number is what it is: a waterfall from last quarter's figure to this quarter's."""

    title: str
    """"Meizu: share of Smartphones, China"."""
    subtitle: str
    """"2015 Q3 against 2015 Q2"."""
    before_text: str
    after_text: str
    before: float
    after: float
    """nan, as ``before`` is, where there is nothing to compare: then ``note`` says why."""
    unit: str
    """Kind of number, for ``game.text.format.tick``: "percent", "volume", "price" or "money"."""
    groups: tuple[WhyBar, ...]
    """In their natural order; only those that moved something."""
    sentences: tuple[str, ...]
    """Two to four, the most important first."""
    elasticities: tuple[str, ...]
    """What a small step of the company's own levers would bring now."""
    note: str = ""
    """What limits the answer; empty when nothing does."""
    measure: str = ""
    """"share", "units", "price", "profit", "cash" or "value"."""
    company: int = -1
    market: int = -1
    """-1 the whole company."""
    turn: int = -1
    """The quarter explained."""
    change: float = 0.0
    change_text: str = ""
