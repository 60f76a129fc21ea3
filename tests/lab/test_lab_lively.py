"""The board's gates are counted from games, and a lever's worth from the same worlds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from game.lab import depth, lively
from game.lab.experiment import Plan, loaded, ruleset_of, run

ROOT = Path(__file__).resolve().parents[2]
LESSON = ROOT / "scenarios" / "lesson.yaml"


@pytest.fixture(scope="module")
def games():
    return lively.play(Plan(LESSON, 20, 4, block=8))


def test_watched_games_are_the_games_that_are_played(games):
    played = run(Plan(LESSON, 20, 4))
    np.testing.assert_array_equal(games.winner, played.winner)
    np.testing.assert_array_equal(games.end_cause, played.end_cause)
    np.testing.assert_array_equal(games.score, played.final["score"])
    np.testing.assert_array_equal(games.deals, played.final["deals"])
    assert games.deals.sum() > 0


def test_the_block_does_not_matter(games):
    other = lively.play(Plan(LESSON, 20, 4, block=20))
    np.testing.assert_array_equal(games.lead_changes, other.lead_changes)
    np.testing.assert_array_equal(games.kinds, other.kinds)
    assert games.clauses.keys() == other.clauses.keys()


def test_every_gate_says_what_was_wanted_and_found(games):
    ruleset = ruleset_of(Plan(LESSON, 2))
    gates = [
        *lively.lively_gates(games, ruleset),
        *lively.path_gates(games),
        *lively.seat_gates(games, ruleset),
        *lively.card_gates(games, ruleset),
    ]
    assert {gate.group for gate in gates} >= {"deals", "clauses", "paths", "seats", "lead"}
    assert all(gate.want and gate.found for gate in gates)
    assert {gate.met for gate in gates} == {True, False}


def test_a_deal_without_a_clause_does_not_count_as_one(games):
    assert games.clauses["cash"].any()
    assert (games.opening[games.deals == 0] == -1).all()
    assert (games.opening[games.deals > 0] >= 0).all()


def test_what_is_taken_away_is_missed_by_the_seat_alone():
    ruleset, opening, _ = loaded(LESSON, "strategist")
    lab = depth.Lab(ruleset, opening, 6, 4, lambda games: None)
    nothing = lab.lost("nothing", lab.finish(lab.start, ("praise",)))
    assert (nothing.points == 0.0).all()  # strategists back nobody
    barred = lab.finish(lab.start, barred=True)
    lost = lab.lost("deals", barred)
    assert lost.points.any()
    assert lost.points.shape == (6 * len(ruleset.companies),)


@pytest.mark.parametrize("lever", list(depth.LEVERS))
def test_a_lever_that_is_taken_away_is_not_used(lever):
    ruleset, opening, _ = loaded(LESSON, "strategist")
    lab = depth.Lab(ruleset, opening, 2, 4, lambda games: None)
    state = lab.start
    orders = lab.without(lab.orders(state), depth.LEVERS[lever], state)
    still = depth.no_orders(state, ruleset)
    for name in depth.LEVERS[lever]:
        if name == "proposals":
            assert (orders.proposals.proposer[2 * lab.seat, lab.lane] == -1).all()
            continue
        axes = next(f for f in depth.array_fields(still) if f.name == name).metadata["axes"]
        ours, theirs = (
            np.moveaxis(getattr(one, name), axes.index("N"), 0) for one in (orders, still)
        )
        np.testing.assert_array_equal(
            ours[lab.seat, ..., lab.lane], theirs[lab.seat, ..., lab.lane]
        )
