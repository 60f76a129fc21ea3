"""What a package is worth to both sides, term by term; docs/deals.md tells it in words.

A side's total is the change in what its holders own, the other side apart: cash, the change in
value of what it holds in the other, less the change in value of what the other holds in it, what
pledges earn and cost, and the softer terms. Companies are worth their look-through fundamental
value after the deal, never their last price, so that cash for shares at that value is a wash.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints
from game.core.ruleset import Ruleset
from game.core.state import State
from game.finance.valuation import annuity
from game.play.cells import (
    Cells,
    DealFacts,
    cells_of,
    facts_of_state,
    facts_of_view,
    spread,
    viewer_rows,
)
from game.play.observation import Observation
from game.play.packages import Packages, Term

TERMS = len(Term)
PREMIUM = 0.5
"""What a dollar more is worth, beyond itself, to a firm without any cash."""
SAFE_QUARTERS = 2.0
"""Cash for so many quarters of costs: from there a dollar is worth a dollar."""
EFFORT = 0.75
"""Part of a promise that a neutral partner without a stake is thought to keep."""
EFFORT_TRUST = 0.25
EFFORT_STAKE = 0.5
EFFORT_RANGE = (0.3, 1.0)
RIVALRY = 0.5
"""Part of a sworn rival's gain that counts as one's own loss, beyond diverted sales."""
BOARD_WORTH, BOARD_COST = 0.01, 0.01
"""Of a company's value: its board seat to the holder, and to those who grant it."""
CONTROL_WORTH, CONTROL_COST = 0.10, 0.20
FOUNDERS_COST = 0.05
"""Of a company's value: its founders losing half of the votes."""
EXCLUSIVE_COST, EXCLUSIVE_WORTH = 0.25, 0.15
"""Of what a pledge earns: other partners forgone by the giver; rivals kept out by the receiver."""
STAKE_RISK = 0.5
"""Of a stake's value and unit noise: the margin that a buyer leaves for its error."""
PLEDGE_RISK = 0.15
TABOO = -1e6
POINT, POINT_SHARE = 0.1, 0.002
"""An attention point: of the advisers' fee, and of quarterly contribution."""
OVERLAP_FLOOR = 1e-12


@dataclasses.dataclass(frozen=True)
class Appraisal:
    """Terms of cells with what else was worked out on the way."""

    terms: Array
    """[X, T, L] USD m."""
    holding: Array
    """[X, L] the side's stake in the other after the deal."""
    post_money: Array
    """[X, L] USD m, value of all shares of the side after the deal."""
    count: Array
    """[X, L] shares of the side after the deal."""
    slope: Array
    """[L] USD m that a side gains when the other pays it one more."""

    def of(self, chosen: Ints) -> Appraisal:
        """The appraisal of some cells."""
        return Appraisal(
            *(
                np.take(getattr(self, field.name), chosen, axis=-1)
                for field in dataclasses.fields(self)
            )
        )

    @property
    def total(self) -> Array:
        """[X, L] USD m."""
        return np.asarray(self.terms.sum(axis=1))


def capital_factor(term: AnyArray, running: Bools | bool, ruleset: Ruleset) -> Array:
    """Present value of a dollar a quarter over a pledge's term, after tax and ramp.

    Args:
        term: quarters. running: renewals need no ramp.

    Returns:
        Quarters, in the shape of the arguments.
    """
    rules = ruleset.rules
    worth = annuity(rules.discount, term)
    for quarter in range(1, max(rules.ramp, 1)):
        lost = (1.0 - quarter / rules.ramp) * (1.0 + rules.discount) ** -quarter
        worth = worth - np.where(running, 0.0, lost) * (np.asarray(term) >= quarter)
    return np.asarray(worth * (1.0 - rules.tax))


def capital(cells: Cells, side: int, facts: DealFacts, ruleset: Ruleset) -> tuple[Array, Array]:
    """Quarters' worth of the pledges that a side gives, beyond those it would replace.

    Returns:
        (strength x present value of the new promises, of the replaced ones), each [K, L].
    """
    giver, taker = cells.who[side], cells.who[1 - side]
    left = facts.kinds(facts.until, giver, taker, cells).astype(np.int64) - facts.turn
    old = facts.kinds(facts.announced, giver, taker, cells)
    running = (old > 0.0) & (left > 0)
    quarters = np.arange(ruleset.rules.quarters + max(ruleset.rules.terms) + 2)
    cold, warm = (capital_factor(quarters, ramped, ruleset) for ramped in (False, True))
    last = quarters.shape[0] - 1
    term, left = np.clip(cells.term, 0, last), np.clip(left, 0, last)
    fresh = np.where(running, np.take(warm, term), np.take(cold, term))
    replaced = old * np.where(running, np.take(warm, left), 0.0)
    given = cells.pledge[side] > 0.0
    return cells.pledge[side] * fresh, np.where(given, replaced, 0.0)


def expected_effort(trust: Array, stake: Array) -> Array:
    """Part of a promise that a side counts on: more by trust and by the giver's stake in it."""
    low, high = EFFORT_RANGE
    return np.asarray(np.clip(EFFORT + EFFORT_TRUST * trust + EFFORT_STAKE * stake, low, high))


def distress_worth(cash: Array, costs: Array, inflow: Array) -> Array:
    """What an inflow is worth beyond itself to a firm short of cash: [L] USD m.

    A dollar counts up to 1.5 when there is none, 1 from two quarters of costs up; the inflow is
    taken dollar by dollar, so half of it is worth more than half.

    Args:
        cash: what can be spent now. costs: a quarter. inflow: net, may be negative.
    """
    base = np.maximum(costs, 1e-9)
    before = np.clip(cash / base, 0.0, SAFE_QUARTERS)
    after = np.clip((cash + inflow) / base, 0.0, SAFE_QUARTERS)
    steps = (after - before) - (after**2 - before**2) / (2.0 * SAFE_QUARTERS)
    return np.asarray(PREMIUM * costs * steps)


def adviser_costs(cells: Cells, facts: DealFacts, ruleset: Ruleset) -> Array:
    """What a settled deal costs each side: half the fee, a part of its contribution. [X, L]."""
    rules = ruleset.rules
    brought = np.stack([facts.seen(facts.contribution, who, cells) for who in cells.who])
    return np.asarray(0.5 * rules.deal_cost + rules.deal_cost_share * brought)


def overlap(cells: Cells, side: int, facts: DealFacts) -> Array:
    """Part of what the other side wins that it takes from this side: [L] 0..1.

    This side's share of units, averaged over the markets by the other's revenue.
    """
    markets, worlds = facts.units.shape[1:]
    step = np.arange(markets)[:, None] * worlds + cells.lane
    mine, theirs = (
        who * (markets * worlds) + step for who in (cells.who[side], cells.who[1 - side])
    )
    units = facts.units.reshape(-1)
    everybody = np.take((facts.units.sum(axis=0) + facts.fringe_units).reshape(-1), step)
    share = np.take(units, mine) / np.maximum(everybody, OVERLAP_FLOOR)
    revenue = np.take(units, theirs) * np.take(facts.price.reshape(-1), theirs)
    return np.asarray(
        (share * revenue).sum(axis=0) / np.maximum(revenue.sum(axis=0), OVERLAP_FLOOR)
    )


class _Deal:
    """The shares, money and values of cells while they are being valued; lists are by side."""

    def __init__(self, cells: Cells, facts: DealFacts, ruleset: Ruleset) -> None:
        self.cells, self.facts, self.ruleset = cells, facts, ruleset
        one, other = cells.who
        self.sides = ((one, other), (other, one))
        self.equity = np.stack([facts.seen(facts.equity, who, cells) for who in cells.who])
        self.count = np.stack([facts.of(facts.total, who, cells) for who in cells.who]).astype(
            float
        )
        self.before = np.stack([facts.stake_of(a, b, cells) for a, b in self.sides])
        self._shares()
        paid = cells.cash
        self.net = paid[::-1] - paid
        sold = self.founders_sold + cells.new_shares
        to_founders = np.divide(self.founders_sold, sold, out=np.zeros(sold.shape), where=sold > 0)
        self.inflow = self.net - to_founders * paid[::-1]
        self.advisers = adviser_costs(cells, facts, ruleset)

    def _shares(self) -> None:
        cells, facts = self.cells, self.facts
        old, issuer = cells.old_shares, cells.old_issuer
        self.founders_sold = np.where(issuer == cells.who, old, 0)
        given_back = np.where(issuer == cells.who[::-1], old, 0)
        third = np.where((issuer == cells.who) | (issuer == cells.who[::-1]), 0, old)
        self.after_count = self.count + cells.new_shares - given_back[::-1]
        moved = (cells.new_shares + self.founders_sold)[::-1] - given_back
        held = self.before * self.count[::-1] + moved
        self.holding = held / np.maximum(self.after_count[::-1], 1.0)
        self.third = np.zeros(cells.cash.shape)
        if third.any():
            whose = np.maximum(issuer, 0)
            for side in (0, 1):
                price = facts.seen(facts.equity, whose[side], cells) / np.maximum(
                    facts.of(facts.total, whose[side], cells), 1
                )
                self.third[side] = third[side] * price

    def pledges(self, worth: Array, cost: Array) -> None:
        """Earnings (by receiver) and costs (by giver) of the pledges, [X, L] each."""
        cells, facts = self.cells, self.facts
        self.earned, self.given = np.zeros(cells.cash.shape), np.zeros(cells.cash.shape)
        self.bound = np.zeros(cells.cash.shape)
        self.rival = np.zeros(cells.cash.shape)
        for side, (giver, taker) in enumerate(self.sides):
            if not (cells.pledge[side] > 0.0).any():
                continue
            fresh, replaced = capital(cells, side, facts, self.ruleset)
            gain = facts.kinds(worth, giver, taker, cells) * (fresh - replaced)
            self.earned[1 - side] = gain.sum(axis=0)
            self.given[side] = (facts.kinds(cost, giver, taker, cells) * (fresh - replaced)).sum(
                axis=0
            )
            self.bound[side] = (np.maximum(gain, 0.0) * cells.exclusive[side]).sum(axis=0)
        trust = np.stack([facts.pair(facts.trust, a, b, cells) for a, b in self.sides])
        self.effort = expected_effort(trust, self.holding[::-1])
        self.counted_on = self.earned * self.effort

    def post_money(self) -> Array:
        """Value of all shares of each side after the deal, both solved at once: [X, L]."""
        change = self.inflow + self.counted_on - self.given - self.advisers
        alone = (
            self.equity + change + self.third[::-1] - self.third - self.before * self.equity[::-1]
        )
        self.ring = np.maximum(1.0 - self.holding[0] * self.holding[1], 0.05)
        value = (alone + self.holding * alone[::-1]) / self.ring
        return np.asarray(np.maximum(value, 0.0))


def _control(deal: _Deal, value: Array) -> Array:
    """Board seats, control and founders' majority won and lost: [X, L]."""
    rules = deal.ruleset.rules
    cells, facts = deal.cells, deal.facts
    after, before = deal.holding, deal.before

    def crossing(level: float) -> Array:
        up = (after > level) & (before <= level)
        down = (after <= level) & (before > level)
        return np.asarray(up.astype(float) - down)

    seat, control = crossing(rules.board_stake - 1e-12), crossing(rules.control)
    won = (BOARD_WORTH * seat + CONTROL_WORTH * control) * value[::-1]
    lost = (BOARD_COST * seat + CONTROL_COST * control)[::-1] * value
    founders = np.stack([facts.of(facts.founders, who, cells) for who in cells.who])
    had = founders > 0.5 * deal.count
    kept = founders - deal.founders_sold > 0.5 * deal.after_count
    return np.asarray(won - lost - FOUNDERS_COST * (had & ~kept) * value)


def _rival(deal: _Deal) -> Array:
    """Own loss when the other is strengthened, less rivals kept out by exclusivity: [X, L]."""
    out = np.zeros(deal.counted_on.shape)
    gains = np.maximum(deal.counted_on[::-1], 0.0)
    if not gains.any():
        return out
    for side, (me, other) in enumerate(deal.sides):
        reluctance = np.take(
            deal.ruleset.rivalry.reshape(-1), me * deal.ruleset.rivalry.shape[0] + other
        )
        out[side] = -gains[side] * (overlap(deal.cells, side, deal.facts) + RIVALRY * reluctance)
    return out + EXCLUSIVE_WORTH * deal.bound[::-1]


def _risk(deal: _Deal, value: Array) -> Array:
    """Margin for errors of estimate: of books for stakes bought, of fit for pledges: [X, L]."""
    cells, facts, ruleset = deal.cells, deal.facts, deal.ruleset
    daring = traits(ruleset, "risk")
    out = np.empty(value.shape)
    for side, (me, other) in enumerate(deal.sides):
        noise = np.take(facts.noise, other)
        if facts.known is not None:
            noise = noise * (1.0 - facts.pair(facts.known, me, other, cells))
        noise = np.where(facts.pair(facts.board, me, other, cells), 0.0, noise)
        bought = np.maximum(deal.holding[side] - deal.before[side], 0.0) * value[1 - side]
        hoped = np.maximum(deal.counted_on[side], 0.0)
        unsure = STAKE_RISK * noise * bought + PLEDGE_RISK * ruleset.rules.fit_hidden * hoped
        out[side] = -(1.5 - np.take(daring, me)) * unsure
    return out


def traits(ruleset: Ruleset, name: str) -> Array:
    """A temperament of all companies, neutral 0.5: [N]."""
    return np.array([company.temperament.get(name, 0.5) for company in ruleset.companies], float)


def _taboo(deal: _Deal) -> Array:
    out = np.zeros(deal.cells.cash.shape)
    if deal.ruleset.taboo.any():
        for side, who in enumerate(deal.cells.who):
            never = np.take(deal.ruleset.taboo, who, axis=0).T & (deal.cells.pledge[side] > 0.0)
            out[side] = TABOO * never.any(axis=0)
    return out


def appraise_cells(
    cells: Cells, facts: DealFacts, ruleset: Ruleset, worth: Array, cost: Array
) -> Appraisal:
    """What cells are worth to both sides.

    Args:
        worth, cost: [K, N, N, W] USD m a quarter at full strength, giver by receiver.
    """
    deal = _Deal(cells, facts, ruleset)
    deal.pledges(worth, cost)
    value = deal.post_money()
    held = deal.holding * value[::-1] - deal.before * deal.equity[::-1]
    terms = np.zeros((2, TERMS, cells.size))
    cash = np.stack([facts.seen(facts.money + facts.cushion, who, cells) for who in cells.who])
    costs = np.stack([facts.of(facts.costs, who, cells) for who in cells.who])
    terms[:, Term.CASH] = deal.net + distress_worth(cash, costs, deal.inflow)
    terms[:, Term.STAKE] = held + deal.third[::-1] - deal.third
    terms[:, Term.DILUTION] = -held[::-1]
    terms[:, Term.EARNINGS] = deal.earned
    terms[:, Term.GIVING] = -deal.given
    terms[:, Term.RIVAL] = _rival(deal)
    terms[:, Term.CONTROL] = _control(deal, value)
    terms[:, Term.DEPENDENCE] = -EXCLUSIVE_COST * deal.bound
    terms[:, Term.RISK] = _risk(deal, value)
    terms[:, Term.TRUST] = deal.counted_on - deal.earned
    terms[:, Term.TABOO] = _taboo(deal)
    terms[:, Term.NEGOTIATION] = -deal.advisers
    brought = facts.seen(facts.contribution, cells.who[0], cells)
    terms[0, Term.NEGOTIATION] -= POINT * ruleset.rules.deal_cost + POINT_SHARE * brought
    slope = (1.0 - deal.holding[0]) * (1.0 - deal.holding[1]) / deal.ring
    return Appraisal(terms, deal.holding, value, deal.after_count, slope)


def package_terms(
    packages: Packages, state: State, ruleset: Ruleset, worth: Array, cost: Array
) -> Array:
    """What packages are worth to both sides.

    Args:
        worth, cost: [K, N, N, W] USD m a quarter at full strength, giver by receiver: what a
            pledge brings its receiver and costs its giver.

    Returns:
        [X, T, P, W] USD m by :class:`Term`; a side's terms add up to its total. Empty rows are 0.
    """
    cells = cells_of(packages)
    if cells is None:
        return np.zeros((2, TERMS, *packages.proposer.shape))
    found = appraise_cells(cells, facts_of_state(state, ruleset), ruleset, worth, cost)
    return np.asarray(spread(found.terms, cells, packages.proposer.shape))


def estimated_terms(
    packages: Packages, view: Observation, ruleset: Ruleset, worth: Array, cost: Array
) -> Array:
    """As :func:`package_terms`, from what the proposer's seat may know.

    Args:
        view: of the proposers' seats; rows of others are valued by the first seat's knowledge.
    """
    cells = cells_of(packages, viewer_rows(view, packages.proposer))
    if cells is None:
        return np.zeros((2, TERMS, *packages.proposer.shape))
    found = appraise_cells(cells, facts_of_view(view, ruleset), ruleset, worth, cost)
    return np.asarray(spread(found.terms, cells, packages.proposer.shape))
