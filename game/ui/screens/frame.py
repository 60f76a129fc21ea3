"""The frame around every screen of a game: rail at the left, state of play on top, orders below."""

from __future__ import annotations

from collections.abc import Callable

from game.session import views as vm
from game.session.game import Game
from game.ui import bits
from game.ui.asking import Asking
from game.ui.kit import (
    Button,
    Card,
    Column,
    Divider,
    Icon,
    IconButton,
    Label,
    Pips,
    Row,
    Screen,
    Spacer,
    Swatch,
    Widget,
)
from game.ui.screens.menu import show_help, show_menu
from game.ui.window import Window

WIDE = 1500
NARROW = 1120
TOP_FIGURES_NARROW = 2
RAIL_WIDTH = 92
HINTED_QUARTERS = 3

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

    @property
    def asking(self) -> Asking:
        """What a press on a number does."""
        return Asking(self.window.why, self.word("why_click"))

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
                self._hint(desk),
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

    def doing(self, action: vm.Action) -> Callable[[], None]:
        """Something to call that does an action."""

        def press() -> None:
            self.window.do(action)

        return press

    def follow(self, link: vm.Link) -> Callable[[], None]:
        """Something to call that follows a link."""
        return lambda: self.window.go(link)

    def hint(self, desk: vm.DeskView) -> str:
        """Key of the words that explain this screen to a newcomer; empty for none."""
        return f"hint_{self.section}"

    def _hint(self, desk: vm.DeskView) -> Widget | None:
        """A strip for the first quarters that says what to do here."""
        window, key = self.window, self.hint(desk)
        late = desk.turn >= HINTED_QUARTERS or desk.over
        if not key or late or not window.settings.hints or key in window.hidden_hints:
            return None
        strip = Card(
            Row(
                Icon("bulb", size=18, color="accent"),
                bits.rich(
                    self.word(key), style="small", name="hint/text", stretch=1, valign="center"
                ),
                Button(
                    self.word("hints_off"),
                    lambda: window.set_hints(False),
                    kind="quiet",
                    name="hint/off",
                ),
                IconButton(
                    "close",
                    lambda: window.hide_hint(key),
                    label=self.word("hint_close"),
                    size=30,
                    name="hint/close",
                ),
                gap=10,
            ),
            kind="sunken",
            pad=(14, 3),
            name="hint",
        )
        return Column(strip, pad=(12, 8, 12, 0))

    # ------------------------------------------------------------------------------ parts

    def _rail(self, desk: vm.DeskView) -> Widget:
        sections = [
            self._rail_card(key, icon, RAIL_WORDS[key], self._to(key), f"section_{place + 1}")
            for place, (key, icon) in enumerate(RAIL)
        ]
        return Column(
            *sections,
            Spacer(),
            self._rail_card("save", "save", "save", self.window.save, "save"),
            self._rail_card("menu", "menu", "menu", self.menu, "menu"),
            pad=(6, 8),
            gap=4,
            width=RAIL_WIDTH,
        )

    def _rail_card(
        self, key: str, icon: str, text: str, call: Callable[[], None], action: str
    ) -> Widget:
        here = key == self.section
        ink = "accent" if here else "muted"
        chord = self.app.keymap.label(action)
        return Card(
            Icon(icon, size=22, color=ink, align="center"),
            Label(self.word(text), style="caption", color=ink, align="center"),
            kind="raised" if here else "plain",
            gap=1,
            pad=(2, 6),
            on_click=call,
            name=f"rail/{key}" if action.startswith("section") else key,
            tooltip=f"{self.word(text)} ({chord})" if chord else self.word(text),
        )

    def _to(self, key: str) -> Callable[[], None]:
        return lambda: self.show_section(key)

    def show_section(self, key: str) -> None:
        """Go to one of the five sections."""
        from game.ui.screens import company, deal, ledger, market

        if key == "desk":
            self.window.desk()
        elif key == "market":
            self.app.show(market.MarketScreen(self.window))
        elif key == "company":
            self.app.show(company.CompanyScreen(self.window))
        elif key == "deal":
            self.app.show(deal.DealScreen(self.window))
        else:
            self.app.show(ledger.LedgerScreen(self.window))

    def _top(self, desk: vm.DeskView) -> Widget:
        shown = desk.figures[:TOP_FIGURES_NARROW] if self.narrow() else desk.figures
        figures = [
            bits.figure(one, self.window.go, name=f"figure/{place}", asking=self.asking)
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
            Label(desk.score.text, style="number", color="accent", dotted=True, align="start"),
            kind="plain",
            gap=0,
            pad=(6, 2),
            name="score",
            tooltip=bits.hint_of([*why, self.asking.hint]),
            on_click=self.asking.press(desk.score.ask),
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
        return Row(
            who, mark, Spacer(), *figures, score, points,
            gap=10, pad=(14, 6),
        )  # fmt: skip

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

    def back(self) -> None:
        """Esc: to the desk, or from there to the menu."""
        if self.name == "desk":
            self.menu()
        else:
            self.window.desk()

    def on_action(self, action: str) -> bool:
        """Keys of the frame."""
        if action.startswith("section_"):
            self.show_section(RAIL[int(action[-1]) - 1][0])
            return True
        plain: dict[str, Callable[[], object]] = {
            "end_turn": self.window.end_quarter,
            "save": self.window.save,
            "picture": self.window.picture,
            "menu": self.menu,
            "undo": lambda: self.window.verb("undo"),
            "redo": lambda: self.window.verb("redo"),
            "help": lambda: show_help(self.window),
            "back": self.back,
            "scale_up": lambda: self.window.scale_by(1),
            "scale_down": lambda: self.window.scale_by(-1),
        }
        call = plain.get(action)
        if call is None:
            return False
        call()
        return True
