"""A market: who sells what at which price to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from game.core.axes import OFFLINE, ONLINE, AnyArray, Array
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play import legality, levers
from game.play import market as buyers
from game.play.pledges import pledge_effects
from game.session.draft import to_orders
from game.session.sight import Sight
from game.session.view_actions import entry_points, toggled
from game.session.view_detail import MarketView, OwnLine, SegmentView
from game.session.view_types import (
    Action,
    Ask,
    Cell,
    Chart,
    Column,
    Figure,
    Link,
    Row,
    Series,
    Table,
)
from game.text import format as fmt

if TYPE_CHECKING:
    from game.session.game import Game

FRINGE_COLOUR = "#8a8f98"
LEAST_SHARE = 0.0005


def market_view(game: Game, market: int) -> MarketView:
    """One market through the seat's eyes."""
    sight = Sight(game)
    ruleset = sight.ruleset
    chances = segment_probabilities(sight.full, ruleset)[:, market, :, 0]
    missed = unserved(game, market)
    return MarketView(
        index=market,
        title=sight.market(market),
        sector=sight.sector(int(ruleset.market_sector[market])),
        region=sight.region(int(ruleset.market_region[market])),
        unit=sight.unit(market),
        figures=_figures(sight, market, float(missed.sum())),
        sellers=_sellers(sight, game, market, chances),
        segments=_segments(sight, market, chances),
        shares=share_chart(sight, game, market),
        prices=_price_chart(sight, game, market),
        own=_own(sight, market, float(missed[sight.seat])),
        others=tuple((index, sight.market(index)) for index in range(len(ruleset.markets))),
    )


_PROBABILITIES: dict[tuple[int, int], tuple[State, Array]] = {}


def segment_probabilities(state: State, ruleset: Ruleset) -> Array:
    """Who buys what, by kind of buyer, at the last quarter's prices: [N, M, S, W].

    The last answer is kept: every market of a quarter asks for the same.
    """
    known = _PROBABILITIES.get((0, 0))
    if known is not None and known[0] is state:
        return known[1]
    effects = pledge_effects(state, ruleset)
    met = buyers.offer(state, ruleset, effects, buyers.new_adopters(state, ruleset))
    choice = buyers.choice_at(state, ruleset, met)
    chances = choice.lines.scatter(choice.probabilities)
    _PROBABILITIES[0, 0] = (state, chances)
    return chances


def sold_by_all(now: object, market: int) -> float:
    """Units of everybody in a market, m."""
    return float(now.units[:, market].sum() + now.fringe_units[market])  # type: ignore[attr-defined]


def unserved(game: Game, market: int) -> AnyArray:
    """Who wanted each product first last quarter and found it sold out: [N] m units."""
    if not game.reports:
        return np.zeros(len(game.ruleset.companies))
    return np.asarray(game.reports[-1].unserved[:, market, 0])


def _figures(sight: Sight, market: int, missed: float) -> tuple[Figure, ...]:
    now, unit = sight.now, sight.unit(market)
    total = sold_by_all(now, market)
    taken = float((now.units[:, market] * now.price[:, market]).sum())
    shares = now.units[:, market] / max(total, 1e-12)
    fringe = float(now.fringe_units[market]) / max(total, 1e-12)
    firms = max(float(sight.ruleset.fringe_count[market]), 1.0)
    index = 1e4 * (float((shares**2).sum()) + fringe**2 / firms)
    crowd = sight.say("figure.hhi.high" if index > 2500 else "figure.hhi.low")
    short = (Figure(sight.say("figure.unserved"), sight.volume(missed, unit)),)
    return (
        Figure(sight.say("figure.units"), sight.volume(total, unit)),
        Figure(
            sight.say("figure.buyers"),
            sight.volume(float(now.market_size[market]), sight.say("unit.people")),
        ),
        Figure(sight.say("figure.revenue"), sight.money(taken)),
        Figure(sight.say("figure.hhi"), f"{index:,.0f}", why=(crowd,)),
        *(short if missed > 0.0 else ()),
    )


def _sellers(sight: Sight, game: Game, market: int, chances: AnyArray) -> Table:
    sector = int(sight.ruleset.market_sector[market])
    segments = [sight.pick(name) for name in sight.ruleset.segment_names[sector]]
    columns = [
        Column("company", sight.say("col.company"), False),
        Column("price", sight.say("col.price"), hint=sight.say("col.price.hint")),
        Column("units", sight.say("col.units")),
        Column("share", sight.say("col.share"), hint=sight.say("col.share.hint")),
        Column("change", sight.say("col.change"), hint=sight.say("col.change.hint")),
        Column("reach", sight.say("col.reach"), hint=sight.say("col.reach.hint")),
        Column("quality", sight.say("col.quality"), hint=sight.say("col.quality.hint")),
        Column("margin", sight.say("col.margin"), hint=sight.say("col.margin.hint")),
    ]
    shown = chances.shape[1] if len(segments) == chances.shape[1] else 0
    hint = sight.say("col.segment.hint")
    columns += [Column(f"segment{s}", segments[s], hint=hint) for s in range(shown)]
    selling = np.flatnonzero(sight.now.on_sale[:, market] | (sight.now.entry_due[:, market] >= 0))
    order = sorted(selling, key=lambda company: -float(sight.now.units[company, market]))
    rows = [_seller(sight, game, market, int(c), chances[int(c), :shown]) for c in order]
    rows.append(_fringe(sight, market, len(columns)))
    return Table(sight.say("table.sellers"), tuple(columns), tuple(rows))


def _seller(sight: Sight, game: Game, market: int, company: int, chances: AnyArray) -> Row:
    now, view = sight.now, sight.view
    total = max(sold_by_all(now, market), 1e-12)
    units = float(now.units[company, market])
    share = units / total
    price, margin = float(now.price[company, market]), float(view.margin[company, market])
    quality = float(now.quality[company, market] - now.frontier[market])
    entering = not now.on_sale[company, market]
    name = sight.name(company)
    if entering:
        name = sight.say(
            "market.entering", company=name, date=sight.date(int(now.entry_due[company, market]))
        )
    part = margin / price if price > 0.0 else 0.0

    def ask(measure: str) -> Ask | None:
        return None if entering else Ask(measure, company, market)

    cells = [
        Cell(name, link=Link("company", company)),
        Cell("–" if entering else sight.price(price), price, ask=ask("price")),
        Cell(sight.volume(units), units, ask=ask("units")),
        Cell(sight.percent(share), share, ask=ask("share")),
        _change(sight, game, market, company, share),
        Cell(sight.percent(float(view.reach[company, market])), float(view.reach[company, market])),
        Cell(
            fmt.utils(quality, sight.lang),
            quality,
            "good" if quality > 0.1 else "bad" if quality < -0.1 else "",
        ),
        _margin(sight, market, company, part),
    ]
    cells += [Cell(sight.percent(float(p)), float(p)) for p in chances]
    colour = sight.ruleset.companies[company].colour
    return Row(company, tuple(cells), colour, company == sight.seat, link=Link("company", company))


def _margin(sight: Sight, market: int, company: int, guess: float) -> Cell:
    """Unit margin in the price: own exact, others' as implied by price and sales."""
    if company != sight.seat:
        return Cell("≈ " + sight.percent(guess, digits=0), guess, "mute")
    price = float(sight.now.price[company, market])
    own = (price - float(sight.now.unit_cost[company, market])) / price if price > 0.0 else 0.0
    return Cell(sight.percent(own), own)


def _change(sight: Sight, game: Game, market: int, company: int, share: float) -> Cell:
    if len(game.states) < 2:
        return Cell("–", tone="mute")
    before = game.states[-2]
    total = max(float(before.units[:, market, 0].sum() + before.fringe_units[market, 0]), 1e-12)
    change = share - float(before.units[company, market, 0]) / total
    tone = "good" if change > LEAST_SHARE else "bad" if change < -LEAST_SHARE else ""
    ask = Ask("share", company, market)
    return Cell(fmt.percentage_points(change, sight.lang), change, tone, ask=ask)


def _fringe(sight: Sight, market: int, width: int) -> Row:
    units = float(sight.now.fringe_units[market])
    share = units / max(sold_by_all(sight.now, market), 1e-12)
    firms = float(sight.ruleset.fringe_count[market])
    name = sight.say("market.fringe", count=f"{firms:.0f}")
    cells = [
        Cell(name, tone="mute"),
        Cell("–"),
        Cell(sight.volume(units), units),
        Cell(sight.percent(share), share),
    ]
    cells += [Cell("–", tone="mute")] * (width - len(cells))
    return Row(-1, tuple(cells), FRINGE_COLOUR)


def _segments(sight: Sight, market: int, chances: AnyArray) -> tuple[SegmentView, ...]:
    sector = int(sight.ruleset.market_sector[market])
    names = sight.ruleset.segment_names[sector]
    sellers = [int(c) for c in np.flatnonzero(sight.now.on_sale[:, market])]
    out = []
    for place in range(min(len(names), chances.shape[1])):
        slices = [
            Series(
                sight.name(company), sight.ruleset.companies[company].colour,
                (float(chances[company, place]),), company == sight.seat,
            )
            for company in sellers
        ]  # fmt: skip
        rest = max(1.0 - float(chances[:, place].sum()), 0.0)
        slices.append(Series(sight.say("market.rest"), FRINGE_COLOUR, (rest,)))
        weight = sight.percent(float(sight.ruleset.weight[market, place]), digits=0)
        out.append(SegmentView(sight.pick(names[place]), weight, tuple(slices)))
    return tuple(out)


# ----------------------------------------------------------------------------- charts


def share_chart(sight: Sight, game: Game, market: int) -> Chart:
    """Shares of units over all quarters; the first point is the quarter before the start."""

    def share(state: State) -> AnyArray:
        units = state.units[:, market, 0]
        return np.asarray(units / max(float(units.sum() + state.fringe_units[market, 0]), 1e-12))

    return _chart(sight, game, "chart.shares", "percent", "%", [share(s) for s in game.states])


def _price_chart(sight: Sight, game: Game, market: int) -> Chart:
    def prices(state: State) -> AnyArray:
        sold = state.on_sale[:, market, 0]
        return np.where(sold, state.price[:, market, 0], np.nan)

    unit = sight.say("unit.usd_each", unit=sight.unit(market))
    return _chart(sight, game, "chart.prices", "price", unit, [prices(s) for s in game.states])


def _chart(
    sight: Sight, game: Game, key: str, kind: str, unit: str, values: list[AnyArray]
) -> Chart:
    labels = tuple(sight.short_date(state.turn - 1) for state in game.states)
    table = np.stack(values, axis=1)
    known = np.flatnonzero((np.nan_to_num(table) > 0.0).any(axis=1))
    order = sorted(known, key=lambda c: -float(np.nan_to_num(table[c, -1])))
    series = tuple(
        Series(
            sight.name(int(c)), sight.ruleset.companies[int(c)].colour,
            tuple(float(v) for v in table[int(c)]), int(c) == sight.seat,
        )
        for c in order
    )  # fmt: skip
    return Chart(sight.say(key), kind, unit, labels, series)


# ------------------------------------------------------------------------- own levers


def _own(sight: Sight, market: int, missed: float) -> OwnLine:
    seat, now, draft = sight.seat, sight.now, sight.game.draft
    orders = to_orders(draft, sight.full, sight.ruleset, seat)
    pin = int(orders.pin_stance[seat, market, 0])
    sector = int(sight.ruleset.market_sector[market])
    stance = pin if pin > -9 else int(orders.stance[seat, sector, 0])
    spend = float(orders.pin_spend[seat, market, 0])
    on_sale, entering = bool(now.on_sale[seat, market]), bool(now.entry_due[seat, market] >= 0)
    focused = market in sight.game.focus()
    return OwnLine(
        on_sale=on_sale,
        entering=entering,
        status=_status(sight, market, on_sale, entering),
        stance=stance,
        stance_pinned=pin > -9,
        stance_text=sight.say(f"stance.{stance + 2}"),
        spend_factor=spend,
        spend_text=_spend_text(sight, market, spend),
        focused=focused,
        enter=_enter(sight, market),
        leave=toggled(
            sight, "leave", market, (market,), sight.say("action.leave"),
            sight.ruleset.rules.cost_exit,
        ),
        focus=Action(
            "toggle_focus", (market,), sight.say("action.focus"), 0, on_sale,
            "" if on_sale else sight.say("refusal.NOT_THERE"), focused,
        ),
        lines=_own_lines(sight, market, missed) if on_sale else (),
    )  # fmt: skip


def _status(sight: Sight, market: int, on_sale: bool, entering: bool) -> str:
    if entering:
        due = int(sight.now.entry_due[sight.seat, market])
        return sight.say("market.status.entering", date=sight.date(due))
    return sight.say("market.status.on" if on_sale else "market.status.off")


def _spend_text(sight: Sight, market: int, spend: float) -> str:
    normal = float(
        levers.normal_spending(sight.full, sight.ruleset)[sight.seat, :, market, 0].sum()
    )
    if np.isnan(spend):
        return sight.say("market.delegate", money=sight.money(normal))
    return sight.say(
        "market.pinned", factor=fmt.factor(spend, sight.lang), money=sight.money(spend * normal)
    )


def _enter(sight: Sight, market: int) -> Action:
    cost = float(legality.entry_cost(sight.full, sight.ruleset)[sight.seat, market, 0])
    wait = sight.ruleset.rules.entry_quarters
    if legality.entry_ally(sight.full, sight.ruleset)[sight.seat, market, 0]:
        wait = max(wait - 1, 1)
    note = sight.say("action.enter.hint", money=sight.money(cost), quarters=sight.quarters(wait))
    points = entry_points(sight, market)
    label = sight.say("action.enter", money=sight.money(cost))
    return toggled(sight, "enter", market, (market,), label, points, note)


def _own_lines(sight: Sight, market: int, missed: float) -> tuple[str, ...]:
    """What moves the seat's sales here, each with its unit."""
    seat, now = sight.seat, sight.now
    effects = pledge_effects(sight.full, sight.ruleset)
    full = buyers.channel_reach(sight.full, sight.ruleset)[market, :, 0]
    lent = effects.lent[seat, market, :, 0]
    own = now.coverage[seat, market]
    cover = [min(float(own[h] + lent[h]), 1.0) * float(full[h]) for h in (ONLINE, OFFLINE)]
    price, cost = float(now.price[seat, market]), float(now.unit_cost[seat, market])
    allied = float(effects.appeal[seat, market, 0])
    lines = [
        sight.say(
            "own.online",
            part=sight.percent(cover[ONLINE]),
            lent=_lent(sight, lent[ONLINE] * full[ONLINE]),
        ),
        sight.say(
            "own.offline",
            part=sight.percent(cover[OFFLINE]),
            lent=_lent(sight, lent[OFFLINE] * full[OFFLINE]),
        ),
        sight.say("own.cost", cost=sight.price(cost), margin=sight.price(price - cost)),
        sight.say("own.base", base=sight.volume(float(now.base[seat, market]), sight.unit(market))),
        sight.say("own.profit", money=sight.money(float(now.contribution[seat, market]))),
    ]
    if abs(allied) >= LEAST_SHARE:
        lines.append(sight.say("own.allies", utils=fmt.utils(allied, sight.lang)))
    if missed > 0.0:
        units = sight.volume(missed, sight.unit(market))
        lines.append(sight.say("own.unserved", units=units))
    bump = float(now.bump[seat, market])
    if abs(bump) >= LEAST_SHARE * 10:
        lines.append(sight.say("own.bump", utils=fmt.utils(bump, sight.lang)))
    return tuple(lines)


def _lent(sight: Sight, more: float) -> str:
    if more < LEAST_SHARE:
        return ""
    return sight.say("own.lent", part=fmt.percentage_points(float(more), sight.lang))
