"""A market in detail: sellers, buyers, shares over time, and the own business."""

from __future__ import annotations

import math

from game.session import views as vm
from game.ui import bits, charts, tables
from game.ui.kit import (
    Card,
    Column,
    Label,
    Page,
    Row,
    ScrollView,
    Spacer,
    Tabs,
    Widget,
)
from game.ui.screens.frame import GameScreen

VERY_WIDE = 1700
STANCES = (-2, -1, 0, 1, 2)


class MarketScreen(GameScreen):
    """Who sells what at which price to whom."""

    name = "market"
    section = "market"
    tab = "shares"

    def body(self, desk: vm.DeskView) -> Widget:
        view = vm.market(self.game, self.window.market)
        return Column(
            self._head(view),
            Row(
                Column(
                    Card(
                        tables.table(
                            view.sellers,
                            self.window.go,
                            "sellers",
                            self._hidden(),
                            asking=self.asking,
                            stretch=1,
                        ),
                        title=self.word("sellers"),
                        stretch=5,
                        pad=10,
                    ),
                    Card(self._charts(view), stretch=5, pad=10),
                    gap=10,
                    stretch=7,
                ),
                Column(
                    ScrollView(
                        Column(self._own(view, desk), self._segments(view), gap=10),
                        stretch=1,
                        name="right",
                    ),
                    stretch=4,
                    min_width=300,
                ),
                gap=12,
                stretch=1,
            ),
            gap=10,
            stretch=1,
        )

    def _hidden(self) -> tuple[str, ...]:
        """Columns of sellers for which there is no room; the bars show the segments anyway."""
        segments = tuple(f"segment{place}" for place in range(20))
        if self.narrow():
            return ("change", "quality", "margin", *segments)
        return () if self.wide() >= VERY_WIDE else segments

    def _head(self, view: vm.MarketView) -> Widget:
        def choose(market: int) -> None:
            self.window.market = market
            self.rebuild()

        figures = [
            bits.figure(one, self.window.go, f"market_figure/{place}", asking=self.asking)
            for place, one in enumerate(self.few(view.figures, 2))
        ]
        return Row(
            bits.drop(view.others, view.index, choose, name="market/choose", width=280),
            Label(view.unit, style="small", color="muted"),
            Spacer(),
            *figures,
            gap=12,
        )

    def _charts(self, view: vm.MarketView) -> Widget:
        lang = self.window.lang
        pages = [
            Page(
                "shares",
                self.word("share_history"),
                lambda: bits.line_chart(view.shares, lang, name="chart/shares", stretch=1),
            ),
            Page(
                "prices",
                self.word("prices"),
                lambda: bits.line_chart(view.prices, lang, name="chart/prices", stretch=1),
            ),
        ]

        def change(key: object) -> None:
            self.tab = str(key)

        return Tabs(pages, value=self.tab, on_change=change, stretch=1, name="charts")

    def _own(self, view: vm.MarketView, desk: vm.DeskView) -> Widget:
        own, verb = view.own, self.window.verb
        parts: list[Widget] = [Label(own.status, style="small", color="muted", wrap=True)]
        if own.on_sale:
            names = [
                (stance, name)
                for stance, name in zip(STANCES, desk.dials.stance_names, strict=True)
            ]
            choices = [(None, self.word("delegate")), *names]
            parts += [
                Row(
                    Label(self.word("stance_here"), style="small", stretch=1),
                    bits.drop(
                        choices,
                        own.stance if own.stance_pinned else None,
                        lambda stance: verb("pin_stance", view.index, stance),
                        name="own/stance",
                        width=150,
                    ),
                    gap=6,
                ),
                Label(own.stance_text, style="caption", color="muted", wrap=True),
                self._spend(view),
                Label(own.spend_text, style="caption", color="muted", wrap=True),
                bits.action_button(own.focus, self.window.do, "own/focus"),
                *bits.lines(own.lines, style="small"),
                bits.action_button(own.leave, self.window.do, "own/leave", kind="quiet"),
            ]
        else:
            parts += [bits.action_button(own.enter, self.window.do, "own/enter", kind="primary")]
            parts += bits.lines([own.enter.reason], color="muted", style="caption")
            if own.entering:
                parts.append(
                    bits.action_button(own.leave, self.window.do, "own/leave", kind="quiet")
                )
            parts += bits.lines(own.lines)
        return Card(*parts, title=self.word("your_line"), gap=6, pad=12, name="own")

    def _spend(self, view: vm.MarketView) -> Widget:
        own, verb = view.own, self.window.verb
        pinned = not math.isnan(own.spend_factor)
        factors = [0.0, 0.5, 1.0, 1.5, 2.0, 3.0]
        options: list[tuple[float | None, str]] = [(None, self.word("delegate"))]
        options += [(factor, f"{factor:g} {self.word('factor_normal')}") for factor in factors]
        near = min(factors, key=lambda factor: abs(factor - own.spend_factor)) if pinned else None
        return Row(
            Label(self.word("spending_here"), style="small", stretch=1),
            bits.drop(
                options,
                near,
                lambda factor: verb("pin_spend", view.index, factor),
                name="own/spend",
                width=150,
            ),
            gap=6,
        )

    def _segments(self, view: vm.MarketView) -> Widget:
        names: dict[str, str] = {}
        for segment in view.segments:
            for piece in segment.slices:
                names.setdefault(piece.name, piece.colour)
        bars = [
            charts.Bar(
                f"{bits.begun(segment.name)} · {segment.weight}",
                [
                    charts.Part(piece.name, piece.values[0], color=bits.rgb(piece.colour))
                    for piece in segment.slices
                ],
            )
            for segment in view.segments
        ]
        height = 60 + 30 * len(bars) + 18 * ((len(names) + 2) // 3)
        return Card(
            charts.BarChart(
                bars,
                unit="%",
                show=lambda value: f"{value:.0%}",
                total=False,
                name="segments",
                height=height,
            ),
            title=self.word("buyers"),
            pad=12,
        )
