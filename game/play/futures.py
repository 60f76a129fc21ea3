"""Playing ahead: hundreds of imagined worlds under two courses of action, with the same luck.

    imagined = imagine(state, ruleset, seat, lanes, 256)
    ahead = play_ahead(imagined, ruleset, act, quarters=8)

A world is one lane of an array, so a question is one batch. What is asked for comes in parts, the
first after sixteen worlds, so that a window can show it grow.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

import numpy as np

from game.core.axes import Array, concat_worlds, take_worlds
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play import outcome
from game.play.beliefs import imagine
from game.play.contracts import apply_packages
from game.play.orders import Orders
from game.play.packages import Packages
from game.play.turn import step

FIRST, BLOCK = 16, 64
"""Worlds of the first part, and of each later one at most."""
FIGURES = ("return", "score", "value", "cash", "profit", "doors")
"""What is foreseen of each company: R, points, USD m, USD m, USD m a quarter, m users."""

Act = Callable[[State], Orders]
"""Orders of all seats in imagined worlds."""


@dataclasses.dataclass(frozen=True)
class Ahead:
    """Figures of imagined worlds, quarter by quarter."""

    figures: Array
    """[quarters + 1, figure, N, F]: at the start and after every quarter; F imagined worlds."""

    def last(self, figure: str) -> Array:
        """A figure at the end: [N, F]."""
        return np.asarray(self.figures[-1, FIGURES.index(figure)])


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Two courses of action under the same luck."""

    without: Ahead
    with_: Ahead

    @property
    def count(self) -> int:
        """Imagined worlds."""
        return int(self.without.figures.shape[-1])

    def gain(self, figure: str) -> Array:
        """What the second course brings at the end: [N, F]."""
        return self.with_.last(figure) - self.without.last(figure)

    def interval(self, figure: str) -> Array:
        """Mean gain with its 95 % interval: [3, N] low, mean, high."""
        gain = self.gain(figure)
        mean = gain.mean(axis=1)
        half = 1.96 * gain.std(axis=1, ddof=1) / np.sqrt(gain.shape[1])
        return np.stack([mean - half, mean, mean + half])


def figures_of(state: State) -> Array:
    """What is foreseen, of every company: [figure, N, W]."""
    return np.stack(
        [
            outcome.return_to_holders(state),
            state.score,
            state.value,
            state.cash,
            state.profit,
            state.doors,
        ]
    )


def play_ahead(state: State, ruleset: Ruleset, act: Act, quarters: int) -> Ahead:
    """Play worlds on; those that end keep their last figures.

    Args:
        act: orders of all seats, from the worlds themselves.
        quarters: at least 1.
    """
    rows = [figures_of(state)]
    for _ in range(quarters):
        state, _ = step(state, ruleset, act(state))
        rows.append(figures_of(state))
    return Ahead(np.stack(rows))


def signed_worlds(state: State, ruleset: Ruleset, packages: Packages) -> State:
    """The worlds with packages settled as they are written, without talks. P rows, W worlds."""
    return apply_packages(packages, packages.proposer >= 0, state, ruleset)


def compare(
    state: State,
    ruleset: Ruleset,
    seat: int,
    change: Callable[[State], State],
    act: Act,
    *,
    quarters: int = 8,
    futures: int = 256,
    lane: int = 0,
) -> Iterator[Comparison]:
    """What a change brings a seat's imagined worlds, part by part.

    Args:
        state: the truth; the seat's beliefs alone are used.
        change: the second course, such as :func:`signed_worlds` with a package.
        act: orders of all seats.
        quarters, futures: how far and how many.

    Yields:
        Comparison of all worlds so far: after 16, then after every further 64.
    """
    worlds = imagine(state, ruleset, seat, np.array([lane]), max(futures, 2))
    found: list[tuple[Array, Array]] = []
    for places in parts(max(futures, 2)):
        here = take_worlds(worlds, places)
        pair = concat_worlds([here, change(here)])
        ahead = play_ahead(pair, ruleset, act, quarters).figures
        count = len(places)
        found.append((ahead[..., :count], ahead[..., count:]))
        yield Comparison(
            Ahead(np.concatenate([one for one, _ in found], axis=-1)),
            Ahead(np.concatenate([other for _, other in found], axis=-1)),
        )


def parts(count: int) -> Iterator[Array]:
    """Places of the parts: sixteen worlds, then sixty-four at a time, never a lone one."""
    first = 0
    while first < count:
        size = FIRST if first == 0 else BLOCK
        end = min(first + size, count)
        if count - end == 1:
            end = count
        yield np.arange(first, end)
        first = end
