"""The players by name, and who sits where."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from game.core.errors import UserError
from game.core.ruleset import Ruleset
from game.play.policy import Policy
from game.policies.best_reply import BestReply
from game.policies.idle import Idle
from game.policies.levels import levels
from game.policies.planner import Planner
from game.policies.random_legal import RandomLegal
from game.policies.strategist import Strategist

DEFAULT = "strategist"
LEVEL = "level-"
_SHORT = re.compile(r"(?:strategist|level)@(\d+)")


def at_level(number: int) -> Policy:
    """The player of a level of difficulty, 1 the easiest."""
    level = levels()[number - 1]
    player: Strategist | Planner = Strategist(level=level)
    if level.futures:
        player = Planner(level.futures, level.quarters, level.width, level.kinds, level)
    player.name = f"{LEVEL}{number}"
    return player


_MAKERS: dict[str, Callable[..., Policy]] = {
    Idle.name: Idle,
    RandomLegal.name: RandomLegal,
    BestReply.name: BestReply,
    Strategist.name: Strategist,
    Planner.name: Planner,
}

_LEVELS = 5
_MAKERS |= {f"{LEVEL}{number}": partial(at_level, number) for number in range(1, _LEVELS + 1)}

Seating = tuple[tuple[Policy, tuple[int, ...]], ...]
"""Policies and the company indices that each plays."""


def names() -> tuple[str, ...]:
    """Names that :func:`make` knows, the weakest first; ``strategist@2`` is short for level 2."""
    return tuple(_MAKERS)


def level_names() -> tuple[str, ...]:
    """Names of the levels of difficulty, the easiest first."""
    return tuple(f"{LEVEL}{number + 1}" for number in range(len(levels())))


def make(name: str, **options: Any) -> Policy:
    """A player by name.

    Args:
        options: of the player's class, such as ``deals=False`` for a strategist who signs none.

    Raises:
        UserError: no player has that name.
    """
    return _MAKERS[_known(name)](**options)


def seating(spec: str, ruleset: Ruleset) -> Seating:
    """Who plays which company.

    Args:
        spec: one policy for all seats, exceptions as ``company=policy``, separated by commas:
            ``strategist`` or ``strategist,meizu=idle``; ``*=strategist`` is the same as
            ``strategist``. Without a policy for all, strategists.

    Returns:
        One entry a policy, in the order of :func:`names`; seats ascending.

    Raises:
        UserError: unknown company or policy, two policies for all, a company named twice.
    """
    general, special = _parse(spec, [company.uid for company in ruleset.companies])
    chosen = [special.get(company.uid, general) for company in ruleset.companies]
    return tuple(
        (make(name), tuple(index for index, mine in enumerate(chosen) if mine == name))
        for name in names()
        if name in chosen
    )


def _parse(spec: str, uids: list[str]) -> tuple[str, dict[str, str]]:
    general: list[str] = []
    special: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in spec.split(","))):
        company, separator, name = (piece.strip() for piece in part.partition("="))
        if not separator or company == "*":
            general.append(_known(name or company))
        elif company not in uids:
            raise UserError(f"no company is called {company!r}", "--seats", _advice(company, uids))
        elif company in special:
            raise UserError(f"{company} is seated twice", "--seats", "name each company once")
        else:
            special[company] = _known(name)
    if len(general) > 1:
        raise UserError(
            "two policies for all seats", "--seats", "give exceptions as company=policy"
        )
    return (general or [DEFAULT])[0], special


def _known(name: str) -> str:
    short = _SHORT.fullmatch(name)
    name = LEVEL + short[1] if short else name
    if name not in _MAKERS:
        raise UserError(f"no policy is called {name!r}", "--seats", _advice(name, names()))
    return name


def _advice(word: str, known: Iterable[str]) -> str:
    choices = list(known)
    close = difflib.get_close_matches(word, choices, 1)
    return f"did you mean {close[0]}?" if close else f"choose from {', '.join(choices)}"
