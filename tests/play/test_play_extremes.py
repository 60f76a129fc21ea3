"""However hard shocks hit, every figure stays a number and everybody buys somewhere or nothing."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from game.core.axes import array_fields
from game.core.ruleset import Effect, EffectKind
from game.core.state import State, replace
from game.play.event_effects import Changes, apply_effect
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.statements import statements
from game.play.turn import step
from game.resources import find_scenario
from game.scenario.loader import load

HARD = {
    EffectKind.FX: (-1.5, 1.5),
    EffectKind.BAN: (1.0, 100.0),
    EffectKind.LEVY: (-1e4, 1e4),
    EffectKind.SUBSIDY: (-1e4, 1e4),
    EffectKind.TAX: (-0.99, 0.99),
    EffectKind.POTENTIAL: (-2.0, 2.0),
    EffectKind.SHORTAGE: (1.0,),
    EffectKind.GENERATION: (-5.0, 5.0),
    EffectKind.DEMAND: (-3.0, 3.0),
    EffectKind.COST: (-2.0, 2.0),
}


@pytest.mark.parametrize("kind", sorted(HARD))
def test_no_shock_breaks_the_turn(kind: EffectKind) -> None:
    scenario = load(find_scenario("alibaba-meizu"))
    ruleset = scenario.ruleset
    seeds, numbers = np.full(2, 3, np.uint64), np.arange(2, dtype=np.uint64)
    for amount in HARD[kind]:
        state = first_state(ruleset, scenario.opening, seeds, numbers)
        changes = Changes(state)
        apply_effect(changes, Effect(kind, amount), np.ones_like(state.cash), ruleset)
        state = replace(state, **changes.copies)
        with np.errstate(all="raise", under="ignore"):
            for _ in range(6):
                before = state
                state, report = step(state, ruleset, no_orders(state, ruleset))
                finite(state)
                books = statements(before, state, report)
                off = np.abs(books.differences()) * before.active
                assert off.max() <= 1e-9 * max(1e3, np.abs(report.lines).max())
        bought = state.units.sum(axis=0) + state.fringe_units
        assert (bought <= state.market_size * (1.0 + 1e-9)).all()


def finite(state: State) -> None:
    for field in dataclasses.fields(State):
        if field.name in {known.name for known in array_fields(State)}:
            array = getattr(state, field.name)
            if array.dtype.kind == "f" and field.name != "pin_spend":
                assert np.isfinite(array).all(), field.name
