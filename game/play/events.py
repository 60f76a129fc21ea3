"""Event cards: when they come, and what their effects and chosen options change."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from game.core.axes import OFFLINE, ONLINE, AnyArray, Array, Bools, Ints, any_over
from game.core.once import once
from game.core.rng import Purpose, uniforms
from game.core.ruleset import Effect, EffectKind, Event, Project, Ruleset
from game.core.state import State, replace

_EVENT_UID = 1 << 16
_ODDS_UID = 1 << 18


class _Changes:
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
    changes: _Changes, name: str, effect: Effect, targets: Array, ruleset: Ruleset
) -> None:
    meant, place = _products(effect, targets, ruleset)
    moved = (effect.amount * targets[meant])[:, None] * changes.state.on_sale[place]
    changes[name][place] += moved


def _on_coverage(
    changes: _Changes, channel: int, effect: Effect, targets: Array, ruleset: Ruleset
) -> None:
    field = changes["coverage"][:, :, channel]
    meant, place = _products(effect, targets, ruleset)
    moved = (effect.amount * targets[meant])[:, None] * changes.state.on_sale[place]
    moved += field[place]
    field[place] = np.clip(moved, 0.0, 1.0, out=moved)


def _on_markets(
    changes: _Changes, name: str, effect: Effect, lanes: Array, ruleset: Ruleset
) -> None:
    field = changes[name]
    for market in _markets(effect, ruleset):
        field[market] += effect.amount * lanes


def _on_cash(changes: _Changes, effect: Effect, targets: Array) -> None:
    meant = np.flatnonzero(any_over(targets, 1))
    amount: AnyArray | float = effect.amount
    if effect.relative:
        sold = changes.state.price[meant] * changes.state.units[meant]
        amount = effect.amount * sold.sum(axis=1)
    changes.cash[meant] += amount * targets[meant]


def _on_trust(changes: _Changes, effect: Effect, targets: Array) -> None:
    field = changes["trust"]
    companies = np.arange(field.shape[0])
    meant = np.flatnonzero(any_over(targets, 1))
    place = np.ix_(meant, np.asarray(effect.others or companies))
    field[place] = np.clip(field[place] + (effect.amount * targets[meant])[:, None], -1.0, 1.0)
    field[companies, companies] = 0.0


def apply_effect(changes: _Changes, effect: Effect, targets: Array, ruleset: Ruleset) -> None:
    """Work one effect on the copies.

    Args:
        targets: [N, W] 1 where the company is meant and the effect comes to pass, else 0.
    """
    kind = effect.kind
    if not targets.any():
        return
    lanes = targets.max(axis=0)
    if kind == EffectKind.CASH:
        _on_cash(changes, effect, targets)
    elif kind in (EffectKind.BUMP, EffectKind.QUALITY, EffectKind.COST):
        name = {
            EffectKind.BUMP: "bump",
            EffectKind.QUALITY: "quality",
            EffectKind.COST: "cost_shock",
        }[kind]
        _on_products(changes, name, effect, targets, ruleset)
    elif kind == EffectKind.GOODWILL:
        meant, place = _products(effect, targets, ruleset)
        changes["goodwill"][place] *= (1.0 + effect.amount * targets[meant])[:, None]
    elif kind in (EffectKind.COVERAGE_ONLINE, EffectKind.COVERAGE_OFFLINE):
        channel = ONLINE if kind == EffectKind.COVERAGE_ONLINE else OFFLINE
        _on_coverage(changes, channel, effect, targets, ruleset)
    elif kind == EffectKind.DEMAND:
        _on_markets(changes, "demand_shock", effect, lanes, ruleset)
    elif kind == EffectKind.CHANNEL_SHIFT:
        _on_markets(changes, "channel_shift", effect, lanes, ruleset)
        np.clip(changes["channel_shift"], 0.0, 1.0, out=changes["channel_shift"])
    elif kind == EffectKind.TRUST:
        _on_trust(changes, effect, targets)
    elif kind == EffectKind.ATTENTION:
        changes.points += (effect.amount * targets).astype(np.int64)
    elif kind == EffectKind.AUTHORISATION:
        left = changes["authorisation"]
        left += effect.amount * targets


def _meant(effect: Effect, count: int, lanes: Bools, decider: int) -> Array:
    named = np.zeros(count)
    if effect.by_decider:
        named[decider] = 1.0
    elif effect.companies:
        named[list(effect.companies)] = 1.0
    else:
        named[:] = 1.0
    return np.asarray(named[:, None] * lanes)


def _lucky(state: State, effect: Effect, uid: int) -> Bools:
    if effect.odds >= 1.0:
        return np.ones(state.cash.shape[-1], bool)
    draw = uniforms(state.seed, state.world, state.turn, Purpose.EVENT, np.array([uid]))[0, 0]
    return np.asarray(draw < effect.odds)


def chosen_option(
    state: State, event: Event, index: int, company: int, choice: AnyArray
) -> AnyArray:
    """Option that a company takes: its order, or the first one when it gave none. [W]."""
    given = choice[index, company]
    return np.asarray(np.where(given >= 0, given, 0))


def happen(state: State, ruleset: Ruleset, choice: AnyArray) -> tuple[State, Array, Bools]:
    """Work the open cards: their own effects and those of the options that companies chose.

    Args:
        choice: [V, N, W] option numbers, -1 none.

    Returns:
        (state with cash untouched, cash by company [N, W] USD m, cards that came to pass [V, W]).
    """
    due = (state.event_turn == state.turn) & state.active
    if not due.any():
        return state, np.zeros_like(state.cash), due
    changes = _Changes(state)
    recorded = state.event_choice.copy()
    count = len(ruleset.companies)
    for index in np.flatnonzero(due.any(axis=1)).tolist():
        event = ruleset.events[index]
        for place, effect in enumerate(event.effects):
            lanes = due[index] & _lucky(state, effect, _ODDS_UID + (index << 8) + place)
            apply_effect(changes, effect, _meant(effect, count, lanes, -1), ruleset)
        for company in event.deciders if event.options else ():
            taken = chosen_option(state, event, index, company, choice)
            recorded[index, company] = np.where(due[index], taken, recorded[index, company])
            for number, option in enumerate(event.options):
                for place, effect in enumerate(option.effects):
                    uid = _ODDS_UID + (index << 8) + 32 + number * 16 + place + (company << 20)
                    lanes = due[index] & (taken == number)
                    if not lanes.any():
                        continue
                    lanes &= _lucky(state, effect, uid)
                    apply_effect(changes, effect, _meant(effect, count, lanes, company), ruleset)
    attention = np.maximum(state.attention + changes.points, 0).astype(state.attention.dtype)
    after = replace(state, event_choice=recorded, attention=attention, **changes.copies)
    return after, changes.cash, due


def projects_finished(
    state: State,
    ruleset: Ruleset,
    finished: Sequence[tuple[Project, Bools]],
    kept: State | None = None,
) -> tuple[State, Array]:
    """What finished projects change.

    Args:
        finished: each project with the companies [N, W] that have finished it.
        kept: the state whose fields must stay, where others may be written into.

    Returns:
        (state with cash untouched, cash by company [N, W] USD m).
    """
    changes = _Changes(state, kept)
    for project, who in finished:
        targets = who.astype(np.float64)
        for effect in project.effects:
            apply_effect(changes, effect, targets, ruleset)
    return replace(state, **changes.copies), changes.cash


def _ready(state: State, ruleset: Ruleset, event: Event) -> Bools:
    """Whether an event's condition holds. [W]."""
    ready = np.ones(state.cash.shape[-1], bool)
    if event.cash_below > 0.0 and (event.watched >= 0 or event.deciders):
        who = event.watched if event.watched >= 0 else event.deciders[0]
        costs = (state.unit_cost[who] * state.units[who]).sum(axis=0) + ruleset.overhead[who]
        ready = state.cash[who] < event.cash_below * costs
    return ready


def announce(state: State, ruleset: Ruleset) -> State:
    """Open the cards of the quarter about to be played: dated ones, and hazards that strike.

    Call on the state whose ``turn`` is that quarter.
    """
    opened = state.event_turn.copy()
    waiting = (opened < 0) & state.active
    for index, event in enumerate(ruleset.events):
        fresh = waiting[index]
        if not fresh.any() or (event.hazard <= 0.0 and state.turn != event.turn):
            continue
        if event.hazard <= 0.0:
            strikes = np.ones(fresh.shape, bool)
        elif state.turn < max(event.turn, 1):
            continue
        else:
            uid = np.array([_EVENT_UID + index])
            draw = uniforms(state.seed, state.world, state.turn, Purpose.EVENT, uid)[0, 0]
            strikes = (draw < event.hazard) & _ready(state, ruleset, event)
        opened[index] = np.where(fresh & strikes, state.turn, opened[index])
    return dataclasses.replace(state, event_turn=opened)
