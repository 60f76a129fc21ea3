"""The record of speed: its keys, its sums and its place in the design. No seconds are asserted."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from game.core.axes import take_worlds
from game.core.errors import RuleError
from game.core.state import State
from game.lab import bench
from game.play import turn
from game.play.quarter import Quarter
from game.scenario.loader import load

KEYS = {
    "demand_us_per_world",
    "turn_us_per_world",
    "turn_over_demand",
    "economy_over_demand",
    "turn_ms_alone",
    "turns_per_second_alone",
    "numpy_calls_alone",
    "bytes_per_world",
    "phases",
    "budget",
}
WORLDS, TURNS = 4, 2


@pytest.fixture(scope="module")
def speed(lesson_path: Path) -> bench.Speed:
    return bench.measure(lesson_path, WORLDS, TURNS)


@pytest.fixture(scope="module")
def opening(lesson_path: Path) -> State:
    return load(lesson_path).opening


def test_the_record_has_its_keys_and_is_plain(speed: bench.Speed) -> None:
    record = json.loads(json.dumps(speed.record()))
    assert set(record) >= KEYS
    assert record["sizes"]["W"] == WORLDS
    assert record["turns"] == TURNS
    numbers = [record[key] for key in KEYS - {"phases", "budget"}]
    assert all(number > 0 for number in numbers)


def test_feedback_is_told_worst_first(speed: bench.Speed, lesson_path: Path) -> None:
    assert {one.market for one in speed.feedback} == set(load(lesson_path).ruleset.markets)
    gains = [one.gain for one in speed.feedback]
    assert gains == sorted(gains, reverse=True)
    assert json.loads(json.dumps(speed.record()))["feedback"][0]["gain"] == gains[0]


def test_the_parts_make_the_whole(speed: bench.Speed) -> None:
    whole = sum(part.us_per_world for part in speed.parts)
    assert whole == pytest.approx(speed.turn_us_per_world)
    spent = sum(measured for _, measured, _ in speed.groups())
    assert spent == pytest.approx(speed.turn_over_demand)


def test_every_phase_is_timed_and_booked(speed: bench.Speed) -> None:
    names = {phase.__name__ for phase in turn.PHASES}
    assert {part.name for part in speed.parts} == names | {bench.OBSERVE, bench.ACT, bench.COPY}
    assert names <= set(bench.GROUPS)
    assert set(bench.GROUPS.values()) <= set(bench.BUDGET)


def test_the_budget_is_that_of_the_design() -> None:
    assert sum(bench.BUDGET.values()) == 25.0


def test_the_engine_is_left_as_it_was(speed: bench.Speed) -> None:
    assert speed.parts
    assert all(phase.__module__.startswith("game.play.") for phase in turn.PHASES)


def test_a_phase_that_raises_leaves_the_engine_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(quarter: Quarter) -> None:
        raise RuleError("it broke")

    phases = (broken,)
    monkeypatch.setattr(turn, "PHASES", phases)
    with pytest.raises(RuleError), bench._timed_phases(bench.Stopwatch()):
        turn.PHASES[0](None)  # type: ignore[arg-type]
    assert turn.PHASES is phases


def test_a_stopwatch_adds_up_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.accumulate([0, 1, 10, 2, 10, 4])
    monkeypatch.setattr(bench.time, "process_time", lambda: float(next(clock)))
    watch = bench.Stopwatch()
    for name in ("first", "first", "second"):
        with watch(name):
            pass
    assert watch.seconds == {"first": 3.0, "second": 4.0}


def test_numpy_calls_are_counted_and_others_are_not() -> None:
    values = np.arange(6.0)

    def work() -> None:
        values.sum()
        np.add.reduce(values)
        np.concatenate([values, values])
        len([1])

    assert bench.count_numpy_calls(work) >= 3
    assert bench.count_numpy_calls(lambda: len([1])) == 0


def test_bytes_a_world_do_not_depend_on_the_block(opening: State) -> None:
    alone = bench.state_bytes(opening)
    block = take_worlds(opening, np.zeros(8, int))
    assert bench.state_bytes(block) == alone


def test_peak_bytes_see_what_is_let_go() -> None:
    assert bench.peak_bytes(lambda: np.ones(100_000).sum()) >= 800_000
