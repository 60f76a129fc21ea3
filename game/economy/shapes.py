"""Plain lists as arrays of known axes, or a clear refusal."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array
from game.core.errors import RuleError

LEFT_OUT = {"M", "W"}


def numbers(
    values: AnyArray | float, axes: str, name: str, dtype: type[float] | type[bool] = float
) -> Array:
    """Numbers with these axes: an array, or lists in lists.

    Numbers without the axes of markets and worlds are those of one market in one world; where
    that leaves no axis or one, a single number stands for all.

    Args:
        values: to be read. axes: letters, separated by spaces. name: of the argument. dtype: kind.

    Raises:
        RuleError: any other number of axes.
    """
    given = np.asarray(values, dtype)
    letters = axes.split()
    if given.ndim == len(letters):
        return given
    short = [letter for letter in letters if letter not in LEFT_OUT]
    if given.ndim == 0 and len(short) <= 1:
        return given.reshape([1] * len(letters))
    if given.ndim == len(short):
        sizes = dict(zip(short, given.shape, strict=True))
        return given.reshape([sizes.get(letter, 1) for letter in letters])
    raise RuleError(
        f"shape {given.shape} has {given.ndim} axes",
        name,
        f"give [{', '.join(letters)}], or [{', '.join(short)}] for one market in one world",
    )
