"""Delegates: they turn standing dials into spending and stance per market.

They never sign, enter or issue; a pin overrides one market.
"""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Bools, Ints, entries_of
from game.core.once import once
from game.core.ruleset import Rules, Ruleset
from game.core.state import State
from game.economy.lines import Lines

ENTRANT_SHARE = 0.01
ENTRANT_FIXED = 0.02
"""Fixed cost of a line that was not there at the start, as a part of the licence, a quarter."""
FOCUS = 2.0
SAFE_QUARTERS = 2.0
THRIFT_FLOOR = 0.25


def normal_spending(state: State, ruleset: Ruleset) -> Array:
    """Spending at notch 2, neutral mix, no focus.

    Follows the revenue of each line, so that a firm twice the size spends twice; an entrant
    spends as if it had 1 % of the market.

    Returns:
        [N, L, M, W] USD m a quarter.
    """
    lines = Lines(state.on_sale)
    return np.ascontiguousarray(np.swapaxes(lines.scatter(_normal_on(lines, state, ruleset)), 1, 2))


def _normal_on(lines: Lines, state: State, ruleset: Ruleset) -> Array:
    """Normal spending of the lines: [lines, L, W]."""
    ratio, started = _ratio(ruleset)
    at = lines.market
    market = state.price * state.units
    floor = ENTRANT_SHARE * np.maximum(market.sum(axis=0), ruleset.market_revenue_start[:, None])
    # the units of the start are those of the first quarter itself
    season = ruleset.season[:, quarter_of_year(max(state.turn - 1, 0), ruleset)]
    revenue = lines.gather(market)
    revenue /= season[at, None]
    np.maximum(revenue, floor[at], out=revenue, where=~lines.gather(started))
    revenue *= lines.gather(state.on_sale)
    return np.asarray(ratio[lines.company, :, at][..., None] * revenue[:, None])


@once
def _ratio(ruleset: Ruleset) -> tuple[Array, Bools]:
    """Normal spending in revenue [N, L, M], and lines that sold at the start [N, M, 1]."""
    started = ruleset.revenue_start > 0.0
    base = np.where(started, ruleset.revenue_start, 1.0)
    spent = np.swapaxes(ruleset.spend_normal, 1, 2) / base[:, None]
    ratio = np.where(started[:, None], spent, ruleset.spend_share.T)
    return np.ascontiguousarray(ratio), np.asarray(started[..., None])


def quarter_of_year(turn: int, ruleset: Ruleset) -> int:
    """Quarter of the year, 0 to 3, of a turn."""
    return (ruleset.rules.first_quarter - 1 + turn) % 4


def thrift(state: State, ruleset: Ruleset, total: Array) -> Array:
    """Part of the budget that delegates dare to spend when cash runs short, 0.25 to 1.

    Args:
        total: [N, L, W] normal spending, all markets together.

    Returns:
        [N, W].
    """
    burn = total.sum(axis=1) + ruleset.overhead[:, None]
    earned = np.maximum(state.profit, -burn)
    room = (
        np.maximum(state.cash, 0.0)
        + np.maximum(credit_left(state, ruleset), 0.0)
        + np.minimum(earned, 0.0)
    )
    ratio = np.divide(room, SAFE_QUARTERS * burn, out=np.ones_like(burn), where=burn > 0.0)
    return np.asarray(np.clip(ratio, THRIFT_FLOOR, 1.0))


def credit_line(rules: Rules, sales: Array, value: Array) -> Array:
    """What lenders give in all, on sales and on value: USD m, any shape.

    Args:
        sales: USD m a quarter, other businesses' profit with it. value: USD m, fundamental.
    """
    return np.asarray(rules.credit_quarters * sales + rules.credit_value * np.maximum(value, 0.0))


def credit_left(state: State, ruleset: Ruleset) -> Array:
    """What lenders would still give: [N, W] USD m, negative when debt exceeds the line.

    Stakes in other companies are no security, so that no ring of holdings feeds itself.
    """
    sales = (state.price * state.units).sum(axis=1) + np.maximum(ruleset.other_profit, 0.0)[:, None]
    return np.asarray(credit_line(ruleset.rules, sales, own_worth(state)) - owed_in_all(state))


def owed_in_all(state: State) -> Array:
    """To lenders and to companies: [N, W] USD m."""
    if not state.loan_due.any():
        return state.debt
    return np.asarray(state.debt + state.loan_owed.sum(axis=1))


def own_worth(state: State) -> Array:
    """Worth of all shares of each company, less what its stakes add to it: [N, W] USD m."""
    outside = state.founders + state.public
    per_share = np.maximum(state.value, 0.0) / np.maximum(outside, 1)
    place, part = entries_of(state.shares)
    worth = per_share * (outside + np.add.reduce(state.shares, axis=0))
    if not place.size:
        return np.asarray(worth)
    count, worlds = worth.shape
    row, lane = np.divmod(place, worlds)
    holder, issuer = np.divmod(row, count)
    held = part * per_share[issuer, lane]
    added = np.bincount(holder * worlds + lane, held, worth.size)
    return np.asarray(worth - added.reshape(worth.shape))


def spending(state: State, ruleset: Ruleset) -> Array:
    """What the delegates spend this quarter: [N, L, M, W] USD m."""
    lines = Lines(state.on_sale)
    return by_lever(lines, spending_on(lines, state, ruleset))


def by_lever(lines: Lines, spend: Array) -> Array:
    """Spending of the lines [lines, L, W], by company, lever and market: [N, L, M, W]."""
    companies, markets, _ = lines.shape
    spread = np.zeros((companies, spend.shape[1], markets, spend.shape[2]))
    spread[lines.company, :, lines.market] = spend
    return spread


def spending_on(lines: Lines, state: State, ruleset: Ruleset) -> Array:
    """What the delegates spend on each line that is on sale this quarter.

    Returns:
        [lines, L, W] USD m, at most ``spend_cap`` times normal.
    """
    rules = ruleset.rules
    spend = _normal_on(lines, state, ruleset)
    total = lines.by_company(spend)
    slots, row, lane = _focused(state, lines)
    favoured, company = spend[row, :, lane], lines.company[row]
    leant = total.copy()
    for slot in range(state.focus.shape[1]):  # a place comes once in each
        here = slots == slot
        leant[company[here], :, lane[here]] += (FOCUS - 1.0) * favoured[here]
    notch = np.asarray(rules.notches)[state.notch] * thrift(state, ruleset, total)
    # leaning moves money between markets and keeps each lever's total
    scale = np.divide(total, leant, out=np.ones_like(total), where=leant > 0.0)
    scale *= 3.0 * state.mix
    scale *= notch[:, None]
    favoured *= np.clip(FOCUS * scale[company, :, lane], 0.0, rules.spend_cap)
    pin = lines.gather(state.pin_spend)
    pinned, world = np.nonzero(~np.isnan(pin))
    held = spend[pinned, :, world]
    held *= np.clip(pin[pinned, world], 0.0, rules.spend_cap)[:, None]
    np.maximum(scale, 0.0, out=scale)
    np.minimum(scale, rules.spend_cap, out=scale)
    spend *= scale[lines.company]
    spend[row, :, lane] = favoured
    spend[pinned, :, world] = held
    return spend


def _focused(state: State, lines: Lines) -> tuple[Ints, Ints, Ints]:
    """Focus markets that a company sells in, none twice: slot, line and world, [E] each."""
    focus = state.focus
    chosen = (focus >= 0) & (focus < state.price.shape[1])
    for slot in range(1, focus.shape[1]):
        chosen[:, slot] &= (focus[:, :slot] != focus[:, slot, None]).all(axis=1)
    company, slots, lane = np.nonzero(chosen)
    line_of = np.full(state.price.shape[:2], -1)
    line_of[lines.company, lines.market] = np.arange(len(lines.market))
    row = line_of[company, focus[company, slots, lane]]
    sold = row >= 0
    return np.asarray(slots[sold]), row[sold], np.asarray(lane[sold])


def stance_factor(state: State, ruleset: Ruleset) -> Array:
    """Factor on the best-reply margin by the price stance: [N, M, W]."""
    stance = np.take(state.stance, ruleset.market_sector, axis=1)
    pinned = state.pin_stance > -9
    if pinned.any():
        stance = np.where(pinned, state.pin_stance, stance)
    return np.take(np.asarray(ruleset.rules.stances), stance + 2)
