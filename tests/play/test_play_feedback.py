"""Feedback of held shares: measured on the turn, against what theory says where it says it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from game.core.ruleset import Ruleset
from game.core.state import State
from game.economy.gradient import share_gradient
from game.economy.network import feedback_gain
from game.play import feedback, market
from game.play.opening import first_state
from game.scenario import feedback_check
from game.scenario.loader import Scenario, load

SERVICE = "mobile/home"


@pytest.fixture(scope="module")
def lesson(lesson_path: Path) -> Scenario:
    return load(lesson_path)


def start(scenario: Scenario, ruleset: Ruleset) -> State:
    return first_state(ruleset, scenario.opening, np.full(2, 3, "u8"), np.arange(2, dtype="u8"))


def with_rules(ruleset: Ruleset, **rules: Any) -> Ruleset:
    return dataclasses.replace(ruleset, rules=dataclasses.replace(ruleset.rules, **rules))


def still(ruleset: Ruleset, weight: float) -> Ruleset:
    """Nothing answers but the network: prices stand, nobody spends, nobody is loyal."""
    place = ruleset.market(SERVICE)
    network = ruleset.network_weight.copy()
    network[place] = weight
    none = np.zeros_like(ruleset.loyalty)
    bare = dataclasses.replace(ruleset, network_weight=network, loyalty=none)
    return with_rules(bare, price_step=0.0, notches=(0.0,) * 5)


@pytest.mark.parametrize("weight", [0.3, 1.5])
def test_the_network_alone_gives_the_slope_of_theory(lesson: Scenario, weight: float) -> None:
    ruleset = still(lesson.ruleset, weight)
    state, place = start(lesson, ruleset), ruleset.market(SERVICE)
    gain = feedback.feedback_gains(state, ruleset, quarters=3, lift=1e-4)[place]
    worlds = state
    held = feedback._shares(state, market.Lines(np.zeros_like(state.on_sale)), 0.0)
    for _ in range(2):
        worlds = feedback._held_quarter(worlds, feedback._calm(ruleset), held).state
    quarter = feedback._held_quarter(worlds, feedback._calm(ruleset), held)
    pool = market.potential(worlds, ruleset)[place, 0]
    users = worlds.base[:, place, 0] / pool
    # a share at the last quarter's size of the market becomes users
    slope = weight / (ruleset.network_ref[place] + users) * worlds.market_size[place, 0] / pool
    probabilities = quarter.choice.demand().probabilities[:, [place]][..., :1]
    answers = share_gradient(probabilities, ruleset.weight[[place]])[:, :, 0, 0]
    then = held.makers[:, place, 0]
    sells = then > 0.0
    now = (quarter.wanted[:, place, 0] / quarter.state.market_size[place, 0])[sells]
    logs = (answers * (slope * then)[None, :])[np.ix_(sells, sells)] / now[:, None]
    theory = feedback_gain(logs[..., None])[0]
    assert gain == pytest.approx(theory, rel=1e-3)


def test_more_network_is_more_feedback(lesson: Scenario) -> None:
    place = lesson.ruleset.market(SERVICE)
    gains = [
        feedback.feedback_gains(start(lesson, ruleset), ruleset, quarters=4)[place]
        for ruleset in (still(lesson.ruleset, weight) for weight in (0.0, 0.5, 2.0))
    ]
    assert gains[0] == pytest.approx(0.0, abs=1e-6)
    assert gains[0] < gains[1] < gains[2]


def test_the_lift_does_not_matter(lesson: Scenario) -> None:
    state = start(lesson, lesson.ruleset)
    one, other = (
        feedback.feedback_gains(state, lesson.ruleset, lift=lift) for lift in (0.002, 0.01)
    )
    np.testing.assert_allclose(one, other, rtol=0.03)


def test_the_flagship_does_not_run_away(root: Path) -> None:
    scenario = load(root / "scenarios" / "alibaba-meizu.yaml")
    gains = feedback.feedback_gains(start(scenario, scenario.ruleset), scenario.ruleset)
    assert (gains > 0.0).all()
    assert (gains < feedback_check.MOST).all()
    assert feedback.one_outcome(scenario.ruleset).all()


def test_a_market_that_runs_away_is_named(lesson_path: Path, tmp_path: Path) -> None:
    text = lesson_path.read_text("utf-8").replace(
        "network_weight: 0.3      # friends", "network_weight: 4.0      # friends"
    )
    assert text != lesson_path.read_text("utf-8")
    path = tmp_path / "lesson.yaml"
    path.write_text(text, "utf-8")
    wild = load(path)
    found = feedback_check.check(wild.ruleset, wild.opening)
    assert [finding.loc for finding in found] == [("markets", SERVICE)]
    assert not feedback.one_outcome(wild.ruleset)[wild.ruleset.market(SERVICE)]
