"""The further clauses of a side of the table, as fields to fill in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from game.play.dimensions import Name
from game.play.macro import may_enter
from game.play.packages import Extra, Milestone
from game.session.clause_defaults import figure
from game.session.deals import Clauses, Deal
from game.session.sight import Sight
from game.session.solving import LOCKABLE
from game.session.view_clauses import share_price
from game.session.view_deal_types import FurtherClause, FurtherField

if TYPE_CHECKING:
    from game.session.game import Game

MOST_OVER = 3.0
"""Of prices and targets over today's, at most to slide to."""
LEAST_OVER = 0.5


def further_clauses(sight: Sight, game: Game, deal: Deal, side: int) -> tuple[FurtherClause, ...]:
    """What a side may give further, in the order of the slots."""
    made = BASIC_CLAUSES
    if sight.ruleset.rules.advanced_deals:
        made = {**BASIC_CLAUSES, **ADVANCED_CLAUSES}
    found = []
    for slot, fields in made.items():
        clauses = deal.gives[side]
        key = slot.name.lower()
        on = bool(clauses.further(slot))
        parts = fields(_Side(sight, game, deal, side)) if fields is not None else ()
        if parts is None and not on:
            continue
        first = FIRST.get(slot, 1.0)
        if parts and parts[0].choices and not on:
            first = parts[0].choices[0][0]
        if slot == Extra.CONVERT_PRICE:
            first = 1.2 * float(sight.view.quote[_Side(sight, game, deal, side).me])
        found.append(
            FurtherClause(
                key=key,
                name=sight.say(f"further.{slot.name}"),
                about=sight.say(f"further.{slot.name}.about"),
                on=on,
                first=first,
                lockable=key in LOCKABLE,
                locked=game.table is not None and Name(key, side) in game.table.locks,
                fields=(parts or ()) if on else (),
            )
        )
    return tuple(found)


class _Side:
    """One side of the table."""

    def __init__(self, sight: Sight, game: Game, deal: Deal, side: int) -> None:
        self.sight, self.game, self.deal, self.side = sight, game, deal, side
        both = (deal.proposer, deal.counterparty)
        self.me, self.other = both[side], both[1 - side]
        self.clauses: Clauses = deal.gives[side]

    def field(
        self, slot: Extra, shown: str, low: float, high: float,
        choices: tuple[tuple[float, str], ...] = (),
    ) -> FurtherField:  # fmt: skip
        """A figure of a slot."""
        value = self.clauses.further(slot)
        name = self.sight.say(f"further.field.{slot.name}")
        return FurtherField(
            slot.name.lower(), name, value, shown, min(low, value), max(high, value), choices
        )

    def price(self, slot: Extra) -> FurtherField:
        """A price a share of this side."""
        quote = float(self.sight.view.quote[self.me])
        shown = share_price(self.sight, self.clauses.further(slot))
        return self.field(slot, shown, LEAST_OVER * quote, MOST_OVER * quote)


Fields = Callable[[_Side], tuple[FurtherField, ...] | None]


def _call(one: _Side) -> tuple[FurtherField, ...]:
    shown = one.sight.percent(one.clauses.further(Extra.CALL_STAKE))
    return one.field(Extra.CALL_STAKE, shown, 0.01, 0.4), one.price(Extra.CALL_PRICE)


def _places(one: _Side, slot: Extra, selling: bool) -> tuple[FurtherField, ...] | None:
    """Markets, and sectors everywhere, where the side sells or does not."""
    sight, ruleset = one.sight, one.sight.ruleset
    there = sight.full.on_sale[one.me, :, 0]
    pending = sight.full.entry_due[one.me, :, 0] >= 0
    fine = there if selling else ~(there | pending)
    choices = []
    for sector in range(len(ruleset.sectors)):
        within = ruleset.market_sector == sector
        whole = (fine & within).any() if selling else fine[within].all()
        if whole and within.any():
            words = sight.say("clause.everywhere", sector=sight.sector(sector))
            choices.append((-1.0 - sector, words))
    choices += [
        (market + 1.0, sight.market(market))
        for market in range(len(ruleset.markets))
        if fine[market]
    ]
    if not choices:
        return None
    return (one.field(slot, "", 0.0, 0.0, tuple(choices)),)


def _instalment(one: _Side) -> tuple[FurtherField, ...]:
    sight, clauses = one.sight, one.clauses
    kinds = [
        (float(kind), sight.say(f"milestone.{kind.name}.short"))
        for kind in Milestone
        if 0 < kind < Milestone.UNITS
    ]
    for sector in range(len(sight.ruleset.sectors)):
        words = sight.say("milestone.UNITS.short", sector=sight.sector(sector))
        kinds.append((float(Milestone.UNITS + sector), words))
    amount = clauses.further(Extra.INSTALMENT)
    cash = max(float(sight.view.cash_guess[0, one.me]), 100.0)
    parts = [
        one.field(Extra.INSTALMENT, sight.money(amount), 1.0, cash),
        one.field(Extra.MILESTONE, "", 0.0, 0.0, tuple(kinds)),
    ]
    on, target = int(clauses.further(Extra.MILESTONE)), clauses.further(Extra.TARGET)
    if on > Milestone.DATE:
        now = max(figure(one.game, one.other, on), 0.01)
        shown = sight.money(target)
        if on >= Milestone.UNITS:
            shown = sight.volume(target, sight.sector_unit(on - Milestone.UNITS))
        parts.append(one.field(Extra.TARGET, shown, LEAST_OVER * now, MOST_OVER * now))
    return tuple(parts)


def _venture(one: _Side) -> tuple[FurtherField, ...]:
    """A business of the other side, or a market that it may enter."""
    sight, clauses = one.sight, one.clauses
    state, ruleset = sight.full, sight.ruleset
    let_in = np.broadcast_to(may_enter(state, ruleset), state.on_sale.shape)[one.other, :, 0]
    there = state.on_sale[one.other, :, 0] | (state.entry_due[one.other, :, 0] >= 0)
    choices = tuple(
        (market + 1.0, sight.market(market)) for market in np.flatnonzero(there | let_in).tolist()
    )
    cash = max(float(sight.view.cash_guess[0, one.me]), 100.0)
    fund, part = clauses.further(Extra.VENTURE), clauses.further(Extra.VENTURE_SHARE)
    return (
        one.field(Extra.VENTURE, sight.money(fund), 1.0, cash),
        one.field(Extra.VENTURE_MARKET, "", 0.0, 0.0, choices),
        one.field(Extra.VENTURE_SHARE, sight.percent(part), 0.01, 0.99),
    )


def _convert(one: _Side) -> tuple[FurtherField, ...] | None:
    """Only where the other side lends."""
    if one.deal.gives[1 - one.side].loan <= 0.0:
        return None
    return (one.price(Extra.CONVERT_PRICE),)


BASIC_CLAUSES: dict[Extra, Fields | None] = {
    Extra.BOARD: None,
    Extra.STANDSTILL: None,
    Extra.CALL_STAKE: _call,
}
ADVANCED_CLAUSES: dict[Extra, Fields | None] = {
    Extra.NON_COMPETE: lambda one: _places(one, Extra.NON_COMPETE, selling=False),
    Extra.INSTALMENT: _instalment,
    Extra.CONVERT_PRICE: _convert,
    Extra.BUSINESS: lambda one: _places(one, Extra.BUSINESS, selling=True),
    Extra.WHOLE: None,
    Extra.VENTURE: _venture,
}
FIRST: dict[Extra, float] = {Extra.CALL_STAKE: 0.1, Extra.INSTALMENT: 10.0, Extra.VENTURE: 50.0}
"""Values that put a clause on the table; 1 where nothing is said."""
