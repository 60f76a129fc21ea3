"""``stake scenario``: check, par, schema."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rich.console import Console

from game.cli.sim import with_progress
from game.lab.par import Par, par_of
from game.resources import find_scenario
from game.scenario import lint, loader, schema


def run_check(files: list[str], as_json: bool) -> int:
    """Print all faults of all files; exit code 0 when there is no error, else 2."""
    paths = [find_scenario(name) if not Path(name).exists() else Path(name) for name in files]
    faults = lint.check(paths)
    errors = [fault for fault in faults if fault.severity == "error"]
    if as_json:
        sys.stdout.write(
            json.dumps([fault.record() for fault in faults], indent=2, ensure_ascii=False) + "\n"
        )
        return 2 if errors else 0
    console = Console(soft_wrap=True, highlight=False, markup=False)
    for fault in faults:
        console.print(fault.line())
    warnings = len(faults) - len(errors)
    words = (
        f"{len(paths)} file{'s' * (len(paths) != 1)}: {len(errors)} error{'s' * (len(errors) != 1)}"
    )
    console.print(f"{words}, {warnings} warning{'s' * (warnings != 1)}")
    return 2 if errors else 0


def run_par(name: str, games: int, seed: int, workers: int) -> None:
    """Measure par and write it beside the scenario."""
    path = find_scenario(name)
    par: Par = with_progress("games", games, lambda tick: par_of(path, games, seed, workers, tick))
    written = loader.save_par(path, par.mean, par.sd, par.doors, games=games, seed=seed)
    Console(soft_wrap=True).print(f"Wrote {written}")


def run_schema() -> None:
    """Print the JSON Schema."""
    sys.stdout.write(json.dumps(schema.json_schema(), indent=2, ensure_ascii=False) + "\n")
