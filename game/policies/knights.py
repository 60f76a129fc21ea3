"""A company under threat looks for a white knight: a friend with money who takes a stake.

a large holder that the company does not trust -> it talks more often, to friends alone, and
would rather have a rich one as its next holder than the same gain from somebody else
"""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Bools
from game.play.threat import UNFRIENDLY
from game.policies.desk import Desk
from game.policies.frame import Listed

SEARCH = 0.3
"""Added to the chance of talks in a quarter while there is a threat."""
SHIELD = 0.02
"""Of its own value: what a company under threat holds a friend for worth, above the gain."""
PURSE = 0.1
"""A knight has cash for so much of the company's value."""


def more_talks(desk: Desk, chance: Array) -> Array:
    """Chance of talks, higher under threat: [A, W]."""
    threat = desk.raiders >= 0
    return np.where(threat, chance + SEARCH, chance) if threat.any() else chance


def as_knights(desk: Desk, who: Listed, found: Array) -> Array:
    """What talks are worth once friends count as knights: [N, T] USD m.

    Args:
        found: [N, T] USD m that each talker expects with each company.
    """
    raider = desk.raiders[who.row, who.lane]
    some = np.flatnonzero(raider >= 0)
    if not some.size:
        return found
    out = found.copy()
    out[:, some] += SHIELD * who.own(desk.value)[some] * _friends(desk, who)[:, some]
    out[raider[some], some] = -np.inf
    return out


def _friends(desk: Desk, who: Listed) -> Bools:
    """Companies that a talker trusts and that could pay: [N, T]."""
    trusted = who.to(desk.view.trust) >= UNFRIENDLY
    rich = who.seen(desk.view.cash_guess) >= PURSE * who.own(desk.value)
    return np.asarray(trusted & rich)
