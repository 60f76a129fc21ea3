"""Menu, help and keys: the dialogues that every screen can open."""

from __future__ import annotations

from collections.abc import Callable

from game.text.catalogue import LANGUAGES
from game.ui import bits
from game.ui.keys import ACTIONS, FIXED, KeyButton, action_word, make_keymap, may_bind
from game.ui.kit import (
    Button,
    CheckBox,
    Column,
    Divider,
    Label,
    Modal,
    Option,
    Row,
    Segmented,
    Slider,
    Spacer,
    Widget,
)
from game.ui.kit.context import Key
from game.ui.settings import LARGEST_SCALE, SMALLEST_SCALE
from game.ui.window import SCALE_STEP, Window

MENU_WIDTH, HELP_WIDTH, KEYS_WIDTH = 480, 640, 520
KEY_WIDTH = 190


def show_menu(window: Window, in_game: bool) -> None:
    """Settings, save, help, leave."""
    box: list[Modal] = []

    def leaving(call: Callable[[], object]) -> Callable[[], None]:
        def press() -> None:
            box[0].close()
            call()

        return press

    def language(lang: str) -> None:
        box[0].close()
        window.set_language(lang)
        show_menu(window, in_game)

    content = Column(*_settings(window, language), Divider(), *_ways(window, leaving, in_game))
    title = window.word("menu" if in_game else "settings")
    box.append(window.app.modal(content, name="menu_box", title=title, width=MENU_WIDTH))


def _settings(window: Window, language: Callable[[str], None]) -> list[Widget]:
    word = window.word
    languages = [Option(lang, name) for lang, name in LANGUAGES.items()]
    return [
        Row(
            Label(word("language"), stretch=1),
            Segmented(languages, window.lang, language, name="language"),
            gap=12,
        ),
        Row(
            Label(word("full_scale"), stretch=1),
            Slider(
                window.app.scale,
                lambda value: None,
                low=SMALLEST_SCALE,
                high=LARGEST_SCALE,
                step=SCALE_STEP,
                on_release=window.set_scale,
                show=lambda value: f"{value:.0%}",
                name="scale",
                width=240,
            ),
            gap=12,
        ),
        CheckBox(word("hints"), window.settings.hints, window.set_hints, name="hints"),
    ]


def _ways(
    window: Window, leaving: Callable[[Callable[[], object]], Callable[[], None]], in_game: bool
) -> list[Widget]:
    word = window.word
    ways: list[tuple[str, str, str, Callable[[], object]]] = [
        ("help", "help", "help", lambda: show_help(window)),
        ("keys", "keys", "settings", lambda: show_keys(window)),
    ]
    if in_game:
        ways += [
            ("save", "save", "save", window.save),
            ("title", "title_again", "home", window.title),
        ]
    ways.append(("quit", "quit", "quit", window.quit))
    return [
        Button(word(text), leaving(call), icon=icon, name=f"menu/{key}", kind="quiet")
        for key, text, icon, call in ways
    ]


def show_help(window: Window) -> None:
    """What a quarter is, and the keys."""
    keys = [
        Row(
            Label(action_word(action, window.lang), stretch=1, style="small"),
            Label(window.app.keymap.label(action), style="mono"),
            gap=8,
        )
        for action in ACTIONS
    ]
    content = Column(
        bits.rich(window.word("help_text"), name="help_text"),
        Divider(),
        Label(window.word("keys"), style="subheading"),
        *keys,
        gap=6,
    )
    window.app.modal(content, name="help_box", title=window.word("help"), width=HELP_WIDTH)


def show_keys(window: Window) -> None:
    """The keys, each to be changed by pressing another."""
    box: list[Modal] = []

    def again() -> None:
        window.set_keys()
        window.refresh()
        box[0].close()
        show_keys(window)

    def reset() -> None:
        window.app.keymap.load(make_keymap().as_dict())
        again()

    rows = [_key(window, action, again) for action in ACTIONS]
    content = Column(
        Label(window.word("keys_hint"), style="small", color="muted", wrap=True), *rows, gap=4
    )
    foot = [
        Spacer(),
        Button(window.word("keys_reset"), reset, icon="refresh", name="keys/reset"),
    ]
    title = window.word("keys")
    box.append(
        window.app.modal(content, name="keys_box", title=title, width=KEYS_WIDTH, actions=foot)
    )


def _key(window: Window, action: str, again: Callable[[], None]) -> Widget:
    keymap = window.app.keymap

    def choose(key: Key) -> None:
        if not may_bind(key):
            window.app.toast(window.word("keys_refused"), "warning")
            return
        loser = keymap.rebind(action, key.chord)
        again()
        if loser is not None:
            told = window.word("keys_lost", action=action_word(loser, window.lang))
            window.app.toast(told, "warning")

    shown = keymap.label(action) or window.word("keys_none")
    button: Widget = KeyButton(
        shown,
        window.word("keys_press"),
        choose,
        enabled=action not in FIXED,
        tooltip=window.word("keys_fixed") if action in FIXED else None,
        name=f"key/{action}",
        width=KEY_WIDTH,
    )
    label = Label(action_word(action, window.lang), stretch=1, style="small", valign="center")
    return Row(label, button, gap=8)
