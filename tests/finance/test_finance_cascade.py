"""Cross-holdings against brute force, and failures that spread through them."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.errors import RuleError
from game.finance.cascade import failure_cascade
from game.finance.ownership import book_values, outside_claims, outside_fractions
from game.finance.valuation import (
    limited_value_to_outside_holders,
    limited_values,
    value_to_outside_holders,
)

seeds = st.integers(0, 2**31)
HALVES = np.array([[0.0, 0.5], [0.5, 0.0]])
TABLE = np.array([[2 / 3, 1 / 3], [1 / 3, 2 / 3]])


def holdings(seed: int, count: int) -> Any:
    """Random fractions; outside holders keep at least a tenth."""
    rng = np.random.default_rng(seed)
    claims = rng.random((count, count)) * (rng.random((count, count)) < 0.6)
    np.fill_diagonal(claims, 0.0)
    return claims * np.minimum(1.0, 0.9 * rng.random(count) / np.maximum(claims.sum(axis=0), 1e-9))


@pytest.mark.parametrize("count", [3, 5])
@given(seed=seeds)
def test_values_are_the_fixed_point_found_by_brute_force(count: int, seed: int) -> None:
    claims, p = holdings(seed, count), np.random.default_rng(seed).normal(5.0, 20.0, count)
    value, limited = p.copy(), np.zeros(count)
    for _ in range(2000):
        value = p + np.array(
            [sum(claims[h, i] * value[i] for i in range(count)) for h in range(count)]
        )
        limited = np.maximum(0.0, p + claims @ limited)
    np.testing.assert_allclose(book_values(p, claims), value, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(limited_values(p, claims), limited, rtol=1e-9, atol=1e-9)
    outside = outside_fractions(claims)
    np.testing.assert_allclose(value_to_outside_holders(p, claims).sum(), p.sum(), atol=1e-8)
    np.testing.assert_allclose(
        limited_value_to_outside_holders(p, claims), outside * limited, rtol=1e-9, atol=1e-9
    )


@given(seeds)
def test_limited_liability_loses_creditors_what_it_saves_holders(seed: int) -> None:
    """Outside values sum to the fundamentals and the losses that stop at the company."""
    claims, p = holdings(seed, 5), np.random.default_rng(seed).normal(2.0, 20.0, 5)
    value = limited_values(p, claims)
    stopped = np.maximum(-(p + claims @ value), 0.0)
    found = limited_value_to_outside_holders(p, claims).sum()
    assert found == pytest.approx(p.sum() + stopped.sum(), abs=1e-8)
    assert (value >= book_values(p, claims) - 1e-9).all()


def best_case(p: Any, claims: Any, least: Any, cost: Any) -> tuple[Any, Any]:
    """Of all sets of failures that explain themselves, the smallest, by trying every one."""
    found: list[tuple[int, Any, Any]] = []
    matrix = (1.0 - claims.sum(axis=0))[:, None] * np.linalg.inv(np.eye(len(p)) - claims)
    for chosen in product((False, True), repeat=len(p)):
        values = matrix @ (p - np.where(chosen, cost, 0.0))
        if ((values < least) == np.array(chosen)).all():
            found.append((sum(chosen), np.array(chosen), values))
    _, failed, values = min(found, key=lambda one: one[0])
    return failed, values


@pytest.mark.parametrize("count", [3, 5])
@given(seed=seeds)
def test_a_cascade_ends_at_the_fewest_failures_there_can_be(count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    claims, p = holdings(seed, count), rng.uniform(5.0, 20.0, count)
    least = value_to_outside_holders(p, claims) * rng.uniform(0.7, 1.05, count)
    cost = rng.uniform(0.0, 8.0, count)
    failed, values = best_case(p, claims, least, cost)
    found = failure_cascade(p, claims, least, cost)
    np.testing.assert_array_equal(found.waves > 0, failed)
    np.testing.assert_allclose(found.values, values, rtol=1e-9)


def test_one_failure_pulls_the_next_one_down() -> None:
    """A ring of three, each a third of the next: worked out by hand."""
    ring = np.zeros((3, 3))
    ring[1, 0] = ring[2, 1] = ring[0, 2] = 1 / 3
    # (I - C)^-1 = [27, 9, 3 in a ring] / 26, outside part 2/3
    table = np.array([[18, 2, 6], [6, 18, 2], [2, 6, 18]]) / 26
    np.testing.assert_allclose(outside_claims(ring), table)
    p = np.array([9.0, 10.0, 10.0])
    found = failure_cascade(p, ring, [9.5, 9.0, 7.0], [4.0, 3.0, 1.0])
    np.testing.assert_array_equal(found.waves, [1, 2, 0])
    np.testing.assert_allclose(found.values, table @ (p - [4.0, 3.0, 0.0]))


def test_two_that_hold_half_of_each_other() -> None:
    np.testing.assert_allclose(outside_claims(HALVES), TABLE)
    calm = failure_cascade([1.0, 1.0], HALVES, 0.5, 0.5)
    np.testing.assert_array_equal(calm.waves, 0)
    fall = failure_cascade([0.2, 1.0], HALVES, 0.6, 0.5)
    np.testing.assert_array_equal(fall.waves, [1, 2])
    np.testing.assert_allclose(fall.values, TABLE @ [-0.3, 0.5])


def test_worlds_fail_on_their_own() -> None:
    p = np.array([[0.2, 1.0, 1.0], [1.0, 1.0, 0.2]])
    whole = failure_cascade(p, HALVES[..., None] * [1.0, 1.0, 0.0], 0.6, 0.5)
    for lane, part in enumerate((1.0, 1.0, 0.0)):
        one = failure_cascade(p[:, lane], HALVES * part, 0.6, 0.5)
        np.testing.assert_array_equal(whole.waves[:, lane], one.waves)
        np.testing.assert_allclose(whole.values[:, lane], one.values)
    one_matrix = failure_cascade(p, HALVES, [0.6, 0.6], [0.5, 0.5])
    np.testing.assert_array_equal(one_matrix.waves[:, 0], [1, 2])


LAWS = (book_values, value_to_outside_holders, limited_values, limited_value_to_outside_holders)


@pytest.mark.parametrize("law", LAWS)
def test_integers_nothing_held_and_lists_are_fine(law: Any) -> None:
    none = np.zeros((3, 3), int)
    np.testing.assert_array_equal(law([3, 2, 1], none), [3.0, 2.0, 1.0])
    np.testing.assert_array_equal(law(np.array([3, 2, 1]), none.tolist()), [3.0, 2.0, 1.0])
    np.testing.assert_array_equal(outside_claims(none), np.eye(3))
    np.testing.assert_array_equal(law(np.ones((3, 2), int), none), np.ones((3, 2)))
    np.testing.assert_array_equal(law([1, 1, 1], np.zeros((3, 3, 2), int)), np.ones((3, 2)))


@pytest.mark.parametrize(
    ("claims", "word"),
    [
        ([[0.1, 0.0], [0.0, 0.0]], "itself"),
        ([[0.0, -0.1], [0.0, 0.0]], "negative"),
        ([[0.0, 0.7, 0.0], [0.0, 0.0, 0.0], [0.0, 0.7, 0.0]], "more than"),
        ([[0.0, 0.1]], "square"),
    ],
)
def test_holdings_that_cannot_be_are_refused_with_advice(claims: Any, word: str) -> None:
    for law in LAWS:
        with pytest.raises(RuleError, match=word):
            law(np.ones(len(claims)), claims)
    with pytest.raises(RuleError, match=word):
        outside_claims(claims)
