"""``stake why``: why companies did what they did in a saved game, and what they remember."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from game.cli.asked import company_of, game_of, language_of, plain, turn_of
from game.core.errors import UserError
from game.session.game import Game
from game.session.sight import Sight
from game.session.view_detail import RelationsView
from game.session.view_memory import relations
from game.session.view_moves import MovesView, MoveView, moves_view
from game.text.catalogue import say


def run_why(
    file: Path,
    company: str,
    turn: str,
    memory: bool,
    as_json: bool,
    lang: str,
    observer: bool = False,
) -> None:
    """Print the moves of a quarter with their grounds, or what a company wants and remembers."""
    if memory and not company:
        raise UserError("whose memory is not said", "--memory", "name a company with --company")
    game = game_of(file)
    game.lang = language_of(lang)
    who = company_of(game, company) if company else -1
    if memory:
        told = relations(Sight(game), game, who)
        _write(plain(told)) if as_json else _remember(game, told)
        return
    at = turn_of(game, turn)
    last = len(game.reports) - 1
    view = moves_view(game, who, last if at is None else at, observer)
    _write(plain(view)) if as_json else _print(view)


def _write(facts: object) -> None:
    sys.stdout.write(json.dumps(facts, indent=2, ensure_ascii=False) + "\n")


def _console() -> Console:
    return Console(highlight=False, markup=False, soft_wrap=True)


def _remember(game: Game, told: RelationsView) -> None:
    console = _console()
    console.print(say("ui.states", game.lang))
    for line in (*told.mandates, told.rival):
        if line:
            console.print(f"  {line}")
    for one in told.memories:
        console.print(one.text)
        for line in one.lines:
            console.print(f"  {line}")


def _print(view: MovesView) -> None:
    console = _console()
    console.print(view.date)
    if view.empty:
        console.print(view.empty)
    for one in view.moves:
        console.print(one.title)
        table = _table(one)
        if table.row_count:
            console.print(table)
        if one.note:
            console.print(f"  {one.note}")


def _table(one: MoveView) -> Table:
    table = Table(box=None, show_header=bool(one.terms), pad_edge=True)
    table.add_column("")
    for side in one.sides:
        table.add_column(side, justify="right", no_wrap=True)
    for ground in one.grounds:
        table.add_row(ground.name, ground.text, ground.certainty)
    for term in one.terms:
        table.add_row(term.name, term.one, term.other)
    return table
