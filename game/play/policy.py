"""What a player is: anything that turns an observation into orders."""

from __future__ import annotations

from typing import Protocol

from game.core.axes import Ints
from game.core.ruleset import Ruleset
from game.play.observation import Observation
from game.play.orders import Orders


class Policy(Protocol):
    """Plays one or more seats in every world of a block, in one call."""

    name: str

    def act(self, view: Observation, ruleset: Ruleset, seats: Ints) -> Orders:
        """Orders for these seats; rows of other seats are left empty.

        Args:
            view: what the seats may know, and nothing else.
            ruleset: the scenario.
            seats: [A] company indices, the same in all worlds of the block.
        """
        ...
