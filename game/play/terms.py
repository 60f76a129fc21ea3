"""What a package is worth to both sides, term by term; docs/deals.md tells it in words.

A side's total is the change in what its holders own, the other side apart: cash, the change in
value of what it holds in the other, less the change in value of what the other holds in it, what
pledges earn and cost, and the softer terms. Companies are worth their look-through fundamental
value after the deal, never their last price, so that cash for shares at that value is a wash.
"""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.business import business_credit
from game.play.cells import Cells, cells_of, spread
from game.play.clause_worth import BOARD_COST as BOARD_COST
from game.play.clause_worth import BOARD_WORTH as BOARD_WORTH
from game.play.clause_worth import After, further_terms, lasting
from game.play.deal_facts import facts_of_state, facts_of_view, viewer_rows
from game.play.deal_laws import adviser_costs, capital, distress_worth, whole_term
from game.play.later import expected_instalments, hinged
from game.play.observation import Observation
from game.play.packages import Extra, Packages, Term
from game.play.pairing import FOR_EVER, Pairing, TableQuotes
from game.play.pledge_plan import plan_of
from game.play.promises import expected_effort
from game.play.regional import spared
from game.play.review_worth import weigh_reviews
from game.play.rights import control_stake
from game.play.takeover import whole_worth
from game.play.ventures import lines_worth, venture_risk

TERMS = len(Term)
LENT_OUT = 0.5
"""Part of a loan that lenders then give less, as far as they would give anything."""
CONTROL_WORTH, CONTROL_COST = 0.10, 0.20
FOUNDERS_COST = 0.05
"""Of a company's value: its founders losing half of the votes."""
LEAST_OTHERS = 0.05
"""Part of a company that is taken to be others' than the other side's, at least."""
EXCLUSIVE_COST, EXCLUSIVE_WORTH = 0.25, 0.5
"""Of what a pledge earns: other partners forgone by the giver; and of the part that rivals with the
same pledge would take from the receiver, by its share of its markets, since they are kept out."""
STAKE_RISK = 0.5
"""Of a stake's value and unit noise: the margin that a buyer leaves for its error."""
PLEDGE_RISK = 0.15
LARGE, LARGE_RISK = 0.05, 1.0
"""From this part of a side's value on, what pledges are hoped to bring counts with a margin that
is wider by so much: first-order worth is least sure there, and nobody plays it ahead in a batch."""
PREPARED_TURNS = 2
PREPARED_RISK = 0.4
"""Part of the risk of a stake that is left when advisers have seen the books for a draft."""
TABOO = -1e6
POINT, POINT_SHARE = 0.1, 0.002
"""An attention point: of the advisers' fee, and of quarterly contribution."""


class Pledged(NamedTuple):
    """What the pledges of cells are worth, [X, L] USD m each, effort apart."""

    earned: Array
    """By receiver."""
    given: Array
    """By giver, what they cost."""
    bound: Array
    """By giver, what those given to one partner alone earn x the receiver's own share."""
    tied: Array
    """By giver, the same of all that is left of their terms, promised before or not: a pledge
    that becomes exclusive ties the giver for the whole of it."""
    spared: Array
    """By giver, what is not lost to a rival since pledges stop at some regions."""


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
    pledged: Pledged
    """What the pledges are worth."""

    def but(self, new: Bools, other: Appraisal) -> Appraisal:
        """This appraisal with another's figures for the cells that are new [L]."""
        pledged = Pledged(
            *(np.where(new, two, one) for one, two in zip(self.pledged, other.pledged, strict=True))
        )
        return Appraisal(
            np.where(new, other.terms, self.terms),
            np.where(new, other.holding, self.holding),
            np.where(new, other.post_money, self.post_money),
            np.where(new, other.count, self.count),
            np.where(new, other.slope, self.slope),
            pledged,
        )

    def of(self, chosen: Ints) -> Appraisal:
        """The appraisal of some cells."""
        pledged = Pledged(*(part.take(chosen, axis=-1) for part in self.pledged))
        return Appraisal(
            self.terms.take(chosen, axis=-1),
            self.holding.take(chosen, axis=-1),
            self.post_money.take(chosen, axis=-1),
            self.count.take(chosen, axis=-1),
            self.slope.take(chosen, axis=-1),
            pledged,
        )

    def put(self, chosen: Ints, other: Appraisal) -> Appraisal:
        """This appraisal with another's figures, [len(chosen)], for some cells."""

        def new(whole: Array, some: Array) -> Array:
            out = whole.copy()
            out[..., chosen] = some
            return out

        return Appraisal(
            new(self.terms, other.terms),
            new(self.holding, other.holding),
            new(self.post_money, other.post_money),
            new(self.count, other.count),
            new(self.slope, other.slope),
            Pledged(*(new(a, b) for a, b in zip(self.pledged, other.pledged, strict=True))),
        )

    @property
    def total(self) -> Array:
        """[X, L] USD m."""
        return np.asarray(self.terms.sum(axis=1))


def pledges_worth(cells: Cells, pairing: Pairing) -> Pledged:
    """What the pledges of cells are worth, effort apart."""
    if not (cells.pledge > 0.0).any():
        return Pledged(*np.zeros((5, *cells.cash.shape)))
    quarters = capital(cells, pairing)
    gain = pairing.worth * quarters
    bound, tied, saved = np.zeros((3, *cells.cash.shape))
    had = pairing.alone if pairing.promised and pairing.alone.any() else None
    if cells.exclusive.any() or had is not None:
        tied = (np.maximum(pairing.worth * whole_term(cells, pairing), 0.0) * cells.exclusive).sum(
            axis=1
        )
        if had is not None:  # a promise renewed ends the one before, alone or not
            given_up = pairing.worth * pairing.replaced * had * (cells.pledge > 0.0)
            tied -= np.maximum(given_up, 0.0).sum(axis=1)
        bound = tied * pairing.own_share[::-1]
    if (cells.regions > 0).any():
        saved = np.stack([spared(cells, side, gain[side], pairing) for side in (0, 1)])
    given = (pairing.cost * quarters).sum(axis=1)
    return Pledged(gain.sum(axis=1)[::-1], given, bound, tied, saved)


def _loan_gain(cells: Cells, pairing: Pairing) -> Array:
    """What the loan of a deal is worth to each side beyond its face: [X, L] USD m.

    Interest against what lenders ask, and the lender's expected loss, which grows with the part
    that the loan makes of all that the debtor is worth.
    """
    if not cells.loan.any():
        return np.zeros(cells.cash.shape)
    rules = pairing.ruleset.rules
    growth = (1.0 + cells.loan_rate) / (1.0 + rules.interest)
    earned = cells.loan * (growth ** np.maximum(cells.term, 0) - 1.0)
    backing = np.maximum(pairing.equity[::-1], 0.0)
    part = cells.loan / np.maximum(cells.loan + backing, 1e-9)
    return np.asarray(earned - earned[::-1] - rules.default_loss * part * cells.loan)


class _Deal:
    """The shares, money and values of cells while they are being valued; lists are by side."""

    def __init__(self, cells: Cells, pairing: Pairing, pledged: Pledged | None) -> None:
        self.cells, self.pairing, self.ruleset = cells, pairing, pairing.ruleset
        self.equity, self.count, self.before = pairing.equity, pairing.count, pairing.held
        self._shares()
        paid = cells.cash
        self.net = paid[::-1] - paid
        sold = self.founders_sold + cells.new_shares
        to_founders = np.divide(self.founders_sold, sold, out=np.zeros(sold.shape), where=sold > 0)
        self.inflow = self.net - to_founders * paid[::-1]
        self.lent = cells.loan
        self.loan_gain = _loan_gain(cells, pairing)
        self.advisers = adviser_costs(pairing)
        self.pledged = pledges_worth(cells, pairing) if pledged is None else pledged
        self.earned, self.given, self.bound, self.tied, _ = self.pledged
        self.effort = expected_effort(pairing.trust, self.holding[::-1], self._seats())
        self.counted_on = self.earned * self.effort
        self.business = lines_worth(cells, pairing)
        self.later = expected_instalments(cells, pairing)
        self.shift = self._shift()

    def _seats(self) -> Bools:
        """Sides that sit on the other's board after the deal: [X, L]."""
        seats = self.pairing.seated | (self.holding >= self.ruleset.rules.board_stake)
        given = self.cells.given(Extra.BOARD)
        return np.asarray(seats if given is None else seats | (given[::-1] > 0.0))

    def _shift(self) -> Array:
        """What the other's pledges in force bring more when this deal makes it keep more of them,
        less when fewer: [X, L]."""
        awaited, pairing = self.pairing.awaited, self.pairing
        if awaited is None:
            return np.zeros(self.equity.shape)
        sat = pairing.seated | (self.before >= self.ruleset.rules.board_stake)
        usual = expected_effort(pairing.trust, self.before[::-1], sat)
        return np.asarray(awaited * (self.effort - usual))

    def _shares(self) -> None:
        cells, facts = self.cells, self.pairing.facts
        old, issuer = cells.old_shares, cells.old_issuer
        self.founders_sold = np.where(issuer == cells.who, old, 0)
        given_back = np.where(issuer == cells.who[::-1], old, 0)
        third = np.where((issuer == cells.who) | (issuer == cells.who[::-1]), 0, old)
        self.after_count = self.count + cells.new_shares - given_back[::-1]
        moved = (cells.new_shares + self.founders_sold)[::-1] - given_back
        held = self.before * self.count[::-1] + moved
        self.holding = held / np.maximum(self.after_count[::-1], 1.0)
        self.third, self.seats = np.zeros((2, *cells.cash.shape))
        if third.any():
            whose = np.maximum(issuer, 0)
            for side in (0, 1):
                price = self.pairing.worth_of(whose[side]) / np.maximum(
                    facts.of(facts.total, whose[side], cells), 1
                )
                self.third[side] = third[side] * price
                self.seats += self._third_seats(side, third[side], whose[side])

    def _third_seats(self, side: int, moved: Ints, whose: Ints) -> Array:
        """Board seats and control of a third company that go with its shares: [X, L] USD m."""
        cells, facts = self.cells, self.pairing.facts
        count = np.maximum(facts.of(facts.total, whose, cells), 1)
        own = facts.of(facts.founders, whose, cells)
        value = self.pairing.worth_of(whose)
        half = control_stake(count, own, self.ruleset, whose)
        seat = self.ruleset.rules.board_stake - 1e-12
        out = np.zeros(cells.cash.shape)
        for who, sign in ((side, -1.0), (1 - side, 1.0)):
            before = facts.stake_of(cells.who[who], whose, cells)
            after = before + sign * moved / count
            for level, part in ((seat, BOARD_WORTH), (half, CONTROL_WORTH)):
                won = (after > level).astype(float) - (before > level)
                if part == BOARD_WORTH and won.any():
                    left = self.pairing.contract_left(cells.who[who], whose)
                    won = won * (1.0 - lasting(left))
                out[who] += part * won * value
        return out

    def post_money(self) -> Array:
        """Value of all shares of each side after the deal, both solved at once: [X, L]."""
        change = self.inflow + self.counted_on - self.given - self.advisers + self.loan_gain
        for more in (self.business, self.later):
            change = change if more is None else change + more
        apart = self.equity - self.before * self.equity[::-1] + self.shift
        alone = apart + change + self.third[::-1] - self.third
        self.ring = np.maximum(1.0 - self.holding[0] * self.holding[1], 0.05)
        value = (alone + self.holding * alone[::-1]) / self.ring
        return np.asarray(np.maximum(value, 0.0))


def _control(deal: _Deal, value: Array) -> Array:
    """Board seats, control and founders' majority won and lost: [X, L]."""
    rules = deal.ruleset.rules
    after, before = deal.holding, deal.before

    def crossing(level: Array | float, then: Array | float) -> Array:
        up = (after > then) & (before <= level)
        down = (after <= then) & (before > level)
        return np.asarray(up.astype(float) - down)

    founders, who = deal.pairing.founders, deal.cells.who
    left = founders - deal.founders_sold
    half = deal.pairing.half
    half_then = control_stake(deal.after_count, left, deal.ruleset, who)
    seat = crossing(rules.board_stake - 1e-12, rules.board_stake - 1e-12)
    by_contract = np.where(deal.pairing.seat_left < FOR_EVER, deal.pairing.seat_left, 0)
    seat *= 1.0 - lasting(by_contract)
    control = crossing(half[::-1], half_then[::-1])
    won = (BOARD_WORTH * seat + CONTROL_WORTH * control) * value[::-1]
    lost = (BOARD_COST * seat + CONTROL_COST * control)[::-1] * value
    cast = np.take(deal.ruleset.founder_votes, who)
    had = cast * founders > rules.control * (deal.count + (cast - 1.0) * founders)
    kept = cast * left > rules.control * (deal.after_count + (cast - 1.0) * left)
    return np.asarray(won - lost + deal.seats - FOUNDERS_COST * (had & ~kept) * value)


def _rival(deal: _Deal) -> Array:
    """Own loss when the other is strengthened, less rivals kept out by exclusivity: [X, L]."""
    out = np.zeros(deal.counted_on.shape)
    gains = np.maximum(deal.counted_on[::-1], 0.0)
    pairing = deal.pairing
    if pairing.danger is not None:  # a stake brings who holds a path nearer to its end, too
        bought = np.maximum(deal.holding - deal.before, 0.0)[::-1]
        out = -pairing.danger * bought * np.maximum(deal.equity, 0.0)
    if not gains.any() and not deal.bound.any():
        return out
    out -= gains * pairing.harm
    out += deal.pledged.spared * deal.effort[::-1]
    return np.asarray(out + EXCLUSIVE_WORTH * deal.bound[::-1])


def _risk(deal: _Deal, value: Array) -> Array:
    """Margin for errors of estimate: of books for stakes bought, of fit for pledges: [X, L]."""
    cells, pairing, ruleset = deal.cells, deal.pairing, deal.ruleset
    seen = np.where(prepared(cells, pairing.facts.turn, ruleset), PREPARED_RISK, 1.0)
    bought = np.maximum(deal.holding - deal.before, 0.0) * value[::-1]
    if cells.given(Extra.INSTALMENT) is not None:
        bought = np.maximum(bought - hinged(cells, pairing), 0.0)
    hoped = np.maximum(deal.counted_on, 0.0)
    unsure = STAKE_RISK * seen * pairing.noise * bought
    beyond = np.maximum(hoped - LARGE * np.maximum(deal.equity, 0.0), 0.0)
    unsure = unsure + PLEDGE_RISK * ruleset.rules.fit_hidden * (hoped + LARGE_RISK * beyond)
    return np.asarray(-pairing.caution * unsure)


def prepared(cells: Cells, turn: int, ruleset: Ruleset) -> Bools:
    """Pairs whose advisers have prepared a draft that still lies on the table: [L]."""
    if turn >= PREPARED_TURNS:
        return np.zeros(cells.size, bool)
    return np.asarray(plan_of(ruleset).drafted[cells.who[0], cells.who[1]])


def _taboo(deal: _Deal) -> Array:
    if not deal.ruleset.taboo.any():
        return np.zeros(deal.cells.cash.shape)
    never = deal.pairing.taboo & (deal.cells.pledge > 0.0)
    return np.asarray(TABOO * never.any(axis=1))


def _open_rights(deal: _Deal, value: Array, gained: Array) -> Array:
    """What rights that are open already take of the rise in worth by share: [X, L] USD m.

    Args:
        gained: [X, L] USD m by rights that the deal grants.
    """
    if deal.pairing.taken is None:
        return np.zeros(value.shape)
    mine, all_ = deal.pairing.taken
    rise = value * deal.count / np.maximum(deal.after_count, 1.0) - deal.equity + gained
    return np.asarray(mine * rise[::-1] - all_ * rise)


def _whole(deal: _Deal, terms: Array, value: Array, slope: Array) -> tuple[Array, Array]:
    """Write the terms of companies that are sold whole; values and slopes with theirs."""
    cells, pairing = deal.cells, deal.pairing
    worths = (CONTROL_WORTH, CONTROL_COST, FOUNDERS_COST)
    found = whole_worth(cells, pairing, deal.advisers, worths)
    unsure = pairing.caution * pairing.noise * found.bought
    paid = cells.cash[::-1] - cells.cash
    buyer = cells.extra[::-1, Extra.WHOLE] > 0.0
    need = distress_worth(pairing.spendable, pairing.costs, np.where(buyer, paid, 0.0))
    fees = terms[:, Term.NEGOTIATION].copy()
    terms[:, :, found.some] = 0.0
    for term, worth in (
        (Term.CASH, paid + need),
        (Term.STAKE, found.stake),
        (Term.DILUTION, found.dilution),
        (Term.BUSINESS, found.business),
        (Term.CONTROL, found.control),
        (Term.RISK, -STAKE_RISK * unsure),
        (Term.NEGOTIATION, fees),
    ):
        terms[:, term] = np.where(found.some, worth, terms[:, term])
    after = np.where(found.some, found.value, value)
    return after, np.where(found.some, found.slope, slope)


def appraise_cells(cells: Cells, pairing: Pairing, pledged: Pledged | None = None) -> Appraisal:
    """What cells are worth to both sides.

    Args:
        pairing: of the same places; the clauses may have changed since it was made.
        pledged: of the same pledges, from an earlier appraisal.
    """
    deal = _Deal(cells, pairing, pledged)
    value = deal.post_money()
    held = deal.holding * value[::-1] - deal.before * deal.equity[::-1]
    terms = np.zeros((2, TERMS, cells.size))
    inflow = deal.inflow - deal.lent - deal.advisers
    if (funds := cells.given(Extra.VENTURE)) is not None:
        inflow = inflow + funds[::-1] - funds
    if deal.lent.any():
        lent = deal.lent[::-1]
        inflow = inflow + lent - np.minimum(LENT_OUT * lent, pairing.credit)
    if cells.given(Extra.BUSINESS) is not None:
        inflow = inflow + business_credit(cells, pairing)
    terms[:, Term.CASH] = deal.net + distress_worth(pairing.spendable, pairing.costs, inflow)
    terms[:, Term.LOAN] = deal.loan_gain
    terms[:, Term.STAKE] = held + deal.third[::-1] - deal.third
    terms[:, Term.DILUTION] = -held[::-1]
    terms[:, Term.EARNINGS] = deal.earned
    terms[:, Term.GIVING] = -deal.given
    terms[:, Term.RIVAL] = _rival(deal)
    terms[:, Term.DEPENDENCE] = -EXCLUSIVE_COST * deal.tied
    terms[:, Term.RISK] = _risk(deal, value)
    if (unsure := venture_risk(cells, pairing)) is not None:
        terms[:, Term.RISK] += unsure
    terms[:, Term.TRUST] = deal.counted_on - deal.earned + deal.shift
    terms[:, Term.TABOO] = _taboo(deal)
    terms[:, Term.NEGOTIATION] = -deal.advisers
    slope = (1.0 - deal.holding[0]) * (1.0 - deal.holding[1]) / deal.ring
    after = After(deal.holding, value, deal.after_count, slope)
    for term, more in further_terms(cells, pairing, after).items():
        terms[:, term] += more
    # a majority of what rights have made dear is a dear one
    rights = terms[:, Term.OPTION] / np.maximum(1.0 - deal.holding[::-1], LEAST_OTHERS)
    terms[:, Term.CONTROL] += _control(deal, np.maximum(value + rights, 0.0))
    if deal.business is not None:
        terms[:, Term.BUSINESS] = deal.business
    if deal.later is not None:
        terms[:, Term.LATER] = deal.later
    terms[:, Term.OPTION] += _open_rights(deal, value, terms[:, Term.OPTION])
    if cells.given(Extra.WHOLE) is not None:
        value, slope = _whole(deal, terms, value, slope)
    point = POINT * deal.ruleset.rules.deal_cost + POINT_SHARE * pairing.contribution[0]
    terms[0, Term.NEGOTIATION] -= point
    slope = weigh_reviews(terms, slope, deal.holding, cells, pairing)
    return Appraisal(terms, deal.holding, value, deal.after_count, slope, deal.pledged)


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
    pairing = Pairing(cells, facts_of_state(state, ruleset), ruleset, TableQuotes(worth, cost))
    found = appraise_cells(cells, pairing)
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
    pairing = Pairing(cells, facts_of_view(view, ruleset), ruleset, TableQuotes(worth, cost))
    found = appraise_cells(cells, pairing)
    return np.asarray(spread(found.terms, cells, packages.proposer.shape))
