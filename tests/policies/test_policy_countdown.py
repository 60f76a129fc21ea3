"""A countdown that everybody sees changes what the others do."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np

from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.bargaining import answer
from game.play.nash import nash_package
from game.play.observation_build import observe
from game.play.opening import first_state
from game.play.orders import Orders
from game.play.packages import Code
from game.play.pledge_value import pledge_worth_of_state
from game.policies.strategist import Strategist
from game.resources import scenario_dir
from game.scenario.loader import load

WORLDS = 64


@functools.cache
def flagship() -> tuple[Ruleset, State]:
    scenario = load(scenario_dir() / "alibaba-meizu.yaml")
    ruleset = scenario.ruleset
    seeds, numbers = np.full(WORLDS, 7, "u8"), np.arange(WORLDS, dtype="u8")
    state = first_state(ruleset, scenario.opening, seeds, numbers)
    return ruleset, dataclasses.replace(state, turn=5)


def leader() -> int:
    return flagship()[0].company("alibaba")


def counted(quarters: int) -> State:
    """Alibaba has held a public path for so many quarters."""
    _, state = flagship()
    run = state.path_run.copy()
    run[leader(), 0] = quarters
    return dataclasses.replace(state, path_run=run)


@functools.cache
def ordered(quarters: int, rivalry: float | None = None) -> Orders:
    ruleset, _ = flagship()
    if rivalry is not None:
        rules = dataclasses.replace(ruleset.rules, countdown_rivalry=rivalry)
        ruleset = dataclasses.replace(ruleset, rules=rules)
    others = np.array([n for n in range(len(ruleset.companies)) if n != leader()])
    return Strategist().act(observe(counted(quarters), ruleset, others), ruleset, others)


def last() -> int:
    return flagship()[0].rules.path_quarters - 1


def test_nobody_offers_the_leader_anything_any_more() -> None:
    before, after = (ordered(held).proposals.counterparty == leader() for held in (0, last()))
    assert before.sum() > 0
    assert after.sum() == 0


def test_the_leader_is_attacked_far_more_often() -> None:
    before, after = ((ordered(held).attack == leader()).sum() for held in (0, last()))
    assert after > 3 * before
    early = (ordered(1).attack == leader()).sum()
    assert before < early < after


def test_everybody_stands_ready_to_top_what_the_leader_buys() -> None:
    before, after = ((ordered(held).ready != -1) for held in (0, last()))
    others = np.arange(before.shape[0]) != leader()
    assert before[others].mean() < 0.5
    assert after[others].all()


def test_some_end_what_they_give_to_the_leader() -> None:
    ruleset, _ = flagship()
    state = counted(last())
    tencent, kind = ruleset.company("tencent"), ruleset.kind("payment")
    fields = {name: getattr(state, name).copy() for name in (
        "pledge_announced", "pledge_effort", "pledge_until", "pledge_since",
    )}  # fmt: skip
    place = (kind, tencent, leader())
    fields["pledge_announced"][place] = fields["pledge_effort"][place] = 1.0
    fields["pledge_until"][place], fields["pledge_since"][place] = 12, 1
    broken = []
    for held in (0, last()):
        given = dataclasses.replace(counted(held), **fields)
        orders = Strategist().act(
            observe(given, ruleset, np.array([tencent])), ruleset, np.array([tencent])
        )
        broken.append(int(orders.break_pledge[place].sum()))
    assert broken[1] > broken[0]
    assert broken[1] < WORLDS  # a matter of temper, not a rule


def test_what_was_fair_is_refused_to_the_leader() -> None:
    """The same package, once the countdown runs, misses what the other side asks for."""
    ruleset, _ = flagship()
    quiet = counted(0)
    worth, cost = pledge_worth_of_state(quiet, ruleset)
    rows = 2 * len(ruleset.companies)
    proposer = np.full((rows, WORLDS), -1)
    counterparty = proposer.copy()
    others = [n for n in range(len(ruleset.companies)) if n != leader()]
    proposer[others], counterparty[others] = leader(), np.array(others)[:, None]
    packages = nash_package(quiet, ruleset, proposer, counterparty, worth, cost)
    agreed = []
    for held in (0, 1, last()):
        given = answer(packages, counted(held), ruleset, worth, cost)
        agreed.append(int((given.code == Code.ACCEPT).sum()))
    assert agreed[0] > agreed[1] > agreed[2]
    assert agreed[2] < 0.3 * agreed[0]


def test_without_the_rule_a_countdown_changes_nothing() -> None:
    before, after = ordered(0, 0.0), ordered(last(), 0.0)
    assert np.array_equal(before.attack, after.attack)
    assert np.array_equal(before.ready, after.ready)
    assert np.array_equal(before.proposals.counterparty, after.proposals.counterparty)
