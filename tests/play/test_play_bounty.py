"""Bounties: what owners of services pay by device moves prices and both ledgers, and makes no
money."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.economy.service import bounty_a_device
from game.play.bounty import bounty_kinds, device_markets
from game.play.explain.answers import explain
from game.play.explain.causes import Cause, Key, Measure
from game.play.explain.watch import Watched, watch
from game.play.observation_build import observe
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.pledge_facts import facts_of_state
from game.play.pledge_spots import PledgeSpots
from game.play.pledge_value import PledgeValues, pledge_worth_of_state
from game.play.report import Line
from game.play.services import within_cap
from game.play.turn import step
from game.policies.desk import Desk
from game.scenario.loader import Scenario, load

WORLDS = 3
MAKER, OWNER = "meizu", "alibaba"


@pytest.fixture(scope="module")
def flagship(root: Path) -> Scenario:
    return load(root / "scenarios" / "alibaba-meizu.yaml")


def paying(ruleset: Ruleset, bounty: float) -> Ruleset:
    """The scenario with another bounty on its one kind of preload pledge."""
    (index,) = bounty_kinds(ruleset)
    kinds = list(ruleset.pledges)
    kinds[index] = dataclasses.replace(kinds[index], bounty=bounty)
    return dataclasses.replace(ruleset, pledges=tuple(kinds))


def pledged(scenario: Scenario, strength: float = 1.0, **changes: float) -> State:
    """The start with a maker's pledge to an owner of services in all worlds but the last."""
    ruleset = scenario.ruleset
    numbers = np.arange(WORLDS, dtype=np.uint64)
    state = first_state(ruleset, scenario.opening, np.full(WORLDS, 7, np.uint64), numbers)
    (index,) = bounty_kinds(ruleset)
    place = (index, ruleset.company(MAKER), ruleset.company(OWNER), slice(0, WORLDS - 1))
    fields = {
        "pledge_announced": strength, "pledge_effort": 1.0, "pledge_until": state.turn + 12,
        "pledge_since": state.turn - ruleset.rules.ramp,
    } | changes  # fmt: skip
    tables = {}
    for name, value in fields.items():
        tables[name] = getattr(state, name).copy()
        tables[name][place] = value
    return replace(state, **tables)


def seen(state: State, ruleset: Ruleset) -> Watched:
    return watch(state, ruleset, no_orders(state, ruleset))


def test_law_by_hand() -> None:
    np.testing.assert_array_equal(bounty_a_device(4.0, np.array([0.0, 0.25, 1.0])), [0, 1, 4])


@given(bounty=st.floats(0.5, 40.0), strength=st.floats(0.05, 1.0), rate=st.floats(-0.3, 0.3))
def test_what_one_pays_the_other_gets_and_nobody_else_notices(
    flagship: Scenario, bounty: float, strength: float, rate: float
) -> None:
    ruleset, state = paying(flagship.ruleset, bounty), pledged(flagship, strength)
    state = replace(state, fx=state.fx + rate)
    after, report = step(state, ruleset, no_orders(state, ruleset))
    got, paid = report.lines[Line.BOUNTY_INCOME], report.lines[Line.BOUNTY_COST]
    maker, owner = (ruleset.company(uid) for uid in (MAKER, OWNER))
    np.testing.assert_array_equal(got.sum(axis=0), -paid.sum(axis=0))
    (index,) = bounty_kinds(ruleset)
    devices = device_markets(ruleset, index)
    sold = after.units[maker, devices] * np.exp(rate)
    works = (ruleset.scope[index][ruleset.market_sector] > 0.0) & ~ruleset.durable
    serves = np.array([
        state.on_sale[owner][(ruleset.market_region == region) & works].any()
        for region in ruleset.market_region[devices]
    ])  # fmt: skip
    expected = bounty * strength * (sold * serves[:, None]).sum(axis=0)
    np.testing.assert_allclose(got[maker, :-1], expected[:-1], rtol=1e-9)
    assert got[maker, :-1].min() > 0.0
    assert not got[:, -1].any()
    others = [one for one in range(len(got)) if one not in (maker, owner)]
    assert not got[others].any()
    assert not paid[others].any()


def test_without_a_bounty_the_pledge_costs_and_pays_what_it_did(flagship: Scenario) -> None:
    ruleset, state = paying(flagship.ruleset, 0.0), pledged(flagship)
    assert bounty_kinds(ruleset) == ()
    _, report = step(state, ruleset, no_orders(state, ruleset))
    assert not report.lines[[Line.BOUNTY_INCOME, Line.BOUNTY_COST]].any()
    assert seen(state, ruleset).quarter.pricing.bounty is None


def test_it_lowers_the_maker_s_price_up_to_the_cap(flagship: Scenario) -> None:
    state, prices = pledged(flagship), []
    line = (flagship.ruleset.company(MAKER), flagship.ruleset.market("smartphones/china"))
    for bounty in (1.0, 10.0, 1e4, 2e4):
        ruleset = paying(flagship.ruleset, bounty)
        prices.append(step(state, ruleset, no_orders(state, ruleset))[0].price[line][0])
    assert prices[0] > prices[1] > prices[2] == prices[3]
    watched = seen(state, paying(flagship.ruleset, 1e4))
    worth = within_cap(watched.ruleset, watched.quarter.pricing.worth, watched.quarter.cost)[line]
    np.testing.assert_allclose(
        worth[:-1], watched.ruleset.rules.service_cap * watched.quarter.cost[line][:-1]
    )


def test_the_price_passes_part_of_it_on_and_the_maker_gains(flagship: Scenario) -> None:
    state = pledged(flagship)
    maker, owner = (flagship.ruleset.company(uid) for uid in (MAKER, OWNER))
    found = []
    for bounty in (0.0, 8.0):
        ruleset = paying(flagship.ruleset, bounty)
        found.append(step(state, ruleset, no_orders(state, ruleset)))
    (plain, books), (paid, other) = found
    market = flagship.ruleset.market("smartphones/china")
    cut = plain.price[maker, market] - paid.price[maker, market]
    assert (cut[:-1] > 0.0).all()
    assert (cut[:-1] < 2.0 * 8.0).all()
    assert (paid.units[maker, market] > plain.units[maker, market])[:-1].all()
    before_tax = slice(0, Line.TAX)
    more = other.lines[before_tax].sum(axis=0) - books.lines[before_tax].sum(axis=0)
    assert (more[maker, :-1] > 0.0).all()
    assert (more[owner, :-1] < 0.0).all()


def test_effort_and_ramp_scale_it(flagship: Scenario) -> None:
    ruleset = flagship.ruleset
    maker = ruleset.company(MAKER)
    market = ruleset.market("smartphones/china")
    full = seen(pledged(flagship), ruleset).quarter.pricing.bounty
    half = seen(pledged(flagship, pledge_effort=0.5), ruleset).quarter.pricing.bounty
    fresh = seen(pledged(flagship, pledge_since=0), ruleset).quarter.pricing.bounty
    assert full is not None
    assert half is not None
    assert fresh is not None
    place = (maker, market, 0)
    assert half[place] == pytest.approx(0.5 * full[place])
    assert fresh[place] == pytest.approx(full[place] / ruleset.rules.ramp)


def test_value_of_a_pledge_moves_from_one_side_to_the_other(flagship: Scenario) -> None:
    """Joint worth stays; the receiver's falls by what the giver gets: devices x bounty."""
    state = pledged(flagship)
    plain, paid = (paying(flagship.ruleset, bounty) for bounty in (0.0, 5.0))
    (worth, cost), (worth_paid, cost_paid) = (
        pledge_worth_of_state(state, ruleset) for ruleset in (plain, paid)
    )
    (index,) = bounty_kinds(paid)
    np.testing.assert_allclose(worth - cost, worth_paid - cost_paid, rtol=1e-9, atol=1e-9)
    lost = (worth - worth_paid)[index]
    maker, owner = (paid.company(uid) for uid in (MAKER, OWNER))
    devices = device_markets(paid, index)
    china = [one for one in devices if paid.regions[paid.market_region[one]] == "china"]
    assert lost[maker, owner].min() >= 5.0 * state.units[maker, china].sum(axis=0).min() * 0.99
    others = np.arange(len(paid.pledges)) != index
    np.testing.assert_array_equal(worth[others], worth_paid[others])
    np.testing.assert_array_equal(cost[others], cost_paid[others])


def test_rows_lists_and_tables_agree(flagship: Scenario) -> None:
    state = pledged(flagship)
    values = PledgeValues(facts_of_state(state, flagship.ruleset), flagship.ruleset)
    rows, (worth, cost) = values.rows(), values.table()
    (index,) = bounty_kinds(flagship.ruleset)
    mine = rows.bounty_of(index)
    assert mine is not None
    assert (mine >= 0.0).all()
    assert mine.any()
    assert rows.bounty_of(index - 1) is None
    for kind in (index, index + 1):
        part = rows.of_kind(kind)
        giver, taker = rows.giver[part], rows.taker[part]
        for lane in range(WORLDS):
            place = np.full(len(giver), kind), giver, taker, np.full(len(giver), lane)
            np.testing.assert_array_equal(rows.at(*place)[1], cost[place])
            np.testing.assert_array_equal(PledgeSpots(values).at(*place)[1], cost[place])
            np.testing.assert_array_equal(PledgeSpots(values).at(*place)[0], worth[place])


def test_the_maker_s_seat_counts_it_in_its_margin(flagship: Scenario) -> None:
    state, seats = pledged(flagship), np.arange(len(flagship.ruleset.companies))
    line = (flagship.ruleset.company(MAKER), flagship.ruleset.market("smartphones/china"))
    margin = []
    for bounty in (0.0, 6.0):
        ruleset = paying(flagship.ruleset, bounty)
        margin.append(Desk(observe(state, ruleset, seats), ruleset, seats).margin[line])
    np.testing.assert_allclose((margin[1] - margin[0])[:-1], 6.0, rtol=1e-9)
    assert margin[1][-1] == margin[0][-1]


@pytest.mark.parametrize("uid", [MAKER, OWNER])
def test_explain_names_the_pledge(flagship: Scenario, uid: str) -> None:
    """The bounty begins in the second quarter: prices and profits are told by its pledge."""
    ruleset, state = flagship.ruleset, pledged(flagship, pledge_since=1)
    first = seen(state, ruleset)
    second = seen(first.after, ruleset)
    (index,) = bounty_kinds(ruleset)
    maker, owner = ruleset.company(MAKER), ruleset.company(OWNER)
    key = Key(Cause.GIVEN, owner, index) if uid == MAKER else Key(Cause.PLEDGE, maker, index)
    profit = explain(first, second, Measure.PROFIT, ruleset.company(uid))
    (part,) = [one for one in profit.parts if one.key == key and one.market < 0]
    total = sum(one.amount for one in profit.parts)
    assert total == pytest.approx(profit.change, abs=1e-9 * max(1.0, abs(profit.after)))
    books = second.quarter.lines[:, ruleset.company(uid), 0]
    assert books[Line.BOUNTY_INCOME] + books[Line.BOUNTY_COST] != 0.0
    own = [
        one.amount
        for one in profit.parts
        if one.key.cause in (Cause.GIVEN, Cause.PLEDGE) and one.market < 0
    ]
    lines = (Line.PLEDGE_INCOME, Line.PLEDGE_COST, Line.BOUNTY_INCOME, Line.BOUNTY_COST)
    before = first.quarter.lines[:, ruleset.company(uid), 0]
    assert part.amount != 0.0
    if uid == MAKER:
        market = ruleset.market("smartphones/china")
        price = explain(first, second, Measure.PRICE, maker, market)
        (cut,) = [one for one in price.parts if one.key == key]
        assert cut.amount < 0.0
        assert cut.fact is not None
        assert cut.fact.price == (
            0.0,
            pytest.approx(ruleset.pledges[index].bounty / ruleset.rules.ramp),
        )
        assert sum(one.amount for one in price.parts) == pytest.approx(price.change, abs=1e-9)
    assert sum(own) == pytest.approx(sum(books[one] - before[one] for one in lines), abs=1e-9)
