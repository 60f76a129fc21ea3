"""The line chart: axes, end labels, bands, a crosshair with a readout."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

import pygame

from game.ui.kit import paint
from game.ui.kit.context import Key, Options, Pointer, Pos
from game.ui.kit.paint import Point
from game.ui.kit.plotting import (
    Sheet,
    Show,
    apart,
    nice_ticks,
    number_words,
    series_color,
    series_dashes,
    short,
)
from game.ui.kit.style import Color, Paint, mix
from game.ui.kit.widget import Widget
from game.ui.kit.words import ellipsis

LINE_WIDTH = 2.0
BAND_ALPHA = 46
PALE = 0.45
END_LABEL_MOST = 110
NARROW = 300


@dataclass(frozen=True)
class Series:
    """One line; NaN is a gap. ``low`` and ``high`` draw a band around it."""

    name: str
    values: Sequence[float]
    color: Paint | None = None
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None
    dashed: bool = False

    def last(self) -> float:
        """The last number there is; NaN if none."""
        return next((v for v in reversed(self.values) if math.isfinite(v)), math.nan)

    def all_values(self) -> list[float]:
        """Finite numbers of line and band."""
        rows = (self.values, self.low or (), self.high or ())
        return [v for row in rows for v in row if math.isfinite(v)]


class LineChart(Widget):
    """Lines over equally spaced places.

    Args:
        x_labels: words of the places, such as quarters.
        unit: stands above the axis.
        show: words of a value.
        low, high: ends of the axis; else from the data.
        now: place with a hairline; what comes later is paler.
        legend: names at the ends of the lines.
    """

    role = "chart"
    focusable = True
    reacts = True

    def __init__(
        self,
        series: Sequence[Series],
        x_labels: Sequence[str],
        unit: str = "",
        show: Show | None = None,
        low: float | None = None,
        high: float | None = None,
        now: int | None = None,
        legend: bool = True,
        title: str = "",
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self.series, self.x_labels = list(series), list(x_labels)
        self.unit, self.show, self.now = unit, show, now
        self.low, self.high, self.legend, self.title = low, high, legend, title
        self.at: int | None = None

    def value(self) -> str:
        return self.title or self.unit

    def lines(self) -> list[str]:
        show = self.show or short
        lasts = ((s.name, s.last()) for s in self.series)
        return [
            f"line {name}: {show(last) if math.isfinite(last) else '–'} {self.unit}".strip()
            for name, last in lasts
        ]

    def _natural_width(self) -> int:
        return self.ctx.px(420)

    def _smallest_width(self) -> int:
        return self.ctx.px(180)

    def _height_for(self, width: int) -> int:
        return self.ctx.px(260)

    def _smallest_height(self, width: int) -> int:
        return self.ctx.px(120)

    # Geometry

    def ticks(self) -> list[float]:
        """Numbers on the axis."""
        found = [v for s in self.series for v in s.all_values()]
        low = self.low if self.low is not None else min(found, default=0.0)
        high = self.high if self.high is not None else max(found, default=1.0)
        if self.low is None and 0 < low < 0.5 * high:
            low = 0.0
        rows = max(2, min(6, self.rect.height // max(1, self.ctx.px(44))))
        return nice_ticks(low, high, rows)

    def _words(self, ticks: Sequence[float]) -> Show:
        return self.show or number_words(ticks[1] - ticks[0])

    def _end_room(self) -> int:
        if not self.legend or self.rect.width < self.ctx.px(NARROW):
            return self.ctx.px(10)
        widest = max((self.ctx.text_width(s.name, "caption") for s in self.series), default=0)
        return min(widest, self.ctx.px(END_LABEL_MOST), self.rect.width // 4) + self.ctx.px(14)

    def plot(self) -> pygame.Rect:
        """The area of the lines."""
        ctx, ticks = self.ctx, self.ticks()
        words = self._words(ticks)
        left = max(ctx.text_width(words(t), "caption") for t in ticks) + ctx.px(8)
        top = ctx.px(8)
        if self.title:
            top += ctx.line_height("subheading")
        if self.unit:
            top += ctx.line_height("caption")
        bottom = ctx.line_height("caption") + ctx.px(6)
        width = self.rect.width - left - self._end_room()
        height = self.rect.height - top - bottom
        return pygame.Rect(
            self.rect.left + left, self.rect.top + top, max(1, width), max(1, height)
        )

    def _x(self, index: float, plot: pygame.Rect) -> float:
        return plot.left + plot.width * index / max(1, len(self.x_labels) - 1)

    def _y(self, value: float, plot: pygame.Rect, ticks: Sequence[float]) -> float:
        span = (ticks[-1] - ticks[0]) or 1.0
        share = min(1.02, max(-0.02, (value - ticks[0]) / span))
        return plot.bottom - plot.height * share

    def _stretches(
        self, values: Sequence[float], plot: pygame.Rect, ticks: Sequence[float]
    ) -> list[list[tuple[int, Point]]]:
        """Points without gaps, cut at every gap, with their places."""
        runs: list[list[tuple[int, Point]]] = [[]]
        for i, value in enumerate(values):
            if math.isfinite(value):
                runs[-1].append((i, (self._x(i, plot), self._y(value, plot, ticks))))
            elif runs[-1]:
                runs.append([])
        return [run for run in runs if run]

    # Input

    def _index_at(self, pos: Pos) -> int | None:
        plot = self.plot()
        if not plot.inflate(self.ctx.px(16), 0).collidepoint(pos) or not self.x_labels:
            return None
        share = (pos[0] - plot.left) / plot.width
        return min(len(self.x_labels) - 1, max(0, round(share * (len(self.x_labels) - 1))))

    def on_pointer(self, event: Pointer) -> bool:
        if event.kind == "move":
            at = self._index_at(event.pos)
            if at != self.at:
                self.at = at
                self.invalidate()
        return False

    def on_hover(self, inside: bool) -> None:
        if not inside:
            self.at = None
        super().on_hover(inside)

    def on_focus(self, gained: bool) -> None:
        if not gained:
            self.at = None
        super().on_focus(gained)

    def cursor(self, pos: Pos) -> int:
        return pygame.SYSTEM_CURSOR_ARROW

    def on_key(self, key: Key) -> bool:
        step = {"left": -1, "right": 1}.get(key.chord)
        if step is None or not self.x_labels:
            return False
        last = len(self.x_labels) - 1
        at = (self.now if self.now is not None else last) if self.at is None else self.at + step
        self.at = min(last, max(0, at))
        self.invalidate()
        return True

    # Drawing

    def paint(self, surface: pygame.Surface) -> None:
        plot, ticks = self.plot(), self.ticks()
        self._paint_heads(surface)
        self._paint_grid(surface, plot, ticks)
        self._paint_places(surface, plot)
        self._paint_lines(surface, plot, ticks)
        if self.legend and self.rect.width >= self.ctx.px(NARROW):
            self._paint_ends(surface, plot, ticks)
        if self.at is not None and self.at < len(self.x_labels):
            self._paint_readout(surface, plot, ticks, self.at)

    def _text(
        self, surface: pygame.Surface, text: str, style: str, color: Paint, pos: Pos, room: int
    ) -> None:
        shown = ellipsis(text, room, lambda t: self.ctx.text_width(t, style))
        if shown:
            surface.blit(self.ctx.render(shown, style, color), pos)

    def _paint_heads(self, surface: pygame.Surface) -> None:
        ctx, y = self.ctx, self.rect.top
        if self.title:
            at = (self.rect.left, y)
            self._text(surface, self.title, "subheading", "text", at, self.rect.width)
            y += ctx.line_height("subheading")
        if self.unit:
            self._text(surface, self.unit, "caption", "muted", (self.rect.left, y), self.rect.width)

    def _paint_grid(
        self, surface: pygame.Surface, plot: pygame.Rect, ticks: Sequence[float]
    ) -> None:
        ctx, words = self.ctx, self._words(ticks)
        for tick in ticks:
            y = round(self._y(tick, plot, ticks))
            strong = tick == 0 and ticks[0] < 0
            line = ctx.color("line_strong" if strong else "line")
            surface.fill(line, (plot.left, y, plot.width, ctx.px(1)))
            drawn = ctx.render(words(tick), "caption", "muted")
            surface.blit(drawn, drawn.get_rect(midright=(plot.left - ctx.px(6), y)))
        if self.now is not None and 0 <= self.now < len(self.x_labels):
            x = round(self._x(self.now, plot))
            surface.fill(ctx.color("line_strong"), (x, plot.top, ctx.px(1), plot.height))

    def _paint_places(self, surface: pygame.Surface, plot: pygame.Rect) -> None:
        ctx, count = self.ctx, len(self.x_labels)
        if not count:
            return
        widest = max(ctx.text_width(label, "caption") for label in self.x_labels) + ctx.px(14)
        every = max(1, math.ceil(count * widest / max(1, plot.width)))
        every = next((n for n in (1, 2, 4, 8, 12, 16, 24) if n >= every), every)
        for i in range(0, count, every):
            drawn = ctx.render(self.x_labels[i], "caption", "muted")
            box = drawn.get_rect(midtop=(round(self._x(i, plot)), plot.bottom + ctx.px(4)))
            surface.blit(drawn, box.clamp(self.rect) if box.width < self.rect.width else box)

    def _paint_lines(
        self, surface: pygame.Surface, plot: pygame.Rect, ticks: Sequence[float]
    ) -> None:
        ctx = self.ctx
        area = plot.inflate(ctx.px(8), ctx.px(8)).clip(surface.get_rect())
        if area.width <= 0 or area.height <= 0:
            return
        sheet = Sheet(surface, area)
        for index, one in enumerate(self.series):
            color = series_color(one.color, index, ctx)
            if one.low is not None and one.high is not None:
                self._band(sheet, one.low, one.high, color, plot, ticks)
        for index, one in reversed(list(enumerate(self.series))):
            color = series_color(one.color, index, ctx)
            dashes = series_dashes(index, ctx, one.dashed)
            for run in self._stretches(one.values, plot, ticks):
                self._line(sheet, run, color, dashes)
        sheet.put()

    def _band(
        self,
        sheet: Sheet,
        low: Sequence[float],
        high: Sequence[float],
        color: Color,
        plot: pygame.Rect,
        ticks: Sequence[float],
    ) -> None:
        for under, over in zip(
            self._stretches(low, plot, ticks), self._stretches(high, plot, ticks), strict=False
        ):
            edge = [p for _, p in under] + [p for _, p in reversed(over)]
            if len(edge) > 3:
                sheet.polygon(color, edge, BAND_ALPHA)

    def _line(
        self,
        sheet: Sheet,
        run: Sequence[tuple[int, Point]],
        color: Color,
        dashes: Sequence[float],
    ) -> None:
        width = LINE_WIDTH * self.ctx.scale
        cut = len(self.x_labels) if self.now is None else self.now
        past = [p for i, p in run if i <= cut]
        later = [p for i, p in run if i >= cut]
        if len(later) > 1:
            pale = mix(color, self.ctx.color("panel"), PALE)
            sheet.line(pale, later, width, dashes)
        sheet.line(color, past, width, dashes)
        if len(run) == 1:
            sheet.disc(color, run[0][1], width * 1.6)

    def _paint_ends(
        self, surface: pygame.Surface, plot: pygame.Rect, ticks: Sequence[float]
    ) -> None:
        ctx, step = self.ctx, self.ctx.line_height("caption") * 0.92
        ends = [(i, s.last()) for i, s in enumerate(self.series)]
        ends = [(i, v) for i, v in ends if math.isfinite(v)]
        ends = ends[: max(1, int(plot.height / step) + 1)]
        wishes = [self._y(v, plot, ticks) for _, v in ends]
        x = plot.right + ctx.px(8)
        places = apart(wishes, step, plot.top, plot.bottom)
        for (index, _), y in zip(ends, places, strict=True):
            one = self.series[index]
            color = series_color(one.color, index, ctx)
            room = self.rect.right - x
            shown = ellipsis(one.name, room, lambda t: ctx.text_width(t, "caption"))
            if shown:
                drawn = ctx.render(shown, "caption", mix(color, (255, 255, 255), 0.12))
                surface.blit(drawn, drawn.get_rect(midleft=(x, round(y))))

    def _paint_readout(
        self, surface: pygame.Surface, plot: pygame.Rect, ticks: Sequence[float], at: int
    ) -> None:
        ctx, x = self.ctx, round(self._x(at, plot))
        surface.fill(ctx.color("muted"), (x, plot.top, ctx.px(1), plot.height))
        found = [
            (s.values[at], i, s)
            for i, s in enumerate(self.series)
            if at < len(s.values) and math.isfinite(s.values[at])
        ]
        found.sort(key=lambda entry: -entry[0])
        for value, index, one in found:
            color = series_color(one.color, index, ctx)
            spot = (x, self._y(value, plot, ticks))
            paint.disc(surface, spot, ctx.px(9), ctx.color("panel"))
            paint.disc(surface, spot, ctx.px(7), color)
        self._paint_board(surface, plot, at, found)

    def _paint_board(
        self,
        surface: pygame.Surface,
        plot: pygame.Rect,
        at: int,
        found: Sequence[tuple[float, int, Series]],
    ) -> None:
        ctx, show = self.ctx, self.show or short
        step, pad, chip = ctx.line_height("small"), ctx.px(8), ctx.px(16)
        fits = max(1, (self.rect.height - 2 * pad) // step - 1)
        rows = found[:fits]
        names = max((ctx.text_width(s.name, "small") for _, _, s in rows), default=0)
        names = min(names, ctx.px(150))
        numbers = max((ctx.text_width(show(v), "small") for v, _, _ in rows), default=0)
        head = ctx.text_width(self.x_labels[at], "small_strong")
        width = min(max(head, chip + names + pad + numbers) + 2 * pad, self.rect.width)
        board = pygame.Rect(0, plot.top, width, step * (len(rows) + 1) + 2 * pad)
        x = round(self._x(at, plot))
        board.left = x + ctx.px(12)
        if board.right > self.rect.right:
            board.right = x - ctx.px(12)
        board.clamp_ip(self.rect)
        edge = ctx.color("line_strong")
        paint.round_rect(surface, board, ctx.color("raised"), ctx.radius("medium"), edge, ctx.px(1))
        top = board.top + pad
        surface.blit(ctx.render(self.x_labels[at], "small_strong", "text"), (board.left + pad, top))
        for number, (value, index, one) in enumerate(rows, start=1):
            y = top + number * step
            color = series_color(one.color, index, ctx)
            paint.disc(surface, (board.left + pad + ctx.px(4), y + step / 2), ctx.px(8), color)
            spot = (board.left + pad + chip, y)
            room = width - 3 * pad - chip - numbers
            self._text(surface, one.name, "small", "text", spot, room)
            drawn = ctx.render(show(value), "small", "text")
            surface.blit(drawn, (board.right - pad - drawn.get_width(), y))
