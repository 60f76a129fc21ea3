"""Pledges: what arrives, what it changes, and that what nobody gives changes nothing."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.axes import array_fields
from game.core.ruleset import PledgeEffect
from game.core.state import State
from game.play.bounty import bounty_kinds
from game.play.observation_build import observe
from game.play.opening import first_state
from game.play.outcome import doors
from game.play.pledge_value import pledge_worth, pledge_worth_of_state
from game.play.pledges import (
    capability,
    delivered,
    kind_capability,
    pledge_effects,
    ramp,
)
from game.resources import find_scenario
from game.scenario.loader import Scenario, load

QUANTITY = {
    PledgeEffect.APPEAL: "appeal",
    PledgeEffect.ONLINE: "lent",
    PledgeEffect.OFFLINE: "lent",
    PledgeEffect.PRELOAD: "preload_users",
    PledgeEffect.RESEARCH: "research",
    PledgeEffect.ENTRY: "knowledge",
    PledgeEffect.COST: "cost",
}


@pytest.fixture(scope="module")
def flagship() -> Scenario:
    return load(find_scenario("alibaba-meizu"))


@pytest.fixture(scope="module")
def start(flagship: Scenario) -> State:
    worlds = np.arange(3, dtype=np.uint64)
    return first_state(flagship.ruleset, flagship.opening, np.full(3, 1, np.uint64), worlds)


def with_pledge(
    state: State,
    kind: int,
    giver: int,
    receiver: int,
    strength: float,
    *,
    since: int = -5,
    until: int = 90,
) -> State:
    fields = {
        "pledge_announced": strength,
        "pledge_effort": 1.0,
        "pledge_since": since,
        "pledge_until": until,
        "pledge_regions": -1,
    }
    changes = {}
    for name, value in fields.items():
        array = getattr(state, name).copy()
        array[kind, giver, receiver] = value
        changes[name] = array
    return dataclasses.replace(state, **changes)


def bare(state: State) -> State:
    return dataclasses.replace(state, pledge_announced=np.zeros_like(state.pledge_announced))


def test_no_pledge_no_effect(flagship: Scenario, start: State) -> None:
    effects = pledge_effects(bare(start), flagship.ruleset)
    for name in ("appeal", "lent", "preload", "preload_income", "knowledge", "cost", "giving_cost"):
        assert not getattr(effects, name).any(), name
    assert (effects.research == 1.0).all()


DEAL = {
    "strategy": ("meizu", "alibaba"),
    "os": ("meizu", "alibaba"),
    "offline": ("meizu", "alibaba"),
    "payment": ("alibaba", "meizu"),
    "mobile_internet": ("alibaba", "meizu"),
    "data": ("alibaba", "meizu"),
    "ecommerce": ("alibaba", "meizu"),
}


@pytest.mark.parametrize("uid", sorted(DEAL))
def test_each_of_the_seven_pledges_changes_its_quantity(
    flagship: Scenario, start: State, uid: str
) -> None:
    ruleset = flagship.ruleset
    kind = ruleset.kind(uid)
    giver, receiver = (ruleset.company(name) for name in DEAL[uid])
    without = pledge_effects(bare(start), ruleset)
    with_it = pledge_effects(with_pledge(bare(start), kind, giver, receiver, 1.0), ruleset)
    name = QUANTITY[ruleset.pledges[kind].effect]
    before, after = getattr(without, name)[receiver], getattr(with_it, name)[receiver]
    assert (after > before).any(), name
    others = [company for company in range(len(ruleset.companies)) if company != receiver]
    assert np.array_equal(getattr(without, name)[others], getattr(with_it, name)[others])


@given(low=st.floats(0.05, 0.9), more=st.floats(0.05, 0.1), place=st.integers(0, 6))
def test_more_strength_never_does_less(
    flagship: Scenario, start: State, low: float, more: float, place: int
) -> None:
    ruleset = flagship.ruleset
    uid = sorted(DEAL)[place]
    giver, receiver = (ruleset.company(name) for name in DEAL[uid])
    kind = ruleset.kind(uid)
    weak = pledge_effects(with_pledge(bare(start), kind, giver, receiver, low), ruleset)
    strong = pledge_effects(with_pledge(bare(start), kind, giver, receiver, low + more), ruleset)
    for name in ("appeal", "lent", "preload_users", "research", "knowledge", "cost"):
        assert (getattr(strong, name) >= getattr(weak, name) - 1e-12).all(), name


def test_a_pledge_builds_up_and_ends(flagship: Scenario, start: State) -> None:
    ruleset = flagship.ruleset
    strengths = []
    for turn in range(5):
        state = with_pledge(bare(start), 0, 0, 1, 0.8, since=1, until=4)
        state = dataclasses.replace(state, turn=turn)
        strengths.append(delivered(state, ruleset)[0, 0, 1, 0])
    assert strengths[0] == 0.0
    assert 0.0 < strengths[1] < strengths[2] == pytest.approx(0.8)
    assert strengths[4] == 0.0
    assert ramp(dataclasses.replace(state, turn=2), ruleset)[0, 0, 1, 0] == 1.0


def test_partners_share_what_a_giver_can_lend(flagship: Scenario, start: State) -> None:
    ruleset = flagship.ruleset
    kind = ruleset.kind("data")
    partners = ruleset.pledges[kind].partners
    state = bare(start)
    for receiver in range(1, partners + 2):
        state = with_pledge(state, kind, 0, receiver, 1.0)
    given = delivered(state, ruleset)[kind, 0, 1 : partners + 2, 0]
    assert given.sum() == pytest.approx(partners)


def test_capability_lies_between_nothing_and_all(flagship: Scenario, start: State) -> None:
    able = capability(start, flagship.ruleset)
    assert able.min() >= 0.0
    assert able.max() <= 1.0
    assert able.shape[:2] == (len(flagship.ruleset.pledges), len(flagship.ruleset.companies))
    assert kind_capability.__doc__


def test_value_by_state_and_by_view_are_the_same_public_figures(
    flagship: Scenario, start: State
) -> None:
    view = observe(start, flagship.ruleset, np.arange(3))
    others = np.arange(len(flagship.ruleset.pledges)) != bounty_kinds(flagship.ruleset)[0]
    for one, other in zip(
        pledge_worth_of_state(start, flagship.ruleset),
        pledge_worth(view, flagship.ruleset),
        strict=True,
    ):
        assert np.allclose(one, other, rtol=1e-9)
        assert (one[others] >= 0.0).all()


def test_doors_count_allies_only_with_stake_and_pledge(flagship: Scenario, start: State) -> None:
    ruleset = flagship.ruleset
    state = dataclasses.replace(bare(start), shares=np.zeros_like(start.shares))
    alone = doors(state, ruleset)
    pledged = with_pledge(state, 0, 3, 1, 1.0)
    assert np.array_equal(doors(pledged, ruleset), alone)
    shares = state.shares.copy()
    shares[1, 3] = start.public[3] // 10
    both = doors(dataclasses.replace(pledged, shares=shares), ruleset)
    assert (both[1] > alone[1]).all()
    assert np.array_equal(both[0], alone[0])


def test_one_more_partner_lowers_what_the_others_get(flagship: Scenario, start: State) -> None:
    ruleset = flagship.ruleset
    kind = ruleset.kind("data")
    partners = ruleset.pledges[kind].partners
    state, before = bare(start), np.zeros(0)
    for receiver in range(1, partners + 4):
        state = with_pledge(state, kind, 0, receiver, 1.0)
        given = delivered(state, ruleset)[kind, 0, 1 : receiver + 1, 0]
        assert given.sum() <= partners + 1e-12
        if receiver > partners:
            assert (given[: before.size] < before).all()
        before = given


def test_hidden_effort_shows_in_the_report_alone(flagship: Scenario, start: State) -> None:
    """Nobody else's view changes but the receiver's noisy report; the giver knows its own."""
    ruleset = flagship.ruleset
    kind, giver, receiver = ruleset.kind("data"), 0, 1
    state = with_pledge(bare(start), kind, giver, receiver, 1.0)
    effort = state.pledge_effort.copy()
    effort[kind, giver, receiver] = 0.3
    shirked = dataclasses.replace(state, pledge_effort=effort)
    for seat in (receiver, 4):
        one, other = (observe(which, ruleset, np.array([seat])) for which in (state, shirked))
        changed = [
            field.name
            for field in array_fields(one)
            if not np.array_equal(
                np.nan_to_num(getattr(one, field.name)), np.nan_to_num(getattr(other, field.name))
            )
        ]
        assert changed == (["report"] if seat == receiver else [])
    heard = observe(shirked, ruleset, np.array([receiver])).report[kind, giver, 0]
    assert (np.abs(heard - 0.3) < 0.6).all()
    assert np.ptp(heard) > 0.0


def test_audits_and_board_seats_narrow_the_report(flagship: Scenario, start: State) -> None:
    ruleset = flagship.ruleset
    kind, giver, receiver = ruleset.kind("payment"), 0, 1
    state = with_pledge(bare(start), kind, giver, receiver, 1.0)
    effort = state.pledge_effort.copy()
    effort[kind, giver, receiver] = 0.5

    def miss(**changes: object) -> float:
        told = dataclasses.replace(state, pledge_effort=effort, **changes)  # type: ignore[arg-type]
        view = observe(told, ruleset, np.array([receiver]))
        return float(np.abs(view.report[kind, giver, 0] - 0.5).max())

    insight, board = np.zeros_like(state.insight), np.zeros_like(state.board)
    insight[receiver, giver], board[receiver, giver] = 0.8, True
    plain = miss(insight=np.zeros_like(insight), board=np.zeros_like(board))
    assert miss(insight=insight, board=np.zeros_like(board)) == pytest.approx(0.2 * plain)
    assert miss(insight=np.zeros_like(insight), board=board) == pytest.approx(0.25 * plain)
