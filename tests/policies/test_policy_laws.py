"""What holds for every player: legal shapes, no peeking, worlds and seats apart."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from game.core.axes import array_fields, empty, first_difference, take_worlds
from game.play.orders import Orders
from game.play.packages import Packages
from game.policies import registry
from game.policies.registry import level_names, names

PLAYERS = [name for name in names() if name not in level_names()[1:]]
"""Levels that are the strategist or the planner with other counts are left out."""
LOOKING_AHEAD = {"planner"}
LEAN = {"futures": 2, "quarters": 2, "width": 2}
"""Counts that keep the laws quick; they change no law."""


def make(name: str):
    return registry.make(name, **(LEAN if name in LOOKING_AHEAD else {}))


def parts(orders: Orders):
    """Every array of orders with its name, axes and neutral value."""
    for holder, prefix in ((orders, ""), (orders.proposals, "proposals."), (orders.signed, "s.")):
        for field in array_fields(holder):
            yield prefix + field.name, getattr(holder, field.name), field


def differences(one: Orders, other: Orders) -> list[str]:
    pairs = zip(parts(one), parts(other), strict=True)
    return [
        name
        for (name, a, _), (_, b, _) in pairs
        if not np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    ]


def seat_rows(array, field, seats):
    axes = field.metadata["axes"]
    if "P" in axes:
        place, rows = axes.index("P"), np.concatenate([2 * seats, 2 * seats + 1])
    else:
        place, rows = axes.index("N"), seats
    return np.take(array, rows, axis=place)


@pytest.fixture(scope="module")
def midgame(lesson):
    """Three quarters into sixteen games of strategists."""
    state, _ = lesson.play(lesson.start(16), "strategist", 3)
    return state


@pytest.mark.parametrize("name", PLAYERS)
@pytest.mark.parametrize("quarters", [0, 3])
def test_orders_have_the_declared_shapes(lesson, name, quarters):
    state, _ = lesson.play(lesson.start(4), name, quarters)
    orders = make(name).act(lesson.view(state), lesson.ruleset, lesson.seats)
    sizes = {**lesson.ruleset.sizes, "W": 4}
    for label, array, field in parts(orders):
        assert array.shape == tuple(sizes[axis] for axis in field.metadata["axes"]), label
        assert array.dtype == np.dtype(field.metadata["dtype"]), label
        if np.isfinite(field.metadata["fill"]):
            assert np.isfinite(array).all(), label


@pytest.mark.parametrize("name", PLAYERS)
def test_only_own_rows_are_written(lesson, midgame, name):
    seats = np.array([1])
    orders = make(name).act(lesson.view(midgame, seats), lesson.ruleset, seats)
    sizes = {**lesson.ruleset.sizes, "W": 16}
    blank = empty(Orders, sizes, proposals=empty(Packages, sizes), signed=empty(Packages, sizes))
    others = np.array([0, 2])
    for (label, array, field), (_, neutral, _) in zip(parts(orders), parts(blank), strict=True):
        left, right = seat_rows(array, field, others), seat_rows(neutral, field, others)
        assert np.array_equal(left, right, equal_nan=left.dtype.kind == "f"), label


@pytest.mark.parametrize("name", PLAYERS)
def test_a_seat_decides_the_same_alone_and_in_company(lesson, midgame, name):
    together = make(name).act(lesson.view(midgame), lesson.ruleset, lesson.seats)
    for seat in lesson.seats:
        seats = np.array([seat])
        alone = make(name).act(lesson.view(midgame, seats), lesson.ruleset, seats)
        for (label, one, field), (_, other, _) in zip(parts(together), parts(alone), strict=True):
            left, right = seat_rows(one, field, seats), seat_rows(other, field, seats)
            assert np.array_equal(left, right, equal_nan=left.dtype.kind == "f"), (label, seat)


@pytest.mark.parametrize("name", PLAYERS)
def test_the_order_of_seats_does_not_matter(lesson, midgame, name):
    forth = make(name).act(lesson.view(midgame), lesson.ruleset, lesson.seats)
    seats = lesson.seats[::-1]
    back = make(name).act(lesson.view(midgame, seats), lesson.ruleset, seats)
    assert differences(forth, back) == []


@pytest.mark.parametrize("name", PLAYERS)
def test_worlds_decide_apart_bit_for_bit(lesson, midgame, name):
    block = make(name).act(lesson.view(midgame), lesson.ruleset, lesson.seats)
    for lanes in ([0, 1], [15, 3], [7, 7], [2, 9, 4]):
        few = take_worlds(midgame, np.array(lanes))
        orders = make(name).act(lesson.view(few), lesson.ruleset, lesson.seats)
        for (label, one, _), (_, other, _) in zip(parts(block), parts(orders), strict=True):
            left = np.take(one, lanes, axis=-1)
            assert np.array_equal(left, other, equal_nan=left.dtype.kind == "f"), (label, lanes)


@pytest.mark.parametrize("name", PLAYERS)
def test_games_are_the_same_in_any_block(lesson, name):
    block, _ = lesson.play(lesson.start(6), name, 5)
    pair, _ = lesson.play(lesson.start(2, first=3), name, 5)
    assert first_difference(take_worlds(block, np.array([3, 4])), pair) is None


HIDDEN = {
    "goodwill": lambda array: array * 3.0 + 1.0,
    "mix": lambda array: array[:, ::-1],
    "notch": lambda array: 4 - array,
    "stance": lambda array: -array + 1,
    "tax_loss": lambda array: array + 50.0,
    "pledge_effort": lambda array: 0.5 * array,
    "attention": lambda array: array * 0,
    "authorisation": lambda array: array * 0.5,
    "cost_shock": lambda array: array + 0.1,
    "contribution": lambda array: array - 5.0,
    "capacity": lambda array: array * 0.5,
    "capacity_ordered": lambda array: array + 0.3,
    "knowledge": lambda array: array * 2.0,
    "plant": lambda array: array + 20.0,
    "unit_cost": lambda array: array * 0.9,
    "carrying": lambda array: array + 10.0,
    "profit": lambda array: array - 10.0,
    "projects_done": lambda array: array + 1,
}
"""Facts of a company that another does not see, and how this test changes them."""


@pytest.mark.parametrize("name", PLAYERS)
@pytest.mark.parametrize("fact", HIDDEN)
def test_facts_that_a_seat_cannot_see_change_nothing(lesson, midgame, name, fact):
    seats = np.array([0])
    array = getattr(midgame, fact)
    axis = 1 if fact == "pledge_effort" else 0
    changed = HIDDEN[fact](array).astype(array.dtype)
    own = [slice(None)] * array.ndim
    own[axis] = 0
    changed[tuple(own)] = array[tuple(own)]
    if fact == "pledge_effort":  # what the seat receives it hears of, in a noisy report
        changed[:, :, 0] = array[:, :, 0]
    secret = dataclasses.replace(midgame, **{fact: changed})
    one = make(name).act(lesson.view(midgame, seats), lesson.ruleset, seats)
    other = make(name).act(lesson.view(secret, seats), lesson.ruleset, seats)
    assert differences(one, other) == []


@pytest.mark.parametrize("name", PLAYERS)
def test_a_small_undisclosed_stake_is_not_seen_by_others(lesson, midgame, name):
    seats = np.array([1])
    shares = midgame.shares.copy()
    moved = shares[0, 2] // 2
    shares[0, 2] -= moved
    public = midgame.public + moved * (np.arange(3) == 2)[:, None]
    grown = (midgame.founders + public) / (midgame.founders + midgame.public)
    value = midgame.value * grown  # what outside holders have follows what they hold
    secret = dataclasses.replace(midgame, shares=shares, public=public, value=value)
    for board in (midgame, secret):
        board.disclosed[0, 2] = False
    one = lesson.view(midgame, seats)
    other = lesson.view(secret, seats)
    assert np.array_equal(one.stake, other.stake)
    same = make(name).act(one, lesson.ruleset, seats)
    assert differences(same, make(name).act(other, lesson.ruleset, seats)) == []
