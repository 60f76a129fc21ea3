"""What commands on saved games are asked for: a game, a company, a quarter."""

from __future__ import annotations

import dataclasses
import difflib
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from game.core.errors import UserError
from game.session.game import Game
from game.session.replaying import replay_file
from game.storage.container import SAVE, read_file, unwrap
from game.text.catalogue import LANGUAGES

QUARTER = re.compile(r"(\d{4})-?[qQ]([1-4])")


def game_of(file: Path) -> Game:
    """The game of a save, or of a replay, which is played again."""
    kind, _ = unwrap(read_file(file), str(file))
    return Game.load(file) if kind == SAVE else replay_file(file).game


def one_of(word: str, known: Sequence[str], where: str, what: str) -> str:
    """The word, if it is known; else an error that names the nearest."""
    if word in known:
        return word
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    advice = f"did you mean {near[0]}?" if near else f"one of {', '.join(known)}"
    raise UserError(f"no {what} {word!r}", where, advice)


def turn_of(game: Game, written: str) -> int | None:
    """The played quarter that is meant; None where nothing is written."""
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


def company_of(game: Game, written: str, where: str = "--company") -> int:
    """Index of the company with this id."""
    uids = [one.uid for one in game.ruleset.companies]
    return uids.index(one_of(written, uids, where, "company"))


def plain(value: Any) -> Any:
    """Plain JSON; what is not a number is null."""
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return {field.name: plain(getattr(value, field.name)) for field in fields}
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def language_of(written: str) -> str:
    """A language's code; English where none is asked for."""
    if written and written not in LANGUAGES:
        raise UserError(f"no language {written!r}", "--lang", f"one of {', '.join(LANGUAGES)}")
    return written or "en"
