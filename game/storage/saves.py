"""Saved games: the state of every turn played, what the reports said, and the game's facts.

A zip behind a title line and a checksum: ``meta.json``, ``state/<field>.npy`` with the turns
first and the worlds dropped (a person's game is one world), ``report/<field>.npy`` likewise.
No pickle is written or read.
"""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from game.core.axes import AnyArray, array_fields
from game.core.errors import SaveError
from game.core.state import State
from game.play.report import Line, Report
from game.storage.container import FORMAT, SAVE, format_of, read_file, unwrap, wrap, write_file

_MOST_BYTES = 1 << 30
_FAULTS = (
    ValueError, KeyError, TypeError, IndexError, EOFError, OSError, RuntimeError, OverflowError,
    MemoryError, SyntaxError, NotImplementedError, AttributeError, zlib.error, zipfile.BadZipFile,
)  # fmt: skip
_LANES = 2
LATER_LINES = (Line.VENTURES,)
"""Lines of the books that earlier formats lack, in today's order."""

Stacked = TypeVar("Stacked", State, Report)
SizesOf = Callable[[Mapping[str, Any]], Mapping[str, int]]


@dataclasses.dataclass(frozen=True)
class Save:
    """A game as it was saved."""

    meta: Mapping[str, Any]
    """What the session wrote: plain JSON."""
    states: tuple[State, ...]
    """At the start of each quarter, the last one to be played next; two equal lanes."""
    reports: tuple[Report, ...]
    """Of each quarter played, without settlements."""


def write_save(
    path: Path, meta: Mapping[str, Any], states: Sequence[State], reports: Sequence[Report]
) -> None:
    """Write a game into one file.

    Args:
        meta: plain JSON values, finite numbers.
        states: of every quarter; only lane 0 is kept.
        reports: of every quarter played; may be empty.

    Raises:
        SaveError: the file cannot be written.
    """
    write_file(path, save_bytes(meta, states, reports))


def pack(meta: Mapping[str, Any], states: Sequence[State], reports: Sequence[Report]) -> bytes:
    """The zip that a save holds."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive:
        _put(archive, "meta.json", json.dumps(meta, ensure_ascii=False, allow_nan=False).encode())
        for folder, records in (("state", states), ("report", reports)):
            if not records:
                continue
            turns = np.array([record.turn for record in records], np.int64)
            _put(archive, f"{folder}/turn.npy", _to_bytes(turns))
            for field in array_fields(records[0]):
                lanes = [np.asarray(getattr(record, field.name))[..., 0] for record in records]
                _put(archive, f"{folder}/{field.name}.npy", _to_bytes(np.stack(lanes)))
    return out.getvalue()


def _put(archive: zipfile.ZipFile, name: str, contents: bytes) -> None:
    entry = zipfile.ZipInfo(name, (2015, 2, 9, 0, 0, 0))  # the same game, the same bytes
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, contents)


def _to_bytes(array: AnyArray) -> bytes:
    out = io.BytesIO()
    np.lib.format.write_array(out, np.ascontiguousarray(array), allow_pickle=False)
    return out.getvalue()


def read_save(path: Path, sizes_of: SizesOf | None = None) -> Save:
    """Read a game; one of an earlier format plays on, what it does not know at its neutral value.

    Args:
        sizes_of: length of each letter from the facts of the game, for what an old save lacks.

    Raises:
        SaveError: missing, foreign, damaged, or of another version; one clear line.
    """
    return read_save_bytes(read_file(path), str(path), sizes_of)


def save_bytes(
    meta: Mapping[str, Any], states: Sequence[State], reports: Sequence[Report] = ()
) -> bytes:
    """What :func:`write_save` would write."""
    return wrap(SAVE, pack(meta, states, reports))


def read_save_bytes(raw: bytes, where: str = "", sizes_of: SizesOf | None = None) -> Save:
    """Read a game from what a file holds; raises as :func:`read_save`."""
    kind, contents = unwrap(raw, where)
    if kind != SAVE:
        raise SaveError("is a replay, not a saved game", where, "use `stake replay`")
    try:
        return _unpack(contents, sizes_of if format_of(raw) < FORMAT else None)
    except SaveError as error:
        raise SaveError(error.what, where, error.try_) from None
    except _FAULTS as error:
        raise SaveError(
            f"the contents cannot be understood ({type(error).__name__})",
            where,
            "open an earlier autosave",
        ) from None


def read_meta(path: Path) -> Mapping[str, Any]:
    """The facts of a save alone, for lists; the checksum is verified all the same.

    Raises:
        SaveError: as :func:`read_save`.
    """
    kind, contents = unwrap(read_file(path), str(path))
    try:
        if kind != SAVE:
            raise SaveError("is a replay, not a saved game")
        with zipfile.ZipFile(io.BytesIO(contents)) as archive:
            meta = json.loads(_get(archive, "meta.json"))
    except SaveError as error:
        raise SaveError(error.what, str(path), error.try_) from None
    except _FAULTS:
        raise SaveError("the contents cannot be understood", str(path)) from None
    if not isinstance(meta, dict):
        raise SaveError("the contents cannot be understood", str(path))
    return meta


def _unpack(contents: bytes, sizes_of: SizesOf | None) -> Save:
    with zipfile.ZipFile(io.BytesIO(contents)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _MOST_BYTES:
            raise SaveError("holds far too much for a saved game")
        meta = json.loads(_get(archive, "meta.json"))
        if not isinstance(meta, dict):
            raise SaveError("its facts are not a JSON object")
        sizes: dict[str, int] = {"B": len(Line)}
        known = sizes_of(meta) if sizes_of is not None else None
        states = _records(archive, "state", State, sizes, {}, known)
        reports = _records(archive, "report", Report, sizes, {"settlement": None}, known)
    if not states:
        raise SaveError("holds no turn")
    if len(reports) not in (0, len(states) - 1):
        raise SaveError("turns and reports do not match")
    return Save(meta, states, reports)


def _get(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except KeyError:
        advice = "it may be of another version of the game"
        raise SaveError(f"{name} is missing from it", "", advice) from None


def _records(
    archive: zipfile.ZipFile,
    folder: str,
    kind: type[Stacked],
    sizes: dict[str, int],
    given: Mapping[str, Any],
    known: Mapping[str, int] | None,
) -> tuple[Stacked, ...]:
    """Records of a folder; ``known`` lengths are those of fields that an old save may lack."""
    names = set(archive.namelist())
    if f"{folder}/turn.npy" not in names:
        return ()
    turns = _from_bytes(_get(archive, f"{folder}/turn.npy"))
    columns: dict[str, AnyArray] = {}
    for field in array_fields(kind):
        name = f"{folder}/{field.name}.npy"
        if known is not None and name not in names:
            array = _neutral(field, len(turns), known)
        else:
            array = _from_bytes(_get(archive, name))
        if known is not None and "B" in field.metadata["axes"]:
            array = _with_new_lines(array, field.metadata["axes"].index("B") + 1)
        _check(array, field, len(turns), sizes, name)
        columns[field.name] = np.repeat(array[..., None], _LANES, axis=-1)
    return tuple(
        kind(turn=int(turn), **{name: array[place] for name, array in columns.items()}, **given)
        for place, turn in enumerate(turns)
    )


def _with_new_lines(array: AnyArray, axis: int) -> AnyArray:
    """Lines of the books with those that an earlier format lacks, empty."""
    if array.ndim <= axis or array.shape[axis] != len(Line) - len(LATER_LINES):
        return array
    for line in LATER_LINES:
        array = np.insert(array, int(line), 0.0, axis=axis)
    return array


def _neutral(field: dataclasses.Field[Any], turns: int, sizes: Mapping[str, int]) -> AnyArray:
    shape = (turns, *(sizes[letter] for letter in field.metadata["axes"][:-1]))
    return np.full(shape, field.metadata["fill"], field.metadata["dtype"])


def _from_bytes(raw: bytes) -> AnyArray:
    return np.asarray(np.lib.format.read_array(io.BytesIO(raw), allow_pickle=False))


def _check(
    array: AnyArray, field: dataclasses.Field[Any], turns: int, sizes: dict[str, int], name: str
) -> None:
    """Right type, one length a letter throughout the file."""
    letters = field.metadata["axes"][:-1]
    if array.dtype != np.dtype(field.metadata["dtype"]) or array.ndim != len(letters) + 1:
        raise SaveError(f"{name} has the wrong type or shape")
    lengths = dict(zip(letters, array.shape[1:], strict=True))
    fits = all(sizes.setdefault(letter, length) == length for letter, length in lengths.items())
    if array.shape[0] != turns or not fits:
        raise SaveError(f"{name} has the wrong length")
