"""The grammar of conditions: what it means, what it refuses and where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.scenario.expression import ExpressionError, Trigger, companies, lower, parse


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("turn >= 4", Trigger(from_turn=4)),
        ("turn > 4", Trigger(from_turn=5)),
        ("turn >= 3.5", Trigger(from_turn=4)),
        ("4 <= turn", Trigger(from_turn=4)),
        ("turn >= 2 and turn >= 6", Trigger(from_turn=6)),
        ("kite.cash < 2 * kite.costs", Trigger("kite", 2.0)),
        ("kite.cash < kite.costs", Trigger("kite", 1.0)),
        ("kite.costs * (1 + 1) > kite.cash", Trigger("kite", 2.0)),
        ("kite.cash / kite.costs < 1.5", Trigger("kite", 1.5)),
        ("kite.cash <= 2*kite.costs and turn >= 4", Trigger("kite", 2.0, 4)),
        ("(turn > 1) and ((kite.cash < 3 * kite.costs))", Trigger("kite", 3.0, 2)),
    ],
)
def test_what_the_game_can_wait_for(text: str, trigger: Trigger) -> None:
    assert lower(parse(text)) == trigger


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 0, "a value is missing"),
        ("turn", 0, "is a number"),
        ("turn >= ", 8, "a value is missing"),
        ("turn >= 4 4", 10, "after the condition has ended"),
        ("turn # 4", 5, "has no meaning here"),
        ("quarter > 4", 0, "'quarter' is no quantity"),
        ("kite.debt > 4", 5, "'debt' is no quantity of a company"),
        ("turn and 4 > 1", 5, "needs a comparison"),
        ("(turn >= 4", 10, "')' is missing"),
        ("1 + (turn > 2) > 3", 2, "needs a number"),
        ("turn > 1 / 0", 9, "division by zero"),
        ("not 5 > 4 and", 13, "a value is missing"),
    ],
)
def test_what_is_refused_and_where(text: str, column: int, words: str) -> None:
    with pytest.raises(
        ExpressionError, match=words.replace("(", r"\(").replace(")", r"\)")
    ) as error:
        parse(text)
    assert error.value.column == column


@pytest.mark.parametrize(
    "text",
    [
        "turn < 4",
        "turn >= 4 or turn >= 6",
        "not turn >= 4",
        "kite.cash < 100",
        "kite.cash < 2 * lantern.costs",
        "kite.cash < kite.costs and lantern.cash < lantern.costs",
        "kite.cash > 2 * kite.costs",
    ],
)
def test_the_game_says_what_it_cannot_wait_for(text: str) -> None:
    with pytest.raises(ExpressionError) as error:
        lower(parse(text))
    assert "turn >= number" in error.value.allowed


def test_companies_are_found_with_their_columns() -> None:
    tree = parse("kite.cash < 2 * lantern.costs and turn > 1")
    assert companies(tree) == [("kite", 0), ("lantern", 16)]


def test_depth_and_length_have_ends() -> None:
    for text in ("(" * 400 + "turn", "-" * 400 + "1 < 2", "turn >= 1 and " * 60 + "turn > 1"):
        with pytest.raises(ExpressionError):
            parse(text)


@given(st.text(alphabet="turnkie.cash<>=!+-*/() 0123456789andorcosts", max_size=60))
def test_any_text_is_a_condition_or_a_clear_fault(text: str) -> None:
    fault = None
    try:
        lower(parse(text))
    except ExpressionError as error:
        fault = error
    assert fault is None or (fault.what and 0 <= fault.column <= len(text))
