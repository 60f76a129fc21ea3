"""``stake sim``: many games, a live bar, a table."""

from __future__ import annotations

import dataclasses
import json
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from game.core.errors import UserError
from game.core.ruleset import Ruleset
from game.lab import history, tables
from game.lab.experiment import Plan, Tick, check, ruleset_of, run
from game.lab.runner import BlockResult
from game.resources import find_scenario
from game.scenario.loader import load
from game.scenario.par import par_paths

PIPE_WIDTH = 120
"""Columns of the table where no terminal tells its own."""


class _Rate(ProgressColumn):
    """Games a second."""

    def render(self, task: Any) -> Text:
        speed = task.finished_speed or task.speed
        return Text("-- games/s" if speed is None else f"{speed:,.1f} games/s")


def progress_bar(label: str, console: Console) -> Progress:
    """A bar with games done, games a second and time left."""
    return Progress(
        TextColumn(label),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
    )


def with_progress(label: str, games: int, work: Any, quiet: bool = False) -> Any:
    """Run ``work(tick)`` under a progress bar on the error stream."""
    console = Console(stderr=True, quiet=quiet)
    with progress_bar(label, console) as bar:
        task = bar.add_task(label, total=games)

        def tick(done: int) -> None:
            bar.advance(task, done)

        return work(tick)


def run_sim(
    scenario: str,
    games: int,
    seed: int,
    seats: str,
    workers: int,
    block: int,
    out: Path | None,
    with_history: bool,
    as_json: bool,
) -> None:
    """Play, print, and write tables when asked."""
    plan = Plan(find_scenario(scenario), games, seed, seats, workers, block)
    check(plan)
    facts = history_of(plan) if with_history else []
    plan = dataclasses.replace(plan, watch=history.markets_of(facts, ruleset_of(plan)))
    if out is not None:
        tables.need_parquet()
        tables.make_folder(out)
    _say_par(plan)
    began = time.perf_counter()

    def work(tick: Tick) -> BlockResult:
        return run(plan, tick)

    result = with_progress("games", games, work, quiet=as_json and not sys.stderr.isatty())
    seconds = time.perf_counter() - began
    ruleset = ruleset_of(plan)
    command = " ".join(["stake", *sys.argv[1:]])
    lived = history.outcomes(facts, result.watched, plan.watch, ruleset)
    files = tables.write(out, plan, ruleset, result, command) if out is not None else {}
    if as_json:
        whole = tables.manifest(plan, ruleset, result, command)
        whole |= {"ends": tables.ends(result), "companies": tables.summary(result, ruleset)}
        whole |= {"history": [row.record() for row in lived]} if with_history else {}
        sys.stdout.write(json.dumps(whole, indent=2) + "\n")
        return
    _print(plan, ruleset, result, seconds, files)
    if with_history:
        print_history(plan, lived)


def history_of(plan: Plan) -> list[history.Fact]:
    """The yearly facts of a plan's scenario.

    Raises:
        UserError: it names none, or they cannot be used.
    """
    path = load(plan.scenario).history
    if path is None:
        advice = "a key history that names a CSV file beside it"
        raise UserError("the scenario has no yearly facts", str(plan.scenario), advice)
    return history.read_facts(path, ruleset_of(plan))


def print_history(plan: Plan, lived: list[history.Outcome]) -> None:
    """Facts beside the band of the games."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=PIPE_WIDTH)
    table = Table(title=f"What happened, and 80 % of {plan.games:,} games")
    for column in ("year", "market", "figure", "fact", "10 %", "median", "90 %", "width", ""):
        left = column in ("market", "figure", "")
        table.add_column(column, justify="left" if left else "right")
    for row in lived:
        fact = row.fact
        shown = "{:.1%}" if fact.figure == "share" else "{:.1f}"
        figures = (fact.value, row.low, row.middle, row.high, row.high - row.low)
        table.add_row(
            str(fact.year),
            fact.market,
            f"{fact.company} {fact.figure}".strip(),
            *(shown.format(figure) for figure in figures),
            "covered" if row.covered else f"missed by {shown.format(abs(row.off))}",
        )
    console.print(table)
    held = sum(row.covered for row in lived)
    console.print(f"{held} of {len(lived)} facts lie within the band.")


def _say_par(plan: Plan) -> None:
    """Scores mean little where nobody has measured what is usual."""
    if not any(path.is_file() for path in par_paths(plan.scenario)):
        Console(stderr=True, soft_wrap=True, highlight=False, markup=False).print(
            f"No par table for {plan.scenario.name}: its own figures, or none, score the value. "
            f"'stake scenario par {plan.scenario}' measures it."
        )


def _print(
    plan: Plan, ruleset: Ruleset, result: BlockResult, seconds: float, files: dict[str, Path]
) -> None:
    console = Console()
    if not console.is_terminal:
        console = Console(width=PIPE_WIDTH)
    name = ruleset.title.get("en", ruleset.uid)
    table = Table(title=f"{name}: {plan.games:,} games, seed {plan.seed}, {plan.seats}")
    for column in (
        "company",
        "wins",
        "win share",
        "95 % interval",
        "score (0-100)",
        "value a share (x start)",
        "deals a game",
        "defaulted",
    ):
        table.add_column(column, justify="left" if column == "company" else "right")
    rows = sorted(tables.summary(result, ruleset), key=lambda row: -row["win_share"])
    for row in rows:
        table.add_row(
            row["company"],
            str(row["wins"]),
            f"{row['win_share']:.1%}",
            f"{row['win_low']:.1%} to {row['win_high']:.1%}",
            f"{row['score_mean']:.1f} ± {row['score_half_width']:.1f}",
            f"{row['return_median']:.2f}",
            f"{row['deals_mean']:.1f}",
            f"{row['default_share']:.1%}",
        )
    console.print(table)
    ended = ", ".join(f"{cause} {count}" for cause, count in tables.ends(result).items() if count)
    speed = f"{plan.games / seconds:,.1f} games a second"
    console.print(f"Ended by: {ended}. {speed}. Digest {tables.digest(result)[:16]}.")
    for path in files.values():
        console.print(f"Wrote {path}", soft_wrap=True)
