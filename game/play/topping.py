"""Contestable stakes: one topping bid and one match before a deal settles.

    agreed deals that give a large stake -> the best bid of those who stand ready -> the first
    bidder matches it, or the stake goes to the topping bidder

A topping bid is for the same shares, with the pledges that suit the two and the cash that leaves
the company whose shares they are better off than with the deal that it has. All bids of a quarter
are worked out at once; ties are broken by uid, so that seat order never matters. A quarter without
contestable deals costs nothing.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.core.ruleset import Ruleset, Status
from game.core.state import State
from game.play.bargaining import Verdict
from game.play.cells import Cells, pick_cells
from game.play.contracts import legal_cells
from game.play.deal_facts import DealFacts
from game.play.deal_laws import adviser_costs
from game.play.nash import best_pledges, both_ways
from game.play.packages import DealFlag
from game.play.pairing import Pairing
from game.play.terms import (
    Appraisal,
    Pledged,
    appraise_cells,
    pledges_worth,
    prepared,
)

ANYBODY = -2
"""In ``Orders.ready``: the seat tops bids for any company."""
STEP = 0.05
"""A topping bid leaves the company better off by so much of the price, at least."""
LEAST_STEP = 1.0
"""And by so many USD m."""
LEAST_PATIENCE = 0.25
LEAST_TRUST = -0.5
"""With less of the two a company takes no bid from another."""
CENT = 0.01


@dataclass(frozen=True)
class Standing:
    """What seats have said about contests, from their orders: [N, W] each."""

    ready: Ints
    """Company for whose shares the seat bids, :data:`ANYBODY`, or -1 nobody."""
    most: Array
    """USD m that it pays at most; nan by its own valuation."""
    match: Array
    """USD m that it adds at most to a deal of its own; nan by its own valuation."""
    open: Bools
    """Shares that the seat agrees to sell may go to a better bid."""


@dataclass(frozen=True)
class Contests:
    """The contests of a quarter; axis C."""

    lane: Ints
    target: Ints
    """[C] whose shares they are."""
    first: Ints
    """[C] who had agreed with it."""
    topper: Ints
    """[C] who bid more."""
    price: Array
    """[C] USD m that the first had agreed to pay."""
    bid: Array
    """[C] USD m that the topper offers."""
    paid: Array
    """[C] USD m that the winner pays."""
    matched: Bools
    """[C] the first has matched the bid."""


@dataclass(frozen=True)
class Contested:
    """Agreed deals after all contests."""

    cells: Cells
    joint: Array
    """[L] USD m."""
    fees: Array
    """[X, L] USD m."""
    replaced: Bools
    """[L] the stake goes to another bidder than the talk was with."""
    contests: Contests | None


def _pair(cells: Cells) -> Cells:
    """Cells, a lone one twice."""
    return pick_cells(cells, np.zeros(2, np.int64)) if cells.size == 1 else cells


def _contestable(
    cells: Cells,
    agreed: Bools,
    facts: DealFacts,
    ruleset: Ruleset,
    standing: Standing,
    asked: Bools | None,
) -> tuple[Ints, Ints]:
    """(cells whose stake may be contested, side that sells it)."""
    sold = cells.new_shares + np.where(cells.old_issuer == cells.who, cells.old_shares, 0)
    some = np.flatnonzero(agreed & ((sold > 0).sum(axis=0) == 1))
    some = some[: 1 if cells.single != slice(None) else None]
    if not some.size:
        return some, some
    few = pick_cells(cells, some)
    side = (sold[1, some] > 0).astype(np.int64)
    lanes = np.arange(some.size)
    target, buyer = few.who[side, lanes], few.who[1 - side, lanes]
    count = facts.of(facts.total, target, few)
    held = facts.stake_of(buyer, target, few) * count + sold[side, some]
    large = held >= ruleset.rules.contest_stake * (count + few.new_shares[side, lanes])
    large &= ~prepared(few, facts.turn, ruleset)
    other = few.old_shares[1 - side, lanes] > 0  # paid in shares of others: no price to top
    large &= ~other
    large &= standing.open[target, few.lane]
    if asked is not None:
        large &= ~np.take(asked, target)
    return some[large], side[large]


def contest(
    cells: Cells,
    agreed: Bools,
    verdict: Verdict,
    fees: Array,
    pairing: Pairing,
    state: State,
    ruleset: Ruleset,
    standing: Standing | None,
    asked: Bools | None = None,
) -> Contested:
    """Let agreed deals for large stakes be topped once and matched once.

    Args:
        cells: as they would be settled. agreed: [L]. fees: [X, L] USD m.
        verdict: what was said to them. pairing: of the cells as they were tabled.
        standing: None where nobody bids.
        asked: [N] companies that decide outside the turn: nobody bids for their shares.
    """
    same = Contested(cells, verdict.final_joint, fees, np.zeros(cells.size, bool), None)
    if standing is None or ruleset.rules.contest_stake > 1.0:
        return same
    if not (standing.ready != -1).any():
        return same
    some, side = _contestable(cells, agreed, pairing.facts, ruleset, standing, asked)
    if not some.size:
        return same
    now = verdict.appraised(some)
    return _Auction(same, agreed, some, side, now, pairing, state, ruleset, standing).held()


class _Auction:
    """All contests of a quarter. Axis C: deals; axis B: bids, sorted by deal."""

    def __init__(
        self,
        same: Contested,
        agreed: Bools,
        some: Ints,
        side: Ints,
        now: Appraisal,
        pairing: Pairing,
        state: State,
        ruleset: Ruleset,
        standing: Standing,
    ) -> None:
        self.same, self.cells, self.some, self.side = same, same.cells, some, side
        self.now, self.pairing, self.state = now, pairing, state
        self.ruleset, self.standing = ruleset, standing
        cells = same.cells
        self.deals = pick_cells(cells, some)
        self.at = np.arange(some.size)
        self.target = self.deals.who[side, self.at]
        self.first = self.deals.who[1 - side, self.at]
        self.lane = self.deals.lane
        paid = self.deals.cash
        self.price = paid[1 - side, self.at] - paid[side, self.at]
        self.floor = self.now.total[side, self.at]
        self.busy = np.zeros(state.cash.shape, bool)
        for who in cells.who:
            self.busy[who[agreed], cells.lane[agreed]] = True

    def _appraised(self, cells: Cells, pairing: Pairing, pledged: Pledged) -> Appraisal:
        """Appraisal of a list that may hold one place, which the other arguments hold twice."""
        found = appraise_cells(_pair(cells), pairing, pledged)
        return found.of(np.zeros(1, np.int64)) if cells.size == 1 else found

    def held(self) -> Contested:
        """The deals once everybody has had their say."""
        deal, bidder = self._bidders()
        if not deal.size:
            return self.same
        bids, total, fees = self._bids(deal, bidder)
        some = np.flatnonzero((total[0] > 0.0) & (total[1] > self.floor[deal]))
        some = some[self._allowed(pick_cells(bids, some))] if some.size else some
        if not some.size:
            return self.same
        best = some[_best(deal[some], bidder[some], total[0, some], self.ruleset)]
        bids = pick_cells(bids, best)
        return self._answered(deal[best], bids, total[:, best], fees[:, best])

    def _bidders(self) -> tuple[Ints, Ints]:
        """Who might bid for which stake: (deal, company) [B] each."""
        state, ready = self.state, self.standing.ready[:, self.lane]
        who = np.arange(len(ready))[:, None]
        may = (ready == ANYBODY) | (ready == self.target)
        may &= (who != self.target) & (who != self.first) & ~self.busy[:, self.lane]
        status = state.status[:, self.lane]
        may &= (status != Status.CONTROLLED) & (status != Status.FAILED)
        may &= state.attention[:, self.lane] >= self.ruleset.rules.cost_talk
        may &= state.patience[self.target, :, self.lane].T >= LEAST_PATIENCE
        may &= state.trust[self.target, :, self.lane].T > LEAST_TRUST
        purse = np.minimum(state.cash, state.authorisation)[:, self.lane]
        may &= purse >= np.maximum(self.price, 0.0)
        deal, bidder = np.nonzero(may.T)
        return deal, bidder

    def _bids(self, deal: Ints, bidder: Ints) -> tuple[Cells, Array, Array]:
        """The same shares at the price that leaves the company a step better off, what the bids
        are worth to both sides, and advisers' fees: [X, B] USD m each."""
        base = pick_cells(self.deals, deal)
        side, lanes = self.side[deal], np.arange(deal.size)
        target = self.target[deal]
        nothing = np.zeros_like(base.cash)
        sold, old, issuer = (
            np.stack([np.full_like(field[0], empty), field[side, lanes]])
            for field, empty in (
                (base.new_shares, 0), (base.old_shares, 0), (base.old_issuer, -1),
            )
        )  # fmt: skip
        price = np.maximum(self.price[deal], 0.0)
        bare = {
            field.name: np.zeros_like(getattr(base, field.name))
            for field in dataclasses.fields(Cells)
            if field.name not in _KEPT
        }
        bids = dataclasses.replace(
            base, **bare, who=np.stack([bidder, target]), new_shares=sold, old_shares=old,
            old_issuer=issuer, cash=np.stack([price, nothing[0]]),
            disclosed=np.ones_like(base.disclosed),
        )  # fmt: skip
        every = dataclasses.replace(bids, pledge=np.ones_like(bids.pledge))
        pairing = Pairing(_pair(every), self.pairing.facts, self.ruleset, self.pairing.quotes)
        pledge = best_pledges(_pair(every), pairing)[..., : deal.size]
        bids = dataclasses.replace(bids, pledge=pledge)
        pledged = pledges_worth(_pair(bids), pairing)
        for _ in range(2):  # cash is worth more to the squeezed: once more from there
            found = self._appraised(bids, pairing, pledged)
            wish = self.floor[deal] + np.maximum(STEP * price, LEAST_STEP) - found.total[1]
            cash = bids.cash[0] + wish / np.maximum(found.slope, 0.05)
            bids = dataclasses.replace(
                bids, cash=both_ways(np.maximum(np.ceil(cash / CENT) * CENT, 0.0))
            )
        total = self._appraised(bids, pairing, pledged).total
        return bids, total, adviser_costs(pairing)[:, : deal.size]

    def _allowed(self, bids: Cells) -> Bools:
        """Bids that are legal and within what their seats said: [B]."""
        most = self.standing.most[bids.who[0], bids.lane]
        fine = np.isnan(most) | (bids.cash[0] <= most)
        return np.asarray(fine & self._legal(bids))

    def _legal(self, cells: Cells) -> Bools:
        facts = self.pairing.facts
        flags = legal_cells(cells, self.state, self.ruleset, facts.running, facts.stake)
        return np.asarray((flags & ~int(DealFlag.ATTENTION)) == 0)

    def _answered(self, deal: Ints, bids: Cells, total: Array, costs: Array) -> Contested:
        """The first bidders' matches, and who gets the stakes."""
        matched = self._matches(deal, total[1])
        fine = self._fine(matched, deal)
        cells, joint = self.cells, self.same.joint.copy()
        fees, replaced = self.same.fees.copy(), np.zeros(cells.size, bool)
        place = self.some[deal]
        won = place[~fine]
        changed = {}
        for field in dataclasses.fields(Cells):
            if field.name in ("lane", "viewer", "place"):
                continue
            value = getattr(cells, field.name).copy()
            value[..., won] = getattr(bids, field.name)[..., ~fine]
            changed[field.name] = value
        changed["cash"][:, place[fine]] = matched.cash[:, fine]
        joint[won] = total.sum(axis=0)[~fine]
        fees[:, won] = costs[:, ~fine]
        replaced[won] = True
        net = matched.cash[1 - self.side[deal], np.arange(deal.size)]
        net = net - matched.cash[self.side[deal], np.arange(deal.size)]
        paid = np.where(fine, net, bids.cash[0])
        contests = Contests(
            lane=self.lane[deal], target=self.target[deal], first=self.first[deal],
            topper=bids.who[0], price=self.price[deal], bid=bids.cash[0], paid=paid, matched=fine,
        )  # fmt: skip
        if cells.single != slice(None):  # a lone cell stands twice
            changed = {
                name: np.repeat(value[..., :1], 2, axis=-1) for name, value in changed.items()
            }
            joint[1], fees[:, 1], replaced[1] = joint[0], fees[:, 0], replaced[0]
        return Contested(dataclasses.replace(cells, **changed), joint, fees, replaced, contests)

    def _matches(self, deal: Ints, wanted: Array) -> Cells:
        """The first deals with the cash at which the company gets as much as it is bid."""
        deals = pick_cells(self.deals, deal)
        side, lanes = self.side[deal], np.arange(deal.size)
        slope = np.maximum(self.now.slope[deal], 0.05)
        more = np.maximum(wanted - self.floor[deal], 0.0) / slope
        net = self.price[deal] + np.ceil(more / CENT) * CENT
        cash = np.zeros_like(deals.cash)
        cash[1 - side, lanes], cash[side, lanes] = np.maximum(net, 0.0), np.maximum(-net, 0.0)
        return dataclasses.replace(deals, cash=cash)

    def _fine(self, matched: Cells, deal: Ints) -> Bools:
        """Matches that the first bidders make: still worth their while, legal, and allowed."""
        side, lanes = self.side[deal], np.arange(deal.size)
        twice = np.repeat(deal, 2) if deal.size == 1 else deal
        pairing = self.pairing.some(self.some[twice], _pair(matched))
        pledged = self.now.of(twice).pledged
        left = self._appraised(matched, pairing, pledged).total[1 - side, lanes]
        added = matched.cash[1 - side, lanes] - np.maximum(self.price[deal], 0.0)
        most = self.standing.match[self.first[deal], matched.lane]
        fine = (left > 0.0) & (np.isnan(most) | (added <= most))
        return np.asarray(fine & self._legal(matched))


_KEPT = (
    "who", "lane", "viewer", "place", "cash", "new_shares", "old_shares", "old_issuer",
    "disclosed", "term", "pledge",
)  # fmt: skip
"""Fields of cells that a bid has or sets; all other clauses are left out."""


def _best(deal: Ints, bidder: Ints, gain: Array, ruleset: Ruleset) -> Ints:
    """The bid of each deal that is worth most to its bidder, equals by uid."""
    uid = np.take(ruleset.company_uid, bidder)
    order = np.lexsort((uid, -gain, deal))
    first = np.append(True, np.diff(deal[order]) != 0)
    return np.asarray(order[first])
