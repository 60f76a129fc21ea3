"""What part of the joint surplus a side asks for: its target, and how talks move it.

    fresh      w + a third of the room at most, by its mood of the quarter
    once tried w + two thirds of the room, and more the less patience is left
    at most    w + the room: what the other side's own wish leaves

w is the share that the side usually wants, the room what both wishes leave of the whole. A first
offer that holds a third of the room is always good enough; whoever feels for less pays more than
that when it fails, so that feeling for the target wins nothing.
"""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array, Ints
from game.core.rng import Purpose, uniforms_at
from game.core.ruleset import Ruleset
from game.play.cells import Cells
from game.play.nash import PREPARED_SHARE, usual_shares
from game.play.terms import prepared

MOOD_PART, TRIED_PART = 1.0 / 3.0, 2.0 / 3.0
"""Of the room: what a mood adds at most, and what is asked once an offer has failed."""
TRIED = 0.1
"""Patience that a failed offer costs at least: from there on the side counts as tried."""
WEARY = 0.75
"""Patience lost at which the whole room is asked for."""


def mood_of(
    seed: AnyArray,
    world: AnyArray,
    turn: int,
    decider: Ints,
    other: Ints,
    cells: Cells,
    ruleset: Ruleset,
) -> Array:
    """How much a side is out for this quarter in talks with another, 0..1: [L].

    Args:
        seed, world: [W] of the game. decider, other: [L] companies.
    """
    uid = ruleset.company_uid
    lanes = cells.lane
    return uniforms_at(
        np.take(seed, lanes), np.take(world, lanes), turn, Purpose.TARGET,
        np.take(uid, decider), np.take(uid, other),
    )  # fmt: skip


def target_share(
    cells: Cells, decider: Ints, turn: int, patience: Array, mood: Array, ruleset: Ruleset
) -> Array:
    """Part of the joint surplus that the deciding side asks for: [L].

    A proposer whose own offer is signed asks for no more than it usually wants.

    Args:
        decider: [L] side, 0 or 1. patience: [L] 0..1 of that side. mood: [L] 0..1.
    """
    wanted = usual_shares(cells, ruleset)
    own = np.where(decider == 1, wanted[1], wanted[0])
    room = np.maximum(1.0 - wanted[0] - wanted[1], 0.0)
    lost = np.clip(1.0 - patience, 0.0, 1.0)
    tried = np.minimum(lost / TRIED, 1.0)
    weary = np.clip((lost - TRIED) / (WEARY - TRIED), 0.0, 1.0)
    fresh = MOOD_PART * mood
    part = fresh + tried * (TRIED_PART - fresh) + (1.0 - TRIED_PART) * weary
    part = np.where(decider == 1, part, 0.0)
    ready = prepared(cells, turn, ruleset)
    return np.asarray((own + room * part) * np.where(ready, PREPARED_SHARE, 1.0))
