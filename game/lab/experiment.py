"""Thousands of games: planned, spread over workers, gathered in world order."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path

import numpy as np

from game.core.axes import AnyArray
from game.core.errors import UserError
from game.core.ruleset import Ruleset
from game.core.state import State
from game.lab.memory import recycle_memory
from game.lab.runner import BlockResult, Seating, check_games, play_block
from game.policies.registry import seating
from game.scenario.loader import load

BLOCK = 64

Tick = Callable[[int], None]


@dataclasses.dataclass(frozen=True)
class Plan:
    """What to play. Everything but ``workers`` and ``block`` decides the numbers."""

    scenario: Path
    games: int
    seed: int = 1
    seats: str = "strategist"
    workers: int = 1
    block: int = BLOCK
    watch: tuple[int, ...] = ()
    """Markets whose units are kept quarter by quarter."""
    advanced: bool = False
    """Whether deals may hold the advanced clauses, whatever the scenario says."""


def blocks(plan: Plan) -> list[AnyArray]:
    """World numbers of each block, in order."""
    worlds = np.arange(plan.games, dtype=np.uint64)
    return [worlds[start : start + plan.block] for start in range(0, plan.games, plan.block)]


def join(parts: list[BlockResult]) -> BlockResult:
    """One result of many blocks, in the order given."""
    return BlockResult(
        world=np.concatenate([part.world for part in parts]),
        final={
            name: np.concatenate([part.final[name] for part in parts], axis=-1)
            for name in parts[0].final
        },
        winner=np.concatenate([part.winner for part in parts]),
        end_turn=np.concatenate([part.end_turn for part in parts]),
        end_cause=np.concatenate([part.end_cause for part in parts]),
        trace=np.concatenate([part.trace for part in parts], axis=-1),
        watched=np.concatenate([part.watched for part in parts], axis=-1),
    )


_loaded: dict[str, tuple[Ruleset, State, Seating]] = {}


def loaded(path: Path, seats: str) -> tuple[Ruleset, State, Seating]:
    """Ruleset, opening and players of a scenario, read once a process."""
    key = f"{path}|{seats}"
    if key not in _loaded:
        recycle_memory()
        scenario = load(path)
        _loaded[key] = (scenario.ruleset, scenario.opening, seating(seats, scenario.ruleset))
    return _loaded[key]


def _work(
    path: Path, seats: str, seed: int, worlds: AnyArray, watch: tuple[int, ...]
) -> BlockResult:
    ruleset, opening, seated = loaded(path, seats)
    return play_block(ruleset, opening, seated, seed, worlds, watch=watch)


def _one_thread() -> None:
    """A worker leaves the interrupt key to its parent and uses one core."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def _alone(plan: Plan, tick: Tick) -> Iterator[tuple[int, BlockResult]]:
    ruleset, opening, seated = loaded(plan.scenario, plan.seats)
    for place, worlds in enumerate(blocks(plan)):
        yield place, play_block(ruleset, opening, seated, plan.seed, worlds, tick, plan.watch)


def _spread(plan: Plan, tick: Tick) -> Iterator[tuple[int, BlockResult]]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(plan.workers, mp_context=context, initializer=_one_thread) as pool:
        futures: dict[Future[BlockResult], int] = {
            pool.submit(_work, plan.scenario, plan.seats, plan.seed, worlds, plan.watch): place
            for place, worlds in enumerate(blocks(plan))
        }
        try:
            while futures:
                done, _ = wait(futures, return_when=FIRST_COMPLETED)
                for future in done:
                    place = futures.pop(future)
                    result = future.result()
                    tick(len(result.world))
                    yield place, result
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in multiprocessing.active_children():
                worker.terminate()
            raise


def check(plan: Plan) -> None:
    """Refuse a plan that cannot be played, before anything is.

    Raises:
        UserError: no games, no workers, unknown seats or scenario.
    """
    check_games(plan.games)
    for flag, number in (("--workers", plan.workers), ("--block", plan.block)):
        if number < 1:
            raise UserError(f"{number} is too few", flag, "give 1 or more")
    loaded(plan.scenario, plan.seats)


def run(plan: Plan, tick: Tick = lambda games: None) -> BlockResult:
    """Play all games of a plan.

    The same seed gives the same result with any number of workers and any block size.

    Args:
        tick: called with the number of games finished since the last call.

    Raises:
        UserError: no games, no workers, unknown seats or scenario.
    """
    check(plan)
    parts: dict[int, BlockResult] = {}
    source = _alone(plan, tick) if plan.workers == 1 else _spread(plan, tick)
    for place, result in source:
        parts[place] = result
    return join([parts[place] for place in sorted(parts)])


def ruleset_of(plan: Plan) -> Ruleset:
    """Ruleset of the plan's scenario."""
    return loaded(plan.scenario, plan.seats)[0]
