"""``stake scenario calibrate``: the fit of the first quarter, shown, checked and stored."""

from __future__ import annotations

import dataclasses
import json
import math
import sys
from typing import Any

from rich.console import Console
from rich.table import Table

from game.cli.sim import PIPE_WIDTH
from game.resources import find_scenario
from game.scenario import loader, stored_fit
from game.scenario.faults import ERROR
from game.scenario.loader import Scenario
from game.scenario.stored_fit import FitRow, Gap
from game.scenario.validate import Checked, check_text


def run_calibrate(name: str, check: bool, write: bool, as_json: bool) -> int:
    """Fit a scenario to its facts; 0 when the first quarter is the facts', else 2."""
    path = find_scenario(name)
    checked = check_text(path)
    faults = [fault for fault in checked.faults if fault.severity == ERROR]
    if faults or checked.scenario is None:
        raise loader.scenario_error(path, faults)
    loaded, found = loader.ready(path, checked)
    errors = [fault for fault in found if fault.severity == ERROR]
    if errors:
        raise loader.scenario_error(path, errors)
    rows = stored_fit.rows_of(checked, loaded)
    off = stored_fit.gap(loaded, rows)
    written = [str(file) for file in stored_fit.write(checked, loaded)] if write else []
    state, why = _stored(checked, loaded) if not write else ("fresh", "")
    bad = not off.exact or (check and state != "fresh") or state == "stale"
    if as_json:
        whole = _record(path.name, rows, off, state, why, written)
        whole["stated"] = _stated(checked, rows)
        sys.stdout.write(json.dumps(whole, indent=2, ensure_ascii=False) + "\n")
        return 2 if bad else 0
    console = Console(soft_wrap=True, highlight=False, markup=False)
    if not (check or write):
        _print(path.name, rows)
    _say(console, rows, off, checked)
    if state == "none" and (check or not written):
        console.print(f"No stored fit. To store it: {stored_fit.mending(path)}")
    elif state == "stale":
        console.print(f"Stale: {why}. To mend: {stored_fit.mending(path)}")
    elif not written:
        console.print("The stored fit still gives the facts.")
    for file in written:
        console.print(f"Wrote {file}")
    return 2 if bad else 0


def _stored(checked: Checked, loaded: Scenario) -> tuple[str, str]:
    table = stored_fit.fit_path(checked, loaded.path)
    if table is None:
        return "none", ""
    why = stored_fit.stale(checked, loaded, table)
    return ("stale", why) if why else ("fresh", "")


def _record(
    file: str, rows: list[FitRow], off: Gap, state: str, why: str, written: list[str]
) -> dict[str, Any]:
    def plain(row: FitRow) -> dict[str, Any]:
        return {
            key: None if isinstance(value, float) and math.isnan(value) else value
            for key, value in dataclasses.asdict(row).items()
        }

    return {
        "file": file,
        "exact": off.exact,
        "worst": dataclasses.asdict(off),
        "stored": state,
        "why": why,
        "written": written,
        "rows": [plain(row) for row in rows],
    }


def _stated(checked: Checked, rows: list[FitRow]) -> list[dict[str, Any]]:
    """Shares and margins that the sources state themselves, beside those of the fit."""
    found = []
    for row in rows:
        fact = checked.start.row(*row.key) if checked.start is not None else None
        for name in ("share", "margin"):
            if fact is not None and name in fact.figures:
                number = fact.figures[name][0]
                told = {"market": row.market, "company": row.company, "figure": name}
                found.append({**told, "stated": number, "fit": getattr(row, name)})
    return found


def _print(title: str, rows: list[FitRow]) -> None:
    console = Console()
    if not console.is_terminal:
        console = Console(width=PIPE_WIDTH)
    table = Table(title=f"{title}: what the first quarter implies")
    for column in ("market", "company"):
        table.add_column(column)
    for column in ("m units", "USD", "share", "appeal, utils", "cost, USD", "margin"):
        table.add_column(column, justify="right")
    last = ""
    for row in rows:
        fringe = math.isnan(row.unit_cost)
        table.add_row(
            row.market if row.market != last else "",
            row.company,
            f"{row.units:g}",
            f"{row.price:g}",
            f"{row.share:.1%}",
            f"{row.appeal:.4f}",
            "" if fringe else f"{row.unit_cost:.2f}",
            "" if fringe else f"{row.margin:.1%}",
        )
        last = row.market
    console.print(table)


def _say(console: Console, rows: list[FitRow], off: Gap, checked: Checked) -> None:
    head = "exact" if off.exact else "NOT exact"
    console.print(
        f"{len(rows)} lines; the first quarter is {head}: at worst {off.words()} "
        f"(allowed {stored_fit.EXACT:g})."
    )
    for told in _stated(checked, rows):
        console.print(
            f"{told['company']} in {told['market']}: {told['figure']} {told['fit']:.3f}, "
            f"stated {told['stated']:.3f}"
        )
