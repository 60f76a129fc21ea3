"""Why machines did what they did: their moves of note with the grounds of each, as far as the
seat may know them."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from game.play.packages import Term
from game.policies.reasons import Act, DealTerm, Ground, Motive, Reason
from game.session.sight import Sight
from game.session.view_memory import signed
from game.session.view_types import Tag
from game.text.catalogue import label

if TYPE_CHECKING:
    from game.session.game import Game

MONEY = frozenset({
    Motive.WORTH, Motive.PROFIT, Motive.LICENCE, Motive.GOAL, Motive.PRICE, Motive.NEXT_BEST,
    Motive.COST, Motive.BROUGHT, Motive.MISSING, Motive.SPARE, Motive.SHORT, Motive.EARNED,
})  # fmt: skip
TRUSTS = frozenset({Motive.TRUST_LOST, Motive.TRUST})
LENGTHS = frozenset({Motive.QUARTERS_LEFT, Motive.COUNTDOWN, Motive.RUNWAY})
LONG = 99
"""Quarters that are as good as for ever."""


@dataclass(frozen=True)
class GroundView:
    """One ground of a move."""

    name: str
    text: str
    certainty: str
    """Written: known, estimated or hidden."""
    tone: str = ""
    """"mute" where it is hidden."""


@dataclass(frozen=True)
class DealTermView:
    """A term of a deal for both sides."""

    name: str
    one: str
    other: str


@dataclass(frozen=True)
class MoveView:
    """A move and why it was made."""

    company: Tag
    title: str
    grounds: tuple[GroundView, ...]
    sides: tuple[str, str] = ("", "")
    """Names above the columns of ``terms``."""
    terms: tuple[DealTermView, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class MovesView:
    """The moves of a company, or of all, in a quarter."""

    date: str
    turn: int
    turns: tuple[tuple[int, str], ...]
    """Quarters of which something is logged, the newest first."""
    moves: tuple[MoveView, ...]
    empty: str
    """What to say where there are none."""


def moves_view(game: Game, company: int = -1, turn: int = -1, observer: bool = False) -> MovesView:
    """Moves of note with their grounds.

    Args:
        company: -1 all. turn: -1 the newest quarter in which it made one.
        observer: sees everything; else what is not public is hidden or estimated.
    """
    sight = Sight(game)
    observer = observer or game.by_machine
    logged = {
        turn: moves_of(game, company, turn, observer) for turn in range(len(game.all_reasons))
    }
    turns = tuple((at, sight.date(at)) for at in sorted(logged, reverse=True) if logged[at])
    if turn not in logged:
        turn = turns[0][0] if turns else len(game.reports) - 1
    told = tuple(_move(sight, one, observer) for one in logged.get(turn, ()))
    date = sight.date(turn) if turn >= 0 else ""
    return MovesView(date, turn, turns, told, "" if told else sight.say("moves.none"))


def moves_of(game: Game, company: int, turn: int, observer: bool = False) -> list[Reason]:
    """What is logged of a company in a played quarter, as far as the seat may know of it."""
    found = game.all_reasons[turn] if 0 <= turn < len(game.all_reasons) else ()
    return [one for one in found if _shown(one, company, observer, game.seat)]


def _shown(one: Reason, company: int, observer: bool, seat: int) -> bool:
    sides = (one.company, one.other) if one.act in (Act.DEAL, Act.REFUSED) else (one.company,)
    mine = one.act == Act.REFUSED and one.other == seat
    return (company < 0 or company in sides) and (one.public or observer or mine)


def _move(sight: Sight, one: Reason, observer: bool) -> MoveView:
    sides = ("", "")
    note = ""
    if one.act == Act.DEAL:
        sides = (sight.name(one.company), sight.name(one.other))
        inside = sight.seat in (one.company, one.other)
        key = "moves.true" if observer else "moves.inside" if inside else "moves.reckoned"
        note = sight.say(key)
    return MoveView(
        company=sight.tag(one.company),
        title=title(sight, one),
        grounds=tuple(_ground(sight, ground, observer) for ground in one.grounds),
        sides=sides,
        terms=tuple(_terms(sight, one, observer)),
        note=note,
    )


def title(sight: Sight, one: Reason) -> str:
    """What was done, in a sentence."""
    ruleset = sight.ruleset
    words = {"company": sight.name(one.company), "other": "", "what": ""}
    if one.other >= 0:
        words["other"] = sight.name(one.other)
    if one.act in (Act.ENTERED, Act.LEFT):
        words["what"] = sight.market(one.about)
    elif one.act == Act.BROKE:
        words["what"] = sight.pick(ruleset.pledges[one.about].name)
    elif one.act == Act.PROJECT:
        words["what"] = sight.pick(ruleset.projects[one.about].name)
    elif one.act == Act.CHOSE:
        event = ruleset.events[one.about]
        words["what"] = sight.pick(event.options[one.choice].label)
        words["other"] = sight.pick(event.title)
    elif one.act in (Act.BORROWED, Act.ISSUED, Act.PAID_OUT, Act.BOUGHT_BACK):
        words["what"] = sight.money(float(one.about))
    return sight.say(f"move.{one.act.name}", **words)


def _ground(sight: Sight, ground: Ground, observer: bool) -> GroundView:
    name = label(ground.motive, "motive", sight.lang)
    if ground.public or observer:
        return GroundView(name, figure(sight, ground), sight.say("certainty.known"))
    if not math.isnan(ground.seen):
        text = figure(sight, dataclasses.replace(ground, value=ground.seen))
        return GroundView(name, f"≈ {text}", sight.say("certainty.estimated"))
    return GroundView(name, "?", sight.say("certainty.hidden"), "mute")


def figure(sight: Sight, ground: Ground) -> str:
    """A ground's figure, written."""
    value = ground.value
    if ground.motive in MONEY:
        return sight.money(value)
    if ground.motive in TRUSTS:
        return signed(value)
    if ground.motive in LENGTHS:
        return sight.say("moves.long") if value >= LONG else sight.quarters(round(value))
    return sight.percent(value, digits=0)


def _terms(sight: Sight, one: Reason, observer: bool) -> list[DealTermView]:
    out, totals = [], [0.0, 0.0]
    for term in one.terms:
        pair = _seen(sight, one, term, observer)
        totals = [total + value for total, value in zip(totals, pair, strict=True)]
        name = label(Term(term.term), "term", sight.lang)
        out.append(DealTermView(name, *(sight.money(value, sign=True) for value in pair)))
    if out:
        name = sight.say("moves.total")
        out.append(DealTermView(name, *(sight.money(value, sign=True) for value in totals)))
    return out


def _seen(sight: Sight, one: Reason, term: DealTerm, observer: bool) -> tuple[float, float]:
    """The sides' own figures to an observer, the seat's reckoning to the seat."""
    if observer:
        return term.one, term.other
    return term.seen_one, term.seen_other
