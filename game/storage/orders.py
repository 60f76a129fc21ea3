"""Orders as bytes, for another process: lane 0 of a person's game, without pickle."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import numpy as np

from game.core.axes import AnyArray, array_fields, empty
from game.core.errors import SaveError
from game.core.ruleset import Ruleset
from game.play.orders import Orders
from game.play.packages import Packages

LANES = 2


def pack_orders(orders: Orders) -> bytes:
    """All arrays of the first lane."""
    out = io.BytesIO()
    columns: dict[str, Any] = {name: array[..., 0] for name, array in _arrays(orders)}
    np.savez(out, **columns)
    return out.getvalue()


def unpack_orders(raw: bytes, ruleset: Ruleset) -> Orders:
    """The orders, in two equal lanes.

    Raises:
        SaveError: damaged, or of another scenario.
    """
    sizes = {**ruleset.sizes, "W": LANES}
    orders = empty(Orders, sizes, proposals=empty(Packages, sizes), signed=empty(Packages, sizes))
    try:
        with np.load(io.BytesIO(raw), allow_pickle=False) as found:
            for name, array in _arrays(orders):
                given: AnyArray = found[name]
                if given.shape != array.shape[:-1] or given.dtype != array.dtype:
                    raise SaveError(f"orders do not fit the scenario: {name}")
                array[...] = given[..., None]
    except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise SaveError(f"orders cannot be understood ({type(error).__name__})") from None
    return orders


def _arrays(orders: Orders) -> Iterator[tuple[str, AnyArray]]:
    parts: tuple[tuple[str, Any], ...] = (
        ("", orders), ("proposals.", orders.proposals), ("signed.", orders.signed)
    )  # fmt: skip
    for prefix, part in parts:
        for field in array_fields(part):
            yield prefix + field.name, getattr(part, field.name)
