"""What a deal does to everybody, in words: the table of third parties before a signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from game.core.axes import Array
from game.play.foresight import Foresight, Move
from game.session.deals import Deal
from game.session.sight import Sight
from game.session.view_types import Tag
from game.text import format as fmt

if TYPE_CHECKING:
    from game.session.game import Game

MOST_MOVES, MANY = 4, 256


@dataclass(frozen=True)
class Change:
    """A change of value with its interval."""

    mean: str
    band: str
    """95 % interval of the mean."""
    tone: str
    """"good" or "bad" where the interval lies on one side of nothing."""


@dataclass(frozen=True)
class EffectRow:
    """What a deal does to the value of a company."""

    company: Tag
    side: bool
    """A side of the deal."""
    alone: Change
    """If nobody signs anything else."""
    instead: Change
    """Against futures in which everybody may find other deals."""


@dataclass(frozen=True)
class ForesightView:
    """Futures with the deal against the same futures without it."""

    note: str
    rows: tuple[EffectRow, ...]
    """The two sides first, then the others by what it does to them."""
    moves: tuple[str, ...]
    """What others do more often because of it."""
    more: int
    """Futures that would narrow the intervals; 0 when so many have been played."""


def foresight_view(sight: Sight, game: Game, deal: Deal) -> ForesightView | None:
    """What is known of the futures with a deal; None before any was played."""
    found = game.foresight(deal)
    if found is None:
        return None
    sides = (sight.seat, deal.counterparty if deal.proposer == sight.seat else deal.proposer)
    mean = found.alone[1]
    others = [n for n in range(len(mean)) if n not in sides and abs(mean[n]) > 0.0]
    others.sort(key=lambda n: -abs(float(mean[n])))
    rows = tuple(
        EffectRow(
            company=sight.tag(n),
            side=n in sides,
            alone=_change(sight, found.alone[:, n]),
            instead=_change(sight, found.gain[:, n]),
        )
        for n in (*sides, *others)
    )
    more = MANY if found.count < MANY else 0
    return ForesightView(note(sight, found), rows, moves(sight, found), more)


def _change(sight: Sight, interval: Array) -> Change:
    low, mean, high = (float(value) for value in interval)
    ends = [sight.money(end, sign=True) for end in (low, high)]
    tone = "good" if low > 0.0 else "bad" if high < 0.0 else ""
    return Change(sight.money(mean, sign=True), fmt.band(ends[0], ends[1], sight.lang), tone)


def note(sight: Sight, found: Foresight) -> str:
    """How much was played."""
    return sight.say("ahead.note", count=found.count, wanted=found.wanted)


def moves(sight: Sight, found: Foresight) -> tuple[str, ...]:
    """The likeliest counter-moves, in sentences."""
    lines = tuple(_move(sight, move) for move in found.moves[:MOST_MOVES])
    return lines or (sight.say("ahead.no_moves"),)


def _move(sight: Sight, move: Move) -> str:
    target = sight.market(move.target) if move.what == "enter" else sight.name(move.target)
    return sight.say(
        f"ahead.{move.what}",
        company=sight.name(move.company),
        target=target,
        often=sight.percent(move.often, digits=0),
        before=sight.percent(move.else_, digits=0),
    )


def signing_text(sight: Sight, game: Game, deal: Deal) -> str:
    """What the futures say of the two sides of a large deal, before it is signed."""
    view = foresight_view(sight, game, deal)
    if view is None:
        return ""
    mine, theirs = view.rows[:2]
    sides = {"company": theirs.company.short}
    for name, change in (
        ("mine", mine.alone),
        ("theirs", theirs.alone),
        ("mine_instead", mine.instead),
        ("theirs_instead", theirs.instead),
    ):
        sides |= {name: change.mean, f"{name}_band": change.band}
    return sight.say("ahead.sign", **sides)
