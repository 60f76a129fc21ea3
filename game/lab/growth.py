"""How the economy's cost grows with worlds, companies, markets and segments.

A scenario is made smaller or larger along one letter at a time, by leaving out or doubling what
stands there, and the economy's phases are timed without players. The first quarter is played but
not timed: prices are calibrated to be settled at the start, at its own size and at no other, so
that it alone would get by with fewer rounds of price replies.
"""

from __future__ import annotations

import dataclasses
import gc
import math
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from game.core.axes import Array, Ints, array_fields
from game.core.ruleset import Ruleset
from game.core.state import State
from game.lab.bench import BUDGET, ECONOMY, GROUPS, SEED, law_of, mean_of
from game.lab.memory import recycle_memory
from game.play import turn
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.quarter import Quarter
from game.scenario.loader import load

FACTORS = (0.5, 1.0, 2.0)
WORLD_FACTORS = (0.25, 0.5, 1.0, 2.0, 4.0)
TURNS, REPEATS = 2, 5
"""Quarters timed after the first; runs of each, the least disturbed of which counts."""
PER_LETTER: Mapping[str, tuple[str, ...]] = {
    "N": ("companies", "mandates"),
    "M": ("markets",),
    "S": (),
}
"""Tuples of the ruleset that hold an entry for each place of a letter."""
ECONOMY_GROUPS = tuple(name for name in BUDGET if name in {GROUPS[phase] for phase in ECONOMY})


@dataclasses.dataclass(frozen=True)
class Growth:
    """Cost at one size."""

    letter: str
    """The axis that was changed: W, N, M or S."""
    size: int
    """Its length."""
    lines: int
    """Product lines on sale at the start: twice the companies or markets are twice the lines."""
    economy_us: float
    """The economy's phases, µs a world."""
    demand_us: float
    """The bare demand law, µs a world."""
    power: float
    """Cost of the whole block grows as this power of the size, from the base size to this one;
    at most one: no faster than in proportion. nan at the base size itself."""
    groups: Mapping[str, float]
    """µs a world of each part of the economy, as the bench groups phases."""
    powers: Mapping[str, float]
    """``power`` of each of them."""


def resized(ruleset: Ruleset, opening: State, letter: str, places: Ints) -> tuple[Ruleset, State]:
    """A scenario with only these places of a letter, each as often as it is named.

    Cards, drafts and projects are left out, for they name companies by their number.
    """
    ruleset = dataclasses.replace(ruleset, events=(), drafts=(), projects=())
    changed: dict[str, Any] = {
        name: tuple(getattr(ruleset, name)[place] for place in places)
        for name in PER_LETTER[letter]
    }
    changed |= _taken(ruleset, letter, places)
    if letter == "N":
        changed["company_uid"] = np.arange(len(places))
    if letter == "S":
        changed["weight"] = changed["weight"] / changed["weight"].sum(axis=1, keepdims=True)
    start = _without_cards(opening, letter, places)
    if letter == "S":
        start["base_mix"] = _same_sum(start["base_mix"], opening.base_mix)
    return dataclasses.replace(ruleset, **changed), dataclasses.replace(opening, **start)


def _same_sum(mix: Array, before: Array) -> Array:
    """Parts that are of segments [N, M, S, W], summing to what they summed to."""
    new, old = (part.sum(axis=2, keepdims=True, dtype=np.float64) for part in (mix, before))
    scale = np.divide(old, new, out=np.zeros_like(new), where=new > 0.0)
    return np.asarray((mix * scale).astype(mix.dtype))


def _taken(record: Any, letter: str, places: Ints) -> dict[str, Any]:
    """Arrays that have the letter, at these places of each of its axes."""
    taken: dict[str, Any] = {}
    for field in array_fields(record):
        letters = field.metadata["axes"]
        if letter in letters:
            array = getattr(record, field.name)
            for axis, name in enumerate(letters):
                if name == letter:
                    array = np.take(array, places, axis=axis)
            taken[field.name] = np.ascontiguousarray(array)
    return taken


def _without_cards(opening: State, letter: str, places: Ints) -> dict[str, Any]:
    taken = _taken(opening, letter, places)
    for field in array_fields(opening):
        letters = field.metadata["axes"]
        if "V" in letters:
            array = taken.get(field.name, getattr(opening, field.name))
            taken[field.name] = np.take(array, np.arange(0), axis=letters.index("V"))
    return taken


def _economy_seconds(ruleset: Ruleset, state: State) -> tuple[dict[str, float], State]:
    """Seconds of the economy's phases of an idle quarter, by group, and the state after it."""
    quarter = Quarter(state, ruleset, no_orders(state, ruleset))
    spent = dict.fromkeys(ECONOMY_GROUPS, 0.0)
    gc.collect()
    for phase in turn.PHASES:
        began = time.process_time()
        phase(quarter)
        if phase.__name__ in ECONOMY:
            spent[GROUPS[phase.__name__]] += time.process_time() - began
    return spent, quarter.state


@dataclasses.dataclass(frozen=True)
class _Timed:
    """µs a world at one size; means over the quarters timed."""

    groups: Mapping[str, float]
    law: float

    @property
    def economy(self) -> float:
        return sum(self.groups.values())


def _timed(ruleset: Ruleset, opening: State, worlds: int) -> _Timed:
    """The least disturbed run of each quarter, and of the demand law."""
    state = first_state(
        ruleset, opening, np.full(worlds, SEED, "u8"), np.arange(worlds, dtype="u8")
    )
    _, state = _economy_seconds(ruleset, state)
    economy, law = [], []
    for _ in range(TURNS):
        call = law_of(state, ruleset)
        runs, after = [], state
        for _ in range(REPEATS):
            began = time.process_time()
            call()
            law.append(time.process_time() - began)
            spent, after = _economy_seconds(ruleset, state)
            runs.append(spent)
        economy.append(min(runs, key=lambda spent: sum(spent.values())))
        state = after
    scale = 1e6 / worlds
    groups = {name: scale * mean_of(spent[name] for spent in economy) for name in ECONOMY_GROUPS}
    return _Timed(groups, min(law) * scale)


def _scaled(count: int, factor: float) -> Ints:
    """Every other place, all, or all twice."""
    if factor < 1.0:
        return np.arange(0, count, round(1.0 / factor))
    return np.tile(np.arange(count), round(factor))


def growth_table(scenario: Path, worlds: int = 128) -> Iterator[Growth]:
    """Cost at each size, along one letter after another.

    Args:
        worlds: of the block while another letter changes; also the base for W.

    Raises:
        ScenarioError: the scenario cannot be used.
    """
    recycle_memory()
    found = load(scenario)
    sizes = [factor * worlds for factor in WORLD_FACTORS]
    base = _timed(found.ruleset, found.opening, worlds)
    for count in (max(round(size), 2) for size in sizes):
        here = _timed(found.ruleset, found.opening, count)
        yield _grown("W", count, found.opening, here, base, count / worlds, count / worlds)
    for letter in PER_LETTER:
        whole = found.ruleset.sizes[letter]
        base = _timed(*resized(found.ruleset, found.opening, letter, _scaled(whole, 1.0)), worlds)
        for factor in FACTORS:
            places = _scaled(whole, factor)
            ruleset, opening = resized(found.ruleset, found.opening, letter, places)
            here = _timed(ruleset, opening, worlds)
            yield _grown(letter, len(places), opening, here, base, len(places) / whole)


def _grown(
    letter: str, size: int, opening: State, here: _Timed, base: _Timed, ratio: float,
    blocks: float = 1.0,
) -> Growth:  # fmt: skip
    """One line of the table.

    Args:
        ratio: size over the base's. blocks: worlds over the base's.
    """
    powers = {
        name: _power(spent * blocks, base.groups[name], ratio)
        for name, spent in here.groups.items()
    }
    whole = _power(here.economy * blocks, base.economy, ratio)
    return Growth(letter, size, _lines(opening), here.economy, here.law, whole, here.groups, powers)


def _lines(opening: State) -> int:
    return int(opening.on_sale.any(axis=-1).sum())


def _power(cost: float, base: float, ratio: float) -> float:
    """Power of the size by which cost grows; nan where the size is the base's own, or no time."""
    if ratio == 1.0 or not min(cost, base) > 0.0:
        return math.nan
    return math.log(cost / base) / math.log(ratio)
