"""The seat's books and the board's figures over all quarters."""

from __future__ import annotations

from collections.abc import Callable

from game.session import views as vm
from game.ui import bits
from game.ui.kit import (
    Button,
    Card,
    Column,
    Grid,
    Label,
    Page,
    Row,
    ScrollView,
    Spacer,
    Tabs,
    Widget,
)
from game.ui.screens.frame import GameScreen
from game.ui.tables import columns_that_fit, table

CHART_HEIGHT, ROOM_BELOW = 250, 280
"""Least height of a chart, and what the frame takes of the window, in dp."""
ROWS_IN_SIGHT = 2
STATEMENT_ROW = 28
FIRST_WIDTH = 620
"""Of the opening balance, before a quarter has been played."""
BESIDE = 140
"""What the frame takes of the window's width, in dp."""


class LedgerScreen(GameScreen):
    """Profit and loss, cash flow, balance, charts, comparison, news."""

    name = "ledger"
    section = "ledger"
    tab = "charts"
    first = 0
    """Place of the newest quarter shown in statements, 0 the last one."""

    def body(self, desk: vm.DeskView) -> Widget:
        view = vm.ledger(self.game)
        if view.empty:
            return Column(
                Label(view.empty, color="muted", wrap=True),
                Card(
                    self._statement(view.balance, "balance"),
                    title=self.word("balance"),
                    stretch=1,
                    pad=10,
                    max_width=FIRST_WIDTH,
                ),
                gap=10,
                stretch=1,
            )
        sheet = self._statement
        pages = [
            Page("charts", self.word("charts"), lambda: self._charts(view.charts, "own")),
            Page("compare", self.word("compare"), lambda: self._charts(view.compare, "compare")),
            Page("profit", self.word("profit"), lambda: sheet(view.profit, "profit")),
            Page(
                "cash", self.word("cash_flow"), lambda: self._statement(view.cash_flow, "cash_flow")
            ),
            Page("balance", self.word("balance"), lambda: sheet(view.balance, "balance")),
            Page("news", self.word("news_all"), lambda: self._news(view)),
        ]

        def change(key: object) -> None:
            type(self).tab = str(key)

        return Tabs(pages, value=self.tab, on_change=change, stretch=1, name="ledger/tabs")

    def _statement(self, view: vm.Table, name: str) -> Widget:
        """A statement, as many quarters at a time as fit, the newest first."""
        quarters = len(view.columns) - 1
        room = self.app.window.size[0] - self.app.ctx.px(BESIDE)
        fit = columns_that_fit(view, self.app.ctx, room)
        first = max(0, min(self.first, quarters - fit))
        away = [
            column.key
            for place, column in enumerate(view.columns[1:])
            if not first <= place < first + fit
        ]
        sheet = table(
            view,
            self.window.go,
            name,
            away,
            asking=self.asking,
            sortable=False,
            stretch=1,
            row_height=STATEMENT_ROW,
        )
        if not away:
            return sheet
        return Column(self._pager(first, fit, quarters), sheet, gap=4, pad=(0, 6, 0, 0), stretch=1)

    def _pager(self, first: int, fit: int, quarters: int) -> Widget:
        """Buttons to newer and older quarters."""

        def turn(by: int) -> Callable[[], None]:
            def press() -> None:
                type(self).first = max(0, min(first + by, quarters - fit))
                self.rebuild()

            return press

        shown = self.window.word(
            "quarters_shown", first=first + 1, last=min(first + fit, quarters), count=quarters
        )
        return Row(
            Spacer(),
            Label(shown, style="caption", color="muted", valign="center"),
            Button(
                self.word("newer"), turn(-fit), kind="quiet", enabled=first > 0, name="newer",
                icon="chevron-left",
            ),
            Button(
                self.word("older"), turn(fit), kind="quiet", enabled=first + fit < quarters,
                name="older", icon_after="chevron-right",
            ),
            gap=6,
        )  # fmt: skip

    def _charts(self, pictures: tuple[vm.Chart, ...], key: str) -> Widget:
        window = self.app.window.size[1] / self.app.ctx.scale
        height = max(CHART_HEIGHT, (window - ROOM_BELOW) / ROWS_IN_SIGHT)
        cards = [
            Card(
                bits.line_chart(one, self.window.lang, name=f"{key}/{place}", height=height),
                pad=10,
            )
            for place, one in enumerate(pictures)
        ]
        return ScrollView(
            Grid(*cards, columns=2, gap=12, pad=(0, 8)), stretch=1, name=f"page/{key}"
        )

    def _news(self, view: vm.LedgerView) -> Widget:
        parts: list[Widget] = []
        for number, (quarter, headlines) in enumerate(view.news):
            told = [
                bits.headline(one, self.window.go, f"news/{number}/{place}", self.word("moves_why"))
                for place, one in enumerate(headlines)
            ]
            parts.append(Card(*told, title=quarter, gap=2, pad=10))
        return ScrollView(Column(*parts, gap=8, pad=(0, 8)), stretch=1, name="page/news")
