"""How long an explanation takes: coalitions and seconds of typical questions.

python bench/explain.py [scenario] [quarters]
"""

from __future__ import annotations

import sys
import time

import numpy as np

from game.play.explain.answers import explain
from game.play.explain.causes import Measure
from game.play.explain.watch import watch
from game.play.observation_build import observe
from game.play.opening import first_state
from game.policies.registry import make
from game.resources import find_scenario
from game.scenario.loader import load


def main(scenario: str = "alibaba-meizu", quarters: int = 8) -> None:
    """Print a line a question, of a game that strategists play."""
    loaded, player = load(find_scenario(scenario)), make("strategist")
    ruleset = loaded.ruleset
    seats = np.arange(len(ruleset.companies))
    state = first_state(
        ruleset, loaded.opening, np.full(2, 2015, np.uint64), np.zeros(2, np.uint64)
    )
    seen = []
    for _ in range(quarters):
        orders = player.act(observe(state, ruleset, seats), ruleset, seats)
        seen.append(watch(state, ruleset, orders))
        state = seen[-1].after
    lines = np.argwhere(seen[-1].late.on_sale[..., 0])
    busiest = int(np.bincount(lines[:, 0]).argmax())
    market = int(np.bincount(lines[:, 1]).argmax())
    seller = int(lines[lines[:, 1] == market][0, 0])
    for measure in Measure:
        place = market if measure in (Measure.SHARE, Measure.UNITS, Measure.PRICE) else -1
        company = seller if place >= 0 else busiest
        start = time.perf_counter()
        found = explain(seen[-2], seen[-1], measure, company, place)
        spent = time.perf_counter() - start
        where = ruleset.markets[market] if place >= 0 else "whole company"
        name = ruleset.companies[company].uid
        print(f"{measure.name.lower():7} {name:10} {where:22} {found.lanes:8} lanes {spent:7.3f} s")


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:3]))
