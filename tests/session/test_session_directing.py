"""A parent writes the dials of a company that it controls: undone, saved, replayed, obeyed."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest

from game.core.ruleset import Status
from game.core.state import replace
from game.session import views
from game.session.draft import draft_json, draft_of
from game.session.game import Game

Begin = Callable[..., Game]


def with_control(game: Game, company: int) -> Game:
    """The game with most of a company's shares in the seat's hands."""
    state = game.state
    shares, public, founders = state.shares.copy(), state.public.copy(), state.founders.copy()
    shares[game.seat, company] += (public + founders)[company] * 8 // 10
    public[company] = (public + founders)[company] - (public + founders)[company] * 8 // 10
    founders[company] = 0
    status = state.status.copy()
    status[company] = Status.CONTROLLED
    game.states[-1] = replace(state, shares=shares, public=public, founders=founders, status=status)
    return game


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_parents_word_wins(begin: Begin, lang: str) -> None:
    game = begin("lesson", "lantern", lang=lang)
    kite = game.ruleset.company("kite")
    assert not game.direct(kite, "set_notch", 4).ok
    assert views.company(game, kite).dials is None
    with_control(game, kite)
    assert game.direct(kite, "set_notch", 4).ok
    assert game.direct(kite, "set_mix", 2, 1, 1).ok
    assert game.direct(kite, "set_stance", 0, -2).ok
    view = views.company(game, kite)
    assert view.dials is not None
    assert view.dials.notch == 4
    assert view.dials_note
    assert draft_of(json.loads(json.dumps(draft_json(game.draft)))) == game.draft
    game.undo()
    assert game.draft.direct[0][1].stance == ()
    game.redo()
    game.end_turn()
    assert (game.state.notch[kite] == 4).all()
    np.testing.assert_allclose(game.state.mix[kite, :, 0], [0.5, 0.25, 0.25])
    assert (game.state.stance[kite, 0] == -2).all()


def test_withdrawn_orders_and_other_verbs(begin: Begin) -> None:
    game = begin("lesson", "lantern")
    kite = game.ruleset.company("kite")
    with_control(game, kite)
    game.direct(kite, "set_notch", 4)
    (action,) = [one for one in views.desk(game, "share").drafted if one.verb == "direct"]
    assert game.do(action).ok
    assert game.draft.direct == ()
    assert not game.direct(kite, "borrow", 5.0).ok
    assert not game.direct(99, "set_notch", 1).ok


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_seat_under_a_machine_parent_is_told_and_obeys(begin: Begin, lang: str) -> None:
    game = begin("alibaba-meizu", "meizu", lang=lang)
    parent = game.ruleset.company("xiaomi")
    held = with_control(begin("alibaba-meizu", "xiaomi"), game.seat).state
    assert not any(one.link.target == parent for one in views.desk(game).warnings)
    game.states[-1] = held
    (told,) = [one for one in views.desk(game).warnings if one.link.target == parent]
    assert told.text
    game.set_notch(0)
    orders, _ = game.all_orders()
    assert (orders.directed_by[game.seat] == parent).all()
    game.end_turn()
    assert (game.state.notch[game.seat] == orders.notch[game.seat]).all()
    assert (game.state.notch[game.seat] > 0).all(), "one notch at a time from where it stood"
