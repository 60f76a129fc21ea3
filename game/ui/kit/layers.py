"""What lies above a screen: modal dialogues, pop-ups, tooltips and toasts, and where they go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pygame

from game.ui.kit import paint
from game.ui.kit.basic import Icon, Label
from game.ui.kit.buttons import IconButton
from game.ui.kit.context import Pointer, Pos
from game.ui.kit.layout import Column, Row
from game.ui.kit.scroll import ScrollView
from game.ui.kit.widget import Widget

if TYPE_CHECKING:
    from game.ui.kit.app import App

EDGE = 8
MODAL_EDGE = 32
MODAL_SHADE = 150
TIP_WIDTH = 340
TOAST_WIDTH = 460
TOAST_ICONS = {"info": "info", "positive": "check", "negative": "warning", "warning": "warning"}


@dataclass(frozen=True)
class Choice:
    """A button of a question: its key, words, what it does, and its kind."""

    key: str
    text: str
    call: Callable[[], object] | None = None
    kind: str = "normal"
    icon: str | None = None


@dataclass(eq=False)
class Layer:
    """One sheet of the stack; kinds ``screen modal popup tip toast``."""

    root: Widget
    kind: str
    on_close: Callable[[], None] | None = None
    focus_before: Widget | None = None
    owner: Widget | None = None
    closable: bool = True


class Floating(Widget):
    """A raised box with a shadow that finds its own place in the window."""

    role = "popup"
    shade = "raised"

    def __init__(self, content: Widget, name: str = "", pad: float = 6) -> None:
        super().__init__(name=name)
        self.pad = pad
        self.content = content
        self.set_children([content])

    def paint(self, surface: pygame.Surface) -> None:
        ctx = self.ctx
        paint.shadow(surface, self.rect, ctx.radius("medium"), ctx.px(8))
        colors = ctx.color(self.shade), ctx.color("line_strong")
        paint.round_rect(surface, self.rect, colors[0], ctx.radius("medium"), colors[1], ctx.px(1))

    def draw(self, surface: pygame.Surface) -> None:
        self.paint(surface)
        self.draw_children(surface)

    def settle(self, window: pygame.Rect) -> None:
        """Choose a place in the window and arrange the content there."""
        raise NotImplementedError

    def _fill(self, box: pygame.Rect) -> None:
        self.rect = box
        pad = self.ctx.px(self.pad)
        self.content.arrange(box.inflate(-2 * pad, -2 * pad))

    def _arrange(self) -> None:
        self._fill(self.rect)

    def on_pointer(self, event: Pointer) -> bool:
        return event.kind in ("down", "up")


class Popup(Floating):
    """A menu below (or above) an anchor, at least as wide as that."""

    def __init__(self, content: Widget, anchor: pygame.Rect, name: str = "popup") -> None:
        super().__init__(content, name)
        self.anchor = anchor

    def settle(self, window: pygame.Rect) -> None:
        px, pad = self.ctx.px, 2 * self.ctx.px(self.pad)
        room = window.inflate(-2 * px(EDGE), -2 * px(EDGE))
        width = min(room.width, max(self.anchor.width, self.content.natural_width() + pad))
        wish = self.content.height_for(width - pad) + pad
        below, above = room.bottom - self.anchor.bottom - px(4), self.anchor.top - px(4) - room.top
        down = wish <= below or below >= above
        height = min(wish, below if down else above)
        top = self.anchor.bottom + px(4) if down else self.anchor.top - px(4) - height
        left = max(room.left, min(self.anchor.left, room.right - width))
        self._fill(pygame.Rect(left, top, width, height))


class Tip(Floating):
    """A tooltip beside what it explains."""

    role = "tooltip"

    def __init__(self, content: Widget, anchor: pygame.Rect, pos: Pos) -> None:
        super().__init__(content, "tooltip", pad=12)
        self.anchor, self.pos = anchor, pos

    def settle(self, window: pygame.Rect) -> None:
        px, pad = self.ctx.px, 2 * self.ctx.px(self.pad)
        room = window.inflate(-2 * px(EDGE), -2 * px(EDGE))
        width = min(room.width, px(TIP_WIDTH), self.content.natural_width() + pad)
        height = min(room.height, self.content.height_for(width - pad) + pad)
        tall = self.anchor.height > px(80)
        top_of = self.pos[1] + px(18) if tall else self.anchor.bottom + px(4)
        if top_of + height > room.bottom:
            top_of = (self.pos[1] - px(8) if tall else self.anchor.top - px(4)) - height
        left = max(room.left, min(self.pos[0] - px(16), room.right - width))
        self._fill(pygame.Rect(left, max(room.top, top_of), width, height))


class Toast(Floating):
    """A short message at the bottom that goes by itself."""

    role = "toast"

    def __init__(self, text: str, kind: str) -> None:
        row = Row(
            Icon(TOAST_ICONS[kind], 18, kind),
            Label(text, wrap=True, lines=3, max_width=TOAST_WIDTH),
            gap=10,
        )
        super().__init__(row, "toast", pad=12)
        self.kind = kind
        self.above = 0

    def settle(self, window: pygame.Rect) -> None:
        px, pad = self.ctx.px, 2 * self.ctx.px(self.pad)
        width = min(window.width - 2 * px(EDGE), self.content.natural_width() + pad)
        height = self.content.height_for(width - pad) + pad
        box = pygame.Rect(0, 0, width, height)
        box.midbottom = (window.centerx, window.bottom - px(24) - self.above)
        self._fill(box)

    def on_pointer(self, event: Pointer) -> bool:
        if event.kind == "down":
            self.app.close_root(self)
        return True


class Modal(Widget):
    """A dialogue that dims the rest; its content scrolls when the window is low.

    Args:
        light: a click beside the box closes it.
    """

    role = "dialog"

    def __init__(
        self,
        content: Widget,
        *,
        name: str,
        title: str = "",
        width: float = 520,
        closable: bool = True,
        actions: Sequence[Widget] = (),
        light: bool = False,
    ) -> None:
        super().__init__(name=name)
        self.box_width = width
        self.light = light
        self.box = pygame.Rect(0, 0, 0, 0)
        close = IconButton("close", self.close, label="Esc", name=f"{name}/close", size=32)
        self._title = Label(title, style="title", wrap=True, lines=2, stretch=1)
        head = Row(self._title, close if closable else None)
        wide = any(action.stretch for action in actions)
        foot = Row(*actions, gap=8, align="fill" if wide else "end") if actions else None
        self.body = Column(
            head if title or closable else None, ScrollView(content), foot, gap=16, pad=24
        )
        self.set_children([self.body])

    @property
    def title(self) -> str:
        """Words at the head."""
        return self._title.text

    @title.setter
    def title(self, title: str) -> None:
        self._title.text = title

    def value(self) -> str:
        return self.title

    def close(self) -> None:
        """Take it away; calls ``on_close``."""
        if self.attached:
            self.app.close_root(self)

    def settle(self, window: pygame.Rect) -> None:
        """Cover the window and centre the box."""
        edge = self.ctx.px(MODAL_EDGE)
        width = min(window.width - 2 * edge, self.ctx.px(self.box_width))
        height = min(window.height - edge, self.body.height_for(width))
        self.rect = window.copy()
        self.box = pygame.Rect(0, 0, width, height)
        self.box.center = window.center
        self.body.arrange(self.box)

    def _arrange(self) -> None:
        self.settle(self.rect)

    def paint(self, surface: pygame.Surface) -> None:
        ctx = self.ctx
        paint.veil(surface, self.rect, ctx.color("overlay"), MODAL_SHADE)
        paint.shadow(surface, self.box, ctx.radius("large"), ctx.px(12))
        colors = ctx.color("panel"), ctx.color("line_strong")
        paint.round_rect(surface, self.box, colors[0], ctx.radius("large"), colors[1], ctx.px(1))

    def on_pointer(self, event: Pointer) -> bool:
        if self.light and event.kind == "down" and not self.box.collidepoint(event.pos):
            self.close()
        return True


def settle_layers(layers: Sequence[Layer], window: pygame.Rect, app: App) -> None:
    """Arrange every layer; toasts stack upwards."""
    above = 0
    for layer in layers:
        root = layer.root
        if layer.kind == "screen":
            root.arrange(window.copy())
        elif isinstance(root, Toast):
            root.above = above
            root.settle(window)
            above += root.rect.height + app.ctx.px(8)
        elif isinstance(root, (Floating, Modal)):
            root.settle(window)
