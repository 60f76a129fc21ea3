"""The game's look: a night-ink palette with a warm accent, its type scale, and the app in it."""

from __future__ import annotations

from collections.abc import Callable

from game.resources import asset_path
from game.ui.kit import App, Color, FontBook, IconBook, KeyMap, TextStyle, Theme

SERIES: tuple[Color, ...] = (
    (230, 159, 0),  # orange
    (86, 180, 233),  # sky blue
    (0, 178, 131),  # bluish green, a little lighter than Okabe and Ito's for a dark ground
    (240, 228, 66),  # yellow
    (64, 138, 214),  # blue, lighter for a dark ground
    (232, 112, 42),  # vermilion
    (214, 136, 180),  # reddish purple
    (200, 206, 216),  # the same hues again, paler or darker: these come with dashes
    (186, 142, 60),
    (132, 204, 190),
    (168, 160, 230),
    (226, 170, 150),
)
"""Colours of series (Okabe and Ito 2008, told apart by colour-blind eyes; dashes from the 8th)."""

COLORS: dict[str, Color] = {
    "ink": (9, 13, 22),
    "bg": (13, 18, 29),
    "panel": (20, 27, 41),
    "raised": (29, 38, 55),
    "sunken": (10, 14, 23),
    "hover": (38, 49, 70),
    "press": (24, 32, 47),
    "line": (37, 47, 66),
    "line_strong": (60, 74, 100),
    "overlay": (5, 8, 14),
    "text": (233, 237, 244),
    "muted": (164, 175, 194),
    "faint": (122, 134, 156),
    "on_accent": (24, 18, 6),
    "accent": (232, 178, 88),
    "accent_soft": (58, 49, 36),
    "positive": (92, 200, 146),
    "negative": (240, 126, 108),
    "danger": (236, 126, 108),
    "warning": (240, 196, 90),
    "info": (112, 178, 236),
    "link": (130, 190, 245),
    "focus": (140, 200, 255),
    **{f"series{i}": color for i, color in enumerate(SERIES)},
}

TEXT: dict[str, TextStyle] = {
    "display": TextStyle(44, "bold", 1.15),
    "title": TextStyle(24, "semibold", 1.25),
    "heading": TextStyle(17, "semibold", 1.3),
    "subheading": TextStyle(15, "semibold", 1.35),
    "body": TextStyle(14.5, "regular", 1.45),
    "strong": TextStyle(14.5, "semibold", 1.45),
    "small": TextStyle(13, "regular", 1.42),
    "small_strong": TextStyle(13, "semibold", 1.42),
    "caption": TextStyle(12.5, "medium", 1.35),
    "number": TextStyle(14.5, "medium", 1.45),
    "big_number": TextStyle(28, "semibold", 1.2),
    "mono": TextStyle(13.5, "regular", 1.4),
}

DARK = Theme(COLORS, TEXT, {"small": 4, "medium": 7, "large": 11})

LATIN = {"regular": "Regular", "medium": "Medium", "semibold": "SemiBold", "bold": "Bold"}
CHINESE = {
    "regular": ("Regular",),
    "medium": ("Regular",),
    "semibold": ("SemiBold", "Regular"),
    "bold": ("SemiBold", "Regular"),
}

CHINESE_SIGNS = "“”‘’—…·"

KEYS: dict[str, tuple[str, ...]] = {
    "end_turn": ("ctrl+enter", "f9"),
    "undo": ("ctrl+z",),
    "redo": ("ctrl+y", "ctrl+shift+z"),
    "save": ("ctrl+s", "f5"),
    "load": ("ctrl+o", "f8"),
    "desk": ("f1",),
    "market": ("f2",),
    "company": ("f3",),
    "deal": ("f4",),
    "ledger": ("f6",),
    "menu": ("f10",),
    "help": ("ctrl+h",),
    "back": ("alt+left", "backspace"),
    "scale_up": ("ctrl+=",),
    "scale_down": ("ctrl+-",),
    "fullscreen": ("f11",),
}
"""Actions of the key map and their chords at first."""


def make_fonts(language: str = "en") -> FontBook:
    """Inter, then Noto Sans SC, then a system font, glyph by glyph.

    In Chinese the quotes, dashes and dots that both have come from the Chinese font.
    """
    files = {
        weight: [
            asset_path(f"fonts/Inter-{latin}.ttf"),
            *(asset_path(f"fonts/NotoSansSC-{part}.ttf") for part in CHINESE[weight]),
        ]
        for weight, latin in LATIN.items()
    }
    return FontBook(files, CHINESE_SIGNS if language.startswith("zh") else "")


def make_app(
    title: str,
    *,
    size: tuple[int, int] = (1440, 900),
    scale: float = 1.0,
    language: str = "en",
    keymap: KeyMap | None = None,
    clock: Callable[[], int] | None = None,
) -> App:
    """An app in the game's look.

    Args:
        size: window size in pixels.
        scale: UI scale, 1.0 to 2.0.
        language: code of the texts' language; Chinese gives its own glyphs the first place.
        clock: milliseconds; tests give their own.

    Raises:
        WrongPygame: pygame-ce is not what is installed.
    """
    return App(
        title,
        theme=DARK,
        fonts=make_fonts(language),
        icons=IconBook(asset_path("icons")),
        size=size,
        scale=scale,
        keymap=keymap or KeyMap(KEYS),
        icon=asset_path("icons/app.svg"),
        clock=clock,
    )
