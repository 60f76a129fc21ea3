"""What can be changed about a package, one dimension a clause: read, write, range.

The solver, the itemised answers and the locks of a person all speak of clauses by these. A new
kind of clause becomes searchable by an entry of :data:`WAYS` and of :func:`dimensions`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from game.core.axes import AnyArray, Array
from game.core.ruleset import Ruleset
from game.play.cells import Cells
from game.play.nash import both_ways
from game.play.packages import Extra

STAKES = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45)
"""Stakes that are tried, as parts of the company after the issue."""


@dataclass(frozen=True)
class Name:
    """Which clause: what locks and answers name."""

    key: str
    """One of :data:`WAYS`."""
    side: int = 0
    """Who gives it, 0 the proposer; of cash and term always 0."""
    kind: int = -1
    """Pledge kind, or whose existing shares."""


@dataclass(frozen=True)
class Dimension:
    """A clause with the values that it may take."""

    name: Name
    low: float
    high: float
    grid: tuple[float, ...] = ()
    """Values to be tried one by one; empty: worth is a straight line in it, and is solved for."""
    step: float = 0.0
    """What values are whole multiples of; as large as the range of a clause that is there or is
    not. 0: any value."""
    tied: tuple[tuple[Name, float], ...] = ()
    """What else is written where the clause is there, and is 0 where it is not."""

    @property
    def smooth(self) -> bool:
        """Whether it is solved for."""
        return not self.grid

    @property
    def whole(self) -> bool:
        """Whether it is there or is not."""
        return self.step > 0.0 and self.low + self.step >= self.high


@dataclass(frozen=True)
class Way:
    """How a clause is read from cells and written into them."""

    read: Callable[[Cells, Name], AnyArray]
    write: Callable[[Cells, Name, AnyArray], dict[str, Any]]


def _cash(cells: Cells, name: Name) -> AnyArray:
    return np.asarray(cells.cash[0] - cells.cash[1])


def _write_cash(cells: Cells, name: Name, values: AnyArray) -> dict[str, Any]:
    return {"cash": both_ways(np.asarray(values, float))}


def _on_side(field: str) -> Way:
    """A clause that each side has once."""

    def read(cells: Cells, name: Name) -> AnyArray:
        return np.asarray(getattr(cells, field)[name.side])

    def write(cells: Cells, name: Name, values: AnyArray) -> dict[str, Any]:
        return {field: _with(getattr(cells, field), name.side, values)}

    return Way(read, write)


def _with(array: AnyArray, place: int | tuple[int, ...], values: AnyArray) -> AnyArray:
    out = array.copy()
    out[place] = values
    return out


def _old(cells: Cells, name: Name) -> AnyArray:
    mine = cells.old_issuer[name.side] == name.kind
    return np.where(mine, cells.old_shares[name.side], 0)


def _write_old(cells: Cells, name: Name, values: AnyArray) -> dict[str, Any]:
    some = np.asarray(values) > 0
    now = cells.old_issuer[name.side]
    other = now != name.kind
    issuer = np.where(some, name.kind, np.where(other, now, -1))
    count = np.where(some, values, np.where(other, cells.old_shares[name.side], 0))
    return {
        "old_shares": _with(cells.old_shares, name.side, count),
        "old_issuer": _with(cells.old_issuer, name.side, issuer),
    }


def _pledge(cells: Cells, name: Name) -> AnyArray:
    return np.asarray(cells.pledge[name.side, name.kind])


def _write_pledge(cells: Cells, name: Name, values: AnyArray) -> dict[str, Any]:
    place = (name.side, name.kind)
    strength = _with(cells.pledge, place, values)
    there = strength[place] > 0.0
    return {
        "pledge": strength,
        "exclusive": _with(cells.exclusive, place, cells.exclusive[place] & there),
        "regions": _with(cells.regions, place, np.where(there, cells.regions[place], 0)),
    }


def _term(cells: Cells, name: Name) -> AnyArray:
    return np.asarray(cells.term)


def _write_term(cells: Cells, name: Name, values: AnyArray) -> dict[str, Any]:
    return {"term": np.asarray(values, np.int64)}


def _rate(cells: Cells, name: Name) -> AnyArray:
    return np.asarray(cells.loan_rate)


def _write_rate(cells: Cells, name: Name, values: AnyArray) -> dict[str, Any]:
    return {"loan_rate": np.asarray(values, float)}


def _of_kind(field: str) -> Way:
    """What a side's pledges have besides their strength."""

    def read(cells: Cells, name: Name) -> AnyArray:
        return np.asarray(getattr(cells, field)[name.side, name.kind])

    def write(cells: Cells, name: Name, values: AnyArray) -> dict[str, Any]:
        there = cells.pledge[name.side, name.kind] > 0.0
        now = getattr(cells, field)
        kept = np.where(there, np.asarray(values), 0).astype(now.dtype)
        return {field: _with(now, (name.side, name.kind), kept)}

    return Way(read, write)


def _slot(slot: Extra) -> Way:
    """A further clause of a side."""

    def read(cells: Cells, name: Name) -> AnyArray:
        return np.asarray(cells.extra[name.side, slot])

    def write(cells: Cells, name: Name, values: AnyArray) -> dict[str, Any]:
        return {"extra": _with(cells.extra, (name.side, slot), values)}

    return Way(read, write)


FURTHER = {slot.name.lower(): slot for slot in Extra}
"""Further clauses that each side has once, by key."""
WAYS: Mapping[str, Way] = {
    "cash": Way(_cash, _write_cash),
    "loan": _on_side("loan"),
    "new": _on_side("new_shares"),
    "old": Way(_old, _write_old),
    "pledge": Way(_pledge, _write_pledge),
    "term": Way(_term, _write_term),
    "rate": Way(_rate, _write_rate),
    "exclusive": _of_kind("exclusive"),
    "regions": _of_kind("regions"),
    **{key: _slot(slot) for key, slot in FURTHER.items()},
}
"""Clauses by key. Cash counts what the proposer pays on balance, shares are counted, pledges are
strengths, terms quarters; regions are bits, further clauses as their slots have them."""
TERM = Name("term")
CASH = Name("cash")


def read(cells: Cells, name: Name) -> AnyArray:
    """A clause of cells: [L]."""
    return WAYS[name.key].read(cells, name)


def written(cells: Cells, name: Name, values: AnyArray) -> Cells:
    """Cells with a clause set: [L] values."""
    return dataclasses.replace(cells, **WAYS[name.key].write(cells, name, values))


def put(cells: Cells, one: Dimension, values: AnyArray) -> Cells:
    """Cells with a clause set, and what is tied to it."""
    cells = written(cells, one.name, values)
    for name, value in one.tied:
        cells = written(cells, name, np.where(np.asarray(values) != 0.0, value, 0.0))
    return cells


def dimensions(
    purse: tuple[float, float], total: tuple[float, float], ruleset: Ruleset, stakes: int = 1
) -> tuple[Dimension, ...]:
    """The clauses that may be searched between two companies, with their widest ranges.

    Args:
        purse: USD m that each side can pay. total: shares of each side.
        stakes: every so-many-th of :data:`STAKES` is tried.
    """
    parts = np.array(STAKES[::stakes])
    shares = [parts / (1.0 - parts) * count for count in total]
    whole = [tuple(float(np.floor(value + 0.5)) for value in side) for side in shares]
    terms = tuple(float(term) for term in ruleset.rules.terms)
    found = [
        Dimension(CASH, -purse[1], purse[0]),
        *(Dimension(Name("new", side), 0.0, whole[side][-1], whole[side]) for side in (0, 1)),
        *(
            Dimension(Name("pledge", side, kind), 0.0, 1.0)
            for side in (0, 1)
            for kind in range(len(ruleset.pledges))
        ),
        Dimension(TERM, terms[0], terms[-1], terms),
    ]
    return tuple(found)


def repeated(cells: Cells, count: int) -> Cells:
    """The first of some cells so many times, each at a place of its own."""
    first = {
        field.name: np.repeat(getattr(cells, field.name)[..., :1], count, axis=-1)
        for field in dataclasses.fields(Cells)
    }
    return dataclasses.replace(Cells(**first), place=np.arange(count))


def drawn(cells: Cells, dims: tuple[Dimension, ...]) -> Array:
    """Values of clauses in cells: [D, L]."""
    return np.array([read(cells, one.name) for one in dims], float)
