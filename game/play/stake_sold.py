"""The minority stake in a package: who sells it, how much, of new shares or of the founders' own.

A company that has sold new shares a moment ago may not issue again; then a partner may still buy
from its founders, who are paid for them. What counts for the pair is the same: the stake commits.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import Array, Ints
from game.play.cells import Cells
from game.play.contracts import shares_for
from game.play.pairing import Pairing
from game.play.pledge_plan import traits
from game.play.rights import control_stake
from game.play.terms import Appraisal

PURSE = 0.9
"""Part of its cash and authorisation that a proposer puts into one deal at most."""
STAKE_BUDGET = 0.4
"""Part of its cash that a buyer spends on one stake."""
STAKE_BASE, STAKE_TRAIT = 0.05, 0.25
MOST_HELD = 0.45
LEAST_STAKE = 0.01
LEAST_APPETITE = 0.3
FOUNDERS_KEEP = 0.505
FLOOR_MARGIN = 0.02
LEAST_SLOPE = 0.05


def _lead_kept(founders: Array, votes: Array) -> Array:
    """Largest part that may be issued while founders keep their lead: [L]; 1 without a lead.

    Args:
        founders: fraction of the shares. votes: of a founder's share.
    """
    cast = founders * votes
    every = 1.0 + cast - founders
    room = np.maximum(cast / FOUNDERS_KEEP - every, 0.0)
    return np.where(cast > FOUNDERS_KEEP * every, room / (1.0 + room), 1.0)


def _lead_sold(founders: Array, votes: Array) -> Array:
    """Largest part that founders may sell and keep their lead: [L]; all without a lead.

    Args:
        founders: fraction of the shares. votes: of a founder's share.
    """
    kept = FOUNDERS_KEEP / np.maximum(votes + FOUNDERS_KEEP * (1.0 - votes), 1e-9)
    return np.where(founders > kept, founders - kept, founders)


class StakeSold:
    """The stake that the larger company might buy in the smaller one: of new shares, or of the
    founders' own while the company may not issue again."""

    def __init__(self, cells: Cells, pairing: Pairing) -> None:
        facts, ruleset = pairing.facts, pairing.ruleset
        self.rules = ruleset.rules
        value = pairing.equity
        self.issuer = np.where(value[0] >= value[1], 1, 0)
        self.value = np.where(self.issuer == 1, value[1], value[0])
        one, other = cells.who
        issuer, buyer = (
            np.where(self.issuer == 1, other, one),
            np.where(self.issuer == 1, one, other),
        )
        self.total = facts.of(facts.total, issuer, cells)
        since = facts.turn - facts.of(facts.last_issue, issuer, cells)
        self.old = since < ruleset.rules.issue_gap
        self.most = self._most(cells, pairing, issuer, buyer)
        appetite = np.take(traits(ruleset, "stakes"), buyer)
        self.wish = np.where(appetite >= LEAST_APPETITE, STAKE_BASE + STAKE_TRAIT * appetite, 0.0)
        money = facts.seen(facts.money, buyer, cells)
        allowed = facts.seen(facts.authorisation, buyer, cells)
        self.budget = np.maximum(np.minimum(STAKE_BUDGET * money, PURSE * allowed), 0.0)

    def _most(self, cells: Cells, pairing: Pairing, issuer: Ints, buyer: Ints) -> Array:
        """Largest part of the company after the deal that may be sold to the buyer: [L]."""
        rules, facts = self.rules, pairing.facts
        founders = facts.of(facts.founders, issuer, cells) / np.maximum(self.total, 1)
        lead = _lead_kept(founders, np.take(pairing.ruleset.founder_votes, issuer))
        outside = 1.0 - facts.of(facts.stake.sum(axis=0), issuer, cells)
        floor = 1.0 - (rules.outside_floor + FLOOR_MARGIN) / np.maximum(outside, 1e-9)
        held = facts.stake_of(buyer, issuer, cells)
        room = (MOST_HELD - held) / np.maximum(1.0 - held, 1e-9)
        most = np.minimum(np.minimum(lead, floor), room)
        votes = np.take(pairing.ruleset.founder_votes, issuer)
        sold = np.minimum(_lead_sold(founders, votes), outside - rules.outside_floor - FLOOR_MARGIN)
        most = np.where(self.old, np.minimum(np.minimum(sold, founders), MOST_HELD - held), most)
        count, own = (facts.of(field, buyer, cells) for field in (facts.total, facts.founders))
        half = control_stake(count, own, pairing.ruleset, buyer)
        parent = facts.stake_of(issuer, buyer, cells) > half
        still = facts.pair(facts.standstill, buyer, issuer, cells) > facts.turn
        barred = parent | still
        return np.where(barred, 0.0, np.maximum(most, 0.0))

    def part(self, gained: Array) -> Array:
        """Part to sell when pledges add ``gained`` USD m to the issuer: [L]."""
        before = np.maximum(self.value + gained, 1e-9)
        part = np.minimum(np.minimum(self.wish, self.most), self.budget / (before + self.budget))
        return np.asarray(np.where(part >= LEAST_STAKE, part, 0.0))

    def price(self, part: Array, gained: Array) -> Array:
        """What the part is worth, USD m: [L]."""
        base = np.maximum(self.value + gained, 0.0)
        return np.asarray(np.where(self.old, part, part / (1.0 - part)) * base)

    def sold(self, cells: Cells, part: Array) -> Cells:
        """Cells with a part sold, by the company or by its founders."""
        new = np.where(self.old, 0, shares_for(part, self.total))
        old = np.where(self.old, np.floor(part * self.total), 0).astype(np.int64)
        issues = np.stack([self.issuer == side for side in (0, 1)])
        return dataclasses.replace(
            cells,
            new_shares=issues * new,
            old_shares=issues * old,
            old_issuer=np.where(issues & (old > 0), cells.who, -1),
        )

    def slope(self, found: Appraisal) -> Array:
        """What a side gains when the other pays it one more, [L]; founders keep all of it."""
        return np.where(self.old, 1.0, np.maximum(found.slope, LEAST_SLOPE))

    def topped_up(self, cells: Cells, found: Appraisal, owed: Array) -> Ints:
        """New shares when the issuer pays what it owes the buyer in stock. [X, L]."""
        price = np.where(
            self.issuer == 1,
            found.post_money[1] / found.count[1],
            found.post_money[0] / found.count[0],
        )
        issued = cells.new_shares.sum(axis=0)
        owed = np.where(self.old, 0.0, owed)
        more = np.floor(np.maximum(owed, 0.0) / np.maximum(price, 1e-12))
        most = shares_for(self.most, self.total)
        count = np.maximum(np.minimum(issued + more, most), issued).astype(np.int64)
        return np.stack([np.where(self.issuer == side, count, 0) for side in (0, 1)])
