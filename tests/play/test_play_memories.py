"""Trust lost at the table and by arrears, and who is named a rival."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.grudges import trust_lost
from game.play.memories import Deed, Move, trust_moves
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.rivals import danger_of, named_rivals, revenue_overlap, rival_weight
from game.play.turn import step
from game.resources import scenario_dir
from game.scenario.loader import load

parts = some.floats(0.0, 1.0)


def board(**rules: float) -> tuple[Ruleset, State]:
    scenario = load(scenario_dir() / "lesson.yaml")
    ruleset = scenario.ruleset
    ruleset = dataclasses.replace(ruleset, rules=dataclasses.replace(ruleset.rules, **rules))
    worlds = np.arange(2, dtype="u8")
    return ruleset, first_state(ruleset, scenario.opening, np.full(2, 5, "u8"), worlds)


# ---------------------------------------------------------------------------------- trust


@given(amount=parts, start=some.floats(-1.0, 1.0))
def test_trust_lost_is_lost_by_that_pair_alone_and_never_below_its_bound(
    amount: float, start: float
) -> None:
    trust = np.full((3, 3, 2), start)
    pair = (np.array([0]), np.array([1]), np.array([1]))
    after = trust_lost(trust, *pair, amount)
    assert after[0, 1, 1] == pytest.approx(max(start - amount, -1.0))
    changed = after != trust
    changed[0, 1, 1] = False
    assert not changed.any()


def test_a_pair_that_is_named_twice_loses_twice() -> None:
    twice = np.zeros(2, np.int64)
    after = trust_lost(np.zeros((2, 2, 2)), twice, twice + 1, twice, 0.1)
    assert after[0, 1, 0] == pytest.approx(-0.2)


def debtor_in_default(**rules: float) -> tuple[Ruleset, State, State, tuple[Move, ...]]:
    """A loan falls due that its debtor cannot pay."""
    ruleset, state = board(**rules)
    owed, due = state.loan_owed.copy(), state.loan_due.copy()
    debtor, creditor = 1, 0
    owed[debtor, creditor] = 1e6
    due[debtor, creditor] = max(state.turn, 1)
    state = dataclasses.replace(state, loan_owed=owed, loan_due=due, turn=max(state.turn, 1))
    orders = no_orders(state, ruleset)
    after, report = step(state, ruleset, orders)
    assert report.defaulted[debtor].all()
    return ruleset, state, after, trust_moves(state, after, report, orders, ruleset)


def test_who_does_not_repay_on_time_loses_its_creditors_trust() -> None:
    ruleset, before, after, moves = debtor_in_default(late_trust=0.2)
    decay = ruleset.rules.trust_decay
    lost = decay * before.trust[0, 1] - after.trust[0, 1]
    assert lost == pytest.approx(decay * 0.2)
    late = [one for one in moves if one.deed == Deed.LATE]
    assert [(one.truster, one.trusted) for one in late] == [(0, 1)]
    assert after.trust[2, 1] == pytest.approx(decay * before.trust[2, 1])


def test_without_the_rule_arrears_cost_no_trust() -> None:
    ruleset, before, after, moves = debtor_in_default()
    assert after.trust[0, 1] == pytest.approx(ruleset.rules.trust_decay * before.trust[0, 1])
    assert not [one for one in moves if one.deed == Deed.LATE]


# --------------------------------------------------------------------------------- rivals


@given(seed=some.integers(0, 1000))
def test_overlap_is_a_part_and_all_overlaps_of_a_company_make_its_revenue(seed: int) -> None:
    revenue = np.random.default_rng(seed).gamma(1.0, 10.0, (4, 3, 2))
    against = revenue_overlap(revenue)
    assert (against >= 0.0).all()
    assert np.allclose(against.sum(axis=1), 1.0)


def test_overlap_with_who_sells_elsewhere_is_nothing() -> None:
    revenue = np.zeros((2, 2, 2))
    revenue[0, 0], revenue[1, 1] = 5.0, 7.0
    assert revenue_overlap(revenue)[0, 1] == pytest.approx(0.0)


@given(hurt=parts, trust=some.floats(-1.0, 1.0))
def test_a_wrong_that_is_remembered_makes_a_rival_weigh_more(hurt: float, trust: float) -> None:
    weight = float(rival_weight(np.array(hurt), np.array(trust)))
    assert weight >= hurt
    assert float(rival_weight(np.array(hurt), np.array(trust), 0.5)) == pytest.approx(weight + 0.5)


def test_nobody_names_itself_an_ally_or_the_dead() -> None:
    ruleset, state = board()
    named = named_rivals(state, ruleset)
    assert named.shape == state.cash.shape
    assert (named != np.arange(len(named))[:, None]).all()
    who = int(np.flatnonzero(named[:, 0] >= 0)[0])
    first = int(named[who, 0])
    shares = state.shares.copy()
    shares[who, first] = 1
    friendly = dataclasses.replace(state, shares=shares)
    assert (named_rivals(friendly, ruleset)[who] != first).all()


def test_danger_grows_with_the_countdown_and_needs_the_rule() -> None:
    ruleset, state = board()
    assert danger_of(state.path_run, ruleset.rules) is None
    run = state.path_run.copy()
    run[1, 0] = 1
    assert danger_of(run, ruleset.rules) is None
    rules = dataclasses.replace(ruleset.rules, countdown_rivalry=0.8)
    near = danger_of(run, rules)
    assert near is not None
    run[1, 0] = rules.path_quarters - 1
    nearer = danger_of(run, rules)
    assert nearer is not None
    assert (near[1] > 0.0).all()
    assert (near[1] < nearer[1]).all()
    assert nearer[1] == pytest.approx(0.8)
    assert not near[0].any()


def test_the_leader_of_a_countdown_becomes_everybodys_rival() -> None:
    ruleset, state = board(countdown_rivalry=1.0)
    named = named_rivals(state, ruleset)
    run = state.path_run.copy()
    leader = (int(named[0, 0]) + 1) % len(named)
    leader = leader if leader != 0 else (leader + 1) % len(named)
    run[leader, 0] = ruleset.rules.path_quarters - 1
    after = named_rivals(dataclasses.replace(state, path_run=run), ruleset)
    others = [company for company in range(len(named)) if company != leader]
    assert (after[others] == leader).all()
