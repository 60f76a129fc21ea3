"""``stake bench``: what a turn costs, phase by phase."""

from __future__ import annotations

import dataclasses
import json
import math
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from game.lab.bench import Speed, measure
from game.lab.growth import Growth, growth_table
from game.resources import find_scenario

MOST_DEMANDS = 25.0
MOST_ECONOMY = 12.0
AXES = {"W": "worlds", "N": "companies", "M": "markets", "S": "segments"}
MOST_MS_ALONE = 60.0


def run_bench(scenario: str, worlds: int, turns: int, as_json: bool) -> None:
    """Measure and print; one JSON object when asked."""
    path = find_scenario(scenario)
    speed = _measured(path, worlds, turns, quiet=as_json and not sys.stderr.isatty())
    if as_json:
        sys.stdout.write(json.dumps(speed.record(), indent=2) + "\n")
        return
    console = Console(highlight=False)
    console.print(_phases(speed))
    console.print(_budget(speed))
    console.print(_feedback(speed))
    for line in _summary(speed):
        console.print(line, soft_wrap=True)


def run_growth(scenario: str, worlds: int, as_json: bool) -> None:
    """Measure and print how cost grows with each axis; one JSON object when asked."""
    rows = list(growth_table(find_scenario(scenario), worlds))
    if as_json:
        facts = [dataclasses.asdict(row) for row in rows]
        for fact in facts:
            fact["power"] = _number(fact["power"])
            fact["powers"] = {name: _number(power) for name, power in fact["powers"].items()}
        sys.stdout.write(json.dumps({"growth": facts}, indent=2) + "\n")
        return
    console = Console(highlight=False)
    console.print(_growth(rows))
    console.print(_growth_by_part(rows))


def _number(power: float) -> float | None:
    return None if math.isnan(power) else power


def _growth(rows: list[Growth]) -> Table:
    table = Table(title="How the economy's cost grows (power 1: in proportion to the size)")
    table.add_column("axis")
    for column in ("size", "lines", "economy, µs a world", "demand law, µs a world", "power"):
        table.add_column(column, justify="right")
    letter = rows[0].letter
    for row in rows:
        if row.letter != letter:
            table.add_section()
            letter = row.letter
        table.add_row(
            AXES[row.letter],
            f"{row.size:,}",
            f"{row.lines:,}",
            f"{row.economy_us:,.1f}",
            f"{row.demand_us:,.1f}",
            _shown(row.power),
        )
    return table


def _shown(power: float) -> str:
    return "base" if math.isnan(power) else f"{power:.2f}"


def _growth_by_part(rows: list[Growth]) -> Table:
    """The same of each part of the economy, from the base to the largest size of each axis."""
    largest = {row.letter: row for row in rows}
    base = next(row for row in rows if math.isnan(row.power))
    table = Table(title="The parts of it: power from the base to the largest size")
    for column in ("part of the economy", "µs a world"):
        table.add_column(column, justify="left" if column.startswith("part") else "right")
    for letter, row in largest.items():
        table.add_column(f"{AXES[letter]}, {row.size:,}", justify="right")
    for name, spent in base.groups.items():
        powers = [_shown(row.powers[name]) for row in largest.values()]
        table.add_row(name, f"{spent:,.1f}", *powers)
    table.add_section()
    table.add_row(
        "the whole economy", f"{base.economy_us:,.1f}",
        *(_shown(row.power) for row in largest.values()),
    )  # fmt: skip
    return table


def _measured(path: Path, worlds: int, turns: int, quiet: bool) -> Speed:
    """Measure under a bar that goes away when it is full."""
    columns = (TextColumn("turns"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True, quiet=quiet)
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("turns", total=2 * turns)
        return measure(path, worlds, turns, lambda done: bar.advance(task, done))


def _phases(speed: Speed) -> Table:
    table = Table(
        title=f"A turn of {speed.scenario}, {speed.sizes['W']} worlds, {speed.turns} turns"
    )
    table.add_column("phase")
    for column in ("µs a world", "demand laws", "of the turn"):
        table.add_column(column, justify="right")
    for part in speed.parts:
        table.add_row(
            part.name.replace("_", " "),
            f"{part.us_per_world:,.1f}",
            f"{part.us_per_world / speed.demand_us_per_world:,.2f}",
            f"{part.us_per_world / speed.turn_us_per_world:.1%}",
        )
    return table


def _budget(speed: Speed) -> Table:
    table = Table(title="Beside the design's budget, in demand laws")
    table.add_column("part of the turn")
    for column in ("measured", "budget", ""):
        table.add_column(column, justify="right")
    for group, spent, allowed in speed.groups():
        table.add_row(group, f"{spent:,.2f}", f"{allowed:.1f}", "over" if spent > allowed else "")
    table.add_section()
    table.add_row(
        "economy: laws without players, contracts, goals",
        f"{speed.economy_over_demand:,.2f}",
        f"{MOST_ECONOMY:.1f}",
        "over" if speed.economy_over_demand > MOST_ECONOMY else "",
    )
    table.add_row(
        "whole turn",
        f"{speed.turn_over_demand:,.2f}",
        f"{MOST_DEMANDS:.1f}",
        "over" if speed.turn_over_demand > MOST_DEMANDS else "",
    )
    return table


def _feedback(speed: Speed) -> Table:
    table = Table(title="How far a lead feeds itself (from 1 up a market runs away)")
    table.add_column("market")
    table.add_column("feedback gain", justify="right")
    table.add_column("bound of network terms", justify="right")
    table.add_column("outcomes")
    for one in speed.feedback:
        outcomes = "one" if one.bound < 1.0 else "history may select"
        table.add_row(one.market, f"{one.gain:.2f}", f"{one.bound:.2f}", outcomes)
    return table


def _summary(speed: Speed) -> list[str]:
    sizes = speed.sizes
    return [
        f"Demand law: {speed.demand_us_per_world:,.1f} µs a world "
        f"(N={sizes['N']}, M={sizes['M']}, S={sizes['S']}, W={sizes['W']}).",
        f"Whole turn: {speed.turn_us_per_world:,.1f} µs a world.",
        f"One game alone: {speed.turn_ms_alone:,.1f} ms a turn, players by machine included "
        f"(longest {speed.turn_ms_alone_longest:,.1f}, at most {MOST_MS_ALONE:.0f} wanted); "
        f"{speed.turns_per_second_alone:,.1f} turns a second; "
        f"{speed.numpy_calls_alone:,} numpy calls a turn.",
        f"Memory: {speed.bytes_per_world / 1024:,.0f} KiB a world of state, "
        f"{speed.peak_bytes_per_world / 1024:,.0f} KiB at the highest within a turn.",
    ]
