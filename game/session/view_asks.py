"""What a number can be asked, and who answers: one door for all measures."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

from game.session.sight import Sight
from game.session.view_score_why import score_why
from game.session.view_types import Ask
from game.session.view_why import WhyView
from game.text import format as fmt

if TYPE_CHECKING:
    from game.session.game import Game

HERE = ("share", "units", "price", "revenue")
"""Measures of a company in a market; the seat's own profit there besides."""
WHOLE = ("score", "value", "quote", "revenue", "profit", "cash", "debt", "doors")
"""Measures of a whole company."""
BOOKS = ("value", "profit", "cash", "debt")
"""Measures that only those know who may see a company's books."""
KINDS = {
    "share": "percent", "units": "volume", "doors": "volume", "price": "price", "quote": "price",
}  # fmt: skip


def why_of(game: Game, ask: Ask) -> WhyView:
    """Why a number is what it is."""
    sight = Sight(game)
    if ask.measure == "score":
        return score_why(game, ask.company, ask.turn)
    if ask.measure in BOOKS and not sight.knows(ask.company):
        return _closed(sight, ask)
    if not game.reports:
        return _first(sight, ask)
    market = ask.market if ask.market >= 0 else None
    view = game.why(ask.measure, ask.company, market, ask.turn if ask.turn >= 0 else None)
    if view.turn == 0 and math.isnan(view.before) and not math.isnan(view.after):
        opening = _line(sight, "ask.opening", _figure(Sight(game, game.states[0]), ask)[1])
        after = Sight(game, game.states[1])
        view = dataclasses.replace(view, sentences=(opening, *_beside(after, ask)))
    return view


def related_asks(game: Game, ask: Ask) -> tuple[tuple[Ask, str], ...]:
    """Other numbers of the same company and place, with their names, as tabs beside this one."""
    sight = Sight(game)
    here = ask.market >= 0
    measures: tuple[str, ...] = HERE if here else WHOLE
    if here and ask.company == game.seat:
        measures = (*measures, "profit")
    return tuple(
        (Ask(measure, ask.company, ask.market, ask.turn), sight.say(f"ask.tab.{measure}"))
        for measure in measures
    )


def why_dates(game: Game, view: WhyView) -> tuple[str, str]:
    """Names of the quarter before and of the quarter explained."""
    sight = Sight(game)
    return sight.date(view.turn - 1), sight.date(view.turn)


# ------------------------------------------------------------ where nothing can be compared


def _level(
    sight: Sight, ask: Ask, value: float, text: str, note: str, known: tuple[str, ...]
) -> WhyView:
    """A figure without a change."""
    key = f"why.title.{ask.measure.upper()}" + (".market" if ask.market >= 0 else "")
    place = sight.market(ask.market) if ask.market >= 0 else ""
    title = sight.say(key, company=sight.name(ask.company), market=place)
    turn = sight.full.turn - 1
    return WhyView(
        title, sight.date(turn), "", text, math.nan, value, KINDS.get(ask.measure, "money"),
        (), known, (), note, ask.measure, ask.company, ask.market, turn,
    )  # fmt: skip


def _closed(sight: Sight, ask: Ask) -> WhyView:
    """Books that the seat may only estimate: the estimate, and how to learn more."""
    value = float(getattr(sight.view, f"{ask.measure}_guess")[0, ask.company])
    text, band, _ = sight.guess(value, ask.company)
    note = sight.say("ask.closed", company=sight.name(ask.company))
    return _level(sight, ask, value, text, note, (sight.say("guess.band", band=band),))


def _first(sight: Sight, ask: Ask) -> WhyView:
    """Before a quarter was played: the figure as it stands, and what stands beside it."""
    value, text = _figure(sight, ask)
    return _level(sight, ask, value, text, sight.say("ask.first"), _beside(sight, ask))


def _line(sight: Sight, key: str, value: str) -> str:
    return sight.say("map.line", lens=sight.say(key), value=value)


def _figure(sight: Sight, ask: Ask) -> tuple[float, str]:
    """A figure as it stands: value and text."""
    now, company, market = sight.now, ask.company, ask.market
    if market < 0:
        return _whole_figure(sight, ask)
    if ask.measure in ("profit", "revenue"):
        name = "contribution" if ask.measure == "profit" else "revenue"
        value = float(getattr(now, name)[company, market])
        return value, sight.money(value)
    units, price = float(now.units[company, market]), float(now.price[company, market])
    if ask.measure == "units":
        return units, sight.volume(units, sight.unit(market))
    if ask.measure == "price":
        return price, sight.price(price)
    share = units / max(float(now.units[:, market].sum() + now.fringe_units[market]), 1e-12)
    return share, sight.percent(share)


def _whole_figure(sight: Sight, ask: Ask) -> tuple[float, str]:
    now, company = sight.now, ask.company
    if ask.measure == "quote":
        value = 1e6 * float(now.quote[company])
        return value, sight.price(value)
    if ask.measure == "doors":
        value = float(now.doors[company])
        return value, sight.volume(value, sight.say("unit.users"))
    if ask.measure == "revenue":
        value = float(now.revenue[company].sum())
        return value, sight.money(value)
    value = float(getattr(now, ask.measure)[company])
    return value, sight.money(value)


def _beside(sight: Sight, ask: Ask) -> tuple[str, ...]:
    """Other figures of the same company and place, as far as the seat may see them."""

    def lines(keys: tuple[str, ...], prefix: str) -> list[str]:
        return [
            _line(sight, prefix + key, _figure(sight, dataclasses.replace(ask, measure=key))[1])
            for key in keys
            if key != ask.measure
        ]

    now, company, market = sight.now, ask.company, ask.market
    if market < 0:
        known = ("profit", "cash", "debt") if sight.knows(company) else ("quote", "doors")
        return tuple(lines(("revenue", *known), "figure."))
    reach = float(sight.view.reach[company, market])
    quality = float(now.quality[company, market] - now.frontier[market])
    return (
        *lines(HERE, "col."),
        _line(sight, "col.reach", sight.percent(reach)),
        _line(sight, "col.quality", fmt.utils(quality, sight.lang)),
    )
