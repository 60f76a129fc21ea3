"""A line of text to be typed: caret, selection, clipboard, undo, input methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Unpack

import pygame

from game.ui.kit import paint
from game.ui.kit.buttons import BUTTON_HEIGHT
from game.ui.kit.context import Key, Options, Pointer, Pos
from game.ui.kit.widget import Widget
from game.ui.kit.words import ellipsis

PAD = 10
UNDO_KEPT = 100
CARET_MS = 530


class Clipboard:
    """The system's clipboard, or one of our own where there is none."""

    _own = ""

    @classmethod
    def put(cls, text: str) -> None:
        """Copy."""
        cls._own = text
        try:
            pygame.scrap.put_text(text)
        except pygame.error:
            return

    @classmethod
    def get(cls) -> str:
        """Paste."""
        try:
            return pygame.scrap.get_text() or cls._own
        except pygame.error:
            return cls._own


class TextEntry(Widget):
    """One line of text.

    Args:
        on_change: called with the text after every change.
        on_submit: called with the text on Enter.
        limit: most characters.
        accept: says whether a changed text is allowed; an empty one always is.
    """

    role = "entry"
    focusable = True
    reacts = True
    default_valign = "center"

    def __init__(
        self,
        text: str = "",
        on_change: Callable[[str], object] | None = None,
        on_submit: Callable[[str], object] | None = None,
        placeholder: str = "",
        limit: int = 200,
        accept: Callable[[str], bool] | None = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self._text = text
        self.on_change, self.on_submit = on_change, on_submit
        self.placeholder, self.limit, self.accept = placeholder, limit, accept
        self.caret = self.mark = len(text)
        self.composing = ""
        self._undo: list[tuple[str, int]] = []
        self._redo: list[tuple[str, int]] = []
        self._shift = 0
        self._blink = True

    @property
    def text(self) -> str:
        """What is typed."""
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        self._text = text[: self.limit]
        self.caret = self.mark = min(self.caret, len(self._text))
        self.invalidate()

    def value(self) -> str:
        return self._text or self.placeholder

    def memory(self) -> object:
        return (self.caret, self.mark, self._undo, self._redo, self._shift)

    def recall(self, memory: Any) -> None:
        caret, mark, self._undo, self._redo, self._shift = memory
        self.caret, self.mark = min(caret, len(self._text)), min(mark, len(self._text))

    def selection(self) -> tuple[int, int]:
        """First and last place of the selection."""
        return min(self.caret, self.mark), max(self.caret, self.mark)

    # Editing

    def replace(self, text: str) -> None:
        """Put text in the place of the selection, as typing does."""
        start, end = self.selection()
        text = "".join(c for c in text if c.isprintable())
        room = self.limit - (len(self._text) - (end - start))
        self._set(self._text[:start] + text[:room] + self._text[end:], start + len(text[:room]))

    def _set(self, text: str, caret: int) -> None:
        if text == self._text or (text and self.accept is not None and not self.accept(text)):
            return
        self._undo = [*self._undo[-UNDO_KEPT:], (self._text, self.caret)]
        self._redo = []
        self._become(text, caret)

    def _become(self, text: str, caret: int) -> None:
        self._text, self.caret, self.mark = text, caret, caret
        self.invalidate()
        if self.on_change is not None:
            self.on_change(text)

    def _swap(self, source: list[tuple[str, int]], target: list[tuple[str, int]]) -> None:
        if source:
            target.append((self._text, self.caret))
            self._become(*source.pop())

    def _word(self, step: int) -> int:
        """The next word's edge from the caret."""
        at = self.caret
        inside = self._text
        while 0 <= at + min(step, 0) < len(inside) and inside[at + min(step, 0)].isspace():
            at += step
        while 0 <= at + min(step, 0) < len(inside) and not inside[at + min(step, 0)].isspace():
            at += step
        return at

    def on_text(self, text: str) -> bool:
        self.composing = ""
        self.replace(text)
        return True

    def compose(self, text: str) -> None:
        """Text that an input method is still making."""
        self.composing = text
        self.invalidate()

    def on_key(self, key: Key) -> bool:
        if self.composing:
            return True
        if key.name in ("left", "right", "home", "end"):
            self._move(key)
        elif key.name in ("backspace", "delete"):
            self._delete(key)
        elif key.ctrl and not key.alt and key.name in "acvxzy":
            self._command(key)
        elif key.chord == "enter":
            if self.on_submit is None:
                return False
            self.on_submit(self._text)
        else:
            return (len(key.name) == 1 and not key.ctrl) or key.name == "space"
        return True

    def _move(self, key: Key) -> None:
        step = -1 if key.name == "left" else 1
        start, end = self.selection()
        if key.name in ("home", "end"):
            self.caret = 0 if key.name == "home" else len(self._text)
        elif key.ctrl:
            self.caret = self._word(step)
        elif start != end and not key.shift:
            self.caret = start if step < 0 else end
        else:
            self.caret = min(len(self._text), max(0, self.caret + step))
        if not key.shift:
            self.mark = self.caret
        self._show_caret()

    def _delete(self, key: Key) -> None:
        step = -1 if key.name == "backspace" else 1
        start, end = self.selection()
        if start == end:
            other = self._word(step) if key.ctrl else self.caret + step
            start, end = sorted((self.caret, min(len(self._text), max(0, other))))
        self._set(self._text[:start] + self._text[end:], start)

    def _command(self, key: Key) -> None:
        start, end = self.selection()
        if key.name == "a":
            self.mark, self.caret = 0, len(self._text)
            self.invalidate()
        elif key.name in "cx" and start != end:
            Clipboard.put(self._text[start:end])
            if key.name == "x":
                self.replace("")
        elif key.name == "v":
            self.replace(Clipboard.get())
        elif key.name == "y" or (key.name == "z" and key.shift):
            self._swap(self._redo, self._undo)
        elif key.name == "z":
            self._swap(self._undo, self._redo)

    def _show_caret(self) -> None:
        self._blink = True
        self.invalidate()

    def on_focus(self, gained: bool) -> None:
        self.composing = ""
        if gained:
            self.begin_input()
            self._blink = False
            self._beat()
        else:
            pygame.key.stop_text_input()
        super().on_focus(gained)

    def begin_input(self) -> None:
        """Let input methods know where the text is."""
        pygame.key.start_text_input()
        pygame.key.set_text_input_rect(self.rect)

    def _beat(self) -> None:
        if self.focused:
            self._blink = not self._blink
            self.invalidate()
            self.app.after(CARET_MS, self._beat)

    # Mouse

    def _place_at(self, pos: Pos) -> int:
        x = pos[0] - self._inner().left + self._shift
        best = min(range(len(self._text) + 1), key=lambda i: abs(self._x_of(i) - x))
        return best

    def _x_of(self, place: int) -> int:
        return self.ctx.text_width(self._text[:place], "body")

    def on_pointer(self, event: Pointer) -> bool:
        if event.kind == "down" and event.button == 1 and self.enabled:
            self.caret = self._place_at(event.pos)
            if not event.shift:
                self.mark = self.caret
            if event.clicks >= 2:
                self.mark, self.caret = 0, len(self._text)
            self._show_caret()
            return True
        if event.kind == "move" and self.app.dispatch.captured is self:
            self.caret = self._place_at(event.pos)
            self._show_caret()
            return True
        return event.kind == "up"

    def cursor(self, pos: Pos) -> int:
        return pygame.SYSTEM_CURSOR_IBEAM if self.enabled else pygame.SYSTEM_CURSOR_ARROW

    # Measures and drawing

    def _natural_width(self) -> int:
        return self.ctx.px(220)

    def _smallest_width(self) -> int:
        return self.ctx.px(80)

    def _height_for(self, width: int) -> int:
        return self.ctx.px(BUTTON_HEIGHT)

    def _inner(self) -> pygame.Rect:
        return self.rect.inflate(-2 * self.ctx.px(PAD), 0)

    def paint(self, surface: pygame.Surface) -> None:
        ctx, inner = self.ctx, self._inner()
        edge = "accent" if self.focused else "muted" if self.hovered else "line_strong"
        fill = ctx.color("sunken")
        paint.round_rect(surface, self.rect, fill, ctx.radius("medium"), ctx.color(edge), ctx.px(1))
        before = surface.get_clip()
        surface.set_clip(before.clip(inner.inflate(ctx.px(2), 0)))
        if not self._text and not self.composing:
            self._paint_placeholder(surface, inner)
        self._paint_text(surface, inner)
        surface.set_clip(before)

    def _paint_placeholder(self, surface: pygame.Surface, inner: pygame.Rect) -> None:
        width = self.ctx.text_width
        shown = ellipsis(self.placeholder, inner.width, lambda t: width(t, "body"))
        if shown:
            drawn = self.ctx.render(shown, "body", "faint")
            surface.blit(drawn, drawn.get_rect(midleft=inner.midleft))

    def _paint_text(self, surface: pygame.Surface, inner: pygame.Rect) -> None:
        ctx, (start, end) = self.ctx, self.selection()
        before = self._text[: self.caret] + self.composing
        caret_x = ctx.text_width(before, "body")
        self._shift = min(max(self._shift, caret_x - inner.width), caret_x)
        left, tall = inner.left - self._shift, ctx.line_height("body")
        top = inner.centery - tall // 2
        if start != end and self.focused:
            x0, x1 = left + self._x_of(start), left + self._x_of(end)
            surface.fill(ctx.color("accent_soft"), (x0, top, x1 - x0, tall))
        shown = before + self._text[self.caret :]
        if shown:
            drawn = ctx.render(shown, "body", "text" if self.enabled else "faint")
            surface.blit(drawn, drawn.get_rect(midleft=(left, inner.centery)))
        if self.composing:
            x0 = left + self._x_of(self.caret)
            line = (x0, top + tall - ctx.px(2), left + caret_x - x0, ctx.px(1))
            surface.fill(ctx.color("accent"), line)
        if self.focused and self._blink:
            surface.fill(ctx.color("accent"), (left + caret_x, top, ctx.px(1.5), tall))
