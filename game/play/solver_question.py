"""What the solver may change: the clauses of a question, their ranges, and the grid of points."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from enum import StrEnum
from itertools import product

import numpy as np

from game.core.axes import Ints
from game.play.bilateral import flags_of
from game.play.cells import Cells, pick_cells
from game.play.dimensions import (
    CASH,
    TERM,
    Dimension,
    Name,
    dimensions,
    put,
    read,
    repeated,
    written,
)
from game.play.further_dimensions import further_dimensions, of_pledges, with_rate
from game.play.odds import Believed
from game.play.packages import DealFlag

BARE = (
    "cash", "new_shares", "old_shares", "pledge", "exclusive", "loan", "regions", "extra",
)  # fmt: skip
"""Fields that are empty in a package without clauses."""
MONEY = int(DealFlag.CASH | DealFlag.AUTHORISATION)


class Mode(StrEnum):
    """What is asked."""

    WORK = "work"
    ASK = "ask"
    BEST = "best"
    CLOSEST = "closest"


class Question:
    """What a question lets move, from where to where, and the points at which it is tried."""

    def __init__(
        self,
        believed: Believed,
        draft: Cells,
        mode: Mode,
        locks: frozenset[Name],
        stakes: int,
        sure: float,
    ) -> None:
        draft = with_rate(draft, believed.pair.ruleset)
        self.believed, self.draft, self.mode, self.locks = believed, draft, mode, locks
        self.middle = believed.middle()
        self.ruleset = self.middle.ruleset
        pairing = self.middle.pairing(draft)
        purse = (float(pairing.purse[0, 0]), believed.purse(1.0 - sure))
        total = (float(pairing.count[0, 0]), float(pairing.count[1, 0]))
        self.total, self.equity = total, float(pairing.equity[:, 0].min())
        dims = self._kept(dimensions(purse, total, self.ruleset, stakes))
        self.stepped = tuple(one for one in dims if not one.smooth)
        plain = tuple(one for one in dims if one.smooth)
        self.plain = len(plain)
        self.smooth = self._allowed(
            (*plain, *self._kept(further_dimensions(draft, pairing, purse)))
        )
        self.bound = self._allowed(self._kept(of_pledges(draft, pairing)))
        self.dims = (*self.stepped, *self.smooth, *self.bound)
        self.grid = self._points()

    def _kept(self, dims: Iterable[Dimension]) -> tuple[Dimension, ...]:
        return tuple(one for one in map(self._ranged, dims) if one is not None)

    # ------------------------------------------------------------------------ what is searched

    def _ranged(self, one: Dimension) -> Dimension | None:
        """A dimension as this question leaves it; None: it stays as drafted."""
        name, now = one.name, float(read(self.draft, one.name)[0])
        pledge = Name("pledge", name.side, name.kind)  # with what it is bound to
        if name in self.locks or (name.key in ("exclusive", "regions") and pledge in self.locks):
            return None
        mine = name.side == 0
        if name == TERM:
            gives = bool((self.draft.pledge[0, :, 0] > 0.0).any())
            return None if self.mode is Mode.ASK and gives else one
        if self.mode is Mode.ASK and mine and name != CASH:
            return None
        if self.mode is Mode.WORK and not mine:
            return None
        low, high = one.low, max(one.high, now)
        if self.mode is Mode.WORK:
            low = now
        if self.mode is Mode.ASK and name == CASH:
            high = float(self.draft.cash[0, 0])
        if name == CASH:
            low = min(low, now)
        if one.whole and self.mode is Mode.WORK and now != 0.0:
            return None
        grid = one.grid
        if grid:
            grid = tuple(sorted({value for value in (*grid, now) if low <= value <= high}))
        return dataclasses.replace(one, low=low, high=max(high, low), grid=grid)

    def _points(self) -> Cells:
        """All points: the stepped clauses set, the others as drafted; only those that are sound."""
        choices = list(product(*(one.grid for one in self.stepped)))
        base = repeated(self.draft, max(len(choices), 2))
        for place, one in enumerate(self.stepped):
            values = np.array([choice[place] for choice in choices], float)
            values = np.resize(values, base.size)
            whole = one.name.key != "loan"
            base = written(base, one.name, values.astype(np.int64) if whole else values)
        bare = base
        for one in self.smooth:
            bare = written(bare, one.name, np.zeros(base.size))
        bad = self.flags(bare) & ~int(DealFlag.EMPTY) & ~MONEY
        good = np.flatnonzero(bad == 0)
        return pick_cells(base, np.resize(good, max(good.size, 2)) if good.size else good)

    def flags(self, cells: Cells) -> Ints:
        """What bars cells, by what the seat knows: [L] :class:`DealFlag`."""
        return flags_of(cells, self.believed.worlds, self.ruleset)

    def _allowed(self, dims: tuple[Dimension, ...]) -> tuple[Dimension, ...]:
        """Clauses with their ranges; what cannot be given is nothing."""
        if not dims:
            return dims
        alone = repeated(self.draft, max(len(dims), 2))
        alone = Cells(
            **{
                field.name: np.zeros_like(getattr(alone, field.name))
                if field.name in BARE
                else getattr(alone, field.name)
                for field in dataclasses.fields(alone)
            }
        )
        alone.old_issuer[:] = -1
        alone.term[:] = self.ruleset.rules.terms[0]
        for row, one in enumerate(dims):
            name, most = one.name, one.high if one.high > 0.0 else one.low
            if name.key in ("exclusive", "regions", "pledge"):
                alone.pledge[name.side, name.kind, row] = 1.0
            if name.key == "pledge":
                alone.exclusive[name.side, name.kind, row] = self.draft.exclusive[
                    name.side, name.kind, 0
                ]
            elif name != CASH:
                values = read(alone, name).astype(float)
                values[row] = most
                alone = put(alone, one, values)
        barred = (self.flags(alone) & ~int(DealFlag.EMPTY) & ~MONEY) != 0
        return tuple(
            dataclasses.replace(one, low=0.0, high=0.0) if bad else one
            for one, bad in zip(dims, barred, strict=False)
        )
