"""What a person has set: language, scale, keys, hints. One small file beside the saves."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from game.resources import user_data_dir
from game.text.catalogue import FALLBACK, LANGUAGES

FILE = "settings.json"
SMALLEST_SCALE, LARGEST_SCALE = 1.0, 2.0


def settings_path() -> Path:
    """Where settings are kept."""
    return user_data_dir() / FILE


@dataclass
class Settings:
    """A person's settings; without a ``path`` nothing is ever written."""

    lang: str = FALLBACK
    scale: float = 1.0
    """UI scale, 1.0 to 2.0."""
    hints: bool = True
    """Whether the first quarters are explained."""
    keys: dict[str, list[str]] = field(default_factory=dict)
    """Chords of actions that were changed."""
    path: Path | None = None

    @classmethod
    def load(cls, path: Path | None = None) -> Settings:
        """Settings of a file; whatever is missing or broken there is as shipped.

        Args:
            path: the file; None: the person's own.
        """
        place = path or settings_path()
        try:
            data = json.loads(place.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            data = {}
        found = cls(path=place)
        if isinstance(data, dict):
            found._take(data)
        return found

    def _take(self, data: dict[str, Any]) -> None:
        lang, scale, hints = data.get("lang"), data.get("scale"), data.get("hints")
        if isinstance(lang, str) and lang in LANGUAGES:
            self.lang = lang
        if isinstance(scale, (int, float)) and SMALLEST_SCALE <= scale <= LARGEST_SCALE:
            self.scale = float(scale)
        if isinstance(hints, bool):
            self.hints = hints
        keys = data.get("keys")
        if isinstance(keys, dict):
            self.keys = {a: chords for a, chords in keys.items() if _are_chords(chords)}

    def save(self) -> None:
        """Write aside and rename; a full disk or a locked folder is no reason to stop playing."""
        if self.path is None:
            return
        data = {"lang": self.lang, "scale": self.scale, "hints": self.hints, "keys": self.keys}
        aside = self.path.with_suffix(".part")
        with contextlib.suppress(OSError):
            aside.write_text(json.dumps(data, indent=1, ensure_ascii=False), encoding="utf-8")
            os.replace(aside, self.path)


def _are_chords(chords: object) -> bool:
    return isinstance(chords, list) and all(isinstance(one, str) and one for one in chords)
