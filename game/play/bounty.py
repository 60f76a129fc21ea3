"""What owners of services pay their allies for every device sold that carries those services.

A bounty is promised with a preload pledge. It counts in the device maker's price like own services
do, and is booked with both: what one pays the other gets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints
from game.core.once import once
from game.core.ruleset import PledgeEffect, Ruleset
from game.core.state import State
from game.economy.macro import to_dollars
from game.economy.service import bounty_a_device
from game.play import macro
from game.play.in_force import InForce
from game.play.lending import covered, services_of, source_markets


@dataclass(frozen=True)
class Bounties:
    """Bounties of one pledge kind; axis L: a pledge in a market of its giver."""

    kind: int
    giver: Ints
    """[L] who makes the devices and is paid."""
    receiver: Ints
    """[L] who owns the services and pays."""
    market: Ints
    """[L]."""
    lane: Ints
    """[L]."""
    rate: Array
    """[L] USD a device sold, at the start's exchange rates."""


@once
def bounty_kinds(ruleset: Ruleset) -> tuple[int, ...]:
    """Kinds of pledges that are paid for by device."""
    return tuple(
        index
        for index, kind in enumerate(ruleset.pledges)
        if kind.effect == PledgeEffect.PRELOAD and kind.bounty > 0.0
    )


@once
def device_markets(ruleset: Ruleset, index: int) -> Ints:
    """Markets of the devices that a preloading kind is about."""
    regions = range(len(ruleset.regions))
    kind = ruleset.pledges[index]
    found = np.concatenate([source_markets(kind, ruleset, region) for region in regions])
    return np.sort(found[ruleset.durable[found]])


def serving(index: int, ruleset: Ruleset, on_sale: Bools, receiver: Ints, lane: Ints) -> Bools:
    """Whether each receiver sells services that a kind preloads: [R, L].

    Args:
        on_sale: [N, M, W]. receiver, lane: [L].
    """
    out = np.zeros((len(ruleset.regions), len(lane)), bool)
    for region in range(len(ruleset.regions)):
        services = services_of(index, ruleset, region)
        if services.size:
            out[region] = on_sale[receiver, services[:, None], lane].any(axis=0)
    return out


def bounties_of(
    index: int,
    ruleset: Ruleset,
    giver: Ints,
    receiver: Ints,
    lane: Ints,
    part: Array,
    there: AnyArray,
) -> Bounties:
    """What pledges of a kind promise for each device.

    Args:
        part: [L] of the giver's devices that carry the services.
        there: [R, L] nonzero where the pledge covers the region and the receiver serves it.
    """
    markets = device_markets(ruleset, index)
    place, pledge = np.nonzero(there[ruleset.market_region[markets]])
    return Bounties(
        index,
        giver[pledge],
        receiver[pledge],
        markets[place],
        lane[pledge],
        bounty_a_device(ruleset.pledges[index].bounty, part[pledge]),
    )


def level_of(bounties: Sequence[Bounties], shape: tuple[int, ...]) -> Array | None:
    """What allies pay for a device, all together: [N, M, W] USD a unit; None where nobody does."""
    if not bounties:
        return None
    level = np.zeros(shape)
    for one in bounties:
        np.add.at(level, (one.giver, one.market, one.lane), one.rate)
    return level


def paid_and_earned(
    amounts: Sequence[Array], bounties: Sequence[Bounties], shape: tuple[int, int]
) -> tuple[Array, Array]:
    """Bounties by who pays and by who is paid: [N, W] USD m each.

    Args:
        amounts: USD m of each of the bounties, [L] each.
    """
    paid, earned = np.zeros(shape), np.zeros(shape)
    for amount, one in zip(amounts, bounties, strict=True):
        np.add.at(paid, (one.receiver, one.lane), amount)
        np.add.at(earned, (one.giver, one.lane), amount)
    return paid, earned


def bounty_amounts(state: State, ruleset: Ruleset, bounties: Sequence[Bounties]) -> list[Array]:
    """What the devices sold this quarter earn: [L] USD m of now for each of the bounties."""
    money = macro.market_rate(state, ruleset)
    amounts = []
    for one in bounties:
        amount = one.rate * state.units[one.giver, one.market, one.lane]
        if money is not None:
            amount = to_dollars(amount, money[one.market, one.lane])
        amounts.append(amount)
    return amounts


class Told(Protocol):
    """What promises and product lines are known: a state, or a view of it."""

    @property
    def on_sale(self) -> Bools: ...
    @property
    def pledge_regions(self) -> Ints: ...


def promised_bounties(index: int, ruleset: Ruleset, given: InForce, told: Told) -> Bounties:
    """Bounties by what was promised, whether or not it is kept.

    Args:
        given: pledges of the kind.
    """
    kind = ruleset.pledges[index]
    there = covered(given.pick(told.pledge_regions), len(ruleset.regions))
    there *= serving(index, ruleset, told.on_sale, given.receiver, given.lane)
    part = np.minimum(given.announced * kind.strength, 1.0)
    return bounties_of(index, ruleset, given.giver, given.receiver, given.lane, part, there)
