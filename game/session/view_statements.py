"""The three statements of any company in any played quarter, for the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from game.session import view_ledger
from game.session.sight import Sight
from game.session.view_types import Row, Table

if TYPE_CHECKING:
    from game.session.game import Game


def statement_tables(game: Game, company: int, turn: int) -> tuple[Table, Table, Table]:
    """Profit and loss, cash flow and balance sheet of one quarter, open books, USD m.

    Args:
        turn: a played quarter, 0 the first.
    """
    sight = Sight(game)
    sight.seat = company
    tables = view_ledger.statement_tables(sight, game)
    profit, cash, balance = (_column(table, f"q{turn}") for table in tables)
    return profit, cash, balance


def _column(table: Table, key: str) -> Table:
    """The table's labels and one of its columns."""
    place = next(index for index, column in enumerate(table.columns) if column.key == key)
    rows = tuple(
        Row(row.key, (row.cells[0], row.cells[place]), strong=row.strong) for row in table.rows
    )
    return Table(table.title, (table.columns[0], table.columns[place]), rows, table.empty)
