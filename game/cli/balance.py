"""``stake balance``: how fair and how hard a scenario is, measured."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from game.cli.sim import with_progress
from game.core.errors import UserError
from game.core.ruleset import Ruleset
from game.lab.experiment import Plan, ruleset_of
from game.lab.reference import measure
from game.policies.registry import level_names
from game.resources import find_scenario
from game.scenario.reference import Reference, reference_path, write_reference


def run_reference(
    scenario: str, games: int, seed: int, workers: int, levels: str, seats: str
) -> None:
    """Measure the reference player and write the table beside the scenario."""
    path = find_scenario(scenario)
    plan = Plan(path, games, seed, workers=workers)
    ruleset = ruleset_of(plan)
    chosen = tuple(_level(part) for part in _parts(levels)) or level_names()
    seated = _parts(seats)
    count = len(seated) or sum(company.playable for company in ruleset.companies)

    def keep(table: Reference) -> None:
        write_reference(path, ruleset, table)

    table: Reference = with_progress(
        "games",
        games * len(chosen) * count,
        lambda tick: measure(plan, chosen, seated, tick=tick, keep=keep),
    )
    console = Console(highlight=False)
    console.print(_table(table, ruleset))
    console.print(f"Wrote {reference_path(path)}", soft_wrap=True)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _level(text: str) -> str:
    known = level_names()
    if text.isdigit() and 1 <= int(text) <= len(known):
        return known[int(text) - 1]
    if text in known:
        return text
    raise UserError(f"no level is called {text!r}", "--levels", f"1 to {len(known)}, such as 1,2")


def _table(found: Reference, ruleset: Ruleset) -> Table:
    levels = sorted({level for _, level in found.cells})
    table = Table(title=f"Games won by {found.player} in one seat against rivals of a level")
    table.add_column("seat")
    for level in levels:
        table.add_column(level, justify="right")
    for company in ruleset.companies:
        row = [found.cells.get((company.uid, level)) for level in levels]
        if any(row):
            words = [
                f"{cell.rate:.0%} of {cell.games} ({cell.low:.0%}–{cell.high:.0%})" if cell else "–"
                for cell in row
            ]
            table.add_row(company.uid, *words)
    return table
