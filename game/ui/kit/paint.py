"""Drawing helpers with smooth edges: rounded boxes by nine patches, shadows, circles, lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import pygame

from game.ui.kit.style import Color

OVERSAMPLE = 4
SHADOW_ALPHA = 120

Point = tuple[float, float]


@lru_cache(maxsize=512)
def _corner_sprite(
    radius: int, fill: Color | None, border: Color | None, line: int
) -> pygame.Surface:
    """A smallest rounded box, from whose corners larger ones are put together."""
    side, k = 2 * radius + 2, OVERSAMPLE
    edge = border or fill or (0, 0, 0)
    big = pygame.Surface((side * k, side * k), pygame.SRCALPHA)
    big.fill((*edge, 0))
    box = big.get_rect()
    if border and line:
        pygame.draw.rect(big, border, box, border_radius=radius * k)
        box = box.inflate(-2 * line * k, -2 * line * k)
    inner = max(0, radius - line if border else radius) * k
    pygame.draw.rect(big, fill or (*edge, 0), box, border_radius=inner)
    return pygame.transform.smoothscale(big, (side, side))


def round_rect(
    surface: pygame.Surface,
    rect: pygame.Rect,
    fill: Color | None,
    radius: int,
    border: Color | None = None,
    line: int = 1,
) -> None:
    """A rounded box; ``fill`` None draws the border alone."""
    radius = max(0, min(radius, rect.width // 2, rect.height // 2))
    if rect.width <= 0 or rect.height <= 0:
        return
    line = line if border else 0
    if radius == 0:
        _plain_rect(surface, rect, fill, border, line)
        return
    sprite = _corner_sprite(radius, fill, border, line)
    right, bottom, r = rect.right - radius, rect.bottom - radius, radius
    for x, y, sx, sy in (
        (rect.left, rect.top, 0, 0),
        (right, rect.top, r + 2, 0),
        (rect.left, bottom, 0, r + 2),
        (right, bottom, r + 2, r + 2),
    ):
        surface.blit(sprite, (x, y), (sx, sy, r, r))
    if fill:
        surface.fill(fill, (rect.left, rect.top + r, rect.width, rect.height - 2 * r))
        surface.fill(fill, (rect.left + r, rect.top, rect.width - 2 * r, r))
        surface.fill(fill, (rect.left + r, bottom, rect.width - 2 * r, r))
    if border and line:
        surface.fill(border, (rect.left + r, rect.top, rect.width - 2 * r, line))
        surface.fill(border, (rect.left + r, rect.bottom - line, rect.width - 2 * r, line))
        surface.fill(border, (rect.left, rect.top + r, line, rect.height - 2 * r))
        surface.fill(border, (rect.right - line, rect.top + r, line, rect.height - 2 * r))


def _plain_rect(
    surface: pygame.Surface,
    rect: pygame.Rect,
    fill: Color | None,
    border: Color | None,
    line: int,
) -> None:
    if fill:
        surface.fill(fill, rect)
    if border and line:
        pygame.draw.rect(surface, border, rect, line)


def _blurred(width: int, height: int, radius: int, blur: int) -> pygame.Surface:
    margin = blur * 2
    sheet = pygame.Surface((width + 2 * margin, height + 2 * margin), pygame.SRCALPHA)
    box = pygame.Rect(margin, margin, width, height)
    pygame.draw.rect(sheet, (0, 0, 0, SHADOW_ALPHA), box, border_radius=radius)
    return pygame.transform.box_blur(pygame.transform.box_blur(sheet, blur), blur)


@lru_cache(maxsize=16)
def _shadow_sprite(radius: int, blur: int) -> pygame.Surface:
    """A smallest shadow, from whose corners and edges larger ones are put together."""
    side = 2 * (radius + 2 * blur) + 1
    return _blurred(side, side, radius, blur)


Piece = tuple[pygame.Surface, tuple[int, int]]


def _pieces(width: int, height: int, radius: int, blur: int, *, middle: bool) -> list[Piece]:
    """Corners, edges and on demand the middle of a shadow, each with its place; none where it is
    too small to be put together. Blurring a sheet as large as a dialogue would take a tenth of a
    second."""
    sprite = _shadow_sprite(radius, blur)
    corner = sprite.get_width() // 2
    wide, tall = width + 4 * blur - 2 * corner, height + 4 * blur - 2 * corner
    if wide < 1 or tall < 1:
        return []
    end = corner + 1
    columns = (
        (0, 0, corner, corner),
        (corner, corner, 1, wide),
        (end, corner + wide, corner, corner),
    )
    rows = ((0, 0, corner, corner), (corner, corner, 1, tall), (end, corner + tall, corner, corner))
    found = []
    for top, y, high, new_high in rows:
        for left, x, width_, new_width in columns:
            if middle or (top, left) != (corner, corner):
                piece = sprite.subsurface((left, top, width_, high))
                found.append((pygame.transform.scale(piece, (new_width, new_high)), (x, y)))
    return found


@lru_cache(maxsize=32)
def _shadow(width: int, height: int, radius: int, blur: int, middle: bool = True) -> list[Piece]:
    found = _pieces(width, height, radius, blur, middle=middle)
    return found or [(_blurred(width, height, radius, blur), (0, 0))]


def shadow(surface: pygame.Surface, rect: pygame.Rect, radius: int, blur: int) -> None:
    """A soft shadow under a solid box that is drawn afterwards, and hides its middle."""
    left, top = rect.left - blur * 2, rect.top - blur * 2 + blur // 2
    for piece, (x, y) in _shadow(rect.width, rect.height, radius, blur, False):
        surface.blit(piece, (left + x, top + y))


@lru_cache(maxsize=256)
def _disc(diameter: int, color: Color) -> pygame.Surface:
    k = OVERSAMPLE
    big = pygame.Surface((diameter * k, diameter * k), pygame.SRCALPHA)
    big.fill((*color, 0))
    pygame.draw.circle(big, color, (diameter * k / 2, diameter * k / 2), diameter * k / 2)
    return pygame.transform.smoothscale(big, (diameter, diameter))


def disc(surface: pygame.Surface, center: Point, diameter: int, color: Color) -> None:
    """A filled circle."""
    sprite = _disc(max(1, diameter), color)
    surface.blit(sprite, (round(center[0] - diameter / 2), round(center[1] - diameter / 2)))


@lru_cache(maxsize=64)
def _veil(size: tuple[int, int], color: Color, alpha: int) -> pygame.Surface:
    sheet = pygame.Surface(size, pygame.SRCALPHA)
    sheet.fill((*color, alpha))
    return sheet


def veil(surface: pygame.Surface, rect: pygame.Rect, color: Color, alpha: int) -> None:
    """A see-through box."""
    if rect.width > 0 and rect.height > 0:
        surface.blit(_veil(rect.size, color, alpha), rect)


@lru_cache(maxsize=32)
def _gradient(size: tuple[int, int], top: Color, bottom: Color) -> pygame.Surface:
    strip = pygame.Surface((1, 2))
    strip.set_at((0, 0), top)
    strip.set_at((0, 1), bottom)
    return pygame.transform.smoothscale(strip, size)


def gradient(surface: pygame.Surface, rect: pygame.Rect, top: Color, bottom: Color) -> None:
    """A vertical gradient."""
    surface.blit(_gradient(rect.size, top, bottom), rect)


def dots(surface: pygame.Surface, left: int, right: int, top: int, size: int, color: Color) -> None:
    """A dotted line under words that can be pressed."""
    for x in range(left, right - size + 1, 3 * size):
        surface.fill(color, (x, top, 2 * size, size))


def polyline(
    surface: pygame.Surface,
    color: Color,
    points: Sequence[Point],
    dashes: Sequence[float] = (),
) -> None:
    """A smooth hairline through points; ``dashes`` are lengths drawn and skipped."""
    for start, end in dash_pieces(points, dashes) if dashes else pairwise(points):
        pygame.draw.aaline(surface, color, start, end)


def dash_pieces(points: Sequence[Point], dashes: Sequence[float]) -> list[tuple[Point, Point]]:
    """The drawn pieces of a dashed line; the pattern runs on over the corners."""
    found: list[tuple[Point, Point]] = []
    index, left = 0, dashes[0]
    for (x0, y0), (x1, y1) in pairwise(points):
        length, done = math.hypot(x1 - x0, y1 - y0), 0.0
        while done < length:
            step = min(left, length - done)
            if index % 2 == 0:
                a, b = done / length, (done + step) / length
                found.append(
                    (
                        (x0 + (x1 - x0) * a, y0 + (y1 - y0) * a),
                        (x0 + (x1 - x0) * b, y0 + (y1 - y0) * b),
                    )
                )
            done, left = done + step, left - step
            if left <= 1e-9:
                index += 1
                left = dashes[index % len(dashes)]
    return found
