"""With whom to deal, and what to put on the table."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints
from game.core.ruleset import Metric, PledgeEffect, Status
from game.play.contracts import shares_for
from game.play.nash import propose
from game.play.packages import Packages
from game.policies.desk import Desk, Draw
from game.policies.goals import Goals, point_worth, wants

LEAST_PATIENCE = 0.45
LEAST_TRUST = -0.5
SECOND_PARTNER = 0.25
"""Chance that the second-best partner is asked first."""
QUARTERS_OF_GAIN = 4.0
"""A pledge's gain is counted for so many quarters: half of a usual term, taxed."""
RENEWAL_LEFT = 1
"""A pledge may be renewed when it has so many quarters left."""
FAIR_PART = 0.4
"""Part of the joint gain that a side asks for at least."""
PURSE_PART = 0.9
GOAL_PART = 0.25
"""Part of a mandate's points that one more partner is worth."""
TALK_RATE, TALK_APPETITE = 0.08, 0.24
"""Chance of talks in a quarter, and what full appetite adds."""
EAGER = 0.5
"""Chance that a seat of full appetite tables two packages at once."""


def openings(desk: Desk) -> Bools:
    """Pledges that could be promised now, by public contracts: [K, N, N, W] giver by receiver."""
    view, ruleset = desk.view, desk.ruleset
    left = view.pledge_until - view.turn
    running = (view.pledge_announced > 0.0) & (left > 0)
    free = ~running | (left <= RENEWAL_LEFT)
    for index, kind in enumerate(ruleset.pledges):
        now = running[index]
        serves = now.sum(axis=1, dtype=np.int16)[:, None] - now
        takes = now.sum(axis=0, dtype=np.int16)[None] - now
        free[index] &= (serves < kind.partners) & (takes < kind.givers)
        bound = now & view.pledge_exclusive[index]
        if bound.any():
            free[index] &= bound.sum(axis=1)[:, None] == bound
        free[index] &= ~ruleset.taboo[:, index, None, None]
    return free


def pledge_gains(worth: Array, cost: Array, free: Bools) -> Array:
    """What the pledges of one could bring another, costs off: giver by receiver.

    Returns:
        [N, N, W] USD m a quarter, at least 0.
    """
    gain = np.zeros(worth.shape[1:])
    for index in range(worth.shape[0]):
        gain += np.maximum(worth[index] - cost[index], 0.0) * free[index]
    return gain


def payable(desk: Desk, mine: Array, theirs: Array) -> Bools:
    """Whether the side that gains more can make the deal worth the other's while. [A, N, W].

    It pays in cash, as far as its purse and yearly authorisation go, or, being the smaller
    company, in its own shares.

    Args:
        mine, theirs: [A, N, W] USD m, what the seat and each company would gain.
    """
    view = desk.view
    yearly = desk.ruleset.yearly_authorisation[:, None]
    purse = np.clip(np.minimum(view.cash_guess, yearly), 0.0, None)
    own = np.minimum(np.maximum(desk.cash, 0.0), view.authorisation)[:, None]
    smaller = desk.value[:, None] < view.value_guess
    i_pay = mine > theirs
    paid = np.where(i_pay, own, purse)
    in_shares = np.where(i_pay, smaller, ~smaller)
    least = FAIR_PART * (mine + theirs)
    return np.asarray(in_shares | (np.minimum(mine, theirs) + PURSE_PART * paid >= least))


def attraction(desk: Desk, goals: Goals, worth: Array, cost: Array) -> Array:
    """Joint surplus that each seat expects with each company, goals included. [A, N, W] USD m."""
    view, ruleset = desk.view, desk.ruleset
    gains = QUARTERS_OF_GAIN * pledge_gains(worth, cost, openings(desk))
    theirs = desk.rows(gains)
    mine = np.swapaxes(np.take(gains, desk.seats, axis=1), 0, 1)
    trust = 0.5 * (desk.rows(view.trust) + np.swapaxes(np.take(view.trust, desk.seats, 1), 0, 1))
    rivalry = 0.5 * (ruleset.rivalry + ruleset.rivalry.T)[desk.seats][..., None]
    gain = (mine + theirs) * (1.0 + 0.4 * trust) * (1.0 - 0.6 * rivalry)
    gain *= np.where(_abroad(desk), 1.2 - 0.6 * desk.trait("home_bias"), 1.0)[..., None]
    brought = np.maximum(view.profit_guess, 0.0) + np.maximum(desk.profit, 0.0)[:, None]
    fee = desk.rules.deal_cost + desk.rules.deal_cost_share * brought
    found = gain - fee + _goal_worth(desk, goals, worth)
    return np.where(_talks(desk) & payable(desk, mine, theirs), found, -np.inf)


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


def choose_partners(desk: Desk, wish: Array) -> Ints:
    """The two best partners of each seat that talks this quarter: [2, A, W], -1 nobody.

    Who talks when is a matter of appetite and chance, so that deals do not come in bursts.

    Args:
        wish: [A, N, W] USD m of :func:`attraction`; -inf where no talk is possible.
    """
    first, gain = _best(wish)
    rest = np.where(np.arange(wish.shape[1])[None, :, None] == first[:, None], -np.inf, wish)
    second, gain2 = _best(rest)
    swap = (desk.draws[:, Draw.SECOND] < SECOND_PARTNER) & (gain2 > 0.0)
    company = np.stack([np.where(swap, second, first), np.where(swap, first, second)])
    worth = np.stack([np.where(swap, gain2, gain), np.where(swap, gain, gain2)])
    talks = desk.draws[:, Draw.PROPOSE] < TALK_RATE + TALK_APPETITE * desk.trait("appetite")
    talks &= (desk.view.status[desk.seats] != Status.CONTROLLED) & (desk.points > 0)
    return np.asarray(np.where(talks & (worth > 0.0), company, -1))


def _best(wish: Array) -> tuple[AnyArray, Array]:
    best = wish.argmax(axis=1)
    return best, np.take_along_axis(wish, best[:, None], axis=1)[:, 0]


def table(desk: Desk, goals: Goals, worth: Array, cost: Array) -> Packages:
    """What the seats put on the table this quarter; takes points.

    Each seat that talks works out a package with its two best partners; it tables the first, and
    the second when the first comes to nothing or when it is eager.

    Args:
        worth, cost: [K, N, N, W] of :func:`game.play.pledges.pledge_worth`.

    Returns:
        Packages with two rows a company.
    """
    partners = choose_partners(desk, attraction(desk, goals, worth, cost))
    rows = 2 * desk.seats
    proposer = np.full((2 * worth.shape[1], desk.worlds), -1)
    counterparty = proposer.copy()
    for slot in (0, 1):
        counterparty[rows + slot] = partners[slot]
        proposer[rows + slot] = np.where(partners[slot] >= 0, desk.seats[:, None], -1)
    packages = propose(desk.view, desk.ruleset, proposer, counterparty, worth, cost)
    _add_drafts(desk, packages)
    first = desk.spend_points(packages.proposer[rows] >= 0, desk.rules.cost_talk)
    eager = desk.draws[:, Draw.SECOND] < EAGER * desk.trait("appetite")
    also = (packages.proposer[rows + 1] >= 0) & (~first | eager)
    also = desk.spend_points(also, desk.rules.cost_talk)
    for kept, place in ((first, rows), (also, rows + 1)):
        packages.proposer[place] = np.where(kept, packages.proposer[place], -1)
        packages.counterparty[place] = np.where(kept, packages.counterparty[place], -1)
    packages.term[packages.proposer < 0] = 0
    return packages


def _add_drafts(desk: Desk, packages: Packages) -> None:
    """Packages that were agreed in outline before the game are tabled in its first quarter."""
    if desk.view.turn > 0:
        return
    for draft in desk.ruleset.drafts:
        if draft.proposer not in desk.seats:
            continue
        row = 2 * draft.proposer
        packages.proposer[row], packages.counterparty[row] = draft.proposer, draft.counterparty
        for side, company in enumerate((draft.proposer, draft.counterparty)):
            packages.cash[side, row] = draft.cash[side]
            total = desk.view.shares_total[company]
            packages.new_shares[side, row] = shares_for(draft.stake[side], total)
            packages.pledge[side, :, row] = 0.0
            for kind, strength in draft.pledges[side].items():
                packages.pledge[side, kind, row] = strength
        packages.term[row] = draft.term
        packages.disclosed[row] = draft.disclosed
