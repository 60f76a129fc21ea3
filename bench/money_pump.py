"""Looks for money pumps: random sequences of accepted deals in a world that stands still.

    python bench/money_pump.py [SCENARIO] [--sequences 10000] [--seed 1]

Half of the sequences trade shares and cash alone, so that whatever an attacker gains is a pump;
the others use pledges and loans too. They start from games of strategists, quarter by quarter.
Then each late move (debt, issues, dividends, sales of promises) is tried in the last quarter and
compared with the same game without it. The exit status is 1 when anything is found.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from game.core.axes import take_worlds
from game.core.ruleset import Ruleset
from game.core.state import State
from game.lab.late import MOVES, SURE_LOSS, fair_quotes, late_gains
from game.lab.pump_laws import Finding
from game.lab.pumps import hunt
from game.lab.runner import Seating, orders_of
from game.play.opening import first_state
from game.play.turn import step
from game.policies.registry import seating
from game.resources import find_scenario
from game.scenario.loader import load

WORLDS = 128


def pumps(
    state: State, ruleset: Ruleset, seats: Seating, sequences: int, seed: int
) -> tuple[State, list[Finding]]:
    """Hunt from every quarter of a block of games; the state of the last quarter comes back."""
    quarters = ruleset.rules.quarters
    each = -(-sequences // (quarters * WORLDS))
    rng = np.random.default_rng(seed)
    found: list[Finding] = []
    tried = settled = 0
    for quarter in range(quarters):
        live = np.flatnonzero(state.active)
        if len(live) < 2:
            break
        here = take_worlds(state, live)
        for turn in range(each):
            who = rng.integers(0, len(ruleset.companies), len(live))
            one = hunt(here, ruleset, who, int(rng.integers(1 << 31)), (quarter + turn) % 2 == 0)
            tried, settled = tried + one.sequences, settled + one.settled
            found += one.findings
        if quarter < quarters - 1:
            state, _ = step(state, ruleset, orders_of(state, ruleset, seats))
    print(f"{tried} sequences, {settled} deals settled, {len(found)} findings")
    return state, found


def late(state: State, ruleset: Ruleset, seats: Seating) -> int:
    """Print what each late move brings; how many of them pay."""
    state = fair_quotes(state)
    count, worlds = len(ruleset.companies), state.cash.shape[-1]
    paying = 0
    for move in MOVES:
        gains = np.concatenate(
            [
                late_gains(state, ruleset, seats, move, (np.arange(worlds) + first) % count)
                for first in range(0, count, max(count // 4, 1))
            ]
        )
        pays = gains.max() > 0.01 if move in SURE_LOSS else gains.mean() > 0.05
        paying += pays
        mean, most = gains.mean(), gains.max()
        print(f"{move:>20}: mean {mean:+.3f} points, most {most:+.3f}{'  PAYS' if pays else ''}")
    return paying


def main() -> None:
    """Hunt, and tell what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("scenario", nargs="?", default="alibaba-meizu")
    parser.add_argument("--sequences", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    scenario = load(find_scenario(given.scenario))
    ruleset = scenario.ruleset
    seats = seating("strategist", ruleset)
    numbers = np.arange(WORLDS, dtype=np.uint64)
    seeds = np.full(WORLDS, given.seed, np.uint64)
    state = first_state(ruleset, scenario.opening, seeds, numbers)
    state, found = pumps(state, ruleset, seats, given.sequences, given.seed)
    for one in sorted(found, key=lambda finding: -finding.amount)[:10]:
        who = ruleset.companies[one.company].uid if one.company >= 0 else "nobody"
        print(f"{one.law}: {who}, {one.amount:.2f}", *one.tale, sep="\n    ")
    paying = late(state, ruleset, seats)
    sys.exit(1 if found or paying else 0)


if __name__ == "__main__":
    main()
