"""Players by name and who sits where."""

from __future__ import annotations

import pytest

from game.core.errors import UserError
from game.policies.registry import level_names, make, names, seating


def seats_by_name(spec, ruleset):
    return {policy.name: seats for policy, seats in seating(spec, ruleset)}


def test_players_have_names():
    assert names()[:5] == ("idle", "random", "best-reply", "strategist", "planner")
    assert names()[5:] == level_names()
    assert all(make(name).name == name for name in names())


def test_options_reach_the_player():
    assert make("strategist", deals=False).deals is False


def test_an_unknown_player_gets_advice():
    with pytest.raises(UserError, match="did you mean strategist"):
        make("stategist")


def test_one_policy_for_all(lesson):
    assert seats_by_name("best-reply", lesson.ruleset) == {"best-reply": (0, 1, 2)}


def test_no_word_means_strategists(lesson):
    assert seats_by_name("", lesson.ruleset) == {"strategist": (0, 1, 2)}


def test_exceptions_by_company(lesson):
    found = seats_by_name("strategist, kite=idle ,harbour=random", lesson.ruleset)
    assert found == {"idle": (1,), "random": (2,), "strategist": (0,)}


def test_exceptions_alone_leave_the_rest_to_strategists(lesson):
    assert seats_by_name("kite=idle", lesson.ruleset) == {"idle": (1,), "strategist": (0, 2)}


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("kitte=idle", "did you mean kite"),
        ("kite=idel", "did you mean idle"),
        ("idle,random", "two policies"),
        ("kite=idle,kite=random", "seated twice"),
        ("zzz", "choose from idle, random, best-reply, strategist"),
    ],
)
def test_a_wrong_seating_says_what_to_try(lesson, spec, words):
    with pytest.raises(UserError, match=words):
        seating(spec, lesson.ruleset)
