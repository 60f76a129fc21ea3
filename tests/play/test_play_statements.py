"""The statements of every company tie to the cent, in any game."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.lab.runner import orders_of
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.report import Line, Report
from game.play.statements import (
    ACCRUALS,
    BELOW,
    FINANCE,
    FINANCING,
    GROSS,
    INVESTING,
    OPERATING,
    SINGULAR,
    Balance,
    statements,
)
from game.play.turn import step
from game.policies.registry import seating
from game.resources import find_scenario
from game.scenario.loader import Scenario, load

CENT = 1e-8
"""USD m."""
Quarter = tuple[State, State, Report]


@pytest.fixture(scope="module", params=["lesson", "alibaba-meizu"])
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return load(find_scenario(request.param))


def begin(scenario: Scenario, worlds: int, seed: int = 5) -> State:
    numbers = np.arange(worlds, dtype=np.uint64)
    seeds = np.full(worlds, seed, np.uint64)
    return first_state(scenario.ruleset, scenario.opening, seeds, numbers)


def quarters(state: State, ruleset: Ruleset, policy: str, turns: int) -> Iterator[Quarter]:
    """Quarters of a game with one policy in all seats."""
    seated = seating(policy, ruleset)
    for _ in range(turns):
        after, report = step(state, ruleset, orders_of(state, ruleset, seated))
        yield state, after, report
        state = after


def allowed(before: State, after: State, report: Report) -> np.ndarray:
    """A cent, or what rounding does to the largest figure of the company: [N, W] USD m."""
    held = np.abs(before.carrying).sum(axis=1) + np.abs(after.carrying).sum(axis=1)
    size = np.abs(report.lines).max(axis=0) + np.abs(before.cash) + before.debt + held
    return np.asarray(np.maximum(CENT, 1e-13 * size))


def test_every_line_stands_in_one_statement_once() -> None:
    profit = GROSS + OPERATING + SINGULAR + FINANCE + (Line.TAX,)
    placed = profit + BELOW + ACCRUALS + INVESTING + FINANCING
    assert sorted(placed) == list(Line)


@pytest.mark.parametrize("policy", ["idle", "strategist", "random"])
def test_statements_tie_to_the_cent(scenario: Scenario, policy: str) -> None:
    state = begin(scenario, 6)
    deals = 0.0
    for before, after, report in quarters(state, scenario.ruleset, policy, 8):
        books = statements(before, after, report)
        ends = ~before.active
        off = np.abs(books.differences()) * ~ends
        assert (off <= allowed(before, after, report)).all(), np.abs(off).max()
        balance = books.closing
        np.testing.assert_allclose(balance.assets, balance.liabilities + balance.equity)
        assert np.allclose(books.net_profit, books.before_tax + report.lines[Line.TAX])
        deals += np.abs(report.raised).sum()
    if policy == "strategist":
        assert deals > 0.0


def test_holdings_open_at_the_share_price(scenario: Scenario) -> None:
    state = begin(scenario, 2)
    worth = (state.shares * state.quote).sum(axis=1)
    np.testing.assert_array_equal(Balance.of(state).holdings, worth)


def test_a_holding_of_a_fifth_takes_its_part_of_the_profit(scenario: Scenario) -> None:
    ruleset, state = scenario.ruleset, begin(scenario, 2)
    shares, carrying = np.zeros_like(state.shares), np.zeros_like(state.carrying)
    public = state.public + state.shares.sum(axis=0)
    for issuer, part in ((1, 0.25), (2, 0.19)):
        shares[0, issuer] = np.floor(part * (public + state.founders)[issuer])
        public[issuer] -= shares[0, issuer]
        carrying[0, issuer] = 1e6
    start = replace(state, shares=shares, carrying=carrying, public=public)
    after, report = step(start, ruleset, no_orders(start, ruleset))
    part = shares[0, 1] / (public + start.founders + shares.sum(axis=0))[1]
    np.testing.assert_allclose(report.associates[0], part * after.profit[1], rtol=1e-12)
    np.testing.assert_array_equal(after.carrying[0, 2], 1e6)
    assert (report.associates[1:] == 0.0).all()


@pytest.mark.parametrize("policy", ["strategist", "random"])
def test_what_companies_pay_each_other_sums_to_nothing(scenario: Scenario, policy: str) -> None:
    """Dividends, shares and payments among companies; founders and the public are outside."""
    internal = [Line.DEALS, Line.SHARES_SOLD, Line.STAKES_BOUGHT, Line.STAKES_SOLD]
    for before, after, report in quarters(begin(scenario, 6), scenario.ruleset, policy, 8):
        assert report.settlement is not None
        outside = report.settlement.flows.to_founders.sum(axis=0)
        moved = report.lines[internal].sum(axis=(0, 1)) + outside
        limit = allowed(before, after, report).sum(axis=0)
        assert (np.abs(moved) <= limit).all()
        received = report.lines[Line.DIVIDENDS_RECEIVED].sum(axis=0)
        paid = -report.lines[Line.DIVIDENDS_PAID].sum(axis=0)
        assert (received <= paid + limit).all()
