"""The catalogue: every sentence under a key, in every language.

    say("refusal.CASH", "zh")
    say("deal.headline", "en", giver="Alibaba", receiver="Meizu", cash="$590m")

Sentences are JSON files, one folder a language; all files of a folder make one catalogue.
"""

from __future__ import annotations

import json
import string
from collections.abc import Mapping
from enum import IntEnum, IntFlag
from functools import cache
from importlib import resources

from game.core.errors import RuleError

LANGUAGES: Mapping[str, str] = {"en": "English", "zh": "中文"}
FALLBACK = "en"


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """All sentences of a language.

    Raises:
        RuleError: an unknown language, or a key that two files give.
    """
    if lang not in LANGUAGES:
        raise RuleError(f"no catalogue in {lang!r}", "text", f"one of {', '.join(LANGUAGES)}")
    sentences: dict[str, str] = {}
    for file in sorted(resources.files(__package__).joinpath(lang).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".json"):
            part = json.loads(file.read_text(encoding="utf-8"))
            twice = sentences.keys() & part.keys()
            if twice:
                raise RuleError(f"{file.name} repeats {sorted(twice)[0]!r}", "text")
            sentences.update(part)
    return sentences


def say(key: str, lang: str = FALLBACK, **args: object) -> str:
    """A sentence, its placeholders filled in.

    Args:
        key: name in the catalogue.
        args: for the placeholders; those that the sentence does not use are left out.

    Raises:
        RuleError: no such key, or a placeholder without a value.
    """
    sentence = catalogue(lang).get(key)
    if sentence is None:
        raise RuleError(f"no sentence {key!r} in {lang!r}", "text")
    try:
        return sentence.format(**args)
    except (KeyError, IndexError) as error:
        raise RuleError(f"{key!r} in {lang!r} needs {error}", "text") from None


def known(key: str, lang: str = FALLBACK) -> bool:
    """Whether the catalogue has this key."""
    return key in catalogue(lang)


def placeholders(sentence: str) -> frozenset[str]:
    """Names in braces of a sentence."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def reasons(flags: int, kind: type[IntFlag], prefix: str, lang: str = FALLBACK) -> tuple[str, ...]:
    """Each flag that is set as a sentence.

    Args:
        flags: bits of ``kind``.
        prefix: before the flag's name in the catalogue, such as ``refusal``.
    """
    bits = kind(int(flags))
    return tuple(say(f"{prefix}.{flag.name}", lang) for flag in kind if flag and flag in bits)


def label(member: IntEnum, prefix: str, lang: str = FALLBACK) -> str:
    """A named number as words."""
    return say(f"{prefix}.{member.name}", lang)


def pick(text: Mapping[str, str], lang: str) -> str:
    """Words of a scenario in a language, in English where they were not translated."""
    return text.get(lang) or text.get(FALLBACK) or next(iter(text.values()), "")
