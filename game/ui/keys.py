"""The keys of the game, in one place; a person may remap them."""

from __future__ import annotations

from game.ui.kit import KeyMap

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
    "menu": ("f10",),
    "help": ("f12",),
}

_WORDS = {
    "end_turn": ("End the quarter", "结束本季度"),
    "section_1": ("Desk", "办公桌"),
    "section_2": ("Markets", "市场"),
    "section_3": ("Companies", "公司"),
    "section_4": ("Deals", "交易"),
    "section_5": ("Ledger", "总账"),
    "undo": ("Undo", "撤销"),
    "redo": ("Redo", "重做"),
    "save": ("Save", "存档"),
    "menu": ("Menu", "菜单"),
    "help": ("Help", "帮助"),
}


def action_word(action: str, lang: str) -> str:
    """What an action is called."""
    return _WORDS[action][1 if lang == "zh" else 0]


def make_keymap() -> KeyMap:
    """The key map as shipped."""
    keymap = KeyMap()
    for action, chords in ACTIONS.items():
        keymap.bind(action, *chords)
    return keymap
