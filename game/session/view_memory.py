"""What companies remember of one another, in sentences that add up to their trust."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from game.core.ruleset import Status
from game.play.memories import Deed, Move
from game.play.rivals import named_rivals
from game.session.sight import Sight
from game.session.view_detail import MemoryView, RelationsView
from game.session.view_score import mandates
from game.text import format as fmt

if TYPE_CHECKING:
    from game.session.game import Game

TRUST_STEPS = (-0.4, -0.12, 0.12, 0.4)
MOST_LINES = 6
"""Memories of a pair that are told, the heaviest first."""
LEAST = 0.005
"""What weighs less is as good as forgotten."""
TOGETHER = (Deed.KEPT, Deed.REFUSED, Deed.DECLINED, Deed.BROKEN_TO_OTHERS, Deed.SIGNED)
"""Deeds of which all of a pair are told in one sentence."""


@dataclass(frozen=True)
class _Kept:
    """One or several deeds of a pair."""

    deed: Deed | None
    """None: what was there before the game."""
    turn: int
    """The last of them."""
    amount: float
    """When they were done."""
    now: float
    """What is left."""
    count: int = 1
    about: int = -1
    early: int = 0


def relations(sight: Sight, game: Game, company: int) -> RelationsView:
    """All of a company's memories, the strongest feelings first."""
    others = [other for other in range(len(sight.ruleset.companies)) if other != company]
    found = [memory(sight, game, company, other) for other in others]
    told = sorted((one for one in found if one.lines), key=lambda one: -abs(one.value))
    you = company != sight.seat
    return RelationsView(
        mandates=stated(sight, company),
        rival=rival_line(sight, company),
        about_you=memory(sight, game, company, sight.seat).lines if you else (),
        memories=tuple(told),
    )


def stated(sight: Sight, company: int) -> tuple[str, ...]:
    """Its mandates as it states them."""
    return tuple(
        sight.say("memory.mandate", mandate=task.text, standing=task.standing, until=task.until)
        for task in mandates(sight, company)
    )


def rival_line(sight: Sight, company: int) -> str:
    """The rival that it names, and why; empty when it names none."""
    rival = int(named_rivals(sight.full, sight.ruleset)[company, 0])
    if rival < 0 or int(sight.now.status[company]) == Status.FAILED:
        return ""
    why = []
    sold = sight.now.price * sight.now.units
    share = sold[rival] / (sold.sum(axis=0) + 1e-9)
    part = float((sold[company] * share).sum() / max(float(sold[company].sum()), 1e-9))
    why.append(sight.say("rival.overlap", part=sight.percent(part, digits=0)))
    trust = float(sight.view.trust[company, rival])
    if trust < -LEAST:
        why.append(sight.say("rival.trust", trust=signed(trust)))
    run = int(sight.now.path_run[rival].max())
    if run:
        left = sight.ruleset.rules.path_quarters - run
        why.append(sight.say("rival.countdown", left=sight.quarters(max(left, 0))))
    return sight.say(
        "rival.named", company=sight.name(company), rival=who(sight, rival, "you"),
        why=sight.say("list.comma").join(why),
    )  # fmt: skip


def squeeze_line(sight: Sight, game: Game, company: int) -> str:
    """That a company is short of cash and so sells cheap, as the seat reckons; else empty."""
    quarters, beyond = game.squeeze_seen(company)
    if beyond < LEAST:
        return ""
    worth = sight.price(1.0 + beyond)
    return sight.say(
        "memory.squeeze", company=sight.name(company), quarters=f"{quarters:.1f}", worth=worth
    )


def memory(sight: Sight, game: Game, truster: int, trusted: int) -> MemoryView:
    """What one company remembers of another."""
    value = float(sight.view.trust[truster, trusted])
    kept = _kept(sight, game, truster, trusted)
    order = sorted(kept, key=lambda one: -abs(one.now))
    lines = [
        _line(sight, one, truster, trusted) for one in order[:MOST_LINES] if abs(one.now) >= LEAST
    ]
    return MemoryView(
        sight.tag(trusted), value, trust_words(sight, truster, trusted, value), tuple(lines)
    )


def _kept(sight: Sight, game: Game, truster: int, trusted: int) -> list[_Kept]:
    decay, turn = sight.ruleset.rules.trust_decay, sight.full.turn
    start = float(game.states[0].trust[truster, trusted, 0])
    found = [_Kept(None, 0, start, start * decay ** (turn - game.states[0].turn))]
    together: dict[Deed, _Kept] = {}
    for quarter, move in _moves(game, truster, trusted):
        now = move.amount * decay ** (turn - quarter)
        one = _Kept(move.deed, quarter, move.amount, now, 1, move.about, move.early)
        if move.deed not in TOGETHER:
            found.append(one)
            continue
        old = together.get(move.deed)
        together[move.deed] = one if old is None else _both(old, one)
    return [*found, *together.values()]


def _moves(game: Game, truster: int, trusted: int) -> Iterable[tuple[int, Move]]:
    for turn, moves in enumerate(game.all_deeds):
        for move in moves:
            if (move.truster, move.trusted) == (truster, trusted):
                yield turn, move


def _both(old: _Kept, new: _Kept) -> _Kept:
    return _Kept(
        new.deed, new.turn, old.amount + new.amount, old.now + new.now, old.count + 1, new.about
    )


# ------------------------------------------------------------------------------ words


def trust_words(sight: Sight, one: int, other: int, value: float) -> str:
    """How far one company trusts another, in words."""
    step = sum(value >= edge for edge in TRUST_STEPS)
    return sight.say(f"trust.{step}", one=sight.name(one), other=sight.name(other))


def signed(value: float) -> str:
    """Trust with its sign: "+0.15"."""
    return f"{value:+.2f}".replace("-", fmt.MINUS)


def who(sight: Sight, company: int, key: str) -> str:
    """A company's name, or "you"."""
    return sight.say(f"memory.{key}") if company == sight.seat else sight.name(company)


def _line(sight: Sight, one: _Kept, truster: int, trusted: int) -> str:
    key = "START" if one.deed is None else one.deed.name
    ruleset = sight.ruleset
    words = {
        "who": who(sight, trusted, "You"),
        "whom": who(sight, truster, "you"),
        "date": sight.date(one.turn),
        "count": one.count,
        "quarters": sight.quarters(one.count),
        "early": sight.quarters(one.early),
        "pledge": "",
        "event": "",
    }
    if one.deed in (Deed.BROKEN, Deed.BROKEN_TO_OTHERS) and one.about >= 0:
        words["pledge"] = sight.pick(ruleset.pledges[one.about].name)
    if one.deed == Deed.EVENT and one.about >= 0:
        words["event"] = sight.pick(ruleset.events[one.about].title)
    if one.count > 1 and one.deed not in (Deed.KEPT, None):
        key += ".many"
    return sight.say(
        "memory.line", what=sight.say(f"memory.{key}", **words), trust=signed(one.amount),
        fade=_fade(sight, one),
    )  # fmt: skip


def _fade(sight: Sight, one: _Kept) -> str:
    """How much of it is left, and when half is forgotten."""
    decay = sight.ruleset.rules.trust_decay
    if not 0.0 < decay < 1.0:
        return sight.say("memory.for_good")
    if abs(one.now) <= 0.5 * abs(one.amount):
        return sight.say("memory.half_gone", now=signed(one.now))
    now = signed(one.now)
    if one.count > 1:
        return sight.say("memory.left", now=now)
    date = sight.date(one.turn + math.ceil(math.log(0.5) / math.log(decay)))
    if abs(one.now - one.amount) < LEAST:
        return sight.say("memory.half_by", date=date)
    return sight.say("memory.left_half_by", now=now, date=date)
