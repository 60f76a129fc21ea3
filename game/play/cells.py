"""Packages laid out as a list, and the figures by which they are valued.

A table of packages is mostly empty. A :class:`Cells` record holds its used places alone, one
after the other in a last axis L, each with the world it belongs to; the laws of deals work on
that list, so that an empty table costs next to nothing and a place gives the same bits in any
company. The list never holds a single place: a lone lane would be summed in another order.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints, empty
from game.play.packages import Extra, Packages


@dataclasses.dataclass(frozen=True)
class Cells:
    """Used places of a table of packages. Axis X: 0 the proposer, 1 the counterparty."""

    who: Ints
    """[X, L] company of each side."""
    lane: Ints
    """[L] world."""
    viewer: Ints
    """[L] row of the facts' viewing seats; 0 when the facts are the state's."""
    place: Ints
    """[L] where the cell stands in the flattened [P, W]; a lone cell stands there twice."""
    cash: Array
    """[X, L] USD m paid by the side."""
    new_shares: Ints
    """[X, L]."""
    old_shares: Ints
    """[X, L]."""
    old_issuer: Ints
    """[X, L]; -1 none."""
    pledge: Array
    """[X, K, L] 0..1."""
    exclusive: Bools
    """[X, K, L]."""
    loan: Array
    """[X, L] USD m lent by the side."""
    loan_rate: Array
    """[L] a quarter."""
    term: Ints
    """[L] quarters."""
    disclosed: Bools
    """[L] the size of the stake is announced."""
    regions: Ints
    """[X, K, L] bits of the regions that a pledge covers; 0 all."""
    extra: Array
    """[X, E, L] :class:`game.play.packages.Extra`."""

    def given(self, slot: Extra) -> Array | None:
        """A further clause of both sides [X, L]; None where nobody gives it."""
        clause = self.extra[:, slot]
        return clause if clause.any() else None

    @property
    def size(self) -> int:
        """Places in the list, a lone one twice."""
        return int(self.lane.shape[0])

    @property
    def single(self) -> slice:
        """Every cell once: for sums over cells, which must not count a lone one twice."""
        return slice(0, 1) if self.size == 2 and self.place[0] == self.place[1] else slice(None)


_FIELDS = tuple(field.name for field in dataclasses.fields(Cells))


def _pick(array: AnyArray, flat: Ints) -> AnyArray:
    lead = array.shape[:-2]
    return array.reshape(*lead, -1).take(flat, axis=-1)


def used_places(packages: Packages) -> Ints:
    """Flattened [P, W] places that hold a package between two companies."""
    here = (packages.proposer >= 0) & (packages.counterparty >= 0)
    here &= packages.proposer != packages.counterparty
    return np.flatnonzero(here)


def cells_of(packages: Packages, viewer: Ints | None = None) -> Cells | None:
    """The used places of a table; None when there are none.

    Args:
        viewer: [P, W] row of the viewing seat; None when the facts are the state's.
    """
    return cells_at(packages, used_places(packages), viewer)


def cells_at(packages: Packages, flat: Ints, viewer: Ints | None = None) -> Cells | None:
    """Some places of a table; None when there are none.

    Args:
        flat: places in the flattened [P, W].
        viewer: as in :func:`cells_of`.
    """
    if not flat.size:
        return None
    if flat.size == 1:
        flat = np.repeat(flat, 2)
    worlds = packages.proposer.shape[1]
    who = np.stack([_pick(packages.proposer, flat), _pick(packages.counterparty, flat)])
    seen = np.zeros(flat.shape, np.int64) if viewer is None else _pick(viewer, flat)
    return Cells(
        who=who.astype(np.int64),
        lane=flat % worlds,
        viewer=seen.astype(np.int64),
        place=flat,
        cash=_pick(packages.cash, flat),
        new_shares=_pick(packages.new_shares, flat),
        old_shares=_pick(packages.old_shares, flat),
        old_issuer=_pick(packages.old_issuer, flat).astype(np.int64),
        pledge=_pick(packages.pledge, flat),
        exclusive=_pick(packages.exclusive, flat),
        loan=_pick(packages.loan, flat),
        loan_rate=_pick(packages.loan_rate, flat),
        term=_pick(packages.term, flat).astype(np.int64),
        disclosed=_pick(packages.disclosed, flat),
        regions=_pick(packages.regions, flat),
        extra=_pick(packages.extra, flat).astype(np.float64),
    )


CLAUSES = (
    "cash",
    "new_shares",
    "old_shares",
    "old_issuer",
    "pledge",
    "exclusive",
    "loan",
    "loan_rate",
    "term",
    "disclosed",
    "regions",
    "extra",
)
"""Clauses that cells and packages share."""


def put_cells(cells: Cells, chosen: Ints, some: Cells) -> Cells:
    """Cells with the money, new shares and pledges of others in some places."""
    changed = {}
    for name in ("cash", "new_shares", "pledge"):
        out = getattr(cells, name).copy()
        out[..., chosen] = getattr(some, name)
        changed[name] = out
    return dataclasses.replace(cells, **changed)


def pick_cells(cells: Cells, chosen: Ints) -> Cells:
    """Some cells, by number; at least two, or one twice."""
    return Cells(*(getattr(cells, name).take(chosen, axis=-1) for name in _FIELDS))


def two_lists(one: Cells | None, other: Cells | None) -> Cells | None:
    """Two lists as one, a lone cell no longer twice unless it is the only one."""
    if one is None or other is None:
        return other if one is None else one
    parts = [pick_cells(part, np.arange(part.size)[part.single]) for part in (one, other)]
    return Cells(
        **{
            field.name: np.concatenate([getattr(part, field.name) for part in parts], axis=-1)
            for field in dataclasses.fields(Cells)
        }
    )


def packed(cells: Cells, worlds: int) -> tuple[Ints, int]:
    """Rows of the smallest table that holds all cells, in the order of the list.

    Returns:
        (row of each cell [L], number of rows).
    """
    order = np.argsort(cells.lane, kind="stable")
    lane = cells.lane[order]
    first = np.searchsorted(lane, np.arange(worlds))
    row = np.empty(cells.size, np.int64)
    row[order] = np.arange(cells.size) - first[lane]
    if cells.single != slice(None):
        row[:] = 0
    return row, int(row.max()) + 1


def table_of(cells: Cells, kinds: int, row: Ints, rows: int, worlds: int) -> Packages:
    """Cells as packages: [.., rows, W].

    Args:
        kinds: K. row: [L] row of each cell.
    """
    out = empty(Packages, {"X": 2, "K": kinds, "P": rows, "E": len(Extra), "W": worlds})
    out.proposer[row, cells.lane], out.counterparty[row, cells.lane] = cells.who
    for name in CLAUSES:
        getattr(out, name)[..., row, cells.lane] = getattr(cells, name)
    return out


def spread(
    values: AnyArray, cells: Cells | None, shape: tuple[int, int], fill: float = 0
) -> AnyArray:
    """Values of cells [..., L] put back into a table [..., P, W].

    Args:
        cells: None for an empty table; ``values`` then gives the leading axes only.
        shape: (P, W).
        fill: of unused places.
    """
    lead = values.shape[:-1]
    out = np.full((*lead, shape[0] * shape[1]), fill, values.dtype)
    if cells is not None:
        out[..., cells.place] = values
    return out.reshape(*lead, *shape)


def fill_cells(packages: Packages, cells: Cells) -> None:
    """Write the clauses of cells into packages that nobody else holds."""
    for name in CLAUSES:
        table = getattr(packages, name)
        table.reshape(*table.shape[:-2], -1)[..., cells.place] = getattr(cells, name)


def write_cells(packages: Packages, cells: Cells, where: Bools) -> Packages:
    """Packages with the clauses of the cells ``where`` [L] written back."""
    changed = {name: getattr(packages, name).copy() for name in CLAUSES}
    out = dataclasses.replace(packages, **changed)
    fill_cells(out, pick_cells(cells, np.flatnonzero(where)))
    return out
