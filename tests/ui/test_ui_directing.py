"""A parent turns the dials of its subsidiary on the company screen."""

from __future__ import annotations

from typing import Any

import numpy as np

from game.core.ruleset import Status
from game.core.state import replace
from game.scenario.loader import Scenario


def test_a_parent_turns_its_subsidiarys_dials(start: Any, lesson: Scenario) -> None:
    player = start(lesson, "lantern")
    game, kite = player.game, lesson.ruleset.company("kite")
    state = game.state
    moved = state.public[kite] * 9 // 10
    shares, public, status = state.shares.copy(), state.public.copy(), state.status.copy()
    founders = state.founders.copy()
    shares[game.seat, kite] += moved + founders[kite]
    public[kite] -= moved
    founders[kite], status[kite] = 0, Status.CONTROLLED
    game.states[-1] = replace(state, shares=shares, public=public, founders=founders, status=status)
    player.click("rail/company")
    player.choose("company/choose", "Kite")
    player.click("company/tabs", part="dials")
    assert player.says("your word wins")
    player.click("dial/notch")
    player.press("down", "enter")
    assert dict(game.draft.direct)[kite].notch == 3
    player.press("ctrl+z")
    assert game.draft.direct == ()
    player.click("dial/notch")
    player.press("down", "enter")
    player.click("dial/stance/0")
    player.press("down", "enter")
    player.end_quarter()
    np.testing.assert_array_equal(game.state.notch[kite], 3)
    np.testing.assert_array_equal(game.state.stance[kite, 0], 1)
