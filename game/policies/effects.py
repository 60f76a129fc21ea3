"""What an effect of an event or a project is worth to the company that decides."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from game.core.axes import OFFLINE, ONLINE, Array
from game.core.ruleset import Effect, EffectKind
from game.policies.desk import Desk
from game.policies.marginal import coverage_gain, lasting

RIVAL_PART = 0.15
"""Part of a rival's gain that the decider loses."""
TRUST_WORTH = 0.02
"""Worth of one point of trust with everybody, in quarterly sales."""
TRUST_QUARTERS = 4.0
"""Worth of one point of trust with a partner, in quarters of what pledges could bring the two."""
POINT_WORTH = 0.003
"""Worth of an attention point, in quarterly sales."""
AUTHORISATION_WORTH = 0.02
"""Worth of a dollar of authorisation when all of the year's is used up."""
LEAST_USED = 0.1
"""Room counts for so much of that at least: there may be dearer deals to come."""
SHORT_PREMIUM = 1.0
"""What a dollar is worth beyond a dollar to a company with nothing in the bank."""


def effects_worth(desk: Desk, row: int, effects: tuple[Effect, ...]) -> Array:
    """Expected present worth of effects to one seat: [W] USD m.

    Args:
        row: the seat's row at the desk.
    """
    worth = np.zeros(desk.worlds)
    for effect in effects:
        aimed = _aim(desk, row, effect)
        if aimed != 0.0:
            gain = effect.odds * aimed * _WORTH[effect.kind](desk, row, effect)
            worth += _ventured(desk, row, gain) if effect.odds < 1.0 else gain
    return worth


def _ventured(desk: Desk, row: int, gain: Array) -> Array:
    """What an uncertain gain or loss weighs: the bold count gains more, the careful losses."""
    bold = float(desk.trait("risk")[row, 0]) - 0.5
    return np.asarray(np.where(gain > 0.0, gain * (1.0 + bold), gain * (1.0 - bold)))


def _aim(desk: Desk, row: int, effect: Effect) -> float:
    """1 when the seat itself is meant; a small negative part when only others are."""
    seat = int(desk.seats[row])
    market_wide = effect.kind in _MARKET_KINDS
    if effect.by_decider or market_wide or not effect.companies or seat in effect.companies:
        return 1.0
    if effect.kind in (EffectKind.TRUST, EffectKind.CASH):
        return 1.0  # trust in the seat, and what its stakes in others gain
    return -RIVAL_PART if effect.kind in _PRODUCT_KINDS else 0.0


def _sum(desk: Desk, effect: Effect, by_market: Array) -> Array:
    """Sum over the effect's markets of figures [M, W]: [W]."""
    if not effect.sectors and not effect.regions:
        return np.asarray(by_market.sum(axis=0))
    total = np.zeros(desk.worlds)
    for market, (sector, region) in enumerate(desk.places):
        if effect.sectors and sector not in effect.sectors:
            continue
        if not effect.regions or region in effect.regions:
            total += by_market[market]
    return total


def _cash(desk: Desk, row: int, effect: Effect) -> Array:
    """Cash of the seat, dearer when it is short; of others by the seat's stakes in them."""
    seat = int(desk.seats[row])
    if not (effect.by_decider or not effect.companies or seat in effect.companies):
        held = desk.view.held[row, np.asarray(effect.companies)].sum(axis=0)
        return np.asarray(0.0 if effect.relative else effect.amount * held)
    base = desk.sales[row] if effect.relative else np.ones(desk.worlds)
    missing = 1.0 - desk.cash[row] / np.maximum(desk.safety[row], 1e-9)
    return np.asarray(effect.amount * base * (1.0 + SHORT_PREMIUM * np.clip(missing, 0.0, 1.0)))


def _trust(desk: Desk, row: int, effect: Effect) -> Array:
    """Trust between the seat and others, by what pledges could bring them and the seat."""
    seat = int(desk.seats[row])
    meant = (seat,) if effect.by_decider else effect.companies
    if seat in meant or not meant:
        partners = set(effect.others)
    elif seat in effect.others or not effect.others:
        partners = set(meant)
    else:
        return np.zeros(desk.worlds)
    if not partners or desk.offers is None:
        part = len(partners) / len(desk.ruleset.companies) if partners else 1.0
        return np.asarray(TRUST_WORTH * part * effect.amount * desk.sales[row])
    gain = sum((_brings(desk, seat, other) for other in sorted(partners - {seat})),
               np.zeros(desk.worlds))  # fmt: skip
    return np.asarray(TRUST_QUARTERS * effect.amount * gain)


def _brings(desk: Desk, seat: int, other: int) -> Array:
    """What pledges could bring a seat and a partner, costs off: [W] USD m a quarter."""
    rows = desk.offers
    assert rows is not None
    total = np.zeros(desk.worlds)
    for giver, taker in ((other, seat), (seat, other)):
        for place in np.flatnonzero((rows.giver == giver) & (rows.taker == taker)):
            cost = rows.cost[rows.kind[place], taker]
            total += np.maximum(rows.worth[place] - cost, 0.0)
    return total


def _fading(lost: str) -> Callable[[Desk, int, Effect], Array]:
    """Utils that fade at the rate of that rule."""

    def worth(desk: Desk, row: int, effect: Effect) -> Array:
        kept = lasting(getattr(desk.rules, lost), desk.rules.discount)
        return np.asarray(effect.amount * kept * _sum(desk, effect, desk.util_worth[row]))

    return worth


def _goodwill(desk: Desk, row: int, effect: Effect) -> Array:
    ruleset = desk.ruleset
    stock = desk.view.goodwill[row]
    part = stock / (stock + ruleset.goodwill_ref[:, None])
    kept = lasting(ruleset.goodwill_decay, desk.rules.discount)
    utils = (ruleset.goodwill_weight * kept)[:, None] * part
    return np.asarray(effect.amount * _sum(desk, effect, desk.util_worth[row] * utils))


def _cost(desk: Desk, row: int, effect: Effect) -> Array:
    units = desk.view.units[desk.seats[row]]
    spent = desk.view.cost[row] * units
    kept = lasting(desk.rules.shock_decay, desk.rules.discount)
    return np.asarray(-effect.amount * kept * _sum(desk, effect, spent))


def _coverage(channel: int) -> Callable[[Desk, int, Effect], Array]:
    def worth(desk: Desk, row: int, effect: Effect) -> Array:
        kept = lasting(desk.ruleset.coverage_decay, desk.rules.discount)
        gain = desk.util_worth[row] * coverage_gain(desk, channel, row)
        room = np.minimum(effect.amount, 1.0 - desk.view.coverage[row][:, channel])
        return _sum(desk, effect, gain * room * np.asarray(kept)[:, None])

    return worth


def _demand(desk: Desk, row: int, effect: Effect) -> Array:
    earned = desk.margin[row] * desk.view.units[desk.seats[row]]
    kept = lasting(desk.rules.demand_reversion, desk.rules.discount)
    return np.asarray(effect.amount * kept * _sum(desk, effect, earned))


def _nothing(desk: Desk, row: int, effect: Effect) -> Array:
    return np.zeros(desk.worlds)


def _per_sales(part: float) -> Callable[[Desk, int, Effect], Array]:
    def worth(desk: Desk, row: int, effect: Effect) -> Array:
        return np.asarray(part * effect.amount * desk.sales[row])

    return worth


def _authorisation(desk: Desk, row: int, effect: Effect) -> Array:
    """Room to spend on deals, the dearer the more of the year's is used up."""
    yearly = max(float(desk.ruleset.yearly_authorisation[desk.seats[row]]), 1e-9)
    used = np.clip(1.0 - desk.view.authorisation[row] / yearly, LEAST_USED, 1.0)
    return np.asarray(AUTHORISATION_WORTH * effect.amount * used)


def _earned(desk: Desk, row: int) -> Array:
    """Margin on what the seat sells: [M, W] USD m a quarter."""
    return np.asarray(desk.margin[row] * desk.view.units[desk.seats[row]])


def _money(desk: Desk, row: int, effect: Effect) -> Array:
    kept = lasting(desk.rules.fx_reversion, desk.rules.discount)
    return np.asarray(effect.amount * kept * _sum(desk, effect, _earned(desk, row)))


def _ban(desk: Desk, row: int, effect: Effect) -> Array:
    return np.asarray(-effect.amount * _sum(desk, effect, _earned(desk, row)))


def _each_unit(sign: float) -> Callable[[Desk, int, Effect], Array]:
    """USD on every unit, for good."""

    def worth(desk: Desk, row: int, effect: Effect) -> Array:
        sold = desk.view.units[desk.seats[row]]
        kept = lasting(0.0, desk.rules.discount)
        return np.asarray(sign * effect.amount * kept * _sum(desk, effect, sold))

    return worth


def _tax(desk: Desk, row: int, effect: Effect) -> Array:
    earned = np.maximum(desk.view.profit_guess[row, desk.seats[row]], 0.0)
    return np.asarray(-effect.amount * lasting(0.0, desk.rules.discount) * earned)


def _potential(desk: Desk, row: int, effect: Effect) -> Array:
    kept = lasting(0.0, desk.rules.discount)
    return np.asarray(effect.amount * kept * _sum(desk, effect, _earned(desk, row)))


_MARKET_KINDS = (
    EffectKind.DEMAND, EffectKind.CHANNEL_SHIFT, EffectKind.FX, EffectKind.POTENTIAL,
)  # fmt: skip
_PRODUCT_KINDS = (
    EffectKind.BUMP, EffectKind.QUALITY, EffectKind.GOODWILL, EffectKind.BAN, EffectKind.LEVY,
    EffectKind.SUBSIDY, EffectKind.SHORTAGE,
)  # fmt: skip
_WORTH: dict[EffectKind, Callable[[Desk, int, Effect], Array]] = {
    EffectKind.CASH: _cash,
    EffectKind.BUMP: _fading("bump_decay"),
    EffectKind.QUALITY: _fading("reversion"),
    EffectKind.GOODWILL: _goodwill,
    EffectKind.DEMAND: _demand,
    EffectKind.COST: _cost,
    EffectKind.COVERAGE_ONLINE: _coverage(ONLINE),
    EffectKind.COVERAGE_OFFLINE: _coverage(OFFLINE),
    EffectKind.CHANNEL_SHIFT: _nothing,
    EffectKind.TRUST: _trust,
    EffectKind.ATTENTION: _per_sales(POINT_WORTH),
    EffectKind.AUTHORISATION: _authorisation,
    EffectKind.FX: _money,
    EffectKind.BAN: _ban,
    EffectKind.ENTRY_BARRED: _nothing,
    EffectKind.ENTRY_OPENED: _nothing,
    EffectKind.LEVY: _each_unit(-1.0),
    EffectKind.SUBSIDY: _each_unit(1.0),
    EffectKind.TAX: _tax,
    EffectKind.POTENTIAL: _potential,
    EffectKind.SHORTAGE: _ban,
    EffectKind.GENERATION: _nothing,
}
