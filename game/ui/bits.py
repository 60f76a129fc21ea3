"""Pieces that several screens share: view models turned into widgets."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from game.session import views as vm
from game.text.format import tick
from game.ui import charts
from game.ui.asking import Asking, Go
from game.ui.kit import (
    Button,
    Card,
    Column,
    DropDown,
    Icon,
    IconButton,
    Label,
    Option,
    ProgressBar,
    RichText,
    Row,
    Segmented,
    Spacer,
    Swatch,
    Widget,
    contrast,
    mix,
)
from game.ui.theme import COLORS

TONES = {"": "text", "good": "positive", "bad": "negative", "warn": "warning", "mute": "muted"}
TONE_ICONS = {"good": "arrow-up", "bad": "arrow-down", "warn": "warning", "mute": "", "": ""}

MOST_SERIES = 8
"""Lines that a chart can hold and still be read."""
TICKED = ("money", "price", "percent", "factor")
"""Kinds of charts whose ticks carry their unit."""
LEAST_CONTRAST = 3.0

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


def figure(
    view: vm.Figure, go: Go, name: str, big: bool = False, asking: Asking | None = None
) -> Widget:
    """A headline number with its label and change; a press asks why, or follows its link."""
    why = asking.press(view.ask) if asking is not None else None
    style = "big_number" if big else "number"
    texts = [
        Label(view.label, style="caption", color="muted"),
        Label(view.text, style=style, color=tone(view.tone), dotted=why is not None, align="start"),
    ]
    if view.change:
        texts.append(Label(view.change, style="caption", color=_signed(view.change)))
    link = view.link
    press = why or ((lambda: go(link)) if link.kind else None)
    hints = [*view.why, asking.hint] if why is not None and asking is not None else view.why
    return Card(
        *texts,
        kind="plain",
        gap=0,
        pad=(6, 2),
        name=name,
        tooltip=hint_of(hints),
        on_click=press,
    )


def asked(text: str, asking: Asking, ask: vm.Ask | None, name: str, **options: Any) -> Widget:
    """A number on its own; when it can be asked, a press asks why."""
    press = asking.press(ask)
    return Card(
        Label(text, dotted=press is not None, **options),
        kind="plain",
        pad=(4, 0),
        name=name,
        on_click=press,
        tooltip=asking.hint if press is not None else None,
    )


def _signed(change: str) -> str:
    if change.lstrip().startswith("+"):
        return "positive"
    return "negative" if change.lstrip()[:1] in ("-", "−") else "muted"


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


def headline(view: vm.Headline, go: Go, name: str, why: str = "") -> Widget:
    """A line of the news, with a small button to why it was done.

    Args:
        why: what the button asks.
    """
    link, moves = view.why, view.moves
    ask = None
    if moves.kind and why:
        ask = IconButton("bulb", lambda: go(moves), label=why, size=26, name=f"{name}/why")
    return Card(
        Row(
            Icon("news", size=18, color=tone(view.tone) if view.tone else "accent"),
            Label(view.text, style="body", wrap=True, stretch=1),
            ask,
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
            Label(view.standing, style="caption", color="muted", wrap=True, stretch=1),
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
