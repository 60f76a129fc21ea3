"""``stake scenario``: check, par, schema."""

from __future__ import annotations

import json
import sys

from rich.console import Console

from game.cli.sim import with_progress
from game.core.errors import UserError
from game.lab.par import Par, par_of
from game.resources import find_scenario
from game.scenario import lint, loader, schema
from game.scenario.faults import ERROR, Fault


def run_check(files: list[str], as_json: bool) -> int:
    """Print all faults of all files; exit code 0 when there is no error, else 2."""
    faults = [fault for name in files for fault in _faults_of(name)]
    errors = sum(fault.severity == ERROR for fault in faults)
    counts = {"files": len(files), "errors": errors, "warnings": len(faults) - errors}
    if as_json:
        whole = {**counts, "faults": [fault.record() for fault in faults]}
        sys.stdout.write(json.dumps(whole, indent=2, ensure_ascii=False) + "\n")
    else:
        console = Console(soft_wrap=True, highlight=False, markup=False)
        for fault in faults:
            console.print(fault.line())
        if faults and all(fault.unreadable for fault in faults):
            return 2
        words = [f"{count} {kind[: len(kind) - (count == 1)]}" for kind, count in counts.items()]
        console.print(f"{words[0]}: {words[1]}, {words[2]}")
    return 2 if errors else 0


def _faults_of(name: str) -> list[Fault]:
    """Faults of a file, or of a shipped scenario's name; no such thing is a fault too."""
    try:
        return lint.check_file(find_scenario(name))
    except UserError as error:
        return [Fault(name, 0, 0, "", f"{error.what} ({error.try_})" if error.try_ else error.what)]


def run_par(name: str, games: int, seed: int, workers: int) -> None:
    """Measure par and write it beside the scenario."""
    path = find_scenario(name)
    par: Par = with_progress("games", games, lambda tick: par_of(path, games, seed, workers, tick))
    written = loader.save_par(
        path, par.mean, par.sd, par.doors, par.mandates, games=games, seed=seed
    )
    Console(soft_wrap=True).print(f"Wrote {written}")


def run_schema() -> None:
    """Print the JSON Schema."""
    sys.stdout.write(json.dumps(schema.json_schema(), indent=2, ensure_ascii=False) + "\n")
