"""Fitting laws: shares give back utilities, prices give costs at which they are best replies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.scenario import calibrate as law
from game.scenario.laws import lognormal_nodes


@st.composite
def markets(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(utility before price [J], price [J], alpha [S], weight [S])."""
    seed = draw(st.integers(0, 10**6))
    rng = np.random.default_rng(seed)
    firms, segments = draw(st.integers(1, 12)), draw(st.integers(1, 9))
    alpha = np.exp(rng.uniform(-2.0, 1.0, segments))
    weight = rng.uniform(0.1, 1.0, segments)
    return rng.uniform(-6, 4, firms), rng.uniform(0.5, 8, firms), alpha, weight / weight.sum()


@given(markets())
def test_inversion_undoes_demand(market: tuple[np.ndarray, ...]) -> None:
    mean, price, alpha, weight = market
    offset = -alpha * price[:, None]
    share = law.segment_shares(mean[:, None] + offset) @ weight
    free = np.ones(len(mean), bool)
    found = law.invert_shares(share, offset, weight, np.zeros(len(mean)), free)
    again = law.segment_shares(found[:, None] + offset) @ weight
    np.testing.assert_allclose(again, share, rtol=1e-10)
    np.testing.assert_allclose(found, mean, atol=1e-6)


def test_inversion_reaches_tiny_and_crowded_markets() -> None:
    alpha, weight = lognormal_nodes(0.038, 1.25, 9)
    price = np.array([640.0, 350.0, 190.0, 120.0, 90.0])
    for share in ([0.3, 0.3, 0.2, 0.1, 0.08], [1e-9, 1e-6, 1e-3, 0.2, 0.5]):
        target = np.array(share)
        offset = -alpha * price[:, None]
        free = np.ones(5, bool)
        mean = law.invert_shares(target, offset, weight, np.zeros(5), free)
        again = law.segment_shares(mean[:, None] + offset) @ weight
        np.testing.assert_allclose(again, target, rtol=1e-8)


def test_what_is_given_stays() -> None:
    offset = np.zeros((3, 1))
    free = np.array([True, False, True])
    mean = law.invert_shares(np.array([0.2, 0.0, 0.1]), offset, np.ones(1), np.full(3, 0.5), free)
    assert mean[1] == 0.5
    share = law.segment_shares(mean[:, None]) @ np.ones(1)
    np.testing.assert_allclose(share[[0, 2]], [0.2, 0.1], rtol=1e-10)


@pytest.mark.parametrize("share", [[0.5, 0.5], [0.7, 0.6], [0.0, 0.2]])
def test_impossible_shares_have_no_fit(share: list[float]) -> None:
    free = np.ones(2, bool)
    with pytest.raises(law.NoFit):
        law.invert_shares(np.array(share), np.zeros((2, 1)), np.ones(1), np.zeros(2), free)


def _profit(
    row: int, price: np.ndarray, mean: np.ndarray, cost: np.ndarray, kappa: np.ndarray,
    alpha: np.ndarray, weight: np.ndarray,
) -> float:  # fmt: skip
    share = law.segment_shares(mean[:, None] - alpha * price[:, None]) @ weight
    return float((kappa[row] * (price - cost)) @ share)


@given(markets(), st.floats(0.0, 0.6))
def test_at_the_fitted_costs_no_firm_gains_by_a_small_change(
    market: tuple[np.ndarray, ...], stake: float
) -> None:
    mean, price, alpha, weight = market
    kappa = np.eye(len(mean))
    kappa[0, -1] = max(stake, kappa[0, -1])
    chance = law.segment_shares(mean[:, None] - alpha * price[:, None])
    free = np.ones(len(mean), bool)
    margin = law.best_reply_margins(chance, alpha, weight, kappa, np.zeros(len(mean)), free)
    cost = price - margin
    for row in range(len(mean)):
        slopes = []
        for sign in (1, -1):
            moved = price.copy()
            moved[row] += sign * 1e-5
            slopes.append(_profit(row, moved, mean, cost, kappa, alpha, weight))
        share = float(chance[row] @ weight)
        assert abs(slopes[0] - slopes[1]) / 2e-5 < 1e-5 * max(share, 1e-6) + 1e-9


def test_known_costs_are_kept() -> None:
    alpha, weight = np.array([0.02]), np.ones(1)
    chance = np.array([[0.2], [0.3]])
    margin = law.best_reply_margins(
        chance, alpha, weight, np.eye(2), np.array([0.0, 99.0]), np.array([True, False])
    )
    assert margin[1] == 99.0
    assert margin[0] == pytest.approx(1.0 / (0.02 * 0.8))


def test_one_logit_firm_sits_at_its_global_maximum_and_prices_settle() -> None:
    alpha, weight = np.array([0.02]), np.ones(1)
    price, utility = np.array([200.0, 150.0]), np.array([[-1.0], [-0.5]])
    chance = law.segment_shares(utility)
    margin = law.best_reply_margins(chance, alpha, weight, np.eye(2), np.zeros(2), np.ones(2, bool))
    grid = np.linspace(50, 600, 200)
    curve = law.profit_curve(0, price, grid, utility, margin, np.eye(2), alpha, weight)
    here = margin[0] * chance[0, 0]
    assert curve.max() <= here * (1 + 1e-9)
    assert law.price_map_radius(price, utility, margin, np.eye(2), alpha, weight) < 1.0


def test_lognormal_nodes_have_the_moments_of_the_law() -> None:
    alpha, weight = lognormal_nodes(3.0, 0.5, 9)
    assert weight.sum() == pytest.approx(1.0)
    assert (np.diff(alpha) > 0).all()
    assert alpha[4] == pytest.approx(3.0)
    assert alpha @ weight == pytest.approx(3.0 * np.exp(0.125), rel=1e-9)
