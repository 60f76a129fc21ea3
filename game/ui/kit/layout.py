"""Containers: rows, columns, grids, stacks, spacers, cards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Unpack

import pygame

from game.ui.kit import paint
from game.ui.kit.context import Key, Options, Pointer
from game.ui.kit.style import Paint
from game.ui.kit.widget import Widget, place

Pad = float | tuple[float, float] | tuple[float, float, float, float]


def pad_sides(pad: Pad) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of a padding."""
    if isinstance(pad, (int, float)):
        return (pad, pad, pad, pad)
    if len(pad) == 2:
        return (pad[0], pad[1], pad[0], pad[1])
    return pad


def distribute(
    natural: Sequence[int], smallest: Sequence[int], stretch: Sequence[float], room: int
) -> list[int]:
    """Sizes along a direction that fill ``room`` pixels.

    Fixed children (stretch 0) get their natural size; the rest goes to the others by stretch, never
    under their smallest. Too little room: fixed ones shrink towards their smallest, then all do.
    """
    sizes = [
        small if s else wish for wish, small, s in zip(natural, smallest, stretch, strict=True)
    ]
    over = sum(sizes) - room
    if over > 0:
        slack = [size - small for size, small in zip(sizes, smallest, strict=True)]
        return _squeezed(sizes, slack, over, room)
    open_ = [i for i, s in enumerate(stretch) if s > 0]
    while open_:
        left = room - sum(size for i, size in enumerate(sizes) if i not in open_)
        total = sum(stretch[i] for i in open_)
        short = [i for i in open_ if left * stretch[i] / total < smallest[i]]
        if not short:
            _share(sizes, open_, stretch, left, total)
            break
        for i in short:
            sizes[i] = smallest[i]
        open_ = [i for i in open_ if i not in short]
    return sizes


def _share(
    sizes: list[int], open_: list[int], stretch: Sequence[float], left: int, total: float
) -> None:
    """Share whole pixels so that they add up exactly."""
    start = done = 0.0
    for i in open_:
        done += left * stretch[i] / total
        sizes[i] = round(done) - round(start)
        start = done


def _squeezed(sizes: list[int], slack: list[int], over: int, room: int) -> list[int]:
    give = sum(slack)
    if give >= over:
        done = taken = 0.0
        for i, part in enumerate(slack):
            done += over * part / give
            sizes[i] -= round(done) - round(taken)
            taken = done
        return sizes
    least = [size - part for size, part in zip(sizes, slack, strict=True)]
    total = sum(least)
    return [size * max(room, 0) // total if total else 0 for size in least]


class Box(Widget):
    """A container with padding and gaps."""

    def __init__(
        self,
        *children: Widget | None,
        gap: float = 8,
        pad: Pad = 0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self.gap = gap
        self.pad = pad_sides(pad)
        self.set_children(children)

    def shown(self) -> list[Widget]:
        """Children that take room."""
        return [child for child in self.children if child.visible]

    def _frame(self) -> tuple[int, int]:
        px, (left, top, right, bottom) = self.ctx.px, self.pad
        return px(left) + px(right), px(top) + px(bottom)

    def _gaps(self) -> int:
        return self.ctx.px(self.gap) * max(0, len(self.shown()) - 1)

    def inner(self) -> pygame.Rect:
        """Its rectangle without the padding."""
        px, (left, top, _right, _bottom) = self.ctx.px, self.pad
        frame = self._frame()
        width, height = self.rect.width - frame[0], self.rect.height - frame[1]
        return pygame.Rect(
            self.rect.left + px(left), self.rect.top + px(top), max(0, width), max(0, height)
        )


class Row(Box):
    """Children from left to right."""

    role = "row"

    def _natural_width(self) -> int:
        return sum(c.natural_width() for c in self.shown()) + self._gaps() + self._frame()[0]

    def _smallest_width(self) -> int:
        return sum(c.smallest_width() for c in self.shown()) + self._gaps() + self._frame()[0]

    def _widths(self, width: int) -> list[int]:
        shown = self.shown()
        return distribute(
            [c.natural_width() for c in shown],
            [c.smallest_width() for c in shown],
            [c.stretch for c in shown],
            width - self._frame()[0] - self._gaps(),
        )

    def _height_for(self, width: int) -> int:
        pairs = zip(self.shown(), self._widths(width), strict=True)
        return max((c.height_for(w) for c, w in pairs), default=0) + self._frame()[1]

    def _smallest_height(self, width: int) -> int:
        pairs = zip(self.shown(), self._widths(width), strict=True)
        return max((c.smallest_height(w) for c, w in pairs), default=0) + self._frame()[1]

    def _arrange(self) -> None:
        inner, x = self.inner(), self.inner().left
        for child, width in zip(self.shown(), self._widths(self.rect.width), strict=True):
            place(child, pygame.Rect(x, inner.top, width, inner.height))
            x += width + self.ctx.px(self.gap)


class Column(Box):
    """Children from top to bottom."""

    role = "column"

    def _natural_width(self) -> int:
        return max((c.natural_width() for c in self.shown()), default=0) + self._frame()[0]

    def _smallest_width(self) -> int:
        return max((c.smallest_width() for c in self.shown()), default=0) + self._frame()[0]

    def _child_width(self, child: Widget, width: int) -> int:
        if child.align != "fill":
            width = min(width, child.natural_width())
        for limit in (child.width, child.max_width):
            if limit is not None:
                width = min(width, self.ctx.px(limit))
        return max(0, width)

    def _height_for(self, width: int) -> int:
        inner = width - self._frame()[0]
        heights = (c.height_for(self._child_width(c, inner)) for c in self.shown())
        return sum(heights) + self._gaps() + self._frame()[1]

    def _smallest_height(self, width: int) -> int:
        inner = width - self._frame()[0]
        heights = (c.smallest_height(self._child_width(c, inner)) for c in self.shown())
        return sum(heights) + self._gaps() + self._frame()[1]

    def _arrange(self) -> None:
        inner, shown = self.inner(), self.shown()
        widths = [self._child_width(c, inner.width) for c in shown]
        heights = distribute(
            [c.height_for(w) for c, w in zip(shown, widths, strict=True)],
            [c.smallest_height(w) for c, w in zip(shown, widths, strict=True)],
            [c.stretch for c in shown],
            inner.height - self._gaps(),
        )
        y = inner.top
        for child, height in zip(shown, heights, strict=True):
            place(child, pygame.Rect(inner.left, y, inner.width, height))
            y += height + self.ctx.px(self.gap)


class Stack(Box):
    """Children on top of each other, each with the whole room."""

    role = "stack"
    _natural_width = Column._natural_width
    _smallest_width = Column._smallest_width
    _child_width = Column._child_width

    def _height_for(self, width: int) -> int:
        inner = width - self._frame()[0]
        heights = (c.height_for(inner) for c in self.shown())
        return max(heights, default=0) + self._frame()[1]

    def _smallest_height(self, width: int) -> int:
        inner = width - self._frame()[0]
        heights = (c.smallest_height(inner) for c in self.shown())
        return max(heights, default=0) + self._frame()[1]

    def _arrange(self) -> None:
        for child in self.shown():
            place(child, self.inner())


class Spacer(Widget):
    """Empty room; without a size it stretches."""

    role = "spacer"

    def __init__(self, size: float = 0, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.size = size
        if not size and not self.stretch:
            self.stretch = 1.0

    def _natural_width(self) -> int:
        return self.ctx.px(self.size)

    def _height_for(self, width: int) -> int:
        return self.ctx.px(self.size)


class Divider(Widget):
    """A hairline."""

    role = "divider"

    def __init__(self, vertical: bool = False, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.vertical = vertical

    def _natural_width(self) -> int:
        return self.ctx.px(1)

    def _height_for(self, width: int) -> int:
        return self.ctx.px(1)

    def paint(self, surface: pygame.Surface) -> None:
        line = self.rect.copy()
        if self.vertical:
            line.width = min(line.width, self.ctx.px(1))
        else:
            line.height = min(line.height, self.ctx.px(1))
        surface.fill(self.ctx.color("line"), line)


FILLS: dict[str, tuple[Paint | None, Paint | None]] = {
    "panel": ("panel", "line"),
    "raised": ("raised", "line"),
    "sunken": ("sunken", "line"),
    "accent": ("accent_soft", "accent"),
    "plain": (None, None),
}
"""Kind of a panel → fill and border."""


class Panel(Column):
    """A column on a soft box; with ``on_click`` it can be pressed as a whole."""

    role = "panel"

    def __init__(
        self,
        *children: Widget | None,
        kind: str = "panel",
        on_click: Callable[[], None] | None = None,
        gap: float = 8,
        pad: Pad = 16,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(*children, gap=gap, pad=pad, **options)
        self.kind = kind
        self.on_click = on_click
        self.selected = False
        if on_click is not None:
            self.role, self.focusable, self.reacts = "button", True, True

    def states(self) -> list[str]:
        return super().states() + (["selected"] if self.selected else [])

    def paint(self, surface: pygame.Surface) -> None:
        fill, border = FILLS[self.kind]
        if self.on_click is not None and self.hovered and self.enabled:
            fill, border = "hover", "line_strong"
        if self.selected:
            border = "accent"
        ctx = self.ctx
        if fill is not None and border is not None:
            colors = ctx.color(fill), ctx.color(border)
            paint.round_rect(
                surface, self.rect, colors[0], ctx.radius("large"), colors[1], ctx.px(1)
            )

    def _press(self) -> bool:
        if self.on_click is None or not self.enabled:
            return False
        self.on_click()
        return True

    def on_pointer(self, event: Pointer) -> bool:
        if self.on_click is None or event.button != 1:
            return False
        if event.kind == "up" and self.rect.collidepoint(event.pos):
            self._press()
        return event.kind in ("down", "up")

    def on_key(self, key: Key) -> bool:
        return key.chord in ("enter", "space") and self._press()
