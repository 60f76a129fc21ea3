"""View models of title, new game and desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from game.session.view_types import (
    NOWHERE,
    Action,
    Ask,
    Figure,
    Headline,
    Link,
    Notice,
    Table,
    Tag,
)

# ---------------------------------------------------------------- title and new game


@dataclass(frozen=True)
class SaveCard:
    """A saved game in a list."""

    path: str
    title: str
    detail: str
    """Company, quarter, when it was saved."""
    usable: bool
    problem: str = ""


@dataclass(frozen=True)
class TitleView:
    """The first screen."""

    title: str
    subtitle: str
    version: str
    saves: tuple[SaveCard, ...]
    """Newest first."""


@dataclass(frozen=True)
class MandateView:
    """One of a seat's three tasks."""

    text: str
    progress: float
    """0..1."""
    standing: str
    """"12.4m of 40m devices"."""
    until: str
    met: bool


@dataclass(frozen=True)
class CompanyCard:
    """A seat to choose."""

    company: Tag
    uid: str
    about: str
    playable: bool
    facts: tuple[Figure, ...]
    mandates: tuple[MandateView, ...]
    difficulty: str
    draft: str
    """The deal that already lies on the table for it; empty for none."""
    reference: Mapping[str, str]
    """Rivals' level to what a reference player reaches here against them, in words."""


@dataclass(frozen=True)
class ScenarioCard:
    """A scenario to choose."""

    path: str
    uid: str
    title: str
    about: str
    period: str
    usable: bool
    problem: str
    companies: tuple[CompanyCard, ...]
    par_ready: bool
    """False: the first start measures par, which takes a while."""
    advanced: bool = False
    """Advanced clauses are part of the scenario's own rules."""


@dataclass(frozen=True)
class NewGameView:
    """Scenario, seat and seed."""

    scenarios: tuple[ScenarioCard, ...]
    rivals: tuple[tuple[str, str], ...]
    """(policy name, words)."""
    seed: int
    seed_hint: str


# ------------------------------------------------------------------------------ desk


@dataclass(frozen=True)
class ScoreTerm:
    """One of the three terms of the score."""

    name: str
    points: float
    of: float
    text: str
    why: tuple[str, ...]
    ask: Ask | None = None


@dataclass(frozen=True)
class ScoreView:
    """The score and what it is made of."""

    total: float
    text: str
    rank: str
    terms: tuple[ScoreTerm, ...]
    ask: Ask | None = None


@dataclass(frozen=True)
class AttentionView:
    """Attention points of this quarter."""

    total: int
    used: int
    left: int
    text: str
    lines: tuple[str, ...]
    """What they go to."""


@dataclass(frozen=True)
class RegionTile:
    """A region of the map under the chosen lens."""

    index: int
    uid: str
    name: str
    text: str
    value: float
    shade: float
    """0..1 between the lens's least and most."""
    lines: tuple[str, ...]
    """Tooltip."""
    markets: tuple[Link, ...]
    """Markets of the region, for drilling down."""
    market_names: tuple[str, ...]
    present: bool
    """The seat sells something there."""


@dataclass(frozen=True)
class Lens:
    """What the map can be coloured by."""

    key: str
    name: str
    active: bool
    legend: str


@dataclass(frozen=True)
class OptionView:
    """A way to answer a card."""

    number: int
    label: str
    about: str
    effects: tuple[str, ...]
    """Costs and odds, each a line."""
    chosen: bool
    action: Action


@dataclass(frozen=True)
class EventCard:
    """A card on the table."""

    index: int
    title: str
    story: str
    source: str
    effects: tuple[str, ...]
    """What happens whatever is chosen."""
    deciders: str
    mine: bool
    """This seat may choose."""
    options: tuple[OptionView, ...]


@dataclass(frozen=True)
class Todo:
    """Something to look at before the quarter ends."""

    text: str
    done: bool
    link: Link = NOWHERE


@dataclass(frozen=True)
class OfferView:
    """A package that another company has put on the person's table."""

    number: int
    """For ``accept_offer(number)``, ``decline_offer(number)``, ``open_offer(number)`` (counter)."""
    sender: Tag
    title: str
    story: str
    gives: tuple[str, ...]
    """What the sender gives, a line a clause."""
    takes: tuple[str, ...]
    """What the seat would give."""
    footer: str
    """Term, disclosure."""
    worth: str
    """What it is worth to the seat by what it knows."""
    why: tuple[str, ...]
    """Why the sender makes it, as it says itself."""
    state: str
    """"open", "accepted", "declined", "lapsed"."""
    accept: Action
    decline: Action
    counter: Action


@dataclass(frozen=True)
class SectorStance:
    """The price stance of one sector."""

    sector: int
    name: str
    stance: int
    """-2..2."""
    text: str


@dataclass(frozen=True)
class DialsView:
    """The standing dials. Verbs: set_notch, set_mix, set_stance, set_focus."""

    notch: int
    notch_names: tuple[str, ...]
    notch_text: str
    mix: tuple[float, float, float]
    mix_names: tuple[str, str, str]
    spend_text: str
    """What delegates will spend this quarter in all."""
    stances: tuple[SectorStance, ...]
    stance_names: tuple[str, ...]
    focus: tuple[int, int]
    """Market indices, -1 none."""
    focus_names: tuple[str, str]
    focus_choices: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class ContestsView:
    """What the seat says beforehand about contests for large stakes."""

    about: str
    """When a stake is contested, and what then happens."""
    choices: tuple[tuple[int, str], ...]
    """Companies whose shares it may bid for, with nobody and anybody. Verb: stand_ready."""
    ready: int
    most: float
    """USD m that a bid costs at most; below 0 by own valuation. Verb: ready_most."""
    match: float
    """USD m added at most to a deal of its own; below 0 by own valuation. Verb: match_most."""
    open: bool
    """Shares that it sells may go to a better bid. Verb: open_bids."""


@dataclass(frozen=True)
class DeskView:
    """The quarter at a glance."""

    company: Tag
    title: str
    """Scenario."""
    date: str
    turn: int
    turns: int
    progress: str
    """"Quarter 3 of 24"."""
    figures: tuple[Figure, ...]
    """Cash, profit, debt, value a share, doors."""
    score: ScoreView
    attention: AttentionView
    mandates: tuple[MandateView, ...]
    lenses: tuple[Lens, ...]
    regions: tuple[RegionTile, ...]
    companies: Table
    headlines: tuple[Headline, ...]
    """All of the quarter, the most important first; the desk shows three."""
    cards: tuple[EventCard, ...]
    offers: tuple[OfferView, ...]
    todo: tuple[Todo, ...]
    warnings: tuple[Notice, ...]
    dials: DialsView
    actions: tuple[Action, ...]
    """Company-wide actions: capital and projects."""
    drafted: tuple[Action, ...]
    """What this quarter's orders hold so far; doing one takes it out."""
    contests: ContestsView | None
    """None where the scenario knows no contests."""
    paths: tuple[Notice, ...]
    """Countdowns of public paths."""
    can_undo: bool
    can_redo: bool
    can_undo_turn: bool
    rehearsed: bool
    over: bool
