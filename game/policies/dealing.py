"""With whom to deal, and what to put on the table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.core.ruleset import Metric, PledgeEffect, Ruleset, Status
from game.play.contracts import shares_for
from game.play.nash import propose_by
from game.play.packages import Packages
from game.play.pledge_plan import plan_of
from game.play.pledge_rows import PledgeRows
from game.policies import knights
from game.policies.desk import Desk, Draw, Slip
from game.policies.frame import Listed
from game.policies.goals import Goals, point_worth, wants

LEAST_PATIENCE = 0.45
LEAST_TRUST = -0.5
AFRAID = 0.5
"""Danger (0 to 1) from which a company that holds a public path is offered nothing."""
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
TALK_RATE, TALK_APPETITE = 0.10, 0.33
"""Chance of talks in a quarter, and what full appetite adds."""
EAGER = 0.5
"""Chance that a seat of full appetite tables two packages at once."""


def net_gains(desk: Desk, rows: PledgeRows) -> Array:
    """What each pledge would bring its receiver, its cost off, if it could be promised now.

    By public contracts: whether giver and receiver are free, a partner of today being counted
    out. A pledge in force may be renewed shortly before its end.

    Returns:
        [P, W] USD m a quarter, at least 0, by the rows.
    """
    net = np.empty((rows.kind.size, desk.worlds))
    for mine, part in _by_kind(desk, rows):
        net[mine] = part
    return net


def _by_kind(desk: Desk, rows: PledgeRows) -> Iterator[tuple[slice, Array]]:
    """The rows of each kind and their :func:`net_gains`, to be used up before the next."""
    running, plan, worlds = desk.running, plan_of(desk.ruleset), desk.worlds
    partners, givers = plan.partners[:, None, None], plan.givers[:, None, None]
    free = (running.serves < partners) & (running.bound == 0) & ~desk.ruleset.taboo.T[..., None]
    charge = np.where(running.takes < givers, rows.cost, np.inf)
    row, value = _renewals(desk, rows)
    kinds = np.arange(len(rows.row) + 1)
    edges = np.searchsorted(rows.kind, kinds).tolist()
    held = np.searchsorted(running.kind, kinds).tolist()
    space = np.empty((max(np.diff(edges)), worlds))
    for index, (first, last) in enumerate(pairwise(edges)):
        part = space[: last - first]
        np.take(charge[index], rows.taker[first:last], axis=0, out=part, mode="clip")
        np.subtract(rows.worth[first:last], part, out=part)
        paid = rows.bounty_of(index)
        if paid is not None:
            part += paid
        np.maximum(part, 0.0, out=part)
        part *= np.take(free[index], rows.giver[first:last], axis=0)
        some = slice(held[index], held[index + 1])
        listed = row[some] < len(rows.kind)
        part[row[some][listed] - first, running.lane[some][listed]] = value[some][listed]
        yield slice(first, last), part


def _renewals(desk: Desk, rows: PledgeRows) -> tuple[Ints, Array]:
    """Rows of the pledges in force, and what they would bring if promised anew: [L] each."""
    running = desk.running
    row = rows.row[running.kind, running.giver, running.receiver]
    worth, cost = rows.at(running.kind, running.giver, running.receiver, running.lane)
    value = np.zeros(row.shape)
    again = _renewable(desk)
    value[again] = np.maximum(worth - cost, 0.0)[again]
    return row, value


def _renewable(desk: Desk) -> Ints:
    """Which of the pledges in force could be promised anew."""
    running, plan = desk.running, plan_of(desk.ruleset)
    kind = running.kind
    serves, bound = (
        np.take(counted.reshape(-1), running.by_giver)
        for counted in (running.serves, running.bound)
    )
    takes = np.take(running.takes.reshape(-1), running.by_receiver)
    free = (running.left <= RENEWAL_LEFT) & (bound == running.exclusive)
    free &= (serves <= plan.partners[kind]) & (takes <= plan.givers[kind])
    return np.flatnonzero(free & ~desk.ruleset.taboo[running.giver, kind])


def pledge_gains(desk: Desk, rows: PledgeRows) -> Array:
    """What the pledges of one could bring another, costs off: giver by receiver.

    Returns:
        [N, N, W] USD m a quarter, at least 0.
    """
    count = rows.row.shape[1]
    gain = np.zeros((count * count, desk.worlds))
    pair = rows.giver * count + rows.taker
    for mine, part in _by_kind(desk, rows):
        part += np.take(gain, pair[mine], axis=0)
        gain[pair[mine]] = part
    return gain.reshape(count, count, -1)


def talkers(desk: Desk) -> Listed:
    """Who looks for a partner: a matter of appetite and chance, so that deals come in no bursts."""
    chance = desk.level.looks * (TALK_RATE + TALK_APPETITE * desk.trait("appetite"))
    chance = knights.more_talks(desk, chance)
    talks = desk.draws[:, Draw.PROPOSE] < chance
    status = desk.view.status[desk.seats]
    talks &= (status != Status.CONTROLLED) & (status != Status.FAILED) & (desk.points > 0)
    return Listed.where(np.asarray(talks), desk.seats)


def payable(desk: Desk, who: Listed, mine: Array, theirs: Array) -> Bools:
    """Whether the side that gains more can make the deal worth the other's while. [N, T].

    It pays in cash, as far as its purse and yearly authorisation go, or, being the smaller
    company, in its own shares.

    Args:
        mine, theirs: [N, T] USD m, what the seat and each company would gain.
    """
    view = desk.view
    yearly = desk.ruleset.yearly_authorisation[:, None]
    purse = np.maximum(np.minimum(who.seen(view.cash_guess), yearly), 0.0)
    own = np.minimum(np.maximum(who.own(desk.cash), 0.0), who.own(view.authorisation))
    smaller = who.own(desk.value) < who.seen(view.value_guess)
    i_pay = mine > theirs
    paid = np.where(i_pay, own, purse)
    in_shares = i_pay == smaller
    least = FAIR_PART * (mine + theirs)
    return np.asarray(in_shares | (np.minimum(mine, theirs) + PURSE_PART * paid >= least))


def attraction(desk: Desk, goals: Goals, rows: PledgeRows, who: Listed) -> Array:
    """Joint surplus that each talker expects with each company, goals included.

    Returns:
        [N, T] USD m; -inf where no talk is possible.
    """
    view, ruleset = desk.view, desk.ruleset
    gains = pledge_gains(desk, rows)
    theirs, mine = QUARTERS_OF_GAIN * who.to(gains), QUARTERS_OF_GAIN * who.of(gains)
    trust = 0.5 * (who.to(view.trust) + who.of(view.trust))
    rivalry = 0.5 * (ruleset.rivalry + ruleset.rivalry.T)[:, who.seat]
    gain = (mine + theirs) * (1.0 + 0.4 * trust) * (1.0 - 0.6 * rivalry)
    bias = 1.2 - 0.6 * desk.trait("home_bias")[who.row, 0]
    gain *= np.where(_abroad(ruleset)[:, who.seat], bias, 1.0)
    brought = np.maximum(who.seen(view.profit_guess), 0.0) + np.maximum(who.own(desk.profit), 0.0)
    fee = desk.rules.deal_cost + desk.rules.deal_cost_share * brought
    found = gain - fee + _goal_worth(desk, goals, rows, who)
    found = knights.as_knights(desk, who, found)
    return np.where(_listens(desk, who) & payable(desk, who, mine, theirs), found, -np.inf)


def _abroad(ruleset: Ruleset) -> Bools:
    """Companies of different home regions: [N, N]."""
    home = np.array([company.home for company in ruleset.companies])
    return np.asarray(home[:, None] != home[None])


def _goal_worth(desk: Desk, goals: Goals, rows: PledgeRows, who: Listed) -> Array:
    """What mandates add to a deal with each company: [N, T] USD m."""
    view = desk.view
    part = who.own(GOAL_PART * desk.rules.score_mandates / 3.0 * point_worth(desk))
    bonus = part * who.own(wants(desk, goals, Metric.ALLIES)) * ~who.to(desk.allied)
    wish = part * who.own(wants(desk, goals, Metric.STAKES))
    bonus += wish * (who.seen(view.held) <= 0.0)
    carried = who.own(wants(desk, goals, Metric.OS_DEVICES))
    if carried.any():
        bonus += part * carried * _carriers(desk, rows, who)
    return np.asarray(bonus)


def _carriers(desk: Desk, rows: PledgeRows, who: Listed) -> Bools:
    """Companies whose devices could carry a talker's system: [N, T]."""
    count = rows.row.shape[1]
    able = np.zeros((count, len(who.row)), bool)
    for index, kind in enumerate(desk.ruleset.pledges):
        if kind.effect == PledgeEffect.PRELOAD:
            able |= rows.worth[rows.row[index][:, who.seat], who.lane] > 0.0
    return able


def _listens(desk: Desk, who: Listed) -> Bools:
    """Companies that would listen to each talker: [N, T]."""
    view = desk.view
    listens = who.seen(view.patience) >= LEAST_PATIENCE
    listens &= who.of(view.trust) > LEAST_TRUST
    status = view.status[:, who.lane]
    listens &= (status != Status.CONTROLLED) & (status != Status.FAILED)
    if desk.danger is not None:  # nobody courts who is about to end the game
        listens &= np.take(desk.danger, who.lane, axis=1) < AFRAID
    listens[who.seat, np.arange(len(who.seat))] = False
    return np.asarray(listens)


def choose_partners(desk: Desk, who: Listed, wish: Array) -> Ints:
    """The two best partners of each talker: [2, T], -1 nobody.

    Args:
        wish: [N, T] USD m of :func:`attraction`; -inf where no talk is possible.
    """
    errors = desk.slips(Slip.PARTNERS)
    if errors is not None:
        wish = wish * np.exp(who.seen(errors))
    cells = np.arange(wish.shape[1])
    first = wish.argmax(axis=0)
    gain = wish[first, cells]
    rest = wish.copy()
    rest[first, cells] = -np.inf
    second = rest.argmax(axis=0)
    gain2 = rest[second, cells]
    swap = (desk.draws[who.row, Draw.SECOND, who.lane] < SECOND_PARTNER) & (gain2 > 0.0)
    company = np.stack([np.where(swap, second, first), np.where(swap, first, second)])
    worth = np.stack([np.where(swap, gain2, gain), np.where(swap, gain, gain2)])
    company = np.where(worth > 0.0, company, -1)
    company[desk.level.partners :] = -1
    return np.asarray(company)


def table(desk: Desk, goals: Goals, rows: PledgeRows) -> Packages:
    """What the seats put on the table this quarter; takes points.

    Each seat that talks works out a package with its two best partners; it tables the first, and
    the second when the first comes to nothing or when it is eager.

    Returns:
        Packages with two rows a company.
    """
    who = talkers(desk)
    partners = choose_partners(desk, who, attraction(desk, goals, rows, who))
    place = 2 * desk.seats
    proposer = np.full((2 * rows.row.shape[1], desk.worlds), -1)
    counterparty = proposer.copy()
    for slot in (0, 1):
        proposer[2 * who.seat + slot, who.lane] = np.where(partners[slot] >= 0, who.seat, -1)
        counterparty[2 * who.seat + slot, who.lane] = partners[slot]
    packages = propose_by(desk.view, desk.ruleset, proposer, counterparty, rows, desk.running)
    _add_drafts(desk, packages)
    first = desk.spend_points(packages.proposer[place] >= 0, desk.rules.cost_talk)
    eager = desk.draws[:, Draw.SECOND] < EAGER * desk.trait("appetite")
    also = (packages.proposer[place + 1] >= 0) & (~first | eager)
    also = desk.spend_points(also, desk.rules.cost_talk)
    for kept, row in ((first, place), (also, place + 1)):
        packages.proposer[row] = np.where(kept, packages.proposer[row], -1)
        packages.counterparty[row] = np.where(kept, packages.counterparty[row], -1)
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
