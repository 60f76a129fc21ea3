"""The world map and the table of companies on the desk."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from game.core.axes import OFFLINE, ONLINE, AnyArray
from game.play.market import channel_reach
from game.session.sight import Sight
from game.session.view_front import Lens, RegionTile
from game.session.view_types import Ask, Cell, Column, Link, Row, Table

LENSES = ("share", "reach", "buyers", "profit", "doors", "rival")
NOBODY = -1


def revenue(sight: Sight) -> AnyArray:
    """Public revenue by company and market: [N, M] USD m."""
    return np.asarray(sight.now.revenue)


def region_revenue(sight: Sight, region: int) -> AnyArray:
    """Revenue of each company in a region: [N] USD m."""
    here = sight.ruleset.market_region == region
    return np.asarray(revenue(sight)[:, here].sum(axis=1))


def all_revenue(sight: Sight, region: int) -> float:
    """Revenue of everybody in a region, the fringe at the mean price: USD m."""
    total = 0.0
    for market in np.flatnonzero(sight.ruleset.market_region == region):
        units = sight.now.units[:, market]
        sold = float(units.sum())
        mean = float((units * sight.now.price[:, market]).sum()) / sold if sold > 0.0 else 0.0
        total += mean * (sold + float(sight.now.fringe_units[market]))
    return total


def _share(sight: Sight, region: int) -> tuple[float, str]:
    total = all_revenue(sight, region)
    value = float(region_revenue(sight, region)[sight.seat]) / total if total > 0.0 else 0.0
    return value, sight.percent(value)


def own_reach(sight: Sight, market: int) -> float:
    """Part of buyers that the seat's own channels reach in a market."""
    full = channel_reach(sight.full, sight.ruleset)[market, :, 0]
    covered = sight.now.coverage[sight.seat, market]
    missed = (1.0 - full[ONLINE] * covered[ONLINE]) * (1.0 - full[OFFLINE] * covered[OFFLINE])
    return float(1.0 - missed)


def _reach(sight: Sight, region: int) -> tuple[float, str]:
    mine = [
        own_reach(sight, int(market))
        for market in np.flatnonzero(sight.ruleset.market_region == region)
        if sight.now.on_sale[sight.seat, market]
    ]
    value = float(np.mean(mine)) if mine else 0.0
    return value, sight.percent(value)


def _buyers(sight: Sight, region: int) -> tuple[float, str]:
    value = all_revenue(sight, region)
    return value, sight.money(value)


def _profit(sight: Sight, region: int) -> tuple[float, str]:
    here = sight.ruleset.market_region == region
    value = float(sight.now.contribution[sight.seat, here].sum())
    return value, sight.money(value)


def _doors(sight: Sight, region: int) -> tuple[float, str]:
    here = sight.ruleset.market_region == region
    weight = sight.ruleset.door_weight[here]
    value = float((weight * sight.now.base[sight.seat, here]).sum())
    return value, sight.volume(value, sight.say("unit.users"))


def _rival(sight: Sight, region: int) -> tuple[float, str]:
    sold = region_revenue(sight, region)
    total = all_revenue(sight, region)
    first = int(np.argmax(sold))
    if total <= 0.0 or sold[first] <= 0.0:
        return 0.0, sight.say("list.nobody")
    value = float(sold[first]) / total
    return value, f"{sight.name(first)} {sight.percent(value, digits=0)}"


_READ: dict[str, Callable[[Sight, int], tuple[float, str]]] = {
    "share": _share,
    "reach": _reach,
    "buyers": _buyers,
    "profit": _profit,
    "doors": _doors,
    "rival": _rival,
}


def lenses(sight: Sight, active: str) -> tuple[Lens, ...]:
    """What the map can be coloured by."""
    return tuple(
        Lens(key, sight.say(f"lens.{key}"), key == active, sight.say(f"lens.{key}.legend"))
        for key in LENSES
    )


def regions(sight: Sight, lens: str) -> tuple[RegionTile, ...]:
    """Every region under a lens."""
    read = _READ.get(lens, _share)
    found = [read(sight, region) for region in range(len(sight.ruleset.regions))]
    values = np.array([value for value, _ in found])
    top = float(np.abs(values).max(initial=0.0))
    return tuple(
        _tile(sight, region, value, text, max(value, 0.0) / top if top > 0.0 else 0.0)
        for region, (value, text) in enumerate(found)
    )


def _tile(sight: Sight, region: int, value: float, text: str, shade: float) -> RegionTile:
    markets = [int(m) for m in np.flatnonzero(sight.ruleset.market_region == region)]
    lines = [
        sight.say("map.line", lens=sight.say(f"lens.{key}"), value=_READ[key](sight, region)[1])
        for key in LENSES
    ]
    return RegionTile(
        index=region,
        uid=sight.ruleset.regions[region],
        name=sight.region(region),
        text=text,
        value=value,
        shade=shade,
        lines=tuple(lines),
        markets=tuple(Link("market", market) for market in markets),
        market_names=tuple(
            sight.sector(int(sight.ruleset.market_sector[market])) for market in markets
        ),
        present=bool(sight.now.on_sale[sight.seat, markets].any()),
    )


# ------------------------------------------------------------------ table of companies


def companies(sight: Sight) -> Table:
    """All companies by public figures, the best score first."""
    columns = (
        Column("company", sight.say("col.company"), False),
        Column("score", sight.say("col.score"), hint=sight.say("col.score.hint")),
        Column("revenue", sight.say("col.revenue"), hint=sight.say("col.revenue.hint")),
        Column("profit", sight.say("col.profit"), hint=sight.say("col.profit.hint")),
        Column("cash", sight.say("col.cash"), hint=sight.say("col.cash.hint")),
        Column("lead", sight.say("col.lead"), False, sight.say("col.lead.hint")),
        Column("stake", sight.say("col.stake"), hint=sight.say("col.stake.hint")),
        Column("trust", sight.say("col.trust"), hint=sight.say("col.trust.hint")),
    )
    order = np.argsort(-sight.now.score, kind="stable")
    rows = tuple(_company_row(sight, int(company)) for company in order)
    return Table(sight.say("table.companies"), columns, rows)


def _company_row(sight: Sight, company: int) -> Row:
    view, mine = sight.view, company == sight.seat
    link = Link("company", company)
    score = float(view.score[company])
    sold = float(revenue(sight)[company].sum())
    cells = (
        Cell(sight.name(company), link=link),
        Cell(f"{score:.1f}", score, ask=Ask("score", company)),
        sight.money_cell(sold),
        sight.guess_cell(float(view.profit_guess[0, company]), company),
        sight.guess_cell(float(view.cash_guess[0, company]), company, Ask("cash", company)),
        _lead(sight, company),
        _stake(sight, company),
        Cell("–") if mine else _trust(sight, company),
    )
    return Row(company, cells, sight.ruleset.companies[company].colour, mine, link=link)


def _lead(sight: Sight, company: int) -> Cell:
    """The market that brings the company most, with its share there."""
    sold = revenue(sight)[company]
    market = int(np.argmax(sold))
    if sold[market] <= 0.0:
        return Cell("–", tone="mute")
    total = float(sight.now.units[:, market].sum() + sight.now.fringe_units[market])
    share = float(sight.now.units[company, market]) / max(total, 1e-12)
    text = f"{sight.percent(share)} {sight.market(market)}"
    return Cell(text, share, link=Link("market", market), ask=Ask("share", company, market))


def _stake(sight: Sight, company: int) -> Cell:
    held = float(sight.view.held[0, company])
    if held <= 0.0:
        return Cell("–", 0.0, "mute")
    return Cell(sight.percent(held), held)


def _trust(sight: Sight, company: int) -> Cell:
    value = float(sight.view.trust[company, sight.seat])
    tone = "good" if value > 0.15 else "bad" if value < -0.15 else ""
    return Cell(f"{value:+.2f}".replace("-", "−"), value, tone)
