"""What allies share in making things, market by market."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Ints
from game.core.once import once
from game.core.ruleset import PledgeKind, Ruleset
from game.core.state import State
from game.economy.costs import pooled_saving


def pool_volumes(
    cost: Array, state: State, ruleset: Ruleset, index: int, kind: PledgeKind,
    strength: Array, giver: Ints, receiver: Ints, lane: Ints, regions: Ints,
) -> None:  # fmt: skip
    """Add to ``cost`` what buying and learning with the givers' volumes saves the receivers.

    Args:
        cost: [N, M, W] log reduction of unit cost, written into.
        strength: [L] of the pledges, 0..1. giver, receiver, lane, regions: [L].
    """
    if kind.pooling <= 0.0 or not strength.size:
        return
    extra = shared_by(
        ruleset, index, state.cumulative, kind.pooling * strength, giver, receiver, lane, regions
    ).reshape(-1)
    at = np.flatnonzero(extra)
    own = state.cumulative.reshape(-1)[at]
    at, own = at[own > 0.0], own[own > 0.0]
    market = at // state.cash.shape[1] % len(ruleset.markets)
    cost.reshape(-1)[at] += pooled_saving(own, own + extra[at], ruleset.learning[market])


def shared_by(
    ruleset: Ruleset, index: int, held: Array, part: Array,
    giver: Ints, receiver: Ints, lane: Ints, regions: Ints,
) -> Array:  # fmt: skip
    """Parts of what givers have in each market in scope, added up by receiver: [N, M, W].

    Args:
        held: [N, M, W]. part: [L].
    """
    _, markets, worlds = held.shape
    at = _in_scope(ruleset, index)
    bits = np.where(regions > 0, regions, -1).astype(np.int64)
    covered = (bits >> ruleset.market_region[at][:, None]) & 1
    amount = held[giver, at[:, None], lane] * part * covered
    place = (receiver * markets + at[:, None]) * worlds + lane
    return np.bincount(place.reshape(-1), amount.reshape(-1), held.size).reshape(held.shape)


@once
def _in_scope(ruleset: Ruleset, index: int) -> Ints:
    """Markets that a pledge kind works in."""
    return np.flatnonzero(ruleset.scope[index, ruleset.market_sector] > 0.0)
