"""What a deal does to everybody, in words: the table of third parties before a signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from game.play.foresight import Foresight, Move
from game.session.deals import Deal
from game.session.sight import Sight
from game.session.view_types import Tag
from game.text import format as fmt

if TYPE_CHECKING:
    from game.session.game import Game

MOST_MOVES, MANY = 4, 256


@dataclass(frozen=True)
class EffectRow:
    """What a deal does to the value of a company."""

    company: Tag
    side: bool
    """A side of the deal."""
    gain: str
    band: str
    """95 % interval of the mean."""
    tone: str
    """"good" or "bad" where the interval lies on one side of nothing."""


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
    low, mean, high = found.gain
    others = [n for n in range(len(mean)) if n not in sides and abs(mean[n]) > 0.0]
    others.sort(key=lambda n: -abs(float(mean[n])))
    rows = tuple(
        EffectRow(
            company=sight.tag(n),
            side=n in sides,
            gain=sight.money(float(mean[n]), sign=True),
            band=fmt.band(
                sight.money(float(low[n]), sign=True),
                sight.money(float(high[n]), sign=True),
                sight.lang,
            ),
            tone="good" if low[n] > 0.0 else "bad" if high[n] < 0.0 else "",
        )
        for n in (*sides, *others)
    )
    more = MANY if found.count < MANY else 0
    return ForesightView(note(sight, found), rows, moves(sight, found), more)


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
    return sight.say(
        "ahead.sign",
        mine=mine.gain,
        mine_band=mine.band,
        company=theirs.company.short,
        theirs=theirs.gain,
        theirs_band=theirs.band,
    )
