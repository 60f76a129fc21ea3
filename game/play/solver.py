"""The solver: packages that the other side would accept, by what a seat believes.

    work     what of mine would make this draft work?
    ask      what would they give me for this?
    best     the best for me that they accept
    closest  the nearest to my draft that they accept

Stakes and terms are tried one by one; in cash and pledges worth is a straight line, so the best
exchange is found exactly (:mod:`game.play.linear`), measured again where it lies, and rounded in
the other side's favour. What is not found does not exist in the ranges searched, as the seat
sees it. True states are never looked at: everything comes from :class:`game.play.odds.Believed`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.play.asking import round_up
from game.play.bargaining import LEAST_PATIENCE
from game.play.bilateral import flags_of
from game.play.cells import Cells, pick_cells
from game.play.dimensions import (
    CASH,
    TERM,
    Dimension,
    Name,
    dimensions,
    drawn,
    read,
    repeated,
    written,
)
from game.play.linear import Slopes, dearest, nearest
from game.play.odds import Believed
from game.play.packages import DealFlag

SURE = 0.8
"""Odds of a yes that are aimed at."""
KEPT = 24
"""Points of the grid that are looked at closely."""
PASSES, HALVINGS = 2, 26
STRENGTH = 0.05
"""Step to which pledges are rounded."""
STEP = 1e-3
"""Of its range: how far a clause is moved to measure what it is worth."""
NEAR, FAR = 1e-6, 1e6
TERM_WEIGHT, STAKE_WEIGHT = 0.3, 10.0
"""Distance of one choice of term, and of a whole company, where a full pledge counts one."""
CASH_PART = 0.02
"""Of the smaller company: cash that counts as far as a full pledge."""
MONEY = int(DealFlag.CASH | DealFlag.AUTHORISATION)


class Mode(StrEnum):
    """What is asked."""

    WORK = "work"
    ASK = "ask"
    BEST = "best"
    CLOSEST = "closest"


@dataclass(frozen=True)
class Found:
    """What the solver has found, the best first. Axis L: packages."""

    cells: Cells | None
    """None when no such package exists in the ranges searched."""
    mine: Array
    """[L] USD m, worth to the seat in the middle of its beliefs."""
    theirs: Array
    """[L] USD m, worth to the other side there."""
    odds: Array
    """[L] 0..1, of a yes."""
    searched: tuple[Dimension, ...]
    """Clauses and ranges."""
    points: int
    """Combinations of stakes and terms that were tried."""


def solve(
    believed: Believed,
    draft: Cells,
    mode: Mode,
    locks: Iterable[Name] = (),
    sure: float = SURE,
    stakes: int = 1,
) -> Found:
    """Answer one question about a draft.

    Args:
        draft: a package of the seat to the other company, maybe empty; the first cell counts.
        locks: clauses that stay as drafted.
        sure: odds of a yes to aim at, 0..1.
        stakes: every so-many-th stake of the grid is tried.

    Returns:
        The best package and a few others that are nearly as good, with lower or higher odds.
    """
    search = _Search(believed, repeated(draft, 2), mode, frozenset(locks), stakes, sure)
    if believed.patience < LEAST_PATIENCE:
        return search.nothing()
    first = search.best(0.0)
    if first is None:
        return search.nothing()
    found, margin = first, 0.0
    for _ in range(3):
        missing = -float(np.quantile(believed.over(found)[0], 1.0 - sure, method="lower"))
        if missing <= NEAR:
            break
        margin += missing + NEAR
        again = search.best(margin)
        if again is None:
            break
        found = again
    return search.told(found)


class _Search:
    """One question: ranges, grid, and what is worth what."""

    def __init__(
        self,
        believed: Believed,
        draft: Cells,
        mode: Mode,
        locks: frozenset[Name],
        stakes: int,
        sure: float,
    ) -> None:
        self.believed, self.draft, self.mode, self.locks = believed, draft, mode, locks
        self.middle = believed.middle()
        self.ruleset = self.middle.ruleset
        pairing = self.middle.pairing(draft)
        purse = (float(pairing.purse[0, 0]), believed.purse(1.0 - sure))
        total = (float(pairing.count[0, 0]), float(pairing.count[1, 0]))
        self.total, self.equity = total, float(pairing.equity[:, 0].min())
        dims = dimensions(purse, total, self.ruleset, stakes)
        self.dims = tuple(one for one in map(self._ranged, dims) if one is not None)
        self.smooth = tuple(one for one in self.dims if one.smooth)
        self.stepped = tuple(one for one in self.dims if not one.smooth)
        self.grid = self._grid()
        self._over_grid: Slopes | None = None

    # ------------------------------------------------------------------------ what is searched

    def _ranged(self, one: Dimension) -> Dimension | None:
        """A dimension as this question leaves it; None: it stays as drafted."""
        name, now = one.name, float(read(self.draft, one.name)[0])
        if name in self.locks:
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
        grid = one.grid
        if grid:
            grid = tuple(sorted({value for value in (*grid, now) if low <= value <= high}))
        return Dimension(name, low, max(high, low), grid)

    def _grid(self) -> Cells:
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
        bad = self._flags(bare) & ~int(DealFlag.EMPTY) & ~MONEY
        good = np.flatnonzero(bad == 0)
        return pick_cells(base, np.resize(good, max(good.size, 2)) if good.size else good)

    def _flags(self, cells: Cells) -> Ints:
        return flags_of(cells, self.believed.worlds, self.ruleset)

    def _ranges(self) -> tuple[Array, Array]:
        """(low, high) of the smooth clauses: [D]; what cannot be given is nothing."""
        low = np.array([one.low for one in self.smooth])
        high = np.array([one.high for one in self.smooth])
        pledged = [place for place, one in enumerate(self.smooth) if one.name.key == "pledge"]
        if pledged:
            alone = repeated(self.draft, max(len(pledged), 2))
            empty = np.zeros_like(alone.pledge)
            alone = dataclasses.replace(
                alone, pledge=empty, exclusive=np.zeros_like(alone.exclusive),
                new_shares=np.zeros_like(alone.new_shares),
                old_shares=np.zeros_like(alone.old_shares), cash=np.zeros_like(alone.cash),
                loan=np.zeros_like(alone.loan),
                term=np.full_like(alone.term, self.ruleset.rules.terms[0]),
            )  # fmt: skip
            for row, place in enumerate(pledged):
                name = self.smooth[place].name
                alone.pledge[name.side, name.kind, row] = 1.0
                alone.exclusive[name.side, name.kind, row] = self.draft.exclusive[
                    name.side, name.kind, 0
                ]
            barred = self._flags(alone)[: len(pledged)] != 0
            for row, place in enumerate(pledged):
                if barred[row]:
                    low[place] = high[place] = 0.0
        return low, high

    # ------------------------------------------------------------------------------- the search

    def best(self, margin: float) -> Cells | None:
        """The best package in the middle of beliefs, twice; None when there is none.

        Args:
            margin: USD m that the other side is to have above the least that it asks for.
        """
        if not self.grid.size:
            return None
        low, high = self._ranges()
        cells, ok = self._step(self.grid, low, high, margin, first=True)
        for _ in range(PASSES):
            chosen = self._leading(cells, ok)
            if not chosen.size:
                return None
            cells = pick_cells(cells, chosen)
            cells, ok = self._step(cells, low, high, margin)
        cells = self._rounded(cells, low, high, margin)
        mine, over = self._values(cells, margin)
        ok = over >= -NEAR
        if self.mode in (Mode.BEST, Mode.ASK):
            ok &= mine >= 0.0
        ok &= (self._flags(cells) & ~MONEY) == 0
        chosen = self._leading(cells, ok)
        return None if not chosen.size else pick_cells(cells, np.repeat(chosen[:1], 2))

    def _step(
        self, cells: Cells, low: Array, high: Array, margin: float, first: bool = False
    ) -> tuple[Cells, Bools]:
        """Cells moved to the best that the slopes there promise, and whether they would do."""
        if not self.smooth:
            return cells, self._values(cells, margin)[1] >= -NEAR
        slopes = self._first_slopes(high - low) if first else self._slopes(cells, high - low)
        slopes = dataclasses.replace(slopes, over=slopes.over - margin)
        lows = np.broadcast_to(low[:, None], slopes.at.shape)
        highs = np.broadcast_to(high[:, None], slopes.at.shape)
        if self.mode is Mode.CLOSEST:
            start = np.clip(drawn(repeated(self.draft, cells.size), self.smooth), lows, highs)
            x, ok = nearest(slopes, start, lows, highs, self._weights())
        else:
            x, ok = dearest(slopes, lows, highs)
        for place, one in enumerate(self.smooth):
            cells = written(cells, one.name, x[place])
        return cells, ok

    def _first_slopes(self, width: Array) -> Slopes:
        """Slopes at all points of the grid, kept for all margins."""
        if self._over_grid is None:
            self._over_grid = self._slopes(self.grid, width, far=True)
        return self._over_grid

    def _slopes(self, cells: Cells, width: Array, far: bool = False) -> Slopes:
        """Worth at cells and what one unit more of each smooth clause changes.

        Args:
            far: the cells are far from any solution: a joint loss counts as a surplus does.
        """
        count, size = len(self.smooth), cells.size
        at = drawn(cells, self.smooth)
        moved = pick_cells(cells, np.tile(np.arange(size), count + 1))
        steps = np.empty((count, size))
        for place, one in enumerate(self.smooth):
            step = max(STEP * float(width[place]), 1e-6)
            steps[place] = np.where(at[place] + step > one.high, -step, step)
            part = slice((place + 1) * size, (place + 2) * size)
            values = read(moved, one.name).astype(float)
            values[part] += steps[place]
            moved = written(moved, one.name, values)
        moved = dataclasses.replace(moved, place=np.arange(moved.size))
        mine, over = (part.reshape(count + 1, size) for part in self._values(moved, 0.0, far))
        d_mine, d_over = ((part[1:] - part[0]) / steps for part in (mine, over))
        return Slopes(at, mine[0], over[0], d_mine, d_over)

    def _values(self, cells: Cells, margin: float, far: bool = False) -> tuple[Array, Array]:
        """(worth to the seat, what the other side has above its target): [L]."""
        total = self.middle.totals(cells)
        joint = total[0] + total[1]
        target = self.believed.least_asked(cells) * (joint if far else np.maximum(joint, 0.0))
        return total[0], total[1] - target - margin

    def _leading(self, cells: Cells, ok: Bools) -> Ints:
        """The best of the cells that would do, best first."""
        merit = self._values(cells, 0.0)[0]
        if self.mode is Mode.CLOSEST:  # a loss to the seat only where nothing else is near
            merit = -self._distance(cells) - FAR * (merit < 0.0)
        order = np.argsort(-np.where(ok, merit, -np.inf), kind="stable")
        order = order[: min(KEPT, int(ok.sum()))]
        return np.asarray(np.repeat(order, 2) if order.size == 1 else order)

    def _weights(self) -> Array:
        return np.array([self._weight(one.name) for one in self.smooth])

    def _weight(self, name: Name) -> float:
        """Distance of one unit of a clause."""
        if name.key in ("cash", "loan"):
            drafted = abs(float(read(self.draft, name)[0]))
            return 1.0 / max(drafted, CASH_PART * self.equity, 1.0)
        if name.key in ("new", "old"):
            return STAKE_WEIGHT / max(self.total[name.side], 1.0)
        if name == TERM:
            terms = self.ruleset.rules.terms
            return TERM_WEIGHT * (len(terms) - 1) / max(terms[-1] - terms[0], 1)
        return 1.0

    def _distance(self, cells: Cells) -> Array:
        """How far cells are from the draft: [L]."""
        like = repeated(self.draft, cells.size)
        out = np.zeros(cells.size)
        for one in self.dims:
            change = read(cells, one.name).astype(float) - read(like, one.name)
            out += self._weight(one.name) * np.abs(change)
        return out

    # ------------------------------------------------------------------------------ round figures

    def _rounded(self, cells: Cells, low: Array, high: Array, margin: float) -> Cells:
        """Cells with round strengths and sums, in the other side's favour."""
        free = any(one.name == CASH for one in self.smooth)
        slopes = self._slopes(cells, high - low) if self.smooth else None
        for place, one in enumerate(self.smooth):
            if one.name.key == "pledge" and slopes is not None:
                steps = read(cells, one.name) / STRENGTH
                up = slopes.d_over[place] > 0.0
                values = np.where(up, np.ceil(steps - 1e-7), np.floor(steps + 1e-7)) * STRENGTH
                drafted = float(read(self.draft, one.name)[0])
                kept = np.abs(read(cells, one.name) - drafted) < 1e-7
                values = np.where(kept, drafted, values)
                cells = written(cells, one.name, np.clip(values, low[place], high[place]))
        return self._with_cash(cells, low, high, margin) if free else cells

    def _with_cash(self, cells: Cells, low: Array, high: Array, margin: float) -> Cells:
        """Cells with the least cash that is enough, in round figures."""
        place = next(n for n, one in enumerate(self.smooth) if one.name == CASH)
        drafted = float(read(self.draft, CASH)[0])
        start = np.full(cells.size, low[place])
        if self.mode is Mode.CLOSEST:  # cash stays where it is while it is enough
            start = read(cells, CASH)
        bottom, top = start, np.full(cells.size, high[place])
        plenty = self._values(written(cells, CASH, start), margin)[1] >= 0.0
        for _ in range(HALVINGS):
            half = 0.5 * (bottom + top)
            good = self._values(written(cells, CASH, half), margin)[1] >= 0.0
            bottom, top = np.where(good, bottom, half), np.where(good, half, top)
        net = np.where(plenty, start, top)
        net = np.where(
            np.abs(net - drafted) < NEAR, drafted, np.minimum(round_net(net), high[place])
        )
        return written(cells, CASH, net)

    # ------------------------------------------------------------------------------- what is told

    def told(self, cells: Cells) -> Found:
        """A package with its worth and odds."""
        one = pick_cells(cells, np.array([0, 0]))
        total = self.middle.totals(one)
        return Found(
            one, total[0, :1], total[1, :1], self.believed.odds(one)[:1], self.dims, self.grid.size
        )

    def nothing(self) -> Found:
        """No package."""
        none = np.zeros(0)
        return Found(None, none, none, none, self.dims, self.grid.size)


def round_net(net: Array) -> Array:
    """Cash on balance in round figures, never less for the other side: [L]."""
    up = np.array([round_up(float(value)) for value in net])
    down = np.array([_round_down(-float(value)) for value in net])
    return np.where(net >= 0.0, up, -down)


def _round_down(amount: float) -> float:
    """A positive sum in three figures, never more."""
    if amount <= 0.0:
        return 0.0
    step = 10.0 ** (np.floor(np.log10(amount)) - 2)
    return round(float(np.floor(amount / step + 1e-9) * step), 9)
