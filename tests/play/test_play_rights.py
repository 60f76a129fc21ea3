"""Control in the game: founders' votes, agreements, chains, and what subsidiaries may hold."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.ruleset import Ruleset, Status
from game.core.state import State, replace
from game.play import rights
from game.play.money import control_status
from game.play.orders import Orders, Refusal, gather_orders, no_orders
from game.play.outcome import shares_total, stakes
from game.play.report import Line
from game.play.turn import step


def with_stake(state: State, holder: int, issuer: int, part: float) -> State:
    """The state with part of an issuer's shares moved from the public, then founders."""
    shares, public = state.shares.copy(), state.public.copy()
    founders = state.founders.copy()
    wanted = np.round(part * shares_total(state)[issuer]).astype(np.int64)
    from_public = np.minimum(wanted, public[issuer])
    public[issuer] -= from_public
    founders[issuer] -= wanted - from_public
    shares[holder, issuer] += wanted
    return replace(state, shares=shares, public=public, founders=founders)


def with_votes(ruleset: Ruleset, company: int, each: float, board: bool = False) -> Ruleset:
    votes, kept = ruleset.founder_votes.copy(), ruleset.founders_board.copy()
    votes[company], kept[company] = each, board
    return dataclasses.replace(ruleset, founder_votes=votes, founders_board=kept)


def test_control_follows_votes_not_shares(deals):
    state = with_stake(deals.state, deals.lantern, deals.kite, 0.6)
    plain = deals.ruleset
    assert (control_status(state, plain).status[deals.kite] == Status.CONTROLLED).all()
    for changed in (with_votes(plain, deals.kite, 20.0), with_votes(plain, deals.kite, 1.0, True)):
        assert (control_status(state, changed).status[deals.kite] == Status.INDEPENDENT).all()
        assert (rights.parents(state, changed)[deals.kite] == deals.kite).all()
        assert (rights.control_rights(state, changed)[deals.kite, deals.kite] == 1.0).all()
    assert (rights.control_rights(state, plain)[deals.lantern, deals.kite] == 1.0).all()


def test_control_reaches_through_chains(deals):
    state = with_stake(deals.state, deals.lantern, deals.kite, 0.6)
    state = with_stake(state, deals.lantern, deals.harbour, 0.3)
    state = with_stake(state, deals.kite, deals.harbour, 0.25)
    top = rights.parents(state, deals.ruleset)
    assert (top == deals.lantern).all()
    assert (control_status(state, deals.ruleset).status[deals.harbour] == Status.CONTROLLED).all()


def test_silent_minorities_share_control_by_votes(deals):
    state = with_stake(deals.state, deals.lantern, deals.harbour, 0.2)
    found = rights.control_rights(state, deals.ruleset)
    np.testing.assert_allclose(found.sum(axis=0), 1.0)
    if not rights.founders_decide(state, deals.ruleset)[deals.harbour].any():
        np.testing.assert_allclose(
            found[deals.lantern, deals.harbour], stakes(state)[deals.lantern, deals.harbour]
        )


def test_a_subsidiary_sells_what_it_holds_of_its_parent(deals):
    state = with_stake(deals.state, deals.kite, deals.lantern, 0.02)
    state = with_stake(state, deals.lantern, deals.kite, 0.6)
    state = control_status(state, deals.ruleset)
    held = state.shares[deals.kite, deals.lantern]
    assert (held > 0).all()
    after, report = step(state, deals.ruleset, no_orders(state, deals.ruleset))
    assert (after.shares[deals.kite, deals.lantern] == 0).all()
    np.testing.assert_array_equal(shares_total(after), shares_total(state))
    np.testing.assert_allclose(
        report.lines[Line.LIQUIDATED, deals.kite], held * state.quote[deals.lantern]
    )


@pytest.mark.parametrize("part", [0.1, 0.6])
def test_founders_votes_and_stakes_make_all_votes(deals, part):
    state = with_stake(deals.state, deals.lantern, deals.kite, part)
    ruleset = with_votes(deals.ruleset, deals.kite, 10.0)
    cast = rights.votes(state, ruleset).sum(axis=0) + rights.founders_votes(state, ruleset)
    assert (cast <= 1.0 + 1e-12).all()
    assert (rights.votes(state, ruleset)[deals.lantern, deals.kite] < part).all()


def directing(state: State, ruleset: Ruleset, parent: int, company: int, notch: int) -> Orders:
    orders = no_orders(state, ruleset)
    orders.notch[company], orders.directed_by[company] = notch, parent
    orders.stance[company] = 2
    return orders


def test_a_parents_order_wins_whichever_comes_first(deals):
    state = control_status(with_stake(deals.state, deals.lantern, deals.kite, 0.6), deals.ruleset)
    seats = np.array([deals.lantern]), np.array([deals.kite])
    parent = directing(state, deals.ruleset, deals.lantern, deals.kite, 4)
    own = no_orders(state, deals.ruleset)
    own.notch[deals.kite] = 0
    for parts in (
        [(parent, seats[0]), (own, seats[1])],
        [(own, seats[1]), (parent, seats[0])],
    ):
        whole = gather_orders(state, deals.ruleset, parts)
        assert (whole.notch[deals.kite] == 4).all()
        after, report = step(state, deals.ruleset, whole)
        assert (after.notch[deals.kite] == 4).all()
        assert (after.stance[deals.kite] == 2).all()
        assert (report.refused == 0).all()


def test_who_controls_nobody_directs_nobody(deals):
    state, ruleset = deals.state, deals.ruleset
    orders = directing(state, ruleset, deals.lantern, deals.kite, 4)
    after, report = step(state, ruleset, orders)
    np.testing.assert_array_equal(after.notch[deals.kite], state.notch[deals.kite])
    assert (report.refused[deals.lantern] & Refusal.BARRED).all()


@given(seed=st.integers(0, 10_000), turns=st.integers(1, 3))
def test_no_run_of_legal_deals_breaks_a_guard(deals, seed, turns):
    """Outsiders keep their floor, nobody holds itself, no subsidiary is sold its parent."""
    state, ruleset = deals.state, deals.ruleset
    floor = ruleset.rules.outside_floor
    own = np.arange(len(ruleset.companies))
    for turn in range(turns):
        orders = no_orders(state, ruleset)
        packages = deals.random(seed + turn, generous=True)
        orders = dataclasses.replace(orders, proposals=packages, signed=deals.random(seed + 50))
        generator = np.random.default_rng(seed + turn)
        orders.buy_back[:] = generator.choice([0.0, 5.0, 500.0], orders.buy_back.shape)
        orders.issue[:] = generator.choice([0.0, 0.0, 50.0], orders.issue.shape)
        before = controlled_holdings(state, ruleset)
        state, _ = step(state, ruleset, orders)
        assert (state.shares >= 0).all()
        assert (state.founders >= 0).all()
        assert (state.public >= 0).all()
        assert not state.shares[own, own].any()
        outside = state.founders + state.public
        assert (outside >= floor * shares_total(state) - 1.0).all()
        still = controlled_holdings(state, ruleset) & before
        assert not (still & (state.shares > 0)).any()


def controlled_holdings(state: State, ruleset: Ruleset) -> np.ndarray:
    """Places of the shares that subsidiaries would hold of their ultimate parents: [N, N, W]."""
    top = rights.parents(state, ruleset)
    own = np.arange(len(top))
    return np.asarray((top[:, None] == own[:, None]) & (top != own[:, None])[:, None])
