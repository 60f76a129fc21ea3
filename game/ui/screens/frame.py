"""The frame around every screen of a game: rail at the left, state of play on top, orders below."""

from __future__ import annotations

from collections.abc import Callable

from game.session import views as vm
from game.session.game import Game
from game.ui import bits
from game.ui.kit import (
    Button,
    Card,
    Column,
    Divider,
    IconButton,
    Label,
    Modal,
    Option,
    Pips,
    Row,
    Screen,
    Segmented,
    Slider,
    Spacer,
    Swatch,
    Widget,
)
from game.ui.window import Window

WIDE = 1500
NARROW = 1120
TOP_FIGURES_NARROW = 2

RAIL = (
    ("desk", "map"),
    ("market", "chart"),
    ("company", "company"),
    ("deal", "handshake"),
    ("ledger", "ledger"),
)
RAIL_WORDS = {
    "desk": "desk",
    "market": "markets",
    "company": "companies",
    "deal": "deals",
    "ledger": "ledger",
}


class GameScreen(Screen):
    """A screen of an open game. Sub-classes give ``section`` and :meth:`body`."""

    section = "desk"

    def __init__(self, window: Window) -> None:
        super().__init__()
        self.window = window

    @property
    def game(self) -> Game:
        """The open game."""
        assert self.window.game is not None
        return self.window.game

    def word(self, key: str) -> str:
        """A word of the window."""
        return self.window.word(key)

    def wide(self) -> float:
        """Width of the window in dp."""
        return float(self.app.window.size[0] / self.app.ctx.scale)

    def few(self, figures: tuple[vm.Figure, ...], count: int) -> tuple[vm.Figure, ...]:
        """The first figures only, where there is no room for all."""
        return figures[:count] if self.narrow() else figures

    def roomy(self) -> bool:
        """Whether the window is wide enough for everything."""
        return self.wide() >= WIDE

    def narrow(self) -> bool:
        """Whether columns must give way to tabs."""
        return self.wide() < NARROW

    def body(self, desk: vm.DeskView) -> Widget:
        """What the screen shows inside the frame."""
        raise NotImplementedError

    def build(self) -> Widget:
        desk = vm.desk(self.game, lens=self.window.lens)
        return Row(
            self._rail(desk),
            Divider(vertical=True),
            Column(
                self._top(desk),
                Divider(),
                self._stretched(self.body(desk)),
                Divider(),
                self._bottom(desk),
                gap=0,
                stretch=1,
            ),
            gap=0,
        )

    def _stretched(self, body: Widget) -> Widget:
        return Column(body, stretch=1, pad=(12, 10), gap=0)

    # ------------------------------------------------------------------------------ parts

    def _rail(self, desk: vm.DeskView) -> Widget:
        buttons = [
            IconButton(
                icon,
                self._to(key),
                kind="primary" if key == self.section else "quiet",
                size=44,
                label=self.word(RAIL_WORDS[key]),
                name=f"rail/{key}",
            )
            for key, icon in RAIL
        ]
        return Column(
            *buttons,
            Spacer(),
            IconButton("save", self.window.save, label=self.word("save"), size=44, name="save"),
            IconButton("menu", self.menu, label=self.word("menu"), size=44, name="menu"),
            pad=8,
            gap=6,
            width=60,
        )

    def _to(self, key: str) -> Callable[[], None]:
        return lambda: self.show_section(key)

    def show_section(self, key: str) -> None:
        """Go to one of the five sections."""
        from game.ui.screens import deal, detail, ledger

        if key == "desk":
            self.window.desk()
        elif key == "market":
            self.app.show(detail.MarketScreen(self.window))
        elif key == "company":
            self.app.show(detail.CompanyScreen(self.window))
        elif key == "deal":
            self.app.show(deal.DealScreen(self.window))
        else:
            self.app.show(ledger.LedgerScreen(self.window))

    def _top(self, desk: vm.DeskView) -> Widget:
        shown = desk.figures[:TOP_FIGURES_NARROW] if self.narrow() else desk.figures
        figures = [
            bits.figure(one, self.window.go, name=f"figure/{place}")
            for place, one in enumerate(shown)
        ]
        who = Column(
            Row(
                Swatch(bits.rgb(desk.company.colour)),
                Label(desk.company.name, style="heading"),
                gap=8,
            ),
            Label(f"{desk.date} · {desk.progress}", style="caption", color="muted"),
            gap=0,
            min_width=170,
        )
        why = [f"{term.name}: {term.text}" for term in desk.score.terms]
        why += [line for term in desk.score.terms for line in term.why]
        score = Card(
            Label(f"{self.word('score')} · {desk.score.rank}", style="caption", color="muted"),
            Label(desk.score.text, style="number", color="accent"),
            kind="plain",
            gap=0,
            pad=(6, 2),
            name="score",
            tooltip=bits.hint_of(why),
            on_click=lambda: self._goals(),
        )
        points = Card(
            Label(
                f"{self.word('attention')} · {desk.attention.text}", style="caption", color="muted"
            ),
            Pips(desk.attention.left, max(desk.attention.total, 1), size=12),
            kind="plain",
            gap=5,
            pad=(6, 2),
            name="attention",
            tooltip=bits.hint_of(desk.attention.lines),
        )
        mark = (
            Label(self.word("rehearsed"), style="caption", color="warning")
            if desk.rehearsed
            else None
        )
        return Row(who, mark, Spacer(), *figures, score, points, gap=10, pad=(14, 6))

    def _goals(self) -> None:
        self.window.desk("goals")

    def _bottom(self, desk: vm.DeskView) -> Widget:
        waiting = desk.warnings[:1]
        told: Widget = (
            bits.notice(waiting[0], self.window.go, "warning/0")
            if waiting
            else Label(self._orders_line(desk), style="small", color="muted")
        )
        tools = Row(
            IconButton(
                "undo",
                lambda: self.window.verb("undo"),
                label=self.word("undo"),
                enabled=desk.can_undo,
                name="undo",
            ),
            IconButton(
                "redo",
                lambda: self.window.verb("redo"),
                label=self.word("redo"),
                enabled=desk.can_redo,
                name="redo",
            ),
            Button(
                self.word("undo_turn"),
                self.window.undo_quarter,
                kind="quiet",
                icon="undo",
                enabled=desk.can_undo_turn,
                name="undo_turn",
            ),
            gap=4,
        )
        if desk.over:
            last = Button(
                self.word("end"),
                lambda: self.window.go(vm.Link("end")),
                kind="primary",
                icon="trophy",
                name="to_end",
            )
        else:
            last = Button(
                self.word("end_quarter"),
                self.window.end_quarter,
                kind="primary",
                icon_after="next",
                hint=self.app.keymap.label("end_turn"),
                name="end_turn",
            )
        return Row(tools, Column(told, stretch=1, valign="center"), last, gap=12, pad=(14, 8))

    def _orders_line(self, desk: vm.DeskView) -> str:
        if not desk.drafted:
            return f"{self.word('drafted')}: {self.word('orders_none')}"
        return f"{self.word('drafted')}: " + " · ".join(action.label for action in desk.drafted)

    # ------------------------------------------------------------------------------- menu

    def menu(self) -> None:
        """Settings, save, help, leave."""
        show_menu(self.window, in_game=True)

    def on_action(self, action: str) -> bool:
        """Keys of the frame."""
        if action.startswith("section_"):
            self.show_section(RAIL[int(action[-1]) - 1][0])
            return True
        plain: dict[str, Callable[[], object]] = {
            "end_turn": self.window.end_quarter,
            "save": self.window.save,
            "menu": self.menu,
            "undo": lambda: self.window.verb("undo"),
            "redo": lambda: self.window.verb("redo"),
            "help": lambda: show_help(self.window),
        }
        call = plain.get(action)
        if call is None:
            return False
        call()
        return True


def show_menu(window: Window, in_game: bool) -> None:
    """The menu as a modal."""
    app = window.app
    box: list[Modal] = []

    def close_then(call: Callable[[], None]) -> Callable[[], None]:
        def press() -> None:
            box[0].close()
            call()

        return press

    languages = [Option("en", "English"), Option("zh", "中文")]
    content = Column(
        Row(
            Label(window.word("language"), stretch=1),
            Segmented(languages, window.lang, window.set_language, name="language"),
            gap=12,
        ),
        Row(
            Label(window.word("full_scale"), stretch=1),
            Slider(
                app.scale,
                lambda value: None,
                low=1.0,
                high=2.0,
                step=0.25,
                on_release=app.set_scale,
                show=lambda value: f"{value:.0%}",
                name="scale",
                width=240,
            ),
            gap=12,
        ),
        Divider(),
        Button(
            window.word("help"),
            close_then(lambda: show_help(window)),
            icon="help",
            name="menu/help",
            kind="quiet",
        ),
        Button(
            window.word("save"),
            close_then(window.save),
            icon="save",
            name="menu/save",
            kind="quiet",
            visible=in_game,
        ),
        Button(
            window.word("title_again"),
            close_then(window.title),
            icon="home",
            name="menu/title",
            kind="quiet",
            visible=in_game,
        ),
        Button(
            window.word("quit"),
            close_then(window.quit),
            icon="close",
            name="menu/quit",
            kind="quiet",
        ),
        gap=10,
    )
    box.append(app.modal(content, name="menu_box", title=window.word("menu"), width=460))


def show_help(window: Window) -> None:
    """What a quarter is, and the keys."""
    from game.ui.keys import ACTIONS, action_word

    keys = [
        Row(
            Label(action_word(action, window.lang), stretch=1, style="small"),
            Label(window.app.keymap.label(action), style="mono"),
            gap=8,
        )
        for action in ACTIONS
    ]
    content = Column(
        bits.rich(window.word("help_text"), name="help_text"),
        Divider(),
        Label(window.word("keys"), style="subheading"),
        *keys,
        gap=6,
    )
    window.app.modal(content, name="help_box", title=window.word("help"), width=620)
