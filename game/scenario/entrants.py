"""What a company would be in a market that it has not entered: appeal, cost, experience.

A company that sells a device elsewhere brings it along: its cost there, and its appeal there
moved by the least that the two markets' common firms differ. Services are built anew in each
region: their newcomers, and all others, copy the weakest firm of the market. Distance and bad
coverage come on top in play.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from game.core.axes import Bools
from game.core.ruleset import Ruleset
from game.scenario.market_schema import Fringe

FRINGE_COST = 0.85
"""Of price: what a small firm's product costs to make."""


@dataclasses.dataclass(frozen=True)
class Copy:
    """What a newcomer without a product of its own starts from."""

    appeal: float
    cost: float
    cumulative: float


def with_entrants(
    ruleset: Ruleset,
    on_sale: Bools,
    given: Mapping[int, float | None],
    fringes: Mapping[int, Fringe],
) -> Ruleset:
    """The ruleset with appeal, cost and experience of every company in every market.

    Args:
        ruleset: fitted where companies sell.
        on_sale: [N, M].
        given: by market, the appeal of a normal entrant where the scenario says it.
        fringes: by market.
    """
    copies = [
        _weakest(ruleset, on_sale, place, given[place], fringes.get(place))
        for place in range(len(ruleset.markets))
    ]
    appeal, cost = ruleset.appeal.copy(), ruleset.cost_base.copy()
    cumulative = ruleset.cumulative_ref.copy()
    for company, place in np.argwhere(~on_sale):
        home = _own_market(ruleset, on_sale, company, place)
        if home < 0:
            copy = copies[place]
            at = copy.appeal, copy.cost, copy.cumulative
        else:
            moved = ruleset.appeal[company, home] + _shift(ruleset, on_sale, place, home, copies)
            at = moved, ruleset.cost_base[company, home], ruleset.cumulative_ref[company, home]
        appeal[company, place], cost[company, place], cumulative[company, place] = at
    return dataclasses.replace(
        ruleset,
        appeal=appeal,
        cost_base=cost,
        cumulative_ref=cumulative,
        entry_appeal=np.array([copy.appeal for copy in copies]),
    )


def _weakest(
    ruleset: Ruleset, on_sale: Bools, place: int, given: float | None, fringe: Fringe | None
) -> Copy:
    sellers = np.flatnonzero(on_sale[:, place])
    if sellers.size:
        low = sellers[np.argmin(ruleset.appeal[sellers, place])]
        appeal = float(ruleset.appeal[low, place])
        cost, made = float(ruleset.cost_base[low, place]), float(ruleset.cumulative_ref[low, place])
        if given is not None and len(sellers) > 1:
            cost = float(np.median(ruleset.cost_base[sellers, place]))
        return Copy(appeal if given is None else given, cost, made)
    alpha = float(ruleset.alpha[place] @ ruleset.weight[place])
    if fringe is not None and fringe.price > 0.0:
        utility = float(ruleset.fringe_utility[place] @ ruleset.weight[place])
        appeal = utility + alpha * fringe.price
        return Copy(appeal if given is None else given, FRINGE_COST * fringe.price, 1.0)
    return Copy(0.0 if given is None else given, 1.0 / alpha, 1.0)


def _own_market(ruleset: Ruleset, on_sale: Bools, company: int, place: int) -> int:
    """Where the company sells in the same sector: at home, else where it is largest; -1 nowhere."""
    sells = on_sale[company] & (ruleset.market_sector == ruleset.market_sector[place])
    if not (sells.any() and ruleset.durable[place]):
        return -1
    local = sells & ruleset.home[company]
    chosen = np.flatnonzero(local if local.any() else sells)
    return int(chosen[np.argmax(ruleset.potential[chosen])])


def _shift(ruleset: Ruleset, on_sale: Bools, place: int, home: int, copies: list[Copy]) -> float:
    both = on_sale[:, place] & on_sale[:, home]
    if both.any():
        return float((ruleset.appeal[both, place] - ruleset.appeal[both, home]).min())
    return copies[place].appeal - copies[home].appeal
