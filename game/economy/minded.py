"""Rivals whose profit a company weighs: what a dearer price brings the lines that it minds."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.economy.choice import LineChoice
from game.economy.runs import Part, Run


class Held(NamedTuple):
    """Meetings of a holder's and an issuer's line within a run, as a list; axis E."""

    factor: Array
    """[S, E] profit weight x weight of the segment x alpha; over the pull of loyal buyers."""
    holder: Ints
    """[E] place of the holder's line in the run's flattened [l, W]."""
    issuer: Ints
    """[E] place of the issuer's line."""
    holder_segments: Ints
    """[S, E] places of the holder's line in the run's flattened [l, S, W]."""
    issuer_segments: Ints
    """[S, E] places of the issuer's line."""
    market_segments: Ints
    """[S, E] places of their market in the run's flattened [m, S, W]."""
    pull: Array
    """[E] of their market's buyers."""


def held_by(
    kappa: Array | None, choice: LineChoice, sells: Bools, steep: Array
) -> tuple[Held | None, ...]:
    """Where a holder meets a company that it has a weight in, lane by lane, run by run.

    Args:
        sells: [L, W] lines on sale. steep: [M, S] alpha x weight.
    """
    nowhere = (None,) * len(choice.plan.parts)
    if kappa is None:
        return nowhere
    lines, worlds = choice.lines, choice.worlds
    kappa = np.asarray(kappa, float)
    if kappa.ndim == 2:
        kappa = np.repeat(kappa[..., None], worlds, axis=-1)
    weighs = kappa != 0.0
    own = np.arange(len(weighs))
    weighs[own, own] = False
    pair = np.flatnonzero(weighs)
    if not pair.size:
        return nowhere
    row, lane = np.divmod(pair, worlds)
    place, ours, theirs = _meetings(
        lines.company.tobytes(), lines.market.tobytes(), lines.shape[0], row
    )
    lane = lane[place]
    both = sells[ours, lane] & sells[theirs, lane]
    ours, theirs, lane, place = ours[both], theirs[both], lane[both], pair[place[both]]
    weight = np.take(kappa.reshape(-1), place)
    part_of = np.searchsorted([part.rows.stop for part in choice.plan.parts], ours, side="right")
    found: list[Held | None] = []
    for number, part in enumerate(choice.plan.parts):
        here = np.flatnonzero(part_of == number)
        some = weight[here], ours[here], theirs[here], lane[here]
        found.append(_held_in(choice, part, steep, *some) if here.size else None)
    return tuple(found)


def _held_in(
    choice: LineChoice, part: Part, steep: Array,
    weight: Array, ours: Ints, theirs: Ints, lane: Ints,
) -> Held:  # fmt: skip
    """Those of one run. Weight, lines and lanes: [E]."""
    worlds, segments = choice.worlds, steep.shape[1]
    market = choice.lines.market[ours]
    place = choice.plan.place[market]
    pull = choice.pull[market]
    factor = weight * steep[market].T
    np.divide(factor, pull, out=factor, where=pull > 0.0)
    ours, theirs = ours - part.rows.start, theirs - part.rows.start
    segment = np.arange(segments)[:, None]
    return Held(
        factor,
        ours * worlds + lane,
        theirs * worlds + lane,
        (ours * segments + segment) * worlds + lane,
        (theirs * segments + segment) * worlds + lane,
        ((place - part.markets.start) * segments + segment) * worlds + lane,
        pull,
    )


def _meetings(company: bytes, market: bytes, count: int, pair: Ints) -> tuple[Ints, Ints, Ints]:
    """Where two companies both have a line, for each of some pairs.

    Args:
        company, market: of the lines. count: of companies.
        pair: [P] first company x count + second.

    Returns:
        (number of the pair, line of the first, line of the second), [E] each, in order of the
        pairs and by market.
    """
    first, ours, theirs = _all_meetings(company, market, count)
    times = np.diff(first)[pair]
    place = np.repeat(np.arange(len(pair)), times)
    before = np.repeat(np.cumsum(times) - times, times)
    at = first[pair][place] + np.arange(len(place)) - before
    return place, ours[at], theirs[at]


@lru_cache(maxsize=4)
def _all_meetings(company: bytes, market: bytes, count: int) -> tuple[Ints, Ints, Ints]:
    """For every pair: its first place in the list [N N + 1], and the list of both lines."""
    seller, place = np.frombuffer(company, np.int64), np.frombuffer(market, np.int64)
    row_of = np.full((count, int(place.max(initial=-1)) + 1), -1)
    row_of[seller, place] = np.arange(len(place))
    meet = (row_of[:, None] >= 0) & (row_of >= 0)
    row, where = np.nonzero(meet.reshape(count * count, -1))
    first = np.searchsorted(row, np.arange(count * count + 1))
    return first, row_of[row // count, where], row_of[row % count, where]


def gained_by(held: Held, run: Run, margin: Array) -> Array:
    """What a dearer price brings the companies held: sum of kappa m Gamma, [l, W].

    Args:
        margin: [l, W] USD of the run's lines.
    """
    gained = _joint(held, run)
    gained *= held.factor
    worth = gained[0].copy()
    for part in gained[1:]:
        worth += part
    worth *= np.take(margin.reshape(-1), held.issuer)
    return np.bincount(held.holder, worth, margin.size).reshape(margin.shape)


def _joint(held: Held, run: Run) -> Array:
    """Chance that one buyer would take both lines, times the pull of loyal buyers: [S, E]."""
    places = held.holder_segments, held.issuer_segments
    ours, theirs = (np.take(run.liked.reshape(-1), place) for place in places)
    ours *= theirs
    if run.loyal:
        closer = np.take(run.free[1].reshape(-1), held.market_segments)
        closer *= held.pull
        for place in places:
            closer += np.take(run.pair[1].reshape(-1), place)
        ours *= closer
    return np.asarray(ours)
