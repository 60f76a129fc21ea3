"""What a seat loses when something is taken from it: a lever, deals, a quarter's move.

The same seat of the same worlds is played twice, once as strategists do and once without; the
difference of its score is what the thing is worth. Everybody else plays on as before.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from game.core.axes import Array, Bools, array_fields, take_worlds
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.lab.experiment import Tick
from game.lab.lively import Gate
from game.lab.tables import wilson
from game.play.observation_build import observe
from game.play.opening import first_state
from game.play.orders import Orders, no_orders
from game.play.turn import step
from game.policies.strategist import Strategist

LEVERS: dict[str, tuple[str, ...]] = {
    "spending": ("notch",),
    "mix": ("mix",),
    "prices": ("stance",),
    "focus": ("focus",),
    "entering": ("enter",),
    "leaving": ("leave",),
    "integrating": ("integrate",),
    "effort and breaches": ("effort", "break_pledge"),
    "auditing": ("investigate",),
    "statements": ("attack", "praise"),
    "capital": ("borrow", "issue", "dividend", "buy_back"),
    "projects": ("project",),
    "cards": ("choice",),
    "proposing": ("proposals",),
}
"""What a strategist may have to do without: fields of its orders that stay as they stand."""


@dataclass(frozen=True)
class Lost:
    """What a seat loses without something, over all seats and worlds."""

    name: str
    points: Array
    """[W] points of score, positive where it is missed."""
    won: Bools
    """[W] whether the seat won without it."""

    @property
    def mean(self) -> float:
        """Points."""
        return float(self.points.mean())

    @property
    def half_width(self) -> float:
        """Of the 95 % interval, points."""
        return 1.96 * float(self.points.std(ddof=1)) / float(np.sqrt(self.points.size))


class Lab:
    """Every seat in worlds of one seed: a lane a seat and world, in which that seat may differ."""

    def __init__(
        self, ruleset: Ruleset, opening: State, worlds: int, seed: int, tick: Tick
    ) -> None:
        self.ruleset, self.tick = ruleset, tick
        count = len(ruleset.companies)
        self.seat = np.repeat(np.arange(count), worlds)
        self.lane = np.arange(self.seat.size)
        self.world = np.tile(np.arange(worlds), count)
        self.player, self.everybody = Strategist(), np.arange(count)
        numbers = np.arange(worlds, dtype=np.uint64)
        once = first_state(ruleset, opening, np.full(worlds, seed, np.uint64), numbers)
        self.start = take_worlds(once, self.world)
        self.plain = take_worlds(self.finish(once), self.world)

    def orders(self, state: State) -> Orders:
        """Strategists in all seats."""
        view = observe(state, self.ruleset, self.everybody)
        return self.player.act(view, self.ruleset, self.everybody)

    def without(self, orders: Orders, names: tuple[str, ...], state: State) -> Orders:
        """Orders in which each lane's seat lets these fields stand."""
        still = no_orders(state, self.ruleset)
        changed: dict[str, Any] = {}
        for name in names:
            if name == "proposals":
                proposer = orders.proposals.proposer.copy()
                proposer[2 * self.seat, self.lane] = proposer[2 * self.seat + 1, self.lane] = -1
                changed[name] = dataclasses.replace(orders.proposals, proposer=proposer)
                continue
            field = getattr(orders, name).copy()
            axes = next(one for one in array_fields(Orders) if one.name == name).metadata["axes"]
            first = axes.index("N")
            ours, theirs = (np.moveaxis(one, first, 0) for one in (field, getattr(still, name)))
            ours[self.seat, ..., self.lane] = theirs[self.seat, ..., self.lane]
            changed[name] = field
        return dataclasses.replace(orders, **changed)

    def finish(self, state: State, names: tuple[str, ...] = (), barred: bool = False) -> State:
        """Play to the end, each lane's seat without some orders, or without anybody to talk to."""
        while state.active.any():
            state = self._silent(state) if barred else state
            orders = self.orders(state)
            if names:
                orders = self.without(orders, names, state)
            state, _ = step(state, self.ruleset, orders)
        self.tick(state.cash.shape[-1])
        return state

    def _silent(self, state: State) -> State:
        patience = state.patience.copy()
        patience[self.seat, :, self.lane] = patience[:, self.seat, self.lane].T * 0.0
        patience[:, self.seat, self.lane] = 0.0
        return replace(state, patience=patience)

    def lost(self, name: str, end: State) -> Lost:
        """What each lane's seat has lost against itself."""
        at = (self.seat, self.lane)
        return Lost(name, self.plain.score[at] - end.score[at], np.asarray(end.winner == self.seat))

    def passing(self, turns: tuple[int, ...]) -> Array:
        """Points that a strategist's orders of one quarter are worth: [turns, N], over worlds."""
        found = []
        state, every = self.start, tuple(name for names in LEVERS.values() for name in names)
        while state.turn <= max(turns) and state.active.any():
            orders = self.orders(state)
            if state.turn in turns:
                passed, _ = step(state, self.ruleset, self.without(orders, every, state))
                lost = self.lost("", self.finish(passed)).points
                found.append(lost.reshape(len(self.everybody), -1).mean(axis=1))
            state, _ = step(state, self.ruleset, orders)
        return np.array(found)


# ------------------------------------------------------------------------------------- gates


def depth_gates(lab: Lab) -> list[Gate]:
    """Everything measured, one line each."""
    out = []
    for lever in LEVERS:
        end = lab.finish(lab.start, LEVERS[lever])
        out.append(_worth("levers", lab.lost(lever, end)))
    out += _deal_gates(lab)
    return out


def _worth(group: str, lost: Lost) -> Gate:
    found = f"{lost.mean:+.1f} ± {lost.half_width:.1f} points"
    return Gate(
        group, lost.name, "costs at least 2 points when taken away", found, lost.mean >= 2.0
    )


def _deal_gates(lab: Lab) -> list[Gate]:
    lost = lab.lost("deals", lab.finish(lab.start, barred=True))
    fair = 1.0 / len(lab.ruleset.companies)
    wins, games = int(lost.won.sum()), lost.won.size
    low, high = wilson(wins, games)
    share = f"{100 * wins / games:.1f} % ({100 * low:.1f} to {100 * high:.1f})"
    scores = lab.plain.score[lab.seat, lab.lane].reshape(len(lab.everybody), -1)
    luck = float(scores.std(axis=1, ddof=1).mean())
    return [
        Gate(
            "deals", "a strategist that never deals",
            f"wins at most half its share, {50 * fair:.1f} %",
            share, wins / games <= 0.5 * fair,
        ),
        Gate(
            "deals", "a seat barred from deals",
            f"loses more than one s.d. of luck, {luck:.1f} points",
            f"{lost.mean:+.1f} ± {lost.half_width:.1f} points", lost.mean > luck,
        ),
    ]  # fmt: skip


def passing_gate(lab: Lab, turns: tuple[int, ...]) -> Gate:
    """How often letting a quarter pass is nearly as good as what a strategist does in it."""
    gains = lab.passing(turns)
    near, count = int((gains < 1.0).sum()), gains.size
    low, high = wilson(near, count)
    found = f"{100 * near / count:.0f} % ({100 * low:.0f} to {100 * high:.0f})"
    want = "within a point of the strategist's move in under a quarter of turns"
    return Gate("passing", "one quarter's move", want, found, near / count < 0.25)
