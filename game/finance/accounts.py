"""Accounts: money moves between named accounts, and nothing is made on the way."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from game.core.axes import Array, Bools, any_over
from game.finance.ownership import book_values


def after_tax(profit: Array, tax: Array | float) -> Array:
    """Profit after tax; losses are not taxed. The shape and unit of ``profit``."""
    return np.asarray(profit - tax * np.maximum(profit, 0.0))


def losses_used(losses: Array, profit: Array) -> tuple[Array, Array]:
    """Losses of earlier quarters set against a profit, the oldest first.

    Args:
        losses: [..., G, W] USD m, by age in years, at least 0. profit: [..., W] USD m before tax; a
            loss is carried forward as this year's.

    Returns:
        (used [..., W], left [..., G, W]) USD m.
    """
    left, profit = np.array(losses, float), np.asarray(profit, float)
    open_ = np.maximum(profit, 0.0)
    taxable = open_.copy()
    for age in reversed(range(left.shape[-2])):
        taken = np.minimum(left[..., age, :], open_)
        left[..., age, :] -= taken
        open_ = open_ - taken
    left[..., 0, :] += np.maximum(-profit, 0.0)
    return np.asarray(taxable - open_), left


def losses_aged(losses: Array) -> Array:
    """Losses as a new year begins: [..., G, W] by age; the oldest can be used no more.

    A single age keeps its losses for ever.
    """
    losses = np.asarray(losses, float)
    if losses.shape[-2] == 1:
        return losses
    aged = np.zeros(losses.shape)
    aged[..., 1:, :] = losses[..., :-1, :]
    return aged


def interest(
    cash: Array, debt: Array, lending_rate: Array | float, deposit_rate: Array | float
) -> Array:
    """Net interest of a quarter: what cash brings less what debt costs. USD m, any shape."""
    return np.asarray(deposit_rate * np.maximum(cash, 0.0) - lending_rate * np.asarray(debt))


def associates_income(profit: Array, stakes: Array, carrying: Array, level: float) -> Array:
    """A holder's part in the profit of each company that it holds enough of: equity method.

    The issuer's profit counts with what its own associates earn, so that chains and rings are
    solved; a loss is taken until the holding stands at nothing.

    Args:
        profit: [N, W] USD m, net, without associates. stakes: [N, N, W] fractions, holder by
            issuer. carrying: [N, N, W] USD m, what the holdings stand at. level: smallest
            fraction, 0.2 by the standard.

    Returns:
        [N, N, W] USD m. What a ring of holdings adds to the profit of one is before such limits.

    Source: IAS 28, Investments in Associates and Joint Ventures.
    """
    stakes, carrying = np.asarray(stakes, float), np.asarray(carrying, float)
    found = np.zeros(stakes.shape)
    enough = stakes >= level
    pairs = any_over(enough.reshape(*stakes.shape[:2], -1), -1)
    who = np.flatnonzero(any_over(pairs, 0) | any_over(pairs, 1))
    if who.size:  # the others neither hold enough nor are held
        square = np.ix_(who, who)
        held = np.where(enough[square], stakes[square], 0.0)
        earned = held * book_values(np.asarray(profit, float)[who], held)
        found[square] = np.maximum(earned, -carrying[square])
    return found


def exchange_prices(net: Array, worth: Array) -> tuple[Array, Array]:
    """What the shares that change hands in a deal are priced at, so that both sides agree.

    Shares against cash stand at the cash. Where both sides give shares, the prices differ by the
    cash and are as close to the quotes as that allows. Where only the payer gives shares, they
    stand at the quote, and all is paid for something else.

    Args:
        net: [...] USD m, cash that side 0 pays on balance. worth: [X, ...] USD m at the quote of
            the shares that each side gives, at least 0.

    Returns:
        (price [X, ...] USD m of the shares that each side gives, other [...] USD m that side 0
        pays for what is no share; below 0 side 1 does).
    """
    net, worth = np.asarray(net, float), np.asarray(worth, float)
    gives = worth > 0.0
    both = gives[0] & gives[1]
    middle = 0.5 * worth.sum(axis=0)
    first = np.where(both, np.maximum(middle - 0.5 * net, np.maximum(-net, 0.0)), 0.0)
    second = np.where(both, first + net, 0.0)
    one, other = gives[0] & ~gives[1], gives[1] & ~gives[0]
    first = np.where(one, np.where(net < 0.0, -net, worth[0]), first)
    second = np.where(other, np.where(net > 0.0, net, worth[1]), second)
    return np.stack([first, second]), np.asarray(net + first - second)


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
