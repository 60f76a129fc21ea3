"""News as facts: a key of the catalogue with its arguments, so that a save keeps them and any
language can tell them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from game.session.sight import Sight
from game.session.view_types import Headline, Link

KINDS = (
    "company",
    "market",
    "sector",
    "pledge",
    "event",
    "mandate",
    "money",
    "percent",
    "part",
    "text",
    "key",
    "option",
)


Lines = tuple[tuple[str, tuple[tuple[str, str, Any], ...]], ...]
"""(key, args) of sentences."""


@dataclasses.dataclass(frozen=True)
class News:
    """One thing that happened."""

    key: str
    """In the catalogue, under ``news.``."""
    args: tuple[tuple[str, str, Any], ...]
    """(placeholder, kind, value); kinds are those of :data:`KINDS`."""
    link: tuple[str, int] = ("", -1)
    weight: float = 1.0
    tone: str = ""
    lines: Lines = ()
    """(key, args) of the lines under the headline."""


def news(
    key: str, link: tuple[str, int], weight: float, tone: str = "", **args: tuple[str, Any]
) -> News:
    """News from named arguments, each a (kind, value)."""
    return News(
        key, tuple((name, kind, value) for name, (kind, value) in args.items()), link, weight, tone
    )


def tell(sight: Sight, item: News) -> Headline:
    """News as a headline in the game's language."""
    detail = "\n".join(sight.say(f"news.{key}", **words(sight, args)) for key, args in item.lines)
    text = sight.say(f"news.{item.key}", **words(sight, item.args))
    return Headline(text, Link(*item.link), item.tone, item.weight, detail)


ACTORS = ("buyer", "topper", "one", "giver", "lender", "company")
"""Placeholders of who did something, by weight."""


def actor(item: News, seat: int) -> int:
    """The company whose doing news are; of a card the first machine that chose; -1 nobody's."""
    every = (item.args, *(args for key, args in item.lines if key == "chose"))
    for args in every:
        named = {name: int(value) for name, kind, value in args if kind == "company"}
        for name in ACTORS:
            if named.get(name, seat) != seat:
                return named[name]
    return -1


def words(sight: Sight, args: tuple[tuple[str, str, Any], ...]) -> dict[str, str]:
    """Arguments as words."""
    return {name: _word(sight, kind, value) for name, kind, value in args}


def _word(sight: Sight, kind: str, value: Any) -> str:
    ruleset = sight.ruleset
    if kind == "company":
        return sight.name(int(value))
    if kind == "market":
        return sight.market(int(value))
    if kind == "sector":
        return sight.sector(int(value))
    if kind == "pledge":
        return sight.pick(ruleset.pledges[int(value)].name)
    if kind == "event":
        return sight.pick(ruleset.events[int(value)].title)
    if kind == "mandate":
        return sight.pick(ruleset.mandates[int(value[0])][int(value[1])].text)
    if kind == "money":
        return sight.money(float(value))
    if kind == "part":
        return sight.percent(float(value), digits=0)
    if kind == "percent":
        return sight.percent(float(value))
    if kind == "option":
        return sight.pick(ruleset.events[int(value[0])].options[int(value[1])].label)
    if kind == "key":
        return sight.say(str(value))
    return str(value)


def news_json(item: News) -> dict[str, Any]:
    """Plain JSON of news."""
    return dataclasses.asdict(item)


def _args_of(facts: Any) -> tuple[tuple[str, str, Any], ...]:
    out = []
    for name, kind, value in facts:
        if kind not in KINDS:
            raise ValueError(f"unknown argument {kind!r}")
        out.append((str(name), str(kind), tuple(value) if isinstance(value, list) else value))
    return tuple(out)


def lines_of(facts: Any) -> Lines:
    """Sentences from plain JSON.

    Raises:
        TypeError, ValueError: the facts are not sentences.
    """
    return tuple((str(key), _args_of(args)) for key, args in facts)


def news_of(facts: Mapping[str, Any]) -> News:
    """News from plain JSON.

    Raises:
        KeyError, TypeError, ValueError: the facts are not news.
    """
    kind, target = facts["link"]
    return News(
        key=str(facts["key"]),
        args=_args_of(facts["args"]),
        link=(str(kind), int(target)),
        weight=float(facts["weight"]),
        tone=str(facts["tone"]),
        lines=lines_of(facts["lines"]),
    )
