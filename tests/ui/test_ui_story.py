"""What companies want, remember and did, in the window: read, uncut, and reached by clicks."""

from __future__ import annotations

from typing import Any

import pytest

from game.scenario.loader import Scenario
from game.session import views as vm
from game.session.game import Game
from game.ui.app import make_window
from game.ui.kit import Label
from game.ui.window import Window

SIZES = [((1280, 720), 1.0), ((1920, 1080), 1.5), ((1024, 640), 1.0)]
QUARTERS = 4


def played(flagship: Scenario, lang: str) -> Game:
    """Meizu with the draft signed, a pledge broken, and a year behind it."""
    game = Game.new(flagship, flagship.ruleset.company("meizu"), 3, lang=lang)
    game.autosaves = False
    game.accept_offer(0)
    for quarter in range(QUARTERS):
        if quarter == 2:
            game.break_pledge(flagship.ruleset.kind("offline"), 0)
        game.end_turn()
    return game


def uncut(window: Window, page: str) -> None:
    """No line of a story ends in an ellipsis, and none is wider than the window."""
    app = window.app
    app.settle()
    width = app.window.rect.width
    for widget in app.find(page).walk():
        if not widget.visible or not isinstance(widget, Label) or widget.rect.width <= 0:
            continue
        assert widget.rect.right <= width, widget.text
        if not widget.wrap and widget.style in ("number", "strong", "heading", "small"):
            need = app.ctx.text_width(widget.text, widget.style)
            assert need <= widget.rect.width + 2, f"{widget.text!r} is cut"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("size", "scale"), SIZES)
def test_the_story_of_a_company_is_read_uncut(
    flagship: Scenario, own_home: Any, lang: str, size: tuple[int, int], scale: float
) -> None:
    game = played(flagship, lang)
    window = make_window(lang, scale, size)
    window.game = game
    try:
        for company in (0, flagship.ruleset.company("xiaomi"), game.seat):
            window.go(vm.Link("company", company))
            window.app.pump()
            window.app.click("company/tabs", "relations")
            window.app.pump()
            uncut(window, "page/relations")
        for turn in range(QUARTERS):
            for one in game.all_reasons[turn][:3]:
                if one.company != game.seat:
                    window.go(vm.Link("moves", one.company, turn))
                    window.app.pump()
                    uncut(window, "page/moves")
        window.go(vm.Link("deal", 0))
        window.app.pump()
        window.app.click("worth/tabs", "them")
        window.app.pump()
        uncut(window, "page/them")
    finally:
        window.app.window.close()


def test_a_click_beside_the_news_says_why_it_was_done(start: Any, flagship: Scenario) -> None:
    player = start(flagship, "meizu", seed=3)
    for _ in range(3):
        player.end_quarter()
    lines = vm.desk(player.game).headlines[:3]
    place = next(n for n, line in enumerate(lines) if line.moves.kind)
    player.click(f"headline/{place}/why")
    link = lines[place].moves
    assert player.window.company == link.target
    assert player.app.has("page/moves")
    told = vm.moves(player.game, link.target, link.turn)
    assert told.moves[0].title in player.app.tree()
    other = told.turns[-1]
    player.choose("moves/turn", other[1])
    assert vm.moves(player.game, link.target, other[0]).moves[0].title in player.app.tree()


def test_relations_tell_what_it_wants_and_remembers(start: Any, flagship: Scenario) -> None:
    player = start(flagship, "meizu", seed=3)
    player.window.go(vm.Link("company", 0))
    player.app.pump()
    player.click("company/tabs", "relations")
    tree = player.app.tree()
    assert "Its mobile system on" in tree
    assert "names its rival" in tree
    assert "From before the game" in tree


def test_the_own_page_has_no_moves_but_relations(start: Any, flagship: Scenario) -> None:
    player = start(flagship, "meizu", seed=3)
    player.window.go(vm.Link("company", player.game.seat))
    player.app.pump()
    tabs = player.app.find("company/tabs")
    assert "relations" in tabs.pages
    assert "moves" not in tabs.pages
