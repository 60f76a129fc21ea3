"""What is wrong with a scenario, and where: one record for every kind of fault."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable

ERROR, WARNING = "error", "warning"
_LISTED = 32


@dataclasses.dataclass(frozen=True)
class Fault:
    """One thing wrong with a file.

    A fault of the file as a whole (missing, a directory, not text, empty) has row 0.
    """

    file: str
    row: int
    """Line in the file, from 1; 0 for the file as a whole."""
    column: int
    """From 1."""
    path: str
    """Where in the scenario: ``companies[1].cash``."""
    what: str
    allowed: str = ""
    did_you_mean: str = ""
    severity: str = ERROR

    @property
    def unreadable(self) -> bool:
        """The file as a whole cannot be used."""
        return self.row == 0

    def line(self) -> str:
        """``file:line:column: path: what, allowed, did you mean``, in one line."""
        place = self.file if self.unreadable else f"{self.file}:{self.row}:{self.column}"
        head = f"{self.path}: {self.what}" if self.path else self.what
        parts = [head]
        if self.allowed:
            parts.append(f"allowed: {self.allowed}")
        if self.did_you_mean:
            parts.append(f"did you mean {self.did_you_mean}?")
        mark = "warning: " if self.severity == WARNING else ""
        return " ".join(f"{place}: {mark}{', '.join(parts)}".split())

    def record(self) -> dict[str, object]:
        """The fault for ``--json``."""
        made = dataclasses.asdict(self)
        made["line"] = made.pop("row")
        return made


def nearest(word: str, words: Iterable[str]) -> str:
    """The known word most like an unknown one; empty when none is."""
    known = list(words)
    found = difflib.get_close_matches(word[:80], known, n=1, cutoff=0.6)
    if not found:
        lowered = {candidate.lower(): candidate for candidate in known}
        found = [lowered[word.lower()]] if word.lower() in lowered else []
    return found[0] if found else ""


def listed(words: Iterable[str]) -> str:
    """Words as a list for people, cut when it is long."""
    known = list(words)
    more = f", … ({len(known)} in all)" if len(known) > _LISTED else ""
    return ", ".join(known[:_LISTED]) + more
