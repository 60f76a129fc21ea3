"""How bars of a bridge chart are drawn: by sign, hatched or solid, cut where zero is away."""

from __future__ import annotations

from functools import lru_cache

import pygame

from game.ui.kit import paint
from game.ui.kit.bridge_shape import BridgeRow
from game.ui.kit.context import Context
from game.ui.kit.style import Color


def flat(row: BridgeRow) -> bool:
    """Whether a step moves nothing, as written."""
    return row.change == 0.0 or not any(digit in row.text for digit in "123456789")


def row_color(row: BridgeRow) -> str:
    """Colour role of a row."""
    if row.kind in ("start", "end"):
        return "accent"
    if flat(row):
        return "muted"
    if row.color is not None:
        return row.color
    return "positive" if row.change > 0.0 else "negative"


@lru_cache(maxsize=16)
def _hatch(size: int, color: Color, ground: Color) -> pygame.Surface:
    """A tile of slanting stripes."""
    k = 4
    big = pygame.Surface((size * k, size * k))
    big.fill(ground)
    for shift in (-size * k, 0, size * k):
        start, end = (shift, size * k), (shift + size * k, 0)
        pygame.draw.line(big, color, start, end, max(1, size * k // 3))
    return pygame.transform.smoothscale(big, (size, size))


def hatched(
    surface: pygame.Surface, box: pygame.Rect, color: Color, ground: Color, size: int
) -> None:
    """A box of slanting stripes with a border."""
    before = surface.get_clip()
    surface.set_clip(before.clip(box))
    tile = _hatch(size, color, ground)
    for x in range(box.left, box.right, size):
        for y in range(box.top, box.bottom, size):
            surface.blit(tile, (x, y))
    surface.set_clip(before)
    paint.round_rect(surface, box, None, 0, color)


def paint_cut(surface: pygame.Surface, bar: pygame.Rect, at_right: bool, ctx: Context) -> None:
    """Two slanting gaps near the end of a bar that does not begin at zero."""
    ground, step = ctx.color("panel"), ctx.px(5)
    x = bar.right - 3 * step if at_right else bar.left + step
    if bar.width < 4 * step:
        return
    before = surface.get_clip()
    surface.set_clip(before.clip(bar))
    for shift in (0, step):
        left = x + shift
        corners = [
            (left, bar.bottom), (left + ctx.px(2), bar.bottom),
            (left + ctx.px(2) + step // 2, bar.top), (left + step // 2, bar.top),
        ]  # fmt: skip
        pygame.draw.polygon(surface, ground, corners)
    surface.set_clip(before)
