"""Tables of the session as widgets: rows that lead somewhere, numbers that say why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from game.session import views as vm
from game.ui.asking import Asking, Go
from game.ui.bits import begun, rgb, tone
from game.ui.kit import Cell, Context, Pointer, PressTable, Table, TableColumn, TableRow
from game.ui.kit.table import COLUMN_GAP

WHOLE, LEAST = 400.0, 60.0
"""Least widths in dp: of a column that must not be cut while another can give way; of others."""
ROW_HEIGHT = 32


def _columns(
    view: vm.Table, hidden: Sequence[str], sortable: bool
) -> list[tuple[int, TableColumn]]:
    """Columns with their place in the view; where room is short, words give way to numbers."""
    return [
        (
            place,
            TableColumn(
                column.key,
                begun(column.title),
                align="right" if column.numeric else "left",
                stretch=1.0 if place else 2.0,
                tooltip=column.hint or None,
                sortable=sortable,
                min_width=WHOLE if column.numeric or not place else LEAST,
            ),
        )
        for place, column in enumerate(view.columns)
        if column.key not in hidden
    ]


class LinkTable(PressTable):
    """A table whose rows lead somewhere: a click follows; arrows only walk, Enter follows."""

    _clicking = False

    def on_pointer(self, event: Pointer) -> bool:
        self._clicking = event.kind in ("down", "up")
        try:
            return super().on_pointer(event)
        finally:
            self._clicking = False

    def select(self, key: str) -> None:
        """Select a row, and follow it when it was clicked."""
        super().select(key)
        if self._clicking and self.on_activate is not None:
            self.on_activate(key)


def columns_that_fit(view: vm.Table, ctx: Context, room: int) -> int:
    """How many columns of figures fit whole beside the first column.

    Args:
        room: pixels.
    """
    gap = ctx.px(COLUMN_GAP)

    def widest(place: int) -> int:
        cells = (row.cells[place] for row in view.rows)
        width = max((ctx.text_width(cell.text, "strong") for cell in cells), default=0)
        return max(width, ctx.text_width(view.columns[place].title, "caption")) + gap

    places = range(1, len(view.columns))
    least = max((widest(place) for place in places), default=1)
    return max(1, (room - widest(0) - 3 * gap) // least)


def table_height(view: vm.Table) -> float:
    """Height in dp that shows every row."""
    return float(ROW_HEIGHT * (len(view.rows) + 1) + 4)


def table(
    view: vm.Table,
    go: Go,
    name: str,
    hidden: Sequence[str] = (),
    asking: Asking | None = None,
    sortable: bool = True,
    row_height: float = ROW_HEIGHT,
    **options: Any,
) -> Table:
    """A table of the session; rows with a link lead there, numbers that can be asked say why.

    Args:
        hidden: keys of columns to leave out where there is no room.
        sortable: a click on a heading sorts; statements keep their order.
    """
    shown = _columns(view, hidden, sortable)
    columns = [column for _, column in shown]
    places = [place for place, _ in shown]
    links: dict[str, vm.Link] = {}
    rows = []
    for row in view.rows:
        key = str(row.key)
        links[key] = row.link
        cells = _cells(row, asking)
        rows.append(TableRow(key, [cells[place] for place in places]))

    def follow(key: Any) -> None:
        link = links.get(str(key))
        if link is not None and link.kind:
            go(link)

    leads = any(link.kind for link in links.values())
    return LinkTable(
        columns,
        rows,
        on_activate=follow if leads else None,
        row_height=row_height,
        name=name,
        empty=view.empty,
        **options,
    )


def _cells(row: vm.Row, asking: Asking | None) -> list[Cell]:
    cells = []
    for place, cell in enumerate(row.cells):
        press = asking.press(cell.ask) if asking is not None else None
        hints = [cell.hint] if cell.hint else []
        hints += [asking.hint] if asking is not None and press is not None else []
        sort: Any = cell.text if math.isnan(cell.value) else cell.value
        if not math.isnan(cell.value) or place:
            sort = -math.inf if math.isnan(cell.value) else cell.value
        cells.append(
            Cell(
                cell.text,
                sort=sort,
                color=tone(cell.tone) if cell.tone else None,
                chip=rgb(row.colour) if row.colour and not place else None,
                tooltip="\n".join(hints) or None,
                style="strong" if row.mine or row.strong else "body",
                press=press,
            )
        )
    return cells
