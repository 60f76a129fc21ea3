"""Room for numbers that laws work in, laid out for the processor."""

from __future__ import annotations

import math

import numpy as np

from game.core.axes import Array

LINE = 64
"""Bytes that the processor moves at once; numbers that straddle two of them take twice the time."""


def room(*shape: int) -> Array:
    """An unset array of floats that begins where such a line does."""
    size = math.prod(shape) * np.dtype(np.float64).itemsize
    raw = np.empty(size + LINE, np.uint8)
    first = -raw.ctypes.data % LINE
    return raw[first : first + size].view(np.float64).reshape(shape)
