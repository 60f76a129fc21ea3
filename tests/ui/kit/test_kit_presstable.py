"""Cells that can be pressed on their own, beside rows that lead somewhere."""

from __future__ import annotations

from game.ui.kit import Button, Cell, Column, PressTable, TableColumn, TableRow

COLUMNS = [TableColumn("name", "Company"), TableColumn("cash", "Cash", "right")]
COLUMNS += [TableColumn("share", "Share", "right"), TableColumn("note", "Note")]


def table(told: list[str], follow: list[str] | None) -> PressTable:
    """Three rows; cash and share of the first two can be pressed."""

    def press(words: str):
        return lambda: told.append(words)

    rows = [
        TableRow(
            f"r{i}",
            [
                f"Company {i}",
                Cell(f"{i}", sort=float(i), press=press(f"cash {i}") if i < 2 else None),
                Cell(f"{9 - i}%", sort=9.0 - i, press=press(f"share {i}") if i < 2 else None),
                "–",
            ],
        )
        for i in range(3)
    ]
    activate = follow.append if follow is not None else None
    return PressTable(COLUMNS, rows, on_activate=activate, name="t")


def test_a_press_on_a_cell_leaves_the_row_alone(app, show) -> None:
    told: list[str] = []
    followed: list[str] = []
    show(lambda: Column(table(told, followed), pad=16))
    app.click("t", "r0:cash")
    app.click("t", "r1:share")
    assert told == ["cash 0", "share 1"]
    assert not followed
    app.click("t", "r2:cash")
    assert told == ["cash 0", "share 1"], "that one cannot be pressed"
    app.click("t", "r0:name", clicks=2)
    assert followed == ["r0"]


def test_the_keyboard_walks_through_cells(app, show) -> None:
    told: list[str] = []
    followed: list[str] = []
    show(lambda: Column(table(told, followed), Button("x", None), pad=16))
    app.press("tab", "down", "enter")
    assert followed == ["r0"], "Enter on the row follows it"
    app.press("right", "enter")
    assert told == ["cash 0"]
    assert "[cell cash]" in app.tree()
    app.press("right", "right", "enter")
    assert told[-1] == "share 0", "the last cell is the edge"
    app.press("down", "enter")
    assert told[-1] == "share 1", "the column stays"
    app.press("down", "enter")
    assert followed == ["r0", "r2"], "where nothing can be pressed, the row is"
    app.press("up", "left", "left", "enter")
    assert followed == ["r0", "r2", "r1"]


def test_a_table_that_leads_nowhere_presses_its_first_cell(app, show) -> None:
    told: list[str] = []
    show(lambda: Column(table(told, None), pad=16))
    app.press("tab", "down", "enter")
    assert told == ["cash 0"]


def test_pressable_cells_follow_the_sorting(app, show) -> None:
    told: list[str] = []
    show(lambda: Column(table(told, None), pad=16))
    app.click("t", "header:cash")
    assert app.find("t").rows[0].key == "r2"
    app.click("t", "r1:cash")
    assert told == ["cash 1"]


def test_a_dotted_line_marks_what_can_be_pressed(app, show) -> None:
    show(lambda: Column(table([], None), pad=16))
    app.draw()
    faint = app.ctx.color("faint")

    def dotted(part: str) -> bool:
        box, surface = app.find("t").part(part), app.window.surface
        return any(
            tuple(surface.get_at((x, y)))[:3] == faint
            and tuple(surface.get_at((x + 1, y)))[:3] == faint
            for y in range(box.centery, box.bottom)
            for x in range(box.left, box.right - 1)
        )

    assert dotted("r0:cash")
    assert not dotted("r2:cash")
