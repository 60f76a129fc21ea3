"""Joint ventures that machines propose: worth it for both, legal, and one for a host."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from game.core.state import State, replace
from game.lab.runner import orders_of
from game.play.contracts import legal
from game.play.observation_build import observe
from game.play.opening import first_state
from game.play.packages import DealFlag, Extra, Packages
from game.play.pledge_value import pledge_worth
from game.play.terms import estimated_terms
from game.play.turn import step
from game.policies.registry import seating
from game.scenario.loader import load

WORLDS = 16
SLOTS = [Extra.VENTURE, Extra.VENTURE_MARKET, Extra.VENTURE_SHARE]


@pytest.fixture(scope="module")
def table(root: Any) -> tuple[Any, State, Packages]:
    """What strategists of the flagship propose in its sixth quarter, with every clause allowed."""
    scenario = load(root / "scenarios" / "alibaba-meizu.yaml")
    rules = dataclasses.replace(scenario.ruleset.rules, advanced_deals=True)
    ruleset = dataclasses.replace(scenario.ruleset, rules=rules)
    numbers = np.arange(WORLDS, dtype=np.uint64)
    state = first_state(ruleset, scenario.opening, np.full(WORLDS, 3, np.uint64), numbers)
    for _ in range(5):
        orders = orders_of(state, ruleset, seating("strategist", ruleset))
        state, _ = step(state, ruleset, orders)
    return ruleset, state, proposed(ruleset, state)


def proposed(ruleset: Any, state: State) -> Packages:
    return orders_of(state, ruleset, seating("strategist", ruleset)).proposals


def funded(packages: Packages) -> Any:
    return (packages.extra[:, Extra.VENTURE] > 0.0).any(axis=0)


def test_ventures_are_proposed_where_every_clause_is_allowed_and_nowhere_else(table: Any) -> None:
    ruleset, state, packages = table
    assert funded(packages).any()
    plain = dataclasses.replace(ruleset.rules, advanced_deals=False)
    assert not funded(proposed(dataclasses.replace(ruleset, rules=plain), state)).any()


def test_they_are_legal_and_win_the_pair_something(table: Any) -> None:
    ruleset, state, packages = table
    some = funded(packages) & (packages.proposer >= 0)
    assert some.any()
    flags = legal(packages, state, ruleset)[some]
    assert (flags & int(DealFlag.VENTURE | DealFlag.CLAUSE) == 0).all()
    without = dataclasses.replace(packages, extra=packages.extra.copy())
    without.extra[:, SLOTS] = 0.0
    view = observe(state, ruleset, np.arange(len(ruleset.companies)))
    quotes = pledge_worth(view, ruleset)
    gained = [
        estimated_terms(one, view, ruleset, *quotes).sum(axis=1)[:, some]
        for one in (packages, without)
    ]
    assert ((gained[0] - gained[1]).sum(axis=0) > 0.0).all()
    shares = packages.extra[:, Extra.VENTURE_SHARE].max(axis=0)[some]
    assert (shares <= 0.6 + 1e-6).all()


def test_a_host_with_a_venture_is_offered_no_other(table: Any) -> None:
    ruleset, state, _ = table
    busy = replace(state, venture_until=np.full_like(state.venture_until, state.turn + 5))
    assert not funded(proposed(ruleset, busy)).any()
