"""The market's part of a quarter: pledges, research, brand, channels, costs, prices, demand."""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import BRAND, PRODUCT, REACH, Array
from game.core.once import once
from game.core.rng import Purpose, normals
from game.core.ruleset import Ruleset
from game.economy.brand import goodwill_next
from game.economy.network import base_next
from game.economy.pricing import bertrand_prices
from game.economy.research import research_return
from game.play import (
    levers,
    macro,
    market,
    platforms,
    rights,
    supply,
    systems,
    venture_duties,
)  # fmt: skip
from game.play.bounty import level_of
from game.play.knowledge import effective_research
from game.play.pledges import arriving, pledge_effects
from game.play.quarter import Pricing, Quarter
from game.play.services import service_level, within_cap

ENTRANT_COVERAGE_RATE = 0.10
MOST_BUILD = 0.5


def pledges_delivered(quarter: Quarter) -> None:
    """Promises turn into appeal, reach, users and costs."""
    quarter.listed = arriving(quarter.state, quarter.ruleset, quarter.running)
    state, ruleset, lines = quarter.state, quarter.ruleset, quarter.product_lines
    quarter.effects = pledge_effects(state, ruleset, quarter.listed, lines)
    quarter.line_spend = levers.spending_on(lines, state, ruleset)
    venture_duties.spend_funds(quarter, lines)
    quarter.spend = levers.by_lever(lines, quarter.line_spend)
    quarter.note(spend=quarter.spend)


def research(quarter: Quarter) -> None:
    """Quality moves by spending beyond the start's own, by luck, and back towards the frontier.

    The return is measured against what the company itself spends at the start, so that normal
    dials hold every product's distance to the moving frontier.
    """
    state, ruleset = quarter.state, quarter.ruleset
    rules = ruleset.rules
    sales = np.maximum(
        (state.price * state.units).sum(axis=0), ruleset.market_revenue_start[:, None]
    )
    lines, at = quarter.product_lines, quarter.product_lines.market
    intensity = effective_research(quarter, sales) / np.maximum(sales, 1e-9)[at]
    frontier = state.frontier + rules.frontier_drift
    moved = lines.gather(state.quality) - state.frontier[at]
    moved *= 1.0 - rules.reversion
    moved += frontier[at]
    moved += research_return(intensity, rules.research_half, rules.research_ceiling)
    moved -= lines.gather(_usual_return(ruleset))
    if state.turn > 0:  # the products of the first quarter are known
        moved += quality_luck(quarter)[lines.company, ruleset.market_sector[at]]
    np.copyto(moved, frontier[at], where=~lines.gather(state.on_sale))
    quality = np.empty_like(state.quality)
    quality[:] = frontier
    quality[lines.company, at] = moved
    quarter.update(quality=quality, frontier=frontier)


@once
def _usual_return(ruleset: Ruleset) -> Array:
    """Return on the product spending that keeps a product's place: [N, M, 1]."""
    rules, started = ruleset.rules, ruleset.revenue_start > 0.0
    entrant = ruleset.spend_share[:, PRODUCT] * levers.ENTRANT_SHARE
    usual = np.where(started, ruleset.research_start, entrant)[..., None]
    return research_return(usual, rules.research_half, rules.research_ceiling)


def quality_luck(quarter: Quarter) -> Array:
    """One draw a company and sector: a generation of products succeeds everywhere. [N, C, W]."""
    state, ruleset = quarter.state, quarter.ruleset
    draws = normals(
        state.seed,
        state.world,
        state.turn,
        Purpose.QUALITY,
        ruleset.company_uid,
        len(ruleset.sectors),
    )
    draws *= ruleset.rules.quality_luck
    return draws


def brand(quarter: Quarter) -> None:
    """Goodwill per head: kept in part, fed by brand spending."""
    state, ruleset = quarter.state, quarter.ruleset
    heads = market.potential(state, ruleset)
    goodwill = goodwill_next(
        state.goodwill, quarter.spend[:, BRAND] / heads, ruleset.goodwill_decay[:, None], 1.0
    )
    quarter.update(goodwill=goodwill)


def channels(quarter: Quarter) -> None:
    """Shops, dealers and listings decay and are rebuilt.

    The start's own spending holds the start's coverage; more spending builds with the square
    root, on what is still missing.
    """
    state, ruleset = quarter.state, quarter.ruleset
    lines, at = quarter.product_lines, quarter.product_lines.market
    reference, rate = (lines.gather(figure) for figure in _building(ruleset))
    effort = quarter.line_spend[:, REACH] / reference
    np.sqrt(effort, out=effort)
    built = rate * effort[:, None]
    np.minimum(built, MOST_BUILD, out=built)
    before = lines.gather(state.coverage)
    built *= np.maximum(ruleset.coverage_limit[at, :, None] - before, 0.0)
    after = (1.0 - ruleset.coverage_decay[at, None, None]) * before
    after += built
    np.maximum(after, 0.0, out=after)
    np.minimum(after, 1.0, out=after)
    np.copyto(after, before, where=~lines.gather(state.on_sale)[:, None])
    coverage = state.coverage.copy()
    coverage[lines.company, at] = after
    quarter.update(coverage=coverage)


@once
def _building(ruleset: Ruleset) -> tuple[Array, Array]:
    """Spending [N, M, 1] USD m that builds coverage at the rates [N, M, H, 1] a quarter."""
    usual = ruleset.spend_normal[:, :, REACH]
    started = (usual > 0.0) & (ruleset.revenue_start > 0.0)
    entrant = ruleset.spend_share[:, REACH] * levers.ENTRANT_SHARE * ruleset.market_revenue_start
    reference = np.maximum(np.where(started, usual, entrant), 1e-9)
    start = ruleset.coverage_start
    held = np.where(
        started[..., None], start / np.maximum(ruleset.coverage_limit - start, 0.05), 0.0
    )
    held = held * ruleset.coverage_decay[:, None]
    rate = np.where(held > 0.0, held, ENTRANT_COVERAGE_RATE)
    return reference[..., None], rate[..., None]


def costs(quarter: Quarter) -> None:
    """Unit costs by volume, time, shocks and pooled parts."""
    quarter.cost = market.unit_cost(quarter.state, quarter.ruleset, quarter.effects.cost)
    quarter.update(unit_cost=quarter.cost)


def parts_arrive(quarter: Quarter) -> None:
    """Or they do not: chance takes capacity away for a while."""
    supply.supply_slips(quarter)


def offers_made(quarter: Quarter) -> None:
    """What buyers meet besides the price, who is in the market, who minds whose profit."""
    state, ruleset = quarter.state, quarter.ruleset
    quarter.newcomers = market.new_adopters(state, ruleset)
    quarter.offer = market.offer(
        state, ruleset, quarter.effects, quarter.newcomers, quarter.product_lines
    )
    start = np.where(state.on_sale, np.maximum(state.price, 1e-6), 1.0)
    stance, kappa = levers.stance_factor(state, ruleset), _profit_weights(quarter)
    service = service_level(ruleset, state.turn, state.price, state.units, state.base)
    bounty = level_of(quarter.effects.bounties, state.price.shape)
    quarter.pricing = Pricing(start, stance, service, bounty, kappa)


def prices_bind(quarter: Quarter) -> None:
    """Prices by best reply, scaled by stance, weighing the firms that a company owns a part of."""
    state, ruleset, lines = quarter.state, quarter.ruleset, quarter.product_lines
    rules, pricing = ruleset.rules, quarter.pricing
    cost, start = lines.gather(quarter.cost), lines.gather(pricing.start)
    result = bertrand_prices(
        quarter.offer.mean,
        quarter.offer.reach,
        cost,
        ruleset.alpha,
        ruleset.weight,
        lines.gather(macro.selling(state)),
        ruleset.fringe_utility,
        ruleset.fringe_count,
        kappa=pricing.kappa,
        stance=lines.gather(pricing.stance),
        service_value=within_cap(ruleset, lines.gather(pricing.worth), cost),
        loyalty=ruleset.loyalty,
        previous=quarter.offer.previous,
        start=start,
        max_log_step=rules.price_step,
        floor_fraction=rules.price_floor,
        tolerance=rules.price_tolerance,
        iterations=rules.price_iterations,
        lines=lines,
        spared=macro.spared_of(state, lines, cost),
    )
    quarter.price = state.price.copy()
    found = np.where(result.on_sale, result.line_price, start)
    before = lines.gather(state.price)
    lines.place(quarter.price, np.where(lines.gather(state.on_sale), found, before))
    quarter.update(price=quarter.price)
    quarter.choice = result.choice
    quarter.pricing = dataclasses.replace(pricing, steps=result.iterations)


def _profit_weights(quarter: Quarter) -> Array | None:
    """How much each company minds another's profit, by cash-flow rights and influence."""
    if not quarter.state.shares.any():
        return None
    return rights.pricing_weights(quarter.state, quarter.ruleset, quarter.stakes())


def demand_meets(quarter: Quarter) -> None:
    """Buyers choose."""
    state, buyers, choice = quarter.state, quarter.offer.buyers, quarter.choice
    lines, at = choice.lines, choice.lines.market
    here = buyers[at]
    units, fringe = choice.line_shares(), choice.fringe()
    units *= here
    fringe *= buyers
    quarter.sought = wanted = units.copy()
    unserved = supply.serve(state, quarter.ruleset, choice, buyers, units, fringe)
    sensitivity, slope = choice.responses()
    sensitivity *= here
    slope *= here
    price = lines.gather(quarter.price)
    total = (fringe + lines.by_market(units))[at]
    share = np.divide(units, total, out=np.zeros_like(units), where=total > 0.0)
    answer = slope * price
    np.negative(answer, out=answer)
    answer = np.divide(answer, wanted, out=np.zeros_like(units), where=wanted > 0.0)
    quarter.note(share=lines.scatter(share), elasticity=lines.scatter(answer))
    if unserved is not None:
        quarter.note(unserved=lines.scatter(unserved))
    cumulative = state.cumulative.copy()
    lines.place(cumulative, lines.gather(cumulative) + units)
    price *= units
    quarter.update(
        units=lines.scatter(units),
        fringe_units=fringe,
        market_size=buyers,
        sensitivity=lines.scatter(sensitivity),
        slope=lines.scatter(slope),
        revenue=lines.scatter(quarter.dollars_on(lines, price)),
        cumulative=cumulative,
    )


def capacity_built(quarter: Quarter) -> None:
    """Orders of capacity arrive, and delegates place new ones."""
    supply.build_capacity(quarter)


def adoption_and_network(quarter: Quarter) -> None:
    """First-time buyers join; installed bases age and grow; platforms follow; shocks fade."""
    state, ruleset, lines = quarter.state, quarter.ruleset, quarter.product_lines
    rules, pool = ruleset.rules, market.potential(state, ruleset)
    hazard = market.hazard(state, ruleset)
    base = base_next(state.base, state.units, hazard, ruleset.durable[:, None])
    system_base = systems.system_base_next(state, ruleset, quarter.effects.moves, hazard)
    adopters = np.minimum(state.adopters + quarter.newcomers, pool)
    luck = rules.demand_luck * _demand_luck(quarter)
    _remember_buyers(quarter, base)
    quarter.update(
        base=base,
        adopters=adopters,
        system_base=system_base,
        apps=systems.apps_next(state, ruleset, pool, system_base),
        acceptance=platforms.acceptance_next(lines, state, ruleset, pool, base),
        led=platforms.led_next(lines, state, ruleset, base),
        demand_shock=(1.0 - rules.demand_reversion) * state.demand_shock + luck,
        cost_shock=(1.0 - rules.shock_decay) * state.cost_shock,
        bump=(1.0 - rules.bump_decay) * state.bump,
    )


def _remember_buyers(quarter: Quarter, base: Array) -> None:
    """Which segments the bases are of, for loyalty.

    Args:
        base: [N, M, W] after this quarter's sales.
    """
    state, ruleset = quarter.state, quarter.ruleset
    if quarter.offer.previous is None:
        return
    lines = quarter.product_lines
    at, sold, before = lines.market, quarter.choice.by_segment(), lines.gather(state.base_mix)
    wanted = np.maximum(quarter.sought, 1e-12)
    served = lines.gather(state.units) / wanted
    served *= quarter.offer.buyers[at]
    sold *= served[:, None]
    kept = np.where(ruleset.durable[:, None], 1.0 - market.hazard(state, ruleset), 0.0)[at]
    kept = kept * lines.gather(state.base)
    sold += kept[:, None] * before
    sold /= np.maximum(lines.gather(base), 1e-12)[:, None]
    np.copyto(sold, before, where=~lines.gather(state.on_sale)[:, None])
    mix = state.base_mix.copy()
    mix[lines.company, at] = sold
    quarter.update(base_mix=mix)


def _demand_luck(quarter: Quarter) -> Array:
    """One draw a region: its economy. [M, W]."""
    state, ruleset = quarter.state, quarter.ruleset
    regions = np.arange(len(ruleset.regions))
    draws = normals(state.seed, state.world, state.turn, Purpose.DEMAND, regions)[:, 0]
    return np.take(draws, ruleset.market_region, axis=0)
