"""View models of the deal table: both sides' clauses, what they are worth, and the answer."""

from __future__ import annotations

from dataclasses import dataclass

from game.session.view_detail import RelationsView
from game.session.view_foresight import ForesightView
from game.session.view_solver import SolverView
from game.session.view_types import Action, Tag


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
