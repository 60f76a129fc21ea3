"""Settings, keys, hints, work behind the window, and leaving."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from game.scenario.loader import Scenario
from game.ui.app import make_window
from game.ui.keys import ACTIONS, make_keymap
from game.ui.screens.menu import show_keys, show_menu
from game.ui.settings import Settings, settings_path


def test_language_and_scale_are_remembered(player: Any, own_home: Path) -> None:
    player.app.resize((1920, 1080))
    player.click("menu")
    player.click("language", part="zh")
    assert player.says("新游戏")
    assert player.app.has("menu_box"), "the menu stays open, in the new language"
    player.app.find("scale").focus()
    player.press("right")
    kept = json.loads(settings_path().read_text(encoding="utf-8"))
    assert kept["lang"] == "zh"
    assert kept["scale"] > 1.0
    assert Settings.load().lang == "zh"
    assert not list(own_home.glob("*.part"))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"lang": 3, "scale": "x", "keys": [], "hints": 1}', '{"scale": 9}']
)
def test_a_broken_file_is_as_shipped(own_home: Path, text: str) -> None:
    settings_path().write_text(text, encoding="utf-8")
    found = Settings.load()
    assert (found.lang, found.scale, found.hints, found.keys) == ("en", 1.0, True, {})


def test_a_file_of_rubbish_is_as_shipped(own_home: Path) -> None:
    settings_path().write_bytes(bytes(range(256)))
    assert Settings.load().scale == 1.0


def test_settings_without_a_path_write_nothing(own_home: Path) -> None:
    Settings(lang="zh").save()
    assert not settings_path().exists()


def test_every_action_has_a_key_and_no_key_two_actions() -> None:
    chords = [chord for chords in ACTIONS.values() for chord in chords]
    assert len(chords) == len(set(chords))
    assert all(make_keymap().label(action) for action in ACTIONS)


def test_a_key_is_changed_used_and_remembered(start: Any, lesson: Scenario) -> None:
    player = start(lesson, "kite")
    show_keys(player.window)
    player.app.pump()
    player.click("key/end_turn")
    player.press("f7")
    player.press("escape")
    player.press("ctrl+enter")
    assert player.game.turn == 0
    player.press("f7")
    assert player.game.turn == 1
    again = make_window(settings=Settings.load())
    assert again.app.keymap.chords("end_turn") == ["f7"]


def test_a_key_that_typing_needs_is_refused(start: Any, lesson: Scenario) -> None:
    player = start(lesson, "kite")
    show_keys(player.window)
    for chord in ("a", "tab", "enter"):
        player.click("key/save")
        player.press(chord)
        assert player.app.keymap.chords("save") == ["ctrl+s"]


def test_a_key_taken_from_another_action_is_told(start: Any, lesson: Scenario) -> None:
    player = start(lesson, "kite")
    show_keys(player.window)
    player.click("key/save")
    player.press("f1")
    assert player.app.keymap.chords("save") == ["f1"]
    assert player.says("has lost its key")
    player.click("keys/reset")
    assert player.app.keymap.as_dict() == make_keymap().as_dict()


def test_hints_explain_and_go_away_for_good(start: Any, flagship: Scenario) -> None:
    player = start(flagship, "meizu")
    assert player.says("First quarter")
    player.click("hint/close")
    assert not player.app.has("hint")
    player.press("f2")
    assert player.app.has("hint"), "every screen has its own"
    player.click("hint/off")
    player.press("f1")
    assert not player.app.has("hint")
    assert not Settings.load().hints


def test_hints_end_after_three_quarters(start: Any, lesson: Scenario) -> None:
    player = start(lesson, "kite")
    for _ in range(3):
        assert player.app.has("hint")
        player.end_quarter()
    assert not player.app.has("hint")


def test_short_work_shows_no_panel_and_long_work_does(start: Any, lesson: Scenario) -> None:
    player = start(lesson, "kite")
    seen: list[object] = []
    player.window.work("short", lambda: 7, seen.append)
    player.wait()
    assert seen == [7]
    assert not player.app.has("waiting")
    gate = threading.Event()
    player.window.work("Thinking", lambda: gate.wait(60), seen.append)
    assert player.window.busy, "at once, before the panel shows"
    while not player.app.has("waiting"):
        player.app.pump()
    player.app.press("ctrl+enter")
    assert player.game.turn == 0, "no orders meanwhile"
    gate.set()
    player.wait()
    assert not player.app.has("waiting")
    assert seen == [7, True]


def test_a_crash_behind_the_window_is_told_and_kept(
    start: Any, lesson: Scenario, own_home: Path
) -> None:
    player = start(lesson, "kite")

    def broken() -> None:
        raise ZeroDivisionError("by nothing")

    player.window.work("x", broken, lambda result: None)
    player.wait()
    assert player.says("Something went wrong")
    assert "by nothing" in (own_home / "crash.txt").read_text(encoding="utf-8")
    player.end_quarter()


def test_closing_asks_once_saves_and_leaves(start: Any, lesson: Scenario) -> None:
    player = start(lesson, "kite")
    app = player.app
    app.running = True
    app.ask_quit()
    app.ask_quit()
    assert sum(layer.kind == "modal" for layer in app.layers) == 1
    player.click("quit_box/cancel")
    assert app.running
    app.ask_quit()
    player.click("quit_box/ok")
    assert not app.running
    assert player.game.path is not None
    assert player.game.path.exists()


def test_closing_while_rivals_think_waits_for_them(start: Any, lesson: Scenario) -> None:
    player = start(lesson, "kite")
    gate = threading.Event()
    player.app.running = True
    player.window.work("Thinking", lambda: gate.wait(60), lambda result: None)
    player.app.ask_quit()
    assert player.app.running
    gate.set()
    player.wait()
    assert not player.app.running


def test_leaving_to_the_title_keeps_the_orders(start: Any, lesson: Scenario) -> None:
    player = start(lesson, "kite")
    player.window.verb("set_notch", 4)
    show_menu(player.window, True)
    player.app.pump()
    player.click("menu/title")
    player.click("continue")
    assert player.game.draft.notch == 4
