"""What a scenario file says of regions, sectors, markets and products."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from game.scenario.kinds import (
    CompanyId,
    Fraction,
    Id,
    NotNegative,
    Part,
    Positive,
    SectorId,
    Text,
)


class Channels(Part):
    """A fraction for each channel."""

    online: Fraction = Field(default=0.0, description="Online shops, fraction 0 to 1.")
    offline: Fraction = Field(default=0.0, description="Shops in the street, fraction 0 to 1.")


class Spend(Part):
    """Spending by lever."""

    product: NotNegative = Field(default=0.0, description="Research and design, USD m a quarter.")
    reach: NotNegative = Field(
        default=0.0, description="Building out the channels, USD m a quarter."
    )
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
        default=0.0,
        description="Sold by all of them in the first quarter, m units; fits their utility.",
    )
    price: NotNegative = Field(
        default=0.0, description="Their price, USD a unit; needed with units."
    )
    utility: list[float] | None = Field(
        None, description="Instead of units: utility of one firm by segment, price included, utils."
    )


class Laws(Part):
    """Parameters of the market laws: in a sector for all its markets, in a market for it alone."""

    segments: list[Segment] | None = Field(
        None, min_length=1, description="Kinds of buyers; or give spread."
    )
    spread: Spread | None = Field(None, description="Lognormal price slopes instead of segments.")
    potential_growth: float | None = Field(
        None, description="Growth of the potential, log a quarter."
    )
    innovation: NotNegative | None = Field(
        None, description="Bass p: adopt on their own, fraction of non-adopters a quarter."
    )
    imitation: NotNegative | None = Field(
        None, description="Bass q: adopt by word of mouth, fraction a quarter at full adoption."
    )
    life_months: Positive | None = Field(None, description="Life of a durable, months.")
    life_growth: float | None = Field(
        None, description="People keep it longer: growth of that life, log a quarter."
    )
    life_longest: Positive | None = Field(
        None, description="Life beyond which life_growth does not go, months."
    )
    season: list[Positive] | None = Field(
        None, min_length=4, max_length=4, description="Market size by quarter of the year, factors."
    )
    loyalty: NotNegative | None = Field(
        None, description="What leaving the previous brand costs a buyer, utils."
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
    acceptance_weight: NotNegative | None = Field(
        None, description="Worth to users of the whole other side (shops, sellers), utils."
    )
    acceptance_half: Positive | None = Field(
        None, description="Penetration at which half of the other side joins, fraction."
    )
    acceptance_elasticity: Positive | None = Field(
        None, description="Elasticity of the other side's odds of joining in users, exponent."
    )
    acceptance_speed: Fraction | None = Field(
        None, description="The other side follows by this part of its distance, fraction a quarter."
    )
    apps_weight: NotNegative | None = Field(
        None, description="Weight of the log of the apps that run on a device, utils."
    )
    apps_ref: Positive | None = Field(
        None, description="Apps that count one; 1 is what users everywhere would bring, fraction."
    )
    apps_elasticity: Positive | None = Field(
        None, description="Elasticity of a system's apps in its installed base, exponent."
    )
    apps_speed: Fraction | None = Field(
        None, description="Apps follow the base by this part of the distance, fraction a quarter."
    )
    uses: Positive | None = Field(
        None, description="Units that one person uses side by side (several services), count."
    )
    own_services: dict[SectorId, NotNegative] | None = Field(
        None,
        description="By sector of the company's own other service in the region: what it adds here "
        "when it reaches everybody and all its users are led here, utils.",
    )
    carries: list[SectorId] | None = Field(
        None,
        description="Services that ride on this device: what they earn a device moves "
        "service_value; all own services of the region without the key.",
    )
    lead_innovation: Fraction | None = Field(
        None, description="Bass p of own users led here: on their own, fraction a quarter."
    )
    lead_imitation: Fraction | None = Field(
        None, description="Bass q of own users led here: by word of mouth, fraction a quarter."
    )
    coverage_decay: Fraction | None = Field(None, description="Coverage lost, fraction a quarter.")
    coverage_limit: Channels | None = Field(
        None, description="To which spending builds out a channel at most, fractions."
    )
    learning: NotNegative | None = Field(
        None, description="Wright's exponent: cost falls with cumulative volume, exponent."
    )
    decline: float | None = Field(None, description="Fall of parts' cost, log a quarter.")
    cost_floor: Fraction | None = Field(
        None, description="Fraction of the first cost below which learning does not go."
    )
    capacity_lead: Annotated[float, Field(ge=0, le=12)] | None = Field(
        None, description="Until ordered capacity of a durable works, quarters; 0: no limit."
    )
    capacity_decay: Fraction | None = Field(
        None, description="Capacity worn out, fraction a quarter."
    )
    capacity_headroom: NotNegative | None = Field(
        None, description="Capacity that delegates keep beyond expected sales, fraction."
    )
    capacity_cost: NotNegative | None = Field(
        None, description="Price of capacity, USD for a unit a quarter more."
    )
    shortage_hazard: Fraction | None = Field(
        None, description="Chance a quarter that a maker's parts do not come, fraction."
    )
    shortage_depth: Fraction | None = Field(
        None, description="Capacity that is then missing for a while, fraction."
    )
    spend_share: SpendShare | None = Field(
        None, description="Normal spending, fractions of revenue."
    )
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


class MergerReview(Part):
    """By what a region's competition authority goes when somebody wins control of a company."""

    moderate: NotNegative = Field(
        1500.0, description="HHI after the merger up to which nothing is feared, points."
    )
    high: Positive = Field(2500.0, description="HHI of a highly concentrated market, points.")
    screen: NotNegative = Field(
        100.0, description="Rise of the HHI up to which nothing is feared, points."
    )
    presumed: Positive = Field(
        200.0, description="Rise of the HHI from which harm is presumed, points."
    )
    file_each: NotNegative = Field(
        0.0, description="Sales in the region that each of the two must have, USD m a year."
    )
    delays: Fraction = Field(0.3, description="Chance of a long look where harm is presumed.")
    remedies: Fraction = Field(0.4, description="Chance of remedies where harm is presumed.")
    blocks: Fraction = Field(0.3, description="Chance of a ban where harm is presumed.")
    quarters: Annotated[int, Field(ge=1, le=8)] = Field(
        2, description="What a long look takes, quarters."
    )
    source: str = Field("", description="Where the figures come from.")


class Region(Part):
    """A country or group of countries."""

    id: Id = Field(description="Name used in this file.")
    name: Text = Field(description="Name shown.")
    fx_sd: Annotated[float, Field(ge=0, le=0.5)] = Field(
        0.0,
        description="Luck of its money against the dollar, s.d. in log a quarter; 0 is a peg.",
    )
    merger_review: MergerReview | None = Field(
        None, description="Its competition authority; without it nobody reviews mergers there."
    )


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
    quality: float = Field(
        default=0.0, description="Quality against the frontier of the start, utils."
    )
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
    capacity: Positive | None = Field(
        None,
        description="Can be made, m units a quarter; without it the year's peak with headroom.",
    )
    spend: Spend | None = Field(
        None, description="Normal spending, USD m a quarter; without it spend_share of revenue."
    )
    fixed_cost: NotNegative = Field(default=0.0, description="Fixed cost, USD m a quarter.")
    service_value: NotNegative = Field(
        default=0.0, description="Worth of a buyer to the company's other services, USD a unit."
    )
    launches: list[float] | None = Field(
        None,
        min_length=4,
        max_length=4,
        description="Its own season beside the market's (launches in autumn): appeal by quarter of "
        "the year, mean near 0, utils; without it none.",
    )
    bump: float = Field(
        default=0.0, description="Passing appeal at the start (a launch), utils; it fades."
    )
    source: str = Field("", description="Where the figures come from.")
