"""How pledges end: by their term, with a company that is gone, or broken by who gave them."""

from __future__ import annotations

import numpy as np

from game.core.axes import Bools, Ints
from game.core.ruleset import Ruleset
from game.core.state import State, replace

OTHERS_TRUST = 0.3
"""Part of the trust lost with the receiver that a breaker loses with everybody."""

_EMPTY: dict[str, float] = {
    "pledge_announced": 0.0,
    "pledge_effort": 0.0,
    "pledge_until": -1,
    "pledge_since": -1,
    "pledge_exclusive": False,
    "pledge_regions": 0,
}
"""What the place of no pledge holds."""
PLEDGE_TABLES = tuple(_EMPTY)
"""What a state holds of pledges, [K, N, N, W] each; stands still where a world has ended."""


def _wipe(state: State, places: Ints, kept: State | None) -> State:
    """The state without the pledges at these places of the flattened [K, N, N, W].

    Args:
        kept: the state that must stay as it is; tables that it does not share are written into.
            Without it no table is. Pledges of worlds that have ended in it stay.
    """
    changes = {}
    if kept is not None and not kept.active.all():
        places = places[np.take(kept.active, places % len(kept.active))]
    for name, nothing in _EMPTY.items():
        field = getattr(state, name)
        if kept is None or field is getattr(kept, name):
            if (np.take(field.reshape(-1), places) == nothing).all():
                continue
            field = changes[name] = field.copy()
        field.reshape(-1)[places] = nothing
    return replace(state, **changes)


def end_pledges_of(state: State, gone: Bools, kept: State | None = None) -> State:
    """The state without the pledges that companies which are gone gave or received.

    Args:
        gone: [N, W]. kept: as in :func:`expire_pledges`.
    """
    lost = gone[:, None] | gone[None]
    ended = np.flatnonzero((state.pledge_announced > 0.0) & lost)
    return _wipe(state, ended, kept) if ended.size else state


def expire_pledges(state: State, ruleset: Ruleset, kept: State | None = None) -> State:
    """The state without pledges whose term has passed.

    Args:
        kept: the state whose tables must stay, where others may be written into.
    """
    until = state.pledge_until
    ended = np.flatnonzero((until >= 0) & (until <= state.turn))
    return _wipe(state, ended, kept) if ended.size else state


def break_pledges(
    state: State, mask: Bools, ruleset: Ruleset, kept: State | None = None
) -> tuple[State, Bools]:
    """Givers end pledges before their term, and lose trust: most with the receiver.

    Args:
        mask: [K, N, N, W] pledges to break.
        kept: the state whose tables must stay, where others may be written into.

    Returns:
        (state, pledges that were in force and are broken [K, N, N, W]).
    """
    places = np.flatnonzero(mask)
    places = places[np.take(state.pledge_until.reshape(-1), places) > state.turn]
    strength = np.take(state.pledge_announced.reshape(-1), places)
    broken = np.zeros(mask.shape, bool)
    broken.reshape(-1)[places] = strength > 0.0
    _, giver, receiver, lane = np.unravel_index(places, mask.shape)
    lost = np.zeros_like(state.trust)
    np.add.at(lost, (giver, receiver, lane), ruleset.rules.break_trust * strength)
    trust = state.trust - np.swapaxes(lost, 0, 1) - OTHERS_TRUST * lost.sum(axis=1)[None]
    companies = np.arange(trust.shape[0])
    trust[companies, companies] = 0.0
    state = replace(_wipe(state, places, kept), trust=np.clip(trust, -1.0, 1.0))
    return state, broken
