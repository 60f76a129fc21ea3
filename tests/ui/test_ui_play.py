"""A person plays: from the title to the last quarter, with mouse and keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from game.scenario.loader import Scenario
from game.session import views as vm
from game.session.game import Game
from game.session.record import ENDING, saves_folder


def begin(player: Any, scenario: str, seat: str, seed: str) -> None:
    """Title, new game, scenario, company, seed, start."""
    player.click("new_game")
    player.click(f"scenario/{scenario}")
    player.click(f"seat/{seat}")
    player.click("seed")
    player.press("ctrl+a")
    player.app.type_text(seed)
    player.click("start")


@pytest.mark.parametrize(("scenario", "seat"), [("lesson", "kite"), ("alibaba-meizu", "meizu")])
def test_from_the_title_to_the_desk(player: Any, scenario: str, seat: str) -> None:
    begin(player, scenario, seat, "77")
    game = player.game
    assert (game.ruleset.uid, game.seed) == (scenario, 77)
    assert game.ruleset.companies[game.seat].uid == seat
    assert player.app.screen.name == "desk"
    assert player.app.has("hint")


@pytest.mark.parametrize("ticked", [False, True])
def test_advanced_clauses_are_chosen_with_the_game_and_kept(player: Any, ticked: bool) -> None:
    player.click("new_game")
    player.click("scenario/alibaba-meizu")
    if ticked:
        player.click("advanced")
    player.click("start")
    game = player.game
    assert game.ruleset.rules.advanced_deals == ticked
    game.open_table(game.ruleset.company("jd"))
    keys = {clause.key for clause in vm.deal(game).mine.further}
    assert ("instalment" in keys) == ticked
    path = saves_folder() / f"kept{ENDING}"
    game.save(path)
    assert Game.load(path).ruleset.rules.advanced_deals == ticked


@pytest.mark.parametrize("seat", ["meizu", "alibaba"])
def test_the_real_deal_is_signed_on_the_first_turn_from_both_seats(
    start: Any, flagship: Scenario, seat: str
) -> None:
    player = start(flagship, seat)
    player.click("offer/0/accept")
    player.click("sign_box/ok")
    assert player.says("Deal with")
    player.end_quarter()
    game, rules = player.game, flagship.ruleset
    giver, receiver = rules.company("alibaba"), rules.company("meizu")
    shares = game.state.shares[giver, receiver, 0]
    assert shares > 0.25 * game.state.shares[:, receiver, 0].sum() / 0.75
    assert (game.state.pledge_announced[:, giver, receiver, 0] > 0).sum() == 4
    assert (game.state.pledge_announced[:, receiver, giver, 0] > 0).sum() == 3


def test_the_seven_pledges_are_on_screen_with_what_they_change(
    start: Any, flagship: Scenario
) -> None:
    player = start(flagship, "meizu")
    player.click("offer/0/accept")
    player.click("sign_box/ok")
    player.end_quarter()
    player.click("rail/company")
    player.click("company/tabs", part="pledges")
    for place in range(4):
        player.see(f"received/{place}")
    for place in range(3):
        player.see(f"given/{place}")
    tree = player.app.tree()
    for kind in flagship.ruleset.pledges:
        if kind.uid not in ("components",):
            assert kind.name["en"] in tree


def test_an_own_deal_is_tabled_and_answered_point_by_point(start: Any, flagship: Scenario) -> None:
    player = start(flagship, "meizu")
    before = player.game.points_left
    player.click("rail/deal")
    player.click(f"talk/{flagship.ruleset.company('xiaomi')}")
    assert player.app.screen.name == "deal"
    kind = next(
        clause
        for clause in range(len(flagship.ruleset.pledges))
        if player.app.has(f"theirs/pledge/{clause}/on")
    )
    player.click(f"theirs/pledge/{kind}/on")
    player.click("theirs/cash/text")
    player.press("ctrl+a")
    player.app.type_text("300")
    player.press("enter")
    player.click("table_offer")
    assert player.game.points_left == before - 1
    assert player.game.table.reply is not None
    assert player.app.has("answer/code")
    tree = player.app.tree()
    answer = tree[tree.index('panel "answer"') :]
    assert "2 of 3" in answer
    said = ("–", "agrees", "would be enough")
    assert any(words in answer for words in said), "a refusal names its reasons"


def test_the_solver_fills_the_table_and_leaves_what_is_locked(
    start: Any, flagship: Scenario
) -> None:
    player = start(flagship, "meizu")
    player.window.go(vm.Link("deal", flagship.ruleset.company("jd")))
    player.app.pump()
    player.click("mine/cash/lock")
    player.click("worth/tabs/bar", "advisers")
    player.click("solver/best")
    deal = player.game.table.deal
    assert deal.gives[0].cash == deal.gives[1].cash == 0.0
    assert deal.gives[0].pledges or deal.gives[1].pledges
    assert "Found:" in player.app.tree()


def test_a_large_deal_is_played_ahead_before_it_is_signed(start: Any, flagship: Scenario) -> None:
    player = start(flagship, "meizu")
    player.click("offer/0/accept")
    assert "By itself the deal changes your value" in player.app.tree()
    player.click("sign_box/cancel")
    assert not player.game.draft.signed
    player.window.go(vm.Link("offer", 0))
    player.app.pump()
    player.click("worth/tabs/bar", "others")
    tree = player.app.tree()
    assert "80 of 80 futures" in tree
    assert "Xiaomi" in tree


def test_the_best_deals_on_the_board_are_searched_and_opened(
    start: Any, flagship: Scenario
) -> None:
    player = start(flagship, "meizu")
    player.click("rail/deal")
    player.click("finder/search")
    first = player.game.prospects()[0].other
    player.click(f"finder/{first}")
    assert player.game.table.company == first
    assert not player.game.table.deal.gives[1].nothing


def test_a_typed_sum_counts_without_enter(start: Any, flagship: Scenario) -> None:
    player = start(flagship, "alibaba")
    player.window.go(vm.Link("deal", flagship.ruleset.company("meizu")))
    player.app.pump()
    player.click("mine/cash/text")
    player.press("ctrl+a")
    player.app.type_text("450")
    player.window.flush()
    player.app.pump()
    assert vm.deal(player.game).mine.cash == 450.0
    player.app.type_text("0")
    player.click("table_offer")
    assert player.game.table.deal.gives[0].cash == 4500.0, "taken over before tabling"


def test_a_card_is_answered(start: Any, flagship: Scenario) -> None:
    player = start(flagship, "alibaba")
    cards = [line for line in player.app.tree().splitlines() if '"card/' in line]
    name = cards[0].split('"')[1].split("/option")[0]
    player.click(f"{name}/option/1")
    assert player.game.draft.choice, "the choice is in the orders"
    player.click(f"{name}/option/0")
    player.end_quarter()


def test_dials_move_and_move_back(start: Any, flagship: Scenario) -> None:
    player = start(flagship, "meizu")
    player.click("side", part="dials")
    first = player.game.draft
    player.see("dial/notch")
    player.click("dial/notch")
    player.press("down", "enter")
    moved = player.game.draft
    assert moved != first
    player.see("dial/mix/1")
    rect = player.app.find("dial/mix/1").rect
    player.app.drag((rect.left + 20, rect.centery), (rect.left + 110, rect.centery))
    assert player.game.draft != moved
    player.press("ctrl+z", "ctrl+z")
    assert player.game.draft == first
    player.press("ctrl+y")
    assert player.game.draft == moved


def test_a_market_is_entered_and_the_entry_taken_back(start: Any, flagship: Scenario) -> None:
    player = start(flagship, "xiaomi")
    view = player.game
    target = next(
        m for m in range(len(flagship.ruleset.markets)) if _can_enter(player, m) is not None
    )
    player.window.market = target
    player.press("f2")
    player.click("own/enter")
    assert target in view.draft.enter
    player.press("f1")
    player.click("drafted/0")
    assert target not in view.draft.enter
    player.press("ctrl+z")
    player.end_quarter()


def _can_enter(player: Any, market: int) -> object:
    own = vm.market(player.game, market).own
    return own.enter if not own.on_sale and own.enter.enabled else None


def test_money_is_borrowed_by_the_number_typed(start: Any, flagship: Scenario) -> None:
    player = start(flagship, "meizu")
    player.click("side", part="actions")
    player.click("capital/borrow")
    player.press("ctrl+a")
    player.app.type_text("75")
    player.press("enter")
    assert player.game.draft.borrow == 75.0
    assert player.says("75")
    player.click("capital/borrow/undo")
    assert player.game.draft.borrow == 0.0
    player.click("capital/issue")
    player.press("ctrl+a")
    player.app.type_text("20")
    player.click("capital/issue/set")
    assert player.game.draft.issue == 20.0
    player.click("capital/borrow")
    player.press("ctrl+a")
    player.app.type_text("999999")
    player.press("enter")
    assert player.game.draft.borrow == 0.0
    assert player.toasts(), "a refusal says why"


def test_a_whole_quarter_is_undone(start: Any, lesson: Scenario) -> None:
    player = start(lesson, "kite")
    player.end_quarter()
    player.end_quarter()
    player.click("undo_turn")
    player.click("quit_box/ok" if player.app.has("quit_box/ok") else "confirm/ok")
    assert player.game.turn == 1
    assert player.game.rehearsed
    assert player.says("Rehearsed")


def test_save_title_continue(start: Any, lesson: Scenario) -> None:
    player = start(lesson, "kite")
    player.end_quarter()
    digest = player.game.state.cash.tobytes()
    player.press("ctrl+s")
    assert player.says("Saved")
    player.click("menu")
    player.click("menu/title")
    assert player.app.screen.name == "title"
    player.click("continue")
    assert player.game.turn == 1
    assert player.game.state.cash.tobytes() == digest
    player.press("f10")
    player.click("menu/title")
    player.click("save/1")
    assert player.game is not None


def test_a_damaged_save_is_told_and_nothing_is_lost(
    start: Any, lesson: Scenario, own_home: Path
) -> None:
    player = start(lesson, "kite")
    player.end_quarter()
    for path in saves_folder().glob("*.stakesave"):
        path.write_bytes(path.read_bytes()[:-40])
    player.window.title()
    player.app.pump()
    assert not player.app.has("continue"), "nothing to go on with"
    assert player.app.has("save/0"), "but the file is shown with what is wrong"
    player.window.load(str(next(saves_folder().glob("*.stakesave"))))
    player.app.pump()
    assert player.says("could not be loaded")
    assert player.app.screen.name == "title"


def test_played_to_the_end_with_reason_and_ranking(start: Any, lesson: Scenario) -> None:
    player = start(lesson, "harbour")
    for _ in range(lesson.ruleset.rules.quarters):
        player.end_quarter()
        if player.game.over:
            break
    assert player.game.over
    assert player.app.screen.name == "end"
    for place in (1, 2, 3):
        assert player.app.has(f"rank/{place}")
    assert "place" in player.app.tree()
    player.click("to_desk")
    player.press("ctrl+enter")
    assert player.app.screen.name == "desk"
    player.click("to_end")
    player.click("to_title")
    assert player.app.screen.name == "title"


def test_the_flagship_to_its_end_in_a_few_seconds(start: Any, flagship: Scenario) -> None:
    player = start(flagship, "lazada")
    while not player.game.over:
        player.end_quarter()
    assert player.app.screen.name == "end"
    assert player.game.turn <= flagship.ruleset.rules.quarters


def test_contests_are_set_on_the_desk_and_taken_back(start: Any, flagship: Scenario) -> None:
    player = start(flagship, "alibaba")
    player.click("side", part="actions")
    assert not player.app.has("contest/most"), "no sum without a company to bid for"
    player.choose("contest/ready", "JD")
    player.click("contest/most")
    player.app.type_text("250")
    player.press("enter")
    player.click("contest/match")
    player.app.type_text("0")
    player.click("contest/match/set")
    player.click("contest/open")
    draft = player.game.draft
    assert draft.ready == flagship.ruleset.company("jd")
    assert (draft.ready_most, draft.match_most, draft.open_bids) == (250.0, 0.0, True)
    player.click("contest/most")
    player.press("ctrl+a", "delete", "enter")
    assert player.game.draft.ready_most < 0.0, "an empty field leaves it to the advisers"
    player.click("side", part="todo")
    for _ in range(3):
        player.click("drafted/0")
    assert player.game.draft == type(player.game.draft)()
