"""Replays: small, readable, and never a traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from game.core.errors import SaveError
from game.storage.container import REPLAY, SAVE, wrap
from game.storage.replays import Replay, read_replay, write_replay
from game.storage.saves import pack

REPLAYED = Replay(
    scenario={"uid": "lesson", "digest": "0" * 64},
    seat=1,
    seed=7,
    rivals="idle",
    orders=({"notch": 3}, {}),
    final={"turn": 2, "score": [1.5, 0.1]},
)


def facts() -> dict[str, Any]:
    return {
        "scenario": {"uid": "lesson"}, "seat": 1, "seed": 7, "rivals": "idle",
        "orders": [{}], "final": {},
    }  # fmt: skip


def test_a_read_replay_equals_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.replay"
    write_replay(path, REPLAYED)
    assert read_replay(path) == REPLAYED
    assert path.stat().st_size < 2_000


def test_a_save_is_a_replay_too(tmp_path: Path) -> None:
    path = tmp_path / "a.save"
    path.write_bytes(wrap(SAVE, pack(facts(), (), ())))
    assert read_replay(path).seed == 7


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_damaged_byte_is_one_clear_line(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "a.replay"
    write_replay(path, REPLAYED)
    raw = bytearray(path.read_bytes())
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(bytes(raw))
    with pytest.raises(SaveError) as caught:
        read_replay(path)
    assert "\n" not in caught.value.line()


@pytest.mark.parametrize(
    "change",
    [
        {"seat": "one"}, {"seed": 1.5}, {"orders": 3}, {"orders": [1]}, {"final": None},
        {"scenario": []}, {"rivals": None}, {"seat": True},
    ],
)  # fmt: skip
def test_wrong_facts_are_told(tmp_path: Path, change: dict[str, Any]) -> None:
    path = tmp_path / "a.replay"
    path.write_bytes(wrap(REPLAY, json.dumps({**facts(), **change}).encode()))
    with pytest.raises(SaveError, match="not understood"):
        read_replay(path)


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_rubbish_under_a_right_checksum(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "a.replay"
    path.write_bytes(wrap(REPLAY, text))
    with pytest.raises(SaveError):
        read_replay(path)
