"""Owen values of a market's causes: who plays, what is too small to be told apart, the parts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from game.core.axes import Array, Bools
from game.economy.owen import owen_lanes, owen_values
from game.play.explain.causes import Key, Lanes, Part
from game.play.explain.market_game import Switches

MOST_MEMBERS = 12
MOST_LANES = 1 << 18
BLOCK = 2048

Payoff = Callable[[Switches], Lanes]
Player = tuple[Key, ...]
"""Causes that are switched together."""


@dataclasses.dataclass(frozen=True)
class Shared:
    """A change, shared out."""

    parts: tuple[Part, ...]
    before: float
    after: float
    lanes: int


def share_out(payoff: Payoff, keys: list[Key], budget: int = MOST_LANES) -> Shared:
    """Exact two-level Owen values of causes in their groups.

    Args:
        payoff: of coalitions, the turn's own law.
        keys: causes that differ.
        budget: most coalitions; where more are needed the causes that move least by themselves
            are merged into one.
    """
    ends = payoff(Switches({key: np.array([False, True]) for key in keys}, 2))
    before, after = float(ends[0]), float(ends[1])
    if not keys:
        return Shared((), before, after, 0)
    if len(keys) == 1:
        return Shared((Part(keys[0], after - before),), before, after, 2)
    groups = _players(keys, _alone(payoff, keys, before), budget)
    order = [player for group in groups for player in group]
    place = {key: row for row, player in enumerate(order) for key in player}

    def of(members: Bools) -> Array:
        return payoff(Switches({key: members[row] for key, row in place.items()}, members.shape[1]))

    sizes = [len(group) for group in groups]
    amounts = owen_values(of, sizes, block=BLOCK)
    parts = tuple(
        Part(player[0], float(amount), merged=player if len(player) > 1 else ())
        for player, amount in zip(order, amounts, strict=True)
    )
    return Shared(parts, before, after, owen_lanes(sizes))


def _alone(payoff: Payoff, keys: list[Key], before: float) -> dict[Key, float]:
    """How much each cause moves by itself."""
    one = np.eye(len(keys), dtype=bool)
    moved = payoff(Switches(dict(zip(keys, one, strict=True)), len(keys))) - before
    return dict(zip(keys, np.abs(moved).tolist(), strict=True))


def _players(keys: list[Key], weight: dict[Key, float], budget: int) -> list[list[Player]]:
    """Groups of players within the budget, the smallest causes of the largest group merged into
    one."""
    groups: list[list[Player]] = [
        [(key,) for key in keys if key.group == group]
        for group in sorted({key.group for key in keys})
    ]
    while True:
        largest = max(groups, key=len)
        if len(largest) <= MOST_MEMBERS and owen_lanes([len(g) for g in groups]) <= budget:
            return groups
        if len(largest) == 1:
            return groups
        named = sorted((one for one in largest if len(one) == 1), key=lambda one: weight[one[0]])
        others = [key for one in largest if len(one) > 1 for key in one]
        small = named[: 1 if others else 2]
        others += [one[0] for one in small]
        largest[:] = [*reversed(named[len(small) :]), tuple(others)]
