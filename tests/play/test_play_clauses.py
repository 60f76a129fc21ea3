"""Seats, standstills, options, promises not to compete, pledges bound to regions."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.axes import array_fields
from game.core.ruleset import CLAUSE_SLOTS, Ruleset, Status
from game.core.state import LET_IN, State, replace
from game.play.clauses import end_clauses, end_clauses_of, named_markets
from game.play.contracts import apply_packages, legal
from game.play.macro import may_enter, selling
from game.play.orders import Exercise, Refusal, no_orders
from game.play.outcome import shares_total, stakes
from game.play.packages import DealFlag, Extra, Packages, Term
from game.play.pledges import arriving, pledge_effects
from game.play.report import Line
from game.play.settlement import settle
from game.play.statements import statements
from game.play.terms import package_terms
from game.play.turn import step

SIDES = (0, 1)


def advanced(deals: Any) -> Ruleset:
    """The lesson's rules with every clause allowed."""
    rules = dataclasses.replace(deals.ruleset.rules, advanced_deals=True)
    return dataclasses.replace(deals.ruleset, rules=rules)


def further(deals: Any, side: int = 1, **values: float) -> Packages:
    """Lantern and Kite; one side gives further clauses."""
    packages: Packages = deals.one(deals.lantern, deals.kite)
    for name, value in values.items():
        packages.extra[side, Extra[name.upper()], 0] = value
    return packages


def settled(deals: Any, packages: Packages, state: State | None = None) -> State:
    """The state after a package is entered."""
    state = deals.state if state is None else state
    return apply_packages(packages, packages.proposer >= 0, state, deals.ruleset)


def quiet(state: State, ruleset: Ruleset, turns: int) -> State:
    """Some quarters later, nobody orders anything."""
    for _ in range(turns):
        state, _ = step(state, ruleset, no_orders(state, ruleset))
    return state


def terms_of(deals: Any, packages: Packages, ruleset: Ruleset | None = None) -> Any:
    """[X, T, W]."""
    rules = ruleset or deals.ruleset
    return package_terms(packages, deals.state, rules, deals.worth, deals.cost)[:, :, 0]


def test_packages_have_a_slot_for_every_clause(deals: Any) -> None:
    assert len(Extra) == CLAUSE_SLOTS
    assert deals.none().extra.shape[1] == CLAUSE_SLOTS


@pytest.mark.parametrize(
    ("side", "values", "flag"),
    [
        (1, {"board": 2.0}, DealFlag.CLAUSE),
        (0, {"standstill": -1.0}, DealFlag.CLAUSE),
        (1, {"board": np.nan}, DealFlag.CLAUSE),
        (1, {"call_stake": 0.1}, DealFlag.OPTION),
        (1, {"call_price": 1.0}, DealFlag.OPTION),
        (1, {"call_stake": 1.0, "call_price": 1.0}, DealFlag.OPTION),
        (1, {"call_stake": 0.95, "call_price": 1.0}, DealFlag.FLOOR),
        (1, {"non_compete": 1.0}, DealFlag.ADVANCED),
        (1, {"instalment": 1.0}, DealFlag.ADVANCED),
        (1, {"whole": 1.0}, DealFlag.ADVANCED),
        (1, {"venture": 1.0}, DealFlag.VENTURE),
    ],
)
def test_what_stands_in_the_way(
    deals: Any, side: int, values: dict[str, float], flag: DealFlag
) -> None:
    found = legal(further(deals, side, **values), deals.state, deals.ruleset)[0]
    assert (found & int(flag)).all()


def test_plain_further_clauses_are_legal_and_need_a_term(deals: Any) -> None:
    packages = further(deals, board=1, call_stake=0.1, call_price=1e-3)
    packages.extra[0, Extra.STANDSTILL, 0] = 1
    assert (legal(packages, deals.state, deals.ruleset)[0] == 0).all()
    packages.term[0] = 5
    assert (legal(packages, deals.state, deals.ruleset)[0] & int(DealFlag.TERM)).all()


# ------------------------------------------------------------------------- seats, standstill


def test_a_seat_by_contract_lasts_its_term_and_opens_the_books(deals: Any) -> None:
    packages = further(deals, board=1)
    packages.term[0] = 4
    after = settled(deals, packages)
    pair = (deals.lantern, deals.kite)
    assert not deals.state.board[pair].any()
    assert after.board[pair].all()
    assert (after.board_until[pair] == 5).all()
    assert quiet(after, deals.ruleset, 4).board[pair].all()
    later = quiet(after, deals.ruleset, 5)
    assert not later.board[pair].any()
    assert not later.board_until.any()


def test_shares_that_move_leave_a_seat_by_contract(deals: Any) -> None:
    after = settled(deals, further(deals, board=1))
    bought = deals.one(deals.harbour, deals.kite)
    bought.new_shares[1] = 1000
    moved = settled(deals, bought, after)
    assert moved.board[deals.lantern, deals.kite].all()
    assert not moved.board[deals.harbour, deals.kite].any()


def test_a_seat_that_ends_leaves_a_seat_by_stake(deals: Any) -> None:
    packages = further(deals, board=1)
    total = shares_total(deals.state)[deals.kite, 0]
    packages.new_shares[1, 0] = total // 2
    after = settled(deals, packages)
    over = end_clauses(dataclasses.replace(after, turn=99), deals.ruleset)
    assert over.board[deals.lantern, deals.kite].all()


def test_a_standstill_bars_every_way_to_shares(deals: Any) -> None:
    after = settled(deals, further(deals, 0, standstill=1))
    assert (after.standstill_until[deals.lantern, deals.kite] > 0).all()
    new, call = further(deals), further(deals, call_stake=0.1, call_price=1.0)
    new.new_shares[1, 0] = 1000
    founders, through = further(deals), deals.one(deals.harbour, deals.lantern)
    founders.old_shares[1, 0], founders.old_issuer[1, 0] = 1000, deals.kite
    through.old_shares[0], through.old_issuer[0] = 10, deals.kite
    flag = int(DealFlag.STANDSTILL)
    for packages, row in ((new, 0), (call, 0), (founders, 0), (through, 2 * deals.harbour)):
        assert (legal(packages, after, deals.ruleset)[row] & flag).all()
        assert not (legal(packages, deals.state, deals.ruleset)[row] & flag).any()
    back = further(deals, 0)
    back.new_shares[0, 0] = 1000
    assert not (legal(back, after, deals.ruleset)[0] & flag).any()
    over = end_clauses(dataclasses.replace(after, turn=99), deals.ruleset)
    assert not over.standstill_until.any()


def test_a_seat_is_won_and_lost_alike_and_a_standstill_calms_by_what_is_held(deals: Any) -> None:
    seat = terms_of(deals, further(deals, board=1))[:, Term.CONTROL]
    assert (seat[0] > 0.0).all()
    np.testing.assert_allclose(seat[0], -seat[1])
    calm = terms_of(deals, further(deals, 0, standstill=1))[:, Term.CONTROL]
    np.testing.assert_allclose(calm, 0.0)
    packages, plain = further(deals, 0, standstill=1), further(deals, 0)
    for one in (packages, plain):
        one.new_shares[1, 0] = shares_total(deals.state)[deals.kite, 0] // 10
    gain = (terms_of(deals, packages) - terms_of(deals, plain))[:, Term.CONTROL]
    assert (gain[1] > 0.0).all()
    assert (gain[0] < 0.0).all()


# ------------------------------------------------------------------------------------ options


def optioned(deals: Any, part: float = 0.1, price: float = 0.5) -> tuple[State, int]:
    """Lantern may buy part of Kite at part of its worth; the state and how many shares."""
    each = float(deals.state.quote[deals.kite, 0])
    packages = further(deals, call_stake=part, call_price=price * each)
    packages.term[0] = 4
    after = settled(deals, packages)
    return after, int(after.call_shares[deals.lantern, deals.kite, 0])


def use(state: State, ruleset: Ruleset, holder: int, issuer: int, right: int = 1) -> Any:
    """Orders that use a right and nothing else."""
    orders = no_orders(state, ruleset)
    orders.exercise[holder, issuer] = right
    return orders


def test_an_option_makes_its_stake(deals: Any) -> None:
    after, count = optioned(deals)
    total = int(shares_total(after)[deals.kite, 0])
    assert abs(count / (total + count) - 0.1) < 1e-6
    assert (after.call_until[deals.lantern, deals.kite] == 5).all()
    again = further(deals, call_stake=0.1, call_price=1.0)
    assert (legal(again, after, deals.ruleset)[0] & int(DealFlag.OPTION)).all()


def test_using_an_option_moves_its_price_and_its_shares_to_the_cent(deals: Any) -> None:
    before, count = optioned(deals)
    lantern, kite = deals.lantern, deals.kite
    state, report = step(before, deals.ruleset, use(before, deals.ruleset, lantern, kite))
    price = count * float(before.call_price[lantern, kite, 0])
    np.testing.assert_allclose(report.lines[Line.SHARES_SOLD, kite], price)
    np.testing.assert_allclose(report.lines[Line.STAKES_BOUGHT, lantern], -price)
    assert (state.shares[lantern, kite] - before.shares[lantern, kite] == count).all()
    assert (shares_total(state) - shares_total(before)).sum() == count * deals.worlds
    assert (report.exercised[lantern, kite] == Exercise.CALL).all()
    assert not state.call_until.any()
    assert not state.call_shares.any()
    assert (np.abs(statements(before, state, report).differences()) <= 1e-7).all()


def test_an_option_lapses_when_nobody_uses_it(deals: Any) -> None:
    state, _ = optioned(deals)
    last = quiet(state, deals.ruleset, 4)
    assert last.call_until.any()
    over = quiet(last, deals.ruleset, 1)
    assert not over.call_until.any()
    assert not over.call_shares.any()
    orders = use(over, deals.ruleset, deals.lantern, deals.kite)
    after, report = step(over, deals.ruleset, orders)
    assert (report.refused[deals.lantern] & int(Refusal.NOT_THERE)).all()
    assert (after.shares == over.shares).all()


def test_an_option_that_cannot_be_paid_stays_open(deals: Any) -> None:
    state, _ = optioned(deals)
    cash = state.cash.copy()
    cash[deals.lantern] = 0.01
    poor = replace(state, cash=cash)
    after, report = step(poor, deals.ruleset, use(poor, deals.ruleset, deals.lantern, deals.kite))
    assert (report.refused[deals.lantern] & int(Refusal.CASH)).all()
    assert (after.call_until == state.call_until).all()


def test_an_option_is_a_transfer_that_grows_with_its_term_and_falls_with_its_price(
    deals: Any,
) -> None:
    each = float(deals.state.quote[deals.kite, 0])

    def worth(term: int, price: float) -> Any:
        packages = further(deals, call_stake=0.1, call_price=price * each)
        packages.term[0] = term
        found = terms_of(deals, packages)[:, Term.OPTION]
        np.testing.assert_allclose(found[0], -found[1])
        return found[0]

    assert (worth(4, 1.0) > 0.0).all()
    assert (worth(12, 1.0) > worth(4, 1.0)).all()
    assert (worth(12, 2.0) < worth(12, 1.0)).all()


# ------------------------------------------------------------------------------- non-compete


def test_a_number_names_a_market_or_a_whole_sector(deals: Any) -> None:
    ruleset = deals.ruleset
    markets, sectors = len(ruleset.markets), len(ruleset.sectors)
    every = named_markets(np.arange(1.0, markets + 1.0), ruleset)
    assert np.array_equal(every, np.eye(markets, dtype=bool))
    for sector in range(sectors):
        named = named_markets(np.array([-1.0 - sector]), ruleset)[0]
        assert np.array_equal(named, ruleset.market_sector == sector)
    nothing = np.array([0.0, markets + 1.0, -sectors - 1.0, 0.5])
    assert not named_markets(nothing, ruleset).any()


def test_a_promise_not_to_compete_bars_entry_and_nothing_else(deals: Any) -> None:
    ruleset = advanced(deals)
    free = ~(deals.state.on_sale | (deals.state.entry_due >= 0)).any(axis=2)
    open_ = free & ruleset.may_enter
    company, market = np.argwhere(open_)[0].tolist()
    other = (company + 1) % len(ruleset.companies)
    packages = deals.one(company, other)
    packages.extra[0, Extra.NON_COMPETE, 2 * company] = market + 1
    packages.term[2 * company] = 4
    row = 2 * company
    assert not (legal(packages, deals.state, ruleset)[row] & int(DealFlag.NON_COMPETE)).any()
    barred = deals.state.barred_until.copy()
    barred[company, market] = LET_IN
    let_in = replace(deals.state, barred_until=barred)
    after = settled(deals, packages, let_in)
    assert not may_enter(after, ruleset)[company, market].any()
    assert np.array_equal(selling(after), selling(deals.state))
    assert (after.barred_until[company, market] == LET_IN).all()
    later = dataclasses.replace(after, turn=5)
    assert may_enter(later, ruleset)[company, market].all()
    sells = np.argwhere(deals.state.on_sale[..., 0])[0].tolist()
    packages = deals.one(sells[0], (sells[0] + 1) % len(ruleset.companies))
    packages.extra[0, Extra.NON_COMPETE, 2 * sells[0]] = sells[1] + 1
    found = legal(packages, deals.state, ruleset)[2 * sells[0]]
    assert (found & int(DealFlag.NON_COMPETE)).all()


# ------------------------------------------------------------------------------------ regions


def test_a_pledge_bound_to_a_region_works_and_costs_there_alone(deals: Any) -> None:
    ruleset = deals.ruleset
    kind = ruleset.kind("web_shop")
    regions = len(ruleset.regions)
    costs, parts = [], []
    for bits in (0, *(1 << region for region in range(regions))):
        packages = deals.one(deals.lantern, deals.kite)
        packages.pledge[0, kind, 0], packages.regions[0, kind, 0] = 1.0, bits
        assert (legal(packages, deals.state, ruleset)[0] == 0).all()
        terms = terms_of(deals, packages)
        costs.append(terms[0, Term.GIVING])
        parts.append(terms[1, Term.EARNINGS])
        after = dataclasses.replace(settled(deals, packages), turn=3)
        listed = arriving(after, ruleset)
        bound = listed.regions[listed.kind == kind]
        assert (np.maximum(bound, 0) == bits).any()
        effects = pledge_effects(after, ruleset)
        lent = effects.lent[deals.kite].sum(axis=(1, 2)) > 0.0
        outside = (bits >> ruleset.market_region) & 1 == 0 if bits else np.zeros(lent.shape, bool)
        assert not lent[outside].any()
    np.testing.assert_allclose(sum(parts[1:]), parts[0])
    np.testing.assert_allclose(sum(costs[1:]), costs[0])
    odd = deals.one(deals.lantern, deals.kite)
    odd.pledge[0, kind, 0], odd.regions[0, kind, 0] = 1.0, 1 << regions
    assert (legal(odd, deals.state, ruleset)[0] & int(DealFlag.REGION)).all()


# -------------------------------------------------------------------------------------- laws


@given(seed=st.integers(0, 10_000))
def test_the_terms_of_any_clauses_are_numbers_and_money_stays(deals: Any, seed: int) -> None:
    rng = np.random.default_rng(seed)
    ruleset = advanced(deals)
    packages = deals.random(seed)
    scale = {Extra.CALL_STAKE: 0.2, Extra.CALL_PRICE: 1e-4}
    for slot in (Extra.BOARD, Extra.STANDSTILL, *scale):
        given_ = rng.random(packages.cash.shape) < 0.5
        packages.extra[:, slot] = given_ * scale.get(slot, 1.0)
    packages.regions[:] = rng.integers(0, 1 << len(ruleset.regions), packages.regions.shape)
    with np.errstate(all="raise", under="ignore"):
        result = settle(deals.state, ruleset, packages, deals.none(), deals.worth, deals.cost)
    assert np.isfinite(result.answers.terms).all()
    gone = deals.state.cash.sum(axis=0) - result.state.cash.sum(axis=0)
    lost = (result.flows.advisers + result.flows.to_founders).sum(axis=0)
    np.testing.assert_allclose(gone, lost, atol=1e-6)


def test_mirrored_clauses_are_worth_the_same_to_the_same(deals: Any) -> None:
    packages = further(deals, board=1, call_stake=0.1, call_price=1e-4)
    packages.extra[0, Extra.STANDSTILL, 0] = 1
    terms = terms_of(deals, packages)
    turned = deals.mirrored(packages)
    back = package_terms(turned, deals.state, deals.ruleset, deals.worth, deals.cost)[:, :, 0]
    for term in (Term.CONTROL, Term.OPTION):
        np.testing.assert_allclose(terms[:, term], back[::-1, term])


def test_what_bound_a_company_that_is_gone_is_gone(deals: Any) -> None:
    packages = further(deals, board=1, call_stake=0.1, call_price=1e-4)
    packages.extra[0, Extra.STANDSTILL, 0] = 1
    after = settled(deals, packages)
    gone = after.status == Status.FAILED
    assert end_clauses_of(after, gone) is after
    gone[deals.kite] = True
    freed = end_clauses_of(after, gone)
    for name in ("board_until", "standstill_until", "call_shares", "call_until"):
        assert getattr(after, name).any(), name
        assert not getattr(freed, name).any(), name


def test_settling_writes_into_nothing_that_was_there(deals: Any) -> None:
    packages = further(deals, board=1, call_stake=0.1, call_price=1e-4)
    packages.extra[0, Extra.STANDSTILL, 0] = 1
    before = {f.name: getattr(deals.state, f.name).copy() for f in array_fields(State)}
    settled(deals, packages)
    for name, array in before.items():
        same = np.array_equal(getattr(deals.state, name), array, equal_nan=array.dtype.kind == "f")
        assert same, name
    assert np.isfinite(stakes(deals.state)).all()
