"""What charts share: ticks, number words, labels that keep apart, smooth drawing, dashes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import pygame

from game.ui.kit import paint
from game.ui.kit.context import Context
from game.ui.kit.style import Color, Paint

Show = Callable[[float], str]
SERIES_KINDS = 12
SOLID_SERIES = 7
"""Hues that stay apart; from the next series on lines are dashed."""
DASHES: tuple[tuple[float, float], ...] = ((7, 4), (2, 4), (11, 4), (4, 2))
FINE_AREA = 260_000


def nice_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """About ``count`` round numbers that cover a range."""
    if not math.isfinite(low) or not math.isfinite(high):
        return [0.0, 1.0]
    span = high - low or abs(high) or 1.0
    raw = span / max(1, count - 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if raw <= m * power * 1.0001)
    start, end = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 12) for i in range(start, max(end, start + 1) + 1)]


def number_words(step: float) -> Show:
    """How to write numbers on a grid of a step: commas, as many decimals as needed."""
    decimals = max(0, -math.floor(math.log10(abs(step)) + 1e-9)) if step else 0
    if step and abs(step * 10**decimals - round(step * 10**decimals)) > 1e-9:
        decimals += 1
    return lambda value: f"{value:,.{decimals}f}".replace("-", "−")


def short(value: float) -> str:
    """A number in three or four figures."""
    size = abs(value)
    decimals = 0 if size >= 100 else 1 if size >= 10 else 2
    text = f"{value:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")


def signed(text: str, value: float) -> str:
    """A plus before positive numbers."""
    return f"+{text}" if value > 0 and not text.startswith("+") else text


def apart(wishes: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions near the wishes, in their order, at least ``gap`` apart, between two limits."""
    order = sorted(range(len(wishes)), key=lambda i: wishes[i])
    placed = [0.0] * len(wishes)
    edge = low - gap
    for i in order:
        edge = max(wishes[i], edge + gap)
        placed[i] = edge
    edge = high + gap
    for i in reversed(order):
        edge = min(placed[i], edge - gap)
        placed[i] = edge
    return placed


def series_color(color: Paint | None, index: int, ctx: Context) -> Color:
    """A series' own colour, or that of its place."""
    return ctx.color(color if color is not None else f"series{index % SERIES_KINDS}")


def series_dashes(index: int, ctx: Context, dashed: bool = False) -> tuple[float, ...]:
    """No dashes for the first seven, then patterns in turn."""
    if index < SOLID_SERIES and not dashed:
        return ()
    pattern = DASHES[max(0, index - SOLID_SERIES) % len(DASHES)]
    return tuple(ctx.px(length) for length in pattern)


class Sheet:
    """A part of a surface to draw on smoothly: an enlarged layer, laid over it by ``put``."""

    def __init__(self, surface: pygame.Surface, area: pygame.Rect) -> None:
        self.area = area.clip(surface.get_rect())
        small = self.area.width * self.area.height <= FINE_AREA
        self.k = 3 if small else 2
        self._target = surface
        size = (self.area.width * self.k, self.area.height * self.k)
        self.big = pygame.Surface(size, pygame.SRCALPHA)

    def point(self, at: paint.Point) -> paint.Point:
        """A position of the surface on the enlarged sheet."""
        return ((at[0] - self.area.left) * self.k, (at[1] - self.area.top) * self.k)

    def line(
        self,
        color: Color,
        points: Sequence[paint.Point],
        width: float,
        dashes: Sequence[float] = (),
    ) -> None:
        """A line with round corners."""
        thick = max(1, round(width * self.k))
        pairs = paint.dash_pieces(points, dashes) if dashes else pairwise(points)
        for start, end in pairs:
            a, b = self.point(start), self.point(end)
            pygame.draw.polygon(self.big, color, _thick_line(a, b, thick))
            pygame.draw.circle(self.big, color, b, thick / 2)

    def polygon(self, color: Color, points: Sequence[paint.Point], alpha: int = 255) -> None:
        """A filled shape, see-through if asked."""
        corners = [self.point(p) for p in points]
        if alpha == 255:
            pygame.draw.polygon(self.big, color, corners)
            return
        layer = pygame.Surface(self.big.get_size(), pygame.SRCALPHA)
        red, green, blue = (part * alpha // 255 for part in color)
        pygame.draw.polygon(layer, (red, green, blue, alpha), corners)
        self.big.blit(layer, (0, 0), special_flags=pygame.BLEND_PREMULTIPLIED)

    def disc(self, color: Color, center: paint.Point, radius: float) -> None:
        """A filled circle."""
        pygame.draw.circle(self.big, color, self.point(center), radius * self.k)

    def put(self) -> None:
        """Lay it over the surface; the layer's colours are multiplied by their alpha."""
        small = pygame.transform.smoothscale(self.big, self.area.size)
        self._target.blit(small, self.area, special_flags=pygame.BLEND_PREMULTIPLIED)


def _thick_line(a: paint.Point, b: paint.Point, width: float) -> list[paint.Point]:
    length = math.hypot(b[0] - a[0], b[1] - a[1]) or 1.0
    dx, dy = (b[0] - a[0]) / length * width / 2, (b[1] - a[1]) / length * width / 2
    return [
        (a[0] - dy, a[1] + dx),
        (a[0] + dy, a[1] - dx),
        (b[0] + dy, b[1] - dx),
        (b[0] - dy, b[1] + dx),
    ]
