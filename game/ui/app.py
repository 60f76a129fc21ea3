"""Opening the window, and drawing the screens of a game without one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from game.session import views as vm
from game.session.game import Game
from game.ui.keys import make_keymap
from game.ui.settings import Settings
from game.ui.window import Window, home_market

Prepare = Callable[[Path, Callable[[float], None]], Any]

OPENED = 2
"""Groups of causes that a picture of a why panel opens."""
SECTIONS = ("desk", "market", "company", "pledges", "deal", "ledger", "why", "end")


def make_window(
    lang: str = "en",
    scale: float = 1.0,
    size: tuple[int, int] = (1280, 720),
    prepare: Prepare | None = None,
    settings: Settings | None = None,
) -> Window:
    """A window that shows nothing yet.

    Args:
        settings: keys and hints, and where to remember changes; None: as shipped, forgotten.
    """
    from game.ui.theme import make_app

    kept = settings or Settings()
    keymap = make_keymap(kept.keys)
    app = make_app("Minority Stake", size=size, scale=scale, language=lang, keymap=keymap)
    return Window(app, lang, prepare, kept)


def play(
    game: Game | None = None,
    *,
    scenario: str = "",
    seat: str = "",
    seed: int | None = None,
    lang: str | None = None,
    scale: float | None = None,
    size: tuple[int, int] = (1280, 720),
    prepare: Prepare | None = None,
) -> None:
    """Open the window and stay until it is closed.

    Args:
        game: an open game; without one the title shows, or, when a scenario is named, the
            choice of company with that scenario (and seat and seed) chosen.
        scenario, seat: names from the scenario file.
        lang, scale: None: as the person set them last.
        prepare: makes a scenario ready, measuring a missing par table with progress.
    """
    kept = Settings.load()
    window = make_window(lang or kept.lang, scale or kept.scale, size, prepare, kept)
    if game is not None:
        window.open(game)
    elif scenario:
        from game.ui.screens.new_game import NewGameScreen

        screen = NewGameScreen(window, scenario, seat)
        if seed is not None:
            screen.seed = seed
        window.app.show(screen)
    else:
        window.title()
    try:
        window.app.run()
    finally:
        window.thinker.close()


@contextmanager
def _without_display() -> Iterator[None]:
    before = os.environ.get("SDL_VIDEODRIVER")
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    try:
        yield
    finally:
        if before is None:
            del os.environ["SDL_VIDEODRIVER"]
        else:
            os.environ["SDL_VIDEODRIVER"] = before


class Camera:
    """Draws screens of a game into files, with no window on any display.

    Args:
        folder: where pictures go.
        lang: language of the words.
    """

    def __init__(
        self,
        folder: Path,
        lang: str = "en",
        size: tuple[int, int] = (1280, 720),
        scale: float = 1.0,
    ) -> None:
        self.folder = folder
        with _without_display():
            self.window = make_window(lang, scale, size)

    def take(self, game: Game, section: str, name: str) -> Path:
        """One picture.

        Args:
            section: one of :data:`SECTIONS`, or "title".
            name: file name without its ending.
        """
        window = self.window
        window.game = game
        window.company = game.seat
        self._show(section)
        window.app.pump()
        path = self.folder / f"{name}.png"
        window.app.screenshot(path)
        return path

    def _ask(self) -> None:
        """Why the seat's share changed in the market that matters most, the largest groups open."""
        from game.ui.kit import Bridge
        from game.ui.screens.market import MarketScreen

        window = self.window
        assert window.game is not None
        window.market = home_market(window.game)
        window.app.show(MarketScreen(window))
        window.why(vm.Ask("share", window.game.seat, window.market))
        window.answers.settle()
        window.app.pump()
        chart = window.app.search("why/chart")
        if isinstance(chart, Bridge):
            groups = [step for step in chart.steps if step.members]
            for step in sorted(groups, key=lambda step: -abs(step.value))[:OPENED]:
                chart.toggle(step.key)

    def _show(self, section: str) -> None:
        from game.ui.screens import company, deal, ledger, market

        window = self.window
        if section == "title":
            window.title()
        elif section == "market":
            window.app.show(market.MarketScreen(window))
        elif section == "why":
            self._ask()
        elif section in ("company", "pledges"):
            screen = company.CompanyScreen(window)
            screen.tab = "pledges" if section == "pledges" else "books"
            window.app.show(screen)
        elif section == "deal":
            window.app.show(deal.DealScreen(window))
        elif section == "ledger":
            window.app.show(ledger.LedgerScreen(window))
        elif section == "end":
            window.go(vm.Link("end"))
        else:
            window.desk("todo")
