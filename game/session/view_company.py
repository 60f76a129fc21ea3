"""A company as the seat may know it: accounts, holdings, pledges, trust."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np

from game.core.ruleset import Status
from game.finance.voting import voting_power
from game.play import outcome
from game.play.rights import founders_votes, parents
from game.play.threat import raiders
from game.session.directing import Deputy
from game.session.sight import Sight
from game.session.view_actions import rights_in, targeted
from game.session.view_contests import ready_action
from game.session.view_desk import dials
from game.session.view_detail import CompanyView, HoldingView, TrustView
from game.session.view_loans import loans
from game.session.view_map import revenue
from game.session.view_memory import memory, relations
from game.session.view_pledges import given, received
from game.session.view_score import mandates
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

LEAST_STAKE = 5e-5


def company_view(game: Game, company: int) -> CompanyView:
    """One company through the seat's eyes."""
    sight = Sight(game)
    entry = sight.ruleset.companies[company]
    own = company == sight.seat
    leads = game.directs(company)
    return CompanyView(
        company=sight.tag(company),
        own=own,
        about=sight.pick(entry.about),
        status=_status(sight, company),
        home=sight.region(entry.home),
        figures=_figures(sight, company),
        accounts=_accounts(sight, company),
        markets=_markets(sight, company),
        holdings=holdings(sight, company),
        holders=holders(sight, company),
        given=given(sight, company),
        received=received(sight, company),
        between=() if own else _between(sight, company),
        trust=_trust(sight, game, company),
        mandates=mandates(sight, company),
        actions=() if own else _actions(sight, company),
        history=_history(sight, game, company),
        loans=loans(sight, company),
        others=tuple(sight.tag(index) for index in range(len(sight.ruleset.companies))),
        dials=dials(Sight(Deputy(game, company))) if leads else None,
        relations=relations(sight, game, company),
        dials_note=sight.say("company.direct", company=sight.name(company)) if leads else "",
    )


def _status(sight: Sight, company: int) -> str:
    status = Status(int(sight.now.status[company]))
    if status == Status.CONTROLLED:
        parent = int(parents(sight.full, sight.ruleset)[company, 0])
        return sight.say("status.CONTROLLED", company=sight.name(parent))
    entry = sight.ruleset.companies[company]
    listed = sight.say("company.listed" if entry.listed else "company.private")
    founders = float(sight.now.founders[company]) / max(
        float(sight.view.shares_total[company]), 1.0
    )
    cast = float(founders_votes(sight.full, sight.ruleset)[company, 0])
    votes = sight.say("company.founders", part=sight.percent(founders))
    if cast > founders + LEAST_STAKE:
        votes = sight.say(
            "company.founders_votes", part=sight.percent(founders), votes=sight.percent(cast)
        )
    if status == Status.FAILED:
        return sight.say("status.FAILED")
    words = [sight.say(f"status.{status.name}")] if status == Status.RESTRUCTURED else []
    return sight.say("list.stop").join([*words, listed, votes, *_threat(sight, company)])


def _threat(sight: Sight, company: int) -> list[str]:
    """The large holder that it does not trust, and what it does about that."""
    view = sight.view
    found = raiders(
        view.stake[..., None], view.trust[..., None], view.status[:, None], np.array([company])
    )
    raider = int(found[0, 0])
    if raider < 0:
        return []
    key = "company.threat.own" if company == sight.seat else "company.threat"
    part = sight.percent(float(view.stake[raider, company]))
    return [sight.say(key, raider=sight.name(raider), part=part)]


def _figures(sight: Sight, company: int) -> tuple[Figure, ...]:
    view = sight.view
    score = float(view.score[company])
    quote = float(view.quote[company]) * 1e6
    whole = float(view.quote[company]) * float(view.shares_total[company])
    sold = float(revenue(sight)[company].sum())
    return (
        Figure(sight.say("col.score"), fmt.points(score, sight.lang), ask=Ask("score", company)),
        Figure(sight.say("figure.revenue"), sight.money(sold), ask=Ask("revenue", company)),
        Figure(sight.say("figure.quote"), sight.price(quote), ask=Ask("quote", company)),
        Figure(sight.say("figure.whole"), sight.money(whole)),
        Figure(
            sight.say("figure.doors"),
            sight.volume(float(sight.now.doors[company]), sight.say("unit.users")),
            ask=Ask("doors", company),
        ),
    )


def _accounts(sight: Sight, company: int) -> Table:
    columns = (
        Column("line", sight.say("col.line"), False),
        Column("figure", sight.say("col.figure")),
        Column("band", sight.say("col.band"), False),
    )
    rows: list[Row] = []

    def row(label: str, text: str, value: float, words: str, ask: str = "") -> None:
        why = Ask(ask, company) if ask else None
        cells = (Cell(label), Cell(text, value, ask=why), Cell(words, tone="mute"))
        rows.append(Row(len(rows), cells))

    known = sight.say("certainty.known")
    open_books = sight.knows(company)
    for key, (value, ask) in _account_figures(sight, company).items():
        text, band, certainty = sight.guess(value, company)
        row(
            sight.say(f"account.{key}"), text, value,
            band or sight.say(f"certainty.{certainty}"), ask,
        )  # fmt: skip
    if open_books:
        net = float(sight.now.profit[company])
        row(sight.say("ask.account.net"), sight.money(net), net, known, "profit")
    if company == sight.seat:
        left = float(sight.view.authorisation[0])
        text = sight.money(left) if left < 1e8 else sight.say("account.unlimited")
        row(sight.say("account.authorisation"), text, left, known)
    return Table(sight.say("table.accounts"), columns, tuple(rows))


def _account_figures(sight: Sight, company: int) -> dict[str, tuple[float, str]]:
    """Figures of the books by key, each with the measure that its why asks for."""
    view, open_books = sight.view, sight.knows(company)
    value = sight.now.value[company] if open_books else view.value_guess[0, company]
    return {
        "cash": (float(view.cash_guess[0, company]), "cash"),
        "debt": (float(view.debt_guess[0, company]), "debt"),
        "profit": (float(view.profit_guess[0, company]), "" if open_books else "profit"),
        "value": (float(value), "value"),
    }


def _markets(sight: Sight, company: int) -> Table:
    columns = (
        Column("market", sight.say("col.market"), False),
        Column("units", sight.say("col.units")),
        Column("price", sight.say("col.price")),
        Column("share", sight.say("col.share")),
        Column("revenue", sight.say("col.revenue")),
        Column("profit", sight.say("col.contribution"), hint=sight.say("col.contribution.hint")),
    )
    rows = [
        _market_row(sight, company, int(market))
        for market in np.flatnonzero(sight.now.on_sale[company])
    ]
    return Table(sight.say("table.markets"), columns, tuple(rows), sight.say("table.markets.empty"))


def _market_row(sight: Sight, company: int, market: int) -> Row:
    now = sight.now
    units, price = float(now.units[company, market]), float(now.price[company, market])
    total = float(now.units[:, market].sum() + now.fringe_units[market])
    share = units / max(total, 1e-12)
    if company == sight.seat:
        made = float(now.contribution[company, market])
        profit = sight.money_cell(made, toned=True, ask=Ask("profit", company, market))
    else:
        profit = Cell("–", tone="mute")
    link = Link("market", market)
    cells = (
        Cell(sight.market(market), link=link),
        Cell(sight.volume(units, sight.unit(market)), units, ask=Ask("units", company, market)),
        Cell(sight.price(price), price, ask=Ask("price", company, market)),
        Cell(sight.percent(share), share, ask=Ask("share", company, market)),
        sight.money_cell(float(now.revenue[company, market]), ask=Ask("revenue", company, market)),
        profit,
    )
    return Row(market, cells, link=link)


# --------------------------------------------------------------------------- holdings


def holdings(sight: Sight, company: int) -> tuple[HoldingView, ...]:
    """Stakes that a company holds, as far as the seat may see them."""
    return tuple(
        view
        for issuer in range(len(sight.ruleset.companies))
        if (view := stake_view(sight, company, issuer)) is not None
    )


def holders(sight: Sight, company: int) -> tuple[HoldingView, ...]:
    """Who holds a company: founders, stakes that the seat may see, and all others."""
    every = max(float(sight.view.shares_total[company]), 1.0)
    founders = float(sight.now.founders[company]) / every
    named = [
        view
        for holder in range(len(sight.ruleset.companies))
        if (view := stake_view(sight, holder, company)) is not None
    ]
    seen = sum(view.fraction for view in named if not math.isnan(view.fraction))
    rest = max(1.0 - founders - seen, 0.0)
    listed = sight.ruleset.companies[company].listed
    return _with_power(
        sight,
        company,
        (
            _outside(sight, company, "holder.founders", founders),
            *named,
            _outside(sight, company, "holder.public" if listed else "holder.others", rest),
        ),
    )


MOST_BLOCKS = 10


def _with_power(
    sight: Sight, company: int, rows: tuple[HoldingView, ...]
) -> tuple[HoldingView, ...]:
    """The holders with what each casts of the votes, and how much power that is."""
    each = float(sight.ruleset.founder_votes[company])
    cast = [row.fraction if not math.isnan(row.fraction) else 0.0 for row in rows]
    cast[0] *= each
    every = sum(cast)
    if every <= 0.0 or len(rows) - 1 > MOST_BLOCKS:
        return rows
    power, small = voting_power(cast[:-1], cast[-1])
    told = []
    for row, votes, part in zip(rows, cast, [*power.tolist(), small], strict=True):
        if votes <= 0.0:
            told.append(row)
            continue
        words = sight.say(
            "holder.votes", votes=sight.percent(votes / every), power=sight.percent(part)
        )
        note = sight.say("list.stop").join(filter(None, (row.note, words)))
        told.append(dataclasses.replace(row, note=note))
    return tuple(told)


def _outside(sight: Sight, company: int, key: str, part: float) -> HoldingView:
    worth = part * float(sight.view.quote[company]) * float(sight.view.shares_total[company])
    return HoldingView(
        None, sight.tag(company), sight.say(key), sight.percent(part), sight.money(worth), part, ""
    )


def stake_view(sight: Sight, holder: int, issuer: int) -> HoldingView | None:
    """A stake: exact to its holder and issuer or when disclosed, a word when only its being is
    known, nothing when it is under the threshold."""
    exact = float(outcome.stakes(sight.full)[holder, issuer, 0])
    if exact < LEAST_STAKE:
        return None
    inside = sight.seat in (holder, issuer)
    disclosed = bool(sight.now.disclosed[holder, issuer]) or exact > sight.ruleset.rules.control
    seen = float(sight.view.stake[holder, issuer])
    if not inside and not disclosed and seen < LEAST_STAKE:
        return None
    known = inside or disclosed
    value = exact if known else math.nan
    size = sight.percent(exact) if known else sight.say("stake.undisclosed")
    every = float(sight.view.quote[issuer]) * float(sight.view.shares_total[issuer])
    worth = sight.money(exact * every) if known else "–"
    return HoldingView(
        sight.tag(holder), sight.tag(issuer), sight.name(holder), size, worth, value,
        _stake_note(sight, holder, issuer, disclosed),
    )  # fmt: skip


def _stake_note(sight: Sight, holder: int, issuer: int, disclosed: bool) -> str:
    parts = []
    if bool(sight.now.board[holder, issuer]):
        parts.append(sight.say("stake.board"))
    until = int(sight.now.locked_until[holder, issuer])
    if until > sight.full.turn:
        parts.append(sight.say("stake.locked", date=sight.date(until)))
    if sight.seat in (holder, issuer) and not disclosed:
        parts.append(sight.say("stake.secret"))
    return sight.say("list.stop").join(parts)


# ------------------------------------------------------------------------------ trust


def _trust(sight: Sight, game: Game, company: int) -> tuple[TrustView, ...]:
    """How far this company trusts the others, the extremes first."""
    values = sight.view.trust[company]
    order = sorted(range(len(values)), key=lambda other: -abs(float(values[other])))
    return tuple(
        trust_view(sight, game, company, other)
        for other in order
        if other != company and abs(float(values[other])) >= 0.01
    )


def trust_view(sight: Sight, game: Game, company: int, other: int) -> TrustView:
    """Trust of one company in another, in words with its reasons."""
    known = memory(sight, game, company, other)
    why = list(known.lines)
    rivalry = float(sight.ruleset.rivalry[company, other])
    if rivalry > 0.0:
        why.append(sight.say("trust.rivals", part=sight.percent(rivalry, digits=0)))
    return TrustView(known.company, known.value, known.text, tuple(why))


def _between(sight: Sight, company: int) -> tuple[str, ...]:
    """How the two would work together: fit, patience, lock-ups."""
    view = sight.view
    fit = float(view.fit_guess[sight.seat, company])
    back = float(view.fit_guess[company, sight.seat])
    patience = float(view.patience[0, company])
    spread = sight.ruleset.rules.fit_hidden
    one = sight.say(
        "between.fit", company=sight.name(company),
        low=fmt.factor(fit * math.exp(-spread), sight.lang),
        high=fmt.factor(fit * math.exp(spread), sight.lang),
    )  # fmt: skip
    two = sight.say(
        "between.fit_back", company=sight.name(company),
        low=fmt.factor(back * math.exp(-spread), sight.lang),
        high=fmt.factor(back * math.exp(spread), sight.lang),
    )  # fmt: skip
    return one, two, sight.say("between.patience", part=sight.percent(patience, digits=0))


def _actions(sight: Sight, company: int) -> tuple[Action, ...]:
    rules = sight.ruleset.rules
    talked = sight.game.draft.talk(company).rounds
    points = 0 if talked else rules.cost_talk
    enough = sight.game.points_left >= points and not sight.game.over
    reason = sight.say("action.talk.hint") if enough else sight.say("refusal.ATTENTION")
    talk = Action("open_table", (company,), sight.say("action.talk"), points, enough, reason)
    return (
        talk,
        targeted(sight, "investigate", company, rules.cost_investigate),
        targeted(sight, "praise", company, rules.cost_statement),
        targeted(sight, "attack", company, rules.cost_statement),
        *ready_action(sight, company),
        *rights_in(sight, company),
    )


def _history(sight: Sight, game: Game, company: int) -> tuple[Chart, ...]:
    """Public figures over all quarters: revenue, score, price of a share."""
    labels = tuple(sight.short_date(state.turn - 1) for state in game.states)
    entry = sight.tag(company)
    mine = company == sight.seat

    def chart(key: str, kind: str, unit: str, values: list[float]) -> Chart:
        return Chart(
            sight.say(key), kind, unit, labels,
            (Series(entry.short, entry.colour, tuple(values), mine),),
        )  # fmt: skip

    sold = [float((s.price * s.units)[company, :, 0].sum()) for s in game.states]
    quotes = [float(s.quote[company, 0]) * 1e6 for s in game.states]
    scores = [float(s.score[company, 0]) for s in game.states]
    return (
        chart("chart.revenue", "money", "USD m", sold),
        chart("chart.quote", "price", "USD", quotes),
        chart("chart.score", "points", sight.say("unit.points"), scores),
    )
