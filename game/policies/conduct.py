"""How a seat treats its pledges and its rivals: work, shirking, audits, breaches, statements."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array, Bools
from game.policies.desk import Desk, Draw

FULL_EFFORT_PATIENCE = 0.35
"""Seats less patient than this give a little less than they promise."""
SHIRK = 0.75
SUSPECT = 0.7
"""A report below so much of the promise calls for an audit."""
REGRET = 4.0
"""A pledge that costs so many times what its partner brings may be broken."""
BREAK_CHANCE = 0.15
ATTACK_CHANCE = 0.06


def given_pledges(desk: Desk) -> Bools:
    """Pledges that the seats give, in force: [K, A, N, W]."""
    view = desk.view
    live = np.take(view.pledge_announced, desk.seats, axis=1) > 0.0
    return np.asarray(live & (np.take(view.pledge_until, desk.seats, axis=1) > view.turn))


def efforts(desk: Desk, given: Bools) -> Array:
    """Part of each pledge truly given: all, but by the impatient without a stake. [K, A, N, W]."""
    impatient = desk.trait("patience")[:, None] < FULL_EFFORT_PATIENCE
    effort = np.where(impatient & (desk.view.held <= 0.0), SHIRK, 1.0)
    return np.where(given, effort[None], np.nan)


def integrate(desk: Desk, given: Bools, worth: Array) -> Bools:
    """Full work on the young pledge that its receiver values most, with a point to spare.

    Args:
        given: [K, A, N, W]. worth: [K, N, N, W] to receivers, USD m a quarter.

    Returns:
        [K, A, N, W].
    """
    view = desk.view
    chosen = np.zeros(given.shape, bool)
    left = np.take(view.pledge_until, desk.seats, axis=1) - view.turn
    young = given & np.isin(left, desk.rules.terms)
    if not young.any():
        return chosen
    stake = 0.2 + view.held[None]
    gain = np.where(young, np.take(worth, desk.seats, axis=1) * stake, -1.0)
    flat = np.ascontiguousarray(np.moveaxis(gain, 1, 0)).reshape(len(desk.seats), -1, desk.worlds)
    best = flat.argmax(axis=1)
    wanted = desk.spend_points(flat.max(axis=1) > 0.0, desk.rules.cost_integrate)
    marks = np.zeros(flat.shape, bool)
    np.put_along_axis(marks, best[:, None], wanted[:, None], axis=1)
    shape = (len(desk.seats), given.shape[0], given.shape[2], desk.worlds)
    return np.asarray(np.moveaxis(marks.reshape(shape), 0, 1))


def breaches(desk: Desk, given: Bools, worth: Array, cost: Array) -> Bools:
    """Pledges dropped because they cost far more than their partner brings. [K, A, N, W].

    Rare, and only by those who take risks and hold no stake in the partner.
    """
    received = np.take(desk.view.pledge_announced, desk.seats, axis=2)
    brings = (received * np.take(worth, desk.seats, axis=2)).sum(axis=0)
    brings = np.swapaxes(brings, 0, 1)
    promised = np.take(desk.view.pledge_announced, desk.seats, axis=1)
    costs = promised * np.take(cost, desk.seats, axis=1)
    daring = (desk.trait("risk") > 0.6) & (desk.draws[:, Draw.BREAK] < BREAK_CHANCE)
    late = np.take(desk.view.pledge_until, desk.seats, axis=1) - desk.view.turn
    sorry = costs > REGRET * (brings + 1.0)[None]
    return np.asarray(given & sorry & (late > 2) & (daring[:, None] & (desk.view.held <= 0.0)))


def audit(desk: Desk) -> AnyArray:
    """The partner whose pledges seem to arrive only in part: [A, W], -1 none."""
    view = desk.view
    taken = np.take(view.pledge_announced, desk.seats, axis=2) > 0.0
    taken &= np.take(view.pledge_until, desk.seats, axis=2) > view.turn
    doubt = np.where(taken, SUSPECT - view.report, -1.0).max(axis=0)
    worst = doubt.argmax(axis=0)
    wanted = desk.spend_points(doubt.max(axis=0) > 0.0, desk.rules.cost_investigate)
    return np.where(wanted, worst, -1)


def overlap(desk: Desk) -> Array:
    """How much of each seat's revenue is earned where another sells, by its share. [A, N, W]."""
    total = np.maximum(desk.market_revenue_by_company.sum(axis=0), 1e-9)
    share = desk.market_revenue_by_company / total
    out = np.zeros((len(desk.seats), share.shape[0], desk.worlds))
    for company in range(share.shape[0]):
        out[:, company] = (desk.revenue * share[company]).sum(axis=1)
    return out / np.maximum(desk.sales, 1e-9)[:, None]


def attack(desk: Desk) -> AnyArray:
    """A rival belittled in public, rarely: [A, W], -1 none."""
    temper = desk.trait("appetite") * desk.trait("risk") * (1.5 - desk.trait("patience"))
    angry = desk.draws[:, Draw.ATTACK] < ATTACK_CHANCE * temper
    if not angry.any():
        return np.full(angry.shape, -1)
    view = desk.view
    friends = (view.pledge_announced > 0.0).any(axis=0)
    friendly = desk.rows(friends | np.swapaxes(friends, 0, 1)) | (view.held > 0.0)
    rival = np.where(friendly, 0.0, overlap(desk))
    rival[np.arange(len(desk.seats)), desk.seats] = 0.0
    wanted = desk.spend_points(angry & (rival.max(axis=1) > 0.05), desk.rules.cost_statement)
    return np.where(wanted, rival.argmax(axis=1), -1)
