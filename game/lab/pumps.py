"""Looking for money pumps: long random sequences of accepted deals in a world that stands still.

Nothing real changes while an attacker deals: no market clears, no profit is earned, the clock
moves on only so that locks, gaps and terms pass. So whatever the attacker gains, somebody lost.
Positions are marked by the game's own fundamental values, with pledges at their public worth for
the term that is left, and with what a company's own terms say of cash in a squeeze, board seats
and control. After every deal three laws are looked at:

* no deal costs a machine company anything by its own valuation;
* cash, shares and claims are conserved;
* without pledges and distress an attacker gains nothing, whatever it signs in whatever order,
  but what allies do more for each other when shares bind them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from game.core.axes import Array, Ints
from game.core.ruleset import Ruleset
from game.core.state import State
from game.lab.pump_ground import Ground
from game.lab.pump_laws import PART, Finding, leaks, losses, tell
from game.lab.pump_moves import FINANCIAL, MOVES, Attacker

STEPS = 10
"""Deals tabled in a sequence."""


@dataclass(frozen=True)
class Hunt:
    """What was tried, and what was found."""

    sequences: int
    tabled: int
    settled: int
    findings: tuple[Finding, ...]
    gains: Array
    """[W] USD m, the attacker's gain in hard value over its sequence."""


def hunt(state: State, ruleset: Ruleset, seats: Ints, seed: int, financial: bool = False) -> Hunt:
    """Play one sequence of deals in every world of a state.

    Args:
        state: where the sequences begin; nothing in it moves but by deals.
        seats: [W] who attacks.
        financial: without pledges, loans and promises, so that whatever is gained is a pump.
    """
    ground = Ground(state, ruleset)
    attacker = Attacker(seats, seed, FINANCIAL if financial else MOVES)
    worlds = state.cash.shape[-1]
    tales: list[list[str]] = [[] for _ in range(worlds)]
    findings: list[Finding] = []
    tabled = settled = 0
    squeezed, moved, others = np.zeros((3, worlds))
    hard, rights = np.zeros((2, *state.cash.shape))
    for step in range(STEPS):
        ground.wait(int(attacker.rng.choice([0, 1, 4])))
        attacker.alone(ground)
        packages, kinds = attacker.packages(ground)
        found = ground.deal(packages)
        change = ground.moved(found)
        hard, rights = (
            hard + change.hard - change.aligned,
            rights + change.won - change.granted.sum(axis=1),
        )
        others += change.won.sum(axis=0) - change.won[seats, np.arange(worlds)]
        moved += np.abs(change.hard).max(axis=0)
        squeezed += np.abs(change.squeezed).max(axis=0)
        tabled += worlds
        done = found.accepted.any(axis=0)
        settled += int(done.sum())
        tell(tales, found, kinds, ruleset)
        findings += losses(ground.before, ground.whole, change, found, seats, step, tales)
        findings += leaks(ground.before, ground.state, found, step, tales)
    gains = hard[seats, np.arange(worlds)]
    if financial:
        rest = np.minimum(gains, gains + rights[seats, np.arange(worlds)])
        rest = rest - np.maximum(others, 0.0)  # a majority that somebody holds at the end is real
        allowed = 1.0 + PART * moved + squeezed
        for lane in np.flatnonzero(rest > allowed).tolist():
            findings.append(
                Finding(
                    "pump", lane, STEPS, int(seats[lane]), float(gains[lane]), tuple(tales[lane])
                )
            )
    return Hunt(worlds, tabled, settled, tuple(findings), gains)
