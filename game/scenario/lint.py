"""All that can be said against scenario files: text, sums, fit, pricing, and a few turns played."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from game.core.axes import Array
from game.core.errors import GameError
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.contracts import draft_package, legal
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.packages import DealFlag
from game.play.turn import step
from game.scenario import feedback_check, pricing_check, stored_fit
from game.scenario.faults import ERROR, WARNING, Fault
from game.scenario.fit import Finding
from game.scenario.loader import Scenario, ready
from game.scenario.par import SUFFIX
from game.scenario.validate import Checked, check_text, faults_of_findings, in_order

TURNS = 6
YEAR = 4
SEED = 1


def check(paths: Iterable[Path | str]) -> list[Fault]:
    """Every fault of these files, errors and warnings, by file and place."""
    return [fault for path in paths for fault in check_file(Path(path))]


def check_file(path: Path) -> list[Fault]:
    """Every fault of one file. What cannot be fitted is not played."""
    checked = check_text(path)
    if checked.scenario is None or any(fault.severity == ERROR for fault in checked.faults):
        return checked.faults
    try:
        loaded, found = ready(path, checked)
    except GameError as problem:
        return [*checked.faults, _broken(checked, problem.what)]
    if any(fault.severity == ERROR for fault in found):
        return in_order([*checked.faults, *found])
    findings = play(loaded)
    if not any(finding.error for finding in findings):
        findings = [
            *pricing_check.check(loaded.ruleset, loaded.opening),
            *feedback_check.check(loaded.ruleset, loaded.opening),
            *findings,
        ]
    located = faults_of_findings(checked.tree, findings)
    if not any(finding.error for finding in findings):
        located += stored_fit.check(checked, loaded)
    return in_order([*checked.faults, *found, *located, *_stale(checked, loaded)])


def _broken(checked: Checked, what: str) -> Fault:
    place = checked.tree.place
    return Fault(place.file, place.line, place.column, "", " ".join(what.split())[:200])


def _stale(checked: Checked, loaded: Scenario) -> Iterator[Fault]:
    if loaded.par_state == "stale":
        name = loaded.path.name.rpartition(".")[0] + SUFFIX
        what = f"the par table {name} was measured on another text of this scenario"
        place = checked.tree.place
        advice = f"stake scenario par {loaded.path.name}"
        yield Fault(place.file, place.line, place.column, "", what, advice, severity=WARNING)


def play(loaded: Scenario, turns: int = TURNS) -> list[Finding]:
    """What goes wrong when idle seats play the first turns in two worlds."""
    ruleset, opening = loaded.ruleset, loaded.opening
    defaults = np.zeros(len(ruleset.companies), bool)
    found: list[Finding] = []
    turn = 0
    try:
        with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
            warnings.simplefilter("error")
            state = first_state(ruleset, opening, np.full(2, SEED, "u8"), np.arange(2, dtype="u8"))
            for turn in range(min(turns, ruleset.rules.quarters)):
                if turn == 0:
                    found = unsigned_drafts(state, ruleset)
                bad = infinite_field(state)
                if bad:
                    return [_breaks(turn, f"{bad} is no finite number")]
                state, report = step(state, ruleset, no_orders(state, ruleset))
                if turn < YEAR:
                    defaults |= report.defaulted.all(axis=-1)
    except (
        ArithmeticError,
        ValueError,
        IndexError,
        Warning,
        GameError,
        np.linalg.LinAlgError,
    ) as problem:
        return [_breaks(turn, str(problem))]
    return [*found, *_ruined(defaults, ruleset)]


def unsigned_drafts(state: State, ruleset: Ruleset) -> list[Finding]:
    """Drafts that the rules would not let anybody sign in the first quarter."""
    found = []
    for number, draft in enumerate(ruleset.drafts):
        row = 2 * draft.proposer
        flags = DealFlag(
            int(legal(draft_package(draft, state, ruleset, row), state, ruleset)[row, 0])
        )
        if flags:
            names = ", ".join(
                flag.name.lower() for flag in DealFlag if flag and flag in flags and flag.name
            )
            what = f"cannot be signed in the first quarter: {names}"
            found.append(Finding(("drafts", number), what, "terms that both sides can settle"))
    return found


def _breaks(turn: int, why: str) -> Finding:
    return Finding(
        (), f"the game breaks in quarter {turn + 1}: {' '.join(why.split())[:160]}", error=True
    )


def infinite_field(state: State) -> str:
    """Name of a figure that is not finite though it should be; empty when all are."""
    for name in ("price", "units", "cash", "debt", "value", "quality", "unit_cost", "market_size"):
        values: Array = getattr(state, name)
        if not np.isfinite(values).all():
            return name
    return ""


def _ruined(defaults: Array, ruleset: Ruleset) -> list[Finding]:
    if defaults.all():
        return [
            Finding(
                ("companies",),
                "with idle seats every company defaults in the first year",
                "more cash or profit",
            )
        ]
    return [
        Finding(
            ("companies", int(row)),
            f"with idle seats {ruleset.companies[row].uid} defaults in the first year",
            "more cash, less debt, overhead or spend",
        )
        for row in np.flatnonzero(defaults)
    ]
