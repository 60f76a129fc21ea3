"""What would be enough: single changes of a package, each of which brings a side to its target."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from game.core.axes import Array, Bools
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.bargaining import SLACK
from game.play.bilateral import Bilateral, flags_of, quotes_of
from game.play.cells import Cells, cells_of
from game.play.deal_facts import facts_of_state
from game.play.dimensions import CASH, TERM, Dimension, Name, put, read, repeated
from game.play.further_dimensions import further_dimensions, of_pledges, with_rate
from game.play.packages import Packages
from game.play.pairing import Pairing
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
    """Of the clause: USD m, shares, strength, quarters, or as its slot has it."""
    tied: tuple[tuple[Name, float], ...] = ()
    """What else is written with it, such as the price of an option."""


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
    cells = with_rate(cells, ruleset)
    dims, ends = _ends(tried, cells)
    base = repeated(cells, len(dims))
    start = np.array([read(base, one.name)[place] for place, one in enumerate(dims)], float)
    low, high = start.copy(), ends
    works = tried.over(_set(base, dims, high)) >= 0.0
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        good = tried.over(_set(base, dims, middle)) >= 0.0
        low, high = np.where(good, low, middle), np.where(good, middle, high)
    after = _rounded(dims, start, np.where(_discrete(dims), ends, high), tried, base)
    final = _set(base, dims, after)
    works &= (tried.over(final) >= -SLACK) & (flags_of(final, state, ruleset) == 0)
    lost = pair.totals(base)[0] - pair.totals(final)[0]
    best: dict[tuple[str, int, int], int] = {}
    for place in np.argsort(lost, kind="stable").tolist():
        name = dims[place].name
        if works[place]:
            best.setdefault((name.key, name.side, name.kind), place)
    return tuple(
        Enough(dims[p].name, float(start[p]), float(after[p]), dims[p].tied) for p in best.values()
    )


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


def _ends(tried: _Trial, cells: Cells) -> tuple[list[Dimension], Array]:
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
    plain = [(Dimension(name, min(end, 0.0), max(end, 0.0)), end) for name, end in found]
    every = plain + _further_ends(cells, pairing)
    return [one for one, _ in every], np.array([end for _, end in every])


def _further_ends(cells: Cells, pairing: Pairing) -> list[tuple[Dimension, float]]:
    """Further clauses that the proposer could add, and those that it could do without."""
    found: list[tuple[Dimension, float]] = []
    purse = (float(pairing.purse[0, 0]), float(pairing.purse[1, 0]))
    for one in (*further_dimensions(cells, pairing, purse), *of_pledges(cells, pairing)):
        name, now = one.name, float(read(cells, one.name)[0])
        bound = name.key in ("exclusive", "regions")
        if bound and not cells.pledge[name.side, name.kind, 0] > 0.0:
            continue
        mine, most = name.side == 0, one.high if one.high > 0.0 else one.low
        if name.key == "regions":  # mine go further, theirs less far
            if mine == (now > 0.0):
                found.append((one, 0.0 if mine else most))
        elif name.key == "old" and not mine:
            continue  # among the plain ones
        elif mine and abs(now) < abs(most):
            if name.key == "loan" and not cells.loan[:, 0].any():
                rate = (Name("rate"), float(cells.loan_rate[0]))
                one = dataclasses.replace(one, tied=(*one.tied, rate))
            found.append((one, most))
        elif not mine and now != 0.0:
            found.append((one, 0.0))
    return found


def _discrete(dims: list[Dimension]) -> Bools:
    return np.array([one.name == TERM or one.whole for one in dims])


def _set(base: Cells, dims: list[Dimension], values: Array) -> Cells:
    """Each of the equal cells with its own clause set."""
    for place, one in enumerate(dims):
        now = read(base, one.name).astype(float)
        now[place] = values[place]
        whole = one.name.key in ("new", "old")
        base = put(base, one, np.ceil(now).astype(np.int64) if whole else now)
    return base


def _rounded(
    dims: list[Dimension], before: Array, after: Array, tried: _Trial, base: Cells
) -> Array:
    """Changes a little larger, in round figures."""
    out = after.copy()
    for place, one in enumerate(dims):
        name, start, value = one.name, float(before[place]), float(after[place])
        up = value >= start
        if name == TERM or one.whole:
            continue
        if name.key == "cash":
            out[place] = start + round_up(value - start)
        elif name.key in ("loan", "instalment"):
            change = min(round_up(abs(value - start)), one.high if up else start)
            out[place] = start + change if up else start - change
        elif name.key in ("pledge", "call_stake"):
            step = one.step or STRENGTH_STEP
            steps = value / step
            whole = np.ceil(steps - 1e-9) if up else np.floor(steps + 1e-9)
            out[place] = min(max(whole * step, 0.0), 1.0)
        elif name.key == "new":
            total = tried.total(name.side, base)
            steps = value / (total + value) / PART_STEP
            part = (np.ceil(steps - 1e-9) if up else np.floor(steps + 1e-9)) * PART_STEP
            out[place] = np.floor(part / (1.0 - part) * total + 0.5)
        else:
            out[place] = np.ceil(value) if up else np.floor(value)
    return out


def round_up(amount: float) -> float:
    """A positive sum in so many figures, never less."""
    if amount <= 0.0:
        return 0.0
    step = 10.0 ** (np.floor(np.log10(amount)) - FIGURES + 1)
    return round(float(np.ceil(amount / step - 1e-9) * step), 9)
