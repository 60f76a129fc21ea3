"""What a buyer of a product is worth to services beside it."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array


def service_value_now(start: Array, earned: Array, devices: Array, earned_start: Array) -> Array:
    """Worth of a buyer to the seller's services, by what they earn a device.

    start * (earned / devices) / earned_start: in proportion to realised revenue, so that no belief
    of buyers or sellers feeds itself within a quarter.

    Args:
        start: [...] USD a unit, at the start.
        earned: [...] USD m a quarter that the services took last quarter, season taken out.
        devices: [...] m installed.
        earned_start: [...] USD a quarter and device at the start; 0: ``start`` stays.

    Returns:
        [...] USD a unit, at least 0; ``start`` where there is no device to go by.
    """
    earned, devices = np.asarray(earned, float), np.asarray(devices, float)
    earned_start = np.asarray(earned_start, float)
    known = np.broadcast_to((earned_start > 0.0) & (devices > 0.0), np.shape(earned))
    rate = np.divide(earned, devices, out=np.zeros_like(earned), where=known)
    moved = np.divide(rate, earned_start, out=np.ones_like(earned), where=known)
    return np.asarray(np.asarray(start, float) * moved)


def bounty_a_device(bounty: Array | float, part: Array) -> Array:
    """What an owner of services pays a maker for a device sold: bounty x part.

    Known when prices are set, so that it is counted as it is paid, without delay.

    Args:
        bounty: USD for a device that carries the services.
        part: [...] fraction of the maker's devices that carry them, 0 to 1.

    Returns:
        [...] USD a device sold.
    """
    return np.asarray(np.multiply(bounty, part))


def capped_value(value: Array, cost: Array, cap: Array | float) -> Array:
    """At most a part of what the product costs: no seller gives its product away for services.

    Args:
        value: [...] USD a unit. cost: [...] USD a unit. cap: fraction of cost.
    """
    return np.asarray(np.minimum(value, np.multiply(cap, cost)))
