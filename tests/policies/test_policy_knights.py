"""A company that is threatened talks more often, to friends, and brings them in."""

from __future__ import annotations

import numpy as np

from game.core.state import replace
from game.play.observation_build import observe
from game.play.outcome import shares_total
from game.policies import knights
from game.policies.desk import Desk
from game.policies.frame import Listed


def desk_under_threat(board, part: float) -> tuple[Desk, int, int, int]:
    """Meizu, of which Tencent, not trusted, holds a part; Alibaba is a friend."""
    ruleset = board.ruleset
    state = board.start(4)
    prey, raider, friend = (ruleset.company(uid) for uid in ("meizu", "tencent", "alibaba"))
    shares, trust = state.shares.copy(), state.trust.copy()
    shares[raider, prey] = part * shares_total(state)[prey] / (1.0 - part)
    trust[prey, raider], trust[prey, friend] = -0.4, 0.4
    state = replace(state, shares=shares, trust=trust, disclosed=np.ones_like(state.disclosed))
    view = observe(state, ruleset, np.array([prey]))
    return Desk(view, ruleset, np.array([prey])), prey, raider, friend


def test_talks_are_sought_under_threat(flagship):
    calm, *_ = desk_under_threat(flagship, 0.05)
    pressed, *_ = desk_under_threat(flagship, 0.3)
    chance = np.full((1, calm.worlds), 0.1)
    np.testing.assert_array_equal(knights.more_talks(calm, chance), chance)
    assert (knights.more_talks(pressed, chance) > chance).all()


def test_the_friend_is_preferred_and_the_raider_left_out(flagship):
    desk, _, raider, friend = desk_under_threat(flagship, 0.3)
    who = Listed.where(np.ones((1, desk.worlds), bool), desk.seats)
    even = np.full((len(flagship.ruleset.companies), desk.worlds), 10.0)
    found = knights.as_knights(desk, who, even)
    assert np.isneginf(found[raider]).all()
    assert (found[friend] > 10.0).all()
    assert (even == 10.0).all(), "the argument is left as it was"
    calm, *_ = desk_under_threat(flagship, 0.05)
    np.testing.assert_array_equal(knights.as_knights(calm, who, even), even)
