"""Whatever is tabled, with every clause there is: nobody accepts below what its terms say."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.core.axes import empty
from game.lab.pump_ground import Ground
from game.lab.pump_moves import MOVES, Attacker, Draft
from game.play.bargaining import answer
from game.play.opening import first_state
from game.play.packages import Code, DealFlag, Extra, Packages
from game.play.terms import package_terms
from game.scenario.loader import load

ROOT = Path(__file__).resolve().parents[2]
WORLDS = 36
OFFERED = int(DealFlag.WORTH) | int(DealFlag.PATIENCE)
"""What an answer may hold against a package that the rules allow."""


@pytest.fixture(scope="module")
def ground():
    scenario = load(ROOT / "scenarios" / "alibaba-meizu.yaml")
    numbers = np.arange(WORLDS, dtype=np.uint64)
    seeds = np.full(WORLDS, 5, np.uint64)
    return Ground(first_state(scenario.ruleset, scenario.opening, seeds, numbers), scenario.ruleset)


def further(table, seats, ground, rng):
    """Turns some packages into offers of whole companies and of joint ventures."""
    for lane, me in enumerate(seats):
        row = 2 * int(me)
        one = Draft(
            table, (row, lane), int(me), int(table.counterparty[row, lane]),
            ground.state, ground.ruleset, rng,
        )  # fmt: skip
        luck, host = rng.random(), one.side
        if luck < 0.2:
            one.give(one.side, Extra.WHOLE, 1.0)
        elif luck < 0.4:
            sold = np.flatnonzero(ground.state.price[one.whose(host), :, lane] > 0.0)
            if sold.size:
                one.give(1 - host, Extra.VENTURE_MARKET, float(rng.choice(sold)) + 1.0)
                one.give(1 - host, Extra.VENTURE, float(rng.choice([20.0, 200.0])))
                one.give(1 - host, Extra.VENTURE_SHARE, float(rng.choice([0.3, 0.49])))


def tabled(ground, seed):
    rng = np.random.default_rng(seed)
    seats = rng.integers(0, len(ground.ruleset.companies), WORLDS)
    table, _ = Attacker(seats, seed, MOVES).packages(ground)
    further(table, seats, ground, rng)
    part = rng.choice([0.0, 0.5, 0.9, 1.0, 1.1, 2.0], WORLDS)
    return dataclasses.replace(table, cash=table.cash * part)


def totals(ground, packages):
    terms = package_terms(packages, ground.state, ground.ruleset, ground.worth, ground.cost)
    return terms.sum(axis=1)


@settings(max_examples=25)
@given(seed=st.integers(0, 100_000))
def test_nobody_accepts_below_its_own_terms_whatever_the_clauses(ground, seed):
    packages = tabled(ground, seed)
    said = answer(packages, ground.state, ground.ruleset, ground.worth, ground.cost)
    mine = totals(ground, packages)
    yes = said.code == Code.ACCEPT
    assert (mine[1][yes] >= -1e-6).all()
    assert (said.needed[yes] == 0.0).all()
    no = (said.code != Code.ACCEPT) & (packages.proposer >= 0)
    assert (said.needed[no] + said.reasons[no] + (said.code[no] == Code.COUNTER) > 0).all()


@settings(max_examples=25)
@given(seed=st.integers(0, 100_000))
def test_a_counter_asks_for_no_more_than_both_can_bear(ground, seed):
    """What is countered is worth something to either side, by the same terms."""
    packages = tabled(ground, seed)
    said = answer(packages, ground.state, ground.ruleset, ground.worth, ground.cost)
    countered = said.code == Code.COUNTER
    mine, theirs = totals(ground, said.counter)
    assert (mine[countered] >= -0.02).all()
    assert (theirs[countered] >= -0.02).all()


def test_the_random_packages_hold_every_clause_in_legal_form_and_some_are_accepted(ground):
    used, taken = np.zeros((2, len(Extra)), bool)
    codes = set()
    for seed in range(40):
        packages = tabled(ground, seed)
        used |= (packages.extra != 0.0).any(axis=(0, 2, 3))
        said = answer(packages, ground.state, ground.ruleset, ground.worth, ground.cost)
        legal = (packages.proposer >= 0) & ((said.reasons & ~OFFERED) == 0)
        taken |= ((packages.extra != 0.0) & legal).any(axis=(0, 2, 3))
        codes |= set(np.unique(said.code).tolist())
    assert used.all(), [Extra(slot).name for slot in np.flatnonzero(~used)]
    assert taken.all(), [Extra(slot).name for slot in np.flatnonzero(~taken)]
    assert {int(Code.ACCEPT), int(Code.REFUSE), int(Code.COUNTER)} <= codes


def test_an_empty_table_is_not_answered(ground):
    table = empty(Packages, {**ground.ruleset.sizes, "W": WORLDS})
    said = answer(table, ground.state, ground.ruleset, ground.worth, ground.cost)
    assert (said.code == Code.NONE).all()
