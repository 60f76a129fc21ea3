"""Which player beats which: a ladder of ratings and head-to-head matches, seats rotated.

    python bench/ladder.py SCENARIO --paired [--games 12] [--fewer level-4=6,level-5=3]
    python bench/ladder.py SCENARIO [--games 64] [--seed 1] [--policies strategist,best-reply]

With ``--paired`` each policy takes every seat in turn while strategists have the others, and the
next takes the same seat in the same worlds: the higher score wins the pair. ``--games`` is worlds a
seat; ``--fewer`` gives costly policies fewer. It prints ratings (openskill), every rung against the
one below, and all other pairs. Policies are named the weakest first.

Without it two policies sit alternately around the board; a second half of the games swaps
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

from game.core.errors import GameError, UserError
from game.core.ruleset import Ruleset
from game.lab.duels import Duel, Standing, duel, standings
from game.lab.experiment import Plan, ruleset_of, run
from game.lab.ratings import Rating, rate
from game.lab.tables import wilson
from game.policies.registry import level_names, names
from game.resources import find_scenario

RUNG = 0.6
"""Share of pairs that a rung must win against the one below, by its interval's lower end."""
YARDSTICKS = ("idle", "random", "best-reply")


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


def paired(plan: Plan, policies: list[str], seats: str, fewer: dict[str, int]) -> Report:
    """Every pair of policies, compared in the same seats of the same worlds."""
    companies = ruleset_of(plan).companies
    chosen = [
        seat for seat, one in enumerate(companies) if not seats or one.uid in seats.split(",")
    ]
    found = standings(plan, policies, chosen, told=_told, games=fewer)
    duels = [duel(higher, lower) for lower, higher in itertools.combinations(found, 2)]
    rungs = [(policies[place], policies[place - 1]) for place in range(1, len(policies))]
    return Report([duel_ for duel_ in duels if duel_.games], rungs, *_ratings(found))


def _told(found: Standing) -> None:
    print(f"{found.player}: {found.score.size} games played", file=sys.stderr, flush=True)


def _ratings(found: list[Standing]) -> tuple[list[Rating], str]:
    try:
        return rate(found), ""
    except UserError as error:
        return [], error.line()


@dataclasses.dataclass(frozen=True)
class Report:
    """What the paired form found."""

    duels: list[Duel]
    rungs: list[tuple[str, str]]
    """Each policy with the one below it."""
    ratings: list[Rating]
    trouble: str
    """Why there are no ratings; empty where there are."""

    def show(self) -> None:
        """Print ratings, rungs, and the other pairs."""
        for one in self.ratings:
            print(f"{one.player:>12} rating {one.mean:6.1f} ± {1.96 * one.sd:.1f}")
        if self.trouble:
            print(f"Ratings are left out: {self.trouble}")
        rungs = [duel_ for duel_ in self.duels if (duel_.one, duel_.other) in self.rungs]
        print("Rungs, each against the one below:")
        for duel_ in rungs:
            holds = duel_.interval[0] > RUNG
            print(f"{_line(duel_)}  {'holds' if holds else 'DOES NOT HOLD'} {RUNG:.0%}")
        print("Other pairs:")
        for duel_ in self.duels:
            if duel_ not in rungs:
                print(_line(duel_))

    def record(self) -> dict[str, object]:
        """The same as plain values."""
        return {
            "ratings": [dataclasses.asdict(one) for one in self.ratings],
            "duels": [
                dataclasses.asdict(one) | {"share": one.share, "interval": one.interval}
                for one in self.duels
            ],
        }


def _line(result: Duel) -> str:
    low, high = result.interval
    return (
        f"{result.one:>12} beats {result.other:<12} in {result.share:6.1%} of "
        f"{result.games} pairs ({low:.1%} to {high:.1%}); "
        f"score {result.gain:+.1f} ± {1.96 * result.error:.1f} points"
    )


def counts(text: str) -> dict[str, int]:
    """Worlds a seat by policy, from ``level-4=6,level-5=3``.

    Raises:
        UserError: not written so.
    """
    found = {}
    for part in filter(None, text.split(",")):
        name, _, number = part.partition("=")
        if not number.isdigit() or int(number) < 1:
            raise UserError(f"{part!r} is no number of games", "--fewer", "write level-5=3")
        found[name.strip()] = int(number)
    return found


def main() -> None:
    """Print the table of all matches, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("scenario")
    parser.add_argument(
        "--games", type=int, default=0, help="a match (64), or worlds a seat with --paired (12)"
    )
    parser.add_argument("--fewer", default="", help="of the paired form: level-4=6,level-5=3")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--policies", default="")
    parser.add_argument("--paired", action="store_true", help="same seats of the same worlds")
    parser.add_argument("--seats", default="", help="of the paired form; all when left out")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    try:
        _run(asked)
    except GameError as error:
        sys.exit(error.line())


def _run(asked: argparse.Namespace) -> None:
    path, games = find_scenario(asked.scenario), asked.games or (12 if asked.paired else 64)
    plan = Plan(path, games, asked.seed, workers=asked.workers)
    if asked.paired:
        ladder = asked.policies.split(",") if asked.policies else [*YARDSTICKS, *level_names()]
        found = paired(plan, ladder, asked.seats, counts(asked.fewer))
        if asked.json:
            sys.stdout.write(json.dumps(found.record(), indent=2) + "\n")
        else:
            found.show()
        return
    policies = asked.policies.split(",") if asked.policies else [*reversed(names())]
    pairs = itertools.combinations(policies, 2)
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
