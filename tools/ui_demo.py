"""Show every widget of the kit on one screen; with --shot, save a picture instead of a window.

python tools/ui_demo.py [--scale 1.5] [--size 1440x900] [--tab charts] [--shot out.png]
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from game.ui.kit import (
    Badge,
    Button,
    Card,
    Cell,
    CheckBox,
    Choice,
    Column,
    Divider,
    DropDown,
    Grid,
    Icon,
    IconButton,
    Label,
    Option,
    Page,
    Pips,
    ProgressBar,
    RichText,
    Row,
    Screen,
    ScrollView,
    Segmented,
    Slider,
    Spacer,
    Stepper,
    Table,
    TableColumn,
    TableRow,
    Tabs,
    TextEntry,
    Toggle,
    Widget,
)
from game.ui.theme import make_app

COMPANIES = ("Alibaba", "Meizu", "Xiaomi", "Apple", "Samsung", "Lenovo", "Huawei", "OPPO", "vivo")


class Demo(Screen):
    """Tabs of everything."""

    name = "demo"

    def __init__(self, tab: str = "widgets") -> None:
        super().__init__()
        self.tab = tab
        self.count = 0

    def build(self) -> Widget:
        pages = [
            Page("widgets", "Widgets", self.widgets, icon="settings"),
            Page("table", "Table", self.table, icon="ledger", badge="9"),
            Page("charts", "Charts", self.charts, icon="chart"),
            Page("map", "Map", self.map, icon="map"),
            Page("icons", "Icons", self.icons),
        ]
        bar = Row(
            Icon("company", 26, "accent"),
            Label("Demonstration", style="title", min_width=140),
            Badge("2015 Q1"),
            Spacer(),
            Label("Attention", color="muted", style="small"),
            Pips(3, 5),
            IconButton("undo", None, label="Undo"),
            IconButton("settings", self.ask, label="Settings", name="settings"),
            Button(
                "End quarter",
                self.press,
                kind="primary",
                icon_after="next",
                hint="Ctrl+Enter",
                name="end_turn",
            ),
            gap=12,
        )
        return Column(
            bar, Tabs(pages, self.tab, name="tabs", stretch=1), pad=16, gap=8, name="root"
        )

    def press(self) -> None:
        self.count += 1
        self.app.toast(f"Quarter {self.count} ended. Meizu sold 4.5 million phones.", "positive")
        self.rebuild()

    def ask(self) -> None:
        self.app.confirm(
            "Leave the game?",
            "The quarter is **not saved**. See [what a save holds](saves).",
            [Choice("stay", "Stay"), Choice("leave", "Leave", self.app.quit, "danger")],
        )

    def widgets(self) -> Widget:
        form = Card(
            Grid(
                Label("Price stance", color="muted"),
                Slider(
                    0,
                    low=-2,
                    high=2,
                    step=1,
                    labels=("−2", "−1", "0", "+1", "+2"),
                    show=lambda v: f"{v:+.0f}",
                    name="stance",
                ),
                Label("Spending", color="muted"),
                Slider(0.4, show=lambda v: f"${v * 100:.0f}m", name="spend"),
                Label("Term", color="muted"),
                Segmented(["4 quarters", "8 quarters", "12 quarters"], "8 quarters", name="term"),
                Label("Counterparty", color="muted"),
                DropDown([Option(c.lower(), c, "company") for c in COMPANIES], "meizu", name="who"),
                Label("Stake", color="muted"),
                Stepper(12, low=0, high=49, show=lambda v: f"{v:.0f} %", name="stake"),
                Label("Name", color="muted"),
                TextEntry("阿里巴巴 and Meizu", placeholder="Name of the save", name="entry"),
                Label("Empty", color="muted"),
                TextEntry("", placeholder="Name of the save", name="entry2"),
                columns=[0, 1],
                gap=16,
                row_gap=10,
            ),
            title="Controls",
        )
        checks = Card(
            Toggle("Delegates set prices", True, name="delegates"),
            Toggle("Show estimates", False),
            CheckBox("Autosave every quarter", True, name="autosave"),
            CheckBox("Sound", False),
            CheckBox("Not to be had", True, enabled=False),
            Divider(),
            Segmented(
                ["Penetrate", "Best reply", "Harvest"], "Best reply", kind="radio", name="rd"
            ),
            title="Switches",
            actions=[IconButton("help", None, label="What is this?", size=28)],
        )
        buttons = Card(
            Row(
                Button("Primary", None, kind="primary"), Button("Normal", None, icon="plus"), gap=8
            ),
            Row(Button("Quiet", None, kind="quiet"), Button("Danger", None, kind="danger"), gap=8),
            Row(
                Button("Disabled", None, enabled=False),
                Button("Disabled", None, kind="primary", enabled=False),
                gap=8,
            ),
            ProgressBar(0.6, text="60 % delivered"),
            ProgressBar(0.3, color="series1"),
            Row(
                Badge("Pledge"),
                Badge("Hostile", "negative"),
                Badge("Done", "positive", "solid"),
                Badge("Rumour", "info", "outline"),
                gap=6,
            ),
            title="Buttons",
        )
        types = Card(
            Label("Display", style="display"),
            Label("Title of a screen", style="title"),
            Label("Heading of a card", style="heading"),
            Row(Label("$1,234.5m", style="big_number"), Label("▲ 12.4 %", color="positive"), gap=8),
            Label("Body text 0123456789 ¥ € → ↑ ≥ 中文字体 Ελλ", style="body"),
            Label(
                "A long line that does not fit into its card and therefore ends in three dots "
                "while its tooltip holds the whole",
                name="long",
            ),
            RichText(
                "Alibaba bought **29 %** of [Meizu](meizu) for {accent|$590m} {icon:cash}; "
                "the founder kept over half, so that [control](control) stayed.\n"
                "- Meizu pledges its phone OS\n- Alibaba pledges payments {positive|+3 %}",
                name="story",
            ),
            Label(
                "魅族科技与阿里巴巴集团宣布达成战略合作,双方将在系统、电商、支付等方面合作。",
                wrap=True,
                color="muted",
                style="small",
            ),
            title="Type",
        )
        return ScrollView(
            Row(
                Column(form, buttons, gap=16, stretch=3),
                Column(checks, stretch=2),
                Column(types, stretch=3),
                gap=16,
            ),
            name="scroll",
        )

    def table(self) -> Widget:
        from game.ui.charts import bar_cell, spark_cell

        rows = [
            TableRow(
                c.lower(),
                [
                    Cell(c, chip=f"series{i}"),
                    Cell(f"{(i * 37) % 90 + 3.5:.1f}", sort=(i * 37) % 90 + 3.5, style="number"),
                    Cell(
                        f"{(i * 53) % 40 - 8:+.0f} %",
                        sort=float((i * 53) % 40 - 8),
                        color="positive" if (i * 53) % 40 > 8 else "negative",
                        style="number",
                    ),
                    spark_cell([math.sin(t / 3 + i) + t / 9 for t in range(20)], f"series{i}"),
                    bar_cell((i * 29 % 60) / 100, f"{i * 29 % 60} %"),
                ],
            )
            for i, c in enumerate(COMPANIES * 1)
        ]
        columns = [
            TableColumn("name", "Company", stretch=2),
            TableColumn("phones", "Phones, m", "right"),
            TableColumn("change", "Change on last quarter", "right"),
            TableColumn("trend", "Trend", width=120, sortable=False),
            TableColumn("share", "Share", width=160),
        ]
        return Table(
            columns,
            rows,
            on_select=lambda key: None,
            selected="meizu",
            name="companies",
            sort=("phones", True),
        )

    def charts(self) -> Widget:
        from game.ui.charts import (
            Bar,
            BarChart,
            Donut,
            Gauge,
            LineChart,
            Part,
            Series,
            Term,
            Waterfall,
        )

        quarters = [f"{2015 + t // 4} Q{t % 4 + 1}" for t in range(24)]
        series = [
            Series(c, [10 + 4 * i + 3 * math.sin(t / 4 + i) + t * 0.2 * (i % 3) for t in range(24)])
            for i, c in enumerate(COMPANIES)
        ]
        line = LineChart(
            series,
            quarters,
            unit="million phones",
            now=16,
            name="line",
            stretch=1,
            title="Phones sold a quarter",
        )
        bars = BarChart(
            [
                Bar(c, [Part("China", 30 - i * 2), Part("India", i * 3), Part("Europe", 4)])
                for i, c in enumerate(COMPANIES[:6])
            ],
            unit="%",
            name="bars",
        )
        fall = Waterfall(
            [
                Term("Before", 120, kind="start"),
                Term("OS on phones", 34, "60 % delivered"),
                Term("Payments", 12),
                Term("Dilution", -21),
                Term("Trust lost", -8),
            ],
            unit="USD m",
            total_label="After",
            name="fall",
        )
        return Row(
            Card(line, stretch=3),
            Column(
                Card(bars, title="Shares", stretch=1),
                Card(fall, title="What Meizu brought", stretch=1),
                Row(
                    Card(Gauge(62, 100, "Score", "62"), stretch=1),
                    Card(
                        Donut(
                            [Part("Founder", 51), Part("Alibaba", 29), Part("Public", 20)], "29 %"
                        ),
                        stretch=1,
                    ),
                    gap=16,
                ),
                gap=16,
                stretch=2,
            ),
            gap=16,
        )

    def map(self) -> Widget:
        from game.ui.worldmap import MapRegion, WorldMap

        names = (
            "China",
            "India",
            "South-East Asia",
            "Europe",
            "North America",
            "Rest of the world",
        )
        keys = ("china", "india", "southeast_asia", "europe", "north_america", "row")
        regions = [
            MapRegion(
                k,
                n,
                None if i == 5 else (5 - i) * 9.0,
                f"{(5 - i) * 9} %",
                "2" if i < 2 else "",
                f"**{n}**: your share",
            )
            for i, (k, n) in enumerate(zip(keys, names, strict=True))
        ]
        return WorldMap(
            regions,
            "Your share of phones",
            selected="china",
            name="map",
            on_select=lambda key: self.app.toast(key),
            show=lambda v: f"{v:.0f} %",
        )

    def icons(self) -> Widget:
        names = self.app.ctx.icons.names()
        cells = [
            Column(
                Icon(n, 28), Label(n, style="caption", color="muted", text_align="center"), gap=4
            )
            for n in names
        ]
        return ScrollView(Grid(*cells, columns=10, gap=12, row_gap=18))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--size", default="1440x900")
    parser.add_argument("--tab", default="widgets")
    parser.add_argument("--shot")
    parser.add_argument("--hover")
    parser.add_argument("--click")
    args = parser.parse_args()
    if args.shot:
        os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    width, height = (int(n) for n in args.size.split("x"))
    now = [0]
    app = make_app(
        "Widgets",
        size=(width, height),
        scale=args.scale,
        clock=(lambda: now[0]) if args.shot else None,
    )
    app.explain = lambda target: f"About **{target}**: see also [the founder](founder)."
    app.show(Demo(args.tab))
    if not args.shot:
        app.run()
        return
    app.pump()
    if args.click:
        app.click(*args.click.split("@"))
    if args.hover:
        app.hover(*args.hover.split("@"))
        now[0] += 1000
        app.pump()
    app.screenshot(args.shot)


if __name__ == "__main__":
    main()
