"""What a seat's mandates ask of its dials, entries and deals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from game.core.axes import Array, Bools, Ints, any_over
from game.core.ruleset import Mandate, Metric, Mode, Ruleset
from game.policies.desk import Desk, Slip

SHARE_METRICS = (Metric.SHARE, Metric.RANK, Metric.TOP_RANK_REGIONS, Metric.YEAR_UNITS)
ABROAD_METRICS = (Metric.TOP_RANK_REGIONS, Metric.FOREIGN_MARKETS)
LEAN = 1.5
"""How much dearer a mandate's markets are to a seat's focus, at a neutral temperament."""
CUT_QUARTERS, WITHIN_REACH = 8, 0.6
"""Prices are cut for a mandate that ends so soon and has come so far."""
BURST = 2
"""Quarters before a deadline in which the price is cut hardest for a share."""
DONE = 1e-9
"""A mandate is won when so little of it is missing."""
POINT_PART = 0.5
"""Part of a score point's worth in value that a seat would pay for it."""
SLOPE_AT_PAR = 0.4
"""Slope of the normal distribution function at par."""


@dataclass(frozen=True)
class Goals:
    """A seat's aims, rows in the order of the desk's seats."""

    lean: Array
    """[A, M] factor on what a market is worth to focus."""
    sector: Bools
    """[A, J, C] mandate that a share of this sector helps."""
    abroad: Bools
    """[A, J, M] mandate that entering this market helps."""
    deadline: Ints
    """[A, J] quarter in which it is measured last; -1 where there is no mandate."""
    at_end: Bools
    """[A, J] measured at the deadline alone."""
    metric: Ints
    """[A, J] core.ruleset.Metric; -1 none."""


def goals_of(ruleset: Ruleset, seats: Ints) -> Goals:
    """The aims of these seats."""
    sizes = ruleset.sizes
    count, places = len(seats), sizes["J"]
    lean = np.ones((count, sizes["M"]))
    sector = np.zeros((count, places, sizes["C"]), bool)
    abroad = np.zeros((count, places, sizes["M"]), bool)
    deadline = np.full((count, places), -1)
    metric = np.full((count, places), -1)
    at_end = np.zeros((count, places), bool)
    for row, seat in enumerate(seats):
        temper = ruleset.companies[seat].temperament
        for place, task in enumerate(ruleset.mandates[seat][:places]):
            chosen = _markets(task, ruleset, int(seat))
            last = ruleset.rules.quarters - 1
            deadline[row, place] = last if task.deadline < 0 else task.deadline
            metric[row, place] = int(task.metric)
            at_end[row, place] = task.mode == Mode.AT
            if task.metric in SHARE_METRICS:
                lean[row, chosen] *= LEAN ** (2.0 * temper.get("focus", 0.5))
                sector[row, place, np.unique(ruleset.market_sector[chosen])] = True
            if task.metric in ABROAD_METRICS:
                abroad[row, place] = chosen
    return Goals(lean, sector, abroad, deadline, at_end, metric)


def _markets(task: Mandate, ruleset: Ruleset, seat: int) -> Bools:
    chosen = np.ones(len(ruleset.markets), bool)
    if task.sector >= 0:
        chosen &= ruleset.market_sector == task.sector
    if task.region >= 0:
        chosen &= ruleset.market_region == task.region
    if task.foreign or task.metric in ABROAD_METRICS:
        chosen &= ~ruleset.home[seat]
    return chosen


def unmet(desk: Desk, goals: Goals) -> Bools:
    """Mandates that can still be won: [A, J, W]."""
    best = desk.rows(desk.view.mandate_best)
    return np.asarray((best < 1.0 - DONE) & (goals.deadline >= desk.view.turn)[..., None])


def point_worth(desk: Desk) -> Array:
    """What a seat would pay for one point of its score: [A, W] USD m.

    Near par, a point is worth the rise of value that earns as much.
    """
    spread = desk.ruleset.par_sd[desk.seats][:, None]
    per_point = spread / (SLOPE_AT_PAR * max(desk.rules.score_value, 1e-9))
    return np.asarray(POINT_PART * per_point * np.maximum(desk.value, desk.sales))


def wants(desk: Desk, goals: Goals, metric: Metric) -> Bools:
    """Whether a seat has an open mandate on this measure: [A, W]."""
    asked = goals.metric == int(metric)
    out = np.zeros((len(asked), desk.worlds), bool)
    row = np.flatnonzero(any_over(asked, 1))
    if row.size:
        best = desk.view.mandate_best[desk.seats[row]]
        open_ = (best < 1.0 - DONE) & (asked & (goals.deadline >= desk.view.turn))[row][..., None]
        out[row] = any_over(open_, 1)
    return out


def has(goals: Goals, metric: Metric) -> Bools:
    """Whether a seat has a mandate on this measure, won or not: [A, 1]."""
    return np.asarray((goals.metric == int(metric)).any(axis=1, keepdims=True))


def entry_bonus(desk: Desk, goals: Goals) -> Array | None:
    """What mandates add to entering each market: [A, M, W] USD m; None where none asks for it."""
    if not goals.abroad.any():
        return None
    open_ = unmet(desk, goals)
    helps = (goals.abroad[..., None] & open_[:, :, None]).sum(axis=1)
    part = desk.rules.score_mandates / max(desk.ruleset.sizes["J"], 1) / 4.0
    return np.asarray(helps * (part * point_worth(desk))[:, None])


def temper_stances(desk: Desk) -> Ints:
    """Price stance by temperament alone, the same in all sectors and worlds: [A, 1, 1]."""
    price = desk.trait("price")[..., None]
    return np.where(price > 0.75, 1, np.where(price < 0.25, -1, 0))


def stances(desk: Desk, goals: Goals) -> Ints:
    """Price stance by sector: temperament, shifted down where a share is wanted. [A, C, W]."""
    base = temper_stances(desk)
    left = goals.deadline - desk.view.turn
    near = (left < CUT_QUARTERS)[..., None] & (desk.rows(desk.view.mandate_best) >= WITHIN_REACH)
    asked = np.asarray(unmet(desk, goals) & near)
    aims = np.asarray((goals.sector[..., None] & asked[:, :, None]).any(axis=1))
    soon = goals.at_end & (left >= 0) & (left < BURST)
    burst = np.asarray((goals.sector & np.asarray(soon)[..., None]).any(axis=1))
    stance = np.maximum(base - aims, -2)
    stance = np.where(burst[..., None], -2, stance)
    errors = desk.slips(Slip.PRICES)
    if errors is not None:
        stance = np.clip(stance + np.rint(errors), -2, 2).astype(stance.dtype)
    safe = np.asarray(desk.runway > 4.0)[:, None]
    return np.asarray(np.where(safe, stance, np.maximum(stance, 0)))
