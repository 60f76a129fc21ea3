"""The further clauses that the solver may put into a package, with their ranges.

What the draft holds keeps its price, its milestone and its regions; what it does not hold comes
with those that machines use. Everything is by what the seat believes.
"""

from __future__ import annotations

import numpy as np

from game.core.axes import Array
from game.core.ruleset import Ruleset
from game.play.cells import Cells
from game.play.dimensions import Dimension, Name, read, written
from game.play.packages import Extra, Milestone
from game.play.pairing import Pairing
from game.play.regional import won_in
from game.play.sweeteners import CALL_OVER, told

MOST_CALL, CALL_STEP = 0.2, 0.01
"""Largest option that is tried, a part of the company, and what it is rounded to."""
LOAN_PART = 0.5
"""Of what a debtor is worth: the largest loan that is tried."""
LOAN_OVER = 0.01
"""Interest on a loan over what lenders ask, a quarter, where the draft says none."""


def further_dimensions(
    draft: Cells, pairing: Pairing, purse: tuple[float, float]
) -> tuple[Dimension, ...]:
    """Clauses beyond money, new shares, pledges and the term.

    Args:
        draft: a package; the first cell counts. pairing: of it, in the middle of beliefs.
        purse: USD m that each side can pay.
    """
    found: list[Dimension] = []
    for side in (0, 1):
        found += _switches(draft, side, pairing)
        found += _shares(draft, side, pairing)
        found += _loan(draft, side, pairing, purse[side])
        found += _call(draft, side, pairing)
        if pairing.ruleset.rules.advanced_deals:
            found += _later(draft, side, purse[side])
            found += _stays_out(draft, side, pairing)
    return tuple(found)


def with_rate(draft: Cells, ruleset: Ruleset) -> Cells:
    """A draft with the interest that a loan would bear, where it says none."""
    rules = ruleset.rules
    rate = min(rules.interest + LOAN_OVER, rules.loan_rate_most)
    bare = ~draft.loan.any(axis=0) & (draft.loan_rate <= 0.0)
    return written(draft, Name("rate"), np.where(bare, rate, draft.loan_rate))


def of_pledges(draft: Cells, pairing: Pairing) -> tuple[Dimension, ...]:
    """How pledges may be bound: to one partner alone, to the regions where the two do not meet."""
    found = []
    for side in (0, 1):
        bits = _apart(pairing, side)
        for kind in range(len(pairing.ruleset.pledges)):
            found.append(_switch("exclusive", side, kind))
            here = int(read(draft, Name("regions", side, kind))[0]) or bits
            if here > 0:
                found.append(
                    Dimension(Name("regions", side, kind), 0.0, float(here), step=float(here))
                )
    return tuple(found)


def _switch(key: str, side: int, kind: int = -1) -> Dimension:
    return Dimension(Name(key, side, kind), 0.0, 1.0, step=1.0)


def _switches(draft: Cells, side: int, pairing: Pairing) -> list[Dimension]:
    return [_switch("board", side), _switch("standstill", side)]


def _shares(draft: Cells, side: int, pairing: Pairing) -> list[Dimension]:
    """Existing shares: those of the draft, or the largest stake in a third company."""
    facts, who, lane = pairing.facts, pairing.cells.who[:, 0], int(pairing.cells.lane[0])
    held = facts.stake[who[side], :, lane].copy()
    held[facts.locked[who[side], :, lane] > facts.turn] = 0.0
    held[who] = 0.0
    total = facts.total[:, lane].astype(float)
    worth = held * np.maximum(facts.equity[0, :, lane], 0.0)
    issuer = int(draft.old_issuer[side, 0])
    if issuer < 0:
        if not (worth > 0.0).any():
            return []
        issuer = int(worth.argmax())
    most = float(np.floor(held[issuer] * total[issuer]))
    if issuer == who[side]:
        most = float(facts.founders[issuer, lane])
    return [Dimension(Name("old", side, issuer), 0.0, most, step=1.0)] if most >= 1.0 else []


def _loan(draft: Cells, side: int, pairing: Pairing, purse: float) -> list[Dimension]:
    """A loan by the side, as large as the other is worth half, with the draft's conversion."""
    most = min(purse, LOAN_PART * max(float(pairing.equity[1 - side, 0]), 0.0))
    convert = Name("convert_price", 1 - side)
    price = float(read(draft, convert)[0])
    tied = ((convert, price),) if price > 0.0 else ()
    return [Dimension(Name("loan", side), 0.0, most, tied=tied)] if most > 0.0 else []


def _call(draft: Cells, side: int, pairing: Pairing) -> list[Dimension]:
    """An option on new shares of the side, at the draft's price or a fifth above their worth."""
    price = float(draft.extra[side, Extra.CALL_PRICE, 0])
    if price <= 0.0:
        each = pairing.equity[side, :1] / np.maximum(pairing.count[side, :1], 1.0)
        price = float(told(CALL_OVER * np.maximum(each, 0.0))[0])
    if price <= 0.0:
        return []
    tied = ((Name("call_price", side), price),)
    return [Dimension(Name("call_stake", side), 0.0, MOST_CALL, step=CALL_STEP, tied=tied)]


def _later(draft: Cells, side: int, purse: float) -> list[Dimension]:
    """Money of the side at the end of the term, or on the draft's milestone."""
    on, target = (float(draft.extra[side, slot, 0]) for slot in (Extra.MILESTONE, Extra.TARGET))
    if on <= 0.0:
        on, target = float(Milestone.DATE), 0.0
    tied = ((Name("milestone", side), on), (Name("target", side), target))
    return [Dimension(Name("instalment", side), 0.0, purse, tied=tied)] if purse > 0.0 else []


def _stays_out(draft: Cells, side: int, pairing: Pairing) -> list[Dimension]:
    """A promise not to sell where the other sells most and the side does not sell."""
    number = float(draft.extra[side, Extra.NON_COMPETE, 0])
    if not number:
        facts, who, lane = pairing.facts, pairing.cells.who[:, 0], int(pairing.cells.lane[0])
        sales = facts.units[:, :, lane] * facts.price[:, :, lane]
        free = np.where(sales[who[side]] > 0.0, 0.0, sales[who[1 - side]])
        if not (free > 0.0).any():
            return []
        number = float(free.argmax() + 1)
    low, high = min(number, 0.0), max(number, 0.0)
    return [Dimension(Name("non_compete", side), low, high, step=abs(number))]


def _apart(pairing: Pairing, giver: int) -> int:
    """Bits of the regions in which a receiver takes less from the giver than elsewhere."""
    sales, overlap = won_in(pairing, giver, np.zeros(2, np.int64))
    sells = sales[:, 0] > 0.0
    apart: Array = sells & (overlap[:, 0] < pairing.overlap[giver, 0] - 1e-9)
    if not apart.any() or bool((apart == sells).all()):
        return 0
    return int((apart * (1 << np.arange(len(sells)))).sum())
