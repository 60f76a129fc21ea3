"""A table some of whose cells can be pressed on their own, by mouse or keyboard."""

from __future__ import annotations

from collections.abc import Iterable

import pygame

from game.ui.kit import paint
from game.ui.kit.cells import Cell
from game.ui.kit.context import Key, Pointer, Pos
from game.ui.kit.table import HEADER, Table

PART = ":"
"""Between row and column in the name of a cell's part."""


class PressTable(Table):
    """A table with cells that do something of their own (``Cell.press``).

    A click on such a cell presses it and leaves the row alone. In a row that the keyboard chose,
    left and right walk through its cells that can be pressed, and Enter presses the current one.
    """

    _column: str | None = None
    """Key of the column that the keyboard is on."""
    _over: tuple[int, int] | None = None
    """Row and column of the cell under the mouse that can be pressed."""

    def pressable(self, row: int) -> list[int]:
        """Columns of a row's cells that can be pressed."""
        cells = (self._rows[row].cell(place) for place in range(len(self.columns)))
        return [place for place, cell in enumerate(cells) if cell.press is not None]

    def _cell_under(self, pos: Pos) -> tuple[int, int] | None:
        row, column = self._row_at(pos), self._column_at(pos[0])
        if row is None or row == HEADER or column is None:
            return None
        return (row, column) if self._rows[row].cell(column).press is not None else None

    def _at(self) -> tuple[int, int] | None:
        """Row and column of the cell that the keyboard is on."""
        keys = [row.key for row in self._rows]
        columns = [column.key for column in self.columns]
        if self.selected not in keys or self._column not in columns:
            return None
        row, column = keys.index(self.selected), columns.index(self._column)
        return (row, column) if column in self.pressable(row) else None

    def _press(self, row: int, column: int) -> None:
        press = self._rows[row].cell(column).press
        if press is not None:
            press()

    def lines(self) -> list[str]:
        found, at = super().lines(), self._at()
        if at is not None and self.focused:
            found[at[0] + 1] += f" [cell {self._column}]"
        return found

    def part(self, key: str) -> pygame.Rect:
        row, _, column = key.partition(PART)
        keys = [one.key for one in self.columns]
        if row != "header" and column in keys:
            whole = super().part(row)
            x, width = self.column_boxes()[keys.index(column)]
            return pygame.Rect(x, whole.top, width, whole.height)
        return super().part(key)

    # Mouse

    def _click(self, at: int, event: Pointer) -> None:
        under = self._cell_under(event.pos)
        if under is None:
            self._column = None
            super()._click(at, event)
            return
        self.selected, self._column = self._rows[under[0]].key, self.columns[under[1]].key
        self.invalidate()
        self._press(*under)

    def on_pointer(self, event: Pointer) -> bool:
        if event.kind == "move":
            under = self._cell_under(event.pos)
            if under != self._over:
                self._over = under
                self.invalidate()
        return super().on_pointer(event)

    def on_hover(self, inside: bool) -> None:
        self._over = None
        super().on_hover(inside)

    def cursor(self, pos: Pos) -> int:
        if self._cell_under(pos) is not None:
            return pygame.SYSTEM_CURSOR_HAND
        return super().cursor(pos) if self.on_activate else pygame.SYSTEM_CURSOR_ARROW

    # Keys

    def on_key(self, key: Key) -> bool:
        keys = [row.key for row in self._rows]
        if self._header_at is None and self.selected in keys:
            row = keys.index(self.selected)
            if key.chord in ("left", "right") and self.pressable(row):
                return self._walk(self.pressable(row), 1 if key.chord == "right" else -1)
            if key.chord in ("enter", "space") and self._enter(row):
                return True
        return super().on_key(key)

    def _walk(self, columns: list[int], step: int) -> bool:
        at = self._at()
        if at is None:
            goal: int | None = 0 if step > 0 else None
        else:
            goal = columns.index(at[1]) + step
        if goal is None or goal >= len(columns):
            return at is not None
        self._column = self.columns[columns[goal]].key if goal >= 0 else None
        self.invalidate()
        return True

    def _enter(self, row: int) -> bool:
        at, columns = self._at(), self.pressable(row)
        if at is None and columns and self.on_activate is None:
            at = (row, columns[0])
            self._column = self.columns[columns[0]].key
        if at is None:
            return False
        self._press(*at)
        return True

    # Drawing

    def paint(self, surface: pygame.Surface) -> None:
        super().paint(surface)
        at = self._at() if self.focused and self.app.focus_visible else None
        for spot, role in ((self._over, "line_strong"), (at, "focus")):
            if spot is None or spot[0] >= len(self._rows):
                continue
            x, width = self.column_boxes()[spot[1]]
            row = self._row_rect(spot[0])
            box = pygame.Rect(x, row.top, width, row.height).inflate(
                self.ctx.px(8), -self.ctx.px(6)
            )
            box = box.clip(self._body())
            paint.round_rect(surface, box, None, self.ctx.radius("small"), self.ctx.color(role))


def has_pressable(cells: Iterable[Cell | str]) -> bool:
    """Whether any of some cells can be pressed."""
    return any(isinstance(cell, Cell) and cell.press is not None for cell in cells)
