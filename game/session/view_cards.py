"""Event cards on the table."""

from __future__ import annotations

import numpy as np

from game.play.legality import open_cards
from game.session.sight import Sight
from game.session.view_effects import effect_line
from game.session.view_front import EventCard, OptionView
from game.session.view_types import Action


def cards(sight: Sight) -> tuple[EventCard, ...]:
    """Cards open in this quarter; those that the seat decides first."""
    found = [
        card(sight, int(event)) for event in np.flatnonzero(sight.now.event_turn == sight.full.turn)
    ]
    return tuple(sorted(found, key=lambda one: not one.mine))


def card(sight: Sight, index: int) -> EventCard:
    """One card; options can be chosen where it is open to the seat."""
    event = sight.ruleset.events[index]
    mine = bool(open_cards(sight.full, sight.ruleset)[index, sight.seat, 0])
    chosen = dict(sight.game.draft.choice).get(index, -1)
    return EventCard(
        index=index,
        title=sight.pick(event.title),
        story=sight.pick(event.story),
        source=event.source,
        effects=tuple(effect_line(sight, effect, -1) for effect in event.effects),
        deciders=_deciders(sight, index),
        mine=mine,
        options=tuple(
            _option(sight, index, number, chosen, mine) for number in range(len(event.options))
        ),
    )


def _deciders(sight: Sight, index: int) -> str:
    event = sight.ruleset.events[index]
    if not event.options or not event.deciders:
        return sight.say("card.nobody")
    return sight.say("card.deciders", names=sight.names(event.deciders))


def _option(sight: Sight, index: int, number: int, chosen: int, mine: bool) -> OptionView:
    event = sight.ruleset.events[index]
    option = event.options[number]
    decider = sight.seat if mine else (event.deciders[0] if event.deciders else -1)
    label = sight.pick(option.label)
    active = mine and chosen == number
    reason = "" if mine else sight.say("card.not_mine")
    return OptionView(
        number=number,
        label=label,
        about=sight.pick(option.about),
        effects=tuple(effect_line(sight, effect, decider) for effect in option.effects)
        or (sight.say("card.nothing"),),
        chosen=active,
        action=Action(
            "choose", (index, number), label, 0, mine and not sight.game.over, reason, active
        ),
    )
