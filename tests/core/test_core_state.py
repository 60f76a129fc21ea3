"""The state through whole turns: shape, type and memory order of every field; lanes on their own.

One array in the wrong order makes everything after it slow without a word.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from game.core.axes import AnyArray, array_fields, first_difference, take_worlds
from game.core.ruleset import Ruleset
from game.core.state import State
from game.lab.runner import orders_of
from game.play.observation import Observation
from game.play.observation_build import observe
from game.play.opening import first_state
from game.play.orders import Orders
from game.play.report import Line, Report
from game.play.turn import step
from game.policies.registry import seating
from game.scenario.loader import load

WORLDS, TURNS = 3, 3
STATES = range(TURNS + 1)


class Played:
    """A few turns of strategists: what each turn starts from, sees, orders and reports."""

    def __init__(
        self, path: Path, worlds: tuple[int, ...] = tuple(range(WORLDS)), turns: int = TURNS
    ) -> None:
        scenario = load(path)
        self.ruleset: Ruleset = scenario.ruleset
        self.seats = np.arange(len(self.ruleset.companies))
        self.states = [self._first(scenario.opening, np.array(worlds, np.uint64))]
        self.views: list[Observation] = []
        self.orders: list[Orders] = []
        self.reports: list[Report] = []
        seated = seating("strategist", self.ruleset)
        for _ in range(turns):
            state = self.states[-1]
            self.views.append(observe(state, self.ruleset, self.seats))
            self.orders.append(orders_of(state, self.ruleset, seated))
            state, report = step(state, self.ruleset, self.orders[-1])
            self.states.append(state)
            self.reports.append(report)

    def _first(self, opening: State, worlds: AnyArray) -> State:
        return first_state(self.ruleset, opening, np.full_like(worlds, 7), worlds)

    @property
    def sizes(self) -> dict[str, int]:
        return self.ruleset.sizes | {"W": WORLDS, "A": len(self.seats), "B": len(Line)}


@pytest.fixture(scope="module")
def played(lesson_path: Path) -> Played:
    return Played(lesson_path)


def faults(record: Any, sizes: dict[str, int]) -> list[str]:
    """Fields whose shape, type or memory order is not as declared."""
    found = []
    for field in array_fields(record):
        array, axes = getattr(record, field.name), field.metadata["axes"]
        if array.shape != tuple(sizes[letter] for letter in axes):
            found.append(f"{field.name}: shape {array.shape}, declared {' '.join(axes)}")
        if array.dtype != np.dtype(field.metadata["dtype"]):
            found.append(f"{field.name}: {array.dtype}, declared {field.metadata['dtype']}")
        if not array.flags.c_contiguous:
            found.append(f"{field.name}: strides {array.strides}")
    return found


@pytest.mark.parametrize("turn", STATES)
def test_the_state_keeps_shape_type_and_order(played: Played, turn: int) -> None:
    assert played.states[turn].turn == turn
    assert faults(played.states[turn], played.sizes) == []


@pytest.mark.parametrize("turn", range(TURNS))
def test_observations_orders_and_reports_keep_theirs(played: Played, turn: int) -> None:
    for record in (played.views[turn], played.orders[turn], played.reports[turn]):
        assert faults(record, played.sizes) == []
    for packages in (played.orders[turn].proposals, played.orders[turn].signed):
        assert faults(packages, played.sizes) == []


def test_the_ruleset_keeps_its_own(played: Played) -> None:
    assert faults(played.ruleset, played.sizes) == []


@pytest.mark.parametrize("turn", STATES)
def test_no_field_of_a_state_is_missing_but_where_it_may_be(played: Played, turn: int) -> None:
    state = played.states[turn]
    missing = [
        field.name
        for field in array_fields(state)
        if getattr(state, field.name).dtype.kind == "f"
        and not np.isfinite(getattr(state, field.name)).all()
    ]
    assert set(missing) <= {"pin_spend"}


def test_a_wrong_order_would_be_seen(played: Played) -> None:
    lanes = np.array([0, 1, 2])
    turned = played.states[0].price[..., lanes]
    assert turned.strides != played.states[0].price.strides
    assert not turned.flags.c_contiguous


@pytest.mark.parametrize("name", ["lesson", "alibaba-meizu"])
def test_a_world_alone_is_that_world_in_a_batch_bit_for_bit(root: Path, name: str) -> None:
    path = root / "scenarios" / f"{name}.yaml"
    batch = Played(path)
    for world in range(WORLDS):
        alone = Played(path, worlds=(world, world))
        for turn in STATES:
            expected = take_worlds(batch.states[turn], np.array([world, world]))
            assert first_difference(alone.states[turn], expected) is None, (world, turn)
        for turn in range(TURNS):
            seen = take_worlds(batch.views[turn], np.array([world, world]))
            assert first_difference(alone.views[turn], seen) is None, (world, turn)


def test_permuting_the_worlds_permutes_the_games(lesson_path: Path, played: Played) -> None:
    order = np.array([2, 0, 1])
    turned = Played(lesson_path, worlds=(2, 0, 1))
    for turn in STATES:
        expected = take_worlds(played.states[turn], order)
        assert first_difference(turned.states[turn], expected) is None, turn


@pytest.mark.soak
@pytest.mark.parametrize("world", range(WORLDS))
def test_a_whole_game_alone_is_that_game_in_a_batch(root: Path, world: int) -> None:
    path = root / "scenarios" / "alibaba-meizu.yaml"
    quarters = load(path).ruleset.rules.quarters
    batch = Played(path, turns=quarters)
    alone = Played(path, worlds=(world, world), turns=quarters)
    for turn, state in enumerate(batch.states):
        expected = take_worlds(state, np.array([world, world]))
        assert first_difference(alone.states[turn], expected) is None, turn
        assert faults(state, batch.sizes) == [], turn
