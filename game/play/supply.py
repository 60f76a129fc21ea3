"""Supply of durables: who is served at today's capacity, and what delegates order for later."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Ints
from game.core.once import once
from game.core.rng import Purpose, uniforms
from game.core.ruleset import Ruleset
from game.core.state import State
from game.economy.capacity import Served, affordable, capacity_next, capacity_wanted, ration
from game.economy.choice import LineChoice
from game.play import levers
from game.play.quarter import Quarter
from game.play.report import Line


@once
def limited(ruleset: Ruleset) -> Ints:
    """Markets of durables in which capacity counts."""
    return np.flatnonzero(ruleset.durable & (ruleset.capacity_lead > 0.0))


def serve(
    state: State, ruleset: Ruleset, choice: LineChoice, buyers: Array, units: Array, fringe: Array
) -> Array | None:
    """Cut sales to capacity, in place, and send the others where they would go next.

    Args:
        choice: evaluated at the quarter's prices. buyers: [M, W] m.
        units: [L, W] m wanted of the choice's lines. fringe: [M, W] m.

    Returns:
        [L, W] m that wanted a product first and did not get it; None where all are served.
    """
    lines, markets = choice.lines, limited(ruleset)
    if not markets.size:
        return None
    short: list[tuple[int, Ints, Array]] = []
    for market in markets.tolist():
        here = lines.spans[market]
        room = state.capacity[lines.company[here], market]
        lanes = np.flatnonzero((units[here] > room).any(axis=0))
        if lanes.size:
            short.append((market, lanes, np.take(room, lanes, axis=-1)))
    if not short:
        return None
    unserved = np.zeros_like(units)
    served, end = _served(choice, buyers, short), 0
    for market, lanes, room in short:
        rows, part = lines.spans[market], slice(end, end + len(lanes))
        units[rows, lanes] = served.units[: len(room), part]
        unserved[rows, lanes] = served.unserved[: len(room), part]
        fringe[market, lanes] = served.fringe[part]
        end += len(lanes)
    return unserved


def _served(choice: LineChoice, buyers: Array, short: list[tuple[int, Ints, Array]]) -> Served:
    """Markets and worlds in which somebody runs out, side by side; E worlds in all.

    Args:
        short: (market, its worlds, capacity of its lines there).
    """
    most = max(len(room) for _, _, room in short)
    count = sum(len(lanes) for _, lanes, _ in short)
    segments = choice.probabilities.shape[1]
    worlds = max(count, 2)  # a lone lane would sum in another order
    wanted, capacity = np.zeros((most, segments, worlds)), np.zeros((most, worlds))
    others, end = np.zeros((2, segments, worlds)), 0
    for market, lanes, room in short:
        part = slice(end, end + len(lanes))
        size = np.take(buyers[market], lanes)
        chosen, *rest = choice.by_option(market, lanes)
        np.multiply(chosen, size, out=wanted[: len(room), :, part])
        for into, values in zip(others, rest, strict=True):
            np.multiply(values, size, out=into[:, part])
        capacity[: len(room), part] = room
        end += len(lanes)
    return ration(wanted, others[0], others[1], capacity)


def own_peak(ruleset: Ruleset, turn: int) -> Array:
    """Sales of a line's best quarter of the year over those of this one, as its launches alone
    would have them where its share is small: [N, M] factor."""
    now = ruleset.launches[:, :, levers.quarter_of_year(turn, ruleset)]
    return np.asarray(np.exp(ruleset.launches.max(axis=2) - now))


def build_capacity(quarter: Quarter) -> None:
    """Capacity wears out, orders arrive, and delegates order what they expect to sell.

    Growth binds working capital: an order needs its price and some quarters' unit cost of the
    units that it adds, in cash or credit. The price alone is spent.
    """
    state, ruleset = quarter.state, quarter.ruleset
    at = limited(ruleset)
    if not at.size:
        return
    lead, decay = ruleset.capacity_lead[at, None], ruleset.capacity_decay[at, None]
    season = ruleset.season[at]
    peak = (season.max(axis=1) / season[:, levers.quarter_of_year(state.turn, ruleset)])[None]
    if ruleset.launches.any():
        peak = peak * own_peak(ruleset, state.turn)[:, at]
    sells = state.on_sale[:, at]
    capacity, ordered = state.capacity[:, at], state.capacity_ordered[:, at]
    worn = decay * capacity
    more = capacity_wanted(
        quarter.product_lines.scatter(quarter.sought, at) * peak[..., None],
        capacity,
        ordered,
        headroom=ruleset.capacity_headroom[at, None],
        decay=decay,
        lead=lead,
    )
    more *= sells
    price = ruleset.capacity_cost[at, None]
    bound = (price + ruleset.rules.working_capital * state.unit_cost[:, at]) * more
    funds = np.maximum(state.cash, 0.0) + np.maximum(levers.credit_left(state, ruleset), 0.0)
    more *= affordable(bound.sum(axis=1), funds)[:, None]
    capacity, ordered = capacity_next(capacity, ordered, decay, lead)
    quarter.own("capacity")[:, at] = capacity
    quarter.own("capacity_ordered")[:, at] = ordered + more
    spent = (price * more).sum(axis=1)
    worn_out = (price * worn).sum(axis=1)
    quarter.book(Line.CAPACITY, -spent)
    quarter.book(Line.DEPRECIATION, -worn_out)
    quarter.book(Line.NOT_IN_CASH, worn_out)
    quarter.update(plant=state.plant + spent - worn_out)


def first_contracts(quarter: Quarter, at: tuple[Ints, ...]) -> None:
    """What newcomers can make at first: a part of the market's last sales, bought at its price.

    Args:
        at: company, market and world of each line that opens.
    """
    state, ruleset = quarter.state, quarter.ruleset
    company, market, lane = at
    bound = np.isin(market, limited(ruleset))
    if not bound.any():
        return
    company, market, lane = company[bound], market[bound], lane[bound]
    sold = state.units[:, market, lane].sum(axis=0) + state.fringe_units[market, lane]
    made = ruleset.rules.entry_capacity * sold
    quarter.own("capacity")[company, market, lane] = made
    spent = by_company(ruleset.capacity_cost[market] * made, (company, lane), state.cash.shape)
    quarter.book(Line.CAPACITY, -spent)
    quarter.update(plant=quarter.state.plant + spent)


def write_off(quarter: Quarter, at: tuple[Ints, ...]) -> Array:
    """Take given-up product lines out of the books; call before their fields are cleared.

    Args:
        at: company, market and world of each, [L].

    Returns:
        [N, W] USD m written off.
    """
    state, ruleset = quarter.state, quarter.ruleset
    if not state.plant.any():
        return quarter.zeros()
    price = np.take(ruleset.capacity_cost, at[1])
    stood = price * (state.capacity[at] + state.capacity_ordered[at])
    lost = np.minimum(by_company(stood, (at[0], at[2]), state.cash.shape), state.plant)
    quarter.book(Line.WRITE_OFF, -lost)
    quarter.book(Line.NOT_IN_CASH, lost)
    quarter.update(plant=state.plant - lost)
    return lost


def by_company(amount: Array, at: tuple[Ints, Ints], shape: tuple[int, ...]) -> Array:
    """Amounts [L] added up by company and world: [N, W]."""
    place = at[0] * shape[1] + at[1]
    return np.bincount(place, amount, shape[0] * shape[1]).reshape(shape)


def supply_slips(quarter: Quarter) -> None:
    """By chance a maker's parts do not come: a part of its capacity goes back on order.

    One draw a company and sector: whoever makes phones makes them all from the same parts.
    """
    state, ruleset = quarter.state, quarter.ruleset
    hazard = ruleset.shortage_hazard
    at = limited(ruleset)
    at = at[hazard[at] > 0.0]
    if not at.size or state.turn == 0:  # what sells in the first quarter has been made
        return
    for sector in np.unique(ruleset.market_sector[at]).tolist():
        here = at[ruleset.market_sector[at] == sector]
        uids = ruleset.company_uid * len(ruleset.sectors) + sector
        drawn = uniforms(state.seed, state.world, state.turn, Purpose.SUPPLY, uids)
        hit = drawn < hazard[here, None]
        if hit.any():
            lost = ruleset.shortage_depth[here, None] * hit * state.capacity[:, here]
            quarter.own("capacity")[:, here] -= lost
            quarter.own("capacity_ordered")[:, here] += lost
