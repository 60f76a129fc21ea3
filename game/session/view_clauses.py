"""Pledges with their regions and the further clauses of a package as sentences."""

from __future__ import annotations

from collections.abc import Callable

from game.play.packages import Extra, Milestone
from game.session.deals import Clauses
from game.session.sight import Sight


def pledge_line(sight: Sight, clauses: Clauses, kind: int) -> str:
    """A pledge: its kind, strength, regions, and whether it is lent to nobody else."""
    alone, bits = kind in clauses.exclusive, clauses.bound_to(kind)
    key = "clause.exclusive" if alone else "clause.pledge"
    if bits:
        key = "clause.region_exclusive" if alone else "clause.region"
    name = sight.pick(sight.ruleset.pledges[kind].name)
    part = sight.percent(clauses.strength(kind), digits=0)
    where = {"regions": region_names(sight, bits)} if bits else {}
    return sight.say(key, pledge=name, part=part, **where)


def region_names(sight: Sight, bits: int) -> str:
    """Regions by their bits."""
    count = len(sight.ruleset.regions)
    named = [sight.region(place) for place in range(count) if bits >> place & 1]
    return sight.say("list.comma").join(named)


def further_lines(sight: Sight, clauses: Clauses, giver: int, taker: int, term: int) -> list[str]:
    """The further clauses of a side, a line each."""
    return [
        line(sight, clauses, giver, taker, sight.quarters(term))
        for slot, line in LINES.items()
        if clauses.further(slot)
    ]


def _board(sight: Sight, clauses: Clauses, giver: int, taker: int, quarters: str) -> str:
    return sight.say("clause.board", company=sight.name(giver), quarters=quarters)


def _standstill(sight: Sight, clauses: Clauses, giver: int, taker: int, quarters: str) -> str:
    return sight.say("clause.standstill", company=sight.name(taker), quarters=quarters)


def _call(sight: Sight, clauses: Clauses, giver: int, taker: int, quarters: str) -> str:
    return sight.say(
        "clause.call",
        quarters=quarters,
        part=sight.percent(clauses.further(Extra.CALL_STAKE)),
        company=sight.name(giver),
        price=share_price(sight, clauses.further(Extra.CALL_PRICE)),
    )


def _non_compete(sight: Sight, clauses: Clauses, giver: int, taker: int, quarters: str) -> str:
    where = markets_named(sight, int(clauses.further(Extra.NON_COMPETE)))
    return sight.say("clause.non_compete", quarters=quarters, where=where)


def markets_named(sight: Sight, number: int) -> str:
    """A market (+ 1), or a sector (+ 1, negative) wherever it is sold."""
    if number > 0:
        return sight.market(number - 1)
    return sight.say("clause.everywhere", sector=sight.sector(-number - 1))


def share_price(sight: Sight, price: float) -> str:
    """A price a share, given in USD m, in dollars."""
    return sight.price(price * 1e6)


def _instalment(sight: Sight, clauses: Clauses, giver: int, taker: int, quarters: str) -> str:
    told = milestone(sight, clauses, taker, quarters)
    money = sight.money(clauses.further(Extra.INSTALMENT))
    return sight.say("clause.instalment", money=money, milestone=told)


def milestone(sight: Sight, clauses: Clauses, whose: int, quarters: str) -> str:
    """On what the payment of an instalment waits."""
    on, target = int(clauses.further(Extra.MILESTONE)), clauses.further(Extra.TARGET)
    words: dict[str, str] = {"quarters": quarters}
    kind = Milestone(min(max(on, Milestone.DATE), Milestone.UNITS))
    if kind != Milestone.DATE:
        words |= {"company": sight.name(whose), "target": sight.money(target)}
    if kind == Milestone.UNITS:
        sector = min(on - Milestone.UNITS, len(sight.ruleset.sectors) - 1)
        amount = sight.volume(target, sight.sector_unit(sector))
        words |= {"sector": sight.sector(sector), "target": amount}
    return sight.say(f"milestone.{kind.name}", **words)


def _convert(sight: Sight, clauses: Clauses, giver: int, taker: int, quarters: str) -> str:
    price = share_price(sight, clauses.further(Extra.CONVERT_PRICE))
    return sight.say("clause.convert", company=sight.name(giver), price=price)


def _business(sight: Sight, clauses: Clauses, giver: int, taker: int, quarters: str) -> str:
    where = markets_named(sight, int(clauses.further(Extra.BUSINESS)))
    return sight.say("clause.business", where=where)


def _whole(sight: Sight, clauses: Clauses, giver: int, taker: int, quarters: str) -> str:
    return sight.say("clause.whole", company=sight.name(giver))


def _venture(sight: Sight, clauses: Clauses, giver: int, taker: int, quarters: str) -> str:
    return sight.say(
        "clause.venture",
        money=sight.money(clauses.further(Extra.VENTURE)),
        company=sight.name(taker),
        where=sight.market(max(int(clauses.further(Extra.VENTURE_MARKET)) - 1, 0)),
        part=sight.percent(clauses.further(Extra.VENTURE_SHARE)),
        quarters=quarters,
    )


LINES: dict[Extra, Callable[[Sight, Clauses, int, int, str], str]] = {
    Extra.BOARD: _board,
    Extra.STANDSTILL: _standstill,
    Extra.CALL_STAKE: _call,
    Extra.NON_COMPETE: _non_compete,
    Extra.INSTALMENT: _instalment,
    Extra.CONVERT_PRICE: _convert,
    Extra.BUSINESS: _business,
    Extra.WHOLE: _whole,
    Extra.VENTURE: _venture,
}
"""How each clause is told, by its first slot."""
