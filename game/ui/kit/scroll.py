"""Scrolling: a helper that any widget may use, and the scroll view."""

from __future__ import annotations

from typing import Any, Unpack

import pygame

from game.ui.kit import paint
from game.ui.kit.context import Context, Key, Options, Pointer, Pos
from game.ui.kit.widget import Widget

BAR_WIDTH = 8
BAR_LEAST = 28
WHEEL_STEP = 56
VIEW_LEAST = 64


class Scroller:
    """Offset of a content that is longer than its view, and the bar that drags it. Pixels."""

    def __init__(self) -> None:
        self.offset = 0
        self.content = 0
        self.view = 0
        self.held: int | None = None

    @property
    def most(self) -> int:
        """The largest offset."""
        return max(0, self.content - self.view)

    def fit(self, content: int, view: int) -> None:
        """Set both lengths and keep the offset inside."""
        self.content, self.view = content, view
        self.move_to(self.offset)

    def move_to(self, offset: float) -> bool:
        """Scroll to an offset; True if that changed anything."""
        target = min(self.most, max(0, round(offset)))
        changed, self.offset = target != self.offset, target
        return changed

    def reveal(self, start: int, end: int) -> bool:
        """Scroll as little as needed to show a stretch of the content."""
        if start < self.offset:
            return self.move_to(start)
        if end > self.offset + self.view:
            return self.move_to(end - self.view)
        return False

    def bar(self, track: pygame.Rect, ctx: Context) -> pygame.Rect | None:
        """The drag bar inside a vertical track, or None if all fits."""
        if self.most == 0 or track.height <= 0:
            return None
        least = min(track.height, ctx.px(BAR_LEAST))
        length = max(least, track.height * self.view // max(1, self.content))
        top = track.top + (track.height - length) * self.offset // self.most
        return pygame.Rect(track.left, top, track.width, length)

    def pointer(self, event: Pointer, track: pygame.Rect, ctx: Context) -> bool | None:
        """Wheel and bar: True or False = used and (not) moved, None = not for the bar."""
        if event.kind == "wheel":
            if self.most == 0:
                return None
            return self.move_to(self.offset - event.dy * ctx.px(WHEEL_STEP))
        bar = self.bar(track, ctx)
        if event.kind == "down" and event.button == 1 and bar and track.collidepoint(event.pos):
            if not bar.collidepoint(event.pos):
                self.move_to(self._offset_at(event.pos[1] - bar.height // 2, track, bar))
                bar = self.bar(track, ctx) or bar
            self.held = event.pos[1] - bar.top
            return True
        if event.kind == "move" and self.held is not None and bar:
            return self.move_to(self._offset_at(event.pos[1] - self.held, track, bar))
        if event.kind == "up" and self.held is not None:
            self.held = None
            return True
        return None

    def _offset_at(self, top: int, track: pygame.Rect, bar: pygame.Rect) -> float:
        return (top - track.top) * self.most / max(1, track.height - bar.height)

    def paint(self, surface: pygame.Surface, track: pygame.Rect, ctx: Context) -> None:
        """Draw the bar."""
        bar = self.bar(track, ctx)
        if bar is not None:
            color = ctx.color("muted" if self.held is not None else "line_strong")
            paint.round_rect(surface, bar, color, bar.width // 2)

    def key(self, key: Key) -> bool:
        """Page and Home/End keys; True if moved."""
        page = max(1, self.view * 9 // 10)
        goals = {
            "pageup": self.offset - page,
            "pagedown": self.offset + page,
            "home": 0,
            "end": self.most,
        }
        return key.chord in goals and self.move_to(goals[key.chord])


class ScrollView(Widget):
    """Shows a part of a content that may be higher than the room (or wider, if ``horizontal``)."""

    role = "scroll"
    clips = True

    def __init__(self, child: Widget, horizontal: bool = False, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.child, self.horizontal = child, horizontal
        self.scroller = Scroller()
        self.left = 0
        self.set_children([child])

    def memory(self) -> object:
        return self.scroller.offset

    def recall(self, memory: Any) -> None:
        self.scroller.offset = int(memory)

    def _bar_room(self) -> int:
        return self.ctx.px(BAR_WIDTH + 4)

    def _natural_width(self) -> int:
        return self.child.natural_width() + self._bar_room()

    def _smallest_width(self) -> int:
        least = self.ctx.px(VIEW_LEAST) if self.horizontal else self.child.smallest_width()
        return least + self._bar_room()

    def _height_for(self, width: int) -> int:
        return self.child.height_for(width)

    def _smallest_height(self, width: int) -> int:
        return min(self.height_for(width), self.ctx.px(VIEW_LEAST))

    def _arrange(self) -> None:
        width, height = self.rect.width, self.child.height_for(self.rect.width)
        if height > self.rect.height:
            width = max(0, width - self._bar_room())
            height = self.child.height_for(width)
        if self.horizontal:
            width = max(width, self.child.natural_width())
            height = self.child.height_for(width)
            self.left = min(self.left, max(0, width - self.rect.width))
        self.scroller.fit(height, self.rect.height)
        place = pygame.Rect(self.rect.left - self.left, self.rect.top - self.scroller.offset, 0, 0)
        place.size = (width, max(height, self.rect.height))
        self.child.arrange(place)

    def _settle(self) -> None:
        """Move the child to where the scroller says."""
        dy = self.rect.top - self.scroller.offset - self.child.rect.top
        dx = self.rect.left - self.left - self.child.rect.left
        if dx or dy:
            self.child.shift(dx, dy)
            self.invalidate()

    def scroll_to(self, widget: Widget) -> None:
        """Bring a widget below this one into sight."""
        self.scroll_to_rect(widget.rect)

    def scroll_to_rect(self, rect: pygame.Rect) -> None:
        """Bring a stretch of the content, as it lies on the screen now, into sight."""
        top = rect.top - self.child.rect.top
        margin = self.ctx.px(8)
        self.scroller.reveal(max(0, top - margin), top + rect.height + margin)
        self._settle()

    def _track(self) -> pygame.Rect:
        width, px = self.ctx.px(BAR_WIDTH), self.ctx.px
        return pygame.Rect(
            self.rect.right - width, self.rect.top + px(2), width, self.rect.height - px(4)
        )

    def on_pointer(self, event: Pointer) -> bool:
        if event.kind == "wheel" and self.horizontal and (event.shift or event.dx):
            step = (event.dx - event.dy) * self.ctx.px(WHEEL_STEP)
            most = max(0, self.child.rect.width - self.rect.width)
            self.left = round(min(most, max(0, self.left + step)))
            self._settle()
            return True
        moved = self.scroller.pointer(event, self._track(), self.ctx)
        if moved is None:
            return False
        self._settle()
        self.invalidate()
        return moved or event.kind != "wheel"

    def scroll_key(self, key: Key) -> bool:
        """Page keys, which come here from any focused widget below."""
        moved = self.scroller.key(key)
        self._settle()
        return moved

    def hit(self, pos: Pos) -> Widget | None:
        track = self._track().inflate(self.ctx.px(4), 0)
        if self.visible and self.scroller.most and track.collidepoint(pos):
            return self
        return super().hit(pos)

    def draw_children(self, surface: pygame.Surface) -> None:
        before = surface.get_clip()
        surface.set_clip(before.clip(self.rect))
        self.child.draw(surface)
        surface.set_clip(before)
        self.scroller.paint(surface, self._track(), self.ctx)
