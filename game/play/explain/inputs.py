"""What the laws of one market saw in a quarter, as named inputs.

A new term of utility, cost or size is a new row of the tables here: a row names its cause and reads
its value. Whatever the rows leave unexplained of the turn's own figures is kept as ``OTHER``, so
that the parts always add up; tests hold it to nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.core.ruleset import Ruleset
from game.economy.macro import cost_at_market, relief
from game.play import levers, macro, supply
from game.play import market as buyers
from game.play.explain.causes import Cause, Key
from game.play.explain.lent import Lent, apps_unheard, bounty_rates, entry_help, pledges_to
from game.play.explain.research import research_apart
from game.play.explain.watch import Watched

Reader = Callable[[Watched, int, int], Array]
"""(quarter, market, lane) -> [N]."""


UTILITY: Mapping[str, Cause] = {
    "quality": Cause.QUALITY,
    "goodwill": Cause.BRAND,
    "network": Cause.NETWORK,
    "bump": Cause.PASSING,
    "launches": Cause.LAUNCHES,
    "pledges": Cause.PLEDGE,
    "apps": Cause.APPS,
    "acceptance": Cause.ACCEPTANCE,
    "own services": Cause.SERVICES,
}
"""Terms of mean utility, by the names of ``market.mean_terms``, besides the fixed appeal."""


def _utility(seen: Watched, market: int, lane: int) -> dict[Cause, Array]:
    """Terms of mean utility of all companies in a market: [N] utils."""
    terms = seen.terms(lane)
    nothing = np.zeros(len(seen.ruleset.companies))
    return {
        cause: terms[name][:, market] if name in terms else nothing
        for name, cause in UTILITY.items()
    }


def _learning(seen: Watched, market: int, lane: int) -> Array:
    rules = seen.ruleset
    volume = seen.late.cumulative[:, market, lane] / rules.cumulative_ref[:, market]
    return np.asarray(-rules.learning[market] * np.log(np.maximum(volume, 1.0)))


def _parts(seen: Watched, market: int, lane: int) -> Array:
    count = len(seen.ruleset.companies)
    return np.full(count, -seen.ruleset.decline[market] * seen.turn)


def _cost_shock(seen: Watched, market: int, lane: int) -> Array:
    return np.asarray(seen.late.cost_shock[:, market, lane])


def _pooled(seen: Watched, market: int, lane: int) -> Array:
    return np.asarray(-seen.quarter.effects.cost[:, market, lane])


COST: tuple[tuple[Cause, Reader], ...] = (
    (Cause.LEARNING, _learning),
    (Cause.PARTS, _parts),
    (Cause.COST_SHOCK, _cost_shock),
    (Cause.PLEDGE, _pooled),
)
"""Terms of the log factor on the unit cost of the start."""

SIZE: tuple[tuple[Cause, Callable[[Watched, int, int], float]], ...] = (
    (Cause.ADOPTERS, lambda seen, market, lane: float(seen.late.adopters[market, lane])),
    (
        Cause.POTENTIAL,
        lambda seen, market, lane: float(buyers.potential(seen.late, seen.ruleset)[market, lane]),
    ),
    (
        Cause.SEASON,
        lambda seen, market, _: float(
            seen.ruleset.season[market, levers.quarter_of_year(seen.turn, seen.ruleset)]
        ),
    ),
    (
        Cause.LIFE,
        lambda seen, market, _: float(buyers.life(seen.late, seen.ruleset)[market, 0]),
    ),
    (Cause.SHOCK, lambda seen, market, lane: float(seen.late.demand_shock[market, lane])),
)
"""What the market's size is made of."""


@dataclasses.dataclass(frozen=True)
class MarketInputs:
    """One market in one quarter and world; axis L: lines on sale in either quarter compared."""

    on_sale: Bools
    utility: Mapping[Cause, Array]
    """[L] utils."""
    utility_rest: Array
    """[L] utils: appeal, and whatever no row explains."""
    coverage: Array
    """[L, H] own."""
    lent: Array
    """[L, H] by allies."""
    channel: Array
    """[H] part of buyers that a fully built channel reaches."""
    price: Array
    start: Array
    """[L] USD, where the search for prices began."""
    stance: Array
    service: Array
    """[L] USD, a buyer's worth to own services before the cap."""
    bounty: Array
    """[L] USD that allies pay for a device, before the cap."""
    bounties: Mapping[Key, float]
    """Of the company by pledge that it gives; sums to its ``bounty``."""
    kappa: Array
    """[L, L] profit weights."""
    steps: int
    cost: Mapping[Cause, Array]
    """[L] log."""
    cost_rest: Array
    """[L] USD, what no row explains."""
    unit_cost: Array
    """[L] USD, all in."""
    levy: Array
    """[L] USD a unit."""
    home: Array
    """[L] log value of each company's money since the start."""
    rate: float
    """The same of the market's money."""
    spared: Array
    """[L] USD of the price that others pay for the buyer."""
    capacity: Array
    """[L] m units; inf without a limit."""
    previous: Array
    """[L, S] part of each segment's buyers whose last brand each line was."""
    short: bool
    """Whether somebody ran out."""
    size: Mapping[Cause, float]
    size_rest: float
    """m buyers, what no row explains."""
    pledges: Mapping[Key, Lent]
    """What single pledges bring the company; sums to its ``utility``, ``lent`` and ``cost``."""

    luck: float = 0.0
    """utils that the company gained by luck in research, where that is told apart."""
    unheard: float = 0.0
    """utils of apps that the company's devices have beyond what the seat heard; in no term."""

    @property
    def mean(self) -> Array:
        """Mean utility: [L] utils."""
        return np.asarray(_sum(self.utility) + self.utility_rest)

    @property
    def covered(self) -> Array:
        """Coverage, own and lent: [L, H]."""
        return np.asarray(self.coverage + self.lent)

    def standing_in(self, other: MarketInputs) -> MarketInputs:
        """With lines that are not on sale standing as they do in another quarter: only their
        presence then differs."""
        absent = ~self.on_sale & other.on_sale

        def fill(name: str) -> Array:
            mine, theirs = getattr(self, name), getattr(other, name)
            gone = absent.reshape(-1, *[1] * (mine.ndim - 1))
            return np.asarray(np.where(gone, theirs, mine))

        def table(name: str) -> Mapping[Cause, Array]:
            mine, theirs = getattr(self, name), getattr(other, name)
            return {cause: np.where(absent, theirs[cause], mine[cause]) for cause in mine}

        changed: dict[str, Any] = {name: table(name) for name in ("utility", "cost")}
        changed |= {name: fill(name) for name in _OF_LINES}
        return dataclasses.replace(self, **changed)

    def as_before(self, before: MarketInputs, row: int, causes: frozenset[Cause]) -> MarketInputs:
        """With some of a line's causes standing as they did."""
        mine = np.arange(len(self.price)) == row

        def table(new: Mapping[Cause, Array], old: Mapping[Cause, Array]) -> Mapping[Cause, Array]:
            return {
                cause: np.where(mine, old[cause], new[cause]) if cause in causes else new[cause]
                for cause in new
            }

        changed: dict[str, Any] = {
            name: table(getattr(self, name), getattr(before, name)) for name in ("utility", "cost")
        }
        for cause, name in _FIELDS.items():
            if cause in causes:
                new, old = getattr(self, name), getattr(before, name)
                own = mine.reshape(-1, *[1] * (new.ndim - 1))
                changed[name] = np.where(own, old, new)
        return dataclasses.replace(self, **changed)


_FIELDS = {Cause.STANCE: "stance", Cause.CAPACITY: "capacity", Cause.STAKES: "kappa"}
_OF_LINES = (
    "utility_rest", "coverage", "lent", "price", "start", "stance", "service", "bounty",
    "cost_rest",
    "unit_cost", "levy", "spared", "capacity",
)  # fmt: skip


def lines_of(quarters: tuple[Watched, ...], market: int, lane: int) -> Ints:
    """Companies that sell in a market in any of these quarters: [L]."""
    sold = np.stack([macro.selling(seen.late)[:, market, lane] for seen in quarters])
    return np.flatnonzero(sold.any(axis=0))


def market_inputs(
    seen: Watched, market: int, lane: int, companies: Ints, company: int,
    seat: int | None = None, *, fresh: bool = False,
) -> MarketInputs:  # fmt: skip
    """The inputs of a market.

    Args:
        companies: [L] of :func:`lines_of`. company: whose pledges are told apart.
        seat: through whose eyes pledges are seen; None: as they truly are.
        fresh: what shared research brought in this quarter apart from the quality that it moved.
    """
    quarter, late, ruleset = seen.quarter, seen.late, seen.ruleset
    at = (companies, market, lane)
    on_sale = macro.selling(late)[at]
    home, rate = rates(seen, lane)
    levy = late.levy[at].astype(float)
    limited = market in supply.limited(ruleset)
    utility = {cause: term[companies] for cause, term in _utility(seen, market, lane).items()}
    mean = np.zeros(len(companies))
    rows = np.flatnonzero(quarter.product_lines.market == market)
    row_of = np.zeros(len(ruleset.companies), np.int64)
    row_of[quarter.product_lines.company[rows]] = rows
    listed = np.isin(companies, quarter.product_lines.company[rows])
    mean[on_sale] = quarter.offer.mean[row_of[companies[on_sale]], lane]
    previous = np.zeros((len(companies), ruleset.alpha.shape[1]))
    if quarter.offer.previous is not None:
        previous[listed] = quarter.offer.previous[row_of[companies[listed]], :, lane]
    cost = {cause: read(seen, market, lane)[companies] for cause, read in COST}
    size = {cause: read(seen, market, lane) for cause, read in SIZE}
    pricing = quarter.pricing
    utility_rest = np.where(on_sale, mean - _sum(utility), 0.0)
    helped = entry_help(seen, company, lane)[market] * (companies == company)
    utility[Cause.PASSING] = utility[Cause.PASSING] - helped  # what a new line is spared abroad
    utility[Cause.PLEDGE] = utility[Cause.PLEDGE] + helped
    unheard = float(apps_unheard(seen, company, lane, seat)[market])
    if unheard:
        utility[Cause.APPS] = utility[Cause.APPS] - unheard * (companies == company)
    lent = {key: one.at(market) for key, one in pledges_to(seen, company, lane, seat).items()}
    luck = 0.0
    if fresh:
        lent, moved, luck = research_apart(seen, lent, company, market, lane, seat)
        utility[Cause.QUALITY] = utility[Cause.QUALITY] - moved * (companies == company)
    kappa = np.zeros((len(companies), len(companies)))
    if pricing.kappa is not None:
        kappa = pricing.kappa[companies[:, None], companies, lane]
    return MarketInputs(
        on_sale=on_sale,
        utility=utility,
        utility_rest=utility_rest,
        coverage=late.coverage[companies, market, :, lane],
        lent=quarter.effects.lent[companies, market, :, lane],
        channel=buyers.channel_reach(late, ruleset)[market, :, lane],
        price=quarter.price[at],
        start=pricing.start[at],
        stance=pricing.stance[at],
        service=np.broadcast_to(pricing.service, late.price.shape)[at],
        bounty=np.zeros(len(companies)) if pricing.bounty is None else pricing.bounty[at],
        bounties=bounty_rates(seen, market, lane, company),
        kappa=kappa,
        steps=0 if pricing.steps is None else int(pricing.steps[lane]),
        cost=cost,
        unit_cost=quarter.cost[at],
        capacity=late.capacity[at] if limited else np.full(len(companies), np.inf),
        short=limited
        and bool(
            (quarter.wanted[:, market, lane] > late.capacity[:, market, lane])[
                companies[on_sale]
            ].any()
        ),
        previous=previous,
        levy=levy,
        home=home[companies],
        rate=float(rate[market]),
        spared=relief(late.subsidy[at].astype(float), quarter.cost[at]),
        cost_rest=quarter.cost[at]
        - cost_of_unit(ruleset, market, companies, _sum(cost), levy, home[companies], rate[market]),
        size=size,
        size_rest=float(quarter.offer.buyers[market, lane] - market_size(ruleset, market, size)),
        pledges=lent,
        luck=luck,
        unheard=unheard,
    )


def rates(seen: Watched, lane: int) -> tuple[Array, Array]:
    """Log value of money since the start: of each company's home [N], of each market [M]."""
    late, ruleset = seen.late, seen.ruleset
    home, market = macro.home_rate(late, ruleset), macro.market_rate(late, ruleset)
    none = np.zeros(len(ruleset.markets))
    return home[:, lane], none if market is None else market[:, lane]


def cost_of_unit(
    ruleset: Ruleset,
    market: int,
    companies: Ints | int,
    factor: Array,
    levy: Array,
    home: Array,
    rate: Array,
) -> Array:
    """Unit cost by the turn's own laws, from its named inputs that broadcast: USD.

    Args:
        factor: log, used up. levy: USD a unit. home, rate: log value of money.
    """
    base = ruleset.cost_base[companies, market]
    cost = buyers.cost_of(factor, ruleset.cost_floor[market], base)
    if ruleset.durable[market]:
        cost = cost_at_market(cost, home, rate, ruleset.rules.parts_in_dollars)
    return np.asarray(np.maximum(cost + levy, buyers.LEAST_COST * cost))


def market_size(ruleset: Ruleset, market: int, size: Mapping[Cause, Any]) -> Array:
    """Buyers by the turn's own law, from its named inputs that broadcast: m."""
    adopters = np.asarray(size[Cause.ADOPTERS])
    newcomers = buyers.first_buyers(
        adopters,
        np.asarray(size[Cause.POTENTIAL]),
        ruleset.innovation[market],
        ruleset.imitation[market],
    )
    return buyers.size_of(
        adopters,
        newcomers,
        np.asarray(size[Cause.SEASON]),
        np.asarray(size[Cause.SHOCK]),
        ruleset.durable[market],
        np.asarray(size[Cause.LIFE]),
    )


def _sum(terms: Mapping[Cause, Array]) -> Array:
    return np.asarray(sum(terms.values()))
