"""Whether the fitted prices are where firms would stay: best replies, global, and stable."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from game.core.axes import Array
from game.core.ruleset import Ruleset
from game.core.state import State
from game.scenario import calibrate
from game.scenario.fit import Finding, FirstQuarter, first_quarter, profit_weights

GRID = 160
CHEAPEST, DEAREST = 0.25, 4.0
"""Of the price: how far other prices are tried."""
BETTER = 1e-3
"""Relative gain in profit from which another price counts as better."""
OFF = 0.02
"""Relative distance from the best reply from which a price counts as off it."""


def check(ruleset: Ruleset, opening: State) -> list[Finding]:
    """Warnings on the pricing of every market."""
    quarter = first_quarter(ruleset, opening)
    found: list[Finding] = []
    for place in range(len(ruleset.markets)):
        rows = np.flatnonzero(opening.on_sale[:, place, 0]).tolist()
        if rows:
            found += _market(ruleset, opening, quarter, place, rows)
    return found


def _market(
    ruleset: Ruleset, opening: State, quarter: FirstQuarter, place: int, rows: list[int]
) -> Iterator[Finding]:
    alpha, weight = ruleset.alpha[place], ruleset.weight[place]
    price = opening.price[rows, place, 0]
    mean = quarter.mean[rows, place] + ruleset.appeal[rows, place]
    own = mean[:, None] + np.log(quarter.reach[rows, place])[:, None] - alpha * price[:, None]
    own = _with_fringe(ruleset, place, own)
    mix = opening.base_mix[rows, place, :, 0].astype(float)
    previous = calibrate.previous_of(
        quarter.brands[rows, place], mix, weight, float(quarter.most[place])
    )
    kinds = calibrate.kinds_of(alpha, weight, float(ruleset.loyalty[place]), previous, len(own))
    utility = np.tile(own, len(kinds.alpha) // len(alpha)) + kinds.bonus
    alpha, weight = kinds.alpha, kinds.weight
    cost = ruleset.cost_base[rows, place] * np.exp(-quarter.cheaper[rows, place])
    margin = price - cost + ruleset.service_value[rows, place]
    kappa = profit_weights(ruleset, opening, rows)
    radius = calibrate.price_map_radius(price, utility, margin, kappa, alpha, weight)
    if radius >= 1.0:
        what = f"prices run away from one another: radius of the price map {radius:.2f}"
        yield Finding(
            ("markets", ruleset.markets[place]), what, "below 1; smoother segments, such as spread"
        )
    for row, company in enumerate(rows):
        yield from _firm(
            ruleset, (company, place), row, (price, utility, margin, kappa, alpha, weight)
        )


def _with_fringe(ruleset: Ruleset, place: int, own: Array) -> Array:
    count = ruleset.fringe_count[place]
    if count <= 0.0:
        return own
    return np.vstack([own, ruleset.fringe_utility[place] + np.log(count)])


def _firm(
    ruleset: Ruleset, at: tuple[int, int], row: int, now: tuple[Array, ...]
) -> Iterator[Finding]:
    """A better price far away is a fault of the segments; a near one is a price off best reply."""
    price, utility, margin, kappa, alpha, weight = now
    grid = price[row] * np.exp(np.linspace(np.log(CHEAPEST), np.log(DEAREST), GRID))
    padded = np.pad(kappa, (0, len(utility) - len(price)))
    earned = np.pad(margin, (0, len(utility) - len(price)))
    prices = np.pad(price, (0, len(utility) - len(price)))
    profit = calibrate.profit_curve(row, prices, grid, utility, earned, padded, alpha, weight)
    here = calibrate.profit_curve(
        row, prices, price[[row]], utility, earned, padded, alpha, weight
    )[0]
    best = int(np.argmax(profit))
    gain = profit[best] - here
    if gain <= BETTER * max(abs(here), 1e-12) or abs(grid[best] / price[row] - 1.0) < OFF:
        return
    company, place = at
    uid, more = ruleset.companies[company].uid, 100 * gain / max(abs(here), 1e-12)
    loc = ("companies", company, "products", ruleset.markets[place], "price")
    what = f"{uid} would earn {more:.3g} % more at {grid[best]:.4g} USD than at {price[row]:.4g}"
    yield Finding(loc, what, "smoother segments such as spread, or unit_cost left out")
