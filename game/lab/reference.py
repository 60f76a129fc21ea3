"""Measuring how often a reference player wins from each seat against each level."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from importlib import metadata

from game.core.errors import UserError
from game.lab.duels import SEAT_STEP
from game.lab.experiment import Plan, Tick, ruleset_of, run
from game.lab.tables import wilson
from game.policies.registry import level_names
from game.scenario.reference import Cell, Reference, levels_digest, read_reference

PLAYER = "level-2"
"""The reference player: the plain strategist, who does not look ahead."""
USUAL_GAMES = 200


def measure(
    plan: Plan,
    levels: Sequence[str],
    seats: Sequence[str] = (),
    player: str = PLAYER,
    tick: Tick = lambda games: None,
    keep: Callable[[Reference], None] = lambda table: None,
) -> Reference:
    """Play the reference player in every seat against rivals of every level.

    Cells measured before, of the same scenario, levels, player and engine, are kept; those asked
    for are measured anew.

    Args:
        plan: ``games`` a cell. levels: names such as "level-2". seats: companies; none: all that
            a person may play.
        keep: hears of the table after every cell, so that long work can be kept as it comes.

    Raises:
        UserError: no such level or company.
    """
    ruleset = ruleset_of(plan)
    uids = [company.uid for company in ruleset.companies]
    chosen = [*seats] or [one.uid for one in ruleset.companies if one.playable]
    for name, known in (*((level, [*level_names()]) for level in levels),
                        *((uid, uids) for uid in chosen)):  # fmt: skip
        if name not in known:
            raise UserError("is not known here", name, f"one of {', '.join(known)}")
    table = started(plan, player)
    for level in levels:
        for uid in chosen:
            seed = plan.seed + SEAT_STEP * uids.index(uid)
            mine = dataclasses.replace(plan, seats=f"{level},{uid}={player}", seed=seed)
            result = run(mine, tick)
            wins = int((result.winner == uids.index(uid)).sum())
            cell = Cell(wins, plan.games, *wilson(wins, plan.games), seed)
            table = dataclasses.replace(table, cells={**table.cells, (uid, level): cell})
            keep(table)
    return table


def started(plan: Plan, player: str) -> Reference:
    """The table to go on with: the stored one where it is of the same games, else an empty one."""
    ruleset = ruleset_of(plan)
    stored = read_reference(plan.scenario)
    fresh = Reference(player, engine_version(), ruleset.digest, levels_digest(), {})
    if stored is not None and dataclasses.replace(stored, cells={}) == fresh:
        return stored
    return fresh


def engine_version() -> str:
    """Version of the game that plays."""
    try:
        return metadata.version("minority-stake")
    except metadata.PackageNotFoundError:
        return ""
