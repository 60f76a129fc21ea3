"""An app without a screen, a clock that tests turn by hand, and a screen made of any widget."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

from game.ui.kit import App, Screen, Widget
from game.ui.theme import make_app

Show = Callable[[Callable[[], Widget]], Screen]


class Clock:
    """Milliseconds that pass only when told."""

    def __init__(self) -> None:
        self.now = 1000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(clock: Clock) -> Iterator[App]:
    app = make_app("Test", size=(1024, 640), clock=clock)
    yield app
    app.window.close()


class One(Screen):
    """A screen of one tree."""

    name = "one"

    def __init__(self, make: Callable[[], Widget]) -> None:
        super().__init__()
        self.make = make
        self.actions: list[str] = []
        self.links: list[str] = []

    def build(self) -> Widget:
        return self.make()

    def on_action(self, action: str) -> bool:
        self.actions.append(action)
        return True

    def on_link(self, target: str) -> bool:
        self.links.append(target)
        return True


@pytest.fixture
def show(app: App) -> Callable[[Callable[[], Widget]], One]:
    def show_it(make: Callable[[], Widget]) -> One:
        screen = One(make)
        app.show(screen)
        app.pump()
        return screen

    return show_it
