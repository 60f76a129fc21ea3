"""What a game remembers beside its states: why trust moved, and why machines did what they did.

Both are worked out once, when a quarter ends, and kept with the save as plain numbers.
"""

from __future__ import annotations

import numpy as np

from game.core.axes import Ints
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.play.grudges import trust_lost
from game.play.memories import Deed, Move, trust_moves
from game.play.orders import Orders
from game.play.report import Report
from game.policies.reasons import Reason, reasons
from game.session.chronicle_json import reasons_json, reasons_of
from game.session.draft import before_orders
from game.session.incoming import Incoming


class Chronicle(Incoming):
    """The memory of a game, quarter by quarter."""

    all_deeds: list[tuple[Move, ...]]
    all_reasons: list[tuple[Reason, ...]]

    def decliners(self) -> tuple[int, ...]:
        """Companies whose offers of their own the seat has turned down this quarter."""
        offers = self.offers()
        asked = (offers[number].deal.proposer for number in self.draft.declined)
        return tuple(sorted(company for company in asked if company != self.seat))

    def ready_state(self) -> State:
        """The state as the turn meets it: talks held, and offers declined, which is resented."""
        state = before_orders(self.state, self.ruleset, self.draft, self.seat)
        return after_declines(state, self.ruleset, self.decliners(), self.seat)

    def note_quarter(self, before: State, after: State, report: Report, orders: Orders) -> None:
        """Log a quarter that was played.

        Args:
            before: as the turn met it. report: with its settlement.
        """
        lost = -self.ruleset.rules.refusal_trust
        declined = tuple(
            Move(Deed.DECLINED, company, self.seat, lost) for company in self.decliners() if lost
        )
        self.all_deeds.append(declined + trust_moves(before, after, report, orders, self.ruleset))
        found = reasons(before, after, report, orders, self.ruleset, self.others(), self.seat)
        self.all_reasons.append(reasons_of(reasons_json(found)))  # as a save would keep them

    def forget_quarter(self) -> None:
        """Take the last quarter out of the log."""
        self.all_deeds.pop()
        self.all_reasons.pop()


def after_declines(state: State, ruleset: Ruleset, companies: tuple[int, ...], seat: int) -> State:
    """The state after a person has turned down these companies' offers."""
    lost = ruleset.rules.refusal_trust
    if lost <= 0.0 or not companies:
        return state
    trust = state.trust
    for company in companies:
        trust = trust_lost(trust, *_everywhere(company, seat, state), lost)
    return replace(state, trust=trust)


def _everywhere(one: int, other: int, state: State) -> tuple[Ints, Ints, Ints]:
    lane = np.arange(state.cash.shape[-1])
    return np.full_like(lane, one), np.full_like(lane, other), lane
