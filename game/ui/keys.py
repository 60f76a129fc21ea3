"""The keys of the game, in one place; a person may remap them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Unpack

from game.ui.kit import Button, KeyMap
from game.ui.kit.context import Key, Options
from game.ui.words import word

ACTIONS: dict[str, tuple[str, ...]] = {
    "end_turn": ("ctrl+enter",),
    "section_1": ("f1",),
    "section_2": ("f2",),
    "section_3": ("f3",),
    "section_4": ("f4",),
    "section_5": ("f5",),
    "undo": ("ctrl+z",),
    "redo": ("ctrl+y", "ctrl+shift+z"),
    "save": ("ctrl+s",),
    "scale_up": ("ctrl+=",),
    "scale_down": ("ctrl+-",),
    "picture": ("f9",),
    "menu": ("f10",),
    "help": ("f12",),
    "back": ("escape",),
}
FIXED = ("back",)
"""Actions whose key stays: Esc also closes dialogues."""

RESERVED = ("enter", "space", "tab", "shift+tab", "escape", "left", "right", "up", "down")
"""Keys that widgets need."""


def action_word(action: str, lang: str) -> str:
    """What an action is called."""
    return word(f"key.{action}", lang)


def make_keymap(changed: Mapping[str, Sequence[str]] | None = None) -> KeyMap:
    """The key map as shipped, with what a person changed."""
    keymap = KeyMap(ACTIONS)
    keymap.load({a: chords for a, chords in (changed or {}).items() if a not in FIXED})
    return keymap


def changes(keymap: KeyMap) -> dict[str, list[str]]:
    """What differs from the map as shipped."""
    return {a: c for a, c in keymap.as_dict().items() if a in ACTIONS and c != list(ACTIONS[a])}


def may_bind(key: Key) -> bool:
    """Whether a key can start an action: not what widgets and typing need."""
    typed = len(key.name) == 1 and not (key.ctrl or key.alt)
    return key.chord not in RESERVED and not typed


class KeyButton(Button):
    """Shows the key of an action; pressed, it takes the next key instead.

    Args:
        asking: words while it waits for a key.
        on_key_chosen: gets the new key; what cannot be bound ends the waiting.
    """

    def __init__(
        self,
        text: str,
        asking: str,
        on_key_chosen: Callable[[Key], object],
        **options: Unpack[Options],
    ) -> None:
        super().__init__(text, self._ask, **options)
        self.usual, self.asking, self.chosen = text, asking, on_key_chosen
        self.waiting = False

    def _ask(self) -> None:
        self.waiting = True
        self.text = self.asking

    def _rest(self) -> None:
        self.waiting = False
        self.text = self.usual

    def on_focus(self, has: bool) -> None:
        super().on_focus(has)
        if not has and self.waiting:
            self._rest()

    def on_key(self, key: Key) -> bool:
        if not self.waiting:
            return super().on_key(key)
        self._rest()
        if key.chord != "escape":
            self.chosen(key)
        return True
