"""View models of market, company, deal table, ledger and the end."""

from __future__ import annotations

from dataclasses import dataclass

from game.session.view_foresight import ForesightView
from game.session.view_front import DialsView, MandateView
from game.session.view_solver import SolverView
from game.session.view_types import (
    NOWHERE,
    Action,
    Ask,
    Chart,
    Figure,
    Headline,
    Link,
    Notice,
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


# ------------------------------------------------------------------------- deal table


@dataclass(frozen=True)
class PledgeClause:
    """One kind of pledge on one side of the table.

    Verbs: set_pledge(mine, kind, strength), set_exclusive(mine, kind, on).
    """

    kind: int
    name: str
    about: str
    strength: float
    """0 is not in the deal."""
    exclusive: bool
    available: bool
    reason: str
    """Why it cannot be given, else empty."""
    effects: tuple[str, ...]
    """What it would change for the receiver at this strength (at full strength when 0)."""
    cost: str
    """To the giver, a quarter."""
    regions: tuple[tuple[int, str], ...] = ()
    """(region, words), -1 everywhere: empty where there is one region. Verb: set_region(mine, kind,
    region) binds the pledge to one more, or to one less."""
    region: int = -1
    """To which the pledge is bound."""
    locked: bool = False
    """The solver leaves it as it is. Verb: lock("pledge", mine, kind)."""


@dataclass(frozen=True)
class FurtherField:
    """A figure of a further clause. Verb: set_further(mine, key, value)."""

    key: str
    """Slot of ``play.packages.Extra`` in lower case."""
    name: str
    value: float
    shown: str
    low: float
    high: float
    choices: tuple[tuple[float, str], ...] = ()
    """(value, words) to choose from; empty: a figure to slide to."""


@dataclass(frozen=True)
class FurtherClause:
    """A clause beyond money, shares, pledges and loans. Verb: set_further(mine, key, value)."""

    key: str
    """Its first slot."""
    name: str
    about: str
    on: bool
    first: float
    """Value that puts it on the table."""
    lockable: bool = False
    """The solver may change it, unless it is locked."""
    locked: bool = False
    fields: tuple[FurtherField, ...] = ()
    """Shown while it is on the table."""


@dataclass(frozen=True)
class SideView:
    """What one side gives."""

    company: Tag
    mine: bool
    cash: float
    """USD m. Verb: set_cash(mine, value)."""
    cash_text: str
    cash_most: float
    loan: float
    """USD m lent. Verb: set_loan(mine, value)."""
    loan_text: str
    rate: float
    """Interest on it, a fraction a quarter. Verb: set_rate(fraction)."""
    rate_text: str
    rate_most: float
    stake: float
    """Newly issued shares as a fraction after the issue. Verb: set_new_stake(mine, fraction)."""
    stake_text: str
    stake_most: float
    old_stake: float
    """Existing shares as a fraction. Verb: set_old_stake(mine, fraction, issuer)."""
    old_issuer: int
    """Whose shares; the side itself: its founders sell. -1 none."""
    old_text: str
    old_choices: tuple[tuple[int, str, float], ...]
    """(issuer, words, most)."""
    pledges: tuple[PledgeClause, ...]
    lines: tuple[str, ...]
    """The side's clauses as sentences."""
    further: tuple[FurtherClause, ...] = ()
    locked: frozenset[str] = frozenset()
    """Of "cash", "loan", "new", "old": what the solver leaves as it is. Verb: lock(key, mine)."""


@dataclass(frozen=True)
class TermRow:
    """A named term of what the deal is worth to each side, USD m."""

    name: str
    about: str
    mine: str
    mine_value: float
    mine_certainty: str
    """"known" or "estimated", in words."""
    theirs: str
    theirs_low: float
    theirs_high: float
    theirs_certainty: str
    mark: str = "known"
    """What is known of their side: "known", "estimated" or "hidden"."""


@dataclass(frozen=True)
class AnswerView:
    """What the other side said to the last package tabled."""

    code: str
    """"accept", "refuse", "counter"."""
    sentence: str
    reasons: tuple[str, ...]
    needed: str
    """What they still miss against their target; empty when nothing."""
    enough: tuple[str, ...]
    """Changes of which each alone would do, the cheapest first."""
    counter: tuple[str, ...]
    """Their counter-offer, a line a clause; empty without one."""
    accept: Action | None
    """Signs the counter (or the accepted package)."""
    load: Action | None
    """Puts the counter on the table for editing."""


@dataclass(frozen=True)
class DealView:
    """The table: both sides' clauses and the answer, itemised."""

    me: Tag
    other: Tag
    mine: SideView
    theirs: SideView
    term: int
    term_choices: tuple[int, ...]
    term_text: str
    disclosed: bool
    disclosed_text: str
    rounds_left: int
    rounds_text: str
    patience: str
    problems: tuple[str, ...]
    """Why the package on the table cannot be settled, each a sentence."""
    terms: tuple[TermRow, ...]
    total_mine: str
    total_theirs: str
    outlook: str
    """In one sentence: likely, open, unlikely, with the odds."""
    outlook_tone: str
    odds: float
    """Of a yes, 0..1, by what the seat knows; nan for an empty package."""
    review: tuple[str, ...]
    """What competition authorities may do to it, each a sentence."""
    answer: AnswerView | None
    price_note: str
    """Implied price a share against the quote."""
    table: Action
    """Table the package (spends a round)."""
    signed: tuple[str, ...]
    """Deals signed this quarter."""
    story: str
    """Of the scenario's draft, when the table was opened with one."""
    points: int
    """Attention that this talk costs."""
    solver: SolverView
    term_locked: bool
    """Verb: lock("term")."""
    ahead: ForesightView | None
    """What the deal does to everybody; None before it has been played ahead."""
    them: RelationsView
    """What the other side wants and remembers."""
    squeeze: str
    """That it is short of cash, and what a dollar is worth to it; empty when it is not."""
    large: bool
    """Whether it must be played ahead before it is signed."""


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


__all__ = [
    "NOWHERE",
    "AnswerView",
    "Ask",
    "CompanyView",
    "DealView",
    "EndView",
    "HoldingView",
    "LedgerView",
    "Link",
    "MarketView",
    "Notice",
    "OwnLine",
    "PledgeClause",
    "PledgeView",
    "RankRow",
    "SegmentView",
    "SideView",
    "TermRow",
    "TrustView",
]
