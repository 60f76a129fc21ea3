"""Who can pay whom when debts are owed in a circle."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Bools, Ints
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
    owed, paid = np.asarray(liabilities, float), np.asarray(paid, float)
    share = _shares(owed, owed.sum(axis=1))
    return np.asarray(outside_assets + _received(share, paid) - paid)


def cleared_flows(due: Array, funds: Array) -> Array:
    """What every debtor pays every creditor when all debts due are settled at once.

    A company whose funds are below zero owes that to somebody outside, who ranks with the
    companies. Only lanes in which somebody is short are solved.

    Args:
        due: [N, N, W] or [N, N] USD m, what the row owes the column now. funds: [N, W] or [N]
            USD m, cash and credit that there is, receipts apart.

    Returns:
        USD m from the row to the column, in the shape of ``due``.

    Source: Eisenberg and Noe (2001); the outside creditor is a node that owes nothing.
    """
    due, funds = np.asarray(due, float), np.asarray(funds, float)
    if due.ndim == 2:
        return cleared_flows(due[..., None], funds[..., None])[..., 0]
    owed = due.sum(axis=1)
    short = np.flatnonzero(((owed > funds) & (owed > 0.0)).any(axis=0))
    flows = due.copy()
    if not short.size:
        return flows
    lanes = np.repeat(short, 2) if short.size == 1 else short  # a lone lane sums in another order
    count = len(due)
    liabilities = np.zeros((count + 1, count + 1, lanes.size))
    liabilities[:count, :count] = np.take(due, lanes, axis=-1)
    own = np.take(funds, lanes, axis=-1)
    liabilities[:count, count] = np.maximum(-own, 0.0)
    assets = np.zeros((count + 1, lanes.size))
    assets[:count] = np.maximum(own, 0.0)
    paid = clearing_payments(liabilities, assets)
    share = _shares(liabilities, liabilities.sum(axis=1))
    flows[..., lanes] = (share * paid[:, None])[:count, :count]
    return flows


def waterfall(estate: Array, claims: Array) -> Array:
    """What an estate pays each rank of claims, the first in full before the second.

    Args:
        estate: [...] USD m, at least 0. claims: [rank, ...] USD m, seniors first, at least 0.

    Returns:
        [rank, ...] USD m.
    """
    claims = np.asarray(claims, float)
    before = np.cumsum(claims, axis=0) - claims
    return np.asarray(np.clip(np.asarray(estate, float) - before, 0.0, claims))


def auction(bids: Array, order: Ints | None = None, reserve: float = 0.5) -> tuple[int, float]:
    """Who buys at an open auction, and for how much: -1 and 0 where nobody bids.

    The highest bidder pays what the second would have paid, and at least ``reserve`` of its own
    bid; ties go to the first in ``order``.

    Args:
        bids: [N] USD m, what each would pay at most; 0 or less for no bid.
        order: [N] rank among equals, such as a stable number; as they stand by default.
    """
    bids = np.asarray(bids, float)
    if not bids.size:
        return -1, 0.0
    ranked = np.lexsort((np.arange(len(bids)) if order is None else order, -bids))
    best = int(ranked[0])
    if bids[best] <= 0.0:
        return -1, 0.0
    second = float(bids[ranked[1]]) if len(bids) > 1 else 0.0
    return best, max(second, reserve * float(bids[best]))
