"""Markets against results of independent programs, at a relative 1e-6."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from game.economy.adoption import bass_fit, bass_sales
from game.economy.costs import learning_exponent, wright_cost
from game.economy.demand import market_shares
from game.economy.one_market import equilibrium, market
from game.economy.pricing_checks import profit_weights
from game.economy.responses import hhi, hhi_change

NUMBERS = Path(__file__).resolve().parents[1] / "data" / "reference_numbers.yaml"
EXACT = 1e-6


@pytest.fixture(scope="module")
def numbers() -> Any:
    """The file of reference numbers."""
    return yaml.safe_load(NUMBERS.read_text("utf-8"))


@pytest.fixture
def triopoly(numbers: Any) -> Any:
    """Plain logit, three firms."""
    return numbers["logit_triopoly"]


def solved(case: Any, kappa: Any = None) -> Any:
    """Equilibrium prices of the triopoly under profit weights."""
    return equilibrium(
        case["mean_utility_without_price"], case["implied_marginal_costs"], case["alpha"],
        kappa=kappa,
    )  # fmt: skip


def test_logit_shares(triopoly: Any) -> None:
    at = market(triopoly["mean_utility_without_price"], triopoly["prices"], triopoly["alpha"])
    np.testing.assert_allclose(at.shares, triopoly["shares"], rtol=EXACT)
    by_hand = market_shares(
        triopoly["mean_utility_without_price"], triopoly["prices"], [triopoly["alpha"]], [1.0]
    )
    np.testing.assert_allclose(by_hand, triopoly["shares"], rtol=EXACT)


def test_logit_prices_and_costs(triopoly: Any) -> None:
    found = solved(triopoly)
    np.testing.assert_allclose(found.price, triopoly["prices"], rtol=EXACT)
    costs = found.price - 1.0 / (triopoly["alpha"] * (1.0 - found.shares))
    np.testing.assert_allclose(costs, triopoly["implied_marginal_costs"], rtol=EXACT)


@pytest.mark.parametrize(
    ("case", "kappa"),
    [
        ("merger_of_1_and_2", [[1, 1, 0], [1, 1, 0], [0, 0, 1]]),
        ("firm_1_holds_silent_25_percent_of_2", [[1, 0.25, 0], [0, 1, 0], [0, 0, 1]]),
    ],
)
def test_logit_prices_with_profit_weights(triopoly: Any, case: str, kappa: Any) -> None:
    found = solved(triopoly, kappa)
    np.testing.assert_allclose(found.price, triopoly[case]["prices"], rtol=EXACT)
    np.testing.assert_allclose(found.shares, triopoly[case]["shares"], rtol=EXACT)


def test_three_segments(numbers: Any) -> None:
    case = numbers["three_segments"]
    found = equilibrium(
        case["mean_utility_without_price"], case["marginal_costs"], case["alpha"], case["weights"]
    )
    np.testing.assert_allclose(found.price, case["equilibrium_prices"], rtol=EXACT)


def test_monopoly_and_duopoly_in_closed_form(numbers: Any) -> None:
    case = numbers["logit_closed_form"]
    alone = equilibrium([2.0], [1.0], 1.0)
    assert alone.margin[0] == pytest.approx(case["monopoly"]["markup"], rel=EXACT)
    assert alone.shares[0] == pytest.approx(case["monopoly"]["share"], rel=EXACT)
    pair = equilibrium([2.0, 2.0], [1.0, 1.0], 1.0)
    np.testing.assert_allclose(pair.price, case["symmetric_duopoly"]["price"], rtol=EXACT)
    np.testing.assert_allclose(pair.shares, case["symmetric_duopoly"]["share"], rtol=EXACT)


def test_profit_weights(numbers: Any) -> None:
    case = numbers["profit_weights"]
    cash_flow = [[1.0, 0.25], [0.0, 0.75]]
    silent = profit_weights(cash_flow, [[1.0, 0.0], [0.0, 1.0]])
    np.testing.assert_allclose(silent, case["silent_stake"], rtol=EXACT)
    proportional = profit_weights(cash_flow, cash_flow)
    np.testing.assert_allclose(proportional, case["proportional_control"], rtol=EXACT)
    total = profit_weights(cash_flow, [[1.0, 1.0], [0.0, 0.0]])
    np.testing.assert_allclose(total, [[1.0, 0.25], [4.0, 1.0]], rtol=EXACT)


def test_bass_curve_of_video_recorders(numbers: Any) -> None:
    """The reference stops a little before the minimum: its p is 1.2e-6 off the least squares."""
    case = numbers["bass_vcr"]
    sales = np.array(case["sales"], float)
    found, given = bass_fit(sales), case["fit"]
    assert found.m == pytest.approx(given["m"], rel=EXACT)
    assert found.q == pytest.approx(given["q"], rel=EXACT)
    assert found.p == pytest.approx(given["p"], rel=2 * EXACT)
    theirs = bass_sales(len(sales), given["m"], given["p"], given["q"])
    assert found.error <= np.sqrt(((sales - theirs) ** 2).mean())


def test_hhi(numbers: Any) -> None:
    case = numbers["hhi"]
    shares = np.array(case["shares_percent"]) / 100.0
    assert hhi(shares) == pytest.approx(case["hhi"], rel=EXACT)
    assert hhi_change(0.15, 0.10) == pytest.approx(case["merging_15_and_10_adds"], rel=EXACT)
    merged = np.array([30, 25, 20, 25]) / 100.0
    assert hhi(merged) - hhi(shares) == pytest.approx(case["merging_15_and_10_adds"], rel=EXACT)


def test_learning_curve(numbers: Any) -> None:
    case = numbers["learning_curve"]
    exponent = learning_exponent(0.2)
    assert exponent == pytest.approx(case["exponent"], rel=EXACT)
    cost = wright_cost(1.0, 10.0, 1.0, exponent)
    assert cost == pytest.approx(case["cost_after_tenfold_volume"], rel=EXACT)
