"""What befalls everybody: exchange rates and shocks that revert, and what buyers are paid."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array


def reverting_next(
    level: Array, draws: Array, *, reversion: Array | float, sd: Array | float
) -> Array:
    """A log deviation a quarter later: (1 - reversion) level + sd draws.

    Args:
        level: [..., W] log. draws: standard normal, of the same shape.
        reversion: part that is lost in a quarter, 0 to 1. sd: log a quarter.

    Returns:
        Log, in the shape of ``level``. Its own s.d. tends to sd / sqrt(1 - (1 - reversion)^2).

    Source: the discrete Ornstein-Uhlenbeck process; for exchange rates Meese and Rogoff (1983),
        who find slow reversion at most.
    """
    kept = (1.0 - np.asarray(reversion, float)) * np.asarray(level, float)
    return np.asarray(kept + np.asarray(sd, float) * np.asarray(draws, float))


def cost_at_market(cost: Array, home: Array, market: Array, in_dollars: Array | float) -> Array:
    """Unit cost in the money of the market where the unit is sold, at the start's rate.

    A part of the cost is paid in dollars, the rest in the maker's money; both are counted in
    what the market's money was worth at the start.

    Args:
        cost: [...] USD a unit at the start's rates.
        home: [...] log value of the maker's money against the dollar since the start.
        market: [...] the same of the market's money.
        in_dollars: part of the cost, 0 to 1.

    Returns:
        cost x (in_dollars + (1 - in_dollars) e^home) e^-market. The unit of ``cost``.
    """
    in_dollars = np.asarray(in_dollars, float)
    paid = (1.0 - in_dollars) * np.exp(home) + in_dollars
    return np.asarray(cost * paid * np.exp(np.negative(market)))


def to_dollars(amount: Array, market: Array) -> Array:
    """Money of a market counted at the start's rate, in dollars of now: amount x e^market."""
    return np.asarray(amount * np.exp(market))


def relief(subsidy: Array, cost: Array, most: float = 0.5) -> Array:
    """What a buyer is spared of the price: the subsidy, at most a part of the unit cost.

    Args:
        subsidy: [...] USD a unit; negative where the buyer pays a duty on top.
        cost: [...] USD a unit.
        most: part of the cost, so that nobody is paid to buy.

    Returns:
        USD a unit.
    """
    return np.asarray(np.minimum(subsidy, np.multiply(most, cost)))
