"""Text into pixels: a chain of fonts, chosen glyph by glyph; widths and surfaces are cached."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import pygame

from game.ui.kit.style import Color, TextStyle

SURFACES_KEPT = 4096
WIDTHS_KEPT = 20_000
SMALLEST_PX = 8
PROBE_PX = 16
NEVER_USED = "\U0010fffd"
SYSTEM_NAMES = (
    "notosanscjksc",
    "notosanssc",
    "microsoftyahei",
    "pingfangsc",
    "hiraginosansgb",
    "wenquanyizenhei",
    "simhei",
    "arialunicodems",
    "segoeuisymbol",
    "notosanssymbols2",
    "dejavusans",
)


@lru_cache(maxsize=1)
def _system_file() -> str | None:
    """A system font with many glyphs, for what the shipped fonts lack."""
    for name in SYSTEM_NAMES:
        found = pygame.font.match_font(name)
        if found:
            return found
    return None


class FontBook:
    """Renders text with per-glyph fallback.

    Args:
        files: weight → font files in order of preference; the first that has a glyph draws it.
            After the last comes a system font, then the empty box of the first.
        last_first: characters that the last font of the chain is asked for before the others, as
            the quotes and dashes of a Chinese text.
    """

    def __init__(
        self, files: Mapping[str, Sequence[Path]], last_first: Collection[str] = ()
    ) -> None:
        self._last_first = frozenset(last_first)
        self._files = {weight: [str(path) for path in paths] for weight, paths in files.items()}
        self._fonts: dict[tuple[str, int], pygame.font.Font] = {}
        self._covers: dict[tuple[str, str], int] = {}
        self._widths: OrderedDict[tuple[str, int, str], int] = OrderedDict()
        self._surfaces: OrderedDict[tuple[str, int, str, Color], pygame.Surface] = OrderedDict()

    def chain(self, weight: str) -> list[str]:
        """Font files of a weight in order of preference."""
        return self._files.get(weight) or self._files["regular"]

    def _font(self, file: str, px: int) -> pygame.font.Font:
        key = (file, px)
        if key not in self._fonts:
            self._fonts[key] = pygame.font.Font(file or None, px)
        return self._fonts[key]

    def _has(self, file: str, char: str) -> bool:
        """Whether a font has a glyph: what it lacks is drawn as the box of a code never used."""
        font = self._font(file, PROBE_PX)
        return char.isspace() or _pixels(font, char) != _pixels(font, NEVER_USED)

    def _cover(self, weight: str, char: str) -> int:
        """Index in the chain of the font that draws a character; the chain's length: system."""
        key = (weight, char)
        if key not in self._covers:
            chain = self.chain(weight)
            order = list(enumerate(chain))
            if char in self._last_first:
                order.reverse()
            found = (i for i, file in order if self._has(file, char))
            self._covers[key] = next(found, self._beyond(chain, char))
        return self._covers[key]

    def _beyond(self, chain: list[str], char: str) -> int:
        system = _system_file()
        return len(chain) if system and self._has(system, char) else 0

    def _runs(self, text: str, weight: str) -> list[tuple[str, str]]:
        """The text cut into (font file, piece)."""
        chain = [*self.chain(weight), _system_file() or ""]
        if text.isascii():
            return [(chain[0], text)] if text else []
        runs: list[tuple[str, str]] = []
        for char in text:
            file = chain[self._cover(weight, char)]
            if runs and runs[-1][0] == file:
                runs[-1] = (file, runs[-1][1] + char)
            else:
                runs.append((file, char))
        return runs

    def width(self, text: str, style: TextStyle, scale: float) -> int:
        """Width of one line in pixels."""
        px = pixels(style, scale)
        key = (style.weight, px, text)
        known = self._widths.get(key)
        if known is None:
            known = sum(self._font(f, px).size(part)[0] for f, part in self._runs(text, key[0]))
            self._widths[key] = known
            if len(self._widths) > WIDTHS_KEPT:
                self._widths.popitem(last=False)
        return known

    def ascent(self, style: TextStyle, scale: float) -> int:
        """Pixels from the top of a rendered line to its baseline."""
        return self._font(self.chain(style.weight)[0], pixels(style, scale)).get_ascent()

    def height(self, style: TextStyle, scale: float) -> int:
        """Height of a rendered line in pixels, without line spacing."""
        return self._font(self.chain(style.weight)[0], pixels(style, scale)).get_height()

    def render(self, text: str, style: TextStyle, scale: float, color: Color) -> pygame.Surface:
        """One line of text on a transparent surface (cached; do not draw on it)."""
        key = (style.weight, pixels(style, scale), text, color)
        surface = self._surfaces.get(key)
        if surface is None:
            surface = self._draw(text, style, scale, color)
            self._surfaces[key] = surface
            if len(self._surfaces) > SURFACES_KEPT:
                self._surfaces.popitem(last=False)
        else:
            self._surfaces.move_to_end(key)
        return surface

    def _draw(self, text: str, style: TextStyle, scale: float, color: Color) -> pygame.Surface:
        px = pixels(style, scale)
        runs = [(self._font(f, px), part) for f, part in self._runs(text, style.weight)]
        if len(runs) == 1:
            return runs[0][0].render(runs[0][1], True, color)
        size = (max(1, self.width(text, style, scale)), self.height(style, scale))
        surface = pygame.Surface(size, pygame.SRCALPHA)
        x, baseline = 0, self.ascent(style, scale)
        for font, part in runs:
            surface.blit(font.render(part, True, color), (x, baseline - font.get_ascent()))
            x += font.size(part)[0]
        return surface


def _pixels(font: pygame.font.Font, char: str) -> bytes:
    return pygame.image.tobytes(font.render(char, False, (255, 255, 255)), "RGBA")


def pixels(style: TextStyle, scale: float) -> int:
    """Font size of a style in whole pixels."""
    return max(SMALLEST_PX, round(style.size * scale))
