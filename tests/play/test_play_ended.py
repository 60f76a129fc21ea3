"""Worlds whose game has ended stand still, to the bit, whatever the others of the block do."""

from __future__ import annotations

import numpy as np
import pytest

from game.core.axes import first_difference, take_worlds
from game.core.state import replace
from game.lab.runner import orders_of
from game.play.opening import first_state
from game.play.turn import step
from game.policies.registry import seating
from game.resources import find_scenario
from game.scenario.loader import load

WORLDS, QUARTERS, AFTER = 8, 5, 9


@pytest.mark.parametrize("ended", [[1, 6], [0, 2, 3, 5, 7]], ids=["few", "most"])
def test_ended_worlds_stand_still(ended: list[int]) -> None:
    found = load(find_scenario("alibaba-meizu"))
    ruleset, seated = found.ruleset, seating("strategist", found.ruleset)
    seeds, numbers = np.full(WORLDS, 7, np.uint64), np.arange(WORLDS, dtype=np.uint64)
    state = first_state(ruleset, found.opening, seeds, numbers)
    for _ in range(QUARTERS):
        state, _ = step(state, ruleset, orders_of(state, ruleset, seated))
    active = state.active.copy()
    active[ended] = False
    state = replace(state, active=active)
    stood, due = take_worlds(state, ended), state.pledge_until[..., ended]
    assert ((due >= 0) & (due < state.turn + AFTER)).any()  # pledges whose term would pass
    for _ in range(AFTER):
        state, _ = step(state, ruleset, orders_of(state, ruleset, seated))
    assert first_difference(stood, take_worlds(state, ended)) is None
    assert state.active.any()
