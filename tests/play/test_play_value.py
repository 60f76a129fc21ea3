"""Value, price and credit: what the score reads, what sentiment does, what lenders take."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.play import levers, money, outcome
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.turn import step
from tests.play.test_play_rights import with_stake

WORLDS = 400


def moody(ruleset: Ruleset, persistence: float, sd: float = 0.1) -> Ruleset:
    rules = dataclasses.replace(ruleset.rules, sentiment_sd=sd, sentiment_persistence=persistence)
    return dataclasses.replace(ruleset, rules=rules)


def moods(deals, persistence: float) -> list[np.ndarray]:
    ruleset = moody(deals.ruleset, persistence)
    worlds = np.arange(WORLDS, dtype=np.uint64)
    state = first_state(ruleset, deals.opening, np.full(WORLDS, 5, np.uint64), worlds)
    found = [state.sentiment]
    for turn in range(6):
        state = replace(state, sentiment=money.sentiment_next(state, ruleset, turn))
        found.append(state.sentiment)
    return found


@pytest.mark.parametrize("persistence", [0.0, 0.8])
def test_sentiment_keeps_its_spread_and_reverts(deals, persistence):
    found = moods(deals, persistence)
    spread = np.std(found, axis=(1, 2))
    np.testing.assert_allclose(spread, 0.1, rtol=0.12)
    for before, after in pairwise(found):
        linked = np.corrcoef(before.reshape(-1), after.reshape(-1))[0, 1]
        assert linked == pytest.approx(persistence, abs=0.1)


def test_score_credit_and_control_never_read_the_last_price(deals):
    state, ruleset = deals.state, deals.ruleset
    mad = replace(state, quote=state.quote * 7.0, sentiment=state.sentiment + 2.0)
    calm, wild = (levers.credit_left(one, ruleset) for one in (state, mad))
    np.testing.assert_array_equal(calm, wild)
    one, _ = step(state, ruleset, no_orders(state, ruleset))
    other, _ = step(mad, ruleset, no_orders(state, ruleset))
    for name in ("score", "value", "cash", "status", "price"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


def test_a_private_share_trades_at_a_discount(deals):
    ruleset = moody(deals.ruleset, 0.0, 0.0)
    state = replace(deals.state, sentiment=np.zeros_like(deals.state.sentiment))
    part = money.quote(state, ruleset, np.ones_like(state.quote))
    for company, words in enumerate(ruleset.companies):
        expected = 1.0 if words.listed else 1.0 - ruleset.rules.private_discount
        np.testing.assert_allclose(part[company], expected)


def test_holdings_are_looked_through_and_dividends_from_them_earn_nothing(deals):
    """The holder's value rises by its part of the issuer's, whatever the issuer pays out."""
    ruleset = deals.ruleset
    state = with_stake(deals.state, deals.lantern, deals.harbour, 0.25)
    p = money.fundamental(state, ruleset)
    value = money.value_outside(state, ruleset)
    outside = 1.0 - outcome.stakes(state).sum(axis=0)
    held = outcome.stakes(state)[deals.lantern, deals.harbour]
    whole = value / outside
    np.testing.assert_allclose(
        whole[deals.lantern], p[deals.lantern] + held * whole[deals.harbour], rtol=1e-9
    )
    np.testing.assert_allclose(value.sum(axis=0), p.sum(axis=0), rtol=1e-9)
    rich = replace(state, cash=state.cash + 1.0)
    np.testing.assert_allclose(money.fundamental(rich, ruleset) - p, 1.0)


def test_equity_ends_at_zero_and_drags_nobody(deals):
    state = with_stake(deals.state, deals.lantern, deals.harbour, 0.25)
    debt = state.debt.copy()
    debt[deals.harbour, 0] = 1e7
    ruined = replace(state, debt=debt)
    value = money.value_outside(ruined, deals.ruleset)
    assert value[deals.harbour, 0] == 0.0
    alone = money.fundamental(ruined, deals.ruleset)[deals.lantern, 0]
    assert value[deals.lantern, 0] == pytest.approx(alone)
    np.testing.assert_array_equal(value[:, 1:], money.value_outside(state, deals.ruleset)[:, 1:])


def test_lenders_take_no_stakes_as_security(deals):
    """A swap of stakes lifts nobody's credit: what each owns of the other is counted out."""
    plain = deals.state

    def credit(state: State) -> np.ndarray:
        value = money.value_outside(state, deals.ruleset)
        return np.asarray(levers.credit_left(replace(state, value=value), deals.ruleset))

    swapped = with_stake(plain, deals.lantern, deals.harbour, 0.2)
    swapped = with_stake(swapped, deals.harbour, deals.lantern, 0.2)
    np.testing.assert_allclose(credit(swapped), credit(plain), rtol=1e-9)
