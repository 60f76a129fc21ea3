"""Verbs that play a deal ahead before it is signed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from game.core.state import State
from game.play.foresight import FUTURES as FUTURES
from game.play.foresight import Foresight, foresee, large
from game.play.futures import signed_worlds
from game.play.observation_build import observe
from game.play.orders import Orders
from game.play.packages import Code
from game.policies.registry import DEFAULT, make
from game.session.deals import Deal
from game.session.solving import Solving
from game.session.view_types import Action, Result
from game.text.catalogue import say

QUICK = ("idle", "random-legal", "best-reply", DEFAULT)
"""Machines that are fast enough to play futures; others are thought to play as strategists."""

Told = Callable[[float], None]


class Foreseeing(Solving):
    """Verbs of looking ahead."""

    rivals: str
    _foresights: dict[Deal, tuple[tuple[State, tuple[Deal, ...]], Foresight]]

    def is_large(self, deal: Deal) -> bool:
        """Whether a deal moves more than a twentieth of what either side is worth: it must be
        played ahead before it is signed."""
        values = self.observation.value_guess[0, :, 0]
        sides = (deal.proposer, deal.counterparty)
        return large(self.estimate(deal), np.array([values[who] for who in sides]))

    def foresight(self, deal: Deal) -> Foresight | None:
        """What is known of the futures with a deal, as far as they have been played."""
        known = self._foreseen().get(deal.seen_from(self.seat))
        if known is None or not self._still(known[0]):
            return None
        return known[1]

    def large_deal(self, action: Action) -> Deal | None:
        """The deal that an action would sign, where it must be played ahead first."""
        deal: Deal | None = None
        if action.verb == "accept_answer" and self.table is not None and self.table.reply:
            reply = self.table.reply
            deal = reply.counter if reply.code == Code.COUNTER else reply.deal
        elif action.verb == "accept_offer":
            deal = self.offered_deal(int(str(action.args[0])))
        return deal if deal is not None and self.is_large(deal.seen_from(self.seat)) else None

    def look_ahead(self, deal: Deal, told: Told | None = None, futures: int = FUTURES) -> Result:
        """Play a deal ahead in worlds as the seat believes them.

        Args:
            told: is called with the part done, 0..1, from the first sixteen futures on.
        """
        if self.over:
            return Result(False, say("turn.over", self.lang))
        mine = deal.seen_from(self.seat)
        key = (self.state, self.draft.signed)
        worlds = self.observation.ahead(self.seat, np.zeros(1, np.int64), futures)
        for signed in self.draft.signed:
            packages = signed.package(self.ruleset, worlds.cash.shape[-1])
            worlds = signed_worlds(worlds, self.ruleset, packages)
        packages = mine.package(self.ruleset, self.state.cash.shape[-1])
        steps = foresee(worlds, self.ruleset, packages, self._act(), *self.pledge_values)
        for found in steps:
            self._foreseen()[mine] = (key, found)
            if told is not None:
                told(found.count / found.wanted)
        return Result(True, "", 0, self.points_left)

    def _act(self) -> Callable[[State], Orders]:
        """Orders of all seats in imagined worlds."""
        policy = make(self.rivals if self.rivals in QUICK else DEFAULT)
        everybody = np.arange(self.count)

        def act(worlds: State) -> Orders:
            return policy.act(observe(worlds, self.ruleset, everybody), self.ruleset, everybody)

        return act

    def _foreseen(self) -> dict[Deal, tuple[tuple[State, tuple[Deal, ...]], Foresight]]:
        known = self.__dict__.setdefault("_foresights", {})
        for deal in [deal for deal, (key, _) in known.items() if not self._still(key)]:
            del known[deal]
        return known  # type: ignore[no-any-return]

    def _still(self, key: tuple[State, tuple[Deal, ...]]) -> bool:
        """Whether the quarter and what is signed in it are the same as then."""
        return key[0] is self.state and key[1] == self.draft.signed
