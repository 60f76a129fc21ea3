"""Which player does better in the same seats of the same worlds.

Each player takes one seat while strategists (or whoever is named) have all others; then the next
player takes that seat in the very same worlds. The higher score wins the pair. A costly player so
needs one seat only, and luck and seat are the same for both.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from game.core.axes import Array, Bools
from game.lab.experiment import Plan, Tick, ruleset_of, run
from game.lab.tables import wilson

SEAT_STEP = 1000
"""Seeds between those of two seats: pairs in different seats share no luck."""


@dataclasses.dataclass(frozen=True)
class Standing:
    """How one player did."""

    player: str
    score: Array
    """[seat, game] points."""
    won: Bools
    """[seat, game] whether the seat won its game."""


@dataclasses.dataclass(frozen=True)
class Duel:
    """Two players compared pair by pair."""

    one: str
    other: str
    games: int
    wins: float
    """Pairs in which the first has the higher score; an even pair counts half."""
    gain: float
    """Mean score of the first less that of the second, points."""
    error: float
    """Standard error of the gain."""

    @property
    def share(self) -> float:
        """Part of the pairs that the first won."""
        return self.wins / self.games

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the share."""
        return wilson(self.wins, self.games)


def standings(
    plan: Plan,
    players: Sequence[str],
    seats: Sequence[int],
    tick: Tick = lambda games: None,
    told: Callable[[Standing], None] = lambda found: None,
    games: Mapping[str, int] | None = None,
) -> list[Standing]:
    """Every player in every seat, ``plan.games`` worlds each; ``plan.seats`` plays the rest.

    Args:
        told: hears of each player's standing as soon as it is known.
        games: worlds a seat of players who are given fewer.
    """
    companies = ruleset_of(plan).companies
    found = []
    for player in players:
        mine = dataclasses.replace(plan, games=(games or {}).get(player, plan.games))
        parts = [
            run(
                dataclasses.replace(
                    mine,
                    seats=f"{plan.seats},{companies[seat].uid}={player}",
                    seed=plan.seed + SEAT_STEP * seat,
                ),
                tick,
            )
            for seat in seats
        ]
        score = np.stack(
            [part.final["score"][seat] for part, seat in zip(parts, seats, strict=True)]
        )
        won = np.stack([part.winner == seat for part, seat in zip(parts, seats, strict=True)])
        found.append(Standing(player, score, won))
        told(found[-1])
    return found


def duel(one: Standing, other: Standing) -> Duel:
    """Compare two players who played the same seats, in the worlds that both played."""
    count = min(one.score.shape[1], other.score.shape[1])
    gain = (one.score[:, :count] - other.score[:, :count]).reshape(-1)
    wins = float((gain > 0.0).sum() + 0.5 * (gain == 0.0).sum())
    error = float(gain.std(ddof=1) / np.sqrt(gain.size)) if gain.size > 1 else float("nan")
    return Duel(one.player, other.player, gain.size, wins, float(gain.mean()), error)
