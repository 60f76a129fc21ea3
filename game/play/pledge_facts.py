"""The public figures by which pledges are valued, from a state or from a view of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from game.core.axes import Array, Bools
from game.core.recall import Recall
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.in_force import InForce, running_of
from game.play.market import reach
from game.play.observation import Observation
from game.play.pledges import fit_guess


class Seen(NamedTuple):
    """Public figures that follow from a state."""

    reach: Array
    """[N, M, W]."""
    margin: Array
    """[N, M, W] USD."""
    fit: Array
    """[N, N, W] analysts' guess."""


Law = Callable[[State, Ruleset], Array]


def _margin(state: State, ruleset: Ruleset) -> Array:
    return np.divide(
        state.units, state.slope, out=np.zeros_like(state.units), where=state.slope > 1e-9
    )


def _follow_from(state: State, ruleset: Ruleset) -> tuple[tuple[object, ...], ...]:
    """What each figure follows from."""
    return (
        (ruleset, state.coverage, state.channel_shift),
        (ruleset, state.units, state.slope),
        (ruleset, state.fit, state.seed, state.world),
    )


_LAWS: tuple[Law, ...] = (reach, _margin, fit_guess)
_LAST: tuple[Recall[Array], ...] = (Recall(), Recall(), Recall())
"""What each figure was when somebody last looked."""


def seen_of(state: State, ruleset: Ruleset) -> Seen:
    """Figures for whoever looks at a state; remembered for the turn that is played from it."""
    figures = (law(state, ruleset) for law in _LAWS)
    kept = zip(_LAST, _follow_from(state, ruleset), figures, strict=True)
    return Seen(*(last.keep(key, figure) for last, key, figure in kept))


def _seen_again(state: State, ruleset: Ruleset) -> Seen:
    """The same figures for the turn."""
    figures = []
    for last, key, law in zip(_LAST, _follow_from(state, ruleset), _LAWS, strict=True):
        figure = last.take(key)
        figures.append(law(state, ruleset) if figure is None else figure)
    return Seen(*figures)


@dataclass(frozen=True)
class PublicFacts:
    """The public figures by which pledges are valued."""

    on_sale: Bools
    """[N, M, W]."""
    units: Array
    """[N, M, W] m a quarter."""
    fringe_units: Array
    """[M, W] m a quarter."""
    price: Array
    """[N, M, W] USD."""
    base: Array
    """[N, M, W] m users."""
    adopters: Array
    """[M, W] m users."""
    coverage: Array
    """[N, M, H, W]."""
    reach: Array
    """[N, M, W]."""
    sensitivity: Array
    """[N, M, W] m units a util."""
    margin: Array
    """[N, M, W] USD."""
    fit: Array
    """[N, N, W] analysts' guess."""
    running: InForce


def facts_of_state(state: State, ruleset: Ruleset, running: InForce | None = None) -> PublicFacts:
    """Figures for pledges, fits as analysts guess them.

    Args:
        running: the pledges in force, when they are at hand.
    """
    seen = _seen_again(state, ruleset)
    return PublicFacts(
        on_sale=state.on_sale,
        units=state.units,
        fringe_units=state.fringe_units,
        price=state.price,
        base=state.base,
        adopters=state.adopters,
        coverage=state.coverage,
        reach=seen.reach,
        sensitivity=state.sensitivity,
        margin=seen.margin,
        fit=seen.fit,
        running=running_of(state) if running is None else running,
    )


def facts_of_view(view: Observation, running: InForce | None = None) -> PublicFacts:
    """The same figures from a view.

    Args:
        running: as in :func:`facts_of_state`.
    """
    return PublicFacts(
        on_sale=view.on_sale,
        units=view.units,
        fringe_units=view.fringe_units,
        price=view.price,
        base=view.base,
        adopters=view.adopters,
        coverage=view.coverage_seen,
        reach=view.reach,
        sensitivity=view.sensitivity,
        margin=view.margin,
        fit=view.fit_guess,
        running=running_of(view) if running is None else running,
    )
