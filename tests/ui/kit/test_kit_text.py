"""Laws of text: what is drawn fits; what is cut stands in the tooltip; no glyph is missing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.ui.kit import Badge, Button, CheckBox, Column, Label, RichText, Row, Segmented, contrast
from game.ui.kit.rich import parse, plain_text
from game.ui.kit.words import ELLIPSIS, ellipsis, pieces, wrap
from game.ui.theme import COLORS, DARK, SERIES

words = st.text(alphabet="abc iWm 中文，。é", max_size=60)


def width(text: str) -> int:
    """A made-up font: Chinese is twice as wide."""
    return sum(16 if ord(c) > 0x2E80 else 8 for c in text)


@given(words, st.integers(0, 400))
def test_cut_text_fits(text: str, room: int) -> None:
    cut = ellipsis(text, room, width)
    assert width(cut) <= room or cut == ""
    assert cut == text or cut == "" or cut.endswith(ELLIPSIS)


@given(words, st.integers(16, 400), st.sampled_from([None, 1, 2, 3]))
def test_wrapped_lines_fit_and_lose_nothing(text: str, room: int, limit: int | None) -> None:
    lines = wrap(text, room, width, limit)
    assert all(width(line) <= room for line in lines)
    if limit is None:
        assert "".join("".join(lines).split()) == "".join(text.split())
    else:
        assert len(lines) <= limit


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("room", [60, 140, 700])
def test_no_text_is_wider_than_its_widget(app, show, scale: float, room: float) -> None:
    long = "魅族科技 Alibaba bought twenty-nine per cent of Meizu for five hundred and ninety"

    def make() -> Column:
        return Column(
            Label(long, name="line", width=room),
            Label(long, wrap=True, name="wrapped", width=room),
            Button(long, None, name="button", width=max(room, 80), icon="plus"),
            CheckBox(long, True, name="check", width=room),
            Badge(long, name="badge", width=room),
            RichText(f"**{long}** [{long}](x) tail", name="rich", width=max(room, 100)),
        )

    app.resize((2560, 1440))
    show(make)
    app.set_scale(scale)
    app.pump()
    measure = app.ctx.text_width
    for name, style in (("line", "body"), ("wrapped", "body")):
        label = app.find(name)
        assert all(
            measure(t, style) <= label.rect.width for t in label.shown_lines(label.rect.width)
        )
    button, check = app.find("button"), app.find("check")
    assert measure(button.shown_text(), "strong") <= button.rect.width
    assert measure(check.shown_text(), "body") <= check.rect.width
    rich = app.find("rich")
    for placed in rich.flow(rich.rect.width)[0]:
        if not placed.span.text.isspace():
            assert placed.rect.right <= rich.rect.width + 1


def test_what_is_cut_stands_in_the_tooltip(app, show, clock) -> None:
    text = "A text that is much longer than its label [and has brackets] in it"
    show(lambda: Row(Label(text, width=120, name="cut"), Label("short", name="whole")))
    app.hover("cut")
    clock.now += 1000
    app.pump()
    assert f"tooltip: {text}" in app.tree() or text in app.tree().split("tooltip", 1)[1]
    app.hover("whole")
    clock.now += 5000
    app.pump()
    assert "tooltip" not in app.tree()


def test_every_chinese_character_of_the_game_has_a_glyph(app) -> None:
    text = "阿里巴巴魅族小米苹果三星联想华为腾讯京东，。；：？！「」（）《》季度市场份额"
    fonts = app.ctx.fonts
    chain = fonts.chain("regular")
    assert all(any(fonts._has(file, char) for file in chain) for char in text)
    latin = "Zażółć gęślą Ελληνικά Привет → ← ↑ ↓ ≈ ≤ ≥ ▲ ▼ ★ − × · … € ¥ £ ½ ✓ ●"
    assert all(fonts._has(chain[0], char) for char in latin)


def test_figures_are_tabular(app) -> None:
    for style in ("body", "strong", "caption", "number"):
        assert len({app.ctx.text_width(d * 8, style) for d in "0123456789"}) == 1


def test_markup() -> None:
    line = parse("a **b** [c d](e) {positive|f} {icon:cash} \\[g]")[0]
    assert [
        (s.text, s.bold, s.target, s.color, s.icon) for s in line if s.text.strip() or s.icon
    ] == [
        ("a ", False, None, None, None),
        ("b", True, None, None, None),
        ("c d", False, "e", None, None),
        ("f", False, None, "positive", None),
        ("", False, None, None, "cash"),
        (" [g]", False, None, None, None),
    ]
    assert plain_text("**x**\n- y [z](q)") == "x\n- y z"


@given(st.text(max_size=80))
def test_no_text_breaks_the_markup(text: str) -> None:
    assert len(parse(text)) == text.count("\n") + 1


@pytest.mark.parametrize("ground", ["bg", "panel", "raised", "sunken", "ink"])
@pytest.mark.parametrize(
    "ink", ["text", "muted", "accent", "positive", "negative", "warning", "link"]
)
def test_text_contrast_is_aa(ink: str, ground: str) -> None:
    assert contrast(COLORS[ink], COLORS[ground]) >= 4.5


def test_words_on_buttons_and_series_can_be_seen() -> None:
    assert contrast(COLORS["on_accent"], COLORS["accent"]) >= 4.5
    assert contrast(COLORS["on_accent"], COLORS["danger"]) >= 4.5
    assert all(contrast(color, COLORS["panel"]) >= 3 for color in SERIES)
    assert contrast(COLORS["text"], COLORS["accent_soft"]) >= 4.5
    assert {f"series{i}" for i in range(len(SERIES))} <= set(DARK.colors)


def test_segments_share_their_room(app, show) -> None:
    show(lambda: Segmented(["One long choice", "Two", "Three"], "Two", name="s", width=160))
    boxes = app.find("s").boxes()
    assert sum(box.width for box in boxes) == app.find("s").rect.width


def test_brackets_do_not_stand_alone_at_the_edge_of_a_line() -> None:
    text = "小米（164美元至168美元、触达58%）；《自家》价格（1.00 × 至1.10 ×）。（"
    assert "".join(pieces(text)) == text
    for room in range(8, 40):
        for line in wrap(text, room, len)[:-1]:
            assert line[-1] not in "（《" or len(line) == 1
            assert line[0] not in "）；》。"
