"""What packages are worth: terms add up, nothing is made of nothing, lanes are alone."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.axes import take_worlds
from game.core.state import replace
from game.play import deal_laws, promises, terms
from game.play.contracts import shares_for
from game.play.deal_laws import distress_worth
from game.play.outcome import shares_total
from game.play.packages import Term
from game.play.pledge_plan import capital_factor
from game.play.promises import expected_effort
from game.play.terms import package_terms


@given(seed=st.integers(0, 10_000))
def test_what_one_side_hands_over_in_shares_the_other_receives(deals, seed):
    ruleset, state, worth, cost = deals.ruleset, deals.state, deals.worth, deals.cost
    found = package_terms(deals.random(seed), state, ruleset, worth, cost)
    others = found[:, Term.STAKE] + found[::-1, Term.DILUTION]
    np.testing.assert_allclose(others[0], -others[1], atol=1e-6)


@given(seed=st.integers(0, 10_000))
def test_empty_rows_are_worth_nothing_and_all_else_is_finite(deals, seed):
    ruleset, state, worth, cost = deals.ruleset, deals.state, deals.worth, deals.cost
    packages = deals.random(seed)
    found = package_terms(packages, state, ruleset, worth, cost)
    assert np.isfinite(found).all()
    assert (found[:, :, packages.proposer < 0] == 0.0).all()


@given(seed=st.integers(0, 10_000), lane=st.integers(0, 4))
def test_a_lone_world_is_valued_bit_for_bit_as_in_a_batch(deals, seed, lane):
    ruleset, state, worth, cost = deals.ruleset, deals.state, deals.worth, deals.cost
    packages = deals.random(seed)
    whole = package_terms(packages, state, ruleset, worth, cost)
    lanes = np.array([lane, lane])
    alone = package_terms(
        take_worlds(packages, lanes),
        take_worlds(state, lanes),
        ruleset,
        np.take(worth, lanes, axis=-1),
        np.take(cost, lanes, axis=-1),
    )
    assert np.array_equal(alone[..., 0], whole[..., lane])
    assert np.array_equal(alone[..., 1], whole[..., lane])


@given(seed=st.integers(0, 10_000))
def test_a_package_alone_is_valued_bit_for_bit_as_among_others(deals, seed):
    ruleset, state, worth, cost = deals.ruleset, deals.state, deals.worth, deals.cost
    packages = deals.random(seed)
    whole = package_terms(packages, state, ruleset, worth, cost)
    row, lane = np.argwhere(packages.proposer >= 0)[0]
    proposer = np.full_like(packages.proposer, -1)
    proposer[row, lane] = packages.proposer[row, lane]
    lone = package_terms(
        dataclasses.replace(packages, proposer=proposer), state, ruleset, worth, cost
    )
    assert np.array_equal(lone[:, :, row, lane], whole[:, :, row, lane])


def test_who_tables_a_package_changes_its_worth_by_a_talk_alone(deals):
    ruleset, state, worth, cost = deals.ruleset, deals.state, deals.worth, deals.cost
    packages = deals.one()
    packages.cash[0, 0], packages.new_shares[1, 0] = 120.0, 10**8
    packages.pledge[:, :, 0] = 0.5
    straight = package_terms(packages, state, ruleset, worth, cost)[:, :, 0]
    turned = package_terms(deals.mirrored(packages), state, ruleset, worth, cost)[::-1, :, 0]
    other = np.arange(len(Term)) != Term.NEGOTIATION
    np.testing.assert_allclose(straight[:, other], turned[:, other], rtol=1e-12, atol=1e-9)
    talk = straight[:, Term.NEGOTIATION] - turned[:, Term.NEGOTIATION]
    assert (talk[0] < 0).all()
    assert (talk[1] > 0).all()


def test_cash_for_shares_at_their_value_after_the_deal_is_a_wash(deals, monkeypatch):
    ruleset, state, worth, cost = deals.ruleset, deals.state, deals.worth, deals.cost
    monkeypatch.setattr(deal_laws, "PREMIUM", 0.0)
    rules = dataclasses.replace(ruleset.rules, deal_cost=0.0, deal_cost_share=0.0)
    ruleset = dataclasses.replace(ruleset, rules=rules)
    outside = (state.founders + state.public)[deals.kite, 0] / shares_total(state)[deals.kite, 0]
    before = state.value[deals.kite, 0] / outside
    packages = deals.one()
    packages.cash[0, 0] = before / 9.0
    packages.new_shares[1, 0] = shares_for(0.1, shares_total(state)[deals.kite])
    found = package_terms(packages, state, ruleset, worth, cost)[:, :, 0]
    pure = found[:, [Term.CASH, Term.STAKE, Term.DILUTION]].sum(axis=1)
    np.testing.assert_allclose(pure, 0.0, atol=1e-5)


def test_the_last_price_of_a_share_does_not_matter(deals):
    ruleset, state, worth, cost = deals.ruleset, deals.state, deals.worth, deals.cost
    packages = deals.random(1)
    dearer = replace(state, quote=10.0 * state.quote)
    np.testing.assert_array_equal(
        package_terms(packages, state, ruleset, worth, cost),
        package_terms(packages, dearer, ruleset, worth, cost),
    )


def test_a_pledge_already_given_is_not_paid_for_again(deals):
    ruleset, state, worth, cost = deals.ruleset, deals.state, deals.worth, deals.cost
    term = ruleset.rules.terms[-1]
    fields = {
        name: getattr(state, name).copy()
        for name in ("pledge_announced", "pledge_effort", "pledge_until", "pledge_since")
    }
    for name, value in zip(fields, (1.0, 1.0, state.turn + 1 + term, state.turn - 4), strict=True):
        fields[name][:, deals.lantern, deals.kite] = value
    running = replace(state, **fields)
    packages = deals.one()
    packages.pledge[0, :, 0] = 1.0
    fresh = package_terms(packages, state, ruleset, worth, cost)[1, Term.EARNINGS, 0]
    again = package_terms(packages, running, ruleset, worth, cost)[1, Term.EARNINGS, 0]
    assert (fresh > 0.0).all()
    np.testing.assert_allclose(again, 0.0, atol=1e-9)


def test_the_worth_of_a_term_is_the_sum_of_its_quarters(deals):
    ruleset = deals.ruleset
    rules = ruleset.rules
    for term in (1, 2, 8):
        ages = np.arange(1, term + 1)
        paid = np.minimum(ages / rules.ramp, 1.0) * (1.0 + rules.discount) ** -ages
        assert capital_factor(term, False, ruleset) == pytest.approx((1 - rules.tax) * paid.sum())


@given(
    cash=st.floats(-100, 1000),
    costs=st.floats(1, 500),
    inflow=st.floats(0, 2000),
    part=st.floats(0, 1),
)
def test_money_in_need_counts_more_by_the_dollar_never_over_one_and_a_half(
    cash, costs, inflow, part
):
    whole = distress_worth(np.array(cash), np.array(costs), np.array(inflow))
    first = distress_worth(np.array(cash), np.array(costs), np.array(part * inflow))
    rest = distress_worth(
        np.array(cash + part * inflow), np.array(costs), np.array((1 - part) * inflow)
    )
    assert -1e-9 <= whole <= deal_laws.PREMIUM * inflow + 1e-9
    assert whole == pytest.approx(first + rest, abs=1e-6)
    if cash >= deal_laws.SAFE_QUARTERS * costs:
        assert whole == 0.0


def test_more_is_expected_of_the_trusted_and_of_shareholders():
    effort = expected_effort(np.array([-1.0, 0.0, 0.0, 1.0]), np.array([0.0, 0.0, 0.3, 0.5]))
    assert (np.diff(effort) > 0).all()
    assert effort[-1] == promises.EFFORT_RANGE[1]


def test_a_rival_strengthened_and_a_taboo_cost(deals):
    ruleset, state, worth, cost = deals.ruleset, deals.state, deals.worth, deals.cost
    packages = deals.one(deals.lantern, deals.harbour)
    packages.pledge[:, :, 0] = 1.0
    found = package_terms(packages, state, ruleset, worth, cost)[:, :, 0]
    assert (found[1, Term.TABOO] == terms.TABOO).all()
    assert (found[1, Term.RIVAL] <= 0.0).all()
    assert (found[:, Term.RIVAL] < 0.0).any()


def test_founders_who_lose_half_of_the_votes_mind(deals):
    ruleset, state, worth, cost = deals.ruleset, deals.state, deals.worth, deals.cost
    packages = deals.one()
    total = shares_total(state)[deals.kite]
    control = []
    for part in (0.1, 0.25):
        packages.new_shares[1, 0] = shares_for(part, total)
        found = package_terms(packages, state, ruleset, worth, cost)
        control.append(found[1, Term.CONTROL, 0])
    assert (control[0] == 0.0).all()
    assert (control[1] < 0.0).all()
