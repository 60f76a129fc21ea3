"""Levels of difficulty: data that changes search and noise, and nothing else."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from game.core.errors import UserError
from game.policies.levels import Level, levels, misread
from game.policies.planner import Planner
from game.policies.registry import level_names, make, seating
from game.policies.strategist import Strategist

SEARCH = {"looks", "partners", "futures", "quarters", "width", "kinds"}
NOISE = {"misread", "slip"}


def test_a_level_is_search_and_noise_alone():
    assert {field.name for field in dataclasses.fields(Level)} == SEARCH | NOISE


def test_levels_search_more_and_err_less_from_one_to_the_next():
    assert len(levels()) == len(level_names()) == 5
    for lower, higher in zip(levels(), levels()[1:], strict=False):
        for field in NOISE:
            assert getattr(higher, field) <= getattr(lower, field)
        for field in SEARCH - {"kinds"}:
            assert getattr(higher, field) >= getattr(lower, field)
        assert set(higher.kinds) >= set(lower.kinds)
        assert higher != lower


def test_a_level_without_noise_and_foresight_is_the_strategist(lesson):
    view = lesson.view(lesson.start(4))
    plain = Strategist().act(view, lesson.ruleset, lesson.seats)
    level = Strategist(level=levels()[1]).act(view, lesson.ruleset, lesson.seats)
    for field in dataclasses.fields(plain):
        one, other = getattr(plain, field.name), getattr(level, field.name)
        if isinstance(one, np.ndarray):
            assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


def test_misreading_spares_a_seats_own_books(lesson):
    view = lesson.view(lesson.start(4))
    wrong = misread(view, lesson.ruleset, lesson.seats, 0.5)
    own = np.arange(len(lesson.seats))
    assert np.array_equal(wrong.cash_guess[own, own], view.cash_guess[own, own])
    assert (wrong.value_guess[0, 1] != view.value_guess[0, 1]).all()


@pytest.mark.parametrize("spec", ["level-4", "strategist@4", "level@4"])
def test_levels_have_short_names(lesson, spec):
    ((policy, seats),) = seating(spec, lesson.ruleset)
    assert policy.name == "level-4"
    assert isinstance(policy, Planner)
    assert seats == (0, 1, 2)


def test_a_level_that_is_not_there_gets_advice():
    with pytest.raises(UserError, match="level-"):
        make("strategist@7")
