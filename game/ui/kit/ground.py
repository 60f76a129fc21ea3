"""The screen as a picture of its own, so that what lies above it moves without drawing it again."""

from __future__ import annotations

from collections.abc import Callable

import pygame

from game.ui.kit.style import Color

MOST_PIECES = 4
"""Rectangles that are drawn one by one; more are drawn together."""
Draw = Callable[[pygame.Surface], object]


class Ground:
    """A picture of the screen and the part of it that is no longer true."""

    def __init__(self) -> None:
        self._picture: pygame.Surface | None = None
        self._dirty: list[pygame.Rect] = []

    def damage(self, rect: pygame.Rect) -> None:
        """Draw a rectangle again before it is next shown."""
        place = rect.collidelist(self._dirty)
        if place < 0 and len(self._dirty) == MOST_PIECES:
            place = 0
        self._dirty.append(rect.copy() if place < 0 else self._dirty.pop(place).union(rect))

    def forget(self) -> None:
        """Draw everything again before it is next shown."""
        self._picture = None

    def picture(self, window: pygame.Surface, ground: Color, draw: Draw) -> pygame.Surface:
        """The screen as it is now, the size of the window.

        Args:
            draw: draws the screen on a surface, where its clip asks for it.
        """
        dirty, self._dirty = self._dirty, []
        picture = self._picture
        if picture is None or picture.get_size() != window.get_size():
            picture = self._picture = pygame.Surface(window.get_size(), 0, window)
            dirty = [picture.get_rect()]
        for piece in dirty:
            piece = piece.clip(picture.get_rect())
            if piece.width and piece.height:
                picture.set_clip(piece)
                picture.fill(ground, piece)
                draw(picture)
        picture.set_clip(None)
        return picture
