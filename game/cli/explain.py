"""``stake explain``: what changed a figure in a saved game, and by which cause."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from game.cli.asked import company_of, game_of, language_of, one_of, plain, turn_of
from game.core.errors import UserError
from game.play.explain.causes import NEEDS_MARKET, Measure
from game.session.view_why import WhyBar, WhyView
from game.session.why import SCORE, why_view
from game.text.catalogue import say

WIDTH = 24


def run_explain(
    file: Path,
    company: str,
    what: str,
    market: str,
    turn: str,
    as_json: bool,
    lang: str,
    observer: bool = False,
) -> None:
    """Print the waterfall of a figure, its sentences, and what small steps would bring."""
    known = [*(one.name.lower() for one in Measure), SCORE]
    measure = one_of(what, known, "--what", "measure")
    game = game_of(file)
    game.lang = language_of(lang)
    ruleset = game.ruleset
    who = company_of(game, company)
    place = None
    if market:
        place = ruleset.market(one_of(market, list(ruleset.markets), "--market", "market"))
    elif measure != SCORE and Measure[measure.upper()] in NEEDS_MARKET:
        sold = [
            ruleset.markets[index] for index, on in enumerate(game.state.on_sale[who, :, 0]) if on
        ]
        raise UserError(
            f"{measure} is of a market", "--market", f"one of {', '.join(sold)}" if sold else ""
        )
    view = why_view(game, measure, who, place, turn_of(game, turn), observer=observer)
    if as_json:
        sys.stdout.write(json.dumps(plain(view), indent=2, ensure_ascii=False) + "\n")
    else:
        _print(view)
        if not observer and math.isnan(view.after):
            Console(highlight=False, soft_wrap=True).print(say("why.observer", game.lang))


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
