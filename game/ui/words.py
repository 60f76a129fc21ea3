"""Words that belong to the window alone: buttons, headings, hints."""

from __future__ import annotations

from game.text.catalogue import say


def word(key: str, lang: str, **args: object) -> str:
    """A word of the window in a language."""
    return say(f"ui.{key}", lang, **args)
