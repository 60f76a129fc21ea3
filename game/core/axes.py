"""The letters that name every axis, and the record type whose fields name theirs.

Every array of the game lists its axes with these letters, in this order, worlds last.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

AnyArray = NDArray[Any]
# Four names for the reader: numpy's own stubs lose the dtype in every second expression.
Array = AnyArray
Ints = AnyArray
Bools = AnyArray

LETTERS: Mapping[str, str] = {
    "K": "pledge kinds, as the scenario names them",
    "B": "lines of the books",
    "A": "seats that look or act",
    "X": "the two sides of a package: 0 the proposer, 1 the counterparty",
    "V": "events of the scenario",
    "N": "companies; in pair tables the first N acts (gives, holds) and the second receives",
    "M": "markets: sector x region, only those that exist",
    "C": "sectors",
    "R": "regions",
    "S": "consumer segments of a market, with weights",
    "H": "channels: 0 online, 1 offline",
    "L": "levers of the spending mix: 0 product, 1 reach, 2 brand",
    "F": "focus markers, two a company",
    "J": "mandates, three a company",
    "D": "public paths, four",
    "Q": "quarters of a year",
    "G": "ages of losses in years: 0 this year's",
    "P": "packages on the table: two a proposing company in a turn",
    "E": "slots of the further clauses of a package: play.packages.Extra",
    "Z": "deals that wait for a competition authority, at most",
    "Y": "home systems of devices, as the scenario names them",
    "W": "worlds: independent games stepped together",
}

ONLINE, OFFLINE = 0, 1
PRODUCT, REACH, BRAND = 0, 1, 2

Record = TypeVar("Record")


def any_over(array: AnyArray, axis: int | tuple[int, ...]) -> Bools:
    """Whether anything is set along axes; always an array."""
    return np.asarray(np.any(array, axis=axis))


def entries_of(table: Ints) -> tuple[Ints, Ints]:
    """The entries of a table that are not zero: place in the flattened table, figure. [E] each."""
    place = np.flatnonzero(table != 0)
    return place, np.take(table.reshape(-1), place)


def sum_of_entries(table: Ints, place: Ints, figure: Ints) -> Ints:
    """Sum of a table of whole numbers over its first axis, from the few entries that are set.

    Args:
        table: [N, ...]. place, figure: its :func:`entries_of`, [E] each.
    """
    total = np.zeros(table.shape[1:], np.int64)
    np.add.at(total.reshape(-1), place % max(total.size, 1), figure)
    return total


def axis(axes: str, unit: str, note: str = "", *, dtype: type | str = "f8", fill: float = 0) -> Any:
    """Declare an array field: its axes, unit, meaning, dtype and neutral value.

    Args:
        axes: letters separated by spaces, worlds last.
        unit: unit of measure; ``-`` for none.
        note: meaning and invariant, the only description of the field.
        dtype: stored type.
        fill: value of an untouched array.
    """
    return dataclasses.field(
        metadata={
            "axes": tuple(axes.split()),
            "unit": unit,
            "note": note,
            "dtype": dtype,
            "fill": fill,
        }
    )


def array_fields(record: Any) -> Iterator[dataclasses.Field[Any]]:
    """The fields of a record type (or instance) that are declared arrays."""
    for field in dataclasses.fields(record):
        if "axes" in field.metadata:
            yield field


def empty(kind: type[Record], sizes: Mapping[str, int], **given: Any) -> Record:
    """A record with every array at its neutral value.

    Args:
        kind: dataclass whose arrays are declared with :func:`axis`.
        sizes: length of each letter.
        given: fields to use instead of neutral ones.
    """
    values: dict[str, Any] = {}
    for field in array_fields(kind):
        if field.name not in given:
            shape = tuple(sizes[letter] for letter in field.metadata["axes"])
            fill, dtype = field.metadata["fill"], field.metadata["dtype"]
            values[field.name] = np.full(shape, fill, dtype) if fill else np.zeros(shape, dtype)
    return kind(**values, **given)


def map_worlds(record: Record, change: Callable[[AnyArray], AnyArray]) -> Record:
    """The record with ``change`` applied to every array whose last axis is worlds."""
    changed = {
        field.name: change(getattr(record, field.name))
        for field in array_fields(record)
        if field.metadata["axes"][-1] == "W"
    }
    return dataclasses.replace(record, **changed)  # type: ignore[type-var]


def take_worlds(record: Record, lanes: AnyArray) -> Record:
    """The record at these worlds only, contiguous, worlds still last."""
    index = np.asarray(lanes)
    return map_worlds(record, lambda array: np.ascontiguousarray(np.take(array, index, axis=-1)))


def concat_worlds(records: list[Record]) -> Record:
    """One record holding the worlds of all, in order; other fields are the first one's."""
    first = records[0]
    changed = {
        field.name: np.concatenate([getattr(record, field.name) for record in records], axis=-1)
        for field in array_fields(first)
        if field.metadata["axes"][-1] == "W"
    }
    return dataclasses.replace(first, **changed)  # type: ignore[type-var]


def first_difference(one: Any, two: Any) -> str | None:
    """Name of the first array field in which two records differ; None when they are equal."""
    for field in array_fields(one):
        left, right = getattr(one, field.name), getattr(two, field.name)
        if left.shape != right.shape or not np.array_equal(
            left, right, equal_nan=left.dtype.kind == "f"
        ):
            return field.name
    return None
