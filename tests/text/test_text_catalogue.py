"""Both languages say the same things, and everything that the code asks for is there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import game.session
from game.core.errors import RuleError
from game.core.ruleset import EffectKind, EndCause, Status
from game.play.memories import Deed
from game.play.orders import Refusal
from game.play.packages import DealFlag, Term
from game.play.report import Line
from game.policies.reasons import Act, Motive
from game.policies.registry import names
from game.session.view_memory import TOGETHER
from game.text.catalogue import LANGUAGES, catalogue, known, label, placeholders, reasons, say

SESSION = Path(game.session.__file__).parent


def asked_for() -> set[str]:
    """Keys that the session's code names literally."""
    found: set[str] = set()
    for file in SESSION.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _is_saying(node.func):
                found |= {a.value for a in node.args if isinstance(a, ast.Constant) and _is_key(a)}
    return found


def _is_saying(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in ("say", "_wrong", "money_figure")


def _is_key(node: ast.Constant) -> bool:
    return isinstance(node.value, str) and "." in node.value


def test_languages_have_the_same_keys() -> None:
    english = catalogue("en").keys()
    for lang in LANGUAGES:
        assert catalogue(lang).keys() == english, lang


def test_languages_have_the_same_placeholders() -> None:
    for lang in LANGUAGES:
        for key, sentence in catalogue(lang).items():
            assert placeholders(sentence) == placeholders(catalogue("en")[key]), (lang, key)


def test_no_sentence_is_empty_or_left_in_english() -> None:
    for key, sentence in catalogue("zh").items():
        assert sentence.strip(), key
        letters = [c for c in sentence if c.isalpha()]
        bare = not placeholders(sentence) and len(letters) > 3
        assert not bare or any("一" <= c <= "鿿" for c in sentence), key


def test_everything_the_session_asks_for_is_there() -> None:
    found = asked_for()
    assert len(found) > 150
    assert not {key for key in found if not known(key)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_flag_has_a_sentence(lang: str) -> None:
    for kind, prefix in ((Refusal, "refusal"), (DealFlag, "dealflag")):
        whole = 0
        for flag in kind:
            whole |= int(flag)
        assert len(reasons(whole, kind, prefix, lang)) == len([flag for flag in kind if flag])
        assert reasons(0, kind, prefix, lang) == ()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_named_number_has_words(lang: str) -> None:
    for line in Line:
        assert label(line, "line", lang)
    for term in Term:
        assert label(term, "term", lang)
        assert known(f"term.{term.name}.about", lang)
    for cause in EndCause:
        assert label(cause, "end", lang)
        assert known(f"end.{cause.name}.reason", lang)
    for effect in EffectKind:
        assert known(f"event.{effect.name}", lang)
    for status in Status:
        assert status == Status.INDEPENDENT or known(f"status.{status.name}", lang)
    for name in names():
        assert known(f"rivals.{name}", lang)
    for motive in Motive:
        assert label(motive, "motive", lang)
    for act in Act:
        assert known(f"move.{act.name}", lang)
    for deed in Deed:
        assert known(f"memory.{deed.name}", lang)
        assert deed not in TOGETHER or known(f"memory.{deed.name}.many", lang) or deed == Deed.KEPT


def test_mistakes_are_told() -> None:
    with pytest.raises(RuleError, match="no sentence"):
        say("no.such.key")
    with pytest.raises(RuleError, match="needs"):
        say("clause.cash")
    with pytest.raises(RuleError, match="no catalogue"):
        say("clause.cash", "fr")
    assert say("list.comma", more="ignored") == ", "
