"""Playing a block of games to their end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints, take_worlds
from game.core.errors import UserError
from game.core.ruleset import Ruleset
from game.core.state import State
from game.lab.metrics import GAME_COLUMNS, TURN_METRICS, Tally, game_columns, turn_row
from game.play.observation_build import observe
from game.play.opening import first_state
from game.play.orders import Orders, gather_orders
from game.play.policy import Policy
from game.play.turn import step

Seating = tuple[tuple[Policy, tuple[int, ...]], ...]
"""Policies and the companies that each plays."""


@dataclass(frozen=True)
class BlockResult:
    """Games of a block, worlds in their order."""

    world: AnyArray
    """[W] world numbers."""
    final: Mapping[str, Array]
    """Column name to [N, W]."""
    winner: AnyArray
    """[W] company."""
    end_turn: AnyArray
    """[W] quarter."""
    end_cause: AnyArray
    """[W] core.ruleset.EndCause."""
    trace: Array
    """[T, metrics, N, W] float32; nan after a game's end."""
    watched: Array
    """[T, N + 1, X, W] m units in the markets watched, the fringe last; nan after the end."""


def orders_of(state: State, ruleset: Ruleset, seating: Seating) -> Orders:
    """Orders of every seat, each policy called once for all its seats."""
    parts = []
    for policy, seats in seating:
        rows = np.asarray(seats, np.int64)
        parts.append((policy.act(observe(state, ruleset, rows), ruleset, rows), rows))
    return gather_orders(state, ruleset, parts)


class _Results:
    """Where games leave their figures as they end."""

    def __init__(self, ruleset: Ruleset, count: int, watch: Ints) -> None:
        companies, quarters = len(ruleset.companies), ruleset.rules.quarters
        self.final = {name: np.zeros((companies, count)) for name in GAME_COLUMNS}
        self.winner = np.zeros(count, np.int64)
        self.end_turn = np.zeros(count, np.int64)
        self.end_cause = np.zeros(count, np.int64)
        self.trace = np.full((quarters, len(TURN_METRICS), companies, count), np.nan, np.float32)
        self.watch = watch
        self.watched = np.full((quarters, companies + 1, len(watch), count), np.nan)

    def note(self, turn: int, keep: Bools, places: AnyArray, row: Array, state: State) -> None:
        """A quarter's figures of the worlds to keep: [W] of the block, and where they belong."""
        self.trace[turn][:, :, places] = row[:, :, keep]
        if len(self.watch):
            self.watched[turn][:-1, :, places] = state.units[:, self.watch][:, :, keep]
            self.watched[turn][-1][:, places] = state.fringe_units[self.watch][:, keep]

    def store(
        self, lanes: AnyArray, places: AnyArray, columns: Mapping[str, Array], state: State
    ) -> None:
        for name, values in columns.items():
            self.final[name][:, places] = values[:, lanes]
        self.winner[places] = state.winner[lanes]
        self.end_turn[places] = state.end_turn[lanes]
        self.end_cause[places] = state.end_cause[lanes]


def play_block(
    ruleset: Ruleset,
    opening: State,
    seating: Seating,
    seed: int,
    worlds: AnyArray,
    tick: Callable[[int], None] | None = None,
    watch: Sequence[int] = (),
) -> BlockResult:
    """Play these worlds to their end.

    A world's game is the same whatever else is in the block. Ended games are set aside once they
    make up half of the block.

    Args:
        worlds: [W] world numbers under the seed.
        tick: called with the number of games that have ended since the last call.
        watch: markets whose units are kept quarter by quarter.
    """
    numbers = np.asarray(worlds, np.uint64)
    count = len(numbers)
    padded = np.resize(numbers, max(count, 2))
    state = first_state(ruleset, opening, np.full(len(padded), seed, np.uint64), padded)
    places = np.arange(len(padded))
    tally = Tally(len(ruleset.companies), len(padded))
    results = _Results(ruleset, count, np.asarray(watch, np.int64))
    while state.active.any():
        live = state.active
        turn = state.turn
        state, report = step(state, ruleset, orders_of(state, ruleset, seating))
        tally.add(report, live)
        keep = live & (places < count)
        results.note(turn, keep, places[keep], turn_row(state, report, ruleset), state)
        ended = keep & ~state.active
        if ended.any():
            lanes = np.flatnonzero(ended)
            results.store(lanes, places[lanes], game_columns(state, report, tally, ruleset), state)
            if tick:
                tick(int(ended.sum()))
        state, tally, places = _compact(state, tally, places)
    return BlockResult(
        numbers,
        results.final,
        results.winner,
        results.end_turn,
        results.end_cause,
        results.trace,
        results.watched,
    )


def _compact(state: State, tally: Tally, places: AnyArray) -> tuple[State, Tally, AnyArray]:
    playing = np.flatnonzero(state.active)
    if not len(playing) or len(playing) * 2 > len(places) or len(places) <= 2:
        return state, tally, places
    lanes = playing if len(playing) >= 2 else np.append(playing, np.flatnonzero(~state.active)[0])
    return take_worlds(state, lanes), tally.take(lanes), places[lanes]


def check_games(games: int) -> None:
    """Refuse impossible numbers of games."""
    if games < 1:
        raise UserError(f"cannot play {games} games", "--games", "give 1 or more")
