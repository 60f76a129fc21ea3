"""What a scenario file may say: the published schema, with a unit in every description.

Reference fields carry a :class:`game.scenario.kinds.Ref`, by which the checks find names that
do not exist. The arrays that come of it are those of :mod:`game.core.ruleset` and
:mod:`game.core.state`.
"""

from __future__ import annotations

import typing
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

from game.core import ruleset
from game.scenario.kinds import (
    CompanyId,
    Count,
    Date,
    Fraction,
    Id,
    MarketId,
    NotNegative,
    Part,
    PledgeId,
    Positive,
    RegionId,
    ScenarioId,
    SectorId,
    SystemId,
    Text,
    words_of,
)
from game.scenario.market_schema import Market, Product, Region, Sector
from game.scenario.rules import Rules

FORMAT = 1
"""Version of the format that this game writes and reads without an upgrade."""


class Calendar(Part):
    """When the game begins and how long it lasts."""

    first_year: int = Field(ge=1950, le=2100, description="Year of the first quarter.")
    first_quarter: int = Field(1, ge=1, le=4, description="Quarter of that year, 1 to 4.")
    quarters: int = Field(24, ge=1, le=200, description="Length of the game, quarters.")


class System(Part):
    """A home system of devices, with its own apps."""

    id: Id = Field(description="Name used in this file.")
    name: Text = Field(description="Name shown.")
    runs: dict[SystemId, Fraction] = Field(
        default={}, description="Other systems whose apps run on it, fraction of them."
    )
    source: str = Field("", description="Where the figures come from.")


class Temperament(Part):
    """How a machine plays this company; each trait 0 to 1, neutral 0.5."""

    appetite: Fraction = Field(default=0.5, description="For growth against profit, 0 to 1.")
    patience: Fraction = Field(default=0.5, description="In talks and with losses, 0 to 1.")
    trust: Fraction = Field(default=0.5, description="Readiness to trust, 0 to 1.")
    focus: Fraction = Field(default=0.5, description="On few markets against many, 0 to 1.")
    risk: Fraction = Field(default=0.5, description="Readiness to take risks, 0 to 1.")
    home_bias: Fraction = Field(default=0.5, description="Home before abroad, 0 to 1.")
    stakes: Fraction = Field(default=0.5, description="Liking of stakes in others, 0 to 1.")
    price: Fraction = Field(default=0.5, description="Cheap (0) to dear (1).")


def _as_holding(value: Any) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return {"stake": value} if number else value


class Holding(Part):
    """A stake in another company."""

    stake: Fraction = Field(description="Fraction of the other's shares.")
    disclosed: bool = Field(True, description="The size is public.")
    board: bool = Field(False, description="With a seat on the board.")
    locked_until: Date | None = Field(None, description="Cannot be sold before, date.")


HoldingOrStake = Annotated[
    Holding, BeforeValidator(_as_holding, json_schema_input_type=float | Holding)
]


class Loan(Part):
    """What the company owes another one at the start."""

    amount: Positive = Field(description="Owed at the start, USD m.")
    rate: Fraction = Field(0.015, description="Interest, paid with the loan, fraction a quarter.")
    due: Date = Field(description="Quarter at whose end all is repaid, date.")


class Mandate(Part):
    """One of a seat's three tasks."""

    id: Id = Field(description="Name used in this file.")
    text: Text = Field(description="The task in words.")
    metric: Annotated[str, words_of(ruleset.Metric)] = Field(description="What is measured.")
    target: float = Field(description="Value to reach, in the metric's own unit.")
    mode: Annotated[str, words_of(ruleset.Mode)] = Field(
        "by", description="by: once until the deadline; at: on it; run: quarters in a row."
    )
    deadline: Date | None = Field(None, description="Last date that counts; else the game's end.")
    quarters: int = Field(1, ge=1, description="For run: quarters in a row.")
    sector: SectorId | None = Field(None, description="Sector that the metric looks at.")
    region: RegionId | None = Field(None, description="Region that the metric looks at.")
    rank: int = Field(1, ge=1, description="For ranks: this place or better.")
    foreign: bool = Field(False, description="Only markets abroad count.")


class Par(Part):
    """What a reference player reaches on this seat; measured by ``stake scenario par``."""

    mean: float = Field(description="Middle of ln R, log.")
    sd: Positive = Field(description="Spread of ln R, half of the middle 68 %, log.")
    doors: Positive = Field(description="Doors, m users.")
    mandates: float = Field(
        ruleset.PAR_PART,
        gt=0,
        lt=1,
        description="Usual credit of mandates: it earns 2/3.",
    )


class Company(Part):
    """A seat."""

    id: Id = Field(description="Name used in this file.")
    uid: int = Field(ge=1, le=60000, description="Stable number: key of its chance, breaks ties.")
    name: Text = Field(description="Full name.")
    short: Text | None = Field(None, description="Short name; else the full one.")
    invented_name: Text | None = Field(None, description="Full name when real ones are not wanted.")
    invented_short: Text | None = Field(
        None, description="Short name when real ones are not wanted."
    )
    invented_about: Text | None = Field(None, description="About, when real names are not wanted.")
    about: Text = Field({"en": ""}, description="Who they are, a sentence or two.")
    home: RegionId = Field(description="Home region.")
    listed: bool = Field(True, description="Its shares trade on an exchange.")
    founder_led: bool = Field(False, description="Founders run it and decide on control.")
    playable: bool = Field(True, description="A person may take this seat.")
    temperament: Temperament = Field(
        default_factory=Temperament, description="How a machine plays it."
    )
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] = Field(
        "#888888", description="Colour in charts, #rrggbb."
    )
    shares_outstanding: Annotated[Count, Field(ge=1000, le=10**15)] = Field(
        description="Shares issued, whole count."
    )
    founders: Fraction = Field(default=0.0, description="Founders' fraction of the shares.")
    founder_votes: Annotated[float, Field(ge=1, le=1000)] = Field(
        default=1.0, description="Votes of a founder's share against one of any other, votes."
    )
    founders_board: bool = Field(
        False,
        description="By agreement founders name most of the board while they hold any share.",
    )
    holdings: dict[CompanyId, HoldingOrStake] = Field(
        default={}, description="Stakes in other companies, fractions of the other's shares."
    )
    cash: NotNegative = Field(description="Cash, USD m.")
    debt: NotNegative = Field(default=0.0, description="Debt to outside lenders, USD m.")
    loans: dict[CompanyId, Loan] = Field(
        default={}, description="What it owes other companies, by creditor."
    )
    overhead: NotNegative = Field(
        default=0.0, description="Cost beyond its markets, USD m a quarter."
    )
    other_profit: float = Field(
        default=0.0, description="Profit of businesses outside the scenario, USD m a quarter."
    )
    authorisation: NotNegative | None = Field(
        None, description="Deals without the board, USD m a year; without it unlimited."
    )
    market_cap: Positive | None = Field(
        None, description="Value of all shares (on the exchange, or of the last round), USD m."
    )
    multiple: NotNegative | None = Field(
        None,
        description="Price over profit, quarters; without it fitted to market_cap.",
    )
    system: SystemId | None = Field(
        None, description="Its own home system; its devices carry it, else the first one listed."
    )
    taboo: list[PledgeId] = Field([], description="Pledges that it never grants.")
    skills: dict[PledgeId, Fraction] = Field(
        default={}, description="Capability for pledges measured by skill, 0 to 1."
    )
    mandates: list[Mandate] = Field(
        [], max_length=3, description="Its tasks; a playable seat has three."
    )
    par: Par | None = Field(None, description="Reference result; a par file overrides it.")
    products: dict[MarketId, Product] = Field(default={}, description="What it sells, by market.")
    source: str = Field("", description="Where the figures come from.")


class Pledge(Part):
    """A kind of support that one company can lend another."""

    id: Id = Field(description="Name used in this file.")
    name: Text = Field(description="Name shown.")
    about: Text = Field({"en": ""}, description="What it means, a sentence.")
    effect: Annotated[str, words_of(ruleset.PledgeEffect)] = Field(
        description="What it changes for the receiver."
    )
    source: Annotated[str, words_of(ruleset.Source)] = Field(
        description="From what the giver's capability is measured."
    )
    source_sector: SectorId | None = Field(
        None, description="Sector in which share or devices are measured."
    )
    strength: NotNegative = Field(
        description="At full strength: utils, fraction of the gap, or cost share, by effect."
    )
    cost: NotNegative = Field(
        default=0.0, description="To the giver at full strength, USD m a quarter."
    )
    cost_share: Fraction = Field(
        default=0.0, description="To the giver, fraction of the receiver's revenue in scope."
    )
    home_system: Fraction = Field(
        default=0.0,
        description="For preload: part of the giver's new devices with the receiver's own system, "
        "fraction.",
    )
    bounty: NotNegative = Field(
        default=0.0,
        description="For preload: the receiver pays the giver for each device sold that carries "
        "its services, USD a device.",
    )
    givers: int = Field(1, ge=1, description="A receiver takes it from at most so many companies.")
    partners: int = Field(2, ge=1, description="A giver serves so many at full capability.")
    pooling: Fraction = Field(
        default=0.0,
        description="For cost: the giver's volume that the receiver buys with, fraction of it.",
    )
    spillover: Fraction = Field(
        default=0.0, description="The giver's research open to the receiver, fraction of it."
    )
    scope: dict[SectorId, NotNegative] | None = Field(
        None, description="Effect by the receiver's sector, factors; without it one everywhere."
    )


class Effect(Part):
    """One consequence of an event or a project."""

    kind: Annotated[str, words_of(ruleset.EffectKind)] = Field(description="What changes.")
    amount: float = Field(
        description="By how much: USD m, utils, log, points or fraction, by kind."
    )
    companies: list[CompanyId] = Field([], description="Who is hit; none listed: everybody.")
    others: list[CompanyId] = Field([], description="For trust: in whom.")
    sectors: list[SectorId] = Field([], description="In which sectors; none listed: all.")
    regions: list[RegionId] = Field([], description="In which regions; none listed: all.")
    by_decider: bool = Field(False, description="Hits the deciding company instead.")
    relative: bool = Field(False, description="For cash: fraction of quarterly revenue, not USD m.")
    odds: Fraction = Field(default=1.0, description="Chance that it happens, 0 to 1.")


class Option(Part):
    """One way to answer an event card."""

    id: Id = Field(description="Name used in this file.")
    label: Text = Field(description="Words on the button.")
    about: Text = Field({"en": ""}, description="What it brings and costs, a sentence.")
    effects: list[Effect] = Field([], description="Its consequences.")


class Event(Part):
    """A card: what happens, when, and who may answer how."""

    id: Id = Field(description="Name used in this file.")
    title: Text = Field(description="Headline.")
    story: Text = Field(description="What happened, a few sentences.")
    source: str = Field("", description="Where it is reported; empty for invented ones.")
    date: Date | None = Field(None, description="Quarter in which it is due (or may begin), date.")
    turn: int | None = Field(None, ge=0, description="The same as a number of quarters from 0.")
    hazard: Fraction = Field(
        default=0.0,
        description="Chance a quarter from then on, 0 to 1; 0: on its date for certain.",
    )
    when: str | None = Field(
        None, description="Condition, such as: kite.cash < 2 * kite.costs and turn >= 4."
    )
    deciders: list[CompanyId] = Field([], description="Companies that answer.")
    effects: list[Effect] = Field([], description="What happens whatever they answer.")
    options: list[Option] = Field([], max_length=4, description="Answers, two to four, or none.")
    historical: bool = Field(False, description="A real dated event.")


class Project(Part):
    """An irreversible undertaking."""

    id: Id = Field(description="Name used in this file.")
    name: Text = Field(description="Name shown.")
    about: Text = Field({"en": ""}, description="What it is, a sentence.")
    cost: NotNegative = Field(description="Paid at once, USD m.")
    quarters: int = Field(ge=1, description="Until it is finished, quarters.")
    effects: list[Effect] = Field(description="What it changes when finished.")
    companies: list[CompanyId] = Field([], description="Who may undertake it; none listed: all.")


class Side(Part):
    """What one side of a draft gives."""

    cash: NotNegative = Field(default=0.0, description="Cash, USD m.")
    stake: Fraction = Field(
        default=0.0, description="New shares, as a fraction of its shares after the issue."
    )
    pledges: dict[PledgeId, Fraction] = Field(default={}, description="Pledges, strength 0 to 1.")


class Draft(Part):
    """A package that lies on the table when the game starts."""

    id: Id = Field(description="Name used in this file.")
    title: Text = Field(description="Headline.")
    story: Text = Field({"en": ""}, description="How it came about, a few sentences.")
    proposer: CompanyId = Field(description="Who offers.")
    counterparty: CompanyId = Field(description="Who may accept.")
    proposer_gives: Side = Field(default_factory=Side, description="The proposer's clauses.")
    counterparty_gives: Side = Field(
        default_factory=Side, description="The counterparty's clauses."
    )
    term: int = Field(8, ge=1, description="Of all pledges, quarters; one of rules.terms.")
    disclosed: bool = Field(True, description="The size of the stake is announced.")
    source: str = Field("", description="Where it is reported.")


class Relation(Part):
    """How one company stands to another."""

    of: CompanyId = Field(description="The one who trusts, is reluctant, or lends.")
    to: CompanyId = Field(description="The other.")
    mutual: bool = Field(False, description="Holds the other way round too.")
    trust: Annotated[float, Field(ge=-1, le=1)] | None = Field(
        None, description="Trust at the start, -1 to 1."
    )
    rivalry: Fraction | None = Field(None, description="Reluctance to deal, 0 to 1.")
    fit: Positive | None = Field(
        None, description="How well the other uses what the first lends, factor; else drawn."
    )


class Alliance(Part):
    """A pledge in force when the game starts."""

    kind: PledgeId = Field(description="Kind of pledge.")
    giver: CompanyId = Field(description="Who lends.")
    receiver: CompanyId = Field(description="Who is helped.")
    strength: Fraction = Field(default=1.0, description="As announced, 0 to 1.")
    effort: Fraction = Field(default=1.0, description="Part of the promise truly given, 0 to 1.")
    until: Date = Field(description="In force before this date.")
    exclusive: bool = Field(False, description="The giver may lend it to nobody else.")
    regions: list[RegionId] = Field([], description="Regions covered; none listed: all.")


class Name(Part):
    """A product or brand that texts mention as ``{id}``."""

    id: Id = Field(description="Name used in texts, in braces.")
    name: Text = Field(description="Real name.")
    invented_name: Text = Field(description="Name when real ones are not wanted.")


class Fact(Part):
    """A figure that the scenario rests on."""

    what: str = Field(description="The figure in words, with its unit.")
    source: str = Field(description="Where it stands.")
    confidence: str = Field("", description="sourced, computed, or how sure the author is.")


class Scenario(Part):
    """A whole scenario."""

    format: int = Field(description=f"Version of this format; now {FORMAT}.")
    id: ScenarioId = Field(description="Name of the scenario.")
    extends: str | None = Field(None, description="File that this one changes, beside it.")
    start: str | None = Field(
        None,
        description="CSV file beside this one with price and units of product lines and fringes.",
    )
    fit: str | None = Field(
        None,
        description="CSV file beside this one that stake scenario calibrate --write keeps.",
    )
    history: str | None = Field(
        None, description="CSV file beside this one with yearly facts, for stake sim --history."
    )
    title: Text = Field(description="Title.")
    about: Text = Field({"en": ""}, description="What it is about, a paragraph.")
    calendar: Calendar = Field(description="When it begins and how long it lasts.")
    rules: Rules = Field(default_factory=Rules, description="Scalars of the game.")
    regions: list[Region] = Field(min_length=1, max_length=15, description="Regions.")
    sectors: list[Sector] = Field(min_length=1, description="Sectors.")
    systems: list[System] = Field(
        [], description="Home systems of devices; the first is the common one."
    )
    markets: dict[str, Market] = Field(min_length=1, description="Markets, keyed sector/region.")
    companies: list[Company] = Field(min_length=1, description="Companies, the seats.")
    pledges: list[Pledge] = Field(min_length=1, description="Kinds of pledges.")
    relations: list[Relation] = Field([], description="Trust, rivalry and fit of pairs.")
    alliances: list[Alliance] = Field([], description="Pledges in force at the start.")
    events: list[Event] = Field([], description="Event cards.")
    projects: list[Project] = Field([], max_length=30, description="Irreversible undertakings.")
    drafts: list[Draft] = Field([], description="Packages on the table at the start.")
    names: list[Name] = Field([], description="Brands that texts mention as {id}.")
    facts: list[Fact] = Field([], description="Figures that the scenario rests on.")


def json_schema() -> dict[str, Any]:
    """The published JSON Schema of a scenario file (draft 2020-12)."""
    made = typing.cast(dict[str, Any], _tidy(Scenario.model_json_schema(mode="validation")))
    needed = made.pop("required")
    line = made["$defs"]["Product"]  # price and units may stand in the table of the start
    line["required"] = [name for name in line["required"] if name not in ("price", "units")]
    line["required"] or line.pop("required")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Minority Stake scenario",
        **made,
        "anyOf": [{"required": needed}, {"required": ["extends"]}],
    }


def _tidy(node: Any) -> Any:
    """Without the titles and nulls that pydantic adds and no author needs."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    tidy: dict[str, Any] = {}
    for key, value in node.items():
        if (key == "title" and isinstance(value, str)) or (key == "default" and value is None):
            continue
        tidy[key] = _tidy(value)
    choices = tidy.get("anyOf")
    if choices and {"type": "null"} in choices:
        rest = [choice for choice in choices if choice != {"type": "null"}]
        del tidy["anyOf"]
        tidy = {**rest[0], **tidy} if len(rest) == 1 else {**tidy, "anyOf": rest}
    return tidy
