"""The solver: packages that the other side would accept, by what a seat believes.

    work     what of mine would make this draft work?
    ask      what would they give me for this?
    best     the best for me that they accept
    closest  the nearest to my draft that they accept

Stakes and terms are tried one by one; in cash, pledges and further clauses worth is a straight
line, so the best exchange is found exactly (:mod:`game.play.linear`), measured again where it lies,
and rounded in the other side's favour; clauses that are there or are not are tried both ways at
last. What is not found does not exist in the ranges searched, as the seat sees it. True states are
never looked at: everything comes from :class:`game.play.odds.Believed`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.play.asking import round_up
from game.play.bargaining import LEAST_PATIENCE
from game.play.cells import Cells, pick_cells, two_lists
from game.play.dimensions import (
    CASH,
    TERM,
    Dimension,
    Name,
    drawn,
    put,
    read,
    repeated,
    written,
)
from game.play.linear import Slopes, dearest, nearest
from game.play.odds import Believed
from game.play.packages import Extra
from game.play.solver_question import MONEY, Mode, Question
from game.play.terms import appraise_cells, pledges_worth

SURE = 0.8
"""Odds of a yes that are aimed at."""
KEPT, FEW = 24, 4
"""Points of the grid that are looked at closely, and packages whose clauses are turned at last."""
PASSES, POLISHES, HALVINGS = 2, 2, 12
STRENGTH = 0.05
"""Step to which pledges are rounded."""
STEP = 1e-3
"""Of its range: how far a clause is moved to measure what it is worth."""
NEAR, FAR = 1e-6, 1e6
TERM_WEIGHT, STAKE_WEIGHT, CLAUSE_WEIGHT = 0.3, 10.0, 0.5
"""Distance of one choice of term, of a whole company, and of a clause that is there or is not,
where a full pledge counts one."""
COARSER = 4
"""Stakes of the grid, so many together, at which further clauses are weighed the same at first."""
CASH_PART = 0.02
"""Of the smaller company: cash that counts as far as a full pledge."""


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


class _Search(Question):
    """One question with its answer: what is worth what."""

    _over_grid: Slopes | None = None

    # ------------------------------------------------------------------------------- the search

    def best(self, margin: float) -> Cells | None:
        """The best package in the middle of beliefs, twice; None when there is none.

        Args:
            margin: USD m that the other side is to have above the least that it asks for.
        """
        if not self.grid.size:
            return None
        found = self._found((*self.smooth, *self.bound), self._first_slopes(), margin)
        if found is None and len(self.dims) > len(self.stepped) + self.plain:
            # many clauses at once bend: money, shares and pledges alone may do where they did not
            plain = self.smooth[: self.plain]
            found = self._found(plain, self._slopes(self.grid, plain, far=True), margin)
        return found

    def _found(
        self, dims: tuple[Dimension, ...], slopes: Slopes | None, margin: float
    ) -> Cells | None:
        """The best package that differs from the grid in these clauses, twice."""
        smooth = tuple(one for one in dims if one in self.smooth)
        cells, ok = self._step(self.grid, smooth, slopes, margin)
        for _ in range(PASSES):
            chosen = self._leading(cells, ok)
            if not chosen.size:
                return None
            cells = pick_cells(cells, chosen)
            cells, ok = self._step(cells, dims, self._slopes(cells, dims), margin)
        cells = self._rounded(cells, margin)
        for _ in range(POLISHES):
            chosen = self._leading(cells, self._fine(cells, margin))
            some = chosen if chosen.size else np.arange(cells.size)
            cells = self._turned(pick_cells(cells, some[:FEW]), margin)
        chosen = self._leading(cells, self._fine(cells, margin))
        return None if not chosen.size else pick_cells(cells, np.repeat(chosen[:1], 2))

    def _fine(self, cells: Cells, margin: float) -> Bools:
        """Cells that would do and could be settled: [L]."""
        mine, over = self._values(cells, margin)
        ok = over >= -NEAR
        if self.mode in (Mode.BEST, Mode.ASK):
            ok &= mine >= 0.0
        return np.asarray(ok & ((self.flags(cells) & ~MONEY) == 0))

    def _turned(self, cells: Cells, margin: float) -> Cells:
        """Cells, and after them each with one further clause put in or taken out."""
        dims = (*self.smooth[self.plain :], *self.bound)
        size, every = cells.size, cells
        cells = pick_cells(cells, np.tile(np.arange(size), len(dims) + 1))
        for place, one in enumerate(dims):
            part = slice((place + 1) * size, (place + 2) * size)
            values = read(cells, one.name).astype(float)
            there = values[part] != 0.0
            most = one.high if one.high > 0.0 else one.low
            values[part] = np.where(there, 0.0, most if one.whole else 0.0)
            values[part] = np.clip(values[part], one.low, one.high)
            cells = put(cells, one, values)
        cells = dataclasses.replace(cells, place=np.arange(cells.size))
        cash = [one for one in self.smooth if one.name == CASH]
        if not dims:
            return every
        if cash:
            return self._with_cash(cells, cash[0], margin)
        pledges = self.smooth[: self.plain]  # they are what is left to pay with
        again, _ = self._step(cells, pledges, self._slopes(cells, pledges), margin)
        both = two_lists(cells, self._rounded(again, margin))
        assert both is not None
        return dataclasses.replace(both, place=np.arange(both.size))

    def _step(
        self, cells: Cells, dims: tuple[Dimension, ...], slopes: Slopes | None, margin: float
    ) -> tuple[Cells, Bools]:
        """Cells moved to the best that the slopes there promise, and whether they would do.

        Clauses that are there or are not are tried both ways where a part of one would do.
        """
        if slopes is None:
            return cells, self._values(cells, margin)[1] >= -NEAR
        slopes = dataclasses.replace(slopes, over=slopes.over - margin)
        low, high = (np.array(ends) for ends in zip(*((d.low, d.high) for d in dims), strict=True))
        lows = np.broadcast_to(low[:, None], slopes.at.shape)
        highs = np.broadcast_to(high[:, None], slopes.at.shape)
        if self.mode is Mode.CLOSEST:
            start = np.clip(drawn(repeated(self.draft, cells.size), dims), lows, highs)
            x, ok = nearest(slopes, start, lows, highs, self._weights(dims))
        else:
            x, ok = dearest(slopes, lows, highs)
        for place, one in enumerate(dims):
            cells = put(cells, one, _in_steps(x[place], slopes.d_over[place], one))
        return _one_lender(cells), ok

    def _first_slopes(self) -> Slopes | None:
        """Slopes at all points of the grid, kept for all margins; those of further clauses at
        points that stand for their neighbours."""
        if self._over_grid is None and self.smooth:
            plain, further = self.smooth[: self.plain], self.smooth[self.plain :]
            found = self._slopes(self.grid, plain, far=True)
            if further and found is not None:
                few, like = self._neighbours()
                more = self._slopes(pick_cells(self.grid, few), further, far=True)
                assert more is not None
                found = dataclasses.replace(
                    found,
                    at=np.concatenate([found.at, np.take(more.at, like, axis=1)]),
                    d_mine=np.concatenate([found.d_mine, np.take(more.d_mine, like, axis=1)]),
                    d_over=np.concatenate([found.d_over, np.take(more.d_over, like, axis=1)]),
                )
            self._over_grid = found
        return self._over_grid

    def _neighbours(self) -> tuple[Ints, Ints]:
        """(points of the grid that stand for others, which of them each point is like)."""
        key = np.zeros(self.grid.size, np.int64)
        for one in self.stepped:
            place = np.searchsorted(one.grid, read(self.grid, one.name).astype(float) - 0.5)
            key = key * (len(one.grid) + 1) + (place if one.name == TERM else place // COARSER)
        _, few, like = np.unique(key, return_index=True, return_inverse=True)
        return (np.repeat(few, 2), like) if few.size == 1 else (few, like)

    def _slopes(
        self, cells: Cells, dims: tuple[Dimension, ...], far: bool = False
    ) -> Slopes | None:
        """Worth at cells and what one unit more of each clause changes; None without clauses.

        Args:
            far: the cells are far from any solution: a joint loss counts as a surplus does.
        """
        if not dims:
            return None
        count, size = len(dims), cells.size
        at = drawn(cells, dims)
        moved = pick_cells(cells, np.tile(np.arange(size), count + 1))
        steps = np.empty((count, size))
        for place, one in enumerate(dims):
            step = one.step if one.step > 0.0 else max(STEP * (one.high - one.low), 1e-6)
            if one.step > 0.0 and not one.whole:
                step = max(np.ceil(STEP * (one.high - one.low) / one.step), 1.0) * one.step
            steps[place] = np.where(at[place] + step > one.high, -step, step)
            part = slice((place + 1) * size, (place + 2) * size)
            values = read(moved, one.name).astype(float)
            values[part] += steps[place]
            moved = put(moved, one, values)
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

    def _weights(self, dims: tuple[Dimension, ...]) -> Array:
        return np.array([self._weight(one) for one in dims])

    def _weight(self, one: Dimension) -> float:
        """Distance of one unit of a clause."""
        name = one.name
        if one.whole:
            return CLAUSE_WEIGHT / one.step
        if name.key in ("cash", "loan", "instalment"):
            drafted = abs(float(read(self.draft, name)[0]))
            return 1.0 / max(drafted, CASH_PART * self.equity, 1.0)
        if name.key == "new":
            return STAKE_WEIGHT / max(self.total[name.side], 1.0)
        if name.key == "old":
            return 1.0 / max(one.high, 1.0)
        if name.key == "call_stake":
            return STAKE_WEIGHT
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
            out += self._weight(one) * np.abs(change)
        return out

    # ------------------------------------------------------------------------------ round figures

    def _rounded(self, cells: Cells, margin: float) -> Cells:
        """Cells with round strengths and sums, in the other side's favour."""
        slopes = self._slopes(cells, self.smooth)
        for place, one in enumerate(self.smooth if slopes is not None else ()):
            if one.name.key not in ("pledge", "loan", "instalment"):
                continue
            assert slopes is not None
            now, drafted = read(cells, one.name), float(read(self.draft, one.name)[0])
            up = slopes.d_over[place] > 0.0
            if one.name.key == "pledge":
                steps = now / STRENGTH
                values = np.where(up, np.ceil(steps - 1e-7), np.floor(steps + 1e-7)) * STRENGTH
            else:
                values = np.where(up, round_net(now), -round_net(-now))
            values = np.where(np.abs(now - drafted) < 1e-7, drafted, values)
            cells = put(cells, one, np.clip(values, one.low, one.high))
        cash = [one for one in self.smooth if one.name == CASH]
        return self._with_cash(cells, cash[0], margin) if cash else cells

    def _with_cash(self, cells: Cells, one: Dimension, margin: float) -> Cells:
        """Cells with the least cash that is enough, in round figures."""
        drafted = float(read(self.draft, CASH)[0])
        over = self._over_by_cash(cells, margin)
        start = np.full(cells.size, one.low)
        if self.mode is Mode.CLOSEST:  # cash stays where it is while it is enough
            start = read(cells, CASH)
        bottom, top = start, np.full(cells.size, one.high)
        short, most = over(start), over(top)
        plenty, weight = short >= 0.0, np.ones(cells.size)
        for _ in range(HALVINGS):  # by the chord, which is bent where one end stays (Illinois)
            part = most / np.maximum(most - weight * short, 1e-12)
            half = top + (bottom - top) * np.clip(part, 0.02, 0.98)
            found = over(half)
            good = found >= 0.0
            weight = np.where(good, 0.5 * weight, 1.0)
            bottom, short = np.where(good, bottom, half), np.where(good, short, found)
            top, most = np.where(good, half, top), np.where(good, found, most)
        net = np.where(plenty, start, top)
        net = np.where(np.abs(net - drafted) < NEAR, drafted, np.minimum(round_net(net), one.high))
        return written(cells, CASH, net)

    def _over_by_cash(self, cells: Cells, margin: float) -> Callable[[Array], Array]:
        """What the other side has above its target, by the cash on balance: [L] to [L]."""
        pairing = self.middle.pairing(cells)
        pledged = pledges_worth(cells, pairing)
        asked = self.believed.least_asked(cells)

        def over(net: Array) -> Array:
            total = appraise_cells(written(cells, CASH, net), pairing, pledged).total
            return np.asarray(total[1] - asked * np.maximum(total[0] + total[1], 0.0) - margin)

        return over

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


def _in_steps(x: Array, d_over: Array, one: Dimension) -> Array:
    """Values in whole steps, in the other side's favour: [L]."""
    if one.step <= 0.0:
        return x
    steps = x / one.step
    up = np.where(d_over > 0.0, np.ceil(steps - 1e-6), np.floor(steps + 1e-6))
    return np.clip(up * one.step, one.low, one.high)


def _one_lender(cells: Cells) -> Cells:
    """Cells in which one side lends at most."""
    both = (cells.loan > 0.0).all(axis=0)
    if not both.any():
        return cells
    keep = both & (cells.loan == cells.loan.max(axis=0))
    loan = np.where(both & ~keep, 0.0, cells.loan)
    extra = cells.extra.copy()
    extra[:, Extra.CONVERT_PRICE] *= loan[::-1] > 0.0
    return dataclasses.replace(cells, loan=loan, extra=extra)


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
