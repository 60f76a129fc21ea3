"""Laws of default: debts cleared at once, seniority, an open auction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.finance.clearing import auction, cleared_flows, clearing_payments, waterfall

seeds = st.integers(0, 2**31)


def drawn(seed: int, lanes: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    due = rng.uniform(0, 60, (5, 5, lanes)) * (rng.random((5, 5, lanes)) < 0.5)
    return due * ~np.eye(5, dtype=bool)[..., None], rng.uniform(-40, 90, (5, lanes))


@given(seeds)
def test_flows_are_the_clearing_vector_with_an_outside_creditor(seed: int) -> None:
    due, funds = drawn(seed)
    flows = cleared_flows(due, funds)
    assert (flows >= -1e-9).all()
    assert (flows <= due + 1e-9).all()
    for lane in range(funds.shape[1]):
        owed = np.zeros((6, 6))
        owed[:5, :5] = due[..., lane]
        owed[:5, 5] = np.maximum(-funds[:, lane], 0.0)
        paid = clearing_payments(owed, np.append(np.maximum(funds[:, lane], 0.0), 0.0))
        total = np.maximum(owed.sum(axis=1), 1e-300)
        np.testing.assert_allclose(
            flows[..., lane], (owed / total[:, None] * paid[:, None])[:5, :5], atol=1e-8
        )


@given(seeds)
def test_who_can_pay_pays_in_full_and_nobody_falls_below_what_it_lacked(seed: int) -> None:
    due, funds = drawn(seed)
    flows = cleared_flows(due, funds)
    left = funds + flows.sum(axis=0) - flows.sum(axis=1)
    assert (left >= np.minimum(funds, 0.0) - 1e-8).all()
    unpaid = (due - flows).sum(axis=1)
    # who keeps money owes nothing any more
    assert ((unpaid <= 1e-6) | (left <= 1e-6)).all()


def test_lanes_without_a_shortage_are_paid_to_the_bit_and_lanes_are_alone() -> None:
    due, funds = drawn(3, 6)
    funds[:, ::2] = 1e4
    flows = cleared_flows(due, funds)
    np.testing.assert_array_equal(flows[..., ::2], due[..., ::2])
    for lane in range(6):
        two = [lane, lane]
        alone = cleared_flows(np.take(due, two, axis=-1), np.take(funds, two, axis=-1))
        np.testing.assert_array_equal(alone[..., 0], flows[..., lane])


@given(st.floats(0, 1e4), st.lists(st.floats(0, 1e4), min_size=1, max_size=4))
def test_seniors_are_paid_first(estate: float, claims: list[float]) -> None:
    paid = waterfall(np.array(estate), np.array(claims))
    assert paid.sum() == pytest.approx(min(estate, sum(claims)))
    short = paid < np.array(claims) - 1e-6
    if short.any():
        assert (paid[int(np.argmax(short)) + 1 :] <= 1e-6).all()


def test_the_second_bid_sets_the_price() -> None:
    order = np.array([3, 1, 2])
    assert auction(np.array([5.0, 9.0, 8.0]), order) == (1, 8.0)
    assert auction(np.array([0.0, 9.0, 2.0]), order) == (1, 4.5)
    assert auction(np.array([7.0, 7.0, 7.0]), order) == (1, 7.0)
    assert auction(np.array([0.0, -1.0, 0.0]), order) == (-1, 0.0)
