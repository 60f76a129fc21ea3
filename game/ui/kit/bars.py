"""Bars: horizontal stacked ones with a legend, and the waterfall of named terms that add up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Unpack

import pygame

from game.ui.kit import paint
from game.ui.kit.basic import plain
from game.ui.kit.context import Options, Pos
from game.ui.kit.plotting import Show, series_color, short, signed
from game.ui.kit.style import Color, Paint, contrast
from game.ui.kit.widget import Widget
from game.ui.kit.words import ellipsis

ROW_HEIGHT = 28
BAR_SHARE = 0.62
LABEL_MOST = 0.36
"""Largest share of the width for names."""


@dataclass(frozen=True)
class Part:
    """A named part of a bar or a donut."""

    name: str
    value: float
    color: Paint | None = None


@dataclass(frozen=True)
class Bar:
    """A named bar made of parts."""

    label: str
    parts: Sequence[Part]
    tooltip: str | None = None

    @property
    def total(self) -> float:
        """Sum of the parts."""
        return sum(part.value for part in self.parts)


@dataclass(frozen=True)
class Term:
    """A step of a waterfall; kinds ``start change total``. ``why`` is its tooltip."""

    name: str
    value: float
    why: str = ""
    kind: str = "change"


class Rows(Widget):
    """What both have: rows with a name at the left and a number at the right."""

    role = "chart"

    def labels(self) -> list[str]:
        """Names of the rows."""
        raise NotImplementedError

    def numbers(self) -> list[str]:
        """Words at the right of the rows."""
        raise NotImplementedError

    def _head(self) -> int:
        """Pixels above the rows."""
        return 0

    def _natural_width(self) -> int:
        return self.ctx.px(360)

    def _smallest_width(self) -> int:
        return self.ctx.px(170)

    def _height_for(self, width: int) -> int:
        return self._head() + self.ctx.px(ROW_HEIGHT) * max(1, len(self.labels()))

    def _smallest_height(self, width: int) -> int:
        least = max(self.ctx.px(18), self.ctx.line_height("small"))
        return self._head() + least * max(1, len(self.labels()))

    def _step(self) -> float:
        room = self.rect.height - self._head()
        return min(self.ctx.px(ROW_HEIGHT * 1.5), room / max(1, len(self.labels())))

    def row_rect(self, index: int) -> pygame.Rect:
        """Rectangle of a row."""
        top = self.rect.top + self._head() + round(index * self._step())
        end = self.rect.top + self._head() + round((index + 1) * self._step())
        return pygame.Rect(self.rect.left, top, self.rect.width, end - top)

    def row_at(self, pos: Pos) -> int | None:
        """Row at a position."""
        count = len(self.labels())
        return next((i for i in range(count) if self.row_rect(i).collidepoint(pos)), None)

    def track(self) -> tuple[int, int]:
        """Left edge and width of the bars."""
        ctx, gap = self.ctx, self.ctx.px(10)
        names = max((ctx.text_width(t, "small") for t in self.labels()), default=0)
        names = min(names, round(self.rect.width * LABEL_MOST))
        numbers = max((ctx.text_width(t, "small") for t in self.numbers()), default=0)
        left = self.rect.left + names + (gap if names else 0)
        return left, max(1, self.rect.right - numbers - (gap if numbers else 0) - left)

    def paint_words(self, surface: pygame.Surface, index: int, color: Paint = "text") -> None:
        """Draw a row's name and number."""
        ctx, row, (left, _) = self.ctx, self.row_rect(index), self.track()
        room = left - self.rect.left - ctx.px(10)
        label = self.labels()[index]
        shown = ellipsis(label, room, lambda t: ctx.text_width(t, "small")) if room > 0 else ""
        if shown:
            drawn = ctx.render(shown, "small", "text")
            surface.blit(drawn, drawn.get_rect(midleft=row.midleft))
        number = self.numbers()[index]
        if number:
            drawn = ctx.render(number, "small", color)
            surface.blit(drawn, drawn.get_rect(midright=row.midright))

    def cut_label(self, index: int) -> str | None:
        """A row's name, if it is not shown whole."""
        room = self.track()[0] - self.rect.left - self.ctx.px(10)
        label = self.labels()[index]
        return plain(label) if self.ctx.text_width(label, "small") > room else None


class BarChart(Rows):
    """Horizontal stacked bars.

    Args:
        total: write each bar's sum at its right.
        legend: names of the parts above the bars.
        high: length of the axis; else the longest bar.
    """

    def __init__(
        self,
        bars: Sequence[Bar],
        unit: str = "",
        show: Show | None = None,
        legend: bool = True,
        total: bool = True,
        high: float | None = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self.bars, self.unit, self.show = list(bars), unit, show or short
        self.legend, self.total, self.high = legend, total, high

    def value(self) -> str:
        return self.unit

    def lines(self) -> list[str]:
        return [
            f"bar {b.label}: " + ", ".join(f"{p.name} {self.show(p.value)}" for p in b.parts)
            for b in self.bars
        ]

    def labels(self) -> list[str]:
        return [bar.label for bar in self.bars]

    def numbers(self) -> list[str]:
        if not self.total:
            return ["" for _ in self.bars]
        tail = f" {self.unit}" if self.unit and self._short_unit() else ""
        return [self.show(bar.total) + tail for bar in self.bars]

    def _short_unit(self) -> bool:
        return len(self.unit) <= 3

    def part_names(self) -> list[Part]:
        """The parts of all bars, each name once."""
        found: dict[str, Part] = {}
        for bar in self.bars:
            for part in bar.parts:
                found.setdefault(part.name, part)
        return list(found.values())

    def _index_of(self, name: str) -> int:
        return [part.name for part in self.part_names()].index(name)

    def _color(self, part: Part) -> Color:
        return series_color(part.color, self._index_of(part.name), self.ctx)

    def _legend_rows(self, width: int) -> list[list[Part]]:
        rows: list[list[Part]] = [[]]
        x = 0
        for part in self.part_names():
            wide = self.ctx.text_width(part.name, "caption") + self.ctx.px(30)
            if x + wide > width and rows[-1]:
                rows.append([])
                x = 0
            rows[-1].append(part)
            x += wide
        return rows

    def _head(self) -> int:
        if not self.legend or len(self.part_names()) < 2:
            return 0
        width = self.rect.width or self.natural_width()
        rows = len(self._legend_rows(width))
        return rows * self.ctx.line_height("caption") + self.ctx.px(6)

    def tip(self, pos: Pos) -> str | Widget | None:
        index = self.row_at(pos)
        if index is None:
            return super().tip(pos)
        bar = self.bars[index]
        rows = [f"- {plain(p.name)}: {self.show(p.value)} {self.unit}".rstrip() for p in bar.parts]
        return bar.tooltip or "\n".join([f"**{plain(bar.label)}**", *rows])

    def paint(self, surface: pygame.Surface) -> None:
        longest = self.high or max((bar.total for bar in self.bars), default=1.0) or 1.0
        if self._head():
            self._paint_legend(surface)
        for index, bar in enumerate(self.bars):
            self.paint_words(surface, index, "text")
            self._paint_bar(surface, bar, self.row_rect(index), longest)

    def _paint_legend(self, surface: pygame.Surface) -> None:
        ctx, y = self.ctx, self.rect.top
        for row in self._legend_rows(self.rect.width):
            x = self.rect.left
            for part in row:
                spot = (x + ctx.px(5), y + ctx.line_height("caption") / 2)
                paint.disc(surface, spot, ctx.px(9), self._color(part))
                room = self.rect.right - x - ctx.px(15)
                shown = ellipsis(part.name, room, lambda t: ctx.text_width(t, "caption"))
                if shown:
                    surface.blit(ctx.render(shown, "caption", "muted"), (x + ctx.px(15), y))
                x += ctx.text_width(part.name, "caption") + ctx.px(30)
            y += ctx.line_height("caption")

    def _paint_bar(
        self, surface: pygame.Surface, bar: Bar, row: pygame.Rect, longest: float
    ) -> None:
        ctx, (left, width) = self.ctx, self.track()
        tall = max(ctx.px(6), round(min(row.height, ctx.px(ROW_HEIGHT)) * BAR_SHARE))
        top, done = row.centery - tall // 2, 0.0
        ground = pygame.Rect(left, top, width, tall)
        paint.round_rect(surface, ground, ctx.color("sunken"), ctx.radius("small"))
        gap = ctx.px(1)
        for part in bar.parts:
            start = left + round(width * min(1.0, done / longest))
            done += max(0.0, part.value)
            end = left + round(width * min(1.0, done / longest))
            if end - start > gap:
                box = pygame.Rect(
                    start, top, end - start - (gap if len(bar.parts) > 1 else 0), tall
                )
                paint.round_rect(surface, box, self._color(part), ctx.px(2))
                self._paint_inside(surface, part, box)

    def _paint_inside(self, surface: pygame.Surface, part: Part, box: pygame.Rect) -> None:
        """A part's number on it, where there is room."""
        ctx, text = self.ctx, self.show(part.value)
        if box.width < ctx.text_width(text, "caption") + ctx.px(8) or box.height < ctx.px(15):
            return
        color = self._color(part)
        dark, light = ctx.color("ink"), (255, 255, 255)
        ink = dark if contrast(color, dark) >= contrast(color, light) else light
        drawn = ctx.render(text, "caption", ink)
        surface.blit(drawn, drawn.get_rect(center=box.center))


class Waterfall(Rows):
    """Named terms that add up: each bar starts where the last one ended; signs and colours.

    Args:
        total_label: name of a last bar with the sum; empty for none.
    """

    def __init__(
        self,
        terms: Sequence[Term],
        unit: str = "",
        show: Show | None = None,
        total_label: str = "",
        on_pick: Callable[[str], object] | None = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self.terms, self.unit, self.show = list(terms), unit, show or short
        if total_label:
            total = sum(t.value for t in self.terms if t.kind != "total")
            self.terms.append(Term(total_label, total, kind="total"))
        self.on_pick = on_pick

    def value(self) -> str:
        return self.unit

    def lines(self) -> list[str]:
        pairs = zip(self.terms, self.numbers(), strict=True)
        return [f"term {t.name}: {n}" + (f" ({t.why})" if t.why else "") for t, n in pairs]

    def labels(self) -> list[str]:
        return [term.name for term in self.terms]

    def numbers(self) -> list[str]:
        tail = f" {self.unit}" if self.unit else ""
        return [self._number(term) + tail for term in self.terms]

    def _number(self, term: Term) -> str:
        text = self.show(term.value)
        return signed(text, term.value) if term.kind == "change" else text

    def _ends(self) -> list[tuple[float, float]]:
        """Start and end of each bar."""
        at, found = 0.0, []
        for term in self.terms:
            if term.kind == "total":
                found.append((0.0, term.value))
            else:
                found.append((at, at + term.value))
                at += term.value
        return found

    def tip(self, pos: Pos) -> str | Widget | None:
        index = self.row_at(pos)
        if index is None:
            return super().tip(pos)
        term, number = self.terms[index], self.numbers()[index]
        return (
            f"**{plain(term.name)}**: {number}\n{term.why}" if term.why else self.cut_label(index)
        )

    def _color(self, term: Term) -> str:
        if term.kind != "change":
            return "accent"
        return "positive" if term.value >= 0 else "negative"

    def paint(self, surface: pygame.Surface) -> None:
        ctx, (left, width), ends = self.ctx, self.track(), self._ends()
        low = min([0.0, *(min(pair) for pair in ends)])
        high = max([0.0, *(max(pair) for pair in ends)])
        scale = width / ((high - low) or 1.0)
        for index, (term, (start, end)) in enumerate(zip(self.terms, ends, strict=True)):
            row = self.row_rect(index)
            color = self._color(term)
            self.paint_words(surface, index, "text" if term.kind != "change" else color)
            x0, x1 = sorted((left + (start - low) * scale, left + (end - low) * scale))
            tall = max(ctx.px(5), round(min(row.height, ctx.px(ROW_HEIGHT)) * BAR_SHARE))
            box = pygame.Rect(
                round(x0), row.centery - tall // 2, max(ctx.px(2), round(x1 - x0)), tall
            )
            paint.round_rect(surface, box, ctx.color(color), ctx.px(2))
            if index + 1 < len(ends) and self.terms[index + 1].kind == "change":
                x = round(left + (end - low) * scale)
                line = (x, box.bottom, ctx.px(1), max(1, round(self._step()) - tall))
                surface.fill(ctx.color("line_strong"), line)
        zero = round(left - low * scale)
        top, tall = self.row_rect(0).top, round(self._step() * len(self.terms))
        surface.fill(ctx.color("line_strong"), (zero, top, ctx.px(1), tall))
