"""Profit weights by regime: silent stake, influence by votes, full control."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from game.core.state import State, replace
from game.play.opening import first_state
from game.play.outcome import stakes
from game.play.rights import pricing_weights
from game.scenario.loader import Scenario, load


@pytest.fixture(scope="module")
def scenario(lesson_path: Path) -> Scenario:
    return load(lesson_path)


def holding(scenario: Scenario, part: float, board: bool = False) -> State:
    """The first company holds a part of the second's shares; nobody else holds anything."""
    state = first_state(
        scenario.ruleset, scenario.opening, np.zeros(2, "u8"), np.arange(2, dtype="u8")
    )
    shares, founders = np.zeros_like(state.shares), np.zeros_like(state.founders)
    public, seats = np.full_like(state.public, 1000), np.zeros_like(state.board)
    shares[0, 1] = round(1000 * part)
    public[1] -= shares[0, 1]
    seats[0, 1] = board
    return replace(state, shares=shares, founders=founders, public=public, board=seats)


def test_a_silent_stake_is_minded_by_its_holder_alone(scenario: Scenario) -> None:
    state = holding(scenario, 0.15)
    weights = pricing_weights(state, scenario.ruleset)
    assert weights[0, 1] == pytest.approx(0.15)
    assert (weights[1, 0] == 0.0).all()
    np.testing.assert_array_equal(weights, stakes(state))


def test_influence_is_proportional_to_votes(scenario: Scenario) -> None:
    weights = pricing_weights(holding(scenario, 0.25), scenario.ruleset)
    assert weights[0, 1] == pytest.approx(0.25)
    assert weights[1, 0] == pytest.approx(0.4)  # reference number of proportional control
    seat = pricing_weights(holding(scenario, 0.10, board=True), scenario.ruleset)
    assert seat[1, 0] == pytest.approx(0.1 / (0.1 * 0.1 + 0.9 * 0.9))


def test_control_sets_prices_for_both(scenario: Scenario) -> None:
    weights = pricing_weights(holding(scenario, 0.60), scenario.ruleset)
    assert weights[0, 1] == pytest.approx(0.60)
    assert (weights[1, 0] == 1.0).all()  # theory says 1 / 0.6; clipped in play
    assert weights.flags.c_contiguous
