"""Games of the lesson and the flagship, and a folder of their own for a person's files."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from game.resources import find_scenario
from game.scenario.loader import Scenario, load
from game.session.game import Game


@cache
def scenario_named(name: str) -> Scenario:
    return load(find_scenario(name))


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    monkeypatch.setenv("MINORITY_STAKE_HOME", str(home))
    return home


@pytest.fixture
def lesson() -> Scenario:
    return scenario_named("lesson")


@pytest.fixture
def flagship() -> Scenario:
    return scenario_named("alibaba-meizu")


NewGame = Callable[..., Game]


@pytest.fixture
def begin() -> NewGame:
    """``begin("lesson", "kite", seed=7, rivals="strategist")`` without autosaves."""

    def make(name: str = "lesson", seat: str = "kite", seed: int = 7, **options: str) -> Game:
        scenario = scenario_named(name)
        game = Game.new(scenario, scenario.ruleset.company(seat), seed, **options)
        game.autosaves = False
        return game

    return make
