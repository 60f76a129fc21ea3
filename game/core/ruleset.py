"""What the scenario fixed: one ruleset for all worlds of a game.

Arrays have no world axis. Names are text of the scenario by language; the engine never reads
them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import IntEnum

import numpy as np

from game.core.authority import Authority as Authority
from game.core.axes import Array, Bools, Ints, axis
from game.core.cards import Effect as Effect
from game.core.cards import EffectKind as EffectKind
from game.core.cards import Event as Event
from game.core.cards import Option as Option
from game.core.cards import Project as Project
from game.core.mandate import Mandate as Mandate
from game.core.mandate import Metric as Metric
from game.core.mandate import Mode as Mode
from game.core.pledge import Draft as Draft
from game.core.pledge import PledgeEffect as PledgeEffect
from game.core.pledge import PledgeKind as PledgeKind
from game.core.pledge import Source as Source
from game.core.words import Text as Text

CLAUSE_SLOTS = 14
"""Of packages, as many as ``play.packages.Extra`` names."""


WAITING_SLOTS = 3
"""Deals that may wait for authorities at a time in a world."""


class Status(IntEnum):
    """How a company stands."""

    INDEPENDENT = 0
    CONTROLLED = 1
    RESTRUCTURED = 2
    FAILED = 3
    """A shell: its businesses are sold, it acts no more."""


class EndCause(IntEnum):
    """Why a game ended."""

    RUNNING = 0
    LAST_QUARTER = 1
    GATEKEEPER = 2
    STANDARD = 3
    HOUSE_OF_STAKES = 4
    INDEPENDENT = 5


@dataclasses.dataclass(frozen=True)
class Company:
    """Words and traits of a company."""

    uid: str
    name: Text
    short: Text
    about: Text
    home: int
    """Region index."""
    listed: bool
    founder_led: bool
    temperament: Mapping[str, float]
    """appetite, patience, trust, focus, risk, home_bias, stakes, price: each 0..1, neutral 0.5."""
    colour: str = ""
    playable: bool = True


PAR_PART = 2.0 / 3.0
"""Part of the mandates' points that the usual credit earns, and the usual credit without par."""


@dataclasses.dataclass(frozen=True)
class Rules:
    """Scalars of the scenario; every one is data, none is code."""

    quarters: int = 24
    first_year: int = 2015
    first_quarter: int = 1
    points: int = 5
    carry: int = 2
    cost_talk: int = 1
    cost_enter: int = 3
    cost_enter_ally: int = 2
    cost_exit: int = 1
    cost_integrate: int = 1
    cost_investigate: int = 1
    cost_statement: int = 1
    cost_capital: int = 1
    cost_project: int = 2
    free_regions: int = 3
    notches: tuple[float, ...] = (0.4, 0.7, 1.0, 1.35, 1.8)
    stances: tuple[float, ...] = (0.7, 0.85, 1.0, 1.12, 1.25)
    spend_cap: float = 3.0
    """Spending in a market is at most this many times normal."""
    price_step: float = 0.2
    price_floor: float = 0.1
    price_iterations: int = 2
    price_tolerance: float = 1e-6
    research_ceiling: float = 0.14
    research_half: float = 0.01
    """Half-point of the research return, as a share of market revenue."""
    knowledge_depreciation: float = 1.0
    """Part of the stock of research lost in a quarter; 1: only this quarter's spending counts."""
    frontier_drift: float = 0.06
    reversion: float = 0.10
    quality_luck: float = 0.15
    demand_luck: float = 0.02
    demand_reversion: float = 0.25
    bump_decay: float = 0.5
    shock_decay: float = 0.35
    fx_reversion: float = 0.05
    parts_in_dollars: float = 0.7
    """Part of a durable's unit cost that is paid in dollars; the rest in the maker's money."""
    service_cap: float = 0.4
    """A buyer's worth to other services at most, as a part of the unit cost."""
    working_capital: float = 0.0
    """Cash or credit that an order of capacity needs, in quarters of the unit cost it adds."""
    entry_capacity: float = 0.02
    fit_sd: float = 0.7
    fit_hidden: float = 0.35
    """Standard error (log) of a company's own guess of a pair's fit."""
    estimate_noise: float = 0.25
    """Standard error (log) of outsiders' estimates of unpublished figures."""
    published_noise: float = 0.1
    """The same of companies that publish their books."""
    report_noise: float = 0.12
    """Standard error of what a partner hears of the effort that it is given."""
    board_hears: float = 0.75
    """Part of that noise which a seat on the giver's board takes away."""
    insight: float = 0.8
    """Part of the noise which an audit takes away."""
    insight_kept: float = 0.6
    """Part of what an audit found out that is left after a quarter."""
    suspect_below: float = 0.7
    """Machine seats audit a partner of whom they hear less effort than this."""
    exposed_below: float = 0.85
    """An audit exposes a giver whose effort is below this."""
    exposed_trust: float = 0.3
    """Trust lost by who is found out."""
    trust_missed: int = 12
    """Quarters for which machine seats think that lost trust is missed."""
    attack_trust: float = 0.25
    """Trust of the attacked in the attacker that a public attack costs."""
    attack_appeal: float = 0.08
    """Utils of passing appeal that the attacked loses."""
    praise_trust: float = 0.1
    refusal_trust: float = 0.0
    """Trust in who turns an offer down that the refused loses."""
    topped_trust: float = 0.0
    """Trust in a company that bids for a stake of which another was sure, lost by that one."""
    late_trust: float = 0.0
    """Trust in a debtor that does not pay when a loan is due, lost by its creditors."""
    countdown_rivalry: float = 0.0
    """Rivalry that everybody feels towards who is about to end the game by a public path, when
    the last quarter of it is left; less before."""
    interest: float = 0.015
    deposit: float = 0.004
    tax: float = 0.2
    loss_years: int = 0
    """Years after its own in which a loss may still be set against profit; 0: for ever."""
    discount: float = 0.025
    """A quarter."""
    growth: float = 0.01
    """Of profit in the continuation value, a quarter."""
    credit_quarters: float = 1.0
    """Credit line, in quarters of revenue; and of value, below."""
    credit_value: float = 0.1
    """Credit line, as a share of the company's fundamental value."""
    restructurings: int = 1
    """Defaults that creditors of a company worth saving answer by a restructuring."""
    haircut: float = 0.5
    """Part of all claims that a restructuring turns into shares."""
    creditor_share: float = 0.6
    """Part of the company that creditors then hold."""
    rescue: float = 0.15
    """Cash that they leave in it, as a share of its credit line."""
    loan_rate_most: float = 0.1
    """Highest interest on loans among companies, a quarter."""
    default_loss: float = 0.5
    """Part of a loan that a lender fears to lose to a debtor worth nothing."""
    loan_extension: int = 8
    """Quarters until what a restructured company still owes others is due."""
    line_quarters: float = 8.0
    """Worth of a failed company's business to a bidder, in quarters of its contribution."""
    line_kept: float = 0.5
    """Part of a bought business that a buyer keeps who sells in the market already."""
    bid_cash: float = 0.5
    """Part of its cash that a company bids for businesses at most."""
    private_discount: float = 0.25
    sentiment_sd: float = 0.05
    sentiment_persistence: float = 0.0
    """Part of a mispricing that is left after a quarter."""
    deal_cost: float = 20.0
    deal_cost_share: float = 0.02
    break_trust: float = 0.4
    keep_trust: float = 0.02
    trust_decay: float = 0.97
    disclosure: float = 0.05
    board_stake: float = 0.20
    control: float = 0.50
    lockup: int = 4
    issue_gap: int = 2
    outside_floor: float = 0.10
    contest_stake: float = 2.0
    decisive_stake: float = 2.0
    """Stake from which authorities see control, where founders do not decide; 2: only by votes."""
    breakup_fee: float = 0.03
    """Of the price: paid by whoever cannot complete a cleared deal."""
    refile: int = 4
    """Quarters until a forbidden deal may be tried anew."""
    undertaking: int = 8
    """Quarters for which undertakings to an authority bind."""
    """A deal that gives such a stake is open to one topping bid and one match; over 1: none."""
    bargaining: float = 0.5
    user_value: float = 1.8
    """Worth of a preloaded user to the services that ride along, USD a quarter."""
    preload_bump: float = 0.5
    """Utils that full preload adds to the receiver's services in the region."""
    ramp: int = 2
    """Quarters until a pledge works fully without integration."""
    entry_quarters: int = 2
    entry_coverage: float = 0.06
    exit_cost: float = 0.5
    """Cost of leaving a market, in quarters of its fixed cost."""
    abroad_discount: float = 0.9
    """Utils that a newcomer abroad lacks without local knowledge."""
    score_value: float = 40.0
    score_mandates: float = 30.0
    score_doors: float = 30.0
    path_quarters: int = 4
    path_doors: float = 0.4
    path_standard: float = 0.5
    path_allies: int = 4
    path_stakes: int = 6
    path_stake_value: float = 1 / 3
    path_return: float = 0.0
    terms: tuple[int, ...] = (4, 8, 12)
    share_sd: float = 0.15
    """By which shares' value is thought to move, s.d. in log a quarter, for pricing options."""
    advanced_deals: bool = False
    """Whether deals may hold the advanced clauses, see ``game.play.packages.BASIC``."""


@dataclasses.dataclass(frozen=True)
class Ruleset:
    """A scenario, resolved to arrays."""

    uid: str
    title: Text
    about: Text
    digest: str
    """Hash of the scenario's text."""
    rules: Rules
    companies: tuple[Company, ...]
    sectors: tuple[str, ...]
    sector_names: tuple[Text, ...]
    unit_names: tuple[Text, ...]
    """Per sector: what a unit is."""
    regions: tuple[str, ...]
    region_names: tuple[Text, ...]
    markets: tuple[str, ...]
    """``sector/region``."""
    systems: tuple[str, ...]
    """Home systems; the first is the common one, of the fringe and of whoever names none."""
    system_names: tuple[Text, ...]
    pledges: tuple[PledgeKind, ...]
    events: tuple[Event, ...]
    mandates: tuple[tuple[Mandate, ...], ...]
    projects: tuple[Project, ...]
    drafts: tuple[Draft, ...]
    authorities: tuple[Authority | None, ...]
    """Per region; None where nobody reviews mergers."""
    segment_names: tuple[tuple[Text, ...], ...]
    """Per sector."""

    company_uid: Ints = axis(
        "N", "-", "stable number, key of its chance; not its index", dtype="i8"
    )
    market_sector: Ints = axis("M", "sector", dtype="i8")
    market_region: Ints = axis("M", "region", dtype="i8")
    fx_sd: Array = axis("R", "log a quarter", "s.d. of the region's exchange rate")
    home: Bools = axis("N M", "-", "market lies in the company's home region", dtype="?")

    appeal: Array = axis("N M", "utils", "fixed residual of the calibration")
    launches: Array = axis("N M Q", "utils", "a line's own season, first to fourth quarter")
    potential: Array = axis("M", "m people", "who could ever use it, at the start")
    potential_growth: Array = axis("M", "log a quarter", "of the potential")
    innovation: Array = axis("M", "a quarter", "Bass p")
    imitation: Array = axis("M", "a quarter", "Bass q")
    durable: Bools = axis("M", "-", "bought and replaced; otherwise used every quarter", dtype="?")
    life_months: Array = axis("M", "months", "of a durable before it is replaced", fill=24)
    life_growth: Array = axis("M", "log a quarter", "of that life")
    life_longest: Array = axis("M", "months", "at which that growth ends", fill=1e9)
    season: Array = axis("M Q", "factor", "of market size, first to fourth quarter", fill=1)
    alpha: Array = axis("M S", "utils a USD", "price slope")
    weight: Array = axis("M S", "fraction", "of buyers; sums to one")
    loyalty: Array = axis("M", "utils", "that leaving the previous brand costs")
    fringe_count: Array = axis("M", "firms")
    fringe_utility: Array = axis("M S", "utils", "of one fringe firm")
    channel_reach: Array = axis("M H", "fraction", "of buyers that a fully built channel reaches")
    quality_weight: Array = axis("M", "-", fill=1)
    goodwill_weight: Array = axis("M", "utils")
    goodwill_ref: Array = axis("M", "USD a head", fill=1)
    goodwill_decay: Array = axis("M", "a quarter", fill=0.25)
    network_weight: Array = axis("M", "utils")
    network_ref: Array = axis("M", "fraction", fill=0.1)
    acceptance_weight: Array = axis("M", "utils", "of being accepted everywhere by the other side")
    acceptance_half: Array = axis(
        "M", "fraction", "penetration at which half of the other side joins", fill=0.1
    )
    acceptance_elasticity: Array = axis("M", "-", "of the other side's odds in users", fill=1)
    acceptance_speed: Array = axis("M", "a quarter", "at which the other side follows", fill=0.2)
    uses: Array = axis("M", "count", "units that one person uses at a time", fill=1)
    own_services: Array = axis(
        "M C", "utils", "of the company's own service in that sector of the region, led here"
    )
    carries: Bools = axis(
        "M C", "-", "services of that sector ride on the device", dtype="?", fill=1
    )
    apps_weight: Array = axis("M", "utils", "of the apps of a device's home system, log")
    apps_ref: Array = axis("M", "fraction", "stock of apps that counts one", fill=0.1)
    apps_elasticity: Array = axis("M", "-", "of apps in a system's installed base", fill=0.75)
    apps_speed: Array = axis("M", "a quarter", "at which apps follow", fill=0.2)
    lead_innovation: Array = axis("M", "a quarter", "Bass p of own users led here", fill=0.02)
    lead_imitation: Array = axis("M", "a quarter", "Bass q of own users led here", fill=0.4)
    coverage_decay: Array = axis("M", "a quarter", fill=0.03)
    learning: Array = axis("M", "exponent", "Wright")
    decline: Array = axis("M", "log a quarter", "of parts' cost")
    cost_floor: Array = axis(
        "M", "fraction", "of the first cost below which learning does not go", fill=0.3
    )
    cost_base: Array = axis("N M", "USD a unit", "at the start's cumulative volume")
    cumulative_ref: Array = axis("N M", "m units", "cumulative volume at the start", fill=1)
    coverage_limit: Array = axis("M H", "fraction", "to which building out can go", fill=1)
    capacity_lead: Array = axis("M", "quarters", "mean time until ordered capacity works; 0 none")
    capacity_decay: Array = axis("M", "fraction", "capacity worn out in a quarter")
    capacity_headroom: Array = axis("M", "fraction", "beyond expected sales that is ordered")
    capacity_cost: Array = axis("M", "USD", "price of a unit a quarter more")
    shortage_hazard: Array = axis("M", "a quarter", "chance that a maker's parts do not come")
    shortage_depth: Array = axis("M", "fraction", "of its capacity that then goes back on order")
    fixed_cost: Array = axis("N M", "USD m a quarter")
    spend_normal: Array = axis("N M L", "USD m a quarter", "at notch 2 and the start's revenue")
    spend_share: Array = axis("M L", "fraction", "of market revenue; normal for an entrant")
    licence: Array = axis("M", "USD m", "cost of entering")
    entry_appeal: Array = axis("M", "utils", "of an entrant of normal quality")
    may_enter: Bools = axis("N M", "-", "law and scenario allow it", dtype="?", fill=1)
    door_weight: Array = axis("M", "-", "how much a user of this market counts as a door")
    service_value: Array = axis(
        "N M", "USD a unit", "worth of a buyer to the company's other services"
    )
    premium_price: Array = axis("M", "USD a unit", "from it up a sale counts as premium", fill=1e9)

    skill: Array = axis("K N", "0..1", "capability of companies for kinds measured by skill")
    scope: Array = axis("K C", "factor", "effect of a pledge kind by the receiver's sector")
    taboo: Bools = axis("N K", "-", "never grants it", dtype="?")
    rivalry: Array = axis("N N", "0..1", "reluctance to deal, from the start")
    own_system: Ints = axis("N", "system", "of the company; -1 none", dtype="i8", fill=-1)
    runs: Array = axis("Y Y", "fraction", "of the second's apps that run on the first; 1 on itself")
    founder_votes: Array = axis("N", "votes a share", "of a founder's; others have one", fill=1)
    founders_board: Bools = axis(
        "N", "-", "founders name most of the board while they hold shares", dtype="?"
    )

    # the start, to which everything relates; filled by play.opening.resolve
    revenue_start: Array = axis("N M", "USD m a quarter", "per product line, season taken out")
    coverage_start: Array = axis("N M H", "fraction")
    research_start: Array = axis("N M", "fraction", "normal product spending in market revenue")
    service_earned: Array = axis(
        "N M", "USD a quarter", "of own services in the region, a device; 0 none"
    )
    apps_start: Array = axis("M", "-", "apps of the common system at the start", fill=1)
    market_revenue_start: Array = axis("M", "USD m a quarter", "with the fringe")
    market_value: Array = axis("N", "USD m", "of all shares at the start; 0 unknown")
    other_value: Array = axis("N", "USD m", "of what profits within the scenario do not explain")

    overhead: Array = axis("N", "USD m a quarter", "of the company beyond its markets")
    other_profit: Array = axis("N", "USD m a quarter", "from businesses outside the scenario")
    yearly_authorisation: Array = axis("N", "USD m", fill=1e9)
    multiple: Array = axis(
        "N", "quarters", "of profit in the price at the start; the discount rate's own where 0"
    )
    par_mean: Array = axis("N", "log", "mu of ln R", fill=0)
    par_sd: Array = axis("N", "log", "sigma of ln R", fill=0.5)
    par_doors: Array = axis("N", "m users", fill=1)
    par_mandates: Array = axis("N", "fraction", "credit of mandates that is usual", fill=PAR_PART)

    @property
    def sizes(self) -> dict[str, int]:
        """Length of each letter but worlds."""
        return {
            "N": len(self.companies),
            "M": len(self.markets),
            "C": len(self.sectors),
            "R": len(self.regions),
            "S": self.alpha.shape[1],
            "H": 2,
            "K": len(self.pledges),
            "V": len(self.events),
            "L": 3,
            "F": 2,
            "J": 3,
            "D": 4,
            "X": 2,
            "Y": len(self.systems),
            "Q": 4,
            "G": self.rules.loss_years + 1 if self.rules.loss_years else 1,
            "P": 2 * len(self.companies),
            "E": CLAUSE_SLOTS,
            "Z": WAITING_SLOTS if any(self.authorities) else 0,
        }

    def company(self, uid: str) -> int:
        """Index of a company by its uid."""
        return next(index for index, company in enumerate(self.companies) if company.uid == uid)

    def market(self, uid: str) -> int:
        """Index of a market by ``sector/region``."""
        return self.markets.index(uid)

    def kind(self, uid: str) -> int:
        """Index of a pledge kind by its uid."""
        return next(index for index, kind in enumerate(self.pledges) if kind.uid == uid)

    def with_par(
        self, mean: Array, sd: Array, doors: Array, mandates: Array | None = None
    ) -> Ruleset:
        """The ruleset with another par table, each [N]; without ``mandates`` credit is plain."""
        usual = np.full(len(self.companies), PAR_PART) if mandates is None else mandates
        return dataclasses.replace(
            self,
            par_mean=np.asarray(mean),
            par_sd=np.asarray(sd),
            par_doors=np.asarray(doors),
            par_mandates=np.asarray(usual),
        )
