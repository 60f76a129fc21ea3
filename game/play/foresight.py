"""What a deal does to everybody: imagined worlds played ahead with it and without, under the same
luck, and who moves otherwise because of it.

The worlds are as the seat believes them (:func:`game.play.beliefs.imagine`); all companies, the
seat too, go on as machines would.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from game.core.axes import Array, Bools, concat_worlds, take_worlds
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.play.bilateral import Bilateral, quotes_of
from game.play.cells import cells_of
from game.play.deal_facts import facts_of_state
from game.play.deal_laws import adviser_costs
from game.play.futures import Act, parts, signed_worlds
from game.play.outcome import shares_total, value_per_share
from game.play.packages import Packages
from game.play.terms import LARGE
from game.play.turn import step

QUARTERS, FUTURES = 8, 80
SEEN_AFTER = 4
"""Quarters in which counter-moves are looked for."""
ALONE = 80
"""Futures that are played a second time without any other deal: two parts."""
SURE = 2.0
"""Standard errors by which a move must be more frequent with the deal than without."""
LEAST_CHANGE = 0.05


@dataclass(frozen=True)
class Move:
    """Something that a third company does more often when the deal is signed."""

    company: int
    what: str
    """"ally" (pledges with ``target``), "stake" (shares of it), "enter" (the market)."""
    target: int
    often: float
    """Part of the futures with the deal."""
    else_: float
    """Part of the futures without it."""


@dataclass(frozen=True)
class Foresight:
    """What the futures played so far say."""

    count: int
    wanted: int
    gain: Array
    """[3, N] USD m that the holders of today own, holdings looked through: low, mean and high of
    the 95 % interval of the mean."""
    alone: Array
    """[3, N] USD m, as ``gain``, in futures where nobody signs anything else."""
    score: Array
    """[3, N] points."""
    moves: tuple[Move, ...]
    """The surest first."""

    @property
    def done(self) -> bool:
        """Whether all futures have been played."""
        return self.count >= self.wanted


def large(terms: Array, values: Array) -> bool:
    """Whether a deal moves more than a twentieth of what either side is worth.

    Args:
        terms: [X, T] USD m. values: [X] USD m.
    """
    return bool((np.abs(terms).max(axis=1) > LARGE * np.maximum(values, 0.0)).any())


def foresee(
    imagined: State,
    ruleset: Ruleset,
    packages: Packages,
    act: Act,
    worth: Array,
    cost: Array,
    quarters: int = QUARTERS,
) -> Iterator[Foresight]:
    """Play a deal ahead, part by part.

    Args:
        imagined: worlds as a seat believes them, as many as shall be played.
        packages: one row. act: orders of all seats.
        worth, cost: [K, N, N, W] by public figures, for what the talk costs.

    Yields:
        Foresight of all futures so far: after 16, then after every further 64. The first 80 are
        played a second time with nobody talking: what the deal brings by itself, apart from the
        deals that it takes the place of.
    """
    count = imagined.cash.shape[-1]
    gains: list[Array] = []
    alone: list[Array] = []
    points: list[Array] = []
    marks: list[tuple[_Marks, _Marks]] = []
    for places in parts(count):
        here = take_worlds(imagined, places)
        size = len(places)
        pair = concat_worlds([here, _signed(here, ruleset, packages, worth, cost)])
        twice = int(places[0]) < ALONE
        worlds = first = concat_worlds([pair, pair]) if twice else pair
        seen = _Marks.of(pair, pair)
        for quarter in range(quarters):
            worlds = _silent(worlds, 2 * size)
            worlds, _ = step(worlds, ruleset, act(worlds))
            if quarter == min(SEEN_AFTER, quarters) - 1:
                seen = _Marks.of(first, worlds)
        held = shares_total(here)
        owned = value_per_share(worlds) * np.tile(held, worlds.active.size // size)
        gains.append(owned[:, size : 2 * size] - owned[:, :size])
        if twice:
            alone.append(owned[:, 3 * size :] - owned[:, 2 * size : 3 * size])
        points.append(worlds.score[:, size : 2 * size] - worlds.score[:, :size])
        marks.append((seen.part(slice(0, size)), seen.part(slice(size, 2 * size))))
        found = tuple(_Marks.joined([mark[side] for mark in marks]) for side in (0, 1))
        yield Foresight(
            count=int(places[-1]) + 1,
            wanted=count,
            gain=_interval(np.concatenate(gains, axis=-1)),
            alone=_interval(np.concatenate(alone, axis=-1)),
            score=_interval(np.concatenate(points, axis=-1)),
            moves=_moves(found[0], found[1], packages),
        )


def _silent(worlds: State, first: int) -> State:
    """The worlds, nobody in the mood to talk from the ``first`` lane on."""
    if first >= worlds.patience.shape[-1]:
        return worlds
    patience = worlds.patience.copy()
    patience[..., first:] = 0.0
    return replace(worlds, patience=patience)


def _signed(
    worlds: State, ruleset: Ruleset, packages: Packages, worth: Array, cost: Array
) -> State:
    """The worlds with the deal settled and its advisers paid."""
    size = worlds.cash.shape[-1]
    spread = _in_worlds(packages, size)
    after = signed_worlds(worlds, ruleset, spread)
    cells = cells_of(spread)
    if cells is None:
        return after
    one, other = (int(who[0]) for who in cells.who)
    facts = facts_of_state(worlds, ruleset)
    pair = Bilateral(facts, quotes_of(one, other, worth, cost), ruleset)
    fees = adviser_costs(pair.pairing(cells))
    cash = after.cash.copy()
    for side, who in enumerate((one, other)):
        cash[who] -= fees[side, :size]
    return replace(after, cash=cash)


def _in_worlds(packages: Packages, size: int) -> Packages:
    """The first world's packages in so many worlds."""
    fields = {
        field.name: np.repeat(getattr(packages, field.name)[..., :1], size, axis=-1)
        for field in dataclasses.fields(packages)
    }
    return Packages(**fields)


def _interval(gain: Array) -> Array:
    """Mean with its 95 % interval: [3, N]."""
    mean = gain.mean(axis=1)
    half = 1.96 * gain.std(axis=1, ddof=1) / np.sqrt(gain.shape[1])
    return np.stack([mean - half, mean, mean + half])


@dataclass(frozen=True)
class _Marks:
    """What companies have done since the start, in every world."""

    ally: Bools
    """[N, N, F] pledges of either with the other that were not there."""
    stake: Bools
    """[N, N, F] shares of the second that the first has bought."""
    enter: Bools
    """[N, M, F] entries begun."""

    @staticmethod
    def of(first: State, now: State) -> _Marks:
        """Marks of worlds against their start."""
        fresh = (now.pledge_announced > 0.0) & (first.pledge_announced <= 0.0)
        given = fresh.any(axis=0)
        held = now.shares / np.maximum(shares_total(now), 1)
        had = first.shares / np.maximum(shares_total(first), 1)
        entering = now.on_sale | (now.entry_due >= 0)
        began = entering & ~(first.on_sale | (first.entry_due >= 0))
        return _Marks(given | np.swapaxes(given, 0, 1), held > had + 0.005, began)

    def part(self, worlds: slice) -> _Marks:
        """Some of the worlds."""
        return _Marks(*(getattr(self, f.name)[..., worlds] for f in dataclasses.fields(self)))

    @staticmethod
    def joined(marks: list[_Marks]) -> _Marks:
        """The worlds of several, side by side."""
        return _Marks(
            *(
                np.concatenate([getattr(one, f.name) for one in marks], axis=-1)
                for f in dataclasses.fields(_Marks)
            )
        )


def _moves(without: _Marks, with_: _Marks, packages: Packages) -> tuple[Move, ...]:
    """Moves of third companies that the deal makes more frequent, the surest first."""
    sides = {int(packages.proposer.max()), int(packages.counterparty.max())}
    found: list[tuple[float, Move]] = []
    for field in dataclasses.fields(_Marks):
        more = getattr(with_, field.name).astype(float) - getattr(without, field.name)
        count = more.shape[-1]
        mean = more.mean(axis=-1)
        error = np.maximum(more.std(axis=-1) / np.sqrt(count), 0.5 / count)
        sure = (mean > SURE * error) & (mean > LEAST_CHANGE)
        for company, target in np.argwhere(sure).tolist():
            twice = field.name == "ally" and target < company and target not in sides
            if company in sides or twice:
                continue
            often = float(getattr(with_, field.name)[company, target].mean())
            move = Move(company, field.name, target, often, often - float(mean[company, target]))
            found.append((float(mean[company, target] / error[company, target]), move))
    return tuple(move for _, move in sorted(found, key=lambda pair: -pair[0]))
