"""Laws of platforms: the other side, own services together, and how long devices are kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.economy.adoption import (
    MONTHS_A_QUARTER,
    new_adopters,
    product_life,
    replacement_hazard,
)
from game.economy.network import (
    app_stock,
    app_utility,
    envelopment_utility,
    lagged,
    participation,
)

part = st.floats(0.0, 1.0)
positive = st.floats(0.01, 10.0)


@given(part, part, positive, positive)
def test_more_users_bring_more_of_the_other_side(
    one: float, more: float, half: float, elasticity: float
) -> None:
    few, many = sorted((one, more))
    sides = participation(np.array([few, many]), half, elasticity)
    assert 0.0 <= sides[0] <= sides[1] <= 1.0


@given(positive, positive)
def test_half_of_the_other_side_joins_at_half(half: float, elasticity: float) -> None:
    assert participation(half, half, elasticity) == pytest.approx(0.5)


@given(positive, st.floats(0.3, 3.0), st.floats(0.05, 0.9))
def test_elasticity_is_that_of_the_odds(half: float, elasticity: float, users: float) -> None:
    low, high = participation(np.array([users, users * 1.001]), half, elasticity)
    odds = np.log(high / (1 - high)) - np.log(low / (1 - low))
    assert odds / np.log(1.001) == pytest.approx(elasticity, rel=1e-6)


@given(part, part, part)
def test_a_lagged_stock_never_overshoots(stock: float, target: float, speed: float) -> None:
    after = float(lagged(np.array(stock), target, speed))
    low, high = sorted((stock, target))
    assert low - 1e-12 <= after <= high + 1e-12
    assert abs(after - target) == pytest.approx((1 - speed) * abs(stock - target), abs=1e-12)


@given(part, part, positive)
def test_own_services_need_users_and_a_way(people: float, led: float, weight: float) -> None:
    value = float(envelopment_utility(people, led, weight))
    assert 0.0 <= value <= weight
    assert float(envelopment_utility(0.0, led, weight)) == 0.0
    assert float(envelopment_utility(people, 0.0, weight)) == 0.0
    assert float(envelopment_utility(1.0, 1.0, weight)) == weight


@given(st.floats(6.0, 120.0), st.floats(-0.05, 0.05), st.integers(0, 200), st.floats(6.0, 200.0))
def test_life_grows_to_its_longest(life: float, growth: float, turn: int, longest: float) -> None:
    now = float(product_life(life, growth, turn, longest))
    assert now > 0.0
    assert now <= max(longest, life) + 1e-9
    assert float(product_life(life, growth, 0, longest)) == pytest.approx(life)
    if growth >= 0.0:
        assert now >= life - 1e-9


def test_chinas_life_of_a_phone() -> None:
    growth = np.log(28 / 20) / 14
    assert float(product_life(20.0, growth, 14)) == pytest.approx(28.0)
    assert float(replacement_hazard(28.0)) == pytest.approx(-np.expm1(-MONTHS_A_QUARTER / 28.0))


@given(
    st.floats(0.0, 200.0),
    st.lists(st.floats(1.0, 300.0), min_size=1, max_size=60),
    st.floats(0.0, 0.9),
    st.floats(0.0, 1.5),
)
def test_first_purchases_never_exceed_the_potential(
    adopters: float, potentials: list[float], p: float, q: float
) -> None:
    """Whether the potential shrinks or grows."""
    for potential in potentials:
        adopters = min(adopters, potential)
        joined = float(new_adopters(adopters, potential, p, q))
        assert 0.0 <= joined <= potential - adopters + 1e-9
        adopters += joined


@given(part, part, st.floats(0.3, 1.2))
def test_apps_grow_with_users(one: float, more: float, elasticity: float) -> None:
    few, many = sorted((one, more))
    stock = app_stock(np.array([few, many, 1.0]), elasticity)
    assert stock[0] <= stock[1] <= stock[2] == 1.0


@given(part, part, positive, positive)
def test_apps_count_nothing_at_the_start_and_more_with_more(
    apps: float, start: float, weight: float, reference: float
) -> None:
    assert float(app_utility(np.array(start), weight, reference, start)) == 0.0
    gain = float(app_utility(np.array(apps), weight, reference, start))
    assert gain >= 0.0 if apps >= start else gain <= 0.0
