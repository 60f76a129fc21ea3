"""Small charts: sparklines, gauges, donuts, and table cells with a line or a bar."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Unpack

import pygame

from game.ui.kit import paint
from game.ui.kit.bars import Part
from game.ui.kit.basic import plain
from game.ui.kit.cells import Cell
from game.ui.kit.context import Context, Options, Pos
from game.ui.kit.paint import Point
from game.ui.kit.plotting import Sheet, series_color, short
from game.ui.kit.style import Paint, mix
from game.ui.kit.widget import Widget
from game.ui.kit.words import ellipsis

ARC_STEP = math.radians(3)
GAUGE_START, GAUGE_END = math.radians(150), math.radians(390)


def draw_spark(
    surface: pygame.Surface, rect: pygame.Rect, ctx: Context, values: Sequence[float], color: Paint
) -> None:
    """A line without axes, its last point marked."""
    found = [(i, v) for i, v in enumerate(values) if math.isfinite(v)]
    box = rect.inflate(-ctx.px(8), -ctx.px(10))
    area = rect.clip(surface.get_rect())
    if len(found) < 2 or box.width < 4 or box.height < 4 or area.size == (0, 0):
        return
    low, high = min(v for _, v in found), max(v for _, v in found)
    span = (high - low) or 1.0
    last = max(1, len(values) - 1)
    points = [
        (box.left + box.width * i / last, box.bottom - box.height * (v - low) / span)
        for i, v in found
    ]
    sheet = Sheet(surface, area)
    tint = ctx.color(color)
    sheet.line(tint, points, 1.6 * ctx.scale)
    sheet.disc(tint, points[-1], 2.6 * ctx.scale)
    sheet.put()


class Sparkline(Widget):
    """A trend in a word's size."""

    role = "sparkline"

    def __init__(
        self, values: Sequence[float], color: Paint = "accent", **options: Unpack[Options]
    ) -> None:
        super().__init__(**options)
        self.values, self.color = list(values), color

    def value(self) -> str:
        finite = [v for v in self.values if math.isfinite(v)]
        return f"{short(finite[0])} → {short(finite[-1])}" if finite else ""

    def _natural_width(self) -> int:
        return self.ctx.px(96)

    def _smallest_width(self) -> int:
        return self.ctx.px(40)

    def _height_for(self, width: int) -> int:
        return self.ctx.px(28)

    def paint(self, surface: pygame.Surface) -> None:
        draw_spark(surface, self.rect, self.ctx, self.values, self.color)


def spark_cell(values: Sequence[float], color: Paint = "accent") -> Cell:
    """A table cell with a trend; sorts by its last number."""
    kept = list(values)
    finite = [v for v in kept if math.isfinite(v)]
    text = f"{short(finite[0])} → {short(finite[-1])}" if finite else ""

    def draw(surface: pygame.Surface, rect: pygame.Rect, ctx: Context) -> None:
        draw_spark(surface, rect, ctx, kept, color)

    return Cell(text, sort=finite[-1] if finite else math.nan, draw=draw)


def bar_cell(fraction: float, text: str, color: Paint = "accent") -> Cell:
    """A table cell with a bar, 0 to 1, and words."""

    def draw(surface: pygame.Surface, rect: pygame.Rect, ctx: Context) -> None:
        wide = min(max(ctx.text_width(text, "small"), ctx.px(44)), rect.width)
        shown = ellipsis(text, wide, lambda t: ctx.text_width(t, "small"))
        if shown:
            drawn = ctx.render(shown, "small", "text")
            surface.blit(drawn, drawn.get_rect(midright=rect.midright))
        bar = pygame.Rect(rect.left, 0, rect.width - wide - ctx.px(8), ctx.px(6))
        bar.centery = rect.centery
        if bar.width < ctx.px(8):
            return
        paint.round_rect(surface, bar, ctx.color("line"), bar.height // 2)
        bar.width = round(bar.width * min(1.0, max(0.0, fraction)))
        if bar.width > 0:
            paint.round_rect(surface, bar, ctx.color(color), bar.height // 2)

    return Cell(text, sort=fraction, draw=draw)


def _arc(center: Point, outer: float, inner: float, start: float, end: float) -> list[Point]:
    """A ring's sector as a polygon; angles clockwise from the right."""
    count = max(2, math.ceil((end - start) / ARC_STEP))
    angles = [start + (end - start) * i / count for i in range(count + 1)]
    ring = [(center[0] + outer * math.cos(a), center[1] + outer * math.sin(a)) for a in angles]
    back = [(center[0] + inner * math.cos(a), center[1] + inner * math.sin(a)) for a in angles]
    return [*ring, *reversed(back)]


class Gauge(Widget):
    """An arc that is filled up to a value of ``high``."""

    role = "gauge"

    def __init__(
        self,
        value: float,
        high: float,
        label: str = "",
        text: str = "",
        color: Paint = "accent",
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self.number, self.high, self.label, self.color = value, high, label, color
        self.text = text or short(value)

    def value(self) -> str:
        return f"{self.label} {self.text} of {short(self.high)}".strip()

    def _natural_width(self) -> int:
        return self.ctx.px(120)

    def _smallest_width(self) -> int:
        return self.ctx.px(72)

    def _height_for(self, width: int) -> int:
        return min(self.ctx.px(110), max(self.ctx.px(70), round(width * 0.9)))

    def _smallest_height(self, width: int) -> int:
        return self.ctx.px(70)

    def paint(self, surface: pygame.Surface) -> None:
        ctx, rect = self.ctx, self.rect.clip(surface.get_rect())
        radius = min(self.rect.width / 2, self.rect.height / 1.75) - ctx.px(3)
        if radius < ctx.px(10) or rect.size == (0, 0):
            return
        center = (self.rect.centerx, self.rect.top + radius + ctx.px(3))
        sheet, inner = Sheet(surface, rect), radius - max(ctx.px(6), radius * 0.18)
        sheet.polygon(ctx.color("line"), _arc(center, radius, inner, GAUGE_START, GAUGE_END))
        share = min(1.0, max(0.0, self.number / self.high)) if self.high else 0.0
        if share > 0:
            end = GAUGE_START + (GAUGE_END - GAUGE_START) * share
            sheet.polygon(ctx.color(self.color), _arc(center, radius, inner, GAUGE_START, end))
        sheet.put()
        style = "big_number" if inner > ctx.px(34) else "heading"
        self._words(surface, self.text, style, "text", (center[0], center[1]), round(inner * 1.7))
        below = round(center[1] + radius * 0.62)
        self._words(surface, self.label, "caption", "muted", (center[0], below), self.rect.width)

    def _words(
        self,
        surface: pygame.Surface,
        text: str,
        style: str,
        color: Paint,
        at: Point,
        room: int,
    ) -> None:
        shown = ellipsis(text, room, lambda t: self.ctx.text_width(t, style))
        if shown:
            drawn = self.ctx.render(shown, style, color)
            surface.blit(drawn, drawn.get_rect(center=(round(at[0]), round(at[1]))))


class Donut(Widget):
    """Shares of a whole as a ring, with a legend at its right."""

    role = "donut"

    def __init__(
        self, slices: Sequence[Part], centre: str = "", **options: Unpack[Options]
    ) -> None:
        super().__init__(**options)
        self.slices, self.centre = list(slices), centre

    def value(self) -> str:
        total = sum(s.value for s in self.slices) or 1.0
        return ", ".join(f"{s.name} {s.value / total:.0%}" for s in self.slices)

    def _natural_width(self) -> int:
        return self.ctx.px(220)

    def _smallest_width(self) -> int:
        return self.ctx.px(120)

    def _height_for(self, width: int) -> int:
        rows = self.ctx.line_height("caption") * len(self.slices)
        return max(self.ctx.px(96), rows)

    def tip(self, pos: Pos) -> str | Widget | None:
        total = sum(s.value for s in self.slices) or 1.0
        rows = [f"- {plain(s.name)}: {s.value / total:.1%}" for s in self.slices]
        return super().tip(pos) or "\n".join(rows)

    def paint(self, surface: pygame.Surface) -> None:
        ctx, rect = self.ctx, self.rect.clip(surface.get_rect())
        radius = min(self.rect.height / 2, self.rect.width / 4) - ctx.px(2)
        total = sum(max(0.0, s.value) for s in self.slices)
        if radius < ctx.px(8) or total <= 0 or rect.size == (0, 0):
            return
        center = (self.rect.left + radius + ctx.px(2), self.rect.centery)
        sheet, start = Sheet(surface, rect), -math.pi / 2
        for index, part in enumerate(self.slices):
            end = start + 2 * math.pi * max(0.0, part.value) / total
            gap = 0.02 if end - start > 0.06 else 0.0
            color = series_color(part.color, index, ctx)
            sheet.polygon(color, _arc(center, radius, radius * 0.66, start + gap, end - gap))
            start = end
        sheet.put()
        if self.centre:
            room = round(radius * 1.2)
            shown = ellipsis(self.centre, room, lambda t: ctx.text_width(t, "strong"))
            if shown:
                drawn = ctx.render(shown, "strong", "text")
                surface.blit(drawn, drawn.get_rect(center=(round(center[0]), round(center[1]))))
        self._legend(surface, round(center[0] + radius + ctx.px(14)), total)

    def _legend(self, surface: pygame.Surface, left: int, total: float) -> None:
        ctx, step = self.ctx, self.ctx.line_height("caption")
        y = self.rect.centery - step * len(self.slices) // 2
        for index, part in enumerate(self.slices):
            color = series_color(part.color, index, ctx)
            paint.disc(surface, (left + ctx.px(4), y + step / 2), ctx.px(9), color)
            room = self.rect.right - left - ctx.px(14)
            text = f"{part.value / total:.0%} {part.name}"
            shown = ellipsis(text, room, lambda t: ctx.text_width(t, "caption"))
            if shown:
                ink = mix(ctx.color("text"), ctx.color("muted"), 0.5)
                surface.blit(ctx.render(shown, "caption", ink), (left + ctx.px(14), y))
            y += step
