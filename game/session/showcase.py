"""A whole game by machines, told in a report with pictures of the screens.

The session draws nothing: whoever calls hands in a function that takes pictures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from game.core.axes import AnyArray
from game.core.errors import UserError
from game.core.ruleset import Ruleset
from game.play.observation_build import observe
from game.play.orders import Orders
from game.scenario.loader import Scenario
from game.session.deals import Deal, read_deal
from game.session.draft import Draft
from game.session.game import Game
from game.session.sight import Sight
from game.session.view_end import ranking
from game.session.view_types import Headline

Take = Callable[[Game, str, str], Path]
"""(game, section, name of the picture without its ending) to the file."""
Tick = Callable[[int, int], None]
"""(quarters played, quarters in all)."""

REPORT = "report.md"
TOLD = 4
"""Headlines of a quarter in the report."""
OPENING = ("title", "desk", "market", "company", "deal")
LATER = ("desk", "pledges", "market", "ledger")
CLOSING = ("ledger", "end")


@dataclass(frozen=True)
class Showcase:
    """What a showcase left."""

    game: Game
    report: Path
    pictures: tuple[Path, ...]
    trouble: str
    """Why pictures are missing; empty when none are."""


class _Album:
    """Takes pictures; remembers the first that could not be taken."""

    def __init__(self, take: Take | None) -> None:
        self.take, self.trouble = take, ""
        self.files: list[Path] = []

    def add(self, game: Game, sections: tuple[str, ...]) -> None:
        for section in sections:
            if self.take is None:
                return
            name = f"{game.turn:02d}-{len(self.files):02d}-{section}"
            try:
                self.files.append(self.take(game, section, name))
            except Exception as error:  # a picture must never stop the game
                self.trouble = self.trouble or f"{section}: {type(error).__name__}: {error}"


def run_showcase(
    scenario: Scenario,
    seed: int,
    folder: Path,
    take: Take | None,
    lang: str = "en",
    *,
    seat: int | None = None,
    quarters: int | None = None,
    tick: Tick = lambda done, of: None,
) -> Showcase:
    """Play a game with machines in all seats and leave a report and pictures.

    Args:
        folder: made when missing.
        take: takes pictures; ``None`` leaves them out.
        seat: through whose eyes; the counterparty of the first draft, else the first company.
        quarters: stop after so many; ``None`` plays to the end.

    Raises:
        UserError: the folder cannot be written.
    """
    game = Game.new(
        scenario, main_seat(scenario.ruleset) if seat is None else seat, seed, lang=lang
    )
    game.autosaves, game.by_machine, game.delegates = False, True, False
    album = _Album(take)
    _open(game, album)
    most = scenario.ruleset.rules.quarters if quarters is None else quarters
    middle = {most // 3, 2 * most // 3}
    while not game.over and len(game.reports) < most:
        game.draft = machine_draft(game)
        game.end_turn()
        tick(len(game.reports), most)
        if len(game.reports) in middle and not game.over:
            album.add(game, LATER)
    album.add(game, CLOSING)
    return Showcase(game, write_report(game, folder, album), tuple(album.files), album.trouble)


def main_seat(ruleset: Ruleset) -> int:
    """The company whom the first draft is for, else the first."""
    return ruleset.drafts[0].counterparty if ruleset.drafts else 0


def _open(game: Game, album: _Album) -> None:
    """Pictures of the first quarter, with the scenario's draft on the table."""
    if game.offers():
        game.open_offer(0)
        album.add(game, OPENING)
        game.close_table()
    else:
        album.add(game, tuple(section for section in OPENING if section != "deal"))


# ------------------------------------------------------------------- a machine's orders


def machine_draft(game: Game) -> Draft:
    """What a machine would order from the person's seat, as a draft."""
    seats = np.array([game.seat])
    view = observe(game.state, game.ruleset, seats)
    return draft_from(game.policy.act(view, game.ruleset, seats), game)


def draft_from(orders: Orders, game: Game) -> Draft:
    """The seat's rows of orders as a draft, in the first world."""
    seat, now = game.seat, game.state
    events = range(len(game.ruleset.events))
    return Draft(
        notch=int(orders.notch[seat, 0]),
        mix=tuple(float(part) for part in orders.mix[seat, :, 0]),
        focus=tuple(int(market) for market in orders.focus[seat, :, 0]),
        stance=tuple(enumerate(int(s) for s in orders.stance[seat, :, 0])),
        enter=_marks(orders.enter[seat, :, 0]),
        leave=_marks(orders.leave[seat, :, 0]),
        integrate=_pairs(orders.integrate[:, seat, :, 0]),
        break_pledge=_pairs(orders.break_pledge[:, seat, :, 0]),
        effort=tuple(
            ((kind, receiver), float(orders.effort[kind, seat, receiver, 0]))
            for kind, receiver in _pairs(~np.isnan(orders.effort[:, seat, :, 0]))
            if now.pledge_announced[kind, seat, receiver, 0] > 0.0
        ),
        exercise=tuple(
            (company, int(orders.exercise[seat, company, 0]))
            for company in np.flatnonzero(orders.exercise[seat, :, 0]).tolist()
        ),
        investigate=int(orders.investigate[seat, 0]),
        attack=int(orders.attack[seat, 0]),
        praise=int(orders.praise[seat, 0]),
        borrow=float(orders.borrow[seat, 0]),
        issue=float(orders.issue[seat, 0]),
        dividend=float(orders.dividend[seat, 0]),
        buy_back=float(orders.buy_back[seat, 0]),
        project=int(orders.project[seat, 0]),
        choice=tuple(
            (v, int(orders.choice[v, seat, 0])) for v in events if orders.choice[v, seat, 0] >= 0
        ),
        proposed=_proposed(orders, seat),
    )


def _marks(row: AnyArray) -> tuple[int, ...]:
    return tuple(int(place) for place in np.flatnonzero(row))


def _pairs(table: AnyArray) -> tuple[tuple[int, int], ...]:
    return tuple((int(one), int(other)) for one, other in np.argwhere(table))


def _proposed(orders: Orders, seat: int) -> tuple[Deal, ...]:
    rows = (read_deal(orders.proposals, 2 * seat + place) for place in (0, 1))
    return tuple(deal for deal in rows if deal is not None)


# --------------------------------------------------------------------------- the report


def write_report(game: Game, folder: Path, album: _Album) -> Path:
    """The story of a game as Markdown.

    Raises:
        UserError: the folder cannot be written.
    """
    sight = Sight(game)
    lines = [
        f"# {sight.say('showcase.title', title=sight.pick(game.ruleset.title))}",
        "",
        sight.say("showcase.intro", seed=game.seed, company=sight.name(game.seat)),
        "",
        *_result(sight),
        *_pictures(sight, folder, album),
        *_quarters(sight, game),
    ]
    path = folder / REPORT
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise UserError(what, str(path), "choose another folder") from None
    return path


def _result(sight: Sight) -> list[str]:
    lines = [
        f"## {sight.say('showcase.result')}",
        "",
        sight.say("showcase.table"),
        "|---|---|---|---|---|---|",
    ]
    for row in ranking(sight):
        cells = (str(row.place), row.company.name, row.total, *row.terms)
        lines.append("| " + " | ".join(cells) + " |")
    return [*lines, ""]


def _pictures(sight: Sight, folder: Path, album: _Album) -> list[str]:
    lines = [f"## {sight.say('showcase.pictures')}", ""]
    for file in album.files:
        inside = file.relative_to(folder) if file.is_relative_to(folder) else file
        lines += [f"![{file.stem}]({inside.as_posix()})", ""]
    if album.trouble:
        lines += [sight.say("showcase.no_pictures", why=album.trouble), ""]
    return lines


def _quarters(sight: Sight, game: Game) -> list[str]:
    lines = [f"## {sight.say('showcase.quarters')}", ""]
    for turn in range(len(game.reports)):
        state = game.states[turn + 1]
        lines += [
            f"### {sight.date(turn)}",
            "",
            sight.say(
                "showcase.line",
                company=sight.name(game.seat),
                cash=sight.money(float(state.cash[game.seat, 0])),
                score=f"{float(state.score[game.seat, 0]):.1f}",
            ),
            "",
            *_told(sight, game.headlines(turn)),
            "",
        ]
    return lines


def _told(sight: Sight, news: tuple[Headline, ...]) -> list[str]:
    if not news:
        return [sight.say("showcase.quiet")]
    out = []
    for line in news[:TOLD]:
        out.append(f"- {line.text}")
        out += [f"  - {detail}" for detail in line.detail.splitlines()]
    return out
