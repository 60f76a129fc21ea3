"""The window of one person: which game is open, which screen shows, what a click leads to."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from game.core.errors import GameError
from game.session import views as vm
from game.session.game import Game
from game.session.record import ENDING, saves_folder
from game.ui.kit import App, Choice, Screen
from game.ui.words import word


class Window:
    """Ties the kit's app to a session. Screens know it as ``window``.

    Args:
        app: the kit's window.
        lang: language of the words.
        prepare: makes a scenario ready to play (measures a missing par table), given
            (path, progress callback).
    """

    def __init__(
        self,
        app: App,
        lang: str = "en",
        prepare: Callable[[Path, Callable[[float], None]], Any] | None = None,
    ) -> None:
        self.app = app
        self.lang = lang
        self.prepare = prepare
        self.game: Game | None = None
        self.market = 0
        self.company = 0
        self.lens = "share"
        self.desk_tab = "todo"
        self.busy = ""
        self.progress = 0.0
        app.on_quit = self.may_quit

    def word(self, key: str) -> str:
        """A word of the window in the person's language."""
        return word(key, self.lang)

    # ------------------------------------------------------------------ where clicks lead

    def go(self, link: vm.Link) -> None:
        """Follow a link of a view."""
        from game.ui.screens import deal, detail, ending, ledger

        game = self.game
        if game is None:
            return
        if link.kind == "company":
            self.company = link.target
            self.app.show(detail.CompanyScreen(self))
        elif link.kind == "market":
            self.market = link.target
            self.app.show(detail.MarketScreen(self))
        elif link.kind in ("deal", "offer"):
            opened = (
                game.open_table(link.target)
                if link.kind == "deal"
                else game.open_offer(link.target)
            )
            if self.report(opened):
                self.app.show(deal.DealScreen(self))
        elif link.kind == "ledger":
            self.app.show(ledger.LedgerScreen(self))
        elif link.kind == "end":
            self.app.show(ending.EndScreen(self))
        elif link.kind == "event":
            self.desk("cards")
        elif link.kind == "desk" or link.kind == "region":
            self.desk()

    def desk(self, tab: str = "") -> None:
        """Show the desk, on one of its tabs."""
        from game.ui.screens.desk import DeskScreen

        if tab:
            self.desk_tab = tab
        self.app.show(DeskScreen(self))

    def title(self) -> None:
        """Show the first screen."""
        from game.ui.screens.title import TitleScreen

        self.game = None
        self.app.show(TitleScreen(self))

    def do(self, action: vm.Action) -> bool:
        """Do an action of a view, say why not when it fails, and draw anew."""
        if self.game is None:
            return False
        done = self.report(self.game.do(action))
        self.refresh()
        return done

    def verb(self, name: str, *args: Any) -> bool:
        """Call a verb of the game, say why not when it fails, and draw anew."""
        if self.game is None:
            return False
        done = self.report(getattr(self.game, name)(*args))
        self.refresh()
        return done

    def report(self, result: vm.Result) -> bool:
        """Show what a verb said."""
        if result.reason:
            self.app.toast(result.reason, "info" if result.ok else "warning")
        return result.ok

    def refresh(self) -> None:
        """Draw the present screen anew."""
        screen = self.app.screen
        if screen is not None:
            screen.rebuild()

    # ------------------------------------------------------------------------- the game

    def open(self, game: Game) -> None:
        """Begin to play a game."""
        self.game = game
        self.lang = game.lang
        self.company = game.seat
        if game.over:
            self.go(vm.Link("end"))
        else:
            self.desk("todo")

    def load(self, path: str) -> None:
        """Open a saved game; a damaged one is told and nothing is lost."""
        try:
            self.open(Game.load(Path(path)))
        except GameError as error:
            self.app.toast(f"{self.word('load_failed')}: {error.line()}", "negative")

    def save(self) -> None:
        """Save beside the autosaves."""
        if self.game is None:
            return
        try:
            path = save_path(self.game)
            self.game.save(path)
            self.app.toast(f"{self.word('saved')}: {path}", "positive")
        except (GameError, OSError) as error:
            self.app.toast(str(error), "negative")

    def end_quarter(self) -> None:
        """End the quarter in the background; the window stays alive meanwhile."""
        game = self.game
        if game is None or game.over or self.busy:
            return
        self.work(self.word("thinking"), game.end_turn, self._after_quarter)

    def _after_quarter(self, result: Any) -> None:
        self.report(result)
        if self.game is not None and self.game.over:
            self.go(vm.Link("end"))
        else:
            self.desk("todo")

    def undo_quarter(self) -> None:
        """Ask, then take back the last quarter."""
        self.app.confirm(
            self.word("undo_turn_ask"),
            self.word("undo_turn_text"),
            [
                Choice("ok", self.word("undo_turn"), self._undo_quarter, kind="danger"),
                Choice("cancel", self.word("cancel"), lambda: None),
            ],
        )

    def _undo_quarter(self) -> None:
        if self.verb("undo_turn"):
            self.desk("todo")

    # ------------------------------------------------------------------ background work

    def work(self, what: str, call: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Run a call on a thread, show ``what`` meanwhile, then hand over its result here.

        A person's mistake becomes a message.
        """
        from game.ui.screens.waiting import WaitingScreen

        box: dict[str, Any] = {}

        def run() -> None:
            try:
                box["result"] = call()
            except GameError as error:
                box["error"] = error.line()
            except Exception as error:  # shown, not swallowed: the window must live on
                box["crash"] = error

        thread = threading.Thread(target=run, daemon=True)
        self.busy, self.progress = what, 0.0
        before = self.app.screen
        self.app.push(WaitingScreen(self))
        thread.start()

        def poll() -> bool:
            if thread.is_alive():
                return True
            self.app.every_frame.remove(poll)
            self.busy = ""
            self.app.pop()
            if "crash" in box:
                raise box["crash"]
            if "error" in box:
                self.app.toast(box["error"], "negative")
                if before is not None:
                    before.rebuild()
            else:
                then(box["result"])
            return False

        self.app.every_frame.append(poll)

    # --------------------------------------------------------------------------- leaving

    def may_quit(self) -> bool:
        """Whether the window may close now; with a game open it asks first."""
        if self.game is None:
            return True
        self.app.confirm(
            self.word("quit_ask"),
            self.word("quit_text"),
            [
                Choice("ok", self.word("quit"), self.quit, kind="primary"),
                Choice("cancel", self.word("stays"), lambda: None),
            ],
        )
        return False

    def quit(self) -> None:
        """Save aside and leave."""
        if self.game is not None and not self.busy:
            with contextlib.suppress(GameError, OSError):
                self.game.save(save_path(self.game))
        self.app.quit()

    def set_language(self, lang: str) -> None:
        """Change the language of everything."""
        self.lang = lang
        if self.game is not None:
            self.game.lang = lang
        self.refresh()

    def screen(self) -> Screen | None:
        """The screen that shows."""
        return self.app.screen


def save_path(game: Game) -> Path:
    """Where a person's own save goes: one file a game and quarter."""
    company = game.ruleset.companies[game.seat].uid
    name = f"{game.ruleset.uid}-{company}-{game.seed}-q{game.turn + 1:02d}{ENDING}"
    return saves_folder() / name
