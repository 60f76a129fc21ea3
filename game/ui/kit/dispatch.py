"""From events to widgets: who is under the mouse, who holds it, who has the keys."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pygame

from game.ui.kit import focus
from game.ui.kit.context import Key, Pointer, Pos
from game.ui.kit.entry import TextEntry
from game.ui.kit.keys import key_of
from game.ui.kit.layers import Layer
from game.ui.kit.scroll import ScrollView
from game.ui.kit.widget import Widget

if TYPE_CHECKING:
    from game.ui.kit.app import App

DOUBLE_MS = 400
DOUBLE_PX = 5
ARROWS = ("left", "right", "up", "down")


class Dispatch:
    """Handles the input events of an app."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.pos: Pos = (-1, -1)
        self.hovered: list[Widget] = []
        self.captured: Widget | None = None
        self._last_down: tuple[int, Pos, int] = (-10_000, (0, 0), 0)
        self._cursor = pygame.SYSTEM_CURSOR_ARROW

    # Mouse

    def target(self, pos: Pos) -> Widget | None:
        """The widget at a position, in the topmost layer that covers it."""
        for layer in reversed(self._app.layers):
            found = layer.root.hit(pos)
            if found is not None:
                return found
            if layer.kind in ("modal", "popup"):
                return None
        return None

    def motion(self, pos: Pos) -> None:
        """The mouse moved, or what is under it did."""
        self.pos = pos
        if self.captured is not None:
            self.captured.on_pointer(Pointer("move", pos))
            return
        target = self.target(pos)
        self._hover(target)
        for widget in target.ancestors() if target else ():
            if widget.on_pointer(Pointer("move", pos)):
                break
        self._app.tips.moved(target, pos)
        self._show_cursor(target, pos)

    def _hover(self, target: Widget | None) -> None:
        now = list(target.ancestors()) if target else []
        for widget in self.hovered:
            if widget not in now:
                widget.on_hover(False)
        for widget in now:
            if widget not in self.hovered:
                widget.on_hover(True)
        self.hovered = now

    def _show_cursor(self, target: Widget | None, pos: Pos) -> None:
        cursor = pygame.SYSTEM_CURSOR_ARROW
        for widget in target.ancestors() if target else ():
            cursor = widget.cursor(pos)
            if cursor != pygame.SYSTEM_CURSOR_ARROW:
                break
        if cursor != self._cursor:
            self._cursor = cursor
            with contextlib.suppress(pygame.error):  # a driver without cursors
                pygame.mouse.set_cursor(cursor)

    def refresh(self) -> None:
        """After a layout: what is under the mouse may be another widget."""
        self.hovered = [w for w in self.hovered if w.attached]
        if self.captured is None and self.pos[0] >= 0:
            self._hover(self.target(self.pos))

    def button(self, kind: str, pos: Pos, button: int) -> None:
        """A mouse button went down or up."""
        self.pos = pos
        self._app.focus_visible = False
        if kind == "down":
            self._button_down(pos, button)
            return
        target = self.captured or self.target(pos)
        self.captured = None
        self._bubble(target, Pointer("up", pos, button, self._last_down[2]))
        if self._app.attached(target):
            self.motion(pos)

    def _button_down(self, pos: Pos, button: int) -> None:
        clicks = self._count_clicks(pos)
        if self._dismiss(pos):
            return
        target = self.target(pos)
        taker = next((w for w in target.ancestors() if w.focusable), None) if target else None
        if taker is not None and taker.enabled:
            self._app.set_focus(taker)
        elif target is not None and button == 1:
            self._app.set_focus(None)
        self._app.tips.moved(None, pos)
        self.captured = self._bubble(target, Pointer("down", pos, button, clicks))

    def _count_clicks(self, pos: Pos) -> int:
        now = self._app.now()
        when, where, count = self._last_down
        near = abs(pos[0] - where[0]) <= DOUBLE_PX and abs(pos[1] - where[1]) <= DOUBLE_PX
        count = count + 1 if near and now - when <= DOUBLE_MS else 1
        self._last_down = (now, pos, count)
        return count

    def forget_clicks(self) -> None:
        """The next press is a first one."""
        self._last_down = (-10_000, (0, 0), 0)

    def _dismiss(self, pos: Pos) -> bool:
        """Close a pop-up that was clicked beside; the click is used up."""
        top = self._top("popup")
        if top is not None and not top.root.rect.collidepoint(pos):
            inside_tip = any(
                layer.kind == "tip" and layer.root.rect.collidepoint(pos)
                for layer in self._app.layers
            )
            if not inside_tip:
                self._app.close_root(top.root)
                return True
        return False

    def _top(self, kind: str) -> Layer | None:
        return next((layer for layer in reversed(self._app.layers) if layer.kind == kind), None)

    def wheel(self, dx: float, dy: float, shift: bool) -> None:
        """The wheel turned."""
        self._app.tips.moved(None, self.pos)
        event = Pointer("wheel", self.pos, dx=dx, dy=dy, shift=shift)
        self._bubble(self.target(self.pos), event)
        self.motion(self.pos)

    def _bubble(self, target: Widget | None, event: Pointer) -> Widget | None:
        """Offer an event to a widget and those above it; returns who used it."""
        for widget in list(target.ancestors()) if target else ():
            if widget.on_pointer(event):
                return widget if widget.attached else None
        return None

    # Keys

    def key(self, code: int, modifiers: int) -> None:
        """A key went down."""
        key = key_of(code, modifiers)
        if key is None:
            return
        app, widget = self._app, self._app.focused
        if widget is not None and widget.enabled and self._widget_key(widget, key):
            return
        app.tips.close()
        if key.chord == "escape" and app.close_top():
            return
        action = app.keymap.action(key.chord)
        if action is not None and app.act(action):
            return
        self._navigate(key)

    def _widget_key(self, widget: Widget, key: Key) -> bool:
        """The focused widget first, then the panels above it, then scroll views."""
        for above in list(widget.ancestors()):
            used = above.on_key(key) if above is widget else False
            if not used and isinstance(above, ScrollView):
                used = above.scroll_key(key)
            if used:
                if key.name not in ("enter", "space") or key.ctrl:
                    self._app.show_focus()
                return True
        return False

    def _navigate(self, key: Key) -> None:
        app = self._app
        root = app.focus_root()
        if key.name == "tab" and not key.ctrl and not key.alt:
            found = focus.following(root, app.focused, -1 if key.shift else 1)
        elif key.chord in ARROWS:
            at = app.focused
            found = focus.towards(root, at, key.chord) if at else focus.following(root, None, 1)
        else:
            return
        app.focus_visible = True
        if found is not None:
            app.set_focus(found)
            app.reveal(found)
        app.show_focus()

    def compose(self, text: str) -> None:
        """An input method shows what it is about to type."""
        if isinstance(self._app.focused, TextEntry):
            self._app.focused.compose(text)

    def text(self, text: str) -> None:
        """Text was typed."""
        widget = self._app.focused
        if widget is not None and widget.enabled:
            widget.on_text(text)
