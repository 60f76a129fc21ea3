"""The world map: six market regions coloured by a value, to be clicked and walked through."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Unpack

import pygame

from game.resources import asset_path
from game.ui.kit import Color, Context, Key, Options, Pointer, Widget, mix, paint
from game.ui.kit.context import Pos
from game.ui.kit.plotting import Show, short
from game.ui.kit.words import ellipsis

KEYS = ("north_america", "europe", "china", "india", "southeast_asia", "row")
OVERSAMPLE = 3
LEGEND_WIDTH = 150
PLATE_MOST = 150
PART_SIZE = 8
LOW_SHARE = 0.10
"""Share of the accent in the colour of the lowest value."""


@dataclass(frozen=True)
class MapRegion:
    """A region's words and value; ``value`` None is "no data", ``badge`` a small note beside."""

    key: str
    label: str
    value: float | None
    text: str = ""
    badge: str = ""
    tooltip: str | None = None


@lru_cache(maxsize=1)
def outline() -> dict[str, Any]:
    """The file of outlines: width, height, regions with rings and anchors, in grid units."""
    data: dict[str, Any] = json.loads(asset_path("map.json").read_text(encoding="utf-8"))
    return data


def _rings(key: str, scale: float) -> list[list[tuple[float, float]]]:
    flat = outline()["regions"][key]["rings"]
    return [
        [(x * scale, y * scale) for x, y in zip(ring[::2], ring[1::2], strict=True)]
        for ring in flat
    ]


@lru_cache(maxsize=8)
def _index_sheet(width: int, height: int) -> pygame.Surface:
    """Which region each pixel belongs to: its number plus one; 0 is water."""
    sheet = pygame.Surface((width, height), depth=8)
    scale = width / outline()["width"]
    for number, key in enumerate(KEYS, start=1):
        for ring in _rings(key, scale):
            if len(ring) > 2:
                pygame.draw.polygon(sheet, number, ring)
    return sheet


@lru_cache(maxsize=12)
def _picture(
    size: tuple[int, int], colors: tuple[Color, ...], border: Color, water: Color, lit: int
) -> pygame.Surface:
    """The map with every region in its colour; region ``lit`` (or −1) has a bright outline."""
    k = OVERSAMPLE
    sheet = pygame.Surface((size[0] * k, size[1] * k))
    sheet.fill(water)
    scale = size[0] * k / outline()["width"]
    for number, key in enumerate(KEYS):
        for ring in _rings(key, scale):
            if len(ring) > 2:
                pygame.draw.polygon(sheet, colors[number], ring)
    for number, key in enumerate(KEYS):
        shade = mix(colors[number], border, 0.75)
        for ring in _rings(key, scale):
            pygame.draw.lines(sheet, shade, True, ring, 2)
    if lit >= 0:
        _light(sheet, lit, scale, colors[lit], k)
    return pygame.transform.smoothscale(sheet, size)


def _light(sheet: pygame.Surface, lit: int, scale: float, color: Color, k: int) -> None:
    """Outline a region, not its countries: draw it thick, then fill it over."""
    rings = _rings(KEYS[lit], scale)
    for ring in rings:
        pygame.draw.lines(sheet, (255, 255, 255), True, ring, 3 * k)
    for ring in rings:
        if len(ring) > 2:
            pygame.draw.polygon(sheet, color, ring)
    shade = mix(color, (0, 0, 0), 0.25)
    for ring in rings:
        pygame.draw.lines(sheet, shade, True, ring, 1)


class WorldMap(Widget):
    """Six regions coloured by a value.

    Args:
        legend: what the value is.
        show: words of a value for the legend.
        high: value of the strongest colour; else the largest there is.
        on_select: called with a region's key.
    """

    role = "map"
    focusable = True
    reacts = True

    def __init__(
        self,
        regions: Sequence[MapRegion],
        legend: str = "",
        show: Show | None = None,
        selected: str | None = None,
        on_select: Callable[[str], object] | None = None,
        high: float | None = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self.regions = {region.key: region for region in regions}
        self.legend, self.show = legend, show or short
        self.selected, self.on_select, self.high = selected, on_select, high
        self._pointed: str | None = None

    def value(self) -> str:
        return self.legend

    def lines(self) -> list[str]:
        return [
            f'region "{r.key}": {r.label} {r.text}'.rstrip()
            + (" [selected]" if r.key == self.selected else "")
            for r in self.regions.values()
        ]

    def select(self, key: str) -> None:
        """Select a region as a click does."""
        self.selected = key
        self.invalidate()
        if self.on_select is not None:
            self.on_select(key)

    # Geometry

    def _natural_width(self) -> int:
        return self.ctx.px(640)

    def _smallest_width(self) -> int:
        return self.ctx.px(240)

    def _height_for(self, width: int) -> int:
        data = outline()
        return int(width * data["height"] // data["width"])

    def _smallest_height(self, width: int) -> int:
        return self.ctx.px(130)

    def picture_rect(self) -> pygame.Rect:
        """Where the map itself is: as large as fits, centred."""
        data, rect = outline(), self.rect
        width = min(rect.width, rect.height * data["width"] // data["height"])
        box = pygame.Rect(0, 0, max(1, width), max(1, width * data["height"] // data["width"]))
        box.center = rect.center
        return box

    def _spot(self, key: str, kind: str) -> Pos:
        """Where a region's ``anchor`` (on land) or ``plate`` (its name) is."""
        box = self.picture_rect()
        x, y = outline()["regions"][key][kind]
        scale = box.width / outline()["width"]
        return (round(box.left + x * scale), round(box.top + y * scale))

    def part(self, key: str) -> pygame.Rect:
        if key not in self.regions:
            return super().part(key)
        side = self.ctx.px(PART_SIZE)
        spot = pygame.Rect(0, 0, side, side)
        spot.center = self._spot(key, "anchor")
        return spot

    def region_at(self, pos: Pos) -> str | None:
        """The region at a position: by its name plate, then by its land."""
        for key in self.regions:
            if self._plate(key).collidepoint(pos):
                return key
        box = self.picture_rect()
        if not box.collidepoint(pos):
            return None
        sheet = _index_sheet(box.width, box.height)
        number: int = sheet.get_at_mapped((pos[0] - box.left, pos[1] - box.top))
        found = KEYS[number - 1] if number else None
        return found if found in self.regions else None

    # Input

    def tip(self, pos: Pos) -> str | Widget | None:
        key = self.region_at(pos)
        return self.regions[key].tooltip if key else super().tip(pos)

    def cursor(self, pos: Pos) -> int:
        hand = self.on_select is not None and self.region_at(pos) is not None
        return pygame.SYSTEM_CURSOR_HAND if hand else pygame.SYSTEM_CURSOR_ARROW

    def on_pointer(self, event: Pointer) -> bool:
        if event.kind == "move":
            key = self.region_at(event.pos)
            if key != self._pointed:
                self._pointed = key
                self.invalidate()
            return False
        if event.button != 1 or event.kind not in ("down", "up"):
            return False
        key = self.region_at(event.pos)
        if event.kind == "up" and key is not None and self.enabled:
            self.select(key)
        return True

    def on_hover(self, inside: bool) -> None:
        if not inside:
            self._pointed = None
        super().on_hover(inside)

    def on_key(self, key: Key) -> bool:
        order = [k for k in KEYS if k in self.regions]
        step = {"right": 1, "down": 1, "left": -1, "up": -1}.get(key.chord)
        if step is None or not order:
            return False
        at = order.index(self.selected) if self.selected in order else -step
        if not 0 <= at + step < len(order):
            return False
        self.select(order[at + step])
        return True

    # Drawing

    def _range(self) -> tuple[float, float]:
        values = [r.value for r in self.regions.values() if r.value is not None]
        high = self.high if self.high is not None else max(values, default=1.0)
        low = min([0.0, *values])
        return low, high if high > low else low + 1.0

    def _ramp(self, share: float) -> Color:
        ctx = self.ctx
        return mix(ctx.color("line_strong"), ctx.color("accent"), LOW_SHARE + share * 0.85)

    def _color(self, key: str) -> Color:
        region, ctx = self.regions.get(key), self.ctx
        if region is None or region.value is None:
            color = mix(ctx.color("panel"), ctx.color("line_strong"), 0.55)
        else:
            low, high = self._range()
            color = self._ramp(min(1.0, max(0.0, (region.value - low) / (high - low))))
        return mix(color, (255, 255, 255), 0.16) if key == self._pointed else color

    def paint(self, surface: pygame.Surface) -> None:
        ctx, box = self.ctx, self.picture_rect()
        colors = tuple(self._color(key) for key in KEYS)
        lit = KEYS.index(self.selected) if self.selected in KEYS else -1
        water = ctx.color("ink")
        paint.round_rect(surface, self.rect, water, ctx.radius("medium"))
        picture = _picture(box.size, colors, water, water, lit)
        surface.blit(picture, box)
        for key in self.regions:
            self._paint_plate(surface, key)
        if self.legend:
            self._paint_legend(surface)

    def _plate_words(self, key: str) -> tuple[str, str]:
        region, ctx = self.regions[key], self.ctx
        room = min(ctx.px(PLATE_MOST), self.rect.width // 4)
        name = ellipsis(region.label, room, lambda t: ctx.text_width(t, "caption"))
        return name, region.text

    def _plate(self, key: str) -> pygame.Rect:
        """Where a region's plate is: near its spot, but on no plate of a region before it."""
        placed: list[pygame.Rect] = []
        for one in self.regions:
            plate = self._own_plate(one)
            for other in placed:
                if plate.colliderect(other):
                    above = plate.centery < other.centery
                    gap = self.ctx.px(2)
                    plate.top = other.top - plate.height - gap if above else other.bottom + gap
            placed.append(plate.clamp(self.rect))
            if one == key:
                break
        return placed[-1]

    def _own_plate(self, key: str) -> pygame.Rect:
        ctx, (name, text) = self.ctx, self._plate_words(key)
        width = max(ctx.text_width(name, "caption"), ctx.text_width(text, "small_strong"))
        rows = ctx.line_height("caption") + (ctx.line_height("small_strong") if text else 0)
        plate = pygame.Rect(0, 0, width + ctx.px(16), rows + ctx.px(6))
        plate.center = self._spot(key, "plate")
        return plate.clamp(self.rect)

    def _paint_plate(self, surface: pygame.Surface, key: str) -> None:
        ctx, plate, (name, text) = self.ctx, self._plate(key), self._plate_words(key)
        chosen, lit = key == self.selected, key == self._pointed
        edge = ctx.color("accent" if chosen else "muted" if lit else "line_strong")
        fill = ctx.color("hover" if lit else "panel")
        paint.round_rect(surface, plate, fill, ctx.radius("small"), edge, ctx.px(1))
        drawn = ctx.render(name, "caption", "text" if chosen or lit else "muted")
        surface.blit(drawn, drawn.get_rect(midtop=(plate.centerx, plate.top + ctx.px(3))))
        if text:
            drawn = ctx.render(text, "small_strong", "text")
            surface.blit(drawn, drawn.get_rect(midbottom=(plate.centerx, plate.bottom - ctx.px(2))))
        if self.regions[key].badge:
            self._paint_badge(surface, plate, self.regions[key].badge, ctx)

    def _paint_badge(
        self, surface: pygame.Surface, plate: pygame.Rect, text: str, ctx: Context
    ) -> None:
        drawn = ctx.render(text, "caption", "on_accent")
        pill = drawn.get_rect().inflate(ctx.px(10), 0)
        pill.width = max(pill.width, pill.height)
        pill.center = (plate.right, plate.top)
        paint.round_rect(surface, pill, ctx.color("accent"), pill.height // 2)
        surface.blit(drawn, drawn.get_rect(center=pill.center))

    def _paint_legend(self, surface: pygame.Surface) -> None:
        ctx, (low, high) = self.ctx, self._range()
        words = self.show(low), self.show(high)
        step, pad = ctx.line_height("caption"), ctx.px(10)
        width = max(ctx.px(LEGEND_WIDTH), ctx.text_width(self.legend, "caption"))
        width = min(width, self.rect.width // 2)
        board = pygame.Rect(0, 0, width + 2 * pad, 2 * step + ctx.px(8) + 2 * ctx.px(6))
        board.bottomleft = (self.rect.left + ctx.px(8), self.rect.bottom - ctx.px(8))
        edge = ctx.color("line")
        paint.round_rect(surface, board, ctx.color("panel"), ctx.radius("small"), edge, ctx.px(1))
        left, top = board.left + pad, board.top + ctx.px(6)
        shown = ellipsis(self.legend, width, lambda t: ctx.text_width(t, "caption"))
        if shown:
            surface.blit(ctx.render(shown, "caption", "text"), (left, top))
        bar = pygame.Rect(left, top + step, width, ctx.px(8))
        for x in range(bar.width):
            color = self._ramp(x / max(1, bar.width - 1))
            surface.fill(color, (bar.left + x, bar.top, 1, bar.height))
        for text, side in ((words[0], "topleft"), (words[1], "topright")):
            drawn = ctx.render(text, "caption", "muted")
            spot = bar.bottomleft if side == "topleft" else bar.bottomright
            surface.blit(drawn, drawn.get_rect(**{side: spot}))
