"""Accounts: money moves between named accounts, and nothing is made on the way."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from game.core.axes import Array, Bools


def after_tax(profit: Array, tax: Array | float) -> Array:
    """Profit after tax; losses are not taxed. The shape and unit of ``profit``."""
    return np.asarray(profit - tax * np.maximum(profit, 0.0))


def interest(
    cash: Array, debt: Array, lending_rate: Array | float, deposit_rate: Array | float
) -> Array:
    """Net interest of a quarter: what cash brings less what debt costs. USD m, any shape."""
    return np.asarray(deposit_rate * np.maximum(cash, 0.0) - lending_rate * np.asarray(debt))


def transfers(balances: Array, payments: Array) -> Array:
    """Balances after every payment was made at once.

    Args:
        balances: [N, ...] USD m. payments: [N, N, ...] from the row to the column, USD m.

    Returns:
        [N, ...]; the sum over accounts is the sum before, to rounding.
    """
    payments = np.asarray(payments, float)
    return np.asarray(balances - payments.sum(axis=1) + payments.sum(axis=0))


class Funding(NamedTuple):
    """Cash and debt after a shortfall was covered as far as lenders go. Each any shape, USD m."""

    cash: Array
    debt: Array
    drawn: Array
    """New debt this quarter."""
    missing: Array
    """What nobody lends: above zero it is a default."""

    def defaulted(self) -> Bools:
        """Companies that cannot pay."""
        return np.asarray(self.missing > 0.0)


def cover_shortfall(cash: Array, debt: Array, line: Array) -> Funding:
    """Draw on the credit line where cash fell below zero.

    Args:
        cash: USD m, may be below zero. debt: USD m. line: most debt that lenders allow, USD m.

    Returns:
        Funding; cash + missing - drawn is the cash before, debt - drawn the debt before.
    """
    short = np.maximum(-np.asarray(cash, float), 0.0)
    drawn = np.minimum(short, np.maximum(np.subtract(line, debt), 0.0))
    missing = short - drawn
    return Funding(cash=cash + short, debt=debt + drawn, drawn=drawn, missing=missing)


def repay(cash: Array, debt: Array, keep: Array | float = 0.0) -> tuple[Array, Array]:
    """Pay debt back from cash above ``keep``: (cash, debt) afterwards, USD m."""
    paid = np.minimum(np.maximum(np.subtract(cash, keep), 0.0), debt)
    return np.asarray(cash - paid), np.asarray(debt - paid)
