"""Which block size is best: ``python bench/blocks.py [SCENARIO]``.

Prints, for blocks of 2 to 512 worlds, microseconds a world of the demand law and of a whole turn.
"""

from __future__ import annotations

import sys

from game.lab.bench import MICRO, mean_of, time_turns
from game.resources import find_scenario
from game.scenario.loader import load

BLOCKS = (2, 16, 64, 128, 256, 512)
TURNS, REPEATS = 2, 1


def main(scenario: str = "alibaba-meizu") -> None:
    """Measure and print one line a block size."""
    found = load(find_scenario(scenario))
    print(f"{'worlds':>6} {'demand':>9} {'turn':>10}   µs a world, {found.ruleset.uid}")
    for worlds in BLOCKS:
        timed = time_turns(found.ruleset, found.opening, worlds, TURNS, REPEATS)
        law = mean_of(one.law for one in timed) / worlds * MICRO
        whole = mean_of(one.whole for one in timed) / worlds * MICRO
        print(f"{worlds:>6} {law:>9.1f} {whole:>10.1f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
