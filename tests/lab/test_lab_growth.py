"""Sizes of a scenario: smaller and larger ones still play. No seconds are asserted."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from game.lab import growth
from game.lab.bench import ECONOMY, GROUPS
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.turn import step
from game.scenario.loader import load


@pytest.mark.parametrize("letter", list(growth.PER_LETTER))
@pytest.mark.parametrize("factor", growth.FACTORS)
def test_a_scenario_of_another_size_plays_a_quarter(
    lesson_path: Path, letter: str, factor: float
) -> None:
    found = load(lesson_path)
    whole = found.ruleset.sizes[letter]
    places = growth._scaled(whole, factor)
    ruleset, opening = growth.resized(found.ruleset, found.opening, letter, places)
    assert ruleset.sizes[letter] == len(places) == math.ceil(whole * factor)
    state = first_state(ruleset, opening, np.full(2, 1, "u8"), np.arange(2, dtype="u8"))
    after, _ = step(state, ruleset, no_orders(state, ruleset))
    assert np.isfinite(after.units).all()
    assert (after.units.sum(axis=(0, 1)) > 0.0).all()


def test_twice_the_segments_are_the_same_buyers(lesson_path: Path) -> None:
    found = load(lesson_path)
    played = []
    for factor in (1.0, 2.0):
        places = growth._scaled(found.ruleset.sizes["S"], factor)
        ruleset, opening = growth.resized(found.ruleset, found.opening, "S", places)
        state = first_state(ruleset, opening, np.full(2, 1, "u8"), np.arange(2, dtype="u8"))
        played.append(step(state, ruleset, no_orders(state, ruleset))[0].units)
    np.testing.assert_allclose(played[0], played[1], rtol=1e-9)


def test_the_table_has_a_base_for_every_axis(lesson_path: Path) -> None:
    rows = list(growth.growth_table(lesson_path, worlds=8))
    assert {row.letter for row in rows} == {"W", "N", "M", "S"}
    for letter in "WNMS":
        own = [row for row in rows if row.letter == letter]
        assert sum(math.isnan(row.power) for row in own) == 1
        assert all(row.lines > 0 for row in own)
        assert all(row.economy_us > 0.0 and row.demand_us > 0.0 for row in own)
        for row in own:
            assert set(row.groups) == set(row.powers) == {GROUPS[phase] for phase in ECONOMY}
            assert sum(row.groups.values()) == pytest.approx(row.economy_us)
