"""The shell of every file that the game writes: a title line, a checksum, the contents.

Written aside, flushed to the disk and renamed, so that a crash leaves the old file or the new
one, never half of one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

from game.core.errors import SaveError

FORMAT = 3
"""3: with joint ventures, which format 2 did not know. From 2 on fields that a save lacks make it
damaged; one of format 1 may have been written by a game that did not know them yet."""
SAVE, REPLAY = "SAVE", "REPLAY"
_TITLE = "MINORITY STAKE"
_LONGEST_TITLE = 64
_LARGEST = 1 << 30


def wrap(kind: str, contents: bytes) -> bytes:
    """Contents with their title line and checksum."""
    title = f"{_TITLE} {kind} {FORMAT}\n".encode("ascii")
    return title + hashlib.sha256(title + contents).hexdigest().encode("ascii") + b"\n" + contents


def unwrap(raw: bytes, where: str) -> tuple[str, bytes]:
    """Kind and contents of a file.

    Raises:
        SaveError: empty, foreign, of a newer version, cut short or damaged.
    """
    if not raw:
        raise SaveError("the file is empty", where, "open another save; autosaves keep each turn")
    head, _, rest = raw[: _LONGEST_TITLE + 66].partition(b"\n")
    kind, version = _title(head, where)
    if version > FORMAT:
        raise SaveError(
            f"is of a newer version of the game (format {version}, this one reads {FORMAT})",
            where,
            "update the game",
        )
    start = len(head) + 66
    title, contents = raw[: len(head) + 1], raw[start:]
    if rest[:65] != hashlib.sha256(title + contents).hexdigest().encode("ascii") + b"\n":
        raise SaveError("the file is cut short or damaged", where, "open an earlier autosave")
    return kind, contents


def format_of(raw: bytes) -> int:
    """Version of the format that a file says it has; 0 where it says none."""
    words = raw[:_LONGEST_TITLE].partition(b"\n")[0].split(b" ")
    return int(words[-1][:9]) if words[-1].isdigit() else 0


def _title(head: bytes, where: str) -> tuple[str, int]:
    words = head.split(b" ")
    known = len(words) == 4 and b" ".join(words[:2]) == _TITLE.encode("ascii")
    if not known or words[2] not in (b"SAVE", b"REPLAY") or not words[3].isdigit():
        raise SaveError("is not a saved game or replay", where, "open a file that the game wrote")
    return words[2].decode("ascii"), int(words[3][:9])


def read_file(path: Path) -> bytes:
    """All bytes of a file.

    Raises:
        SaveError: it is missing, a folder, too large or unreadable.
    """
    try:
        if path.is_dir():
            raise SaveError("is a folder, not a saved game", str(path), "name a file in it")
        if path.stat().st_size > _LARGEST:
            raise SaveError("is far too large for a saved game", str(path))
        return path.read_bytes()
    except FileNotFoundError:
        raise SaveError("no such file", str(path), "check the path") from None
    except (OSError, ValueError) as error:
        raise SaveError(f"cannot be read: {_reason(error)}", str(path)) from None


def write_file(path: Path, raw: bytes) -> None:
    """Write aside, flush, rename.

    Raises:
        SaveError: the folder or file cannot be written; what was there before is untouched.
    """
    aside = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
        _flush_folder(path.parent)
    except (OSError, ValueError) as error:
        if aside:
            with contextlib.suppress(OSError):
                os.unlink(aside)
        advice = "choose another folder or free some space"
        raise SaveError(f"cannot be written: {_reason(error)}", str(path), advice) from None


def _flush_folder(folder: Path) -> None:
    """Make the rename itself last; systems without folder handles do it on their own."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
