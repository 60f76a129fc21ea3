"""The flagship over any number of quarters, for tests of whole games."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from game.core.ruleset import Ruleset
from game.core.state import State
from game.lab.runner import orders_of
from game.play.opening import first_state
from game.play.report import Report
from game.play.turn import step
from game.policies.registry import seating
from game.scenario.loader import load


class Game:
    """A scenario whose rules may be changed, with the verbs that these tests need."""

    def __init__(self, path: Path, **rules: Any) -> None:
        found = load(path)
        self.opening = found.opening
        self.ruleset: Ruleset = dataclasses.replace(
            found.ruleset, rules=dataclasses.replace(found.ruleset.rules, **rules)
        )

    def start(self, worlds: int, seed: int = 5, first: int = 0) -> State:
        numbers = np.arange(first, first + worlds, dtype=np.uint64)
        return first_state(self.ruleset, self.opening, np.full(worlds, seed, np.uint64), numbers)

    def quarter(self, state: State, spec: str) -> tuple[State, Report]:
        return step(state, self.ruleset, orders_of(state, self.ruleset, self.seats(spec)))

    def seats(self, spec: str) -> Any:
        return seating(spec, self.ruleset)


@pytest.fixture(scope="module")
def flagship_path(root: Path) -> Path:
    return root / "scenarios" / "alibaba-meizu.yaml"


@pytest.fixture(scope="module")
def endless(flagship_path: Path) -> Callable[[int], Game]:
    """The flagship with games of so many quarters, whatever path is held."""
    return lambda quarters: Game(flagship_path, quarters=quarters, path_quarters=10_000)


@pytest.fixture(scope="module")
def calm(flagship_path: Path) -> Game:
    """The flagship without luck, of supply too."""
    game = Game(flagship_path, quality_luck=0.0, demand_luck=0.0, sentiment_sd=0.0)
    never = np.zeros_like(game.ruleset.shortage_hazard)
    game.ruleset = dataclasses.replace(game.ruleset, shortage_hazard=never)
    return game
