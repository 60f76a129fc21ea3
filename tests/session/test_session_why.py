"""Why a number is what it is, in words: sums, rounding, names, both languages, clear refusals."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.errors import UserError
from game.play.explain.causes import NEEDS_MARKET, Cause, Group, Measure
from game.play.report import Line
from game.session import views
from game.session.game import Game
from game.session.view_why import WhyBar, WhyView
from game.session.why import why_view
from game.session.why_words import apportion
from game.text.catalogue import LANGUAGES, known

Begin = Callable[..., Game]
MEASURES = [one.name.lower() for one in Measure]
IN_PLACES = [*MEASURES, "score"]
MARKET = "smartphones/china"


@pytest.fixture
def flagship_game(begin: Begin) -> Game:
    game = begin("alibaba-meizu", "meizu", 2015)
    assert game.accept_offer(0).ok
    for _ in range(3):
        game.end_turn()
    assert game.borrow(20.0).ok
    game.end_turn()
    return game


def ask(game: Game, measure: str, market: str | None = MARKET, **options: int) -> WhyView:
    needs = measure != "score" and Measure[measure.upper()] in NEEDS_MARKET
    place = game.ruleset.market(market) if market and needs else None
    return views.why(game, measure, game.seat, place, **options)


def number(text: str) -> int:
    """A written change in whole last places, whatever its unit."""
    digits = re.sub(r"[^\d]", "", text)
    return -int(digits) if text.startswith("−") else int(digits)


def bars(view: WhyView) -> Iterator[WhyBar]:
    stack = list(view.groups)
    while stack:
        bar = stack.pop()
        stack += bar.members
        yield bar


@pytest.mark.parametrize("measure", MEASURES)
def test_bars_add_up_as_numbers_and_as_written(flagship_game: Game, measure: str) -> None:
    view = ask(flagship_game, measure)
    assert view.groups
    change = view.after - view.before
    size = max(1.0, abs(view.before), abs(view.after))
    assert math.fsum(bar.amount for bar in view.groups) == pytest.approx(change, abs=1e-9 * size)
    assert sum(number(bar.amount_text) for bar in view.groups) == number(view.change_text)
    assert number(view.after_text) - number(view.before_text) == number(view.change_text)
    for bar in bars(view):
        if bar.members:
            total = math.fsum(one.amount for one in bar.members)
            assert total == pytest.approx(bar.amount, abs=1e-9 * size)
            assert sum(number(one.amount_text) for one in bar.members) == number(bar.amount_text)


def test_causes_have_the_names_of_the_game(flagship_game: Game) -> None:
    labels = {bar.label for bar in bars(ask(flagship_game, "share"))}
    assert {"Rivals", "Xiaomi", "Own offer"} <= labels
    assert any("from Alibaba" in label for label in labels)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("measure", MEASURES)
def test_sentences_say_what_and_by_what(begin: Begin, measure: str, lang: str) -> None:
    game = begin("lesson", "kite", lang=lang)
    for _ in range(3):
        game.end_turn()
    market = game.ruleset.markets[int(game.state.on_sale[game.seat, :, 0].argmax())]
    view = ask(game, measure, market)
    assert 1 <= len(view.sentences) <= 4
    assert view.before_text in view.sentences[0]
    assert view.after_text in view.sentences[0]
    chinese = [any("一" <= letter <= "鿿" for letter in line) for line in view.sentences]
    assert all(chinese) if lang == "zh" else not any(chinese)


def test_the_first_quarter_says_that_nothing_was_before(begin: Begin) -> None:
    game = begin("lesson", "kite")
    with pytest.raises(UserError, match="has not been played"):
        ask(game, "cash")
    game.end_turn()
    view = ask(game, "profit")
    assert math.isnan(view.before)
    assert (view.groups, view.sentences) == ((), ())
    assert "first quarter" in view.note
    assert ask(game, "cash").groups  # cash is explained by the quarter's own books


def test_a_loaded_game_and_an_old_quarter_answer_the_same(
    flagship_game: Game, tmp_path: Path
) -> None:
    before = [ask(flagship_game, measure, turn=turn) for measure in IN_PLACES for turn in (1, 3)]
    path = tmp_path / "game.stakesave"
    flagship_game.save(path)
    loaded = Game.load(path)
    after = [ask(loaded, measure, turn=turn) for measure in IN_PLACES for turn in (1, 3)]
    assert before == after


def test_asking_changes_nothing_and_a_rewound_quarter_is_asked_anew(flagship_game: Game) -> None:
    state, draft = flagship_game.state, flagship_game.draft
    first = ask(flagship_game, "share")
    assert flagship_game.state is state
    assert flagship_game.draft is draft
    flagship_game.undo_turn()
    flagship_game.set_notch(4)
    flagship_game.end_turn()
    again = ask(flagship_game, "share")
    assert again.after != first.after
    assert again.before == first.before


@pytest.mark.parametrize(
    ("measure", "market", "why"),
    [
        ("glory", None, "no measure"),
        ("share", None, "name the market"),
        ("cash", 0, "leave the market out"),
        ("share", 99, "no such market"),
    ],
)
def test_a_wrong_question_has_a_clear_answer(
    begin: Begin, measure: str, market: int | None, why: str
) -> None:
    game = begin("lesson", "kite")
    game.end_turn()
    with pytest.raises(UserError, match=why):
        views.why(game, measure, game.seat, market)
    with pytest.raises(UserError, match="no such company"):
        views.why(game, "cash", 99)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_cause_has_words(lang: str) -> None:
    for group in Group:
        assert known(f"why.group.{group.name}", lang), group
    for cause in Cause:
        assert cause == Cause.LINE or known(f"why.cause.{cause.name}", lang), cause
    for line in Line:
        assert known(f"line.{line.name}", lang), line


def test_closed_books_stay_closed_but_to_an_observer(flagship_game: Game) -> None:
    game = flagship_game
    other = game.ruleset.company("xiaomi")
    for measure in ("cash", "profit", "value", "debt"):
        assert not views.why(game, measure, other).groups
        assert "not open" in views.why(game, measure, other).note
        assert why_view(game, measure, other, observer=True).groups or measure == "debt"


def test_a_quote_from_outside_rests_on_the_estimate(flagship_game: Game) -> None:
    game = flagship_game
    other = game.ruleset.company("xiaomi")
    found = views.why(game, "quote", other)
    quotes = [1e6 * float(state.quote[other, 0]) for state in game.states[-2:]]
    assert [found.before, found.after] == quotes
    amounts = [bar.amount for group in found.groups for bar in group.members]
    assert math.fsum(amounts) == pytest.approx(found.change, abs=1e-9)
    labels = {bar.label for bar in bars(found)}
    assert "Worth, as you estimate it" in labels
    own = {bar.label for bar in bars(why_view(game, "quote", other, observer=True))}
    assert "Profit, smoothed" in own
    assert "Profit, smoothed" not in labels


def test_more_debt_is_told_as_worse(flagship_game: Game) -> None:
    found = ask(flagship_game, "debt")
    assert found.change == pytest.approx(20.0)
    assert {bar.tone for bar in bars(found)} == {"bad"}


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12), st.integers(-2, 2))
def test_rounded_parts_sum_to_the_rounded_whole(values: list[float], off: int) -> None:
    total = round(math.fsum(values)) + off
    rounded = apportion(values, total)
    assert sum(rounded) == total
    if not off:
        assert all(abs(a - b) < 1 + 1e-6 for a, b in zip(rounded, values, strict=True))
