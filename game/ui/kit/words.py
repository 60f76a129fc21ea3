"""Fitting text into a width: ellipsis and line breaking, for spaced scripts and for Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable

ELLIPSIS = "…"
_CJK = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_CLOSING = "，。、；：？！）》」』】〕〉”’％…·"
_OPENING = "（《「『【〔"
_PIECES = re.compile(rf"\s+|[{_OPENING}]*(?:[{_CJK}]|[^\s{_CJK}]+)[{_CLOSING}]*")

Width = Callable[[str], int]


def ellipsis(text: str, room: int, width: Width) -> str:
    """The longest beginning that fits in ``room`` pixels, ended by an ellipsis if cut."""
    if width(text) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip() + ELLIPSIS) <= room:
            low = middle
        else:
            high = middle - 1
    cut = text[:low].rstrip() + ELLIPSIS
    return cut if width(cut) <= room else ""


def pieces(text: str) -> list[str]:
    """Smallest parts that a line may be broken between; white space is a piece of its own.

    Closing signs stay with what is before them, opening ones with what is after.
    """
    return _PIECES.findall(text)


def _chop(word: str, room: int, width: Width) -> list[str]:
    """A word that is wider than the line, cut by characters."""
    parts, start = [], 0
    while start < len(word):
        end = start + 1
        while end < len(word) and width(word[start : end + 1]) <= room:
            end += 1
        parts.append(word[start:end])
        start = end
    return parts


def _wrap_paragraph(text: str, room: int, width: Width) -> list[str]:
    lines, line = [], ""
    for piece in pieces(text):
        if width((line + piece).rstrip()) <= room:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        whole = piece.strip()
        parts = _chop(whole, room, width) if width(whole) > room else [whole]
        lines.extend(parts[:-1])
        line = parts[-1] if parts else ""
    return [*lines, line.rstrip()]


def wrap(text: str, room: int, width: Width, limit: int | None = None) -> list[str]:
    """Lines of at most ``room`` pixels; past ``limit`` lines the last ends with an ellipsis."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_wrap_paragraph(paragraph, room, width))
    if limit is not None and len(lines) > limit:
        kept = lines[:limit]
        kept[-1] = ellipsis(kept[-1] + " " + lines[limit], room, width)
        if not kept[-1].endswith(ELLIPSIS):
            kept[-1] = ellipsis(kept[-1] + ELLIPSIS * 2, room, width)
        return kept
    return lines
