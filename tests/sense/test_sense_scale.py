"""What must hold whatever the figures are: units, directions, and no money from nowhere."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from game.core.axes import array_fields
from game.core.ruleset import EffectKind, Event, Ruleset
from game.core.state import State, replace
from game.play.orders import no_orders
from game.play.turn import step

TEN = 10.0
COUNTED = ("m units", "m people", "m users", "m buyers", "USD m")
"""Beginnings of units that grow with the number of people."""
MONEY_RULES = ("deal_cost",)


def grows(unit: str) -> bool:
    return unit.startswith(COUNTED)


def enlarged(record: Any) -> dict[str, Any]:
    return {
        field.name: getattr(record, field.name) * TEN
        for field in array_fields(record)
        if grows(field.metadata["unit"]) and field.metadata["dtype"] in ("f8", "f4")
    }


def larger_event(event: Event) -> Event:
    def larger(effects: Any) -> Any:
        return tuple(
            dataclasses.replace(effect, amount=effect.amount * TEN)
            if effect.kind in (EffectKind.CASH, EffectKind.AUTHORISATION) and not effect.relative
            else effect
            for effect in effects
        )

    options = tuple(
        dataclasses.replace(option, effects=larger(option.effects)) for option in event.options
    )
    return dataclasses.replace(event, effects=larger(event.effects), options=options)


def ten_times(ruleset: Ruleset, state: State) -> tuple[Ruleset, State]:
    """Ten times the people, money, and everything that is counted in them."""
    rules = dataclasses.replace(
        ruleset.rules, **{name: getattr(ruleset.rules, name) * TEN for name in MONEY_RULES}
    )
    big = dataclasses.replace(
        ruleset,
        rules=rules,
        events=tuple(larger_event(event) for event in ruleset.events),
        pledges=tuple(dataclasses.replace(kind, cost=kind.cost * TEN) for kind in ruleset.pledges),
        **enlarged(ruleset),
    )
    return big, replace(state, **enlarged(state))


def test_ten_times_the_market_with_ten_times_the_cost_gives_the_same_shares(calm: Any) -> None:
    state = calm.start(2)
    ruleset, big = ten_times(calm.ruleset, state)
    for _ in range(4):
        state, report = step(state, calm.ruleset, no_orders(state, calm.ruleset))
        big, large = step(big, ruleset, no_orders(big, ruleset))
        np.testing.assert_allclose(large.share, report.share, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(big.price, state.price, rtol=1e-9)
        np.testing.assert_allclose(big.cash, TEN * state.cash, rtol=1e-9, atol=1e-6)
        np.testing.assert_allclose(big.value, TEN * state.value, rtol=1e-9, atol=1e-5)


def after_a_quarter(calm: Any, **changes: Any) -> tuple[State, Any]:
    state = calm.start(2)
    if changes:
        state = replace(state, **changes)
    return step(state, calm.ruleset, no_orders(state, calm.ruleset))


@pytest.mark.parametrize("company", ["xiaomi", "samsung", "meizu"])
def test_a_price_cut_gains_share(calm: Any, company: str) -> None:
    ruleset = calm.ruleset
    who, where = ruleset.company(company), ruleset.market("smartphones/china")
    state = calm.start(2)
    shares = []
    for stance in (-2, 0, 2):
        orders = no_orders(state, ruleset)
        orders.pin_stance[who, where] = stance
        after, report = step(state, ruleset, orders)
        shares.append((after.price[who, where, 0], report.share[who, where, 0]))
    (cheap, most), (even, middle), (dear, least) = shares
    assert cheap < even < dear
    assert most > middle > least


@pytest.mark.parametrize("channel", [0, 1])
def test_better_coverage_sells_more(calm: Any, channel: int) -> None:
    who, where = calm.ruleset.company("xiaomi"), calm.ruleset.market("smartphones/china")
    before, _ = after_a_quarter(calm)
    coverage = calm.start(2).coverage.copy()
    coverage[who, where, channel] = np.minimum(coverage[who, where, channel] + 0.1, 1.0)
    after, _ = after_a_quarter(calm, coverage=coverage)
    assert (after.units[who, where] > before.units[who, where]).all()


def test_a_better_product_sells_more_and_takes_it_from_others(calm: Any) -> None:
    who, where = calm.ruleset.company("meizu"), calm.ruleset.market("smartphones/china")
    before, _ = after_a_quarter(calm)
    quality = calm.start(2).quality.copy()
    quality[who, where] += 0.3
    after, _ = after_a_quarter(calm, quality=quality)
    gained = after.units[:, where] - before.units[:, where]
    assert (gained[who] > 0.0).all()
    others = np.delete(gained, who, axis=0)[np.delete(before.on_sale[:, where, 0], who)]
    assert (others <= 1e-9).all()


def test_a_tax_cut_raises_value(calm: Any) -> None:
    state = calm.start(2)
    lower = dataclasses.replace(
        calm.ruleset, rules=dataclasses.replace(calm.ruleset.rules, tax=calm.ruleset.rules.tax / 2)
    )
    taxed, _ = step(state, calm.ruleset, no_orders(state, calm.ruleset))
    spared, _ = step(state, lower, no_orders(state, lower))
    earning = taxed.profit_trend > 0.0
    assert earning.any()
    assert (spared.value >= taxed.value - 1e-9).all()
    assert (spared.value[earning] > taxed.value[earning]).all()


def test_dearer_parts_raise_prices_and_cost_buyers(calm: Any) -> None:
    where = calm.ruleset.market("smartphones/china")
    before, _ = after_a_quarter(calm)
    shock = calm.start(2).cost_shock.copy()
    shock[:, where] += 0.1
    after, _ = after_a_quarter(calm, cost_shock=shock)
    sells = before.on_sale[:, where, 0]
    assert (after.price[sells, where] > before.price[sells, where]).all()
    total = [state.units[:, where].sum(axis=0) for state in (before, after)]
    assert (total[1] < total[0]).all()
