"""What would be enough: single changes of a package, each of which brings a side to its target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from game.core.axes import Array, Bools
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.bargaining import SLACK
from game.play.bilateral import Bilateral, flags_of, quotes_of
from game.play.cells import Cells, cells_of, facts_of_state
from game.play.dimensions import CASH, TERM, Name, read, repeated, written
from game.play.packages import Packages
from game.play.targets import mood_of, target_share

STEPS = 24
"""Halvings by which a change is found."""
FIGURES = 3
"""Figures to which a sum of money is rounded up."""
PART_STEP, STRENGTH_STEP = 0.001, 0.05
"""Of a company and of a full pledge: what stakes and strengths are rounded to."""


@dataclass(frozen=True)
class Enough:
    """One change that would do."""

    name: Name
    before: float
    after: float
    """Of the clause: USD m, shares, strength or quarters."""


def enough(
    packages: Packages,
    state: State,
    ruleset: Ruleset,
    worth: Array,
    cost: Array,
    patience: float,
    lane: int = 0,
) -> tuple[Enough, ...]:
    """Changes of the one package on the table of which each alone is enough for the counterparty.

    Args:
        packages: one row is used. worth, cost: [K, N, N, W] USD m a quarter.
        patience: of the counterparty, as it is now.

    Returns:
        Those that cost the proposer least first, as the counterparty reckons; empty when no
        single change is enough.
    """
    cells = cells_of(packages)
    if cells is None:
        return ()
    one, other = (int(who[0]) for who in cells.who)
    pair = Bilateral(
        facts_of_state(state, ruleset), quotes_of(one, other, worth, cost, lane), ruleset
    )
    tried = _Trial(pair, state, patience, lane)
    names, ends = _ends(tried, cells)
    base = repeated(cells, len(names))
    start = np.array([read(base, name)[place] for place, name in enumerate(names)], float)
    low, high = start.copy(), ends
    works = tried.over(_set(base, names, high)) >= 0.0
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        good = tried.over(_set(base, names, middle)) >= 0.0
        low, high = np.where(good, low, middle), np.where(good, middle, high)
    after = _rounded(names, start, np.where(_discrete(names), ends, high), tried, base)
    final = _set(base, names, after)
    works &= (tried.over(final) >= -SLACK) & (flags_of(final, state, ruleset) == 0)
    lost = pair.totals(base)[0] - pair.totals(final)[0]
    best: dict[tuple[str, int, int], int] = {}
    for place in np.argsort(lost, kind="stable").tolist():
        name = names[place]
        if works[place]:
            best.setdefault((name.key, name.side, name.kind), place)
    return tuple(Enough(names[p], float(start[p]), float(after[p])) for p in best.values())


class _Trial:
    """The counterparty's view of one talk."""

    def __init__(self, pair: Bilateral, state: State, patience: float, lane: int) -> None:
        self.pair, self.state, self.patience, self.lane = pair, state, patience, lane

    def over(self, cells: Cells) -> Array:
        """USD m above what the counterparty asks for: [L]."""
        state, ruleset = self.state, self.pair.ruleset
        total = self.pair.totals(cells)
        one, other = cells.who
        mood = mood_of(state.seed, state.world, state.turn, other, one, cells, ruleset)
        share = target_share(
            cells, np.ones(cells.size, np.int64), state.turn,
            np.full(cells.size, self.patience), mood, ruleset,
        )  # fmt: skip
        return np.asarray(total[1] - share * np.maximum(total[0] + total[1], 0.0))

    def total(self, side: int, cells: Cells) -> float:
        """Shares of a side."""
        return float(self.pair.pairing(cells).count[side, 0])


def _ends(tried: _Trial, cells: Cells) -> tuple[list[Name], Array]:
    """Clauses that could move the counterparty's way, and how far each may go."""
    pairing = tried.pair.pairing(cells)
    ruleset, rules = pairing.ruleset, pairing.ruleset.rules
    found: list[tuple[Name, float]] = [
        (CASH, max(float(pairing.purse[0, 0]), float(read(cells, CASH)[0])))
    ]
    room = (1.0 - rules.outside_floor) / rules.outside_floor
    most = max(tried.total(0, cells) * room, float(cells.new_shares[0, 0]))
    found.append((Name("new", 0), most))
    if cells.new_shares[1, 0] > 0:
        found.append((Name("new", 1), 0.0))
    if cells.old_shares[1, 0] > 0:
        found.append((Name("old", 1, int(cells.old_issuer[1, 0])), 0.0))
    for kind in range(len(ruleset.pledges)):
        if cells.pledge[0, kind, 0] < 1.0:
            found.append((Name("pledge", 0, kind), 1.0))
        if cells.pledge[1, kind, 0] > 0.0:
            found.append((Name("pledge", 1, kind), 0.0))
    if (cells.pledge > 0.0).any():
        found += [(TERM, float(term)) for term in rules.terms if term != cells.term[0]]
    return [name for name, _ in found], np.array([end for _, end in found])


def _discrete(names: list[Name]) -> Bools:
    return np.array([name.key == "term" for name in names])


def _set(base: Cells, names: list[Name], values: Array) -> Cells:
    """Each of the equal cells with its own clause set."""
    for place, name in enumerate(names):
        now = read(base, name).astype(float)
        now[place] = values[place]
        whole = name.key in ("new", "old")
        base = written(base, name, np.ceil(now).astype(np.int64) if whole else now)
    return base


def _rounded(names: list[Name], before: Array, after: Array, tried: _Trial, base: Cells) -> Array:
    """Changes a little larger, in round figures."""
    out = after.copy()
    for place, name in enumerate(names):
        value = float(after[place])
        up = value >= before[place]
        if name.key == "cash":
            out[place] = before[place] + round_up(value - float(before[place]))
        elif name.key == "pledge":
            steps = value / STRENGTH_STEP
            step = np.ceil(steps - 1e-9) if up else np.floor(steps + 1e-9)
            out[place] = min(max(step * STRENGTH_STEP, 0.0), 1.0)
        elif name.key == "new":
            total = tried.total(name.side, base)
            steps = value / (total + value) / PART_STEP
            part = (np.ceil(steps - 1e-9) if up else np.floor(steps + 1e-9)) * PART_STEP
            out[place] = np.floor(part / (1.0 - part) * total + 0.5)
        else:
            out[place] = np.floor(value)
    return out


def round_up(amount: float) -> float:
    """A positive sum in so many figures, never less."""
    if amount <= 0.0:
        return 0.0
    step = 10.0 ** (np.floor(np.log10(amount)) - FIGURES + 1)
    return round(float(np.ceil(amount / step - 1e-9) * step), 9)
