"""A player who answers markets and cards, and nobody else: marginal returns, no deals."""

from __future__ import annotations

import numpy as np

from game.core.axes import Ints
from game.core.ruleset import Ruleset
from game.play.observation import Observation
from game.play.orders import Orders
from game.policies import cards
from game.policies.desk import Desk
from game.policies.expansion import choose_entry
from game.policies.frame import blank
from game.policies.spending import set_dials

HURDLE = 2.0
"""Expected profits must be worth so many licences before it enters."""
ENTRY_YEAR = 4
"""It thinks about entering once in so many quarters."""


class BestReply:
    """Dials by marginal returns, stance 0; enters when a simple profit estimate says so.

    Cards are answered and projects begun by expected worth, as everybody does who weighs anything.
    """

    name = "best-reply"

    def act(self, view: Observation, ruleset: Ruleset, seats: Ints) -> Orders:
        """Orders of the quarter; see :class:`game.play.policy.Policy`."""
        desk = Desk(view, ruleset, seats)
        orders = blank(view, ruleset, seats)
        orders.notch[seats], orders.mix[seats], orders.focus[seats] = set_dials(desk)
        orders.stance[seats] = 0
        thinks = (view.turn + ruleset.company_uid[desk.seats]) % ENTRY_YEAR == 0
        ready = np.repeat(thinks[:, None], desk.worlds, axis=1)
        orders.enter[seats] = choose_entry(desk, ready, HURDLE)
        orders.choice[:, seats] = cards.choose_options(desk)
        orders.project[seats] = cards.choose_project(desk)
        return orders
