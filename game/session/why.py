"""Why a number changed, as a view: two quarters played again, their causes, the words.

The engine gives exact amounts; here they are grouped, named, rounded so that they still add up,
and told.
"""

from __future__ import annotations

import copy
import dataclasses
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from game.core.errors import UserError
from game.core.state import State
from game.play.explain.answers import explain
from game.play.explain.causes import (
    MAY_HAVE_MARKET,
    NEEDS_MARKET,
    Cause,
    Explanation,
    Group,
    Key,
    Measure,
    Part,
)
from game.play.explain.slopes import OF_SALES, Slope, slopes, sold_out
from game.play.explain.watch import Watched, watch
from game.play.orders import Orders
from game.session.sight import NARROW, Sight
from game.session.view_score_why import score_why
from game.session.view_why import WhyBar, WhyView
from game.session.why_quote import quote_from_outside
from game.session.why_words import Scale, Words, apportion

if TYPE_CHECKING:
    from game.session.game import Game

TOLD = 3
"""Causes that the sentences name on each side."""
SAME = 1e-6
HALF = 0.5
DIGITS = frozenset("123456789")
BOOKS = frozenset({Measure.PROFIT, Measure.CASH, Measure.VALUE, Measure.DEBT})
SCORE = "score"
KEPT = 4
"""Quarters kept at hand."""


def why_view(
    game: Game,
    measure: str,
    company: int,
    market: int | None = None,
    turn: int | None = None,
    *,
    observer: bool = False,
) -> WhyView:
    """What changed a figure in a quarter.

    Args:
        measure: "share", "units", "price" (of a market), "profit", "revenue" (of the company, or
            in a market), "cash", "value", "quote", "debt", "doors" or "score" (of the company).
        company: index. market: index, or None for the whole company.
        turn: the quarter, from 0; the last one played by default.
        observer: see everything. Otherwise books that are closed to the seat stay closed, and
            pledges count by what the seat was told of them.

    Raises:
        UserError: no such measure or quarter, or a market that is missing or too much.
    """
    asked, place = _asked(game, measure, company, market)
    turn = len(game.reports) - 1 if turn is None else turn
    if not 0 <= turn < len(game.reports):
        raise UserError(
            "this quarter has not been played", game_date(game, turn), "end a quarter first"
        )
    if asked is None:
        return score_why(game, company, turn)
    before = watched(game, turn - 1) if turn else None
    sight, now = Sight(game), watched(game, turn)
    closed = not observer and sight.noise[company] >= NARROW
    if asked in BOOKS and closed:
        unknown = Explanation(asked, company, place, turn, math.nan, math.nan, (), 0)
        note = sight.say("why.closed", company=sight.name(company))
        return dataclasses.replace(build(sight, unknown), note=note)
    if asked == Measure.QUOTE and closed:
        found = quote_from_outside(game, company, turn)
    else:
        found = explain(before, now, asked, company, place, seat=None if observer else game.seat)
    if place < 0:
        return build(sight, found)
    measured = slopes(now, asked, company, place)
    view = build(sight, found, measured)
    if measured and sold_out(now, company, place):
        told = (sight.say("why.sold_out", company=sight.name(company)), *view.elasticities)
        view = dataclasses.replace(view, elasticities=told)
    return view


def _asked(
    game: Game, measure: str, company: int, market: int | None
) -> tuple[Measure | None, int]:
    """The measure, None for the score, and the market, -1 for none."""
    names: dict[str, Measure | None] = {one.name.lower(): one for one in Measure}
    names[SCORE] = None
    if measure not in names:
        raise UserError(f"no measure {measure!r}", "why", f"one of {', '.join(names)}")
    asked = names[measure]
    if not 0 <= company < len(game.ruleset.companies):
        raise UserError("no such company", str(company))
    if market is not None and not 0 <= market < len(game.ruleset.markets):
        raise UserError("no such market", str(market))
    if market is None and asked in NEEDS_MARKET:
        raise UserError(f"{measure} is of a market", "why", "name the market")
    if market is not None and asked not in MAY_HAVE_MARKET:
        raise UserError(f"{measure} is of the whole company", "why", "leave the market out")
    return asked, -1 if market is None else market


def game_date(game: Game, turn: int) -> str:
    """A quarter, written."""
    return Sight(game).date(turn)


# ------------------------------------------------------------------- quarters played again


def watched(game: Game, turn: int) -> Watched:
    """A quarter of the game played again, kept for the next question.

    Raises:
        UserError: it comes out otherwise than it did.
    """
    truth = game.states[turn + 1]
    kept = game.seen.get(turn)
    if kept is not None and kept[0] is truth:
        return kept[1]
    orders, ready = _orders_of(game, turn)
    seen = watch(ready, game.ruleset, orders)
    if not np.allclose(seen.after.units, truth.units, rtol=SAME, atol=SAME):
        raise UserError(
            "this quarter does not come out again as it was played",
            game_date(game, turn),
            "it was played by another version of the game",
        )
    for old in sorted(game.seen)[: len(game.seen) - KEPT + 1]:
        del game.seen[old]
    game.seen[turn] = (truth, seen)
    return seen


def _orders_of(game: Game, turn: int) -> tuple[Orders, State]:
    """Orders of all companies in a quarter that was played, and the state that they met."""
    past = copy.copy(game)
    past.states = game.states[: turn + 1]
    past.reports = game.reports[:turn]
    past.drafts = game.drafts[:turn]
    past.all_offers = game.all_offers[: turn + 1]
    past.all_news = game.all_news[:turn]
    past.draft = game.drafts[turn] if turn < len(game.drafts) else game.draft
    return past.all_orders()[0], past.ready_state()


# ------------------------------------------------------------------------------- the view


def build(sight: Sight, found: Explanation, steps: Sequence[Slope] = ()) -> WhyView:
    """An explanation in words."""
    words = Words(sight)
    groups = _grouped(found.parts)
    sizes = [abs(_sum(same)) for _, parts in groups for same in _causes(parts).values()]
    level = max((abs(end) for end in (found.before, found.after) if not math.isnan(end)), default=0)
    unit = sight.unit(found.market) if found.measure == Measure.UNITS else ""
    unit = sight.say("unit.users") if found.measure == Measure.DOORS else unit
    scale = Scale(found.measure, level, max(sizes, default=level), sight.lang, unit)
    ends = [0 if math.isnan(end) else scale.steps(end) for end in (found.before, found.after)]
    change = ends[1] - ends[0]
    bars = _bars(words, scale, groups, change)
    unknown = [math.isnan(end) for end in (found.before, found.after)]
    return WhyView(
        title=_title(sight, found),
        subtitle=_subtitle(sight, found),
        before_text="–" if unknown[0] else scale.write(ends[0]),
        after_text="–" if unknown[1] else scale.write(ends[1]),
        before=found.before,
        after=found.after,
        unit=scale.kind,
        groups=bars,
        sentences=_sentences(sight, words, scale, found, ends, bars),
        elasticities=_slopes(sight, found.measure, steps),
        note=_note(sight, found),
        measure=found.measure.name.lower(),
        company=found.company,
        market=found.market,
        turn=found.turn,
        change=0.0 if any(unknown) else found.change,
        change_text="" if any(unknown) else scale.write(change, change=True),
    )


Grouped = list[tuple[Group, list[Part]]]


def _grouped(parts: Sequence[Part]) -> Grouped:
    """Parts by group, in the groups' order."""
    found: dict[Group, list[Part]] = {}
    for part in parts:
        found.setdefault(part.key.group, []).append(part)
    return sorted(found.items())


def _causes(parts: Sequence[Part]) -> dict[Key | None, list[Part]]:
    """Parts of a group by cause, markets together; None: those too small to be told apart."""
    found: dict[Key | None, list[Part]] = {}
    for part in parts:
        found.setdefault(None if part.merged else part.key, []).append(part)
    return found


def _sum(parts: Sequence[Part]) -> float:
    return math.fsum(part.amount for part in parts)


def _bars(words: Words, scale: Scale, groups: Grouped, change: int) -> tuple[WhyBar, ...]:
    """Groups in their order; those that round to nothing stand as one at the end."""
    shown = [(group, parts) for group, parts in groups if _shows(scale, parts)]
    rest = [part for _, parts in groups if not _shows(scale, parts) for part in parts]
    amounts = [scale.exact(_sum(parts)) for _, parts in shown]
    told = apportion([*amounts, scale.exact(_sum(rest))] if rest else amounts, change)
    bars = [
        _group_bar(words, scale, group, parts, steps)
        for (group, parts), steps in zip(shown, told, strict=False)
    ]
    if rest:
        names = dict.fromkeys(words.group(part.key.group) for part in rest)
        detail = words.sight.say("list.comma").join(names)
        label = words.sight.say("why.small")
        bars.append(_bar(scale, label, _sum(rest), told[-1], detail))
    return tuple(bars)


def _shows(scale: Scale, parts: Sequence[Part]) -> bool:
    """Whether a group has a cause that does not round to nothing."""
    return any(abs(scale.exact(_sum(same))) >= HALF for same in _causes(parts).values())


def _group_bar(words: Words, scale: Scale, group: Group, parts: list[Part], steps: int) -> WhyBar:
    """A group with its causes, the largest first; what rounds to nothing stands as one."""
    causes = _causes(parts)
    small = causes.pop(None, [])
    for key in list(causes):
        if abs(scale.exact(_sum(causes[key]))) < HALF:
            small += causes.pop(key)
    rows: list[tuple[Key | None, list[Part]]] = sorted(
        causes.items(), key=lambda item: -abs(_sum(item[1]))
    )
    if len(small) == 1:
        rows.append((small[0].key, small))
    elif small:
        rows.append((None, small))
    told = apportion([scale.exact(_sum(found)) for _, found in rows], steps)
    members = tuple(
        _cause_bar(words, scale, key, found, each)
        for (key, found), each in zip(rows, told, strict=True)
    )
    return _bar(scale, words.group(group), _sum(parts), steps, "", members)


def _cause_bar(
    words: Words, scale: Scale, key: Key | None, parts: list[Part], steps: int
) -> WhyBar:
    """A cause; where it worked in several markets, each of them."""
    if key is None:
        names = dict.fromkeys(
            words.cause(one) for part in parts for one in (part.merged or (part.key,))
        )
        label = words.sight.say("why.smaller", count=len(names))
        return _bar(scale, label, _sum(parts), steps, words.sight.say("list.comma").join(names))
    if len(parts) == 1:
        one = words.place(parts[0].market) if key.cause == Cause.USERS else words.cause(key)
        return _bar(scale, one, _sum(parts), steps, words.detail(parts[0].fact))
    parts = sorted(parts, key=lambda part: -abs(part.amount))
    told = apportion([scale.exact(part.amount) for part in parts], steps)
    members = tuple(
        _bar(scale, words.place(part.market), part.amount, each, words.detail(part.fact))
        for part, each in zip(parts, told, strict=True)
    )
    return _bar(scale, words.cause(key), _sum(parts), steps, "", members)


def _bar(
    scale: Scale,
    label: str,
    amount: float,
    steps: int,
    detail: str,
    members: tuple[WhyBar, ...] = (),
) -> WhyBar:
    good = (steps > 0) != scale.costly
    tone = "" if not steps or scale.neutral else "good" if good else "bad"
    return WhyBar(label, amount, scale.write(steps, change=True), detail, members, tone)


def _title(sight: Sight, found: Explanation) -> str:
    place = "" if found.market < 0 else sight.market(found.market)
    key = f"why.title.{found.measure.name}" + (".market" if place else "")
    return sight.say(key, company=sight.name(found.company), market=place)


def _subtitle(sight: Sight, found: Explanation) -> str:
    now = sight.date(found.turn)
    if found.measure in (Measure.CASH, Measure.DEBT):
        return sight.say("why.over", date=now)
    if found.turn == 0:
        return now
    return sight.say("why.against", date=now, before=sight.date(found.turn - 1))


def _note(sight: Sight, found: Explanation) -> str:
    if found.turn == 0 and math.isnan(found.before):
        return sight.say("why.first")
    if math.isnan(found.before) or math.isnan(found.after):
        key = "why.not_before" if math.isnan(found.before) else "why.not_now"
        return sight.say(key, company=sight.name(found.company))
    if not found.parts and found.market >= 0 and not found.before and not found.after:
        return sight.say("why.not_here", company=sight.name(found.company))
    if not found.parts:
        return sight.say("why.no_debt" if found.measure == Measure.DEBT else "why.nothing")
    if found.merged:
        return sight.say("why.merged", count=found.merged)
    return ""


def _sentences(
    sight: Sight, words: Words, scale: Scale, found: Explanation, ends: list[int],
    bars: Sequence[WhyBar],
) -> tuple[str, ...]:  # fmt: skip
    """What happened, what made it, what worked against it."""
    if math.isnan(found.before) or math.isnan(found.after):
        return ()
    change = ends[1] - ends[0]
    way = "same" if not change else "rose" if change > 0 else "fell"
    before, after = (scale.write(end) for end in ends)
    moved = scale.write(abs(change), change=True).lstrip("+")
    lines = [
        sight.say(f"why.{way}", what=_title(sight, found), before=before, after=after, by=moved)
    ]
    causes = [cause for bar in bars for cause in bar.members]
    causes.sort(key=lambda cause: -abs(cause.amount))
    for sign, key in (
        (1 if change >= 0 else -1, "why.because"),
        (1 if change < 0 else -1, "why.but"),
    ):
        with_it = [
            cause
            for cause in causes
            if cause.amount * sign > 0.0 and any(digit in cause.amount_text for digit in DIGITS)
        ]
        if with_it:
            lines.append(sight.say(key, causes=_listed(sight, with_it[:TOLD])))
    return tuple(lines)


def _slopes(sight: Sight, measure: Measure, steps: Sequence[Slope]) -> tuple[str, ...]:
    """A sentence a lever; of what it is not told for, where it is."""
    if measure not in OF_SALES:
        return (sight.say("why.no_steps"),)
    lines = []
    for slope in steps:
        scale = Scale(measure, abs(slope.amount), abs(slope.amount), sight.lang)
        moved = scale.write(scale.steps(slope.amount), change=True)
        if measure == Measure.SHARE:
            moved = sight.say("why.of_share", amount=moved)
        step = sight.price(slope.step)
        lines.append(sight.say(f"why.step.{slope.cause.name}", step=step, amount=moved))
    return tuple(lines)


def _listed(sight: Sight, causes: Sequence[WhyBar]) -> str:
    items = [
        sight.say("why.item.detail" if cause.detail else "why.item",
                  cause=cause.label, amount=cause.amount_text, detail=cause.detail)
        for cause in causes
    ]  # fmt: skip
    return sight.say("why.join").join(items)
