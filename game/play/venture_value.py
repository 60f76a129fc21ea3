"""The tables of joint ventures: which are open, what parts in them are worth, how they end."""

from __future__ import annotations

from typing import Any

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.finance.valuation import annuity

FIELDS = ("venture_partner", "venture_market", "venture_share", "venture_until", "venture_fund")


def without_ventures(state: State, gone: Bools) -> dict[str, Any]:
    """The venture tables without those of these hosts [N, W]."""
    changes = {}
    for name in FIELDS:
        table = getattr(state, name)
        nothing = -1 if name in FIELDS[:2] else 0
        changes[name] = np.where(gone, nothing, table).astype(table.dtype)
    return changes


def end_ventures_of(state: State, gone: Bools) -> State:
    """The state without the ventures of companies that are gone, as host or partner: [N, W]."""
    if not state.venture_until.any():
        return state
    partner = np.maximum(state.venture_partner, 0).astype(np.int64)
    over = (state.venture_until > 0) & (gone | np.take_along_axis(gone, partner, axis=0))
    return replace(state, **without_ventures(state, over)) if over.any() else state


# ------------------------------------------------------------------------------------- value


def open_ventures(state: State) -> tuple[Ints, Ints, Ints, Ints]:
    """(host, partner, market, world) of every venture that runs: [E] each."""
    host, lane = np.nonzero(state.venture_until > state.turn)
    partner, market = (
        table[host, lane].astype(np.int64)
        for table in (state.venture_partner, state.venture_market)
    )
    return host, partner, market, lane


def part_worth(state: State, ruleset: Ruleset, places: tuple[Ints, ...]) -> Array:
    """What the partner's part in each venture is worth, by the last quarter's profit of the line
    before the fund's spending, for the quarters that are left: [E] USD m, negative with losses.

    Args:
        places: as :func:`open_ventures` gives them.
    """
    host, _, market, lane = places
    left = np.maximum(state.venture_until[host, lane].astype(np.int64) - state.turn, 0)
    spent = state.venture_fund[host, lane] / np.maximum(left, 1)
    sells = state.on_sale[host, market, lane]
    profit = np.where(sells, state.contribution[host, market, lane] + spent, 0.0)
    rules = ruleset.rules
    share = state.venture_share[host, lane].astype(float)
    return np.asarray(share * profit * (1.0 - rules.tax) * annuity(rules.discount, left))


def venture_value(state: State, ruleset: Ruleset) -> Array | None:
    """What ventures add to the worth of partners and take from that of hosts: [N, W] USD m."""
    if not state.venture_until.any():
        return None
    places = open_ventures(state)
    worth, out = part_worth(state, ruleset, places), np.zeros(state.cash.shape)
    host, partner, _, lane = places
    np.add.at(out, (partner, lane), worth)
    np.subtract.at(out, (host, lane), worth)
    return out


def buy_out_price(state: State, ruleset: Ruleset, host: int, lane: int) -> float:
    """What a host pays to end its venture: the part's worth, and no less than what is left of the
    partner's money. USD m."""
    places = tuple(
        np.array([one])
        for one in (
            host, int(state.venture_partner[host, lane]), int(state.venture_market[host, lane]),
            lane,
        )
    )  # fmt: skip
    worth = float(part_worth(state, ruleset, places)[0])
    return max(worth, float(state.venture_fund[host, lane]), 0.0)
