"""Answers: share, units, price, profit, cash and value of a company, against the quarter before.

before, after = watch(states[0], ruleset, orders[0]), watch(states[1], ruleset, orders[1])
explain(before, after, Measure.SHARE, company, market).parts
"""

from __future__ import annotations

import copy
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
from game.play.explain.doors import door_parts
from game.play.explain.eyes import closed_to, veiled
from game.play.explain.facts import fact_of
from game.play.explain.inputs import lines_of, market_inputs, rates
from game.play.explain.lent import bounties_of, charges_of, missed, pledges_to
from game.play.explain.market_game import MarketGame, Switches
from game.play.explain.purse import debt_parts
from game.play.explain.shared import MOST_LANES, Shared, share_out
from game.play.explain.watch import Watched
from game.play.explain.worth import quote_parts, value_parts
from game.play.phases_money import fixed_costs
from game.play.report import PROFIT_LINES, Line

SPENT = ((Line.RESEARCH, PRODUCT), (Line.REACH, REACH), (Line.BRAND, BRAND))
IN_MARKETS = frozenset({Line.REVENUE, Line.COST_OF_SALES, Line.FIXED} | {line for line, _ in SPENT})
PLEDGED = frozenset({Line.PLEDGE_INCOME, Line.PLEDGE_COST, Line.BOUNTY_INCOME, Line.BOUNTY_COST})
LEAST_LANES = 1 << 10
MILLION = 1e6
UNSEEN_FROM = 1e-12
"""What the eyes miss is nothing up to it."""


def explain(
    before: Watched | None,
    after: Watched,
    measure: Measure,
    company: int,
    market: int = -1,
    lane: int = 0,
    seat: int | None = None,
) -> Explanation:
    """What changed in a quarter, and by which cause, exactly.

    Args:
        before: the quarter before, of the same world; None when there was none.
        after: the quarter explained.
        company: whose figure. market: index, -1 for the whole company. lane: world in the block.
        seat: through whose eyes. Pledges then count by the efforts that it was told of, others'
            secrets as unmoved, and what that misses is a part of its own. None sees everything.

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
    if measure in (Measure.CASH, Measure.DEBT):
        return _stock(after, measure, company, lane)
    if before is None:
        return _nothing_before(after, measure, company, market, lane)
    if before.turn + 1 != after.turn:
        raise RuleError(f"quarters {before.turn} and {after.turn} do not follow", "explain")
    old, new = (figure(seen, measure, company, market, lane) for seen in (before, after))
    if math.isnan(old) or math.isnan(new):
        return Explanation(measure, company, market, after.turn, old, new, (), 0)
    parts, lanes = _parts(Pair(before, after, company, lane, seat), measure, market)
    return _whole(Explanation(measure, company, market, after.turn, old, new, tuple(parts), lanes))


def _parts(pair: Pair, measure: Measure, market: int) -> tuple[list[Part], int]:
    """What moved a figure, and how many coalitions it took to say so."""
    if measure in (Measure.PROFIT, Measure.REVENUE):
        sold = _sold_in(pair.both, pair.company, pair.lane)
        parts, lanes = _markets(pair, measure, [market] if market >= 0 else sold)
        whole = market < 0 and measure == Measure.PROFIT
        return (parts + _company_lines(pair) if whole else parts), lanes
    if measure == Measure.DOORS:
        return door_parts(pair.before, pair.after, pair.company, pair.lane, pair.seat), 0
    if measure in (Measure.VALUE, Measure.QUOTE):
        worth = value_parts if measure == Measure.VALUE else quote_parts
        shared = worth(pair.before, pair.after, pair.company, pair.lane)
    else:
        shared = market_parts(pair, measure, market)
    return list(shared.parts), shared.lanes


@dataclasses.dataclass(frozen=True)
class Pair:
    """Two quarters of a company in a world, and whose eyes look at them."""

    before: Watched
    after: Watched
    company: int
    lane: int
    seat: int | None = None

    @property
    def both(self) -> tuple[Watched, Watched]:
        """The quarters."""
        return self.before, self.after


def figure(seen: Watched, measure: Measure, company: int, market: int, lane: int) -> float:
    """The turn's own figure of a quarter; nan for a price of what is not on sale.

    Sales are those of the quarter, whoever was wound up at its end.
    """
    state, sold = seen.after, seen.closed
    if market < 0:
        if measure == Measure.PROFIT:
            return float(seen.quarter.lines[PROFIT_LINES, company, lane].sum())
        if measure == Measure.REVENUE:
            return float(seen.quarter.lines[Line.REVENUE, company, lane])
        unit = MILLION if measure == Measure.QUOTE else 1.0
        return unit * float(getattr(state, measure.name.lower())[company, lane])
    at = company, market, lane
    if measure == Measure.PRICE:
        return float(seen.quarter.price[at]) if macro.selling(seen.late)[at] else math.nan
    if measure == Measure.SHARE:
        total = sold.units[:, market, lane].sum() + sold.fringe_units[market, lane]
        return float(sold.units[at] / total) if total > 0.0 else 0.0
    name = {Measure.PROFIT: "contribution", Measure.REVENUE: "revenue"}.get(measure, "units")
    return float(getattr(sold, name)[at])


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


def market_parts(pair: Pair, measure: Measure, market: int, budget: int = MOST_LANES) -> Shared:
    """What moved a figure that one market makes."""
    game = market_game(pair, market)
    if game is None:
        return Shared((), 0.0, 0.0, 0)
    shared = share_out(lambda on: game.payoff(measure, on), game.keys(measure), budget)
    closed = closed_to(pair.after, game.companies, pair.lane, pair.seat)
    parts = [
        dataclasses.replace(
            part, market=market, fact=None if part.merged else fact_of(game, part.key, closed)
        )
        for part in shared.parts
    ]
    if pair.seat is not None:
        parts += _unseen(pair, measure, market, game)
    return dataclasses.replace(shared, parts=tuple(parts))


def _unseen(pair: Pair, measure: Measure, market: int, game: MarketGame) -> list[Part]:
    """What the market did besides, by causes that the seat cannot see."""
    truth = market_game(dataclasses.replace(pair, seat=None), market)
    assert truth is not None
    both = np.array([False, True])
    ends = [
        one.payoff(measure, Switches(dict.fromkeys(one.keys(measure), both), 2))
        for one in (game, game.lucky(), truth)
    ]
    told, lucky, whole = (float(end[1] - end[0]) for end in ends)
    least = UNSEEN_FROM * max(1.0, abs(float(ends[2][0])))
    found = [(Cause.LUCK, lucky - told), (Cause.UNSEEN, whole - lucky)]
    return [Part(Key(cause), moved, market) for cause, moved in found if abs(moved) > least]


def market_game(pair: Pair, market: int) -> MarketGame | None:
    """A market in two quarters as a game of its causes; None where the company does not sell."""
    company, lane, seat = pair.company, pair.lane, pair.seat
    companies = lines_of(pair.both, market, lane)
    if company not in companies:
        return None
    before, after = (
        market_inputs(seen, market, lane, companies, company, seat, fresh=seen is pair.after)
        for seen in pair.both
    )
    if seat is not None:  # what was not seen of the past is in the share that everybody saw
        truth = pledges_to(pair.before, company, lane)
        gap = missed({key: one.at(market) for key, one in truth.items()}, before.pledges)
        gap = dataclasses.replace(gap, appeal=gap.appeal + before.unheard)
        before, after = (
            dataclasses.replace(one, pledges={**one.pledges, Key(Cause.UNSEEN): gap})
            for one in (before, after)
        )
    veil = veiled(pair.after, company, lane, seat)
    return MarketGame(pair.after.ruleset, market, companies, company, before, after, veil)


def _markets(pair: Pair, measure: Measure, markets: list[int]) -> tuple[list[Part], int]:
    """Revenue of markets by cause; for the contribution their costs besides."""
    parts: list[Part] = []
    lanes = 0
    budget = max(MOST_LANES // max(len(markets), 1), LEAST_LANES)
    for market in markets:
        shared = market_parts(pair, measure, market, budget)
        parts += shared.parts
        lanes += shared.lanes
        if measure == Measure.PROFIT:
            parts += _costs(pair, market)
    return parts, lanes


def _costs(pair: Pair, market: int) -> list[Part]:
    """Spending and fixed cost in a market."""
    company, lane = pair.company, pair.lane
    spent = [seen.quarter.spend[company, :, market, lane] for seen in pair.both]
    fixed = [float(_fixed(seen)[company, market, lane]) for seen in pair.both]
    costs = [(line, spent[0][lever], spent[1][lever]) for line, lever in SPENT]
    costs.append((Line.FIXED, fixed[0], fixed[1]))
    exchange = [float(rates(seen, lane)[1][market]) for seen in pair.both]
    return [
        part
        for line, old, new in costs
        for part in _spent(line, (float(old), float(new)), (exchange[0], exchange[1]), market)
    ]


def _fixed(seen: Watched) -> Array:
    """Fixed cost of every product line: [N, M, W] USD m."""
    quarter = copy.copy(seen.quarter)
    quarter.state = seen.closed  # before what failed was sold
    return quarter.product_lines.scatter(fixed_costs(quarter, quarter.product_lines))


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


def _company_lines(pair: Pair) -> list[Part]:
    """Lines of the books that no market makes; pledges by name."""
    company, lane = pair.company, pair.lane
    books = [seen.quarter.lines[:, company, lane] for seen in pair.both]
    parts = []
    for line in list(Line)[PROFIT_LINES]:
        if line not in IN_MARKETS | PLEDGED:
            parts.append(
                Part(Key(Cause.LINE, kind=int(line)), float(books[1][line] - books[0][line]))
            )
    incomes = [pledges_to(seen, company, lane, pair.seat) for seen in pair.both]
    income = [{key: lent.income for key, lent in found.items()} for found in incomes]
    charge = [charges_of(seen, company, lane) for seen in pair.both]
    bounty = [bounties_of(seen, company, lane) for seen in pair.both]
    for sign, (old, new) in ((1.0, income), (-1.0, charge), (1.0, bounty)):
        parts += [
            Part(key, sign * (new.get(key, 0.0) - old.get(key, 0.0)))
            for key in sorted(old.keys() | new.keys())
        ]
    if pair.seat is not None:
        got = float(books[1][Line.PLEDGE_INCOME] - books[0][Line.PLEDGE_INCOME])
        missed = got - sum(
            sum(one.values()) * sign for one, sign in zip(income, (-1, 1), strict=True)
        )
        parts.append(Part(Key(Cause.UNSEEN), missed if abs(missed) > UNSEEN_FROM else 0.0))
    return [part for part in parts if part.amount]


def _stock(after: Watched, measure: Measure, company: int, lane: int) -> Explanation:
    """Cash is what it was and every line of the books; debt what was borrowed, less what went."""
    name = measure.name.lower()
    old, new = (float(getattr(one, name)[company, lane]) for one in (after.start, after.after))
    if measure == Measure.CASH:
        books: Array = after.quarter.lines[:, company, lane]
        parts = [Part(Key(Cause.LINE, kind=int(line)), float(books[line])) for line in Line]
        parts = [part for part in parts if part.amount]
    else:
        parts = debt_parts(after, company, lane)
    return _whole(Explanation(measure, company, -1, after.turn, old, new, tuple(parts), 0))
