"""Machine parents direct what they control, in the group's interest, and see its books."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from game.core.axes import array_fields
from game.core.ruleset import Status
from game.core.state import State, replace
from game.lab.runner import orders_of
from game.play import money
from game.play.group import interests
from game.play.observation_build import observe
from game.play.opening import first_state
from game.play.orders import DIALS
from game.play.rights import parents
from game.play.turn import step
from game.policies.marginal import best_spending
from game.policies.parent import GroupDesk
from game.policies.registry import seating
from game.resources import find_scenario
from game.scenario.loader import Scenario, load

WORLDS = 4
PARENT, SUB = "xiaomi", "meizu"


@pytest.fixture(scope="module")
def flagship() -> Scenario:
    return load(find_scenario("alibaba-meizu"))


def held(scenario: Scenario, lanes: list[int], part: float = 0.7) -> State:
    """The start, with a parent over a rival in some worlds."""
    ruleset = scenario.ruleset
    numbers = np.arange(WORLDS, dtype=np.uint64)
    state = first_state(ruleset, scenario.opening, np.full(WORLDS, 3, np.uint64), numbers)
    top, sub = ruleset.company(PARENT), ruleset.company(SUB)
    total = state.founders[sub] + state.public[sub] + state.shares[:, sub].sum(axis=0)
    shares, public, founders = state.shares.copy(), state.public.copy(), state.founders.copy()
    for lane in lanes:
        shares[:, sub, lane] = 0
        shares[top, sub, lane] = int(part * total[lane])
        founders[sub, lane] = 0
        public[sub, lane] = total[lane] - shares[top, sub, lane]
    changed = replace(state, shares=shares, public=public, founders=founders)
    return money.control_status(changed, ruleset)


def test_without_a_subsidiary_there_is_no_group(flagship: Scenario) -> None:
    state = held(flagship, [])
    assert not (state.status == Status.CONTROLLED).any()
    assert observe(state, flagship.ruleset, np.arange(3)).group is None


def test_a_parent_sees_what_the_managers_see_and_nobody_else_s(flagship: Scenario) -> None:
    ruleset, state = flagship.ruleset, held(flagship, [1, 2])
    top, sub = ruleset.company(PARENT), ruleset.company(SUB)
    view = observe(state, ruleset, np.array([top]))
    group = view.group
    assert group is not None
    assert group.lane.tolist() == [1, 2]
    assert (group.parent == top).all()
    assert (group.company == sub).all()
    own = observe(state, ruleset, np.array([sub]))
    for field in array_fields(own):
        if field.metadata["axes"][-1] == "W":
            np.testing.assert_array_equal(
                getattr(group.view, field.name), getattr(own, field.name)[..., [1, 2]], field.name
            )
    np.testing.assert_array_equal(view.cash_guess[0, sub, 1:3], state.cash[sub, 1:3])
    assert (view.cash_guess[0, sub, [0, 3]] != state.cash[sub, [0, 3]]).all()
    assert observe(state, ruleset, np.array([sub])).group is None
    assert observe(state, ruleset, np.array([ruleset.company("apple")])).group is None


def test_two_subsidiaries_are_blank_in_each_other_s_worlds(flagship: Scenario) -> None:
    ruleset, state = flagship.ruleset, held(flagship, [0])
    other = ruleset.company("paytm")
    shares, public = state.shares.copy(), state.public.copy()
    total = state.founders[other, 1] + public[other, 1] + shares[:, other, 1].sum()
    shares[:, other, 1] = 0
    shares[ruleset.company(PARENT), other, 1] = int(0.8 * total)
    public[other, 1] = total - shares[ruleset.company(PARENT), other, 1]
    founders = state.founders.copy()
    founders[other, 1] = 0
    both = replace(state, shares=shares, public=public, founders=founders)
    both = money.control_status(both, ruleset)
    group = observe(both, ruleset, np.array([ruleset.company(PARENT)])).group
    assert group is not None
    assert group.company.tolist() == [ruleset.company(SUB), other]
    rows = group.view.seats.tolist()
    for entry, company in enumerate(group.company.tolist()):
        for row, seat in enumerate(rows):
            assert group.view.cost[row, :, entry].any() == (seat == company)


def test_interest_runs_through_chains() -> None:
    stakes = np.zeros((4, 4, 2))
    stakes[0, 1] = 0.6
    stakes[1, 2] = 0.5
    stakes[0, 2] = 0.1
    stakes[3, 0] = 0.3
    top = np.array([0, 0, 0, 3])[:, None] * np.ones(2, int)
    found = interests(stakes, top, np.zeros(2, int))
    np.testing.assert_allclose(found[:, 0], [1.0, 0.6, 0.4, 0.0])


def test_the_group_s_worth_of_a_util_is_less_by_what_others_of_it_lose(flagship: Scenario) -> None:
    ruleset, state = flagship.ruleset, held(flagship, [1, 2])
    group = observe(state, ruleset, np.array([ruleset.company(PARENT)])).group
    assert group is not None
    desk = GroupDesk(group, ruleset)
    plain = desk.shop_margin * desk.shops.seen(group.view.sensitivity)
    place = desk.shops.market.tolist().index(ruleset.market("smartphones/china"))
    assert (desk.shop_worth[place] < plain[place]).all()
    apart = dataclasses.replace(group, interest=np.zeros_like(group.interest))
    np.testing.assert_allclose(GroupDesk(apart, ruleset).shop_worth, plain)
    assert desk.meets[:, ruleset.market_sector[ruleset.market("smartphones/china")]].all()


def test_strategists_direct_and_the_turn_obeys(flagship: Scenario) -> None:
    """Orders hold where the parent controls, whoever plays the two, and are legal."""
    ruleset, state = flagship.ruleset, held(flagship, [1, 3])
    top, sub = ruleset.company(PARENT), ruleset.company(SUB)
    for spec in ("strategist", f"strategist,{SUB}=idle", f"random,{PARENT}=strategist"):
        orders = orders_of(state, ruleset, seating(spec, ruleset))
        assert orders.directed_by[sub].tolist() == [-1, top, -1, top]
        others = np.arange(len(orders.notch)) != sub
        assert (orders.directed_by[others] == -1).all()
        after, report = step(state, ruleset, orders)
        assert not report.refused[top].any()
        for name in ("notch", "mix", "stance", "focus"):
            told = getattr(orders, name)[sub][..., [1, 3]]
            np.testing.assert_allclose(getattr(after, name)[sub][..., [1, 3]], told, rtol=1e-12)
        phones = ruleset.market_sector[ruleset.market("smartphones/china")]
        assert (orders.stance[sub, phones, [1, 3]] >= 0).all()


def test_worlds_without_control_are_played_as_alone(flagship: Scenario) -> None:
    ruleset = flagship.ruleset
    seated = seating("strategist", ruleset)
    some, none = (held(flagship, lanes) for lanes in ([1], []))
    one, other = (orders_of(state, ruleset, seated) for state in (some, none))
    for name in DIALS:
        np.testing.assert_array_equal(
            getattr(one, name)[..., [0, 2, 3]], getattr(other, name)[..., [0, 2, 3]]
        )
    assert (parents(some, ruleset)[ruleset.company(SUB), 1] == ruleset.company(PARENT)).all()


def test_spending_that_only_moves_buyers_within_the_group_is_saved(flagship: Scenario) -> None:
    ruleset, state = flagship.ruleset, held(flagship, [0, 1, 2, 3], 0.85)
    group = observe(state, ruleset, np.array([ruleset.company(PARENT)])).group
    assert group is not None
    apart = dataclasses.replace(group, interest=np.zeros_like(group.interest))
    wanted, alone = (best_spending(GroupDesk(one, ruleset)).sum(axis=0) for one in (group, apart))
    assert (wanted <= alone + 1e-9).all()
    assert (wanted.sum(axis=0) < 0.99 * alone.sum(axis=0)).all()
