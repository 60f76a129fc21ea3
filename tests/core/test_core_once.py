"""Facts of a ruleset are worked out once, and for that ruleset alone."""

from __future__ import annotations

import dataclasses
import pickle

import pytest

from game.core.once import once
from game.core.ruleset import Ruleset
from game.core.state import replace
from game.play.opening import first_state
from game.resources import find_scenario
from game.scenario.loader import load

calls: list[int] = []


@once
def quarters_times(ruleset: Ruleset, factor: int) -> int:
    calls.append(factor)
    return ruleset.rules.quarters * factor


def test_a_fact_is_worked_out_once_a_ruleset_and_argument() -> None:
    ruleset = load(find_scenario("lesson")).ruleset
    calls.clear()
    assert [quarters_times(ruleset, factor) for factor in (2, 3, 2, 3)][:2] == [
        2 * ruleset.rules.quarters,
        3 * ruleset.rules.quarters,
    ]
    assert calls == [2, 3]
    shorter = dataclasses.replace(
        ruleset, rules=dataclasses.replace(ruleset.rules, quarters=ruleset.rules.quarters - 1)
    )
    assert quarters_times(shorter, 2) == 2 * ruleset.rules.quarters - 2


def test_a_ruleset_with_facts_can_be_sent_to_other_processes() -> None:
    ruleset = load(find_scenario("lesson")).ruleset
    quarters_times(ruleset, 2)
    assert quarters_times(pickle.loads(pickle.dumps(ruleset)), 2) == quarters_times(ruleset, 2)


def test_a_state_has_no_other_fields() -> None:
    scenario = load(find_scenario("lesson"))
    state = first_state(scenario.ruleset, scenario.opening, [1, 1], [0, 1])  # type: ignore[arg-type]
    assert replace(state, turn=3).turn == 3
    with pytest.raises(TypeError, match="no such field: gold"):
        replace(state, gold=1)
