"""``stake statements``: the three statements of a company in a saved game."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table as RichTable

from game.cli.asked import company_of, game_of, language_of, turn_of
from game.core.errors import UserError
from game.session.view_statements import statement_tables
from game.session.view_types import Table

NAMES = ("profit", "cash", "balance")


def run_statements(file: Path, company: str, turn: str, as_json: bool, lang: str) -> None:
    """Print profit and loss, cash flow and balance sheet of a quarter."""
    game = game_of(file)
    game.lang = language_of(lang)
    who = company_of(game, company) if company else game.seat
    asked = turn_of(game, turn)
    if asked is None and not game.reports:
        raise UserError("no quarter has been played", str(file), "end a turn and save again")
    tables = statement_tables(game, who, len(game.reports) - 1 if asked is None else asked)
    if as_json:
        facts = {name: _plain(table) for name, table in zip(NAMES, tables, strict=True)}
        told = {"company": game.ruleset.companies[who].uid, "unit": "USD m", **facts}
        sys.stdout.write(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
        return
    console = Console(highlight=False, markup=False, soft_wrap=True)
    for table in tables:
        _print(console, table)


def _plain(table: Table) -> list[dict[str, object]]:
    """Lines with what they amount to; those of words alone are left out."""
    return [
        {"line": row.cells[0].text, "amount": row.cells[1].value, "total": row.strong}
        for row in table.rows
        if row.cells[1].text
    ]


def _print(console: Console, table: Table) -> None:
    shown = RichTable(title=table.title, title_justify="left", box=None, pad_edge=False)
    shown.add_column("")
    shown.add_column(table.columns[1].title, justify="right", no_wrap=True)
    for row in table.rows:
        style = "bold" if row.strong else ""
        shown.add_row(row.cells[0].text, row.cells[1].text, style=style)
    console.print(shown)
    console.print()
