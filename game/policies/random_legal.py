"""A player who does something legal at random; it finds the corners of the rules."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints
from game.core.ruleset import Ruleset
from game.play.observation import Observation
from game.play.orders import Orders
from game.play.packages import Packages
from game.policies.frame import blank, own_draws, own_figure, own_rows

ACTIONS = 10
"""Kinds of actions one of which is drawn a quarter; the last kinds mean none."""
DIAL_CHANCE = 0.3
DEAL_CHANCE = 0.4
MOST_CASH = 0.1
MOST_STAKE = 0.05
PLEDGE_CHANCE = 0.25
LOAN_CHANCE = 0.1
STRENGTHS = np.array([0.3, 0.6, 1.0])


class _Dice:
    """Draws of a quarter, handed out one after the other so that none is used twice."""

    def __init__(self, draws: Array) -> None:
        self._draws = draws
        self._next = 0

    def roll(self) -> Array:
        """[A, W] in (0, 1)."""
        return self.rolls(1)[:, 0]

    def rolls(self, count: int) -> Array:
        """[A, count, W] in (0, 1)."""
        start, self._next = self._next, self._next + count
        return self._draws[:, start : self._next]

    def number(self, below: int) -> AnyArray:
        """[A, W] whole, from 0 to ``below`` - 1."""
        return np.asarray((self.roll() * below).astype(np.int64))


class RandomLegal:
    """Turns dials, acts, and tables packages at random, within what it knows to be legal."""

    name = "random"

    def act(self, view: Observation, ruleset: Ruleset, seats: Ints) -> Orders:
        """Random orders; see :class:`game.play.policy.Policy`."""
        orders = blank(view, ruleset, seats)
        sizes = ruleset.sizes
        count = 48 + sizes["C"] + 4 * sizes["K"] + sizes["V"]
        dice = _Dice(own_draws(view, ruleset, seats, count))
        _dials(orders, view, ruleset, seats, dice)
        _cards(orders, view, ruleset, seats, dice)
        points = _packages(orders.proposals, view, ruleset, seats, dice)
        _action(orders, view, ruleset, seats, dice, points)
        return orders


def _dials(orders: Orders, view: Observation, ruleset: Ruleset, seats: Ints, dice: _Dice) -> None:
    turn = dice.roll() < DIAL_CHANCE
    orders.notch[seats] = np.where(turn, dice.number(5), view.notch)
    mix = 0.05 + dice.rolls(3)
    mix /= mix.sum(axis=1, keepdims=True)
    orders.mix[seats] = np.where(turn[:, None], mix, view.mix)
    sectors = len(ruleset.sectors)
    stance = (dice.rolls(sectors) * 5).astype(np.int64) - 2
    orders.stance[seats] = np.where(turn[:, None], stance, view.stance)
    focus = (dice.rolls(2) * (len(ruleset.markets) + 1)).astype(np.int64) - 1
    orders.focus[seats] = np.where(turn[:, None], focus, view.focus)


def _cards(orders: Orders, view: Observation, ruleset: Ruleset, seats: Ints, dice: _Dice) -> None:
    for index, event in enumerate(ruleset.events):
        option = dice.number(max(len(event.options), 1))
        for row, seat in enumerate(seats):
            if seat in event.deciders and event.options:
                orders.choice[index, seat] = np.where(view.event_open[index], option[row], -1)


def _action(
    orders: Orders,
    view: Observation,
    ruleset: Ruleset,
    seats: Ints,
    dice: _Dice,
    points: AnyArray,
) -> None:
    """One action a seat and world, if the points left allow any."""
    rules = ruleset.rules
    drawn = dice.number(ACTIONS)
    dearest = max(rules.cost_enter, rules.cost_project, rules.cost_capital, rules.cost_statement)
    drawn = np.where(points >= dearest, drawn, ACTIONS)
    place = dice.roll()
    amount = dice.roll()
    cash = np.maximum(own_figure(view.cash_guess, seats), 0.0)
    _market_action(orders, view, ruleset, seats, drawn, place, cash)
    _capital_action(orders, view, ruleset, seats, drawn, amount, cash)
    _company_action(orders, ruleset, seats, drawn, place)
    _pledge_action(orders, view, seats, drawn, place, amount)
    offered = _offered(ruleset, seats)
    _project_action(orders, view, ruleset, seats, drawn == 3, offered, place, cash)


def _pick(allowed: Bools, draw: Array) -> Bools:
    """One of the allowed places of axis 1, evenly: [A, M, W]; none where none is allowed."""
    rank = np.cumsum(allowed, axis=1)
    wanted = np.floor(draw * rank[:, -1]).astype(np.int64) + 1
    return np.asarray(allowed & (rank == wanted[:, None]))


def _market_action(
    orders: Orders,
    view: Observation,
    ruleset: Ruleset,
    seats: Ints,
    drawn: AnyArray,
    place: Array,
    cash: Array,
) -> None:
    there = own_rows(view.on_sale | view.entering, seats)
    payable = ruleset.licence[None, :, None] <= cash[:, None]
    allowed = view.may_enter & ~there & payable
    orders.enter[seats] = _pick(allowed, place) & (drawn == 0)[:, None]
    rarely = (drawn == 1) & (place < 0.2)
    orders.leave[seats] = _pick(there, place * 5.0 % 1.0) & rarely[:, None]


def _capital_action(
    orders: Orders,
    view: Observation,
    ruleset: Ruleset,
    seats: Ints,
    drawn: AnyArray,
    amount: Array,
    cash: Array,
) -> None:
    debt = own_figure(view.debt_guess, seats)
    sales = own_rows(view.price * view.units, seats).sum(axis=1)
    room = np.maximum(ruleset.rules.credit_quarters * sales - debt, 0.0)
    kind = np.where(drawn == 2, np.floor(amount * 5.0), -1.0)
    part = 0.1 * (amount * 5.0 % 1.0)
    orders.borrow[seats] = np.where(kind == 0, part * room, np.where(kind == 1, -part * debt, 0.0))
    worth = own_rows(view.quote * view.shares_total, seats)
    late = view.turn - own_rows(view.last_issue, seats) >= ruleset.rules.issue_gap
    orders.issue[seats] = np.where((kind == 2) & late, part * worth, 0.0)
    orders.dividend[seats] = np.where(kind == 3, part * cash, 0.0)
    listed = np.array([ruleset.companies[seat].listed for seat in seats])[:, None]
    orders.buy_back[seats] = np.where((kind == 4) & listed, part * cash, 0.0)


def _company_action(
    orders: Orders, ruleset: Ruleset, seats: Ints, drawn: AnyArray, place: Array
) -> None:
    target = _someone_else(ruleset, seats, place)
    orders.investigate[seats] = np.where(drawn == 4, target, -1)
    orders.attack[seats] = np.where(drawn == 5, target, -1)
    orders.praise[seats] = np.where(drawn == 6, target, -1)


def _someone_else(ruleset: Ruleset, seats: Ints, draw: Array) -> AnyArray:
    """Another company, evenly, by order of uid so that seat order does not matter. [A, W]."""
    order = np.argsort(ruleset.company_uid, kind="stable")
    own = np.argsort(order, kind="stable")[seats]
    others = len(order) - 1
    step = np.floor(draw * others).astype(np.int64) + 1
    return np.asarray(order[(own[:, None] + step) % len(order)])


def _pledge_action(
    orders: Orders,
    view: Observation,
    seats: Ints,
    drawn: AnyArray,
    place: Array,
    amount: Array,
) -> None:
    """Work on, shirk or break one of the seat's own pledges."""
    live = (view.pledge_announced > 0.0) & (view.pledge_until > view.turn)
    for row, seat in enumerate(seats):
        mine = live[:, seat]
        flat = mine.reshape(1, -1, mine.shape[-1])
        chosen = _pick(flat, place[row : row + 1])[0].reshape(mine.shape)
        orders.integrate[:, seat] = chosen & (drawn[row] == 7)
        shirk = chosen & (drawn[row] == 8) & (place[row] < 0.8)
        orders.effort[:, seat] = np.where(shirk, amount[row], np.nan)
        orders.break_pledge[:, seat] = chosen & (drawn[row] == 8) & (place[row] >= 0.8)


def _offered(ruleset: Ruleset, seats: Ints) -> Bools:
    """Projects open to each seat: [A, projects]."""
    rows = [
        [not project.companies or int(seat) in project.companies for project in ruleset.projects]
        for seat in seats
    ]
    return np.array(rows, bool).reshape(len(seats), len(ruleset.projects))


def _project_action(
    orders: Orders,
    view: Observation,
    ruleset: Ruleset,
    seats: Ints,
    wanted: Bools,
    offered: Bools,
    place: Array,
    cash: Array,
) -> None:
    for index, project in enumerate(ruleset.projects):
        fresh = (view.projects_done >> index) & 1 == 0
        free = fresh & (view.project_now < 0) & (cash >= project.cost)
        here = np.floor(place * len(ruleset.projects)) == index
        chosen = wanted & here & free & offered[:, index, None]
        orders.project[seats] = np.where(chosen, index, orders.project[seats])


def _packages(
    out: Packages, view: Observation, ruleset: Ruleset, seats: Ints, dice: _Dice
) -> AnyArray:
    """Table a random package in some quarters; returns the points left, [A, W]."""
    rows = 2 * seats
    wanted = (dice.roll() < DEAL_CHANCE) & (view.attention >= ruleset.rules.cost_talk)
    other = _someone_else(ruleset, seats, dice.roll())
    out.proposer[rows] = np.where(wanted, seats[:, None], -1)
    out.counterparty[rows] = np.where(wanted, other, -1)
    terms = np.array(ruleset.rules.terms)
    out.term[rows] = np.where(wanted, terms[dice.number(len(terms))], 0)
    out.disclosed[rows] = wanted & (dice.roll() < 0.5)
    out.loan_rate[rows] = np.where(wanted, dice.roll() * ruleset.rules.loan_rate_most, 0.0)
    for side, company in enumerate((np.repeat(seats[:, None], wanted.shape[-1], axis=1), other)):
        _side(out, view, ruleset, seats, side, company, wanted, dice)
    return np.asarray(view.attention - wanted * ruleset.rules.cost_talk)


def _side(
    out: Packages,
    view: Observation,
    ruleset: Ruleset,
    seats: Ints,
    side: int,
    company: AnyArray,
    wanted: Bools,
    dice: _Dice,
) -> None:
    rows, viewers = 2 * seats, np.arange(len(seats))[:, None]
    lanes = np.arange(wanted.shape[-1])[None]
    purse = np.maximum(view.cash_guess[viewers, company, lanes], 0.0)
    pays = wanted & (dice.roll() < 0.5)
    out.cash[side, rows] = np.where(pays, MOST_CASH * dice.roll() * purse, 0.0)
    lends = wanted & (dice.roll() < LOAN_CHANCE)
    out.loan[side, rows] = np.where(lends, MOST_CASH * dice.roll() * purse, 0.0)
    issues = wanted & (dice.roll() < 0.3)
    total = view.shares_total[company, lanes]
    fresh = np.floor(MOST_STAKE * dice.roll() * total).astype(np.int64)
    out.new_shares[side, rows] = np.where(issues, fresh, 0)
    sells = wanted & (dice.roll() < 0.2)
    sold = np.floor(MOST_STAKE * dice.roll() * view.founders[company, lanes]).astype(np.int64)
    out.old_shares[side, rows] = np.where(sells, sold, 0)
    out.old_issuer[side, rows] = np.where(sells & (sold > 0), company, -1)
    kinds = dice.rolls(len(ruleset.pledges))
    for index in range(len(ruleset.pledges)):
        level = STRENGTHS[np.floor(kinds[:, index] / PLEDGE_CHANCE * 3.0).astype(np.int64) % 3]
        granted = wanted & (kinds[:, index] < PLEDGE_CHANCE) & ~ruleset.taboo[company, index]
        out.pledge[side, index, rows] = np.where(granted, level, 0.0)
        out.exclusive[side, index, rows] = granted & (kinds[:, index] < 0.1 * PLEDGE_CHANCE)
