"""What a scenario file may say: the published schema, with a unit in every description.

Reference fields carry a :class:`Ref`, by which the checks find names that do not exist.
The arrays that come of it are those of :mod:`game.core.ruleset` and :mod:`game.core.state`.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterable
from enum import IntEnum
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    create_model,
)
from pydantic_core import CoreSchema, core_schema

from game.core import ruleset

FORMAT = 1
"""Version of the format that this game writes and reads without an upgrade."""
LANGUAGES = ("en", "zh")


@dataclasses.dataclass(frozen=True)
class Ref:
    """Marks a text that must name something which the scenario declares.

    Args:
        to: companies, sectors, regions, markets or pledges.
    """

    to: str


@dataclasses.dataclass(frozen=True)
class OneOf:
    """Marks a text that must be one of these words."""

    words: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.literal_schema(list(self.words))


def _words_of(enum: type[IntEnum], without: Iterable[IntEnum] = ()) -> OneOf:
    skipped = set(without)
    return OneOf(tuple(member.name.lower() for member in enum if member not in skipped))


def _as_text(value: Any) -> Any:
    return {"en": value} if isinstance(value, str) else value


def _has_english(value: dict[str, str]) -> dict[str, str]:
    if "en" not in value:
        raise ValueError("a text needs at least its English words, under en")
    return value


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _as_holding(value: Any) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return {"stake": value} if number else value


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
ScenarioId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=40)]
Text = Annotated[
    dict[Annotated[str, OneOf(LANGUAGES)], str],
    BeforeValidator(_as_text, json_schema_input_type=str | dict[str, str]),
    AfterValidator(_has_english),
]
"""Words by language; a plain text is English. ``{id}`` stands for a company or a listed name."""
Date = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-Q[1-4]$")]
Count = Annotated[int, BeforeValidator(_whole, json_schema_input_type=float)]
Fraction = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]

CompanyId = Annotated[str, Ref("companies")]
SectorId = Annotated[str, Ref("sectors")]
RegionId = Annotated[str, Ref("regions")]
MarketId = Annotated[str, Ref("markets")]
PledgeId = Annotated[str, Ref("pledges")]


class Part(BaseModel):
    """Base of every part: unknown keys and wrong kinds of value are faults."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


class Calendar(Part):
    """When the game begins and how long it lasts."""

    first_year: int = Field(ge=1950, le=2100, description="Year of the first quarter.")
    first_quarter: int = Field(1, ge=1, le=4, description="Quarter of that year, 1 to 4.")
    quarters: int = Field(24, ge=1, le=200, description="Length of the game, quarters.")


class Channels(Part):
    """A fraction for each channel."""

    online: Fraction = Field(default=0.0, description="Online shops, fraction 0 to 1.")
    offline: Fraction = Field(default=0.0, description="Shops in the street, fraction 0 to 1.")


class Spend(Part):
    """Spending by lever."""

    product: NotNegative = Field(default=0.0, description="Research and design, USD m a quarter.")
    reach: NotNegative = Field(default=0.0, description="Building out the channels, USD m a quarter.")
    brand: NotNegative = Field(default=0.0, description="Advertising, USD m a quarter.")


class SpendShare(Part):
    """Normal spending by lever, of revenue."""

    product: Fraction = Field(0.03, description="Research and design, fraction of revenue.")
    reach: Fraction = Field(0.02, description="Building out the channels, fraction of revenue.")
    brand: Fraction = Field(0.03, description="Advertising, fraction of revenue.")


class Segment(Part):
    """A kind of buyer."""

    name: Text = Field(description="What these buyers are called.")
    alpha: Positive = Field(description="Price slope, utils a USD; larger is thriftier.")
    weight: Fraction = Field(description="Fraction of buyers; the weights sum to one.")


class Spread(Part):
    """Buyers whose price slope is lognormal, cut into Gauss-Hermite nodes."""

    median: Positive = Field(description="Median price slope, utils a USD.")
    sd: NotNegative = Field(description="Standard deviation of the slope's logarithm, log.")
    nodes: int = Field(9, ge=1, le=15, description="Number of segments.")
    names: list[Text] | None = Field(
        None, description="Names of the segments from the least to the most price-sensitive."
    )


class Fringe(Part):
    """Small firms that sell but do not play."""

    count: NotNegative = Field(description="Number of equal firms.")
    units: NotNegative = Field(
        default=0.0, description="Sold by all of them in the first quarter, m units; fits their utility."
    )
    price: NotNegative = Field(default=0.0, description="Their price, USD a unit; needed with units.")
    utility: list[float] | None = Field(
        None, description="Instead of units: utility of one firm by segment, price included, utils."
    )


class Laws(Part):
    """Parameters of the market laws. In a sector: for all its markets; in a market: for it alone."""

    segments: list[Segment] | None = Field(
        None, min_length=1, description="Kinds of buyers; or give spread."
    )
    spread: Spread | None = Field(None, description="Lognormal price slopes instead of segments.")
    potential_growth: float | None = Field(None, description="Growth of the potential, log a quarter.")
    innovation: NotNegative | None = Field(
        None, description="Bass p: adopt on their own, fraction of non-adopters a quarter."
    )
    imitation: NotNegative | None = Field(
        None, description="Bass q: adopt by word of mouth, fraction a quarter at full adoption."
    )
    life_months: Positive | None = Field(None, description="Life of a durable, months.")
    season: list[Positive] | None = Field(
        None, min_length=4, max_length=4, description="Market size by quarter of the year, factors."
    )
    fringe: Fringe | None = Field(None, description="Small firms that sell but do not play.")
    channel_reach: Channels | None = Field(
        None, description="Fraction of buyers that a fully built channel reaches."
    )
    quality_weight: float | None = Field(None, description="Weight of quality in utility, factor.")
    goodwill_weight: float | None = Field(None, description="Weight of log goodwill, utils.")
    goodwill_ref: Positive | None = Field(None, description="Goodwill that counts one, USD a head.")
    goodwill_decay: Fraction | None = Field(None, description="Goodwill lost, fraction a quarter.")
    network_weight: float | None = Field(None, description="Weight of log penetration, utils.")
    network_ref: Positive | None = Field(None, description="Penetration that counts one, fraction.")
    loyalty: NotNegative | None = Field(None, description="Cost of leaving one's last brand, utils.")
    coverage_decay: Fraction | None = Field(None, description="Coverage lost, fraction a quarter.")
    coverage_cost: Positive | None = Field(
        None, description="Cost of one coverage point from nothing, USD m."
    )
    learning: NotNegative | None = Field(
        None, description="Wright's exponent: cost falls with cumulative volume, exponent."
    )
    decline: float | None = Field(None, description="Fall of parts' cost, log a quarter.")
    cost_floor: Fraction | None = Field(
        None, description="Fraction of the first cost below which learning does not go."
    )
    spend_share: SpendShare | None = Field(None, description="Normal spending, fractions of revenue.")
    licence: NotNegative | None = Field(None, description="Cost of entering, USD m.")
    entry_appeal: float | None = Field(
        None, description="Appeal of a normal entrant, utils; else the lowest of the incumbents."
    )
    door_weight: NotNegative | None = Field(
        None, description="How much a user counts as a door, factor."
    )
    premium_price: Positive | None = Field(
        None, description="Price from which a sale counts as premium, USD a unit."
    )


class Region(Part):
    """A country or group of countries."""

    id: Id = Field(description="Name used in this file.")
    name: Text = Field(description="Name shown.")


class Sector(Laws):
    """A kind of product or service."""

    id: Id = Field(description="Name used in this file.")
    name: Text = Field(description="Name shown.")
    unit: Text = Field(description="What one unit is: a phone, an active user a quarter.")
    durable: bool = Field(description="Bought and replaced (true), or used every quarter (false).")


class Market(Laws):
    """A sector in a region; keys that it leaves out are the sector's."""

    potential: Positive = Field(description="Who could ever use it, m people.")
    adopters: NotNegative = Field(description="Who uses it (has bought) at the start, m people.")
    may_enter: list[CompanyId] | None = Field(
        None, description="Only these companies may enter; without it everybody may."
    )
    barred: list[CompanyId] = Field([], description="Companies that may not enter.")
    source: str = Field("", description="Where the figures come from.")


class Product(Part):
    """What a company sells in one market at the start."""

    price: Positive = Field(description="Price in the first quarter, USD a unit.")
    units: Positive = Field(
        description="Sold (users served) in the first quarter, m units; fits the appeal."
    )
    appeal: float | None = Field(
        None, description="Fixed mean utility, utils; without it fitted from price and units."
    )
    unit_cost: Positive | None = Field(
        None, description="Cost, USD a unit; without it what makes the price the best reply."
    )
    quality: float = Field(default=0.0, description="Quality against the frontier of the start, utils.")
    goodwill: NotNegative | None = Field(
        None, description="Brand stock, USD a head; without it the steady state of the spending."
    )
    coverage: Channels = Field(
        Channels(online=0.5, offline=0.5), description="Own build-out by channel, fractions."
    )
    installed_base: NotNegative | None = Field(
        None, description="In use at the start, m units; without it steady state (users: units)."
    )
    cumulative: Positive | None = Field(
        None, description="Made since the beginning, m units; without it the installed base."
    )
    spend: Spend | None = Field(
        None, description="Normal spending, USD m a quarter; without it spend_share of revenue."
    )
    fixed_cost: NotNegative = Field(default=0.0, description="Fixed cost, USD m a quarter.")
    service_value: NotNegative = Field(
        default=0.0, description="Worth of a buyer to the company's other services, USD a unit."
    )
    bump: float = Field(default=0.0, description="Passing appeal at the start (a launch), utils; it fades.")
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


class Holding(Part):
    """A stake in another company."""

    stake: Fraction = Field(description="Fraction of the other's shares.")
    disclosed: bool = Field(True, description="The size is public.")
    board: bool = Field(False, description="With a seat on the board.")
    locked_until: Date | None = Field(None, description="Cannot be sold before, date.")


HoldingOrStake = Annotated[
    Holding, BeforeValidator(_as_holding, json_schema_input_type=float | Holding)
]


class Mandate(Part):
    """One of a seat's three tasks."""

    id: Id = Field(description="Name used in this file.")
    text: Text = Field(description="The task in words.")
    metric: Annotated[str, _words_of(ruleset.Metric)] = Field(description="What is measured.")
    target: float = Field(description="Value to reach, in the metric's own unit.")
    mode: Annotated[str, _words_of(ruleset.Mode)] = Field(
        "by", description="by: once until the deadline; at: on it; run: quarters in a row."
    )
    deadline: Date | None = Field(None, description="Last date that counts; else the game's end.")
    quarters: int = Field(1, ge=1, description="For run: quarters in a row.")
    sector: SectorId | None = Field(None, description="Sector that the metric looks at.")
    region: RegionId | None = Field(None, description="Region that the metric looks at.")
    rank: int = Field(1, ge=1, description="For ranks: this place or better.")
    foreign: bool = Field(False, description="Only markets abroad count.")


class Par(Part):
    """What a reference player reaches on this seat; measured, see ``stake tune``."""

    mean: float = Field(description="Mean of ln R, log.")
    sd: Positive = Field(description="Standard deviation of ln R, log.")
    doors: Positive = Field(description="Doors, m users.")


class Company(Part):
    """A seat."""

    id: Id = Field(description="Name used in this file.")
    uid: int = Field(ge=1, le=60000, description="Stable number: key of its chance, breaks ties.")
    name: Text = Field(description="Full name.")
    short: Text | None = Field(None, description="Short name; else the full one.")
    invented_name: Text | None = Field(None, description="Full name when real ones are not wanted.")
    invented_short: Text | None = Field(None, description="Short name when real ones are not wanted.")
    invented_about: Text | None = Field(None, description="About, when real names are not wanted.")
    about: Text = Field({"en": ""}, description="Who they are, a sentence or two.")
    home: RegionId = Field(description="Home region.")
    listed: bool = Field(True, description="Its shares trade on an exchange.")
    founder_led: bool = Field(False, description="Founders run it and decide on control.")
    playable: bool = Field(True, description="A person may take this seat.")
    temperament: Temperament = Field(default_factory=Temperament, description="How a machine plays it.")
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] = Field(
        "#888888", description="Colour in charts, #rrggbb."
    )
    shares_outstanding: Annotated[Count, Field(ge=1000, le=10**15)] = Field(
        description="Shares issued, whole count."
    )
    founders: Fraction = Field(default=0.0, description="Founders' fraction of the shares.")
    holdings: dict[CompanyId, HoldingOrStake] = Field(
        default={}, description="Stakes in other companies, fractions of the other's shares."
    )
    cash: NotNegative = Field(description="Cash, USD m.")
    debt: NotNegative = Field(default=0.0, description="Debt to outside lenders, USD m.")
    overhead: NotNegative = Field(default=0.0, description="Cost beyond its markets, USD m a quarter.")
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
        None, description="Price over profit, quarters; without it fitted to market_cap, or the law's own."
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
    effect: Annotated[str, _words_of(ruleset.PledgeEffect)] = Field(
        description="What it changes for the receiver."
    )
    source: Annotated[str, _words_of(ruleset.Source)] = Field(
        description="From what the giver's capability is measured."
    )
    source_sector: SectorId | None = Field(
        None, description="Sector in which share or devices are measured."
    )
    strength: NotNegative = Field(
        description="At full strength: utils, fraction of the gap, or cost share, by effect."
    )
    cost: NotNegative = Field(default=0.0, description="To the giver at full strength, USD m a quarter.")
    cost_share: Fraction = Field(
        default=0.0, description="To the giver, fraction of the receiver's revenue in scope."
    )
    givers: int = Field(1, ge=1, description="A receiver takes it from at most so many companies.")
    partners: int = Field(2, ge=1, description="A giver serves so many at full capability.")
    scope: dict[SectorId, NotNegative] | None = Field(
        None, description="Effect by the receiver's sector, factors; without it one everywhere."
    )


class Effect(Part):
    """One consequence of an event or a project."""

    kind: Annotated[str, _words_of(ruleset.EffectKind)] = Field(description="What changes.")
    amount: float = Field(description="By how much: USD m, utils, log, points or fraction, by kind.")
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
        default=0.0, description="Chance a quarter from then on, 0 to 1; 0: on its date for certain."
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
    counterparty_gives: Side = Field(default_factory=Side, description="The counterparty's clauses.")
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


RULE_UNITS: dict[str, str] = {
    "points": "Attention for every company, points a quarter.",
    "carry": "Attention that may be kept for the next quarter, points.",
    "cost_talk": "Talking to a counterparty, points.",
    "cost_enter": "Entering a market, points.",
    "cost_enter_ally": "Entering with a local ally, points.",
    "cost_exit": "Leaving a market, points.",
    "cost_integrate": "Integrating a pledge, points.",
    "cost_investigate": "An investigation, points.",
    "cost_statement": "A public statement, points.",
    "cost_capital": "A capital measure, points.",
    "cost_project": "Starting a project, points.",
    "free_regions": "Foreign regions before each costs a point, count.",
    "notches": "Spending at the five notches, factors of normal.",
    "stances": "Margin at the five price stances, factors of best reply.",
    "spend_cap": "Spending in a market at most, factor of normal.",
    "price_step": "Price change in one pricing step at most, log.",
    "price_floor": "Lowest price, fraction of cost.",
    "price_iterations": "Pricing steps a quarter at most, count.",
    "price_tolerance": "Prices have converged below this change, log.",
    "research_ceiling": "Largest quality gain, utils a quarter.",
    "research_half": "Research for half that gain, fraction of market revenue.",
    "frontier_drift": "Rise of standard quality, utils a quarter.",
    "reversion": "Return of quality to the frontier, fraction a quarter.",
    "quality_luck": "Luck in research, s.d. in utils a quarter.",
    "demand_luck": "Luck in market size, s.d. in log a quarter.",
    "demand_reversion": "Return of market size to normal, fraction a quarter.",
    "bump_decay": "Passing appeal lost, fraction a quarter.",
    "shock_decay": "Passing cost change lost, fraction a quarter.",
    "fit_sd": "Spread of pair fit between worlds, s.d. in log.",
    "fit_hidden": "Error of a company's guess of a fit, s.d. in log.",
    "estimate_noise": "Error of outsiders' estimates, s.d. in log.",
    "interest": "On debt, fraction a quarter.",
    "deposit": "On cash, fraction a quarter.",
    "tax": "On profit, fraction.",
    "discount": "Discount rate, fraction a quarter.",
    "growth": "Of profit in the continuation value, fraction a quarter.",
    "credit_quarters": "Credit line, quarters of revenue.",
    "private_discount": "On shares that are not listed, fraction.",
    "sentiment_sd": "Noise of quotes, s.d. in log.",
    "deal_cost": "Cost of a deal, USD m.",
    "deal_cost_share": "Cost of a deal, fraction of both sides' quarterly contribution.",
    "break_trust": "Trust lost by breaking a pledge, -1 to 1 scale.",
    "keep_trust": "Trust won by keeping one, a quarter.",
    "trust_decay": "Trust kept, fraction a quarter.",
    "disclosure": "Stake that must be disclosed, fraction.",
    "board_stake": "Stake that brings a board seat, fraction.",
    "control": "Stake that brings control, fraction.",
    "lockup": "A bought stake cannot be sold for, quarters.",
    "issue_gap": "Between two primary issues, quarters.",
    "outside_floor": "Outside holders keep at least, fraction.",
    "bargaining": "Share of the joint surplus that a side wants, fraction.",
    "user_value": "Worth of a preloaded user, USD a quarter.",
    "preload_bump": "Appeal that full preload adds to services, utils.",
    "ramp": "Until a pledge works fully without integration, quarters.",
    "entry_quarters": "From the decision to the first sale, quarters.",
    "entry_coverage": "Coverage of an entrant, fraction.",
    "abroad_discount": "Appeal that a newcomer abroad lacks, utils.",
    "score_value": "Points for value at most.",
    "score_mandates": "Points for mandates at most.",
    "score_doors": "Points for doors at most.",
    "path_quarters": "A path must be held for, quarters in a row.",
    "path_doors": "Gatekeeper: fraction of doors in a region.",
    "path_standard": "Standard: fraction of devices.",
    "path_allies": "Standard: through so many allies, count.",
    "path_stakes": "House of stakes: profitable holdings, count.",
    "path_stake_value": "House of stakes: their part of group value, fraction.",
    "terms": "Terms that pledges may have, quarters.",
}
"""Unit and meaning of each scalar of :class:`game.core.ruleset.Rules`."""
CALENDAR_RULES = ("quarters", "first_year", "first_quarter")


def _rule_fields() -> dict[str, Any]:
    hints = typing.get_type_hints(ruleset.Rules)
    made: dict[str, Any] = {}
    for field in dataclasses.fields(ruleset.Rules):
        if field.name in CALENDAR_RULES:
            continue
        kind = hints[field.name]
        if typing.get_origin(kind) is tuple:
            kind = list[typing.get_args(kind)[0]]  # type: ignore[misc]
        words = RULE_UNITS.get(field.name, f"{field.name.replace('_', ' ').capitalize()}.")
        made[field.name] = (
            kind | None,
            Field(None, description=f"{words} Default {_shown(field.default)}."),
        )
    return made


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(f"{item:g}" for item in value) + "]"
    return f"{value:g}"


Rules: type[Part] = create_model(
    "Rules", __base__=Part, __doc__="Scalars of the game; keys left out keep their default.",
    **_rule_fields(),
)


class Scenario(Part):
    """A whole scenario."""

    format: int = Field(description=f"Version of this format; now {FORMAT}.")
    id: ScenarioId = Field(description="Name of the scenario.")
    extends: str | None = Field(None, description="File that this one changes, beside it.")
    title: Text = Field(description="Title.")
    about: Text = Field({"en": ""}, description="What it is about, a paragraph.")
    calendar: Calendar = Field(description="When it begins and how long it lasts.")
    rules: Rules = Field(  # type: ignore[valid-type]
        default_factory=Rules, description="Scalars of the game."
    )
    regions: list[Region] = Field(min_length=1, max_length=15, description="Regions.")
    sectors: list[Sector] = Field(min_length=1, description="Sectors.")
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
