"""Posted events: clicks, focus order, typing, dragging, dialogues, tooltips, key map."""

from __future__ import annotations

import pygame
import pytest

from game.ui.kit import (
    Button,
    Card,
    CheckBox,
    Choice,
    Column,
    DropDown,
    IconButton,
    KeyMap,
    Label,
    Option,
    Page,
    RichText,
    Row,
    ScrollView,
    Segmented,
    Slider,
    Stepper,
    Tabs,
    TextEntry,
    Toggle,
)


def test_a_click_presses_and_a_drag_away_does_not(app, show) -> None:
    heard = []
    show(
        lambda: Column(
            Button("Go", lambda: heard.append(1), name="go", align="start"), Label("x", name="x")
        )
    )
    app.click("go")
    assert heard == [1]
    app.drag(app.find("go").rect.center, (900, 600))
    assert heard == [1]
    app.find("go").enabled = False
    app.click("go")
    assert heard == [1]


def test_tab_goes_in_reading_order_and_round(app, show) -> None:
    show(
        lambda: Column(
            Row(Button("a", None, name="a"), Button("b", None, name="b")),
            TextEntry(name="c"),
            Button("d", None, name="d", enabled=False),
        )
    )
    seen = []
    for _ in range(4):
        app.press("tab")
        seen.append(app.focused.name)
    assert seen == ["a", "b", "c", "a"]
    app.press("shift+tab")
    assert app.focused.name == "c"
    assert "[focused]" in app.tree()


def test_arrows_go_to_the_nearest_in_their_direction(app, show) -> None:
    rows = [[Button(f"{r}{c}", None, name=f"{r}{c}") for c in range(3)] for r in range(3)]
    show(lambda: Column(*(Row(*row) for row in rows)))
    app.find("11").focus()
    for key, name in (("right", "12"), ("down", "22"), ("left", "21"), ("up", "11")):
        app.press(key)
        assert app.focused.name == name


def test_enter_and_space_press_the_focused(app, show) -> None:
    heard = []
    show(
        lambda: Column(
            CheckBox("tick", False, heard.append, name="tick"),
            Toggle("turn", True, heard.append, name="turn"),
        )
    )
    app.press("tab", "space", "tab", "enter")
    assert heard == [True, False]


def test_typing_selecting_and_the_clipboard(app, show) -> None:
    sent = []
    show(lambda: TextEntry("Meizu", on_submit=sent.append, name="e", limit=12))
    entry = app.find("e")
    entry.focus()
    app.press("end")
    app.type_text(" 魅族")
    assert entry.text == "Meizu 魅族"
    app.press("ctrl+a", "ctrl+c", "end", "ctrl+v")
    assert entry.text == "Meizu 魅族Meiz"
    app.press("ctrl+z", "ctrl+z")
    assert entry.text == "Meizu"
    app.press("ctrl+y")
    assert entry.text == "Meizu 魅族"
    app.press("shift+left", "shift+left", "backspace", "ctrl+backspace")
    assert entry.text == ""
    app.type_text("ok")
    app.press("enter")
    assert sent == ["ok"]


def test_letters_typed_into_an_entry_start_no_action(app, show) -> None:
    app.keymap = KeyMap({"desk": ["d"], "save": ["ctrl+s"]})
    screen = show(lambda: TextEntry(name="e"))
    app.press("d")
    assert screen.actions == ["desk"]
    app.find("e").focus()
    app.press("d", "ctrl+s")
    assert screen.actions == ["desk", "save"]


def test_input_methods_show_what_they_compose(app, show) -> None:
    show(lambda: TextEntry("", name="e"))
    entry = app.find("e")
    entry.focus()
    app.pump([pygame.event.Event(pygame.TEXTEDITING, text="ni", start=0, length=2)])
    assert (entry.composing, entry.text) == ("ni", "")
    app.press("backspace")
    app.type_text("你")
    assert (entry.composing, entry.text) == ("", "你")


def test_sliders_by_mouse_and_keys(app, show) -> None:
    heard = []
    show(lambda: Slider(0, heard.append, low=-2, high=2, step=1, name="s", width=300))
    slider = app.find("s")
    track = slider.track()
    app.drag(slider.part("knob").center, (track.right, track.centery))
    assert heard[-1] == 2
    app.press("left", "home")
    assert heard[-2:] == [1, -2]
    assert all(value == int(value) for value in heard)


def test_a_drag_survives_a_rebuild(app, show) -> None:
    values = [0.5]

    def moved(value: float) -> None:
        values.append(value)
        screen.rebuild()

    screen = show(lambda: Slider(values[-1], moved, name="s", width=400, align="start"))
    track = app.find("s").track()
    y, make = track.centery, pygame.event.Event
    app.pump([make(pygame.MOUSEBUTTONDOWN, pos=app.find("s").part("knob").center, button=1)])
    for x in (track.left + 20, track.left + 60, track.left + 100):
        app.pump([make(pygame.MOUSEMOTION, pos=(x, y), rel=(0, 0), buttons=(1, 0, 0))])
    assert values[-1] == pytest.approx(100 / track.width, abs=0.01)


def test_steppers_stop_at_their_ends(app, show) -> None:
    show(lambda: Stepper(2, None, low=0, high=3, name="s"))
    app.click("s", "plus")
    app.click("s", "plus")
    assert app.find("s").number == 3
    app.press("home", "left")
    assert app.find("s").number == 0


def test_segments_and_radio(app, show) -> None:
    heard = []
    options = [Option("a", "Aa"), Option("b", "Bb", enabled=False), Option("c", "Cc")]
    show(
        lambda: Column(
            Segmented(options, "a", heard.append, name="s"),
            Segmented(options, "a", heard.append, kind="radio", name="r"),
        )
    )
    app.click("s", "c")
    app.click("s", "b")
    app.click("r", "c")
    app.press("up")
    assert heard == ["c", "c", "a"]
    assert 'radio "r": (Aa) | Bb | Cc' in app.tree()


def test_a_drop_down_opens_chooses_and_closes(app, show) -> None:
    heard = []
    names = [f"Company {i}" for i in range(40)]
    show(lambda: DropDown(names, names[3], heard.append, name="d", align="start"))
    app.click("d")
    assert app.has("d/menu")
    app.press("down", "enter")
    assert heard == [names[4]]
    assert not app.has("d/menu")
    app.click("d")
    app.press("escape")
    assert not app.has("d/menu")
    assert app.focused is app.find("d")
    app.click("d")
    app.click_at((1000, 20))
    assert not app.has("d/menu")


def test_dialogues_keep_clicks_keys_and_actions(app, show) -> None:
    heard = []
    screen = show(lambda: Button("under", lambda: heard.append("under"), name="under"))
    app.confirm(
        "Leave?",
        "Not [saved](save).",
        [Choice("stay", "Stay"), Choice("leave", "Leave", lambda: heard.append("leave"))],
    )
    app.click_at(app.find("under").rect.center)
    app.press("ctrl+s")
    assert (heard, screen.actions) == ([], [])
    names = set()
    for _ in range(6):
        app.press("tab")
        names.add(app.focused.name)
    assert "under" not in names
    app.click("confirm/leave")
    assert heard == ["leave"]
    assert not app.has("confirm")


def test_dialogues_nest_and_escape_closes_the_top(app, show) -> None:
    closed = []
    show(lambda: Label("below"))
    app.modal(Label("one"), name="one", on_close=lambda: closed.append("one"))
    app.modal(Label("two"), name="two", on_close=lambda: closed.append("two"))
    app.press("escape")
    assert closed == ["two"]
    app.click("one/close")
    assert closed == ["two", "one"]


def test_toasts_go_by_themselves(app, show, clock) -> None:
    show(lambda: Label("below"))
    app.toast("Saved", "positive")
    app.pump()
    assert "Saved" in app.tree()
    clock.now += 5000
    app.pump()
    assert "Saved" not in app.tree()


def test_tooltips_nest(app, show, clock) -> None:
    app.explain = lambda target: {"meizu": "A [firm](firm)", "firm": "Sells phones"}.get(target)
    screen = show(
        lambda: Column(
            RichText("About [Meizu](meizu)", name="text"),
            Label("far", name="far", valign="end", stretch=1),
        )
    )
    app.hover("text", "meizu")
    clock.now += 1000
    app.pump()
    assert len(app.tips.layers()) == 1
    tip = app.tips.layers()[0].root.content
    pos = tip.part("firm").center
    app.pump([pygame.event.Event(pygame.MOUSEMOTION, pos=pos, rel=(0, 0), buttons=(0, 0, 0))])
    clock.now += 1000
    app.pump()
    assert [layer.kind for layer in app.layers].count("tip") == 2
    assert "Sells phones" in app.tree()
    app.click_at(pos)
    assert screen.links == ["firm"]
    app.hover("far")
    clock.now += 1000
    app.pump()
    assert not app.tips.layers()


def test_cards_can_be_buttons(app, show) -> None:
    heard = []
    show(lambda: Card(Label("inside"), name="card", on_click=lambda: heard.append(1)))
    app.click("card")
    app.press("tab", "enter")
    assert heard == [1, 1]


def test_the_wheel_scrolls_and_tab_brings_into_sight(app, show) -> None:
    show(
        lambda: ScrollView(
            Column(*(Button(f"{i}", None, name=f"b{i}") for i in range(60))), name="s"
        )
    )
    view = app.find("s")
    app.scroll("s", -3)
    assert view.scroller.offset > 0
    app.press("end") if app.focused else None
    app.find("b59").focus()
    app.reveal(app.find("b59"))
    assert view.rect.contains(app.find("b59").rect)
    with pytest.raises(LookupError, match="out of sight"):
        app.click("b0")


def test_the_drag_bar_scrolls(app, show) -> None:
    show(lambda: ScrollView(Column(*(Label(f"{i}") for i in range(90))), name="s"))
    view = app.find("s")
    app.drag((view.rect.right - 4, view.rect.top + 20), (view.rect.right - 4, view.rect.bottom))
    assert view.scroller.offset == view.scroller.most


def test_a_rebuild_keeps_focus_scroll_place_and_tab(app, show) -> None:
    def make() -> Tabs:
        return Tabs(
            [
                Page("a", "A", lambda: Label("page a")),
                Page(
                    "b",
                    "B",
                    lambda: ScrollView(
                        Column(*(Button(f"{i}", None, name=f"b{i}") for i in range(60))), name="s"
                    ),
                ),
            ],
            name="tabs",
        )

    screen = show(make)
    app.click("tabs", "b")
    app.scroll("s", -4)
    app.click("b12")
    offset = app.find("s").scroller.offset
    screen.rebuild()
    app.pump()
    assert app.find("s").scroller.offset == offset
    assert app.focused is app.find("b12")


def test_keys_can_be_mapped_anew() -> None:
    keys = KeyMap({"undo": ["ctrl+z"], "save": ["Ctrl+S", "f5"]})
    assert keys.label("save") == "Ctrl+S"
    assert keys.rebind("undo", "shift+ctrl+z") is None
    assert keys.action("ctrl+shift+z") == "undo"
    assert keys.rebind("undo", "f5") == "save"
    assert keys.chords("save") == ["ctrl+s"]
    other = KeyMap({"undo": [], "save": []})
    other.load(keys.as_dict())
    assert other.as_dict() == keys.as_dict()


def test_icon_buttons_say_what_they_do(app, show) -> None:
    show(lambda: IconButton("undo", None, label="Undo", name="undo"))
    assert 'button "undo": Undo' in app.tree()


def test_unknown_names_are_answered_with_near_ones(app, show) -> None:
    show(lambda: Button("End", None, name="end_turn"))
    with pytest.raises(LookupError, match="end_turn"):
        app.find("end_trun")
