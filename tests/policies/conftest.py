"""A few quarters of the lesson, for players to look at."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from game.play.observation_build import observe
from game.play.opening import first_state
from game.play.orders import merge_orders, no_orders
from game.play.turn import step
from game.policies.registry import seating
from game.scenario.loader import load

SEED = 11


class Board:
    """A scenario with the verbs that these tests need."""

    def __init__(self, path: Path, quarters: int | None = None) -> None:
        scenario = load(path)
        self.ruleset, self.opening = scenario.ruleset, scenario.opening
        if quarters is not None:
            rules = dataclasses.replace(self.ruleset.rules, quarters=quarters)
            self.ruleset = dataclasses.replace(self.ruleset, rules=rules)
        self.seats = np.arange(len(self.ruleset.companies))

    def start(self, worlds: int, first: int = 0):
        numbers = np.arange(first, first + worlds, dtype=np.uint64)
        return first_state(self.ruleset, self.opening, np.full(worlds, SEED, np.uint64), numbers)

    def view(self, state, seats=None):
        return observe(state, self.ruleset, self.seats if seats is None else np.asarray(seats))

    def orders(self, state, spec: str):
        whole = no_orders(state, self.ruleset)
        for policy, seats in seating(spec, self.ruleset):
            rows = np.asarray(seats)
            part = policy.act(observe(state, self.ruleset, rows), self.ruleset, rows)
            whole = merge_orders(whole, part, rows)
        return whole

    def play(self, state, spec: str, quarters: int):
        """The state after some quarters, and their reports."""
        reports = []
        for _ in range(quarters):
            state, report = step(state, self.ruleset, self.orders(state, spec))
            reports.append(report)
        return state, reports


@pytest.fixture(scope="session")
def lesson(lesson_path: Path) -> Board:
    return Board(lesson_path)


@pytest.fixture(scope="session")
def long_lesson(lesson_path: Path) -> Board:
    """The lesson over forty quarters."""
    return Board(lesson_path, quarters=40)


@pytest.fixture(scope="session")
def flagship(root: Path) -> Board:
    """The Alibaba-Meizu game."""
    return Board(root / "scenarios" / "alibaba-meizu.yaml")
