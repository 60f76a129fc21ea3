"""A grid of columns with equal, weighted or natural widths; rows are as high as their content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

import pygame

from game.ui.kit.context import Options
from game.ui.kit.layout import Box, Pad, distribute
from game.ui.kit.widget import Widget, place

Cell = tuple[Widget, int, int]
"""A child, its first column, and how many it spans."""


class Grid(Box):
    """Children row by row.

    Args:
        columns: how many equal ones, or their weights; 0 is as wide as its content.
    """

    role = "grid"

    def __init__(
        self,
        *children: Widget | None,
        columns: int | Sequence[float],
        gap: float = 8,
        row_gap: float | None = None,
        pad: Pad = 0,
        **options: Unpack[Options],
    ) -> None:
        self.weights = [1.0] * columns if isinstance(columns, int) else list(columns)
        self.row_gap = gap if row_gap is None else row_gap
        super().__init__(*children, gap=gap, pad=pad, **options)

    def rows(self) -> list[list[Cell]]:
        """Visible children by row, with their column and span."""
        rows: list[list[Cell]] = [[]]
        at = 0
        for child in self.shown():
            span = min(child.span, len(self.weights))
            if at + span > len(self.weights):
                rows.append([])
                at = 0
            rows[-1].append((child, at, span))
            at += span
        return [row for row in rows if row]

    def _column_wishes(self, smallest: bool) -> list[int]:
        wishes = [0] * len(self.weights)
        for row in self.rows():
            for child, column, span in row:
                if span == 1:
                    wish = child.smallest_width() if smallest else child.natural_width()
                    wishes[column] = max(wishes[column], wish)
        return wishes

    def _column_gaps(self) -> int:
        return self.ctx.px(self.gap) * (len(self.weights) - 1)

    def _natural_width(self) -> int:
        wishes = self._column_wishes(smallest=False)
        equal = [max((w for w, s in zip(wishes, self.weights, strict=True) if s), default=0)]
        total = sum(equal[0] if s else w for w, s in zip(wishes, self.weights, strict=True))
        return total + self._column_gaps() + self._frame()[0]

    def _smallest_width(self) -> int:
        return sum(self._column_wishes(smallest=True)) + self._column_gaps() + self._frame()[0]

    def _widths(self, width: int) -> list[int]:
        return distribute(
            self._column_wishes(smallest=False),
            self._column_wishes(smallest=True),
            self.weights,
            width - self._frame()[0] - self._column_gaps(),
        )

    def _span_width(self, widths: list[int], column: int, span: int) -> int:
        return sum(widths[column : column + span]) + self.ctx.px(self.gap) * (span - 1)

    def _row_heights(self, width: int) -> list[int]:
        widths = self._widths(width)
        return [
            max(c.height_for(self._span_width(widths, column, span)) for c, column, span in row)
            for row in self.rows()
        ]

    def _height_for(self, width: int) -> int:
        heights = self._row_heights(width)
        gaps = self.ctx.px(self.row_gap) * max(0, len(heights) - 1)
        return sum(heights) + gaps + self._frame()[1]

    def _arrange(self) -> None:
        widths, gap = self._widths(self.rect.width), self.ctx.px(self.gap)
        inner, y = self.inner(), self.inner().top
        for row, height in zip(self.rows(), self._row_heights(self.rect.width), strict=True):
            for child, column, span in row:
                x = inner.left + sum(widths[:column]) + gap * column
                width = self._span_width(widths, column, span)
                place(child, pygame.Rect(x, y, width, height))
            y += height + self.ctx.px(self.row_gap)
