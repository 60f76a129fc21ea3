"""Icons: 24×24 stroke drawings as SVG, drawn sharp at any size and tinted."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pygame

from game.ui.kit.style import Color


class IconBook:
    """Icons of one folder by file name without ending.

    Args:
        folder: holds ``name.svg``; white strokes on nothing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[tuple[str, int, Color], pygame.Surface] = {}

    def names(self) -> list[str]:
        """All icons there are."""
        return sorted(path.stem for path in self._folder.glob("*.svg"))

    def has(self, name: str) -> bool:
        """Whether there is such an icon."""
        return (self._folder / f"{name}.svg").is_file()

    def get(self, name: str, size: int, color: Color) -> pygame.Surface:
        """An icon of ``size`` pixels (cached; not to be drawn on).

        Raises:
            LookupError: no such icon.
        """
        key = (name, size, color)
        if key not in self._made:
            sheet = _drawing(self._folder / f"{name}.svg", size).copy()
            sheet.fill((*color, 255), special_flags=pygame.BLEND_RGBA_MULT)
            self._made[key] = sheet
        return self._made[key]


@lru_cache(maxsize=512)
def _drawing(path: Path, size: int) -> pygame.Surface:
    if not path.is_file():
        raise LookupError(f"no icon is called {path.stem!r}")
    return pygame.image.load_sized_svg(str(path), (size, size))
