"""The seat's books over all quarters, and charts of everybody's public figures."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from game.core.axes import AnyArray
from game.core.state import State
from game.play import outcome
from game.play.report import Line
from game.play.statements import (
    ACCRUALS,
    BELOW,
    FINANCE,
    FINANCING,
    GROSS,
    INVESTING,
    OPERATING,
    SINGULAR,
    Balance,
    EquityChange,
    Statements,
    statements,
)
from game.session.sight import Sight
from game.session.view_detail import LedgerView
from game.session.view_types import Ask, Cell, Chart, Column, Row, Series, Table
from game.text.catalogue import label

if TYPE_CHECKING:
    from game.session.game import Game

BEYOND = ("associates", "dividends", "deals", "businesses", "defaults")
"""Causes of the quarter's result beyond net profit."""
LEAST = 5e-4
ASKS: Mapping[str, Mapping[int, str]] = {
    "profit": {int(Line.REVENUE): "revenue", 103: "profit"},
    "cash": {300 + int(Line.BORROWED): "debt", 104: "cash"},
    "balance": {0: "cash", 3: "debt", 7: "value"},
}
"""Rows of the statements whose figures say why."""
COLOURS = ("#e69f00", "#56b4e9", "#009e73", "#cc79a7")


def ledger_view(game: Game) -> LedgerView:
    """All books of the seat, newest quarter in the first column of figures."""
    sight = Sight(game)
    reports = list(reversed(game.reports))
    columns = _columns(sight, [report.turn for report in reports])
    empty = sight.say("ledger.empty")
    books = _played(sight, game)
    return LedgerView(
        company=sight.tag(sight.seat),
        profit=_asked(sight, _profit(sight, books, columns, empty), ASKS["profit"]),
        cash_flow=_asked(sight, _cash_flow(sight, books, columns, empty), ASKS["cash"]),
        balance=_asked(sight, _balance(sight, game, books), ASKS["balance"]),
        charts=_own_charts(sight, game),
        compare=compare_charts(sight, game),
        news=tuple(
            (sight.date(turn), game.headlines(turn))
            for turn in range(len(game.reports) - 1, -1, -1)
        ),
        empty="" if reports else empty,
    )


def statement_tables(sight: Sight, game: Game) -> tuple[Table, Table, Table]:
    """Profit and loss, cash flow and balance sheet of the sight's company, newest first."""
    columns = _columns(sight, [report.turn for report in reversed(game.reports)])
    books = _played(sight, game)
    return (
        _profit(sight, books, columns, ""),
        _cash_flow(sight, books, columns, ""),
        _balance(sight, game, books),
    )


def _columns(sight: Sight, turns: Sequence[int]) -> tuple[Column, ...]:
    first = Column("line", sight.say("col.line"), False)
    return (first, *(Column(f"q{turn}", sight.date(turn)) for turn in turns))


def _row(
    sight: Sight,
    key: int,
    name: str,
    values: Sequence[float],
    *,
    strong: bool = False,
    stock: bool = False,
) -> Row:
    """A line of a statement; results are toned, of a stock only what is below zero."""
    values = [value if abs(value) >= LEAST else 0.0 for value in values]
    cells = [
        sight.money_cell(value, toned=strong and (value < 0.0 or not stock)) for value in values
    ]
    return Row(key, (Cell(name), *cells), strong=strong)


def _heading(sight: Sight, key: int, text: str, columns: int) -> Row:
    """A line of words alone."""
    return Row(key, (Cell(sight.say(text), tone="mute"), *[Cell("")] * columns))


def _asked(sight: Sight, table: Table, asks: Mapping[int, str]) -> Table:
    """The same table, the figures of some rows asking for the measure named."""
    turns = [int(column.key[1:]) for column in table.columns[1:]]

    def cells(row: Row) -> tuple[Cell, ...]:
        return (
            row.cells[0],
            *(
                dataclasses.replace(cell, ask=Ask(asks[row.key], sight.seat, -1, turn))
                if turn >= 0
                else cell
                for cell, turn in zip(row.cells[1:], turns, strict=True)
            ),
        )

    rows = tuple(
        dataclasses.replace(row, cells=cells(row)) if row.key in asks else row for row in table.rows
    )
    return dataclasses.replace(table, rows=rows)


def _lines(
    sight: Sight, books: Sequence[Statements], which: Sequence[Line], first: int = 0
) -> list[Row]:
    """Lines that ever moved.

    Args:
        first: added to a line's number to make its row's.
    """
    rows = []
    for line in which:
        values = [float(book.lines[line, sight.seat, 0]) for book in books]
        if any(abs(value) >= LEAST for value in values):
            rows.append(_row(sight, first + line, label(line, "line", sight.lang), values))
    return rows


def _played(sight: Sight, game: Game) -> list[Statements]:
    """Statements of the played quarters, newest first."""
    states = {state.turn: state for state in game.states}
    return [
        statements(states[report.turn], states[report.turn + 1], report)
        for report in reversed(game.reports)
    ]


def _profit(
    sight: Sight, books: Sequence[Statements], columns: tuple[Column, ...], empty: str
) -> Table:
    """From revenue to the quarter's result, with subtotals."""
    seat = sight.seat
    if not books:
        return Table(sight.say("ledger.profit"), columns, (), empty)

    def sub(place: int, key: str, read: Callable[[Statements], AnyArray]) -> Row:
        values = [float(read(book)[seat, 0]) for book in books]
        return _row(sight, place, sight.say(key), values, strong=True)

    rows = [
        *_lines(sight, books, GROSS),
        sub(100, "ledger.gross", lambda book: book.gross_profit),
        *_lines(sight, books, OPERATING),
        sub(101, "ledger.operating", lambda book: book.operating_profit),
        *_lines(sight, books, (*SINGULAR, *FINANCE)),
        sub(102, "ledger.before_tax", lambda book: book.before_tax),
        *_lines(sight, books, (Line.TAX,)),
        sub(103, "ledger.net", lambda book: book.net_profit),
        *_changes(sight, books, 200, BEYOND),
        sub(104, "ledger.result", lambda book: book.total_result),
    ]
    return Table(sight.say("ledger.profit"), columns, tuple(rows), empty)


def _changes(
    sight: Sight, books: Sequence[Statements], first: int, names: Sequence[str]
) -> list[Row]:
    """Causes of the change of equity that ever moved."""
    rows = []
    for place, name in enumerate(names, first):
        values = [float(getattr(book.change, name)[sight.seat, 0]) for book in books]
        if any(abs(value) >= LEAST for value in values):
            rows.append(_row(sight, place, sight.say(f"equity.{name}"), values))
    return rows


def _cash_flow(
    sight: Sight, books: Sequence[Statements], columns: tuple[Column, ...], empty: str
) -> Table:
    """From the opening to the closing cash: business, holdings, lenders and own holders."""
    seat = sight.seat
    if not books:
        return Table(sight.say("ledger.cash"), columns, (), empty)

    def row(
        place: int, key: str, read: Callable[[Statements], AnyArray], strong: bool = False
    ) -> Row:
        values = [float(read(book)[seat, 0]) for book in books]
        stock = key in ("ledger.opening", "ledger.closing")
        return _row(sight, place, sight.say(key), values, strong=strong, stock=stock)

    rows = [
        row(0, "ledger.opening", lambda book: book.opening.cash),
        row(1, "ledger.net", lambda book: book.net_profit),
        *_lines(sight, books, (*ACCRUALS, *BELOW), 300),
        row(101, "ledger.business", lambda book: book.from_business, True),
        *_lines(sight, books, INVESTING, 300),
        row(102, "ledger.investing", lambda book: book.from_investing, True),
        *_lines(sight, books, FINANCING, 300),
        row(103, "ledger.financing", lambda book: book.from_financing, True),
        row(104, "ledger.closing", lambda book: book.closing.cash, True),
    ]
    return Table(sight.say("ledger.cash"), columns, tuple(rows), empty)


def _balance(sight: Sight, game: Game, books: Sequence[Statements]) -> Table:
    """What is owned and owed, why equity moved, and what the market thinks of it."""
    states = list(reversed(game.states))
    columns = _columns(sight, [state.turn - 1 for state in states])
    seat = sight.seat
    sheets = [Balance.of(state) for state in states]

    def row(place: int, key: str, name: str, strong: bool = False) -> Row:
        values = [float(getattr(sheet, name)[seat, 0]) for sheet in sheets]
        return _row(sight, place, sight.say(key), values, strong=strong, stock=True)

    def market(place: int, key: str, read: Callable[[State], float]) -> Row:
        return _row(sight, place, sight.say(key), [read(state) for state in states])

    any_plant = any(sheet.plant[seat, 0] for sheet in sheets)
    rows = [
        row(0, "balance.cash", "cash"),
        row(1, "balance.holdings", "holdings"),
        *([row(8, "balance.plant", "plant")] if any_plant else []),
        *_if_any(row(10, "balance.loans_given", "loans_given")),
        row(2, "balance.assets", "assets", True),
        row(3, "balance.debt", "debt"),
        *_if_any(row(9, "balance.loans_taken", "loans_taken")),
        row(4, "balance.liabilities", "liabilities", True),
        row(5, "balance.equity", "equity", True),
    ]
    if books:
        names = [field.name for field in dataclasses.fields(EquityChange)]
        changes = _changes(sight, books, 200, names)
        rows += [_heading(sight, 300, "ask.ledger.equity", len(states))] if changes else []
        rows += [
            dataclasses.replace(change, cells=(*change.cells, Cell("–", tone="mute")))
            for change in changes
        ]
    rows += [
        _heading(sight, 301, "ask.ledger.market", len(states)),
        market(6, "balance.stakes", lambda state: _stakes_worth(state, seat)),
        market(7, "balance.value", lambda state: float(state.value[seat, 0])),
    ]
    return Table(sight.say("ledger.balance"), columns, tuple(rows))


def _if_any(row: Row) -> tuple[Row, ...]:
    """The row, unless it never held anything."""
    return (row,) if any(abs(cell.value or 0.0) >= LEAST for cell in row.cells[1:]) else ()


def _stakes_worth(state: State, seat: int) -> float:
    """Own stakes at the price at which shares trade: USD m."""
    return float((state.shares[seat, :, 0] * state.quote[:, 0]).sum())


# ----------------------------------------------------------------------------- charts


def _own_charts(sight: Sight, game: Game) -> tuple[Chart, ...]:
    seat = sight.seat
    played = tuple(sight.short_date(report.turn) for report in game.reports)
    starts = tuple(sight.short_date(state.turn - 1) for state in game.states)

    def line(key: str, place: int, values: list[float]) -> Series:
        return Series(sight.say(key), COLOURS[place % len(COLOURS)], tuple(values))

    def of(line_: Line, sign: float = 1.0) -> list[float]:
        return [sign * float(report.lines[line_, seat, 0]) for report in game.reports]

    net = [float(report.lines[: Line.TAX + 1, seat, 0].sum()) for report in game.reports]
    spent = (
        line("mix.product", 0, of(Line.RESEARCH, -1.0)),
        line("mix.reach", 1, of(Line.REACH, -1.0)),
        line("mix.brand", 2, of(Line.BRAND, -1.0)),
    )
    cash = [float(state.cash[seat, 0]) for state in game.states]
    debt = [float(state.debt[seat, 0]) for state in game.states]
    money = "USD m"
    return (
        Chart(
            sight.say("chart.result"), "money", money, played,
            (line("figure.revenue", 0, of(Line.REVENUE)), line("figure.profit", 2, net)),
        ),
        Chart(
            sight.say("chart.cash"), "money", money, starts,
            (line("figure.cash", 2, cash), line("figure.debt", 3, debt)),
        ),
        Chart(sight.say("chart.spending"), "money", money, played, spent),
        Chart(
            sight.say("chart.score_terms"), "points", sight.say("unit.points"), played,
            (
                line("score.value", 0, [float(r.value_term[seat, 0]) for r in game.reports]),
                line("score.mandates", 1, [float(r.mandate_term[seat, 0]) for r in game.reports]),
                line("score.doors", 2, [float(r.door_term[seat, 0]) for r in game.reports]),
            ),
        ),
    )  # fmt: skip


def compare_charts(sight: Sight, game: Game) -> tuple[Chart, ...]:
    """Public figures of all companies over all quarters."""
    labels = tuple(sight.short_date(state.turn - 1) for state in game.states)
    start = game.states[0].quote[:, 0]

    def chart(key: str, kind: str, unit: str, read: Callable[[State], AnyArray]) -> Chart:
        table = np.stack([read(state) for state in game.states], axis=1)
        series = tuple(
            Series(
                sight.name(company), sight.ruleset.companies[company].colour,
                tuple(float(v) if math.isfinite(v) else math.nan for v in table[company]),
                company == sight.seat,
            )
            for company in range(table.shape[0])
        )  # fmt: skip
        return Chart(sight.say(key), kind, unit, labels, series)

    def doors(state: State) -> AnyArray:
        return np.asarray(outcome.own_doors(state, sight.ruleset)[:, 0])

    return (
        chart("chart.score", "points", sight.say("unit.points"), lambda s: s.score[:, 0]),
        chart(
            "chart.quote_start", "factor", "×", lambda s: s.quote[:, 0] / np.maximum(start, 1e-12)
        ),
        chart("chart.revenue", "money", "USD m", lambda s: s.revenue.sum(axis=1)[:, 0]),
        chart("chart.doors", "volume", sight.say("unit.users"), doors),
    )
