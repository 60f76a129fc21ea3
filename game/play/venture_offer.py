"""Joint ventures that machines propose: a partner's money for a host that is short of it."""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Ints
from game.finance.valuation import annuity
from game.finance.venture import best_fund, fund_return
from game.play.cells import Cells, pick_cells
from game.play.packages import Extra
from game.play.pairing import Pairing
from game.play.relief import HALF, Aid, Short
from game.play.ventures import SLOTS, VENTURE_RISK, line_figures

MOST_SHARE = 0.6
"""Of a line's profit that a host gives up at most."""


def venture_aid(short: Short, cells: Cells, pairing: Pairing) -> Aid:
    """A venture in the largest line of whoever is short: as much as it lacks, or as much as the
    line can use, for a part of its profit that pays the partner back with half of what both gain.
    """
    rules, facts = pairing.ruleset.rules, pairing.facts
    few = pick_cells(cells, short.cell)
    near = pairing.some(short.cell, few)
    lanes = np.arange(short.cell.size)
    who, lane = few.who[short.side, lanes], few.lane
    market = (facts.units[who, :, lane] * facts.price[who, :, lane]).argmax(axis=1)
    both = [line_figures(few, near, side, market) for side in (0, 1)]
    profit, usual, fresh = (np.where(short.side == 1, b, a) for a, b in zip(*both, strict=True))
    term = np.minimum(few.term, max(rules.quarters - facts.turn, 0))
    lasts = np.maximum(term, 1)
    kept = (1.0 - rules.tax) * annuity(rules.discount, term)
    wish = np.maximum(best_fund(profit, usual) * lasts, short.need)
    fund = np.floor(np.maximum(np.minimum(wish, short.room), 0.0))
    added = kept * fund_return(fund / lasts, profit, usual)
    won = added - kept * fund / lasts + short.gain(fund)
    unsure = (near.caution * near.noise)[short.other, lanes] * VENTURE_RISK
    part = (fund + HALF * won) / (1.0 - HALF * unsure)
    whole = kept * profit + added
    share = np.ceil(1e3 * part / np.maximum(whole, 1e-9)) / 1e3
    fine = (fund > 0.0) & (term > 0) & ~fresh & (whole > 0.0) & (share <= MOST_SHARE)
    fine &= ~facts.hosting[who, lane]
    gain = np.where(fine, won - unsure * part, 0.0)
    return Aid(gain, (fund, market + 1.0, share))


def write_venture(
    out: dict[str, Array], extra: Array, cell: Ints, side: Ints, gain: Array,
    figures: tuple[Array, ...],
) -> None:  # fmt: skip
    """The other side pays into the line of whoever is short."""
    for slot, value in zip(SLOTS, figures, strict=True):
        extra[1 - side, Extra(slot), cell] = value
