"""The right of the desk: what to do, dials, actions, goals."""

from __future__ import annotations

from collections.abc import Sequence

from game.session import views as vm
from game.ui import bits
from game.ui.kit import (
    Button,
    Card,
    CheckBox,
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

NOBODY = -1
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

    def _scrolled(self, parts: Sequence[Widget | None], name: str) -> Widget:
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

    def _actions(self, desk: vm.DeskView) -> list[Widget | None]:
        parts: list[Widget | None] = [
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
        if desk.contests is not None:
            parts += [Divider(), *self._contests(desk.contests)]
        return parts

    def _contests(self, view: vm.ContestsView) -> list[Widget | None]:
        """What is said beforehand about topping bids: those of the seat, and those of others."""
        verb, word = self.window.verb, self.word
        choose = bits.drop(
            view.choices, view.ready, lambda company: verb("stand_ready", company),
            name="contest/ready", stretch=1,
        )  # fmt: skip
        bid = self._sum("contest/most", "contest_most", view.most, "ready_most")
        match = self._sum("contest/match", "contest_match", view.match, "match_most")
        return [
            Label(word("contests"), style="subheading"),
            Label(view.about, style="caption", color="muted", wrap=True),
            Row(Label(word("contest_bid"), style="small", valign="center"), choose, gap=8),
            bid if view.ready != NOBODY else None,
            match,
            CheckBox(
                word("contest_open"), view.open, lambda on: verb("open_bids"), name="contest/open"
            ),
        ]

    def _sum(self, name: str, label: str, value: float, verb: str) -> Widget:
        """A sum in USD m that may be left to the advisers: an empty field."""
        box = {"text": f"{value:.0f}" if value >= 0.0 else ""}

        def write(text: str) -> None:
            box["text"] = text

        def submit(text: str = "") -> None:
            self.window.verb(verb, float(box["text"]) if box["text"] else -1.0)

        entry = TextEntry(
            box["text"],
            on_change=write,
            on_submit=submit,
            placeholder=self.word("contest_own"),
            limit=7,
            accept=str.isdecimal,
            width=112,
            name=name,
            tooltip=self.word("contest_own_hint"),
        )
        words = Label(self.word(label), style="small", wrap=True, stretch=1, valign="center")
        return Row(words, entry, Button(self.word("set"), submit, name=f"{name}/set"), gap=6)

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
            accept=str.isdecimal,
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
