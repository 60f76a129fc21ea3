"""Losses carried forward: used oldest first, lost with age, never made or used twice."""

from __future__ import annotations

import dataclasses

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from game.core.state import State, replace
from game.finance.accounts import losses_aged, losses_used
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.report import Line
from game.play.turn import step
from game.resources import find_scenario
from game.scenario.loader import load

YEARS, WORLDS = 3, 2
SOME = arrays(float, (YEARS, WORLDS), elements=st.floats(0.0, 1e4))
RESULT = arrays(float, (WORLDS,), elements=st.floats(-1e4, 1e4))


def test_by_hand() -> None:
    losses = np.array([[1.0], [2.0], [3.0]])
    used, left = losses_used(losses, np.array([4.0]))
    assert used.tolist() == [4.0]
    assert left[:, 0].tolist() == [1.0, 1.0, 0.0]
    used, left = losses_used(losses, np.array([-5.0]))
    assert used.tolist() == [0.0]
    assert left[:, 0].tolist() == [6.0, 2.0, 3.0]
    assert losses_aged(losses)[:, 0].tolist() == [0.0, 1.0, 2.0]
    assert losses_aged(losses[:1])[:, 0].tolist() == [1.0]


@given(losses=SOME, profit=RESULT)
def test_what_is_used_is_gone_and_a_loss_is_kept(losses: np.ndarray, profit: np.ndarray) -> None:
    used, left = losses_used(losses, profit)
    assert (used >= 0.0).all()
    assert (used <= np.maximum(profit, 0.0) + 1e-9).all()
    assert (left >= -1e-9).all()
    new = np.maximum(-profit, 0.0)
    np.testing.assert_allclose(left.sum(axis=0), losses.sum(axis=0) - used + new, atol=1e-7)
    np.testing.assert_allclose(
        used, np.minimum(np.maximum(profit, 0.0), losses.sum(axis=0)), atol=1e-7
    )


@given(losses=SOME, profit=RESULT)
def test_ages_do_not_matter_for_what_is_used_now(losses: np.ndarray, profit: np.ndarray) -> None:
    whole, _ = losses_used(losses.sum(axis=0)[None], profit)
    np.testing.assert_allclose(losses_used(losses, profit)[0], whole, atol=1e-7)


def _taxed(years: int, quarters: int) -> tuple[State, np.ndarray]:
    """Tax of a rich company that begins with a loss it cannot use up, quarter by quarter."""
    loaded = load(find_scenario("alibaba-meizu"))
    rules = dataclasses.replace(loaded.ruleset.rules, loss_years=years)
    ruleset = dataclasses.replace(loaded.ruleset, rules=rules)
    numbers = np.arange(WORLDS, dtype=np.uint64)
    ages = ruleset.sizes["G"]
    opening = replace(loaded.opening, tax_loss=np.repeat(loaded.opening.tax_loss[:, :1], ages, 1))
    state = first_state(ruleset, opening, np.full(WORLDS, 3, np.uint64), numbers)
    company, losses = ruleset.company("apple"), state.tax_loss.copy()
    losses[company, 0] = 1e6
    state = replace(state, tax_loss=losses)
    taxes = []
    for _ in range(quarters):
        state, report = step(state, ruleset, no_orders(state, ruleset))
        taxes.append(report.lines[Line.TAX, company])
    return state, np.array(taxes)


def test_a_loss_shields_for_its_year_and_those_allowed() -> None:
    _, taxes = _taxed(1, 10)
    assert not taxes[:8].any()
    assert (taxes[8:] < 0.0).all()


def test_without_a_limit_it_shields_for_ever() -> None:
    state, taxes = _taxed(0, 10)
    assert not taxes.any()
    assert state.tax_loss.shape[1] == 1
