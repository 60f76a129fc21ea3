"""Which block size is best: ``python bench/blocks.py [SCENARIO]``.

Prints, for blocks of 2 to 512 worlds, microseconds a world of the demand law and of a whole turn.
"""

from __future__ import annotations

import sys

from game.lab.bench import time_demand, time_turns
from game.resources import find_scenario
from game.scenario.loader import load

BLOCKS = (2, 16, 64, 128, 256, 512)
TURNS, REPEATS = 2, 1


def main(scenario: str = "alibaba-meizu") -> None:
    """Measure and print one line a block size."""
    found = load(find_scenario(scenario))
    print(f"{'worlds':>6} {'demand':>9} {'turn':>10}   µs a world, {found.ruleset.uid}")
    for worlds in BLOCKS:
        law = time_demand(found.ruleset, found.opening, worlds)
        timed = time_turns(found.ruleset, found.opening, worlds, TURNS, REPEATS)
        whole = sum(sum(seconds.values()) for seconds in timed) / len(timed)
        print(f"{worlds:>6} {law / worlds * 1e6:>9.1f} {whole / worlds * 1e6:>10.1f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
