"""``stake balance``: how fair and how hard a scenario is, measured."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from rich.console import Console
from rich.table import Table

from game.cli.sim import with_progress
from game.core.errors import UserError
from game.core.ruleset import Ruleset
from game.lab import depth, lively
from game.lab.experiment import Plan, Tick, check, loaded, ruleset_of
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


DEPTH_WORLDS = 12
LEVERS_TOLD = (
    f"A lever's worth is what a seat's score loses when it may not use it, over all seats of "
    f"{DEPTH_WORLDS} worlds; a quarter's move is compared with letting everything stand in that "
    "quarter alone."
)
PASSED = (1, 9, 17)
"""Quarters in which a seat lets everything stand."""


def run_board(
    scenario: str, games: int, seed: int, workers: int, with_depth: bool, out: Path | None
) -> None:
    """Play, print every gate, and write the page when asked."""
    path = find_scenario(scenario)
    plan = Plan(path, games, seed, workers=workers)
    check(plan)
    ruleset = ruleset_of(plan)
    found = with_progress("games", games, lambda tick: lively.play(plan, tick))
    gates = [
        *lively.lively_gates(found, ruleset), *lively.path_gates(found),
        *lively.seat_gates(found, ruleset), *lively.card_gates(found, ruleset),
    ]  # fmt: skip
    if not ruleset.rules.advanced_deals:
        full = dataclasses.replace(plan, advanced=True)
        more = with_progress("advanced deals", games, lambda tick: lively.play(full, tick))
        place = 1 + max(n for n, gate in enumerate(gates) if gate.group == "clauses")
        gates[place:place] = lively.advanced_gates(more)
    if with_depth:
        gates += _depth(plan, ruleset)
    Console(highlight=False).print(_gate_table(gates, f"{games} games, seed {seed}"))
    if out is not None:
        out.write_text(_page(gates, plan, with_depth), encoding="utf-8")
        Console().print(f"Wrote {out}", soft_wrap=True)


def _depth(plan: Plan, ruleset: Ruleset) -> list[lively.Gate]:
    lanes = DEPTH_WORLDS * len(ruleset.companies)
    total = DEPTH_WORLDS + lanes * (len(depth.LEVERS) + 1 + len(PASSED))

    def work(tick: Tick) -> list[lively.Gate]:
        opening = loaded(plan.scenario, plan.seats)[1]
        lab = depth.Lab(ruleset, opening, DEPTH_WORLDS, plan.seed, tick)
        return [*depth.depth_gates(lab), depth.passing_gate(lab, PASSED)]

    found: list[lively.Gate] = with_progress("ablations", total, work)
    return found


def _said(gate: lively.Gate) -> str:
    return "measured" if gate.met is None else "met" if gate.met else "NOT MET"


def _gate_table(gates: list[lively.Gate], title: str) -> Table:
    table = Table(title=title)
    for column in ("group", "what", "gate", "measured", ""):
        table.add_column(column)
    for gate in gates:
        table.add_row(gate.group, gate.name, gate.want, gate.found, _said(gate))
    return table


def _page(gates: list[lively.Gate], plan: Plan, with_depth: bool) -> str:
    met = sum(bool(gate.met) for gate in gates)
    lines = [
        "# Balance",
        "",
        f"Measured by `stake balance {plan.scenario.stem} --games {plan.games} --seed {plan.seed} "
        f"{'--depth ' if with_depth else ''}--out docs/balance.md`: games "
        "of strategists in every seat. A share of games has "
        "its 95 % Wilson interval in brackets, a difference of scores its 95 % half-width. "
        f"{met} of {len(gates)} gates are met; what is not met is marked.",
        "",
        "Cards are counted in strategists' games, clauses of advanced deals in as many games of "
        "the same seed with `advanced_deals: true`." + (f" {LEVERS_TOLD}" if with_depth else ""),
    ]
    groups = list(dict.fromkeys(gate.group for gate in gates))
    for group in groups:
        lines += [
            "",
            f"## {group.capitalize()}",
            "",
            "| what | gate | measured | |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| {gate.name} | {gate.want} | {gate.found} | {_said(gate)} |"
            for gate in gates
            if gate.group == group
        ]
    return "\n".join(lines) + "\n"


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
