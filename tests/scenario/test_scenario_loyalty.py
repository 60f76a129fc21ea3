"""Loyal buyers from the scenario's file to the turn: what was fitted is what the turn plays."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.state import State, replace
from game.economy.lines import Lines
from game.economy.loyalty import buyer_kinds
from game.economy.pricing_checks import first_order, second_order
from game.play import market
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.rights import pricing_weights
from game.play.turn import step
from game.resources import find_scenario
from game.scenario import calibrate
from game.scenario.fit import first_quarter
from game.scenario.loader import Scenario, load

EXACT = 1e-8
EDITS = (("adopters: 120", "adopters: 120\n    loyalty: 2.0"), ("loyalty: 0.8", "loyalty: 1.3"))


@pytest.fixture(scope="module", params=["lesson", "stronger", "alibaba-meizu"])
def scenario(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    if request.param != "stronger":
        return load(find_scenario(request.param))
    text = Path(find_scenario("lesson")).read_text("utf-8")
    for old, new in EDITS:
        text = text.replace(old, new)
    path = tmp_path_factory.mktemp("loyal") / "stronger.yaml"
    path.write_text(text, "utf-8")
    return load(path)


def calm_start(scenario: Scenario) -> tuple[Scenario, State]:
    """The scenario without luck, every pair fitting averagely, and its first state."""
    rules = dataclasses.replace(
        scenario.ruleset.rules, quality_luck=0.0, demand_luck=0.0, price_iterations=1
    )
    ruleset = dataclasses.replace(scenario.ruleset, rules=rules)
    fit = np.where(np.isnan(scenario.opening.fit), 1.0, scenario.opening.fit)
    opening = replace(scenario.opening, fit=fit)
    state = first_state(ruleset, opening, np.zeros(2, "u8"), np.arange(2, dtype="u8"))
    return dataclasses.replace(scenario, ruleset=ruleset, opening=opening), state


def test_the_first_quarter_is_exact(scenario: Scenario) -> None:
    calm, state = calm_start(scenario)
    assert (calm.ruleset.loyalty > 0.0).any()
    after, _ = step(state, calm.ruleset, no_orders(state, calm.ruleset))
    sold = state.on_sale
    np.testing.assert_allclose(after.units[sold], state.units[sold], rtol=EXACT)
    np.testing.assert_allclose(after.price[sold], state.price[sold], rtol=EXACT)
    np.testing.assert_allclose(after.fringe_units, state.fringe_units, rtol=EXACT)


def test_old_buyers_are_of_the_segments_that_buy_now(scenario: Scenario) -> None:
    calm, state = calm_start(scenario)
    after, _ = step(state, calm.ruleset, no_orders(state, calm.ruleset))
    loyal = state.on_sale & (calm.ruleset.loyalty > 0.0)[:, None]
    mix = np.moveaxis(state.base_mix, 2, 0)[:, loyal]
    np.testing.assert_allclose(mix.sum(axis=0), 1.0, atol=1e-5)
    np.testing.assert_allclose(np.moveaxis(after.base_mix, 2, 0)[:, loyal], mix, atol=1e-4)


def test_previous_brands_fit_into_those_who_bought_before(scenario: Scenario) -> None:
    ruleset = scenario.ruleset
    _, state = calm_start(scenario)
    for _ in range(3):
        newcomers = market.new_adopters(state, ruleset)
        previous = market.previous_brands(state, ruleset, newcomers)
        assert previous is not None
        _, most = market.previous_of_all(Lines(state.on_sale), state, ruleset, newcomers)
        assert (previous >= 0.0).all()
        assert (previous.sum(axis=0) <= most[:, None] + 1e-12).all()
        state, _ = step(state, ruleset, no_orders(state, ruleset))


def test_the_turns_prices_are_best_replies_to_loyal_buyers(scenario: Scenario) -> None:
    """Against the larger market of all kinds of buyers, by brute force."""
    calm, state = calm_start(scenario)
    ruleset = calm.ruleset
    rules = dataclasses.replace(ruleset.rules, price_iterations=200, price_tolerance=1e-13)
    patient = dataclasses.replace(ruleset, rules=rules, cost_base=1.1 * ruleset.cost_base)
    after, _ = step(state, patient, no_orders(state, patient))
    assert (after.price > state.price)[state.on_sale].any()
    newcomers = market.new_adopters(state, patient)
    met = first_quarter(patient, calm.opening)
    offered = market.Offer(
        np.repeat((met.mean + ruleset.appeal)[..., None], 2, axis=-1),
        np.repeat(met.reach[..., None], 2, axis=-1),
        np.repeat(met.size[:, None], 2, axis=-1),
        market.previous_brands(state, patient, newcomers),
    )
    assert offered.previous is not None
    plain = market.choice_at(after, patient, dataclasses.replace(offered, previous=None))
    kinds = buyer_kinds(
        plain.lines.scatter(plain.probabilities), patient.alpha, patient.weight,
        offered.previous, patient.loyalty,
    )  # fmt: skip
    margin = np.where(after.on_sale, after.price - after.unit_cost, 0.0)
    margin += ruleset.service_value[..., None] * after.on_sale
    kappa = pricing_weights(state, ruleset)
    slope = first_order(*kinds, margin, kappa)
    assert np.abs(slope[after.on_sale]).max() < 1e-7
    assert (second_order(*kinds, margin, kappa)[after.on_sale] < 0.0).all()
    np.testing.assert_allclose(
        (kinds[0] * kinds[2]).sum(axis=2) * offered.buyers, after.units, rtol=1e-9, atol=1e-12
    )


@given(st.integers(0, 10**6), st.floats(0.1, 2.5))
def test_loyal_markets_are_inverted_exactly(seed: int, loyalty: float) -> None:
    rng = np.random.default_rng(seed)
    firms, segments = int(rng.integers(1, 8)), int(rng.integers(1, 6))
    alpha = np.exp(rng.uniform(-2.0, 1.0, segments))
    weight = rng.dirichlet(np.ones(segments))
    offset = -alpha * rng.uniform(0.5, 4.0, firms)[:, None]
    target = rng.dirichlet(np.ones(firms + 1))[:firms] * 0.98
    previous = calibrate.previous_of(
        rng.dirichlet(np.ones(firms)), rng.dirichlet(np.ones(segments), firms), weight, 0.9
    )
    kinds = calibrate.kinds_of(alpha, weight, loyalty, previous, firms)
    wide = np.tile(offset, firms + 1) + kinds.bonus
    free = np.ones(firms, bool)
    mean = calibrate.invert_shares(target, wide, kinds.weight, np.zeros(firms), free)
    chance = calibrate.segment_shares(mean[:, None] + wide)
    np.testing.assert_allclose(chance @ kinds.weight, target, rtol=1e-9)
    by_segment = kinds.by_segment(chance, segments)
    np.testing.assert_allclose(by_segment.sum(axis=1), target, rtol=1e-9)
