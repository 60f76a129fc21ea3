"""The dials of spending: level, mix and focus, from marginal returns and the state of cash."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array
from game.policies.desk import Desk, Slip
from game.policies.marginal import best_spending

LEAST_FACTOR, MOST_FACTOR = 0.25, 3.0
SHORT_RUNWAY, LONG_RUNWAY = 3.0, 6.0
FOCUS_GAIN = 0.02
"""A focus market must promise so much of all spending more than the even split gives it."""


def spending_factors(desk: Desk, best: Array, zeal: Array | float = 1.0) -> Array:
    """Factor on normal spending that each lever deserves over all markets: [A, L, W].

    Args:
        best: [L, S, W] of :func:`game.policies.marginal.best_spending`.
        zeal: [A, 1] factor on the result.
    """
    wanted, normal = desk.shops.sums(best), desk.normal_by_lever
    factor = np.divide(wanted, normal, out=np.ones_like(wanted), where=normal > 1e-9)
    factor *= zeal
    errors = desk.slips(Slip.LEVERS)
    if errors is not None:
        factor *= np.exp(np.swapaxes(errors, 0, 1))
    np.maximum(factor, LEAST_FACTOR, out=factor)
    np.minimum(factor, MOST_FACTOR, out=factor)
    return np.ascontiguousarray(np.swapaxes(factor, 0, 1))


def level_and_mix(desk: Desk, factors: Array) -> tuple[AnyArray, Array]:
    """Notch and mix that come nearest to the factors, one notch a quarter.

    Args:
        factors: [A, L, W].

    Returns:
        (notch [A, W], mix [A, L, W]).
    """
    level = factors.mean(axis=1)
    notches = np.asarray(desk.rules.notches)
    between = 0.5 * (notches[1:] + notches[:-1])
    target = np.searchsorted(between, level)
    target = np.minimum(target, _affordable_notch(desk))
    now = desk.view.notch
    notch = np.clip(target, np.maximum(now - 1, 0), np.minimum(now + 1, 4))
    return notch.astype("i1"), factors / factors.sum(axis=1, keepdims=True)


def _affordable_notch(desk: Desk) -> AnyArray:
    """Highest notch while money is short: 1 within three quarters of the end of cash, then 2."""
    room = desk.runway + np.maximum(desk.credit_left, 0.0) / np.maximum(desk.costs, 1e-9)
    return np.where(room < SHORT_RUNWAY, 1, np.where(room < LONG_RUNWAY, 2, 4))


def focus_markets(desk: Desk, best: Array, lean: Array | None = None) -> AnyArray:
    """The two markets that deserve most more than their even part: [A, F, W], -1 none.

    Args:
        best: [L, S, W] best spending.
        lean: [A, M] factor on the best spending by goals; None treats markets alike.
    """
    wanted, shops = best.sum(axis=0), desk.shops
    if lean is not None:
        wanted *= shops.own(lean)[:, None]
    total = np.maximum(desk.spent, 1e-9)
    whole = shops.sums(wanted)
    wanted -= np.take(whole / total, shops.row, axis=0) * desk.normal
    wanted /= np.take(np.maximum(whole, 1e-9), shops.row, axis=0)
    more = shops.spread(np.where(desk.sold, wanted, -1.0), -1.0)
    focus = np.full((len(desk.seats), 2, desk.worlds), -1, "i2")
    for slot in (0, 1):
        first = more.argmax(axis=1)[:, None]
        gain = np.take_along_axis(more, first, axis=1)
        focus[:, slot] = np.where(gain > FOCUS_GAIN, first, -1)[:, 0]
        np.put_along_axis(more, first, -1.0, axis=1)
    return focus


def set_dials(
    desk: Desk, zeal: Array | float = 1.0, lean: Array | None = None, horizon: float = 1.0
) -> tuple[AnyArray, Array, AnyArray]:
    """Dials of a seat that weighs marginal returns.

    Args:
        zeal: [A, 1] factor on spending. lean: [A, M] factor on markets by goals.
        horizon: part of a util's lasting worth that still counts, 0..1.

    Returns:
        (notch [A, W], mix [A, L, W], focus [A, F, W]).
    """
    best = best_spending(desk, horizon)
    notch, mix = level_and_mix(desk, spending_factors(desk, best, zeal))
    return notch, mix, focus_markets(desk, best, lean)
