"""Which orders can be carried out, and the set of reasons why the others cannot."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from game.core.axes import Array, Bools, Ints, any_over
from game.core.ruleset import PledgeEffect, Ruleset
from game.core.state import State
from game.play.levers import credit_left
from game.play.orders import Orders, Refusal


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


def upkeep(state: State, ruleset: Ruleset) -> Ints:
    """Points that far-flung business takes each quarter: foreign regions past the free ones, and
    controlled companies. [N, W]."""
    regions = np.zeros(state.cash.shape, np.int64)
    for region in range(len(ruleset.regions)):
        in_region = (ruleset.market_region == region)[None, :] & ~ruleset.home
        regions += (state.on_sale & in_region[..., None]).any(axis=1)
    started = (ruleset.revenue_start > 0.0) & ~ruleset.home
    given = np.zeros(len(ruleset.companies), np.int64)
    for region in range(len(ruleset.regions)):
        given += (started & (ruleset.market_region == region)[None, :]).any(axis=1)
    free = np.maximum(given, ruleset.rules.free_regions)
    return np.asarray(np.maximum(regions - free[:, None], 0))


def local_knowledge(state: State, ruleset: Ruleset) -> Array:
    """Strength of the best ENTRY pledge that a company receives, 0..1. [N, W]."""
    best = np.zeros(state.cash.shape)
    for index, kind in enumerate(ruleset.pledges):
        if kind.effect == PledgeEffect.ENTRY:
            live = state.pledge_announced[index] * (state.pledge_until[index] > state.turn)
            best = np.maximum(best, live.max(axis=0))
    return np.asarray(best)


def entry_ally(state: State, ruleset: Ruleset) -> Bools:
    """Whether some ally that sells in a market's region supports the company there. [N, M, W]."""
    support = ((state.pledge_announced > 0.0) & (state.pledge_until > state.turn)).any(axis=0)
    out = np.zeros(state.on_sale.shape, bool)
    for region in range(len(ruleset.regions)):
        here = ruleset.market_region == region
        local = any_over(state.on_sale[:, here], 1)
        helped = any_over(support & local[:, None], 0)
        out[:, here] = helped[:, None]
    return out


def entry_cost(state: State, ruleset: Ruleset) -> Array:
    """Licence to enter, cheaper with an ally's local knowledge. [N, M, W] USD m."""
    saved = 0.5 * local_knowledge(state, ruleset)
    return np.asarray(ruleset.licence[None, :, None] * (1.0 - saved[:, None]))


def _one_by_one(purse: _Purse, wanted: Bools, cost: Ints | int) -> Bools:
    """Pay for a company's wishes along axis 1 in order; returns those granted, same shape."""
    granted = np.zeros_like(wanted)
    for place in np.flatnonzero(wanted.any(axis=(0, 2))):
        price = cost if isinstance(cost, int) else cost[:, place]
        granted[:, place] = purse.pay(wanted[:, place], price)
    return granted


def _entries(state: State, ruleset: Ruleset, orders: Orders, purse: _Purse, money: Array) -> Bools:
    wanted = orders.enter & state.active
    if not wanted.any():
        return np.asarray(wanted)
    there = state.on_sale | (state.entry_due >= 0)
    barred = wanted & ~ruleset.may_enter[..., None]
    purse.refuse(any_over(wanted & there, 1), Refusal.ALREADY)
    purse.refuse(any_over(barred, 1), Refusal.BARRED)
    wanted = wanted & ~there & ~barred
    cost = entry_cost(state, ruleset)
    points = np.where(
        entry_ally(state, ruleset), ruleset.rules.cost_enter_ally, ruleset.rules.cost_enter
    )
    granted = np.zeros_like(wanted)
    for market in np.flatnonzero(wanted.any(axis=(0, 2))):
        affordable = money >= cost[:, market]
        purse.refuse(wanted[:, market] & ~affordable, Refusal.CASH)
        paid = purse.pay(wanted[:, market] & affordable, points[:, market])
        money -= np.where(paid, cost[:, market], 0.0)
        granted[:, market] = paid
    return granted


def _exits(state: State, ruleset: Ruleset, orders: Orders, purse: _Purse) -> Bools:
    wanted = orders.leave & state.active
    present = state.on_sale | (state.entry_due >= 0)
    purse.refuse(any_over(wanted & ~present, 1), Refusal.NOT_THERE)
    return _one_by_one(purse, wanted & present, ruleset.rules.cost_exit)


def _capital(
    state: State, ruleset: Ruleset, orders: Orders, purse: _Purse, money: Array
) -> dict[str, Any]:
    rules = ruleset.rules
    borrow, issue = orders.borrow, np.maximum(orders.issue, 0.0)
    dividend, buy_back = np.maximum(orders.dividend, 0.0), np.maximum(orders.buy_back, 0.0)
    line = np.maximum(credit_left(state, ruleset), 0.0)
    purse.refuse(borrow > line + 1e-9, Refusal.CREDIT)
    borrow = np.minimum(borrow, line)
    borrow = np.maximum(borrow, -np.minimum(state.debt, np.maximum(money, 0.0)))
    early = (issue > 0.0) & (state.turn - state.last_issue < rules.issue_gap)
    purse.refuse(early, Refusal.TOO_SOON)
    issue = np.where(early, 0.0, issue)
    company_value = state.quote * (state.founders + state.public + state.shares.sum(axis=0))
    issue = np.minimum(issue, 0.25 * company_value)
    listed = np.array([company.listed for company in ruleset.companies])[:, None]
    purse.refuse((buy_back > 0.0) & ~listed, Refusal.BARRED)
    buy_back = np.where(listed, buy_back, 0.0)
    # Lenders let nothing out that is theirs: what holders take is cash beyond debts.
    free = np.maximum(np.minimum(money, state.cash - state.debt), 0.0)
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
    allowed = np.zeros((len(ruleset.projects) + 1, len(ruleset.companies)), bool)
    cost = np.zeros(len(ruleset.projects) + 1)
    for index, project in enumerate(ruleset.projects):
        cost[index] = project.cost
        allowed[index] = (
            True
            if not project.companies
            else np.isin(np.arange(len(ruleset.companies)), project.companies)
        )
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
    state: State, ruleset: Ruleset, orders: Orders, purse: _Purse
) -> tuple[Bools, Bools, Array]:
    live = (state.pledge_announced > 0.0) & (state.pledge_until > state.turn)
    purse.refuse(any_over(orders.break_pledge & ~live, (0, 2)), Refusal.NOT_THERE)
    purse.refuse(any_over(orders.integrate & ~live, (0, 2)), Refusal.NOT_THERE)
    broken = orders.break_pledge & live & state.active
    wanted = orders.integrate & live & ~broken & state.active
    granted = np.zeros_like(wanted)
    for kind, receiver in zip(*np.nonzero(wanted.any(axis=(1, 3))), strict=True):
        granted[kind, :, receiver] = purse.pay(
            wanted[kind, :, receiver], ruleset.rules.cost_integrate
        )
    effort = np.where(live, np.clip(orders.effort, 0.0, 1.0), np.nan)
    return broken, granted, np.asarray(effort)


def _dials(ruleset: Ruleset, orders: Orders) -> dict[str, Any]:
    mix = np.maximum(np.nan_to_num(orders.mix), 0.0)
    total = mix.sum(axis=1, keepdims=True)
    mix = np.where(total > 0.0, mix / np.where(total > 0.0, total, 1.0), 1.0 / 3.0)
    pin = np.where(orders.pin_stance <= -9, -9, np.clip(orders.pin_stance, -2, 2))
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


def check(state: State, ruleset: Ruleset, orders: Orders) -> Checked:
    """Orders with dials put in range and illegal actions taken out, and why.

    Actions are paid in this order until points or money run out: event cards (free), pledges,
    entries, exits, projects, capital, investigation, statements.

    Args:
        orders: of all companies.

    Returns:
        Orders that the turn can carry out to the letter.
    """
    purse = _Purse(state)
    purse.left -= np.minimum(upkeep(state, ruleset), purse.left)
    money = np.asarray(state.cash + np.maximum(credit_left(state, ruleset), 0.0))
    broken, integrate, effort = _pledges(state, ruleset, orders, purse)
    enter = _entries(state, ruleset, orders, purse, money)
    leave = _exits(state, ruleset, orders, purse)
    project = _projects(state, ruleset, orders, purse, money)
    capital = _capital(state, ruleset, orders, purse, money)
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


def open_cards(state: State, ruleset: Ruleset) -> Bools:
    """Cards that a company may answer now: [V, N, W]."""
    may = np.zeros((len(ruleset.events), len(ruleset.companies)), bool)
    for index, event in enumerate(ruleset.events):
        may[index, list(event.deciders)] = bool(event.options)
    return np.asarray(may[..., None] & (state.event_turn == state.turn)[:, None])


def _choices(state: State, ruleset: Ruleset, orders: Orders, purse: _Purse) -> Ints:
    legal = checked_choices(state, ruleset, orders)
    purse.refuse(any_over((orders.choice >= 0) & (legal < 0), 0), Refusal.NOT_OPEN)
    return legal


def checked_choices(state: State, ruleset: Ruleset, orders: Orders) -> Ints:
    """Options that exist on cards that are open to the company; -1 otherwise. [V, N, W]."""
    open_ = open_cards(state, ruleset)
    count = np.array([len(event.options) for event in ruleset.events], np.int64).reshape(-1, 1, 1)
    good = open_ & (orders.choice < count)
    return np.asarray(np.where(good, orders.choice, -1).astype("i1"))
