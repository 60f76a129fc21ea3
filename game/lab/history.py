"""Games held against what really happened: yearly figures of markets beside the facts.

Facts are rows of a CSV file that a scenario names (``history: facts/history.csv``), one figure a
row: a market's total, or a company's units or share of it, in one year.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from game.core.axes import Array
from game.core.errors import UserError
from game.core.ruleset import Ruleset

COLUMNS = ("year", "market", "figure", "company", "value", "source", "confidence")
FIGURES = ("total", "units", "share")
"""m units of the whole market; m units of a company; fraction of the market's units."""
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9
"""The band that is held against the facts holds 80 % of the games."""
QUARTERS = 4


@dataclass(frozen=True)
class Fact:
    """One figure of one year."""

    year: int
    market: str
    """``sector/region``; a sector alone is all its regions together."""
    figure: str
    company: str
    """Empty for a total."""
    value: float
    source: str
    confidence: str


@dataclass(frozen=True)
class Outcome:
    """A fact beside what the games brought."""

    fact: Fact
    low: float
    middle: float
    high: float
    games: int
    """That lasted through the year."""

    @property
    def covered(self) -> bool:
        return self.low <= self.fact.value <= self.high

    @property
    def off(self) -> float:
        """Distance from the band, in the figure's unit; negative below it."""
        return min(self.fact.value - self.low, 0.0) + max(self.fact.value - self.high, 0.0)

    def record(self) -> dict[str, Any]:
        """One flat row."""
        return {
            **self.fact.__dict__,
            "low": self.low,
            "middle": self.middle,
            "high": self.high,
            "width": self.high - self.low,
            "games": self.games,
            "covered": self.covered,
        }


def read_facts(path: Path, ruleset: Ruleset) -> list[Fact]:
    """The facts of a file, in its order.

    Raises:
        UserError: the file cannot be read, or a row speaks of what the scenario does not have.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, ValueError) as problem:
        raise UserError("the facts cannot be read", str(path), "a CSV file in UTF-8") from problem
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise UserError(f"column {missing[0]} is missing", str(path), ", ".join(COLUMNS))
    return [_fact(row, f"{path}:{reader.line_num}", ruleset) for row in reader]


def _fact(row: dict[str, str], place: str, ruleset: Ruleset) -> Fact:
    try:
        year, value = int(row["year"]), float(row["value"])
    except (ValueError, TypeError):
        raise UserError("year or value is not a number", place) from None
    market, figure, company = row["market"], row["figure"], row["company"]
    companies = [known.uid for known in ruleset.companies]
    for what, word, known in (
        ("market", market, [*ruleset.markets, *ruleset.sectors]),
        ("figure", figure, list(FIGURES)),
        ("company", company, [""] if figure == "total" else companies),
    ):
        if word not in known:
            raise UserError(f"{what} {word!r} is not known", place, ", ".join(filter(None, known)))
    if not math.isfinite(value):
        raise UserError("value is not finite", place)
    return Fact(year, market, figure, company, value, row["source"], row["confidence"])


def markets_of(facts: Sequence[Fact], ruleset: Ruleset) -> tuple[int, ...]:
    """Numbers of all markets that the facts speak of, in order."""
    return tuple(sorted({place for fact in facts for place in _places(fact, ruleset)}))


def _places(fact: Fact, ruleset: Ruleset) -> list[int]:
    if fact.market in ruleset.markets:
        return [ruleset.market(fact.market)]
    sector = ruleset.sectors.index(fact.market)
    return np.flatnonzero(ruleset.market_sector == sector).tolist()


def outcomes(
    facts: Sequence[Fact], watched: Array, markets: Sequence[int], ruleset: Ruleset
) -> list[Outcome]:
    """Each fact of a year that the game plays, beside the games.

    Args:
        watched: [T, N + 1, X, W] m units by company, the fringe last, nan once a game has ended.
        markets: [X] numbers of the markets in ``watched``.
    """
    return list(_outcomes(facts, watched, markets, ruleset))


def _outcomes(
    facts: Sequence[Fact], watched: Array, markets: Sequence[int], ruleset: Ruleset
) -> Iterator[Outcome]:
    for fact in facts:
        turns = _turns(fact.year, watched.shape[0], ruleset)
        if turns is None:
            continue
        rows = [list(markets).index(place) for place in _places(fact, ruleset)]
        year = watched[turns][:, :, rows].sum(axis=(0, 2))
        figure = _figure(fact, year, ruleset)
        figure = figure[np.isfinite(figure)]
        if not len(figure):
            continue
        low, middle, high = np.quantile(figure, (LOW, MIDDLE, HIGH)).tolist()
        yield Outcome(fact, low, middle, high, len(figure))


def _turns(year: int, played: int, ruleset: Ruleset) -> slice | None:
    """Turns of a whole year; None where the game does not play all of it."""
    rules = ruleset.rules
    first = QUARTERS * (year - rules.first_year) - (rules.first_quarter - 1)
    return slice(first, first + QUARTERS) if 0 <= first <= played - QUARTERS else None


def _figure(fact: Fact, year: Array, ruleset: Ruleset) -> Array:
    """The fact's figure in each game, from a year's units [N + 1, W]."""
    total = year.sum(axis=0)
    if fact.figure == "total":
        return np.asarray(total)
    own = year[ruleset.company(fact.company)]
    return np.asarray(own if fact.figure == "units" else own / total)
