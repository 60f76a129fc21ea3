"""With whom to deal, and what to put on the table."""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints
from game.core.ruleset import Metric, PledgeEffect, Status
from game.play.contracts import GIVER_CAP
from game.policies.desk import Desk, Draw
from game.policies.goals import Goals, point_worth, wants

LEAST_PATIENCE = 0.45
LEAST_TRUST = -0.5
SECOND_PARTNER = 0.25
"""Chance that the second-best partner is asked first."""
QUARTERS_OF_GAIN = 5.0
"""A pledge's gain is counted for so many quarters: half of a usual term, taxed."""
RENEWAL_LEFT = 1
"""A pledge may be renewed when it has so many quarters left."""
GOAL_PART = 0.25
"""Part of a mandate's points that one more partner is worth."""


@dataclasses.dataclass(frozen=True)
class Partners:
    """Whom the seats want to talk to: [2, A, W] company, -1 nobody."""

    company: Ints
    attraction: Array
    """[2, A, W] USD m of joint surplus expected."""


def openings(desk: Desk) -> Bools:
    """Pledges that could be promised now, by public contracts: [K, N, N, W] giver by receiver."""
    view, ruleset = desk.view, desk.ruleset
    left = view.pledge_until - view.turn
    running = (view.pledge_announced > 0.0) & (left > 0)
    free = ~running | (left <= RENEWAL_LEFT)
    for index, kind in enumerate(ruleset.pledges):
        serves = running[index].sum(axis=1)[:, None] - running[index]
        takes = running[index].sum(axis=0)[None] - running[index]
        bound = running[index] & view.pledge_exclusive[index]
        free[index] &= (serves < GIVER_CAP * kind.partners) & (takes < kind.givers)
        free[index] &= bound.sum(axis=1)[:, None] == bound
        free[index] &= ~ruleset.taboo[:, index, None, None]
    return free


def pair_surplus(worth: Array, cost: Array, free: Bools) -> Array:
    """What every pair could gain together a quarter: [N, N, W] USD m, symmetric."""
    gain = np.zeros(worth.shape[1:])
    for index in range(worth.shape[0]):
        gain += np.maximum(worth[index] - cost[index], 0.0) * free[index]
    return np.asarray(gain + np.swapaxes(gain, 0, 1))


def attraction(desk: Desk, goals: Goals, worth: Array, cost: Array) -> Array:
    """Joint surplus that each seat expects with each company, goals included. [A, N, W] USD m."""
    view, ruleset = desk.view, desk.ruleset
    pairs = desk.rows(pair_surplus(worth, cost, openings(desk)))
    trust = 0.5 * (desk.rows(view.trust) + np.swapaxes(np.take(view.trust, desk.seats, 1), 0, 1))
    rivalry = 0.5 * (ruleset.rivalry + ruleset.rivalry.T)[desk.seats][..., None]
    gain = QUARTERS_OF_GAIN * pairs * (1.0 + 0.4 * trust) * (1.0 - 0.6 * rivalry)
    gain *= np.where(_abroad(desk), 1.2 - 0.6 * desk.trait("home_bias"), 1.0)[..., None]
    fee = desk.rules.deal_cost + desk.rules.deal_cost_share * np.maximum(view.profit_guess, 0.0)
    found = gain - fee + _goal_worth(desk, goals, worth)
    return np.where(_talks(desk), found, -np.inf)


def _abroad(desk: Desk) -> Bools:
    """Companies of another home region: [A, N]."""
    home = np.array([company.home for company in desk.ruleset.companies])
    return np.asarray(home[desk.seats][:, None] != home[None])


def _goal_worth(desk: Desk, goals: Goals, worth: Array) -> Array:
    """What mandates add to a deal with each company: [A, N, W] USD m."""
    view = desk.view
    part = GOAL_PART * desk.rules.score_mandates / 3.0 * point_worth(desk)
    running = ((view.pledge_announced > 0.0) & (view.pledge_until > view.turn)).any(axis=0)
    allied = desk.rows(running | np.swapaxes(running, 0, 1))
    bonus = (part * wants(desk, goals, Metric.ALLIES))[:, None] * ~allied
    wish = wants(desk, goals, Metric.STAKES)
    bonus = bonus + (part * wish)[:, None] * (view.held <= 0.0)
    carried = wants(desk, goals, Metric.OS_DEVICES)
    if carried.any():
        able = _carriers(desk, worth)
        bonus = bonus + (part * carried)[:, None] * able
    return bonus


def _carriers(desk: Desk, worth: Array) -> Bools:
    """Companies whose devices could carry a seat's system: [A, N, W]."""
    able = np.zeros((len(desk.seats), worth.shape[1], desk.worlds), bool)
    for index, kind in enumerate(desk.ruleset.pledges):
        if kind.effect == PledgeEffect.PRELOAD:
            able |= np.swapaxes(np.take(worth[index] > 0.0, desk.seats, axis=1), 0, 1)
    return able


def _talks(desk: Desk) -> Bools:
    """Companies that would listen to each seat: [A, N, W]."""
    view = desk.view
    listens = view.patience >= LEAST_PATIENCE
    listens &= np.swapaxes(np.take(view.trust, desk.seats, axis=1), 0, 1) > LEAST_TRUST
    listens &= (view.status != Status.CONTROLLED)[None]
    listens[np.arange(len(desk.seats)), desk.seats] = False
    return np.asarray(listens)


def choose_partners(desk: Desk, wish: Array) -> Partners:
    """The two best partners of each seat that talks this quarter; points are taken.

    Who talks when is a matter of appetite and chance, so that deals do not come in bursts.

    Args:
        wish: [A, N, W] USD m of :func:`attraction`; -inf where no talk is possible.
    """
    appetite = desk.trait("appetite")
    rate = 0.25 + 0.5 * appetite
    first, gain = _best(wish)
    rest = np.where(np.arange(wish.shape[1])[None, :, None] == first[:, None], -np.inf, wish)
    second, gain2 = _best(rest)
    swap = (desk.draws[:, Draw.SECOND] < SECOND_PARTNER) & (gain2 > 0.0)
    company = np.stack([np.where(swap, second, first), np.where(swap, first, second)])
    worth = np.stack([np.where(swap, gain2, gain), np.where(swap, gain, gain2)])
    draw = desk.draws[:, Draw.PROPOSE]
    free = desk.view.status[desk.seats] != Status.CONTROLLED
    for slot, chance in enumerate((rate, 0.5 * rate * appetite)):
        wanted = (draw < chance) & (worth[slot] > 0.0) & free
        wanted = desk.spend_points(wanted, desk.rules.cost_talk)
        company[slot] = np.where(wanted, company[slot], -1)
    return Partners(company, worth)


def _best(wish: Array) -> tuple[AnyArray, Array]:
    best = wish.argmax(axis=1)
    return best, np.take_along_axis(wish, best[:, None], axis=1)[:, 0]
