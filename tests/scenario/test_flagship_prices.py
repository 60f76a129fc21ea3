"""The flagship's first prices: global maxima, a map that contracts, figures near the facts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from game.core.axes import Array
from game.economy.loyalty import buyer_kinds
from game.economy.pricing_checks import first_order, price_map_radius, second_order
from game.economy.responses import elasticities, share_jacobian
from game.play import market
from game.play.market import Offer
from game.play.rights import pricing_weights
from game.resources import find_scenario
from game.scenario import pricing_check
from game.scenario.fit import first_quarter
from game.scenario.loader import Scenario, load

RADIUS = 0.7
NEAR_FACTS = {"apple": (0.43, 0.47), "samsung": (0.25, 0.30)}
VALUE = {"xiaomi": (0.05, 0.18), "lenovo": (0.05, 0.18), "coolpad": (0.05, 0.18)}


class Start(NamedTuple):
    """The first quarter, with a kind of buyer for each previous brand."""

    scenario: Scenario
    kinds: tuple[Array, Array, Array]
    plain: Array
    previous: Array
    margin: Array


@pytest.fixture(scope="module")
def start() -> Start:
    scenario = load(find_scenario("alibaba-meizu"))
    ruleset, opening = scenario.ruleset, scenario.opening
    met = first_quarter(ruleset, opening)
    mean, reach = (met.mean + ruleset.appeal)[..., None], met.reach[..., None]
    choice = market.choice_at(opening, ruleset, Offer(mean, reach, met.size[:, None]))
    plain = choice.lines.scatter(choice.probabilities)
    mix, heavy = opening.base_mix.astype(float), ruleset.weight > 0.0
    part = met.brands[..., None] * mix[..., 0] / np.where(heavy, ruleset.weight, 1.0) * heavy
    total = part.sum(axis=0)
    previous = (part * (met.most[:, None] / np.maximum(total, met.most[:, None])))[..., None]
    kinds = buyer_kinds(plain, ruleset.alpha, ruleset.weight, previous, ruleset.loyalty)
    cost = ruleset.cost_base * np.exp(-met.cheaper)
    margin = (opening.price[..., 0] - cost + ruleset.service_value)[..., None] * opening.on_sale
    return Start(scenario, kinds, plain, previous, margin)


def test_every_company_is_at_its_best_price_anywhere(start: Start) -> None:
    """First and second order here; a scan from a quarter to four times the price in the check."""
    opening = start.scenario.opening
    kappa = pricing_weights(opening, start.scenario.ruleset)
    slope = first_order(*start.kinds, start.margin, kappa)
    bend = second_order(*start.kinds, start.margin, kappa)
    sold = opening.on_sale
    share = (start.kinds[0] * start.kinds[2]).sum(axis=2)
    assert np.abs(slope[sold] / share[sold]).max() < 1e-6
    assert (bend[sold] < 0.0).all()
    assert pricing_check.check(start.scenario.ruleset, opening) == []


def test_prices_settle_in_every_market(start: Start) -> None:
    kappa = pricing_weights(start.scenario.opening, start.scenario.ruleset)
    radius = price_map_radius(*start.kinds, start.margin, kappa)
    assert radius.max() < RADIUS


def test_chinese_phones_are_near_the_facts(start: Start) -> None:
    ruleset, opening = start.scenario.ruleset, start.scenario.opening
    place = ruleset.market("smartphones/china")
    rows = np.flatnonzero(opening.on_sale[:, place, 0])
    price = opening.price[rows, place, 0]
    cost = price - start.margin[rows, place, 0] + ruleset.service_value[rows, place]
    margin = dict(zip((ruleset.companies[row].uid for row in rows), 1 - cost / price, strict=True))
    for company, (low, high) in {**NEAR_FACTS, **VALUE}.items():
        assert low <= margin[company] <= high, (company, margin[company])
    jacobian = share_jacobian(
        start.plain, ruleset.alpha, ruleset.weight, ruleset.loyalty, start.previous
    )
    share = (start.kinds[0] * start.kinds[2]).sum(axis=2)
    every = elasticities(opening.price, share, jacobian)[rows, rows, place, 0]
    assert every.min() >= -8.0
    assert every.max() <= -2.0


def test_owners_of_the_dearest_phone_stay_most(start: Start) -> None:
    """Apple's repeat purchase stands out from those of Android makers."""
    ruleset, opening = start.scenario.ruleset, start.scenario.opening
    place, segments = ruleset.market("smartphones/china"), ruleset.alpha.shape[1]
    stays = {}
    for row in np.flatnonzero(opening.on_sale[:, place, 0]):
        of_brand = slice((row + 1) * segments, (row + 2) * segments)
        weight = start.kinds[2][place, of_brand, 0]
        chance = start.kinds[0][row, place, of_brand, 0]
        stays[ruleset.companies[row].uid] = float(chance @ weight / weight.sum())
    assert stays["apple"] > 0.6
    assert max(value for name, value in stays.items() if name != "apple") < 0.5
