"""Capacity: what can be made, who goes without, and what is ordered for later."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from game.core.axes import Array
from game.core.errors import RuleError

ROUNDS = 4
"""Times that buyers who find a shelf empty look at another; then they take what is never short."""


class Served(NamedTuple):
    """Who gets what when some sellers run out; axes as the arguments of :func:`ration`."""

    units: Array
    """[N, ...] sold."""
    fringe: Array
    """[...] sold by the small firms."""
    outside: Array
    """[...] who buy nothing."""
    unserved: Array
    """[N, ...] wanted this seller first and did not get it."""


def ration(wanted: Array, fringe: Array, outside: Array, capacity: Array) -> Served:
    """Serve buyers up to capacity; the rest go to what they would have chosen next.

    Who is served is drawn evenly from all who want a seller. Buyers of a segment who find it
    empty spread over the sellers that have room, the fringe and the outside good in proportion to
    the segment's own choice among those; some sellers may then run out in turn. After ``ROUNDS``
    only fringe and outside good are left to them.

    Args:
        wanted: [N, S, ...] units wanted of each seller by segment, at least 0.
        fringe: [S, ...] units wanted of the fringe, which never runs out.
        outside: [S, ...] buyers who want nothing; fringe and outside above 0 where anybody buys.
        capacity: [N, ...] units that can be made; inf without a limit.

    Returns:
        Served; units, fringe and outside sum to all buyers, and a seller's own demand is what it
        sold of it plus ``unserved``.

    Source: proportional rationing, Tirole (1988) section 5.3; substitution as under logit choice.
    """
    wanted, capacity = np.asarray(wanted, float), np.asarray(capacity, float)
    fringe, outside = np.asarray(fringe, float), np.asarray(outside, float)
    if wanted.ndim != fringe.ndim + 1 or wanted.ndim < 2:
        raise RuleError(
            f"wanted has shape {wanted.shape}, fringe {fringe.shape}", "wanted, fringe",
            "give sellers by segment [N, S, ...] and segments [S, ...], S of length 1 at least",
        )  # fmt: skip
    demand = wanted.sum(axis=1)
    sold = np.minimum(demand, capacity)
    unserved = demand - sold
    share = np.divide(sold, demand, out=np.ones_like(demand), where=demand > 0.0)
    spill = (wanted * (1.0 - share)[:, None]).sum(axis=0)
    quiet = fringe + outside
    left = np.zeros_like(quiet)
    for _ in range(ROUNDS):
        if not spill.any():
            break
        room = capacity - sold
        ready = wanted * (room > 0.0)[:, None]
        pull = ready.sum(axis=0) + quiet
        rate = np.divide(spill, pull, out=np.zeros_like(spill), where=pull > 0.0)
        ready *= rate
        left += rate * quiet
        asked = ready.sum(axis=1)
        given = np.minimum(asked, np.maximum(room, 0.0))
        sold = sold + given
        part = np.divide(given, asked, out=np.ones_like(asked), where=asked > 0.0)
        ready *= (1.0 - part)[:, None]
        spill = ready.sum(axis=0)
    left += spill
    to_fringe = np.divide(fringe, quiet, out=np.zeros_like(quiet), where=quiet > 0.0) * left
    return Served(
        units=np.minimum(sold, capacity),
        fringe=(fringe + to_fringe).sum(axis=0),
        outside=(outside + left - to_fringe).sum(axis=0),
        unserved=unserved,
    )


def arriving(ordered: Array, lead: Array | float) -> Array:
    """Part of what is on order that arrives in a quarter: ordered / lead, all of it below one.

    Args:
        ordered: [...] m units a quarter on order. lead: quarters, the mean time until it works.

    Returns:
        In the unit of ``ordered``.

    Source: the first-order delay, Forrester (1961).
    """
    return np.asarray(np.divide(ordered, np.maximum(lead, 1.0)))


def capacity_next(
    capacity: Array, ordered: Array, decay: Array | float, lead: Array | float
) -> tuple[Array, Array]:
    """Capacity and what is still on order a quarter later; nothing is lost but by decay.

    Args:
        capacity: [...] m units a quarter. ordered: [...] of the same, not yet working.
        decay: part that wears out in a quarter. lead: quarters.
    """
    comes = arriving(ordered, lead)
    kept = (1.0 - np.asarray(decay, float)) * np.asarray(capacity, float)
    return np.asarray(kept + comes), np.asarray(np.subtract(ordered, comes))


def capacity_wanted(
    expected: Array,
    capacity: Array,
    ordered: Array,
    *,
    headroom: Array | float,
    decay: Array | float,
    lead: Array | float,
) -> Array:
    """What to order so that capacity meets expected demand with headroom when it arrives.

    Args:
        expected: [...] m units a quarter in the busiest quarter.
        capacity, ordered: [...] m units a quarter, working and on order.
        headroom: fraction beyond the expected. decay: a quarter. lead: quarters.

    Returns:
        m units a quarter, at least 0.
    """
    kept = (1.0 - np.asarray(decay, float)) ** np.maximum(lead, 1.0) * np.asarray(capacity, float)
    aim = (1.0 + np.asarray(headroom, float)) * np.asarray(expected, float)
    return np.asarray(np.maximum(aim - kept - ordered, 0.0))


def affordable(needed: Array, funds: Array) -> Array:
    """Part of all orders that working capital allows: min(1, funds / needed), 0 to 1.

    Args:
        needed: [...] USD m for all that is wanted. funds: [...] USD m of cash and credit.
    """
    needed = np.asarray(needed, float)
    rich = np.maximum(funds, 0.0)
    return np.divide(np.minimum(rich, needed), needed, out=np.ones_like(needed), where=needed > 0.0)
