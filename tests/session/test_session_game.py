"""A person's game: orders as they are written, taken back, played, rewound."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from game.core.axes import first_difference
from game.core.errors import UserError
from game.play.orders import Refusal, no_orders
from game.session.draft import Draft, draft_json, draft_of, to_orders
from game.session.game import VERBS, Game
from game.session.view_types import Action

Begin = Callable[..., Game]


def test_an_empty_draft_changes_nothing(begin: Begin) -> None:
    game = begin()
    orders = to_orders(Draft(), game.state, game.ruleset, game.seat)
    assert first_difference(orders, no_orders(game.state, game.ruleset)) is None


def test_both_lanes_are_the_same_world(begin: Begin) -> None:
    game = begin()
    for _ in range(3):
        game.end_turn()
        for name in ("cash", "price", "units", "score"):
            array = getattr(game.state, name)
            assert np.array_equal(array[..., 0], array[..., 1]), name


def test_dials_are_free_and_hold(begin: Begin) -> None:
    game = begin()
    assert game.set_notch(4).ok
    assert game.set_mix(2, 1, 1).ok
    assert game.set_stance(0, -2).ok
    assert game.set_focus(0, 0).ok
    assert game.pin_stance(0, 1).ok
    assert game.pin_spend(0, 1.5).ok
    assert game.points_left == 5
    game.end_turn()
    seat = game.seat
    assert game.state.notch[seat, 0] == 4
    assert game.state.mix[seat, :, 0].tolist() == [0.5, 0.25, 0.25]
    assert game.state.stance[seat, 0, 0] == -2
    assert game.state.focus[seat, 0, 0] == 0
    assert game.state.pin_stance[seat, 0, 0] == 1
    assert game.state.pin_spend[seat, 0, 0] == 1.5
    game.pin_spend(0, None)
    game.pin_stance(0, None)
    game.end_turn()
    assert np.isnan(game.state.pin_spend[seat, 0, 0])
    assert game.state.pin_stance[seat, 0, 0] == -9


def test_a_dial_turned_back_leaves_no_order(begin: Begin) -> None:
    game = begin()
    game.set_notch(3)
    game.set_notch(2)
    game.set_stance(0, 1)
    game.set_stance(0, 0)
    assert draft_json(game.draft) == {}


def test_points_are_counted_and_refused(begin: Begin) -> None:
    game = begin()
    assert game.borrow(50.0).points_left == 4
    assert game.attack(2).points_left == 3
    assert game.praise(0).points_left == 2
    assert game.investigate(0).points_left == 1
    refused = game.project(0)
    assert not refused.ok
    assert refused.flags & Refusal.ATTENTION
    assert "attention" in refused.reason.lower()
    assert game.points_left == 1
    assert game.attack(2).points_left == 2, "again takes it back"


def test_every_mistake_has_a_sentence(begin: Begin) -> None:
    game = begin()
    mistakes = [
        game.enter(99), game.enter(0), game.leave(1), game.set_focus(3, 0), game.set_stance(9, 0),
        game.set_mix(0, 0, 0), game.set_mix(float("nan"), 1, 1), game.pin_spend(0, float("inf")),
        game.borrow(-1), game.borrow(1e9), game.dividend(1e9), game.buy_back(10.0), game.repay(-1),
        game.project(9), game.choose(0, 0), game.choose(0, 9), game.attack(game.seat),
        game.integrate(0, 0), game.break_pledge(0, 0), game.set_effort(0, 0, 0.5), game.undo(),
        game.redo(), game.undo_turn(), game.set_cash(True, 1), game.table_offer(),
        game.accept_answer(), game.load_counter(), game.accept_offer(9), game.decline_offer(-1),
        game.open_table(game.seat), game.unsign(0), game.do(Action("save", ("x",), "no")),
    ]  # fmt: skip
    for place, result in enumerate(mistakes):
        assert not result.ok, place
        assert result.reason, place
    assert game.draft == Draft()


def test_undo_and_redo_within_the_quarter(begin: Begin) -> None:
    game = begin()
    game.set_notch(3)
    game.attack(2)
    assert game.can_undo
    game.undo()
    assert game.draft.attack == -1
    game.undo()
    assert game.draft == Draft()
    assert not game.can_undo
    game.redo()
    game.redo()
    assert game.draft.attack == 2
    game.undo()
    game.set_notch(1)
    assert not game.can_redo
    assert not game.rehearsed


def test_undo_of_a_turn_brings_the_same_turn_again(begin: Begin) -> None:
    game = begin()
    game.accept_offer(0)
    game.set_notch(3)
    game.end_turn()
    game.end_turn()
    seen = [game.states[1], game.states[2]]
    news = game.all_news
    offers = game.all_offers
    game = game_again(game)
    assert game.turn == 0
    assert game.rehearsed
    assert game.draft.notch == 3
    assert game.draft.accepted == (0,)
    game.end_turn()
    game.end_turn()
    for one, other in zip(seen, game.states[1:], strict=True):
        assert first_difference(one, other) is None
    assert game.all_news == news
    assert game.all_offers == offers


def game_again(game: Game) -> Game:
    game.all_news, game.all_offers = list(game.all_news), list(game.all_offers)
    game.undo_turn()
    game.undo_turn()
    return game


def test_the_game_ends_and_says_so(begin: Begin) -> None:
    game = begin(rivals="idle")
    while not game.over:
        assert game.end_turn().ok
    assert len(game.reports) == game.ruleset.rules.quarters
    for result in (game.end_turn(), game.set_notch(1), game.open_table(0)):
        assert not result.ok
        assert "over" in result.reason
    assert game.offers() == ()


def test_choices_of_cards_are_carried_out(begin: Begin) -> None:
    game = begin("lesson", "lantern", rivals="idle")
    event = next(i for i, one in enumerate(game.ruleset.events) if one.uid == "holiday")
    while game.state.event_turn[event, 0] != game.turn:
        game.end_turn()
    assert game.choose(event, 1).ok
    game.end_turn()
    assert game.state.event_choice[event, game.seat, 0] == 1


def test_bad_beginnings(begin: Begin) -> None:
    scenario = begin().scenario
    with pytest.raises(UserError, match="no such company"):
        Game.new(scenario, 17, 1)
    with pytest.raises(UserError, match="language"):
        Game.new(scenario, 0, 1, lang="fr")
    with pytest.raises(UserError):
        Game.new(scenario, 0, 1, rivals="nobody")


def test_every_verb_is_there() -> None:
    assert all(callable(getattr(Game, verb)) for verb in VERBS)


def test_rivals_do_not_wait_for_the_seat_to_act(begin: Begin) -> None:
    """An offer to the person is asked, never answered on the person's behalf."""
    game = begin("lesson", "kite")
    before = game.state.shares[:, game.seat, 0].copy()
    for _ in range(4):
        game.end_turn()
        assert np.array_equal(game.state.shares[:, game.seat, 0], before)
        assert (game.state.pledge_announced[:, game.seat] == 0.0).all()


verb = st.one_of(
    st.tuples(st.just("set_notch"), st.integers(-1, 5)),
    st.tuples(st.just("set_stance"), st.integers(0, 1), st.integers(-3, 3)),
    st.tuples(st.just("enter"), st.integers(0, 1)),
    st.tuples(st.just("leave"), st.integers(0, 1)),
    st.tuples(st.sampled_from(["investigate", "attack", "praise"]), st.integers(0, 2)),
    st.tuples(st.sampled_from(["borrow", "issue", "dividend", "repay"]), st.floats(0, 300)),
    st.tuples(st.just("project"), st.just(0)),
    st.tuples(st.just("accept_offer"), st.just(0)),
    st.tuples(st.just("undo")),
    st.tuples(st.just("redo")),
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(verb, max_size=14))
def test_whatever_a_draft_holds_is_carried_out_to_the_letter(
    begin: Begin, verbs: list[tuple[object, ...]]
) -> None:
    """No accepted order is refused in the turn, points never go below nothing, and a draft
    survives its way through JSON."""
    game = begin(rivals="idle")
    for name, *args in verbs:
        result = getattr(game, str(name))(*args)
        assert result.ok or result.reason
        assert result.points_left == game.points_left >= 0
    assert draft_of(draft_json(game.draft)) == game.draft
    expected = game.refusals()
    assert expected == Refusal.NONE
    game.end_turn()
    assert Refusal(int(game.reports[-1].refused[game.seat, 0])) == Refusal.NONE
