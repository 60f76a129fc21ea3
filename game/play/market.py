"""The market as the laws see it: the state unpacked into utilities, reach and market size."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from game.core.axes import OFFLINE, ONLINE, AnyArray, Array, Bools
from game.core.once import once
from game.core.ruleset import Ruleset
from game.core.state import State
from game.economy.adoption import new_adopters as bass_adopters
from game.economy.adoption import product_life, replacement_hazard
from game.economy.brand import goodwill_utility
from game.economy.choice import LineChoice, attached
from game.economy.demand import mean_utility, utility_before_price
from game.economy.lines import Lines, previous_by_segment
from game.economy.network import network_utility
from game.play import macro
from game.play.levers import quarter_of_year
from game.play.platforms import utility_terms
from game.play.pledges import Move, PledgeEffects

LEAST_COST = 0.05
"""Part of a unit's cost that stays whatever is paid towards it."""


@dataclasses.dataclass(frozen=True)
class Offer:
    """What buyers meet in a quarter, prices apart."""

    mean: Array
    """[N, M, W], or [L, W] of lines: mean utility without price and reach."""
    reach: Array
    """As ``mean``: part of buyers reached."""
    buyers: Array
    """[M, W] m in the market."""
    previous: Array | None = None
    """[N, M, S, W], or [L, S, W] of lines: part of each segment's buyers whose last brand each
    was; None where nobody is loyal."""


@once
def markets_of(ruleset: Ruleset, sector: int, region: int, abroad_of: int) -> AnyArray:
    """Markets of a sector and a region, -1 all, foreign to a company unless that is -1."""
    chosen = np.ones(len(ruleset.markets), bool)
    if sector >= 0:
        chosen &= ruleset.market_sector == sector
    if region >= 0:
        chosen &= ruleset.market_region == region
    if abroad_of >= 0:
        chosen &= ~ruleset.home[abroad_of]
    return np.flatnonzero(chosen)


def channel_reach(state: State, ruleset: Ruleset) -> Array:
    """Part of buyers that a fully built channel reaches, after the shift: [M, H, W]."""
    reach = np.repeat(ruleset.channel_reach[..., None], state.cash.shape[-1], axis=-1)
    moved = np.minimum(state.channel_shift, reach[:, ONLINE])
    reach[:, ONLINE] -= moved
    reach[:, OFFLINE] = np.minimum(reach[:, OFFLINE] + moved, 1.0)
    return np.asarray(reach)


def reach(state: State, ruleset: Ruleset, lent: Array | None = None) -> Array:
    """Part of buyers that each product reaches: 1 - prod(1 - reach x coverage).

    Args:
        lent: [N, M, H, W] coverage lent by allies.

    Returns:
        [N, M, W], at least 1e-6 so that its logarithm stays finite.
    """
    channels = channel_reach(state, ruleset)
    covered = state.coverage if lent is None else np.minimum(state.coverage + lent, 1.0)
    return reached(channels * covered)


def potential(state: State, ruleset: Ruleset) -> Array:
    """People who could ever use it now: [M, W]."""
    grown = ruleset.potential * np.exp(ruleset.potential_growth * state.turn)
    if not state.potential_shift.any():
        return np.repeat(grown[:, None], state.cash.shape[-1], axis=1)
    return np.asarray(grown[:, None] * np.exp(state.potential_shift))


def new_adopters(state: State, ruleset: Ruleset) -> Array:
    """People who buy or use for the first time this quarter (Bass): [M, W] m."""
    pool = potential(state, ruleset)
    return first_buyers(
        state.adopters, pool, ruleset.innovation[:, None], ruleset.imitation[:, None]
    )


def first_buyers(adopters: Array, pool: Array, innovation: Array, imitation: Array) -> Array:
    """First-time buyers of a quarter from plain arrays that broadcast: m."""
    return bass_adopters(adopters, pool, innovation, imitation)


def life(state: State, ruleset: Ruleset) -> Array:
    """How long a durable is kept now: [M, 1] months."""
    grown = product_life(ruleset.life_months, ruleset.life_growth, state.turn, ruleset.life_longest)
    return grown[:, None]


def hazard(state: State, ruleset: Ruleset) -> Array:
    """Part of the durables in use that is replaced this quarter: [M, 1]."""
    return replacement_hazard(life(state, ruleset))


def buyers(state: State, ruleset: Ruleset, newcomers: Array) -> Array:
    """People in the market: newcomers and replacement of durables, or all users of a service.

    Returns:
        [M, W] m.
    """
    return size_of(
        state.adopters,
        newcomers,
        ruleset.season[:, quarter_of_year(state.turn, ruleset)][:, None],
        state.demand_shock,
        ruleset.durable[:, None],
        life(state, ruleset),
    )


def size_of(
    adopters: Array, newcomers: Array, season: Array, shock: Array, durable: Bools, life_: Array
) -> Array:
    """People in a market from plain arrays that broadcast: m."""
    replaced = newcomers + replacement_hazard(life_) * adopters
    size = np.where(durable, replaced, adopters + newcomers)
    return np.asarray(size * season * np.exp(shock))


def mean(state: State, ruleset: Ruleset, effects: PledgeEffects | None = None) -> Array:
    """Mean utility of every product, price and reach apart: [N, M, W]."""
    lines = _everywhere(ruleset)
    return lines.scatter(_mean_on(lines, state, ruleset, effects))


def mean_terms(
    state: State,
    ruleset: Ruleset,
    effects: PledgeEffects | None = None,
    lines: Lines | None = None,
) -> dict[str, Array]:
    """The named terms of mean utility; :func:`mean` is their sum.

    Args:
        lines: those to look at; then the terms are [L, W], else [N, M, W].

    Returns:
        ``appeal``, ``quality``, ``goodwill``, ``network``, ``bump``, ``pledges``; where a line has
        its own season ``launches``; and the terms of
        :func:`game.play.platforms.utility_terms` that the scenario gives weight.
    """
    spots = _everywhere(ruleset) if lines is None else lines
    at, pool = spots.market, potential(state, ruleset)
    quality = spots.gather(state.quality) - state.frontier[at]
    goodwill, users = spots.gather(state.goodwill), spots.gather(state.base) / pool[at]
    nothing = np.zeros_like(quality)
    terms = {
        "appeal": nothing + spots.gather(ruleset.appeal)[:, None],
        "quality": ruleset.quality_weight[at, None] * quality,
        "goodwill": goodwill_utility(
            goodwill, ruleset.goodwill_weight[at, None], ruleset.goodwill_ref[at, None]
        ),
        "network": network_utility(
            users, ruleset.network_weight[at, None], ruleset.network_ref[at, None]
        ),
        "bump": spots.gather(state.bump),
        "pledges": nothing if effects is None else spots.gather(effects.appeal),
    }
    if ruleset.launches.any():
        terms["launches"] = nothing + spots.gather(launches(state, ruleset))[:, None]
    moves: Sequence[Move] = () if effects is None else effects.moves
    for term in utility_terms(spots, state, ruleset, pool, moves):
        terms.setdefault(term.name, nothing.copy())[term.rows] += term.utility
    return terms if lines is not None else {name: spots.scatter(terms[name]) for name in terms}


def launches(state: State, ruleset: Ruleset) -> Array:
    """What each line's own season adds to its appeal this quarter: [N, M] utils."""
    return np.asarray(ruleset.launches[:, :, quarter_of_year(state.turn, ruleset)])


@once
def _everywhere(ruleset: Ruleset) -> Lines:
    """Every product that there could be."""
    return Lines(np.ones((len(ruleset.companies), len(ruleset.markets), 1), bool))


def offer(
    state: State,
    ruleset: Ruleset,
    effects: PledgeEffects,
    newcomers: Array,
    lines: Lines | None = None,
) -> Offer:
    """Everything that buyers meet this quarter but the prices.

    Args:
        lines: those to look at; then mean and reach are [L, W].
    """
    size = buyers(state, ruleset, newcomers)
    if lines is None:
        return Offer(
            mean(state, ruleset, effects),
            reach(state, ruleset, effects.lent),
            size,
            previous_brands(state, ruleset, newcomers),
        )
    return Offer(
        _mean_on(lines, state, ruleset, effects),
        _reach_on(lines, state, ruleset, effects.lent),
        size,
        previous_on(lines, state, ruleset, newcomers),
    )


def previous_brands(state: State, ruleset: Ruleset, newcomers: Array) -> Array | None:
    """Previous brands of all products: [N, M, S, W]; None where nobody is loyal."""
    lines = Lines(state.on_sale)
    found = previous_on(lines, state, ruleset, newcomers)
    return None if found is None else lines.scatter(found)


def previous_on(lines: Lines, state: State, ruleset: Ruleset, newcomers: Array) -> Array | None:
    """Of each segment's buyers, the part whose last brand each line was: [L, S, W].

    Those who replace a durable had one of the installed base; users of a service stay from the
    quarter before. First-time buyers have no brand, and what the lines' bases leave of the others
    last bought from the fringe or from nobody who still sells: they have none either.
    """
    if not ruleset.loyalty.any():
        return None
    brands, most = previous_of_all(lines, state, ruleset, newcomers)
    return previous_by_segment(lines, brands, lines.gather(state.base_mix), ruleset.weight, most)


def previous_of_all(
    lines: Lines, state: State, ruleset: Ruleset, newcomers: Array
) -> tuple[Array, Array]:
    """Previous brands of a market's buyers [L, W]; those who may have one at all [M, W]."""
    at, durable, replaced = lines.market, ruleset.durable[:, None], hazard(state, ruleset)
    again = np.where(durable, replaced * state.adopters, state.adopters)
    here = np.maximum(again + newcomers, 1e-12)
    again /= here
    rate = np.where(durable, replaced / here, again / np.maximum(state.market_size, 1e-12))
    brands = lines.gather(state.base)
    brands *= rate[at]
    brands *= lines.gather(state.on_sale)
    return brands, again


def choice_at(state: State, ruleset: Ruleset, offer_: Offer) -> LineChoice:
    """What buyers choose of an offer [N, M, W] at the state's prices.

    Returns:
        LineChoice, evaluated.
    """
    lines = Lines(state.on_sale)
    sells, bound = lines.gather(macro.selling(state)), None
    if offer_.previous is not None:
        bound = attached(lines, lines.gather(offer_.previous), ruleset.loyalty, sells)
    choice = LineChoice(
        lines,
        utility_before_price(lines.gather(offer_.mean), lines.gather(offer_.reach), sells),
        ruleset.alpha,
        ruleset.weight,
        ruleset.fringe_utility,
        ruleset.fringe_count,
        macro.spared(state, lines, state.unit_cost),
        bound,
    )
    choice.evaluate(np.where(sells, lines.gather(state.price), 0.0))
    return choice


def _mean_on(lines: Lines, state: State, ruleset: Ruleset, effects: PledgeEffects | None) -> Array:
    """:func:`mean` of the lines alone: [L, W]."""
    at, pool = lines.market, potential(state, ruleset)
    bonus = lines.gather(state.bump)
    moves: Sequence[Move] = ()
    if effects is not None:
        bonus += lines.gather(effects.appeal)
        moves = effects.moves
    for term in utility_terms(lines, state, ruleset, pool, moves):
        bonus[term.rows] += term.utility
    return mean_utility(
        lines.gather(ruleset.appeal + launches(state, ruleset)),
        lines.gather(state.quality),
        state.frontier[at],
        lines.gather(state.goodwill),
        lines.gather(state.base) / pool[at],
        bonus,
        quality_weight=ruleset.quality_weight[at],
        goodwill_weight=ruleset.goodwill_weight[at],
        goodwill_ref=ruleset.goodwill_ref[at],
        network_weight=ruleset.network_weight[at],
        network_ref=ruleset.network_ref[at],
    )


def _reach_on(lines: Lines, state: State, ruleset: Ruleset, lent: Array) -> Array:
    """:func:`reach` of the lines alone: [L, W]."""
    met = lines.gather(state.coverage)
    met += lines.gather(lent)
    np.minimum(met, 1.0, out=met)
    met *= channel_reach(state, ruleset)[lines.market]
    return reached(met)


def reached(met: Array) -> Array:
    """Part of buyers met in some channel [..., W], from each [..., H, W]; uses up ``met``."""
    np.subtract(1.0, met, out=met)
    found = met[..., ONLINE, :] * met[..., OFFLINE, :]
    np.subtract(1.0, found, out=found)
    return np.asarray(np.maximum(found, 1e-6, out=found))


def unit_cost(state: State, ruleset: Ruleset, cheaper: Array | float = 0.0) -> Array:
    """Cost of a unit: learning by volume, decline of parts, shocks, pooled parts, money, duties.

    Args:
        cheaper: [N, M, W] log reduction through allies.

    Returns:
        [N, M, W] USD.
    """
    factor = state.cost_shock - cheaper
    factor -= (ruleset.decline * state.turn)[:, None]
    company, market = np.nonzero(state.cumulative.max(axis=-1) > ruleset.cumulative_ref)
    volume = state.cumulative[company, market] / ruleset.cumulative_ref[company, market, None]
    learnt = np.log(np.maximum(volume, 1.0, out=volume), out=volume)
    learnt *= ruleset.learning[market, None]
    factor[company, market] -= learnt
    cost = cost_of(factor, ruleset.cost_floor[:, None], ruleset.cost_base[..., None])
    return _paid(cost, state, ruleset)


def cost_of(factor: Array, floor: Array, base: Array) -> Array:
    """Cost of a unit from its log factor, which is used up; all broadcast. USD."""
    np.exp(factor, out=factor)
    np.maximum(factor, floor, out=factor)
    factor *= base
    return factor


def _paid(cost: Array, state: State, ruleset: Ruleset) -> Array:
    """Unit cost with exchange rates, royalties and duties: [N, M, W] USD at the start's rates."""
    cost = macro.at_market(cost, state, ruleset)
    company, market = np.nonzero(state.levy.any(axis=-1))
    if company.size:
        here = cost[company, market]
        paid = here + state.levy[company, market]
        cost[company, market] = np.maximum(paid, LEAST_COST * here)
    return cost
