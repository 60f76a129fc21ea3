"""The end: why it came, who stands where, and the game's biggest moments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from game.core.ruleset import EndCause
from game.play import outcome
from game.session.sight import Sight
from game.session.view_detail import EndView, RankRow
from game.session.view_ledger import compare_charts
from game.session.view_score import mandates
from game.session.view_types import Ask, Headline
from game.text import format as fmt

if TYPE_CHECKING:
    from game.session.game import Game

MOMENTS = 8


def end_view(game: Game) -> EndView:
    """The result; before the end it shows the standings so far."""
    sight = Sight(game)
    cause = EndCause(int(sight.now.end_cause))
    winner = int(sight.now.winner)
    rows = ranking(sight)
    place = next(row.place for row in rows if row.mine)
    name = sight.name(winner) if winner >= 0 else rows[0].company.short
    key = "end.won" if winner == sight.seat else "end.lost"
    ended, who = cause.name, name
    if game.failed and cause == EndCause.RUNNING:
        ended, who, key = "FAILED", sight.name(sight.seat), "end.FAILED.verdict"
    return EndView(
        title=sight.say(f"end.{ended}"),
        reason=sight.say(
            f"end.{ended}.reason",
            company=who,
            date=sight.date(game.turn - 1 if game.failed else max(int(sight.now.end_turn), 0)),
            quarters=sight.quarters(sight.ruleset.rules.path_quarters),
        ),
        verdict=sight.say(key, place=place, count=len(rows), company=name),
        term_names=(
            sight.say("score.value"), sight.say("score.mandates"), sight.say("score.doors"),
        ),
        ranking=rows,
        mandates=mandates(sight, sight.seat),
        moments=_moments(game),
        charts=compare_charts(sight, game),
        rehearsed=sight.say("end.rehearsed") if game.rehearsed else "",
    )  # fmt: skip


def ranking(sight: Sight) -> tuple[RankRow, ...]:
    """All companies, the winner first, then by score; ties by uid."""
    parts = outcome.score(sight.full, sight.ruleset)
    total = parts.total[:, 0]
    winner = int(sight.now.winner)
    uids = sight.ruleset.company_uid
    order = sorted(range(len(total)), key=lambda c: (c != winner, -float(total[c]), int(uids[c])))
    rows = []
    for place, company in enumerate(order):
        values = tuple(float(t[company, 0]) for t in (parts.value, parts.mandates, parts.doors))
        terms = tuple(f"{value:.1f}" for value in values)
        rows.append(
            RankRow(
                place + 1, sight.tag(company), company == sight.seat,
                fmt.points(float(total[company]), sight.lang),
                (terms[0], terms[1], terms[2]), (values[0], values[1], values[2]),
                _note(sight, company), Ask("score", company),
            )
        )  # fmt: skip
    return tuple(rows)


def _note(sight: Sight, company: int) -> str:
    defaults = int(sight.now.defaults[company])
    met = int((np.asarray(sight.now.mandate_best[company]) >= 1.0 - 1e-9).sum())
    words = [sight.say("end.mandates", count=met)] if sight.ruleset.mandates[company] else []
    if defaults:
        words.append(sight.say("end.defaults", count=defaults))
    return sight.say("list.stop").join(words)


def _moments(game: Game) -> tuple[Headline, ...]:
    """The biggest headlines, oldest first."""
    found = [(turn, line) for turn in range(len(game.reports)) for line in game.headlines(turn)]
    best = sorted(found, key=lambda pair: -pair[1].weight)[:MOMENTS]
    return tuple(line for _, line in sorted(best, key=lambda pair: pair[0]))
