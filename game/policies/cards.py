"""Event cards and projects: the option, and the undertaking, of the highest expected worth."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray
from game.core.ruleset import Event
from game.policies.desk import Desk
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
    return np.asarray(worth.argmax(axis=0))


def choose_project(desk: Desk) -> AnyArray:
    """A project that pays back and can be paid: [A, W], -1 none. Takes points and money."""
    ruleset = desk.ruleset
    chosen = np.full((len(desk.seats), desk.worlds), -1)
    best = np.zeros(chosen.shape)
    price = np.zeros(chosen.shape)
    thinks = (desk.view.turn + ruleset.company_uid[desk.seats]) % PROJECT_YEAR == 0
    for index, project in enumerate(ruleset.projects):
        need = PAYBACK * project.cost
        fresh = ((desk.view.projects_done >> index) & 1 == 0) & (desk.view.project_now < 0)
        safe = desk.money - project.cost >= desk.safety
        late = desk.quarters_left <= project.quarters
        for row, seat in enumerate(desk.seats):
            if late or not thinks[row] or (project.companies and seat not in project.companies):
                continue
            if not (fresh[row] & safe[row]).any():
                continue
            net = effects_worth(desk, row, project.effects) - need
            better = fresh[row] & safe[row] & (net > best[row])
            chosen[row] = np.where(better, index, chosen[row])
            best[row] = np.where(better, net, best[row])
            price[row] = np.where(better, project.cost, price[row])
    wanted = desk.spend_money(chosen >= 0, price)
    wanted = desk.spend_points(wanted, desk.rules.cost_project)
    return np.where(wanted, chosen, -1)
