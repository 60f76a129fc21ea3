"""What the hunt for money pumps has found, each mended where it came from."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from game.core.ruleset import Status
from game.core.state import State, replace
from game.play.business import business_credit
from game.play.cells import cells_of
from game.play.claims import claims_of_state, claims_worth
from game.play.contracts import apply_packages, legal
from game.play.deal_facts import facts_of_state
from game.play.legality import check
from game.play.money import control_status
from game.play.orders import Refusal, no_orders
from game.play.outcome import shares_total
from game.play.packages import DealFlag, Extra, Milestone, Packages, Term
from game.play.pairing import Pairing, TableQuotes
from game.play.terms import EXCLUSIVE_COST, EXCLUSIVE_WORTH, package_terms


def further(deals: Any, side: int, term: int = 4, **values: float) -> Packages:
    """Lantern and Kite; a side gives further clauses."""
    packages: Packages = deals.one(deals.lantern, deals.kite)
    packages.term[0] = term
    for name, value in values.items():
        packages.extra[side, Extra[name.upper()], 0] = value
    return packages


def advanced(deals: Any) -> Any:
    rules = dataclasses.replace(deals.ruleset.rules, advanced_deals=True)
    return dataclasses.replace(deals.ruleset, rules=rules)


def entered(deals: Any, packages: Packages, state: State | None = None) -> State:
    state = deals.state if state is None else state
    return apply_packages(packages, packages.proposer >= 0, state, advanced(deals))


def terms(deals: Any, packages: Packages, state: State) -> Any:
    return package_terms(packages, state, advanced(deals), deals.worth, deals.cost)[:, :, 0]


def exclusive(deals: Any, alone: bool) -> Packages:
    packages = further(deals, 0)
    kind = int(np.argmax(deals.worth[:, deals.lantern, deals.kite, 0]))
    packages.pledge[0, kind, 0] = 1.0
    packages.exclusive[0, kind, 0] = alone
    return packages


def test_whoever_renews_an_exclusive_pledge_without_exclusivity_gives_it_up(deals: Any) -> None:
    bound = entered(deals, exclusive(deals, True))
    lost = terms(deals, exclusive(deals, False), bound)
    kept = terms(deals, exclusive(deals, True), bound)
    assert (lost[1, Term.RIVAL] < 0.0).all()
    assert (lost[0, Term.DEPENDENCE] > 0.0).all()
    # given up with one renewal and won back with the next, it comes to nothing
    free = entered(deals, exclusive(deals, False))
    again = terms(deals, exclusive(deals, True), free)
    fresh = terms(deals, exclusive(deals, True), deals.state)
    np.testing.assert_allclose(again[0, Term.DEPENDENCE], fresh[0, Term.DEPENDENCE], rtol=1e-9)
    added = kept[0, Term.DEPENDENCE] - lost[0, Term.DEPENDENCE]
    np.testing.assert_allclose(added, fresh[0, Term.DEPENDENCE], rtol=1e-9)
    ratio = (kept - lost)[1, Term.RIVAL] / -added
    share = fresh[1, Term.RIVAL] / -fresh[0, Term.DEPENDENCE]
    np.testing.assert_allclose(ratio, share, rtol=1e-6)
    assert EXCLUSIVE_WORTH > EXCLUSIVE_COST


def test_a_seat_in_its_last_quarter_is_not_renewed_for_nothing(deals: Any) -> None:
    seated = entered(deals, further(deals, 1, board=1))
    fresh = terms(deals, further(deals, 1, board=1), deals.state)[:, Term.CONTROL]
    last = replace(seated, turn=int(seated.board_until.max()) - 1)
    again = terms(deals, further(deals, 1, board=1), last)[:, Term.CONTROL]
    np.testing.assert_allclose(again, fresh, rtol=1e-6)
    assert (again[1] < 0.0).all()


def test_nobody_buys_itself_out_of_an_instalment_with_the_business_it_hangs_on(
    deals: Any,
) -> None:
    ruleset = advanced(deals)
    market = int(np.flatnonzero(deals.state.on_sale[deals.kite, :, 0])[0])
    sale = further(deals, 1, business=market + 1)
    promise = {"instalment": 10.0, "milestone": float(Milestone.REVENUE), "target": 1.0}
    owed = entered(deals, further(deals, 0, **promise))
    flag = int(DealFlag.INSTALMENT)
    assert not (legal(sale, deals.state, ruleset)[0] & flag).any()
    assert (legal(sale, owed, ruleset)[0] & flag).all()
    dated = {**promise, "milestone": float(Milestone.DATE), "target": 0.0}
    by_date = entered(deals, further(deals, 0, **dated))
    assert not (legal(sale, by_date, ruleset)[0] & flag).any()
    both = further(deals, 0, **promise)
    both.extra[1, Extra.BUSINESS, 0] = market + 1
    assert (legal(both, deals.state, ruleset)[0] & flag).all()


def test_credit_on_its_sales_goes_with_a_business(deals: Any) -> None:
    ruleset = advanced(deals)
    market = int(np.flatnonzero(deals.state.on_sale[deals.kite, :, 0])[0])
    cells = cells_of(further(deals, 1, business=market + 1))
    assert cells is not None
    facts = facts_of_state(deals.state, ruleset)
    pairing = Pairing(cells, facts, ruleset, TableQuotes(deals.worth, deals.cost))
    change = business_credit(cells, pairing)
    sales = (deals.state.units * deals.state.price)[deals.kite, market, cells.lane]
    lent = np.minimum(0.5 * ruleset.rules.credit_quarters * sales, pairing.credit[1])
    np.testing.assert_allclose(change[1], -lent)
    assert (change[0] == 0.0).all(), "who is short counts no credit that it might not get"


def test_control_costs_what_rights_have_made_of_the_company(deals: Any) -> None:
    half = further(deals, 1)
    half.new_shares[1, 0] = 3 * shares_total(deals.state)[deals.kite, 0]
    plain = terms(deals, half, deals.state)[1, Term.CONTROL]
    each = float(deals.state.quote[deals.lantern, 0])
    half.extra[0, Extra.CALL_STAKE, 0] = 0.2
    half.extra[0, Extra.CALL_PRICE, 0] = 0.01 * each
    dear = terms(deals, half, deals.state)[1, Term.CONTROL]
    assert (plain < 0.0).all()
    assert (dear < plain).all()


def test_a_right_on_who_owns_its_holder_is_worth_what_comes_back(deals: Any) -> None:
    """Lantern owns a part of Kite, which has a right to Lantern's shares."""
    ruleset, state = advanced(deals), deals.state
    each = float(state.quote[deals.lantern, 0])
    shares = state.shares.copy()
    shares[deals.lantern, deals.kite] = state.founders[deals.kite] // 2
    founders = state.founders.copy()
    founders[deals.kite] -= shares[deals.lantern, deals.kite]
    held = replace(state, shares=shares, founders=founders)
    some = further(deals, 0, call_stake=0.3, call_price=0.5 * each)
    worths = []
    for world in (replace(held, shares=state.shares), held):
        after = entered(deals, some, world)
        facts = facts_of_state(after, ruleset)
        claims = claims_of_state(after)
        assert claims is not None
        stake = facts.stake if world is held else np.zeros_like(facts.stake)
        facts = dataclasses.replace(facts, stake=stake)
        equity = np.repeat(facts_of_state(state, ruleset).equity, 1, axis=0)
        total = facts_of_state(state, ruleset).total
        worths.append(claims_worth(claims, equity, total, facts, ruleset)[0][0, deals.kite])
    assert (worths[1] > worths[0]).all()


def test_a_controlled_company_does_not_dilute_its_parent_by_selling_to_the_public(
    deals: Any,
) -> None:
    ruleset, state = deals.ruleset, deals.state
    total = shares_total(state)[deals.kite]
    shares, founders = state.shares.copy(), state.founders.copy()
    moved = total // 2 + 1 + total // 1000
    shares[deals.lantern, deals.kite] = moved
    public = state.public.copy()
    public[deals.kite] = total - moved
    founders[deals.kite] = 0
    held = replace(state, shares=shares, founders=founders, public=public)
    led = control_status(held, ruleset)
    assert (led.status[deals.kite] == Status.CONTROLLED).all()
    worth = led.quote[deals.kite] * total
    for part, stands in ((0.0005, True), (0.05, False)):
        orders = no_orders(led, ruleset)
        orders.issue[deals.kite] = part * worth
        found = check(led, ruleset, orders)
        refused = (found.refused[deals.kite] & int(Refusal.CONTROLLED)) != 0
        assert (refused != stands).all()
        assert ((found.orders.issue[deals.kite] > 0.0) == stands).all()
