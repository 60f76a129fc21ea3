"""The table of the start: what was sold in the first quarter, read from CSV into the tree.

A scenario names it (``start: facts/start_2015q1.csv``). Its figures take the place of ``price``
and ``units`` in the product lines, so that every later check points into the table.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import math
from collections.abc import Iterator, Mapping
from pathlib import Path

from game.scenario.faults import Fault, listed, nearest
from game.scenario.source import Node, Place, Source

NEEDED = ("market", "company", "units", "price", "source", "confidence")
OPTIONAL = ("share", "margin")
FRINGE = "fringe"
"""Stands for the small firms in the column of companies."""
FIGURES = ("price", "units")
"""What a row says to the scenario."""
STATED = ("share", "margin")
"""What a source states beside, against which the fit is told."""
MAX_BYTES = 4_000_000


@dataclasses.dataclass(frozen=True)
class Row:
    """One row of the table."""

    place: Place
    market: str
    company: str
    figures: Mapping[str, tuple[float, Place]]
    """price (USD a unit), units (m), and where stated share and margin (fractions)."""
    source: str
    confidence: str


@dataclasses.dataclass(frozen=True)
class StartTable:
    """The table that a scenario names."""

    path: Path
    rows: tuple[Row, ...]

    def row(self, market: str, company: str) -> Row | None:
        """The row of a product line."""
        same = (row for row in self.rows if (row.market, row.company) == (market, company))
        return next(same, None)


def with_start(source: Source) -> tuple[Source, StartTable | None]:
    """The scenario with the figures of its table put in, and the table; faults are added."""
    key = source.tree.fields.get("start")
    if key is None or not isinstance(key.value, str):
        return source, None
    faults = list(source.faults)
    path = Path(key.place.file).parent / key.value
    text = _text(path, key, faults)
    if text is None:
        return dataclasses.replace(source, faults=faults), None
    rows = tuple(_rows(text, str(path), faults))
    tree = _laid_in(source.tree, rows, key.place.file, faults)
    files = (*source.files, path)
    return Source(tree, faults, files), StartTable(path, rows)


def _text(path: Path, key: Node, faults: list[Fault]) -> str | None:
    place = key.place
    try:
        data = path.read_bytes()
        if len(data) > MAX_BYTES:
            raise ValueError("too large")
        return data.decode("utf-8-sig")
    except OSError as problem:
        why = problem.strerror or "no such name"
    except ValueError:
        why = "not a table in UTF-8"
    what = f"{str(key.value)[:80]} cannot be read: {why}"
    advice = "a CSV file beside the scenario"
    faults.append(Fault(place.file, place.line, place.column, "start", what, advice))
    return None


def _rows(text: str, file: str, faults: list[Fault]) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""))
    head = [name.strip() for name in next(reader, [])]
    missing = [name for name in NEEDED if name not in head]
    if missing:
        what = f"column {missing[0]} is missing"
        faults.append(Fault(file, 1, 1, "", what, listed((*NEEDED, *OPTIONAL))))
        return
    seen: dict[tuple[str, str], int] = {}
    line = reader.line_num + 1
    for cells in reader:
        start, line = line, reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        row = _row(dict(zip(head, _placed(cells, file, start), strict=False)), file, start, faults)
        if row is None:
            continue
        first = seen.setdefault((row.market, row.company), start)
        if first != start:
            what = f"{row.company} in {row.market} again; it stands in line {first} already"
            faults.append(Fault(file, start, 1, "", what))
            continue
        yield row


def _placed(cells: list[str], file: str, line: int) -> Iterator[tuple[str, Place]]:
    """Cells with their places; exact up to the first quoted cell."""
    column = 1
    for cell in cells:
        yield cell.strip(), Place(file, line, column)
        column += len(cell) + 1


def _row(
    cells: Mapping[str, tuple[str, Place]], file: str, line: int, faults: list[Fault]
) -> Row | None:
    here = Place(file, line, 1)
    missing = [name for name in NEEDED if not cells.get(name, ("", here))[0]]
    if missing:
        what = f"{missing[0]} is empty"
        faults.append(Fault(file, line, 1, missing[0], what, "every row says where it comes from"))
        return None
    figures = {}
    for name in (*FIGURES, *STATED):
        text, place = cells.get(name, ("", here))
        number = _number(text)
        if number is not None:
            figures[name] = number, place
        elif text:
            what = f"{text[:40]!r} is not a number"
            faults.append(Fault(file, line, place.column, name, what))
    if not all(name in figures for name in FIGURES):
        return None
    market, company, source, confidence = (
        cells[name][0] for name in ("market", "company", "source", "confidence")
    )
    return Row(here, market, company, figures, source, confidence)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _laid_in(tree: Node, rows: tuple[Row, ...], file: str, faults: list[Fault]) -> Node:
    for row in rows:
        if row.company == FRINGE:
            tree = _into_fringe(tree, row, file, faults)
        else:
            tree = _into_product(tree, row, file, faults)
    return tree


def _into_product(tree: Node, row: Row, file: str, faults: list[Fault]) -> Node:
    companies = tree.fields.get("companies")
    items = companies.items if companies is not None else []
    ids = [str(item.fields["id"].value) if "id" in item.fields else "" for item in items]
    if row.company not in ids:
        faults.append(_unknown(row, "company", row.company, [*ids, FRINGE]))
        return tree
    place = ids.index(row.company)
    products = items[place].fields.get("products")
    line = products.fields.get(row.market) if products is not None else None
    if products is None or line is None:
        names = list(products.fields) if products is not None else []
        faults.append(_unknown(row, "market", f"{row.company} in {row.market}", names))
        return tree
    filled = _filled(line, row, file, faults)
    changed = dataclasses.replace(products, value={**products.fields, row.market: filled})
    fields = {**items[place].fields, "products": changed}
    company = dataclasses.replace(items[place], value=fields)
    listing = [*items[:place], company, *items[place + 1 :]]
    return _with(tree, "companies", listing)


def _into_fringe(tree: Node, row: Row, file: str, faults: list[Fault]) -> Node:
    markets = tree.fields.get("markets")
    market = markets.fields.get(row.market) if markets is not None else None
    fringe = _fringe_of(tree, market, row.market) if market is not None else None
    if markets is None or market is None or fringe is None:
        names = list(markets.fields) if markets is not None else []
        faults.append(_unknown(row, "market", f"a fringe in {row.market}", names))
        return tree
    filled = _filled(fringe, row, file, faults)
    changed = dataclasses.replace(market, value={**market.fields, "fringe": filled})
    return _with(tree, "markets", {**markets.fields, row.market: changed})


def _fringe_of(tree: Node, market: Node, name: str) -> Node | None:
    """The fringe of a market, or else of its sector."""
    sector = name.partition("/")[0]
    listing = tree.fields["sectors"].items if "sectors" in tree.fields else []
    same = [item for item in listing if "id" in item.fields and item.fields["id"].value == sector]
    found = [laws.fields["fringe"] for laws in (market, *same) if "fringe" in laws.fields]
    return found[0] if found else None


def _with(tree: Node, key: str, value: Mapping[str, Node] | list[Node]) -> Node:
    changed = dataclasses.replace(tree.fields[key], value=value)
    return dataclasses.replace(tree, value={**tree.fields, key: changed})


def _filled(line: Node, row: Row, file: str, faults: list[Fault]) -> Node:
    """A line with the row's figures; what a later file overrides stands."""
    fields = dict(line.fields)
    for name in FIGURES:
        number, place = row.figures[name]
        own = fields.get(name)
        if own is None:
            fields[name] = Node(number, place, key=place)
        elif own.place.file == file:
            at = own.place
            what = f"{name} stands in the table of the start too"
            faults.append(Fault(at.file, at.line, at.column, name, what, "one of the two"))
    return dataclasses.replace(line, value=fields)


def _unknown(row: Row, name: str, what: str, known: list[str]) -> Fault:
    place = row.place
    word = row.company if name == "company" else row.market
    said = f"the scenario has no {'line for ' if name == 'market' else 'company '}{what}"
    return Fault(
        place.file, place.line, place.column, name, said, listed(known), nearest(word, known)
    )
