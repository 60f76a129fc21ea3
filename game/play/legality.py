"""Which orders can be carried out, and the set of reasons why the others cannot."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from game.core.axes import Array, Bools, Ints, any_over
from game.core.once import once
from game.core.ruleset import Ruleset, Status
from game.core.state import State
from game.play.abroad import entry_ally as entry_ally
from game.play.abroad import entry_cost as entry_cost
from game.play.abroad import entry_help as entry_help
from game.play.abroad import local_knowledge as local_knowledge
from game.play.abroad import upkeep as upkeep
from game.play.direction import directed
from game.play.levers import credit_left
from game.play.macro import may_enter
from game.play.orders import Orders, Refusal
from game.play.pledges import in_force
from game.play.rights import majority_lost


@dataclass(frozen=True)
class Checked:
    """Orders with what is illegal taken out."""

    orders: Orders
    refused: Ints
    """[N, W] :class:`Refusal` bits."""
    points: Ints
    """[N, W] attention that the remaining orders cost."""


class _Purse:
    """Attention of all companies as it is being spent."""

    def __init__(self, state: State) -> None:
        self.left = state.attention.astype(np.int64)
        self.start = self.left.copy()
        self.refused = np.zeros_like(self.left)

    def refuse(self, where: Bools, why: Refusal) -> None:
        self.refused |= np.where(where, int(why), 0)

    def pay(self, wanted: Bools, cost: int | Ints) -> Bools:
        """Charge where it can be paid; the wishes that go through. [N, W]."""
        able = self.left >= cost
        self.refuse(wanted & ~able, Refusal.ATTENTION)
        granted = wanted & able
        self.left -= np.where(granted, cost, 0)
        return np.asarray(granted)


def _turns(who: Ints) -> Ints:
    """Number of each wish among those of the same company and world, in the list's order: [L]."""
    order = np.argsort(who, kind="stable")
    sorted_ = who[order]
    first = np.searchsorted(sorted_, sorted_)
    turns = np.empty(who.shape, np.int64)
    turns[order] = np.arange(len(who)) - first
    return turns


def _one_by_one(purse: _Purse, who: Ints, cost: int) -> Bools:
    """Pay for wishes of the same price, each company's in the list's order: [L] granted.

    Args:
        who: [L] place of the company in the flattened [N, W].
    """
    left = purse.left.reshape(-1)
    granted = (_turns(who) + 1) * cost <= left[who]
    purse.refused.reshape(-1)[who[~granted]] |= int(Refusal.ATTENTION)
    np.subtract.at(left, who[granted], cost)
    return np.asarray(granted)


def _entries(
    state: State, ruleset: Ruleset, orders: Orders, purse: _Purse, money: Array, running: Ints
) -> Bools:
    wanted = orders.enter & state.active
    if not wanted.any():
        return np.asarray(wanted)
    there = state.on_sale | (state.entry_due >= 0)
    barred = wanted & ~may_enter(state, ruleset)
    purse.refuse(any_over(wanted & there, 1), Refusal.ALREADY)
    purse.refuse(any_over(barred, 1), Refusal.BARRED)
    wanted = wanted & ~there & ~barred
    at = np.flatnonzero(wanted)
    company, market, lane = np.unravel_index(at, wanted.shape)
    who = company * wanted.shape[2] + lane
    saved, ally = entry_help(state, ruleset, company, market, lane, running)
    cost = ruleset.licence[market] * (1.0 - saved)
    points = np.where(ally, ruleset.rules.cost_enter_ally, ruleset.rules.cost_enter)
    granted = np.zeros(wanted.size, bool)
    turns = _turns(who)
    for turn in range(turns.max(initial=-1) + 1):
        now = turns == turn
        paid = _enter(purse, money, who[now], cost[now], points[now])
        granted[at[now]] = paid
    return granted.reshape(wanted.shape)


def _enter(purse: _Purse, money: Array, who: Ints, cost: Array, points: Ints) -> Bools:
    """Pay for one entry of each of these companies: [L] granted."""
    left, funds = purse.left.reshape(-1), money.reshape(-1)
    refused = purse.refused.reshape(-1)
    affordable = funds[who] >= cost
    refused[who[~affordable]] |= int(Refusal.CASH)
    able = left[who] >= points
    refused[who[affordable & ~able]] |= int(Refusal.ATTENTION)
    paid = affordable & able
    left[who[paid]] -= points[paid]
    funds[who[paid]] -= cost[paid]
    return np.asarray(paid)


def _exits(state: State, ruleset: Ruleset, orders: Orders, purse: _Purse) -> Bools:
    wanted = orders.leave & state.active
    if not wanted.any():
        return np.asarray(wanted)
    present = state.on_sale | (state.entry_due >= 0)
    purse.refuse(any_over(wanted & ~present, 1), Refusal.NOT_THERE)
    wanted &= present
    at = np.flatnonzero(wanted)
    worlds = wanted.shape[2]
    who = at // (wanted.shape[1] * worlds) * worlds + at % worlds
    wanted.reshape(-1)[at] = _one_by_one(purse, who, ruleset.rules.cost_exit)
    return np.asarray(wanted)


@once
def _listed(ruleset: Ruleset) -> Bools:
    """Companies whose shares trade: [N, 1]."""
    return np.array([company.listed for company in ruleset.companies])[:, None]


def _capital(
    state: State, ruleset: Ruleset, orders: Orders, purse: _Purse, money: Array, line: Array
) -> dict[str, Any]:
    rules = ruleset.rules
    borrow, issue = orders.borrow, np.maximum(orders.issue, 0.0)
    dividend, buy_back = np.maximum(orders.dividend, 0.0), np.maximum(orders.buy_back, 0.0)
    purse.refuse(borrow > line + 1e-9, Refusal.CREDIT)
    borrow = np.minimum(borrow, line)
    borrow = np.maximum(borrow, -np.minimum(state.debt, np.maximum(money, 0.0)))
    early = (issue > 0.0) & (state.turn - state.last_issue < rules.issue_gap)
    purse.refuse(early, Refusal.TOO_SOON)
    issue = np.where(early, 0.0, issue)
    company_value = state.quote * (state.founders + state.public + state.shares.sum(axis=0))
    issue = np.minimum(issue, 0.25 * company_value)
    if (issue > 0.0).any():  # who controls a company is not diluted against its will
        taken = majority_lost(state, ruleset, np.floor(issue / state.quote).astype(np.int64))
        purse.refuse(taken, Refusal.CONTROLLED)
        issue = np.where(taken, 0.0, issue)
    listed = _listed(ruleset)
    purse.refuse((buy_back > 0.0) & ~listed, Refusal.BARRED)
    buy_back = np.where(listed, buy_back, 0.0)
    # Lenders let nothing out that is theirs: what holders take is cash beyond debts, and no more
    # than the company is worth to them.
    free = np.maximum(np.minimum(np.minimum(money, state.cash - state.debt), state.value), 0.0)
    purse.refuse(dividend + buy_back > free + 1e-9, Refusal.CASH)
    dividend = np.minimum(dividend, free)
    buy_back = np.minimum(buy_back, free - dividend)
    wanted = (borrow > 0.0) | (issue > 0.0) | (dividend > 0.0) | (buy_back > 0.0)
    granted = purse.pay(np.asarray(wanted & state.active), rules.cost_capital)
    money += np.where(granted, np.maximum(borrow, 0.0) + issue - dividend - buy_back, 0.0)
    return {
        "borrow": np.where(granted | (borrow <= 0.0), borrow, 0.0) * state.active,
        "issue": np.where(granted, issue, 0.0),
        "dividend": np.where(granted, dividend, 0.0),
        "buy_back": np.where(granted, buy_back, 0.0),
    }


def _projects(state: State, ruleset: Ruleset, orders: Orders, purse: _Purse, money: Array) -> Ints:
    wanted = (orders.project >= 0) & state.active
    if not wanted.any():
        return orders.project
    allowed, cost = _offered(ruleset)
    number = np.clip(orders.project, -1, len(ruleset.projects))
    offered = allowed[number, np.arange(number.shape[0])[:, None]]
    done = (state.projects_done >> np.maximum(number, 0)) & 1 > 0
    purse.refuse(wanted & ~offered, Refusal.NOT_THERE)
    purse.refuse(wanted & ((state.project_now >= 0) | done), Refusal.ALREADY)
    affordable = money >= cost[number]
    purse.refuse(wanted & ~affordable, Refusal.CASH)
    granted = purse.pay(
        wanted & offered & ~done & (state.project_now < 0) & affordable, ruleset.rules.cost_project
    )
    money -= np.where(granted, cost[number], 0.0)
    return np.asarray(np.where(granted, orders.project, -1).astype(orders.project.dtype))


@once
def _offered(ruleset: Ruleset) -> tuple[Bools, Array]:
    """Who may begin each project [.., N] and what it costs [..]; a last row is none."""
    count = len(ruleset.projects) + 1
    allowed, cost = np.zeros((count, len(ruleset.companies)), bool), np.zeros(count)
    for index, project in enumerate(ruleset.projects):
        cost[index] = project.cost
        allowed[index, list(project.companies) or slice(None)] = True
    return allowed, cost


def _targets(state: State, wanted: Ints, purse: _Purse, cost: int) -> Ints:
    """Company numbers of a one-target action, -1 where refused. [N, W]."""
    here = (wanted >= 0) & state.active
    if not here.any():
        return wanted
    me = np.arange(wanted.shape[0])[:, None]
    good = (wanted < wanted.shape[0]) & (wanted != me)
    purse.refuse(here & ~good, Refusal.NOT_THERE)
    granted = purse.pay(here & good, cost)
    return np.asarray(np.where(granted, wanted, -1).astype(wanted.dtype))


def _pledges(
    state: State, ruleset: Ruleset, orders: Orders, purse: _Purse, running: Ints
) -> tuple[Bools, Bools, Array]:
    """Pledges to break, to integrate, and efforts; those of no pledge in force do nothing."""
    broken = _broken(state, orders, purse)
    granted = np.zeros(broken.shape, bool)
    at = _there(state, np.flatnonzero(orders.integrate), purse)
    if at.size:
        at = at[~np.take(broken.reshape(-1), at)]
        granted.reshape(-1)[at] = _one_by_one(
            purse, _givers(state, at), ruleset.rules.cost_integrate
        )
    effort = orders.effort
    given = np.take(effort.reshape(-1), running)
    if ((given < 0.0) | (given > 1.0)).any():
        effort = effort.copy()
        effort.reshape(-1)[running] = np.clip(given, 0.0, 1.0)
    return broken, granted, effort


def _broken(state: State, orders: Orders, purse: _Purse) -> Bools:
    wanted = np.flatnonzero(orders.break_pledge)
    there = _there(state, wanted, purse)
    if there.size == wanted.size:
        return orders.break_pledge
    broken = np.zeros(orders.break_pledge.shape, bool)
    broken.reshape(-1)[there] = True
    return broken


def _givers(state: State, at: Ints) -> Ints:
    """Places of the givers in the flattened [N, W], from places in [K, N, N, W]."""
    count, worlds = state.fit.shape[1:]
    return np.asarray(at // (count * worlds) % count * worlds + at % worlds)


def _there(state: State, at: Ints, purse: _Purse) -> Ints:
    """Those of the wished pledges that are in force in worlds still played; refuses the rest."""
    if not at.size:
        return at
    runs = (np.take(state.pledge_until.reshape(-1), at) > state.turn) & (
        np.take(state.pledge_announced.reshape(-1), at) > 0.0
    )
    purse.refused.reshape(-1)[_givers(state, at[~runs])] |= int(Refusal.NOT_THERE)
    return np.asarray(at[runs & np.take(state.active, at % len(state.active))])


def _dials(ruleset: Ruleset, orders: Orders) -> dict[str, Any]:
    mix = np.maximum(np.nan_to_num(orders.mix), 0.0)
    total = mix.sum(axis=1, keepdims=True)
    mix = np.where(total > 0.0, mix / np.where(total > 0.0, total, 1.0), 1.0 / 3.0)
    pin = orders.pin_stance
    if (pin != -9).any():
        pin = np.where(pin <= -9, -9, np.clip(pin, -2, 2))
    return {
        "notch": np.clip(orders.notch, 0, 4).astype("i1"),
        "mix": mix,
        "stance": np.clip(orders.stance, -2, 2).astype("i1"),
        "focus": np.where(
            orders.focus < len(ruleset.markets), np.maximum(orders.focus, -1), -1
        ).astype("i2"),
        "pin_stance": pin.astype("i1"),
        "pin_spend": np.clip(orders.pin_spend, 0.0, ruleset.rules.spend_cap),
    }


def check(state: State, ruleset: Ruleset, orders: Orders, running: Ints | None = None) -> Checked:
    """Orders with dials put in range and illegal actions taken out, and why.

    Actions are paid in this order until points or money run out: event cards (free), pledges,
    entries, exits, projects, capital, investigation, statements.

    Args:
        orders: of all companies.
        running: places of the pledges in force, where the caller has them in hand.

    Returns:
        Orders that the turn can carry out to the letter.
    """
    purse = _Purse(state)
    orders, purse.refused = directed(state, ruleset, orders)
    orders = _of_the_living(state, orders, purse)
    purse.left -= np.minimum(upkeep(state, ruleset), purse.left)
    line = np.maximum(credit_left(state, ruleset), 0.0)
    money = np.asarray(state.cash + line)
    running = in_force(state) if running is None else running
    broken, integrate, effort = _pledges(state, ruleset, orders, purse, running)
    enter = _entries(state, ruleset, orders, purse, money, running)
    leave = _exits(state, ruleset, orders, purse)
    project = _projects(state, ruleset, orders, purse, money)
    capital = _capital(state, ruleset, orders, purse, money, line)
    investigate = _targets(state, orders.investigate, purse, ruleset.rules.cost_investigate)
    attack = _targets(state, orders.attack, purse, ruleset.rules.cost_statement)
    praise = _targets(state, orders.praise, purse, ruleset.rules.cost_statement)
    legal = dataclasses.replace(
        orders,
        **_dials(ruleset, orders),
        **capital,
        enter=enter,
        leave=leave,
        project=project,
        investigate=investigate,
        attack=attack,
        praise=praise,
        break_pledge=broken,
        integrate=integrate,
        effort=effort,
        choice=_choices(state, ruleset, orders, purse),
    )
    return Checked(legal, purse.refused.astype("i4"), (purse.start - purse.left))


_ACTIONS: dict[str, float] = {
    "enter": False, "leave": False, "investigate": -1, "attack": -1, "praise": -1,
    "borrow": 0.0, "issue": 0.0, "dividend": 0.0, "buy_back": 0.0, "project": -1,
}  # fmt: skip
"""Actions of a company and what they are without a wish."""


def _of_the_living(state: State, orders: Orders, purse: _Purse) -> Orders:
    """Orders without what failed companies wish."""
    failed = state.status == Status.FAILED
    if not failed.any():
        return orders
    changed: dict[str, Any] = {}
    for name, nothing in _ACTIONS.items():
        wanted = getattr(orders, name)
        gone = failed[:, None] if wanted.ndim == failed.ndim + 1 else failed
        wished = (wanted != nothing) & gone
        if wished.any():
            changed[name] = np.where(wished, nothing, wanted).astype(wanted.dtype)
            some = any_over(wished, 1) if wanted.ndim > failed.ndim else wished
            purse.refuse(np.asarray(some), Refusal.FAILED)
    for name in ("integrate", "break_pledge"):
        wanted = getattr(orders, name)
        wished = wanted & failed[:, None]
        if wished.any():
            changed[name] = wanted & ~wished
            purse.refuse(any_over(wished, (0, 2)), Refusal.FAILED)
    return dataclasses.replace(orders, **changed)


def open_cards(state: State, ruleset: Ruleset) -> Bools:
    """Cards that a company may answer now: [V, N, W]."""
    return np.asarray(_deciders(ruleset) & (state.event_turn == state.turn)[:, None])


@once
def _deciders(ruleset: Ruleset) -> Bools:
    """Companies that answer each card: [V, N, 1]."""
    may = np.zeros((len(ruleset.events), len(ruleset.companies), 1), bool)
    for index, event in enumerate(ruleset.events):
        may[index, list(event.deciders)] = bool(event.options)
    return may


@once
def _options(ruleset: Ruleset) -> Ints:
    """Options on each card: [V, 1, 1]."""
    return np.array([len(event.options) for event in ruleset.events], np.int64).reshape(-1, 1, 1)


def _choices(state: State, ruleset: Ruleset, orders: Orders, purse: _Purse) -> Ints:
    legal = checked_choices(state, ruleset, orders)
    refused = orders.choice > legal  # a legal choice is as it was ordered
    if refused.any():
        purse.refuse(any_over(refused, 0), Refusal.NOT_OPEN)
    return legal


def checked_choices(state: State, ruleset: Ruleset, orders: Orders) -> Ints:
    """Options that exist on cards that are open to the company; -1 otherwise. [V, N, W]."""
    legal = np.full(orders.choice.shape, -1, "i1")
    shown = state.event_turn == state.turn
    for card in np.flatnonzero(any_over(shown, 1)).tolist():  # few are open at a time
        good = _deciders(ruleset)[card] & shown[card]
        good &= orders.choice[card] < _options(ruleset)[card]
        np.copyto(legal[card], orders.choice[card], where=good)
    return legal
