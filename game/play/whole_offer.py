"""Offers for the whole of a company: where the end of rivalry wins more than any other deal."""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import Bools, Ints
from game.play.cells import Cells
from game.play.deal_laws import adviser_costs
from game.play.packages import Extra
from game.play.pairing import Pairing
from game.play.review_worth import whole_reviewed
from game.play.stake_sold import PURSE
from game.play.takeover import NOMINEE, SYNERGY
from game.play.terms import (
    CONTROL_COST,
    CONTROL_WORTH,
    FOUNDERS_COST,
    STAKE_RISK,
    Appraisal,
)

HALF = 0.5
CASH_PART = 0.5
"""Of its purse: what a buyer pays in cash at most for a whole company; shares for the rest."""
MOST_ISSUED = 0.6
"""New shares of the buyer at most, over its shares before."""


def whole_offers(
    cells: Cells, pairing: Pairing, found: Appraisal, good: Bools
) -> tuple[Cells, Bools]:
    """Cells with takeovers where those win the pair more than the package does.

    Args:
        found: what the packages are worth. good: [L] which of them are packages.
    """
    joint = np.where(good, np.maximum(found.total.sum(axis=0), 0.0), 0.0)
    for target in (0, 1):
        offer = _Offer(cells, pairing, target)
        take = offer.fine & (offer.joint > joint)
        if take.any() and offer.reviewed(cells, pairing, np.flatnonzero(take)):
            take = offer.fine & (offer.joint > joint)
        if take.any():
            cells = offer.written(cells, take)
            good, joint = good | take, np.where(take, offer.joint, joint)
    return cells, good


class _Offer:
    """The side ``target`` sold whole to the other. All [L]."""

    def __init__(self, cells: Cells, pairing: Pairing, target: int) -> None:
        self.target, self.buyer = target, 1 - target
        rules = pairing.ruleset.rules
        buyer, who = self.buyer, cells.who
        company, costs = pairing.equity[target], adviser_costs(pairing)
        held = pairing.held[buyer]
        lacks = 1.0 - held
        gained = SYNERGY * pairing.overlap.max(axis=0) * company
        fresh = held <= pairing.half[target]
        cast = np.take(pairing.ruleset.founder_votes, who[target]) * pairing.founders[target]
        every = pairing.count[target] - pairing.founders[target] + cast
        lost = CONTROL_COST * fresh + FOUNDERS_COST * (cast > rules.control * every)
        risk = STAKE_RISK * pairing.caution[buyer] * pairing.noise[buyer] * lacks * company
        won = gained + CONTROL_WORTH * fresh * company - risk
        self.joint = won - lost * company - costs.sum(axis=0)
        self.given_up, self.costs = lacks * company + lost * company, costs
        self.after = pairing.equity[buyer] + lacks * company + gained - costs[buyer]
        self.asked = self.given_up + costs[target] + HALF * self.joint
        self._priced(pairing, cells)
        self.fine &= (company > 0.0) & (lacks * pairing.count[target] > NOMINEE + 1)
        self.fine &= (pairing.still_left[buyer] == 0) & (cells.lane >= 0)

    def _priced(self, pairing: Pairing, cells: Cells) -> None:
        """What is asked, in cash and new shares, and whether the buyer can give it."""
        buyer, facts = self.buyer, pairing.facts
        self.cash = np.floor(np.minimum(self.asked, CASH_PART * PURSE * pairing.purse[buyer]))
        after = self.after - self.cash
        part = np.maximum(self.asked - self.cash, 0.0) / np.maximum(after, 1.0)
        issued = np.minimum(part / np.maximum(1.0 - part, 1e-9), 1e3)
        self.new = np.ceil(issued * pairing.count[buyer]).astype(np.int64)
        early = facts.turn - facts.of(facts.last_issue, cells.who[buyer], cells)
        self.fine = (self.joint > 0.0) & (issued <= MOST_ISSUED)
        self.fine &= (self.new == 0) | (early >= pairing.ruleset.rules.issue_gap)

    def reviewed(self, cells: Cells, pairing: Pairing, chosen: Ints) -> bool:
        """Count what authorities may do to some of the offers; False where nobody minds any."""
        found = whole_reviewed(cells, chosen, self.target, pairing)
        if found is None:
            return False
        kept, cost = found
        fine, fees = self.fine, self.costs[:, chosen]
        gained = self.joint[chosen] + fees.sum(axis=0)
        joint = kept * gained - cost - fees.sum(axis=0)
        wish = (fees[self.target] + HALF * joint) / np.maximum(kept, 1e-9)
        self.joint[chosen] = joint
        self.asked[chosen] = self.given_up[chosen] + wish
        self._priced(pairing, cells)
        self.fine &= fine
        return True

    def written(self, cells: Cells, take: Bools) -> Cells:
        """Cells with the offer alone where it is taken."""
        bare = {
            name: np.where(take, 0, getattr(cells, name)).astype(getattr(cells, name).dtype)
            for name in ("pledge", "exclusive", "loan", "old_shares", "regions", "extra")
        }
        cash, new = (np.where(take, 0, part) for part in (cells.cash, cells.new_shares))
        cash[self.buyer] = np.where(take, self.cash, cash[self.buyer])
        new[self.buyer] = np.where(take, self.new, new[self.buyer])
        bare["extra"][self.target, Extra.WHOLE] = np.where(
            take, 1.0, bare["extra"][self.target, Extra.WHOLE]
        )
        issuer = np.where(take, -1, cells.old_issuer)
        return dataclasses.replace(cells, cash=cash, new_shares=new, old_issuer=issuer, **bare)
