"""What counts in the end: value per share, doors, and the score that they make with mandates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from game.core.axes import AnyArray, Array, Ints
from game.core.once import once
from game.core.rng import Purpose, normals_at
from game.core.ruleset import PAR_PART, Ruleset
from game.core.state import State
from game.finance.ownership import fractions
from game.play.market import markets_of
from game.play.pledges import PledgeList, arriving

_FAR = 1e-12
SIZE_NOISE = 0.35
"""Standard error (log) of what the public thinks an undisclosed stake is."""
SIZE_STEP = 0.05
RETURN_FLOOR = 0.05
"""A ruined company counts as having lost nineteen twentieths: par must not hang on ruins."""


@dataclass(frozen=True)
class Score:
    """The three terms of the score, each [N, W] points."""

    value: Array
    mandates: Array
    doors: Array

    @property
    def total(self) -> Array:
        """Sum of the terms, 0 to 100."""
        return np.asarray(self.value + self.mandates + self.doors)


def normal_cdf(x: Array) -> Array:
    """Standard normal distribution function, to 1.5e-7. Source: Abramowitz and Stegun 7.1.26."""
    z = np.abs(x) / np.sqrt(2.0)
    t = 1.0 / (1.0 + 0.3275911 * z)
    poly = t * (
        0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))
    )
    half = 0.5 * poly * np.exp(-z * z)
    return np.asarray(np.where(x >= 0.0, 1.0 - half, half))


def shares_total(state: State) -> AnyArray:
    """All shares of each company: [N, W]."""
    return np.asarray(state.founders + state.public + np.add.reduce(state.shares, axis=0))


def stakes(state: State) -> Array:
    """Fractions held, holder by issuer: [N, N, W]."""
    return fractions(state.shares, state.founders, state.public)


def visible_stakes(state: State, ruleset: Ruleset, exact: Array | None = None) -> Array:
    """Stakes as everybody sees them: [N, N, W] fractions.

    Disclosed sizes and control are exact; undisclosed stakes below the threshold are not seen;
    above it the public knows that there is one and guesses its size in coarse steps.

    Args:
        exact: [N, N, W] stakes, where the caller has them in hand.
    """
    exact = stakes(state) if exact is None else exact
    open_ = state.disclosed | (exact > ruleset.rules.control)
    seen = exact * open_
    place = np.flatnonzero((exact >= ruleset.rules.disclosure) & ~open_)
    if place.size:
        holder, issuer, lane = np.unravel_index(place, exact.shape)
        uids = ruleset.company_uid
        noise = normals_at(
            np.take(state.seed, lane),
            np.take(state.world, lane),
            -1,
            Purpose.STAKE,
            uids[holder],
            uids[issuer],
            int(uids.max()) + 1,
        )
        blurred = np.take(exact.reshape(-1), place) * np.exp(SIZE_NOISE * noise)
        coarse = np.round(blurred / SIZE_STEP) * SIZE_STEP
        least, most = ruleset.rules.disclosure, ruleset.rules.control
        seen.reshape(-1)[place] = np.clip(coarse, least, most)
    return np.asarray(seen)


def return_to_holders(state: State) -> Array:
    """R: fundamental value per share plus dividends, over its start. [N, W]."""
    per_share = value_per_share(state)
    sold = (state.founders == 0) & (state.public <= 1)
    if sold.any():  # holders of a company that was sold whole have their money
        per_share = np.where(sold, 0.0, per_share)
    return np.asarray((per_share + state.dividends) / np.maximum(state.value_start, _FAR))


def value_per_share(state: State) -> Array:
    """Fundamental value of one share: [N, W] USD m."""
    outside = state.founders + state.public
    return np.asarray(state.value / np.maximum(outside, 1))


def own_doors(state: State, ruleset: Ruleset) -> Array:
    """Consumer activity through each company itself: [N, W] m users."""
    return doors_in(state, ruleset, -1)


def doors_in(state: State, ruleset: Ruleset, region: int) -> Array:
    """Own doors in a region, -1 in all: [N, W] m users."""
    total = np.zeros(state.cash.shape)
    for market, weight in zip(*_door_markets(ruleset, region), strict=True):
        total += weight * state.base[:, market]
    return total


@once
def _door_markets(ruleset: Ruleset, region: int) -> tuple[Ints, Array]:
    """Markets of a region, -1 all, whose users count as doors, and their weights [m, 1]."""
    chosen = markets_of(ruleset, -1, region, -1)
    chosen = chosen[ruleset.door_weight[chosen] != 0.0]
    return chosen, ruleset.door_weight[chosen, None]


def doors(state: State, ruleset: Ruleset, listed: PledgeList | None = None) -> Array:
    """Own doors, plus allies' x look-through stake x delivered pledge. [N, W] m users.

    Args:
        listed: what arrives of the pledges, where the caller has it in hand.
    """
    own = own_doors(state, ruleset)
    listed = listed or arriving(state, ruleset)
    support = np.zeros(state.fit.shape)
    flat, (count, worlds) = support.reshape(-1), own.shape
    for part in listed.by_kind(len(ruleset.pledges)):
        place = (part.receiver * count + part.giver) * worlds + part.lane
        flat[place] = np.maximum(flat[place], part.strength)
    place = np.flatnonzero(flat)
    ally, lane = place // worlds % count, place % worlds
    total = np.maximum(shares_total(state), 1)[ally, lane]
    through = np.take(state.shares.reshape(-1), place) / total
    through *= np.minimum(flat[place], 1.0)
    who = place // (count * worlds) * worlds + lane
    lent = np.bincount(who, np.minimum(through, 1.0) * own[ally, lane], own.size)
    return np.asarray(own + lent.reshape(own.shape))


def shares_of_market(state: State) -> Array:
    """Shares of units, the fringe in the total: [N, M, W]."""
    total = state.units.sum(axis=0) + state.fringe_units
    return np.asarray(
        np.divide(state.units, total, out=np.zeros_like(state.units), where=total > 0.0)
    )


def surprise(state: State, ruleset: Ruleset) -> Array:
    """ln R above what is usual from the seat, in spreads of par: [N, W]."""
    gain = np.log(np.maximum(return_to_holders(state), RETURN_FLOOR))
    spread = np.maximum(ruleset.par_sd, 1e-6)[:, None]
    return np.asarray((gain - ruleset.par_mean[:, None]) / spread)


def mandate_credit(state: State, ruleset: Ruleset) -> Array:
    """Mean credit of each company's mandates: [N, W] fraction."""
    return np.asarray(state.mandate_best.sum(axis=1) / _given(ruleset))


def against_par(credit: Array, par: Array) -> Array:
    """Part of the mandates' points that a credit earns: 0 at 0, two thirds at par, all at 1.

    Mandates differ in how hard they are; what is usual from a seat earns the same from every seat.

    Args:
        credit: fraction. par: fraction that is usual, strictly between 0 and 1.
    """
    below = PAR_PART * credit / par
    above = PAR_PART + (1.0 - PAR_PART) * (credit - par) / (1.0 - par)
    return np.asarray(np.where(credit <= par, below, above))


@once
def _given(ruleset: Ruleset) -> Array:
    """Mandates of each company, at least one: [N, 1]."""
    return np.maximum([[len(tasks)] for tasks in ruleset.mandates], 1)


def score(state: State, ruleset: Ruleset) -> Score:
    """The score now: ``40 Phi((ln R - mu) / sigma) + 30 mandates + 30 min(1, doors / par)``.

    Mandates count by :func:`against_par`.
    """
    rules = ruleset.rules
    credit = mandate_credit(state, ruleset)
    reached = np.minimum(state.doors / np.maximum(ruleset.par_doors, 1e-9)[:, None], 1.0)
    return Score(
        rules.score_value * normal_cdf(surprise(state, ruleset)),
        rules.score_mandates * against_par(credit, ruleset.par_mandates[:, None]),
        rules.score_doors * reached,
    )


def year_units(state: State, units: Array, ruleset: Ruleset) -> Array:
    """Units sold in the last four quarters by sector, as a smoothed sum: [N, C, W]."""
    sectors = range(len(ruleset.sectors))
    sold = np.stack(
        [units[:, markets_of(ruleset, sector, -1, -1)].sum(axis=1) for sector in sectors], axis=1
    )
    return np.asarray(0.75 * state.year_units + sold)
