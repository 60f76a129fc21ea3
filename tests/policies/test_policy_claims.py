"""Machines use options that pay, at their end, and let the others lapse."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from game.core.state import replace
from game.play.observation_build import observe
from game.play.opening import first_state
from game.policies.strategist import Strategist
from game.resources import find_scenario
from game.scenario.loader import load


@pytest.fixture(scope="module")
def path() -> Path:
    return find_scenario("lesson")


@pytest.mark.parametrize(
    ("price", "left", "used"), [(0.5, 1, True), (3.0, 1, False), (0.5, 3, False)]
)
def test_an_option_is_used_at_its_end_when_it_pays(
    path: Path, price: float, left: int, used: bool
) -> None:
    scenario = load(path)
    ruleset = scenario.ruleset
    numbers = np.arange(4, dtype=np.uint64)
    state = first_state(ruleset, scenario.opening, np.ones(4, np.uint64), numbers)
    holder, issuer = ruleset.company("lantern"), ruleset.company("kite")
    shares, each, until = (
        getattr(state, name).copy() for name in ("call_shares", "call_price", "call_until")
    )
    shares[holder, issuer] = 1000
    each[holder, issuer] = price * state.quote[issuer]
    until[holder, issuer] = state.turn + left
    state = replace(state, call_shares=shares, call_price=each, call_until=until)
    seats = np.arange(len(ruleset.companies))
    orders = Strategist().act(observe(state, ruleset, seats), ruleset, seats)
    assert (orders.exercise[holder, issuer] == int(used)).all()
    orders.exercise[holder, issuer] = 0
    assert not orders.exercise.any()
