"""What tables are made of: columns, rows, cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import pygame

from game.ui.kit import paint
from game.ui.kit.context import Context
from game.ui.kit.style import Paint
from game.ui.kit.words import ellipsis

CellAlign = Literal["left", "center", "right"]


@dataclass(frozen=True)
class TableColumn:
    """A column; ``width`` and ``min_width`` in dp; columns without a width share what is left."""

    key: str
    title: str
    align: CellAlign = "left"
    width: float | None = None
    stretch: float = 1.0
    min_width: float = 44.0
    sortable: bool = True
    tooltip: str | None = None


@dataclass(frozen=True)
class Cell:
    """A cell: text, what to sort by, and how to draw it.

    Attributes:
        chip: colour of a dot before the text.
        draw: draws in place of the text: ``draw(surface, rect, ctx)``.
        press: what a press on the cell alone does (in a :class:`PressTable`); its text then has
            a dotted line below.
    """

    text: str
    sort: float | str | None = None
    color: Paint | None = None
    icon: str | None = None
    chip: Paint | None = None
    tooltip: str | None = None
    draw: Callable[[pygame.Surface, pygame.Rect, Context], None] | None = None
    style: str = "body"
    press: Callable[[], object] | None = None


@dataclass(frozen=True)
class TableRow:
    """A row; ``dim`` draws it muted."""

    key: str
    cells: Sequence[Cell | str]
    tooltip: str | None = None
    dim: bool = False

    def cell(self, index: int) -> Cell:
        """A cell; plain strings and missing ones become cells."""
        if index >= len(self.cells):
            return Cell("")
        cell = self.cells[index]
        return cell if isinstance(cell, Cell) else Cell(cell)


def sort_key(cell: Cell) -> tuple[int, float, str]:
    """Numbers before words; NaN and empty cells at the low end."""
    value = cell.sort if cell.sort is not None else cell.text.casefold()
    if isinstance(value, str):
        return (1 if value else 0, 0.0, value)
    return (0, float("-inf"), "") if value != value else (1, float(value), "")


def paint_cell(
    surface: pygame.Surface, cell: Cell, box: pygame.Rect, align: str, dim: bool, ctx: Context
) -> None:
    """Draw a cell into its box; text that is too long ends with an ellipsis."""
    if cell.draw is not None:
        cell.draw(surface, box, ctx)
        return
    left = box.left
    if cell.chip is not None:
        size = ctx.px(10)
        paint.disc(surface, (left + size / 2, box.centery), size, ctx.color(cell.chip))
        left += ctx.px(18)
    color: Paint = cell.color or ("muted" if dim else "text")
    if cell.icon is not None:
        mark = ctx.icon(cell.icon, ctx.px(18), color)
        surface.blit(mark, mark.get_rect(midleft=(left, box.centery)))
        left += ctx.px(24)
    room = box.right - left
    shown = ellipsis(cell.text, room, lambda t: ctx.text_width(t, cell.style))
    if not shown:
        return
    drawn = ctx.render(shown, cell.style, color)
    spare = room - drawn.get_width()
    x = left + {"left": 0, "center": spare // 2, "right": spare}[align]
    at = drawn.get_rect(midleft=(x, box.centery))
    surface.blit(drawn, at)
    if cell.press is not None:
        paint.dots(surface, at.left, at.right, at.bottom, ctx.px(1), ctx.color("faint"))
