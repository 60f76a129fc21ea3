"""Companies sold whole: for cash, for shares, for both."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.ruleset import Ruleset, Status
from game.core.state import State, replace
from game.play.contracts import apply_packages, legal
from game.play.orders import no_orders
from game.play.outcome import return_to_holders, shares_total, stakes
from game.play.packages import DealFlag, Extra, Packages, Term
from game.play.rights import controlled
from game.play.settlement import settle
from game.play.statements import statements
from game.play.takeover import NOMINEE
from game.play.terms import package_terms
from game.play.turn import step


@pytest.fixture(scope="module")
def ruleset(deals: Any) -> Ruleset:
    """The lesson's rules with every clause, and money for everybody to buy with."""
    rules = dataclasses.replace(deals.ruleset.rules, advanced_deals=True)
    return dataclasses.replace(deals.ruleset, rules=rules)


@pytest.fixture(scope="module")
def start(deals: Any) -> State:
    """Harbour holds a tenth of Kite; Lantern is rich."""
    state = deals.state
    shares, public = state.shares.copy(), state.public.copy()
    tenth = shares_total(state)[deals.kite] // 10
    shares[deals.harbour, deals.kite] = tenth
    public[deals.kite] -= np.minimum(tenth, public[deals.kite])
    founders = state.founders.copy()
    founders[deals.kite] = shares_total(state)[deals.kite] - tenth - public[deals.kite]
    cash, may = state.cash.copy(), state.authorisation.copy()
    cash[deals.lantern] += 5000.0
    may[:] = 1e6
    return replace(
        state, shares=shares, public=public, founders=founders, cash=cash, authorisation=may
    )


def sold(deals: Any, cash: float = 700.0, shares: int = 0) -> Packages:
    """Lantern buys Kite."""
    packages: Packages = deals.one(deals.lantern, deals.kite)
    packages.extra[1, Extra.WHOLE, 0] = 1.0
    packages.cash[0, 0], packages.new_shares[0, 0] = cash, shares
    return packages


def entered(packages: Packages, state: State, ruleset: Ruleset) -> State:
    """The state after the package."""
    assert (legal(packages, state, ruleset)[0] == 0).all()
    return apply_packages(packages, packages.proposer >= 0, state, ruleset)


@pytest.mark.parametrize(("cash", "part"), [(700.0, 0.0), (0.0, 0.2), (300.0, 0.1)])
def test_every_holder_gets_its_part(
    deals: Any, start: State, ruleset: Ruleset, cash: float, part: float
) -> None:
    lantern, kite, harbour = deals.lantern, deals.kite, deals.harbour
    issued = int(shares_total(start)[lantern, 0] * part)
    after = entered(sold(deals, cash, issued), start, ruleset)
    held = stakes(start)[harbour, kite]
    np.testing.assert_allclose(after.cash[harbour] - start.cash[harbour], cash * held)
    np.testing.assert_allclose(start.cash[lantern] - after.cash[lantern], cash)
    np.testing.assert_allclose(after.cash[kite], start.cash[kite])
    got = after.shares[harbour, lantern] - start.shares[harbour, lantern]
    assert (got == np.floor(issued * held + 1e-9)).all()
    grown = shares_total(after) - shares_total(start)
    assert (grown[lantern] == issued).all()
    assert (grown[[kite, harbour]] == 0).all()
    assert (after.public[kite] == NOMINEE).all()
    assert (after.founders[kite] == 0).all()
    assert (after.shares[lantern, kite] == shares_total(start)[kite] - NOMINEE).all()
    assert controlled(after, ruleset)[lantern, kite].all()
    for name in ("shares", "founders", "public"):
        assert (getattr(after, name) >= 0).all(), name


def test_a_sale_ties_in_the_books_and_its_parent_leads(
    deals: Any, start: State, ruleset: Ruleset
) -> None:
    issued = int(shares_total(start)[deals.lantern, 0] * 0.1)
    packages = sold(deals, 900.0, issued)
    orders = dataclasses.replace(no_orders(start, ruleset), proposals=packages)
    result = settle(start, ruleset, packages, deals.none(), deals.worth, deals.cost)
    assert result.accepted[0].all()
    gone = start.cash.sum(axis=0) - result.state.cash.sum(axis=0)
    lost = (result.flows.advisers + result.flows.to_founders).sum(axis=0)
    np.testing.assert_allclose(gone, lost)
    after, report = step(start, ruleset, orders)
    assert (np.abs(statements(start, after, report).differences()) <= 1e-6).all()
    assert (after.status[deals.kite] == Status.CONTROLLED).all()
    kept = return_to_holders(after)[deals.kite]
    for _ in range(3):
        before, (after, report) = after, step(after, ruleset, no_orders(after, ruleset))
        assert (np.abs(statements(before, after, report).differences()) <= 1e-6).all()
        assert np.isfinite(after.value).all()
    np.testing.assert_allclose(return_to_holders(after)[deals.kite], kept)
    assert (after.value[deals.kite] < 1.0).all()


def test_a_sale_holds_nothing_else(deals: Any, start: State, ruleset: Ruleset) -> None:
    flag = int(DealFlag.WHOLE)
    unpaid, more, back = sold(deals, 0.0), sold(deals), sold(deals)
    more.cash[1, 0] = 1.0
    back.extra[0, Extra.STANDSTILL, 0] = 1.0
    for packages in (unpaid, more, back):
        assert (legal(packages, start, ruleset)[0] & flag).all()
    call = deals.one(deals.harbour, deals.kite, 0)
    call.extra[1, Extra.CALL_STAKE, 0], call.extra[1, Extra.CALL_PRICE, 0] = 0.1, 1.0
    bound = apply_packages(call, call.proposer >= 0, start, ruleset)
    assert (legal(sold(deals), bound, ruleset)[0] & flag).all()
    again = entered(sold(deals), start, ruleset)
    assert (legal(sold(deals), again, ruleset)[0] & flag).all()


def test_a_subsidiary_cannot_buy_its_parent(deals: Any, start: State, ruleset: Ruleset) -> None:
    after = entered(sold(deals), start, ruleset)
    turned: Packages = deals.one(deals.kite, deals.lantern, 0)
    turned.extra[1, Extra.WHOLE, 0], turned.cash[0, 0] = 1.0, 1.0
    assert (legal(turned, after, ruleset)[0] & int(DealFlag.PARENT)).all()


def test_what_the_buyer_pays_is_what_the_holders_get(
    deals: Any, start: State, ruleset: Ruleset
) -> None:
    issued = int(shares_total(start)[deals.lantern, 0] * 0.1)

    def terms(cash: float) -> Any:
        packages = sold(deals, cash, issued)
        return package_terms(packages, start, ruleset, deals.worth, deals.cost)[:, :, 0]

    low, high = terms(500.0), terms(600.0)
    np.testing.assert_allclose(low[:, Term.DILUTION], -low[::-1, Term.STAKE])
    gained = (high - low).sum(axis=1)
    np.testing.assert_allclose(gained[1], -gained[0], rtol=1e-6)
    assert (low[0, Term.CONTROL] > 0.0).all()
    assert (low[1, Term.CONTROL] < 0.0).all()


@given(seed=st.integers(0, 10_000))
def test_any_sale_beside_any_deal_keeps_the_laws(
    deals: Any, start: State, ruleset: Ruleset, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    packages = deals.random(seed)
    whole = rng.random(packages.proposer.shape) < 0.3
    for name in ("cash", "new_shares", "old_shares", "pledge", "loan"):
        table = getattr(packages, name)
        table[1] = np.where(whole, 0, table[1])
        if name not in ("cash", "new_shares"):
            table[0] = np.where(whole, 0, table[0])
    packages.cash[0] += np.where(whole, 2500.0, 0.0)
    packages.extra[1, Extra.WHOLE] = whole
    state = replace(start, cash=start.cash + 3000.0)
    orders = dataclasses.replace(no_orders(state, ruleset), proposals=packages)
    with np.errstate(all="raise", under="ignore"):
        after, report = step(state, ruleset, orders)
        assert (np.abs(statements(state, after, report).differences()) <= 1e-6).all()
        before, (after, report) = after, step(after, ruleset, no_orders(after, ruleset))
    assert (np.abs(statements(before, after, report).differences()) <= 1e-6).all()
    for name in ("shares", "founders", "public"):
        assert (getattr(after, name) >= 0).all(), name
