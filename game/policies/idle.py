"""The player who only ends the quarter; the delegates run the company."""

from __future__ import annotations

from game.core.axes import Ints
from game.core.ruleset import Ruleset
from game.play.observation import Observation
from game.play.orders import Orders
from game.policies.frame import blank


class Idle:
    """Leaves every dial where it stands and does nothing."""

    name = "idle"

    def act(self, view: Observation, ruleset: Ruleset, seats: Ints) -> Orders:
        """Orders that change nothing; see :class:`game.play.policy.Policy`."""
        return blank(view, ruleset, seats)
