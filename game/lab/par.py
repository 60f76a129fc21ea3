"""The par table: what strategists usually reach from each seat, so that seats compare."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from game.core.axes import Array
from game.lab.experiment import Plan, Tick, run
from game.lab.runner import BlockResult
from game.play.outcome import RETURN_FLOOR

QUICK_GAMES = 24
LEAST_SD = 0.05
SPREAD = (15.87, 50.0, 84.13)
"""Percentiles of ln R that lie a standard deviation below, at, and above the middle."""
CREDIT = (0.05, 0.95)
"""Bounds of the usual credit: there must be something to win and to lose."""


@dataclasses.dataclass(frozen=True)
class Par:
    """Per company: middle and spread of ln R, doors (m users) and mandates' credit. [N] each.

    Middles are medians, the spread half of the middle 68 %: ruins weigh no more than others.
    """

    mean: Array
    sd: Array
    doors: Array
    mandates: Array
    games: int
    seed: int


def measure(result: BlockResult, seed: int) -> Par:
    """The par table that these games give."""
    gain = np.log(np.maximum(result.final["return"], RETURN_FLOOR))
    doors = np.maximum(np.median(result.final["doors"], axis=1), 1e-6)
    low, middle, high = np.percentile(gain, SPREAD, axis=1)
    sd = 0.5 * (high - low) if gain.shape[1] > 1 else np.full(gain.shape[0], 0.5)
    credit = np.clip(np.median(result.final["mandate_credit"], axis=1), *CREDIT)
    return Par(middle, np.maximum(sd, LEAST_SD), doors, credit, gain.shape[1], seed)


def par_of(
    scenario: Path, games: int, seed: int = 1, workers: int = 1, tick: Tick = lambda games: None
) -> Par:
    """Play games of strategists in every seat and measure par.

    Args:
        tick: called with the number of games finished since the last call.
    """
    return measure(run(Plan(scenario, games, seed, "strategist", workers), tick), seed)
