"""Chance as a function: counter-based Philox4x32-10, no stream, no state.

A draw depends on (seed, world, turn, purpose, uid, index) and nothing else, so undo does not
re-roll, and world 4,711 of a batch is the same game when it is played alone.
Source: Salmon et al. (2011), docs/references.md.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

import numpy as np

from game.core.axes import AnyArray, Array

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = 0x9E3779B9, 0xBB67AE85
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_ROUNDS = 10
_AT_ONCE = 8192
"""Pairs of draws worked at once: their buffers stay in a processor's second cache."""


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
    FX = 12
    SUPPLY = 13
    REVIEW = 14
    TARGET = 31
    MISREAD = 20
    SLIP = 21
    FORECAST = 64


def philox(
    counter: tuple[AnyArray, AnyArray, AnyArray, AnyArray], key: tuple[AnyArray, AnyArray]
) -> tuple[AnyArray, ...]:
    """Four 32-bit words (held in uint64) from a 128-bit counter and a 64-bit key, elementwise.

    Args:
        counter: four uint64 arrays below 2^32 that broadcast together.
        key: two uint64 arrays below 2^32.
    """
    words: tuple[AnyArray, ...] = counter
    shape = np.broadcast_shapes(*(array.shape for array in (*counter, *key)))
    keys = _one_schedule(int(key[0][0]), int(key[1][0])) if _lone(key) else _schedule(key)
    step = 0
    while step < _ROUNDS and any(array.shape != shape for array in words):
        words = _round(words, keys[step])
        step += 1
    if step < _ROUNDS:
        words = _rounds_in_place(words, keys[step:])
    return words


_Keys = tuple[tuple[AnyArray, AnyArray], ...]


def _lone(key: tuple[AnyArray, AnyArray]) -> bool:
    return key[0].shape == key[1].shape == (1,)


def _schedule(key: tuple[AnyArray, AnyArray]) -> _Keys:
    """Keys of all rounds."""
    k0, k1 = key
    return tuple(
        (
            (k0 + np.uint64(step * _W0 & 0xFFFFFFFF)) & _LOW,
            (k1 + np.uint64(step * _W1 & 0xFFFFFFFF)) & _LOW,
        )
        for step in range(_ROUNDS)
    )


@lru_cache(maxsize=64)
def _one_schedule(low: int, high: int) -> _Keys:
    """Keys of all rounds where all lanes share one seed: asked for in every draw, and kept."""
    keys = _schedule((np.array([low], np.uint64), np.array([high], np.uint64)))
    for pair in keys:
        for half in pair:
            half.setflags(write=False)
    return keys


def _round(words: tuple[AnyArray, ...], keys: tuple[AnyArray, AnyArray]) -> tuple[AnyArray, ...]:
    """One round on words that are not all spread to the full shape yet."""
    c0, c1, c2, c3 = words
    left, right = _M0 * c0, _M1 * c2
    return (
        (right >> _HALF) ^ (c1 ^ keys[0]),
        right & _LOW,
        (left >> _HALF) ^ (c3 ^ keys[1]),
        left & _LOW,
    )


def _rounds_in_place(words: tuple[AnyArray, ...], keys: _Keys) -> tuple[AnyArray, ...]:
    """The rounds of these keys, in buffers of their own."""
    c0, c1, c2, c3 = (np.array(word) for word in words)
    left, right = np.empty_like(c0), np.empty_like(c0)
    for r0, r1 in keys:
        np.multiply(_M0, c0, out=left)
        np.multiply(_M1, c2, out=right)
        np.right_shift(right, _HALF, out=c0)
        c0 ^= c1
        c0 ^= r0
        np.right_shift(left, _HALF, out=c2)
        c2 ^= c3
        c2 ^= r1
        np.bitwise_and(right, _LOW, out=c1)
        np.bitwise_and(left, _LOW, out=c3)
    return c0, c1, c2, c3


def _words(
    seed: AnyArray, world: AnyArray, turn: int, purpose: int, uid: AnyArray, index: AnyArray
) -> tuple[AnyArray, ...]:
    """Words by (seed, world, uid, index), which broadcast together."""
    place = (uid << np.uint64(8)) | np.uint64(purpose)
    moment = (np.uint64(turn + 1) << np.uint64(16)) | index
    zero = np.zeros(1, np.uint64)
    if (seed == seed[:1]).all():
        seed = seed[:1]  # a number for all lanes is cheaper than one for each
    return philox((world, place, moment, zero), (seed & _LOW, seed >> _HALF))


def _table(
    seed: AnyArray, world: AnyArray, turn: int, purpose: int, uid: AnyArray, count: int
) -> tuple[AnyArray, ...]:
    """Words for every id, index and world: [N, count, W]."""
    uids = np.asarray(uid, np.uint64)[:, None, None]
    index = np.arange(count, dtype=np.uint64)[None, :, None]
    return _words(
        np.asarray(seed, np.uint64), np.asarray(world, np.uint64), turn, purpose, uids, index
    )


def _unit(high: AnyArray, low: AnyArray) -> Array:
    """Numbers in (0, 1) from two words; uses up ``high``."""
    high <<= _HALF
    high |= low
    high >>= np.uint64(11)
    drawn = high.astype(np.float64)
    drawn += 0.5
    drawn *= 2.0**-53
    return drawn


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
    a, b, _, _ = _table(seed, world, turn, purpose, uid, count)
    return _unit(a, b)


def uniforms_at(
    seed: AnyArray, world: AnyArray, turn: int, purpose: int, uid: AnyArray, index: AnyArray
) -> Array:
    """Some of the draws that :func:`uniforms` makes, bit for bit: those that a list names.

    Args:
        seed, world: [L] of the lane of each draw. uid, index: [L] id of each draw and its number
            among the draws of that id.

    Returns:
        [L].
    """
    numbers = (np.asarray(given, np.uint64) for given in (seed, world, uid, index))
    seeds, worlds, ids, places = numbers
    a, b, _, _ = _words(seeds, worlds, turn, purpose, ids, places)
    return _unit(a, b)


def normals(
    seed: AnyArray, world: AnyArray, turn: int, purpose: int, uid: AnyArray, count: int = 1
) -> Array:
    """Standard normal draws by Box-Muller; arguments and shape as :func:`uniforms`.

    What is drawn before the first quarter is asked for in every one: it is kept, and read-only.
    """
    ids = np.asarray(uid, np.uint64)
    if turn >= 0:
        return _normals(seed, world, turn, purpose, ids, count)
    seeds, worlds = np.asarray(seed, np.uint64), np.asarray(world, np.uint64)
    return _kept(seeds.tobytes(), worlds.tobytes(), turn, purpose, ids.tobytes(), count)


@lru_cache(maxsize=8)
def _kept(seed: bytes, world: bytes, turn: int, purpose: int, uid: bytes, count: int) -> Array:
    seeds, worlds, ids = (np.frombuffer(given, np.uint64) for given in (seed, world, uid))
    drawn = _normals(seeds, worlds, turn, purpose, ids, count)
    drawn.setflags(write=False)
    return drawn


def _normals(
    seed: AnyArray, world: AnyArray, turn: int, purpose: int, uid: AnyArray, count: int
) -> Array:
    pairs = (count + 1) // 2
    rest = count - pairs
    drawn = np.empty((len(uid), count, len(world)))
    rows = max(1, _AT_ONCE // max(pairs * len(world), 1))
    for first in range(0, len(uid), rows):
        part = drawn[first : first + rows]
        radius, angle = _polar(_table(seed, world, turn, purpose, uid[first : first + rows], pairs))
        np.multiply(radius, np.cos(angle), out=part[:, :pairs])
        np.multiply(radius[:, :rest], np.sin(angle[:, :rest]), out=part[:, pairs:])
    return drawn


def normals_at(
    seed: AnyArray,
    world: AnyArray,
    turn: int,
    purpose: int,
    uid: AnyArray,
    index: AnyArray,
    count: int,
) -> Array:
    """Some of the draws that :func:`normals` makes, bit for bit: those that a list names.

    Args:
        seed, world: [L] of the lane of each draw. uid, index: [L] id of each draw and its number
            among the ``count`` draws of that id.
        count: as given to :func:`normals`.

    Returns:
        [L].
    """
    pairs = (count + 1) // 2
    number = np.asarray(index, np.int64)
    second = number >= pairs
    place = np.where(second, number - pairs, number).astype(np.uint64)
    radius, angle = _polar(
        _words(
            np.asarray(seed, np.uint64),
            np.asarray(world, np.uint64),
            turn,
            purpose,
            np.asarray(uid, np.uint64),
            place,
        )
    )
    drawn = np.cos(angle)
    at = np.flatnonzero(second)
    drawn[at] = np.sin(angle[at])
    drawn *= radius
    return drawn


def _polar(words: tuple[AnyArray, ...]) -> tuple[Array, Array]:
    """Radius and angle of pairs of normal draws; uses up the words."""
    a, b, c, d = words
    radius = _unit(a, b)
    np.log(radius, out=radius)
    radius *= -2.0
    np.sqrt(radius, out=radius)
    angle = _unit(c, d)
    angle *= 2.0 * np.pi
    return radius, angle
