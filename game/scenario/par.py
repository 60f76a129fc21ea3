"""The par table beside a scenario: what a reference player reaches from each seat.

``lesson.par.json`` stands beside ``lesson.yaml``; where that folder cannot be written, or the table
is a quick one made on opening a game, in the person's own data folder.
"""

from __future__ import annotations

import dataclasses
import json
import math
import os
from pathlib import Path
from typing import Any, Literal

import numpy as np

from game.core.axes import Array
from game.core.errors import UserError
from game.core.ruleset import PAR_PART, Ruleset
from game.resources import user_data_dir

ParState = Literal["shipped", "stale", "missing"]
SUFFIX = ".par.json"
_KEYS = ("mean", "sd", "doors", "mandates")
_UNITS = ("log", "log", "m users", "fraction")


@dataclasses.dataclass(frozen=True)
class Table:
    """A par table as it stands in its file."""

    digest: str
    """Of the scenario that was played."""
    rows: dict[str, tuple[float, float, float, float]]
    """Company to middle and spread of ln R, doors (m users), and credit of mandates."""


def par_paths(scenario: Path) -> tuple[Path, Path]:
    """Where the table of a scenario may stand: beside it, or among the person's files."""
    name = scenario.name.rpartition(".")[0] + SUFFIX
    return scenario.with_name(name), user_data_dir() / "par" / name


def read_par(scenario: Path, digest: str) -> Table | None:
    """The best table of a scenario: one of this very text before any other."""
    beside = _read(scenario.with_name(scenario.name.rpartition(".")[0] + SUFFIX))
    if beside is not None and beside.digest == digest:
        return beside
    try:
        own = _read(par_paths(scenario)[1])
    except UserError:
        own = None
    if own is not None and own.digest == digest:
        return own
    return beside or own


def _read(path: Path) -> Table | None:
    """The table in a file; None when there is none that can be used."""
    try:
        data = json.loads(path.read_text("utf-8"))
        rows = {str(uid): _row(row) for uid, row in data["companies"].items()}
        return Table(str(data["scenario_digest"]), rows)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _row(row: dict[str, Any]) -> tuple[float, float, float, float]:
    mean, sd, doors = (float(row[key]) for key in _KEYS[:-1])
    credit = float(row.get(_KEYS[-1], PAR_PART))  # tables before it was measured lack it
    if not (math.isfinite(mean) and sd > 0.0 and doors > 0.0 and math.isfinite(sd + doors)):
        raise ValueError("a par row out of range")
    if not 0.0 < credit < 1.0:
        raise ValueError("a par row out of range")
    return mean, sd, doors, credit


def with_table(ruleset: Ruleset, table: Table | None) -> tuple[Ruleset, ParState]:
    """The ruleset with a table's figures, and whether they are of this scenario's text."""
    if table is None:
        return ruleset, "missing"
    known = tuple(
        figures.copy()
        for figures in (
            ruleset.par_mean,
            ruleset.par_sd,
            ruleset.par_doors,
            ruleset.par_mandates,
        )
    )
    uids = [company.uid for company in ruleset.companies]
    for row, uid in enumerate(uids):
        for values, figure in zip(known, table.rows.get(uid, ()), strict=False):
            values[row] = figure
    fresh = table.digest == ruleset.digest and set(uids) <= set(table.rows)
    return ruleset.with_par(*known), "shipped" if fresh else "stale"


def write_par(
    scenario: Path,
    ruleset: Ruleset,
    par: tuple[Array, ...],
    *,
    games: int,
    seed: int,
    beside: bool = True,
) -> Path:
    """Write the table beside the scenario, or else among the person's files.

    Args:
        beside: whether it may stand beside the scenario; else only among the person's files.
        par: middle and spread of ln R, doors (m users), credit of mandates, each [N].

    Raises:
        UserError: neither place can be written, or a figure is not finite.
    """
    table = np.stack([np.asarray(figures, np.float64) for figures in par])
    if not (np.isfinite(table).all() and (table[1:] > 0.0).all()):
        raise UserError(
            "par has a figure that is not finite and positive", str(scenario), "play more games"
        )
    rows = {
        company.uid: {key: round(float(value), 6) for key, value in zip(_KEYS, column, strict=True)}
        for company, column in zip(ruleset.companies, table.T, strict=True)
    }
    data = {
        "scenario": ruleset.uid,
        "scenario_digest": ruleset.digest,
        "games": games,
        "seed": seed,
        "units": dict(zip(_KEYS, _UNITS, strict=True)),
        "companies": rows,
    }
    text = json.dumps(data, indent=2) + "\n"
    places = (scenario.with_name(scenario.name.rpartition(".")[0] + SUFFIX), par_paths(scenario)[1])
    for place in places if beside else places[1:]:
        if _written(place, text):
            return place
    raise UserError("the par table cannot be written", str(places[1]), "check the folder's rights")


def _written(path: Path, text: str) -> bool:
    """Write aside and rename; whether it worked."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(text, "utf-8")
        os.replace(aside, path)
    except OSError:
        aside.unlink(missing_ok=True)
        return False
    return True
