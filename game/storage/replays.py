"""Replays: scenario, seed and the person's orders; a few kilobytes of readable JSON.

Holds no state: the engine plays the game again, machine players included, and the figures
written at the end say whether it came out the same.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from game.core.errors import SaveError
from game.storage.container import REPLAY, SAVE, read_file, unwrap, wrap, write_file
from game.storage.saves import read_meta

_FIELDS: Mapping[str, type] = {
    "scenario": dict, "seat": int, "seed": int, "rivals": str, "orders": list, "final": dict,
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Replay:
    """A game as orders."""

    scenario: Mapping[str, Any]
    """``uid``, ``digest``, ``file``, ``naming``, and the ``par`` table that scored it."""
    seat: int
    seed: int
    rivals: str
    orders: tuple[Mapping[str, Any], ...]
    """The person's orders of each quarter: only what differs from doing nothing."""
    final: Mapping[str, Any]
    """``turn``, ``score`` and ``value`` of each company, ``winner``, ``cause``."""


def write_replay(path: Path, replay: Replay) -> None:
    """Write a replay.

    Raises:
        SaveError: the file cannot be written.
    """
    text = json.dumps(dataclasses.asdict(replay), ensure_ascii=False, allow_nan=False)
    write_file(path, wrap(REPLAY, text.encode()))


def read_replay(path: Path) -> Replay:
    """Read a replay, or the orders that a save holds.

    Raises:
        SaveError: missing, foreign, damaged, or of another version; one clear line.
    """
    kind, contents = unwrap(read_file(path), str(path))
    try:
        facts = read_meta(path) if kind == SAVE else json.loads(contents)
        return _replay(facts)
    except SaveError as error:
        raise SaveError(error.what, str(path), error.try_) from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise SaveError("the contents cannot be understood", str(path)) from None


def _replay(facts: Any) -> Replay:
    if not isinstance(facts, dict):
        raise SaveError("its facts are not a JSON object")
    for name, kind in _FIELDS.items():
        if not isinstance(facts.get(name), kind) or isinstance(facts[name], bool):
            raise SaveError(f"{name} is missing or not understood")
    if not all(isinstance(orders, dict) for orders in facts["orders"]):
        raise SaveError("orders are not understood")
    return Replay(
        facts["scenario"], facts["seat"], facts["seed"], facts["rivals"],
        tuple(facts["orders"]), facts["final"],
    )  # fmt: skip
