"""Difficulty as data: five levels that differ in search and noise, and in nothing else.

A level changes how well a machine player reads and weighs, how often it looks for partners and
how far it looks ahead. It never changes what the rules give: no money, no points, no knowledge.
"""

from __future__ import annotations

import dataclasses
import json
from functools import lru_cache

import numpy as np

from game.core.axes import Array, Ints
from game.core.errors import RuleError
from game.core.rng import Purpose, normals
from game.core.ruleset import Ruleset
from game.play.observation import Observation
from game.resources import asset_text

FILE = "levels.json"
BOOKS = ("cash_guess", "debt_guess", "profit_guess", "value_guess")
"""Estimates of others that a careless reader gets wrong."""


@dataclasses.dataclass(frozen=True)
class Level:
    """How a machine player searches, and how it errs."""

    misread: float = 0.0
    """Noise: standard error (log) by which it misreads every estimate of another's books."""
    slip: float = 0.0
    """Noise: standard error (log) of what it thinks that spending, partners, entries and cards
    are worth, beyond what the estimates do not tell."""
    looks: float = 1.0
    """Search: factor on the chance that it looks for a partner in a quarter."""
    partners: int = 2
    """Search: partners with whom it works a package out, 1 or 2."""
    futures: int = 0
    """Search: imagined worlds of each trial; 0: it does not look ahead."""
    quarters: int = 0
    """Search: how far each trial is played."""
    width: int = 0
    """Search: options of a kind at most."""
    kinds: tuple[str, ...] = ()
    """Search: what is tried in imagined worlds."""


PLAIN = Level()
"""A strategist that reads and weighs as well as it can, and does not look ahead."""


@lru_cache(maxsize=1)
def levels() -> tuple[Level, ...]:
    """The levels, the easiest first.

    Raises:
        RuleError: the file of levels cannot be used.
    """
    try:
        rows = json.loads(asset_text(FILE))["levels"]
        return tuple(Level(**{**row, "kinds": tuple(row["kinds"])}) for row in rows)
    except (KeyError, TypeError, ValueError) as error:
        raise RuleError(f"the levels cannot be understood: {error}", FILE) from None


def misread(view: Observation, ruleset: Ruleset, seats: Ints, noise: float) -> Observation:
    """The view with the estimates of others' books read wrongly; a seat's own books stay."""
    if noise <= 0.0:
        return view
    companies = len(ruleset.companies)
    drawn = normals(
        view.seed, view.world, view.turn, Purpose.MISREAD, ruleset.company_uid[seats], companies
    )
    order = np.argsort(np.argsort(ruleset.company_uid, kind="stable"), kind="stable")
    factor: Array = np.exp(noise * np.take(drawn, order, axis=1))
    factor[np.arange(len(seats)), seats] = 1.0
    changed = {name: getattr(view, name) * factor for name in BOOKS}
    return dataclasses.replace(view, **changed)
