"""Answers: nobody accepts a loss, no search finds a walk-away, counters please both sides."""

from __future__ import annotations

import dataclasses

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from game.core.state import replace
from game.play.bargaining import (
    CENT,
    LOWBALL,
    LOWBALL_PATIENCE,
    REFUSED_PATIENCE,
    answer,
    nash_package,
    propose,
)
from game.play.cells import cells_of
from game.play.contracts import legal
from game.play.deal_facts import facts_of_state, facts_of_view
from game.play.nash import wanted_shares
from game.play.observation_build import observe
from game.play.packages import Code, DealFlag
from game.play.pledge_value import pledge_worth
from game.play.targets import mood_of, target_share
from game.play.terms import estimated_terms, package_terms

CASH = 0


def say(deals, packages, state=None):
    return answer(packages, state or deals.state, deals.ruleset, deals.worth, deals.cost)


def totals(deals, packages, state=None):
    state = state or deals.state
    found = package_terms(packages, state, deals.ruleset, deals.worth, deals.cost)
    return found.sum(axis=1)


@given(seed=st.integers(0, 10_000))
def test_nobody_accepts_what_its_own_terms_call_a_loss(deals, seed):
    packages = deals.random(seed)
    given_ = say(deals, packages)
    mine = given_.terms.sum(axis=1)[1]
    accepted = given_.code == Code.ACCEPT
    assert (mine[accepted] >= -1e-6).all()
    assert (given_.needed[accepted] == 0.0).all()
    assert (given_.reasons[accepted] == 0).all()


@given(seed=st.integers(0, 10_000))
def test_every_row_is_answered_and_every_refusal_has_a_reason(deals, seed):
    packages = deals.random(seed)
    given_ = say(deals, packages)
    assert ((given_.code == Code.NONE) == (packages.proposer < 0)).all()
    refused = given_.code == Code.REFUSE
    assert (given_.reasons[refused] != 0).all()
    barred = legal(packages, deals.state, deals.ruleset) != 0
    assert (given_.code[barred & (packages.proposer >= 0)] != Code.ACCEPT).all()


@given(seed=st.integers(0, 10_000))
def test_a_counter_is_legal_and_meets_both_targets(deals, seed):
    packages = deals.random(seed)
    given_ = say(deals, packages)
    countered = given_.code == Code.COUNTER
    flags = legal(given_.counter, deals.state, deals.ruleset)
    assert (flags[countered] == 0).all()
    found = totals(deals, given_.counter)
    assert (found[:, countered] >= -1e-6).all()
    again = say(deals, given_.counter)
    assert (again.code[countered] == Code.ACCEPT).all()


def test_counters_do_happen_and_elsewhere_the_package_stays(deals):
    packages = deals.draft()
    packages.cash[CASH, 0] = 60.0
    state = replace(deals.state, turn=5)
    given_ = say(deals, packages, state)
    assert (given_.code[0] == Code.COUNTER).any()
    more = given_.code[0] == Code.COUNTER
    assert (given_.counter.cash[CASH, 0, more] > 60.0).all()
    np.testing.assert_array_equal(given_.counter.cash[:, 1:], packages.cash[:, 1:])


def later(deals):
    """The board when no draft lies on the table any more."""
    return replace(deals.state, turn=5)


def accepts(deals, packages, cash):
    tried = dataclasses.replace(packages, cash=packages.cash.copy())
    tried.cash[CASH, 0] = cash
    return say(deals, tried, later(deals)), tried


def share_asked(deals, tried, lost):
    """What the counterparty asks for of the first row, with so much patience lost: [W]."""
    cells, state = cells_of(tried), later(deals)
    mood = mood_of(state.seed, state.world, 5, cells.who[1], cells.who[0], cells, deals.ruleset)
    asked = target_share(cells, np.ones(cells.size, int), 5, 1.0 - lost, mood, deals.ruleset)
    return asked[: deals.worlds]


def test_a_search_by_halves_finds_the_target_never_the_walk_away(deals):
    packages = deals.draft()
    low, high = np.zeros(deals.worlds), np.full(deals.worlds, 400.0)
    for _ in range(40):
        middle = (low + high) / 2.0
        yes = accepts(deals, packages, middle)[0].code[0] == Code.ACCEPT
        low, high = np.where(yes, low, middle), np.where(yes, middle, high)
    given_, tried = accepts(deals, packages, high)
    assert (given_.code[0] == Code.ACCEPT).all()
    mine = totals(deals, tried, later(deals))[:, 0]
    joint = mine.sum(axis=0)
    asked = share_asked(deals, tried, 0.0)
    assert (joint > 0.0).any()
    assert (asked >= wanted_shares(cells_of(tried), 5, deals.ruleset)[1][: deals.worlds]).all()
    np.testing.assert_allclose(mine[1], asked * np.maximum(joint, 0.0), atol=1e-3)


def test_what_is_missing_is_told_against_what_is_asked_from_now_on(deals):
    packages = deals.draft()
    for cash in (0.0, 30.0, 60.0):
        given_, tried = accepts(deals, packages, np.full(deals.worlds, cash))
        mine = totals(deals, tried, later(deals))[:, 0]
        joint = np.maximum(mine.sum(axis=0), 0.0)
        short = share_asked(deals, tried, 0.0) * joint - mine[1]
        lost = np.where(short > LOWBALL * joint + CENT, LOWBALL_PATIENCE, REFUSED_PATIENCE)
        missing = share_asked(deals, tried, lost) * joint - mine[1]
        missing = np.where(short > 0.0, missing, 0.0)
        np.testing.assert_allclose(given_.needed[0], missing, atol=1e-6)


def test_lowballs_try_patience_and_the_weary_do_not_talk(deals):
    packages = deals.draft()
    fair, _ = accepts(deals, packages, np.full(deals.worlds, 400.0))
    insult, tried = accepts(deals, packages, np.zeros(deals.worlds))
    assert (fair.patience[0] == 0.0).all()
    assert (insult.patience[0] > 0.0).all()
    weary = replace(deals.state, patience=np.zeros_like(deals.state.patience))
    given_ = say(deals, tried, weary)
    assert (given_.code[0] == Code.REFUSE).all()
    assert (given_.reasons[0] & int(DealFlag.PATIENCE)).all()


def test_the_draft_on_the_table_can_be_signed_from_either_seat(deals):
    packages = deals.draft()
    packages.cash[CASH, 0] = 115.0
    packages.new_shares[1, 0] = packages.new_shares[1, 0] * 0.9
    joint = totals(deals, packages)[:, 0]
    good = (joint > 0.0).all(axis=0)
    assert good.any()
    straight, turned = say(deals, packages), say(deals, deals.mirrored(packages))
    prepared = good & (joint >= 0.1 * joint.sum(axis=0)).all(axis=0)
    assert (straight.code[0, prepared] == Code.ACCEPT).all()
    assert (turned.code[0, prepared] == Code.ACCEPT).all()


def pairs(deals):
    count = len(deals.ruleset.companies)
    both = [(a, b) for a in range(count) for b in range(count) if a != b]
    lanes = np.ones(deals.worlds, int)
    return np.array(both).T[..., None] * lanes


def test_the_nash_package_is_accepted_as_it_stands(deals):
    one, other = pairs(deals)
    packages = nash_package(deals.state, deals.ruleset, one, other, deals.worth, deals.cost)
    here = packages.proposer >= 0
    assert here.any()
    given_ = say(deals, packages)
    assert (given_.code[here] == Code.ACCEPT).all()
    total = given_.terms.sum(axis=1)[:, here]
    assert (total > 0.0).all()


def test_a_seat_proposes_from_what_it_knows_and_is_often_heard(deals):
    view = observe(deals.state, deals.ruleset, np.arange(3))
    worth, cost = pledge_worth(view, deals.ruleset)
    one, other = pairs(deals)
    packages = propose(view, deals.ruleset, one, other, worth, cost)
    here = packages.proposer >= 0
    assert here.any()
    given_ = say(deals, packages)
    agreed = np.isin(given_.code[here], (Code.ACCEPT, Code.COUNTER))
    assert agreed.mean() > 0.5
    mine = estimated_terms(packages, view, deals.ruleset, worth, cost).sum(axis=1)[0]
    assert (mine[here] > 0.0).all()


def test_a_small_stake_of_another_company_is_not_known_from_outside(deals):
    state = replace(deals.state, disclosed=np.zeros_like(deals.state.disclosed))
    view = observe(state, deals.ruleset, np.array([deals.kite]))
    packages = deals.one(deals.kite, deals.harbour)
    cells = cells_of(packages)
    holder = np.full(cells.size, deals.lantern)
    issuer = np.full(cells.size, deals.harbour)
    known = facts_of_view(view, deals.ruleset).stake_of(holder, issuer, cells)
    true = facts_of_state(state, deals.ruleset).stake_of(holder, issuer, cells)
    assert (true > 0.0).all()
    assert (true < deals.ruleset.rules.disclosure).all()
    assert (known == 0.0).all()


def test_one_knows_ones_own_small_stake(deals):
    view = observe(deals.state, deals.ruleset, np.array([deals.lantern]))
    cells = cells_of(deals.one(deals.lantern, deals.harbour))
    holder = np.full(cells.size, deals.lantern)
    issuer = np.full(cells.size, deals.harbour)
    assert (facts_of_view(view, deals.ruleset).stake_of(holder, issuer, cells) > 0.0).all()
