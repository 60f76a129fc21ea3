"""The planner: foresight through the view's own door, and worth having."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from game.core.axes import first_difference
from game.core.errors import RuleError
from game.lab.runner import play_block
from game.play.beliefs import imagine
from game.policies import order_rows
from game.policies.planner import Planner
from game.policies.registry import make


@pytest.fixture(scope="module")
def midgame(lesson):
    return lesson.play(lesson.start(4), "strategist", 3)[0]


def test_the_door_opens_what_the_seat_believes(lesson, midgame):
    view = lesson.view(midgame, [1])
    worlds = view.ahead(1, np.array([2]), 4)
    assert first_difference(worlds, imagine(midgame, lesson.ruleset, 1, np.array([2]), 4)) is None


def test_the_door_is_shut_for_other_seats(lesson, midgame):
    with pytest.raises(RuleError):
        lesson.view(midgame, [1]).ahead(0, np.array([0]), 4)


def test_an_edited_view_keeps_its_door_and_shows_no_state(lesson, midgame):
    view = lesson.view(midgame, [1])
    assert dataclasses.replace(view, turn=view.turn).ahead is view.ahead
    assert "ahead" not in repr(view)


def test_rows_that_are_read_and_written_back_change_nothing(lesson, midgame):
    policy, seats = make("strategist"), lesson.seats
    orders, same = (policy.act(lesson.view(midgame), lesson.ruleset, seats) for _ in range(2))
    seat, lane = np.array([2, 0, 1]), np.array([3, 0, 2])
    rows = order_rows.read(orders, seat, lane)
    assert rows["enter"].shape == (lesson.ruleset.sizes["M"], 3)
    order_rows.write(orders, rows, seat, lane)
    assert first_difference(orders, same) is None
    assert first_difference(orders.proposals, same.proposals) is None


def test_without_kinds_to_try_it_is_the_strategist(lesson, midgame):
    view = lesson.view(midgame)
    plain = make("strategist").act(view, lesson.ruleset, lesson.seats)
    still = Planner(kinds=()).act(view, lesson.ruleset, lesson.seats)
    assert first_difference(plain, still) is None
    assert first_difference(plain.proposals, still.proposals) is None


def test_it_scores_more_than_the_strategist_in_the_same_worlds(lesson):
    worlds, scores = np.arange(8, dtype=np.uint64), []
    for name in ("planner", "strategist"):
        seated = ((make(name), (1,)), (make("strategist"), (0, 2)))
        result = play_block(lesson.ruleset, lesson.opening, seated, 3, worlds)
        scores.append(result.final["score"][1])
    assert (scores[0] > scores[1]).mean() > 0.6
