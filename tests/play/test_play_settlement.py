"""Settling: money and shares are conserved, seats and neighbours do not matter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.axes import array_fields, empty, take_worlds
from game.core.state import replace
from game.play import outcome
from game.play.contracts import draft_package, visible_stakes
from game.play.nash import propose
from game.play.observation_build import observe
from game.play.opening import first_state
from game.play.packages import Code, DealFlag, Packages
from game.play.pledge_value import pledge_worth, pledge_worth_of_state
from game.play.settlement import settle
from game.scenario.loader import load


def deal(deals, proposals=None, signed=None, state=None, **more):
    none = deals.none()
    return settle(
        state or deals.state,
        deals.ruleset,
        none if proposals is None else proposals,
        none if signed is None else signed,
        deals.worth,
        deals.cost,
        **more,
    )


def proposed(deals, seed=0):
    """Two packages a seat, as seats would make them."""
    view = observe(deals.state, deals.ruleset, np.arange(3))
    worth, cost = pledge_worth(view, deals.ruleset)
    one = np.repeat(np.arange(3), 2)[:, None] + np.zeros(deals.worlds, int)
    other = (one + 1 + (np.arange(6)[:, None] + np.arange(deals.worlds) + seed) % 2) % 3
    return propose(view, deals.ruleset, one, other, worth, cost)


def conserved(before, result):
    after, flows = result.state, result.flows
    cash = after.cash.sum(axis=0) + flows.advisers.sum(axis=0) + flows.to_founders.sum(axis=0)
    np.testing.assert_allclose(cash, before.cash.sum(axis=0), rtol=1e-12)
    held = result.news.packages
    for company in range(before.cash.shape[0]):
        new = np.where(held.proposer == company, held.new_shares[0], 0).sum(axis=0)
        new += np.where(held.counterparty == company, held.new_shares[1], 0).sum(axis=0)
        total = outcome.shares_total(after)[company]
        gone = outcome.shares_total(before)[company] + new - total
        assert (gone >= 0).all()
        back = np.where(
            (held.proposer == company) & (held.old_issuer[1] == company), held.old_shares[1], 0
        ) + np.where(
            (held.counterparty == company) & (held.old_issuer[0] == company), held.old_shares[0], 0
        )
        np.testing.assert_array_equal(gone, back.sum(axis=0))
    assert (after.shares >= 0).all()
    assert (after.founders >= 0).all()
    np.testing.assert_array_equal(after.public, before.public)


@given(seed=st.integers(0, 10_000), generous=st.booleans())
def test_money_and_shares_are_conserved(deals, seed, generous):
    result = deal(deals, deals.random(seed, generous), deals.random(seed + 1))
    conserved(deals.state, result)


@given(seed=st.integers(0, 10_000))
def test_nobody_settles_what_it_calls_a_loss(deals, seed):
    result = deal(deals, deals.random(seed, generous=True))
    answers = result.answers
    mine = answers.terms.sum(axis=1)[1]
    accepted = result.accepted & (answers.code == Code.ACCEPT)
    assert (mine[accepted] >= -1e-6).all()
    assert np.isin(answers.code[result.accepted], (Code.ACCEPT, Code.COUNTER)).all()


def test_deals_do_get_settled(deals):
    result = deal(deals, proposed(deals))
    assert result.settled.any()
    assert result.signed_by_company().sum() == 2 * result.news.settled.sum()
    conserved(deals.state, result)
    given_ = result.news.packages.pledge.any(axis=(0, 1))
    live = (result.state.pledge_announced > deals.state.pledge_announced).any(axis=(0, 1, 2))
    assert (live | ~given_.any(axis=0)).all()
    assert (result.flows.advisers > 0.0).any()


@pytest.mark.parametrize("lane", range(5))
def test_a_lone_world_settles_bit_for_bit_as_in_a_batch(deals, lane):
    for packages in (proposed(deals), deals.random(lane, generous=True)):
        whole = deal(deals, packages)
        lanes = np.array([lane, lane])
        state = take_worlds(deals.state, lanes)
        worth, cost = pledge_worth_of_state(state, deals.ruleset)
        alone = settle(
            state,
            deals.ruleset,
            take_worlds(packages, lanes),
            take_worlds(deals.none(), lanes),
            worth,
            cost,
        )
        for field in array_fields(state):
            ours = getattr(alone.state, field.name)[..., 0]
            theirs = getattr(whole.state, field.name)[..., lane]
            assert np.array_equal(ours, theirs, equal_nan=field.metadata["dtype"] == "f8")
        np.testing.assert_array_equal(alone.answers.code[:, 0], whole.answers.code[:, lane])


@given(order=st.permutations(range(3)), seed=st.integers(0, 200), fair=st.booleans())
def test_the_order_of_seats_does_not_matter(deals, reseat, order, seed, fair):
    order = np.array(order)
    packages = proposed(deals, seed) if fair else deals.random(seed, generous=True)
    straight = deal(deals, packages)
    turned = settle(
        reseat.record(deals.state, order),
        reseat.rules(deals.ruleset, order),
        reseat.packages(packages, order),
        reseat.packages(deals.none(), order),
        np.take(np.take(deals.worth, order, axis=1), order, axis=2),
        np.take(np.take(deals.cost, order, axis=1), order, axis=2),
    )
    after = reseat.record(straight.state, order)
    for field in array_fields(after):
        ours, theirs = getattr(after, field.name), getattr(turned.state, field.name)
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9, err_msg=field.name)


def test_an_empty_table_changes_nothing(deals):
    result = deal(deals)
    assert result.state is deals.state
    assert not result.settled.any()
    assert (result.answers.code == Code.NONE).all()
    assert (result.signed_by_company() == 0).all()
    assert result.news.packages.proposer.shape == (0, deals.worlds)


def test_worlds_that_are_over_settle_nothing(deals):
    over = replace(deals.state, active=np.zeros(deals.worlds, bool))
    assert deal(deals, proposed(deals), state=over).state is over


def signed_draft(deals, row):
    packages = deals.draft()
    packages.cash[0, 0], packages.new_shares[1, 0] = 115.0, packages.new_shares[1, 0] * 0.9
    signed = deals.none()
    for field in array_fields(signed):
        at = (slice(None),) * field.metadata["axes"].index("P")
        getattr(signed, field.name)[(*at, row)] = getattr(packages, field.name)[(*at, 0)]
    return signed


def test_a_signed_package_needs_the_other_side_alone(deals):
    by_proposer = deal(deals, signed=signed_draft(deals, 0))
    by_other = deal(deals, signed=signed_draft(deals, 2 * deals.kite))
    assert by_proposer.accepted_signed[0].any()
    assert by_other.accepted_signed[2 * deals.kite].any()
    conserved(deals.state, by_proposer)
    before, after = by_other.news.stake_before, by_other.news.stake_after
    assert (after[0] > before[0]).any()


def test_what_is_signed_is_not_countered(deals):
    signed = signed_draft(deals, 0)
    signed.cash[0, 0] = 40.0
    state = replace(deals.state, turn=5)
    result = deal(deals, signed=signed, state=state)
    tabled = deal(deals, signed, state=state)
    assert (tabled.answers.code[0] == Code.COUNTER).any()
    assert not np.isin(result.answers_signed.code[0], (Code.COUNTER,)).any()


def test_rows_of_a_stranger_are_not_heard(deals):
    strange = signed_draft(deals, 2 * deals.harbour)
    result = deal(deals, strange, strange)
    assert result.talks is None
    assert result.state is deals.state


def test_who_decides_outside_the_turn_is_asked_not_answered_for(deals):
    packages = deals.draft()
    packages.cash[0, 0] = 200.0
    asked = np.arange(3) == deals.kite
    result = deal(deals, packages, asked=asked)
    assert result.offers[0].all()
    assert not result.accepted.any()


def test_talks_cost_the_proposer_a_point_and_only_settled_deals_pay_advisers(deals):
    packages = deals.draft()
    packages.cash[0, 0] = 0.0
    state = replace(deals.state, turn=5)
    result = deal(deals, packages, state=state)
    refused = result.answers.code[0] == Code.REFUSE
    assert refused.any()
    spent = state.attention - result.state.attention
    np.testing.assert_array_equal(spent[deals.lantern], deals.ruleset.rules.cost_talk)
    np.testing.assert_array_equal(spent[[deals.kite, deals.harbour]], 0)
    assert (result.flows.advisers[:, refused] == 0.0).all()
    lost = state.patience - result.state.patience
    assert (lost[deals.kite, deals.lantern, refused] > 0.0).all()
    assert (result.state.last_talk[deals.lantern, deals.kite] == 5).all()


@pytest.mark.parametrize("ago", [0, 1])
def test_an_offer_that_is_taken_up_is_paid_for_once(deals, ago):
    """Opened at the table this quarter, or left to wait in the last one."""
    cost = deals.ruleset.rules.cost_talk
    signed = signed_draft(deals, 2 * deals.kite)
    state = replace(deals.state, turn=1)
    stranger = deal(deals, signed=signed, state=state)
    spent = state.attention - stranger.state.attention
    np.testing.assert_array_equal(spent[deals.lantern], cost)
    talked = state.last_talk.copy()
    talked[deals.lantern, deals.kite] = 1 - ago
    empty_handed = replace(state, last_talk=talked, attention=np.zeros_like(state.attention))
    for known in (replace(state, last_talk=talked), empty_handed):
        result = deal(deals, signed=signed, state=known)
        assert result.settled.any()
        np.testing.assert_array_equal(result.settled, stranger.settled)
        np.testing.assert_array_equal(result.state.attention, known.attention)
    own = deal(deals, signed=signed_draft(deals, 0), state=replace(state, last_talk=talked))
    spent = state.attention - own.state.attention
    np.testing.assert_array_equal(spent[deals.lantern], cost)


def test_what_waits_is_paid_for_when_it_is_tabled_and_not_when_it_is_signed(deals):
    packages = deals.draft()
    asked = np.arange(3) == deals.kite
    waits = deal(deals, packages, state=deals.state, asked=asked)
    assert waits.offers[0].all()
    paid = deals.state.attention - waits.state.attention
    np.testing.assert_array_equal(paid[deals.lantern], deals.ruleset.rules.cost_talk)
    later = replace(waits.state, turn=1)
    signed = deal(deals, signed=signed_draft(deals, 2 * deals.kite), state=later)
    assert signed.settled.any()
    np.testing.assert_array_equal(signed.state.attention, later.attention)


def test_points_go_to_the_first_talks_by_order(deals):
    """However few a company has, it pays for as many as it can, and for no more."""
    tabled = proposed(deals)
    cost = deals.ruleset.rules.cost_talk
    short = replace(deals.state, attention=np.full_like(deals.state.attention, cost))
    result = deal(deals, tabled, state=short)
    used = tabled.proposer >= 0
    poor = (result.answers.reasons & int(DealFlag.ATTENTION)) != 0
    paid = np.array([(used & ~poor)[2 * n : 2 * n + 2].sum(axis=0) for n in range(3)])
    wanted = np.array([used[2 * n : 2 * n + 2].sum(axis=0) for n in range(3)])
    assert (wanted > 1).any()
    np.testing.assert_array_equal(paid, np.minimum(wanted, 1))
    np.testing.assert_array_equal(short.attention - result.state.attention, cost * paid)


def test_without_a_point_there_is_no_talk(deals):
    tired = replace(deals.state, attention=np.zeros_like(deals.state.attention))
    result = deal(deals, proposed(deals), state=tired)
    assert not result.settled.any()
    assert (result.state.attention == 0).all()
    said = result.answers
    here = said.code != Code.NONE
    assert (said.reasons[here] & int(DealFlag.ATTENTION)).all()


def test_a_stake_under_the_threshold_settles_unseen(deals):
    packages = deals.draft()
    packages.new_shares[1, 0] = packages.new_shares[1, 0] // 6
    packages.cash[0, 0] = 60.0
    result = deal(deals, packages)
    assert result.accepted[0].any()
    lane = np.flatnonzero(result.accepted[0])[0]
    stake = outcome.stakes(result.state)[deals.lantern, deals.kite, lane]
    assert 0.0 < stake < deals.ruleset.rules.disclosure
    seen = visible_stakes(result.state, deals.ruleset)
    assert seen[deals.lantern, deals.kite, lane] == 0.0


def test_one_company_is_not_bound_twice_by_the_same_promise(deals):
    packages = proposed(deals)
    result = deal(deals, packages)
    held = result.news.packages
    for company in range(3):
        taken = np.zeros((len(deals.ruleset.pledges), deals.worlds), int)
        for side, who in enumerate((held.counterparty, held.proposer)):
            taken += ((held.pledge[side] > 0.0) & (who == company)).sum(axis=1)
        assert (taken <= 1).all()


def test_the_flagship_draft_can_be_signed_on_the_first_turn_from_either_seat(root):
    scenario = load(root / "scenarios" / "alibaba-meizu.yaml")
    ruleset, draft = scenario.ruleset, scenario.ruleset.drafts[0]
    worlds = 8
    seed, number = np.full(worlds, 7, np.uint64), np.arange(worlds, dtype=np.uint64)
    state = first_state(ruleset, scenario.opening, seed, number)
    worth, cost = pledge_worth_of_state(state, ruleset)
    none = empty(Packages, {**ruleset.sizes, "W": worlds})
    for seat in (draft.proposer, draft.counterparty):
        signed = draft_package(draft, state, ruleset, 2 * seat)
        result = settle(state, ruleset, none, signed, worth, cost)
        assert result.accepted_signed[2 * seat].all()
        stake = outcome.stakes(result.state)[draft.proposer, draft.counterparty]
        np.testing.assert_allclose(stake, draft.stake[1], atol=1e-6)
        moved = result.state.cash - state.cash + result.flows.advisers
        np.testing.assert_allclose(moved[draft.counterparty], draft.cash[0])
