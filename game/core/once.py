"""What follows from a ruleset alone, worked out once for each ruleset."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from game.core.ruleset import Ruleset

Key = ParamSpec("Key")
Fact = TypeVar("Fact")

_HOLDER = "_known"


def once(
    work: Callable[Concatenate[Ruleset, Key], Fact],
) -> Callable[Concatenate[Ruleset, Key], Fact]:
    """A function of a ruleset, and of hashable positional arguments, that remembers its answers.

    Answers live with the ruleset, which never changes, and go with it; nobody may write into them.
    """
    name = f"{work.__module__}.{work.__qualname__}"

    @wraps(work)
    def known(ruleset: Ruleset, /, *key: Key.args, **named: Key.kwargs) -> Fact:
        held: dict[Hashable, Fact] = ruleset.__dict__.setdefault(_HOLDER, {})
        place = (name, *key)
        if place not in held:
            held[place] = work(ruleset, *key, **named)
        return held[place]

    return cast(Callable[Concatenate[Ruleset, Key], Fact], known)
