"""Who can pay whom when debts are owed in a circle."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Bools
from game.finance.linear import solve_leontief

TOLERANCE = 1e-12


def clearing_payments(liabilities: Array, outside_assets: Array) -> Array:
    """The greatest payments that everybody can make, creditors of one debtor sharing by claims.

    Companies that cannot pay in full are found round by round; those who were counted on then
    fail in their turn, at most N rounds.

    Args:
        liabilities: [N, N, ...] what the row owes the column, at least 0.
        outside_assets: [N, ...] cash and what else can be paid with, at least 0.

    Returns:
        [N, ...] paid in all by each. Payments are at most what is owed, and at most what comes
        in and is there (absolute priority, limited liability).

    Source: Eisenberg and Noe (2001), the fictitious default sequence.
    """
    owed = np.asarray(liabilities, float)
    assets = np.asarray(outside_assets, float)
    due = owed.sum(axis=1)
    share = _shares(owed, due)
    failed = np.zeros(due.shape, bool)
    paid = due
    for _ in range(len(due)):
        room = assets + _received(share, paid)
        fails = failed | (room < due * (1.0 - TOLERANCE))
        if (fails == failed).all():
            break
        failed = fails
        paid = _paid_by(share, due, assets, failed)
    return np.asarray(np.minimum(paid, due))


def _shares(owed: Array, due: Array) -> Array:
    """Part of what the row pays that goes to the column."""
    owes = np.broadcast_to((due > 0.0)[:, None], owed.shape)
    return np.divide(owed, due[:, None], out=np.zeros_like(owed), where=owes)


def _received(share: Array, paid: Array) -> Array:
    return np.asarray((share * paid[:, None]).sum(axis=0))


def _paid_by(share: Array, due: Array, assets: Array, failed: Bools) -> Array:
    """Payments when these companies pay all they get and the others all they owe."""
    sure = np.where(failed, 0.0, due)
    source = np.where(failed, assets + _received(share, sure), sure)
    flow = np.where(failed[:, None] & failed[None], np.swapaxes(share, 0, 1), 0.0)
    return solve_leontief(flow, source)


def equity_after_clearing(liabilities: Array, outside_assets: Array, paid: Array) -> Array:
    """What is left to each company: assets and receipts less payments. [N, ...]

    Sums to the outside assets: clearing moves money and makes none.
    """
    owed = np.asarray(liabilities, float)
    share = _shares(owed, owed.sum(axis=1))
    return np.asarray(outside_assets + _received(share, paid) - paid)
