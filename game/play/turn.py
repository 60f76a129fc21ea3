"""The turn: a quarter as a recipe over phases.

    state, report = step(state, ruleset, orders)

Each phase reads and writes the quarter's workbench; no phase looks ahead.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from game.core.axes import array_fields
from game.core.errors import RuleError
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.play import actions, duties, insolvency, remedies
from game.play import phases_market as market
from game.play import phases_money as books
from game.play.orders import Orders
from game.play.pledge_ends import PLEDGE_TABLES
from game.play.quarter import Quarter
from game.play.report import Report

Phase = Callable[[Quarter], None]

PHASES: tuple[Phase, ...] = (
    books.events_due,
    duties.duties_due,
    remedies.waiting_decided,
    books.deals_settled,
    books.orders_checked,
    actions.actions_done,
    market.pledges_delivered,
    market.research,
    market.brand,
    market.channels,
    market.costs,
    market.parts_arrive,
    market.offers_made,
    market.prices_bind,
    market.demand_meets,
    market.capacity_built,
    market.adoption_and_network,
    books.accounts_closed,
    books.capital_moves,
    insolvency.clearing_and_default,
    books.valuation,
    books.control,
    books.reputation,
    books.outcome_settled,
    books.next_quarter,
)

FEW = 4
"""Up to one world in so many is put back lane by lane: every array but the old ones is new."""
STILL = frozenset(PLEDGE_TABLES)
"""Fields into which no phase writes where a world has ended: the largest tables there are."""


def step(state: State, ruleset: Ruleset, orders: Orders) -> tuple[State, Report]:
    """Play one quarter in every world of a block.

    Ended worlds stay as they are.

    Args:
        state: at least two worlds (a lone world would sum in another order).
        orders: of all companies; what is illegal is left out and reported.

    Returns:
        (state of the next quarter, report of this one).

    Raises:
        RuleError: fewer than two worlds, or orders of another shape.
    """
    if state.cash.shape[-1] < 2:
        raise RuleError(
            "a block holds at least two worlds", "step", "repeat the lone world in a second lane"
        )
    if orders.notch.shape != state.notch.shape:
        raise RuleError(
            f"orders have shape {orders.notch.shape}, the state {state.notch.shape}", "step"
        )
    quarter = Quarter(state, ruleset, orders)
    for phase in PHASES:
        phase(quarter)
    return _freeze_ended(state, quarter.state), quarter.report()


def _freeze_ended(before: State, after: State) -> State:
    """The state after, with worlds that had ended as they were; writes into its arrays."""
    if before.active.all():
        return after
    ended = np.flatnonzero(~before.active).tolist()
    few = len(ended) * FEW <= len(before.active)
    changes = {}
    for name in _by_world():
        previous, array = getattr(before, name), getattr(after, name)
        if array is previous:
            continue
        if not few:
            changes[name] = np.where(before.active, array, previous)
            continue
        for world in ended:
            array[..., world] = previous[..., world]
    return replace(after, **changes)


@cache
def _by_world() -> tuple[str, ...]:
    """Fields whose worlds are put back."""
    return tuple(
        field.name
        for field in array_fields(State)
        if field.metadata["axes"][-1] == "W" and field.name not in STILL
    )
