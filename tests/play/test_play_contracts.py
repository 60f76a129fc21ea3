"""Contracts: what can be settled, what settling changes, and how pledges end."""

from __future__ import annotations

import dataclasses

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from game.core.state import State
from game.play.contracts import (
    apply_packages,
    draft_package,
    legal,
    shares_for,
    visible_stakes,
)
from game.play.outcome import shares_total, stakes
from game.play.packages import DealFlag
from game.play.pledge_ends import break_pledges, expire_pledges


def accepted(packages):  # type: ignore[no-untyped-def]
    return packages.proposer >= 0


def test_the_draft_is_legal_and_makes_its_stake(deals) -> None:  # type: ignore[no-untyped-def]
    packages = deals.draft()
    assert (legal(packages, deals.state, deals.ruleset)[0] == 0).all()
    after = apply_packages(packages, accepted(packages), deals.state, deals.ruleset)
    draft = deals.ruleset.drafts[0]
    held = stakes(after)[draft.proposer, draft.counterparty]
    assert np.allclose(held, draft.stake[1], atol=1e-6)
    paid = deals.state.cash[draft.proposer] - after.cash[draft.proposer]
    assert np.allclose(paid, draft.cash[0])
    assert (after.pledge_since[after.pledge_announced > deals.state.pledge_announced] == 1).all()


@given(seed=st.integers(0, 10_000))
def test_what_is_legal_conserves_money_and_shares(deals, seed: int) -> None:  # type: ignore[no-untyped-def]
    packages = deals.random(seed)
    fine = (legal(packages, deals.state, deals.ruleset) == 0) & accepted(packages)
    for row in np.flatnonzero(fine.any(axis=1)):
        one = np.zeros_like(fine)
        one[row] = fine[row]
        after = apply_packages(packages, one, deals.state, deals.ruleset)
        moved = after.cash.sum(axis=0) - deals.state.cash.sum(axis=0)
        assert (moved <= 1e-6).all()
        for name in ("shares", "founders", "public"):
            assert (getattr(after, name) >= 0).all(), name
        new = packages.new_shares[:, row].sum(axis=0)
        back = np.zeros_like(new)
        for side in (0, 1):
            taker = (packages.counterparty, packages.proposer)[side][row]
            returned = packages.old_issuer[side, row] == taker
            back += np.where(returned, packages.old_shares[side, row], 0)
        change = shares_total(after).sum(axis=0) - shares_total(deals.state).sum(axis=0)
        assert np.array_equal(change, np.where(fine[row], new - back, 0))


def flags_of(deals, packages) -> int:  # type: ignore[no-untyped-def]
    found = legal(packages, deals.state, deals.ruleset)[0]
    assert (found == found[0]).all()
    return int(found[0])


def test_refusals_say_what_stands_in_the_way(deals) -> None:  # type: ignore[no-untyped-def]
    rich = deals.one()
    rich.cash[0, 0] = 1e7
    assert flags_of(deals, rich) & DealFlag.CASH
    assert flags_of(deals, rich) & DealFlag.AUTHORISATION
    alone = deals.one(0, 0)
    alone.cash[0, 0] = 1.0
    assert flags_of(deals, alone) & DealFlag.SELF
    assert flags_of(deals, deals.one()) & DealFlag.EMPTY
    odd = deals.one()
    odd.pledge[0, 1, 0], odd.term[0] = 1.0, 3
    assert flags_of(deals, odd) & DealFlag.TERM
    short = deals.one()
    short.old_shares[0, 0], short.old_issuer[0, 0] = 10**12, 2
    assert flags_of(deals, short) & DealFlag.SHARES
    thin = deals.one(0, 1)
    thin.new_shares[1, 0] = 10**13
    assert flags_of(deals, thin) & DealFlag.FLOOR


def signed(deals) -> State:  # type: ignore[no-untyped-def]
    packages = deals.draft()
    return apply_packages(packages, accepted(packages), deals.state, deals.ruleset)


def test_pledges_expire_at_their_term(deals) -> None:  # type: ignore[no-untyped-def]
    state = signed(deals)
    until = int(state.pledge_until.max())
    before = dataclasses.replace(state, turn=until - 1)
    assert (expire_pledges(before, deals.ruleset).pledge_announced > 0.0).any()
    after = expire_pledges(dataclasses.replace(state, turn=until), deals.ruleset)
    assert not (after.pledge_announced > 0.0).any()


def test_breaking_costs_trust_most_with_the_receiver(deals) -> None:  # type: ignore[no-untyped-def]
    state = dataclasses.replace(signed(deals), turn=1)
    mask = np.zeros_like(state.pledge_announced, dtype=bool)
    kind = deals.ruleset.kind("web_shop")
    mask[kind, deals.lantern, deals.kite] = True
    after, broken = break_pledges(state, mask, deals.ruleset)
    assert broken[kind, deals.lantern, deals.kite].all()
    lost = state.trust - after.trust
    assert (lost[deals.kite, deals.lantern] > lost[deals.harbour, deals.lantern]).all()
    assert (lost[deals.harbour, deals.lantern] > 0.0).all()
    assert np.array_equal(after.trust[:, deals.kite], state.trust[:, deals.kite])


def test_small_and_undisclosed_stakes_stay_hidden(deals) -> None:  # type: ignore[no-untyped-def]
    state, ruleset = deals.state, deals.ruleset
    shares, disclosed = state.shares.copy(), state.disclosed.copy()
    total = shares_total(state)
    disclosed[:] = False
    shares[0, 2] = shares_for(0.04, total[2])
    shares[0, 1] = shares_for(0.30, total[1])
    hidden = dataclasses.replace(state, shares=shares, disclosed=disclosed)
    seen = visible_stakes(hidden, ruleset)
    assert (seen[0, 2] == 0.0).all()
    assert (seen[0, 1] > 0.0).all()
    assert not np.allclose(seen[0, 1], stakes(hidden)[0, 1], atol=1e-6)
    told = dataclasses.replace(hidden, disclosed=np.ones_like(disclosed))
    assert np.allclose(visible_stakes(told, ruleset), stakes(told))


def test_control_cannot_be_hidden(deals) -> None:  # type: ignore[no-untyped-def]
    state = deals.state
    shares = state.shares.copy()
    shares[0, 1] = shares_for(0.6, shares_total(state)[1])
    held = dataclasses.replace(state, shares=shares)
    assert np.allclose(visible_stakes(held, deals.ruleset)[0, 1], stakes(held)[0, 1])


def test_a_draft_stands_in_its_row_alone(deals) -> None:  # type: ignore[no-untyped-def]
    packages = draft_package(deals.ruleset.drafts[0], deals.state, deals.ruleset, 3)
    assert (packages.proposer[3] >= 0).all()
    assert (np.delete(packages.proposer, 3, axis=0) < 0).all()
