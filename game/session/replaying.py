"""Playing a recorded game again, and saying whether it comes out the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from game.core.errors import GameError, SaveError
from game.session.draft import draft_of
from game.session.game import Game
from game.session.record import final_facts, scenario_of
from game.storage.replays import Replay, read_replay

TOLERANCE = 1e-6
"""Relative; the last bit of an exponential differs between machines."""


@dataclass(frozen=True)
class Replayed:
    """A replay as it came out."""

    game: Game
    differences: tuple[str, ...]
    """Figures that differ, each with both values; empty when all are the same."""


def replay_file(path: Path, tick: Callable[[int, int], None] = lambda done, of: None) -> Replayed:
    """Play a replay (or the orders of a save) from its first quarter.

    Args:
        tick: called with (quarters played, quarters in all).

    Raises:
        SaveError: the file or its scenario cannot be used; one clear line.
    """
    recorded = read_replay(path)
    try:
        game = _begin(recorded, str(path))
        for place, facts in enumerate(recorded.orders):
            if game.over:
                raise SaveError(f"the game ended before quarter {place + 1}", str(path))
            game.draft = draft_of(facts)
            game.end_turn()
            tick(place + 1, len(recorded.orders))
        return Replayed(game, differences(recorded, game))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as error:
        what = f"the contents cannot be understood ({type(error).__name__})"
        raise SaveError(what, str(path)) from None


def _begin(recorded: Replay, where: str) -> Game:
    scenario = scenario_of(recorded.scenario, where)
    try:
        game = Game.new(scenario, recorded.seat, recorded.seed, recorded.rivals)
    except GameError as error:
        raise SaveError(error.what, where, error.try_) from None
    game.autosaves = game.delegates = False
    return game


def differences(recorded: Replay, game: Game) -> tuple[str, ...]:
    """Figures at the end that differ from the recorded ones."""
    found = final_facts(game.state)
    out = []
    for name, wanted in recorded.final.items():
        got = found.get(name)
        if got is None or not _same(wanted, got):
            out.append(f"{name}: recorded {wanted}, came out {got}")
    return tuple(out)


def _same(one: object, other: object) -> bool:
    left, right = np.asarray(one, np.float64), np.asarray(other, np.float64)
    return left.shape == right.shape and bool(
        np.allclose(left, right, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
    )
