"""The seat's books over all quarters, and charts of everybody's public figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from game.core.axes import AnyArray
from game.core.state import State
from game.play import outcome
from game.play.report import Line, Report
from game.session.sight import Sight
from game.session.view_detail import LedgerView
from game.session.view_types import Cell, Chart, Column, Row, Series, Table
from game.text.catalogue import label

if TYPE_CHECKING:
    from game.session.game import Game

PROFIT = tuple(line for line in Line if line <= Line.TAX)
FINANCING = tuple(line for line in Line if line > Line.TAX)
LEAST = 5e-4
COLOURS = ("#e69f00", "#56b4e9", "#009e73", "#cc79a7")


def ledger_view(game: Game) -> LedgerView:
    """All books of the seat, newest quarter in the first column of figures."""
    sight = Sight(game)
    reports = list(reversed(game.reports))
    columns = _columns(sight, [report.turn for report in reports])
    empty = sight.say("ledger.empty")
    return LedgerView(
        company=sight.tag(sight.seat),
        profit=_profit(sight, reports, columns, empty),
        cash_flow=_cash_flow(sight, game, reports, columns, empty),
        balance=_balance(sight, game),
        charts=_own_charts(sight, game),
        compare=compare_charts(sight, game),
        news=tuple(
            (sight.date(turn), game.headlines(turn))
            for turn in range(len(game.reports) - 1, -1, -1)
        ),
        empty="" if reports else empty,
    )


def _columns(sight: Sight, turns: Sequence[int]) -> tuple[Column, ...]:
    first = Column("line", sight.say("col.line"), False)
    return (first, *(Column(f"q{turn}", sight.date(turn)) for turn in turns))


def _row(
    sight: Sight, key: int, name: str, values: Sequence[float], *, strong: bool = False
) -> Row:
    cells = [
        sight.money_cell(value if abs(value) >= LEAST else 0.0, toned=strong) for value in values
    ]
    return Row(key, (Cell(name), *cells), strong=strong)


def _lines(sight: Sight, reports: Sequence[Report], which: Sequence[Line]) -> list[Row]:
    """Lines that ever moved."""
    rows = []
    for line in which:
        values = [float(report.lines[line, sight.seat, 0]) for report in reports]
        if any(abs(value) >= LEAST for value in values):
            rows.append(_row(sight, int(line), label(line, "line", sight.lang), values))
    return rows


def _profit(
    sight: Sight, reports: Sequence[Report], columns: tuple[Column, ...], empty: str
) -> Table:
    rows = _lines(sight, reports, PROFIT)
    if reports:
        net = [float(report.lines[: Line.TAX + 1, sight.seat, 0].sum()) for report in reports]
        rows.append(_row(sight, 100, sight.say("ledger.net"), net, strong=True))
    return Table(sight.say("ledger.profit"), columns, tuple(rows), empty)


def _cash_flow(
    sight: Sight, game: Game, reports: Sequence[Report], columns: tuple[Column, ...], empty: str
) -> Table:
    if not reports:
        return Table(sight.say("ledger.cash"), columns, (), empty)
    seat = sight.seat
    states = {state.turn: state for state in game.states}
    opened = [float(states[report.turn].cash[seat, 0]) for report in reports]
    closed = [float(states[report.turn + 1].cash[seat, 0]) for report in reports]
    net = [float(report.lines[: Line.TAX + 1, seat, 0].sum()) for report in reports]
    rows = [
        _row(sight, 0, sight.say("ledger.opening"), opened),
        _row(sight, 1, sight.say("ledger.net"), net),
        *_lines(sight, reports, FINANCING),
        _row(sight, 101, sight.say("ledger.closing"), closed, strong=True),
    ]
    return Table(sight.say("ledger.cash"), columns, tuple(rows), empty)


def _balance(sight: Sight, game: Game) -> Table:
    states = list(reversed(game.states))
    columns = _columns(sight, [state.turn - 1 for state in states])
    seat = sight.seat

    def row(place: int, key: str, read: Callable[[State], float], strong: bool = False) -> Row:
        return _row(sight, place, sight.say(key), [read(state) for state in states], strong=strong)

    rows = (
        row(0, "balance.cash", lambda s: float(s.cash[seat, 0])),
        row(1, "balance.debt", lambda s: -float(s.debt[seat, 0])),
        row(2, "balance.stakes", lambda s: _stakes_worth(s, seat)),
        row(3, "balance.value", lambda s: float(s.value[seat, 0]), True),
    )
    return Table(sight.say("ledger.balance"), columns, rows)


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
        chart("chart.revenue", "money", "USD m", lambda s: (s.price * s.units).sum(axis=1)[:, 0]),
        chart("chart.doors", "volume", sight.say("unit.users"), doors),
    )
