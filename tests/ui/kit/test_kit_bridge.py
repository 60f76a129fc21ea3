"""The bridge chart: geometry without a display, then the widget with posted events."""

from __future__ import annotations

import math

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.ui.kit import Bridge, Button, Card, Column, Level, ScrollView, Step
from game.ui.kit.bridge_shape import BridgeRow, axis, rows_of, shapes, slots_of

LEFT, WIDTH, THICK, ROW = 200, 400, 16, 28

amounts = st.floats(-1e6, 1e6).filter(lambda value: value == 0.0 or abs(value) > 1e-6)
groups = st.lists(st.lists(amounts, min_size=1, max_size=5), min_size=0, max_size=8)


def chart(start: float, parts: list[list[float]]) -> tuple[Level, Level, list[Step]]:
    """Levels and steps that add up; groups of one part have no members."""
    steps = []
    for place, values in enumerate(parts):
        members = tuple(Step(f"m{i}", f"Member {i}", v, f"{v:+g}") for i, v in enumerate(values))
        total = math.fsum(values)
        own = members if len(values) > 1 else ()
        steps.append(Step(f"g{place}", f"Group {place}", total, f"{total:+g}", members=own))
    end = start
    for step in steps:
        end += step.value
    return Level("Before", start, f"{start:g}"), Level("After", end, f"{end:g}"), steps


def drawn(start: float, parts: list[list[float]]) -> tuple[list[BridgeRow], list]:
    """Rows with every group open, and their shapes."""
    before, after, steps = chart(start, parts)
    rows = rows_of(before, after, steps, {step.key for step in steps})
    slots = slots_of([ROW] * len(rows), 0, 0, LEFT + WIDTH)
    return rows, shapes(rows, slots, LEFT, WIDTH, THICK)


@given(amounts, groups)
def test_every_bar_lies_in_its_row_and_in_the_axis(start: float, parts: list[list[float]]) -> None:
    rows, found = drawn(start, parts)
    for place, shape in enumerate(found):
        assert shape.bar.left >= LEFT
        assert shape.bar.right <= LEFT + WIDTH + 2
        assert shape.bar.width >= 2
        assert place * ROW <= shape.bar.top
        assert shape.bar.bottom <= (place + 1) * ROW
    assert (rows[0].kind, rows[-1].kind) == ("start", "end")


@given(amounts, groups)
def test_lengths_tell_the_amounts(start: float, parts: list[list[float]]) -> None:
    rows, found = drawn(start, parts)
    low, high, _ = axis(rows)
    for row, shape in zip(rows, found, strict=True):
        if row.kind in ("step", "member"):
            wanted = abs(row.change) / (high - low) * WIDTH
            assert abs(shape.bar.width - wanted) <= 3


@given(amounts, groups)
def test_connectors_join_the_end_of_a_bar_to_the_next(
    start: float, parts: list[list[float]]
) -> None:
    rows, found = drawn(start, parts)
    assert found[-1].connector is None
    for place in range(len(rows) - 1):
        line, bar, after = found[place].connector, found[place].bar, found[place + 1].bar
        assert line is not None
        assert line.top == bar.bottom
        assert line.height >= 0
        assert after.left - 2 <= line.left <= after.right + 2
        assert bar.left - 2 <= line.left <= bar.right + 2


@given(amounts, groups)
def test_members_fill_the_span_of_their_group(start: float, parts: list[list[float]]) -> None:
    rows, _ = drawn(start, parts)
    for place, row in enumerate(rows):
        if row.members:
            inside = rows[place + 1 : place + 1 + row.members]
            assert all(one.kind == "member" for one in inside)
            assert inside[0].low == row.low
            scale = 1e-9 * (1.0 + sum(abs(one.change) for one in inside) + abs(row.low))
            assert math.isclose(inside[-1].high, row.high, abs_tol=scale)


@given(amounts, groups)
def test_the_axis_holds_all_levels_and_zero_unless_cut(
    start: float, parts: list[list[float]]
) -> None:
    rows, found = drawn(start, parts)
    low, high, cut = axis(rows)
    assert low < high
    assert all(low - 1e-6 <= row.high <= high + 1e-6 for row in rows)
    assert cut == (not low <= 0.0 <= high)
    assert [shape.cut for shape in found] == [cut and r.kind in ("start", "end") for r in rows]


def test_small_steps_between_large_levels_are_not_hairlines() -> None:
    _, found = drawn(100.0, [[1.0], [-0.5]])
    assert found[1].bar.width > WIDTH / 3
    assert found[0].cut


def test_nothing_changed_still_draws() -> None:
    for start in (0.0, 5.0, -5.0):
        _, found = drawn(start, [])
        assert len(found) == 2
        assert found[0].bar == found[1].bar.move(0, -ROW)


def bridge(opened: tuple[str, ...] = (), **options: object) -> Bridge:
    """A chart with two groups, a plain step and names that are too long."""
    long = "Everything that all of the rivals did about their prices, their quality and coverage"
    members = (Step("price", "Own price", 0.4, "+0.4 pp"), Step("brand", "Brand", -0.1, "−0.1 pp"))
    steps = [
        Step("own", "Own moves", 0.3, "+0.3 pp", members=members),
        Step("rivals", long, -0.6, "−0.6 pp", members=(Step("a", long, -0.6, "−0.6 pp", "told"),)),
        Step("season", "Season", 0.0, "0 pp"),
    ]
    return Bridge(
        Level("2015 Q1", 3.0, "3.0%"), Level("2015 Q2", 2.7, "2.7%"), steps, opened, "opens",
        name="b", **options,
    )  # fmt: skip


def test_a_group_opens_and_closes_by_click(app, show) -> None:
    show(lambda: Column(bridge(), Button("x", None), pad=16))
    height = app.find("b").rect.height
    app.click("b", "own")
    assert 'member "own/price": Own price: +0.4 pp' in app.tree()
    app.pump()
    assert app.find("b").rect.height > height
    app.click("b", "own")
    assert "own/price" not in app.tree()
    app.click("b", "season")
    assert "season/" not in app.tree(), "a step without members stays as it is"


def test_the_keyboard_walks_opens_and_leaves(app, show) -> None:
    show(lambda: Column(bridge(), Button("After", None, name="after"), pad=16))
    app.press("tab")
    chart = app.find("b")
    assert chart.focused
    assert chart.at == "own", "the first cause"
    app.press("enter", "down")
    assert chart.at == "own/price"
    app.press("down", "left")
    assert chart.at == "own"
    assert not chart.opened
    app.press("right", "space", "end")
    assert chart.at == "end"
    app.press("down")
    assert app.find("after").focused, "arrows lead on at the edge"
    app.press("up", "home")
    assert chart.at == "start"


def test_the_text_tree_says_all(app, show) -> None:
    show(lambda: Column(bridge(("rivals",)), pad=16))
    tree = app.tree()
    assert 'chart "b": 3.0% → 2.7%' in tree
    assert 'level "start": 2015 Q1: 3.0%' in tree
    assert 'group "own": Own moves: +0.3 pp [closed]' in tree
    assert "[open]" in tree
    assert 'step "season": Season: 0 pp' in tree


@pytest.mark.parametrize("width", [300, 420, 700, 990])
@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_no_amount_is_cut_and_bars_keep_room(app, show, width: float, scale: float) -> None:
    app.resize((2048, 1300))
    app.set_scale(scale)
    show(lambda: Column(bridge(("own", "rivals")), pad=8, width=width, align="start"))
    app.pump()
    chart = app.find("b")
    slots, found = chart.slots(), chart.shapes()
    amounts = max(app.ctx.text_width(row.text, "small_strong") for row in chart.rows)
    for row, slot, shape in zip(chart.rows, slots, found, strict=True):
        assert shape.bar.right <= slot.right - amounts, "bars end before the amounts"
        lines = chart.label_lines(row, chart.rect.width)
        assert len(lines) <= 2
        assert slot.height >= len(lines) * app.ctx.line_height("small")
        for line in lines:
            left = slot.left + app.ctx.px(4) + app.ctx.text_width(line, "small")
            assert left <= slot.right - amounts
    assert slots[-1].bottom == chart.rect.bottom
    axis_px = max(s.bar.right for s in found) - min(s.bar.left for s in found)
    assert axis_px >= app.ctx.px(60)


def test_a_long_name_stands_in_the_tooltip(app, show, clock) -> None:
    show(lambda: Column(bridge(), pad=16, width=420, align="start"))
    app.hover("b", "rivals")
    clock.now += 1000
    app.pump()
    tip = app.tree().split("tooltip", 1)[1]
    assert "quality and coverage" in tip
    assert "−0.6 pp" in tip
    assert "opens" in tip


def test_opening_scrolls_to_what_was_opened(app, show) -> None:
    steps = [
        Step(f"g{i}", f"Group {i}", 1.0, "+1", members=tuple(
            Step(f"m{j}", f"Member {j}", 0.25, "+0.25") for j in range(4)
        ))
        for i in range(8)
    ]  # fmt: skip
    chart = Bridge(Level("a", 1.0, "1"), Level("b", 9.0, "9"), steps, name="b")
    show(lambda: Card(ScrollView(chart, stretch=1, name="s"), height=200))
    chart.focus()
    app.press("end", "up", "enter")
    app.pump()
    view = app.find("s").rect
    assert view.contains(chart.part("g7"))
    assert view.colliderect(chart.part("g7/m0"))
    app.press("home")
    assert view.contains(chart.part("start"))


def test_signs_do_not_hang_on_colour(app, show) -> None:
    """Up is solid, down is hatched: seen without any colour."""
    show(lambda: Column(bridge(), pad=16))
    app.draw()
    chart = app.find("b")
    up, down = (chart.shapes()[place].bar for place in (1, 2))

    def greys(bar: pygame.Rect) -> int:
        inner = bar.inflate(-6, -6)
        spots = [(x, inner.centery) for x in range(inner.left, inner.right)]
        return len({sum(tuple(app.window.surface.get_at(spot))[:3]) // 24 for spot in spots})

    assert greys(up) == 1
    assert greys(down) > 1


def test_what_is_open_survives_a_rebuild(app, show) -> None:
    screen = show(lambda: Column(bridge(), pad=16))
    app.click("b", "own")
    screen.rebuild()
    assert 'group "own": Own moves: +0.3 pp [open' in app.tree()
