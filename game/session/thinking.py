"""What a game lets be worked out aside: the machines' orders, and what a deal would bring.

Both are functions of bytes, so that a process of its own can do them; see
:mod:`game.session.worker`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from game.core.axes import AnyArray
from game.core.errors import SaveError
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.futures import FIGURES, compare, signed_worlds
from game.play.observation_build import observe
from game.play.orders import Orders
from game.play.policy import Policy
from game.policies.planner import Planner
from game.policies.registry import make
from game.policies.strategist import Strategist
from game.session.deals import deal_of
from game.session.record import scenario_of
from game.storage.orders import pack_orders
from game.storage.saves import read_save_bytes

Pause = Callable[[], None]
Facts = Mapping[str, Any]
_rulesets: dict[str, Ruleset] = {}


def machine(name: str) -> Policy:
    """The machine player of a person's game, whose two worlds are one."""
    policy = make(name)
    if isinstance(policy, Planner):
        policy.twins = True
    return policy


def looks_ahead(policy: Policy) -> bool:
    """Whether a player thinks for long."""
    return isinstance(policy, Planner)


def orders_of_machines(
    policy: Policy, state: State, ruleset: Ruleset, seats: AnyArray, pause: Pause
) -> Orders:
    """What the machines order; ``pause`` is called between slices and may raise."""
    if not isinstance(policy, Planner):
        return policy.act(observe(state, ruleset, seats), ruleset, seats)
    before, policy.pause = policy.pause, pause
    try:
        return policy.act(observe(state, ruleset, seats), ruleset, seats)
    finally:
        policy.pause = before


# ------------------------------------------------------------------- tasks on bytes


def think(raw: bytes, facts: Facts, pause: Pause) -> Iterator[bytes]:
    """Orders of the machines, from a save of the quarter: one part."""
    state, ruleset = _read(raw)
    seats = np.array(facts["seats"], np.int64)
    yield pack_orders(
        orders_of_machines(machine(str(facts["rivals"])), state, ruleset, seats, pause)
    )


def foresee(raw: bytes, facts: Facts, pause: Pause) -> Iterator[bytes]:
    """What signing a deal brings its two sides, as a seat believes: JSON, growing part by part.

    Each part holds ``count`` of imagined worlds so far, ``of`` all, and for every figure of
    :data:`game.play.futures.FIGURES` and each side ``[low, mean, high]`` of the gain.
    """
    state, ruleset = _read(raw)
    deal, everybody = deal_of(facts["deal"]), np.arange(len(ruleset.companies))
    follow, futures = Strategist(), int(facts["futures"])

    def act(worlds: State) -> Orders:
        pause()
        return follow.act(observe(worlds, ruleset, everybody), ruleset, everybody)

    def signed(worlds: State) -> State:
        return signed_worlds(worlds, ruleset, deal.package(ruleset, worlds.cash.shape[-1]))

    for found in compare(
        state, ruleset, int(facts["seat"]), signed, act,
        quarters=int(facts["quarters"]), futures=futures,
    ):  # fmt: skip
        gains = {
            figure: {
                side: found.interval(figure)[:, side].tolist()
                for side in (deal.proposer, deal.counterparty)
            }
            for figure in FIGURES
        }
        part = {"count": found.count, "of": max(futures, 2), "gains": gains}
        yield json.dumps(part).encode()


TASKS: Mapping[str, Callable[[bytes, Facts, Pause], Iterator[bytes]]] = {
    "think": think,
    "foresee": foresee,
}
"""What can be asked for by name: a save, plain JSON facts, a pause; parts come back as bytes."""


def _read(raw: bytes) -> tuple[State, Ruleset]:
    """The last state of a save, and its scenario, kept for the next time."""
    save = read_save_bytes(raw)
    facts = save.meta.get("scenario")
    if not isinstance(facts, dict):
        raise SaveError("names no scenario")
    key = json.dumps(facts, sort_keys=True)
    if key not in _rulesets:
        _rulesets.clear()
        _rulesets[key] = scenario_of(facts, "").ruleset
    return save.states[-1], _rulesets[key]
