"""What widgets are given: the context that they measure and draw with, events, common options."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypedDict

import pygame

from game.ui.kit.fonts import FontBook
from game.ui.kit.icons import IconBook
from game.ui.kit.style import Color, Paint, TextStyle, Theme

if TYPE_CHECKING:
    from game.ui.kit.app import App
    from game.ui.kit.widget import Widget

Align = Literal["fill", "start", "center", "end"]
Pos = tuple[int, int]


class Context:
    """What widgets need to measure and draw: theme, fonts, icons, the scale and the app."""

    def __init__(
        self, theme: Theme, fonts: FontBook, icons: IconBook, scale: float, app: App
    ) -> None:
        self.theme, self.fonts, self.icons, self.scale, self.app = theme, fonts, icons, scale, app

    def px(self, dp: float) -> int:
        """Pixels of a size in dp; anything above zero is at least one pixel."""
        return max(1, round(dp * self.scale)) if dp > 0 else round(dp * self.scale)

    def color(self, paint: Paint) -> Color:
        """Colour of a role."""
        return self.theme.color(paint)

    def style(self, name: str) -> TextStyle:
        """Text style by name."""
        return self.theme.style(name)

    def radius(self, name: str) -> int:
        """Corner radius in pixels."""
        return self.px(self.theme.radii[name])

    def text_width(self, text: str, style: str) -> int:
        """Width of a line in pixels."""
        return self.fonts.width(text, self.theme.style(style), self.scale)

    def line_height(self, style: str) -> int:
        """Distance of two lines in pixels."""
        text = self.theme.style(style)
        return max(self.fonts.height(text, self.scale), round(text.size * text.line * self.scale))

    def render(self, text: str, style: str, paint: Paint) -> pygame.Surface:
        """One line of text (cached; not to be drawn on)."""
        return self.fonts.render(text, self.theme.style(style), self.scale, self.color(paint))

    def icon(self, name: str, size: int, paint: Paint) -> pygame.Surface:
        """An icon of ``size`` pixels (cached; not to be drawn on)."""
        return self.icons.get(name, size, self.color(paint))


@dataclass(frozen=True)
class Pointer:
    """A mouse event: kind ``down up move wheel``, position in pixels, buttons 1 to 3, clicks."""

    kind: str
    pos: Pos
    button: int = 0
    clicks: int = 1
    dx: float = 0.0
    dy: float = 0.0
    shift: bool = False


@dataclass(frozen=True)
class Key:
    """A key that went down: its name as in a chord (``a left enter f5``), and modifiers."""

    name: str
    ctrl: bool = False
    shift: bool = False
    alt: bool = False

    @property
    def chord(self) -> str:
        """The key with its modifiers, as the key map writes it."""
        marks = [
            m for m, on in (("ctrl", self.ctrl), ("alt", self.alt), ("shift", self.shift)) if on
        ]
        return "+".join([*marks, self.name])


class Options(TypedDict, total=False):
    """What every widget takes by keyword; sizes in dp."""

    name: str
    stretch: float
    width: float | None
    height: float | None
    min_width: float | None
    max_width: float | None
    min_height: float | None
    align: Align
    valign: Align
    tooltip: str | Callable[[], str | Widget | None] | None
    visible: bool
    enabled: bool
    span: int
