"""View models of market, company, ledger and the end."""

from __future__ import annotations

from dataclasses import dataclass

from game.session.view_front import DialsView, MandateView
from game.session.view_types import (
    Action,
    Ask,
    Chart,
    Figure,
    Headline,
    Series,
    Table,
    Tag,
)

# ---------------------------------------------------------------------------- market


@dataclass(frozen=True)
class SegmentView:
    """A kind of buyer and what it buys."""

    name: str
    weight: str
    """Part of all buyers."""
    slices: tuple[Series, ...]
    """One value each: the seller's share of this segment, then the rest."""


@dataclass(frozen=True)
class OwnLine:
    """The seat's levers in this market."""

    on_sale: bool
    entering: bool
    status: str
    stance: int
    """-2..2, the pin or else the sector's."""
    stance_pinned: bool
    stance_text: str
    spend_factor: float
    """Pinned factor of normal spending, nan when the delegate decides."""
    spend_text: str
    focused: bool
    enter: Action
    leave: Action
    focus: Action
    lines: tuple[str, ...]
    """What moves the seat's sales here: reach, quality, brand, pledges, each with its unit."""


@dataclass(frozen=True)
class MarketView:
    """Who sells what at which price to whom."""

    index: int
    title: str
    sector: str
    region: str
    unit: str
    """What a unit is."""
    figures: tuple[Figure, ...]
    """Buyers, units, revenue, concentration."""
    sellers: Table
    """One row a seller, then the fringe; columns price, units, share, change, segments …"""
    segments: tuple[SegmentView, ...]
    shares: Chart
    prices: Chart
    own: OwnLine
    others: tuple[tuple[int, str], ...]
    """All markets (index, name) for switching."""


# --------------------------------------------------------------------------- company


@dataclass(frozen=True)
class PledgeView:
    """A pledge in force."""

    kind: int
    name: str
    about: str
    giver: Tag
    receiver: Tag
    strength: str
    effort: str
    """Given (own) or reported (noisy); empty when unknown."""
    effort_value: float
    """0..1, nan unknown."""
    by_hand: bool
    """The seat has set its effort itself; otherwise the delegates decide."""
    advice: str
    """What the delegates would give and why, of the seat's own; empty otherwise."""
    until: str
    exclusive: bool
    effects: tuple[str, ...]
    """Named quantities: "+0.21 utils appeal of phones in China", "online reach 45.0% → 61.2%"."""
    cost: str
    """To the giver, a quarter; empty when nothing or unknown."""
    working: str
    """"works fully", "begins next quarter", "building up: half"."""
    actions: tuple[Action, ...]
    """integrate, break_pledge, set_effort, for the seat's own; set_effort below 0 leaves it to the
    delegates."""


@dataclass(frozen=True)
class HoldingView:
    """A stake."""

    holder: Tag | None
    """None for founders and the public."""
    issuer: Tag
    label: str
    """Name of the holder, "founders", "public" (of an unlisted company "other holders")."""
    size: str
    """"28.9%", "undisclosed", "about 29%"."""
    worth: str
    fraction: float
    """0..1, nan undisclosed."""
    note: str
    """Lock-up, board seat."""


@dataclass(frozen=True)
class TrustView:
    """How far two companies trust each other."""

    company: Tag
    value: float
    """-1..1."""
    text: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class MemoryView:
    """What a company remembers of another."""

    company: Tag
    """Of whom."""
    value: float
    """Trust now, -1..1."""
    text: str
    """How far it trusts, in words."""
    lines: tuple[str, ...]


@dataclass(frozen=True)
class RelationsView:
    """What a company wants, whom it minds, and what it remembers."""

    mandates: tuple[str, ...]
    rival: str
    about_you: tuple[str, ...]
    """What it remembers of the seat; empty on the seat's own page."""
    memories: tuple[MemoryView, ...]


NO_RELATIONS = RelationsView((), "", (), ())


@dataclass(frozen=True)
class CompanyView:
    """A company as the seat may know it."""

    company: Tag
    own: bool
    about: str
    status: str
    home: str
    figures: tuple[Figure, ...]
    accounts: Table
    """Line, figure, band or "exact", source."""
    markets: Table
    holdings: tuple[HoldingView, ...]
    holders: tuple[HoldingView, ...]
    given: tuple[PledgeView, ...]
    received: tuple[PledgeView, ...]
    between: tuple[str, ...]
    """How the two would work together, the last talks, patience."""
    trust: tuple[TrustView, ...]
    mandates: tuple[MandateView, ...]
    actions: tuple[Action, ...]
    """Talk, investigate, praise, attack; for the own company none."""
    history: tuple[Chart, ...]
    others: tuple[Tag, ...]
    loans: Table
    """Among companies: with whom, lent or owed, how much, at what rate, until when."""
    dials: DialsView | None = None
    """Of a company that the seat controls. Verb: direct(company, dial, ...)."""
    dials_note: str = ""
    relations: RelationsView = NO_RELATIONS


# ---------------------------------------------------------------------- ledger and end


@dataclass(frozen=True)
class LedgerView:
    """The seat's books over all quarters."""

    company: Tag
    profit: Table
    cash_flow: Table
    balance: Table
    charts: tuple[Chart, ...]
    """Own: revenue, profit, cash, spending."""
    compare: tuple[Chart, ...]
    """All companies, public figures: score, quote, revenue, doors."""
    news: tuple[tuple[str, tuple[Headline, ...]], ...]
    """(quarter, headlines), newest first."""
    empty: str


@dataclass(frozen=True)
class RankRow:
    """A company's final place."""

    place: int
    company: Tag
    mine: bool
    total: str
    terms: tuple[str, str, str]
    values: tuple[float, float, float]
    note: str
    ask: Ask | None = None


@dataclass(frozen=True)
class EndView:
    """Why the game ended and who stands where."""

    title: str
    reason: str
    verdict: str
    """The person's place in one sentence."""
    term_names: tuple[str, str, str]
    ranking: tuple[RankRow, ...]
    mandates: tuple[MandateView, ...]
    moments: tuple[Headline, ...]
    """The game's biggest headlines, oldest first."""
    charts: tuple[Chart, ...]
    rehearsed: str
    """A sentence when turns were undone; empty else."""
