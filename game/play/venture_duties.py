"""Joint ventures in the turn: funds are spent, profits shared, ventures end or are bought out."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Ints
from game.core.ruleset import Status
from game.economy.lines import Lines
from game.economy.macro import to_dollars
from game.play import macro
from game.play.orders import Refusal
from game.play.quarter import Quarter
from game.play.report import Line
from game.play.rights import parents
from game.play.venture_value import buy_out_price, open_ventures, without_ventures

TERM_OVER, LINE_GONE, TAKEN_OVER, FAILED, BOUGHT_OUT = 1, 2, 3, 4, 5
"""How a venture ends."""


def ventures_due(quarter: Quarter) -> None:
    """Ventures end with their term, their line, or the independence of a side.

    What is left of the partner's money goes back to it, as far as the host's cash goes; a partner
    that has taken the host over leaves it there.
    """
    state = quarter.state
    if not state.venture_until.any():
        return
    ended = _ended(quarter)
    if not ended.any():
        return
    over = ended > 0
    host, lane = np.nonzero(over)
    partner = state.venture_partner[host, lane].astype(np.int64)
    back = np.minimum(state.venture_fund[host, lane], np.maximum(state.cash[host, lane], 0.0))
    theirs = parents(state, quarter.ruleset)[host, lane] == partner
    back = np.where((ended[host, lane] == FAILED) | theirs, 0.0, back)
    moved = quarter.zeros()
    np.subtract.at(moved, (host, lane), back)
    np.add.at(moved, (partner, lane), back)
    quarter.update(cash=state.cash + moved, **without_ventures(state, over))
    quarter.book(Line.DEALS, moved)
    quarter.note(venture_ended=ended)


def _ended(quarter: Quarter) -> Ints:
    """How each company's venture has ended; 0 where none has: [N, W]."""
    state = quarter.state
    out = np.zeros(state.venture_until.shape, np.int8)
    host, lane = np.nonzero((state.venture_until > 0) & quarter.live)
    partner, market = (
        table[host, lane].astype(np.int64)
        for table in (state.venture_partner, state.venture_market)
    )
    line = (host, market, lane)
    gone = ~state.on_sale[line] & (state.entry_due[line] < 0)
    status = state.status
    sold = status[host, lane] == Status.CONTROLLED
    led = status[partner, lane] == Status.CONTROLLED
    if led.any():
        sold |= led & (parents(state, quarter.ruleset)[partner, lane] == host)
    failed = (status[host, lane] == Status.FAILED) | (status[partner, lane] == Status.FAILED)
    over = state.venture_until[host, lane] <= state.turn
    out[host, lane] = np.select(
        [failed, sold, over, gone], [FAILED, TAKEN_OVER, TERM_OVER, LINE_GONE], 0
    )
    return out


def buy_out(quarter: Quarter, host: int, partner: int, lane: int) -> Refusal:
    """End the venture that a company hosts by paying its partner; why not, if it cannot be done."""
    state = quarter.state
    if (
        state.venture_until[host, lane] <= state.turn
        or state.venture_partner[host, lane] != partner
    ):
        return Refusal.NOT_THERE
    price = buy_out_price(state, quarter.ruleset, host, lane)
    if price > state.cash[host, lane]:
        return Refusal.CASH
    moved, over = quarter.zeros(), np.zeros(state.cash.shape, bool)
    moved[host, lane], moved[partner, lane], over[host, lane] = -price, price, True
    quarter.update(cash=state.cash + moved, **without_ventures(state, over))
    quarter.book(Line.DEALS, moved)
    quarter.add("venture_ended", (over * BOUGHT_OUT).astype(np.int8))
    return Refusal.NONE


# ---------------------------------------------------------------------------- the quarter's flows


def _rows(lines: Lines, company: Ints, market: Ints) -> Ints:
    """Numbers of product lines; -1 where the company sells nothing. [E]."""
    row_of = np.full(lines.shape[:2], -1)
    row_of[lines.company, lines.market] = np.arange(len(lines.market))
    return np.asarray(row_of[company, market])


def _dollar(quarter: Quarter, market: Ints, lane: Ints) -> Array:
    """Dollars of now for one at the start's rates: [E]."""
    rate = macro.market_rate(quarter.state, quarter.ruleset)
    return np.ones(market.size) if rate is None else to_dollars(np.ones(1), rate[market, lane])


def _at_work(quarter: Quarter, lines: Lines) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """(host, partner, market, world, product line) of ventures whose line sells: [E] each."""
    places = open_ventures(quarter.state)
    host, _, market, lane = places
    row = _rows(lines, host, market)
    sells = (row >= 0) & quarter.state.on_sale[host, market, lane] & quarter.live[lane]
    host, partner, market, lane = (part[sells] for part in places)
    return host, partner, market, lane, row[sells]


def spend_funds(quarter: Quarter, lines: Lines) -> None:
    """Each fund is spent in equal parts to the term's end, by the host's mix, on top of the rest.

    Writes into the spending of the lines.
    """
    state = quarter.state
    if not state.venture_until.any():
        return
    host, _, market, lane, row = _at_work(quarter, lines)
    left = state.venture_until[host, lane].astype(np.int64) - state.turn
    amount = state.venture_fund[host, lane] / np.maximum(left, 1)
    local = amount / _dollar(quarter, market, lane)
    quarter.line_spend[row, :, lane] += local[:, None] * state.mix[host, :, lane]
    quarter.own("venture_fund")[host, lane] -= amount
    quarter.venture_spent = quarter.zeros()
    quarter.venture_spent[host, lane] = amount


def share_profits(quarter: Quarter, lines: Lines, earned: Array) -> Array | None:
    """Partners get their part of what the lines earn before the funds' spending, or bear it.

    Args:
        earned: [L, W] USD m, contribution of the product lines.

    Returns:
        [N, W] USD m that funds spent; None where nothing is shared.
    """
    if not quarter.state.venture_until.any():
        return None
    host, partner, _, lane, row = _at_work(quarter, lines)
    spent = quarter.zeros() if quarter.venture_spent is None else quarter.venture_spent
    share = quarter.state.venture_share[host, lane].astype(float)
    part = share * (earned[row, lane] + spent[host, lane])
    moved = quarter.zeros()
    np.subtract.at(moved, (host, lane), part)
    np.add.at(moved, (partner, lane), part)
    quarter.book(Line.VENTURES, moved)
    return spent


__all__ = ["buy_out", "share_profits", "spend_funds", "ventures_due"]
