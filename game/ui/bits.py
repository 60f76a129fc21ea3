"""Pieces that several screens share: view models turned into widgets."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from game.session import views as vm
from game.text.format import tick
from game.ui import charts
from game.ui.kit import (
    Button,
    Card,
    Cell,
    Column,
    DropDown,
    Icon,
    IconButton,
    Label,
    Option,
    Pointer,
    ProgressBar,
    RichText,
    Row,
    Segmented,
    Spacer,
    Swatch,
    Table,
    TableColumn,
    TableRow,
    Widget,
    contrast,
    mix,
)
from game.ui.theme import COLORS

TONES = {"": "text", "good": "positive", "bad": "negative", "warn": "warning", "mute": "muted"}
TONE_ICONS = {"good": "arrow-up", "bad": "arrow-down", "warn": "warning", "mute": "", "": ""}

WHOLE, LEAST = 400.0, 60.0
"""Least widths in dp: of a column that must not be cut while another can give way; of others."""
MOST_SERIES = 8
"""Lines that a chart can hold and still be read."""
TICKED = ("money", "price", "percent", "factor")
"""Kinds of charts whose ticks carry their unit."""
LEAST_CONTRAST = 3.0
ROW_HEIGHT = 32

Go = Callable[[vm.Link], None]
Do = Callable[[vm.Action], object]


@cache
def rgb(colour: str) -> tuple[int, int, int]:
    """The three channels of "#rrggbb", made light enough for the dark ground; grey for others."""
    if len(colour) != 7 or not colour.startswith("#"):
        return (136, 136, 136)
    found = (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))
    while contrast(found, COLORS["raised"]) < LEAST_CONTRAST:
        found = mix(found, (255, 255, 255), 0.12)
    return found


def begun(text: str) -> str:
    """A text that begins with a capital."""
    return text[:1].upper() + text[1:]


def tone(name: str) -> str:
    """The colour role of a tone."""
    return TONES.get(name, "text")


def chip(tag: vm.Tag, style: str = "strong", **options: Any) -> Widget:
    """A company's colour and short name."""
    return Row(Swatch(rgb(tag.colour)), Label(tag.short, style=style), gap=6, **options)


def hint_of(lines: Sequence[str]) -> str | None:
    """A tooltip of several lines; None when there is nothing to say."""
    text = "\n".join(f"- {line}" if len(lines) > 1 else line for line in lines if line)
    return text or None


def figure(view: vm.Figure, go: Go, name: str, big: bool = False) -> Widget:
    """A headline number with its label, change and why."""
    texts = [
        Label(view.label, style="caption", color="muted"),
        Label(view.text, style="big_number" if big else "number", color=tone(view.tone)),
    ]
    if view.change:
        texts.append(Label(view.change, style="caption", color=_signed(view.change)))
    link = view.link
    press = (lambda: go(link)) if link.kind else None
    return Card(
        *texts,
        kind="plain",
        gap=0,
        pad=(6, 2),
        name=name,
        tooltip=hint_of(view.why),
        on_click=press,
    )


def _signed(change: str) -> str:
    if change.lstrip().startswith("+"):
        return "positive"
    return "negative" if change.lstrip()[:1] in ("-", "−") else "muted"


def _columns(view: vm.Table, hidden: Sequence[str]) -> list[tuple[int, TableColumn]]:
    """Columns with their place in the view; where room is short, words give way to numbers."""
    return [
        (
            place,
            TableColumn(
                column.key,
                begun(column.title),
                align="right" if column.numeric else "left",
                stretch=1.0 if place else 2.0,
                tooltip=column.hint or None,
                min_width=WHOLE if column.numeric or not place else LEAST,
            ),
        )
        for place, column in enumerate(view.columns)
        if column.key not in hidden
    ]


class LinkTable(Table):
    """A table whose rows lead somewhere: a click follows; arrows only walk, Enter follows."""

    _clicking = False

    def on_pointer(self, event: Pointer) -> bool:
        self._clicking = event.kind in ("down", "up")
        try:
            return super().on_pointer(event)
        finally:
            self._clicking = False

    def select(self, key: str) -> None:
        """Select a row, and follow it when it was clicked."""
        super().select(key)
        if self._clicking and self.on_activate is not None:
            self.on_activate(key)


def table_height(view: vm.Table) -> float:
    """Height in dp that shows every row."""
    return float(ROW_HEIGHT * (len(view.rows) + 1) + 4)


def table(view: vm.Table, go: Go, name: str, hidden: Sequence[str] = (), **options: Any) -> Table:
    """A table of the session; rows with a link lead there.

    Args:
        hidden: keys of columns to leave out where there is no room.
    """
    shown = _columns(view, hidden)
    columns = [column for _, column in shown]
    places = [place for place, _ in shown]
    links: dict[str, vm.Link] = {}
    rows = []
    for row in view.rows:
        key = str(row.key)
        links[key] = row.link
        cells = _cells(row)
        rows.append(TableRow(key, [cells[place] for place in places]))

    def follow(key: Any) -> None:
        link = links.get(str(key))
        if link is not None and link.kind:
            go(link)

    leads = any(link.kind for link in links.values())
    return LinkTable(
        columns,
        rows,
        on_activate=follow if leads else None,
        row_height=ROW_HEIGHT,
        name=name,
        empty=view.empty,
        **options,
    )


def _cells(row: vm.Row) -> list[Cell]:
    cells = []
    for place, cell in enumerate(row.cells):
        sort: Any = cell.text if math.isnan(cell.value) else cell.value
        if not math.isnan(cell.value) or place:
            sort = -math.inf if math.isnan(cell.value) else cell.value
        cells.append(
            Cell(
                cell.text,
                sort=sort,
                color=tone(cell.tone) if cell.tone else None,
                chip=rgb(row.colour) if row.colour and not place else None,
                tooltip=cell.hint or None,
                style="strong" if row.mine or row.strong else "body",
            )
        )
    return cells


def _last(one: vm.Series) -> float:
    known = [value for value in one.values if not math.isnan(value)]
    return known[-1] if known else -math.inf


def _shown(series: Sequence[vm.Series]) -> list[vm.Series]:
    """The own line first, then the highest, as many as can be told apart."""
    if len(series) <= MOST_SERIES:
        return sorted(series, key=lambda one: not one.mine)
    ranked = sorted(series, key=lambda one: (not one.mine, -_last(one)))
    return ranked[:MOST_SERIES]


def line_chart(view: vm.Chart, lang: str, **options: Any) -> Widget:
    """A chart of the session."""

    def show(value: float) -> str:
        return tick(value, view.kind, lang)

    series = [
        charts.Series(one.name, list(one.values), color=rgb(one.colour) if one.colour else None)
        for one in _shown(view.series)
    ]
    unit = "" if view.kind in TICKED else view.unit
    return charts.LineChart(
        series, list(view.labels), unit=unit, show=show, title=view.title, **options
    )


def action_button(
    view: vm.Action, do: Do, name: str, kind: str = "normal", **options: Any
) -> Button:
    """A button that does an action; it says what it costs, and why when it cannot be done."""
    cost = f" · {'●' * view.points}" if view.points else ""
    label = f"✓ {view.label}" if view.active else view.label
    return Button(
        label + cost,
        lambda: do(view),
        name=name,
        kind="primary" if view.active else kind,
        enabled=view.enabled or view.active,
        tooltip=view.reason or None,
        **options,
    )


def taken(view: vm.Action, do: Do, name: str, hint: str) -> Widget:
    """An order of this quarter, with a small button that takes it back."""
    cost = f" · {'●' * view.points}" if view.points else ""
    return Row(
        Icon("check", size=16, color="accent"),
        Label(view.label + cost, style="small", wrap=True, stretch=1, valign="center"),
        IconButton(
            "close",
            lambda: do(view),
            label=hint,
            size=28,
            enabled=view.enabled,
            name=name,
        ),
        gap=8,
    )


def lines(texts: Iterable[str], color: str = "text", style: str = "small") -> list[Widget]:
    """One wrapped label a line."""
    return [Label(text, style=style, color=color, wrap=True) for text in texts if text]


def notice(view: vm.Notice, go: Go, name: str) -> Widget:
    """A warning with its sign; a click leads to its cause."""
    sign = "warning" if view.tone in ("warn", "bad") else "info"
    link = view.link
    return Card(
        Row(
            Icon(sign, size=18, color=tone(view.tone)),
            Label(view.text, style="small", wrap=True, stretch=1),
            gap=8,
        ),
        kind="plain",
        pad=(4, 2),
        name=name,
        tooltip=view.detail or None,
        on_click=(lambda: go(link)) if link.kind else None,
    )


def headline(view: vm.Headline, go: Go, name: str) -> Widget:
    """A line of the news."""
    link = view.why
    return Card(
        Row(
            Icon("news", size=18, color=tone(view.tone) if view.tone else "accent"),
            Label(view.text, style="body", wrap=True, stretch=1),
            gap=8,
        ),
        *lines([view.detail], color="muted"),
        kind="plain",
        pad=(6, 4),
        name=name,
        on_click=(lambda: go(link)) if link.kind else None,
    )


def mandate(view: vm.MandateView, name: str) -> Widget:
    """A mandate with its progress."""
    return Column(
        Row(
            Icon(
                "check" if view.met else "flag", size=16, color="positive" if view.met else "muted"
            ),
            Label(view.text, style="small", wrap=True, stretch=1),
            gap=6,
        ),
        ProgressBar(view.progress, color="positive" if view.met else "accent"),
        Row(
            Label(view.standing, style="caption", color="muted", stretch=1),
            Label(view.until, style="caption", color="muted"),
            gap=6,
        ),
        gap=3,
        name=name,
    )


def rich(text: str, **options: Any) -> Widget:
    """A wrapped text."""
    return RichText(text, **options)


def drop(
    pairs: Sequence[tuple[Any, str]], value: Any, call: Callable[[Any], object], **options: Any
) -> Widget:
    """A drop-down over (value, words) pairs; ``call`` gets the chosen value."""
    return DropDown(*_choices(pairs, value, call), **options)


def segments(
    pairs: Sequence[tuple[Any, str]], value: Any, call: Callable[[Any], object], **options: Any
) -> Widget:
    """A row of segments over (value, words) pairs."""
    return Segmented(*_choices(pairs, value, call), **options)


def _choices(
    pairs: Sequence[tuple[Any, str]], value: Any, call: Callable[[Any], object]
) -> tuple[list[Option], str, Callable[[str], None]]:
    values = [one for one, _ in pairs]
    here = str(values.index(value)) if value in values else "0"

    def chosen(key: str) -> None:
        call(values[int(key)])

    return [Option(str(place), words) for place, (_, words) in enumerate(pairs)], here, chosen


def heading(text: str, *more: Widget | None) -> Widget:
    """A section's heading with things at its right."""
    return Row(Label(text, style="subheading"), Spacer(), *more, gap=8)
