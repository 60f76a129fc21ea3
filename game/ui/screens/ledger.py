"""The seat's books and the board's figures over all quarters."""

from __future__ import annotations

from game.session import views as vm
from game.ui import bits
from game.ui.kit import Card, Column, Grid, Label, Page, ScrollView, Tabs, Widget
from game.ui.screens.frame import GameScreen

CHART_HEIGHT, ROOM_BELOW = 250, 280
"""Least height of a chart, and what the frame takes of the window, in dp."""
ROWS_IN_SIGHT = 2


class LedgerScreen(GameScreen):
    """Profit and loss, cash flow, balance, charts, comparison, news."""

    name = "ledger"
    section = "ledger"
    tab = "charts"

    def body(self, desk: vm.DeskView) -> Widget:
        view = vm.ledger(self.game)
        if view.empty:
            return Column(Label(view.empty, color="muted", wrap=True), stretch=1)
        go = self.window.go
        pages = [
            Page("charts", self.word("charts"), lambda: self._charts(view.charts, "own")),
            Page("compare", self.word("compare"), lambda: self._charts(view.compare, "compare")),
            Page(
                "profit",
                self.word("profit"),
                lambda: bits.table(view.profit, go, "profit", stretch=1),
            ),
            Page(
                "cash",
                self.word("cash_flow"),
                lambda: bits.table(view.cash_flow, go, "cash_flow", stretch=1),
            ),
            Page(
                "balance",
                self.word("balance"),
                lambda: bits.table(view.balance, go, "balance", stretch=1),
            ),
            Page("news", self.word("news_all"), lambda: self._news(view)),
        ]

        def change(key: object) -> None:
            type(self).tab = str(key)

        return Tabs(pages, value=self.tab, on_change=change, stretch=1, name="ledger/tabs")

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
                bits.headline(one, self.window.go, f"news/{number}/{place}")
                for place, one in enumerate(headlines)
            ]
            parts.append(Card(*told, title=quarter, gap=2, pad=10))
        return ScrollView(Column(*parts, gap=8, pad=(0, 8)), stretch=1, name="page/news")
