"""A window of the whole game under the dummy driver, driven by posted events."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from game.resources import find_scenario
from game.scenario.loader import Scenario, load
from game.session.game import Game
from game.ui.app import make_window
from game.ui.settings import Settings
from game.ui.window import Window

PATIENCE_SECONDS = 120.0
Open = Callable[..., Window]


class Player:
    """A person at the window: clicks, presses, waits."""

    def __init__(self, window: Window) -> None:
        self.window, self.app = window, window.app

    @property
    def game(self) -> Game:
        """The open game."""
        assert self.window.game is not None
        return self.window.game

    def wait(self) -> None:
        """Pump until the work behind the window is over."""
        end = time.monotonic() + PATIENCE_SECONDS
        while self.window.busy:
            assert time.monotonic() < end, "the window is still busy"
            time.sleep(0.005)
            self.app.pump()
        self.app.pump()

    def see(self, name: str) -> None:
        """Scroll until a widget is in sight."""
        self.app.reveal(self.app.find(name))
        self.app.pump()

    def click(self, name: str, part: str | None = None) -> None:
        """Scroll to a widget, click it, and wait for what that began."""
        if part is None:
            self.see(name)
        self.app.click(name, part)
        self.wait()

    def press(self, *chords: str) -> None:
        """Press keys, and wait for what they began."""
        self.app.press(*chords)
        self.wait()

    def choose(self, name: str, words: str) -> None:
        """Pick the option of a drop-down that begins with these words."""
        self.click(name)
        drop = self.app.find(name)
        options = [option.text for option in drop.options]  # type: ignore[attr-defined]
        row = next(i for i, text in enumerate(options) if text.startswith(words))
        self.app.press("home", *["down"] * row, "enter")
        self.wait()

    def end_quarter(self) -> None:
        """End the quarter by its button."""
        before = self.game.turn
        self.click("end_turn")
        assert self.game.turn == before + 1, self.toasts()

    def toasts(self) -> list[str]:
        """Messages that show."""
        lines = [line.strip() for line in self.app.tree().splitlines()]
        return lines[lines.index('toast "toast"') + 1 :] if 'toast "toast"' in lines else []

    def says(self, words: str) -> bool:
        """Whether the screen holds these words."""
        return words in self.app.tree()


@pytest.fixture(scope="session")
def lesson() -> Scenario:
    """The smallest scenario."""
    return load(find_scenario("lesson"))


@pytest.fixture(scope="session")
def flagship() -> Scenario:
    """Alibaba and Meizu."""
    return load(find_scenario("alibaba-meizu"))


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Saves and settings of this test alone."""
    monkeypatch.setenv("MINORITY_STAKE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def player(own_home: Path) -> Iterator[Player]:
    """A person before the title screen."""
    window = make_window(size=(1280, 720), settings=Settings.load())
    window.title()
    window.app.pump()
    yield Player(window)
    window.thinker.close()
    window.app.window.close()


Start = Callable[..., Player]


@pytest.fixture
def start(player: Player) -> Start:
    """Opens a game from a seat: ``start(scenario, "meizu")``."""

    def begin(
        scenario: Scenario, seat: str, seed: int = 2015, rivals: str = "strategist"
    ) -> Player:
        game = Game.new(scenario, scenario.ruleset.company(seat), seed, rivals)
        player.window.open(game)
        player.app.pump()
        return player

    return begin
