"""Votes apart from shares: who decides, through chains, and with what weight."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.economy.pricing_checks import profit_weights
from game.finance.ownership import control, fractions
from game.finance.voting import (
    control_rights,
    founders_votes,
    majority_stake,
    votes,
    voting_power,
)

seeds = st.integers(0, 2**31)


def counts(seed: int, count: int = 5, worlds: int = 3) -> tuple[Any, Any, Any, Any]:
    """Shares, founders, public and votes of a founder's share."""
    rng = np.random.default_rng(seed)
    shares = rng.integers(0, 400, (count, count, worlds)) * (rng.random((count, count, 1)) < 0.5)
    shares[np.arange(count), np.arange(count)] = 0
    founders, public = rng.integers(0, 900, (2, count, worlds))
    return shares, founders, public + 1, rng.choice([1.0, 10.0, 20.0], count)


@given(seeds)
def test_votes_of_holders_founders_and_public_are_all_votes(seed: int) -> None:
    shares, founders, public, each = counts(seed)
    every = shares.sum(axis=0) + public + each[:, None] * founders
    cast = votes(shares, founders, public, each).sum(axis=0)
    led = founders_votes(shares, founders, public, each)
    np.testing.assert_allclose(cast + led + public / every, 1.0)


@given(seeds)
def test_one_vote_a_share_leaves_the_fractions(seed: int) -> None:
    shares, founders, public, _ = counts(seed)
    np.testing.assert_allclose(votes(shares, founders, public), fractions(shares, founders, public))


@given(seeds)
def test_beyond_the_majority_stake_a_holder_decides_alone(seed: int) -> None:
    shares, founders, public, each = counts(seed)
    held = fractions(shares, founders, public)
    total = shares.sum(axis=0) + founders + public
    alone = votes(shares, founders, public, each) > 0.5
    np.testing.assert_array_equal(alone, held > majority_stake(total, founders, each[:, None]))


def test_a_third_of_meizu_buys_no_control_while_the_founder_keeps_half() -> None:
    shares = np.zeros((2, 2), int)
    shares[0, 1] = 2934
    cast = votes(shares, [0, 5100], [10_000, 1966])
    led = founders_votes(shares, [0, 5100], [10_000, 1966])
    assert control(cast).tolist() == [0, 1]
    rights = control_rights(cast, led)
    np.testing.assert_array_equal(rights, np.eye(2))


def test_twenty_votes_a_share_keep_a_fifth_in_charge() -> None:
    shares = np.zeros((2, 2), int)
    shares[0, 1] = 600
    one, twenty = (votes(shares, [0, 200], [1000, 200], each)[0, 1] for each in (1.0, 20.0))
    assert one == 0.6
    assert twenty == pytest.approx(600 / 4800)
    assert founders_votes(shares, [0, 200], [1000, 200], 20.0)[1] == pytest.approx(4000 / 4800)


def test_a_parent_casts_the_votes_of_its_subsidiaries() -> None:
    cast = np.zeros((4, 4))
    cast[0, 1] = 0.6
    cast[0, 2], cast[1, 2] = 0.3, 0.25
    cast[2, 3] = 0.51
    assert control(cast).tolist() == [0, 0, 0, 0]
    rights = control_rights(cast, np.zeros(4))
    np.testing.assert_array_equal(rights[0], 1.0)
    assert control_rights(cast, np.zeros(4), through=False)[2, 2] == pytest.approx(0.45)


@given(seeds)
def test_control_rights_of_every_company_sum_to_one(seed: int) -> None:
    shares, founders, public, each = counts(seed)
    cast = votes(shares, founders, public, each)
    led = founders_votes(shares, founders, public, each)
    rights = control_rights(cast, led)
    np.testing.assert_allclose(rights.sum(axis=0), 1.0)
    assert (rights >= 0.0).all()
    alone = np.diagonal(rights)[..., :].T == 1.0
    assert alone[led > 0.5].all()


@given(seeds)
def test_control_does_not_hang_on_the_order_of_companies(seed: int) -> None:
    shares, founders, public, each = counts(seed)
    order = np.random.default_rng(seed).permutation(5)
    cast = votes(shares, founders, public, each)
    there = votes(shares[order][:, order], founders[order], public[order], each[order])
    np.testing.assert_array_equal(order[control(there)], control(cast)[order])


def test_control_rights_make_the_published_profit_weights() -> None:
    """Holder of all of firm 1 and a quarter of firm 2: silent, proportional, total."""
    cash_flow = np.array([[1.0, 0.25], [0.0, 0.75]])
    proportional = control_rights(np.array([[0.0, 0.25], [0.0, 0.0]]), np.zeros(2))
    np.testing.assert_allclose(profit_weights(cash_flow, proportional), [[1.0, 0.25], [0.4, 1.0]])
    founder = control_rights(np.array([[0.0, 0.25], [0.0, 0.0]]), np.array([0.0, 0.6]))
    np.testing.assert_allclose(profit_weights(cash_flow, founder), [[1.0, 0.25], [0.0, 1.0]])


def test_power_is_not_votes() -> None:
    """49, 49 and 2: the smallest tips as often as the others; over half it has all the power."""
    power, _ = voting_power([49.0, 49.0, 2.0], 0.0)
    np.testing.assert_allclose(power, 1 / 3)
    power, small = voting_power([0.51], 0.49)
    assert power[0] == pytest.approx(1.0)
    assert small == pytest.approx(0.0)


def test_a_block_among_scattered_holders_has_more_power_than_votes() -> None:
    power, small = voting_power([0.3], 0.7)
    assert power[0] > 0.3
    assert power[0] + small == pytest.approx(1.0)
