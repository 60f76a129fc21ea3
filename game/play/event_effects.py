"""What one effect of an event or a project changes in the state."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from game.core.axes import OFFLINE, ONLINE, AnyArray, Array, Ints, any_over
from game.core.once import once
from game.core.ruleset import Effect, EffectKind, Ruleset
from game.core.state import LET_IN, State
from game.economy.research import generation_gain

FOREVER = 30_000
"""A quarter that no game reaches."""


class Changes:
    """Writable copies of what events may change.

    Args:
        kept: the state that must stay as it is; fields that it does not share are written into.
    """

    fields = (
        "bump",
        "quality",
        "goodwill",
        "cost_shock",
        "coverage",
        "demand_shock",
        "channel_shift",
        "trust",
        "authorisation",
        "fx",
        "levy",
        "subsidy",
        "barred_until",
        "tax_shift",
        "potential_shift",
        "capacity",
        "capacity_ordered",
        "frontier",
    )

    def __init__(self, state: State, kept: State | None = None) -> None:
        self.state, self.kept = state, kept or state
        self.copies: dict[str, Array] = {}
        self.cash = np.zeros_like(state.cash)
        self.points = np.zeros(state.cash.shape, np.int64)

    def __getitem__(self, name: str) -> Array:
        if name not in self.copies:
            field = getattr(self.state, name)
            self.copies[name] = field.copy() if field is getattr(self.kept, name) else field
        return self.copies[name]


def _markets(effect: Effect, ruleset: Ruleset) -> list[int]:
    return _chosen(ruleset, effect.sectors, effect.regions)


@once
def _chosen(ruleset: Ruleset, sectors: tuple[int, ...], regions: tuple[int, ...]) -> list[int]:
    """Markets of these sectors and regions, all where none is named."""
    chosen = np.ones(len(ruleset.markets), bool)
    if sectors:
        chosen &= np.isin(ruleset.market_sector, sectors)
    if regions:
        chosen &= np.isin(ruleset.market_region, regions)
    return np.flatnonzero(chosen).tolist()


def _products(effect: Effect, targets: Array, ruleset: Ruleset) -> tuple[Ints, tuple[Ints, ...]]:
    """Companies that are meant in some world, and the places of their products in the markets."""
    meant = np.flatnonzero(any_over(targets, 1))
    return meant, np.ix_(meant, np.asarray(_markets(effect, ruleset), np.int64))


def _on_products(
    changes: Changes, name: str, effect: Effect, targets: Array, ruleset: Ruleset
) -> None:
    meant, place = _products(effect, targets, ruleset)
    moved = (effect.amount * targets[meant])[:, None] * changes.state.on_sale[place]
    changes[name][place] += moved


def _on_coverage(
    changes: Changes, channel: int, effect: Effect, targets: Array, ruleset: Ruleset
) -> None:
    field = changes["coverage"][:, :, channel]
    meant, place = _products(effect, targets, ruleset)
    moved = (effect.amount * targets[meant])[:, None] * changes.state.on_sale[place]
    moved += field[place]
    field[place] = np.clip(moved, 0.0, 1.0, out=moved)


def _on_markets(
    changes: Changes, name: str, effect: Effect, lanes: Array, ruleset: Ruleset
) -> None:
    field = changes[name]
    for market in _markets(effect, ruleset):
        field[market] += effect.amount * lanes


def _on_cash(changes: Changes, effect: Effect, targets: Array) -> None:
    meant = np.flatnonzero(any_over(targets, 1))
    amount: AnyArray | float = effect.amount
    if effect.relative:
        sold = changes.state.price[meant] * changes.state.units[meant]
        amount = effect.amount * sold.sum(axis=1)
    changes.cash[meant] += amount * targets[meant]


def _on_trust(changes: Changes, effect: Effect, targets: Array) -> None:
    field = changes["trust"]
    companies = np.arange(field.shape[0])
    meant = np.flatnonzero(any_over(targets, 1))
    place = np.ix_(meant, np.asarray(effect.others or companies))
    field[place] = np.clip(field[place] + (effect.amount * targets[meant])[:, None], -1.0, 1.0)
    field[companies, companies] = 0.0


def _on_stock(changes: Changes, effect: Effect, targets: Array, ruleset: Ruleset) -> None:
    meant, place = _products(effect, targets, ruleset)
    changes["goodwill"][place] *= (1.0 + effect.amount * targets[meant])[:, None]


def _on_points(changes: Changes, effect: Effect, targets: Array, ruleset: Ruleset) -> None:
    changes.points += (effect.amount * targets).astype(np.int64)


def _on_company(changes: Changes, name: str, effect: Effect, targets: Array) -> None:
    changes[name][...] += effect.amount * targets


def _on_tax(changes: Changes, effect: Effect, targets: Array, ruleset: Ruleset) -> None:
    """Regions mean the companies that are at home there."""
    meant = targets
    if effect.regions:
        home = np.array([company.home in effect.regions for company in ruleset.companies])
        meant = targets * home[:, None]
    _on_company(changes, "tax_shift", effect, meant)


def _on_fx(changes: Changes, effect: Effect, targets: Array, ruleset: Ruleset) -> None:
    regions = effect.regions or tuple(range(len(ruleset.regions)))
    changes["fx"][list(regions)] += effect.amount * targets.max(axis=0)


def _on_levels(
    changes: Changes, name: str, effect: Effect, targets: Array, ruleset: Ruleset
) -> None:
    """A lasting change wherever the companies sell or may come to sell."""
    meant, place = _products(effect, targets, ruleset)
    field = changes[name]
    field[place] += (effect.amount * targets[meant])[:, None].astype(field.dtype)


def _on_bars(changes: Changes, effect: Effect, targets: Array, ruleset: Ruleset) -> None:
    """No sales and no entry for so many quarters; or no entry alone; or let in again."""
    meant, place = _products(effect, targets, ruleset)
    field = changes["barred_until"]
    hit = (targets[meant] > 0.0)[:, None] & np.ones(field[place].shape, bool)
    if effect.kind == EffectKind.ENTRY_OPENED:
        field[place] = np.where(hit, LET_IN, field[place])
        return
    if effect.kind == EffectKind.ENTRY_BARRED:
        hit &= ~changes.state.on_sale[place]
    until = min(changes.state.turn + round(effect.amount), FOREVER)
    field[place] = np.where(hit, np.maximum(field[place], until), field[place])


def _on_capacity(changes: Changes, effect: Effect, targets: Array, ruleset: Ruleset) -> None:
    """Parts that do not come: capacity goes back on order, and returns with its lead."""
    meant, place = _products(effect, targets, ruleset)
    capacity = changes["capacity"]
    part = np.clip(effect.amount * targets[meant], 0.0, 1.0)[:, None]
    missing = (part * capacity[place]).astype(capacity.dtype)
    capacity[place] -= missing
    changes["capacity_ordered"][place] += missing


def _on_generation(changes: Changes, effect: Effect, targets: Array, ruleset: Ruleset) -> None:
    """The standard of a sector jumps; makers follow by what they know."""
    state, lanes = changes.state, targets.max(axis=0)
    quality, frontier = changes["quality"], changes["frontier"]
    for sector in np.unique(ruleset.market_sector[_markets(effect, ruleset)]).tolist():
        everywhere = np.flatnonzero(ruleset.market_sector == sector)
        known = state.knowledge[:, everywhere].sum(axis=1)
        sold = state.units[:, everywhere].sum(axis=1)
        total = sold.sum(axis=0)
        typical = (known * sold).sum(axis=0)
        typical = np.divide(typical, total, out=np.zeros_like(total), where=total > 0.0)
        gain = generation_gain(effect.amount, known, typical)
        for market in _markets(effect, ruleset):
            if ruleset.market_sector[market] == sector:
                there = state.on_sale[:, market]
                quality[:, market] += np.where(there, gain, effect.amount) * lanes
                frontier[market] += effect.amount * lanes


Handler = Callable[[Changes, Effect, Array, Ruleset], None]


def _product(name: str) -> Handler:
    return lambda changes, effect, targets, ruleset: _on_products(
        changes, name, effect, targets, ruleset
    )


def _level(name: str) -> Handler:
    return lambda changes, effect, targets, ruleset: _on_levels(
        changes, name, effect, targets, ruleset
    )


def _market(name: str) -> Handler:
    return lambda changes, effect, targets, ruleset: _on_markets(
        changes, name, effect, targets.max(axis=0), ruleset
    )


def _channel(channel: int) -> Handler:
    return lambda changes, effect, targets, ruleset: _on_coverage(
        changes, channel, effect, targets, ruleset
    )


def _shift(changes: Changes, effect: Effect, targets: Array, ruleset: Ruleset) -> None:
    _on_markets(changes, "channel_shift", effect, targets.max(axis=0), ruleset)
    np.clip(changes["channel_shift"], 0.0, 1.0, out=changes["channel_shift"])


HANDLERS: dict[EffectKind, Handler] = {
    EffectKind.CASH: lambda changes, effect, targets, ruleset: _on_cash(changes, effect, targets),
    EffectKind.BUMP: _product("bump"),
    EffectKind.QUALITY: _product("quality"),
    EffectKind.GOODWILL: _on_stock,
    EffectKind.DEMAND: _market("demand_shock"),
    EffectKind.COST: _product("cost_shock"),
    EffectKind.COVERAGE_ONLINE: _channel(ONLINE),
    EffectKind.COVERAGE_OFFLINE: _channel(OFFLINE),
    EffectKind.CHANNEL_SHIFT: _shift,
    EffectKind.TRUST: lambda changes, effect, targets, ruleset: _on_trust(changes, effect, targets),
    EffectKind.ATTENTION: _on_points,
    EffectKind.AUTHORISATION: lambda changes, effect, targets, ruleset: _on_company(
        changes, "authorisation", effect, targets
    ),
    EffectKind.FX: _on_fx,
    EffectKind.BAN: _on_bars,
    EffectKind.ENTRY_BARRED: _on_bars,
    EffectKind.ENTRY_OPENED: _on_bars,
    EffectKind.LEVY: _level("levy"),
    EffectKind.SUBSIDY: _level("subsidy"),
    EffectKind.TAX: _on_tax,
    EffectKind.POTENTIAL: _market("potential_shift"),
    EffectKind.SHORTAGE: _on_capacity,
    EffectKind.GENERATION: _on_generation,
}


def apply_effect(changes: Changes, effect: Effect, targets: Array, ruleset: Ruleset) -> None:
    """Work one effect on the copies.

    Args:
        targets: [N, W] 1 where the company is meant and the effect comes to pass, else 0.
    """
    if targets.any():
        HANDLERS[effect.kind](changes, effect, targets, ruleset)
