"""Chance is a function of its key, and a good one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.axes import AnyArray, Array
from game.core.rng import Purpose, normals, normals_at, philox, uniforms

# Random123's published known answers for Philox4x32 with ten rounds: counter, key, output.
KNOWN = [
    (
        (0x00000000, 0x00000000, 0x00000000, 0x00000000),
        (0x00000000, 0x00000000),
        (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8),
    ),
    (
        (0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF),
        (0xFFFFFFFF, 0xFFFFFFFF),
        (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
    ),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]

seeds = st.integers(0, 2**64 - 1)
worlds = st.lists(st.integers(0, 2**32 - 1), min_size=2, max_size=6, unique=True)


def word(values: tuple[int, ...]) -> tuple[AnyArray, ...]:
    return tuple(np.array([value], np.uint64) for value in values)


def block(seed: int, numbers: list[int]) -> tuple[AnyArray, AnyArray]:
    return np.full(len(numbers), seed, np.uint64), np.array(numbers, np.uint64)


def draw(seed: int, numbers: list[int], uid: AnyArray, count: int = 3, turn: int = 4) -> Array:
    return normals(*block(seed, numbers), turn, Purpose.QUALITY, uid, count)


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_philox_gives_the_known_answers(
    counter: tuple[int, ...], key: tuple[int, ...], answer: tuple[int, ...]
) -> None:
    words = philox(word(counter), word(key))  # type: ignore[arg-type]
    assert tuple(int(value[0]) for value in words) == answer


def test_philox_works_lane_by_lane() -> None:
    counters = tuple(np.array(lane, np.uint64) for lane in zip(*(k[0] for k in KNOWN), strict=True))
    keys = tuple(np.array(lane, np.uint64) for lane in zip(*(k[1] for k in KNOWN), strict=True))
    words = philox(counters, keys)  # type: ignore[arg-type]
    assert [tuple(int(value[lane]) for value in words) for lane in range(3)] == [
        k[2] for k in KNOWN
    ]


@given(seed=seeds, numbers=worlds)
def test_a_world_alone_draws_what_it_draws_in_a_batch(seed: int, numbers: list[int]) -> None:
    uid = np.array([1, 5, 9])
    batch = draw(seed, numbers, uid)
    for lane, number in enumerate(numbers):
        assert np.array_equal(draw(seed, [number], uid)[..., 0], batch[..., lane])


@given(seed=seeds, uids=st.permutations([0, 3, 11, 200]))
def test_a_company_draws_by_its_uid_and_not_by_its_place(seed: int, uids: list[int]) -> None:
    straight = draw(seed, [0, 1], np.array(sorted(uids)))
    order = np.argsort(np.argsort(uids))
    assert np.array_equal(draw(seed, [0, 1], np.array(uids)), straight[order])


@pytest.mark.parametrize("count", [1, 2, 5, 8])
def test_asking_for_more_draws_does_not_change_the_first(count: int) -> None:
    key = (*block(7, [0, 1]), 2, Purpose.EVENT, np.array([0]))
    assert np.array_equal(uniforms(*key, count), uniforms(*key, 9)[:, :count])


def test_every_part_of_the_key_matters() -> None:
    base = {"seed": 7, "world": 3, "turn": 2, "purpose": int(Purpose.EVENT), "uid": 4}
    others = [
        base,
        base | {"seed": 8},
        base | {"seed": 7 + 2**32},
        base | {"world": 4},
        base | {"turn": 3},
        base | {"turn": -1},
        base | {"purpose": int(Purpose.FIT)},
        base | {"purpose": int(Purpose.FORECAST)},
        base | {"uid": 5},
    ]
    drawn = set()
    for key in others:
        seed, world = block(key["seed"], [key["world"]])
        values = uniforms(seed, world, key["turn"], key["purpose"], np.array([key["uid"]]), 2)
        drawn.update(values.ravel().tolist())
    assert len(drawn) == 2 * len(others)


def test_the_purposes_of_forecasts_are_beyond_those_of_games() -> None:
    games = [purpose for purpose in Purpose if purpose is not Purpose.FORECAST]
    assert len(set(games)) == len(games)
    assert max(games) < Purpose.FORECAST < 256


def test_worlds_are_last_and_contiguous() -> None:
    for law in (uniforms, normals):
        values = law(*block(1, [0, 1, 2]), 0, Purpose.DEMAND, np.arange(4), 3)
        assert values.shape == (4, 3, 3)
        assert values.flags.c_contiguous
        assert values.dtype == np.float64


def test_uniforms_are_uniform() -> None:
    values = uniforms(*block(20150209, list(range(5000))), 0, Purpose.DEMAND, np.arange(4), 5)
    flat = np.sort(values.ravel())
    size = flat.size
    assert flat[0] > 0.0
    assert flat[-1] < 1.0
    steps = np.arange(1, size + 1) / size
    distance = max(np.max(steps - flat), np.max(flat - steps + 1 / size))
    assert distance < 1.95 / math.sqrt(size)  # Kolmogorov-Smirnov at one in a thousand


def test_normals_are_standard_and_uncorrelated() -> None:
    values = normals(*block(20150209, list(range(20000))), 0, Purpose.QUALITY, np.arange(2), 3)
    rows = values.reshape(6, -1)
    error = 1 / math.sqrt(rows.shape[1])
    assert np.all(np.abs(rows.mean(axis=1)) < 4 * error)
    assert np.all(np.abs(rows.var(axis=1) - 1) < 4 * math.sqrt(2) * error)
    assert np.all(np.abs(np.corrcoef(rows) - np.eye(6)) < 4 * error)
    assert np.all(np.abs((rows**4).mean(axis=1) - 3) < 4 * math.sqrt(96) * error)


@given(seed=seeds, numbers=worlds, count=st.integers(1, 7), turn=st.integers(0, 30))
def test_single_draws_are_those_of_the_table(
    seed: int, numbers: list[int], count: int, turn: int
) -> None:
    uid = np.array([3, 11, 12], np.int64)
    key, number = block(seed, numbers)
    table = normals(key, number, turn, Purpose.REPORT, uid, count)
    row, index, lane = (place.ravel() for place in np.indices(table.shape))
    single = normals_at(key[lane], number[lane], turn, Purpose.REPORT, uid[row], index, count)
    assert np.array_equal(single, table.ravel())


def test_draws_of_before_the_start_are_kept_and_cannot_be_written() -> None:
    key = block(7, [1, 2])
    uid = np.array([1, 2])
    first, again = (normals(*key, -1, Purpose.BELIEF, uid, 3) for _ in range(2))
    assert first is again
    assert not first.flags.writeable


def test_a_long_table_is_drawn_like_its_parts() -> None:
    key = block(9, list(range(64)))
    uid = np.arange(1, 40)
    whole = normals(*key, 2, Purpose.ESTIMATE, uid, 19)
    alone = [normals(*key, 2, Purpose.ESTIMATE, uid[row : row + 1], 19)[0] for row in (0, 20, 38)]
    assert np.array_equal(whole[[0, 20, 38]], alone)
