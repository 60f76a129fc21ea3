"""How much of a promise its giver truly gives."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array

_LEAST = 1e-300
_FAR = 40.0


def normal_part(x: AnyArray) -> Array:
    """Standard normal distribution function, to 1.5e-7. Source: Abramowitz and Stegun 7.1.26."""
    z = np.abs(x) / np.sqrt(2.0)
    t = 1.0 / (1.0 + 0.3275911 * z)
    poly = t * (
        0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))
    )
    half = 0.5 * poly * np.exp(-np.minimum(z * z, 700.0))
    return np.asarray(np.where(np.asarray(x) >= 0.0, 1.0 - half, half))


def effort_worth(
    effort: AnyArray,
    gain: AnyArray,
    penalty: AnyArray,
    noise: AnyArray | float,
    suspect: AnyArray | float,
    tolerance: float,
) -> Array:
    """What an effort brings its giver a quarter: gain e - penalty P(audited) [e < tolerance].

    The partner hears e with normal noise and audits when it hears less than ``suspect``; an audit
    exposes what lies below ``tolerance``.

    Args:
        effort: 0 to 1. gain: USD m a quarter of full effort to its giver (its stake in what the
            receiver earns, less the cost of giving). penalty: USD m that being found out costs, at
            least 0. noise: standard error of the report, above 0. Any shapes that broadcast.
    """
    effort, noise = np.asarray(effort, float), np.maximum(noise, _LEAST)
    short = np.clip((suspect - effort) / noise, -_FAR, _FAR)
    audited = normal_part(short)
    risk = np.asarray(penalty, float) * audited * (effort < tolerance)
    return np.asarray(effort * np.asarray(gain, float) - risk)


def best_effort(
    gain: AnyArray,
    penalty: AnyArray,
    noise: AnyArray | float,
    suspect: AnyArray | float = 0.7,
    tolerance: float = 0.85,
) -> Array:
    """The giver's own best reply: 0 to 1, from few candidates.

    The worth of effort is linear but for the chance of an audit, so the best is all, nothing, the
    least that no audit faults, or where a little less saves as much as it risks:
    phi((suspect - e) / noise) = -gain noise / penalty, e above ``suspect``. A stake in the receiver
    raises the gain and so commits its giver.

    Args:
        as in :func:`effort_worth`.

    Returns:
        The shape that the arguments broadcast to; the larger effort among equals.

    Source: moral hazard with random audits, Becker (1968); the first-order condition in closed
    form.
    """
    gain, penalty, noise = np.broadcast_arrays(
        np.asarray(gain, float), np.asarray(penalty, float), np.asarray(noise, float)
    )
    density = -gain * noise / np.maximum(penalty, _LEAST)
    inner = np.clip(density * np.sqrt(2.0 * np.pi), _LEAST, 1.0)
    turning = np.clip(suspect + noise * np.sqrt(-2.0 * np.log(inner)), 0.0, 1.0)
    best = np.ones(gain.shape)
    worth = effort_worth(best, gain, penalty, noise, suspect, tolerance)
    for tried in (np.full(gain.shape, tolerance), turning, np.zeros(gain.shape)):
        found = effort_worth(tried, gain, penalty, noise, suspect, tolerance)
        better = found > worth
        best, worth = np.where(better, tried, best), np.where(better, found, worth)
    return best
