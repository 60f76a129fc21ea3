"""Write docs/notation.md from the letters and the declared fields: each fact is said once.

Run as ``python tools/make_notation.py`` (or ``make notation``) after changing a field.
"""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any

from game.core.axes import LETTERS, array_fields
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.observation import Observation
from game.play.orders import Orders
from game.play.packages import Packages
from game.play.report import Report

PAGE = Path(__file__).resolve().parent.parent / "docs" / "notation.md"
RECORDS = (State, Ruleset, Orders, Packages, Observation, Report)
TYPES = {"f8": "real", "f4": "real", "?": "yes or no", "u8": "count"}

HEAD = """\
# Notation

Made by `tools/make_notation.py` from `game/core/axes.py` and the field declarations; do not edit.

## Letters

Every array names its axes with these letters, in this order, worlds last.

| letter | index |
|---|---|
"""

FIELDS_HEAD = """\
| field | axes | unit | kind | meaning |
|---|---|---|---|---|
"""


def letters() -> str:
    """Rows of the table of letters."""
    return "".join(f"| {letter} | {_cell(meaning)} |\n" for letter, meaning in LETTERS.items())


def section(record: type[Any]) -> str:
    """Heading, first sentence and table of fields of one record."""
    summary = (record.__doc__ or "").strip().split("\n\n")[0]
    rows = "".join(row(field) for field in array_fields(record))
    place = f"`{record.__module__}`"
    return f"\n## {record.__name__}\n\n{' '.join(summary.split())} {place}\n\n{FIELDS_HEAD}{rows}"


def row(field: dataclasses.Field[Any]) -> str:
    """Row of one declared array."""
    declared = field.metadata
    kind = TYPES.get(str(declared["dtype"]), "whole number")
    unit = "" if declared["unit"] == "-" else declared["unit"]
    cells = (f"`{field.name}`", " ".join(declared["axes"]), unit, kind, declared["note"])
    return f"| {' | '.join(_cell(cell) for cell in cells)} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def page() -> str:
    """The whole page."""
    return HEAD + letters() + "".join(section(record) for record in RECORDS)


def main() -> None:
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"Wrote {PAGE}\n")


if __name__ == "__main__":
    main()
