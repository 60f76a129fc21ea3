"""The deal table: clauses, bands, answers, signatures, offers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from game.core.axes import first_difference
from game.play.packages import Code, DealFlag
from game.session import views
from game.session.deals import Clauses, Deal, deal_json, deal_of, read_deal
from game.session.draft import draft_json, draft_of
from game.session.game import Game

Begin = Callable[..., Game]


def test_a_deal_survives_packages_and_json(begin: Begin) -> None:
    game = begin()
    deal = Deal(
        1, 0,
        (Clauses(12.5, 1000, 7, 2, ((0, 0.6), (2, 1.0)), (2,)), Clauses(cash=3.0)), 4, True,
    )  # fmt: skip
    packages = deal.package(game.ruleset, 2)
    assert read_deal(packages, 2) == deal
    assert read_deal(packages, 0) is None
    assert deal_of(deal_json(deal)) == deal
    assert deal.seen_from(0).seen_from(1) == deal
    assert deal.seen_from(0).gives == (deal.gives[1], deal.gives[0])


def test_editing_is_free_and_shows_both_sides(begin: Begin) -> None:
    game = begin()
    assert game.open_table(0).ok
    assert views.deal(game).problems == ()
    game.set_cash(False, 120.0)
    game.set_new_stake(True, 0.2)
    game.set_pledge(True, 0, 0.6)
    game.set_pledge(False, 1, 1.0)
    game.set_term(4)
    view = views.deal(game)
    assert game.points_left == 5
    assert view.mine.stake == pytest.approx(0.2, abs=1e-6)
    assert view.theirs.cash_text == "$120m"
    assert view.mine.lines == ("New shares: 20.0% of Kite", "Preloading, strength 60%")
    assert {row.name for row in view.terms} >= {"Cash", "Dilution", "Pledges received"}
    for row in view.terms:
        assert row.theirs_low <= row.theirs_high
        assert row.mine_certainty in ("known", "estimated", "hidden")
        assert row.mark in ("known", "estimated", "hidden")
    marks = {row.name: row.mark for row in view.terms}
    assert marks["Cash"] == "known"
    assert "estimated" in marks.values()
    assert marks["Asks for"] == "hidden"
    assert 0.0 <= view.odds <= 1.0
    assert view.answer is None
    assert view.table.enabled
    assert "quote" in view.price_note


def test_what_cannot_be_settled_is_told_before_a_round_is_spent(begin: Begin) -> None:
    game = begin()
    game.open_table(0)
    game.set_cash(True, 1e6)
    game.set_pledge(False, 0, 1.0)
    view = views.deal(game)
    assert len(view.problems) >= 2
    assert not view.table.enabled
    result = game.table_offer()
    assert not result.ok
    assert DealFlag(result.flags) & DealFlag.CASH
    assert game.draft.talk(0).rounds == 0


def test_three_rounds_one_point_and_no_fourth(begin: Begin) -> None:
    game = begin()
    game.open_table(2)
    for spent in range(3):
        game.set_cash(True, 1.0 + spent)
        game.set_pledge(False, 2, 1.0)
        assert game.table_offer().ok
        assert game.points_left == 4
        view = views.deal(game)
        assert view.rounds_left == 2 - spent
        assert view.answer is not None
        assert view.answer.sentence
    game.set_cash(True, 5.0)
    assert not game.table_offer().ok
    before = int(game.state.attention[game.seat, 0])
    game.end_turn()
    carried = min(before - 1, game.ruleset.rules.carry)
    assert game.state.attention[game.seat, 0] == game.ruleset.rules.points + carried


def test_a_refusal_is_itemised_and_costs_patience(begin: Begin) -> None:
    game = begin()
    game.open_table(0)
    game.set_cash(False, 300.0)
    game.table_offer()
    assert game.table is not None
    assert game.table.reply is not None
    assert game.table.reply.code == Code.REFUSE
    answer = views.deal(game).answer
    assert answer is not None
    assert answer.code == "refuse"
    assert answer.reasons
    assert answer.enough
    assert answer.accept is None
    assert not game.accept_answer().ok
    patience = float(game.state.patience[0, game.seat, 0])
    worn = game.draft.talk(0).worn
    assert worn > 0.0
    game.end_turn()
    assert float(game.state.patience[0, game.seat, 0]) == pytest.approx(
        min(patience - worn + 0.25, 1.0)
    )


def find_counter(game: Game, company: int) -> bool:
    """Look for a package that the other side counters."""
    for cash in (0.0, 5.0, 10.0, 20.0, 30.0, 45.0):
        if game.draft.talk(company).rounds >= 3:
            game.undo()
        game.open_table(company)
        game.set_cash(True, cash)
        game.set_pledge(False, 1, 1.0)
        game.table_offer()
        reply = game.table.reply if game.table else None
        if reply is not None and reply.code == Code.COUNTER:
            return True
    return False


def test_a_counter_can_be_signed_and_settles(begin: Begin) -> None:
    game = begin(rivals="idle")
    assert find_counter(game, 0)
    view = views.deal(game)
    assert view.answer is not None
    assert view.answer.counter
    assert view.answer.load is not None
    assert game.do(view.answer.load).ok
    assert views.deal(game).answer is not None
    assert view.answer.accept is not None
    signed = game.do(view.answer.accept)
    assert signed.ok, signed.reason
    assert game.table is None
    assert [one.verb for one in views.desk(game).drafted] == ["unsign"]
    deal = game.draft.signed[0]
    game.end_turn()
    for kind, strength in deal.gives[1].pledges:
        assert game.state.pledge_announced[kind, 0, game.seat, 0] == strength
    assert not any(line.text.startswith("The deal with") for line in game.headlines())


def test_asking_for_more_after_a_yes_costs_patience(begin: Begin) -> None:
    game = begin(rivals="idle")
    game.open_table(0)
    game.set_cash(True, 40.0)
    game.set_pledge(False, 1, 1.0)
    assert game.table_offer().ok
    assert game.table is not None
    assert game.table.reply is not None
    assert game.table.reply.code == Code.ACCEPT
    talk = game.draft.talk(0)
    assert talk.agreed
    assert talk.worn == 0.0
    game.set_cash(True, 39.0)
    game.table_offer()
    assert game.draft.talk(0).worn > 0.0
    again = draft_of(draft_json(game.draft))
    assert again == game.draft


def test_undoing_past_a_tabled_offer_marks_the_game(begin: Begin) -> None:
    game = begin()
    game.set_notch(3)
    game.open_table(0)
    game.set_cash(True, 1.0)
    game.set_pledge(False, 1, 1.0)
    assert game.table_offer().ok
    game.undo()
    assert game.rehearsed
    assert game.draft.talk(0).rounds == 0
    assert views.deal(game).answer is None


def test_the_draft_of_the_scenario_is_signed_by_whom_it_is_for(begin: Begin) -> None:
    game = begin("lesson", "kite")
    kite, lantern = game.ruleset.company("kite"), game.ruleset.company("lantern")
    desk = views.desk(game)
    assert len(desk.offers) == 1
    offer = desk.offers[0]
    assert offer.title == "An offer for Kite"
    assert offer.sender.index == lantern
    assert game.do(offer.accept).ok
    assert views.desk(game).offers[0].state == "accepted"
    game.end_turn()
    state = game.state
    held = state.shares[lantern, kite, 0]
    total = state.founders[kite, 0] + state.public[kite, 0] + state.shares[:, kite, 0].sum()
    assert held / total == pytest.approx(0.2, abs=1e-6)
    assert state.pledge_announced[game.ruleset.kind("web_shop"), lantern, kite, 0] == 1.0
    assert state.pledge_announced[game.ruleset.kind("preload"), kite, lantern, 0] == 0.6
    assert any("20.0% of Kite" in line.text for line in game.headlines())
    assert all(view.title != "An offer for Kite" for view in views.desk(game).offers)


def test_a_signature_can_be_taken_back(begin: Begin) -> None:
    game = begin(rivals="idle")
    untouched = begin(rivals="idle")
    game.accept_offer(0)
    assert game.unsign(0).ok
    assert game.offer_state(0) == "open"
    game.end_turn()
    untouched.end_turn()
    assert first_difference(game.state, untouched.state) is None


def test_declined_offers_do_not_come_back(begin: Begin) -> None:
    game = begin(rivals="idle")
    game.decline_offer(0)
    assert views.desk(game).offers[0].state == "declined"
    assert not game.accept_offer(0).ok
    game.end_turn()
    assert game.offers() == ()


def test_an_untouched_draft_lies_there_one_more_quarter(begin: Begin) -> None:
    game = begin(rivals="idle")
    game.end_turn()
    assert len(game.offers()) == 1
    game.end_turn()
    assert game.offers() == ()


def test_machines_make_offers_to_a_person(begin: Begin) -> None:
    game = begin("alibaba-meizu", "meizu", seed=3)
    found = 0
    for _ in range(8):
        game.end_turn()
        for number, offer in enumerate(views.desk(game).offers):
            found += not offer.title.startswith("Alibaba's")
            assert offer.gives
            assert offer.takes
            assert game.flags_of(game.offers()[number].deal) == DealFlag.NONE
    assert found


def test_a_deal_signed_twice_over_is_refused(begin: Begin) -> None:
    game = begin()
    deal = game.offers()[0].deal
    assert game.sign(deal).ok
    again = game.sign(deal)
    assert not again.ok
    assert again.reason


def test_existing_shares_are_bounded_by_what_is_held(begin: Begin) -> None:
    game = begin("lesson", "lantern")
    harbour = game.ruleset.company("harbour")
    game.open_table(1)
    game.set_old_stake(True, 0.9, harbour)
    assert game.table is not None
    assert game.table.deal.gives[0].old_shares == game.state.shares[game.seat, harbour, 0]
    game.set_old_stake(False, 0.1, 1)
    view = views.deal(game)
    assert view.theirs.old_stake == pytest.approx(0.1, abs=1e-6)
    assert view.theirs.old_issuer == 1
    game.set_old_stake(True, 0.0, harbour)
    assert game.table.deal.gives[0].old_issuer == -1


def test_a_signed_deal_counts_for_everything_else_of_the_quarter(begin: Begin) -> None:
    """Cash that a deal brings can be spent at once: it settles before the orders."""
    game = begin(rivals="idle")
    spare = float(game.state.cash[game.seat, 0]) + 50.0
    assert not game.dividend(spare).ok
    game.accept_offer(0)
    assert game.dividend(spare).ok
    kept = game.unsign(0)
    assert not kept.ok, "the dividend rests on the deal"
    assert kept.reason


def test_one_s_own_draft_shows_the_other_side_as_its_partner(begin: Begin) -> None:
    game = begin("lesson", "lantern")
    offer = views.desk(game).offers[0]
    assert offer.sender.index == game.ruleset.company("kite")
    assert any("Kite" in line for line in offer.gives)
    assert any("cash" in line for line in offer.takes)
    assert offer.accept.points == 1
    assert game.open_offer(0).ok
    assert game.table_offer().ok
    assert views.deal(game).answer is not None
