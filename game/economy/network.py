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
    kept = np.asarray(base, float) * (1.0 - np.asarray(hazard, float))
    return np.asarray(np.where(durable, kept + sales, sales))


def preloaded_users(base: Array, preload: Array) -> Array:
    """Users of i's services on the devices of others: sum over makers n of preload[i, n] base[n].

    Args:
        base: [N, W] devices in use. preload: [N, N, W] part of n's base that carries i's
            services.

    Returns:
        [N, W] in the unit of ``base``.

    Source: Rochet and Tirole (2003) for the two sides.
    """
    base, preload = np.asarray(base, float), np.asarray(preload, float)
    users = np.zeros_like(base)
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


def participation(
    penetration: Array | float, half: Array | float, elasticity: Array | float
) -> Array:
    """Part of a platform's other side that takes part: x^e / (x^e + h^e).

    Shops and sellers differ in what joining costs them and join when users make it worth while;
    with log-logistic costs the odds of joining rise with the users to the power e.

    Args:
        penetration: x, users as a fraction of all who could be, at least 0.
        half: h, penetration at which half of the other side has joined, above 0.
        elasticity: e of the odds of joining in users, above 0.

    Returns:
        Fraction, 0 to 1, rising in the users.

    Source: Rochet and Tirole (2003) and Armstrong (2006) for membership of heterogeneous sides.
    """
    ratio = np.power(np.maximum(np.divide(penetration, half), 0.0), elasticity)
    return np.asarray(ratio / (1.0 + ratio))


def lagged(stock: Array, target: Array | float, speed: Array | float) -> Array:
    """A stock that closes a part of its distance to a target: (1 - v) A + v A*.

    Args:
        stock, target: any shapes that meet. speed: v, fraction a quarter, 0 to 1.
    """
    stock = np.asarray(stock, float)
    return np.asarray(stock + speed * (np.asarray(target) - stock))


def envelopment_utility(people: Array | float, led: Array | float, weight: Array | float) -> Array:
    """What a company's other service lends to one of its services: w x people x led. Utils.

    Args:
        people: fraction of the region's people whom the other service reaches, 0 to 1.
        led: part of them who are led to this one, 0 to 1.
        weight: utils when everybody is reached and led.

    Source: Eisenmann, Parker and Van Alstyne (2011), platform envelopment: overlapping users are
    what carries a company from one market into another.
    """
    return np.asarray(weight * np.multiply(people, led))


def app_stock(users: Array | float, elasticity: Array | float) -> Array:
    """Apps that free entry of developers brings to a home system: users ** elasticity.

    Args:
        users: of whom its developers can sell to, as a fraction of all possible ones, at least 0.
        elasticity: of apps in users, above 0.

    Returns:
        Stock of apps; 1 where everybody is a user.

    Source: Church and Gandal (1992); the elasticity 0.5 to 1.
    """
    return np.asarray(np.power(np.maximum(users, 0.0), elasticity))


def app_utility(
    apps: Array, weight: Array | float, reference: Array | float, start: Array | float
) -> Array:
    """Utility of a device's apps against the start: w ln((ref + apps) / (ref + start)). Utils.

    Args:
        apps: stock that runs on its home system, at least 0. start: stock that counts nothing.
        weight: utils. reference: stock, above 0.
    """
    ratio = np.divide(np.add(reference, apps), np.add(reference, start))
    return np.asarray(weight * np.log(ratio))


def network_pull(
    share: Array | float, weight: Array | float, reference: Array | float, reach: float = 1.0
) -> Array:
    """Utility that :func:`network_utility` gains per log of the share: w c s / (ref + c s). Utils.

    Args:
        share: s, of buyers. reach: c, penetration a share of one would mean.
    """
    users = np.multiply(share, reach)
    return np.asarray(weight * users / np.add(reference, users))


def acceptance_pull(
    share: Array | float,
    weight: Array | float,
    half: Array | float,
    elasticity: Array | float,
    reach: float = 1.0,
) -> Array:
    """Utility that the settled other side gains per log of the share: w e A (1 - A). Utils.

    Args:
        share: s, of buyers. weight: utils of full participation. reach: as in network_pull.
    """
    joined = participation(np.multiply(share, reach), half, elasticity)
    return np.asarray(weight * elasticity * joined * (1.0 - joined))


def apps_pull(
    share: Array | float,
    weight: Array | float,
    reference: Array | float,
    elasticity: Array | float,
    reach: float = 1.0,
) -> Array:
    """Utility that settled apps gain per log of a system's share: w e a / (ref + a). Utils.

    Args:
        share: s, of a system's devices. reach: as in network_pull.
    """
    apps = app_stock(np.multiply(share, reach), elasticity)
    return np.asarray(weight * elasticity * apps / np.add(reference, apps))


def contraction_modulus(share: Array, pull: Array) -> Array:
    """Bound on the slope of the share map of a mixed logit: max over s of 2 (1 - s) pull(s).

    A column of the map's Jacobian sums, in absolute value, to at most 2 s (1 - s) times the slope
    of the good's own utility in its share; mixing segments only lowers it. Below one the map is a
    contraction: one outcome, whatever the start. From one up nothing is said: history may select.

    Args:
        share: [G] grid from 0 to 1. pull: [..., G] utils gained per log of the share.

    Returns:
        [...]. Exact up to the grid.
    """
    return np.asarray((2.0 * (1.0 - np.asarray(share)) * pull).max(axis=-1))
