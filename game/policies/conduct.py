"""How a seat treats its pledges and its rivals: work, shirking, audits, breaches, statements.

Few of all possible pledges are in force, so they are listed once and treated as a list.
"""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints, any_over
from game.play.in_force import InForce
from game.play.orders import Orders
from game.play.rivals import rival_weight
from game.policies.desk import Desk, Draw
from game.policies.effort import OWN_PART, audits_below, brought_back, efforts

REGRET = 4.0
"""A pledge that costs so many times what its partner brings may be broken."""
DARING = 0.6
AFRAID = 0.5
"""Danger (0 to 1) from which what is given to who holds a public path may be ended."""
BREAK_CHANCE = 0.15
ATTACK_CHANCE = 0.06
COUNTDOWN_ATTACK, COUNTDOWN_BREACH = 0.3, 0.2
"""Chance that a neutral company attacks, or ends what it gives, when another is at the end of its
countdown."""
LEAST_OVERLAP = 0.05
"""Rivals are attacked when so much of the revenue is earned against them."""


def keep_pledges(orders: Orders, desk: Desk, worth: Array, cost: Array) -> None:
    """Write effort, integration, breaches and audits into the orders; takes points.

    Args:
        worth, cost: [L] USD m a quarter of the desk's running pledges, to receivers and givers.
    """
    pledges = desk.running
    row = np.full(pledges.shape[1], -1)
    row[desk.seats] = np.arange(len(desk.seats))
    mine = np.flatnonzero(row[pledges.giver] >= 0)
    if mine.size:
        given = pledges.only(mine)
        rows = row[given.giver]
        stake = desk.view.held[rows, given.receiver, given.lane]
        broken = _breaches(desk, mine, rows, stake, worth, cost)
        orders.break_pledge.reshape(-1)[given.place] = broken
        orders.effort.reshape(-1)[given.place] = efforts(desk, mine, rows, stake, worth, cost).part
        full = _integrate(desk, given, rows, stake, ~broken, worth[mine])
        orders.integrate.reshape(-1)[given.place] = full
    orders.investigate[desk.seats] = _audit(desk, pledges, row)


def _integrate(
    desk: Desk, given: InForce, rows: Ints, stake: Array, kept: Bools, worth: Array
) -> Bools:
    """Full work on each seat's young pledge that is worth most, with a point to spare. [L]."""
    chosen = np.zeros(rows.shape, bool)
    fresh = given.left == np.asarray(desk.rules.terms)[:, None]
    young = np.flatnonzero(kept & any_over(fresh, 0))
    gain = worth[young] * (OWN_PART + stake[young])
    seat, lane = rows[young], given.lane[young]
    order = np.lexsort((-gain, lane, seat))
    group = (seat * desk.worlds + lane)[order]
    best = order[np.append(True, group[1:] != group[:-1])] if order.size else order
    best = best[gain[best] > 0.0]
    wanted = np.zeros((len(desk.seats), desk.worlds), bool)
    wanted[seat[best], lane[best]] = True
    granted = desk.spend_points(wanted, desk.rules.cost_integrate)
    chosen[young[best]] = granted[seat[best], lane[best]]
    return chosen


def _breaches(desk: Desk, mine: Ints, rows: Ints, stake: Array, worth: Array, cost: Array) -> Bools:
    """Pledges dropped because they cost far more than their partner brings. [L].

    Rare, and only by those who take risks and hold no stake in the partner.

    Args:
        mine: those of the running pledges that the seats give; rows, stake: of these.
    """
    daring = (desk.trait("risk") > DARING) & (desk.draws[:, Draw.BREAK] < BREAK_CHANCE)
    pledges = desk.running
    given = pledges.only(mine)
    feared = _feared(desk, given, rows, stake)
    can = daring[rows, given.lane] & (stake <= 0.0) & (given.left > 2)
    if not can.any():
        return feared
    earned = brought_back(desk, mine, worth)
    return np.asarray(feared | can & (given.announced * cost[mine] > REGRET * (earned + 1.0)))


def _feared(desk: Desk, given: InForce, rows: Ints, stake: Array) -> Bools:
    """Pledges ended because their receiver is about to end the game: [L]."""
    if desk.danger is None:
        return np.zeros(rows.shape, bool)
    near = desk.danger[given.receiver, given.lane]
    chance = COUNTDOWN_BREACH * near * (0.5 + desk.trait("risk")[rows, 0])
    drawn = desk.draws[rows, Draw.BREAK, given.lane]
    return np.asarray((near > AFRAID) & (stake <= 0.0) & (drawn < chance))


def _audit(desk: Desk, pledges: InForce, row: Ints) -> AnyArray:
    """The partner whose pledges seem to arrive only in part: [A, W], -1 none."""
    rows = row[pledges.receiver]
    heard = np.ones(rows.shape)
    taken = rows >= 0
    place = (pledges.kind[taken], pledges.giver[taken], rows[taken], pledges.lane[taken])
    heard[taken] = desk.view.report[place]
    watched = desk.view.board[pledges.receiver, pledges.giver, pledges.lane]
    suspect_below = audits_below(desk.rules, watched)
    bad = np.flatnonzero(taken & (heard < suspect_below))
    nobody = np.full((len(desk.seats), desk.worlds), -1)
    if not bad.size:
        return nobody
    at, doubt = (rows[bad], pledges.lane[bad]), (suspect_below - heard)[bad]
    most = np.zeros(nobody.shape)
    np.maximum.at(most, at, doubt)
    worst = doubt == most[at]
    last = row.shape[0]
    suspect = np.full(nobody.shape, last)
    np.minimum.at(suspect, (at[0][worst], at[1][worst]), pledges.giver[bad[worst]])
    wanted = desk.spend_points(suspect < last, desk.rules.cost_investigate)
    return np.where(wanted, suspect, -1)


def overlap(desk: Desk, row: Ints, lane: Ints) -> Array:
    """How much of a seat's revenue is earned where another sells, by its share.

    Args:
        row, lane: [L] rows of the desk and worlds.

    Returns:
        [N, L] 0..1.
    """
    revenue = np.take(desk.market_revenue_by_company, lane, axis=-1)
    share = revenue / np.maximum(revenue.sum(axis=0), 1e-9)
    own = desk.revenue[row, :, lane].T
    out = np.zeros((share.shape[0], len(lane)))
    for market in range(share.shape[1]):
        out += share[:, market] * own[market]
    return np.asarray(out / np.maximum(own.sum(axis=0), 1e-9))


def attack(desk: Desk) -> AnyArray:
    """A rival belittled in public, rarely; more often who is about to end the game: [A, W], -1
    none."""
    temper = desk.trait("appetite") * desk.trait("risk") * (1.5 - desk.trait("patience"))
    target = np.full((len(desk.seats), desk.worlds), -1)
    chance = ATTACK_CHANCE * temper
    threat = desk.threatened()
    if threat is not None:
        chance = chance + COUNTDOWN_ATTACK * threat * (0.5 + desk.trait("risk"))
    row, lane = np.nonzero(desk.draws[:, Draw.ATTACK] < chance)
    if not row.size:
        return target
    view = desk.view
    row, lane = (np.append(index, index[:1]) for index in (row, lane))  # never a lone lane
    seat = desk.seats[row]
    cells = np.arange(len(lane))
    friendly = desk.allied[seat, :, lane] | (view.held[row, :, lane] > 0.0)
    danger = 0.0 if desk.danger is None else np.take(desk.danger, lane, axis=1)
    trust = view.trust[seat, :, lane].T
    rival = np.where(friendly.T, 0.0, rival_weight(overlap(desk, row, lane), trust, danger))
    rival[seat, cells] = 0.0
    enough = rival.max(axis=0) > LEAST_OVERLAP
    target[row, lane] = np.where(enough, rival.argmax(axis=0), -1)
    return np.where(desk.spend_points(target >= 0, desk.rules.cost_statement), target, -1)
