"""Errors say what, where, and what to try."""

from __future__ import annotations

import pytest

from game.core.errors import GameError, RuleError, SaveError, ScenarioError, UserError


@pytest.mark.parametrize(
    ("where", "advice", "line"),
    [
        ("", "", "too many games"),
        ("--games", "", "--games: too many games"),
        ("", "give fewer", "too many games (give fewer)"),
        ("--games", "give fewer", "--games: too many games (give fewer)"),
    ],
)
def test_an_error_is_one_line(where: str, advice: str, line: str) -> None:
    error = GameError("too many games", where, advice)
    assert error.line() == str(error) == line


def test_the_tree_tells_a_persons_mistakes_from_a_programs() -> None:
    assert issubclass(ScenarioError, UserError)
    assert issubclass(SaveError, UserError)
    assert issubclass(UserError, GameError)
    assert issubclass(RuleError, GameError)
    assert not issubclass(RuleError, UserError)


def test_a_scenario_error_carries_all_its_faults() -> None:
    error = ScenarioError("two faults", "a.yaml", faults=("a.yaml:1:1: x", "a.yaml:2:1: y"))
    assert error.faults == ("a.yaml:1:1: x", "a.yaml:2:1: y")
    assert error.line() == "a.yaml: two faults"
