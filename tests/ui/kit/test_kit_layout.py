"""Laws of the layout: sizes add up, nothing overlaps, nothing leaves its parent."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.ui.kit import Button, Card, Column, Grid, Label, Row, ScrollView, Spacer
from game.ui.kit.layout import distribute
from game.ui.kit.window import best_scale

sizes = st.integers(0, 400)
children = st.lists(
    st.tuples(sizes, st.floats(0, 1), st.sampled_from([0.0, 0.0, 1.0, 2.0])), min_size=1, max_size=8
)


@given(children, st.integers(0, 3000))
def test_sizes_fill_the_room_or_keep_their_wish(rows: list, room: int) -> None:
    natural = [n for n, _, _ in rows]
    least = [int(n * share) for n, share, _ in rows]
    stretch = [s for _, _, s in rows]
    found = distribute(natural, least, stretch, room)
    assert all(size >= 0 for size in found)
    wish = sum(lo if s else n for n, lo, s in zip(natural, least, stretch, strict=True))
    if wish > room:
        assert sum(found) <= max(room, 0)
    elif any(stretch):
        assert sum(found) == room
    else:
        assert found == natural


@given(children, st.integers(0, 3000))
def test_no_one_shrinks_below_the_smallest_while_that_fits(rows: list, room: int) -> None:
    natural = [n for n, _, _ in rows]
    least = [int(n * share) for n, share, _ in rows]
    found = distribute(natural, least, [s for _, _, s in rows], room)
    if sum(least) <= room:
        assert all(size >= low for size, low in zip(found, least, strict=True))


def test_stretch_is_a_proportion(app, show) -> None:
    show(lambda: Row(Spacer(stretch=2, name="two"), Spacer(stretch=1, name="one"), gap=0))
    two, one = app.find("two").rect.width, app.find("one").rect.width
    assert abs(two - 2 * one) <= 2


@pytest.mark.parametrize("scale", [1.0, 1.4, 2.0])
@pytest.mark.parametrize("size", [(1024, 640), (1600, 900), (2560, 1440)])
def test_children_stay_inside_and_apart(app, show, scale: float, size: tuple[int, int]) -> None:
    def make() -> Row:
        return Row(
            Card(Label("Left " * 30), Button("Press " * 8, None), title="Card", stretch=1),
            Column(*(Label(f"Line {i} " * 9) for i in range(6)), stretch=2),
            Grid(*(Button(f"B{i}", None) for i in range(7)), columns=[0, 1, 1], stretch=2),
            pad=12,
        )

    show(make)
    app.set_scale(scale)
    app.resize(size)
    app.pump()
    root = app.layers[0].root
    for widget in root.walk():
        for child in widget.children:
            assert widget.rect.contains(child.rect), (widget.name, child.name)
        if isinstance(widget, Row):
            for one, other in pairwise(widget.children):
                assert one.rect.right <= other.rect.left


def test_small_windows_cap_the_scale() -> None:
    assert best_scale(2.0, (1024, 640)) == 1.0
    assert best_scale(2.0, (2560, 1440)) == 2.0
    assert 1.0 < best_scale(2.0, (1600, 900)) < 2.0
    assert best_scale(0.5, (2560, 1440)) == 1.0


def test_hidden_widgets_take_no_room(app, show) -> None:
    show(lambda: Column(Label("a", name="a"), Label("b", name="b"), gap=4))
    before = app.find("b").rect.top
    app.find("a").visible = False
    app.pump()
    assert app.find("b").rect.top < before
    assert not app.has("a")


def test_a_scroll_view_gives_its_child_all_the_height_it_wants(app, show) -> None:
    show(
        lambda: Column(
            ScrollView(Column(*(Button(f"{i}", None) for i in range(60))), name="s"),
            Button("below", None, name="below"),
        )
    )
    view = app.find("s")
    assert view.rect.bottom <= app.find("below").rect.top
    assert app.find("below").rect.bottom <= 640
    assert view.children[0].rect.height > view.rect.height
