"""A drawn background for title screens: a night sky of firms and the ties between them."""

from __future__ import annotations

import math
import random
from typing import Unpack

import pygame

from game.ui.kit import paint
from game.ui.kit.context import Options
from game.ui.kit.layout import Stack
from game.ui.kit.style import Color, mix
from game.ui.kit.widget import Widget

NODES = 60
CLEAR = (0.2, 0.34)
"""Half the width and height of the middle that stays free, as shares."""
REACH = 0.2
"""Longest tie as a share of the window's width."""


def _middle(x: float, y: float) -> bool:
    """The middle of the window, where words stand."""
    return abs(x - 0.5) < CLEAR[0] and abs(y - 0.5) < CLEAR[1]


class Backdrop(Stack):
    """Its child over a procedural picture; the same seed gives the same picture."""

    role = "group"

    def __init__(self, child: Widget, seed: int = 7, **options: Unpack[Options]) -> None:
        super().__init__(child, **options)
        self.seed = seed
        self._picture: pygame.Surface | None = None

    def paint(self, surface: pygame.Surface) -> None:
        if self._picture is None or self._picture.get_size() != self.rect.size:
            self._picture = self._make()
        surface.blit(self._picture, self.rect)

    def _make(self) -> pygame.Surface:
        ctx, (width, height) = self.ctx, self.rect.size
        sheet = pygame.Surface((width, height))
        top, bottom = ctx.color("ink"), mix(ctx.color("bg"), ctx.color("info"), 0.10)
        paint.gradient(sheet, sheet.get_rect(), top, bottom)
        chance = random.Random(self.seed)
        places = ((chance.random(), chance.random(), chance.random()) for _ in range(NODES))
        nodes = [(x * width, y * height, w) for x, y, w in places if not _middle(x, y)]
        self._ties(sheet, nodes, width)
        for x, y, weight in nodes:
            self._node(sheet, x, y, weight, mix(top, bottom, y / max(1, height)))
        return sheet

    def _ties(
        self, sheet: pygame.Surface, nodes: list[tuple[float, float, float]], width: int
    ) -> None:
        ctx, reach = self.ctx, REACH * width
        for i, (x0, y0, w0) in enumerate(nodes):
            for x1, y1, w1 in nodes[i + 1 :]:
                near = 1.0 - math.hypot(x1 - x0, y1 - y0) / reach
                if near <= 0:
                    continue
                warm = "accent" if w0 + w1 > 1.45 else "info"
                color = mix(ctx.color("bg"), ctx.color(warm), 0.06 + 0.22 * near)
                paint.polyline(sheet, color, [(x0, y0), (x1, y1)])

    def _node(
        self, sheet: pygame.Surface, x: float, y: float, weight: float, ground: Color
    ) -> None:
        ctx = self.ctx
        warm = ctx.color("accent") if weight > 0.72 else ctx.color("info")
        size = ctx.px(3 + 7 * weight)
        for grow, share in ((3.2, 0.07), (2.0, 0.16), (1.0, 0.62)):
            color = mix(ground, warm, share)
            paint.disc(sheet, (x, y), round(size * grow), color)
