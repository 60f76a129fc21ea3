"""The desk: the quarter at a glance."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from game.core.ruleset import Status
from game.play import legality, levers, outcome
from game.play.rights import parents
from game.session.draft import to_orders
from game.session.sight import Sight
from game.session.view_actions import company_actions, drafted
from game.session.view_cards import cards
from game.session.view_contests import contests
from game.session.view_front import (
    AttentionView,
    DeskView,
    DialsView,
    EventCard,
    OfferView,
    SectorStance,
    Todo,
)
from game.session.view_map import companies, lenses, regions
from game.session.view_offers import offers
from game.session.view_score import mandates, paths, score
from game.session.view_types import Ask, Figure, Link, Notice
from game.text import format as fmt

if TYPE_CHECKING:
    from game.session.game import Game

SHORT_RUNWAY = 3.0
QUARTERS_SHOWN = 20.0


def desk(game: Game, lens: str) -> DeskView:
    """The desk of a game."""
    sight = Sight(game)
    rules = sight.ruleset.rules
    turn = min(sight.full.turn, rules.quarters - 1)
    open_cards, open_offers = cards(sight), offers(sight, game)
    return DeskView(
        company=sight.tag(sight.seat),
        title=sight.pick(sight.ruleset.title),
        date=sight.date(turn),
        turn=turn,
        turns=rules.quarters,
        progress=sight.say("desk.progress", turn=turn + 1, turns=rules.quarters),
        figures=figures(sight, game),
        score=score(sight),
        attention=attention(sight, game),
        mandates=mandates(sight, sight.seat),
        lenses=lenses(sight, lens),
        regions=regions(sight, lens),
        companies=companies(sight),
        headlines=game.headlines(),
        cards=open_cards,
        offers=open_offers,
        todo=todo(sight, game, open_cards, open_offers),
        warnings=warnings(sight),
        dials=dials(sight),
        actions=company_actions(sight),
        drafted=drafted(sight),
        contests=contests(sight),
        paths=paths(sight),
        can_undo=game.can_undo,
        can_redo=game.can_redo,
        can_undo_turn=game.can_undo_turn,
        rehearsed=game.rehearsed,
        over=game.over,
    )


# --------------------------------------------------------------------------- figures


def figures(sight: Sight, game: Game) -> tuple[Figure, ...]:
    """Cash, profit, debt, value a share and doors, each with its change."""
    now, seat = sight.now, sight.seat
    before = game.states[-2] if len(game.states) > 1 else None

    def last(name: str) -> float | None:
        return None if before is None else float(getattr(before, name)[seat, 0])

    share = float(outcome.value_per_share(sight.full)[seat, 0]) * 1e6
    old = None if before is None else float(outcome.value_per_share(before)[seat, 0]) * 1e6
    grown = "" if old is None or old <= 0.0 else sight.percent(share / old - 1.0, sign=True)
    doors = float(now.doors[seat])
    doors_before = last("doors")
    more = (
        "" if doors_before is None else fmt.volume(doors - doors_before, "", sight.lang, sign=True)
    )
    return (
        sight.money_figure("figure.cash", float(now.cash[seat]), last("cash"), ask="cash"),
        sight.money_figure("figure.profit", float(now.profit[seat]), last("profit"), ask="profit"),
        sight.money_figure("figure.debt", float(now.debt[seat]), last("debt"), ask="debt"),
        Figure(
            sight.say("figure.value"),
            sight.price(share),
            change=grown,
            link=Link("ledger"),
            ask=Ask("value", seat),
        ),
        Figure(
            sight.say("figure.doors"),
            sight.volume(doors, sight.say("unit.users")),
            change=more,
            link=Link("ledger"),
            ask=Ask("doors", seat),
        ),
    )


def attention(sight: Sight, game: Game) -> AttentionView:
    """Points of the quarter and what they go to."""
    total = int(sight.now.attention[sight.seat])
    left = game.points_left
    lines = [f"{one.label}: {fmt.attention(one.points, sight.lang)}" for one in drafted(sight)]
    held = int(legality.upkeep(sight.full, sight.ruleset)[sight.seat, 0])
    if held:
        lines.append(sight.say("attention.upkeep", points=fmt.attention(held, sight.lang)))
    used = total - left
    text = sight.say("attention.text", left=left, total=total)
    return AttentionView(total, used, left, text, tuple(lines))


# ------------------------------------------------------------------ to do and warnings


def todo(
    sight: Sight, game: Game, open_cards: tuple[EventCard, ...], open_offers: tuple[OfferView, ...]
) -> tuple[Todo, ...]:
    """What to look at before the quarter ends."""
    if game.over:
        return (Todo(sight.say("todo.over"), False, Link("end")),)
    items = []
    for card in open_cards:
        if card.mine:
            done = any(option.chosen for option in card.options)
            items.append(
                Todo(sight.say("todo.card", card=card.title), done, Link("event", card.index))
            )
    for offer in open_offers:
        text = sight.say("todo.offer", company=offer.sender.short)
        items.append(Todo(text, offer.state != "open", Link("offer", offer.number)))
    items.extend(_ending_pledges(sight, game))
    if game.points_left > 0:
        items.append(
            Todo(
                sight.say("todo.points", points=fmt.attention(game.points_left, sight.lang)),
                False,
                Link("deal"),
            )
        )
    return tuple(items)


def _ending_pledges(sight: Sight, game: Game) -> list[Todo]:
    """Pledges to or from the seat that run out at the end of this quarter."""
    out = []
    for partner in range(len(sight.ruleset.companies)):
        ending = game.ending(partner) if partner != sight.seat else ()
        names = [sight.pick(sight.ruleset.pledges[kind].name) for kind, _ in ending]
        if names:
            out.append(_renewal(sight, partner, names))
    return out


def _renewal(sight: Sight, partner: int, names: list[str]) -> Todo:
    """One line for all pledges of a pair that end together."""
    company = sight.name(partner)
    if len(names) == 1:
        text = sight.say("todo.renew", pledge=names[0], company=company)
    else:
        listed = sight.say("list.comma").join(names)
        text = sight.say("todo.renew_all", count=len(names), company=company, pledges=listed)
    signed = any(partner in (one.proposer, one.counterparty) for one in sight.game.draft.signed)
    return Todo(text, signed, Link("renewal", partner))


def warnings(sight: Sight) -> tuple[Notice, ...]:
    """Dangers: cash running out, debt near the line, exposed partners."""
    out = []
    cash, profit = float(sight.now.cash[sight.seat]), float(sight.now.profit[sight.seat])
    line = float(levers.credit_left(sight.full, sight.ruleset)[sight.seat, 0])
    if profit < 0.0:
        runway = (cash + max(line, 0.0)) / -profit
        if runway < QUARTERS_SHOWN:
            tone = "bad" if runway < SHORT_RUNWAY else "warn"
            args = {"cash": sight.money(cash), "credit": sight.money(max(line, 0.0))}
            text = sight.say("warn.runway", quarters=sight.quarters(int(runway)), **args)
            out.append(Notice(text, tone, Link("ledger")))
    if line < 0.0:
        out.append(Notice(sight.say("warn.line", over=sight.money(-line)), "bad", Link("ledger")))
    out.extend(_half_kept(sight))
    out.extend(_led(sight))
    return tuple(out)


def _led(sight: Sight) -> list[Notice]:
    """Another company decides: its word on the dials wins."""
    if int(sight.now.status[sight.seat]) != Status.CONTROLLED:
        return []
    parent = int(parents(sight.full, sight.ruleset)[sight.seat, 0])
    text = sight.say("warn.controlled", company=sight.name(parent))
    return [Notice(text, "warn", Link("company", parent))]


def _half_kept(sight: Sight) -> list[Notice]:
    """Partners whose pledges seem to arrive in part only, by the seat's noisy reports."""
    announced = sight.now.pledge_announced[:, :, sight.seat]
    working = sight.now.pledge_since[:, :, sight.seat] <= sight.full.turn
    report = sight.view.report[:, :, 0]
    out = []
    for kind, giver in zip(*np.nonzero((announced > 0.0) & working), strict=True):
        if report[kind, giver] < sight.ruleset.rules.suspect_below:
            name = sight.pick(sight.ruleset.pledges[int(kind)].name)
            part = sight.percent(float(report[kind, giver]), digits=0)
            text = sight.say("warn.effort", company=sight.name(int(giver)), pledge=name, part=part)
            out.append(Notice(text, "warn", Link("company", int(giver))))
    return out


# ------------------------------------------------------------------------------ dials


def dials(sight: Sight) -> DialsView:
    """The standing dials as drafted."""
    game, seat, ruleset = sight.game, sight.seat, sight.ruleset
    orders = to_orders(game.draft, sight.full, ruleset, seat)
    notch = int(orders.notch[seat, 0])
    mix = orders.mix[seat, :, 0]
    focus = game.focus()
    named = [sight.say("dial.none") if m < 0 else sight.market(m) for m in focus]
    selling = np.flatnonzero(sight.now.on_sale[seat])
    return DialsView(
        notch=notch,
        notch_names=tuple(sight.say(f"notch.{step}") for step in range(5)),
        notch_text=sight.say(
            "dial.notch", factor=fmt.factor(ruleset.rules.notches[notch], sight.lang)
        ),
        mix=(float(mix[0]), float(mix[1]), float(mix[2])),
        mix_names=(sight.say("mix.product"), sight.say("mix.reach"), sight.say("mix.brand")),
        spend_text=sight.say("dial.spend", money=sight.money(planned_spend(sight))),
        stances=tuple(
            _stance(sight, sector, int(orders.stance[seat, sector, 0]))
            for sector in range(len(ruleset.sectors))
            if sight.now.on_sale[seat, ruleset.market_sector == sector].any()
        ),
        stance_names=tuple(sight.say(f"stance.{step}") for step in range(5)),
        focus=focus,
        focus_names=(named[0], named[1]),
        focus_choices=tuple((int(market), sight.market(int(market))) for market in selling),
    )


def _stance(sight: Sight, sector: int, stance: int) -> SectorStance:
    factor = sight.ruleset.rules.stances[stance + 2]
    text = sight.say("dial.stance", factor=fmt.factor(factor, sight.lang))
    return SectorStance(sector, sight.sector(sector), stance, text)


def planned_spend(sight: Sight) -> float:
    """What the delegates will spend this quarter at the drafted dials: USD m."""
    orders = to_orders(sight.game.draft, sight.full, sight.ruleset, sight.seat)
    names = ("notch", "mix", "stance", "focus", "pin_stance", "pin_spend")
    state = dataclasses.replace(sight.full, **{name: getattr(orders, name) for name in names})
    return float(levers.spending(state, sight.ruleset)[sight.seat, :, :, 0].sum())
