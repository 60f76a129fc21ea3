"""Looking for money pumps: long random sequences of accepted deals in a world that stands still.

Nothing real changes while an attacker deals: no market clears, no profit is earned, the clock
moves on only so that locks, gaps and terms pass. So whatever the attacker gains, somebody lost.
Positions are marked by the game's own fundamental values, with pledges at their public worth for
the term that is left, and with what a company's own terms say of cash in a squeeze, board seats
and control. After every deal three laws are looked at:

* no deal costs a machine company anything by its own valuation;
* cash, shares and claims are conserved;
* without pledges and distress an attacker gains nothing, whatever it signs in whatever order.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from game.core.axes import Array, Ints, empty
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.lab.pump_laws import PART, Finding, Marks, leaks, losses, own_shares, tell, values_of
from game.play import terms as soft
from game.play.cells import facts_of_state
from game.play.contracts import shares_for
from game.play.money import value_outside
from game.play.nash import FULL_SHARE
from game.play.outcome import shares_total, stakes
from game.play.packages import Packages
from game.play.pledge_ends import expire_pledges
from game.play.pledge_plan import plan_of, traits
from game.play.pledge_value import pledge_worth_of_state
from game.play.rights import control_stake
from game.play.settlement import Settlement, settle
from game.play.terms import package_terms

ENDLESS = 10_000
"""Quarters of a game whose end is out of sight."""
STEPS = 10
"""Deals tabled in a sequence."""
MOVES = (
    "buy new", "sell new", "buy old", "sell old", "hand back", "pledges", "renew", "loan", "mixed",
)  # fmt: skip
"""What an attacker tries."""
FINANCIAL = ("buy new", "sell new", "buy old", "sell old", "hand back")
EDGE = 0.05
"""USD m above the other side's target at which an attacker asks."""


@dataclass(frozen=True)
class Hunt:
    """What was tried, and what was found."""

    sequences: int
    tabled: int
    settled: int
    findings: tuple[Finding, ...]
    gains: Array
    """[W] USD m, the attacker's gain in hard value over its sequence."""


def _pledge_quarters(state: State, ruleset: Ruleset) -> Array:
    """Quarters' worth of what is left of every pledge in force: [K, N, N, W]."""
    plan = plan_of(ruleset)
    fresh = state.pledge_since > state.turn
    begins = np.where(fresh, state.pledge_since, state.turn)
    left = np.clip(state.pledge_until - begins, 0, len(plan.renewed) - 1).astype(np.int64)
    works = np.where(fresh, np.take(plan.fresh, left), np.take(plan.renewed, left))
    return np.asarray(state.pledge_announced * works)


class Ground:
    """A world that stands still: positions are marked, quarters pass, nothing else happens."""

    def __init__(self, state: State, ruleset: Ruleset) -> None:
        endless = dataclasses.replace(ruleset.rules, quarters=ENDLESS)
        self.ruleset = ruleset = dataclasses.replace(ruleset, rules=endless)
        self.worth, self.cost = pledge_worth_of_state(state, ruleset)
        self.effort = self._hoped(state)
        self.state = self.marked(state)

    def _hoped(self, state: State) -> Array:
        """Part of their promises that receivers count on: [K, N, N, W]."""
        trust, seats = (np.swapaxes(table, 0, 1) for table in (state.trust, state.board))
        hoped = soft.expected_effort(trust, stakes(state), seats)
        return np.repeat(hoped[None], len(self.ruleset.pledges), axis=0)

    def marked(self, state: State) -> State:
        """The state with values that know its shares, its money and its pledges."""
        quarters = _pledge_quarters(state, self.ruleset)
        brought = (self.worth * quarters * self.effort).sum(axis=(0, 1))
        paid = (self.cost * quarters).sum(axis=(0, 2))
        claims = self._claims(state)
        value = value_outside(state, self.ruleset, brought - paid + claims)
        return replace(state, value=value)

    def _claims(self, state: State) -> Array:
        """Loans among companies above their face: interest against what lenders ask."""
        if not state.loan_due.any():
            return np.zeros(state.cash.shape)
        left = np.maximum(state.loan_due - state.turn + 1, 0)
        growth = (1.0 + state.loan_rate) / (1.0 + self.ruleset.rules.interest)
        above = state.loan_owed * (growth**left - 1.0)
        return np.asarray(above.sum(axis=0) - above.sum(axis=1))

    def moved(self, before: State, founders: Array) -> Marks:
        """What a deal has changed for everybody.

        Args:
            before: as marked before it. founders: [N, W] USD m that it paid to founders.
        """
        whole = values_of(self.state)  # one value for both, or seats would gain what shares gain
        (won, lost), (had, owed) = self._rights(self.state, whole), self._rights(before, whole)
        return Marks(
            hard=self.state.value - before.value + founders,
            won=won - had,
            granted=lost - owed,
            squeezed=_squeeze(self.state, self.ruleset) - _squeeze(before, self.ruleset),
        )

    def _rights(self, state: State, whole: Array) -> tuple[Array, Array]:
        """What rights are worth to each by its own terms [N, W], and what those cost that it has
        granted to each other [N, N, W], USD m."""
        won, lost = _rights(state, self.ruleset, whole)
        bound = self.worth * _pledge_quarters(state, self.ruleset) * state.pledge_exclusive
        kept_out = soft.EXCLUSIVE_WORTH * bound.sum(axis=(0, 1)) * own_shares(state)
        return won + kept_out, lost + soft.EXCLUSIVE_COST * bound.sum(axis=0)

    def deal(self, packages: Packages) -> Settlement:
        """Table packages and settle what is agreed."""
        nothing = empty(Packages, {**self.ruleset.sizes, "W": self.state.cash.shape[-1]})
        found = settle(self.state, self.ruleset, packages, nothing, self.worth, self.cost)
        # What is counted on was settled with the pledge; stakes sold since are another matter.
        signed = found.state.pledge_until != self.state.pledge_until
        before = self._hoped(self.state)
        after = self._hoped(replace(found.state, trust=self.state.trust))
        self.effort = np.where(signed, np.maximum(before, after), self.effort)
        self.state = self.marked(found.state)
        return found

    def wait(self, quarters: int) -> None:
        """Let quarters pass in which nothing happens but that terms run."""
        state, rules = self.state, self.ruleset.rules
        for _ in range(quarters):
            state = _repaid(replace(state, turn=state.turn + 1))
        fresh = np.repeat(self.ruleset.yearly_authorisation[:, None], state.cash.shape[-1], axis=1)
        points = np.full_like(state.attention, rules.points)
        state = replace(
            state,
            attention=points,
            patience=np.ones_like(state.patience),
            authorisation=fresh if quarters else state.authorisation,
        )
        self.state = self.marked(expire_pledges(state, self.ruleset))


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
    )


def _squeeze(state: State, ruleset: Ruleset) -> Array:
    facts = facts_of_state(state, ruleset)
    spendable, costs = facts.money[0] + facts.cushion[0], np.maximum(facts.costs, 1e-9)
    part = np.clip(spendable / costs, 0.0, soft.SAFE_QUARTERS)
    return np.asarray(soft.PREMIUM * costs * (part - part**2 / (2.0 * soft.SAFE_QUARTERS)))


def _rights(state: State, ruleset: Ruleset, whole: Array) -> tuple[Array, Array]:
    """Worth of board seats and control to holders [N, W], their cost to issuers [N, N, W]."""
    held, total = stakes(state), shares_total(state)
    seat = held > ruleset.rules.board_stake - 1e-12
    control = held > control_stake(total, state.founders, ruleset)
    won = (soft.BOARD_WORTH * seat + soft.CONTROL_WORTH * control) * whole
    lost = (soft.BOARD_COST * seat + soft.CONTROL_COST * control) * whole
    cast = ruleset.founder_votes[:, None]
    votes = cast * state.founders
    leads = votes > ruleset.rules.control * (total + (cast - 1.0) * state.founders)
    led = soft.FOUNDERS_COST * leads * whole
    return np.asarray(won.sum(axis=1) + led), np.asarray(np.swapaxes(lost, 0, 1))


class Attacker:
    """Tables one package a step in every world, priced at the edge of what the other takes."""

    def __init__(self, seats: Ints, seed: int, moves: tuple[str, ...]) -> None:
        self.seats, self.moves = seats, moves
        self.rng = np.random.default_rng(seed)

    def packages(self, ground: Ground) -> tuple[Packages, list[str]]:
        """What is tabled, in the first row of each attacker, and its kind by world."""
        state, ruleset = ground.state, ground.ruleset
        worlds = state.cash.shape[-1]
        table = empty(Packages, {**ruleset.sizes, "W": worlds})
        kinds = []
        for lane in range(worlds):
            me = int(self.seats[lane])
            other = int(self.rng.integers(0, len(ruleset.companies) - 1))
            other += other >= me
            kind = str(self.rng.choice(self.moves))
            kinds.append(kind)
            row = 2 * me
            table.proposer[row, lane], table.counterparty[row, lane] = me, other
            table.term[row, lane] = self.rng.choice(ruleset.rules.terms)
            table.disclosed[row, lane] = True
            self._write(table, (row, lane), kind, me, other, state, ruleset)
        return priced(table, state, ruleset, ground.worth, ground.cost), kinds

    def _write(
        self,
        table: Packages,
        place: tuple[int, int],
        kind: str,
        me: int,
        other: int,
        state: State,
        ruleset: Ruleset,
    ) -> None:
        if kind == "mixed":
            for part in self.rng.choice(MOVES[:-1], 2, replace=False):
                self._write(table, place, str(part), me, other, state, ruleset)
            return
        lane = place[1]
        part = float(self.rng.choice([0.004, 0.03, 0.08, 0.2, 0.3]))
        if kind in ("buy new", "sell new"):
            issuer, side = (other, 1) if kind == "buy new" else (me, 0)
            total = shares_total(state)[issuer, lane]
            table.new_shares[side][place] = shares_for(part, total)
        elif kind in ("buy old", "sell old", "hand back"):
            self._old(table, place, kind, me, other, state)
        elif kind == "renew":
            for side, pair in enumerate(((me, other), (other, me))):
                running = state.pledge_until[:, *pair, lane] > state.turn
                strength = state.pledge_announced[:, *pair, lane] * running
                table.pledge[(side, slice(None), *place)] = strength
                bound = state.pledge_exclusive[:, *pair, lane] & running
                table.exclusive[(side, slice(None), *place)] = bound
        elif kind == "pledges":
            some = self.rng.random((2, len(ruleset.pledges))) < 0.25
            strength = self.rng.choice([0.1, 0.5, 1.0], some.shape)
            table.pledge[(slice(None), slice(None), *place)] = some * strength
            alone = self.rng.random(some.shape) < 0.2
            table.exclusive[(slice(None), slice(None), *place)] = some & alone
        else:
            side = int(self.rng.integers(0, 2))
            lender = (me, other)[side]
            rate = self.rng.choice([0.0, 0.01, 0.03, ruleset.rules.loan_rate_most])
            table.loan[side][place] = max(float(state.cash[lender, lane]) * part, 0.0)
            table.loan_rate[place] = rate

    def _old(
        self,
        table: Packages,
        place: tuple[int, int],
        kind: str,
        me: int,
        other: int,
        state: State,
    ) -> None:
        """Shares that somebody holds: a third company's, founders', or the other side's own."""
        lane = place[1]
        side = 1 if kind == "buy old" else 0
        giver, taker = ((me, other), (other, me))[side]
        held = state.shares[giver, :, lane].copy()
        held[giver] = state.founders[giver, lane]
        if kind == "hand back":
            held[np.arange(len(held)) != taker] = 0
        some = np.flatnonzero(held > 0)
        if not some.size:
            return
        issuer = int(self.rng.choice(some))
        portion = float(self.rng.choice([0.1, 0.5, 1.0]))
        table.old_shares[side][place] = max(int(held[issuer] * portion), 1)
        table.old_issuer[side][place] = issuer


def priced(table: Packages, state: State, ruleset: Ruleset, worth: Array, cost: Array) -> Packages:
    """Packages with the cash at which the other side just says yes.

    Args:
        worth, cost: [K, N, N, W] USD m a quarter of pledges at full strength.
    """
    wanted = ruleset.rules.bargaining * (0.5 + 0.5 * traits(ruleset, "patience"))
    wanted = np.minimum(wanted, FULL_SHARE)
    part = np.take(wanted, np.maximum(table.counterparty, 0))
    for _ in range(2):  # a dollar is worth more to the squeezed: once more from there
        total = package_terms(table, state, ruleset, worth, cost).sum(axis=1)
        joint = np.maximum(total[0] + total[1], 0.0)
        net = table.cash[0] - table.cash[1] + part * joint + EDGE - total[1]
        payer = np.where(net > 0.0, table.proposer, table.counterparty)
        purse = np.take_along_axis(state.cash, np.maximum(payer, 0).astype(np.int64), axis=0)
        net = np.clip(net, -np.maximum(purse, 0.0), np.maximum(purse, 0.0))
        net = np.where(table.proposer >= 0, np.ceil(net * 100.0) / 100.0, 0.0)
        cash = np.stack([np.maximum(net, 0.0), np.maximum(-net, 0.0)])
        table = dataclasses.replace(table, cash=cash)
    return table


def hunt(state: State, ruleset: Ruleset, seats: Ints, seed: int, financial: bool = False) -> Hunt:
    """Play one sequence of deals in every world of a state.

    Args:
        state: where the sequences begin; nothing in it moves but by deals.
        seats: [W] who attacks.
        financial: without pledges and loans, so that whatever is gained is a pump.
    """
    ground = Ground(state, ruleset)
    attacker = Attacker(seats, seed, FINANCIAL if financial else MOVES)
    worlds = state.cash.shape[-1]
    tales: list[list[str]] = [[] for _ in range(worlds)]
    findings: list[Finding] = []
    tabled = settled = 0
    squeezed, moved = np.zeros((2, worlds))
    hard, rights = np.zeros((2, *state.cash.shape))
    for step in range(STEPS):
        ground.wait(int(attacker.rng.choice([0, 1, 4])))
        packages, kinds = attacker.packages(ground)
        old = ground.state
        found = ground.deal(packages)
        change = ground.moved(old, found.flows.to_founders)
        hard, rights = hard + change.hard, rights + change.won - change.granted.sum(axis=1)
        moved += np.abs(change.hard).max(axis=0)
        squeezed += np.abs(change.squeezed).max(axis=0)
        tabled += worlds
        done = found.accepted.any(axis=0)
        settled += int(done.sum())
        tell(tales, found, kinds, ruleset)
        findings += losses(old, ground.state, change, found, seats, step, tales)
        findings += leaks(old, ground.state, found, step, tales)
    gains = hard[seats, np.arange(worlds)]
    if financial:
        rest = np.minimum(gains, gains + rights[seats, np.arange(worlds)])
        allowed = 1.0 + PART * moved + squeezed
        for lane in np.flatnonzero(rest > allowed).tolist():
            findings.append(
                Finding(
                    "pump", lane, STEPS, int(seats[lane]), float(gains[lane]), tuple(tales[lane])
                )
            )
    return Hunt(worlds, tabled, settled, tuple(findings), gains)
