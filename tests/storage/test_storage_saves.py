"""Saves: what is read equals what was written, and damage is one clear line, never a traceback."""

from __future__ import annotations

import contextlib
import io
import json
import stat
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from game.core.axes import array_fields, first_difference
from game.core.errors import SaveError
from game.core.state import State
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.report import Report
from game.play.turn import step
from game.resources import find_scenario
from game.scenario.loader import load
from game.storage.container import REPLAY, SAVE, unwrap, wrap, write_file
from game.storage.saves import pack, read_meta, read_save, write_save

META = {"seat": 1, "note": "风筝", "orders": [{"notch": 3}]}
TURNS = 3


@cache
def played() -> tuple[tuple[State, ...], tuple[Report, ...]]:
    """A few quarters of the lesson."""
    scenario = load(find_scenario("lesson"))
    seeds = np.full(2, 5, np.uint64)
    states = [first_state(scenario.ruleset, scenario.opening, seeds, np.zeros(2, np.uint64))]
    reports = []
    for _ in range(TURNS):
        orders = no_orders(states[-1], scenario.ruleset)
        state, report = step(states[-1], scenario.ruleset, orders)
        states.append(state)
        reports.append(report)
    return tuple(states), tuple(reports)


@cache
def whole() -> bytes:
    states, reports = played()
    return wrap(SAVE, pack(META, states, reports))


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "game.save"
    path.write_bytes(whole())
    return path


def test_a_read_save_equals_what_was_written(tmp_path: Path) -> None:
    states, reports = played()
    path = tmp_path / "deep" / "er" / "game.save"
    write_save(path, META, states, reports)
    found = read_save(path)
    assert found.meta == META
    assert [state.turn for state in found.states] == list(range(TURNS + 1))
    for one, other in zip(states, found.states, strict=True):
        assert first_difference(one, other) is None
        for field in array_fields(other):
            array = getattr(other, field.name)
            assert array.dtype == np.dtype(field.metadata["dtype"]), field.name
            assert array.flags.c_contiguous, field.name
    for before, after in zip(reports, found.reports, strict=True):
        assert first_difference(before, after) is None
    assert read_meta(path) == META


def test_a_loaded_state_plays_on_bit_for_bit(saved: Path) -> None:
    ruleset = load(find_scenario("lesson")).ruleset
    one, other = played()[0][-1], read_save(saved).states[-1]
    for _ in range(2):
        one, _ = step(one, ruleset, no_orders(one, ruleset))
        other, _ = step(other, ruleset, no_orders(other, ruleset))
    assert first_difference(one, other) is None


def test_the_same_game_makes_the_same_bytes() -> None:
    states, reports = played()
    assert wrap(SAVE, pack(META, states, reports)) == whole()


def test_nothing_pickled_and_nothing_large() -> None:
    _, contents = unwrap(whole(), "here")
    with zipfile.ZipFile(io.BytesIO(contents)) as archive:
        assert archive.testzip() is None
        assert {name.rpartition(".")[2] for name in archive.namelist()} == {"npy", "json"}
    assert len(whole()) < 200_000


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_damaged_byte_is_one_clear_line(saved: Path, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(whole()) - 1))
    flip = data.draw(st.integers(1, 255))
    raw = bytearray(whole())
    raw[place] ^= flip
    saved.write_bytes(bytes(raw))
    for read in (read_save, read_meta):
        with pytest.raises(SaveError) as caught:
            read(saved)
        assert "\n" not in caught.value.line()
        assert str(saved) in caught.value.line()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, 10**6))
def test_a_file_cut_short_is_one_clear_line(saved: Path, length: int) -> None:
    saved.write_bytes(whole()[: length % len(whole())])
    with pytest.raises(SaveError):
        read_save(saved)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=400))
def test_rubbish_is_one_clear_line(saved: Path, rubbish: bytes) -> None:
    for raw in (rubbish, wrap(SAVE, rubbish)):
        saved.write_bytes(raw)
        with pytest.raises(SaveError):
            read_save(saved)
        with pytest.raises(SaveError):
            read_meta(saved)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_damage_under_a_right_checksum_is_one_clear_line(saved: Path, data: st.DataObject) -> None:
    """As when somebody edits a save and mends its checksum: an error, or a save all the same."""
    _, contents = unwrap(whole(), "here")
    raw = bytearray(contents)
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    saved.write_bytes(wrap(SAVE, bytes(raw)))
    with contextlib.suppress(SaveError):
        assert len(read_save(saved).states) == TURNS + 1


def rebuilt(change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The save with its entries changed."""
    _, contents = unwrap(whole(), "here")
    with zipfile.ZipFile(io.BytesIO(contents)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, raw in entries.items():
            archive.writestr(name, raw)
    return wrap(SAVE, out.getvalue())


def array_bytes(array: np.ndarray, *, pickled: bool = False) -> bytes:  # type: ignore[type-arg]
    out = io.BytesIO()
    np.lib.format.write_array(out, array, allow_pickle=pickled)
    return out.getvalue()


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"state/cash.npy": None}, "missing"),
        ({"meta.json": None}, "missing"),
        ({"meta.json": b"[1]"}, "JSON object"),
        ({"meta.json": b"{"}, "cannot be understood"),
        ({"meta.json": b"\xff\xfe"}, "cannot be understood"),
        ({"state/cash.npy": array_bytes(np.zeros((4, 3)).astype("f4"))}, "type or shape"),
        ({"state/cash.npy": array_bytes(np.zeros((4, 3, 2)))}, "type or shape"),
        ({"state/cash.npy": array_bytes(np.zeros((4, 7)))}, "wrong length"),
        ({"state/cash.npy": array_bytes(np.zeros((2, 3)))}, "wrong length"),
        ({"state/turn.npy": array_bytes(np.zeros(0, int))}, "wrong length"),
        (
            {"state/cash.npy": array_bytes(np.array([{}], object), pickled=True)},
            "cannot be understood",
        ),
    ],
)
def test_wrong_contents_are_told(saved: Path, entries: dict[str, bytes | None], words: str) -> None:
    def change(found: dict[str, bytes]) -> None:
        for name, raw in entries.items():
            if raw is None:
                del found[name]
            else:
                found[name] = raw

    saved.write_bytes(rebuilt(change))
    with pytest.raises(SaveError, match=words):
        read_save(saved)


def test_a_missing_file_a_folder_and_a_newer_save(tmp_path: Path) -> None:
    with pytest.raises(SaveError, match="no such file"):
        read_save(tmp_path / "none.save")
    with pytest.raises(SaveError, match="folder"):
        read_save(tmp_path)
    newer = tmp_path / "newer.save"
    newer.write_bytes(b"MINORITY STAKE SAVE 9\n" + b"0" * 64 + b"\n")
    with pytest.raises(SaveError, match="newer version"):
        read_save(newer)
    replay = tmp_path / "a.replay"
    replay.write_bytes(wrap(REPLAY, json.dumps({}).encode()))
    with pytest.raises(SaveError, match="is a replay"):
        read_save(replay)
    with pytest.raises(SaveError, match="is a replay"):
        read_meta(replay)


def test_a_file_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "game.save"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(SaveError, match="No space left"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["game.save"]


def test_a_folder_that_is_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(SaveError, match="cannot be written"):
        write_file(tmp_path / "file" / "game.save", b"new")


def test_a_written_file_is_whole(tmp_path: Path) -> None:
    write_file(tmp_path / "a", b"one")
    write_file(tmp_path / "a", b"two")
    assert (tmp_path / "a").read_bytes() == b"two"
    assert stat.S_ISREG((tmp_path / "a").stat().st_mode)
