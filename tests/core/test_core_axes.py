"""Records of arrays that know their axes."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.axes import (
    LETTERS,
    Array,
    Ints,
    array_fields,
    axis,
    concat_worlds,
    empty,
    first_difference,
    map_worlds,
    take_worlds,
)


@dataclasses.dataclass(frozen=True)
class Shop:
    """A record with one field of each sort."""

    turn: int
    price: Array = axis("N M W", "USD", "of a unit", fill=2.5)
    holder: Ints = axis("N W", "company", dtype="i2", fill=-1)
    weight: Array = axis("M S", "fraction", fill=float("nan"))


SIZES = {"N": 2, "M": 3, "S": 4, "W": 5}


@pytest.fixture
def shop() -> Shop:
    made = empty(Shop, SIZES, turn=3)
    price = np.arange(30.0).reshape(2, 3, 5)
    return dataclasses.replace(made, price=price)


def same(one: object, two: object) -> bool:
    return first_difference(one, two) is None


def test_letters_are_single_and_worlds_come_last() -> None:
    assert all(len(letter) == 1 for letter in LETTERS)
    assert list(LETTERS)[-1] == "W"


def test_an_empty_record_has_the_declared_shapes_types_and_values() -> None:
    made = empty(Shop, SIZES, turn=3)
    assert made.turn == 3
    assert made.price.shape == (2, 3, 5)
    assert made.price.dtype == np.float64
    assert np.all(made.price == 2.5)
    assert made.holder.shape == (2, 5)
    assert made.holder.dtype == np.int16
    assert np.all(made.holder == -1)
    assert np.all(np.isnan(made.weight))


def test_given_fields_are_kept() -> None:
    weight = np.ones((3, 4))
    assert empty(Shop, SIZES, turn=0, weight=weight).weight is weight


def test_array_fields_leave_out_the_rest() -> None:
    assert [field.name for field in array_fields(Shop)] == ["price", "holder", "weight"]


def test_only_arrays_with_worlds_are_mapped(shop: Shop) -> None:
    doubled = map_worlds(shop, lambda array: array * 2)
    assert np.array_equal(doubled.price, shop.price * 2)
    assert doubled.weight is shop.weight
    assert doubled.turn == shop.turn


@given(lanes=st.lists(st.integers(0, 4), min_size=1, max_size=8))
def test_taken_worlds_are_contiguous_and_the_right_ones(lanes: list[int]) -> None:
    shop = dataclasses.replace(empty(Shop, SIZES, turn=3), price=np.arange(30.0).reshape(2, 3, 5))
    taken = take_worlds(shop, np.array(lanes))
    assert taken.price.flags.c_contiguous
    assert taken.holder.flags.c_contiguous
    for place, lane in enumerate(lanes):
        assert np.array_equal(taken.price[..., place], shop.price[..., lane])


def test_joining_the_parts_gives_the_whole(shop: Shop) -> None:
    parts = [take_worlds(shop, np.array(lanes)) for lanes in ([0, 1], [2], [3, 4])]
    joined = concat_worlds(parts)
    assert same(joined, shop)
    assert joined.price.flags.c_contiguous


def test_the_first_difference_is_named(shop: Shop) -> None:
    holder = shop.holder.copy()
    holder[0, 0] = 7
    assert first_difference(shop, dataclasses.replace(shop, holder=holder)) == "holder"


def test_missing_values_in_the_same_places_are_no_difference(shop: Shop) -> None:
    assert same(shop, dataclasses.replace(shop, weight=shop.weight.copy()))


def test_another_shape_is_a_difference(shop: Shop) -> None:
    assert first_difference(shop, take_worlds(shop, np.array([0]))) == "price"
