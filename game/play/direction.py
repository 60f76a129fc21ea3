"""Parents give the orders of the companies that they control."""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import Ints
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.orders import DIALS, Orders, Refusal
from game.play.rights import parents


def directed(state: State, ruleset: Ruleset, orders: Orders) -> tuple[Orders, Ints]:
    """Orders whose dials by another company come from its ultimate parent alone.

    A parent's order wins over the company's own. Where whoever wrote a company's dials does not
    control it, they stay as they stood.

    Returns:
        (orders, refusals of those who wrote [N, W]).
    """
    refused = np.zeros(orders.directed_by.shape, np.int64)
    claimed = orders.directed_by >= 0
    if not claimed.any():
        return orders, refused
    count = len(claimed)
    by = np.clip(orders.directed_by, 0, count - 1).astype(np.int64)
    known = by == orders.directed_by
    bad = claimed & (~known | (parents(state, ruleset) != by))
    bad &= by != np.arange(count)[:, None]
    if not bad.any():
        return orders, refused
    row, lane = np.nonzero(bad)
    np.bitwise_or.at(refused, (by[row, lane], lane), int(Refusal.BARRED))
    stays = {}
    for name in DIALS[:-1]:
        field = getattr(orders, name)
        where = bad[(slice(None), *[None] * (field.ndim - 2))]
        stays[name] = np.where(where, getattr(state, name), field)
    return dataclasses.replace(orders, **stays), refused
