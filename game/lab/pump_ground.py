"""A world that stands still, in which every company can be valued before and after a deal.

A company is worth what its own terms would count: fundamental value with what its pledges will
still bring, whoever they are with, and with the claims that are open. What the market shows of
pledges, and its accounts therefore tell, is only a part of that; the rest companies must know by
themselves, or they buy too dear and sell too cheap.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import Array, Bools, Ints, empty
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.lab.pump_laws import Marks, own_shares, values_of
from game.play import clause_worth, deal_laws
from game.play import terms as soft
from game.play.cells import Cells, cells_of
from game.play.claims import claims_of_state, claims_worth, rights_held
from game.play.clauses import end_clauses, named_markets
from game.play.deal_facts import DealFacts, facts_of_state
from game.play.later import end_later, met, without_instalments
from game.play.money import control_status, value_outside
from game.play.outcome import shares_total, stakes
from game.play.packages import Extra, Packages
from game.play.pairing import Pairing, TableQuotes
from game.play.pledge_ends import break_pledges, expire_pledges
from game.play.pledge_plan import traits
from game.play.pledge_value import pledge_worth_of_state
from game.play.position import AT_ONCE, GAINING, LOSING, at_once, covered_part, still_ahead, unshown
from game.play.promises import expected_effort
from game.play.rights import control_stake
from game.play.settlement import Settlement, settle

ENDLESS = 10_000
"""Quarters of a game whose end is out of sight."""


class Ground:
    """A world that stands still: positions are marked, quarters pass, nothing else happens."""

    def __init__(self, state: State, ruleset: Ruleset) -> None:
        endless = dataclasses.replace(ruleset.rules, quarters=ENDLESS, advanced_deals=True)
        self.ruleset = ruleset = dataclasses.replace(ruleset, rules=endless)
        self.worth, self.cost = pledge_worth_of_state(state, ruleset)
        self.effort = self._hoped(state)
        self.state, self.value = state, state.value
        self.aligned, self.ruined = np.zeros(state.cash.shape), np.zeros(state.cash.shape, bool)
        self.mark(state)
        self.before, self.facts = self.whole, facts_of_state(self.state, ruleset)

    def _hoped(self, state: State) -> Array:
        """Part of their promises that receivers count on: [K, N, N, W]."""
        trust, seats = (np.swapaxes(table, 0, 1) for table in (state.trust, state.board))
        hoped = expected_effort(trust, stakes(state), seats)
        return np.repeat(hoped[None], len(self.ruleset.pledges), axis=0)

    @property
    def whole(self) -> State:
        """The state with all that companies are worth, shown or not."""
        return replace(self.state, value=self.value)

    def mark(self, state: State) -> None:
        """Take a state over, with values that know its shares, its money and its contracts."""
        state = control_status(state, self.ruleset)
        self.state = state
        ahead, hidden = self._quarters(state)
        shown = value_outside(state, self.ruleset, self._income(ahead - hidden))
        self.state = replace(state, value=shown)
        income = self._income(np.broadcast_to(ahead, hidden.shape))
        self.value = value_outside(state, self.ruleset, income)
        claims = claims_of_state(state)
        if claims is not None:
            facts = facts_of_state(self.whole, self.ruleset)
            open_ = claims_worth(claims, facts.equity, facts.total, facts, self.ruleset)[0][0]
            self.value = value_outside(state, self.ruleset, income + open_)

    def _income(self, quarters: Array) -> Array:
        """Worth of pledges to companies by quarters' worth [way, K, N, N, W]: [N, W] USD m."""
        losing = self.state.profit_trend <= 0.0
        way = np.where(losing, LOSING, GAINING)
        kinds = len(self.ruleset.pledges)
        taking = np.where(at_once(self.ruleset)[:, None, None], AT_ONCE, way[None])
        taking, giving = taking[None, :, None], np.repeat(way[None, None, :, None], kinds, axis=1)
        got = np.take_along_axis(quarters, taking.astype(np.int64), axis=0)[0]
        lost = np.take_along_axis(quarters, giving, axis=0)[0]
        brought = (self.worth * got * self.effort).sum(axis=(0, 1))
        return np.asarray(brought - (self.cost * lost).sum(axis=(0, 2)))

    def _quarters(self, state: State) -> tuple[Array, Array]:
        """Quarters' worth of what is left of every pledge in force [1, K, N, N, W], and of the
        part that accounts do not show [way, K, N, N, W]."""
        whole, hidden = still_ahead(self.ruleset), unshown(self.ruleset)
        waits = state.pledge_since > state.turn
        left = np.clip(state.pledge_until - state.turn - waits, 0, whole.shape[1] - 1)
        worked = np.clip(state.turn - state.pledge_since, 0, len(whole) - 1).astype(np.int64)
        strength = state.pledge_announced * self._inside(state)
        return (strength * whole[worked, left])[None], strength * hidden[:, worked, left]

    def _inside(self, state: State) -> Array:
        """Part of what pledges bring that lies in their regions: [K, N, N, W]."""
        out = np.ones(state.pledge_announced.shape)
        some = np.nonzero((state.pledge_regions > 0) & (state.pledge_announced > 0.0))
        if some[0].size:
            facts = facts_of_state(state, self.ruleset)
            bits = state.pledge_regions[some].astype(np.int64)
            kind, giver, taker, lane = some
            out[some] = covered_part(facts, self.ruleset, kind, giver, taker, lane, bits)
        return out

    def moved(self, found: Settlement) -> Marks:
        """What the last deal has changed for everybody."""
        before, after = self.before, self.whole
        now, costs = facts_of_state(self.state, self.ruleset), self.facts.costs
        whole = values_of(after)  # one value for both, or seats would gain what shares gain
        (won, lost), (had, owed) = self._rights(after, whole), self._rights(before, whole)
        return Marks(
            hard=after.value - before.value + found.flows.to_founders,
            won=won - had + self._promises(before, found, whole),
            granted=lost - owed,
            squeezed=squeeze(now, costs) - squeeze(self.facts, costs),
            aligned=self.aligned,
            ruined=self.ruined,
            rights=self._held(after) - self._held(before),
        )

    def _held(self, state: State) -> Array:
        """What rights to shares are worth: [N, N, W] USD m, holder by issuer."""
        claims = claims_of_state(state)
        if claims is None or not claims.rights.lane.size:
            return np.zeros(state.shares.shape)
        total = shares_total(state)
        return rights_held(claims.rights, values_of(state), total, self.ruleset)

    def _rights(self, state: State, whole: Array) -> tuple[Array, Array]:
        """What rights are worth to each by its own terms [N, W], and what those cost that it has
        granted to each other [N, N, W], USD m."""
        won, lost = rights(state, self.ruleset, whole)
        bound = self.worth * self._quarters(state)[0][0] * state.pledge_exclusive
        kept_out = soft.EXCLUSIVE_WORTH * bound.sum(axis=(0, 1)) * own_shares(state)
        return won + kept_out, lost + soft.EXCLUSIVE_COST * bound.sum(axis=0)

    def _promises(self, before: State, found: Settlement, whole: Array) -> Array:
        """What standstills and promises not to compete are worth to both, [N, W] USD m: for the
        time and the markets for which nothing was promised before."""
        out = np.zeros(before.cash.shape)
        cells = cells_of(found.news.packages)
        if cells is None or not cells.extra.any():
            return out
        once = cells.single
        pairing = Pairing(
            cells, facts_of_state(before, self.ruleset), self.ruleset,
            TableQuotes(self.worth, self.cost),
        )  # fmt: skip
        still = self._stands(cells, pairing, before, whole)
        free = dataclasses.replace(pairing.facts, noncompete=None)
        fresh = Pairing(cells, free, self.ruleset, pairing.quotes)
        kept, forgone = clause_worth.non_compete(self._added(cells, before), fresh)
        for who, gain in zip(cells.who, still + kept - forgone, strict=True):
            np.add.at(out, (who[once], cells.lane[once]), gain[once])
        return out

    def _stands(self, cells: Cells, pairing: Pairing, before: State, whole: Array) -> Array:
        given = cells.extra[:, Extra.STANDSTILL] > 0.0
        me, other, lane = cells.who, cells.who[::-1], cells.lane
        left = np.maximum(before.standstill_until[me, other, lane] - before.turn - 1, 0)
        control = max(self.ruleset.rules.control, 1e-9)
        threat = np.minimum(stakes(self.state)[me, other, lane] / control, 1.0)
        added = clause_worth.lasting(cells.term) - clause_worth.lasting(left)
        part = np.maximum(added, 0.0) * threat * given * whole[other, lane]
        appetite = np.take(traits(self.ruleset, "stakes"), me)
        calm = clause_worth.STANDSTILL_WORTH * part[::-1]
        return np.asarray(calm - 2.0 * clause_worth.STANDSTILL_COST * appetite * part)

    def _added(self, cells: Cells, before: State) -> Cells:
        """Cells with the quarters for which they promise what was not promised yet."""
        term = cells.term.copy()
        for side in (0, 1):
            named = named_markets(cells.extra[side, Extra.NON_COMPETE], self.ruleset)
            until = before.noncompete_until[cells.who[side], :, cells.lane]
            bound = np.where(named, np.maximum(until - before.turn - 1, 0), 0).max(axis=1)
            term = np.maximum(np.minimum(term, cells.term - bound), 0)
        return dataclasses.replace(cells, term=term)

    def deal(self, packages: Packages) -> Settlement:
        """Table packages and settle what is agreed; :attr:`before` is what was before it."""
        self.effort = self._hoped(self.state)  # as trust is now, for before and after
        self.mark(self.state)
        self.before, self.facts = self.whole, facts_of_state(self.state, self.ruleset)
        self.ruined = self.state.value <= 0.0
        nothing = empty(Packages, {**self.ruleset.sizes, "W": self.state.cash.shape[-1]})
        found = settle(self.state, self.ruleset, packages, nothing, self.worth, self.cost)
        # Shares and seats between the two change what they keep of their promises to each other;
        # what they change for others is another matter.
        signed = found.state.pledge_until != self.state.pledge_until
        after = self._hoped(replace(found.state, trust=self.state.trust))
        self.effort = np.where(signed, np.maximum(self.effort, after), self.effort)
        self.mark(found.state)
        apart = self.value
        self.effort = np.where(_dealt(found, self.state.cash.shape), after, self.effort)
        self.mark(found.state)
        self.aligned = self.value - apart
        return found

    def wait(self, quarters: int) -> None:
        """Let quarters pass in which nothing happens but that terms run."""
        state, rules = self.state, self.ruleset.rules
        for _ in range(quarters):
            state = _repaid(_paid(replace(state, turn=state.turn + 1)))
            state = end_later(end_clauses(expire_pledges(state, self.ruleset), self.ruleset))
        fresh = np.repeat(self.ruleset.yearly_authorisation[:, None], state.cash.shape[-1], axis=1)
        state = replace(
            state,
            attention=np.full_like(state.attention, rules.points),
            patience=np.ones_like(state.patience),
            authorisation=fresh if quarters else state.authorisation,
        )
        self.mark(state)

    # ------------------------------------------------------- what a company does by itself
    def breaks(self, who: Bools) -> None:
        """Companies [N, W] end all that they have promised."""
        given = (self.state.pledge_until > self.state.turn) & who[:, None]
        self.mark(break_pledges(self.state, given, self.ruleset)[0])

    def trades(self, who: Bools, part: float) -> None:
        """Companies [N, W] sell a part of their shares anew to the public, or buy so much back,
        at what their shares are seen to be worth."""
        state, total = self.state, shares_total(self.state)
        each = values_of(state) / np.maximum(total, 1)
        count = np.floor(np.where(who, part, 0.0) * total).astype(np.int64)
        if part < 0.0:
            least = np.ceil(self.ruleset.rules.outside_floor * total).astype(np.int64)
            most = np.minimum(state.founders + state.public - least, state.public - 1)
            affords = np.floor(np.maximum(state.cash, 0.0) / np.maximum(each, 1e-12))
            most = np.minimum(most, affords.astype(np.int64))
            count = -np.minimum(-count, np.maximum(most, 0))
        changed = replace(state, public=state.public + count, cash=state.cash + count * each)
        self.mark(changed)

    def uses(self, who: Bools) -> None:
        """Companies [N, W] use the options in which there is something for them."""
        state = self.state
        each = values_of(state) / np.maximum(shares_total(state), 1)
        cost = state.call_shares * state.call_price
        able = (state.call_until > state.turn) & who[:, None] & (each > state.call_price)
        able &= np.cumsum(np.where(able, cost, 0.0), axis=1) <= state.cash[:, None]
        bought, paid = np.where(able, state.call_shares, 0), np.where(able, cost, 0.0)
        gone = {
            name: np.where(able, 0, getattr(state, name)).astype(getattr(state, name).dtype)
            for name in ("call_shares", "call_price", "call_until")
        }
        cash = state.cash - paid.sum(axis=1) + paid.sum(axis=0)
        self.mark(replace(state, shares=state.shares + bought, cash=cash, **gone))


def _dealt(found: Settlement, shape: tuple[int, ...]) -> Bools:
    """Pairs between which something was settled: [N, N, W]."""
    out = np.zeros((shape[0], *shape), bool)
    news = found.news.packages
    row, lane = np.nonzero(found.news.settled)
    one, other = news.proposer[row, lane], news.counterparty[row, lane]
    out[one, other, lane] = out[other, one, lane] = True
    return out


def _paid(state: State) -> State:
    """Instalments whose milestone is met are paid."""
    if not state.instalment_until.any():
        return state
    due = met(state)
    cash, (payer, lane) = state.cash.copy(), np.nonzero(due)
    amount = state.instalment[payer, lane]
    np.subtract.at(cash, (payer, lane), amount)
    np.add.at(cash, (state.instalment_to[payer, lane], lane), amount)
    return replace(state, cash=cash, **without_instalments(state, due))


def _repaid(state: State) -> State:
    """Loans that are due are paid with what was agreed for their interest."""
    if not state.loan_due.any():
        return state
    owed = state.loan_owed * (1.0 + state.loan_rate)
    due = (state.loan_due > 0) & (state.loan_due <= state.turn)
    paid = np.where(due, owed, 0.0)
    return replace(
        state,
        cash=state.cash + paid.sum(axis=0) - paid.sum(axis=1),
        loan_owed=np.where(due, 0.0, owed),
        loan_due=np.where(due, 0, state.loan_due),
        loan_price=np.where(due, 0.0, state.loan_price).astype(state.loan_price.dtype),
    )


def squeeze(facts: DealFacts, costs: Array) -> Array:
    """What firms short of cash lack beyond the cash, by the terms: [N, W] USD m, 0 or below.

    Args:
        costs: [N, W] USD m a quarter, of before a deal: what a business costs is in its worth.
    """
    spendable, costs = facts.money[0] + facts.cushion[0], np.maximum(costs, 1e-9)
    part = np.clip(spendable / costs, 0.0, deal_laws.SAFE_QUARTERS)
    bent = part - part**2 / (2.0 * deal_laws.SAFE_QUARTERS)
    return np.asarray(deal_laws.PREMIUM * costs * (bent - 0.5 * deal_laws.SAFE_QUARTERS))


def rights(state: State, ruleset: Ruleset, whole: Array) -> tuple[Array, Array]:
    """Worth of board seats and control to holders [N, W], their cost to issuers [N, N, W]."""
    held, total = stakes(state), shares_total(state)
    seat: Ints | Array = held > ruleset.rules.board_stake - 1e-12
    left = np.maximum(state.board_until - state.turn - 1, 0)
    seat = np.maximum(seat, np.minimum(left / clause_worth.FULL_TERM, 1.0))
    control = held > control_stake(total, state.founders, ruleset)
    won = (soft.BOARD_WORTH * seat + soft.CONTROL_WORTH * control) * whole
    lost = (soft.BOARD_COST * seat + soft.CONTROL_COST * control) * whole
    cast = ruleset.founder_votes[:, None]
    votes = cast * state.founders
    leads = votes > ruleset.rules.control * (total + (cast - 1.0) * state.founders)
    led = soft.FOUNDERS_COST * leads * whole
    return np.asarray(won.sum(axis=1) + led), np.asarray(np.swapaxes(lost, 0, 1))
