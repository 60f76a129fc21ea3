"""The window of one person: which game is open, which screen shows, what a click leads to."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pygame

from game.core.errors import GameError
from game.resources import user_data_dir
from game.session import views as vm
from game.session.game import Game
from game.session.record import ENDING, saves_folder
from game.session.worker import Thinker
from game.ui.answers import Answers
from game.ui.keys import changes
from game.ui.kit import App, Choice, Screen, Timer
from game.ui.settings import LARGEST_SCALE, SMALLEST_SCALE, Settings
from game.ui.theme import make_fonts
from game.ui.words import word
from game.ui.work import Work

SCALE_STEP = 0.25
CRASH_FILE = "crash.txt"
TYPING_MS = 600
"""A typed number is taken over when the typing has paused so long."""
PICTURES = "pictures"


class Window:
    """Ties the kit's app to a session. Screens know it as ``window``.

    Args:
        app: the kit's window.
        lang: language of the words.
        prepare: makes a scenario ready to play (measures a missing par table), given
            (path, progress callback).
        settings: what is remembered for the next time; None: nothing is.
    """

    def __init__(
        self,
        app: App,
        lang: str = "en",
        prepare: Callable[[Path, Callable[[float], None]], Any] | None = None,
        settings: Settings | None = None,
    ) -> None:
        self.app = app
        self.lang = lang
        self.prepare = prepare
        self.settings = settings or Settings()
        self.game: Game | None = None
        self.market = 0
        self.company = 0
        self.lens = "share"
        self.desk_tab = "todo"
        self.job: Work | None = None
        self.answers = Answers()
        self.thinker = Thinker()
        self.leaving = False
        self.hidden_hints: set[str] = set()
        self.shape: tuple[object, ...] = ()
        self._typed: Callable[[], object] | None = None
        self._timer: Timer | None = None
        app.on_quit = self.may_quit
        app.every_frame.append(self.reshape)

    @property
    def busy(self) -> bool:
        """Whether something is computed behind the window that the person waits for."""
        return self.job is not None and not self.job.over

    def word(self, key: str, **args: object) -> str:
        """A word of the window in the person's language."""
        return word(key, self.lang, **args)

    def reshape(self) -> bool:
        """Build the screen anew when the window's size or scale has changed."""
        shape = (self.app.window.size, self.app.ctx.scale)
        if shape != self.shape and not self.busy:
            known, self.shape = bool(self.shape), shape
            if known:
                self.refresh()
        return False

    # ------------------------------------------------------------------ where clicks lead

    def go(self, link: vm.Link) -> None:
        """Follow a link of a view."""
        from game.ui.screens import company, deal, ending, ledger, market

        game = self.game
        if game is None:
            return
        self.flush()
        if link.kind in ("company", "moves"):
            self.company = link.target
            screen = company.CompanyScreen(self)
            if link.kind == "moves":
                screen.tab, screen.turn = "moves", link.turn
            self.app.show(screen)
        elif link.kind == "market":
            self.market = link.target
            self.app.show(market.MarketScreen(self))
        elif link.kind in ("deal", "offer", "renewal"):
            verbs = {"deal": "open_table", "offer": "open_offer", "renewal": "open_renewal"}
            if self.report(getattr(game, verbs[link.kind])(link.target)):
                self.app.show(deal.DealScreen(self))
        elif link.kind == "ledger":
            self.app.show(ledger.LedgerScreen(self))
        elif link.kind == "end":
            self.app.show(ending.EndScreen(self))
        elif link.kind in ("event", "goals"):
            self.desk(link.kind)
        elif link.kind == "desk" or link.kind == "region":
            self.desk()

    def desk(self, tab: str = "") -> None:
        """Show the desk, on one of its tabs."""
        from game.ui.screens.desk import DeskScreen

        if tab:
            self.desk_tab = tab
        self.app.show(DeskScreen(self))

    def title(self) -> None:
        """Show the first screen; unfinished orders of an open game are saved first."""
        from game.ui.screens.title import TitleScreen

        if self.game is not None:
            self.game.stop_thinking()
            if self.game.can_undo:
                self._keep()
        self.game = None
        self.app.show(TitleScreen(self))

    def do(self, action: vm.Action) -> bool:
        """Do an action of a view, say why not when it fails, and draw anew."""
        if self.game is None or self.busy:
            return False
        self.flush()
        deal = self.game.large_deal(action) if action.enabled else None
        if deal is not None:
            from game.ui.screens.deal_ahead import ask_to_sign

            ask_to_sign(self, action, deal)
            return False
        return self.signed(action)

    def signed(self, action: vm.Action) -> bool:
        """Do an action, whatever it signs."""
        assert self.game is not None
        done = self.report(self.game.do(action))
        self.refresh()
        return done

    def verb(self, name: str, *args: Any) -> bool:
        """Call a verb of the game, say why not when it fails, and draw anew."""
        if self.game is None or self.busy:
            return False
        self.flush()
        done = self.report(getattr(self.game, name)(*args))
        self.refresh()
        return done

    def typing(self, call: Callable[[], object]) -> None:
        """Make a call when the person stops typing, or before anything else is done."""
        if self._timer is not None:
            self._timer.cancel()
        self._typed = call
        self._timer = self.app.after(TYPING_MS, self.flush)

    def flush(self) -> None:
        """Take over what was typed."""
        call, self._typed = self._typed, None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if call is not None:
            call()

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

    # ----------------------------------------------------------------------- why numbers

    def why(self, ask: vm.Ask) -> None:
        """Open the panel that says why a number is what it is."""
        from game.ui.screens.why import WhyPanel

        if self.game is not None and not self.busy and not self.app.has("why"):
            self.flush()
            WhyPanel(self, ask).open()

    # ------------------------------------------------------------------------- the game

    def open(self, game: Game) -> None:
        """Begin to play a game."""
        self.game = game
        game.lang = self.lang
        game.let_think(self.thinker)
        self.company, self.market = game.seat, home_market(game)
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
        self.flush()

        def play() -> vm.Result:
            self.answers.settle()
            return game.end_turn()

        self.work(self.word("thinking"), play, self._after_quarter)

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
        if self.game is not None and self.report(self.game.undo_turn()):
            self.desk("todo")

    # ------------------------------------------------------------------ background work

    def work(self, what: str, call: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Run a call on a thread, show ``what`` while it lasts, then hand over its result here.

        A person's mistake becomes a message; so does a crash, whose trace is kept in a file.
        """

        def done(result: Any) -> None:
            then(result)
            if self.leaving:
                self.quit()

        self.job = Work(self.app, what, call, done, self._failed)
        self.job.start()

    def moved(self, part: float) -> None:
        """Tell how much of the work is done, 0..1."""
        if self.job is not None:
            self.job.progress = part

    def note_crash(self, line: str, trace: str) -> str:
        """Keep the trace of a crash in a file; returns what to tell the person."""
        if not trace:
            return line
        place = user_data_dir() / CRASH_FILE
        with contextlib.suppress(OSError):
            place.write_text(trace, encoding="utf-8")
        return self.word("crashed", error=line, file=place)

    def _failed(self, line: str, trace: str) -> None:
        self.app.toast(self.note_crash(line, trace), "negative")
        self.refresh()
        if self.leaving:
            self.quit()

    # --------------------------------------------------------------------------- leaving

    def may_quit(self) -> bool:
        """Whether the window may close now; with a game open it asks first."""
        if self.game is None:
            return True
        if self.busy:
            self.leaving = True
        elif not self.app.has("quit_box"):
            self._ask_to_quit()
        return False

    def _ask_to_quit(self) -> None:
        self.app.confirm(
            self.word("quit_ask"),
            self.word("quit_text"),
            [
                Choice("ok", self.word("quit"), self.quit, kind="primary"),
                Choice("cancel", self.word("stays"), lambda: None),
            ],
            name="quit_box",
        )

    def quit(self) -> None:
        """Save aside and leave."""
        if not self.busy:
            self._keep()
        self.app.quit()

    def _keep(self) -> None:
        """Save quietly; the last autosave is there anyway."""
        if self.game is not None:
            with contextlib.suppress(GameError, OSError):
                self.game.save(save_path(self.game))

    def picture(self) -> None:
        """Save what the window shows as a picture."""
        folder = user_data_dir() / PICTURES
        try:
            folder.mkdir(exist_ok=True)
            number = len(list(folder.glob("*.png"))) + 1
            path = folder / f"{number:03d}.png"
            aside = folder.parent / ".picture.png"
            self.app.screenshot(aside)
            aside.replace(path)
            self.app.toast(f"{self.word('pictured')}: {path}", "positive")
        except (OSError, pygame.error) as error:
            self.app.toast(str(error), "negative")

    # -------------------------------------------------------------------------- settings

    def set_language(self, lang: str) -> None:
        """Change the language of everything."""
        self.lang = self.settings.lang = lang
        self.settings.save()
        if self.game is not None:
            self.game.lang = lang
        self.app.ctx.fonts = make_fonts(lang)
        self.app.window.damage_all()
        self.refresh()

    def set_scale(self, scale: float) -> None:
        """Change the size of everything, as far as the window holds it."""
        self.settings.scale = min(LARGEST_SCALE, max(SMALLEST_SCALE, scale))
        self.settings.save()
        self.app.set_scale(self.settings.scale)
        if self.app.ctx.scale < self.settings.scale:
            self.app.toast(self.word("scale_capped", scale=f"{self.app.ctx.scale:.0%}"))

    def scale_by(self, steps: int) -> None:
        """Larger or smaller by steps of the slider."""
        self.set_scale(self.app.ctx.scale + steps * SCALE_STEP)

    def set_keys(self) -> None:
        """Remember the key map as it is now."""
        self.settings.keys = changes(self.app.keymap)
        self.settings.save()

    def set_hints(self, on: bool) -> None:
        """Explain the first quarters, or not."""
        self.settings.hints = on
        self.hidden_hints.clear()
        self.settings.save()
        self.refresh()

    def hide_hint(self, key: str) -> None:
        """Take one hint away for this sitting."""
        self.hidden_hints.add(key)
        self.refresh()

    def screen(self) -> Screen | None:
        """The screen that shows."""
        return self.app.screen


def home_market(game: Game) -> int:
    """The market to look at first: one where the seat sells, if there is any."""
    links = [row.link for row in vm.company(game, game.seat).markets.rows]
    return next((link.target for link in links if link.kind == "market"), 0)


def save_path(game: Game) -> Path:
    """Where a person's own save goes: one file a game and quarter."""
    company = game.ruleset.companies[game.seat].uid
    name = f"{game.ruleset.uid}-{company}-{game.seed}-q{game.turn + 1:02d}{ENDING}"
    return saves_folder() / name
