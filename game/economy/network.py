"""Network goods: utility of many users, services that ride on devices, and runaway."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array


def network_utility(
    penetration: Array | float, weight: Array | float, reference: Array | float
) -> Array:
    """Utility of a network: weight log(1 + penetration / reference). Utils.

    Args:
        penetration: users as a fraction of all who could be, at least 0.
        weight: utils. reference: fraction, above 0.

    Source: Katz and Shapiro (1985).
    """
    return np.asarray(weight * np.log1p(np.divide(penetration, reference)))


def base_next(
    base: Array, sales: Array, hazard: Array | float, durable: Array | bool = True
) -> Array:
    """Installed base a quarter later: what survives and what is sold, or users of a service.

    Args:
        base, sales: [...] m units. hazard: part replaced a quarter.
        durable: false for services, whose base is this quarter's users.
    """
    return np.asarray(np.where(durable, base * (1.0 - np.asarray(hazard)) + sales, sales))


def preloaded_users(base: Array, preload: Array) -> Array:
    """Users of i's services on the devices of others: sum over makers n of preload[i, n] base[n].

    Args:
        base: [N, W] devices in use. preload: [N, N, W] part of n's base that carries i's
            services.

    Returns:
        [N, W] in the unit of ``base``.

    Source: Rochet and Tirole (2003) for the two sides.
    """
    users = np.zeros_like(np.asarray(base, float))
    for maker in range(len(users)):
        users += preload[:, maker] * base[maker]
    return users


def share_slope(shares: Array, weight: Array | float) -> Array:
    """Slope of next quarter's share in this one's when utility is weight times share: w s (1-s).

    Below one everywhere the share map has one fixed point; for two goods that means a weight
    below four.
    """
    return np.asarray(weight * np.asarray(shares) * (1.0 - np.asarray(shares)))


def feedback_gain(jacobian: Array) -> Array:
    """Largest eigenvalue modulus of a map from one quarter's shares to the next: [...].

    Args:
        jacobian: [N, N, ...] d next share[n] / d share[j]; finite.

    Returns:
        [...]. From one up, a lead feeds itself: the market runs away.
    """
    matrices = np.moveaxis(np.asarray(jacobian, float), (0, 1), (-2, -1))
    return np.asarray(np.abs(np.linalg.eigvals(matrices)).max(axis=-1))
