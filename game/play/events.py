"""Event cards: when they come, and what their effects and chosen options change."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from game.core.axes import AnyArray, Array, Bools
from game.core.rng import Purpose, uniforms
from game.core.ruleset import Effect, Event, Project, Ruleset
from game.core.state import State, replace
from game.play.event_effects import Changes, apply_effect

_EVENT_UID = 1 << 16
_ODDS_UID = 1 << 18


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
    changes = Changes(state)
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
    changes = Changes(state, kept)
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
