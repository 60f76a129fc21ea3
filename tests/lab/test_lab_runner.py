"""Many games: the same in any block and with any number of workers."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from game.core.errors import UserError
from game.core.state import replace
from game.lab import runner
from game.lab.experiment import Plan, blocks, run
from game.lab.metrics import GAME_COLUMNS, TURN_METRICS
from game.lab.par import par_of
from game.lab.runner import BlockResult, play_block
from game.lab.tables import digest
from game.play.turn import step
from game.policies.registry import seating
from game.scenario.loader import load


@pytest.fixture(scope="module")
def plan(lesson_path: Path) -> Plan:
    return Plan(lesson_path, games=11, seed=5)


@pytest.fixture(scope="module")
def played(plan: Plan) -> BlockResult:
    return run(plan)


def test_blocks_cover_all_worlds_in_order(plan):
    parts = blocks(dataclasses.replace(plan, block=4))
    assert [len(part) for part in parts] == [4, 4, 3]
    assert list(np.concatenate(parts)) == list(range(11))


def test_results_have_their_shapes(plan, played):
    assert played.trace.shape == (6, len(TURN_METRICS), 3, 11)
    assert set(played.final) == set(GAME_COLUMNS)
    assert all(column.shape == (3, 11) for column in played.final.values())
    assert list(played.world) == list(range(11))
    assert (played.winner >= 0).all()
    assert (played.end_turn == 5).all()
    assert not np.isnan(played.trace).any()


@pytest.mark.parametrize("block", [1, 2, 3, 5, 64])
@pytest.mark.parametrize("seats", ["strategist", "best-reply,kite=random,lantern=idle"])
def test_the_block_size_changes_nothing(plan, block, seats):
    mixed = dataclasses.replace(plan, seats=seats)
    assert digest(run(dataclasses.replace(mixed, block=block))) == digest(run(mixed))


def test_two_workers_play_the_same_games_and_count_them(plan, played):
    done: list[int] = []
    shared = run(dataclasses.replace(plan, workers=2, block=3), done.append)
    assert digest(shared) == digest(played)
    assert sum(done) == plan.games
    assert list(shared.world) == list(played.world)


def test_one_worker_counts_the_games_too(plan):
    done: list[int] = []
    run(plan, done.append)
    assert sum(done) == plan.games


def test_another_seed_plays_other_games(plan, played):
    assert digest(run(dataclasses.replace(plan, seed=6))) != digest(played)


def test_worlds_differ_from_each_other(played):
    assert len(np.unique(played.final["value"][0])) == 11


def test_deals_of_a_game_are_counted_for_both_sides(played):
    assert (played.final["deals"].sum(axis=0) % 2 == 0).all()
    assert played.final["deals"].sum() > 0


def ending_early(state, ruleset, orders):
    """The turn, but a world ends after as many quarters as its number says."""
    after, report = step(state, ruleset, orders)
    over = after.active & (after.world % 6 <= state.turn)
    return (
        replace(
            after,
            active=after.active & ~over,
            end_turn=np.where(over, state.turn, after.end_turn).astype("i2"),
            winner=np.where(over, 0, after.winner).astype("i2"),
        ),
        report,
    )


def test_setting_ended_games_aside_changes_no_other_game(lesson_path, monkeypatch):
    monkeypatch.setattr(runner, "step", ending_early)
    sizes: list[int] = []
    kept = runner._compact

    def watched(state, tally, places):
        out = kept(state, tally, places)
        sizes.append(len(out[2]))
        return out

    monkeypatch.setattr(runner, "_compact", watched)
    scenario = load(lesson_path)
    seats = seating("strategist", scenario.ruleset)
    worlds = np.arange(12, dtype=np.uint64)
    whole = play_block(scenario.ruleset, scenario.opening, seats, 5, worlds)
    assert sizes[0] == 12
    assert min(sizes) < 6
    assert list(whole.end_turn) == [number % 6 for number in range(12)]
    for place in range(12):
        alone = play_block(scenario.ruleset, scenario.opening, seats, 5, worlds[place : place + 1])
        for name in GAME_COLUMNS:
            assert np.array_equal(alone.final[name][:, 0], whole.final[name][:, place]), name
        left, right = alone.trace[..., 0], whole.trace[..., place]
        assert np.array_equal(left, right, equal_nan=True)
        assert np.isnan(right[place % 6 + 1 :]).all()


def test_par_is_measured_with_strategists(lesson_path):
    par = par_of(lesson_path, games=6, seed=2)
    assert par.mean.shape == par.sd.shape == par.doors.shape == (3,)
    assert (par.sd >= 0.05).all()
    assert (par.doors > 0.0).all()
    again = par_of(lesson_path, games=6, seed=2)
    assert np.array_equal(par.mean, again.mean)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"games": 0}, "cannot play 0 games"),
        ({"workers": 0}, "too few"),
        ({"block": 0}, "too few"),
        ({"seats": "nobody"}, "no policy is called"),
        ({"seats": "nobody=idle"}, "no company is called"),
    ],
)
def test_impossible_plans_are_refused(plan, change, words):
    with pytest.raises(UserError, match=words):
        run(dataclasses.replace(plan, **change))
