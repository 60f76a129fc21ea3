"""The bridge chart: how one level became another, step by step; groups open into their members."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar, Unpack

import pygame

from game.ui.kit import paint
from game.ui.kit.basic import plain
from game.ui.kit.bridge_paint import flat, hatched, paint_cut, row_color
from game.ui.kit.bridge_shape import (
    SEPARATOR,
    BridgeRow,
    Level,
    Shape,
    Step,
    groups_of,
    rows_of,
    shapes,
    slots_of,
)
from game.ui.kit.context import Key, Options, Pointer, Pos
from game.ui.kit.scroll import ScrollView
from game.ui.kit.style import mix
from game.ui.kit.widget import Widget
from game.ui.kit.words import wrap

ROW_HEIGHT, ROW_PAD, THICK = 28, 8, 16
LABEL_MOST, LABEL_LEAST, TRACK_LEAST = 0.42, 96, 80
"""Largest part of the width for names; least dp for names and for bars."""
LABEL_LINES = 2
CHEVRON, INDENT, ARROW, GAP = 16, 18, 16, 10
HATCH = 5
T = TypeVar("T")
KINDS = {"start": "level", "end": "level", "step": "step", "member": "member"}


class Bridge(Widget):
    """Steps between two levels: bars that begin where the last one ended.

    A step up is solid with an arrow up, a step down is hatched with an arrow down, so that colour
    is never the only sign. Groups open on a click, Enter, Space or the right arrow.

    Args:
        steps: signed steps; those with members are groups.
        opened: keys of groups that are open at first.
        hint: words in the tooltip of a group, such as "click to open".
        on_row: called with the row that the mouse clicked or the keyboard came to.
    """

    role = "chart"
    focusable = True
    reacts = True

    def __init__(
        self,
        before: Level,
        after: Level,
        steps: Sequence[Step],
        opened: Collection[str] = (),
        hint: str = "",
        on_row: Callable[[BridgeRow], object] | None = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self.before, self.after, self.steps = before, after, list(steps)
        self.opened = set(opened)
        self.hint, self.on_row = hint, on_row
        self.at: str | None = None
        """Key of the row that the keyboard is on."""
        self._pointed: str | None = None
        self._measured: dict[tuple[str, int, float], Any] = {}
        self._rows = self._make()

    def _make(self) -> list[BridgeRow]:
        self._measured.clear()
        return rows_of(self.before, self.after, self.steps, self.opened)

    @property
    def rows(self) -> list[BridgeRow]:
        """Rows as shown."""
        return self._rows

    # Groups

    def toggle(self, key: str) -> bool:
        """Open or close a group; False when the row is none."""
        row = self._row(key)
        if row is None or not row.members:
            return False
        self.opened ^= {key}
        self._changed()
        return True

    def open_all(self, opened: bool = True) -> None:
        """Open or close every group."""
        self.opened = groups_of(self.steps) if opened else set()
        self._changed()

    @property
    def all_open(self) -> bool:
        """Whether no group is closed."""
        return groups_of(self.steps) <= self.opened

    def _changed(self) -> None:
        self._rows = self._make()
        while self.at is not None and self._row(self.at) is None:
            self.at = self.at.rpartition(SEPARATOR)[0] or None
        self.relayout()

    def _row(self, key: str | None) -> BridgeRow | None:
        return next((row for row in self._rows if row.key == key), None)

    # The text tree

    def value(self) -> str:
        return f"{self.before.text} → {self.after.text}"

    def lines(self) -> list[str]:
        found = []
        for row in self._rows:
            kind = "group" if row.members else KINDS[row.kind]
            marks = []
            if row.members:
                marks.append("open" if row.opened else "closed")
            if row.key == self.at and self.focused:
                marks.append("current")
            indent = "  " * row.depth
            tail = f" [{' '.join(marks)}]" if marks else ""
            found.append(f'{indent}{kind} "{row.key}": {row.label}: {row.text}{tail}')
        return found

    def memory(self) -> object:
        return (set(self.opened), self.at)

    def recall(self, memory: Any) -> None:
        self.opened, self.at = set(memory[0]), memory[1]
        self._rows = self._make()

    # Measures

    def _indent(self, row: BridgeRow) -> int:
        """Room before a row's name: a chevron where any row has one, steps for members."""
        px = self.ctx.px
        chevrons = any(step.members for step in self.steps)
        return (px(CHEVRON) if chevrons else 0) + row.depth * px(INDENT)

    def _style(self, row: BridgeRow) -> str:
        return "small_strong" if row.kind in ("start", "end") else "small"

    def _label_width(self, row: BridgeRow) -> int:
        return self.ctx.text_width(row.label, self._style(row)) + self._indent(row)

    def _amount_width(self) -> int:
        widths = (self.ctx.text_width(row.text, self._style(row)) for row in self._rows)
        return max(widths) + self.ctx.px(ARROW)

    def _kept(self, what: str, width: int, make: Callable[[int], T]) -> T:
        """A measure of the rows at a width, taken once while the rows stand."""
        key = (what, width, self.ctx.scale)
        if key not in self._measured:
            self._measured[key] = make(width)
        found: T = self._measured[key]
        return found

    def _columns(self, width: int) -> tuple[int, int]:
        """Widths in pixels of the names and of the bars."""
        return self._kept("columns", width, self._split)

    def _split(self, width: int) -> tuple[int, int]:
        px = self.ctx.px
        room = width - self._amount_width() - 2 * px(GAP) - px(4)
        wish = max(self._label_width(row) for row in self._rows)
        names = min(wish, max(round(width * LABEL_MOST), px(LABEL_LEAST)))
        names = max(px(CHEVRON), min(names, room - px(TRACK_LEAST)))
        return names, max(px(8), room - names)

    def _natural_width(self) -> int:
        px = self.ctx.px
        names = max(self._label_width(row) for row in self._rows)
        return names + self._amount_width() + 2 * px(GAP) + px(280)

    def _smallest_width(self) -> int:
        px = self.ctx.px
        return px(LABEL_LEAST) + px(TRACK_LEAST) + self._amount_width() + 2 * px(GAP)

    def label_lines(self, row: BridgeRow, width: int) -> list[str]:
        """A row's name as drawn at a width of the chart."""
        return self._kept("lines", width, self._all_lines)[row.key]

    def _all_lines(self, width: int) -> dict[str, list[str]]:
        names, found = self._columns(width)[0], {}
        for row in self._rows:
            style = self._style(row)

            def wide(text: str, style: str = style) -> int:
                return self.ctx.text_width(text, style)

            found[row.key] = wrap(row.label, names - self._indent(row), wide, LABEL_LINES)
        return found

    def _row_heights(self, width: int) -> list[int]:
        return self._kept("heights", width, self._heights_at)

    def _heights_at(self, width: int) -> list[int]:
        px, step = self.ctx.px, self.ctx.line_height("small")
        return [
            max(px(ROW_HEIGHT), step * len(self.label_lines(row, width)) + px(ROW_PAD))
            for row in self._rows
        ]

    def _height_for(self, width: int) -> int:
        return sum(self._row_heights(width))

    def slots(self) -> list[pygame.Rect]:
        """Rectangles of the rows."""
        heights = self._row_heights(self.rect.width)
        return slots_of(heights, self.rect.left, self.rect.top, self.rect.width)

    def shapes(self) -> list[Shape]:
        """Bars and connectors of the rows."""
        px = self.ctx.px
        names, bars = self._columns(self.rect.width)
        left = self.rect.left + px(4) + names + px(GAP)
        return shapes(self._rows, self.slots(), left, bars, px(THICK), px(1))

    def part(self, key: str) -> pygame.Rect:
        for row, slot in zip(self._rows, self.slots(), strict=True):
            if row.key == key:
                return slot
        return super().part(key)

    # Mouse

    def _key_at(self, pos: Pos) -> str | None:
        pairs = zip(self._rows, self.slots(), strict=True)
        return next((row.key for row, slot in pairs if slot.collidepoint(pos)), None)

    def tip(self, pos: Pos) -> str | Widget | None:
        row = self._row(self._key_at(pos))
        if row is None:
            return super().tip(pos)
        found = [f"**{plain(row.label)}**: {plain(row.text)}"]
        found += [plain(row.note)] if row.note else []
        found += [self.hint] if row.members and self.hint and not row.opened else []
        return "\n".join(found)

    def on_pointer(self, event: Pointer) -> bool:
        key = self._key_at(event.pos)
        if event.kind == "move":
            if key != self._pointed:
                self._pointed = key
                self.invalidate()
            return False
        if event.button != 1 or event.kind not in ("down", "up"):
            return False
        if event.kind == "down" and key is not None:
            self._come_to(key)
            self.toggle(key)
        return True

    def _come_to(self, key: str) -> None:
        self.at = key
        self.invalidate()
        row = self._row(key)
        if row is not None and self.on_row is not None:
            self.on_row(row)

    def on_hover(self, inside: bool) -> None:
        self._pointed = None
        super().on_hover(inside)

    def cursor(self, pos: Pos) -> int:
        row = self._row(self._key_at(pos))
        usable = row is not None and row.members > 0
        return pygame.SYSTEM_CURSOR_HAND if usable else pygame.SYSTEM_CURSOR_ARROW

    # Keys

    def on_focus(self, gained: bool) -> None:
        if gained and self.at is None:
            self.at = self._rows[min(1, len(self._rows) - 1)].key
        super().on_focus(gained)

    def on_key(self, key: Key) -> bool:
        keys = [row.key for row in self._rows]
        here = keys.index(self.at) if self.at in keys else 0
        goals = {"down": here + 1, "up": here - 1, "home": 0, "end": len(keys) - 1}
        if key.chord in goals:
            return self._go(keys, goals[key.chord])
        row = self._rows[here]
        if key.chord in ("enter", "space"):
            return self._toggle_and_show(row.key)
        if key.chord == "right" and row.members and not row.opened:
            return self._toggle_and_show(row.key)
        if key.chord == "left" and (row.opened or row.depth):
            return self._toggle_and_show(
                row.key if row.opened else row.key.rpartition(SEPARATOR)[0]
            )
        return False

    def _go(self, keys: Sequence[str], goal: int) -> bool:
        if not 0 <= goal < len(keys):
            return False
        self._come_to(keys[goal])
        self._reveal()
        return True

    def _toggle_and_show(self, key: str) -> bool:
        if not self.toggle(key):
            return False
        self._come_to(key)
        self._reveal()
        return True

    def _reveal(self) -> None:
        """Scroll what is above so that the current row, its members with it, can be seen."""
        self.app.settle()
        shown = [
            slot
            for row, slot in zip(self._rows, self.slots(), strict=True)
            if row.key == self.at or row.key.startswith(f"{self.at}{SEPARATOR}")
        ]
        for above in self.ancestors():
            if isinstance(above, ScrollView) and shown:
                above.scroll_to_rect(shown[-1])
                above.scroll_to_rect(shown[0])

    # Drawing

    def paint(self, surface: pygame.Surface) -> None:
        clip = surface.get_clip()
        slots, found = self.slots(), self.shapes()
        for row, slot in zip(self._rows, slots, strict=True):
            if slot.colliderect(clip.inflate(0, 2 * slot.height)):
                self._paint_ground(surface, row, slot)
        for row, slot, shape in zip(self._rows, slots, found, strict=True):
            if not slot.colliderect(clip.inflate(0, 2 * slot.height)):
                continue
            self._paint_name(surface, row, slot)
            self._paint_amount(surface, row, slot)
            if shape.connector is not None:
                surface.fill(self.ctx.color("faint"), shape.connector)
            self._paint_bar(surface, row, shape)

    def _paint_ground(self, surface: pygame.Surface, row: BridgeRow, slot: pygame.Rect) -> None:
        ctx = self.ctx
        inner = slot.inflate(0, -ctx.px(2))
        if row.key == self.at and self.focused and self.app.focus_visible:
            colors = ctx.color("hover"), ctx.color("focus")
            paint.round_rect(surface, inner, colors[0], ctx.radius("small"), colors[1], ctx.px(1))
        elif row.key == self._pointed and row.members:
            paint.round_rect(surface, inner, ctx.color("hover"), ctx.radius("small"))

    def _paint_name(self, surface: pygame.Surface, row: BridgeRow, slot: pygame.Rect) -> None:
        ctx, left = self.ctx, slot.left + self.ctx.px(4)
        if row.members:
            sign = ctx.icon("chevron-down" if row.opened else "chevron-right", ctx.px(14), "muted")
            x = left - ctx.px(2) + row.depth * ctx.px(INDENT)
            surface.blit(sign, sign.get_rect(midleft=(x, slot.centery)))
        lines = self.label_lines(row, self.rect.width)
        step = ctx.line_height("small")
        top = slot.centery - step * len(lines) // 2
        ink = "muted" if row.kind == "member" else "text"
        for number, line in enumerate(lines):
            drawn = ctx.render(line, self._style(row), ink)
            y = top + number * step + (step - drawn.get_height()) // 2
            surface.blit(drawn, (left + self._indent(row), y))

    def _paint_amount(self, surface: pygame.Surface, row: BridgeRow, slot: pygame.Rect) -> None:
        ctx, ink = self.ctx, row_color(row)
        level = row.kind in ("start", "end")
        drawn = ctx.render(row.text, self._style(row), "text" if level else ink)
        box = drawn.get_rect(midright=(slot.right - ctx.px(4), slot.centery))
        surface.blit(drawn, box)
        if not flat(row):
            icon = ctx.icon("arrow-up" if row.change > 0.0 else "arrow-down", ctx.px(13), ink)
            surface.blit(icon, icon.get_rect(midright=(box.left - ctx.px(2), slot.centery)))

    def _paint_bar(self, surface: pygame.Surface, row: BridgeRow, shape: Shape) -> None:
        ctx = self.ctx
        color = ctx.color(row_color(row))
        if row.kind == "member":
            color = mix(ctx.color("panel"), color, 0.75)
        if row.change < 0.0:
            hatched(surface, shape.bar, color, mix(ctx.color("panel"), color, 0.35), ctx.px(HATCH))
        else:
            paint.round_rect(surface, shape.bar, color, ctx.px(2))
        if shape.cut:
            paint_cut(surface, shape.bar, row.high < 0.0, ctx)
