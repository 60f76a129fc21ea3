"""What a fund brings that is spent on a business beyond its usual spending."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array

ELASTICITY = 0.24
"""Of sales in spending on them, in the long run."""
_TINY = 1e-12


def best_fund(
    profit: Array | float, spending: Array | float, elasticity: float = ELASTICITY
) -> Array:
    """The fund whose last dollar brings a dollar: USD m a quarter, below 0 where less should be
    spent than is.

    Args:
        as in :func:`fund_return`, whose slope is one there.
    """
    spending = np.asarray(spending, float)
    base = np.maximum(spending, _TINY)
    earned = np.maximum(np.asarray(profit, float) + spending, 0.0)
    best: Array = base * ((elasticity * earned / base) ** (1.0 / (1.0 - elasticity)) - 1.0)
    return best


def fund_return(
    fund: Array | float,
    profit: Array | float,
    spending: Array | float,
    elasticity: float = ELASTICITY,
) -> Array:
    """Profit that a fund adds to a business a quarter, before what the fund itself costs.

    Sales grow with a power of the spending on them, and what is earned before spending with
    sales. As far as it spends any itself, the host may put the fund in the place of its own money.

    Args:
        fund, spending: USD m a quarter, at least 0: of the fund, and what is usually spent.
        profit: USD m a quarter after the usual spending.
        elasticity: of sales in spending, 0..1.

    Returns:
        USD m a quarter, in the broadcast shape.

    Source: constant elasticity; 0.24 in the long run, Sethuraman, Tellis and Briesch (2011).
    """
    fund, spending = np.asarray(fund, float), np.asarray(spending, float)
    base = np.maximum(spending, _TINY)
    earned = np.maximum(np.asarray(profit, float) + spending, 0.0)
    # on top goes what brings more than it costs; the rest stands in for the host's own money
    best = best_fund(profit, spending, elasticity)
    on_top = np.clip(best, np.maximum(fund - spending, 0.0), fund)
    grown = (1.0 + on_top / base) ** elasticity - 1.0
    adds = np.where(spending > 0.0, earned * grown, 0.0)
    return np.asarray(fund - on_top + adds)
