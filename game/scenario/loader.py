"""A scenario file made ready to play.

scenario = load(Path("scenarios/lesson.yaml"))
state = first_state(scenario.ruleset, scenario.opening, seed, world)
"""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import numpy as np

from game.core.axes import Array
from game.core.errors import ScenarioError, UserError
from game.core.ruleset import Ruleset
from game.core.state import State
from game.scenario import par
from game.scenario.build import build_ruleset
from game.scenario.faults import ERROR, Fault
from game.scenario.fit import fit_scenario
from game.scenario.par import ParState
from game.scenario.source import Node
from game.scenario.validate import Checked, check_text, faults_of_findings
from game.scenario.words import NAMINGS, Naming, Words


@dataclasses.dataclass(frozen=True)
class Scenario:
    """A scenario that can be played."""

    ruleset: Ruleset
    opening: State
    """First state with one world; ``fit`` is nan where it is drawn for each world."""
    path: Path
    digest: str
    """SHA-256 of the file and of all that it extends."""
    par_state: ParState
    """Whether the par table is of this text (shipped), of another one (stale), or missing."""
    history: Path | None = None
    """The file of yearly facts that the scenario names."""

    def with_advanced_deals(self, on: bool) -> Scenario:
        """The same scenario, played with or without the advanced clauses."""
        ruleset = self.ruleset
        if on == ruleset.rules.advanced_deals:
            return self
        rules = dataclasses.replace(ruleset.rules, advanced_deals=on)
        return dataclasses.replace(self, ruleset=dataclasses.replace(ruleset, rules=rules))


def load(path: Path | str, naming: Naming = "real") -> Scenario:
    """Read, check and fit a scenario.

    Args:
        naming: "real" names, or "invented" ones where the scenario has them.

    Raises:
        ScenarioError: the file has errors; carries a line for each.
    """
    if naming not in NAMINGS:
        raise UserError(f"naming {naming!r} is not known", "naming", "real or invented")
    path = Path(path)
    checked = check_text(path)
    faults = [fault for fault in checked.faults if fault.severity == ERROR]
    if faults or checked.scenario is None:
        raise scenario_error(path, faults)
    loaded, found = ready(path, checked, naming)
    errors = [fault for fault in found if fault.severity == ERROR]
    if errors:
        raise scenario_error(path, errors)
    return loaded


def ready(path: Path, checked: Checked, naming: Naming = "real") -> tuple[Scenario, list[Fault]]:
    """A checked scenario, fitted; and what the fit has to say.

    Args:
        checked: without errors.

    Raises:
        ScenarioError: figures so extreme that no fit can be computed.
    """
    scenario = checked.scenario
    if scenario is None:
        raise ValueError("a scenario with errors cannot be fitted")
    hashed = digest_of(checked.files)
    try:
        with np.errstate(all="raise", under="ignore"):
            fitted = fit_scenario(
                scenario, build_ruleset(scenario, Words(scenario, naming), hashed)
            )
    except (ArithmeticError, ValueError, np.linalg.LinAlgError) as problem:
        what = f"cannot be fitted: {problem}"
        raise ScenarioError(what, str(path), "look for extreme figures") from problem
    ruleset, state = par.with_table(fitted.ruleset, par.read_par(path, hashed))
    if state == "missing" and all(
        company.par for company in scenario.companies if company.playable
    ):
        state = "shipped"
    facts = beside(checked.tree, "history")
    loaded = Scenario(ruleset, fitted.opening, path, hashed, state, facts)
    return loaded, faults_of_findings(checked.tree, fitted.findings)


def beside(tree: Node, key: str) -> Path | None:
    """The file that a key names, beside the file that says so; None without the key."""
    node = tree.fields.get(key)
    if node is None or not isinstance(node.value, str):
        return None
    return Path(node.place.file).parent / node.value


def scenario_error(path: Path, faults: list[Fault]) -> ScenarioError:
    """The error that carries all faults of a file."""
    count = len(faults)
    what = f"cannot be used: {count} error{'s' * (count != 1)}"
    lines = tuple(fault.line() for fault in faults)
    return ScenarioError(what, str(path), "stake scenario check tells all", lines)


def digest_of(files: tuple[Path, ...]) -> str:
    """SHA-256 over files in order, line ends alike on every system."""
    whole = hashlib.sha256()
    for file in files:
        text = file.read_bytes().replace(b"\r\n", b"\n")
        whole.update(len(text).to_bytes(8, "big") + text)
    return whole.hexdigest()


def save_par(
    path: Path | str,
    mean: Array,
    sd: Array,
    doors: Array,
    mandates: Array,
    *,
    games: int,
    seed: int,
    beside: bool = True,
) -> Path:
    """Write the par table of a scenario beside it.

    Args:
        mean, sd: of ln R, each [N]. doors: [N] m users. mandates: [N] fraction of credit.
        games, seed: what was played.
        beside: False writes it among the person's files, leaving the author's folder alone.

    Returns:
        The file written.
    """
    path = Path(path)
    ruleset = load(path).ruleset
    return par.write_par(
        path, ruleset, (mean, sd, doors, mandates), games=games, seed=seed, beside=beside
    )
