"""Knowledge: the stock of research that counts, and what of it spills over between allies."""

from __future__ import annotations

import numpy as np

from game.core.axes import PRODUCT, Array
from game.core.ruleset import Ruleset
from game.economy.research import absorption, knowledge_next
from game.play.levers import ENTRANT_SHARE
from game.play.quarter import Quarter
from game.play.sharing import shared_by


def effective_research(quarter: Quarter, sales: Array) -> Array:
    """Research that counts this quarter, by line; the stock of knowledge is brought forward.

    Args:
        sales: [M, W] USD m, of the market.

    Returns:
        [L, W] USD m a quarter.
    """
    state, ruleset, lines = quarter.state, quarter.ruleset, quarter.product_lines
    flow = quarter.line_spend[:, PRODUCT] * lines.gather(quarter.effects.research)
    opened = spilled(quarter)
    if opened is not None:
        own = flow / np.maximum(sales, 1e-9)[lines.market]
        flow += absorption(own, ruleset.rules.research_half) * lines.gather(opened)
    lost = ruleset.rules.knowledge_depreciation
    stock = knowledge_next(lines.gather(state.knowledge), flow, lost)
    knowledge = np.zeros_like(state.knowledge)
    knowledge[lines.company, lines.market] = stock * lines.gather(state.on_sale)
    quarter.update(knowledge=knowledge)
    stock *= lost
    return stock


def spilled(quarter: Quarter) -> Array | None:
    """Allies' research in the same market that is open to a company: [N, M, W] USD m, or None."""
    ruleset, listed = quarter.ruleset, quarter.listed
    opened: Array | None = None
    for index, kind in enumerate(ruleset.pledges):
        if kind.spillover <= 0.0:
            continue
        first, last = np.searchsorted(listed.kind, (index, index + 1)).tolist()
        if first == last:
            continue
        pledges = listed.cut(slice(first, last))
        research = np.swapaxes(quarter.spend, 0, 1)[PRODUCT]
        part = kind.spillover * pledges.strength
        shared = shared_by(
            ruleset, index, research, part, pledges.giver, pledges.receiver, pledges.lane,
            pledges.regions,
        )  # fmt: skip
        opened = shared if opened is None else opened + shared
    return opened


def first_knowledge(ruleset: Ruleset) -> Array:
    """Stock that normal spending keeps up: [N, M] USD m; an entrant's where it does not sell."""
    entrant = ruleset.spend_share[:, PRODUCT] * ENTRANT_SHARE * ruleset.market_revenue_start
    flow = np.where(ruleset.revenue_start > 0.0, ruleset.spend_normal[:, :, PRODUCT], entrant)
    return np.asarray(flow / ruleset.rules.knowledge_depreciation)
