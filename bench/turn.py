"""One whole turn, phase by phase: ``python bench/turn.py [SCENARIO] [WORLDS]``."""

from __future__ import annotations

import sys

from game.cli.bench import run_bench


def main(scenario: str = "alibaba-meizu", worlds: str = "128") -> None:
    """Print what ``stake bench`` prints."""
    run_bench(scenario, int(worlds), turns=8, as_json=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
