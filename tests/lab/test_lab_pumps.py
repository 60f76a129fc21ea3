"""No sequence of accepted deals prints money, and no late move dresses a score up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from game.core.axes import empty
from game.core.state import replace
from game.lab import pump_laws, pump_moves
from game.lab.late import SURE_LOSS, fair_quotes, last_quarter, late_gains
from game.lab.pump_ground import Ground
from game.lab.pump_moves import FINANCIAL, Attacker, Draft
from game.lab.pump_moves import MOVES as TRIED
from game.lab.pumps import hunt
from game.play.contracts import shares_for
from game.play.opening import first_state
from game.play.outcome import shares_total
from game.play.packages import Packages
from game.policies.registry import seating
from game.scenario.loader import load

ROOT = Path(__file__).resolve().parents[2]


def start(name, worlds, seed=5):
    scenario = load(ROOT / "scenarios" / f"{name}.yaml")
    numbers = np.arange(worlds, dtype=np.uint64)
    seeds = np.full(worlds, seed, np.uint64)
    return first_state(scenario.ruleset, scenario.opening, seeds, numbers), scenario.ruleset


@pytest.mark.parametrize(("name", "worlds"), [("lesson", 64), ("alibaba-meizu", 96)])
@pytest.mark.parametrize("financial", [True, False])
def test_a_hunt_finds_nothing(name, worlds, financial):
    state, ruleset = start(name, worlds)
    seats = np.arange(worlds) % len(ruleset.companies)
    found = hunt(state, ruleset, seats, 11, financial)
    assert found.findings == ()
    assert found.settled > worlds  # it did deal


def _unmarked(self, one):
    self.state, self.value = one, one.value


def test_a_hunt_finds_a_pump_that_is_there(monkeypatch):
    """Companies that are paid to be generous are caught."""
    state, ruleset = start("lesson", 32)
    gift = replace(state, value=state.value * 0.5)  # terms think that shares cost half
    monkeypatch.setattr(Ground, "mark", _unmarked)
    real = pump_laws._Pairs

    class Honest(real):
        def __init__(self, before, after):
            super().__init__(
                replace(before, value=2.0 * before.value), replace(after, value=2.0 * after.value)
            )

    monkeypatch.setattr(pump_laws, "_Pairs", Honest)
    found = hunt(gift, ruleset, np.arange(32) % 3, 11, financial=True)
    assert any(one.law == "loss" for one in found.findings)


CLAUSES = set(TRIED) - {"mixed", "buy new", "sell new", "buy old", "sell old", "hand back"}


class Haggling(RuleBasedStateMachine):
    """An attacker who does anything, one deal after the other, in a world that stands still."""

    def __init__(self):
        super().__init__()
        state, self.ruleset = start("lesson", 2)
        self.ground = Ground(state, self.ruleset)
        self.seats = np.zeros(2, np.int64)
        self.gained, self.moved, self.squeezed = 0.0, 0.0, 0.0
        self.money_alone = True
        self.findings = []

    @initialize(seat=st.integers(0, 2))
    def sit(self, seat):
        self.seats = np.full(2, seat)

    def table(self, other, write, partner):
        me = int(self.seats[0])
        packages = empty(Packages, {**self.ruleset.sizes, "W": 2})
        other = (me + 1 + other) % 3
        row = 2 * me
        packages.proposer[row], packages.counterparty[row] = me, other
        packages.term[row] = partner
        packages.disclosed[row] = True
        write(packages, row, me, other)
        ground = self.ground
        packages = pump_moves.priced(
            packages, ground.state, self.ruleset, ground.worth, ground.cost
        )
        found = ground.deal(packages)
        change = ground.moved(found)
        tales = [[], []]
        old, new = ground.before, ground.whole
        self.findings += pump_laws.losses(old, new, change, found, self.seats, 0, tales)
        self.findings += pump_laws.leaks(old, new, found, 0, tales)
        self.gained += float(change.hard[me, 0])
        self.moved += float(np.abs(change.hard[:, 0]).max())
        self.squeezed += float(np.abs(change.squeezed[:, 0]).max())

    @rule(other=st.integers(0, 1), part=st.floats(0.001, 0.45), mine=st.booleans())
    def trade_new_shares(self, other, part, mine):
        def write(packages, row, me, them):
            total = shares_total(self.ground.state)[me if mine else them]
            packages.new_shares[0 if mine else 1, row] = shares_for(part, total)

        self.table(other, write, 8)

    @rule(
        other=st.integers(0, 1),
        issuer=st.integers(0, 2),
        part=st.floats(0.01, 1.0),
        mine=st.booleans(),
    )
    def trade_old_shares(self, other, issuer, part, mine):
        def write(packages, row, me, them):
            state, side = self.ground.state, 0 if mine else 1
            giver = me if mine else them
            held = state.founders[giver] if issuer == giver else state.shares[giver, issuer]
            packages.old_shares[side, row] = (held * part).astype(np.int64)
            packages.old_issuer[side, row] = issuer

        self.table(other, write, 8)

    @rule(
        other=st.integers(0, 1),
        kind=st.integers(0, 30),
        strength=st.floats(0.05, 1.0),
        mine=st.booleans(),
        alone=st.booleans(),
        term=st.integers(0, 30),
    )
    def pledge(self, other, kind, strength, mine, alone, term):
        def write(packages, row, me, them):
            place = (0 if mine else 1, kind % len(self.ruleset.pledges), row)
            packages.pledge[place] = strength
            packages.exclusive[place] = alone

        terms = self.ruleset.rules.terms
        self.money_alone = False
        self.table(other, write, terms[term % len(terms)])

    @rule(
        other=st.integers(0, 1),
        part=st.floats(0.01, 0.5),
        rate=st.floats(0.0, 0.1),
        mine=st.booleans(),
    )
    def lend(self, other, part, rate, mine):
        def write(packages, row, me, them):
            lender = me if mine else them
            packages.loan[0 if mine else 1, row] = np.maximum(
                self.ground.state.cash[lender] * part, 0.0
            )
            packages.loan_rate[row] = rate

        self.money_alone = False
        self.table(other, write, self.ruleset.rules.terms[0])

    @rule(other=st.integers(0, 1), kind=st.sampled_from(sorted(CLAUSES)), seed=st.integers(0, 999))
    def grant(self, other, kind, seed):
        def write(packages, row, me, them):
            rng = np.random.default_rng(seed)
            for lane in range(2):
                draft = Draft(packages, (row, lane), me, them, ground.state, self.ruleset, rng)
                pump_moves.WRITERS[kind](draft, kind)

        ground = self.ground
        self.money_alone &= kind in FINANCIAL
        self.table(other, write, self.ruleset.rules.terms[-1])

    @rule(quarters=st.integers(0, 5))
    def wait(self, quarters):
        self.ground.wait(quarters)

    @rule(part=st.floats(-0.3, 0.3), breaks=st.booleans())
    def act_alone(self, part, breaks):
        who = np.zeros(self.ground.state.cash.shape, bool)
        who[self.seats, np.arange(2)] = True
        if breaks:
            self.ground.breaks(who)
        else:
            self.ground.trades(who, part)
        self.ground.uses(who)

    @invariant()
    def nobody_is_pumped(self):
        assert not self.findings
        if self.money_alone:
            assert self.gained <= 1.0 + pump_laws.PART * self.moved + self.squeezed


Haggling.TestCase.settings = settings(
    max_examples=12, stateful_step_count=12, deadline=None, derandomize=True
)
TestHaggling = Haggling.TestCase


def test_an_attacker_tries_everything():
    state, ruleset = start("alibaba-meizu", 64)
    ground = Ground(state, ruleset)
    attacker = Attacker(np.arange(64) % len(ruleset.companies), 3, TRIED)
    kinds = set()
    for _ in range(4):
        kinds |= set(attacker.packages(ground)[1])
    assert kinds == set(TRIED)
    assert set(FINANCIAL) < set(TRIED)


@pytest.fixture(scope="module")
def late():
    """The lesson before its last quarter, with shares at their worth."""
    state, ruleset = start("lesson", 48, seed=9)
    players = seating("strategist", ruleset)
    return fair_quotes(last_quarter(state, ruleset, players)), ruleset, players


@pytest.mark.parametrize("move", SURE_LOSS)
def test_late_moves_raise_no_score(late, move):
    state, ruleset, players = late
    assert state.active.any()
    for first in range(len(ruleset.companies)):
        seats = (np.arange(48) + first) % len(ruleset.companies)
        gains = late_gains(state, ruleset, players, move, seats)
        assert gains.max() <= 0.01


def test_promises_of_the_last_quarter_bring_nothing():
    """What would come after the game is worth nothing in a deal, whatever the term."""
    state, ruleset = start("lesson", 2)
    last = replace(state, turn=ruleset.rules.quarters - 1)
    ground = Ground(last, ruleset)
    packages = empty(Packages, {**ruleset.sizes, "W": 2})
    packages.proposer[0], packages.counterparty[0] = 0, 1
    packages.pledge[0, :, 0] = 1.0
    packages.term[0] = ruleset.rules.terms[-1]
    given = pump_moves.package_terms(packages, last, ruleset, ground.worth, ground.cost)
    early = pump_moves.package_terms(packages, state, ruleset, ground.worth, ground.cost)
    earned = slice(3, 5)
    assert (given[:, earned, 0] == 0.0).all()
    assert (early[:, earned, 0] != 0.0).any()
