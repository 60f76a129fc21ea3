"""Rows of orders: what single seats order in single worlds, laid side by side.

Axis T: one seat in one world. Fields of companies lose their axis N, packages keep two rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from game.core.axes import AnyArray, Ints, array_fields
from game.play.orders import Orders

Rows = dict[str, AnyArray]
"""Field name to [..., T]; fields of packages are called ``proposals.cash`` and so on."""
TABLED = "proposals."


def _fields(orders: Orders) -> Iterator[tuple[str, AnyArray, int]]:
    """Name, array and place of axis N (-1: packages, whose rows stand last but one)."""
    for field in array_fields(orders):
        yield field.name, getattr(orders, field.name), field.metadata["axes"].index("N")
    for field in array_fields(orders.proposals):
        yield TABLED + field.name, getattr(orders.proposals, field.name), -1


def _both(seat: Ints) -> Ints:
    """The two rows of packages of each seat: [2, T]."""
    return np.stack([2 * seat, 2 * seat + 1])


def read(orders: Orders, seat: Ints, lane: Ints) -> Rows:
    """What seats order in worlds: seat [T], lane [T]."""
    found: Rows = {}
    for name, array, place in _fields(orders):
        if place < 0:
            found[name] = array[..., _both(seat), lane]
        else:
            found[name] = np.moveaxis(array, place, -2)[..., seat, lane]
    return found


def write(orders: Orders, rows: Rows, seat: Ints, lane: Ints) -> None:
    """Put rows into orders, whose arrays are changed."""
    for name, array, place in _fields(orders):
        if place < 0:
            array[..., _both(seat), lane] = rows[name]
        else:
            np.moveaxis(array, place, -2)[..., seat, lane] = rows[name]


def take(rows: Rows, index: Ints) -> Rows:
    """Some of the rows, or some of them more than once."""
    return {name: np.take(array, index, axis=-1) for name, array in rows.items()}


def join(parts: list[Rows]) -> Rows:
    """Rows one after the other."""
    return {name: np.concatenate([part[name] for part in parts], axis=-1) for name in parts[0]}


def put(rows: Rows, changes: Mapping[str, AnyArray], where: Ints) -> None:
    """Write changes [..., T] into the rows at ``where``."""
    for name, array in changes.items():
        rows[name][..., where] = array[..., where]
