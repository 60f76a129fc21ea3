"""``stake explain``: what changed a figure in a saved game, and by which cause."""

from __future__ import annotations

import dataclasses
import difflib
import json
import math
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from game.core.errors import UserError
from game.play.explain.causes import NEEDS_MARKET, Measure
from game.session.game import Game
from game.session.replaying import replay_file
from game.session.view_why import WhyBar, WhyView
from game.session.why import why_view
from game.storage.container import SAVE, read_file, unwrap
from game.text.catalogue import LANGUAGES

WIDTH = 24
QUARTER = re.compile(r"(\d{4})-?[qQ]([1-4])")


def run_explain(
    file: Path, company: str, what: str, market: str, turn: str, as_json: bool, lang: str
) -> None:
    """Print the waterfall of a figure, its sentences, and what small steps would bring."""
    if lang and lang not in LANGUAGES:
        raise UserError(f"no language {lang!r}", "--lang", f"one of {', '.join(LANGUAGES)}")
    measure = _one_of(what, [one.name.lower() for one in Measure], "--what", "measure")
    game = _game_of(file)
    game.lang = lang or "en"
    ruleset = game.ruleset
    uids = [one.uid for one in ruleset.companies]
    who = uids.index(_one_of(company, uids, "--company", "company"))
    place = None
    if market:
        place = ruleset.market(_one_of(market, list(ruleset.markets), "--market", "market"))
    elif Measure[measure.upper()] in NEEDS_MARKET:
        sold = [
            ruleset.markets[index] for index, on in enumerate(game.state.on_sale[who, :, 0]) if on
        ]
        raise UserError(
            f"{measure} is of a market", "--market", f"one of {', '.join(sold)}" if sold else ""
        )
    view = why_view(game, measure, who, place, _turn(game, turn), open_books=True)
    if as_json:
        sys.stdout.write(json.dumps(_plain(view), indent=2, ensure_ascii=False) + "\n")
    else:
        _print(view)


def _game_of(file: Path) -> Game:
    """The game of a save, or of a replay, which is played again."""
    kind, _ = unwrap(read_file(file), str(file))
    return Game.load(file) if kind == SAVE else replay_file(file).game


def _one_of(word: str, known: Sequence[str], where: str, what: str) -> str:
    if word in known:
        return word
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    advice = f"did you mean {near[0]}?" if near else f"one of {', '.join(known)}"
    raise UserError(f"no {what} {word!r}", where, advice)


def _turn(game: Game, written: str) -> int | None:
    if not written:
        return None
    found = QUARTER.fullmatch(written)
    if not found:
        raise UserError(f"{written!r} is no quarter", "--turn", "write it as 2016-Q2")
    rules = game.ruleset.rules
    first = rules.first_year * 4 + rules.first_quarter - 1
    turn = int(found[1]) * 4 + int(found[2]) - 1 - first
    if not 0 <= turn < len(game.reports):
        last = first + len(game.reports) - 1
        span = f"{rules.first_year}-Q{rules.first_quarter} to {last // 4}-Q{last % 4 + 1}"
        advice = f"played: {span}" if game.reports else "no quarter has been played"
        raise UserError(f"{written} is not in this game", "--turn", advice)
    return turn


def _plain(value: Any) -> Any:
    """Plain JSON; what is not a number is null."""
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return {field.name: _plain(getattr(value, field.name)) for field in fields}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _print(view: WhyView) -> None:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    console.print(f"{view.title}\n{view.subtitle}")
    if view.groups:
        table = Table(box=None, pad_edge=False, show_header=False)
        table.add_column()
        table.add_column(justify="right", no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(style="dim")
        largest = max(abs(bar.amount) for group in view.groups for bar in (group, *group.members))
        table.add_row("", view.before_text, "", "")
        for bar in view.groups:
            _add(table, bar, largest, 0)
        table.add_row("", view.after_text, "", "")
        console.print(table)
    for line in (*view.sentences, *view.elasticities, view.note):
        if line:
            console.print(line)


def _add(table: Table, bar: WhyBar, largest: float, depth: int) -> None:
    length = round(WIDTH * abs(bar.amount) / largest) if largest else 0
    drawn = ("▒" if depth else "█") * length
    table.add_row("  " * depth + bar.label, bar.amount_text, drawn, bar.detail)
    for member in bar.members:
        _add(table, member, largest, depth + 1)
