"""The right of the desk: what to do, dials, actions, goals."""

from __future__ import annotations

from game.session import views as vm
from game.ui import bits
from game.ui.kit import (
    Button,
    Card,
    Column,
    Divider,
    Icon,
    Label,
    Page,
    Row,
    ScrollView,
    Tabs,
    TextEntry,
    Widget,
)
from game.ui.screens.desk_board import BoardPart
from game.ui.screens.dials import dial_widgets

CAPITAL = ("borrow", "repay", "issue", "dividend", "buy_back")


class OrdersPart(BoardPart):
    """The tabs."""

    def _side(self, desk: vm.DeskView) -> Widget:
        undone = sum(1 for one in desk.todo if not one.done)
        pages = [
            Page(
                "todo",
                self.word("todo"),
                lambda: self._scrolled(self._todo(desk), "page/todo"),
                badge=str(undone) if undone else "",
            ),
            Page(
                "dials", self.word("dials"), lambda: self._scrolled(self._dials(desk), "page/dials")
            ),
            Page(
                "actions",
                self.word("actions"),
                lambda: self._scrolled(self._actions(desk), "page/actions"),
            ),
            Page(
                "goals",
                self.word("goals"),
                lambda: self._scrolled(self._goal_list(desk), "page/goals"),
            ),
        ]
        if self.narrow():
            pages.insert(1, Page("map", self.word("map"), lambda: self._map(desk)))
            pages.insert(2, Page("board", self.word("companies"), lambda: self._table(desk)))
        tab = (
            self.window.desk_tab if self.window.desk_tab in {page.key for page in pages} else "todo"
        )

        def change(key: object) -> None:
            self.window.desk_tab = str(key)

        return Tabs(pages, value=tab, on_change=change, stretch=1, name="side")

    def _scrolled(self, parts: list[Widget], name: str) -> Widget:
        return ScrollView(Column(*parts, gap=8, pad=(2, 8)), stretch=1, name=name)

    def _todo(self, desk: vm.DeskView) -> list[Widget]:
        go, do, word = self.window.go, self.window.do, self.word
        parts = [self._task(one, f"todo/{n}") for n, one in enumerate(desk.todo)]
        if desk.warnings:
            parts.append(Divider())
            parts += [
                bits.notice(one, go, f"warning/{n + 1}") for n, one in enumerate(desk.warnings)
            ]
        parts += [Divider(), Label(word("drafted"), style="caption", color="muted")]
        parts += [
            bits.taken(one, do, f"drafted/{n}", word("take_back"))
            for n, one in enumerate(desk.drafted)
        ]
        if not desk.drafted:
            parts += bits.lines([word("orders_none")], color="muted")
        parts += [Divider(), Label(word("mandates"), style="caption", color="muted")]
        parts += [bits.mandate(one, f"todo/mandate/{n}") for n, one in enumerate(desk.mandates)]
        if desk.paths:
            parts += [Divider(), Label(word("paths"), style="caption", color="muted")]
            parts += [bits.notice(one, go, f"todo/path/{n}") for n, one in enumerate(desk.paths)]
        return parts

    def _task(self, one: vm.Todo, name: str) -> Widget:
        """Something to look at; a click leads there."""
        sign, ink = ("check", "positive") if one.done else ("flag", "accent")
        words = Label(
            one.text, style="small", color="muted" if one.done else "text", wrap=True, stretch=1
        )
        return Card(
            Row(Icon(sign, size=16, color=ink), words, gap=8),
            kind="plain",
            pad=(4, 3),
            on_click=self.follow(one.link) if one.link.kind else None,
            name=name,
        )

    def _dials(self, desk: vm.DeskView) -> list[Widget]:
        return dial_widgets(desk.dials, self.window.verb, self.word)

    def _actions(self, desk: vm.DeskView) -> list[Widget]:
        parts: list[Widget] = [
            Label(self.word("capital"), style="subheading"),
            Label(self.word("capital_hint"), style="caption", color="muted", wrap=True),
        ]
        others: list[Widget] = []
        for place, action in enumerate(desk.actions):
            if action.verb in CAPITAL:
                parts.append(self._capital(action))
            else:
                others.append(bits.action_button(action, self.window.do, f"action/{place}"))
                others += bits.lines([action.reason], color="muted", style="caption")
        if others:
            parts += [Divider(), Label(self.word("projects"), style="subheading"), *others]
        return parts

    def _capital(self, action: vm.Action) -> Widget:
        amount = f"{float(str(action.args[0])):.0f}" if action.args else "0"
        box = {"text": amount}

        def write(text: str) -> None:
            box["text"] = text

        def submit(text: str = "") -> None:
            self.window.verb(action.verb, float(box["text"] or 0))

        name = f"capital/{action.verb}"
        if action.active:
            return bits.taken(action, self.window.do, f"{name}/undo", self.word("take_back"))
        possible = bool(float(amount))  # a smaller sum may do where the suggested one does not
        ink = "text" if possible else "faint"
        entry = TextEntry(
            amount,
            on_change=write,
            on_submit=submit,
            limit=7,
            accept=str.isdigit,
            width=84,
            enabled=possible,
            name=name,
            tooltip=self.word("usd_m"),
        )
        press = Button(
            self.word("set"),
            submit,
            enabled=possible,
            name=f"{name}/set",
            tooltip=action.reason or None,
        )
        label = Label(action.label, style="small", wrap=True, stretch=1, valign="center", color=ink)
        refused = [] if action.enabled else [action.reason]
        return Column(
            Row(label, entry, press, gap=6),
            *bits.lines(refused, color="muted", style="caption"),
            gap=2,
        )

    def _goal_list(self, desk: vm.DeskView) -> list[Widget]:
        parts: list[Widget] = [
            Row(
                Label(self.word("score"), style="subheading", stretch=1),
                Label(desk.score.text, style="number", color="accent"),
            )
        ]
        for place, term in enumerate(desk.score.terms):
            parts.append(
                Card(
                    Row(
                        Label(term.name, style="strong", stretch=1),
                        bits.asked(
                            term.text, self.asking, term.ask, f"term/{place}/why", style="strong"
                        ),
                        gap=6,
                    ),
                    *bits.lines(term.why, color="muted", style="caption"),
                    kind="sunken",
                    gap=3,
                    pad=8,
                    name=f"term/{place}",
                )
            )
        parts.append(Label(self.word("mandates"), style="subheading"))
        parts += [bits.mandate(one, f"mandate/{place}") for place, one in enumerate(desk.mandates)]
        if desk.paths:
            parts.append(Label(self.word("paths"), style="subheading"))
            parts += [
                bits.notice(one, self.window.go, f"path/{place}")
                for place, one in enumerate(desk.paths)
            ]
        return parts
