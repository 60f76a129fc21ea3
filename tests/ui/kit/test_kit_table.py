"""Tables: sorting, selecting, scrolling, keys, the text of it."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from game.ui.kit import Cell, Column, Table, TableColumn, TableRow
from game.ui.kit.cells import sort_key

COLUMNS = [
    TableColumn("name", "Company"),
    TableColumn("cash", "Cash, USD m", "right"),
    TableColumn("note", "Note", width=80, sortable=False),
]


def rows(count: int = 40) -> list[TableRow]:
    """Rows with numbers that are in no order."""
    return [
        TableRow(
            f"c{i}",
            [f"Company {i:02d}", Cell(f"{(i * 37) % 101}", sort=float((i * 37) % 101)), "x"],
        )
        for i in range(count)
    ]


def test_headers_sort_numbers_falling_and_words_rising(app, show) -> None:
    show(lambda: Table(COLUMNS, rows(), name="t"))
    table = app.find("t")
    app.click("t", "header:cash")
    cash = [row.cell(1).sort for row in table.rows]
    assert cash == sorted(cash, reverse=True)
    app.click("t", "header:cash")
    assert [row.cell(1).sort for row in table.rows] == sorted(cash)
    app.click("t", "header:name")
    assert table.rows[0].key == "c0"
    app.click("t", "header:note")
    assert table.sort == ("name", False)


@given(st.lists(st.one_of(st.floats(), st.text(max_size=4), st.none())))
def test_any_cells_can_be_sorted(values: list) -> None:
    cells = [Cell("" if v is None else str(v), sort=v) for v in values]
    keys = sorted(sort_key(cell) for cell in cells)
    assert all(not math.isnan(key[1]) for key in keys)


def test_selection_by_mouse_and_keys(app, show) -> None:
    chosen, opened = [], []
    show(lambda: Table(COLUMNS, rows(), chosen.append, opened.append, name="t"))
    app.click("t", "c2")
    app.press("down", "enter", "end")
    assert chosen == ["c2", "c3", "c39"]
    assert opened == ["c3"]
    assert app.find("t").part("c39").height > 0
    app.press("home", "up", "right", "enter")
    assert app.find("t").sort == ("cash", True)
    app.click("t", app.find("t").rows[0].key, clicks=2)
    assert opened[-1] == app.find("t").rows[0].key


def test_long_tables_scroll(app, show) -> None:
    show(lambda: Column(Table(COLUMNS, rows(200), lambda key: None, name="t", stretch=1)))
    table = app.find("t")
    assert table.rect.bottom <= 640
    app.scroll("t", -5)
    assert table.scroller.offset > 0
    table.scroll_to_row("c199")
    assert table.part("c199").height == table._row_rect(0).height


def test_sorting_and_place_survive_a_rebuild(app, show) -> None:
    screen = show(lambda: Table(COLUMNS, rows(200), name="t"))
    app.click("t", "header:cash")
    app.scroll("t", -5)
    offset = app.find("t").scroller.offset
    screen.rebuild()
    app.pump()
    assert app.find("t").sort == ("cash", True)
    assert app.find("t").scroller.offset == offset


def test_the_tree_has_the_rows(app, show) -> None:
    show(lambda: Table(COLUMNS, rows(3), selected="c1", sort=("name", False), name="t"))
    tree = app.tree()
    assert 'table "t": 3 rows' in tree
    assert "header: Company ↑ | Cash, USD m | Note" in tree
    assert 'row "c1": Company 01 | 37 | x [selected]' in tree


def test_columns_never_pass_the_edge(app, show) -> None:
    wide = [TableColumn(f"k{i}", f"A rather long title {i}", "right") for i in range(14)]
    show(lambda: Table(wide, [TableRow("r", ["some words that are long"] * 14)], name="t"))
    table = app.find("t")
    left, width = table.column_boxes()[-1]
    assert left + width <= table.rect.right
