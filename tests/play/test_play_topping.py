"""Large stakes may be topped once and matched once; the order of seats never matters."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from game.core.axes import array_fields, empty, take_worlds
from game.core.state import replace
from game.lab.runner import orders_of
from game.play.contracts import shares_for
from game.play.opening import first_state
from game.play.outcome import shares_total, stakes
from game.play.packages import DealFlag, Packages
from game.play.pledge_value import pledge_worth_of_state
from game.play.settlement import settle
from game.play.topping import ANYBODY, Standing
from game.play.turn import step
from game.policies.registry import seating
from game.scenario.loader import load

ROOT = Path(__file__).resolve().parents[2]
WORLDS = 24


class Board:
    """The flagship after its drafts have lapsed, with stakes sold at the Nash price."""

    def __init__(self):
        scenario = load(ROOT / "scenarios" / "alibaba-meizu.yaml")
        self.ruleset = scenario.ruleset
        seeds, numbers = np.full(WORLDS, 2, np.uint64), np.arange(WORLDS, dtype=np.uint64)
        state = first_state(self.ruleset, scenario.opening, seeds, numbers)
        self.state = replace(state, turn=4, last_issue=np.full_like(state.last_issue, -9))
        self.worth, self.cost = pledge_worth_of_state(self.state, self.ruleset)

    def packages(self, part=0.2, generosity=1.3):
        """Every larger company buys a stake of the next smaller one, dearly."""
        table = empty(Packages, {**self.ruleset.sizes, "W": WORLDS})
        order = np.argsort(-self.state.value[:, 0])
        for buyer, target in zip(order[:8], order[-8:], strict=True):
            row = 2 * buyer
            table.proposer[row], table.counterparty[row] = buyer, target
            count = shares_for(part, shares_total(self.state)[target])
            table.new_shares[1, row] = count
            outside = self.state.founders + self.state.public
            price = self.state.value[target] / outside[target]
            table.cash[0, row] = np.maximum(generosity * price * count, 1.0)
            table.term[row] = 8
            table.disclosed[row] = True
        return table

    def standing(self, ready=ANYBODY):
        shape = self.state.cash.shape
        nothing = np.full(shape, np.nan)
        return Standing(np.full(shape, ready), nothing, nothing, np.ones(shape, bool))

    def settle(self, packages, standing, state=None, ruleset=None, worth=None, cost=None):
        state = state or self.state
        none = empty(Packages, {**self.ruleset.sizes, "W": state.cash.shape[-1]})
        return settle(
            state, ruleset or self.ruleset, packages, none,
            self.worth if worth is None else worth, self.cost if cost is None else cost,
            standing=standing,
        )  # fmt: skip


@pytest.fixture(scope="module")
def board():
    return Board()


@pytest.fixture(scope="module")
def contested(board):
    result = board.settle(board.packages(), board.standing())
    assert result.contests is not None
    return result


def test_bids_are_matched_and_won(board):
    """In games of strategists, who all look at what others buy."""
    scenario = load(ROOT / "scenarios" / "alibaba-meizu.yaml")
    seeds, numbers = np.full(WORLDS, 2, np.uint64), np.arange(WORLDS, dtype=np.uint64)
    state = first_state(board.ruleset, scenario.opening, seeds, numbers)
    seated = seating("strategist", board.ruleset)
    matched = []
    for _ in range(4):
        orders = orders_of(state, board.ruleset, seated)
        assert orders.open_bids.all(), "machines sell to whoever pays more"
        orders = dataclasses.replace(orders, ready=np.full_like(orders.ready, ANYBODY))
        state, report = step(state, board.ruleset, orders)
        contests = report.settlement.contests
        if contests is not None:
            matched += contests.matched.tolist()
            assert (contests.topper != contests.first).all()
            assert (contests.topper != contests.target).all()
    assert True in matched
    assert False in matched


def test_the_stake_goes_to_the_winner_once(board, contested):
    before, after = stakes(board.state), stakes(contested.state)
    rows = contested.contests
    for at in range(len(rows.lane)):
        winner = rows.first[at] if rows.matched[at] else rows.topper[at]
        loser = rows.topper[at] if rows.matched[at] else rows.first[at]
        lane, target = rows.lane[at], rows.target[at]
        gained = after[winner, target, lane] - before[winner, target, lane]
        if gained <= 0.0:  # the round gave the place to another deal of the two
            continue
        assert gained > 0.1
        assert after[loser, target, lane] <= before[loser, target, lane]


def test_who_bids_pays_for_the_talk_whether_it_wins_or_not(board, contested):
    rows, cost = contested.contests, board.ruleset.rules.cost_talk
    tabled = board.packages().proposer >= 0
    talks = tabled[::2].astype(int) + tabled[1::2]
    np.add.at(talks, (rows.topper, rows.lane), 1)
    left = np.maximum(board.state.attention - cost * talks, 0)
    np.testing.assert_array_equal(contested.state.attention, left)
    assert (~rows.matched).any()


def test_money_and_shares_are_conserved(board, contested):
    flows = contested.flows
    cash = contested.state.cash + flows.advisers + flows.to_founders
    np.testing.assert_allclose(cash.sum(axis=0), board.state.cash.sum(axis=0), rtol=1e-12)
    assert (contested.state.shares >= 0).all()


def test_who_is_outbid_is_told(contested):
    rows = contested.contests
    lost = ~rows.matched
    flags = contested.answers.reasons[2 * rows.first[lost], rows.lane[lost]]
    accepted = contested.accepted[2 * rows.first[lost], rows.lane[lost]]
    assert not accepted.any()
    assert ((flags & int(DealFlag.OUTBID)) > 0).any()


def test_nobody_bids_where_nobody_stands_ready(board):
    plain = board.settle(board.packages(), None)
    quiet = board.settle(board.packages(), board.standing(-1))
    assert quiet.contests is None
    np.testing.assert_array_equal(plain.state.cash, quiet.state.cash)


def test_a_ceiling_holds(board):
    standing = board.standing()
    low = dataclasses.replace(standing, most=np.zeros_like(standing.most))
    result = board.settle(board.packages(), low)
    assert result.contests is None or (result.contests.bid <= 0.0).all()
    never = dataclasses.replace(standing, match=np.zeros_like(standing.match))
    result = board.settle(board.packages(), never)
    assert not result.contests.matched.any()


def test_shares_that_are_not_open_go_to_no_other(board, contested):
    target = int(contested.contests.target[0])
    standing = board.standing()
    closed = standing.open.copy()
    closed[target] = False
    result = board.settle(board.packages(), dataclasses.replace(standing, open=closed))
    assert target not in result.contests.target
    assert set(result.contests.target) == set(contested.contests.target) - {target}


def test_a_seat_bids_for_the_named_company_alone(board, contested):
    rows = contested.contests
    target = int(rows.target[0])
    named = board.settle(board.packages(), board.standing(target))
    assert set(named.contests.target.tolist()) == {target}


def test_a_world_alone_is_the_same_world(board, contested):
    lanes = np.array([3, 3])
    state = take_worlds(board.state, lanes)
    standing = board.standing()
    few = Standing(
        *(getattr(standing, name)[:, lanes] for name in ("ready", "most", "match", "open"))
    )
    alone = board.settle(
        take_worlds(board.packages(), lanes), few, state,
        worth=np.ascontiguousarray(board.worth[..., lanes]),
        cost=np.ascontiguousarray(board.cost[..., lanes]),
    )  # fmt: skip
    for field in array_fields(state):
        ours, theirs = getattr(alone.state, field.name), getattr(contested.state, field.name)
        if field.metadata["axes"][-1] == "W":
            np.testing.assert_array_equal(ours[..., 0], theirs[..., 3], err_msg=field.name)


def test_the_order_of_rows_does_not_matter(board, contested):
    """The same packages in each company's other row give the same contests."""
    table = board.packages()
    swap = np.arange(len(table.proposer)) ^ 1
    moved = {}
    for field in array_fields(table):
        axis = field.metadata["axes"].index("P")
        moved[field.name] = np.take(getattr(table, field.name), swap, axis=axis)
    other = board.settle(Packages(**moved), board.standing())
    np.testing.assert_allclose(other.state.cash, contested.state.cash, rtol=1e-12)
    np.testing.assert_array_equal(other.state.shares, contested.state.shares)
