"""How a seat treats its pledges and its rivals: work, shirking, audits, breaches, statements.

Few of all possible pledges are in force, so they are listed once and treated as a list.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints
from game.play.orders import Orders
from game.policies.desk import Desk, Draw

FULL_EFFORT_PATIENCE = 0.35
"""Seats less patient than this give a little less than they promise."""
SHIRK = 0.75
SUSPECT = 0.7
"""A report below so much of the promise calls for an audit."""
REGRET = 4.0
"""A pledge that costs so many times what its partner brings may be broken."""
DARING = 0.6
BREAK_CHANCE = 0.15
ATTACK_CHANCE = 0.06
OWN_PART = 0.2
"""What a receiver's gain is worth to a giver without a stake: goodwill for the next deal."""


@dataclass(frozen=True)
class Pledges:
    """Pledges in force as a list; every field [L]."""

    kind: Ints
    giver: Ints
    receiver: Ints
    lane: Ints
    left: Ints
    """Quarters, this one included."""
    announced: Array

    def pick(self, field: AnyArray) -> AnyArray:
        """Values of a field [K, N, N, W] at the pledges: [L]."""
        return np.asarray(field[self.kind, self.giver, self.receiver, self.lane])


def pledges_in_force(desk: Desk) -> Pledges:
    """All pledges in force, in the order of their places."""
    view = desk.view
    found = np.nonzero((view.pledge_announced > 0.0) & (view.pledge_until > view.turn))
    kind, giver, receiver, lane = found
    left = view.pledge_until[found].astype(np.int64) - view.turn
    return Pledges(kind, giver, receiver, lane, left, view.pledge_announced[found])


def keep_pledges(orders: Orders, desk: Desk, worth: Array, cost: Array) -> None:
    """Write effort, integration, breaches and audits into the orders; takes points.

    Args:
        worth, cost: [K, N, N, W] USD m a quarter, to receivers and givers.
    """
    pledges = pledges_in_force(desk)
    row = np.full(worth.shape[1], -1)
    row[desk.seats] = np.arange(len(desk.seats))
    mine = np.flatnonzero(row[pledges.giver] >= 0)
    if mine.size:
        given = Pledges(*(getattr(pledges, name)[mine] for name in Pledges.__dataclass_fields__))
        rows = row[given.giver]
        place = (given.kind, given.giver, given.receiver, given.lane)
        stake = desk.view.held[rows, given.receiver, given.lane]
        broken = _breaches(desk, pledges, given, rows, stake, worth, cost)
        orders.break_pledge[place] = broken
        orders.effort[place] = _efforts(desk, rows, stake)
        orders.integrate[place] = _integrate(desk, given, rows, stake, ~broken, worth)
    orders.investigate[desk.seats] = _audit(desk, pledges, row)


def _efforts(desk: Desk, rows: Ints, stake: Array) -> Array:
    """Part of each pledge truly given: all, but by the impatient without a stake. [L]."""
    impatient = desk.trait("patience")[rows, 0] < FULL_EFFORT_PATIENCE
    return np.where(impatient & (stake <= 0.0), SHIRK, 1.0)


def _integrate(
    desk: Desk, given: Pledges, rows: Ints, stake: Array, kept: Bools, worth: Array
) -> Bools:
    """Full work on each seat's young pledge that is worth most, with a point to spare. [L]."""
    young = kept & np.isin(given.left, desk.rules.terms)
    gain = np.where(young, given.pick(worth) * (OWN_PART + stake), 0.0)
    order = np.lexsort((-gain, given.lane, rows))
    group = rows[order] * desk.worlds + given.lane[order]
    first = order[np.append(True, group[1:] != group[:-1])]
    first = first[gain[first] > 0.0]
    wanted = np.zeros((len(desk.seats), desk.worlds), bool)
    wanted[rows[first], given.lane[first]] = True
    granted = desk.spend_points(wanted, desk.rules.cost_integrate)
    chosen = np.zeros(rows.shape, bool)
    chosen[first] = granted[rows[first], given.lane[first]]
    return chosen


def _breaches(
    desk: Desk,
    pledges: Pledges,
    given: Pledges,
    rows: Ints,
    stake: Array,
    worth: Array,
    cost: Array,
) -> Bools:
    """Pledges dropped because they cost far more than their partner brings. [L].

    Rare, and only by those who take risks and hold no stake in the partner.
    """
    daring = (desk.trait("risk") > DARING) & (desk.draws[:, Draw.BREAK] < BREAK_CHANCE)
    can = daring[rows, given.lane] & (stake <= 0.0) & (given.left > 2)
    if not can.any():
        return np.zeros(rows.shape, bool)
    brings = np.zeros(worth.shape[1:])
    back = (pledges.receiver, pledges.giver, pledges.lane)
    np.add.at(brings, back, pledges.announced * pledges.pick(worth))
    earned = brings[given.giver, given.receiver, given.lane]
    return np.asarray(can & (given.announced * given.pick(cost) > REGRET * (earned + 1.0)))


def _audit(desk: Desk, pledges: Pledges, row: Ints) -> AnyArray:
    """The partner whose pledges seem to arrive only in part: [A, W], -1 none."""
    rows = row[pledges.receiver]
    heard = np.ones(rows.shape)
    taken = rows >= 0
    place = (pledges.kind[taken], pledges.giver[taken], rows[taken], pledges.lane[taken])
    heard[taken] = desk.view.report[place]
    doubt = np.zeros((len(desk.seats), row.shape[0], desk.worlds))
    bad = taken & (heard < SUSPECT)
    if not bad.any():
        return np.full((len(desk.seats), desk.worlds), -1)
    np.maximum.at(doubt, (rows[bad], pledges.giver[bad], pledges.lane[bad]), SUSPECT - heard[bad])
    wanted = desk.spend_points(doubt.max(axis=1) > 0.0, desk.rules.cost_investigate)
    return np.where(wanted, doubt.argmax(axis=1), -1)


def overlap(desk: Desk) -> Array:
    """How much of each seat's revenue is earned where another sells, by its share. [A, N, W]."""
    total = np.maximum(desk.market_revenue_by_company.sum(axis=0), 1e-9)
    share = desk.market_revenue_by_company / total
    out = np.zeros((len(desk.seats), share.shape[0], desk.worlds))
    for company in range(share.shape[0]):
        out[:, company] = (desk.revenue * share[company]).sum(axis=1)
    return np.asarray(out / np.maximum(desk.sales, 1e-9)[:, None])


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
