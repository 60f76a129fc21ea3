"""Laws of adoption, goodwill, research, costs, channels and networks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.errors import RuleError
from game.economy.adoption import (
    bass_adopted,
    bass_fit,
    bass_sales,
    new_adopters,
    replacement_hazard,
    replacement_sales,
)
from game.economy.brand import goodwill_next, goodwill_utility, steady_goodwill
from game.economy.channels import coverage_next, lent_coverage, reach
from game.economy.costs import (
    decline,
    learning_exponent,
    pooled_volume,
    quarterly_decline,
    wright_cost,
)
from game.economy.network import (
    base_next,
    feedback_gain,
    network_utility,
    preloaded_users,
    share_slope,
)
from game.economy.research import (
    capped_spending,
    frontier_next,
    knowledge_next,
    quality_next,
    research_return,
    spillover,
)

part = st.floats(0.0, 1.0)


@pytest.fixture(autouse=True)
def strict_numbers() -> Iterator[None]:
    """Every floating-point fault is an error."""
    with np.errstate(all="raise", under="ignore"):
        yield


def test_replacement_hazard_of_published_lives() -> None:
    found = replacement_hazard(np.array([18.0, 20.0, 22.0, 25.0, 28.0]))
    np.testing.assert_allclose(found, [0.1535, 0.1393, 0.1275, 0.1131, 0.1016], atol=5e-5)
    np.testing.assert_allclose(replacement_sales(np.array([100.0]), 20.0), 13.929, rtol=1e-4)


@given(st.floats(0.0, 100.0), st.floats(0.001, 0.1), st.floats(0.0, 0.6))
def test_new_adopters_come_from_those_who_are_left(had: float, p: float, q: float) -> None:
    new = new_adopters(had, 100.0, p, q)
    assert 0.0 <= new <= 100.0 - had


def test_bass_curve() -> None:
    assert bass_adopted(0.0, 0.03, 0.38) == 0.0
    assert bass_adopted(500.0, 0.03, 0.38) == pytest.approx(1.0)
    np.testing.assert_allclose(bass_sales(500, 70.0, 0.03, 0.38).sum(), 70.0)
    peak = np.log(0.38 / 0.03) / 0.41
    step, slopes = 1e-4, []
    for time in (peak - 0.1, peak, peak + 0.1):
        ahead = bass_adopted(time + step, 0.03, 0.38)
        slopes.append(float(ahead - bass_adopted(time - step, 0.03, 0.38)))
    assert slopes[1] > max(slopes[0], slopes[2])


@given(st.floats(0.003, 0.05), st.floats(0.2, 0.7))
def test_bass_fit_finds_the_curve_that_made_the_sales(p: float, q: float) -> None:
    found = bass_fit(bass_sales(14, 900.0, p, q))
    assert (found.m, found.p, found.q) == pytest.approx((900.0, p, q), rel=1e-4)


def test_bass_fit_wants_enough_periods() -> None:
    with pytest.raises(RuleError):
        bass_fit([1.0, 2.0, 3.0])


@given(st.floats(0.0, 50.0), st.floats(0.05, 0.95))
def test_goodwill_settles_where_spending_replaces_decay(spend: float, decay: float) -> None:
    held = steady_goodwill(spend, decay, 1.5)
    np.testing.assert_allclose(goodwill_next(held, spend, decay, 1.5), held, atol=1e-9)
    assert goodwill_next(10.0, 0.0, decay) == pytest.approx(10.0 * (1.0 - decay))


def test_goodwill_has_diminishing_utility() -> None:
    utility = goodwill_utility(np.array([0.0, 1.0, 2.0]), 0.5, 1.0)
    assert utility[0] == 0.0
    assert utility[2] - utility[1] < utility[1]


@given(st.floats(0.0, 1e6))
def test_research_saturates(intensity: float) -> None:
    assert 0.0 <= research_return(intensity, 0.01, 0.14) <= 0.14
    assert research_return(0.01, 0.01, 0.14) == pytest.approx(0.07)


def test_quality_reverts_to_the_moving_frontier() -> None:
    quality, frontier = np.array([1.0, -1.0]), np.zeros(2)
    for _ in range(400):
        quality = quality_next(quality, frontier, 0.02, reversion=0.1, drift=0.06)
        frontier = frontier_next(frontier, 0.06)
    np.testing.assert_allclose(quality - frontier, 0.2)


def test_knowledge_and_spillover() -> None:
    assert knowledge_next(np.array([100.0]), 5.0, 0.05) == pytest.approx(100.0)
    access = np.array([[0.0, 0.2], [0.0, 0.0]])
    np.testing.assert_allclose(spillover(np.array([10.0, 4.0]), access, 0.5), [10.0, 5.0])
    by_world = spillover(np.full((2, 3), 10.0), access)
    np.testing.assert_allclose(by_world, [[10.0] * 3, [12.0] * 3])
    assert capped_spending(100.0, 20.0) == 60.0


@given(st.floats(0.01, 0.5), st.floats(1.0, 1e4))
def test_every_doubling_saves_the_same_part(fall: float, volume: float) -> None:
    exponent = learning_exponent(fall)
    before, after = (wright_cost(200.0, times * volume, 1.0, exponent) for times in (1.0, 2.0))
    assert after / before == pytest.approx(1.0 - fall)
    assert wright_cost(200.0, 1e12, 1.0, exponent, least=0.3) >= 60.0


def test_parts_get_cheaper_by_the_year() -> None:
    assert decline(quarterly_decline(0.2), 4) == pytest.approx(0.8)
    pooled = pooled_volume(np.array([100.0, 20.0]), np.array([[0.0, 0.5], [0.0, 0.0]]))
    np.testing.assert_allclose(pooled, [100.0, 70.0])


@given(part, part, part, part)
def test_reach_by_channel(one: float, other: float, built: float, lent: float) -> None:
    found = reach(np.array([[one], [other]]), np.array([[built], [lent]]))
    assert found[0] == pytest.approx(1 - (1 - one * built) * (1 - other * lent), abs=1e-12)


def test_coverage_settles_and_loans_act_on_the_gap() -> None:
    held = 0.6
    rate = 0.03 * held / (1.0 - held)
    assert coverage_next(held, 0.03, rate, 1.0) == pytest.approx(held)
    assert coverage_next(held, 0.03, rate, 4.0) > held
    assert coverage_next(1.0, 0.0, 0.5, 100.0) == 1.0
    np.testing.assert_allclose(
        lent_coverage(np.array([0.2, 0.9]), np.array([0.8, 0.8]), 0.5), [0.3, 0]
    )


def test_installed_bases_and_preloads() -> None:
    base = np.array([[100.0, 100.0]])
    grown = base_next(base, np.array([[20.0, 20.0]]), 0.1, np.array([True, False]))
    np.testing.assert_allclose(grown, [[110.0, 20.0]])
    preload = np.zeros((2, 2, 3))
    preload[0, 1] = 0.25
    np.testing.assert_allclose(
        preloaded_users(np.full((2, 3), 40.0), preload), [[10.0] * 3, [0] * 3]
    )
    assert network_utility(0.0, 0.5, 0.1) == 0.0


def test_feedback_gain_tips_at_a_weight_of_four() -> None:
    assert share_slope(0.5, 4.0) == pytest.approx(1.0)
    slope = share_slope(np.array([0.5, 0.5]), 3.0)
    jacobian = np.array([[slope[0], -slope[0]], [-slope[1], slope[1]]]) / 2.0
    assert feedback_gain(jacobian) == pytest.approx(0.75)
    assert feedback_gain(np.repeat(jacobian[..., None], 3, axis=-1)).shape == (3,)
