"""The flagship as a person sees it: the deal, the seven pledges, the news, a whole game."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from game.session import views
from game.session.game import Game
from game.session.view_detail import PledgeView

Begin = Callable[..., Game]
FLAGSHIP = "alibaba-meizu"
GIVEN = {
    "alibaba": {"Payment service", "Mobile internet", "Data analysis", "E-commerce"},
    "meizu": {"Market strategy", "Phone operating system", "Offline sales"},
}
QUANTITY = re.compile(r"\$\d|\d.*(%|utils|devices)")


def signed(begin: Begin, seat: str) -> Game:
    game = begin(FLAGSHIP, seat)
    offer = views.desk(game).offers[0]
    result = game.do(offer.accept)
    assert result.ok, result.reason
    game.end_turn()
    return game


def given(game: Game, company: str) -> tuple[PledgeView, ...]:
    partner = "meizu" if company == "alibaba" else "alibaba"
    index = game.ruleset.company(partner)
    view = views.company(game, game.ruleset.company(company))
    return tuple(pledge for pledge in view.given if pledge.receiver.index == index)


@pytest.mark.parametrize("seat", ["alibaba", "meizu"])
def test_the_deal_is_signed_on_turn_one_from_either_seat(begin: Begin, seat: str) -> None:
    game = signed(begin, seat)
    alibaba, meizu = game.ruleset.company("alibaba"), game.ruleset.company("meizu")
    assert game.state.shares[alibaba, meizu, 0] > 0
    assert any("$590m" in line.text and "Meizu" in line.text for line in game.headlines())
    for company, names in GIVEN.items():
        assert {pledge.name for pledge in given(game, company)} == names


@pytest.mark.parametrize("seat", ["alibaba", "meizu"])
def test_each_of_the_seven_pledges_changes_a_named_quantity(begin: Begin, seat: str) -> None:
    game = signed(begin, seat)
    for company in GIVEN:
        for pledge in given(game, company):
            assert pledge.effects, pledge.name
            assert all(QUANTITY.search(line) or line.startswith("and ") for line in pledge.effects)
            own = company == seat
            assert bool(pledge.actions) == own
            assert pledge.effort.startswith("your delegates give" if own else "by your reports")


def test_others_read_of_an_undisclosed_minority_stake(begin: Begin) -> None:
    """Apple's seat: the machines sign the draft between themselves, and the size stays secret."""
    game = begin(FLAGSHIP, "apple")
    alibaba, meizu = game.ruleset.company("alibaba"), game.ruleset.company("meizu")
    for _ in range(2):
        game.end_turn()
    if game.state.shares[alibaba, meizu, 0] == 0:
        pytest.skip("the machines did not sign the draft in this world")
    told = [line.text for turn in (0, 1) for line in game.headlines(turn)]
    about = [text for text in told if "Alibaba" in text and "Meizu" in text]
    assert any("undisclosed minority stake" in text for text in about)
    held = next(
        view
        for view in views.company(game, meizu).holders
        if view.holder is not None and view.holder.index == alibaba
    )
    assert held.size == "undisclosed"
    assert "%" not in held.worth


def test_the_deal_table_itemises_the_draft(begin: Begin) -> None:
    game = begin(FLAGSHIP, "meizu")
    game.open_offer(0)
    view = views.deal(game)
    assert view.theirs.cash_text == "$590m"
    assert "9 February 2015" in view.story
    names = {clause.name for clause in view.mine.pledges if clause.strength > 0}
    assert names == GIVEN["meizu"]
    for side in (view.mine, view.theirs):
        for clause in side.pledges:
            assert clause.effects if clause.available else clause.reason
    assert len(view.terms) >= 6
    assert game.table_offer().ok
    answer = views.deal(game).answer
    assert answer is not None
    assert answer.code in ("accept", "counter")


def test_the_first_quarter_says_what_matters(begin: Begin) -> None:
    game = begin(FLAGSHIP, "meizu")
    desk = views.desk(game)
    assert desk.date == "2015 Q1"
    assert len(desk.regions) == 6
    assert len(desk.companies.rows) >= 14
    assert desk.attention.total == 5
    assert len(desk.mandates) == 3
    phones = views.market(game, game.ruleset.markets.index("smartphones/china"))
    row = next(row for row in phones.sellers.rows if row.mine)
    place = [column.key for column in phones.sellers.columns].index("units")
    assert row.cells[place].value == pytest.approx(4.3, abs=1.2)


@pytest.mark.slow
def test_a_whole_game_with_every_screen(begin: Begin) -> None:
    game = begin(FLAGSHIP, "meizu")
    game.accept_offer(0)
    while not game.over:
        game.end_turn()
        views.desk(game, "rival")
        views.market(game, game.turn % len(game.ruleset.markets))
        views.company(game, game.turn % game.count)
    end = views.end(game)
    assert end.reason
    assert len(end.ranking) == game.count
    assert sum(row.mine for row in end.ranking) == 1
    for row in end.ranking:
        assert sum(row.values) == pytest.approx(float(game.state.score[row.company.index, 0]))
    assert end.moments
    ledger = views.ledger(game)
    assert len(ledger.profit.columns) == len(game.reports) + 1
    assert len(ledger.news) == len(game.reports)
