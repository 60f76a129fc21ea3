"""Attention that talks cost: a point for whoever tables a package, once."""

from __future__ import annotations

import numpy as np

from game.core.axes import Bools, Ints
from game.core.state import State
from game.play.cells import Cells


def paid_before(cells: Cells, taken_up: Bools, state: State) -> Bools:
    """Talks whose point the proposer has paid before: [L].

    An offer that the other side has signed was paid for when it was tabled: this quarter, or the
    last one where it waited for an answer.

    Args:
        taken_up: [L] signed by the side to which it was offered.
    """
    paid = np.zeros(cells.size, bool)
    at = np.flatnonzero(taken_up)
    one, other = cells.who[:, at]
    paid[at] = state.last_talk[one, other, cells.lane[at]] >= max(state.turn - 1, 0)
    return paid


def points_left(
    cells: Cells, tie: Ints, paid: Bools, state: State, cost: int
) -> tuple[Ints, Bools]:
    """Attention left after talks, which proposers pay, and the talks that cannot be paid.

    Args:
        tie: [L] order among the talks of one company. paid: [L] not to be paid again.
        cost: points a talk.

    Returns:
        ([N, W] points, [L]).
    """
    owing = np.flatnonzero(~paid[cells.single])
    group = cells.who[0][owing] * state.cash.shape[-1] + cells.lane[owing]
    left = state.attention.astype(np.int64)
    purse = left.reshape(-1)
    spent = cost * np.bincount(group, minlength=purse.size)
    poor = np.zeros(cells.size, bool)
    short = np.flatnonzero((spent > purse)[group])
    if short.size:  # only these have to take turns
        unable = short[_too_late(group[short], tie[owing[short]], purse, cost)]
        np.subtract.at(spent, group[unable], cost)
        poor[owing[unable]] = True
    if cells.single != slice(None):  # a lone cell stands twice
        poor[:] = poor[0]
    purse -= spent
    return left, poor


def _too_late(group: Ints, tie: Ints, purse: Ints, cost: int) -> Bools:
    """Talks that their company's points no longer reach: [S]."""
    order = np.lexsort((tie, group))
    place = np.arange(order.size)
    fresh = np.append(True, np.diff(group[order]) != 0)
    nth = np.empty(order.size, np.int64)
    nth[order] = place - np.maximum.accumulate(np.where(fresh, place, 0))
    return np.asarray(purse[group] < cost * (nth + 1))
