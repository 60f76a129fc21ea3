"""What a small step of a company's own levers would bring now, by the turn's own law."""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import OFFLINE, ONLINE
from game.play import supply
from game.play.explain.causes import Cause, Key, Measure
from game.play.explain.inputs import MarketInputs, lines_of, market_inputs
from game.play.explain.market_game import MarketGame, Switches
from game.play.explain.watch import Watched

POINT = 0.01
UTIL = 0.1
DEAR, DOLLAR, DIME = 10.0, 1.0, 0.1
"""Above so many dollars a step of the price is a dollar, below a dime."""


OF_SALES = (Measure.SHARE, Measure.UNITS, Measure.PROFIT, Measure.REVENUE)


@dataclasses.dataclass(frozen=True)
class Slope:
    """A step of one lever, all else as it is."""

    cause: Cause
    step: float
    """A fraction of coverage, USD off the price, or utils."""
    amount: float
    """What it brings, in the unit of the measure."""


def slopes(
    seen: Watched, measure: Measure, company: int, market: int, lane: int = 0
) -> tuple[Slope, ...]:
    """Finite differences of share, units or contribution in a market at this quarter's figures.

    Rivals' prices stand as they are. Empty where the company does not sell or the measure is
    none of these.
    """
    companies = lines_of((seen,), market, lane)
    if measure not in OF_SALES or company not in companies:
        return ()
    here = market_inputs(seen, market, lane, companies, company)
    row = int(np.flatnonzero(companies == company)[0])
    found = []
    for cause, step, moved in _steps(here, row):
        game = MarketGame(seen.ruleset, market, companies, company, here, moved)
        on = Switches({Key(cause): np.array([False, True])}, 2)
        ends = game.payoff(measure, on)
        found.append(Slope(cause, step, float(ends[1] - ends[0])))
    return tuple(found)


def sold_out(seen: Watched, company: int, market: int, lane: int = 0) -> bool:
    """Whether more buyers would bring no sale."""
    at = company, market, lane
    limited = market in supply.limited(seen.ruleset)
    return limited and bool(seen.quarter.wanted[at] > seen.late.capacity[at])


def _steps(here: MarketInputs, row: int) -> list[tuple[Cause, float, MarketInputs]]:
    """Levers, their steps, and the inputs after each."""
    cheaper = DOLLAR if here.price[row] >= DEAR else DIME
    price = here.price.copy()
    price[row] -= cheaper
    found = [(Cause.PRICE, cheaper, dataclasses.replace(here, price=price))]
    quality = here.utility[Cause.QUALITY].copy()
    quality[row] += UTIL
    utility = {**here.utility, Cause.QUALITY: quality}
    found.append((Cause.QUALITY, UTIL, dataclasses.replace(here, utility=utility)))
    for cause, channel in ((Cause.ONLINE, ONLINE), (Cause.OFFLINE, OFFLINE)):
        if here.channel[channel] > 0.0 and here.covered[row, channel] + POINT <= 1.0:
            coverage = here.coverage.copy()
            coverage[row, channel] += POINT
            found.append((cause, POINT, dataclasses.replace(here, coverage=coverage)))
    return found
