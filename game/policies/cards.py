"""Event cards and projects: the option, and the undertaking, of the highest expected worth."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, any_over
from game.core.ruleset import Event
from game.policies.desk import OPTIONS, Desk, Slip
from game.policies.effects import effects_worth

PAYBACK = 1.1
"""A project must be worth so many times its cost."""
PROJECT_YEAR = 4
"""A seat thinks about projects once in so many quarters."""


def choose_options(desk: Desk) -> AnyArray:
    """Option of each open card by expected worth: [V, A, W], -1 where no card is open."""
    view, ruleset = desk.view, desk.ruleset
    chosen = np.full((len(ruleset.events), len(desk.seats), desk.worlds), -1, "i1")
    for index in np.flatnonzero(view.event_open.any(axis=1)):
        event = ruleset.events[index]
        for row, seat in enumerate(desk.seats):
            if seat in event.deciders and event.options:
                best = _best_option(desk, row, event)
                chosen[index, row] = np.where(view.event_open[index], best, -1)
    return chosen


def _best_option(desk: Desk, row: int, event: Event) -> AnyArray:
    """Option of the highest worth that cash allows, the first of equals: [W]."""
    worth = np.stack([effects_worth(desk, row, option.effects) for option in event.options])
    errors = desk.slips(Slip.CARDS)
    if errors is not None:
        worth = worth * np.exp(errors[row, np.arange(len(worth)) % OPTIONS])
    return np.asarray(worth.argmax(axis=0))


def choose_project(desk: Desk) -> AnyArray:
    """A project that pays back and can be paid: [A, W], -1 none. Takes points and money."""
    ruleset = desk.ruleset
    chosen = np.full((len(desk.seats), desk.worlds), -1)
    best = np.zeros(chosen.shape)
    price = np.zeros(chosen.shape)
    thinks = np.flatnonzero((desk.view.turn + ruleset.company_uid[desk.seats]) % PROJECT_YEAR == 0)
    done, idle = desk.view.projects_done[thinks], desk.view.project_now[thinks] < 0
    money, safety = desk.money[thinks], desk.safety[thinks]
    for index, project in enumerate(ruleset.projects):
        if desk.quarters_left <= project.quarters:
            continue
        need = PAYBACK * project.cost
        able = idle & ((done >> index) & 1 == 0) & (money - project.cost >= safety)
        for place in np.flatnonzero(any_over(able, 1)).tolist():
            row, open_ = int(thinks[place]), able[place]
            if project.companies and desk.seats[row] not in project.companies:
                continue
            net = effects_worth(desk, row, project.effects) - need
            better = open_ & (net > best[row])
            chosen[row][better] = index
            best[row][better] = net[better]
            price[row][better] = project.cost
    wanted = desk.spend_money(chosen >= 0, price)
    wanted = desk.spend_points(wanted, desk.rules.cost_project)
    return np.where(wanted, chosen, -1)
