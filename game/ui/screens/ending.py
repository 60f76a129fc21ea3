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

FULL_SCORE = 100.0
PLACES_IN_SIGHT = 6
"""A seat further down is shown on top as well."""


class EndScreen(GameScreen):
    """Reason, ranking with its three terms, mandates, moments, charts."""

    name = "end"
    section = "desk"

    def body(self, desk: vm.DeskView) -> Widget:
        view = vm.end(self.game)
        verdict = Card(
            Label(view.verdict, style="heading", wrap=True),
            *bits.lines([view.rehearsed], color="warning"),
            kind="accent",
            pad=12,
            gap=4,
        )
        story = ScrollView(Column(*self._story(view), gap=10), stretch=1, name="right")
        return Column(
            self._head(view),
            verdict,
            Row(
                Column(self._ranking(view), stretch=5),
                Column(story, stretch=4, min_width=340),
                gap=12,
                stretch=1,
            ),
            gap=10,
            stretch=1,
        )

    def _head(self, view: vm.EndView) -> Widget:
        word, window = self.word, self.window
        return Row(
            Icon("trophy", size=36, color="accent"),
            Column(
                Label(view.title, style="title"),
                Label(view.reason, color="muted", wrap=True),
                gap=2,
                stretch=1,
            ),
            Column(
                Button(word("go_on"), lambda: window.desk(), name="to_desk"),
                Button(word("title_again"), window.title, kind="primary", name="to_title"),
                gap=6,
            ),
            gap=14,
        )

    def _story(self, view: vm.EndView) -> list[Widget]:
        """Mandates, the biggest news, and charts."""
        go, lang = self.window.go, self.window.lang
        tasks = [bits.mandate(one, f"mandate/{n}") for n, one in enumerate(view.mandates)]
        news = [bits.headline(one, go, f"moment/{n}") for n, one in enumerate(view.moments)]
        pictures = [
            bits.line_chart(one, lang, name=f"end_chart/{n}", height=230)
            for n, one in enumerate(view.charts)
        ]
        return [
            Card(*tasks, title=self.word("mandates"), gap=8, pad=12),
            Card(*news, title=self.word("history"), gap=2, pad=12),
            *[Card(picture, pad=10) for picture in pictures],
        ]

    def _open(self, company: int) -> Callable[[], None]:
        return lambda: self.window.go(vm.Link("company", company))

    def _ranking(self, view: vm.EndView) -> Widget:
        mine = [row for row in view.ranking if row.mine and row.place > PLACES_IN_SIGHT]
        pinned = [self._place(view, row, f"rank/mine/{row.place}") for row in mine]
        rows = [self._place(view, row, f"rank/{row.place}") for row in view.ranking]
        legend = [
            Row(Swatch(f"series{place}"), Label(name, style="caption", color="muted"), gap=6)
            for place, name in enumerate(view.term_names)
        ]
        return Card(
            Row(*legend, Spacer(), gap=14),
            *pinned,
            ScrollView(Column(*rows, gap=4), stretch=1, name="ranking"),
            title=self.word("ranking"),
            stretch=1,
            pad=12,
        )

    def _place(self, view: vm.EndView, row: vm.RankRow, name: str) -> Widget:
        """One company: place, terms as a bar out of a hundred points, total."""
        pairs = zip(view.term_names, row.values, strict=True)
        parts = [charts.Part(term, value) for term, value in pairs]
        missing = max(FULL_SCORE - sum(row.values), 0.0)
        parts.append(charts.Part(self.word("missing"), missing, color="line"))
        written = [f"{t} {v}" for t, v in zip(view.term_names, row.terms, strict=True)]
        ink = "accent" if row.mine else "text"
        return Card(
            Row(
                Label(f"{row.place}", style="number", width=24, color=ink),
                Swatch(bits.rgb(row.company.colour)),
                Label(row.company.short, style="strong", width=90),
                charts.BarChart(
                    [charts.Bar("", parts)],
                    legend=False,
                    total=False,
                    height=16,
                    stretch=1,
                    name=f"{name}/terms",
                    valign="center",
                ),
                bits.asked(
                    row.total,
                    self.asking,
                    row.ask,
                    f"{name}/why",
                    style="number",
                    color=ink,
                    width=84,
                    text_align="right",
                ),
                gap=8,
            ),
            *bits.lines([" · ".join([*written, row.note])] if row.mine else [], "muted", "caption"),
            kind="accent" if row.mine else "raised",
            gap=2,
            pad=(10, 5),
            name=name,
            tooltip=bits.hint_of([*written, row.note]),
            on_click=self._open(row.company.index),
        )
