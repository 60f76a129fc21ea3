"""Deals played ahead: common luck, intervals, third parties, and nothing hidden."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from game.core.axes import empty
from game.core.state import replace
from game.lab.runner import orders_of
from game.play.beliefs import imagine
from game.play.contracts import draft_package
from game.play.foresight import Foresight, foresee, large
from game.play.packages import Packages
from game.play.pledge_value import pledge_worth_of_state
from game.policies.registry import seating

KITE, LANTERN, HARBOUR = 1, 0, 2


def futures_of(deals, state, packages, seat=KITE, count=18, quarters=3, mood=None):
    ruleset = deals.ruleset
    seats = seating("strategist", ruleset)
    worlds = imagine(state, ruleset, seat, np.array([0]), count)
    worlds = worlds if mood is None else mood(worlds)
    return list(
        foresee(
            worlds, ruleset, packages, lambda now: orders_of(now, ruleset, seats),
            *pledge_worth_of_state(state, ruleset), quarters=quarters,
        )
    )  # fmt: skip


def silent(state):
    """Nobody is in the mood to talk this quarter."""
    return replace(state, patience=np.zeros_like(state.patience))


@pytest.fixture(scope="module")
def drafted(deals) -> Packages:
    return draft_package(deals.ruleset.drafts[0], deals.state, deals.ruleset, 0)


@pytest.fixture(scope="module")
def found(deals, drafted) -> Foresight:
    return futures_of(deals, deals.state, drafted)[-1]


def test_a_deal_changes_the_value_of_everybody(found):
    assert found.done
    low, mean, high = found.gain
    assert (low <= mean).all()
    assert (mean <= high).all()
    assert (mean != 0.0).all(), "third parties feel it too"


def test_by_itself_a_deal_is_told_apart_from_those_it_replaces(deals, drafted, found):
    low, mean, high = found.alone
    assert (low <= mean).all()
    assert (mean <= high).all()
    assert (mean != found.gain[1]).any(), "others were found instead"
    again = futures_of(deals, deals.state, drafted, quarters=1, mood=silent)[-1]
    np.testing.assert_array_equal(again.alone, again.gain)


def test_it_grows_part_by_part(deals, drafted):
    seen = futures_of(deals, deals.state, drafted, count=20, quarters=1)
    assert [one.count for one in seen] == [16, 20]
    assert [one.done for one in seen] == [False, True]


def test_a_deal_of_nothing_costs_its_talk_and_no_more(deals):
    """Under the same luck, worlds that differ in the advisers' fee alone hardly differ."""
    sizes = {**deals.ruleset.sizes, "W": 2}
    nothing = empty(Packages, sizes)
    nothing.proposer[0], nothing.counterparty[0], nothing.term[0] = KITE, HARBOUR, 4
    found = futures_of(deals, deals.state, nothing)[-1]
    low, mean, high = found.gain
    assert mean[KITE] < 0.0
    assert low[LANTERN] < 0.0 < high[LANTERN]  # a third party gains and loses by chance alone
    assert abs(mean[LANTERN]) < 0.02 * float(deals.state.value[LANTERN].mean())
    assert (high - low)[KITE] < 0.1 * float(deals.state.value[KITE].mean())


def test_moves_are_told_of_third_parties_alone(found):
    for move in found.moves:
        assert move.company not in (KITE, LANTERN)
        assert move.often > move.else_


def test_hidden_facts_change_nothing(deals, drafted):
    notch, authorisation = deals.state.notch.copy(), deals.state.authorisation.copy()
    notch[LANTERN], authorisation[LANTERN] = 0, 1.0
    changed = replace(deals.state, notch=notch, authorisation=authorisation)
    one, other = (
        futures_of(deals, state, drafted, count=16, quarters=2)[-1]
        for state in (deals.state, changed)
    )
    for field in ("gain", "score"):
        np.testing.assert_array_equal(getattr(one, field), getattr(other, field))
    assert one.moves == other.moves


def test_the_seed_is_not_looked_at(deals, drafted):
    """With the doubt about books and fits taken away, which the game draws."""
    rules = dataclasses.replace(deals.ruleset.rules, fit_hidden=0.0)
    ruleset = dataclasses.replace(deals.ruleset, rules=rules)
    known = replace(deals.state, board=np.ones_like(deals.state.board))
    worlds = [
        imagine(state, ruleset, KITE, np.array([0]), 4)
        for state in (known, replace(known, seed=known.seed + np.uint64(5)))
    ]
    np.testing.assert_array_equal(worlds[0].value, worlds[1].value)


def test_a_deal_is_large_above_a_twentieth_of_either_side():
    terms = np.zeros((2, 3))
    terms[0, 1] = 40.0
    assert not large(terms, np.array([1000.0, 5000.0]))
    assert large(terms, np.array([700.0, 5000.0]))
    terms[1, 2] = -300.0
    assert large(terms, np.array([1000.0, 5000.0]))
