"""A player who does what a person can, by temperament: prices, spends, expands, deals."""

from __future__ import annotations

import numpy as np

from game.core.axes import Bools, Ints
from game.core.ruleset import Ruleset
from game.play.observation import Observation
from game.play.orders import Orders
from game.play.pledge_facts import facts_of_view
from game.play.pledge_value import PledgeValues
from game.play.topping import ANYBODY
from game.policies import capital, cards, claims, conduct, dealing, parent
from game.policies import goals as aims
from game.policies.desk import Desk, Draw
from game.policies.expansion import choose_entry, choose_exit
from game.policies.frame import blank
from game.policies.goals import Goals, entry_bonus, stances
from game.policies.levels import PLAIN, Level, misread
from game.policies.marginal import horizon_part
from game.policies.spending import set_dials

REVIEW_QUARTERS = 2
"""Budgets are gone through every second quarter; entries and exits are weighed in the others."""
EXIT_CHANCE = 0.8
CONTEST_APPETITE = 0.4
"""Chance that a seat of full appetite looks at stakes that others are about to buy."""
LEAST_HORIZON = 0.1
"""Even in the last quarter a company cares so much about what comes after."""
ENTRY_CHANCE, ENTRY_APPETITE = 0.35, 0.5
"""Chance that a seat thinks about entering when entries are weighed, and what appetite adds."""


class Strategist:
    """Weighs marginal returns, goals and partners; see docs/policies.md.

    Args:
        deals: whether it tables packages; without them it shows what deals are worth.
        level: how it searches and errs; see :mod:`game.policies.levels`.
    """

    name = "strategist"

    def __init__(self, deals: bool = True, level: Level = PLAIN) -> None:
        self.deals, self.level = deals, level
        self._known: tuple[Ruleset, bytes, Goals] | None = None

    def act(self, view: Observation, ruleset: Ruleset, seats: Ints) -> Orders:
        """Orders of the quarter; see :class:`game.play.policy.Policy`."""
        view = misread(view, ruleset, np.asarray(seats, np.int64), self.level.misread)
        desk = Desk(view, ruleset, seats, self.level)
        goals = self.goals_of(ruleset, desk.seats)
        values = PledgeValues.kept(facts_of_view(view, desk.running), ruleset)
        desk.offers = rows = values.rows()
        money = capital.raise_or_return(desk, goals)
        packages = dealing.table(desk, goals, rows) if self.deals else None
        orders = blank(view, ruleset, seats, packages)
        orders.borrow[seats], orders.issue[seats] = money.borrow, money.issue
        orders.dividend[seats], orders.buy_back[seats] = money.dividend, money.buy_back
        orders.choice[:, seats] = cards.choose_options(desk)
        if view.turn % REVIEW_QUARTERS == 0:
            _set_dials(orders, desk, goals)
            if view.group is not None:
                parent.direct(orders, view.group, ruleset, self.level)
        else:
            _expand(orders, desk, goals)
        orders.project[seats] = cards.choose_project(desk)
        conduct.keep_pledges(orders, desk, *values.of_running(rows))
        orders.attack[seats] = conduct.attack(desk)
        claims.use_rights(orders, desk)
        if self.deals:
            orders.ready[seats] = np.where(_bids(desk), ANYBODY, -1)
        return orders

    def goals_of(self, ruleset: Ruleset, seats: Ints) -> Goals:
        """The seats' goals, worked out once for a ruleset."""
        if (
            self._known is None
            or self._known[0] is not ruleset
            or self._known[1] != seats.tobytes()
        ):
            self._known = (ruleset, seats.tobytes(), aims.goals_of(ruleset, seats))
        return self._known[2]


def _bids(desk: Desk) -> Bools:
    """Who looks at stakes that others are about to buy: [A, W].

    By appetite, when it looks for ways to expand; everybody while another holds a public path, for
    no stake should go to who is about to end the game without a bid.
    """
    eager = desk.draws[:, Draw.EXIT] > 1.0 - CONTEST_APPETITE * desk.trait("appetite")
    eager &= desk.view.turn % REVIEW_QUARTERS > 0
    threat = desk.threatened()
    return eager if threat is None else np.asarray(eager | (threat > 0.0))


def _set_dials(orders: Orders, desk: Desk, goals: Goals) -> None:
    seats = desk.seats
    zeal = 0.75 + 0.3 * desk.trait("appetite")
    dials = set_dials(desk, zeal, goals.lean, max(horizon_part(desk), LEAST_HORIZON))
    orders.notch[seats], orders.mix[seats], orders.focus[seats] = dials
    orders.stance[seats] = stances(desk, goals)


def _expand(orders: Orders, desk: Desk, goals: Goals) -> None:
    hurdle = 2.5 - desk.trait("appetite") - 0.5 * desk.trait("risk")
    eager = ENTRY_CHANCE + ENTRY_APPETITE * desk.trait("appetite")
    thinks = desk.draws[:, Draw.ENTER] < eager
    bonus = entry_bonus(desk, goals)
    orders.enter[desk.seats] = choose_entry(desk, np.asarray(thinks), hurdle, bonus)
    ready = desk.draws[:, Draw.EXIT] < EXIT_CHANCE
    orders.leave[desk.seats] = choose_exit(desk, np.asarray(ready))
