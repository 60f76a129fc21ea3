"""A table: a header that sorts, rows to scroll and select, cells that may draw themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Unpack

import pygame

from game.ui.kit import paint
from game.ui.kit.basic import plain
from game.ui.kit.cells import Cell, TableColumn, TableRow, paint_cell, sort_key
from game.ui.kit.context import Key, Options, Pointer, Pos
from game.ui.kit.layout import distribute
from game.ui.kit.scroll import BAR_WIDTH, Scroller
from game.ui.kit.widget import Widget
from game.ui.kit.words import ellipsis

ROWS_LEAST = 3
COLUMN_GAP = 12
HEADER = -1
"""Row number of the header, for the keyboard and the mouse."""


class Table(Widget):
    """Rows and columns of plain data.

    Args:
        on_select: called with a row's key on click or arrow keys.
        on_activate: called on double click or Enter.
        sort: column to sort by at first, and whether descending.
        empty: words shown when there are no rows.
    """

    role = "table"
    focusable = True
    reacts = True

    def __init__(
        self,
        columns: Sequence[TableColumn],
        rows: Sequence[TableRow],
        on_select: Callable[[str], object] | None = None,
        on_activate: Callable[[str], object] | None = None,
        selected: str | None = None,
        sort: tuple[str, bool] | None = None,
        row_height: float = 32,
        empty: str = "",
        **options: Unpack[Options],
    ) -> None:
        super().__init__(**options)
        self.columns = list(columns)
        self.on_select, self.on_activate = on_select, on_activate
        self.selected, self.sort = selected, sort
        self.row_height, self.empty = row_height, empty
        self.scroller = Scroller()
        self._given: list[TableRow] = list(rows)
        self._rows = self._sorted()
        self._pointed: int | None = None
        self._header_at: int | None = None

    # Data

    @property
    def rows(self) -> list[TableRow]:
        """Rows in the order shown."""
        return self._rows

    @rows.setter
    def rows(self, rows: Sequence[TableRow]) -> None:
        self._given = list(rows)
        self._rows = self._sorted()
        self.relayout()

    def _sorted(self) -> list[TableRow]:
        keys = [column.key for column in self.columns]
        if self.sort is None or self.sort[0] not in keys:
            return list(self._given)
        index = keys.index(self.sort[0])
        return sorted(self._given, key=lambda row: sort_key(row.cell(index)), reverse=self.sort[1])

    def sort_by(self, key: str) -> None:
        """Sort as a click on a header does: numbers fall first, words rise; again turns round."""
        column = next(c for c in self.columns if c.key == key)
        if not column.sortable:
            return
        falling = column.align == "right"
        if self.sort is not None and self.sort[0] == key:
            falling = not self.sort[1]
        self.sort = (key, falling)
        self._rows = self._sorted()
        self.invalidate()

    def select(self, key: str) -> None:
        """Select a row as a click does."""
        changed, self.selected = key != self.selected, key
        self._reveal(key)
        self.invalidate()
        if changed and self.on_select is not None:
            self.on_select(key)

    def memory(self) -> object:
        return (self.sort, self.scroller.offset, self._header_at)

    def recall(self, memory: Any) -> None:
        self.sort, self.scroller.offset, self._header_at = memory
        self._rows = self._sorted()

    def value(self) -> str:
        return f"{len(self._rows)} rows"

    def lines(self) -> list[str]:
        head = " | ".join(self._title(c) for c in self.columns)
        found = [f"header: {head}"]
        for row in self._rows:
            cells = " | ".join(row.cell(i).text for i in range(len(self.columns)))
            mark = " [selected]" if row.key == self.selected else ""
            found.append(f'row "{row.key}": {cells}{mark}')
        return found

    def _title(self, column: TableColumn) -> str:
        if self.sort is None or self.sort[0] != column.key:
            return column.title
        return f"{column.title} {'↓' if self.sort[1] else '↑'}"

    # Measures

    def _row_px(self) -> int:
        return max(self.ctx.px(self.row_height), self.ctx.line_height("body"))

    def _header_px(self) -> int:
        return self.ctx.line_height("caption") + self.ctx.px(12)

    def _wish(self, column: TableColumn, index: int) -> int:
        if column.width is not None:
            return self.ctx.px(column.width)
        title = self.ctx.text_width(column.title, "caption") + self.ctx.px(14)
        cells = (self._cell_width(row.cell(index)) for row in self._given)
        return max([title, *cells])

    def _cell_width(self, cell: Cell) -> int:
        marks = (self.ctx.px(18) if cell.chip else 0) + (self.ctx.px(24) if cell.icon else 0)
        return self.ctx.text_width(cell.text, cell.style) + marks

    def _frame_px(self) -> int:
        gaps = self.ctx.px(COLUMN_GAP) * (len(self.columns) - 1)
        return gaps + 2 * self.ctx.px(COLUMN_GAP) + self.ctx.px(BAR_WIDTH + 2)

    def _natural_width(self) -> int:
        wishes = (self._wish(c, i) for i, c in enumerate(self.columns))
        return sum(wishes) + self._frame_px()

    def _smallest_width(self) -> int:
        return sum(self._least(c) for c in self.columns) + self._frame_px()

    def _least(self, column: TableColumn) -> int:
        return self.ctx.px(column.width if column.width is not None else column.min_width)

    def _height_for(self, width: int) -> int:
        return self._header_px() + self._row_px() * max(1, len(self._rows))

    def _smallest_height(self, width: int) -> int:
        return self._header_px() + self._row_px() * min(ROWS_LEAST, max(1, len(self._rows)))

    def column_boxes(self) -> list[tuple[int, int]]:
        """Left edge and width of each column, in pixels."""
        room = self.rect.width - self._frame_px()
        natural = [self._wish(c, i) for i, c in enumerate(self.columns)]
        least = [min(n, self._least(c)) for n, c in zip(natural, self.columns, strict=True)]
        slack = room - sum(natural)
        if slack >= 0:
            stretch = [0.0 if c.width is not None else c.stretch for c in self.columns]
            total = sum(stretch)
            widths = [
                n + (round(slack * s / total) if total else 0)
                for n, s in zip(natural, stretch, strict=True)
            ]
        else:
            widths = distribute(natural, least, [0.0] * len(natural), room)
        boxes, x = [], self.rect.left + self.ctx.px(COLUMN_GAP)
        for width in widths:
            boxes.append((x, width))
            x += width + self.ctx.px(COLUMN_GAP)
        return boxes

    def _arrange(self) -> None:
        self.scroller.fit(self._row_px() * len(self._rows), self._body().height)

    def _body(self) -> pygame.Rect:
        head = self._header_px()
        return pygame.Rect(
            self.rect.left, self.rect.top + head, self.rect.width, max(0, self.rect.height - head)
        )

    def _row_rect(self, index: int) -> pygame.Rect:
        body, step = self._body(), self._row_px()
        top = body.top + index * step - self.scroller.offset
        return pygame.Rect(body.left, top, body.width - self.ctx.px(BAR_WIDTH + 2), step)

    def part(self, key: str) -> pygame.Rect:
        if key.startswith("header:"):
            keys = [c.key for c in self.columns]
            if key[7:] in keys:
                x, width = self.column_boxes()[keys.index(key[7:])]
                return pygame.Rect(x, self.rect.top, width, self._header_px())
        for index, row in enumerate(self._rows):
            if row.key == key:
                return self._row_rect(index).clip(self._body())
        return super().part(key)

    def _reveal(self, key: str) -> None:
        for index, row in enumerate(self._rows):
            if row.key == key:
                self.scroller.reveal(index * self._row_px(), (index + 1) * self._row_px())

    def scroll_to_row(self, key: str) -> None:
        """Bring a row into sight."""
        self._reveal(key)
        self.invalidate()

    # Mouse

    def _row_at(self, pos: Pos) -> int | None:
        if not self.rect.collidepoint(pos):
            return None
        if pos[1] < self._body().top:
            return HEADER
        index = (pos[1] - self._body().top + self.scroller.offset) // self._row_px()
        return index if 0 <= index < len(self._rows) else None

    def _column_at(self, x: int) -> int | None:
        half = self.ctx.px(COLUMN_GAP) // 2
        for index, (left, width) in enumerate(self.column_boxes()):
            if left - half <= x < left + width + half:
                return index
        return None

    def tip(self, pos: Pos) -> str | Widget | None:
        row, column = self._row_at(pos), self._column_at(pos[0])
        if row is None or column is None:
            return super().tip(pos)
        width = self.column_boxes()[column][1]
        if row == HEADER:
            title = self.columns[column].title
            cut = self._shown_title(column, width) != title
            return self.columns[column].tooltip or (plain(title) if cut else None)
        cell = self._rows[row].cell(column)
        cut = cell.draw is None and self._cell_width(cell) > width
        return cell.tooltip or self._rows[row].tooltip or (plain(cell.text) if cut else None)

    def _track(self) -> pygame.Rect:
        width, body = self.ctx.px(BAR_WIDTH), self._body()
        return pygame.Rect(self.rect.right - width, body.top, width, body.height)

    def on_pointer(self, event: Pointer) -> bool:
        moved = self.scroller.pointer(event, self._track(), self.ctx)
        if moved is not None:
            self._pointed = self._row_at(event.pos)
            self.invalidate()
            return moved or event.kind != "wheel"
        at = self._row_at(event.pos)
        if event.kind == "move":
            if at != self._pointed:
                self._pointed = at
                self.invalidate()
            return False
        if event.button != 1 or event.kind not in ("down", "up"):
            return False
        if event.kind == "down" and self.enabled and at is not None:
            self._click(at, event)
        return True

    def _click(self, at: int, event: Pointer) -> None:
        if at == HEADER:
            column = self._column_at(event.pos[0])
            if column is not None:
                self._header_at = None
                self.sort_by(self.columns[column].key)
            return
        key = self._rows[at].key
        if event.clicks == 2 and self.on_activate is not None:
            self.on_activate(key)
        elif self.on_select is not None or self.on_activate is not None:
            self.select(key)

    def on_hover(self, inside: bool) -> None:
        self._pointed = None
        super().on_hover(inside)

    # Keys

    def on_key(self, key: Key) -> bool:
        if self._header_at is not None:
            return self._header_key(key)
        keys = [row.key for row in self._rows]
        at = keys.index(self.selected) if self.selected in keys else -1
        page = max(1, self.scroller.view // max(1, self._row_px()) - 1)
        goals = {
            "down": at + 1,
            "up": at - 1,
            "pagedown": min(at + page, len(keys) - 1),
            "pageup": max(at - page, 0),
            "home": 0,
            "end": len(keys) - 1,
        }
        if key.chord == "enter" and at >= 0 and self.on_activate is not None:
            self.on_activate(keys[at])
            return True
        if key.chord == "up" and at <= 0:
            self._header_at = 0
            self.invalidate()
            return True
        if key.chord in goals and 0 <= goals[key.chord] < len(keys):
            self.select(keys[goals[key.chord]])
            return True
        return False

    def _header_key(self, key: Key) -> bool:
        at, count = self._header_at or 0, len(self.columns)
        if key.chord in ("left", "right"):
            self._header_at = min(count - 1, max(0, at + (1 if key.chord == "right" else -1)))
        elif key.chord in ("enter", "space"):
            self.sort_by(self.columns[at].key)
        elif key.chord == "down":
            self._header_at = None
        else:
            self._header_at = None
            return False
        self.invalidate()
        return True

    # Drawing

    def paint(self, surface: pygame.Surface) -> None:
        boxes = self.column_boxes()
        before = surface.get_clip()
        surface.set_clip(before.clip(self._body()))
        self._paint_rows(surface, boxes)
        surface.set_clip(before)
        self._paint_header(surface, boxes)
        self.scroller.paint(surface, self._track(), self.ctx)

    def _paint_rows(self, surface: pygame.Surface, boxes: list[tuple[int, int]]) -> None:
        ctx, step, clip = self.ctx, self._row_px(), surface.get_clip()
        first = max(0, self.scroller.offset // step)
        for index in range(first, len(self._rows)):
            rect = self._row_rect(index)
            if rect.top >= clip.bottom:
                break
            row = self._rows[index]
            self._paint_ground(surface, row, rect, index)
            for number, (x, width) in enumerate(boxes):
                box = pygame.Rect(x, rect.top, width, rect.height)
                cell = row.cell(number)
                paint_cell(surface, cell, box, self.columns[number].align, row.dim, ctx)
        if not self._rows and self.empty:
            shown = ellipsis(self.empty, self.rect.width, lambda t: ctx.text_width(t, "body"))
            drawn = ctx.render(shown, "body", "muted")
            surface.blit(drawn, drawn.get_rect(center=self._body().center))

    def _paint_ground(
        self, surface: pygame.Surface, row: TableRow, rect: pygame.Rect, index: int
    ) -> None:
        ctx = self.ctx
        inner = rect.inflate(0, -ctx.px(2))
        usable = self.on_select is not None or self.on_activate is not None
        if row.key == self.selected:
            fill, line = ctx.color("accent_soft"), ctx.color("accent")
            paint.round_rect(surface, inner, fill, ctx.radius("small"), line, ctx.px(1))
        elif index == self._pointed and usable:
            paint.round_rect(surface, inner, ctx.color("hover"), ctx.radius("small"))
        elif index + 1 < len(self._rows):
            line_rect = (rect.left, rect.bottom - ctx.px(1), rect.width, ctx.px(1))
            surface.fill(ctx.color("line"), line_rect)

    def _shown_title(self, column: int, width: int) -> str:
        return ellipsis(
            self.columns[column].title, width, lambda t: self.ctx.text_width(t, "caption")
        )

    def _paint_header(self, surface: pygame.Surface, boxes: list[tuple[int, int]]) -> None:
        ctx, height = self.ctx, self._header_px()
        for index, (x, width) in enumerate(boxes):
            column = self.columns[index]
            sorted_by = self.sort is not None and self.sort[0] == column.key
            mark = ctx.px(14) if sorted_by else 0
            shown = self._shown_title(index, width - mark)
            drawn = ctx.render(shown, "caption", "accent" if sorted_by else "muted")
            room = width - drawn.get_width() - mark
            left = x + {"left": 0, "center": room // 2, "right": room}[column.align]
            at = drawn.get_rect(midleft=(left, self.rect.top + height // 2))
            surface.blit(drawn, at)
            if sorted_by and self.sort is not None:
                icon = "chevron-down" if self.sort[1] else "chevron-up"
                arrow = ctx.icon(icon, ctx.px(12), "accent")
                surface.blit(arrow, arrow.get_rect(midleft=(at.right + ctx.px(2), at.centery)))
            if index == self._header_at and self.focused:
                box = pygame.Rect(x, self.rect.top, width, height).inflate(ctx.px(4), -ctx.px(4))
                paint.round_rect(surface, box, None, ctx.radius("small"), ctx.color("focus"))
        line = (self.rect.left, self.rect.top + height - ctx.px(1), self.rect.width, ctx.px(1))
        surface.fill(ctx.color("line_strong"), line)
