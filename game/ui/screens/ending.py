"""The end of a game: why, who stands where, and how it came about."""

from __future__ import annotations

from collections.abc import Callable

from game.session import views as vm
from game.ui import bits, charts
from game.ui.kit import (
    Button,
    Card,
    Column,
    Icon,
    Label,
    Row,
    ScrollView,
    Spacer,
    Swatch,
    Widget,
)
from game.ui.screens.frame import GameScreen


class EndScreen(GameScreen):
    """Reason, ranking with its three terms, mandates, moments, charts."""

    name = "end"
    section = "desk"

    def body(self, desk: vm.DeskView) -> Widget:
        view = vm.end(self.game)
        return Column(
            Row(
                Icon("trophy", size=36, color="accent"),
                Column(
                    Label(view.title, style="title"),
                    Label(view.reason, color="muted", wrap=True),
                    gap=2,
                    stretch=1,
                ),
                Column(
                    Button(
                        self.word("go_on"), lambda: self.window.desk(), kind="quiet", name="to_desk"
                    ),
                    Button(
                        self.word("title_again"), self.window.title, kind="primary", name="to_title"
                    ),
                    gap=6,
                ),
                gap=14,
            ),
            Card(
                Label(view.verdict, style="heading", wrap=True),
                *bits.lines([view.rehearsed], color="warning"),
                kind="accent",
                pad=12,
                gap=4,
            ),
            Row(
                Column(self._ranking(view), stretch=5),
                Column(
                    ScrollView(
                        Column(
                            Card(
                                *[
                                    bits.mandate(one, f"mandate/{place}")
                                    for place, one in enumerate(view.mandates)
                                ],
                                title=self.word("mandates"),
                                gap=8,
                                pad=12,
                            ),
                            Card(
                                *[
                                    bits.headline(one, self.window.go, f"moment/{place}")
                                    for place, one in enumerate(view.moments)
                                ],
                                title=self.word("history"),
                                gap=2,
                                pad=12,
                            ),
                            *[
                                Card(
                                    bits.line_chart(
                                        one, self.window.lang, name=f"end_chart/{place}", height=230
                                    ),
                                    pad=10,
                                )
                                for place, one in enumerate(view.charts)
                            ],
                            gap=10,
                        ),
                        stretch=1,
                        name="right",
                    ),
                    stretch=4,
                    min_width=340,
                ),
                gap=12,
                stretch=1,
            ),
            gap=10,
            stretch=1,
        )

    def _open(self, company: int) -> Callable[[], None]:
        return lambda: self.window.go(vm.Link("company", company))

    def _ranking(self, view: vm.EndView) -> Widget:
        rows: list[Widget] = []
        for row in view.ranking:
            parts = [
                charts.Part(name, value)
                for name, value in zip(view.term_names, row.values, strict=True)
            ]
            rows.append(
                Card(
                    Row(
                        Label(
                            f"{row.place}",
                            style="number",
                            width=28,
                            color="accent" if row.mine else "muted",
                        ),
                        Swatch(bits.rgb(row.company.colour)),
                        Label(row.company.short, style="strong"),
                        Spacer(),
                        Label(row.total, style="number", color="accent" if row.mine else "text"),
                        gap=8,
                    ),
                    charts.BarChart(
                        [charts.Bar("", parts)],
                        legend=False,
                        total=False,
                        height=18,
                        name=f"rank/{row.place}/terms",
                    ),
                    Label(
                        " · ".join(
                            f"{name} {text}"
                            for name, text in zip(view.term_names, row.terms, strict=True)
                        ),
                        style="caption",
                        color="muted",
                    ),
                    *bits.lines([row.note], color="muted", style="caption"),
                    kind="accent" if row.mine else "raised",
                    gap=3,
                    pad=9,
                    name=f"rank/{row.place}",
                    on_click=self._open(row.company.index),
                )
            )
        return Card(
            ScrollView(Column(*rows, gap=6), stretch=1, name="ranking"),
            title=self.word("ranking"),
            stretch=1,
            pad=12,
        )
