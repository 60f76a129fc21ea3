"""The advisers in a session: questions, locks, and the best deals on the board."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from game.play.solver_question import Mode
from game.session import views
from game.session.game import Game

Begin = Callable[..., Game]


@pytest.mark.parametrize("mode", list(Mode))
def test_what_is_found_is_laid_into_the_draft(begin: Begin, mode: Mode) -> None:
    game = begin()
    game.open_table(0)
    game.set_cash(False, 20.0)
    game.set_pledge(True, 0, 0.6)
    before = views.deal(game)
    assert before.solver.note == ""
    action = next(one for one in before.solver.questions if one.args == (mode.value,))
    assert game.do(action).ok
    view = views.deal(game)
    assert view.solver.note
    assert view.answer is None
    assert game.points_left == 5, "to ask is free"
    if mode is not Mode.ASK:
        assert view.odds >= 0.7
    game.set_cash(False, 1.0)
    assert views.deal(game).solver.note == "", "the draft is another one now"


def test_an_honest_draft_of_the_solver_is_accepted(begin: Begin) -> None:
    game = begin(rivals="idle")
    game.open_table(0)
    game.ask_solver("best")
    assert game.table_offer().ok
    assert game.table is not None
    assert game.table.reply is not None
    assert game.table.reply.code.name in ("ACCEPT", "COUNTER")


def test_locks_hold_until_they_are_taken_off(begin: Begin) -> None:
    game = begin()
    game.open_table(0)
    game.lock("cash")
    game.lock("pledge", False, 1)
    game.lock("term")
    view = views.deal(game)
    assert "cash" in view.mine.locked
    assert "cash" in view.theirs.locked
    assert view.theirs.pledges[1].locked
    assert not view.mine.pledges[1].locked
    assert view.term_locked
    game.ask_solver("best")
    assert game.table is not None
    deal = game.table.deal
    assert deal.gives[0].cash == deal.gives[1].cash == 0.0
    assert deal.gives[1].strength(1) == 0.0
    game.lock("cash")
    assert "cash" not in views.deal(game).mine.locked
    assert not game.lock("colour").ok
    assert not game.ask_solver("luck").ok


def test_none_is_said_with_the_ranges(begin: Begin) -> None:
    game = begin()
    game.open_table(2)
    for key, mine in (("cash", True), ("new", True), ("new", False)):
        game.lock(key, mine)
    for kind in range(len(game.ruleset.pledges)):
        game.lock("pledge", True, kind)
        game.lock("pledge", False, kind)
    before = game.table.deal if game.table else None
    assert game.ask_solver("best").ok
    view = views.deal(game)
    assert "No such deal" in view.solver.note
    assert "terms of" in view.solver.note
    assert game.table is not None
    assert game.table.deal == before


def test_the_finder_sorts_by_what_both_win(begin: Begin) -> None:
    game = begin()
    assert not game.prospects_known
    found = views.prospects(game)
    assert game.prospects_known
    assert found
    assert all(one.reason and one.gives and one.takes for one in found)
    joint = [one.joint for one in game.prospects()]
    assert joint == sorted(joint, reverse=True)
    assert game.do(found[0].open).ok
    assert game.table is not None
    assert game.table.company == found[0].company.index
    view = views.deal(game)
    assert view.odds >= 0.5
    assert view.solver.note
    assert not game.open_prospect(game.seat).ok
