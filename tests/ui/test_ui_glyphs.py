"""Every sign that the game writes is in its own fonts: no boxes, in no weight that matters."""

from __future__ import annotations

from pathlib import Path

from fontTools.ttLib import TTFont

TEXTS = ("game/text", "game/ui", "game/session", "scenarios")
SUFFIXES = {".json", ".py", ".yaml"}
FONTS = "assets/fonts"


def signs(root: Path) -> set[str]:
    """All printable signs beyond ASCII in what can come on screen."""
    found: set[str] = set()
    for folder in TEXTS:
        for path in (root / folder).rglob("*"):
            if path.suffix in SUFFIXES:
                found |= set(path.read_text(encoding="utf-8"))
    return {sign for sign in found if ord(sign) > 0x7F and sign.isprintable()}


def missing(root: Path, *files: str) -> list[str]:
    """Signs that none of these fonts draws."""
    drawn: set[int] = set()
    for name in files:
        with TTFont(root / FONTS / name) as font:
            drawn |= set(font.getBestCmap())
    return sorted(sign for sign in signs(root) if ord(sign) not in drawn)


def test_every_sign_can_be_drawn(root: Path) -> None:
    left = missing(root, "Inter-Regular.ttf", "NotoSansSC-Regular.ttf")
    assert not left, "run tools/make_fonts.py"


def test_every_sign_can_be_drawn_bold(root: Path) -> None:
    left = missing(root, "Inter-SemiBold.ttf", "NotoSansSC-SemiBold.ttf")
    assert not left, "run tools/make_fonts.py"
