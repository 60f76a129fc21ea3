"""Memory of a long run: kept by the process instead of handed back between turns.

A turn makes and drops tables of megabytes. The C library gives such memory back to the system
at once, and the next turn pays for fresh pages: a tenth of its time.
"""

from __future__ import annotations

import ctypes
import sys

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
"""Parameters of glibc's ``mallopt``; see its manual page."""
_KEPT, _AHEAD, _LARGEST = 1 << 30, 1 << 26, 1 << 25
"""Bytes kept before trimming, asked for ahead, and served from the heap at most."""


def recycle_memory() -> bool:
    """Ask the C library to keep freed memory for the next turn; whether it listens.

    Changes speed, never results. Does nothing where the C library is not glibc.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    wishes = ((_MMAP_THRESHOLD, _LARGEST), (_TRIM_THRESHOLD, _KEPT), (_TOP_PAD, _AHEAD))
    heard = [mallopt(parameter, value) for parameter, value in wishes]
    return all(answer == 1 for answer in heard)
