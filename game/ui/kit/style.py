"""How things look, as roles: colours by meaning, text styles by rank, radii, spacing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Color = tuple[int, int, int]
Paint = str | Color


@dataclass(frozen=True)
class TextStyle:
    """One rank of text: size in dp, weight (``regular medium semibold bold``), line spacing."""

    size: float
    weight: str = "regular"
    line: float = 1.4


@dataclass(frozen=True)
class Theme:
    """Everything that a widget needs to draw itself.

    Attributes:
        colors: role → colour; series colours are ``series0``, ``series1``, ….
        text: style name → TextStyle.
        radii: ``small``, ``medium`` and ``large`` corner radii in dp.
        unit: the spacing unit in dp.
    """

    colors: Mapping[str, Color]
    text: Mapping[str, TextStyle]
    radii: Mapping[str, float]
    unit: float = 4.0

    def color(self, paint: Paint) -> Color:
        """The colour of a role; a colour is returned as it is.

        Raises:
            KeyError: no such role.
        """
        return self.colors[paint] if isinstance(paint, str) else paint

    def style(self, name: str) -> TextStyle:
        """A text style by name.

        Raises:
            KeyError: no such style.
        """
        return self.text[name]


def mix(one: Color, other: Color, share: float) -> Color:
    """``share`` of the second colour in the first, 0 to 1."""
    keep = 1.0 - share
    return (
        round(one[0] * keep + other[0] * share),
        round(one[1] * keep + other[1] * share),
        round(one[2] * keep + other[2] * share),
    )


def luminance(color: Color) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.1)."""
    parts = [c / 255 for c in color]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Color, other: Color) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.1): text wants 4.5, large text 3."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
