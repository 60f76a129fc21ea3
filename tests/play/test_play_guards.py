"""Guards of ownership and of what a business has, in waves of takeovers by creditors and auctions;
exclusive pledges bind both sides; who is found out is told to both parties alone."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.core.axes import map_worlds
from game.core.ruleset import Ruleset, Status
from game.core.state import State, replace
from game.play import money
from game.play.contracts import apply_packages, legal
from game.play.insolvency import clearing_and_default
from game.play.levers import credit_left
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.outcome import shares_total
from game.play.packages import DealFlag, Packages
from game.play.quarter import Quarter
from game.play.report import Report
from game.play.rights import controlled, parents
from game.play.turn import PHASES, step
from game.resources import find_scenario
from game.scenario.loader import Scenario, load
from game.session.headlines import headlines

WORLDS = 4
OUTSIDE = 0.11
"""Of the shares: outsiders hold hardly more than their floor before the wave."""


@pytest.fixture(scope="module")
def flagship() -> Scenario:
    return load(find_scenario("alibaba-meizu"))


def entangled(scenario: Scenario, seed: int) -> State:
    """Companies hold most of each other, owe each other and the banks, and have no cash."""
    ruleset, rng = scenario.ruleset, np.random.default_rng(seed)
    numbers = np.arange(WORLDS, dtype=np.uint64)
    state = first_state(ruleset, scenario.opening, np.full(WORLDS, seed, np.uint64), numbers)
    total, count = shares_total(state), len(state.cash)
    parts = rng.dirichlet(np.full(count, 0.15), (count, WORLDS)).transpose(2, 0, 1)
    parts = parts * (1.0 - OUTSIDE) * (rng.random((count, WORLDS)) < 0.6)
    parts[np.arange(count), np.arange(count)] = 0.0
    shares = np.floor(parts * total).astype(np.int64)
    founders = np.floor(0.02 * total).astype(np.int64)
    rest = total - shares.sum(axis=0) - founders
    state = replace(state, shares=shares, founders=founders, public=rest)
    state = replace(state, shares=np.where(above(state, ruleset), 0, state.shares))
    state = replace(state, public=total - state.shares.sum(axis=0) - state.founders)
    sales = (state.price * state.units).sum(axis=1) + 50.0
    owed = rng.random((count, count, WORLDS)) * (rng.random((count, count, WORLDS)) < 0.3)
    owed *= 12.0 * sales[:, None] * ~np.eye(count, dtype=bool)[..., None]
    line = np.maximum(credit_left(state, ruleset) + state.debt, 0.0)
    state = replace(
        state,
        cash=0.02 * sales,
        debt=line * rng.choice([0.0, 0.9], sales.shape),
        defaults=rng.integers(0, 2, sales.shape).astype("i2"),
        loan_owed=owed,
        loan_due=np.where(owed > 0.0, rng.integers(1, 4, owed.shape), 0).astype("i2"),
        loan_rate=np.where(owed > 0.0, 0.02, 0.0).astype("f4"),
    )
    return money.control_status(state, ruleset)


def above(state: State, ruleset: Ruleset) -> np.ndarray:
    """Places of the shares that a company would hold of whoever controls it: [N, N, W]."""
    top, own = parents(state, ruleset), np.arange(len(state.cash))
    direct = np.swapaxes(controlled(state, ruleset), 0, 1)
    through = (top[:, None] == own[:, None]) & (top != own[:, None])[:, None]
    return np.asarray(direct | through)


def played(scenario: Scenario, seed: int, turns: int = 3) -> list[tuple[State, State, Report]]:
    state, found = entangled(scenario, seed), []
    for _ in range(turns):
        after, report = step(state, scenario.ruleset, no_orders(state, scenario.ruleset))
        found.append((state, after, report))
        state = after
    return found


@settings(max_examples=12)
@given(seed=st.integers(0, 10_000))
def test_no_wave_of_takeovers_breaks_a_guard(flagship: Scenario, seed: int) -> None:
    ruleset = flagship.ruleset
    own, floor = np.arange(len(ruleset.companies)), ruleset.rules.outside_floor
    restructured = 0
    for before, after, report in played(flagship, seed):
        lost = before.status == Status.FAILED
        outside, total = after.founders + after.public, shares_total(after)
        assert (outside >= floor * total - len(own))[~lost].all(), "outside holders' floor"
        assert not after.shares[own, own].any()
        for table in (after.shares, after.founders, after.public):
            assert (table >= 0).all()
        still = above(after, ruleset) & above(before, ruleset)
        assert not (still & (after.shares > 0)).any(), "a subsidiary holds its parent"
        fresh = (after.shares > before.shares) & above(before, ruleset)
        assert not fresh.any(), "a subsidiary was given shares of its parent"
        grown = total - shares_total(before)
        saved = report.defaulted & ~report.failed
        part = ruleset.rules.creditor_share / (1.0 - ruleset.rules.creditor_share)
        issued = np.where(saved, np.ceil(part * shares_total(before)), 0.0)
        np.testing.assert_array_equal(grown, issued)
        restructured += int((saved & (after.shares > before.shares).any(axis=0)).sum())
    assert restructured, "the wave took nobody over"


def test_the_floor_binds_creditors_where_companies_held_most(flagship: Scenario) -> None:
    """Some takeover would have left outsiders less than their floor."""
    rules = flagship.ruleset.rules
    bound = 0
    for seed in range(6):
        before, after, report = played(flagship, seed, 1)[0]
        saved = report.defaulted & ~report.failed
        held = after.shares.sum(axis=0) / shares_total(after)
        near = held >= 1.0 - rules.outside_floor - 1e-4
        bound += int((saved & near & (after.shares > before.shares).any(axis=0)).sum())
    assert bound


def defaults_settled(state: State, ruleset: Ruleset) -> tuple[State, State, np.ndarray]:
    """The state before and after defaults are settled, and who bought what."""
    quarter = Quarter(state, ruleset, no_orders(state, ruleset))
    before = state
    for phase in PHASES:
        if phase is clearing_and_default:
            before = map_worlds(quarter.state, np.copy)
        phase(quarter)
        if phase is clearing_and_default:
            break
    return before, quarter.state, quarter.noted("sold_to")


@pytest.mark.parametrize("seed", range(4))
def test_what_a_sold_business_has_goes_to_its_buyer(flagship: Scenario, seed: int) -> None:
    rules = dataclasses.replace(flagship.ruleset.rules, restructurings=0)
    ruleset = dataclasses.replace(flagship.ruleset, rules=rules)
    state = entangled(flagship, seed)
    before, after, sold_to = defaults_settled(state, ruleset)
    np.testing.assert_array_equal(after.system_base, before.system_base)  # devices stay in use
    np.testing.assert_array_equal(after.apps, before.apps)
    seen = 0
    for company, market, lane in np.argwhere(sold_to >= 0).tolist():
        buyer = int(sold_to[company, market, lane])
        assert after.base[company, market, lane] == 0.0
        assert not after.on_sale[company, market, lane]
        several = (sold_to[:, market, lane] >= 0).sum() > 1
        if several or after.status[buyer, lane] == Status.FAILED:
            continue  # sold on, or bought with another: the order decides
        seen += 1
        was_there = bool(before.on_sale[buyer, market, lane])
        kept = rules.line_kept if was_there else 1.0
        ours = kept * before.base[company, market, lane]
        theirs = before.base[buyer, market, lane] if was_there else 0.0
        assert after.base[buyer, market, lane] == pytest.approx(ours + theirs)
        if ours + theirs > 1e-9:
            mixed = ours * before.base_mix[company, market, :, lane]
            mixed = mixed + theirs * before.base_mix[buyer, market, :, lane]
            found = after.base_mix[buyer, market, :, lane]
            np.testing.assert_allclose(found, mixed / (ours + theirs), rtol=1e-5, atol=1e-6)
        both = before.acceptance[[company, buyer], market, lane]
        assert after.acceptance[buyer, market, lane] == both.max()
    assert seen


# ------------------------------------------------------------------ exclusive pledges


def promise(deals: Any, giver: int, taker: int, kind: int, alone: bool, side: int) -> Packages:
    """A pledge tabled by its giver (side 0) or by its taker (side 1)."""
    one, other = (giver, taker) if side == 0 else (taker, giver)
    packages: Packages = deals.one(one, other)
    packages.pledge[side, kind, 2 * one] = 0.8
    packages.exclusive[side, kind, 2 * one] = alone
    return packages


def settled(deals: Any, packages: Packages) -> State:
    accepted = packages.proposer >= 0
    return apply_packages(packages, accepted, deals.state, deals.ruleset)


def lendable(deals: Any) -> int:
    """A kind that Lantern can give both others."""
    for kind in range(len(deals.ruleset.pledges)):
        flags = [
            legal(promise(deals, deals.lantern, taker, kind, False, 0), deals.state, deals.ruleset)
            for taker in (deals.kite, deals.harbour)
        ]
        if all((found[0] == 0).all() for found in flags):
            return kind
    raise AssertionError("Lantern has nothing to lend")


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("then", [0, 1])
def test_an_exclusive_pledge_binds_whoever_tabled_it(deals: Any, side: int, then: int) -> None:
    kind, ruleset = lendable(deals), deals.ruleset
    bound = settled(deals, promise(deals, deals.lantern, deals.kite, kind, True, side))
    assert bound.pledge_exclusive[kind, deals.lantern, deals.kite].all()
    row = 2 * (deals.lantern if then == 0 else deals.harbour)
    more = promise(deals, deals.lantern, deals.harbour, kind, False, then)
    assert (legal(more, bound, ruleset)[row] & int(DealFlag.EXCLUSIVE)).all()
    free = settled(deals, promise(deals, deals.lantern, deals.kite, kind, False, side))
    assert not (legal(more, free, ruleset)[row] & int(DealFlag.EXCLUSIVE)).any()
    alone = promise(deals, deals.lantern, deals.harbour, kind, True, then)
    assert (legal(alone, free, ruleset)[row] & int(DealFlag.EXCLUSIVE)).all()


def test_the_receiver_of_an_exclusive_pledge_takes_it_from_nobody_else(deals: Any) -> None:
    kind, ruleset = lendable(deals), deals.ruleset
    assert ruleset.pledges[kind].givers == 1
    bound = settled(deals, promise(deals, deals.lantern, deals.kite, kind, True, 0))
    other = promise(deals, deals.harbour, deals.kite, kind, False, 0)
    flags = legal(other, bound, ruleset)[2 * deals.harbour]
    assert (flags & int(DealFlag.RECEIVER_FULL)).all()


# ------------------------------------------------------------------ found out


def test_who_is_found_out_is_told_to_both_parties_alone(flagship: Scenario) -> None:
    ruleset = flagship.ruleset
    numbers = np.arange(2, dtype=np.uint64)
    state = first_state(ruleset, flagship.opening, np.full(2, 3, np.uint64), numbers)
    giver, finder = ruleset.company("alibaba"), ruleset.company("meizu")
    kind, tables = ruleset.kind("data"), {}
    for name, value in {
        "pledge_announced": 1.0, "pledge_effort": 0.4, "pledge_since": -2, "pledge_until": 8,
    }.items():  # fmt: skip
        tables[name] = getattr(state, name).copy()
        tables[name][kind, giver, finder] = value
    state = replace(state, **tables)
    orders = no_orders(state, ruleset)
    orders.investigate[finder] = giver
    after, report = step(state, ruleset, orders)
    assert report.exposed[finder, giver].all()
    assert report.exposed.sum() == 2
    told = [
        any(item.key.endswith("exposed") for item in headlines(state, after, report, ruleset, seat))
        for seat in range(len(ruleset.companies))
    ]
    assert [seat for seat, heard in enumerate(told) if heard] == sorted((giver, finder))
    lost = state.trust[finder, giver] * ruleset.rules.trust_decay - after.trust[finder, giver]
    assert (lost > 0.5 * ruleset.rules.exposed_trust).all()
