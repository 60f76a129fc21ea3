"""Owen values: a change shared out among causes that stand in groups, exactly.

A game is a payoff of every coalition of players. Groups first come in any order, then the members
of a group in any order while the other groups are wholly in or wholly out; a player's value is the
mean of what it adds. Values sum to the payoff of all less that of none, a player that never
changes anything gets zero, equal players get the same, and with one group (or one player a group)
it is Shapley's value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from game.core.axes import Array, Bools, Ints

Payoff = Callable[[Bools], Array]
"""Members of each coalition [players, lanes] -> payoff [..., lanes]; lanes may come in blocks."""

BLOCK = 4096


def owen_lanes(sizes: Sequence[int]) -> int:
    """Coalitions that exact values need: 2^G + sum over groups of 2^(G-1) (2^m - 2).

    Args:
        sizes: members of each of the G groups, at least one each.
    """
    groups = len(sizes)
    if not groups:
        return 1
    inner = sum((1 << size) - 2 for size in sizes)
    return int((1 << groups) + (inner << (groups - 1)))


def order_weights(count: int) -> Array:
    """Chance that a given coalition of each size stands before a given player: [count].

    k! (n - 1 - k)! / n! for k players before, of n.

    Source: Shapley (1953).
    """
    weight = np.empty(count)
    weight[0] = 1.0 / count
    for size in range(1, count):
        weight[size] = weight[size - 1] * size / (count - size)
    return weight


def owen_values(payoff: Payoff, sizes: Sequence[int], *, block: int = BLOCK) -> Array:
    """What each player brings, mean over all orders of groups and of members within them.

    Args:
        payoff: of coalitions. Called with blocks of at most ``block`` lanes, at least two unless
            there is no player; each lane's payoff must not depend on the others.
        sizes: members of each group, at least one each; players are numbered group by group.
        block: lanes at a time, even; changes speed and memory, never the values.

    Returns:
        [..., players]; sums to payoff(all) - payoff(none) up to rounding.

    Source: Owen (1977), exact over :func:`owen_lanes` coalitions.
    """
    groups, players = len(sizes), sum(sizes)
    first = np.concatenate(([0], np.cumsum(sizes))).astype(int)
    owner = np.repeat(np.arange(groups), sizes)
    unions = _in_blocks(payoff, _bits(np.arange(1 << groups), groups), owner, block)
    values = np.zeros((*unions.shape[:-1], players))
    outside = order_weights(groups) if groups else np.zeros(0)
    for group, size in enumerate(sizes):
        table = _table(payoff, owner, group, size, unions, block)
        without = np.arange(1 << (groups - 1))
        weighed = (table * outside[_bits(without, groups).sum(axis=0)][:, None]).sum(axis=-2)
        values[..., first[group] : first[group + 1]] = _shapley(weighed, size)
    return values


def shapley_values(payoff: Payoff, players: int, *, block: int = BLOCK) -> Array:
    """Owen values of one group: every order of the players is as likely. [..., players].

    Source: Shapley (1953).
    """
    return owen_values(payoff, [players] if players else [], block=block)


def _bits(numbers: Ints, count: int) -> Bools:
    """Digits of numbers as members: [count, lanes]."""
    return np.asarray((numbers >> np.arange(count)[:, None]) & 1, bool)


def _table(payoff: Payoff, owner: Ints, group: int, size: int, unions: Array, block: int) -> Array:
    """Payoffs by set of other groups and subset of a group: [..., 2^(G-1), 2^size]."""
    groups = int(owner[-1]) + 1
    others = np.arange(1 << (groups - 1))
    below = others & ((1 << group) - 1)
    absent = below | ((others >> group) << (group + 1))
    table = np.empty((*unions.shape[:-1], len(others), 1 << size))
    table[..., 0] = unions[..., absent]
    table[..., -1] = unions[..., absent | (1 << group)]
    inner = np.arange(1, (1 << size) - 1)
    if inner.size:
        here = owner == group
        whole = np.repeat(_bits(absent, groups), len(inner), axis=1)
        part = np.tile(_bits(inner, size), len(others))
        found = [
            payoff(_members(whole[:, lanes], part[:, lanes], owner, here))
            for lanes in _runs(whole.shape[1], block)
        ]
        shape = (*unions.shape[:-1], len(others), len(inner))
        table[..., 1:-1] = np.concatenate(found, axis=-1).reshape(shape)
    return table


def _members(whole: Bools, part: Bools, owner: Ints, here: Bools) -> Bools:
    members = whole[owner]
    members[here] = part
    return members


def _in_blocks(payoff: Payoff, whole: Bools, owner: Ints, block: int) -> Array:
    lanes = _runs(whole.shape[1], block)
    return np.concatenate([payoff(whole[:, run][owner]) for run in lanes], axis=-1)


def _runs(lanes: int, block: int) -> Iterator[slice]:
    for start in range(0, lanes, block):
        yield slice(start, min(start + block, lanes))


def _shapley(payoffs: Array, players: int) -> Array:
    """Shapley values from the payoffs of all subsets in order of their bits: [..., players]."""
    subsets = np.arange(1 << players)
    weight = order_weights(players)[np.minimum(_bits(subsets, players).sum(axis=0), players - 1)]
    values = np.empty((*payoffs.shape[:-1], players))
    for player in range(players):
        without = subsets[(subsets >> player) & 1 == 0]
        gain = payoffs[..., without | (1 << player)] - payoffs[..., without]
        values[..., player] = (gain * weight[without]).sum(axis=-1)
    return values
