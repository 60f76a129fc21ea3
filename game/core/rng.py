"""Chance as a function: counter-based Philox4x32-10, no stream, no state.

A draw depends on (seed, world, turn, purpose, uid, index) and nothing else, so undo does not
re-roll, and world 4,711 of a batch is the same game when it is played alone.
Source: Salmon et al. (2011), docs/references.md.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from game.core.axes import AnyArray, Array

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = 0x9E3779B9, 0xBB67AE85
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_ROUNDS = 10


class Purpose(IntEnum):
    """What a draw is for; part of its key. Forecasts use keys from ``FORECAST`` up, games never."""

    QUALITY = 1
    DEMAND = 2
    EVENT = 3
    FIT = 4
    REPORT = 5
    ESTIMATE = 6
    POLICY = 7
    SENTIMENT = 8
    TIE = 9
    BELIEF = 10
    STAKE = 11
    FORECAST = 64


def philox(
    counter: tuple[AnyArray, AnyArray, AnyArray, AnyArray], key: tuple[AnyArray, AnyArray]
) -> tuple[AnyArray, ...]:
    """Four 32-bit words (held in uint64) from a 128-bit counter and a 64-bit key, elementwise.

    Args:
        counter: four uint64 arrays below 2^32 that broadcast together.
        key: two uint64 arrays below 2^32.
    """
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for step in range(_ROUNDS):
        left, right = _M0 * c0, _M1 * c2
        r0 = (k0 + np.uint64(step * _W0 & 0xFFFFFFFF)) & _LOW
        r1 = (k1 + np.uint64(step * _W1 & 0xFFFFFFFF)) & _LOW
        c0, c1, c2, c3 = (
            (right >> _HALF) ^ c1 ^ r0,
            right & _LOW,
            (left >> _HALF) ^ c3 ^ r1,
            left & _LOW,
        )
    return c0, c1, c2, c3


def _words(
    seed: AnyArray, world: AnyArray, turn: int, purpose: int, uid: AnyArray, count: int
) -> tuple[AnyArray, ...]:
    seed = np.asarray(seed, np.uint64)
    world = np.asarray(world, np.uint64)
    uids = np.asarray(uid, np.uint64)[:, None, None]
    index = np.arange(count, dtype=np.uint64)[None, :, None]
    place = (uids << np.uint64(8)) | np.uint64(purpose)
    moment = (np.uint64(turn + 1) << np.uint64(16)) | index
    zero = np.zeros_like(world)
    return philox((world + zero, place + zero, moment + zero, zero), (seed & _LOW, seed >> _HALF))


def uniforms(
    seed: AnyArray, world: AnyArray, turn: int, purpose: int, uid: AnyArray, count: int = 1
) -> Array:
    """Uniform draws in (0, 1).

    Args:
        seed, world: [W] unsigned; the game's seed and the world's number in it.
        turn: quarter, from -1 (before the first) up.
        purpose: a :class:`Purpose`, or ``FORECAST`` plus one.
        uid: [N] the scenario's stable ids, so that seat order never matters.
        count: draws per id, under 65,536.

    Returns:
        [N, count, W].
    """
    a, b, _, _ = _words(seed, world, turn, purpose, uid, count)
    bits = ((a << _HALF) | b) >> np.uint64(11)
    return np.asarray((bits.astype(np.float64) + 0.5) * 2.0**-53)


def normals(
    seed: AnyArray, world: AnyArray, turn: int, purpose: int, uid: AnyArray, count: int = 1
) -> Array:
    """Standard normal draws by Box-Muller; arguments and shape as :func:`uniforms`."""
    pairs = (count + 1) // 2
    a, b, c, d = _words(seed, world, turn, purpose, uid, pairs)
    first = ((((a << _HALF) | b) >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    second = ((((c << _HALF) | d) >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    radius = np.sqrt(-2.0 * np.log(first))
    angle = 2.0 * np.pi * second
    both = np.concatenate([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return np.ascontiguousarray(both[:, :count])
