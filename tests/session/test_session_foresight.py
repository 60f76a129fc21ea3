"""Looking ahead in a session: large deals, the table of third parties, progress."""

from __future__ import annotations

from collections.abc import Callable

from game.session import views
from game.session.game import Game

Begin = Callable[..., Game]


def test_a_large_deal_is_known_as_one_and_can_be_played_ahead(begin: Begin) -> None:
    game = begin()
    action = views.desk(game).offers[0].accept
    deal = game.large_deal(action)
    assert deal is not None
    assert game.foresight(deal) is None
    told: list[float] = []
    assert game.look_ahead(deal, told.append, futures=20).ok
    assert told == [0.8, 1.0]
    assert game.foresight(deal) is not None
    assert game.foresight(deal.seen_from(game.seat)) is game.foresight(deal)
    text = views.signing_text(game, deal)
    assert "By itself the deal changes your value" in text
    assert "Lantern" in text
    game.open_offer(0)
    view = views.deal(game)
    assert view.large
    assert view.ahead is not None
    assert [row.side for row in view.ahead.rows] == [True, True, False]
    assert view.ahead.rows[0].company.index == game.seat
    assert view.ahead.moves


def test_what_was_played_is_forgotten_when_the_quarter_or_the_draft_changes(begin: Begin) -> None:
    game = begin(rivals="idle")
    deal = game.offers()[0].deal
    game.look_ahead(deal, futures=16)
    game.open_offer(0)
    assert views.deal(game).ahead is not None
    game.set_cash(True, 1.0)
    assert views.deal(game).ahead is None, "another package"
    game.end_turn()
    assert game.foresight(deal) is None


def test_a_small_deal_needs_no_futures(begin: Begin) -> None:
    game = begin()
    game.open_table(0)
    game.set_cash(True, 1.0)
    assert game.table is not None
    assert not game.is_large(game.table.deal)
    assert not views.deal(game).large
