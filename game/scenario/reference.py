"""How often a reference player wins: by seat and level of the rivals, measured and stored.

``lesson.reference.json`` stands beside ``lesson.yaml``. A cell is one seat against one level; it
says how many games were played, so that whoever reads it can tell how sure it is.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from game.core.errors import UserError
from game.core.ruleset import Ruleset
from game.resources import asset_text

SUFFIX = ".reference.json"
LEVELS_FILE = "levels.json"


@dataclasses.dataclass(frozen=True)
class Cell:
    """One seat against one level."""

    wins: int
    games: int
    low: float
    """95 % Wilson interval of the part won."""
    high: float
    seed: int
    """Of the seat's games; the first seat's is the plan's own."""

    @property
    def rate(self) -> float:
        """Part of the games that the reference player won."""
        return self.wins / self.games


@dataclasses.dataclass(frozen=True)
class Reference:
    """The table of a scenario."""

    player: str
    """The policy that took the seat."""
    version: str
    """Of the engine that played."""
    scenario: str
    """Digest of the scenario that was played."""
    levels: str
    """Digest of the levels that were played against."""
    cells: Mapping[tuple[str, str], Cell]
    """(company, level) to its cell."""

    def fresh(self, ruleset: Ruleset) -> bool:
        """Whether scenario and levels are those that were measured."""
        return self.scenario == ruleset.digest and self.levels == levels_digest()


def levels_digest() -> str:
    """Digest of the levels' data."""
    rows = json.loads(asset_text(LEVELS_FILE))
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:16]


def reference_path(scenario: Path) -> Path:
    """Where a scenario's table stands."""
    return scenario.with_name(scenario.name.rpartition(".")[0] + SUFFIX)


def read_reference(scenario: Path) -> Reference | None:
    """The table beside a scenario; None when there is none that can be used."""
    try:
        data = json.loads(reference_path(scenario).read_text("utf-8"))
        cells = {
            (str(uid), str(level)): _cell(row)
            for uid, levels in data["companies"].items()
            for level, row in levels.items()
        }
        return Reference(
            str(data["player"]), str(data["engine"]), str(data["scenario_digest"]),
            str(data["levels_digest"]), cells,
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _cell(row: Mapping[str, Any]) -> Cell:
    low, high = (float(figure) for figure in row["interval"])
    cell = Cell(int(row["wins"]), int(row["games"]), low, high, int(row["seed"]))
    if not (0 <= cell.wins <= cell.games and cell.games > 0 and 0.0 <= low <= high <= 1.0):
        raise ValueError("a cell out of range")
    return cell


def write_reference(scenario: Path, ruleset: Ruleset, table: Reference) -> Path:
    """Write the table beside its scenario.

    Raises:
        UserError: it cannot be written.
    """
    companies: dict[str, dict[str, Any]] = {}
    for company in ruleset.companies:
        mine = {level: cell for (uid, level), cell in table.cells.items() if uid == company.uid}
        if mine:
            companies[company.uid] = {level: _row(mine[level]) for level in sorted(mine)}
    data = {
        "scenario": ruleset.uid,
        "scenario_digest": table.scenario,
        "levels_digest": table.levels,
        "engine": table.version,
        "player": table.player,
        "companies": companies,
    }
    path = reference_path(scenario)
    aside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        aside.write_text(json.dumps(data, indent=1) + "\n", "utf-8")
        os.replace(aside, path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise UserError(
            f"the table cannot be written: {error.strerror}", str(path), "check the folder's rights"
        ) from error
    return path


def _row(cell: Cell) -> dict[str, Any]:
    interval = [round(cell.low, 4), round(cell.high, 4)]
    return {
        "wins": cell.wins,
        "games": cell.games,
        "rate": round(cell.rate, 4),
        "interval": interval,
        "seed": cell.seed,
    }
