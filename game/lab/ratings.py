"""Ratings of players who took the same seats of the same worlds."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from game.core.errors import UserError
from game.lab.duels import Standing


@dataclasses.dataclass(frozen=True)
class Rating:
    """Skill of one player by the Plackett-Luce model, in the scale's own units."""

    player: str
    mean: float
    """25 is a player of whom nothing is known."""
    sd: float


def rate(standings: Sequence[Standing]) -> list[Rating]:
    """Rate players by every seat and world that two of them at least took, the best first.

    A seat of a world is one match: whoever scores more there comes before. Matches are taken
    world by world, so that no seat weighs more at the end.

    Raises:
        UserError: openskill is not installed.

    Source: Weng and Lin (2011), as openskill computes it.
    """
    model = _model()
    known: dict[str, Any] = {one.player: model.rating(name=one.player) for one in standings}
    seats = min(one.score.shape[0] for one in standings)
    for world in range(max(one.score.shape[1] for one in standings)):
        here = [one for one in standings if world < one.score.shape[1]]
        if len(here) < 2:
            continue
        for seat in range(seats):
            teams = [[known[one.player]] for one in here]
            scores = [float(one.score[seat, world]) for one in here]
            for one, team in zip(here, model.rate(teams, scores=scores), strict=True):
                known[one.player] = team[0]
    found = [Rating(name, float(one.mu), float(one.sigma)) for name, one in known.items()]
    return [found[place] for place in np.argsort([-one.mean for one in found], kind="stable")]


def _model() -> Any:
    try:
        from openskill.models import PlackettLuce
    except ImportError:
        raise UserError(
            "ratings need openskill, which is not installed",
            "openskill",
            'install it with: pip install "minority-stake[lab]"',
        ) from None
    return PlackettLuce()
