"""``stake deal`` and ``stake deals``: the solver and the deal finder on a saved game."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from game.cli.asked import company_of, game_of, language_of, one_of
from game.cli.deal_clauses import kind_of, with_clause
from game.core.errors import UserError
from game.play.dimensions import CASH, TERM, Name
from game.play.regulator import Decision
from game.play.solver_question import Mode
from game.session import views
from game.session.deals import Deal, deal_json
from game.session.game import Game
from game.session.sight import Sight
from game.session.view_offers import clause_lines
from game.session.view_review import all_odds, review_of_deal
from game.session.view_solver import found_line
from game.text.catalogue import say

WEIGH = "weigh"
"""The draft as it is: its terms and the odds."""
MODES = (WEIGH, *(mode.value for mode in Mode))


def run_deal(
    file: Path,
    company: str,
    mode: str,
    give: list[str],
    take: list[str],
    term: int,
    lock: list[str],
    as_json: bool,
    lang: str,
) -> None:
    """Answer a question about a draft with one company."""
    game = _opened(file, lang)
    other = company_of(game, company, "--with")
    if other == game.seat:
        raise UserError("nobody deals with itself", "--with", "name another company")
    one_of(mode, MODES, "--mode", "question")
    draft = _draft(game, other, give, take, term)
    locks = frozenset(_locked(game, one) for one in lock)
    game.put_on_table(draft)
    if mode != WEIGH:
        _solved(game, other, draft, mode, locks, as_json)
        return
    _print_package(game, draft, as_json)


def run_deals(file: Path, as_json: bool, lang: str) -> None:
    """Print the best deals on the board for the game's seat."""
    game = _opened(file, lang)
    found = views.prospects(game)
    if as_json:
        told = [
            {
                "with": game.ruleset.companies[one.other].uid,
                "joint": round(one.joint, 6),
                "mine": round(float(one.found.mine[0]), 6),
                "theirs": round(float(one.found.theirs[0]), 6),
                "odds": float(one.found.odds[0]),
                "reason": dataclasses.asdict(one.reason),
                "deal": deal_json(deal) if (deal := _deal_of(game, one.other)) else None,
            }
            for one in game.prospects()
        ]
        sys.stdout.write(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
        return
    console = Console(highlight=False, markup=False, soft_wrap=True)
    for one in found:
        line = say(
            "ui.finder_line", lang, joint=one.joint, mine=one.mine, theirs=one.theirs, odds=one.odds
        )
        stop = say("list.stop", lang)
        console.print(f"{one.company.short}: {line}")
        console.print(f"  {one.reason}")
        console.print(f"  {say('answer.they_give', lang, company=one.company.short)} "
                      f"{stop.join(one.gives)}")  # fmt: skip
        console.print(f"  {say('answer.we_give', lang)} {stop.join(one.takes)}")
    if not found:
        console.print(say("ui.finder_none", lang))


def _opened(file: Path, lang: str) -> Game:
    game = game_of(file)
    game.lang, game.autosaves = language_of(lang), False
    if game.over:
        raise UserError("the game is over", str(file), "open one that still goes on")
    return game


def _deal_of(game: Game, other: int) -> Deal | None:
    found = {one.other: one.found for one in game.prospects()}[other]
    return game.found_deal(found, game.blank_deal(other))


def _solved(
    game: Game, other: int, draft: Deal, mode: str, locks: frozenset[Name], as_json: bool
) -> None:
    """What the solver says."""
    found = game.answer_of(draft, mode, locks)
    deal = game.found_deal(found, draft)
    sight = Sight(game)
    said, _ = found_line(sight, game, other, found, draft if deal is None else deal)
    if deal is not None:
        _print_package(game, deal, as_json, said)
    elif as_json:
        sys.stdout.write(json.dumps({"deal": None, "said": said}, ensure_ascii=False) + "\n")
    else:
        Console(highlight=False, markup=False, soft_wrap=True).print(said)


def _print_package(game: Game, deal: Deal, as_json: bool, said: str = "") -> None:
    """A package, its terms for both sides, and the odds."""
    game.put_on_table(deal)
    view = views.deal(game)
    if as_json:
        told: dict[str, Any] = {
            "deal": deal_json(deal),
            "said": said or view.outlook,
            "odds": None if view.odds != view.odds else view.odds,
            "terms": [
                {
                    "term": row.name,
                    "mine": None if row.mine_value != row.mine_value else row.mine_value,
                    "theirs": [row.theirs_low, row.theirs_high],
                    "known": row.mark,
                }
                for row in view.terms
            ],
            "review": _review_told(game, deal),
            "problems": list(view.problems),
        }
        sys.stdout.write(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
        return
    console = Console(highlight=False, markup=False, soft_wrap=True)
    sight = Sight(game)
    stop = sight.say("list.stop")
    if said:
        console.print(said)
    console.print(sight.say("answer.we_give"), stop.join(view.mine.lines))
    name = sight.name(deal.counterparty)
    theirs = clause_lines(sight, deal.gives[1], deal.counterparty)
    console.print(sight.say("answer.they_give", company=name), stop.join(theirs))
    console.print(view.term_text)
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for short in (view.me.short, view.other.short):
        table.add_column(short, justify="right", no_wrap=True)
    table.add_column("")
    for row in view.terms:
        table.add_row(row.name, row.mine, row.theirs, row.theirs_certainty)
    table.add_row(sight.say("ui.total"), view.total_mine, view.total_theirs, "")
    console.print(table)
    for line in (*view.problems, *view.review, view.outlook):
        console.print(line)


def _review_told(game: Game, deal: Deal) -> dict[str, Any] | None:
    """What authorities may do: odds, and the index where it is feared for."""
    found = review_of_deal(game, deal)
    if found is None:
        return None
    odds = all_odds(found)
    return {
        "odds": {one.name.lower(): round(float(odds[one]), 6) for one in Decision},
        "quarters": int(found.quarters.max()),
        "markets": [
            {
                "market": name,
                "hhi": round(float(found.index[place].max()), 1),
                "change": round(float(found.change[place].max()), 1),
                "concern": round(float(found.concern[place].max()), 6),
            }
            for place, name in enumerate(game.ruleset.markets)
            if (found.change[place] >= 1.0).any()
        ],
    }


# --------------------------------------------------------------------------------- the draft


def _draft(game: Game, other: int, give: list[str], take: list[str], term: int) -> Deal:
    deal = game.blank_deal(other)
    terms = game.ruleset.rules.terms
    if term:
        if term not in terms:
            advice = f"one of {', '.join(map(str, terms))}"
            raise UserError(f"no term of {term} quarters", "--term", advice)
        deal = dataclasses.replace(deal, term=term)
    for side, (who, written, option) in enumerate(
        ((game.seat, give, "--give"), (other, take, "--take"))
    ):
        clauses = deal.gives[side]
        for one in written:
            clauses = with_clause(game, who, clauses, one, option)
        deal = deal.with_side(side, clauses)
    if any(side.loan for side in deal.gives):
        deal = dataclasses.replace(deal, rate=game.ruleset.rules.interest)
    return deal


def _locked(game: Game, written: str) -> Name:
    """A lock: cash, term, give.new, take.founders, give.os, take.offline."""
    if written in ("cash", "term"):
        return CASH if written == "cash" else TERM
    side, dot, key = written.partition(".")
    if side not in ("give", "take") or not dot:
        advice = "write cash, term, give.new, take.offline …"
        raise UserError(f"{written!r} is no clause to lock", "--lock", advice)
    place = 0 if side == "give" else 1
    if key == "cash":
        return CASH
    if key in ("new", "loan", "board", "standstill", "call_stake", "instalment", "non_compete"):
        return Name(key, place)
    return Name("pledge", place, kind_of(game, key, "--lock"))
