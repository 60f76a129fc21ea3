"""Laws of ownership, value, clearing and accounts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.errors import RuleError
from game.finance.accounts import after_tax, cover_shortfall, interest, repay, transfers
from game.finance.clearing import clearing_payments, equity_after_clearing
from game.finance.linear import solve_leontief
from game.finance.ownership import (
    block_control,
    book_values,
    control,
    conversion_price,
    diluted,
    fractions,
    new_shares,
    outside_claims,
    outside_fractions,
    shapley_shubik,
)
from game.finance.valuation import (
    annuity,
    discount,
    growing_annuity,
    limited_value_to_outside_holders,
    limited_values,
    perpetuity,
    post_money,
    pre_money,
    present_value,
    value_to_outside_holders,
)

seeds = st.integers(0, 2**31)


@pytest.fixture(autouse=True)
def strict_numbers() -> Iterator[None]:
    """Every floating-point fault is an error."""
    with np.errstate(all="raise", under="ignore"):
        yield


def holdings(seed: int, worlds: int = 4, count: int = 5) -> Any:
    """Fractions, holder by issuer, in which outside holders keep at least a tenth."""
    rng = np.random.default_rng(seed)
    claims = rng.random((count, count, worlds)) * (rng.random((count, count, worlds)) < 0.5)
    claims[np.arange(count), np.arange(count)] = 0.0
    total = np.maximum(claims.sum(axis=0), 1e-9)
    return claims * np.minimum(1.0, 0.9 * rng.random((count, worlds)) / total)


@given(seeds)
def test_outside_values_sum_to_the_fundamentals(seed: int) -> None:
    claims = holdings(seed)
    p = np.random.default_rng(seed + 1).normal(10.0, 30.0, (5, 4))
    found = value_to_outside_holders(p, claims)
    np.testing.assert_allclose(found.sum(axis=0), p.sum(axis=0), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(outside_claims(claims).sum(axis=0), 1.0)


@given(seeds)
def test_book_values_solve_their_equation_and_double_count(seed: int) -> None:
    claims = holdings(seed)
    p = np.random.default_rng(seed + 1).uniform(1.0, 30.0, (5, 4))
    value = book_values(p, claims)
    np.testing.assert_allclose(value, p + (claims * value).sum(axis=1), rtol=1e-10)
    assert (value.sum(axis=0) >= p.sum(axis=0) - 1e-9).all()


@given(seeds)
def test_linear_solution_is_that_of_a_library(seed: int) -> None:
    claims = holdings(seed)[..., 0]
    source = np.random.default_rng(seed).normal(size=5)
    np.testing.assert_allclose(
        solve_leontief(claims, source), np.linalg.solve(np.eye(5) - claims, source), rtol=1e-9
    )


def test_a_lane_alone_is_the_lane_in_a_batch_bit_for_bit() -> None:
    claims, rng = holdings(7, worlds=33, count=9), np.random.default_rng(0)
    claims[..., 1] = 0.0
    p = rng.normal(5.0, 20.0, (9, 33))
    for law in (value_to_outside_holders, limited_values):
        whole = law(p, claims)
        for lane in range(4):
            two = [lane, lane]
            alone = law(np.take(p, two, axis=-1), np.take(claims, two, axis=-1))
            np.testing.assert_array_equal(whole[:, lane], alone[:, 0])


def test_a_group_that_owns_itself_spoils_no_other_lane() -> None:
    claims = np.zeros((2, 2, 2))
    claims[0, 1], claims[1, 0] = [1.0, 0.2], [1.0, 0.0]
    found = value_to_outside_holders(np.full((2, 2), 10.0), claims)
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found[:, 1], [12.0, 8.0])


def test_a_ring_inflates_books_but_not_outside_values() -> None:
    ring = np.array([[0, 0.45, 0], [0, 0, 0.45], [0.45, 0, 0]])
    p = np.ones(3)
    np.testing.assert_allclose(book_values(p, ring), 1.0 / 0.55)
    np.testing.assert_allclose(value_to_outside_holders(p, ring), p)


def test_one_matrix_serves_many_worlds_and_the_other_way_round() -> None:
    claims, p = holdings(5)[..., 0], np.random.default_rng(5).normal(5.0, 9.0, (5, 3))
    for law in (value_to_outside_holders, limited_value_to_outside_holders):
        found = law(p, claims)
        np.testing.assert_allclose(found[:, 2], law(p[:, 2], claims))
        repeated = law(p[:, 0], np.repeat(claims[..., None], 3, axis=-1))
        np.testing.assert_allclose(repeated[:, 1], found[:, 0])


@given(seeds)
def test_limited_values_are_never_below_zero_nor_below_the_linear_ones(seed: int) -> None:
    claims = holdings(seed)
    p = np.random.default_rng(seed + 1).normal(2.0, 30.0, (5, 4))
    value = limited_values(p, claims)
    np.testing.assert_allclose(
        value, np.maximum(p + (claims * value).sum(axis=1), 0.0), rtol=1e-9, atol=1e-9
    )
    assert (value >= book_values(p, claims) - 1e-9).all()
    assert (limited_value_to_outside_holders(p, claims) >= 0.0).all()


def test_fractions_of_share_counts() -> None:
    shares = np.zeros((2, 2, 2), np.int64)
    shares[0, 1] = [250, 0]
    found = fractions(shares, np.array([[0, 0], [500, 0]]), np.array([[0, 0], [250, 0]]))
    np.testing.assert_array_equal(found[0, 1], [0.25, 0.0])
    np.testing.assert_array_equal(outside_fractions(found)[1], [0.75, 1.0])


@given(st.integers(1_000, 10**10), st.floats(0.0, 0.9))
def test_new_shares_make_the_stake_and_dilute_the_rest(outstanding: int, stake: float) -> None:
    issued = new_shares(outstanding, stake)
    assert issued / (outstanding + issued) == pytest.approx(stake, abs=1e-3)
    assert diluted(0.4, outstanding, issued) == pytest.approx(
        0.4 * (1 - issued / (outstanding + issued))
    )


def test_conversion_price_falls_only_when_new_shares_are_cheaper() -> None:
    assert conversion_price(10.0, 1000, 200, 12.0) == 10.0
    assert conversion_price(10.0, 1000, 200, 0.0) == pytest.approx(10.0 * 1000 / 1200)


def test_control_runs_through_chains_and_not_around_rings() -> None:
    votes = np.zeros((4, 4))
    votes[0, 1], votes[1, 2], votes[3, 2] = 0.6, 0.51, 0.49
    np.testing.assert_array_equal(control(votes), [0, 0, 0, 3])
    votes[2, 0] = 0.7
    np.testing.assert_array_equal(control(votes), [0, 1, 2, 3])
    assert block_control(votes).sum() == 3
    np.testing.assert_array_equal(control(np.full((2, 2, 3), 0.5)), [[0] * 3, [1] * 3])


def power_by_orders(votes: Any) -> Any:
    """Shapley-Shubik by counting every order of voting."""
    orders = list(permutations(range(len(votes))))
    power = np.zeros(len(votes))
    for order in orders:
        total = np.cumsum(np.asarray(votes)[list(order)])
        power[order[int(np.argmax(total > 0.5 * sum(votes)))]] += 1
    return power / len(orders)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=6))
def test_shapley_shubik_counts_orders(votes: list[int]) -> None:
    np.testing.assert_allclose(shapley_shubik(votes), power_by_orders(votes), atol=1e-12)


def test_shapley_shubik_of_textbooks() -> None:
    np.testing.assert_allclose(shapley_shubik([50, 49, 1]), [2 / 3, 1 / 6, 1 / 6])
    np.testing.assert_allclose(shapley_shubik([0.51, 0.29, 0.2]), [1, 0, 0])
    both = shapley_shubik(np.array([[50, 1], [49, 1], [1, 1]]))
    np.testing.assert_allclose(both[:, 1], 1 / 3)
    np.testing.assert_allclose(shapley_shubik([4, 2, 1, 1], quota=4.5).sum(), 1.0)
    with pytest.raises(RuleError):
        shapley_shubik(np.ones(21))


def debts(seed: int, worlds: int = 4, count: int = 5) -> Any:
    """Liabilities and outside assets, some of them zero."""
    rng = np.random.default_rng(seed)
    owed = rng.uniform(0, 10, (count, count, worlds)) * (rng.random((count, count, worlds)) < 0.5)
    owed[np.arange(count), np.arange(count)] = 0.0
    return owed, rng.uniform(0, 8, (count, worlds)) * (rng.random((count, worlds)) < 0.6)


@given(seeds)
def test_clearing_pays_what_there_is_and_conserves_money(seed: int) -> None:
    owed, assets = debts(seed)
    paid, due = clearing_payments(owed, assets), owed.sum(axis=1)
    share = owed / np.where(due > 0, due, 1.0)[:, None]
    room = assets + (share * paid[:, None]).sum(axis=0)
    np.testing.assert_allclose(paid, np.minimum(due, room), rtol=1e-9, atol=1e-9)
    left = equity_after_clearing(owed, assets, paid)
    assert (left >= -1e-9).all()
    np.testing.assert_allclose(left.sum(axis=0), assets.sum(axis=0), atol=1e-9)


@given(seeds)
def test_clearing_is_the_greatest_vector(seed: int) -> None:
    """Iterating from full payment downwards converges to the greatest one from above."""
    owed, assets = debts(seed)
    due = owed.sum(axis=1)
    share = owed / np.where(due > 0, due, 1.0)[:, None]
    falling = due
    for _ in range(20_000):
        lower = np.minimum(due, assets + (share * falling[:, None]).sum(axis=0))
        if np.abs(lower - falling).max() < 1e-13:
            break
        falling = lower
    np.testing.assert_allclose(clearing_payments(owed, assets), falling, rtol=1e-6, atol=1e-6)


def test_clearing_lanes_are_alone() -> None:
    owed, assets = debts(3, worlds=17, count=7)
    whole = clearing_payments(owed, assets)
    for lane in range(5):
        two = [lane, lane]
        alone = clearing_payments(np.take(owed, two, axis=-1), np.take(assets, two, axis=-1))
        np.testing.assert_array_equal(whole[:, lane], alone[:, 0])


def test_two_who_owe_each_other_pay_without_money() -> None:
    np.testing.assert_array_equal(clearing_payments([[0.0, 5.0], [5.0, 0.0]], [0.0, 0.0]), 5.0)
    np.testing.assert_array_equal(clearing_payments([[0.0, 5.0], [0.0, 0.0]], [0.0, 0.0]), 0.0)


@given(st.floats(0.001, 0.2), st.integers(0, 60))
def test_annuity_is_the_sum_of_its_payments(rate: float, quarters: int) -> None:
    expected = sum((1 + rate) ** -(step + 1) for step in range(quarters))
    assert annuity(rate, quarters) == pytest.approx(expected, rel=1e-10)
    flows = np.ones((quarters, 2))
    np.testing.assert_allclose(present_value(flows, rate), expected, rtol=1e-10)


def test_annuities_by_hand() -> None:
    assert annuity(0.1, 2) == pytest.approx(1 / 1.1 + 1 / 1.21)
    np.testing.assert_array_equal(annuity(0.0, np.array([0, 3, 8])), [0, 3, 8])
    assert growing_annuity(0.1, 0.05, 2) == pytest.approx(1 / 1.1 + 1.05 / 1.21)
    assert growing_annuity(0.1, 0.1, 3) == pytest.approx(3 / 1.1)
    assert perpetuity(0.025, 0.01) == pytest.approx(1 / 0.015)
    assert annuity(0.025, 5000) == pytest.approx(perpetuity(0.025))
    assert discount(0.1, 2) == pytest.approx(1 / 1.21)


def test_money_before_and_after_an_issue() -> None:
    assert post_money(590.0, 0.293) == pytest.approx(2013.65, rel=1e-5)
    assert pre_money(590.0, 0.293) == pytest.approx(2013.65 - 590.0, rel=1e-5)


@given(seeds)
def test_transfers_make_no_money(seed: int) -> None:
    rng = np.random.default_rng(seed)
    balances, payments = rng.normal(0, 100, (5, 3)), rng.uniform(0, 50, (5, 5, 3))
    moved = transfers(balances, payments)
    np.testing.assert_allclose(moved.sum(axis=0), balances.sum(axis=0), atol=1e-9)


@given(seeds)
def test_shortfalls_are_lent_missing_or_both(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cash, debt, line = rng.normal(0, 50, 6), rng.uniform(0, 40, 6), rng.uniform(0, 60, 6)
    found = cover_shortfall(cash, debt, line)
    assert (found.cash >= 0.0).all()
    np.testing.assert_allclose(found.cash, cash + found.drawn + found.missing)
    np.testing.assert_allclose(found.debt, debt + found.drawn)
    assert (found.debt <= np.maximum(debt, line) + 1e-9).all()
    np.testing.assert_array_equal(found.defaulted(), found.missing > 0.0)
    kept, owed = repay(found.cash, found.debt, keep=5.0)
    np.testing.assert_allclose(kept - owed, found.cash - found.debt)
    assert (owed >= 0.0).all()


def test_tax_and_interest() -> None:
    np.testing.assert_allclose(after_tax(np.array([100.0, -40.0]), 0.2), [80.0, -40.0])
    np.testing.assert_allclose(
        interest(np.array([100.0, -5.0]), np.array([0.0, 50.0]), 0.015, 0.004), [0.4, -0.75]
    )
