"""Every law takes plain lists, and says the same as it does of arrays.

Laws of markets take numbers without the axes of markets and worlds as one market in one world.
"""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest

from game.core.errors import RuleError
from game.economy.one_market import equilibrium, implied_costs, inversion, market
from game.economy.pricing import PriceResult
from tests.economy.test_economy_model_page import laws

MEAN, PRICE, COST = [3.0, 2.5, 2.0], [2.0, 1.8, 1.6], [1.4, 1.2, 1.0]
SLOPES, PARTS = [1.0, 2.0, 4.0], [0.5, 0.3, 0.2]
QUIET = ([-1.0, -1.5, -2.0], 4.0)
BRANDS = [[0.3, 0.2, 0.1], [0.2, 0.2, 0.2], [0.1, 0.3, 0.0]]
CHOSEN = [[0.4, 0.2, 0.1], [0.2, 0.2, 0.2], [0.1, 0.2, 0.3]]
BUYERS = (MEAN, [1.0, 0.9, 0.8], PRICE, SLOPES, PARTS, True, *QUIET, 1.0, BRANDS)
MARGIN = [0.6, 0.6, 0.5]
SLOPE_TABLE = [[-0.3, 0.1, 0.05], [0.1, -0.3, 0.05], [0.04, 0.05, -0.2]]
RING = [[0.0, 0.5], [0.4, 0.0]]
HELD, FOUNDERS, PUBLIC = [[0, 29], [0, 0]], [50, 50], [50, 21]
OWED = [[0.0, 2.0, 1.0], [3.0, 0.0, 1.0], [2.0, 5.0, 0.0]]
VCR = [840, 1470, 2110, 4000, 7590, 10950, 10530, 9470, 7790, 5890]
UTILITY = {
    "quality_weight": 1.0, "goodwill_weight": 0.3, "goodwill_ref": 1.0,
    "network_weight": 0.2, "network_ref": 0.1,
}  # fmt: skip


def _added(members: Any) -> Any:
    return members.sum(axis=0) ** 2.0


CALLS: dict[str, tuple[Any, ...]] = {
    "mean_utility": (MEAN, [0.1, 0.2, 0.3], 0.1, MARGIN, [0.1, 0.2, 0.3], 0.0, UTILITY),
    "utility_before_price": (MEAN, [1.0, 0.9, 0.8], [True, True, False]),
    "demand": BUYERS,
    "choice_probabilities": (MEAN, 0.5),
    "market_shares": (MEAN, PRICE, SLOPES, PARTS, [0.1, 0.2, 0.3]),
    "switching_shares": ([0.2, 0.3], [0.1, 0.4], 1.0),
    "loyal_choice": ([0.2, 0.3], [0.1, 0.4], 1.0),
    "buyer_kinds": (CHOSEN, SLOPES, PARTS, BRANDS, 1.0),
    "bertrand_prices": (MEAN, 1.0, COST, SLOPES, PARTS, [True] * 3, *QUIET, {
        "start": PRICE, "kappa": [[1, 0.25, 0], [0, 1, 0], [0, 0, 1]], "stance": [1.0, 0.9, 1.1],
        "service_value": [0.1, 0.0, 0.0], "loyalty": 1.0, "previous": BRANDS,
    }),
    "newton_step": (),
    "profit_weights": ([[1.0, 0.25], [0.0, 0.75]], [[1.0, 0.0], [0.0, 1.0]]),
    "first_order": (CHOSEN, SLOPES, PARTS, MARGIN, [[1, 0.25, 0], [0, 1, 0], [0, 0, 1]]),
    "second_order": (CHOSEN, SLOPES, PARTS, MARGIN, [[1, 0.25, 0], [0, 1, 0], [0, 0, 1]]),
    "price_map_radius": (CHOSEN, SLOPES, PARTS, MARGIN, [[1, 0.25, 0], [0, 1, 0], [0, 0, 1]]),
    "best_deviation": (CHOSEN, SLOPES, PARTS, PRICE, MARGIN, [0.5, 2.0]),
    "share_jacobian": (CHOSEN, SLOPES, PARTS, 1.0, BRANDS),
    "elasticities": (PRICE, [0.2, 0.1, 0.1], SLOPE_TABLE),
    "diversion_ratios": (SLOPE_TABLE,),
    "consumer_surplus": BUYERS,
    "berry_inversion": ([0.2, 0.1, 0.1], PRICE, SLOPES, PARTS, *QUIET),
    "lerner": (PRICE, COST),
    "hhi": ([0.3, 0.25, 0.2], 0.25, 10),
    "hhi_change": (0.15, 0.1),
    "merged_concentration": (
        [0.3, 0.25, 0.2], [0, 1, 2], [True, False, False], [False, True, False], 0.25, 10,
    ),
    "merger_concern": ([1800, 3000], [150, 250], 1500, 2500, 100, 200),
    "review_odds": ([0.5, 1.0], [0.3, 0.3], [0.4, 0.4], [0.3, 0.3]),
    "decided": ([0.1, 0.2, 0.3, 0.4], 0.35),
    "best_fund": ([70.0, 1.0], 10.0),
    "fund_return": ([10.0, 0.0], [70.0, 1.0], 10.0),
    "share_gradient": (CHOSEN, PARTS, 1.0, BRANDS),
    "profit_gradient": (CHOSEN, PARTS, MARGIN, 100.0),
    "price_gradient": (SLOPE_TABLE, MARGIN, [0.2, 0.1, 0.1], 100.0),
    "numbers": ([1.0, 2.0], "N M W", "figures"),
    "market": (MEAN, PRICE, SLOPES, PARTS),
    "equilibrium": (MEAN, COST, SLOPES, PARTS),
    "implied_costs": (MEAN, PRICE, SLOPES, PARTS),
    "inversion": ([0.2, 0.1, 0.1], PRICE, SLOPES, PARTS),
    "new_adopters": ([10, 20], [100, 0], 0.03, 0.38),
    "bass_adopted": ([0, 1, 2], [0.03, 0.0, 1e-300], 0.38),
    "bass_sales": (5, 100.0, 0.03, 0.38),
    "bass_fit": (VCR,),
    "product_life": ([24, 20], 0.02, 4.0, [30, 21]),
    "replacement_hazard": ([24, 18],),
    "replacement_sales": ([10, 20], 24),
    "service_value_now": ([10.0], [5.0], [10.0], [0.4]),
    "bounty_a_device": (2.0, [0.5, 1.0]),
    "capped_value": ([10, 20], [30, 30], 0.4),
    "goodwill_next": ([1, 2], [0.1, 0.2], 0.2),
    "steady_goodwill": ([1, 2], 0.2),
    "goodwill_utility": ([1, 2], 0.3, 1.0),
    "research_return": ([0.0, 0.02], 0.01, 0.14),
    "capped_spending": ([1, 9], [2, 2]),
    "quality_next": ([1, 2], [1.5], [0.1, 0.1], {"reversion": 0.1}),
    "frontier_next": ([1.0], 0.1),
    "knowledge_next": ([1, 2], [1, 1], 0.15),
    "spillover": ([1, 2], [[0, 0.5], [0, 0]], [0.5, 0.4]),
    "absorption": ([1, 2], 1.0),
    "generation_gain": (0.5, [0, 4], 0.0),
    "learning_exponent": ([0.2, 0.1],),
    "wright_cost": (1, [10, 20], 1, [0.3, 0.4], {"least": 0.5}),
    "decline": (0.05, [1, 2]),
    "quarterly_decline": ([0.2],),
    "pooled_volume": ([1, 2], [[0, 0.5], [0, 0]]),
    "pooled_saving": ([1, 2], [1.5, 2], 0.32),
    "reach": ([0.4, 0.6], [0.5, 0.5]),
    "coverage_next": ([0.5, 0.6], 0.05, [0.1, 0.1], [1, 2]),
    "lent_coverage": ([0.2], [0.5], 0.5),
    "ration": ([[1, 2], [3, 4]], [1, 1], [1, 1], [2, 10]),
    "arriving": ([2.0, 4.0], 2),
    "capacity_next": ([2.0, 4.0], [1, 1], 0.05, 2),
    "capacity_wanted": ([2, 4], [1, 1], [0, 0], {"headroom": 0.2, "decay": 0.05, "lead": 2}),
    "affordable": ([2, 0], [1, -1]),
    "reverting_next": ([0.1, 0.2], [0, 1], {"reversion": 0.25, "sd": 0.03}),
    "cost_at_market": ([100, 200], [0.1, 0.1], [0, 0.1], 0.7),
    "to_dollars": ([1, 2], [0.1, 0]),
    "relief": ([10, 100], [50, 60]),
    "network_utility": ([0.1, 0.2], 0.3, 0.1),
    "base_next": ([1, 2], [1, 1], [0.1, 0.2], [True, False]),
    "preloaded_users": ([10, 20], [[0, 0.5], [0.1, 0]]),
    "participation": ([0.1, 0.0], 0.1, 0.7),
    "lagged": ([1, 2], [2, 2], 0.5),
    "envelopment_utility": ([0.1], [0.2], 0.3),
    "app_stock": ([0.1, 0.0], 0.7),
    "app_utility": ([0.1, 0.2], 0.3, 0.1, 0.1),
    "share_slope": ([0.1, 0.2], 3.0),
    "network_pull": ([0.1, 0.0], 0.3, 0.1),
    "acceptance_pull": ([0.1, 0.0], 0.3, 0.1, 0.7),
    "apps_pull": ([0.1, 0.0], 0.3, 0.1, 0.7),
    "contraction_modulus": ([0, 0.5, 1], [0.1, 0.2, 0.3]),
    "feedback_gain": ([[0.5, 0.1], [0.1, 0.5]],),
    "owen_lanes": ([2, 1],),
    "order_weights": (3,),
    "owen_values": (_added, [2, 1]),
    "shapley_values": (_added, 3),
    "checked_claims": (RING,),
    "fractions": (HELD, FOUNDERS, PUBLIC),
    "outside_fractions": (RING,),
    "book_values": ([1, 2], RING),
    "outside_claims": (RING,),
    "votes": (HELD, FOUNDERS, PUBLIC, [1, 10]),
    "founders_votes": (HELD, FOUNDERS, PUBLIC, 10),
    "control": ([[0, 0.6], [0, 0]],),
    "block_control": ([[0, 0.6], [0, 0]],),
    "group_votes": ([[0, 0.6], [0, 0]], [0, 0]),
    "majority_stake": ([100, 0], [20, 0], 10),
    "control_rights": ([[0, 0.3], [0, 0]], [0.5, 0.4]),
    "shapley_shubik": ([4, 3, 2, 1], 5),
    "voting_power": ([0.3, 0.2], 0.5),
    "new_shares": ([1000], [0.29]),
    "diluted": ([0.29, 0.1], 1000, 100),
    "conversion_price": ([10, 11], 1000, 200, 6),
    "failure_cascade": ([2, 10], RING, [5, 6], 3),
    "equity_method": ([[0, 0.25], [0, 0]], [10, 20], [1, 2], [[0, 50], [0, 0]]),
    "influences": ([[0, 0.25], [0, 0]],),
    "reported_profits": ([10, 20], [[0, 0.25], [0, 0]]),
    "minority_interest": ([[0, 0.6], [0, 0]], [10, 20]),
    "normal_part": ([0.0, 1.0],),
    "effort_worth": ([0.5, 1], [-1, -1], 5, 0.0, 0.7, 0.85),
    "best_effort": ([-1, 2], [5, 0], 0.12),
    "annuity": (0.02, [4, 8]),
    "growing_annuity": ([0.02, 0.03], 0.02, 8),
    "perpetuity": ([0.02], 0.01),
    "discount": (0.02, [1, 2]),
    "call_worth": ([42.0, 0.0], [40.0, 1.0], [2, 0], 0.01, 0.1),
    "warrant_worth": ([500, 0], [100, 0], [10, 20], [4, 5], [8, 4], 0.004, 0.15),
    "present_value": ([[1, 2], [3, 4]], [0.02, 0.03]),
    "post_money": ([590], [0.29]),
    "pre_money": ([590], [0.29]),
    "value_to_outside_holders": ([1, 2], RING),
    "mispricing_next": ([0.1], 0.9, 0.0, [1]),
    "market_price": ([1, -2], 0.1, 0.2),
    "limited_values": ([-1, 2], RING),
    "limited_value_to_outside_holders": ([-1, 2], RING),
    "solve_leontief": (RING, [1, 1]),
    "clearing_payments": (OWED, [0, 0, 0]),
    "equity_after_clearing": (OWED, [0, 0, 0], [3.0, 3.3043478261, 1.8260869565]),
    "cleared_flows": (OWED, [1, -1, 0]),
    "waterfall": (5, [3, 4]),
    "auction": ([1, 3, 2], [0, 1, 2]),
    "transfers": ([1, 2], [[0, 1], [0, 0]]),
    "cover_shortfall": ([-1, 2], [0, 0], [5, 5]),
    "repay": ([5, 1], [3, 3]),
    "associates_income": ([10, 20], [[0, 0.3], [0, 0]], [[0, 50], [0, 0]], 0.2),
    "exchange_prices": (5, [10, 20]),
    "interest": ([10, -1], [5, 5], 0.02, 0.01),
    "after_tax": ([10, -1], 0.25),
    "losses_used": ([[1.0], [2.0]], [2.5]),
    "losses_aged": ([[1.0], [2.0]],),
}  # fmt: skip
OF_LINES = {"newton_step", "previous_by_segment", "attached", "held_by", "gained_by"}


def _flat(result: Any) -> list[np.ndarray[Any, Any]]:
    """All numbers of an answer, in order."""
    if isinstance(result, tuple):
        return [each for part in result for each in _flat(part)]
    if isinstance(result, PriceResult):
        return _flat((result.price, result.margin, result.residual, result.demand))
    if not isinstance(result, np.ndarray | np.generic | float | int):
        return _flat(result.demand()) if hasattr(result, "demand") else []
    return [np.asarray(result, float)]


def _arrays(value: Any) -> Any:
    return np.asarray(value) if isinstance(value, list) else value


def _called(name: str, *, arrays: bool) -> list[np.ndarray[Any, Any]]:
    law = getattr(importlib.import_module(laws()[name]), name)
    args, named = list(CALLS[name]), {}
    if args and isinstance(args[-1], dict):
        named = args.pop()
    if arrays:
        args, named = [_arrays(each) for each in args], {k: _arrays(v) for k, v in named.items()}
    with np.errstate(all="raise", under="ignore"):
        return _flat(law(*args, **named))


def test_every_law_is_called() -> None:
    assert set(laws()) - OF_LINES == set(CALLS) - OF_LINES


@pytest.mark.parametrize("name", sorted(set(CALLS) - OF_LINES))
def test_lists_say_what_arrays_say(name: str) -> None:
    told, found = _called(name, arrays=False), _called(name, arrays=True)
    assert told
    for one, other in zip(told, found, strict=True):
        np.testing.assert_array_equal(one, other)
        assert not np.isnan(one).any()


def test_one_market_in_one_world_is_a_market_with_all_axes() -> None:
    found = _called("demand", arrays=False)[0][:, 0, 0]
    case = market(
        MEAN, PRICE, SLOPES, PARTS, reach=BUYERS[1], fringe_utility=QUIET[0],
        fringe_count=QUIET[1], loyalty=1.0, previous=BRANDS,
    )  # fmt: skip
    np.testing.assert_allclose(found, case.shares, rtol=1e-14)


def test_bertrand_prices_are_settled_by_default() -> None:
    given = _called("bertrand_prices", arrays=False)[0][:, 0, 0]
    case = equilibrium(
        MEAN, COST, SLOPES, PARTS, kappa=[[1, 0.25, 0], [0, 1, 0], [0, 0, 1]],
        stance=[1.0, 0.9, 1.1], service_value=[0.1, 0.0, 0.0], fringe_utility=QUIET[0],
        fringe_count=QUIET[1], loyalty=1.0, previous=BRANDS, start=PRICE,
    )  # fmt: skip
    np.testing.assert_allclose(given, case.price, rtol=1e-11)


@pytest.mark.parametrize("kappa", [None, [[1, 4, 0], [0.25, 1, 0], [0, 0, 1]]])
def test_costs_are_told_by_the_prices_that_they_bring(kappa: Any) -> None:
    rest: dict[str, Any] = {
        "fringe_utility": QUIET[0], "fringe_count": QUIET[1], "loyalty": 1.0, "previous": BRANDS,
    }  # fmt: skip
    found = equilibrium(MEAN, COST, SLOPES, PARTS, kappa=kappa, **rest)
    costs = implied_costs(MEAN, found.price, SLOPES, PARTS, kappa=kappa, **rest)
    np.testing.assert_allclose(costs, COST, rtol=1e-10)
    utils = inversion(found.shares, found.price, SLOPES, PARTS, **rest)
    np.testing.assert_allclose(utils, MEAN, rtol=1e-9)


@pytest.mark.parametrize(
    ("name", "args", "place"),
    [
        ("demand", ([[1.0], [2.0]], *BUYERS[1:]), "mean"),
        ("share_jacobian", (MEAN, SLOPES, PARTS), "probabilities"),
        ("ration", ([1.0, 3.0], 1.0, 1.0, [2.0, 2.0]), "wanted, fringe"),
        ("equilibrium", (MEAN, COST, [1.0, 2.0], [1.0]), "alpha, weight"),
        ("equilibrium", (MEAN, COST, -1.0), "alpha"),
        ("market", (MEAN, PRICE, SLOPES, [0.5, 0.5, 0.5]), "weight"),
        ("inversion", ([0.6, 0.5], [1.0, 1.0], 1.0), "shares"),
    ],
)
def test_wrong_shapes_are_refused_with_place_and_advice(name: str, args: Any, place: str) -> None:
    law = getattr(importlib.import_module(laws()[name]), name)
    with pytest.raises(RuleError) as refused:
        law(*args)
    assert refused.value.where == place
    assert refused.value.try_


@pytest.mark.parametrize(
    "sales", [[5, 4, 3, 2, 1], [100, 1, 1, 1, 1], [0, 0, 1, 5, 20, 60, 80, 40]]
)
def test_bass_fit_of_odd_series(sales: list[int]) -> None:
    adoption = importlib.import_module("game.economy.adoption")
    found = adoption.bass_fit(sales)
    told = adoption.bass_sales(len(sales), found.m, found.p, found.q)
    assert found.error < 0.05 * max(sales)
    np.testing.assert_allclose(told, sales, atol=0.05 * max(sales))
    with pytest.raises(RuleError):
        adoption.bass_fit([0, 0, 0, 0])
