"""How fast the engine is, in units of its own demand law.

A unit that is itself measured here and now makes figures of different machines comparable. Time is
the processor's, so that other programs count for as little as they can.
"""

from __future__ import annotations

import dataclasses
import gc
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from game.core.axes import array_fields
from game.core.ruleset import Ruleset
from game.core.state import State
from game.economy.demand import demand
from game.lab.memory import recycle_memory
from game.lab.runner import Seating
from game.play import market, turn
from game.play.feedback import contraction_bounds, feedback_gains
from game.play.observation_build import observe
from game.play.opening import first_state
from game.play.orders import Orders, gather_orders
from game.play.quarter import Quarter
from game.policies.registry import seating
from game.scenario.loader import load

SEED = 2015
SEATS = "strategist"
ALONE = 2
"""Lanes of a game played alone: a block never holds fewer."""
LAW_CALLS = 10
MICRO, MILLI = 1e6, 1e3

BUDGET: Mapping[str, float] = {
    "utility, demand": 2.0,
    "pricing": 4.0,
    "adoption and network": 1.0,
    "research, brand, channels, costs": 2.0,
    "accounts, clearing, value, control": 2.0,
    "events, contracts, legality, reputation": 1.0,
    "chance and observation": 1.5,
    "players: levers, gradient, deal values": 4.5,
    "proposals and settlement": 2.0,
    "copies": 1.0,
    "reserve": 4.0,
}
"""Demand laws that the design allows each part of a turn; together the 25 of a whole turn."""

OBSERVE, ACT, COPY = "observe", "act", "copy orders and state"
GROUPS: Mapping[str, str] = {
    "events_due": "events, contracts, legality, reputation",
    "duties_due": "proposals and settlement",
    "waiting_decided": "proposals and settlement",
    "deals_settled": "proposals and settlement",
    "orders_checked": "events, contracts, legality, reputation",
    "actions_done": "events, contracts, legality, reputation",
    "pledges_delivered": "events, contracts, legality, reputation",
    "research": "research, brand, channels, costs",
    "brand": "research, brand, channels, costs",
    "channels": "research, brand, channels, costs",
    "costs": "research, brand, channels, costs",
    "parts_arrive": "research, brand, channels, costs",
    "capacity_built": "research, brand, channels, costs",
    "offers_made": "utility, demand",
    "prices_bind": "pricing",
    "demand_meets": "utility, demand",
    "adoption_and_network": "adoption and network",
    "accounts_closed": "accounts, clearing, value, control",
    "capital_moves": "accounts, clearing, value, control",
    "clearing_and_default": "accounts, clearing, value, control",
    "valuation": "accounts, clearing, value, control",
    "control": "accounts, clearing, value, control",
    "reputation": "events, contracts, legality, reputation",
    "outcome_settled": "accounts, clearing, value, control",
    "next_quarter": "copies",
    OBSERVE: "chance and observation",
    ACT: "players: levers, gradient, deal values",
    COPY: "copies",
}
"""Where each phase, and each step outside the phases, is booked."""

ECONOMY = frozenset(
    {
        "pledges_delivered",
        "research",
        "brand",
        "channels",
        "costs",
        "offers_made",
        "prices_bind",
        "demand_meets",
        "adoption_and_network",
        "accounts_closed",
        "capital_moves",
        "clearing_and_default",
        "valuation",
        "control",
    }
)
"""Phases that make up the economy: what laws do, without players, contracts and goals."""

Tick = Callable[[int], None]


@dataclasses.dataclass(frozen=True)
class Part:
    """One phase of a turn, or one step outside the phases."""

    name: str
    group: str
    us_per_world: float


@dataclasses.dataclass(frozen=True)
class MarketFeedback:
    """How far a lead in a market feeds itself at the start."""

    market: str
    gain: float
    """Of held shares; from one up the market runs away."""
    bound: float
    """On the slope of the share map through network terms; below one there is one outcome."""


@dataclasses.dataclass(frozen=True)
class Speed:
    """What was measured."""

    scenario: str
    sizes: Mapping[str, int]
    """Length of each letter."""
    turns: int
    """Turns timed, from the first one of the game."""
    demand_us_per_world: float
    turn_us_per_world: float
    """A whole turn with strategists in every seat."""
    parts: tuple[Part, ...]
    turn_ms_alone: float
    """A whole turn of one game, players by machine in every seat; mean over turns."""
    turn_ms_alone_longest: float
    numpy_calls_alone: int
    """Functions and methods of numpy called a turn; operators are not seen."""
    bytes_per_world: int
    """Of the state."""
    peak_bytes_per_world: int
    """Of all arrays alive at once within a turn."""
    feedback: tuple[MarketFeedback, ...]
    """Of every market, the worst first."""

    @property
    def turn_over_demand(self) -> float:
        """The whole turn in demand laws."""
        return self.turn_us_per_world / self.demand_us_per_world

    @property
    def economy_over_demand(self) -> float:
        """The economy's phases together in demand laws."""
        spent = sum(part.us_per_world for part in self.parts if part.name in ECONOMY)
        return spent / self.demand_us_per_world

    @property
    def turns_per_second_alone(self) -> float:
        """Turns a second of one game."""
        return MILLI / self.turn_ms_alone

    def groups(self) -> list[tuple[str, float, float]]:
        """(group, demand laws measured, demand laws allowed), in the order of the design."""
        spent = dict.fromkeys(BUDGET, 0.0)
        for part in self.parts:
            spent[part.group] += part.us_per_world / self.demand_us_per_world
        return [(group, spent[group], allowed) for group, allowed in BUDGET.items()]

    def record(self) -> dict[str, Any]:
        """One flat object for machines; ``phases`` and ``budget`` are lists."""
        facts = dataclasses.asdict(self)
        del facts["parts"]
        facts["turn_over_demand"] = self.turn_over_demand
        facts["economy_over_demand"] = self.economy_over_demand
        facts["turns_per_second_alone"] = self.turns_per_second_alone
        facts["phases"] = [
            dataclasses.asdict(part) | {"demands": part.us_per_world / self.demand_us_per_world}
            for part in self.parts
        ]
        facts["budget"] = [
            {"group": group, "demands": spent, "allowed": allowed}
            for group, spent, allowed in self.groups()
        ]
        return facts


class Stopwatch:
    """Seconds of the processor by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        began = time.process_time()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - began

    def phase(self, phase: turn.Phase) -> turn.Phase:
        """The phase with its time taken."""

        def timed(quarter: Quarter) -> None:
            with self(phase.__name__):
                phase(quarter)

        return timed


@contextmanager
def _timed_phases(watch: Stopwatch) -> Iterator[None]:
    """Put the stopwatch around every phase, from outside the engine."""
    phases = turn.PHASES
    turn.PHASES = tuple(watch.phase(phase) for phase in phases)
    try:
        yield
    finally:
        turn.PHASES = phases


def _orders(state: State, ruleset: Ruleset, seated: Seating, watch: Stopwatch) -> Orders:
    parts = []
    for policy, seats in seated:
        rows = np.asarray(seats, np.int64)
        with watch(OBSERVE):
            view = observe(state, ruleset, rows)
        with watch(ACT):
            parts.append((policy.act(view, ruleset, rows), rows))
    with watch(COPY):
        return gather_orders(state, ruleset, parts)


def _turn(state: State, ruleset: Ruleset, seated: Seating) -> tuple[State, dict[str, float]]:
    """One whole turn, and the seconds of its parts; they sum to the whole."""
    watch = Stopwatch()
    gc.collect()
    orders = _orders(state, ruleset, seated, watch)
    outside = sum(watch.seconds.values())
    with watch("step"), _timed_phases(watch):
        after, _ = turn.step(state, ruleset, orders)
    step = watch.seconds.pop("step")
    watch.seconds[COPY] += step - (sum(watch.seconds.values()) - outside)
    return after, watch.seconds


@dataclasses.dataclass(frozen=True)
class Timed:
    """Seconds of one turn of a block."""

    parts: Mapping[str, float]
    law: float
    """One call of the bare demand law at the turn's start."""

    @property
    def whole(self) -> float:
        """Seconds of the whole turn."""
        return sum(self.parts.values())


def _block(ruleset: Ruleset, opening: State, worlds: int) -> State:
    return first_state(
        ruleset, opening, np.full(worlds, SEED, np.uint64), np.arange(worlds, dtype=np.uint64)
    )


def law_of(state: State, ruleset: Ruleset) -> Callable[[], object]:
    """The bare demand law with all its arguments in hand."""
    mean, reach = market.mean(state, ruleset), market.reach(state, ruleset)
    return lambda: demand(
        mean,
        reach,
        state.price,
        ruleset.alpha,
        ruleset.weight,
        state.on_sale,
        ruleset.fringe_utility,
        ruleset.fringe_count,
    )


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _least_disturbed(
    state: State, ruleset: Ruleset, seated: Seating, repeats: int
) -> tuple[State, Timed]:
    """The fastest of several runs of one turn, and of batches of the law between them.

    Both are taken in the same moments, and neither call by call, so that a busy machine slows
    them alike.
    """
    law = law_of(state, ruleset)
    batches, runs = [], []
    for _ in range(repeats):
        batches.append(mean_of(_seconds(law) for _ in range(LAW_CALLS)))
        runs.append(_turn(state, ruleset, seated))
    after, parts = min(runs, key=lambda run: sum(run[1].values()))
    return after, Timed(parts, min(batches))


def time_turns(
    ruleset: Ruleset,
    opening: State,
    worlds: int,
    turns: int,
    repeats: int = 3,
    tick: Tick = lambda turns: None,
) -> list[Timed]:
    """Seconds of each turn and of the demand law beside it, from the first turn of a game on.

    Args:
        opening: the scenario's first state. worlds: of the block, at least 2.
        repeats: each turn is played so often; the least disturbed time counts.
        tick: called after every turn.
    """
    recycle_memory()
    seated = seating(SEATS, ruleset)
    state = _block(ruleset, opening, worlds)
    _turn(state, ruleset, seated)  # fills caches
    timed: list[Timed] = []
    while len(timed) < turns and state.active.any():
        state, seconds = _least_disturbed(state, ruleset, seated, repeats)
        timed.append(seconds)
        tick(1)
    return timed


def count_numpy_calls(work: Callable[[], object]) -> int:
    """Calls of numpy's functions and array methods; operators are not seen by the profiler."""
    count = 0

    def note(frame: FrameType, event: str, called: Any) -> None:
        nonlocal count
        count += event == "c_call" and _is_numpy(called)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def _is_numpy(called: Any) -> bool:
    owner = getattr(called, "__self__", None)
    module = getattr(called, "__module__", None) or ""
    return isinstance(owner, np.ndarray | np.ufunc | np.generic) or module.startswith("numpy")


def state_bytes(state: State) -> int:
    """Bytes of one world's state."""
    total: int = sum(getattr(state, field.name).nbytes for field in array_fields(state))
    return total // len(state.active)


def peak_bytes(work: Callable[[], object]) -> int:
    """Bytes of what some work allocates, at their highest."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def mean_of(values: Iterable[float]) -> float:
    """Mean of at least one value."""
    kept = list(values)
    return sum(kept) / len(kept)


def _parts(timed: list[Timed], worlds: int) -> tuple[Part, ...]:
    return tuple(
        Part(name, GROUPS[name], MICRO / worlds * mean_of(one.parts[name] for one in timed))
        for name in timed[0].parts
    )


def market_feedback(ruleset: Ruleset, opening: State) -> tuple[MarketFeedback, ...]:
    """Feedback of every market at the start, the worst first."""
    gains = feedback_gains(_block(ruleset, opening, ALONE), ruleset)
    bounds = contraction_bounds(ruleset)
    return tuple(
        MarketFeedback(ruleset.markets[place], float(gains[place]), float(bounds[place]))
        for place in np.argsort(-gains, kind="stable").tolist()
    )


def measure(
    scenario: Path, worlds: int = 128, turns: int = 8, tick: Tick = lambda turns: None
) -> Speed:
    """Measure the engine on a scenario.

    Args:
        worlds: of the block, at least 2. turns: timed, fewer when the games end before.
        tick: called after every turn timed: up to twice ``turns`` times.

    Raises:
        ScenarioError: the scenario cannot be used.
    """
    found = load(scenario)
    ruleset, opening = found.ruleset, found.opening
    seated = seating(SEATS, ruleset)
    timed = time_turns(ruleset, opening, worlds, turns, tick=tick)
    alone = [MILLI * one.whole for one in time_turns(ruleset, opening, ALONE, turns, tick=tick)]
    block, lone = _block(ruleset, opening, worlds), _block(ruleset, opening, ALONE)
    return Speed(
        scenario=ruleset.uid,
        sizes=ruleset.sizes | {"W": worlds},
        turns=len(timed),
        demand_us_per_world=MICRO / worlds * mean_of(one.law for one in timed),
        turn_us_per_world=MICRO / worlds * mean_of(one.whole for one in timed),
        parts=_parts(timed, worlds),
        turn_ms_alone=mean_of(alone),
        turn_ms_alone_longest=max(alone),
        numpy_calls_alone=count_numpy_calls(lambda: _turn(lone, ruleset, seated)),
        bytes_per_world=state_bytes(block),
        peak_bytes_per_world=peak_bytes(lambda: _turn(block, ruleset, seated)) // worlds,
        feedback=market_feedback(ruleset, opening),
    )
