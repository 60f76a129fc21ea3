"""The fit of a scenario as a table: computed, written beside it, and held against the facts.

The loader always fits anew, so the table never decides a game. It says which appeals and costs the
facts imply, and ``stake scenario check`` says when laws or figures have moved on since.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from game.core.axes import Array
from game.core.errors import UserError
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.turn import step
from game.scenario.build import Index
from game.scenario.faults import Fault
from game.scenario.fit import fringes_of
from game.scenario.loader import Scenario
from game.scenario.opening import lines_of
from game.scenario.shape import locate
from game.scenario.source import Node
from game.scenario.start_table import FRINGE
from game.scenario.validate import Checked, fault_at

SUFFIX = ".fit.csv"
COLUMNS = (
    "market", "company", "units", "price", "share", "appeal", "unit_cost", "margin", "source",
)  # fmt: skip
EXACT = 1e-8
"""Relative distance of units and prices from the facts at which a fit holds."""
IN_THE_FILE = "in the scenario's own lines"


@dataclasses.dataclass(frozen=True)
class FitRow:
    """One product line or fringe: what was observed, and what follows from it."""

    market: str
    company: str
    """``fringe`` for the small firms together."""
    units: float
    """m units, observed."""
    price: float
    """USD a unit, observed."""
    share: float
    """Fraction of the market's units."""
    appeal: float
    """Utils: fixed mean utility; of one small firm, without price."""
    unit_cost: float
    """USD a unit, before allies make it cheaper; nan for a fringe."""
    margin: float
    """Fraction of price; nan for a fringe."""
    source: str
    fitted: bool = True
    """The appeal is found; the scenario does not give it."""

    @property
    def key(self) -> tuple[str, str]:
        return self.market, self.company


@dataclasses.dataclass(frozen=True)
class Gap:
    """How far a first quarter is from the facts, for the line that is farthest."""

    units: float
    """Relative."""
    price: float
    """Relative."""
    market: str
    company: str

    @property
    def exact(self) -> bool:
        return max(self.units, self.price) <= EXACT

    def words(self) -> str:
        return (
            f"{self.company} in {self.market} is off by {self.units:.2g} of its units "
            f"and {self.price:.2g} of its price"
        )


def rows_of(checked: Checked, loaded: Scenario) -> list[FitRow]:
    """The fit of a scenario, market by market."""
    scenario = checked.scenario
    if scenario is None:
        raise ValueError("a scenario with errors has no fit")
    ruleset, opening = loaded.ruleset, loaded.opening
    lines = list(lines_of(scenario, Index.of(scenario)))
    total = opening.units[..., 0].sum(axis=0) + opening.fringe_units[:, 0]
    found: list[FitRow] = []
    for place, market in enumerate(ruleset.markets):
        for line in (line for line in lines if line.market == place):
            company, product = ruleset.companies[line.company].uid, line.product
            cost = float(ruleset.cost_base[line.at])
            found.append(
                FitRow(
                    market,
                    company,
                    product.units,
                    product.price,
                    product.units / total[place],
                    float(ruleset.appeal[line.at]),
                    cost,
                    1.0 - cost / product.price,
                    _source(checked, market, company),
                    product.appeal is None,
                )
            )
        fringe = fringes_of(scenario).get(place)
        if fringe is not None and fringe.utility is None:
            utility = float(
                ruleset.fringe_utility[place, 0] + ruleset.alpha[place, 0] * fringe.price
            )
            share = fringe.units / total[place]
            source = _source(checked, market, FRINGE)
            row = FitRow(
                market, FRINGE, fringe.units, fringe.price, share, utility, np.nan, np.nan, source
            )
            found.append(row)
    return found


def _source(checked: Checked, market: str, company: str) -> str:
    row = checked.start.row(market, company) if checked.start is not None else None
    return row.source if row is not None else IN_THE_FILE


def with_rows(ruleset: Ruleset, rows: Iterable[FitRow]) -> Ruleset:
    """The ruleset with the appeals, costs and fringes of a table."""
    appeal, cost = ruleset.appeal.copy(), ruleset.cost_base.copy()
    utility = ruleset.fringe_utility.copy()
    for row in rows:
        place = ruleset.market(row.market)
        if row.company == FRINGE:
            utility[place] = row.appeal - ruleset.alpha[place] * row.price
        else:
            at = ruleset.company(row.company), place
            appeal[at], cost[at] = row.appeal, row.unit_cost
    return dataclasses.replace(ruleset, appeal=appeal, cost_base=cost, fringe_utility=utility)


def first_quarter_sold(ruleset: Ruleset, opening: State) -> State:
    """The state after the first quarter: idle seats, no luck, empty cards, average pairs."""
    rules = dataclasses.replace(ruleset.rules, quality_luck=0.0, demand_luck=0.0)
    events = tuple(dataclasses.replace(card, effects=(), options=()) for card in ruleset.events)
    calm = dataclasses.replace(ruleset, rules=rules, events=events)
    opening = replace(opening, fit=np.where(np.isnan(opening.fit), 1.0, opening.fit))
    begin = first_state(calm, opening, np.zeros(2, "u8"), np.arange(2, dtype="u8"))
    return step(begin, calm, no_orders(begin, calm))[0]


def gap(loaded: Scenario, rows: list[FitRow]) -> Gap:
    """How far the first quarter with these appeals and costs is from the table's facts."""
    ruleset = loaded.ruleset
    after = first_quarter_sold(with_rows(ruleset, rows), loaded.opening)
    worst = Gap(0.0, 0.0, "", "")
    for row in rows:
        units, price = _sold(after, ruleset, row)
        off = Gap(
            abs(units / row.units - 1.0) if row.fitted else 0.0,
            abs(price / row.price - 1.0),
            row.market,
            row.company,
        )
        if max(off.units, off.price) >= max(worst.units, worst.price):
            worst = off
    return worst


def _sold(after: State, ruleset: Ruleset, row: FitRow) -> tuple[float, float]:
    place = ruleset.market(row.market)
    if row.company == FRINGE:
        return float(after.fringe_units[place, 0]), row.price
    at = ruleset.company(row.company), place, 0
    return float(after.units[at]), float(after.price[at])


def fit_path(checked: Checked, path: Path) -> Path | None:
    """The table that a scenario names itself, not one that it extends; None without one."""
    key = checked.tree.fields.get("fit")
    if key is None or not isinstance(key.value, str) or Path(key.place.file) != path:
        return None
    return path.parent / key.value


def text_of(rows: Iterable[FitRow]) -> str:
    """The table as CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        figures: list[float] = [row.units, row.price, row.share, row.appeal]
        figures += [row.unit_cost, row.margin]
        rough = {"share": 6, "margin": 4}
        cells = [
            "" if np.isnan(figure) else f"{figure:.{rough.get(name, 15)}g}"
            for name, figure in zip(COLUMNS[2:8], figures, strict=True)
        ]
        writer.writerow([row.market, row.company, *cells, row.source])
    return out.getvalue()


def read_rows(path: Path, fresh: list[FitRow]) -> list[FitRow] | str:
    """The stored table over the fresh one, or why it cannot stand for it."""
    try:
        text = path.read_text("utf-8-sig")
        stored = {(row["market"], row["company"]): row for row in csv.DictReader(io.StringIO(text))}
        found = []
        for row in fresh:
            kept = stored.pop(row.key, None)
            if kept is None:
                return f"has no row for {row.company} in {row.market}"
            cost = float(kept["unit_cost"]) if kept["unit_cost"] else np.nan
            found.append(dataclasses.replace(row, appeal=float(kept["appeal"]), unit_cost=cost))
    except OSError as problem:
        return f"cannot be read: {problem.strerror}"
    except (ValueError, KeyError, TypeError, AttributeError):
        return "is not a table that stake scenario calibrate wrote"
    for market, company in stored:
        return f"has a row for {company} in {market}, which the scenario does not sell"
    numbers: Array = np.array([[row.appeal, row.unit_cost] for row in found])
    if not np.isfinite(numbers[[row.company != FRINGE for row in found]]).all():
        return "holds figures that are not finite"
    return found


def stale(checked: Checked, loaded: Scenario, path: Path) -> str:
    """Why the stored fit no longer holds; empty when it does. ``path``: of the table."""
    read = read_rows(path, rows_of(checked, loaded))
    if isinstance(read, str):
        return f"the stored fit {path.name} {read}"
    off = gap(loaded, read)
    if off.exact:
        return ""
    return f"the stored fit {path.name} no longer sells the facts: {off.words()}"


def check(checked: Checked, loaded: Scenario) -> Iterator[Fault]:
    """A fault where the stored fit of a scenario is stale."""
    path = fit_path(checked, loaded.path)
    if path is None:
        return
    what = stale(checked, loaded, path)
    if what:
        yield fault_at(checked.tree, ("fit",), what, mending(loaded.path))


def mending(path: Path) -> str:
    """The command that fits anew."""
    return f"stake scenario calibrate {path.name} --write"


def write(checked: Checked, loaded: Scenario) -> list[Path]:
    """Write the fit beside the scenario, and name it there when it is new.

    Returns:
        The files written.

    Raises:
        UserError: a file cannot be written.
    """
    path = loaded.path
    table = fit_path(checked, path)
    if table is not None:
        return [_written(table, text_of(rows_of(checked, loaded)))]
    table = path.with_name(path.name.rpartition(".")[0] + SUFFIX)
    named = _named(path.read_bytes().decode("utf-8"), checked.tree, path, table.name)
    written = [_written(table, text_of(rows_of(checked, loaded)))]
    return [*written, _written(path, named)]


def _named(text: str, tree: Node, path: Path, table: str) -> str:
    """The scenario's text with the key ``fit`` put in below ``start`` or ``id``."""
    lines = text.splitlines(keepends=True)
    for name in ("start", "id"):
        place, node = locate(tree, (name,))
        if node is not None and node.key is not None and node.key.column == 1:
            if Path(place.file) != path:
                continue
            line = lines[place.line - 1]
            end = "\r\n" if line.endswith("\r\n") else "\n"
            lines[place.line - 1] = line if line.endswith("\n") else line + end
            lines.insert(place.line, f"fit: {table}{end}")
            return "".join(lines)
    advice = f"write  fit: {table}  below the id of the scenario"
    raise UserError("does not name the table of its fit", str(path), advice)


def _written(path: Path, text: str) -> Path:
    aside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        aside.write_bytes(text.encode("utf-8"))
        os.replace(aside, path)
    except OSError as problem:
        aside.unlink(missing_ok=True)
        why = problem.strerror or "no such folder"
        raise UserError(
            f"cannot be written: {why}", str(path), "check the folder's rights"
        ) from None
    return path
