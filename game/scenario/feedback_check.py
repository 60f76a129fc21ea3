"""Whether a lead in some market of a scenario feeds itself without end."""

from __future__ import annotations

import numpy as np

from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.feedback import feedback_gains
from game.play.opening import first_state
from game.scenario.fit import Finding

MOST = 0.98
"""Feedback gain from which a market is said to run away."""
ADVICE = (
    f"at most {MOST:g}; less network_weight, acceptance_weight, apps_weight, goodwill_weight, "
    "loyalty or learning, or more price-sensitive buyers"
)


def check(ruleset: Ruleset, opening: State) -> list[Finding]:
    """Warnings on markets that run away from the start on."""
    state = first_state(ruleset, opening, np.zeros(2, "u8"), np.arange(2, dtype="u8"))
    gains = feedback_gains(state, ruleset)
    return [
        Finding(
            ("markets", ruleset.markets[place]),
            f"a lead feeds itself: feedback gain {gains[place]:.2f}",
            ADVICE,
        )
        for place in np.flatnonzero(gains > MOST)
    ]
