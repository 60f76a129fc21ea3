"""Parents and what they control: who, and how much of it is theirs."""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import AnyArray, Array, Ints, array_fields
from game.core.ruleset import Ruleset, Status
from game.core.state import State
from game.play.observation import Observation
from game.play.rights import parents

MOST_LINKS = 8
"""Chains of holdings are followed so far; what is left of a longer one is nothing."""


def under(state: State, ruleset: Ruleset, seats: Ints) -> tuple[Ints, Ints, Ints] | None:
    """(parent, company, world) of what these seats control, [E] each; None where nothing is."""
    if not (state.status == Status.CONTROLLED).any():
        return None
    top = parents(state, ruleset)
    own = np.arange(len(top))[:, None]
    company, lane = np.nonzero((top != own) & np.isin(top, seats))
    if not company.size:
        return None
    return top[company, lane], company, lane


def interests(held: Array, top: Ints, parent: Ints) -> Array:
    """What a parent owns of every company of its group, through chains: [N, E] fractions.

    Args:
        held: [N, N, E] stakes. top: [N, E] ultimate parents. parent: [E].
    """
    entries = np.arange(len(parent))
    step = held[parent, :, entries].T
    found = step.copy()
    for _ in range(MOST_LINKS):
        step = (step[:, None] * held).sum(axis=0)
        found += step
    found = np.where(top == parent, np.minimum(found, 1.0), 0.0)
    found[parent, entries] = 1.0
    return np.asarray(found)


def alone(view: Observation, company: Ints) -> Observation:
    """A view in which each world shows the private rows of one company only.

    Args:
        company: [E] company whose world it is.
    """
    mine = np.asarray(view.seats)[:, None] == company
    blanked: dict[str, AnyArray] = {}
    for field in array_fields(view):
        axes = field.metadata["axes"]
        if "A" in axes:
            rows = [slice(None) if letter in ("A", "W") else None for letter in axes]
            array = getattr(view, field.name)
            empty = np.asarray(field.metadata["fill"], array.dtype)
            blanked[field.name] = np.where(mine[tuple(rows)], array, empty)
    return dataclasses.replace(view, **blanked)  # type: ignore[arg-type]
