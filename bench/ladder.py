"""Which player beats which: head-to-head games with seats rotated.

    python bench/ladder.py SCENARIO [--games 64] [--seed 1] [--policies strategist,best-reply]
    python bench/ladder.py SCENARIO --paired [--games 24] [--seats meizu,xiaomi]

With ``--paired`` each policy takes one seat while strategists have the others, and the next takes
the same seat in the same worlds: the higher score wins. So a costly policy plays few seats.
In each match two policies sit alternately around the board; a second half of the games swaps
their seats, so that no seat favours either. A policy's win share is the part of games whose
winner it played, with a 95 % Wilson interval; the score difference compares each seat with
itself under the other policy.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
import sys

import numpy as np

from game.core.ruleset import Ruleset
from game.lab.duels import duel, standings
from game.lab.experiment import Plan, ruleset_of, run
from game.lab.tables import wilson
from game.policies.registry import names
from game.resources import find_scenario


@dataclasses.dataclass(frozen=True)
class Match:
    """Result of a head-to-head."""

    first: str
    second: str
    games: int
    wins: int
    """Games won by a seat of the first."""
    score: float
    """Mean score of a seat under the first less the same seat under the second, points."""
    score_error: float
    """Standard error of the difference, points."""

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the first one's win share."""
        return wilson(self.wins, self.games)


def spec(first: str, second: str, ruleset: Ruleset, turn: int) -> str:
    """Seating in which the two sit alternately by uid; ``turn`` 1 swaps them."""
    order = np.argsort(np.argsort(ruleset.company_uid, kind="stable"), kind="stable")
    seated = [
        f"{company.uid}={second if (place + turn) % 2 else first}"
        for place, company in zip(order, ruleset.companies, strict=True)
    ]
    return ",".join(seated)


def play(first: str, second: str, plan: Plan) -> Match:
    """Play a match: half of the plan's games with either seating, worlds alike."""
    ruleset = ruleset_of(plan)
    order = np.argsort(np.argsort(ruleset.company_uid, kind="stable"), kind="stable")
    wins, games, scores = 0, 0, {}
    for turn in (0, 1):
        seats = spec(first, second, ruleset, turn)
        result = run(dataclasses.replace(plan, games=max(plan.games // 2, 1), seats=seats))
        firsts = (order + turn) % 2 == 0
        wins += int(firsts[result.winner].sum())
        games += len(result.world)
        scores[turn] = result.final["score"], firsts
    one, mine = scores[0]
    other, _ = scores[1]
    gain = np.where(mine[:, None], one - other, other - one).mean(axis=0)
    error = float(gain.std(ddof=1) / np.sqrt(len(gain))) if len(gain) > 1 else float("nan")
    return Match(first, second, games, wins, float(gain.mean()), error)


def paired(plan: Plan, policies: list[str], seats: str) -> None:
    """Print every pair of policies, compared in the same seats of the same worlds."""
    companies = ruleset_of(plan).companies
    chosen = [
        seat for seat, one in enumerate(companies) if not seats or one.uid in seats.split(",")
    ]
    found = standings(plan, policies, chosen)
    for one, other in itertools.combinations(found, 2):
        result = duel(one, other)
        low, high = result.interval
        print(
            f"{one.player:>12} beats {other.player:<12} in {result.share:6.1%} of "
            f"{result.games} pairs ({low:.1%} to {high:.1%}); "
            f"score {result.gain:+.1f} ± {1.96 * result.error:.1f} points"
        )


def main() -> None:
    """Print the table of all matches, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("scenario")
    parser.add_argument("--games", type=int, default=64, help="per match, both seatings together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--policies", default=",".join(reversed(names())))
    parser.add_argument("--paired", action="store_true", help="same seats of the same worlds")
    parser.add_argument("--seats", default="", help="of the paired form; all when left out")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    plan = Plan(find_scenario(asked.scenario), asked.games, asked.seed, workers=asked.workers)
    if asked.paired:
        paired(plan, asked.policies.split(","), asked.seats)
        return
    pairs = itertools.combinations(asked.policies.split(","), 2)
    matches = [play(first, second, plan) for first, second in pairs]
    if asked.json:
        rows = [dataclasses.asdict(match) | {"interval": match.interval} for match in matches]
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
        return
    for match in matches:
        low, high = match.interval
        print(
            f"{match.first:>12} beats {match.second:<12} in {match.wins / match.games:6.1%} of "
            f"{match.games} games ({low:.1%} to {high:.1%}); "
            f"score {match.score:+.1f} ± {1.96 * match.score_error:.1f} points a seat"
        )


if __name__ == "__main__":
    main()
