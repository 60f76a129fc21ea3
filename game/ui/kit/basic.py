"""Things that only show: labels, icons, bars, pips, badges, swatches, own drawings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Unpack

import pygame

from game.ui.kit import paint
from game.ui.kit.context import Context, Options, Pointer, Pos
from game.ui.kit.style import Paint, mix
from game.ui.kit.widget import Widget
from game.ui.kit.words import ellipsis, wrap

TextAlign = Literal["left", "center", "right"]
LABEL_LEAST = 28
WRAP_LEAST = 80
WRAP_NATURAL = 560


class Label(Widget):
    """Text on one line with an ellipsis, or wrapped. What is cut stands in the tooltip.

    Args:
        wrap: break into lines; else a single line.
        lines: most lines when wrapped.
        dotted: a dotted line below, as under numbers that can be pressed.
    """

    role = "label"

    def __init__(
        self,
        text: str,
        style: str = "body",
        color: Paint = "text",
        wrap: bool = False,
        lines: int | None = None,
        text_align: TextAlign = "left",
        dotted: bool = False,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self._text, self._color, self.style = text, color, style
        self.wrap, self.max_lines, self.text_align = wrap, lines, text_align
        self.dotted = dotted

    @property
    def text(self) -> str:
        """The whole text."""
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.relayout()

    @property
    def color(self) -> Paint:
        """Colour role."""
        return self._color

    @color.setter
    def color(self, color: Paint) -> None:
        self._color = color
        self.invalidate()

    def value(self) -> str:
        return self._text

    def _width_of(self, text: str) -> int:
        return self.ctx.text_width(text, self.style)

    def _natural_width(self) -> int:
        widest = max(self._width_of(line) for line in self._text.split("\n"))
        return min(widest, self.ctx.px(WRAP_NATURAL)) if self.wrap else widest

    def _smallest_width(self) -> int:
        return min(self.natural_width(), self.ctx.px(WRAP_LEAST if self.wrap else LABEL_LEAST))

    def _height_for(self, width: int) -> int:
        count = len(self.shown_lines(width)) if self.wrap else 1
        return count * self.ctx.line_height(self.style)

    def shown_lines(self, width: int) -> list[str]:
        """The lines as drawn at a width in pixels."""
        if not self.wrap:
            return [ellipsis(self._text.replace("\n", " "), width, self._width_of)]
        return wrap(self._text, width, self._width_of, self.max_lines)

    def cut(self) -> bool:
        """Whether some of the text is not shown."""
        shown = "".join("".join(self.shown_lines(self.rect.width)).split())
        return shown != "".join(self._text.split())

    def tip(self, pos: Pos) -> str | Widget | None:
        return super().tip(pos) or (plain(self._text) if self.cut() else None)

    def paint(self, surface: pygame.Surface) -> None:
        ctx, step = self.ctx, self.ctx.line_height(self.style)
        lines = self.shown_lines(self.rect.width)
        top = self.rect.top + max(0, self.rect.height - step * len(lines)) // 2
        for number, line in enumerate(lines):
            if not line or top + number * step >= self.rect.bottom:
                continue
            drawn = ctx.render(line, self.style, self._color if self.enabled else "faint")
            room = self.rect.width - drawn.get_width()
            x = {"left": 0, "center": room // 2, "right": room}[self.text_align]
            y = top + number * step + (step - drawn.get_height()) // 2
            surface.blit(drawn, (self.rect.left + x, y))
            if self.dotted:
                edges = self.rect.left + x, self.rect.left + x + drawn.get_width()
                below = min(y + drawn.get_height(), self.rect.bottom) - ctx.px(1)
                paint.dots(surface, *edges, below, ctx.px(1), ctx.color("faint"))


def plain(text: str) -> str:
    """Text that markup leaves alone: its signs are escaped."""
    return "".join("\\" + c if c in "[]{}*\\" else c for c in text)


class Icon(Widget):
    """An icon of a size in dp."""

    role = "icon"
    default_align = "center"
    default_valign = "center"

    def __init__(
        self, icon: str, size: float = 20, color: Paint = "text", **options: Unpack[Options]
    ) -> None:
        super().__init__(**options)
        self.icon, self.size, self.color = icon, size, color

    def value(self) -> str:
        return self.icon

    def _natural_width(self) -> int:
        return self.ctx.px(self.size)

    def _height_for(self, width: int) -> int:
        return self.ctx.px(self.size)

    def paint(self, surface: pygame.Surface) -> None:
        size = min(self.rect.width, self.rect.height)
        drawn = self.ctx.icon(self.icon, size, self.color)
        surface.blit(drawn, drawn.get_rect(center=self.rect.center))


class Swatch(Widget):
    """A dot of a colour, as in a legend."""

    role = "swatch"
    default_align = "center"
    default_valign = "center"

    def __init__(self, color: Paint, size: float = 10, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.color, self.size = color, size

    def _natural_width(self) -> int:
        return self.ctx.px(self.size)

    def _height_for(self, width: int) -> int:
        return self.ctx.px(self.size)

    def paint(self, surface: pygame.Surface) -> None:
        paint.disc(surface, self.rect.center, self.rect.width, self.ctx.color(self.color))


class Badge(Widget):
    """A short word on a small pill; kinds ``soft solid outline``."""

    role = "badge"
    default_align = "start"
    default_valign = "center"

    def __init__(
        self, text: str, color: Paint = "accent", kind: str = "soft", **options: Unpack[Options]
    ) -> None:
        super().__init__(**options)
        self._text, self.color, self.kind = text, color, kind

    def value(self) -> str:
        return self._text

    def _natural_width(self) -> int:
        return self.ctx.text_width(self._text, "caption") + self.ctx.px(14)

    def _smallest_width(self) -> int:
        return min(self.natural_width(), self.ctx.px(36))

    def _height_for(self, width: int) -> int:
        return self.ctx.px(20)

    def tip(self, pos: Pos) -> str | Widget | None:
        return super().tip(pos) or (plain(self._text) if self._shown() != self._text else None)

    def _shown(self) -> str:
        room = self.rect.width - self.ctx.px(14)
        return ellipsis(self._text, room, lambda t: self.ctx.text_width(t, "caption"))

    def paint(self, surface: pygame.Surface) -> None:
        ctx, color = self.ctx, self.ctx.color(self.color)
        ground = mix(ctx.color("panel"), color, 0.16 if self.kind == "soft" else 0.0)
        fill = color if self.kind == "solid" else ground
        border = mix(ctx.color("panel"), color, 0.45)
        paint.round_rect(surface, self.rect, fill, self.rect.height // 2, border, ctx.px(1))
        ink = ctx.color("on_accent") if self.kind == "solid" else mix(color, (255, 255, 255), 0.25)
        drawn = ctx.render(self._shown(), "caption", ink)
        surface.blit(drawn, drawn.get_rect(center=self.rect.center))


class Pips(Widget):
    """Points as dots: so many full of so many, as for attention."""

    role = "pips"
    default_align = "start"
    default_valign = "center"

    def __init__(
        self,
        value: int,
        total: int,
        color: Paint = "accent",
        size: float = 10,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self.full, self.total, self.color, self.size = value, total, color, size

    def value(self) -> str:
        return f"{self.full} of {self.total}"

    def _step(self) -> int:
        return self.ctx.px(self.size) + self.ctx.px(self.size * 0.5)

    def _natural_width(self) -> int:
        return max(0, self._step() * self.total - self.ctx.px(self.size * 0.5))

    def _height_for(self, width: int) -> int:
        return self.ctx.px(self.size)

    def paint(self, surface: pygame.Surface) -> None:
        ctx, size = self.ctx, self.ctx.px(self.size)
        rest = mix(ctx.color("panel"), ctx.color("text"), 0.14)
        for i in range(self.total):
            color = ctx.color(self.color) if i < self.full else rest
            x = self.rect.left + i * self._step() + size / 2
            paint.disc(surface, (x, self.rect.centery), size, color)


class ProgressBar(Widget):
    """A share of a whole, 0 to 1, with an optional text at the right."""

    role = "progress"
    default_valign = "center"

    def __init__(
        self,
        fraction: float,
        color: Paint = "accent",
        text: str = "",
        thickness: float = 6,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self._fraction, self.color, self.text, self.thickness = fraction, color, text, thickness

    @property
    def fraction(self) -> float:
        """Share of the whole, 0 to 1."""
        return self._fraction

    @fraction.setter
    def fraction(self, fraction: float) -> None:
        self._fraction = fraction
        self.invalidate()

    def value(self) -> str:
        return self.text or f"{self._fraction:.0%}"

    def _text_room(self) -> int:
        if not self.text:
            return 0
        return self.ctx.text_width(self.text, "small") + self.ctx.px(8)

    def _natural_width(self) -> int:
        return self.ctx.px(120) + self._text_room()

    def _smallest_width(self) -> int:
        return self.ctx.px(32) + self._text_room()

    def _height_for(self, width: int) -> int:
        return self.ctx.line_height("small") if self.text else self.ctx.px(self.thickness)

    def paint(self, surface: pygame.Surface) -> None:
        ctx, thick = self.ctx, self.ctx.px(self.thickness)
        bar = self.rect.copy()
        bar.width, bar.height = max(0, bar.width - self._text_room()), thick
        bar.centery = self.rect.centery
        paint.round_rect(surface, bar, ctx.color("sunken"), thick // 2, ctx.color("line"))
        share = min(1.0, max(0.0, self._fraction))
        if share > 0:
            full = bar.copy()
            full.width = max(thick, round(bar.width * share))
            paint.round_rect(surface, full, ctx.color(self.color), thick // 2)
        if self.text:
            drawn = ctx.render(self.text, "small", "muted")
            surface.blit(drawn, drawn.get_rect(midright=self.rect.midright))


class Canvas(Widget):
    """Own drawing: ``paint(surface, rect, ctx)``; ``natural`` is its size in dp."""

    role = "canvas"

    def __init__(
        self,
        draw: Callable[[pygame.Surface, pygame.Rect, Context], None],
        natural: tuple[float, float] = (100, 100),
        on_click: Callable[[Pos], None] | None = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self._draw, self.natural, self.on_click = draw, natural, on_click

    def _natural_width(self) -> int:
        return self.ctx.px(self.natural[0])

    def _smallest_width(self) -> int:
        return min(self.natural_width(), self.ctx.px(24))

    def _height_for(self, width: int) -> int:
        return self.ctx.px(self.natural[1])

    def paint(self, surface: pygame.Surface) -> None:
        self._draw(surface, self.rect, self.ctx)

    def on_pointer(self, event: Pointer) -> bool:
        if self.on_click is None or event.button != 1:
            return False
        if event.kind == "up" and self.rect.collidepoint(event.pos):
            self.on_click(event.pos)
        return event.kind in ("down", "up")
