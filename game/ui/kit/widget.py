"""The base of everything on screen: a tree of named rectangles that measure, arrange and draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Unpack

import pygame

from game.ui.kit.context import Align, Context, Key, Options, Pointer, Pos

if TYPE_CHECKING:
    from game.ui.kit.app import App


class Widget:
    """A rectangle of the screen with a name, a role and children."""

    role = "group"
    focusable = False
    reacts = False
    """Draws itself differently under the mouse."""
    default_align: Align = "fill"
    default_valign: Align = "fill"

    def __init__(self, **options: Unpack[Options]) -> None:
        get: Callable[..., Any] = options.get
        self._name: str = get("name", "")
        self.stretch: float = get("stretch", 0.0)
        self.width: float | None = get("width")
        self.height: float | None = get("height")
        self.min_width: float | None = get("min_width")
        self.max_width: float | None = get("max_width")
        self.min_height: float | None = get("min_height")
        self.align: Align = get("align", self.default_align)
        self.valign: Align = get("valign", self.default_valign)
        self.tooltip: str | Callable[[], str | Widget | None] | None = get("tooltip")
        self.span: int = get("span", 1)
        self._visible: bool = get("visible", True)
        self._enabled: bool = get("enabled", True)
        self.parent: Widget | None = None
        self.children: list[Widget] = []
        self.rect = pygame.Rect(0, 0, 0, 0)
        self.hovered = False
        self._ctx: Context | None = None
        self._natural: int | None = None
        self._smallest: int | None = None
        self._heights: dict[int, int] = {}

    # The tree

    @property
    def ctx(self) -> Context:
        """The context of the app that the widget is part of."""
        if self._ctx is None:
            raise RuntimeError(f"{type(self).__name__} is not on a screen yet")
        return self._ctx

    @property
    def app(self) -> App:
        """The app that the widget is part of."""
        return self.ctx.app

    @property
    def attached(self) -> bool:
        """Whether the widget is part of an app."""
        return self._ctx is not None

    @property
    def name(self) -> str:
        """The given name, or one made of the parent's name, the role and the place."""
        if self._name:
            return self._name
        if self.parent is None:
            return self.role
        place = self.parent.children.index(self) if self in self.parent.children else 0
        return f"{self.parent.name}/{self.role}{place}"

    @name.setter
    def name(self, name: str) -> None:
        self._name = name

    def set_children(self, children: Sequence[Widget | None]) -> None:
        """Replace all children; None is dropped."""
        for child in self.children:
            child.detach()
        self.children = [child for child in children if child is not None]
        for child in self.children:
            child.parent = self
            if self._ctx is not None:
                child.attach(self._ctx)
        self.relayout()

    def attach(self, ctx: Context) -> None:
        """Become part of an app; called again when the scale changes."""
        self._ctx = ctx
        self._forget()
        for child in self.children:
            child.attach(ctx)

    def detach(self) -> None:
        """Leave the app."""
        self._ctx = None
        self.parent = None
        for child in self.children:
            child.detach()
            child.parent = self

    def walk(self) -> Iterator[Widget]:
        """This widget and all below it that are visible, in reading order."""
        yield self
        for child in self.children:
            if child.visible:
                yield from child.walk()

    def search(self, name: str) -> Widget | None:
        """The visible widget of that given name at or below this one."""
        return next((w for w in self.walk() if w._name == name), None)

    def ancestors(self) -> Iterator[Widget]:
        """This widget, its parent, and so on to the root."""
        at: Widget | None = self
        while at is not None:
            yield at
            at = at.parent

    # States

    @property
    def visible(self) -> bool:
        """Whether it takes room and is drawn."""
        return self._visible

    @visible.setter
    def visible(self, visible: bool) -> None:
        if visible != self._visible:
            self._visible = visible
            self.relayout()

    @property
    def enabled(self) -> bool:
        """Whether it and everything above it can be used."""
        return self._enabled and (self.parent is None or self.parent.enabled)

    @enabled.setter
    def enabled(self, enabled: bool) -> None:
        if enabled != self._enabled:
            self._enabled = enabled
            self.invalidate()

    @property
    def focused(self) -> bool:
        """Whether keys go to this widget first."""
        return self._ctx is not None and self._ctx.app.focused is self

    def focus(self) -> None:
        """Send keys here first."""
        self.app.set_focus(self)

    def value(self) -> str:
        """What the widget shows or holds, in words, for the text tree."""
        return ""

    def states(self) -> list[str]:
        """States for the text tree."""
        found = []
        if self.focused:
            found.append("focused")
        if not self._enabled:
            found.append("disabled")
        return found

    def lines(self) -> list[str]:
        """More lines of the text tree below this widget's own, such as rows of a table."""
        return []

    def memory(self) -> object:
        """What survives a rebuild of the screen, by name: a scroll place, a sort order; or None."""
        return None

    def recall(self, memory: Any) -> None:
        """Take back what ``memory`` gave."""

    # Measures

    def relayout(self) -> None:
        """Measure again, here and above, before the next drawing."""
        for widget in self.ancestors():
            widget._forget()
        if self._ctx is not None:
            self._ctx.app.request_layout(self)

    def invalidate(self) -> None:
        """Draw this rectangle again."""
        if self._ctx is not None:
            self._ctx.app.damage(self.rect, self)

    def _forget(self) -> None:
        self._natural = self._smallest = None
        self._heights.clear()

    def natural_width(self) -> int:
        """Width in pixels that it would like."""
        if self._natural is None:
            self._natural = self._bounded(self._natural_width())
        return self._natural

    def smallest_width(self) -> int:
        """Width in pixels below which it is not shrunk while anything else can be."""
        if self._smallest is None:
            wish = self._bounded(self._smallest_width())
            self._smallest = min(wish, self.natural_width())
        return self._smallest

    def _bounded(self, width: int) -> int:
        px = self.ctx.px
        if self.width is not None:
            return px(self.width)
        if self.min_width is not None:
            width = max(width, px(self.min_width))
        return width if self.max_width is None else min(width, px(self.max_width))

    def height_for(self, width: int) -> int:
        """Height in pixels that it would like at a width."""
        if self.height is not None:
            return self.ctx.px(self.height)
        if width not in self._heights:
            least = 0 if self.min_height is None else self.ctx.px(self.min_height)
            self._heights[width] = max(least, self._height_for(width))
        return self._heights[width]

    def smallest_height(self, width: int) -> int:
        """Height in pixels below which it is not shrunk while anything else can be."""
        if self.height is not None:
            return self.ctx.px(self.height)
        if self.min_height is not None:
            return self.ctx.px(self.min_height)
        return min(self._smallest_height(width), self.height_for(width))

    def _natural_width(self) -> int:
        return 0

    def _smallest_width(self) -> int:
        return self.natural_width()

    def _height_for(self, width: int) -> int:
        return 0

    def _smallest_height(self, width: int) -> int:
        return self.height_for(width)

    def arrange(self, rect: pygame.Rect) -> None:
        """Take a place on the screen and place the children."""
        self.rect = rect
        self._arrange()

    def _arrange(self) -> None:
        for child in self.children:
            if child.visible:
                place(child, self.rect)

    def shift(self, dx: int, dy: int) -> None:
        """Move it with everything below, without measuring."""
        self.rect = self.rect.move(dx, dy)
        for child in self.children:
            child.shift(dx, dy)

    def part(self, key: str) -> pygame.Rect:
        """Rectangle of an inner part, such as a row of a table.

        Raises:
            LookupError: no such part.
        """
        raise LookupError(f"{self.name} has no part {key!r}")

    # Drawing and events

    def draw(self, surface: pygame.Surface) -> None:
        """Draw it and what is below it, where the surface's clip asks for it."""
        if not self._visible or not surface.get_clip().colliderect(self.rect):
            return
        self.paint(surface)
        self.draw_children(surface)

    def draw_children(self, surface: pygame.Surface) -> None:
        """Draw what is below it."""
        for child in self.children:
            child.draw(surface)

    def paint(self, surface: pygame.Surface) -> None:
        """Draw it without its children."""

    def hit(self, pos: Pos) -> Widget | None:
        """The lowest visible widget at a position."""
        if not self._visible or not self.rect.collidepoint(pos):
            return None
        for child in reversed(self.children):
            found = child.hit(pos)
            if found is not None:
                return found
        return self

    def clip(self) -> pygame.Rect:
        """The part of its rectangle that scroll views above leave visible."""
        rect = self.rect
        for widget in self.ancestors():
            if widget is not self and widget.clips:
                rect = rect.clip(widget.rect)
        return rect

    clips = False
    """Children are cut at the widget's edges."""

    def tip(self, pos: Pos) -> str | Widget | None:
        """The tooltip at a position: a markup text, a widget, or None."""
        return self.tooltip() if callable(self.tooltip) else self.tooltip

    def on_pointer(self, event: Pointer) -> bool:
        """A mouse event; True when used, else the parent is asked. A used ``down`` captures."""
        return False

    def on_key(self, key: Key) -> bool:
        """A key while focused; True when used."""
        return False

    def on_text(self, text: str) -> bool:
        """Typed text while focused; True when used."""
        return False

    def on_hover(self, inside: bool) -> None:
        """The mouse came or went."""
        self.hovered = inside
        if self.reacts:
            self.invalidate()

    def on_focus(self, gained: bool) -> None:
        """The keyboard focus came or went."""
        self.invalidate()

    def cursor(self, pos: Pos) -> int:
        """Mouse cursor at a position, one of pygame's constants."""
        if self.reacts and self.focusable and self.enabled:
            return pygame.SYSTEM_CURSOR_HAND
        return pygame.SYSTEM_CURSOR_ARROW


def place(child: Widget, slot: pygame.Rect) -> None:
    """Arrange a child in a slot by its alignment and its largest width."""
    px = child.ctx.px
    width = slot.width if child.align == "fill" else min(child.natural_width(), slot.width)
    if child.width is not None:
        width = min(width, px(child.width))
    if child.max_width is not None:
        width = min(width, px(child.max_width))
    height = slot.height
    if child.valign != "fill" or child.height is not None:
        height = min(child.height_for(width), slot.height)
    x = slot.left + _offset(child.align, slot.width - width)
    y = slot.top + _offset(child.valign, slot.height - height)
    child.arrange(pygame.Rect(x, y, width, height))


def _offset(align: Align, room: int) -> int:
    if align == "center":
        return room // 2
    return room if align == "end" else 0
