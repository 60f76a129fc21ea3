"""The clauses of ``stake deal`` as they are written on the command line."""

from __future__ import annotations

import dataclasses
import re

from game.cli.asked import company_of, one_of
from game.core.errors import UserError
from game.play.contracts import shares_for
from game.play.outcome import shares_total
from game.session.deals import Clauses
from game.session.game import Game

SIMPLE = ("cash", "loan", "new", "founders")
PLACED = ("business", "non_compete")
"""Clauses of a market."""
FURTHER = ("whole", "board", "standstill", "venture", "venture_share", *PLACED)
CLAUSE = re.compile(r"([\w.:/-]+)(?:=([0-9.]+)(%?))?(!?)")


def with_clause(game: Game, who: int, clauses: Clauses, written: str, option: str) -> Clauses:
    """Clauses with one more: cash=590, loan=100, new=29%, founders=5%, shares:jd=3%, os=60%!,
    whole, board, standstill, business:phones/home, venture:phones/home=450 venture_share=45%."""
    found = CLAUSE.fullmatch(written)
    if not found:
        advice = "write cash=590, new=29%, founders=5%, shares:jd=3% or a pledge as os=60%"
        raise UserError(f"{written!r} is no clause", option, advice)
    key, number, percent, alone = found.groups()
    try:
        amount = float(number) if number else 1.0
    except ValueError:
        raise UserError(f"{number!r} is no number", option, "write it as 12.5") from None
    part = amount / 100.0 if percent else amount
    if key == "cash":
        return dataclasses.replace(clauses, cash=amount)
    if key == "loan":
        return dataclasses.replace(clauses, loan=amount)
    if key.partition(":")[0] in FURTHER:
        return _further(game, clauses, key, part, option)
    if key in ("new", "founders") or key.startswith("shares:"):
        return _with_shares(game, who, clauses, key, part, option)
    kind = kind_of(game, key, option)
    clauses = clauses.with_pledge(kind, part)
    return clauses.with_exclusive(kind, True) if alone else clauses


def _with_shares(
    game: Game, who: int, clauses: Clauses, key: str, part: float, option: str
) -> Clauses:
    if not 0.0 < part < 1.0:
        raise UserError(f"{key} is a part of a company", option, f"write {key}=12%")
    every = shares_total(game.state)[:, 0]
    if key == "new":
        return dataclasses.replace(clauses, new_shares=int(shares_for(part, every[who])))
    issuer = who if key == "founders" else company_of(game, key.removeprefix("shares:"), option)
    count = min(round(part * int(every[issuer])), game.old_shares_most(who, issuer))
    return dataclasses.replace(clauses, old_shares=count, old_issuer=issuer)


def kind_of(game: Game, word: str, option: str) -> int:
    """A kind of pledge by its id."""
    uids = [pledge.uid for pledge in game.ruleset.pledges]
    return uids.index(one_of(word, [*uids, *SIMPLE, *FURTHER], option, "clause"))


def _further(game: Game, clauses: Clauses, key: str, amount: float, option: str) -> Clauses:
    """A further clause: whole, board, standstill, business:phones/home, venture:phones/home=450
    with venture_share=45%."""
    name, _, market = key.partition(":")
    if name == "venture_share":
        return clauses.with_further(venture_share=amount)
    if name == "venture":
        place = game.ruleset.markets.index(one_of(market, game.ruleset.markets, option, "market"))
        return clauses.with_further(venture=amount, venture_market=place + 1.0)
    if name not in PLACED:
        return clauses.with_further(**{name: 1.0})
    place = game.ruleset.markets.index(one_of(market, game.ruleset.markets, option, "market"))
    return clauses.with_further(**{name: place + 1.0})
