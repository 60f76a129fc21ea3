"""Keys by name, and the map from keys to a game's actions, which players may change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pygame

from game.ui.kit.context import Key

NAMES = {
    "return": "enter",
    "keypad enter": "enter",
    "escape": "escape",
    "page up": "pageup",
    "page down": "pagedown",
    "left shift": "",
    "right shift": "",
    "left ctrl": "",
    "right ctrl": "",
    "left alt": "",
    "right alt": "",
}
SHOWN = {
    "ctrl": "Ctrl",
    "shift": "Shift",
    "alt": "Alt",
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "pageup": "PgUp",
    "pagedown": "PgDn",
}
MODIFIERS = ("ctrl", "alt", "shift")


def key_of(code: int, modifiers: int) -> Key | None:
    """The key of a pygame event; None for a lone modifier. Command counts as Ctrl."""
    name = pygame.key.name(code)
    name = NAMES.get(name, name)
    if not name:
        return None
    ctrl = bool(modifiers & (pygame.KMOD_CTRL | pygame.KMOD_META))
    return Key(name, ctrl, bool(modifiers & pygame.KMOD_SHIFT), bool(modifiers & pygame.KMOD_ALT))


def code_of(chord: str) -> tuple[int, int]:
    """Key code and modifier bits of a chord.

    Raises:
        ValueError: no such key.
    """
    *marks, name = normal(chord).split("+") if chord != "+" else ["+"]
    back = {short: long for long, short in NAMES.items() if short and long != "keypad enter"}
    bits = {"ctrl": pygame.KMOD_LCTRL, "alt": pygame.KMOD_LALT, "shift": pygame.KMOD_LSHIFT}
    return pygame.key.key_code(back.get(name, name)), sum(bits[mark] for mark in marks)


def normal(chord: str) -> str:
    """A chord in its one written form: small letters, modifiers in order, the key last."""
    *marks, name = chord.lower().replace(" ", "").split("+")
    return "+".join([*(m for m in MODIFIERS if m in marks), name])


class KeyMap:
    """Chords and the actions that they start."""

    def __init__(self, bindings: Mapping[str, Sequence[str]] | None = None) -> None:
        self._chords: dict[str, list[str]] = {}
        for action, chords in (bindings or {}).items():
            self.bind(action, *chords)

    def bind(self, action: str, *chords: str) -> None:
        """Give an action its chords, in place of any that it had."""
        self._chords[action] = [normal(chord) for chord in chords]

    def rebind(self, action: str, chord: str) -> str | None:
        """Give an action one new chord; returns the action that lost it, if any did."""
        chord = normal(chord)
        loser = self.action(chord)
        if loser is not None:
            self._chords[loser].remove(chord)
        self._chords[action] = [chord]
        return loser if loser != action else None

    def action(self, chord: str) -> str | None:
        """The action of a chord."""
        return next((a for a, chords in self._chords.items() if chord in chords), None)

    def actions(self) -> list[str]:
        """All actions."""
        return list(self._chords)

    def chords(self, action: str) -> list[str]:
        """Chords of an action."""
        return list(self._chords.get(action, ()))

    def label(self, action: str) -> str:
        """The first chord as shown to people, such as ``Ctrl+Z``; empty if it has none."""
        chords = self._chords.get(action)
        if not chords:
            return ""
        parts = chords[0].split("+")
        return "+".join(SHOWN.get(part, part.upper() if len(part) < 4 else part) for part in parts)

    def as_dict(self) -> dict[str, list[str]]:
        """For a settings file."""
        return {action: list(chords) for action, chords in self._chords.items()}

    def load(self, data: Mapping[str, Sequence[str]]) -> None:
        """Take chords of known actions from a settings file."""
        for action, chords in data.items():
            if action in self._chords:
                self.bind(action, *chords)
