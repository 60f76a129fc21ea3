"""Loyal buyers: the closed sums against brute force, and prices that reply to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.economy.demand import choice_probabilities, demand, switching_shares
from game.economy.gradient import profit_gradient, share_gradient
from game.economy.lines import Lines, previous_by_segment
from game.economy.loyalty import buyer_kinds, loyal_choice
from game.economy.one_market import equilibrium, market
from game.economy.pricing import PriceResult, bertrand_prices
from game.economy.pricing_checks import (
    best_deviation,
    first_order,
    price_map_radius,
    second_order,
)
from game.economy.responses import (
    berry_inversion,
    consumer_surplus,
    diversion_ratios,
    elasticities,
    lerner,
    share_jacobian,
)

Case = dict[str, Any]
seeds = st.integers(0, 2**31)
COMPANIES, MARKETS = 4, 3
LANE_KEYS = (
    "mean", "reach", "cost", "on_sale", "start", "kappa", "stance", "service_value", "previous",
)  # fmt: skip
DEMAND_KEYS = (
    "mean", "reach", "alpha", "weight", "on_sale", "fringe_utility", "fringe_count", "loyalty",
    "previous",
)  # fmt: skip


@pytest.fixture(autouse=True)
def strict_numbers() -> Iterator[None]:
    """Every floating-point fault is an error."""
    with np.errstate(all="raise", under="ignore"):
        yield


def industry(
    seed: int, worlds: int = 2, companies: int = COMPANIES, all_sell: bool = False
) -> Case:
    """Arguments of ``bertrand_prices``: the middle market is not loyal."""
    rng = np.random.default_rng(seed)
    shape, segments = (companies, MARKETS, worlds), int(rng.integers(1, 4))
    cost = rng.uniform(0.5, 3.0, shape)
    middle = rng.uniform(0.8, 2.5, (MARKETS, 1))
    kappa = np.where(rng.random((companies, companies, 1)) < 0.3, rng.uniform(0.0, 0.5), 0.0)
    brands = rng.dirichlet(np.ones(companies + 1), (MARKETS, segments, worlds))
    return {
        "mean": rng.normal(1.0, 1.0, shape) + 1.5 * cost,
        "reach": rng.uniform(0.2, 1.0, shape),
        "cost": cost,
        "alpha": middle * rng.uniform(0.8, 1.25, (MARKETS, segments)),
        "weight": np.full((MARKETS, segments), 1.0 / segments),
        "on_sale": (rng.random(shape) < 0.8) | all_sell,
        "fringe_utility": rng.normal(-1.0, 1.0, (MARKETS, segments)),
        "fringe_count": rng.integers(0, 4, MARKETS).astype(float),
        "kappa": np.repeat(kappa, worlds, axis=-1),
        "stance": rng.uniform(0.7, 1.25, shape),
        "service_value": 0.3 * rng.random(shape) * cost,
        "start": cost * rng.uniform(1.05, 1.8, shape),
        "loyalty": np.array([rng.uniform(0.2, 2.0), 0.0, rng.uniform(0.2, 2.0)]),
        "previous": np.ascontiguousarray(np.moveaxis(brands, -1, 0)[:companies]),
    }


def sold_at(case: Case, price: Any) -> Any:
    """Demand of the case at a price."""
    return demand(price=price, **{key: case[key] for key in DEMAND_KEYS})


def plain_at(case: Case, price: Any) -> Any:
    """The choice without loyalty."""
    return sold_at(case | {"loyalty": None}, price).probabilities


def kinds_at(case: Case, price: Any) -> tuple[Any, Any, Any]:
    """The loyal market as a larger plain one."""
    previous = np.where(case["on_sale"][:, :, None], case["previous"], 0.0)
    return buyer_kinds(
        plain_at(case, price), case["alpha"], case["weight"], previous, case["loyalty"]
    )


@given(seeds, st.floats(0.0, 3.0))
def test_the_closed_sums_are_those_over_previous_brands(seed: int, loyalty: float) -> None:
    rng = np.random.default_rng(seed)
    utility, previous = rng.normal(0.0, 2.0, 5), rng.dirichlet(np.ones(6))[:5]
    plain = choice_probabilities(utility)
    chances, part = [plain], [1.0 - previous.sum()]
    for brand in range(5):
        attached = utility.copy()
        attached[brand] += loyalty
        chances.append(choice_probabilities(attached))
        part.append(previous[brand])
    table, part_of = np.array(chances), np.array(part)
    found = loyal_choice(plain, previous, loyalty)
    np.testing.assert_allclose(found.probabilities, part_of @ table, rtol=1e-10)
    np.testing.assert_allclose(
        found.probabilities, switching_shares(plain, previous, loyalty), rtol=1e-12
    )
    joint = (part_of[:, None] * table).T @ table
    for brand in range(5):
        np.testing.assert_allclose(found.joint(brand), joint[brand], rtol=1e-9)
    np.testing.assert_allclose(found.again * found.probabilities, np.diag(joint), rtol=1e-9)
    stays = 1.0 / (1.0 + np.exp(utility).sum())
    outside = sum(share * (1.0 - chance.sum()) for share, chance in zip(part, chances, strict=True))
    np.testing.assert_allclose(stays * found.free, outside, rtol=1e-8, atol=1e-14)


@given(seeds)
def test_loyal_demand_sums_to_one_and_is_the_larger_plain_market(seed: int) -> None:
    case = industry(seed)
    sold = sold_at(case, case["start"])
    np.testing.assert_allclose(sold.shares.sum(axis=0) + sold.fringe + sold.outside, 1.0)
    chances, _, weight = kinds_at(case, case["start"])
    np.testing.assert_allclose(sold.shares, (chances * weight).sum(axis=2), rtol=1e-10, atol=1e-15)


@given(seeds)
def test_slopes_are_finite_differences_and_those_of_the_larger_market(seed: int) -> None:
    case, step = industry(seed, all_sell=True), 1e-5
    plain, bound = plain_at(case, case["start"]), (case["loyalty"], case["previous"])
    jacobian = share_jacobian(plain, case["alpha"], case["weight"], *bound)
    gradient = share_gradient(plain, case["weight"], *bound)
    chances = kinds_at(case, case["start"])
    brute = np.zeros_like(jacobian)
    for kind in range(chances[0].shape[2]):
        one, part = chances[0][:, :, kind], chances[2][:, kind] * chances[1][:, kind, None]
        brute += part * one[:, None] * one
        brute[np.arange(COMPANIES), np.arange(COMPANIES)] -= part * one
    np.testing.assert_allclose(jacobian, brute, rtol=1e-8, atol=1e-14)
    for company in range(COMPANIES):
        for key, found in (("price", jacobian), ("mean", gradient)):
            ends = []
            for sign in (1.0, -1.0):
                moved = case["start"].copy() if key == "price" else case["mean"].copy()
                moved[company] += sign * step
                ends.append(
                    sold_at(case, moved) if key == "price"
                    else sold_at(case | {"mean": moved}, case["start"])
                )  # fmt: skip
            slope = (ends[0].shares - ends[1].shares) / (2 * step)
            np.testing.assert_allclose(found[:, company], slope, rtol=2e-5, atol=1e-8)
    margin, buyers = case["start"] - case["cost"], np.full((MARKETS, 2), 3.0)
    worth = profit_gradient(plain, case["weight"], margin, buyers, *bound)
    np.testing.assert_allclose(worth, gradient * (margin * buyers)[:, None])


@given(seeds)
def test_surplus_falls_by_the_loyal_share_for_every_dollar(seed: int) -> None:
    case, step = industry(seed, all_sell=True), 1e-5

    def surplus(move: float) -> Any:
        price = case["start"].copy()
        price[1] += move
        return consumer_surplus(price=price, **{key: case[key] for key in DEMAND_KEYS})

    slope = (surplus(step) - surplus(-step)) / (2 * step)
    np.testing.assert_allclose(slope, -sold_at(case, case["start"]).shares[1], rtol=1e-5, atol=1e-8)
    bare = consumer_surplus(
        price=case["start"], **{key: case[key] for key in DEMAND_KEYS if key != "loyalty"}
    )
    assert (surplus(0.0) >= bare).all()


@given(seeds)
def test_inversion_undoes_loyal_demand(seed: int) -> None:
    case = industry(seed, all_sell=True)
    shares = sold_at(case, case["start"]).shares
    keys = ("alpha", "weight", "fringe_utility", "fringe_count", "loyalty", "previous")
    found = berry_inversion(
        shares, case["start"], **{key: case[key] for key in keys}, tolerance=1e-12
    )
    again = sold_at(case | {"mean": found, "reach": np.ones_like(found)}, case["start"]).shares
    np.testing.assert_allclose(again, shares, rtol=1e-8)


@given(seeds)
def test_prices_meet_first_and_second_order_with_loyal_buyers(seed: int) -> None:
    """With services and profit weights, on the market of all kinds of buyers by brute force."""
    case = industry(seed) | {"stance": 1.0}
    found = bertrand_prices(**case, tolerance=1e-12, iterations=800)
    assert (found.residual < 1e-12).all()
    free = case["on_sale"] & (found.price > 0.1001 * case["cost"])
    kinds = kinds_at(case, found.price)
    slope = first_order(*kinds, found.margin, case["kappa"])
    assert np.abs(slope[free]).max(initial=0.0) < 1e-9
    if price_map_radius(*kinds, found.margin, case["kappa"]).max() < 1.0:
        assert (second_order(*kinds, found.margin, case["kappa"])[free] < 0.0).all()


@given(seeds)
def test_no_other_price_earns_more_from_loyal_buyers(seed: int) -> None:
    case = industry(seed) | {"stance": 1.0, "kappa": None}
    case["loyalty"] = np.minimum(case["loyalty"], 1.0)
    found = bertrand_prices(**case, tolerance=1e-11, iterations=800)
    factors = np.exp(np.linspace(-0.3, 0.3, 25))
    _, gain = best_deviation(*kinds_at(case, found.price), found.price, found.margin, factors)
    assert gain[found.price > 0.1001 * case["cost"]].max(initial=0.0) < 1e-9


@given(seeds)
def test_order_conditions_are_finite_differences_of_the_aim(seed: int) -> None:
    case, step = industry(seed, all_sell=True), 1e-4
    offset = case["cost"] - case["service_value"]
    weights = case["kappa"].copy()
    weights[np.arange(COMPANIES), np.arange(COMPANIES)] = 1.0

    def aim(move: float) -> Any:
        price = case["start"].copy()
        price[1] += move
        return (weights[1, :, None] * (price - offset) * sold_at(case, price).shares).sum(axis=0)

    kinds, margin = kinds_at(case, case["start"]), case["start"] - offset
    slope = (aim(step) - aim(-step)) / (2 * step)
    bend = (aim(step) - 2 * aim(0.0) + aim(-step)) / step**2
    np.testing.assert_allclose(
        first_order(*kinds, margin, case["kappa"])[1], slope, rtol=1e-5, atol=1e-7
    )
    np.testing.assert_allclose(
        second_order(*kinds, margin, case["kappa"])[1], bend, rtol=1e-3, atol=1e-6
    )


def test_the_demand_of_the_result_is_the_demand_law() -> None:
    case = industry(21, worlds=4)
    found = bertrand_prices(**case)
    sold = sold_at(case, found.price)
    for one, other in zip(found.demand, sold, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-300)
    per_util, per_dollar = map(found.choice.lines.scatter, found.choice.responses())
    own = np.arange(COMPANIES)
    plain, bound = plain_at(case, found.price), (case["loyalty"], case["previous"])
    sells = np.where(case["on_sale"][:, :, None], case["previous"], 0.0)
    gradient = share_gradient(plain, case["weight"], bound[0], sells)
    np.testing.assert_allclose(per_util, gradient[own, own], rtol=1e-10, atol=1e-14)
    jacobian = share_jacobian(plain, case["alpha"], case["weight"], bound[0], sells)
    np.testing.assert_allclose(per_dollar, -jacobian[own, own], rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("iterations", [1, 4])
def test_no_loyalty_changes_no_bit(iterations: int) -> None:
    case = industry(5) | {"loyalty": np.zeros(MARKETS)}
    bare = {key: value for key, value in case.items() if key not in ("loyalty", "previous")}
    one, other = (bertrand_prices(**each, iterations=iterations) for each in (case, bare))
    np.testing.assert_array_equal(one.price, other.price)
    mixed = bertrand_prices(**industry(5), iterations=iterations)
    np.testing.assert_array_equal(mixed.price[:, 1], other.price[:, 1])


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


@pytest.mark.parametrize("worlds", [2, 3, 8, 33])
def test_a_lane_alone_is_the_lane_in_a_batch_bit_for_bit(worlds: int) -> None:
    case = industry(12, worlds=worlds, companies=11)
    case["kappa"][..., 1:] = 0.0
    whole = bertrand_prices(**case, iterations=4)
    for lane in range(min(worlds, 4)):
        same_lane(whole, lane, bertrand_prices(**at_worlds(case, [lane, lane]), iterations=4), 0)


@given(seeds)
def test_permuting_companies_permutes_prices(seed: int) -> None:
    case = industry(seed)
    order = np.random.default_rng(seed).permutation(COMPANIES)
    moved = {key: case[key][order] for key in LANE_KEYS if key != "kappa"}
    moved["kappa"] = case["kappa"][order][:, order]
    found = bertrand_prices(**(case | moved), iterations=4).price
    np.testing.assert_allclose(found, bertrand_prices(**case, iterations=4).price[order], rtol=1e-9)


@given(seeds)
def test_previous_brands_by_segment_stay_within_those_who_have_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lines = Lines(np.ones((4, 2, 3), bool))
    brands = lines.gather(np.moveaxis(rng.dirichlet(np.ones(4), (2, 3)), -1, 0))
    mix = lines.gather(np.moveaxis(rng.dirichlet(np.ones(3), (4, 2, 3)), -1, 2))
    weight, most = np.array([[0.5, 0.5, 0.0], [0.2, 0.3, 0.5]]), rng.uniform(0.3, 1.0, (2, 3))
    part = lines.scatter(previous_by_segment(lines, brands, mix, weight, most))
    assert (part.sum(axis=0) <= most[:, None] + 1e-12).all()
    roomy = lines.scatter(previous_by_segment(lines, 0.01 * brands, mix, weight, np.ones((2, 3))))
    counted = (roomy * weight[:, :, None]).sum(axis=2)
    np.testing.assert_allclose(counted[:, 1], 0.01 * lines.scatter(brands)[:, 1], rtol=1e-12)
    assert (roomy[:, 0, 2] == 0.0).all()


def test_loyalty_keeps_buyers_and_softens_prices() -> None:
    mean, cost = [3.0, 2.5, 2.0], [1.0, 1.0, 1.0]
    free = equilibrium(mean, cost, 2.0)
    loyal = equilibrium(mean, cost, 2.0, loyalty=1.0, previous=free.shares)
    assert (loyal.price > free.price).all()
    brand = market(mean, free.price, 2.0, loyalty=1.0, previous=[0.9, 0.0, 0.0])
    assert brand.shares[0] > free.shares[0]
    assert brand.shares[1] < free.shares[1]


def test_margin_is_the_inverse_of_the_loyal_elasticity() -> None:
    mean, cost, brands = [3.0, 2.5, 2.0], [1.0, 1.1, 0.9], [0.3, 0.2, 0.1]
    found = equilibrium(mean, cost, 2.0, loyalty=1.2, previous=brands)
    at = market(mean, found.price, 2.0, loyalty=1.2, previous=brands)
    np.testing.assert_allclose(
        lerner(found.price, np.array(cost)), -1.0 / np.diag(at.elasticities), rtol=1e-9
    )
    assert (at.diversion.sum(axis=1) < 1.0).all()
    assert at.hhi > 0.0


@given(seeds)
def test_loyal_elasticity_and_diversion(seed: int) -> None:
    case = industry(seed, all_sell=True)
    plain, bound = plain_at(case, case["start"]), (case["loyalty"], case["previous"])
    jacobian = share_jacobian(plain, case["alpha"], case["weight"], *bound)
    elastic = elasticities(case["start"], sold_at(case, case["start"]).shares, jacobian)
    diverted = diversion_ratios(jacobian)
    assert (elastic[np.arange(COMPANIES), np.arange(COMPANIES)] < 0.0).all()
    assert (diverted >= 0.0).all()
    assert (diverted.sum(axis=1) < 1.0 + 1e-12).all()
