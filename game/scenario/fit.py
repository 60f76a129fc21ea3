"""Fitting a scenario to its first quarter: appeals, costs and fringe from prices and units.

The quarter is the one that the turn itself would play with idle seats and no luck, so that the
figures of the file come out of the first turn. Costs make every price the best reply.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from game.core.axes import Array, Bools
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.play import market as view
from game.play import phases_market
from game.play.opening import first_state, resolve
from game.play.orders import no_orders
from game.play.quarter import Quarter
from game.play.rights import pricing_weights
from game.scenario import calibrate, entrants, schema
from game.scenario.build import Index
from game.scenario.laws import law, market_parts
from game.scenario.market_schema import Fringe, Product
from game.scenario.opening import (
    Line,
    build_opening,
    cumulative_volume,
    lines_of,
    normal_spend,
)

ROUNDS = 8
SETTLED = 1e-12
MIX_ROUNDS, MIX_SETTLED = 60, 1e-5
"""Steps to the segments of old buyers, and their change that ends them, fractions."""
LEAST_COST = 0.05
"""Of price: what a cost is at least, where the best reply would make it less."""
OFF_UNITS = 0.01
"""Relative distance of units from the file's that is worth a word, where appeal is given."""
FIRST_GUESS = 0.75
"""Of price: cost before the first round."""
PHASES = (
    phases_market.pledges_delivered,
    phases_market.research,
    phases_market.brand,
    phases_market.channels,
)
"""What moves utilities before buyers choose."""


@dataclasses.dataclass(frozen=True)
class Finding:
    """Something that the fit has to say about a place of the file."""

    loc: tuple[str | int, ...]
    what: str
    allowed: str = ""
    error: bool = False


@dataclasses.dataclass(frozen=True)
class FirstQuarter:
    """What buyers meet in the first quarter, appeals left out."""

    mean: Array
    """[N, M] utils."""
    reach: Array
    """[N, M] fraction."""
    cheaper: Array
    """[N, M] log reduction of cost through allies."""
    size: Array
    """[M] m buyers."""
    brands: Array
    """[N, M] part of buyers whose last brand each was."""
    most: Array
    """[M] part of buyers who may have one."""


@dataclasses.dataclass(frozen=True)
class Fitted:
    """A scenario that can be played."""

    ruleset: Ruleset
    opening: State
    findings: tuple[Finding, ...]


@dataclasses.dataclass
class MarketFit:
    """One market's solution. Rows are its lines in order, then the fringe if there is one."""

    lines: list[Line]
    kinds: calibrate.Kinds
    """Of buyers, T."""
    utility: Array
    """[J, T] with reach and price; the first kinds have no previous brand."""
    mix: Array
    """[lines, S] segments of each line's buyers, where they are loyal."""
    margin: Array
    """[lines] USD a unit, service value included."""
    kappa: Array
    """[lines, lines]."""
    fringe: float | None
    """Utility of one fringe firm before price, where it is fitted."""


def first_quarter(ruleset: Ruleset, opening: State) -> FirstQuarter:
    """The first quarter before anybody buys: idle seats, no luck, every pair fits averagely."""
    rules = dataclasses.replace(ruleset.rules, quality_luck=0.0, demand_luck=0.0)
    calm = resolve(dataclasses.replace(ruleset, rules=rules), opening)
    start = replace(opening, fit=np.where(np.isnan(opening.fit), 1.0, opening.fit))
    state = first_state(calm, start, np.zeros(2, "u8"), np.arange(2, dtype="u8"))
    quarter = Quarter(state, calm, no_orders(state, calm))
    for phase in PHASES:
        phase(quarter)
    bare = dataclasses.replace(calm, appeal=np.zeros_like(calm.appeal))
    newcomers = view.new_adopters(quarter.state, calm)
    met = view.offer(quarter.state, bare, quarter.effects, newcomers)
    lines = quarter.product_lines
    brands, most = view.previous_of_all(lines, quarter.state, calm, newcomers)
    return FirstQuarter(
        met.mean[..., 0],
        met.reach[..., 0],
        quarter.effects.cost[..., 0],
        met.buyers[:, 0],
        lines.scatter(brands)[..., 0],
        most[:, 0],
    )


def fit_scenario(scenario: schema.Scenario, ruleset: Ruleset) -> Fitted:
    """Ruleset and first state of a checked scenario.

    Args:
        ruleset: of :func:`game.scenario.build.build_ruleset`.
    """
    index = Index.of(scenario)
    lines = list(lines_of(scenario, index))
    ruleset = _prepared(ruleset, lines)
    opening = build_opening(scenario, index, ruleset)
    findings: list[Finding] = []
    for _ in range(ROUNDS):
        before = ruleset.appeal
        quarter = first_quarter(ruleset, opening)
        findings = []
        ruleset, opening = _round(scenario, ruleset, opening, quarter, lines, findings)
        if any(finding.error for finding in findings):
            break
        if np.abs(ruleset.appeal - before).max() < SETTLED:
            break
    return Fitted(resolve(ruleset, opening), opening, tuple(findings))


def _prepared(ruleset: Ruleset, lines: list[Line]) -> Ruleset:
    """The ruleset with what the lines say themselves, and a first guess of costs."""
    spend, cumulative = ruleset.spend_normal.copy(), ruleset.cumulative_ref.copy()
    cost, fixed, service = (np.zeros_like(ruleset.appeal) for _ in range(3))
    launches = ruleset.launches.copy()
    for line in lines:
        spend[line.at] = normal_spend(ruleset, line)
        cumulative[line.at] = cumulative_volume(ruleset, line)
        cost[line.at] = FIRST_GUESS * line.product.price
        fixed[line.at] = line.product.fixed_cost
        service[line.at] = line.product.service_value
        launches[line.at] = line.product.launches or 0.0
    return dataclasses.replace(
        ruleset,
        spend_normal=spend,
        cumulative_ref=cumulative,
        cost_base=cost,
        fixed_cost=fixed,
        service_value=service,
        launches=launches,
    )


def _round(
    scenario: schema.Scenario,
    ruleset: Ruleset,
    opening: State,
    quarter: FirstQuarter,
    lines: list[Line],
    findings: list[Finding],
) -> tuple[Ruleset, State]:
    """Fit every market to the quarter; newcomers' appeals and costs follow from it."""
    appeal, cost = np.zeros_like(ruleset.appeal), np.zeros_like(ruleset.appeal)
    utility, units = ruleset.fringe_utility.copy(), opening.fringe_units.copy()
    mix = opening.base_mix.copy()
    fringes = fringes_of(scenario)
    for place in range(len(ruleset.markets)):
        here = [line for line in lines if line.market == place]
        solved = fit_market(ruleset, opening, quarter, place, here, fringes.get(place), findings)
        if solved is None:
            continue
        _take_market(ruleset, quarter, place, solved, (appeal, cost), findings)
        mix[[line.company for line in here], place, :, 0] = solved.mix
        utility[place], units[place] = _fringe(ruleset, quarter, place, solved, fringes.get(place))
    ruleset = dataclasses.replace(ruleset, appeal=appeal, cost_base=cost, fringe_utility=utility)
    given = {
        place: law("entry_appeal", market, sector)
        for place, (_, market, sector) in enumerate(market_parts(scenario))
    }
    opening = replace(opening, fringe_units=units, base_mix=mix)
    return entrants.with_entrants(ruleset, opening.on_sale[..., 0], given, fringes), opening


def fringes_of(scenario: schema.Scenario) -> dict[int, Fringe]:
    """The fringe of each market that has one, by number."""
    found = {
        place: law("fringe", market, sector)
        for place, (_, market, sector) in enumerate(market_parts(scenario))
    }
    return {place: fringe for place, fringe in found.items() if fringe and fringe.count > 0.0}


def loc_of(ruleset: Ruleset, line: Line, key: str = "") -> tuple[str | int, ...]:
    """Where a line stands in the file."""
    loc = ("companies", line.company, "products", ruleset.markets[line.market])
    return (*loc, key) if key else loc


def fit_market(
    ruleset: Ruleset,
    opening: State,
    quarter: FirstQuarter,
    place: int,
    lines: list[Line],
    fringe: Fringe | None,
    findings: list[Finding],
) -> MarketFit | None:
    """Utilities and margins of one market; None when nobody sells there or no fit exists."""
    alpha = ruleset.alpha[place]
    rows = [line.company for line in lines]
    price = np.array([line.product.price for line in lines])
    sold = np.array([line.product.units for line in lines])
    fixed = [line.product.appeal for line in lines]
    base = quarter.mean[rows, place] + np.log(quarter.reach[rows, place])
    start = base + np.array([0.0 if value is None else value for value in fixed])
    free = np.array([value is None for value in fixed], bool)
    offset = -alpha * price[:, None]
    if fringe is not None:
        offset, start, sold, free = _with_fringe(fringe, alpha, (offset, start, sold, free))
    if not len(start):
        return None
    target = sold / quarter.size[place]
    try:
        kinds, mean, mix = _inverted(
            ruleset, opening, quarter, place, rows, (target, offset, start, free)
        )
    except calibrate.NoFit:
        findings.append(_no_room(ruleset, quarter, place, sold))
        return None
    utility = mean[:, None] + np.tile(offset, len(kinds.alpha) // len(alpha)) + kinds.bonus
    kappa = profit_weights(ruleset, opening, rows)
    margin = _margins(quarter, place, lines, kinds, utility, kappa)
    fitted = fringe is not None and fringe.utility is None
    solved = float(mean[-1] - np.log(fringe.count)) if fringe is not None and fitted else None
    return MarketFit(lines, kinds, utility, mix, margin, kappa, solved)


def _inverted(
    ruleset: Ruleset,
    opening: State,
    quarter: FirstQuarter,
    place: int,
    rows: list[int],
    goal: tuple[Array, Array, Array, Array],
) -> tuple[calibrate.Kinds, Array, Array]:
    """Kinds of buyers, mean utilities [J] and the segments of each line's old buyers [lines, S].

    Old buyers are of the segments that buy now: the steady state of the flows. It is sought
    first; the utilities are exact for the mix returned, as the state holds it.
    """
    target, offset, start, free = goal
    alpha, weight, loyalty = ruleset.alpha[place], ruleset.weight[place], ruleset.loyalty[place]
    mix = opening.base_mix[rows, place, :, 0]
    if loyalty > 0.0 and not mix.any():
        mix = np.broadcast_to(weight, mix.shape).astype(mix.dtype)
    brands, most = quarter.brands[rows, place], float(quarter.most[place])
    for _ in range(MIX_ROUNDS):
        previous = calibrate.previous_of(brands, mix.astype(float), weight, most)
        kinds = calibrate.kinds_of(alpha, weight, float(loyalty), previous, len(start))
        wide = np.tile(offset, len(kinds.alpha) // len(alpha)) + kinds.bonus
        mean = calibrate.invert_shares(target, wide, kinds.weight, start, free)
        if loyalty <= 0.0 or not rows:
            break
        bought = kinds.by_segment(calibrate.segment_shares(mean[:, None] + wide), len(alpha))
        found = bought[: len(rows)] / bought[: len(rows)].sum(axis=1, keepdims=True)
        if np.abs(found - mix).max() < MIX_SETTLED:
            break
        mix = found.astype(mix.dtype)
    return kinds, mean, mix


def _with_fringe(fringe: Fringe, alpha: Array, rows: tuple[Array, Array, Array, Bools]) -> Any:
    """The rows of a market with its fringe as one more."""
    offset, start, sold, free = rows
    if fringe.utility is None:
        last, fits = -alpha * fringe.price, True
    else:
        last, fits = padded(fringe.utility, len(alpha)) + np.log(fringe.count), False
    return (
        np.vstack([offset, last[None]]),
        np.append(start, 0.0),
        np.append(sold, fringe.units if fits else 0.0),
        np.append(free, fits),
    )


def padded(values: list[float], length: int) -> Array:
    """Values for segments, the last one repeated for segments of weight zero."""
    return np.pad(np.array(values[:length]), (0, max(length - len(values), 0)), mode="edge")


def _no_room(ruleset: Ruleset, quarter: FirstQuarter, place: int, sold: Array) -> Finding:
    what = f"{sold.sum():.4g} m units in the first quarter for {quarter.size[place]:.4g} m buyers"
    allowed = "fewer units, more adopters or potential, or a shorter life_months"
    return Finding(("markets", ruleset.markets[place]), what, allowed, error=True)


def profit_weights(ruleset: Ruleset, opening: State, rows: list[int]) -> Array:
    """How much each minds another's profit when it sets prices, one on the diagonal. [J, J]."""
    kappa = pricing_weights(opening, ruleset)[..., 0].copy()
    np.fill_diagonal(kappa, 1.0)
    return np.asarray(kappa[np.ix_(rows, rows)])


def _margins(
    quarter: FirstQuarter,
    place: int,
    lines: list[Line],
    kinds: calibrate.Kinds,
    utility: Array,
    kappa: Array,
) -> Array:
    """Best-reply margins; those whose cost the file gives stay what it implies. [lines] USD."""
    rows = [line.company for line in lines]
    cost = [line.product.unit_cost for line in lines]
    known = np.array([np.nan if value is None else value for value in cost])
    price = np.array([line.product.price for line in lines])
    service = np.array([line.product.service_value for line in lines])
    implied = price - known * np.exp(-quarter.cheaper[rows, place]) + service
    chance = calibrate.segment_shares(utility)[: len(lines)]
    free = np.isnan(known)
    margin = np.where(free, 0.0, implied)
    return calibrate.best_reply_margins(chance, kinds.alpha, kinds.weight, kappa, margin, free)


def _take_market(
    ruleset: Ruleset,
    quarter: FirstQuarter,
    place: int,
    solved: MarketFit,
    out: tuple[Array, Array],
    findings: list[Finding],
) -> None:
    """Write the appeals and costs of one market, and say where the file had to be bent."""
    appeal, cost = out
    alpha = solved.kinds.alpha
    share = calibrate.segment_shares(solved.utility) @ solved.kinds.weight
    for row, line in enumerate(solved.lines):
        product = line.product
        net = solved.utility[row, 0] + alpha[0] * product.price - np.log(quarter.reach[line.at])
        appeal[line.at] = net - quarter.mean[line.at] if product.appeal is None else product.appeal
        implied = product.price - solved.margin[row] + product.service_value
        cost[line.at] = _cost(product, implied, float(quarter.cheaper[line.at]))
        findings += _bent(ruleset, line, implied, share[row] * quarter.size[place])
        findings += _capped(ruleset, line, cost[line.at])


def _cost(product: Product, implied: float, cheaper: float) -> float:
    """Cost before allies make it cheaper, USD a unit."""
    if product.unit_cost is not None:
        return product.unit_cost
    return max(implied, LEAST_COST * product.price) * float(np.exp(cheaper))


def _bent(ruleset: Ruleset, line: Line, implied: float, sells: float) -> list[Finding]:
    product, least = line.product, LEAST_COST * line.product.price
    found = []
    if implied < least and product.unit_cost is None:
        what = f"its best reply needs a unit cost of {implied:.4g} USD; taken as {least:.4g}"
        advice = "thriftier segments, a higher price, service_value, or unit_cost given"
        found.append(Finding(loc_of(ruleset, line, "price"), what, advice))
    if abs(sells / product.units - 1.0) > OFF_UNITS:
        what = f"sells {sells:.4g} m in the first quarter, not {product.units:.4g} m"
        found.append(Finding(loc_of(ruleset, line, "appeal"), what, "leave appeal out to fit it"))
    return found


def _capped(ruleset: Ruleset, line: Line, cost: float) -> list[Finding]:
    """A word where prices will count less of the service value than the fit took."""
    most, worth = ruleset.rules.service_cap * cost, line.product.service_value
    if worth <= most:
        return []
    what = f"prices count {most:.4g} USD of it, rules.service_cap of the unit cost, not {worth:g}"
    return [Finding(loc_of(ruleset, line, "service_value"), what, "less, or a higher service_cap")]


def _fringe(
    ruleset: Ruleset,
    quarter: FirstQuarter,
    place: int,
    solved: MarketFit,
    fringe: Fringe | None,
) -> tuple[Array, float]:
    """(utility [S] of one fringe firm, price included; m units of all)."""
    alpha = ruleset.alpha[place]
    if fringe is None:
        return np.zeros_like(alpha), 0.0
    if solved.fringe is None:
        share = calibrate.segment_shares(solved.utility) @ solved.kinds.weight
        return padded(fringe.utility or [0.0], len(alpha)), float(share[-1] * quarter.size[place])
    return solved.fringe - alpha * fringe.price, fringe.units
