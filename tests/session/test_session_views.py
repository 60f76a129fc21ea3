"""View models: complete, in both languages, and knowing no more than the seat."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from game.core.state import replace
from game.session import views
from game.session.game import Game
from game.session.view_types import Action, Chart, Link, Table

Begin = Callable[..., Game]
LINKS = {
    "", "company", "market", "region", "deal", "renewal", "offer", "event", "ledger", "desk", "end",
    "moves",
}  # fmt: skip


def every_view(game: Game) -> dict[str, Any]:
    found: dict[str, Any] = {f"desk {lens}": views.desk(game, lens) for lens in views.LENSES}
    found |= {f"market {m}": views.market(game, m) for m in range(len(game.ruleset.markets))}
    found |= {f"company {c}": views.company(game, c) for c in range(game.count)}
    found |= {f"moves {c}": views.moves(game, c) for c in range(-1, game.count)}
    found |= {"ledger": views.ledger(game), "end": views.end(game)}
    if game.table is not None:
        found["deal"] = views.deal(game)
    return found


def parts(value: Any) -> Iterator[Any]:
    """Every value inside a view."""
    yield value
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from parts(getattr(value, field.name))
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from parts(item)


def check(name: str, view: Any, lang: str) -> None:
    for part in parts(view):
        if isinstance(part, str):
            assert "{" not in part, (name, part)
            assert "nan" not in part.split(), (name, part)
        if isinstance(part, Link):
            assert part.kind in LINKS, name
        if isinstance(part, Table):
            assert all(len(row.cells) == len(part.columns) for row in part.rows), (name, part.title)
        if isinstance(part, Chart):
            for series in part.series:
                assert len(series.values) == len(part.labels), (name, part.title)
                assert not any(math.isinf(value) for value in series.values), (name, part.title)
        if isinstance(part, Action):
            assert part.label, name
            assert part.enabled or part.reason, (name, part.label)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("seat", ["kite", "lantern", "harbour"])
def test_every_view_of_every_quarter_is_complete(begin: Begin, seat: str, lang: str) -> None:
    game = begin("lesson", seat, lang=lang)
    if game.offers():
        game.accept_offer(0)
    while True:
        if not game.over:
            game.open_table((game.seat + 1) % 3)
        for name, view in every_view(game).items():
            check(name, view, lang)
        if game.over:
            break
        game.end_turn()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_title_and_new_game(lang: str) -> None:
    view = views.new_game(lang, 2015)
    check("new game", view, lang)
    assert [card.uid for card in view.scenarios if card.usable]
    flagship = next(card for card in view.scenarios if card.uid == "alibaba-meizu")
    assert len(flagship.companies) >= 14
    assert all(len(card.mandates) == 3 for card in flagship.companies if card.playable)
    assert any(card.draft for card in flagship.companies)
    check("title", views.title(lang), lang)


def test_texts_of_the_two_languages_differ(begin: Begin) -> None:
    game = begin()
    english = views.desk(game)
    game.lang = "zh"
    chinese = views.desk(game)
    assert english.title != chinese.title
    assert english.figures[0].label != chinese.figures[0].label
    assert english.companies.columns[0].title != chinese.companies.columns[0].title


def test_the_score_adds_up_and_says_why(begin: Begin) -> None:
    game = begin()
    game.end_turn()
    score = views.desk(game).score
    assert sum(term.points for term in score.terms) == pytest.approx(score.total)
    assert score.total == pytest.approx(float(game.state.score[game.seat, 0]))
    assert sum(term.of for term in score.terms) == pytest.approx(100.0)
    assert all(term.why for term in score.terms)
    assert "two in three" in score.terms[0].why[-1]
    assert "earns 20 points" in score.terms[1].why[-1]


def test_the_ledger_ties_out(begin: Begin) -> None:
    """Opening cash, profit and financing make closing cash, in every quarter."""
    game = begin()
    game.accept_offer(0)
    game.end_turn()
    game.borrow(40.0)
    game.end_turn()
    game.end_turn()
    table = views.ledger(game).cash_flow
    for column in range(1, len(table.columns)):
        values = [row.cells[column].value for row in table.rows if not row.strong]
        closing = table.rows[-1].cells[column].value
        assert sum(values) == pytest.approx(closing, abs=0.01)
        parts = [row.cells[column].value for row in table.rows[:-1] if row.strong]
        assert values[0] + sum(parts) == pytest.approx(closing, abs=0.01)
    profit = views.ledger(game).profit
    for column in range(1, len(profit.columns)):
        values = [row.cells[column].value for row in profit.rows if not row.strong]
        assert sum(values) == pytest.approx(profit.rows[-1].cells[column].value, abs=0.01)


def test_shares_of_a_market_sum_to_one(begin: Begin) -> None:
    game = begin("alibaba-meizu", "meizu")
    for market in range(len(game.ruleset.markets)):
        view = views.market(game, market)
        place = [column.key for column in view.sellers.columns].index("share")
        total = sum(row.cells[place].value for row in view.sellers.rows)
        assert total == pytest.approx(1.0, abs=1e-9), view.title
        for segment in view.segments:
            assert sum(one.values[0] for one in segment.slices) == pytest.approx(1.0)


def test_drafted_orders_are_shown_and_taken_out_by_a_click(begin: Begin) -> None:
    game = begin()
    game.attack(2)
    game.borrow(50.0)
    game.project(0)
    drafted = views.desk(game).drafted
    assert len(drafted) == 3
    assert sum(action.points for action in drafted) == 4
    for action in drafted:
        assert game.do(action).ok
    assert views.desk(game).drafted == ()
    assert game.points_left == 5


def test_buttons_do_what_they_say(begin: Begin) -> None:
    """Every enabled button works; every disabled one is refused with its reason."""
    for seat in ("kite", "lantern"):
        for number in range(60):
            game = begin("lesson", seat, rivals="idle")
            found = [
                part for part in parts(every_view(game)["company 2"]) if isinstance(part, Action)
            ]
            found += [part for part in parts(views.desk(game)) if isinstance(part, Action)]
            found += [part for part in parts(views.market(game, 0)) if isinstance(part, Action)]
            if number >= len(found):
                break
            result = game.do(found[number])
            assert result.ok == found[number].enabled, (found[number], result)


# ------------------------------------------------------------------- what a seat may know


def hide(game: Game, **changes: Any) -> Game:
    game.states[-1] = replace(game.states[-1], **changes)
    return game


def test_nothing_shows_the_effort_of_others_pledges(begin: Begin) -> None:
    """A partner's true effort is hidden: only the noisy report may move, and only from full."""
    game, other = begin("lesson", "kite"), begin("lesson", "kite")
    effort = other.state.pledge_effort.copy()
    kind, giver, receiver = (int(v[0]) for v in np.nonzero(other.state.pledge_announced[..., 0]))
    assert game.seat not in (giver, receiver)
    effort[kind, giver, receiver] = 0.3
    hide(other, pledge_effort=effort)
    for (name, one), two in zip(every_view(game).items(), every_view(other).values(), strict=True):
        if not name.startswith("market"):
            assert repr(one) == repr(two), name


def test_nothing_shows_a_small_secret_stake(begin: Begin) -> None:
    game, other = begin("alibaba-meizu", "apple"), begin("alibaba-meizu", "apple")
    xiaomi, lenovo = game.ruleset.company("xiaomi"), game.ruleset.company("lenovo")
    shares, public = other.state.shares.copy(), other.state.public.copy()
    total = int(public[lenovo, 0] + other.state.founders[lenovo, 0] + shares[:, lenovo, 0].sum())
    moved = total // 50
    shares[xiaomi, lenovo] += moved
    public[lenovo] -= moved
    hide(other, shares=shares, public=public)
    assert views.company(game, xiaomi).holdings == views.company(other, xiaomi).holdings
    assert repr(views.company(game, lenovo).holders) == repr(views.company(other, lenovo).holders)
    mine = begin("alibaba-meizu", "xiaomi")
    hide(mine, shares=shares, public=public)
    holdings = views.company(mine, xiaomi).holdings
    assert any(view.issuer.index == lenovo and view.size == "2.0%" for view in holdings)


def test_nothing_before_a_deal_shows_how_well_a_pair_fits(begin: Begin) -> None:
    """The deal table and offers know the analysts' guess, not the truth."""
    game, other = begin("lesson", "kite"), begin("lesson", "kite")
    guess = game.observation.fit_guess
    other.__dict__["_seen"] = (other.state, game.observation)
    truth = other.state.fit * 1.7
    state = replace(other.state, fit=truth)
    other.states[-1] = state
    other.__dict__["_seen"] = (state, dataclasses.replace(other.observation, fit_guess=guess))
    for one in (game, other):
        one.open_table(0)
        one.set_pledge(True, 2, 1.0)
    mine, theirs = views.deal(game), views.deal(other)
    assert [c.effects for c in mine.theirs.pledges] == [c.effects for c in theirs.theirs.pledges]
    assert [c.effects for c in mine.mine.pledges] == [c.effects for c in theirs.mine.pledges]


@pytest.mark.parametrize(("lang", "word"), [("en", "sold out"), ("zh", "缺货")])
def test_who_found_it_sold_out_is_shown(begin: Begin, lang: str, word: str) -> None:
    game = begin("lesson", "kite", lang=lang)
    game.end_turn()
    market = next(m for m in range(len(game.ruleset.markets)) if views.market(game, m).own.on_sale)
    plain = views.market(game, market)
    assert not any(word in one.label for one in plain.figures)
    missed = np.zeros_like(game.reports[-1].unserved)
    missed[game.seat, market] = 1.5
    game.reports[-1] = dataclasses.replace(game.reports[-1], unserved=missed)
    view = views.market(game, market)
    shown = [one for one in view.figures if word in one.label]
    assert len(shown) == 1
    assert view.unit in shown[0].text
    assert sum(word in line and view.unit in line for line in view.own.lines) == 1
