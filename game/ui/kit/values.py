"""Choosing a number: sliders and steppers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Unpack

import pygame

from game.ui.kit import paint
from game.ui.kit.buttons import BUTTON_HEIGHT
from game.ui.kit.context import Key, Options, Pointer
from game.ui.kit.widget import Widget
from game.ui.kit.words import ellipsis

KNOB = 18
STEPS_WITHOUT_GRID = 20


def _plain_number(value: float) -> str:
    return f"{value:g}"


class Slider(Widget):
    """A number on a line.

    Args:
        step: the grid of allowed numbers; None is continuous.
        show: words of a number, drawn at the right.
        labels: words below the line, evenly spread from low to high.
        on_release: called once when a drag or a key press is over.
    """

    role = "slider"
    focusable = True
    reacts = True
    default_valign = "center"

    def __init__(
        self,
        value: float,
        on_change: Callable[[float], object] | None = None,
        low: float = 0.0,
        high: float = 1.0,
        step: float | None = None,
        show: Callable[[float], str] | None = None,
        labels: Sequence[str] = (),
        on_release: Callable[[float], object] | None = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self.low, self.high, self.step = low, high, step
        self.on_change, self.on_release = on_change, on_release
        self.show, self.labels = show, list(labels)
        self._value = value
        self.held = False

    @property
    def number(self) -> float:
        """The number it stands at."""
        return self._value

    @number.setter
    def number(self, number: float) -> None:
        self._value = self._allowed(number)
        self.invalidate()

    def value(self) -> str:
        return (self.show or _plain_number)(self._value)

    def states(self) -> list[str]:
        return [*super().states(), f"{_plain_number(self.low)}..{_plain_number(self.high)}"]

    def _allowed(self, number: float) -> float:
        number = min(self.high, max(self.low, number))
        if self.step:
            number = self.low + round((number - self.low) / self.step) * self.step
            number = min(self.high, round(number, 10))
        return number

    def move_to(self, number: float) -> None:
        """Set the number as a drag does."""
        number = self._allowed(number)
        if number != self._value and self.enabled:
            self._value = number
            self.invalidate()
            if self.on_change is not None:
                self.on_change(number)

    def _text_room(self) -> int:
        if self.show is None:
            return 0
        ends = (self.show(self.low), self.show(self.high), self.show(self._value))
        widest = max(self.ctx.text_width(text, "number") for text in ends)
        return widest + self.ctx.px(12)

    def _natural_width(self) -> int:
        return self.ctx.px(180) + self._text_room()

    def _smallest_width(self) -> int:
        return self.ctx.px(72) + self._text_room()

    def _line_height(self) -> int:
        return max(self.ctx.px(28), self.ctx.line_height("number"))

    def _height_for(self, width: int) -> int:
        below = self.ctx.line_height("caption") if self.labels else 0
        return self._line_height() + below

    def track(self) -> pygame.Rect:
        """The line that the knob's centre runs on."""
        px, knob = self.ctx.px, self.ctx.px(KNOB)
        width = max(1, self.rect.width - knob - self._text_room())
        line = pygame.Rect(self.rect.left + knob // 2, 0, width, px(4))
        line.centery = self.rect.top + self._line_height() // 2
        return line

    def knob(self) -> pygame.Rect:
        """The knob's rectangle."""
        track, size = self.track(), self.ctx.px(KNOB)
        span = (self.high - self.low) or 1.0
        x = track.left + track.width * (self._value - self.low) / span
        return pygame.Rect(round(x) - size // 2, track.centery - size // 2, size, size)

    def part(self, key: str) -> pygame.Rect:
        return self.knob() if key == "knob" else super().part(key)

    def _number_at(self, x: int) -> float:
        track = self.track()
        return self.low + (self.high - self.low) * (x - track.left) / track.width

    def on_pointer(self, event: Pointer) -> bool:
        if event.kind == "down" and event.button == 1 and self.enabled:
            self.held = True
            self.move_to(self._number_at(event.pos[0]))
            self.invalidate()
            return True
        if event.kind == "move" and self.app.dispatch.captured is self:
            self.move_to(self._number_at(event.pos[0]))
            return True
        if event.kind == "up" and event.button == 1:
            self.held = False
            self.invalidate()
            self._release()
            return True
        return False

    def _release(self) -> None:
        if self.on_release is not None and self.enabled:
            self.on_release(self._value)

    def on_key(self, key: Key) -> bool:
        step = self.step or (self.high - self.low) / STEPS_WITHOUT_GRID
        goals = {
            "left": self._value - step,
            "right": self._value + step,
            "home": self.low,
            "end": self.high,
        }
        if key.chord not in goals:
            return False
        self.move_to(goals[key.chord])
        self._release()
        return True

    def paint(self, surface: pygame.Surface) -> None:
        ctx, track, knob = self.ctx, self.track(), self.knob()
        radius = track.height // 2
        paint.round_rect(surface, track, ctx.color("line_strong"), radius)
        full = track.copy()
        full.width = max(1, knob.centerx - track.left)
        color = ctx.color("accent" if self.enabled else "faint")
        paint.round_rect(surface, full, color, radius)
        self._paint_labels(surface, track)
        live = self.enabled and (self.hovered or self.held)
        paint.disc(surface, knob.center, knob.width, color)
        inner = ctx.color("accent_soft" if live else "panel")
        paint.disc(surface, knob.center, knob.width - 2 * ctx.px(3), inner)
        if self.show is not None:
            drawn = ctx.render(self.value(), "number", "text" if self.enabled else "faint")
            surface.blit(drawn, drawn.get_rect(midright=(self.rect.right, track.centery)))

    def _paint_labels(self, surface: pygame.Surface, track: pygame.Rect) -> None:
        ctx, count = self.ctx, len(self.labels)
        for i, label in enumerate(self.labels):
            x = track.left + (track.width * i // (count - 1) if count > 1 else track.width // 2)
            room = track.width // max(1, count - 1) - ctx.px(6)
            shown = ellipsis(label, max(room, 0), lambda t: ctx.text_width(t, "caption"))
            if not shown:
                continue
            drawn = ctx.render(shown, "caption", "muted")
            box = drawn.get_rect(midtop=(x, self.rect.top + self._line_height()))
            surface.blit(drawn, box.clamp(self.rect))


class Stepper(Widget):
    """A number between a minus and a plus."""

    role = "spinner"
    focusable = True
    reacts = True
    default_align = "start"
    default_valign = "center"

    def __init__(
        self,
        value: float,
        on_change: Callable[[float], object] | None = None,
        low: float = 0.0,
        high: float = 100.0,
        step: float = 1.0,
        show: Callable[[float], str] | None = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self.low, self.high, self.step = low, high, step
        self.on_change, self.show = on_change, show or _plain_number
        self.number = value
        self._pointed = ""

    def value(self) -> str:
        return self.show(self.number)

    def move_to(self, number: float) -> None:
        """Set the number as a click does."""
        number = round(min(self.high, max(self.low, number)), 10)
        if number != self.number and self.enabled:
            self.number = number
            self.invalidate()
            if self.on_change is not None:
                self.on_change(number)

    def _natural_width(self) -> int:
        ends = (self.show(self.low), self.show(self.high), self.show(self.number))
        widest = max(self.ctx.text_width(text, "number") for text in ends)
        return widest + self.ctx.px(20) + 2 * self._side()

    def _side(self) -> int:
        return self.ctx.px(BUTTON_HEIGHT)

    def _height_for(self, width: int) -> int:
        return self.ctx.px(BUTTON_HEIGHT)

    def part(self, key: str) -> pygame.Rect:
        side = self._side()
        if key == "minus":
            return pygame.Rect(self.rect.left, self.rect.top, side, self.rect.height)
        if key == "plus":
            return pygame.Rect(self.rect.right - side, self.rect.top, side, self.rect.height)
        return super().part(key)

    def _at(self, event: Pointer) -> str:
        return next((k for k in ("minus", "plus") if self.part(k).collidepoint(event.pos)), "")

    def on_pointer(self, event: Pointer) -> bool:
        at = self._at(event)
        if event.kind == "move":
            if at != self._pointed:
                self._pointed = at
                self.invalidate()
            return False
        if event.kind == "down" and event.button == 1 and at:
            self.move_to(self.number + (self.step if at == "plus" else -self.step))
        return event.button == 1 and event.kind in ("down", "up")

    def on_hover(self, inside: bool) -> None:
        self._pointed = ""
        super().on_hover(inside)

    def on_key(self, key: Key) -> bool:
        goals = {
            "left": self.number - self.step,
            "-": self.number - self.step,
            "right": self.number + self.step,
            "=": self.number + self.step,
            "home": self.low,
            "end": self.high,
        }
        if key.chord not in goals:
            return False
        self.move_to(goals[key.chord])
        return True

    def paint(self, surface: pygame.Surface) -> None:
        ctx, radius = self.ctx, self.ctx.radius("medium")
        edge = ctx.color("line_strong")
        paint.round_rect(surface, self.rect, ctx.color("sunken"), radius, edge, ctx.px(1))
        for key, limit in (("minus", self.low), ("plus", self.high)):
            box = self.part(key)
            live = self.enabled and self.number != limit
            if live and self._pointed == key:
                inner = box.inflate(-ctx.px(4), -ctx.px(4))
                paint.round_rect(surface, inner, ctx.color("hover"), ctx.radius("small"))
            drawn = ctx.icon(key, ctx.px(16), "text" if live else "faint")
            surface.blit(drawn, drawn.get_rect(center=box.center))
        room = self.rect.width - 2 * self._side()
        shown = ellipsis(self.value(), room, lambda t: ctx.text_width(t, "number"))
        drawn = ctx.render(shown, "number", "text" if self.enabled else "faint")
        surface.blit(drawn, drawn.get_rect(center=self.rect.center))
