"""The deal table: both sides' clauses, what they are worth, and the answer."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from game.core.axes import Array
from game.play.packages import Code, DealFlag
from game.play.pledges import capability
from game.session.deals import Clauses, Deal
from game.session.sight import Sight
from game.session.talks import MOST_ROUNDS, DealTable, Reply
from game.session.view_clauses import region_names
from game.session.view_deal_types import AnswerView, DealView, PledgeClause, SideView
from game.session.view_effects import giving_cost, offered_strength, pledge_lines
from game.session.view_foresight import foresight_view
from game.session.view_further import further_clauses
from game.session.view_memory import relations, squeeze_line
from game.session.view_offers import clause_lines, totals
from game.session.view_outlook import enough_line, look_ahead
from game.session.view_review import review_lines
from game.session.view_solver import is_locked, solver_view
from game.session.view_types import Action
from game.text.catalogue import reasons

if TYPE_CHECKING:
    from game.session.game import Game

BY_PLEDGE = (
    DealFlag.EXCLUSIVE
    | DealFlag.RECEIVER_FULL
    | DealFlag.GIVER_FULL
    | DealFlag.NO_CAPABILITY
    | DealFlag.TABOO
)
"""Reasons that lie in a single pledge."""
MOST_CHANGES = 4
"""Changes that an answer names."""


def deal_view(game: Game) -> DealView:
    """The open table.

    Raises:
        ValueError: no table is open.
    """
    if game.table is None:
        raise ValueError("no deal table is open")
    sight, table = Sight(game), game.table
    deal, rules = table.deal, game.ruleset.rules
    talk = game.draft.talk(table.company)
    left = max(MOST_ROUNDS - talk.rounds, 0)
    empty = all(side.nothing for side in deal.gives)
    flags = DealFlag.NONE if empty else game.flags_of(deal)
    terms = None if empty else game.estimate(deal)
    outlook = look_ahead(sight, game, deal, not empty)
    points = 0 if talk.rounds else rules.cost_talk
    return DealView(
        me=sight.tag(sight.seat),
        other=sight.tag(table.company),
        mine=_side(sight, game, deal, 0),
        theirs=_side(sight, game, deal, 1),
        term=deal.term,
        term_choices=rules.terms,
        term_text=sight.say("deal.term", quarters=sight.quarters(deal.term)),
        disclosed=deal.disclosed,
        disclosed_text=sight.say("deal.disclosed" if deal.disclosed else "deal.undisclosed"),
        rounds_left=left,
        rounds_text=sight.say("deal.rounds", left=left, total=MOST_ROUNDS),
        patience=_patience(sight, table.company, talk.worn),
        problems=_problems(sight, game, deal, flags),
        terms=outlook.rows,
        total_mine="–" if terms is None else sight.money(float(terms[0].sum()), sign=True),
        total_theirs=outlook.total,
        outlook=outlook.sentence,
        outlook_tone=outlook.tone,
        odds=outlook.odds,
        review=() if empty else review_lines(sight, game, deal),
        answer=_answer(sight, game, table.reply) if table.reply else None,
        price_note=_price_note(sight, deal),
        table=_table_action(sight, table, flags, empty, left, points),
        signed=tuple(
            sight.say("drafted.deal", company=sight.name(_partner(one, sight.seat)))
            for one in game.draft.signed
        ),
        story=table.story,
        points=points,
        solver=solver_view(sight, game),
        term_locked=is_locked(game, "term"),
        ahead=None if empty else foresight_view(sight, game, deal),
        large=not empty and game.is_large(deal),
        them=relations(sight, game, table.company),
        squeeze=squeeze_line(sight, game, table.company),
    )


def _problems(sight: Sight, game: Game, deal: Deal, flags: DealFlag) -> tuple[str, ...]:
    """Why the package cannot be tabled; what hangs on a pledge names it."""
    lines = list(reasons(int(flags & ~BY_PLEDGE), DealFlag, "dealflag", sight.lang))
    if not flags & BY_PLEDGE:
        return tuple(lines)
    for side, clauses in enumerate(deal.gives):
        for kind, strength in clauses.pledges:
            alone = Clauses(pledges=((kind, strength),))
            gives = (alone, Clauses()) if side == 0 else (Clauses(), alone)
            found = game.flags_of(dataclasses.replace(deal, gives=gives)) & flags & BY_PLEDGE
            name = sight.pick(sight.ruleset.pledges[kind].name)
            for why in reasons(int(found), DealFlag, "dealflag", sight.lang):
                lines.append(sight.say("deal.pledge_problem", pledge=name, why=why))
    return tuple(lines) or reasons(int(flags), DealFlag, "dealflag", sight.lang)


def _partner(deal: Deal, seat: int) -> int:
    return deal.counterparty if deal.proposer == seat else deal.proposer


def _patience(sight: Sight, company: int, worn: float) -> str:
    left = max(float(sight.view.patience[0, company]) - worn, 0.0)
    return sight.say("between.patience", part=sight.percent(left, digits=0))


def _table_action(
    sight: Sight, table: DealTable, flags: DealFlag, empty: bool, left: int, points: int
) -> Action:
    said = table.reply is not None
    ready = not (empty or flags or left == 0 or said or sight.game.over)
    if empty:
        reason = sight.say("dealflag.EMPTY")
    elif flags:
        reason = " ".join(reasons(int(flags), DealFlag, "dealflag", sight.lang))
    elif left == 0:
        reason = sight.say("table.no_rounds")
    else:
        reason = sight.say("table.answered" if said else "table.hint")
    return Action("table_offer", (), sight.say("table.offer"), points, ready, reason)


# ------------------------------------------------------------------------------ sides


def _side(sight: Sight, game: Game, deal: Deal, side: int) -> SideView:
    me, other = (deal.proposer, deal.counterparty)[:: 1 if side == 0 else -1]
    clauses, every = deal.gives[side], totals(sight)
    new = clauses.new_shares / max(int(every[me]) + clauses.new_shares, 1)
    issuer = clauses.old_issuer
    old = clauses.old_shares / max(int(every[issuer]), 1) if issuer >= 0 else 0.0
    lines = clause_lines(sight, clauses, me, taker=other, term=deal.term)
    return SideView(
        company=sight.tag(me),
        mine=me == sight.seat,
        cash=clauses.cash,
        cash_text=sight.money(clauses.cash),
        cash_most=_cash_most(sight, me),
        loan=clauses.loan,
        loan_text=sight.money(clauses.loan),
        rate=deal.rate,
        rate_text=sight.percent(deal.rate),
        rate_most=sight.ruleset.rules.loan_rate_most,
        stake=new,
        stake_text=sight.percent(new),
        stake_most=1.0 - sight.ruleset.rules.outside_floor,
        old_stake=old,
        old_issuer=issuer,
        old_text=sight.percent(old) + (f" {sight.name(issuer)}" if issuer >= 0 else ""),
        old_choices=_old_choices(sight, me),
        pledges=tuple(
            _pledge(sight, clauses, kind, me, other, is_locked(game, "pledge", side, kind))
            for kind in range(len(sight.ruleset.pledges))
        ),
        lines=lines,
        further=further_clauses(sight, game, deal, side),
        locked=frozenset(
            key
            for key, place in (("cash", 0), ("loan", side), ("new", side), ("old", side))
            if is_locked(game, key, place, issuer if key == "old" else -1)
        ),
    )


def _cash_most(sight: Sight, company: int) -> float:
    """What a side could pay as far as the seat knows: cash, and its own authorisation."""
    cash = max(float(sight.view.cash_guess[0, company]), 0.0)
    if company == sight.seat:
        cash = min(cash, max(float(sight.view.authorisation[0]), 0.0))
    return cash


def _old_choices(sight: Sight, company: int) -> tuple[tuple[int, str, float], ...]:
    """Existing shares that a side could hand over: its founders', and stakes that are seen."""
    every = totals(sight)
    founders = float(sight.now.founders[company]) / max(float(every[company]), 1.0)
    out = [(company, sight.say("holder.founders_of", company=sight.name(company)), founders)]
    held = sight.view.held[0] if company == sight.seat else sight.view.stake[company]
    for issuer in np.flatnonzero(held > 0.0):
        if int(issuer) != company:
            out.append((int(issuer), sight.name(int(issuer)), float(held[issuer])))
    return tuple(out)


def _region_choices(sight: Sight, bits: int) -> tuple[tuple[int, str], ...]:
    """Regions that a pledge may be bound to or set free from, where there are several."""
    count = len(sight.ruleset.regions)
    if count < 2:
        return ()
    everywhere = (-1, sight.say("deal.everywhere"))
    if not bits:
        return (everywhere, *[(region, sight.region(region)) for region in range(count)])
    now = bits.bit_length() - 1
    named = [(now, region_names(sight, bits))]
    for region in range(count):
        if region != now:
            key = "deal.region_less" if bits >> region & 1 else "deal.region_more"
            named.append((region, sight.say(key, region=sight.region(region))))
    return (everywhere, *named)


def _pledge(
    sight: Sight, clauses: Clauses, kind: int, giver: int, receiver: int, locked: bool
) -> PledgeClause:
    entry = sight.ruleset.pledges[kind]
    strength = clauses.strength(kind)
    reason = _unavailable(sight, kind, giver)
    shown = strength if strength > 0.0 else 1.0
    arriving = offered_strength(sight, kind, giver, receiver, shown)
    cost = giving_cost(sight, kind, giver, receiver, arriving) if not reason else 0.0
    return PledgeClause(
        kind=kind,
        name=sight.pick(entry.name),
        about=sight.pick(entry.about),
        strength=strength,
        exclusive=kind in clauses.exclusive,
        available=not reason,
        reason=reason,
        effects=() if reason else pledge_lines(sight, kind, giver, receiver, arriving),
        cost=sight.say("pledge.cost", money=sight.money(cost)) if cost > 0.0 else "",
        regions=_region_choices(sight, clauses.bound_to(kind)),
        region=clauses.bound_to(kind).bit_length() - 1,
        locked=locked,
    )


def _unavailable(sight: Sight, kind: int, giver: int) -> str:
    if bool(sight.ruleset.taboo[giver, kind]):
        return sight.say("dealflag.TABOO")
    able = capability_now(sight)[kind, giver]
    return "" if bool((able > 0.0).any()) else sight.say("dealflag.NO_CAPABILITY")


_ABLE: dict[int, tuple[object, Array]] = {}


def capability_now(sight: Sight) -> Array:
    """What each company can lend, at the first world: [K, N, R]; the last answer is kept."""
    known = _ABLE.get(0)
    if known is None or known[0] is not sight.full:
        _ABLE[0] = known = (sight.full, capability(sight.full, sight.ruleset)[..., 0])
    return known[1]


# ----------------------------------------------------------------------------- answer


def _answer(sight: Sight, game: Game, reply: Reply) -> AnswerView:
    name = sight.name(reply.deal.counterparty)
    code = {Code.ACCEPT: "accept", Code.COUNTER: "counter"}.get(reply.code, "refuse")
    counter: tuple[str, ...] = ()
    if reply.counter is not None:
        offered, other = reply.counter, reply.counter.counterparty
        theirs = clause_lines(sight, offered.gives[1], other, taker=sight.seat, term=offered.term)
        ours = clause_lines(sight, offered.gives[0], sight.seat, taker=other, term=offered.term)
        stop = sight.say("list.stop")
        counter = (
            f"{sight.say('answer.they_give', company=name)} {stop.join(theirs)}",
            f"{sight.say('answer.we_give')} {stop.join(ours)}",
        )
    sign = None
    if game.can_be_signed:
        sign = Action("accept_answer", (), sight.say("answer.sign"), 0, not game.over)
    load = None
    if reply.counter is not None:
        load = Action("load_counter", (), sight.say("answer.load"), 0, not game.over)
    needed = ""
    if reply.needed > 0.0:
        needed = sight.say("answer.needed", company=name, money=sight.money(reply.needed))
    return AnswerView(
        code=code,
        sentence=sight.say(f"answer.{code}", company=name),
        reasons=reasons(reply.reasons, DealFlag, "dealflag", sight.lang),
        needed=needed,
        enough=tuple(enough_line(sight, reply.deal, one) for one in reply.enough[:MOST_CHANGES]),
        counter=counter,
        accept=sign,
        load=load,
    )


def _price_note(sight: Sight, deal: Deal) -> str:
    """Cash against shares: the price a share that the package implies, and the quote."""
    every = totals(sight)
    for side in (0, 1):
        issuer = (deal.proposer, deal.counterparty)[side]
        shares = deal.gives[side].new_shares
        if deal.gives[side].old_shares and deal.gives[side].old_issuer == issuer:
            shares += deal.gives[side].old_shares
        cash = deal.gives[1 - side].cash - deal.gives[side].cash
        if shares > 0 and cash > 0.0:
            quote = float(sight.view.quote[issuer])
            whole = cash / shares * float(every[issuer] + deal.gives[side].new_shares)
            return sight.say(
                "deal.price",
                price=sight.price(cash / shares * 1e6),
                quote=sight.price(quote * 1e6),
                premium=sight.percent(cash / shares / max(quote, 1e-12) - 1.0, sign=True),
                whole=sight.money(whole),
            )
    return ""
