"""Things to press: buttons, icon buttons, toggles, check boxes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

import pygame

from game.ui.kit import paint
from game.ui.kit.basic import plain
from game.ui.kit.context import Key, Options, Pointer, Pos
from game.ui.kit.style import Color, mix
from game.ui.kit.widget import Widget
from game.ui.kit.words import ellipsis

BUTTON_HEIGHT = 36
BUTTON_PAD = 14
BUTTON_LEAST = 44
ICON_SIZE = 18
ICON_GAP = 8


class Pressable(Widget):
    """A widget that does one thing when clicked, or when Enter or Space is pressed on it."""

    focusable = True
    reacts = True

    def __init__(self, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.held = False

    def press(self) -> None:
        """Do what a click does, if enabled."""
        if self.enabled:
            self.pressed()

    def pressed(self) -> None:
        """What a press does."""

    def on_pointer(self, event: Pointer) -> bool:
        if event.button != 1 or event.kind not in ("down", "up"):
            return False
        was, self.held = self.held, event.kind == "down" and self.enabled
        self.invalidate()
        if event.kind == "up" and was and self.rect.collidepoint(event.pos):
            self.press()
        return True

    def on_key(self, key: Key) -> bool:
        if key.chord not in ("enter", "space"):
            return False
        self.press()
        return True


class Button(Pressable):
    """A push button; kinds ``primary normal quiet danger``.

    Args:
        hint: text of a key cap at the right, such as ``Enter``.
    """

    role = "button"
    default_valign = "center"

    def __init__(
        self,
        text: str,
        on_click: Callable[[], object] | None,
        kind: str = "normal",
        icon: str | None = None,
        icon_after: str | None = None,
        hint: str = "",
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self._text, self.on_click, self.kind = text, on_click, kind
        self.icon, self.icon_after, self.hint = icon, icon_after, hint
        self.selected = False

    @property
    def text(self) -> str:
        """Words on the button."""
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.relayout()

    def value(self) -> str:
        return self._text

    def states(self) -> list[str]:
        return super().states() + (["selected"] if self.selected else [])

    def pressed(self) -> None:
        if self.on_click is not None:
            self.on_click()

    def _hint_room(self) -> int:
        px = self.ctx.px
        return self.ctx.text_width(self.hint, "caption") + px(12) + px(10) if self.hint else 0

    def _around(self) -> int:
        """Pixels beside the words."""
        px = self.ctx.px
        icons = (self.icon is not None) + (self.icon_after is not None)
        return 2 * px(BUTTON_PAD) + icons * px(ICON_SIZE + ICON_GAP) + self._hint_room()

    def _natural_width(self) -> int:
        return self.ctx.text_width(self._text, "strong") + self._around()

    def _smallest_width(self) -> int:
        words = min(self.ctx.text_width(self._text, "strong"), self.ctx.px(BUTTON_LEAST))
        return words + self._around()

    def _height_for(self, width: int) -> int:
        return max(self.ctx.px(BUTTON_HEIGHT), self.ctx.line_height("strong") + self.ctx.px(8))

    def shown_text(self) -> str:
        """The words as drawn."""
        room = self.rect.width - self._around()
        return ellipsis(self._text, room, lambda t: self.ctx.text_width(t, "strong"))

    def tip(self, pos: Pos) -> str | Widget | None:
        cut = self.shown_text() != self._text
        return super().tip(pos) or (plain(self._text) if cut else None)

    def _colors(self) -> tuple[Color | None, Color | None, Color]:
        """Fill, border, ink."""
        c = self.ctx.color
        lit = 0.14 if self.hovered and not self.held else -0.10 if self.held else 0.0
        if not self.enabled:
            ghost = mix(c("panel"), c("text"), 0.04)
            return (None if self.kind == "quiet" else ghost), None, c("faint")
        if self.kind in ("primary", "danger"):
            base = c("accent" if self.kind == "primary" else "danger")
            base = mix(base, (255, 255, 255), lit) if lit >= 0 else mix(base, (0, 0, 0), -lit)
            return base, None, c("on_accent")
        if self.kind == "quiet":
            ground = c("press") if self.held else c("hover") if self.hovered else None
            return ground, None, c("accent" if self.selected else "text")
        ground = c("press") if self.held else c("hover") if self.hovered else c("raised")
        return ground, c("accent" if self.selected else "line_strong"), c("text")

    def paint(self, surface: pygame.Surface) -> None:
        ctx, (fill, border, ink) = self.ctx, self._colors()
        if fill or border:
            paint.round_rect(surface, self.rect, fill, ctx.radius("medium"), border, ctx.px(1))
        shown = self.shown_text()
        words = ctx.render(shown, "strong", ink) if shown else None
        icon_room = ctx.px(ICON_SIZE + ICON_GAP)
        wide = words.get_width() if words else 0
        total = wide + (icon_room if self.icon else 0) + (icon_room if self.icon_after else 0)
        x = self.rect.left + (self.rect.width - self._hint_room() - total) // 2
        if self.kind == "quiet" and self.align == "fill":
            x = self.rect.left + ctx.px(BUTTON_PAD)
        x = self._draw_icon(surface, self.icon, x, ink, 0)
        if words is not None:
            surface.blit(words, words.get_rect(midleft=(x, self.rect.centery)))
        self._draw_icon(surface, self.icon_after, x + wide + ctx.px(ICON_GAP), ink, 0)
        self._draw_hint(surface, ink)

    def _draw_icon(
        self, surface: pygame.Surface, icon: str | None, x: int, ink: Color, y: int
    ) -> int:
        if icon is None:
            return x
        drawn = self.ctx.icon(icon, self.ctx.px(ICON_SIZE), ink)
        surface.blit(drawn, drawn.get_rect(midleft=(x, self.rect.centery + y)))
        return x + self.ctx.px(ICON_SIZE + ICON_GAP)

    def _draw_hint(self, surface: pygame.Surface, ink: Color) -> None:
        if not self.hint:
            return
        ctx = self.ctx
        drawn = ctx.render(self.hint, "caption", ink)
        cap = drawn.get_rect().inflate(ctx.px(10), ctx.px(4))
        cap.midright = (self.rect.right - ctx.px(8), self.rect.centery)
        paint.round_rect(surface, cap, None, ctx.radius("small"), ink, ctx.px(1))
        surface.blit(drawn, drawn.get_rect(center=cap.center))


class IconButton(Pressable):
    """A button with an icon alone; ``label`` is its tooltip and its spoken name."""

    role = "button"
    default_align = "center"
    default_valign = "center"

    def __init__(
        self,
        icon: str,
        on_click: Callable[[], object] | None,
        kind: str = "quiet",
        label: str = "",
        size: float = 36,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self.icon, self.on_click, self.kind, self.label = icon, on_click, kind, label
        self.size = size
        self.selected = False

    def value(self) -> str:
        return self.label or self.icon

    def states(self) -> list[str]:
        return super().states() + (["selected"] if self.selected else [])

    def pressed(self) -> None:
        if self.on_click is not None:
            self.on_click()

    def _natural_width(self) -> int:
        return self.ctx.px(self.size)

    def _height_for(self, width: int) -> int:
        return self.ctx.px(self.size)

    def tip(self, pos: Pos) -> str | Widget | None:
        return super().tip(pos) or (plain(self.label) if self.label else None)

    def paint(self, surface: pygame.Surface) -> None:
        ctx = self.ctx
        ground = "press" if self.held else "hover" if self.hovered and self.enabled else None
        if ground is None and self.kind == "normal":
            ground = "raised"
        border = ctx.color("line_strong") if self.kind == "normal" else None
        if ground is not None:
            fill = ctx.color(ground)
            paint.round_rect(surface, self.rect, fill, ctx.radius("medium"), border, ctx.px(1))
        ink = "accent" if self.selected else "text" if self.enabled else "faint"
        drawn = ctx.icon(self.icon, round(min(self.rect.size) * 0.55), ink)
        surface.blit(drawn, drawn.get_rect(center=self.rect.center))


class CheckBox(Pressable):
    """A box to tick, with words."""

    role = "checkbox"
    default_valign = "center"
    mark_width = 18.0

    def __init__(
        self,
        text: str,
        value: bool,
        on_change: Callable[[bool], object] | None = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self.text, self._on, self.on_change = text, value, on_change

    @property
    def on(self) -> bool:
        """Whether it is ticked."""
        return self._on

    @on.setter
    def on(self, on: bool) -> None:
        self._on = on
        self.invalidate()

    def value(self) -> str:
        return self.text

    def states(self) -> list[str]:
        return [*super().states(), "on" if self._on else "off"]

    def pressed(self) -> None:
        self.on = not self._on
        if self.on_change is not None:
            self.on_change(self._on)

    def _beside(self) -> int:
        return self.ctx.px(self.mark_width) + (self.ctx.px(10) if self.text else 0)

    def _natural_width(self) -> int:
        return self.ctx.text_width(self.text, "body") + self._beside()

    def _smallest_width(self) -> int:
        return min(self.natural_width(), self._beside() + self.ctx.px(40))

    def _height_for(self, width: int) -> int:
        return max(self.ctx.px(28), self.ctx.line_height("body"))

    def shown_text(self) -> str:
        """The words as drawn."""
        room = self.rect.width - self._beside()
        return ellipsis(self.text, room, lambda t: self.ctx.text_width(t, "body"))

    def tip(self, pos: Pos) -> str | Widget | None:
        return super().tip(pos) or (plain(self.text) if self.shown_text() != self.text else None)

    def paint(self, surface: pygame.Surface) -> None:
        ctx = self.ctx
        mark = pygame.Rect(0, 0, ctx.px(self.mark_width), ctx.px(18))
        mark.midleft = self.rect.midleft
        self.paint_mark(surface, mark)
        if self.text:
            drawn = ctx.render(self.shown_text(), "body", "text" if self.enabled else "faint")
            x = self.rect.left + self._beside()
            surface.blit(drawn, drawn.get_rect(midleft=(x, self.rect.centery)))

    def paint_mark(self, surface: pygame.Surface, mark: pygame.Rect) -> None:
        """Draw the box."""
        ctx, radius = self.ctx, self.ctx.radius("small")
        if self._on:
            fill = ctx.color("accent" if self.enabled else "faint")
            paint.round_rect(surface, mark, fill, radius)
            drawn = ctx.icon("check", round(mark.height * 0.8), "on_accent")
            surface.blit(drawn, drawn.get_rect(center=mark.center))
            return
        edge = ctx.color("muted" if self.hovered and self.enabled else "line_strong")
        paint.round_rect(surface, mark, ctx.color("sunken"), radius, edge, ctx.px(1))


class Toggle(CheckBox):
    """A switch, with words."""

    role = "switch"
    mark_width = 34.0

    def paint_mark(self, surface: pygame.Surface, mark: pygame.Rect) -> None:
        ctx = self.ctx
        fill = ctx.color("accent" if self._on and self.enabled else "sunken")
        border = None if self._on and self.enabled else ctx.color("line_strong")
        paint.round_rect(surface, mark, fill, mark.height // 2, border, ctx.px(1))
        knob = mark.height - 2 * ctx.px(3)
        x = mark.right - mark.height / 2 if self._on else mark.left + mark.height / 2
        ink = "on_accent" if self._on and self.enabled else "muted"
        paint.disc(surface, (x, mark.centery), knob, ctx.color(ink))
