"""Owen and Shapley values: axioms, brute force over all orders, and small games by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.axes import Array, Bools
from game.economy.owen import order_weights, owen_lanes, owen_values, shapley_values


class Table:
    """A game given by one number a coalition; counts the lanes it was asked for."""

    def __init__(self, worth: Array) -> None:
        self.worth, self.lanes, self.widest = worth, 0, 0

    def __call__(self, members: Bools) -> Array:
        self.lanes += members.shape[1]
        self.widest = max(self.widest, members.shape[1])
        number = (members * (1 << np.arange(len(members)))[:, None]).sum(axis=0)
        return np.asarray(self.worth[..., number])


def orders(sizes: Sequence[int]) -> Iterator[list[int]]:
    """All orders in which groups stay together."""
    first = np.concatenate(([0], np.cumsum(sizes))).tolist()
    groups = [list(range(first[g], first[g + 1])) for g in range(len(sizes))]

    def inner(rest: tuple[int, ...]) -> Iterator[list[int]]:
        if not rest:
            yield []
            return
        for one in permutations(groups[rest[0]]):
            for tail in inner(rest[1:]):
                yield [*one, *tail]

    for order in permutations(range(len(sizes))):
        yield from inner(order)


def by_orders(worth: Array, sizes: Sequence[int]) -> Array:
    """Mean of what each player adds, order by order."""
    total, count = np.zeros(sum(sizes)), 0
    for order in orders(sizes):
        coalition, count = 0, count + 1
        for player in order:
            total[player] += worth[coalition | 1 << player] - worth[coalition]
            coalition |= 1 << player
    return total / count


SIZES = st.lists(st.integers(1, 3), min_size=1, max_size=4).filter(lambda s: sum(s) <= 7)


@given(SIZES, st.integers(0, 2**32 - 1))
def test_the_values_are_the_mean_over_all_orders(sizes: list[int], seed: int) -> None:
    worth = np.random.default_rng(seed).normal(size=1 << sum(sizes))
    game = Table(worth)
    assert owen_values(game, sizes) == pytest.approx(by_orders(worth, sizes), abs=1e-12)
    assert game.lanes == owen_lanes(sizes)


@given(SIZES, st.integers(0, 2**32 - 1))
def test_they_add_up_to_the_change(sizes: list[int], seed: int) -> None:
    worth = np.random.default_rng(seed).normal(size=(2, 1 << sum(sizes)))
    found = owen_values(Table(worth), sizes)
    assert found.shape == (2, sum(sizes))
    assert found.sum(axis=-1) == pytest.approx(worth[:, -1] - worth[:, 0], abs=1e-12)


@given(SIZES, st.integers(0, 2**32 - 1))
def test_in_a_linear_game_everybody_gets_its_own(sizes: list[int], seed: int) -> None:
    own = np.random.default_rng(seed).normal(size=sum(sizes))
    found = owen_values(lambda members: (members * own[:, None]).sum(axis=0), sizes)
    assert found == pytest.approx(own, abs=1e-12)


@given(SIZES, st.integers(0, 2**32 - 1), st.sampled_from([2, 4, 16]))
def test_the_block_changes_nothing(sizes: list[int], seed: int, block: int) -> None:
    worth = np.random.default_rng(seed).normal(size=1 << sum(sizes))
    narrow = Table(worth)
    assert (owen_values(narrow, sizes, block=block) == owen_values(Table(worth), sizes)).all()
    assert narrow.widest <= block


@given(st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_one_group_and_lone_players_are_shapleys(players: int, seed: int) -> None:
    worth = np.random.default_rng(seed).normal(size=1 << players)
    alone = shapley_values(Table(worth), players)
    assert owen_values(Table(worth), [1] * players) == pytest.approx(alone, abs=1e-12)
    assert by_orders(worth, [players]) == pytest.approx(alone, abs=1e-12)


def test_who_changes_nothing_gets_nothing_and_changes_no_other() -> None:
    worth = np.random.default_rng(3).normal(size=16)
    wider = np.concatenate((worth, worth))  # the fifth player's bit does not matter
    found = owen_values(Table(wider), [2, 3])
    assert found[4] == pytest.approx(0.0, abs=1e-15)
    assert found[:4] == pytest.approx(owen_values(Table(worth), [2, 2]), abs=1e-12)


def test_equal_players_get_the_same() -> None:
    def majority(members: Bools) -> Array:
        return np.asarray(members.sum(axis=0) >= 3, float)

    assert owen_values(majority, [5]) == pytest.approx(np.full(5, 0.2))
    # a group of three decides alone when it stands together
    assert owen_values(majority, [3, 1, 1]) == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0, 0])


def test_the_glove_game_by_hand() -> None:
    """One left glove, two right ones: 2/3, 1/6, 1/6; the right ones together get one half."""

    def pairs(members: Bools) -> Array:
        return np.minimum(members[0], members[1] | members[2]).astype(float)

    assert shapley_values(pairs, 3) == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert owen_values(pairs, [1, 2]) == pytest.approx([1 / 2, 1 / 4, 1 / 4])


def test_nobody_at_all() -> None:
    assert owen_values(lambda members: np.ones(members.shape[1]), []).shape == (0,)
    assert owen_lanes([]) == 1
    assert owen_lanes([3]) == 8
    assert owen_lanes([12] + [1] * 6) == 128 + 64 * (4096 - 2)


@given(st.integers(1, 30))
def test_the_weights_of_all_coalitions_make_one(count: int) -> None:
    sizes = np.arange(count)
    ways = np.array([float(math.comb(count - 1, size)) for size in sizes])
    assert (order_weights(count) * ways).sum() == pytest.approx(1.0)
