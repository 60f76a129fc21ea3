"""Laws of discrete choice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.economy.demand import (
    choice_probabilities,
    demand,
    market_shares,
    mean_utility,
    switching_shares,
)
from game.economy.gradient import price_gradient, profit_gradient, share_gradient
from game.economy.one_market import market
from game.economy.responses import (
    berry_inversion,
    consumer_surplus,
    diversion_ratios,
    elasticities,
    hhi,
    share_jacobian,
)

Case = dict[str, Any]
seeds = st.integers(0, 2**31)


@pytest.fixture(autouse=True)
def strict_numbers() -> Iterator[None]:
    """Every floating-point fault is an error."""
    with np.errstate(all="raise", under="ignore"):
        yield


def markets(seed: int, worlds: int = 3, companies: int = 5, count: int = 3) -> Case:
    """Arguments of ``demand``, with products off sale whose numbers are nonsense."""
    rng = np.random.default_rng(seed)
    shape, segments = (companies, count, worlds), int(rng.integers(1, 5))
    on_sale = rng.random(shape) < 0.7
    weight = rng.random((count, segments)) + 0.1
    return {
        "mean": np.where(on_sale, rng.normal(2.0, 3.0, shape), np.nan),
        "reach": np.where(on_sale, rng.uniform(0.0, 1.0, shape), 0.0),
        "price": np.where(on_sale, rng.uniform(0.2, 6.0, shape), 0.0),
        "alpha": rng.uniform(0.2, 3.0, (count, segments)),
        "weight": weight / weight.sum(axis=1, keepdims=True),
        "on_sale": on_sale,
        "fringe_utility": rng.normal(0.0, 2.0, (count, segments)),
        "fringe_count": rng.integers(0, 4, count).astype(float),
    }


def on_all(case: Case) -> Case:
    """The same markets with everything on sale."""
    rng = np.random.default_rng(1)
    off = ~case["on_sale"]
    return case | {
        "mean": np.where(off, rng.normal(1.0, 1.0, off.shape), case["mean"]),
        "reach": np.where(off, 0.5, np.maximum(case["reach"], 0.05)),
        "price": np.where(off, 1.0, case["price"]),
        "on_sale": np.ones_like(off),
    }


def at_worlds(case: Case, lanes: Any) -> Case:
    """The same markets in these worlds only."""
    lane_keys = ("mean", "reach", "price", "on_sale")
    return case | {key: np.take(case[key], lanes, axis=-1) for key in lane_keys}


@given(seeds)
def test_shares_fringe_and_outside_sum_to_one(seed: int) -> None:
    sold = demand(**markets(seed))
    np.testing.assert_allclose(sold.shares.sum(axis=0) + sold.fringe + sold.outside, 1.0)
    assert (sold.shares >= 0.0).all()
    assert (sold.fringe >= 0.0).all()


@given(seeds)
def test_off_sale_and_unreached_products_have_no_buyers(seed: int) -> None:
    case = markets(seed)
    sold = demand(**case)
    nobody = ~case["on_sale"] | (case["reach"] == 0.0)
    assert (sold.shares[nobody] == 0.0).all()
    assert np.isfinite(sold.probabilities).all()


def test_an_empty_market_buys_nothing_or_from_the_fringe() -> None:
    case = markets(3)
    sold = demand(**(case | {"on_sale": np.zeros_like(case["on_sale"])}))
    np.testing.assert_allclose(sold.fringe + sold.outside, 1.0)


@given(seeds)
def test_a_higher_price_lowers_the_own_share_and_raises_no_rival_less(seed: int) -> None:
    case = on_all(markets(seed))
    dearer = case["price"].copy()
    dearer[0] *= 1.1
    before, after = demand(**case), demand(**(case | {"price": dearer}))
    assert (after.shares[0] <= before.shares[0]).all()
    assert (after.shares[1:] >= before.shares[1:]).all()
    assert (after.outside >= before.outside).all()


@given(seeds)
def test_money_has_no_unit(seed: int) -> None:
    case = markets(seed)
    cents = case | {"price": case["price"] * 128.0, "alpha": case["alpha"] / 128.0}
    np.testing.assert_array_equal(demand(**case).shares, demand(**cents).shares)


@given(seeds)
def test_permuting_companies_permutes_shares(seed: int) -> None:
    case = markets(seed)
    order = np.random.default_rng(seed).permutation(5)
    moved = {key: case[key][order] for key in ("mean", "reach", "price", "on_sale")}
    found = demand(**(case | moved)).shares
    np.testing.assert_allclose(found, demand(**case).shares[order], rtol=1e-12, atol=1e-300)


@given(seeds)
def test_permuting_worlds_permutes_results_bit_for_bit(seed: int) -> None:
    case = markets(seed, worlds=6)
    order = np.random.default_rng(seed).permutation(6)
    whole, moved = demand(**case), demand(**at_worlds(case, order))
    for one, other in zip(whole, moved, strict=True):
        np.testing.assert_array_equal(one[..., order], other)


@pytest.mark.parametrize("worlds", [2, 3, 7, 8, 33, 64])
def test_a_lane_alone_is_the_lane_in_a_batch_bit_for_bit(worlds: int) -> None:
    case = markets(11, worlds=worlds, companies=13, count=7)
    whole = demand(**case)
    for lane in range(min(worlds, 5)):
        alone = demand(**at_worlds(case, [lane, lane]))
        for one, other in zip(whole, alone, strict=True):
            np.testing.assert_array_equal(one[..., lane], other[..., 0])


def test_results_are_contiguous_with_worlds_last() -> None:
    for array in demand(**markets(5, worlds=8)):
        assert array.flags.c_contiguous


@given(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))
def test_extreme_utilities_stay_finite(first: float, second: float) -> None:
    shares = market_shares([first, second], [1.0, 1.0], [1.0], [1.0])
    assert np.isfinite(shares).all()
    assert 0.0 <= shares.sum() <= 1.0 + 1e-12


def test_mean_utility_is_neutral_at_the_start() -> None:
    appeal = np.array([[1.5], [-2.0]])
    zero, ones = np.zeros((2, 1, 2)), np.ones(1)
    utility = mean_utility(
        appeal, zero, np.zeros((1, 2)), zero, zero, zero,
        quality_weight=ones, goodwill_weight=ones, goodwill_ref=ones, network_weight=ones,
        network_ref=ones,
    )  # fmt: skip
    np.testing.assert_array_equal(utility[..., 0], appeal)


def test_mean_utility_adds_its_causes() -> None:
    def one(value: float) -> Any:
        return np.full((1, 1, 2), value)

    utility = mean_utility(
        np.array([[1.0]]), one(0.5), np.full((1, 2), 0.2), one(3.0), one(0.3), one(0.25),
        quality_weight=np.array([2.0]), goodwill_weight=np.array([0.4]),
        goodwill_ref=np.array([1.5]), network_weight=np.array([0.7]), network_ref=np.array([0.1]),
    )  # fmt: skip
    expected = 1.0 + 2.0 * 0.3 + 0.4 * np.log(3.0) + 0.7 * np.log(4.0) + 0.25
    np.testing.assert_allclose(utility, expected)


@given(seeds, st.floats(0.0, 4.0))
def test_switching_shares_are_the_sum_over_previous_brands(seed: int, loyalty: float) -> None:
    rng = np.random.default_rng(seed)
    utility = rng.normal(0.0, 2.0, 6)
    previous = rng.dirichlet(np.ones(7))[:6]
    expected = (1.0 - previous.sum()) * choice_probabilities(utility)
    for brand in range(6):
        attached = utility.copy()
        attached[brand] += loyalty
        expected += previous[brand] * choice_probabilities(attached)
    found = switching_shares(choice_probabilities(utility), previous, loyalty)
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_switching_shares_by_world() -> None:
    rng = np.random.default_rng(4)
    shares, previous = rng.dirichlet(np.ones(4), (5, 3)).T[:3], rng.dirichlet(np.ones(4), (5, 3)).T
    found = switching_shares(shares.transpose(0, 2, 1), previous[:3].transpose(0, 2, 1), 1.2)
    assert found.shape == (3, 5, 3)
    assert (found.sum(axis=0) < 1.0).all()


def differences(case: Case, key: str, company: int, step: float = 1e-5) -> Any:
    """Central differences of all shares in one company's price or utility."""
    up, down = case[key].copy(), case[key].copy()
    up[company] += step
    down[company] -= step
    ahead = demand(**(case | {key: up})).shares
    return (ahead - demand(**(case | {key: down})).shares) / (2 * step)


@given(seeds)
def test_gradients_are_finite_differences(seed: int) -> None:
    case = on_all(markets(seed))
    sold = demand(**case)
    jacobian = share_jacobian(sold.probabilities, case["alpha"], case["weight"])
    gradient = share_gradient(sold.probabilities, case["weight"])
    for company in range(5):
        prices, utils = differences(case, "price", company), differences(case, "mean", company)
        np.testing.assert_allclose(jacobian[:, company], prices, rtol=1e-5, atol=1e-8)
        np.testing.assert_allclose(gradient[:, company], utils, rtol=1e-5, atol=1e-8)


@given(seeds)
def test_profit_gradients_are_finite_differences(seed: int) -> None:
    case = on_all(markets(seed))
    sold = demand(**case)
    cost, buyers = 0.5 * case["price"], np.full((3, 3), 7.0)
    margin, step = case["price"] - cost, 1e-5
    jacobian = share_jacobian(sold.probabilities, case["alpha"], case["weight"])
    by_util = profit_gradient(sold.probabilities, case["weight"], margin, buyers)
    by_price = price_gradient(jacobian, margin, sold.shares, buyers)
    np.testing.assert_allclose(
        by_util[:, 2], margin * buyers * differences(case, "mean", 2), rtol=1e-5, atol=1e-7
    )

    def profit(move: float) -> Any:
        price = case["price"].copy()
        price[2] += move
        return (price - cost) * buyers * demand(**(case | {"price": price})).shares

    found = (profit(step) - profit(-step)) / (2 * step)
    np.testing.assert_allclose(by_price[:, 2], found, rtol=1e-5, atol=1e-7)


@given(seeds)
def test_elasticity_and_diversion(seed: int) -> None:
    case = on_all(markets(seed))
    sold = demand(**case)
    jacobian = share_jacobian(sold.probabilities, case["alpha"], case["weight"])
    elastic = elasticities(case["price"], sold.shares, jacobian)
    diverted = diversion_ratios(jacobian)
    own = np.arange(5)
    assert (elastic[own, own] < 0.0).all()
    assert (diverted >= 0.0).all()
    assert (diverted.sum(axis=1) < 1.0 + 1e-12).all()


def test_plain_logit_diverts_by_share() -> None:
    at = market([1.0, 0.5, 0.0], [1.0, 1.0, 1.0], 1.5)
    assert at.diversion[0, 1] == pytest.approx(at.shares[1] / (1.0 - at.shares[0]))
    assert at.elasticities[0, 0] == pytest.approx(-1.5 * (1.0 - at.shares[0]))
    assert at.shares.sum() + at.outside + at.fringe == pytest.approx(1.0)


@given(seeds)
def test_surplus_falls_by_the_share_for_every_dollar(seed: int) -> None:
    case, step = on_all(markets(seed)), 1e-5

    def surplus(move: float) -> Any:
        price = case["price"].copy()
        price[1] += move
        return consumer_surplus(**(case | {"price": price}))

    slope = (surplus(step) - surplus(-step)) / (2 * step)
    np.testing.assert_allclose(slope, -demand(**case).shares[1], rtol=1e-5, atol=1e-8)


@given(seeds)
def test_inversion_undoes_demand(seed: int) -> None:
    case = on_all(markets(seed))
    shares = demand(**case).shares
    keys = ("price", "alpha", "weight", "fringe_utility", "fringe_count")
    found = berry_inversion(shares, **{key: case[key] for key in keys}, tolerance=1e-11)
    again = demand(**(case | {"mean": found, "reach": np.ones_like(found)})).shares
    np.testing.assert_allclose(again, shares, rtol=1e-5)


def test_hhi_counts_the_fringe() -> None:
    assert hhi(np.array([0.5, 0.3]), 0.2, 2) == pytest.approx(2500 + 900 + 2 * 100)
    assert hhi(np.array([1.0])) == pytest.approx(10_000)
    assert hhi(np.array([[0.5, 0.4], [0.5, 0.6]])).shape == (2,)
