"""Why a score moved: its three terms, the mandates one by one, own doors and allies' apart."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from game.core.state import State
from game.play import outcome
from game.session.sight import Lane, Sight
from game.session.view_why import WhyBar, WhyView
from game.text import format as fmt

if TYPE_CHECKING:
    from game.session.game import Game

LEAST = 0.005
"""Points; less is nothing."""
FLAT = 1e-9
"""Credit; what changes less in all has not moved."""


def score_why(game: Game, company: int, turn: int = -1) -> WhyView:
    """What moved a company's score in a quarter; scores and their terms are public.

    Args:
        turn: the quarter, from 0; -1 the last one played.
    """
    turn = game.turn - 1 if turn < 0 else turn
    sight = Sight(game, game.states[turn + 1])
    name = sight.name(company)
    now = float(outcome.score(sight.full, sight.ruleset).total[company, 0])
    title = sight.say("ask.score.title", company=name)
    after = fmt.points(now, sight.lang)
    if turn < 0:
        return WhyView(
            title, sight.date(turn), "", after, math.nan, now, "points", (), (), (),
            sight.say("ask.score.first"), "score", company, -1, turn,
        )  # fmt: skip
    old = game.states[turn]
    before = float(outcome.score(old, sight.ruleset).total[company, 0])
    groups = tuple(bar for bar in _groups(sight, old, company) if abs(bar.amount) >= LEAST)
    return WhyView(
        title,
        sight.say("ask.score.against", now=sight.date(turn), then=sight.date(turn - 1)),
        fmt.points(before, sight.lang),
        after,
        before,
        now,
        "points",
        groups,
        _sentences(sight, groups),
        (),
        "",
        "score",
        company,
        -1,
        turn,
        now - before,
        _signed(sight, now - before),
    )


def _signed(sight: Sight, points: float) -> str:
    text = fmt.points(abs(points), sight.lang, digits=2)
    return ("+" if points > 0.0 else fmt.MINUS if points < 0.0 else "") + text


def _bar(
    sight: Sight, label: str, points: float, detail: str = "", members: tuple[WhyBar, ...] = ()
) -> WhyBar:
    tone = "good" if points > 0.0 else "bad" if points < 0.0 else ""
    return WhyBar(label, points, _signed(sight, points), detail, members, tone)


def _groups(sight: Sight, old: State, company: int) -> tuple[WhyBar, ...]:
    """Value, mandates, doors: what each added."""
    then, now = (outcome.score(state, sight.ruleset) for state in (old, sight.full))
    value = float(now.value[company, 0] - then.value[company, 0])
    gains = [float(outcome.return_to_holders(state)[company, 0]) for state in (old, sight.full)]
    was, is_ = (fmt.factor(gain, sight.lang) for gain in gains)
    return (
        _bar(sight, sight.say("score.value"), value, sight.say("ask.score.gain", was=was, now=is_)),
        _mandates(sight, old, company),
        _doors(sight, old, company),
    )


def _mandates(sight: Sight, old: State, company: int) -> WhyBar:
    tasks = sight.ruleset.mandates[company]
    total = _mandate_points(sight, sight.full, company) - _mandate_points(sight, old, company)
    then, now = (np.asarray(Lane(s).mandate_best[company]) for s in (old, sight.full))
    change = float((now - then)[: len(tasks)].sum())
    each = total / change if abs(change) > FLAT else 0.0
    members = []
    for place, task in enumerate(tasks):
        was, is_ = float(then[place]), float(now[place])
        detail = sight.say(
            "ask.score.progress", was=sight.percent(was, digits=0), now=sight.percent(is_, digits=0)
        )
        members.append(_bar(sight, _bare(sight.pick(task.text)), each * (is_ - was), detail))
    moved = sorted((m for m in members if abs(m.amount) >= LEAST), key=lambda m: -abs(m.amount))
    return _bar(sight, sight.say("score.mandates"), total, members=tuple(moved))


def _mandate_points(sight: Sight, state: State, company: int) -> float:
    return float(outcome.score(state, sight.ruleset).mandates[company, 0])


def _bare(text: str) -> str:
    """A text without the stop at its end, to stand as a name."""
    return text.rstrip(".。")


def _doors(sight: Sight, old: State, company: int) -> WhyBar:
    """Own doors and those of allies, each the mean over both orders, since the term has a cap."""
    par = max(float(sight.ruleset.par_doors[company]), 1e-9)
    most = sight.ruleset.rules.score_doors
    own, all_ = [], []
    for state in (old, sight.full):
        own.append(float(outcome.own_doors(state, sight.ruleset)[company, 0]))
        all_.append(float(state.doors[company, 0]))
    allied = [total - part for total, part in zip(all_, own, strict=True)]

    def points(mine: float, theirs: float) -> float:
        return most * min((mine + theirs) / par, 1.0)

    first = points(own[1], allied[0]) - points(own[0], allied[0])
    last = points(own[1], allied[1]) - points(own[0], allied[1])
    total = points(own[1], allied[1]) - points(own[0], allied[0])
    by_own = (first + last) / 2.0
    parts = (
        _bar(sight, sight.say("ask.score.own_doors"), by_own, _change(sight, own)),
        _bar(sight, sight.say("ask.score.allied_doors"), total - by_own, _change(sight, allied)),
    )
    members = tuple(bar for bar in parts if abs(bar.amount) >= LEAST)
    return _bar(sight, sight.say("score.doors"), total, members=members)


def _change(sight: Sight, doors: list[float]) -> str:
    unit = sight.say("unit.users")
    was, now = (sight.volume(value, unit) for value in doors)
    return sight.say("ask.score.doors", was=was, now=now)


def _sentences(sight: Sight, groups: tuple[WhyBar, ...]) -> tuple[str, ...]:
    """The terms that moved, the largest first, and what moved them most."""
    found = []
    for bar in sorted(groups, key=lambda one: -abs(one.amount)):
        lead = bar.members[0] if bar.members else None
        key = "ask.score.by" if lead is not None else "ask.score.moved"
        cause = lead.label if lead is not None else bar.detail
        found.append(sight.say(key, term=bar.label, points=bar.amount_text, cause=cause))
    return tuple(found) or (sight.say("ask.score.still"),)
