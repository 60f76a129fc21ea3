"""What the advisers say: the solver's finding, and the best deals on the board."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from game.play.dimensions import Dimension, Name
from game.play.finder import Prospect
from game.play.solver import Found
from game.play.solver_question import Mode
from game.session.deals import Deal
from game.session.sight import Sight
from game.session.view_offers import clause_lines
from game.session.view_types import Action, Tag

if TYPE_CHECKING:
    from game.session.game import Game


@dataclass(frozen=True)
class SolverView:
    """Questions to the solver, and its last finding."""

    questions: tuple[Action, ...]
    hints: tuple[str, ...]
    """What each question means."""
    note: str
    """What was found for the last question, in a sentence; empty before the first."""
    tone: str


@dataclass(frozen=True)
class ProspectView:
    """A deal that the seat could make."""

    company: Tag
    reason: str
    """In a sentence."""
    gives: tuple[str, ...]
    """What the other side would give, a line a clause."""
    takes: tuple[str, ...]
    joint: str
    mine: str
    theirs: str
    odds: str
    open: Action
    """Puts it on the table."""


def solver_view(sight: Sight, game: Game) -> SolverView:
    """The solver at the open table."""
    table = game.table
    assert table is not None
    ready = not game.over
    name = sight.name(table.company)
    questions = tuple(
        Action("ask_solver", (mode.value,), sight.say(f"solver.{mode.value}"), 0, ready)
        for mode in Mode
    )
    hints = tuple(sight.say(f"solver.{mode.value}.hint", company=name) for mode in Mode)
    note, tone = "", ""
    if table.asked is not None:
        note, tone = found_line(sight, game, table.company, table.asked[1], table.deal)
    return SolverView(questions, hints, note, tone)


def found_line(sight: Sight, game: Game, company: int, found: Found, deal: Deal) -> tuple[str, str]:
    """What the solver found, in a sentence, and its tone.

    Args:
        deal: the package that was found.
    """
    name = sight.name(company)
    if found.cells is None:
        ranges = ranges_line(sight, company, found.searched)
        return sight.say("solver.none", company=name, ranges=ranges), "warn"
    mine = float(game.estimate(deal)[0].sum())
    said = sight.say(
        "solver.found",
        company=name,
        mine=sight.money(mine, sign=True),
        theirs=sight.money(float(found.theirs[0]), sign=True),
        odds=odds_text(sight, float(found.odds[0])),
    )
    return said, "good" if mine >= 0.0 else "warn"


def odds_text(sight: Sight, odds: float) -> str:
    """Odds in steps of a twentieth."""
    return sight.percent(round(20.0 * odds) / 20.0, digits=0)


def ranges_line(sight: Sight, company: int, searched: tuple[Dimension, ...]) -> str:
    """The ranges that were searched, in words."""
    by_key: dict[str, list[Dimension]] = {}
    for one in searched:
        by_key.setdefault(one.name.key, []).append(one)
    lines = []
    for one in by_key.get("cash", ()):
        lines.append(
            sight.say(
                "range.cash",
                mine=sight.money(max(one.high, 0.0)),
                theirs=sight.money(max(-one.low, 0.0)),
                company=sight.name(company),
            )
        )
    if "new" in by_key:
        lines.append(sight.say("range.new", count=max(len(one.grid) for one in by_key["new"])))
    if "pledge" in by_key:
        lines.append(sight.say("range.pledge", count=len(by_key["pledge"])))
    further = [key for key in by_key if key not in ("cash", "new", "pledge", "term")]
    if further:
        comma = sight.say("list.comma")
        names = comma.join(sight.say(f"range.name.{key}") for key in further)
        lines.append(sight.say("range.further", clauses=names))
    for one in by_key.get("term", ()):
        comma = sight.say("list.comma")
        lines.append(sight.say("range.term", terms=comma.join(f"{t:.0f}" for t in one.grid)))
    return sight.say("list.comma").join(lines) or sight.say("range.nothing")


def is_locked(game: Game, key: str, side: int = 0, kind: int = -1) -> bool:
    """Whether the solver leaves a clause of the open table as it is."""
    return game.table is not None and Name(key, side, kind) in game.table.locks


def prospects_view(game: Game) -> tuple[ProspectView, ...]:
    """The best deals on the board for the seat, the largest joint surplus first."""
    sight = Sight(game)
    return tuple(_prospect(sight, game, one) for one in game.prospects())


def _prospect(sight: Sight, game: Game, one: Prospect) -> ProspectView:
    deal = game.found_deal(one.found, game.blank_deal(one.other))
    assert deal is not None
    mine, theirs = float(one.found.mine[0]), float(one.found.theirs[0])
    return ProspectView(
        company=sight.tag(one.other),
        reason=reason_line(sight, deal, one),
        gives=clause_lines(sight, deal.gives[1], one.other),
        takes=clause_lines(sight, deal.gives[0], sight.seat),
        joint=sight.money(one.joint, sign=True),
        mine=sight.money(mine, sign=True),
        theirs=sight.money(theirs, sign=True),
        odds=odds_text(sight, float(one.found.odds[0])),
        open=Action("open_prospect", (one.other,), sight.say("finder.open"), 0, not game.over),
    )


def reason_line(sight: Sight, deal: Deal, one: Prospect) -> str:
    """Why a deal is worth while, in a sentence."""
    reason = one.reason
    sides = (sight.seat, one.other)
    giver, taker = sides[reason.side], sides[1 - reason.side]
    said = {
        "giver": sight.name(giver),
        "taker": sight.name(taker),
        "amount": sight.money(reason.amount),
    }
    if reason.what == "pledge":
        said["pledge"] = sight.pick(sight.ruleset.pledges[reason.kind].name)
        said["quarters"] = sight.quarters(deal.term)
    return sight.say(f"reason.{reason.what}", **said)
