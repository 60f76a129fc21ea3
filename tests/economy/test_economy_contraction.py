"""One outcome or several: the bound against the share map iterated from many starts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from game.core.axes import Array
from game.economy.demand import choice_probabilities
from game.economy.network import (
    acceptance_pull,
    app_stock,
    app_utility,
    apps_pull,
    contraction_modulus,
    network_pull,
    network_utility,
    participation,
)

GRID = np.linspace(0.0, 1.0, 2001)
STARTS = 12
ROUNDS = 3000

weights = st.floats(0.0, 2.0)
references = st.floats(0.05, 0.5)
elasticities = st.floats(0.5, 1.5)
utilities = st.lists(st.floats(-2.0, 2.0), min_size=2, max_size=5)


def outcomes(utility: Array, term: object, seed: int = 1) -> Array:
    """Where shares settle from every lead and from random starts: [N, starts]."""
    count = len(utility)
    rng = np.random.default_rng(seed)
    start = np.concatenate([np.eye(count), rng.dirichlet(np.ones(count), STARTS).T], axis=1)
    share = start
    slope = np.array([0.3, 1.0, 2.0])
    for _ in range(ROUNDS):
        gained = utility[:, None] + term(share)  # type: ignore[operator]
        share = sum(choice_probabilities(gained - alpha) for alpha in slope) / len(slope)
    return np.asarray(share)


@given(utilities, weights, references, weights, references, elasticities)
def test_below_one_there_is_one_outcome(
    given_utility: list[float],
    network: float,
    reference: float,
    accepted: float,
    half: float,
    elasticity: float,
) -> None:
    pull = network_pull(GRID, network, reference)
    pull = pull + acceptance_pull(GRID, accepted, half, elasticity)
    assume(float(contraction_modulus(GRID, pull)) < 0.99)

    def term(share: Array) -> Array:
        joined = participation(share, half, elasticity)
        return network_utility(share, network, reference) + accepted * joined

    found = outcomes(np.array(given_utility), term)
    np.testing.assert_allclose(found, found[:, :1] + np.zeros_like(found), atol=1e-6)


def test_far_above_one_history_selects() -> None:
    """Two equal goods with strong acceptance: whoever leads stays ahead."""
    pull = acceptance_pull(GRID, 8.0, 0.4, 2.0)
    assert float(contraction_modulus(GRID, pull)) > 1.0
    found = outcomes(np.zeros(2), lambda share: 8.0 * participation(share, 0.4, 2.0))
    assert found[0, 0] > 2.0 * found[0, 1]
    assert found[1, 1] > 2.0 * found[1, 0]


def test_the_linear_case_is_the_known_one() -> None:
    """Utility g s: pull g s, bound g max 2 s (1 - s) = g / 2."""
    assert float(contraction_modulus(GRID, 1.7 * GRID)) == pytest.approx(0.85)


@given(st.floats(0.02, 0.98), weights, references, elasticities)
def test_pulls_are_slopes_in_the_log_of_the_share(
    share: float, weight: float, reference: float, elasticity: float
) -> None:
    step = 1e-5
    low, high = share * np.exp(-step), share * np.exp(step)

    def slope(one: Array, other: Array) -> float:
        return float((other - one) / (2 * step))

    near = pytest.approx
    network = slope(
        network_utility(low, weight, reference), network_utility(high, weight, reference)
    )
    assert float(network_pull(share, weight, reference)) == near(network, abs=1e-6)
    joined = slope(
        weight * participation(low, reference, elasticity),
        weight * participation(high, reference, elasticity),
    )
    assert float(acceptance_pull(share, weight, reference, elasticity)) == near(joined, abs=1e-6)
    apps = slope(
        app_utility(app_stock(low, elasticity), weight, reference, 0.5),
        app_utility(app_stock(high, elasticity), weight, reference, 0.5),
    )
    assert float(apps_pull(share, weight, reference, elasticity)) == near(apps, abs=1e-6)
