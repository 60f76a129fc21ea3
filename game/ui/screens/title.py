"""The first screen: continue, begin anew, load, leave."""

from __future__ import annotations

from collections.abc import Callable

from game.session import views as vm
from game.ui.kit import (
    Backdrop,
    Button,
    Card,
    Column,
    Label,
    Row,
    Screen,
    ScrollView,
    Spacer,
    Widget,
)
from game.ui.screens.menu import show_help, show_menu
from game.ui.window import Window

SHOWN_SAVES = 12


class TitleScreen(Screen):
    """Name of the game, saved games, and the ways in."""

    name = "title"

    def __init__(self, window: Window) -> None:
        super().__init__()
        self.window = window

    def build(self) -> Widget:
        view = vm.title(self.window.lang)
        word = self.window.word
        usable = [save for save in view.saves if save.usable]
        ways = Column(
            Label(view.title, style="display"),
            Label(view.subtitle, style="subheading", color="muted", wrap=True),
            Spacer(18),
            *self._ways(usable),
            Spacer(),
            Label(word("version", number=view.version), style="caption", color="faint"),
            gap=10,
            width=440,
        )
        return Backdrop(Row(ways, Spacer(), self._saves(view), pad=(64, 56), gap=40))

    def _ways(self, usable: list[vm.SaveCard]) -> list[Widget]:
        """The buttons; the bright one is what most people want next."""
        window = self.window
        begin = "normal" if usable else "primary"
        ways: list[tuple[str, str, str, str, Callable[[], object]]] = [
            ("new_game", "new_game", "plus", begin, self._new),
            ("menu", "settings", "settings", "normal", lambda: show_menu(window, False)),
            ("help", "help", "help", "normal", lambda: show_help(window)),
            ("quit", "quit", "quit", "quiet", window.quit),
        ]
        if usable:
            load = usable[0].path
            ways.insert(0, ("continue", "continue", "next", "primary", lambda: window.load(load)))
        return [
            Button(
                window.word(text), call, kind=kind, icon=icon, name=name,
                align="start", width=300, height=44,
            )
            for name, text, icon, kind, call in ways
        ]  # fmt: skip

    def _saves(self, view: vm.TitleView) -> Widget:
        cards = [self._save(place, save) for place, save in enumerate(view.saves[:SHOWN_SAVES])]
        if not cards:
            return Column(Spacer(), width=420)
        return Column(
            Label(self.window.word("load"), style="subheading"),
            ScrollView(Column(*cards, gap=8), stretch=1, name="saves"),
            gap=10,
            width=420,
        )

    def _save(self, place: int, save: vm.SaveCard) -> Widget:
        press = (lambda: self.window.load(save.path)) if save.usable else None
        return Card(
            Label(save.title, style="strong"),
            Label(
                save.detail if save.usable else save.problem,
                style="small",
                color="muted" if save.usable else "warning",
                wrap=True,
            ),
            kind="raised",
            gap=2,
            pad=12,
            on_click=press,
            name=f"save/{place}",
        )

    def _new(self) -> None:
        from game.ui.screens.new_game import NewGameScreen

        self.app.show(NewGameScreen(self.window))

    def on_action(self, action: str) -> bool:
        if action == "help":
            show_help(self.window)
        elif action == "menu":
            show_menu(self.window, False)
        elif action in ("scale_up", "scale_down"):
            self.window.scale_by(1 if action == "scale_up" else -1)
        else:
            return False
        return True
