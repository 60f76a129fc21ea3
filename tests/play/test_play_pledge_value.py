"""The worth of pledges: lists and tables say the same, lanes are apart, busy givers bring less."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.axes import first_difference, take_worlds
from game.core.state import State, replace
from game.lab.runner import orders_of
from game.play.bounty import bounty_kinds
from game.play.in_force import running_of
from game.play.observation_build import observe
from game.play.opening import first_state
from game.play.pledge_facts import facts_of_state
from game.play.pledge_spots import PledgeSpots
from game.play.pledge_value import PledgeValues, pledge_worth_of_state
from game.play.turn import step
from game.policies.registry import seating
from game.resources import find_scenario
from game.scenario.loader import Scenario, load

WORLDS, QUARTERS = 4, 4


@pytest.fixture(scope="module")
def flagship() -> Scenario:
    return load(find_scenario("alibaba-meizu"))


@pytest.fixture(scope="module")
def midgame(flagship: Scenario) -> State:
    """The flagship after a year of strategists."""
    ruleset = flagship.ruleset
    seated = seating("strategist", ruleset)
    seeds, numbers = np.full(WORLDS, 5, np.uint64), np.arange(WORLDS, dtype=np.uint64)
    state = first_state(ruleset, flagship.opening, seeds, numbers)
    for _ in range(QUARTERS):
        state, _ = step(state, ruleset, orders_of(state, ruleset, seated))
    return state


@given(seed=st.integers(0, 10**6), count=st.integers(1, 60))
def test_a_list_is_worth_what_the_table_says(
    flagship: Scenario, midgame: State, seed: int, count: int
) -> None:
    ruleset, rng = flagship.ruleset, np.random.default_rng(seed)
    companies = len(ruleset.companies)
    kind = np.sort(rng.integers(0, len(ruleset.pledges), count))
    giver = rng.integers(0, companies, count)
    taker = (giver + rng.integers(1, companies, count)) % companies
    lane = rng.integers(0, WORLDS, count)
    values = PledgeValues(facts_of_state(midgame, ruleset), ruleset)
    worth, cost = values.table()
    some = PledgeSpots(values).at(kind, giver, taker, lane)
    assert np.array_equal(some[0], worth[kind, giver, taker, lane])
    assert np.array_equal(some[1], cost[kind, giver, taker, lane])


def test_pledges_in_force_are_worth_what_the_table_says(flagship: Scenario, midgame: State) -> None:
    values = PledgeValues(facts_of_state(midgame, flagship.ruleset), flagship.ruleset)
    running = values.facts.running
    assert running.place.size
    worth, cost = values.of_running(values.rows())
    whole = values.table()
    assert np.array_equal(worth, running.pick(whole[0]))
    assert np.array_equal(cost, running.pick(whole[1]))


def test_worlds_are_valued_apart_bit_for_bit(flagship: Scenario, midgame: State) -> None:
    whole = pledge_worth_of_state(midgame, flagship.ruleset)
    for lanes in ([1, 2], [3, 0]):
        part = pledge_worth_of_state(take_worlds(midgame, np.array(lanes)), flagship.ruleset)
        for one, other in zip(whole, part, strict=True):
            assert np.array_equal(one[..., lanes], other)


def test_nothing_is_worth_less_than_nothing_and_nothing_to_oneself(
    flagship: Scenario, midgame: State
) -> None:
    worth, cost = pledge_worth_of_state(midgame, flagship.ruleset)
    own = np.arange(worth.shape[1])
    (paid_for,) = bounty_kinds(flagship.ruleset)
    others = np.arange(len(worth)) != paid_for
    assert (worth[others] >= 0.0).all()
    assert (cost[others] >= 0.0).all()
    assert not worth[:, own, own].any()
    assert not cost[:, own, own].any()


def test_no_reach_is_lent_to_those_who_have_all(flagship: Scenario, midgame: State) -> None:
    full = dataclasses.replace(midgame, coverage=np.ones_like(midgame.coverage))
    worth, _ = pledge_worth_of_state(full, flagship.ruleset)
    for uid in ("offline", "ecommerce"):
        assert worth[flagship.ruleset.kind(uid)] == pytest.approx(0.0, abs=1e-6)


def test_a_giver_of_many_brings_each_less(flagship: Scenario, midgame: State) -> None:
    ruleset = flagship.ruleset
    kind = ruleset.kind("data")
    shape = midgame.pledge_announced.shape
    free = dataclasses.replace(midgame, pledge_announced=np.zeros(shape))
    announced, until = np.zeros(shape), midgame.pledge_until.copy()
    partners = ruleset.pledges[kind].partners
    announced[kind, 0, 1 : partners + 3] = 1.0
    until[kind, 0] = midgame.turn + 4
    busy = dataclasses.replace(midgame, pledge_announced=announced, pledge_until=until)
    alone, _ = pledge_worth_of_state(free, ruleset)
    shared, _ = pledge_worth_of_state(busy, ruleset)
    serves = partners + 2
    assert shared[kind, 0, 1] == pytest.approx(alone[kind, 0, 1] * partners / serves)
    assert shared[kind, 0, -1] == pytest.approx(alone[kind, 0, -1] * partners / (serves + 1))
    assert np.array_equal(shared[kind, 1], alone[kind, 1])


def test_what_is_in_force_is_counted_by_giver_and_receiver(midgame: State) -> None:
    running = running_of(midgame)
    live = (midgame.pledge_announced > 0.0) & (midgame.pledge_until > midgame.turn)
    assert np.array_equal(running.serves, live.sum(axis=2))
    assert np.array_equal(running.takes, live.sum(axis=1))
    assert np.array_equal(running.bound, (live & midgame.pledge_exclusive).sum(axis=2))
    assert running.holds(running.place).all()
    assert not running.holds(np.flatnonzero(~live)).any()


def test_what_was_seen_before_the_turn_changes_no_bit_of_it(
    flagship: Scenario, midgame: State
) -> None:
    ruleset = flagship.ruleset
    orders = orders_of(midgame, ruleset, seating("strategist", ruleset))
    remembered, _ = step(midgame, ruleset, orders)  # the seats have just looked
    forgotten, _ = step(midgame, ruleset, orders)
    observe(take_worlds(midgame, np.array([2, 1])), ruleset, np.arange(3))  # others have looked
    elsewhere, _ = step(midgame, ruleset, orders)
    for other in (forgotten, elsewhere):
        assert first_difference(remembered, other) is None


def test_figures_are_used_again_only_where_they_are_the_very_same(
    flagship: Scenario, midgame: State
) -> None:
    ruleset = flagship.ruleset
    facts = facts_of_state(midgame, ruleset)
    seen = PledgeValues.kept(facts, ruleset)
    products, cost = seen.products, seen.cost
    moved = replace(midgame, coverage=midgame.coverage * 0.5)
    again = PledgeValues.again(facts_of_state(moved, ruleset), ruleset)
    assert again.cost is cost  # what does not follow from coverage
    assert again.products[1] is not products[1]  # margins were worked out anew
    PledgeValues.kept(facts, ruleset).rows()
    other = PledgeValues.again(facts, ruleset)
    assert np.array_equal(other.table()[0], PledgeValues(facts, ruleset).table()[0])
