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


@dataclasses.dataclass(frozen=True)
class Par:
    """Per company: mean and standard deviation of ln R, and median doors (m users). [N] each."""

    mean: Array
    sd: Array
    doors: Array
    games: int
    seed: int


def measure(result: BlockResult, seed: int) -> Par:
    """The par table that these games give."""
    gain = np.log(np.maximum(result.final["return"], RETURN_FLOOR))
    doors = np.maximum(np.median(result.final["doors"], axis=1), 1e-6)
    sd = np.maximum(
        gain.std(axis=1, ddof=1) if gain.shape[1] > 1 else np.full(gain.shape[0], 0.5), LEAST_SD
    )
    return Par(gain.mean(axis=1), sd, doors, gain.shape[1], seed)


def par_of(
    scenario: Path, games: int, seed: int = 1, workers: int = 1, tick: Tick = lambda games: None
) -> Par:
    """Play games of strategists in every seat and measure par.

    Args:
        tick: called with the number of games finished since the last call.
    """
    return measure(run(Plan(scenario, games, seed, "strategist", workers), tick), seed)
