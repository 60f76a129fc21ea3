"""The clause by which a business goes from one company to another."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints
from game.core.ruleset import Rules, Ruleset
from game.core.state import State, replace
from game.play.cells import Cells
from game.play.clauses import mark, named_markets
from game.play.deal_facts import DealFacts, LineFacts
from game.play.handover import Handover, Tables, earned_by_buyer, fixed_cost
from game.play.levers import ENTRANT_FIXED
from game.play.macro import may_enter
from game.play.money import capitalised, natural_multiple, profit_multiple
from game.play.packages import DealFlag, Extra, Milestone
from game.play.pairing import Pairing
from game.play.spots import Spots

_TINY = 1e-12
LENT_ON = 0.5
"""Part of the free credit that counts for a firm short of cash."""


class OwnTables:
    """A state whose tables are copied before they are written into."""

    def __init__(self, state: State) -> None:
        self.before = self.state = state

    def own(self, name: str) -> AnyArray:
        """See :class:`game.play.handover.Tables`."""
        if getattr(self.state, name) is getattr(self.before, name):
            self.state = replace(self.state, **{name: getattr(self.state, name).copy()})
        return np.asarray(getattr(self.state, name))


def check_business(flags: Ints, spots: Spots, state: State, ruleset: Ruleset) -> None:
    """What is handed over must be there, and its buyer be let in."""
    if not spots.extra[:, Extra.BUSINESS].any():
        return
    let_in = np.broadcast_to(may_enter(state, ruleset), state.on_sale.shape) | state.on_sale
    for side, (giver, taker) in enumerate(spots.sides()):
        number = spots.extra[side, Extra.BUSINESS]
        sold = named_markets(number, ruleset) & state.on_sale[giver, :, spots.lane]
        barred = sold & ~let_in[taker, :, spots.lane]
        wrong = ~sold.any(axis=1) | barred.any(axis=1)
        mark(flags, (number != 0.0) & wrong, DealFlag.BUSINESS)
        hinged = hinges(state)[giver, spots.lane] | _hinges_now(spots, 1 - side)
        mark(flags, (number != 0.0) & hinged, DealFlag.INSTALMENT)


def hinges(state: State) -> Bools:
    """Companies that wait for an instalment which hangs on their figures: [N, W]. They keep their
    businesses, or whoever owes it could buy itself out of it."""
    out = np.zeros(state.cash.shape, bool)
    due = (state.instalment_until > state.turn) & (state.instalment_on > Milestone.DATE)
    payer, lane = np.nonzero(due)
    out[state.instalment_to[payer, lane].astype(np.int64), lane] = True
    return out


def _hinges_now(spots: Spots, payer: int) -> Bools:
    """Deals that promise such an instalment themselves: [L]."""
    amount, on = (spots.extra[payer, slot] for slot in (Extra.INSTALMENT, Extra.MILESTONE))
    return np.asarray((amount > 0.0) & (on > Milestone.DATE))


def settle_business(books: State, spots: Spots, ruleset: Ruleset) -> State:
    """The books with businesses handed over, deal by deal; what they earn goes along."""
    if not spots.extra[:, Extra.BUSINESS].any():
        return books
    tables = OwnTables(books)
    for side, (giver, taker) in enumerate(spots.sides()):
        number = spots.extra[side, Extra.BUSINESS]
        named = named_markets(number, ruleset)
        for spot in np.flatnonzero(number != 0.0).tolist():
            seller, buyer, lane = int(giver[spot]), int(taker[spot]), int(spots.lane[spot])
            one = Handover(tables, ruleset, seller, lane, books.unit_cost)
            for market in np.flatnonzero(named[spot] & books.on_sale[seller, :, lane]).tolist():
                pass_on(tables, one, buyer, market)
    return tables.state


def pass_on(tables: Tables, one: Handover, buyer: int, market: int) -> None:
    """A business with its capacity and its part in the trend of profit goes to a buyer."""
    earned, cost = one.expected(market)
    trend = tables.own("profit_trend")
    trend[one.me, one.lane] -= float(tables.state.contribution[one.me, market, one.lane])
    trend[buyer, one.lane] += float(earned[buyer])
    stood = one.hand_over(market, buyer, float(cost[buyer]), float(earned[buyer]))
    tables.own("plant")[one.me, one.lane] -= stood
    one.clear(market)


def business_worth(cells: Cells, pairing: Pairing) -> Array | None:
    """What businesses handed over are worth to both sides, [X, L] USD m; None without any.

    What the business brings leaves the seller's trend of profit, what the buyer expects of it
    joins the buyer's, and both are capitalised as companies are: what is lost by the highest
    multiple of both and what is won by the lowest, and for no more than the seller loses, so that
    no business is worth more by being passed on.
    """
    if cells.given(Extra.BUSINESS) is None:
        return None
    facts, ruleset = pairing.facts, pairing.ruleset
    multiple = np.maximum(np.take(profit_multiple(ruleset, facts.turn), cells.who), 0.0)
    natural = natural_multiple(ruleset.rules)
    high = np.maximum(multiple.max(axis=0), natural)
    low = np.minimum(multiple.min(axis=0), natural)
    if facts.lines is None:
        outside = np.take(ruleset.overhead - ruleset.other_profit, cells.who)
        trend = pairing.contribution - outside
    else:
        trend = facts.of(facts.lines.trend, cells.who, cells)
    out = np.zeros(cells.cash.shape)
    for side in (0, 1):
        if facts.lines is None:
            given, got = _by_revenue(cells, pairing, side)
        else:
            given, got = _by_books(cells, facts.lines, facts, side, ruleset)
        lost = -_step(trend[side], -given, low, high, ruleset.rules)
        out[side] -= lost
        out[1 - side] += np.minimum(_step(trend[1 - side], got, low, high, ruleset.rules), lost)
    return out


def business_credit(cells: Cells, pairing: Pairing) -> Array:
    """What those who hand over businesses lose of what lenders add to a firm short of cash, for
    they lend on sales: [X, L] USD m, at most nothing."""
    facts, rules = pairing.facts, pairing.ruleset.rules
    markets, worlds = facts.units.shape[1:]
    step = np.arange(markets)[:, None] * worlds + cells.lane
    out = np.zeros(cells.cash.shape)
    for side in (0, 1):
        named = named_markets(cells.extra[side, Extra.BUSINESS], pairing.ruleset).T
        sales = _revenue(facts.units, facts.price, cells.who[side], step) * named
        out[side] = -LENT_ON * rules.credit_quarters * sales.sum(axis=0)
    return np.maximum(out, -pairing.credit)


def _by_books(
    cells: Cells, lines: LineFacts, facts: DealFacts, side: int, ruleset: Ruleset
) -> tuple[Array, Array]:
    """(what a side's business brings it, what the other expects of it), [L] USD m a quarter: as
    they will stand in the books."""
    given, got = np.zeros((2, cells.size))
    named = named_markets(cells.extra[side, Extra.BUSINESS], ruleset)
    cell, market = np.nonzero(named & lines.on_sale[cells.who[side], :, cells.lane])
    if not cell.size:
        return given, got
    me, buyer, lane = cells.who[side, cell], cells.who[1 - side, cell], cells.lane[cell]
    mine, theirs = (me, market, lane), (buyer, market, lane)
    dollar = 1.0 if lines.dollar is None else lines.dollar[market, lane]
    base, there = ruleset.cost_base, lines.on_sale[theirs]
    ratio = np.divide(
        base[buyer, market], base[me, market], out=np.ones(cell.size), where=base[me, market] > 0.0
    )
    cost = lines.unit_cost[mine]
    fixed = [fixed_cost(ruleset, *at) for at in zip(me.tolist(), market.tolist(), strict=True)]
    earned = earned_by_buyer(
        lines.contribution[mine] / dollar, facts.units[mine], facts.price[mine], cost,
        facts.price[theirs], np.where(there, lines.unit_cost[theirs], cost * ratio), there,
        np.array(fixed), ENTRANT_FIXED * ruleset.licence[market], ruleset.rules.line_kept,
    )  # fmt: skip
    np.add.at(given, cell, lines.contribution[mine])
    np.add.at(got, cell, earned * dollar)
    return given, got


def _by_revenue(cells: Cells, pairing: Pairing, side: int) -> tuple[Array, Array]:
    """As :func:`_by_books`, by who does not see the books: by the part of revenue."""
    facts, ruleset = pairing.facts, pairing.ruleset
    markets, worlds = facts.units.shape[1:]
    step = np.arange(markets)[:, None] * worlds + cells.lane
    named = named_markets(cells.extra[side, Extra.BUSINESS], ruleset).T
    revenue, there = (
        _revenue(facts.units, facts.price, cells.who[who], step) for who in (side, 1 - side)
    )
    part = pairing.contribution[side] * revenue * named / np.maximum(revenue.sum(axis=0), _TINY)
    kept = np.where(there > 0.0, ruleset.rules.line_kept, 1.0)
    return part.sum(axis=0), (part * kept).sum(axis=0)


def _step(profit: Array, more: Array, low: Array, high: Array, rules: Rules) -> Array:
    """What so much more profit a quarter adds to the worth of a company, gains by the low and
    losses by the high multiple: [L] USD m."""
    multiple = np.where(more > 0.0, low, high)
    return capitalised(profit + more, multiple, rules) - capitalised(profit, multiple, rules)


def _revenue(units: Array, price: Array, who: Ints, step: Ints) -> Array:
    """Revenue by market of one company of each cell: [M, L]."""
    worlds_and_markets = units.shape[1] * units.shape[2]
    place = who * worlds_and_markets + step
    return np.asarray(units.reshape(-1).take(place) * price.reshape(-1).take(place))
