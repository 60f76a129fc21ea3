"""Holdings in the books: at cost, by the equity method, consolidated."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from game.core.axes import AnyArray, Array, Bools
from game.finance.linear import solve_leontief

INFLUENCE = 0.20
CONTROL = 0.50


class EquityMethod(NamedTuple):
    """What holdings do to their holders' books in a period, each [N, N, ...], holder by issuer."""

    profit: Array
    """USD m of the associate's profit in the holder's: reported, no cash."""
    dividends: Array
    """USD m of dividends that count as income: of holdings at cost alone."""
    carrying: Array
    """USD m at which the holding stands afterwards."""


def influences(stake: AnyArray, influence: float = INFLUENCE, control: float = CONTROL) -> Bools:
    """Holdings carried by the equity method: from a fifth up to control. The shape of ``stake``.

    Args:
        stake: fractions. influence: from it on. control: beyond it a holding is consolidated;
            any shape that broadcasts.
    """
    stake = np.asarray(stake, float)
    return np.asarray((stake >= influence) & (stake <= control))


def equity_method(
    stake: AnyArray,
    profit: AnyArray,
    dividends: AnyArray,
    carrying: AnyArray,
    influence: float = INFLUENCE,
    control: AnyArray | float = CONTROL,
) -> EquityMethod:
    """An associate's profit counts as it is earned, its dividends as money back.

    From ``influence`` to ``control`` the holder takes up its part of the profit and dividends
    lower the carrying amount; below, the holding stands at cost and dividends are income; above,
    the issuer is consolidated and nothing is entered here. Losses are taken up until the carrying
    amount is used up, and profits afterwards make up for nothing that was not taken up.

    Args:
        stake: [N, N, ...] fractions, holder by issuer. profit: [N, ...] USD m after tax, of each
            issuer. dividends: [N, ...] USD m that each issuer paid to all its holders.
        carrying: [N, N, ...] USD m before. control: a number, or [N, ...] by issuer.

    Source: IAS 28, equity method.
    """
    stake, carrying = np.asarray(stake, float), np.asarray(carrying, float)
    most = np.asarray(control, float)
    associate = (stake >= influence) & (stake <= most)
    paid = stake * np.asarray(dividends, float)
    part = np.where(associate, stake * np.asarray(profit, float), 0.0)
    part = np.maximum(part, np.where(associate, -np.maximum(carrying, 0.0), 0.0))
    after = carrying + part - np.where(associate, paid, 0.0)
    after = np.where(associate, np.maximum(after, 0.0), after)
    income = np.where(stake < influence, paid, 0.0)
    return EquityMethod(np.asarray(part), np.asarray(income), np.asarray(after))


def reported_profits(
    profit: AnyArray,
    stake: AnyArray,
    influence: float = INFLUENCE,
    control: float = CONTROL,
) -> Array:
    """Profits with those of associates in them, through chains: x = profit + A x.

    Counts twice what is earned once, as reports do: never part of fundamental value.

    Args:
        profit: [N, ...] USD m of each company itself. stake: [N, N, ...] fractions.

    Returns:
        [N, ...] USD m.

    Source: IAS 28.
    """
    stake = np.asarray(stake, float)
    held = np.where(influences(stake, influence, control), stake, 0.0)
    return solve_leontief(held, np.asarray(profit, float))


def minority_interest(
    stake: AnyArray, profit: AnyArray, control: AnyArray | float = CONTROL
) -> Array:
    """Part of a consolidated company's profit that is its other holders': [N, N, ...] USD m.

    Args:
        stake: [N, N, ...] fractions. profit: [N, ...] USD m.

    Source: IFRS 10, non-controlling interest.
    """
    stake = np.asarray(stake, float)
    return np.where(stake > control, (1.0 - stake) * np.asarray(profit, float), 0.0)
