"""The advisers at the deal table: the solver's questions, locks, the best deals on the board."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from game.session import views as vm
from game.ui import bits
from game.ui.kit import (
    Button,
    Card,
    Column,
    Icon,
    IconButton,
    Label,
    Row,
    ScrollView,
    Widget,
)
from game.ui.screens.frame import GameScreen

LOCK_SIZE = 24


class AdvisersPart(GameScreen):
    """What the advisers find, by what the seat knows."""

    def _lock(self, key: str, mine: bool, kind: int, locked: bool, name: str) -> Widget:
        """A small lock beside a clause."""
        return IconButton(
            "lock" if locked else "unlock",
            lambda: self.window.verb("lock", key, mine, kind),
            label=self.word("lock" if locked else "unlock"),
            kind="normal" if locked else "quiet",
            size=LOCK_SIZE,
            name=f"{name}/lock",
        )

    def _advisers(self, view: vm.DealView) -> Widget:
        """The four questions and the last finding."""
        solver = view.solver
        buttons = [
            Button(
                action.label,
                self._asking(action),
                name=f"solver/{action.args[0]}",
                enabled=action.enabled and not view.table.active,
                tooltip=hint,
            )
            for action, hint in zip(solver.questions, solver.hints, strict=True)
        ]
        note = solver.note or self.word("advisers_about")
        return ScrollView(
            Column(
                Column(*buttons, gap=6),
                Label(
                    note,
                    style="small",
                    color=bits.tone(solver.tone) if solver.note else "muted",
                    wrap=True,
                    name="solver/note",
                ),
                gap=8,
                pad=(0, 0, 8, 0),
            ),
            stretch=1,
            name="solver",
        )

    def _asking(self, action: vm.Action) -> Callable[[], None]:
        def ask() -> None:
            self._behind(lambda: self.game.do(action))

        return ask

    def _behind(self, call: Callable[[], vm.Result]) -> None:
        """Do something that takes a while, then draw anew."""
        window = self.window
        if window.busy:
            return
        window.flush()

        def done(result: Any) -> None:
            window.report(result)
            window.refresh()

        window.work(self.word("finder_busy"), call, done)

    # --------------------------------------------------------------------------- the whole board

    def _finder(self) -> Widget:
        """The best deals on the board, once it has been searched."""
        parts: list[Widget] = [
            Row(
                Label(self.word("finder"), style="subheading", stretch=1),
                Button(
                    self.word("finder_search"),
                    self._search,
                    name="finder/search",
                    icon="search",
                    enabled=not self.game.over,
                ),
                gap=8,
            ),
            Label(self.word("finder_about"), style="small", color="muted", wrap=True),
        ]
        if self.game.prospects_known:
            found = [self._prospect(one) for one in vm.prospects(self.game)]
            empty = Label(self.word("finder_none"), style="small", color="muted", wrap=True)
            parts.append(ScrollView(Column(*(found or [empty]), gap=8), stretch=1, name="finder"))
        return Column(*parts, gap=8, stretch=1 if self.game.prospects_known else 0)

    def _search(self) -> None:
        def call() -> vm.Result:
            self.game.prospects()
            return vm.Result(True)

        self._behind(call)

    def _prospect(self, one: vm.ProspectView) -> Widget:
        line = self.window.word(
            "finder_line", joint=one.joint, mine=one.mine, theirs=one.theirs, odds=one.odds
        )
        return Card(
            Row(
                bits.chip(one.company),
                Icon("handshake", size=16, color="accent"),
                Label(line, style="caption", color="accent", stretch=1, wrap=True),
                gap=8,
            ),
            Label(one.reason, style="small", wrap=True),
            Button(
                one.open.label,
                lambda: self._sit_down(one.open),
                name=f"finder/{one.company.index}",
                enabled=one.open.enabled,
            ),
            gap=4,
            pad=10,
            kind="raised",
        )

    def _sit_down(self, action: vm.Action) -> None:
        if self.window.do(action):
            self.window.refresh()
