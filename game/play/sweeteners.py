"""Further clauses that make a package better for both sides: put in where they pay.

A seat for whoever counts on the other's pledges, a standstill by whoever buys a stake, an option
instead of cash from a firm that is short of it. Each goes in only if the pair gains by it and both
sides still get what they want; the figures are those by which the clauses are valued.
"""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Bools
from game.finance.options import warrant_worth
from game.play.cells import Cells
from game.play.clause_worth import (
    BOARD_COST,
    BOARD_WORTH,
    STANDSTILL_COST,
    STANDSTILL_WORTH,
)
from game.play.clauses import shares_for
from game.play.deal_laws import SAFE_QUARTERS, adviser_costs
from game.play.packages import Extra
from game.play.pairing import Pairing
from game.play.pledge_plan import traits
from game.play.promises import EFFORT_SEAT
from game.play.terms import Appraisal

LEAST_HOLDING = 0.01
CALL_STAKE, CALL_OVER = 0.05, 1.2
"""The option that is offered: a stake, and its price over the worth of a share."""
CENT = 0.01
SHORT_QUARTERS = 4.0
"""A firm with less than so many quarters of costs at hand would rather grant than pay."""


def suits(total: Array, change: Array, wanted: Array) -> Array:
    """Where a change of both sides' worth is a gain that leaves both what they want: [L]."""
    gain = change[0] + change[1]
    after = total + change
    joint = np.maximum(after[0] + after[1], 0.0)
    return np.asarray((gain > 0.0) & (after >= wanted * joint).all(axis=0))


def seats(
    extra: Array, total: Array, pairing: Pairing, found: Appraisal, wanted: Array, lasting: Array
) -> None:
    """Who counts on pledges sits on the board of who gives them."""
    stake = pairing.ruleset.rules.board_stake
    for giver in (0, 1):
        taker = 1 - giver
        earned = np.maximum(found.pledged.earned[taker], 0.0)
        value = lasting * found.post_money[giver]
        change = np.zeros(total.shape)
        change[giver] = -BOARD_COST * value
        change[taker] = BOARD_WORTH * value + EFFORT_SEAT * earned
        free = ~pairing.seated[taker] & (found.holding[taker] < stake)
        pays = EFFORT_SEAT * earned > BOARD_COST * value
        put = free & pays & suits(total, change, wanted)
        extra[giver, Extra.BOARD] = put
        total += change * put


def standstills(
    extra: Array, total: Array, cells: Cells, pairing: Pairing, found: Appraisal, wanted: Array,
    lasting: Array,
) -> None:  # fmt: skip
    """Who buys a stake promises to buy no more for a while."""
    appetite = np.take(traits(pairing.ruleset, "stakes"), cells.who)
    control = max(pairing.ruleset.rules.control, 1e-9)
    for buyer in (0, 1):
        issuer = 1 - buyer
        threat = lasting * np.minimum(found.holding[buyer] / control, 1.0)
        threat = threat * found.post_money[issuer]
        change = np.zeros(total.shape)
        change[buyer] = -2.0 * STANDSTILL_COST * appetite[buyer] * threat
        change[issuer] = STANDSTILL_WORTH * threat
        bought = found.holding[buyer] > np.maximum(pairing.held[buyer], LEAST_HOLDING)
        put = bought & ~(pairing.still_left > 0)[buyer] & suits(total, change, wanted)
        extra[buyer, Extra.STANDSTILL] = put
        total += change * put


def told(price: Array) -> Array:
    """A price in three digits, as one would name it: [L]."""
    unit = 10.0 ** (np.floor(np.log10(np.maximum(price, 1e-30))) - 2.0)
    return np.asarray(np.round(price / unit) * unit)


def options(
    extra: Array, cash: Array, cells: Cells, pairing: Pairing, found: Appraisal,
    helped: Bools,
) -> None:  # fmt: skip
    """A firm short of cash pays a part of it with an option of the same worth.

    Args:
        helped: [L] cells in which it is helped otherwise.
    """
    rules, fees = pairing.ruleset.rules, adviser_costs(pairing)
    for payer in (0, 1):
        taker = 1 - payer
        short = pairing.spendable[payer] < SHORT_QUARTERS * pairing.costs[payer]
        free = ~(pairing.still_left > 0)[taker] & ~(extra[taker, Extra.STANDSTILL] > 0.0)
        at = np.flatnonzero(short & free & ~helped & (cash[payer] > 0.0))
        if not at.size:
            continue
        count, value = found.count[payer, at], found.post_money[payer, at]
        price = told(CALL_OVER * value / np.maximum(count, 1.0))
        worth = np.zeros(at.size)
        for _ in range(2):  # the payer keeps what it saves, so its shares are worth more
            worth = warrant_worth(
                value + worth, count, shares_for(CALL_STAKE, count), price, cells.term[at],
                rules.deposit, rules.share_sd,
            )  # fmt: skip
        worth = np.floor(worth / CENT) * CENT
        saved = worth
        put = (worth > 0.0) & (saved < cash[payer, at]) & (price > 0.0)
        left = pairing.spendable[taker, at] + cash[payer, at] - fees[taker, at] - saved
        put &= left >= SAFE_QUARTERS * pairing.costs[taker, at]  # it can do without the money
        extra[payer, Extra.CALL_STAKE, at] = np.where(put, CALL_STAKE, 0.0)
        extra[payer, Extra.CALL_PRICE, at] = np.where(put, price, 0.0)
        cash[payer, at] -= np.where(put, np.floor(saved / CENT) * CENT, 0.0)
