"""Loans among companies, as a table of one of them; their terms are public."""

from __future__ import annotations

import numpy as np

from game.session.sight import Sight
from game.session.view_types import Cell, Column, Link, Row, Table


def loans(sight: Sight, company: int) -> Table:
    """What a company has lent to others and owes them, what is due first above."""
    columns = (
        Column("kind", sight.say("col.loan"), False),
        Column("company", sight.say("col.company"), False),
        Column("owed", sight.say("col.owed"), hint=sight.say("col.owed.hint")),
        Column("rate", sight.say("col.rate")),
        Column("due", sight.say("col.due"), False),
    )
    due = sight.full.loan_due[..., 0]
    sides = (("loan.owes", due[company]), ("loan.lent", due[:, company]))
    found = [
        (int(until[other]), key, int(other))
        for key, until in sides
        for other in np.flatnonzero(until > 0)
    ]
    rows = [_row(sight, company, *loan, place) for place, loan in enumerate(sorted(found))]
    return Table(sight.say("table.loans"), columns, tuple(rows), sight.say("table.loans.empty"))


def _row(sight: Sight, company: int, until: int, key: str, other: int, place: int) -> Row:
    pair = (company, other) if key == "loan.owes" else (other, company)
    owed = float(sight.full.loan_owed[(*pair, 0)])
    rate = float(sight.full.loan_rate[(*pair, 0)])
    left = sight.quarters(until - sight.full.turn)
    link = Link("company", other)
    cells = (
        Cell(sight.say(key)),
        Cell(sight.name(other), link=link),
        sight.money_cell(owed),
        Cell(sight.percent(rate), rate),
        Cell(f"{sight.date(until)} · {left}", float(until)),
    )
    return Row(place, cells, link=link)
