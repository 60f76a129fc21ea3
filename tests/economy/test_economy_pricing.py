"""Laws of prices that are best replies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.economy.demand import demand
from game.economy.one_market import equilibrium
from game.economy.pricing import PriceResult, bertrand_prices
from game.economy.pricing_checks import (
    best_deviation,
    first_order,
    price_map_radius,
    profit_weights,
    second_order,
)

Case = dict[str, Any]
seeds = st.integers(0, 2**31)
LANE_KEYS = ("mean", "reach", "cost", "on_sale", "start", "kappa", "stance", "service_value")


@pytest.fixture(autouse=True)
def strict_numbers() -> Iterator[None]:
    """Every floating-point fault is an error."""
    with np.errstate(all="raise", under="ignore"):
        yield


def industry(seed: int, worlds: int = 3, companies: int = 5, count: int = 3) -> Case:
    """Arguments of ``bertrand_prices``: uneven markets with stakes, stances and services."""
    rng = np.random.default_rng(seed)
    shape, segments = (companies, count, worlds), int(rng.integers(1, 5))
    on_sale = rng.random(shape) < 0.7
    cost = rng.uniform(0.5, 3.0, shape)
    middle = rng.uniform(0.8, 2.5, (count, 1))
    kappa = np.where(rng.random((companies, companies, 1)) < 0.2, rng.uniform(0.0, 0.5), 0.0)
    return {
        "mean": rng.normal(1.0, 1.0, shape) + 1.5 * cost,
        "reach": rng.uniform(0.2, 1.0, shape),
        "cost": cost,
        "alpha": middle * rng.uniform(0.8, 1.25, (count, segments)),
        "weight": np.full((count, segments), 1.0 / segments),
        "on_sale": on_sale,
        "fringe_utility": rng.normal(-1.0, 1.0, (count, segments)),
        "fringe_count": rng.integers(0, 4, count).astype(float),
        "kappa": np.repeat(kappa, worlds, axis=-1),
        "stance": rng.uniform(0.7, 1.25, shape),
        "service_value": 0.3 * rng.random(shape) * cost,
        "start": cost * rng.uniform(1.05, 1.8, shape),
    }


def at_worlds(case: Case, lanes: Any) -> Case:
    """The same industry in these worlds only."""
    return case | {key: np.take(case[key], lanes, axis=-1) for key in LANE_KEYS}


def figures(found: PriceResult) -> tuple[Any, ...]:
    """All that was found, worlds last."""
    return found.price, found.margin, found.residual, found.iterations, *found.demand


def same_lane(one: PriceResult, lane: int, other: PriceResult, there: int) -> None:
    """Assert that two lanes agree bit for bit."""
    for left, right in zip(figures(one), figures(other), strict=True):
        np.testing.assert_array_equal(left[..., lane], right[..., there])


@given(seeds)
def test_first_and_second_order_conditions(seed: int) -> None:
    case = industry(seed) | {"stance": 1.0}
    found = bertrand_prices(**case, tolerance=1e-12, iterations=400)
    slopes = (found.demand.probabilities, case["alpha"], case["weight"], found.margin)
    sells = case["on_sale"]
    assert (found.residual < 1e-12).all()
    free = sells & (found.price > 0.1001 * case["cost"])
    assert np.abs(first_order(*slopes, case["kappa"])[free]).max(initial=0.0) < 1e-9
    assert (second_order(*slopes, case["kappa"])[free] < 0.0).all()


@given(seeds)
def test_order_conditions_are_finite_differences_of_the_aim(seed: int) -> None:
    case = industry(seed)
    sells = np.ones_like(case["on_sale"])
    given_price = case["start"]
    value = case["cost"] - case["service_value"]
    market = {
        key: case[key]
        for key in ("mean", "reach", "alpha", "weight", "fringe_utility", "fringe_count")
    }
    weights = case["kappa"].copy()
    weights[np.arange(5), np.arange(5)] = 1.0

    def aim(move: float) -> Any:
        price = given_price.copy()
        price[1] += move
        shares = demand(price=price, on_sale=sells, **market).shares
        return (weights[1, :, None] * (price - value) * shares).sum(axis=0)

    step = 1e-4
    sold = demand(price=given_price, on_sale=sells, **market)
    slopes = (sold.probabilities, case["alpha"], case["weight"], given_price - value)
    slope = (aim(step) - aim(-step)) / (2 * step)
    bend = (aim(step) - 2 * aim(0.0) + aim(-step)) / step**2
    np.testing.assert_allclose(first_order(*slopes, case["kappa"])[1], slope, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(second_order(*slopes, case["kappa"])[1], bend, rtol=1e-3, atol=1e-6)


@given(seeds)
def test_no_other_price_earns_more(seed: int) -> None:
    case = industry(seed) | {"stance": 1.0, "kappa": None}
    found = bertrand_prices(**case, tolerance=1e-11, iterations=400)
    factors = np.exp(np.linspace(-0.7, 0.7, 41))
    _, gain = best_deviation(
        found.demand.probabilities, case["alpha"], case["weight"], found.price, found.margin,
        factors,
    )  # fmt: skip
    assert gain[found.price > 0.1001 * case["cost"]].max(initial=0.0) < 1e-9


def test_stance_scales_the_margin_of_the_best_reply() -> None:
    case = industry(8) | {"kappa": None}
    found = bertrand_prices(**case, tolerance=1e-12, iterations=400)
    sold, share = found.demand.probabilities, case["weight"][:, :, None]
    slope = (share * case["alpha"][:, :, None] * sold * (1.0 - sold)).sum(axis=2)
    sells = case["on_sale"] & (found.price > 0.1001 * case["cost"])
    reply = found.demand.shares[sells] / slope[sells]
    np.testing.assert_allclose(found.margin[sells], case["stance"][sells] * reply, rtol=1e-8)


@given(seeds)
def test_permuting_worlds_permutes_results_bit_for_bit(seed: int) -> None:
    case = industry(seed, worlds=5)
    order = np.random.default_rng(seed).permutation(5)
    whole, moved = bertrand_prices(**case), bertrand_prices(**at_worlds(case, order))
    for lane in range(5):
        same_lane(whole, int(order[lane]), moved, lane)


@pytest.mark.parametrize("worlds", [2, 3, 8, 33])
@pytest.mark.parametrize("iterations", [1, 4, 12])
def test_a_lane_alone_is_the_lane_in_a_batch_bit_for_bit(worlds: int, iterations: int) -> None:
    case = industry(12, worlds=worlds, companies=11, count=6)
    case["kappa"][..., 1:] = 0.0  # stakes in one world only: no other may notice
    whole = bertrand_prices(**case, iterations=iterations)
    for lane in range(min(worlds, 4)):
        alone = bertrand_prices(**at_worlds(case, [lane, lane]), iterations=iterations)
        same_lane(whole, lane, alone, 0)


@given(seeds)
def test_permuting_companies_permutes_prices(seed: int) -> None:
    case = industry(seed)
    order = np.random.default_rng(seed).permutation(5)
    moved = {key: case[key][order] for key in LANE_KEYS if key != "kappa"}
    moved["kappa"] = case["kappa"][order][:, order]
    found = bertrand_prices(**(case | moved), iterations=4).price
    np.testing.assert_allclose(found, bertrand_prices(**case, iterations=4).price[order], rtol=1e-9)


@given(seeds)
def test_money_has_no_unit(seed: int) -> None:
    case = industry(seed)
    cents = case | {key: case[key] * 128.0 for key in ("cost", "start", "service_value")}
    cents["alpha"] = case["alpha"] / 128.0
    one, other = bertrand_prices(**case), bertrand_prices(**cents)
    np.testing.assert_allclose(other.price, 128.0 * one.price, rtol=1e-12)


@given(seeds)
def test_steps_floor_and_products_off_sale(seed: int) -> None:
    case = industry(seed)
    found = bertrand_prices(**case, iterations=1)
    sells = case["on_sale"]
    np.testing.assert_array_equal(found.price[~sells], case["start"][~sells])
    assert (found.margin[~sells] == 0.0).all()
    assert np.abs(np.log(found.price / case["start"])[sells]).max(initial=0.0) <= 0.2 + 1e-12
    assert (found.price[sells] >= 0.1 * case["cost"][sells]).all()


def test_the_demand_of_the_result_is_the_demand_law() -> None:
    case = industry(21, worlds=4)
    found = bertrand_prices(**case)
    keys = ("mean", "reach", "alpha", "weight", "on_sale", "fringe_utility", "fringe_count")
    sold = demand(price=found.price, **{key: case[key] for key in keys})
    for one, other in zip(found.demand, sold, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-300)


def test_converges_within_twelve_steps_from_a_warm_start() -> None:
    first = industry(30, worlds=40) | {"kappa": None, "stance": 1.0}
    settled = bertrand_prices(**first, tolerance=1e-11, iterations=400)
    luck = np.random.default_rng(1).normal(0.0, 0.05, settled.price.shape)
    case = first | {"start": settled.price * np.exp(luck)}
    found = bertrand_prices(**case, tolerance=1e-6)
    assert (found.residual < 1e-6).all()
    assert found.iterations.max() <= 12
    sells = case["on_sale"]
    np.testing.assert_allclose(found.price[sells], settled.price[sells], rtol=1e-5)


def test_lanes_freeze_on_their_own() -> None:
    case = industry(31, worlds=2)
    settled = bertrand_prices(**case, tolerance=1e-12, iterations=400)
    start = case["start"].copy()
    start[..., 0] = settled.price[..., 0]
    found = bertrand_prices(**(case | {"start": start}))
    assert found.iterations[0] == 1
    assert found.iterations[1] > 1


def test_nothing_on_sale_and_nobody_left_to_buy() -> None:
    case = industry(2)
    empty = bertrand_prices(**(case | {"on_sale": np.zeros_like(case["on_sale"])}))
    np.testing.assert_array_equal(empty.price, case["start"])
    hopeless = bertrand_prices(**(case | {"mean": case["mean"] - 2000.0}))
    assert np.isfinite(hopeless.price).all()


def test_a_silent_stake_softens_competition() -> None:
    mean, cost = [3.0, 2.5, 2.0], [1.0, 1.0, 1.0]
    alone = equilibrium(mean, cost, 2.0)
    held = equilibrium(mean, cost, 2.0, kappa=[[1, 0.3, 0], [0, 1, 0], [0, 0, 1]])
    assert (held.price > alone.price).all()
    assert held.price[0] / alone.price[0] > held.price[1] / alone.price[1]


def test_service_value_is_passed_on_to_buyers() -> None:
    bare, rich = (
        equilibrium([2.0, 2.0], [1.0, 1.0], 1.5, service_value=[worth, 0.0]) for worth in (0.0, 0.3)
    )
    assert rich.price[0] < bare.price[0]
    assert rich.margin[0] > bare.margin[0]


@given(seeds, st.floats(0.01, 0.5))
def test_a_cost_cut_raises_profit_at_fixed_prices(seed: int, cut: float) -> None:
    case = industry(seed)
    sells, aside = case["on_sale"], ("cost", "start", "kappa", "stance", "service_value")
    sold = demand(price=case["start"], **{key: case[key] for key in case if key not in aside})
    cheaper = case["cost"].copy()
    cheaper[2] *= 1.0 - cut
    before, after = ((case["start"] - cost) * sold.shares for cost in (case["cost"], cheaper))
    assert (after[2][sells[2]] > before[2][sells[2]]).all()
    np.testing.assert_array_equal(np.delete(after, 2, axis=0), np.delete(before, 2, axis=0))


@given(seeds)
def test_map_radius_is_that_of_finite_differences(seed: int) -> None:
    case = industry(seed, worlds=2, count=1) | {"stance": 1.0}
    case["on_sale"][:] = True
    found = bertrand_prices(**case, tolerance=1e-13, iterations=400, floor_fraction=1e-9)
    rest = (case["alpha"], case["weight"])
    radius = price_map_radius(found.demand.probabilities, *rest, found.margin, case["kappa"])
    offset = case["cost"] - case["service_value"]

    def mapped(price: Any) -> Any:
        keys = ("mean", "reach", "on_sale", "fringe_utility", "fringe_count")
        sold = demand(
            price=price, alpha=rest[0], weight=rest[1], **{key: case[key] for key in keys}
        ).probabilities
        share = rest[1][:, :, None]
        slope = (share * rest[0][:, :, None] * sold).sum(axis=2)
        gap = first_order(sold, *rest, price - offset, case["kappa"])
        return price + gap / slope

    columns = []
    for company in range(5):
        move = np.zeros_like(found.price)
        move[company] = 1e-5
        ahead = mapped(found.price + move)
        columns.append((ahead - mapped(found.price - move))[:, 0, 0] / 2e-5)
    expected = np.abs(np.linalg.eigvals(np.stack(columns, axis=1))).max()
    assert radius[0, 0] == pytest.approx(expected, rel=1e-4, abs=1e-5)


def test_profit_weights_by_world() -> None:
    rng = np.random.default_rng(3)
    rights = rng.dirichlet(np.ones(4), (3, 5)).transpose(2, 0, 1)
    weights = profit_weights(rights, rights)
    assert weights.shape == (3, 3, 5)
    np.testing.assert_array_equal(weights[np.arange(3), np.arange(3)], 1.0)
    one = profit_weights(rights[..., 2], rights[..., 2])
    np.testing.assert_allclose(weights[..., 2], one)
