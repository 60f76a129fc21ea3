"""Unit costs: experience, pooled purchasing, the decline of parts."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array


def learning_exponent(fall_per_doubling: Array | float) -> Array:
    """Exponent b of a learning curve whose cost falls by this part with each doubling.

    Args:
        fall_per_doubling: fraction, 0 to below 1; 0.2 gives 0.3219.

    Source: Wright (1936).
    """
    return np.asarray(-np.log2(1.0 - np.asarray(fall_per_doubling, float)))


def wright_cost(
    first_cost: Array | float,
    cumulative: Array | float,
    reference: Array | float,
    exponent: Array | float,
    *,
    least: Array | float = 0.0,
) -> Array:
    """Unit cost after experience: first_cost (cumulative / reference)^-exponent.

    Args:
        first_cost: USD a unit at the reference volume.
        cumulative: units ever made, own and pooled, above 0. reference: units, above 0.
        exponent: of :func:`learning_exponent`.
        least: fraction of the first cost below which experience does not lead.

    Returns:
        USD a unit, in the shape of the arguments.

    Source: Wright (1936); Nagy, Farmer, Bui and Trancik (2013).
    """
    factor = np.exp(-np.asarray(exponent, float) * np.log(np.divide(cumulative, reference)))
    return np.asarray(np.multiply(first_cost, np.maximum(factor, least)))


def decline(rate: Array | float, quarters: Array | float) -> Array:
    """Factor on the cost of parts after some quarters of a steady log decline. [-]"""
    return np.asarray(np.exp(-np.multiply(rate, quarters)))


def quarterly_decline(per_year: Array | float) -> Array:
    """Log decline a quarter from a fraction a year: 0.2 a year gives 0.0558."""
    return np.asarray(-np.log1p(-np.asarray(per_year, float)) / 4.0)


def pooled_volume(volume: Array, pooling: Array) -> Array:
    """Volume that counts for purchasing: own and what allies buy together with one.

    Args:
        volume: [N, ...] units. pooling: [N, N, ...] part of the first company's volume that the
            second's purchases are added to; the diagonal is not read.

    Returns:
        [N, ...] units.
    """
    volume = np.asarray(volume, float)
    total = np.array(volume)
    for ally in range(len(total)):
        part = np.array(pooling[ally], float)
        part[ally] = 0.0
        total += part.reshape(part.shape + (1,) * (total.ndim - part.ndim)) * volume[ally]
    return total


def pooled_saving(volume: Array, pooled: Array, exponent: Array | float) -> Array:
    """Log fall of unit cost from learning and buying with a pooled volume: b ln(pooled / own).

    Args:
        volume: [...] units, own, above 0. pooled: [...] units, of :func:`pooled_volume`.
        exponent: Wright's, of :func:`learning_exponent`.

    Source: Wright (1936).
    """
    grown = np.maximum(np.divide(pooled, volume), 1.0)
    return np.asarray(np.asarray(exponent, float) * np.log(grown))
