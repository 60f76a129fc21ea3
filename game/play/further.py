"""Which further clauses go into a package: those that win the pair something, the best first.

    seats, standstills     where they cost less than they bring
    one partner alone      where the receiver would lose more to rivals than the giver forgoes
    money in need          the best of loan, others' shares, delay, business, joint venture
                           (game.play.relief, game.play.venture_offer)
    options                a part of a price from a firm that is short of cash
    milestones             a part of a price that is paid once worth has shown
    the whole              a company is bought whole where that wins more than the package

Every one is decided by closed forms of what the answering side reckons with, for all cells at once.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.play.cells import Cells
from game.play.clause_worth import FULL_TERM
from game.play.deal_laws import SAFE_QUARTERS, adviser_costs
from game.play.later import instalment_part
from game.play.packages import Extra, Milestone
from game.play.pairing import Pairing
from game.play.position import still_ahead
from game.play.relief import HALF, LEAST_GAIN, relieved
from game.play.stake_sold import PURSE
from game.play.sweeteners import options, seats, standstills
from game.play.terms import (
    EXCLUSIVE_COST,
    EXCLUSIVE_WORTH,
    STAKE_RISK,
    Appraisal,
)
from game.play.venture_offer import venture_aid, write_venture
from game.play.whole_offer import whole_offers

HINGED_PART, HINGED_TARGET = 0.3, 1.1
"""Part of a price for a stake that waits for a milestone, and its target over the figure now."""


def bettered(
    cells: Cells, pairing: Pairing, found: Appraisal, slope: Array, wanted: Array, good: Bools
) -> tuple[Cells, Bools]:
    """Cells with the further clauses that pay, and which are packages.

    Args:
        found: what the cells are worth without them.
        slope: [L] what a dollar paid is worth to whoever gets it, and costs whoever pays it: less
            where the one holds the other.
        wanted: [X, L] part of the joint surplus that each side wants at least.
        good: [L] cells that give both sides that.
    """
    if not good.any():
        return cells, good
    advanced = pairing.ruleset.rules.advanced_deals
    total, extra = found.total.copy(), cells.extra.copy()
    lasting = np.minimum(cells.term / FULL_TERM, 1.0)
    seats(extra, total, pairing, found, wanted, lasting)
    standstills(extra, total, cells, pairing, found, wanted, lasting)
    cells = _alone(cells, pairing, slope, good)
    ventures = (venture_aid, write_venture)
    changed, helped = relieved(cells, extra, pairing, found, slope, good, (ventures,))
    cells = dataclasses.replace(cells, extra=extra, **changed)
    cash = cells.cash.copy()
    options(extra, cash, cells, pairing, found, helped)
    cells = dataclasses.replace(
        cells, cash=np.where(good, cash, cells.cash), extra=np.where(good, extra, 0.0)
    )
    if advanced:
        _milestones(cells, pairing, found, slope, good & ~helped)
        return whole_offers(cells, pairing, found, good)
    return cells, good


def _alone(cells: Cells, pairing: Pairing, slope: Array, good: Bools) -> Cells:
    """Pledges to one partner alone, paid for, where rivals would take more than givers forgo."""
    strong = pairing.own_share * EXCLUSIVE_WORTH > EXCLUSIVE_COST
    if not (strong & good).any():
        return cells
    exclusive, cash = cells.exclusive.copy(), cells.cash.copy()
    for giver in (0, 1):
        taker = 1 - giver
        at = np.flatnonzero(strong[taker] & good & (cells.pledge[giver] > 0.0).any(axis=0))
        if not at.size:
            continue
        at = np.repeat(at, 2) if at.size == 1 else at  # a lone lane sums in another order
        put = (cells.pledge[giver][:, at] > 0.0) & ~pairing.running[giver][:, at]
        put &= (cells.regions[giver][:, at] == 0) & (_serves(cells, pairing, giver, at) == 0)
        quarters = np.take(
            still_ahead(pairing.ruleset)[0], np.clip(cells.term[at], 0, pairing.ahead)
        )
        gain = np.maximum(pairing.worth[giver][:, at] * cells.pledge[giver][:, at], 0.0) * quarters
        given = (gain * put).sum(axis=0)
        worth = EXCLUSIVE_WORTH * pairing.own_share[taker, at] * given
        price = np.round(HALF * (EXCLUSIVE_COST * given + worth) / slope[at], 2)
        net = cash[taker, at] - cash[giver, at] + price
        least = LEAST_GAIN * pairing.ruleset.rules.deal_cost
        fine = worth - EXCLUSIVE_COST * given > least
        fine &= net <= PURSE * pairing.purse[taker, at]
        exclusive[giver][:, at] = put & fine
        cash[taker, at] = np.where(fine, np.maximum(net, 0.0), cash[taker, at])
        cash[giver, at] = np.where(fine, np.maximum(-net, 0.0), cash[giver, at])
    return dataclasses.replace(cells, exclusive=exclusive, cash=cash)


def _serves(cells: Cells, pairing: Pairing, giver: int, at: Ints) -> Array:
    """Partners that a side of some cells serves with each kind: [K, len(at)]."""
    serves = pairing.facts.running.serves
    flat = serves.reshape(serves.shape[0], -1)
    place = cells.who[giver, at] * serves.shape[-1] + cells.lane[at]
    return np.asarray(np.take(flat, place, axis=1))


def _milestones(
    cells: Cells, pairing: Pairing, found: Appraisal, slope: Array, good: Bools
) -> None:
    """Buyers of stakes whose books they do not know pay a part once sales have grown."""
    rules = pairing.ruleset.rules
    careful = STAKE_RISK * pairing.caution * pairing.noise
    left = pairing.spendable + cells.cash[::-1] - cells.cash - adviser_costs(pairing)
    for buyer in (0, 1):
        seller = 1 - buyer
        paid = cells.cash[buyer]
        bought = np.maximum(found.holding[buyer] - pairing.held[buyer], 0.0)
        bought = bought * found.post_money[seller]
        moved = np.round(HINGED_PART * np.minimum(paid, bought), 1)
        fine = good & (careful[buyer] * moved > LEAST_GAIN * rules.deal_cost)
        fine &= left[seller] - moved > SAFE_QUARTERS * pairing.costs[seller]
        fine &= ~pairing.pays_later[buyer]
        at = np.flatnonzero(fine)
        if not at.size:
            continue
        facts, who, lane = pairing.facts, cells.who[seller, at], cells.lane[at]
        sales = (facts.units[who, :, lane] * facts.price[who, :, lane]).sum(axis=1)
        cells.extra[buyer, Extra.MILESTONE, at] = float(Milestone.REVENUE)
        cells.extra[buyer, Extra.TARGET, at] = np.ceil(HINGED_TARGET * sales)
        part = instalment_part(cells, pairing)[buyer, at]
        price = moved[at] * (1.0 + HALF * careful[buyer, at] / slope[at])
        amount = np.where(sales > 0.0, price / np.maximum(part, 1e-9), 0.0)
        fine = (amount > 0.0) & (amount <= PURSE * pairing.purse[buyer, at] - paid[at] + moved[at])
        for slot in (Extra.MILESTONE, Extra.TARGET):
            cells.extra[buyer, slot, at] *= fine
        cells.extra[buyer, Extra.INSTALMENT, at] = np.round(amount * fine, 1)
        cells.cash[buyer, at] -= moved[at] * fine
