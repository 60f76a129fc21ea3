"""What a seat does with its rights: options are used when they pay and are about to end."""

from __future__ import annotations

import numpy as np

from game.play.orders import Exercise, Orders
from game.policies.desk import Desk

LAST = 1
"""Quarters left in which an option is decided on: waiting costs nothing before."""
GAIN = 1.0
"""Worth of a share over the option's price from which it is used."""


def use_rights(orders: Orders, desk: Desk) -> None:
    """Write the options and conversions that the seats use into the orders."""
    _use_options(orders, desk)
    _convert(orders, desk)


def _convert(orders: Orders, desk: Desk) -> None:
    """Loans become shares in the quarter in which they are due, if these are worth more."""
    view = desk.view
    if not view.loan_price.any():
        return
    row = np.full(view.loan_due.shape[0], -1)
    row[desk.seats] = np.arange(len(desk.seats))
    open_ = (view.loan_price > 0.0) & (view.loan_due == view.turn) & (row >= 0)[None, :, None]
    debtor, creditor, lane = np.nonzero(open_)
    if not debtor.size:
        return
    owed = view.loan_owed[debtor, creditor, lane]
    count = np.floor(owed / view.loan_price[debtor, creditor, lane].astype(float))
    total = np.maximum(view.shares_total[debtor, lane], 1)
    worth = (view.value_guess[row[creditor], debtor, lane] + owed) * count / (total + count)
    used = worth > GAIN * owed
    orders.exercise[creditor[used], debtor[used], lane[used]] |= np.int8(Exercise.CONVERT)


def _use_options(orders: Orders, desk: Desk) -> None:
    """Write the options that the seats use into the orders.

    A right to buy is worth keeping to its end; then it is used if the shares are worth more than
    they cost by what the seat knows, and its cash reaches beyond what it keeps for safety.
    """
    view = desk.view
    if not view.call_until.any():
        return
    row = np.full(view.call_until.shape[0], -1)
    row[desk.seats] = np.arange(len(desk.seats))
    ends = (view.call_until > view.turn) & (view.call_until - view.turn <= LAST)
    holder, issuer, lane = np.nonzero(ends & (row >= 0)[:, None, None])
    if not holder.size:
        return
    mine = row[holder]
    count = view.call_shares[holder, issuer, lane]
    price = count * view.call_price[holder, issuer, lane].astype(float)
    total = np.maximum(view.shares_total[issuer, lane], 1)
    worth = (view.value_guess[mine, issuer, lane] + price) * count / (total + count)
    room = desk.cash[mine, lane] - desk.safety[mine, lane]
    used = (worth > GAIN * price) & (room >= price)
    orders.exercise[holder[used], issuer[used], lane[used]] |= np.int8(Exercise.CALL)
