"""Deals that wait for a competition authority: kept as they were agreed, the price fixed.

A world has a few places for them; when all are taken, an authority that would look longer lets a
deal fall. Nobody pays before a deal is cleared. Whoever then lacks the money pays a fee instead.
"""

from __future__ import annotations

import numpy as np

from game.core.axes import Bools, Ints, array_fields, empty
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.play.cells import CLAUSES, Cells
from game.play.packages import DealFlag, Packages

KEPT = CLAUSES
FIELDS = tuple(f"waiting_{name}" for name in ("due", "proposer", "counterparty", *KEPT))
FORGIVEN = DealFlag.ATTENTION | DealFlag.AUTHORISATION | DealFlag.ISSUE_GAP | DealFlag.REVIEW
"""What does not stand in the way of a cleared deal: it was agreed when it was allowed."""


def keep_waiting(state: State, cells: Cells, chosen: Ints, due: Ints) -> tuple[State, Bools]:
    """The state with deals put on the waiting list, and which found a place.

    Args:
        chosen: [Q] cells, each once, the first in the list first. due: [Q] quarter of decision.

    Returns:
        (state, [Q]).
    """
    state = replace(state, **{name: getattr(state, name).copy() for name in FIELDS})
    placed = np.zeros(chosen.size, bool)
    for number, (cell, when) in enumerate(zip(chosen.tolist(), due.tolist(), strict=True)):
        lane = int(cells.lane[cell])
        free = np.flatnonzero(state.waiting_due[:, lane] == 0)
        if not free.size:
            continue
        slot = int(free[0])
        placed[number] = True
        state.waiting_due[slot, lane] = when
        state.waiting_proposer[slot, lane], state.waiting_counterparty[slot, lane] = cells.who[
            :, cell
        ]
        for name in KEPT:
            getattr(state, f"waiting_{name}")[..., slot, lane] = getattr(cells, name)[..., cell]
    return state, placed


def waiting_packages(state: State, ruleset: Ruleset) -> Packages:
    """The deals on the waiting list as packages: [.., Z, W], in their places."""
    slots, worlds = state.waiting_due.shape
    table = empty(Packages, {**ruleset.sizes, "P": slots, "W": worlds})
    table.proposer[...] = state.waiting_proposer
    table.counterparty[...] = state.waiting_counterparty
    for name in KEPT:
        getattr(table, name)[...] = getattr(state, f"waiting_{name}")
    return table


def no_longer_waiting(state: State, gone: Bools) -> State:
    """The waiting list without some of its deals [Z, W]."""
    if not gone.any():
        return state
    fills = {
        field.name: field.metadata["fill"] for field in array_fields(State) if field.name in FIELDS
    }
    changes = {}
    for name, fill in fills.items():
        table = getattr(state, name).copy()
        table[..., gone] = fill
        changes[name] = table
    return replace(state, **changes)
