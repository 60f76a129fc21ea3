"""Answers: share, units, price, profit, cash and value of a company, against the quarter before.

before, after = watch(states[0], ruleset, orders[0]), watch(states[1], ruleset, orders[1])
explain(before, after, Measure.SHARE, company, market).parts
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from game.core.axes import BRAND, PRODUCT, REACH, Array
from game.core.errors import RuleError
from game.economy.macro import to_dollars
from game.play import macro
from game.play.explain.causes import (
    MAY_HAVE_MARKET,
    NEEDS_MARKET,
    Cause,
    Explanation,
    Key,
    Measure,
    Part,
)
from game.play.explain.facts import fact_of
from game.play.explain.inputs import lines_of, market_inputs, rates
from game.play.explain.lent import bounties_of, charges_of, pledges_to
from game.play.explain.market_game import MarketGame, Switches
from game.play.explain.shared import MOST_LANES, Shared, share_out
from game.play.explain.watch import Watched
from game.play.explain.worth import value_parts
from game.play.phases_money import fixed_costs
from game.play.report import PROFIT_LINES, Line

SPENT = ((Line.RESEARCH, PRODUCT), (Line.REACH, REACH), (Line.BRAND, BRAND))
IN_MARKETS = frozenset({Line.REVENUE, Line.COST_OF_SALES, Line.FIXED} | {line for line, _ in SPENT})
PLEDGED = frozenset({Line.PLEDGE_INCOME, Line.PLEDGE_COST, Line.BOUNTY_INCOME, Line.BOUNTY_COST})
LEAST_LANES = 1 << 10


def explain(
    before: Watched | None,
    after: Watched,
    measure: Measure,
    company: int,
    market: int = -1,
    lane: int = 0,
) -> Explanation:
    """What changed in a quarter, and by which cause, exactly.

    Args:
        before: the quarter before, of the same world; None when there was none.
        after: the quarter explained.
        company: whose figure. market: index, -1 for the whole company. lane: world in the block.

    Returns:
        Explanation; without parts, and with ``before`` nan, where there is nothing to compare:
        no quarter before, or a price of something that was not on sale.

    Raises:
        RuleError: a market is missing or too much, or the quarters do not follow one another.
    """
    if (market < 0 and measure in NEEDS_MARKET) or (market >= 0 and measure not in MAY_HAVE_MARKET):
        raise RuleError(f"{measure.name.lower()} and market {market} do not go together", "explain")
    if not after.start.active[lane]:
        raise RuleError("the game was over by then", "explain")
    if measure == Measure.CASH:
        return _cash(after, company, lane)
    if before is None:
        return _nothing_before(after, measure, company, market, lane)
    if before.turn + 1 != after.turn:
        raise RuleError(f"quarters {before.turn} and {after.turn} do not follow", "explain")
    old, new = (figure(seen, measure, company, market, lane) for seen in (before, after))
    if math.isnan(old) or math.isnan(new):
        return Explanation(measure, company, market, after.turn, old, new, (), 0)
    if measure == Measure.PROFIT:
        markets = [market] if market >= 0 else _sold_in((before, after), company, lane)
        parts, lanes = _profit(before, after, company, markets, lane)
        if market < 0:
            parts += _company_lines(before, after, company, lane)
    elif measure == Measure.VALUE:
        shared = value_parts(before, after, company, lane)
        parts, lanes = list(shared.parts), shared.lanes
    else:
        shared = _market(before, after, measure, company, market, lane)
        parts, lanes = list(shared.parts), shared.lanes
    return _whole(Explanation(measure, company, market, after.turn, old, new, tuple(parts), lanes))


def figure(seen: Watched, measure: Measure, company: int, market: int, lane: int) -> float:
    """The turn's own figure of a quarter; nan for a price of what is not on sale."""
    state, quarter = seen.after, seen.quarter
    if measure == Measure.CASH:
        return float(state.cash[company, lane])
    if measure == Measure.VALUE:
        return float(state.value[company, lane])
    if measure == Measure.PROFIT:
        if market >= 0:
            return float(state.contribution[company, market, lane])
        return float(quarter.lines[PROFIT_LINES, company, lane].sum())
    if measure == Measure.UNITS:
        return float(state.units[company, market, lane])
    if measure == Measure.PRICE:
        sold = macro.selling(seen.late)[company, market, lane]
        return float(quarter.price[company, market, lane]) if sold else math.nan
    total = state.units[:, market, lane].sum() + state.fringe_units[market, lane]
    return float(state.units[company, market, lane] / total) if total > 0.0 else 0.0


def _whole(found: Explanation) -> Explanation:
    """With what is missing to the change, beyond rounding, as a part of its own."""
    found = dataclasses.replace(found, parts=_together(found.parts))
    missing = found.change - sum(part.amount for part in found.parts)
    if abs(missing) <= 1e-11 * max(1.0, abs(found.before), abs(found.after)):
        return found
    return dataclasses.replace(found, parts=(*found.parts, Part(Key(Cause.OTHER), missing)))


def _together(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Parts of one cause in one market added up."""
    whole: dict[tuple[Key, int, tuple[Key, ...]], Part] = {}
    for part in parts:
        place = (part.key, part.market, part.merged)
        if place in whole:
            amount = whole[place].amount + part.amount
            part = dataclasses.replace(whole[place], amount=amount)
        whole[place] = part
    return tuple(whole.values())


def _nothing_before(
    after: Watched, measure: Measure, company: int, market: int, lane: int
) -> Explanation:
    end = figure(after, measure, company, market, lane)
    return Explanation(measure, company, market, after.turn, math.nan, end, (), 0)


def _sold_in(quarters: tuple[Watched, ...], company: int, lane: int) -> list[int]:
    sold = [seen.late.on_sale[company, :, lane] for seen in quarters]  # barred or not, it costs
    return [int(one) for one in np.flatnonzero(np.logical_or.reduce(sold))]


def _market(
    before: Watched,
    after: Watched,
    measure: Measure,
    company: int,
    market: int,
    lane: int,
    budget: int = MOST_LANES,
) -> Shared:
    """What moved a figure that one market makes."""
    game = market_game(before, after, company, market, lane)
    if game is None:
        return Shared((), 0.0, 0.0, 0)
    shared = share_out(lambda on: game.payoff(measure, on), game.keys(measure), budget)
    parts = tuple(
        dataclasses.replace(
            part, market=market, fact=None if part.merged else fact_of(game, part.key)
        )
        for part in shared.parts
    )
    return dataclasses.replace(shared, parts=parts)


def market_game(
    before: Watched, after: Watched, company: int, market: int, lane: int
) -> MarketGame | None:
    """A market in two quarters as a game of its causes; None where the company does not sell."""
    companies = lines_of((before, after), market, lane)
    if company not in companies:
        return None
    inputs = [market_inputs(seen, market, lane, companies, company) for seen in (before, after)]
    return MarketGame(after.ruleset, market, companies, company, inputs[0], inputs[1])


def _profit(
    before: Watched, after: Watched, company: int, markets: list[int], lane: int
) -> tuple[list[Part], int]:
    """Contribution of markets: margin on units by cause, spending and fixed cost."""
    parts: list[Part] = []
    lanes = 0
    budget = max(MOST_LANES // max(len(markets), 1), LEAST_LANES)
    fixed = [_fixed(seen)[company, :, lane] for seen in (before, after)]
    for market in markets:
        shared = _market(before, after, Measure.PROFIT, company, market, lane, budget)
        parts += shared.parts
        lanes += shared.lanes
        spent = [seen.quarter.spend[company, :, market, lane] for seen in (before, after)]
        costs = [(line, spent[0][lever], spent[1][lever]) for line, lever in SPENT]
        costs.append((Line.FIXED, fixed[0][market], fixed[1][market]))
        exchange = [float(rates(seen, lane)[1][market]) for seen in (before, after)]
        for line, old, new in costs:
            parts += _spent(line, (float(old), float(new)), (exchange[0], exchange[1]), market)
    return parts, lanes


def _fixed(seen: Watched) -> Array:
    """Fixed cost of every product line: [N, M, W] USD m."""
    lines = seen.quarter.product_lines
    return lines.scatter(fixed_costs(seen.quarter, lines))


def _spent(
    line: Line, costs: tuple[float, float], rate: tuple[float, float], market: int
) -> list[Part]:
    """Spending in a market's money, counted in dollars: what it moved, and what the rate did."""
    key, exchange = Key(Cause.LINE, kind=int(line)), Key(Cause.FX)
    keys = [key] * (costs[0] != costs[1]) + [exchange] * (rate[0] != rate[1])

    def dollars(on: Switches) -> Array:
        return -to_dollars(on.pick(key, *costs), on.pick(exchange, *rate))

    shared = share_out(dollars, keys) if any(costs) else Shared((), 0.0, 0.0, 0)
    return [dataclasses.replace(part, market=market) for part in shared.parts]


def _company_lines(before: Watched, after: Watched, company: int, lane: int) -> list[Part]:
    """Lines of the books that no market makes; pledges by name."""
    books = [seen.quarter.lines[:, company, lane] for seen in (before, after)]
    parts = []
    for line in list(Line)[PROFIT_LINES]:
        if line not in IN_MARKETS | PLEDGED:
            parts.append(
                Part(Key(Cause.LINE, kind=int(line)), float(books[1][line] - books[0][line]))
            )
    incomes = [pledges_to(seen, company, lane) for seen in (before, after)]
    income = [{key: lent.income for key, lent in found.items()} for found in incomes]
    charge = [charges_of(seen, company, lane) for seen in (before, after)]
    bounty = [bounties_of(seen, company, lane) for seen in (before, after)]
    for sign, (old, new) in ((1.0, income), (-1.0, charge), (1.0, bounty)):
        parts += [
            Part(key, sign * (new.get(key, 0.0) - old.get(key, 0.0)))
            for key in sorted(old.keys() | new.keys())
        ]
    return [part for part in parts if part.amount]


def _cash(after: Watched, company: int, lane: int) -> Explanation:
    """Cash is what it was and every line of the books."""
    books: Array = after.quarter.lines[:, company, lane]
    parts = tuple(
        Part(Key(Cause.LINE, kind=int(line)), float(books[line])) for line in Line if books[line]
    )
    old, new = (float(state.cash[company, lane]) for state in (after.start, after.after))
    return _whole(Explanation(Measure.CASH, company, -1, after.turn, old, new, parts, 0))
