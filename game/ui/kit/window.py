"""The window itself: making it, its smallest size, its pixels, what has to be shown again."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path

import pygame

MIN_SIZE = (1024, 640)
ROOM = (1024, 576)
"""Smallest window in dp that screens are made for: caps the scale."""
LARGEST_SCALE = 2.0


class WrongPygame(RuntimeError):
    """pygame-ce is not what `import pygame` gives."""


def require_ce() -> None:
    """Check that pygame-ce is there and whole.

    Raises:
        WrongPygame: says how to mend it.
    """
    if not getattr(pygame, "IS_CE", False):
        raise WrongPygame(
            "The window needs pygame-ce, but another pygame is installed in its place (both use "
            "the same folder). To mend it: python -m pip uninstall -y pygame pygame-ce, and then "
            "python -m pip install pygame-ce"
        )


def best_scale(wish: float, size: tuple[int, int], room: tuple[int, int] = ROOM) -> float:
    """The wished UI scale, or the largest that leaves the room that screens need; at least 1."""
    fits = min(size[0] / room[0], size[1] / room[1])
    return max(1.0, min(wish, LARGEST_SCALE, fits))


class Window:
    """A resizable window of the display module, and its dirty rectangle."""

    def __init__(self, title: str, size: tuple[int, int], icon: Path | None = None) -> None:
        require_ce()
        os.environ.setdefault("SDL_WINDOWS_DPI_AWARENESS", "permonitorv2")
        pygame.display.init()
        pygame.font.init()
        pygame.display.set_caption(title)
        if icon is not None:
            pygame.display.set_icon(pygame.image.load_sized_svg(str(icon), (64, 64)))
        self._dirty: pygame.Rect | None = None
        self.open(size)
        pygame.key.set_repeat(350, 40)
        pygame.key.stop_text_input()

    def open(self, size: tuple[int, int]) -> None:
        """Set the mode; the real size may differ (see ``size``)."""
        wanted = (max(size[0], MIN_SIZE[0]), max(size[1], MIN_SIZE[1]))
        pygame.display.set_mode(wanted, pygame.RESIZABLE)
        self._limit()
        self.damage_all()

    def _limit(self) -> None:
        """Ask the window manager for a smallest size, where pygame still lets one."""
        maker = getattr(pygame.Window, "from_display_module", None)
        if maker is None:
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                maker().minimum_size = MIN_SIZE
            except (pygame.error, ValueError):
                return

    @property
    def surface(self) -> pygame.Surface:
        """The window's pixels."""
        surface = pygame.display.get_surface()
        if surface is None:
            raise RuntimeError("the window is closed")
        return surface

    @property
    def size(self) -> tuple[int, int]:
        """Real size in pixels."""
        return self.surface.get_size()

    @property
    def rect(self) -> pygame.Rect:
        """The whole window."""
        return self.surface.get_rect()

    def damage(self, rect: pygame.Rect) -> None:
        """Mark a rectangle to be drawn again."""
        self._dirty = rect.copy() if self._dirty is None else self._dirty.union(rect)

    def damage_all(self) -> None:
        """Mark everything to be drawn again."""
        self._dirty = self.rect

    def take_damage(self) -> pygame.Rect | None:
        """What has to be drawn, which is then forgotten."""
        dirty, self._dirty = self._dirty, None
        clipped = dirty.clip(self.rect) if dirty is not None else None
        return clipped if clipped and clipped.size != (0, 0) else None

    def show(self, rects: Sequence[pygame.Rect]) -> None:
        """Bring drawn rectangles to the screen."""
        pygame.display.update(list(rects))

    def close(self) -> None:
        """Close the window."""
        pygame.display.quit()
