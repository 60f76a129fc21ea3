"""Every screen, both languages, every size: nothing cut, nothing dead, all of it reachable."""

from __future__ import annotations

from typing import Any

import pytest

from game.scenario.loader import Scenario
from game.session import views as vm
from game.session.game import Game
from game.ui.app import make_window
from game.ui.kit import Button, IconButton, Label, Panel, Pressable, Widget
from game.ui.screens import company, deal, ending, ledger, market
from game.ui.screens.menu import show_help, show_keys, show_menu
from game.ui.screens.new_game import NewGameScreen
from game.ui.window import Window

SIZES = [
    ((1024, 640), 1.0),
    ((1280, 720), 1.0),
    ((1600, 900), 1.5),
    ((1920, 1080), 1.0),
    ((2048, 1280), 2.0),
]
TABS = {
    "side": ("todo", "dials", "actions", "goals"),
    "company/tabs": ("books", "pledges", "holdings", "relations", "history"),
    "worth/tabs": ("worth", "advisers", "others", "them"),
    "ledger/tabs": ("charts", "compare", "profit", "cash", "balance", "news"),
    "charts": ("shares", "prices"),
}
SMALL_CUT = 2
"""Pixels that rounding may take from a text."""


def sections(window: Window) -> dict[str, Any]:
    """A fresh screen of every kind."""
    return {
        "desk": lambda: window.desk("todo"),
        "market": lambda: window.app.show(market.MarketScreen(window)),
        "company": lambda: window.app.show(company.CompanyScreen(window)),
        "choice": lambda: window.app.show(deal.DealScreen(window)),
        "ledger": lambda: window.app.show(ledger.LedgerScreen(window)),
        "title": window.title,
        "new": lambda: window.app.show(NewGameScreen(window)),
    }


def each_page(window: Window) -> list[str]:
    """Turn every tab of the present screen; yields what was shown."""
    seen = []
    for name, pages in TABS.items():
        if not window.app.has(name):
            continue
        for page in pages:
            window.app.click(name, page)
            seen.append(f"{name}:{page}")
            yield_labels(window)
    return seen


def shown(window: Window) -> list[Widget]:
    """Visible widgets of all layers."""
    window.app.settle()
    return [w for layer in window.app.layers for w in layer.root.walk() if w.visible]


def yield_labels(window: Window) -> None:
    """No button, no heading, no figure is cut; nothing is wider than the window."""
    for widget in shown(window):
        clip = widget.rect.clip(window.app.window.rect)
        assert widget.rect.width <= window.app.window.rect.width, widget.name
        if widget.rect.width <= 0 or clip.width <= 0:
            continue
        if isinstance(widget, Button):
            assert widget.shown_text() == widget.text, f"{widget.name}: {widget.shown_text()}"
        if isinstance(widget, Label) and not widget.wrap and matters(widget):
            need = window.app.ctx.text_width(widget.text, widget.style)
            assert need <= widget.rect.width + SMALL_CUT, f"{widget.name}: {widget.text!r} is cut"


def matters(label: Label) -> bool:
    """Numbers and headings, which must never end in an ellipsis."""
    return label.style in ("number", "big_number", "strong", "heading", "title", "display")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("size", "scale"), SIZES)
def test_no_words_are_cut_where_it_matters(
    flagship: Scenario, own_home: Any, lang: str, size: tuple[int, int], scale: float
) -> None:
    window = make_window(lang, scale, size)
    game = Game.new(flagship, flagship.ruleset.company("meizu"), 2015, lang=lang)
    try:
        for key, open_ in sections(window).items():
            window.game = None if key in ("title", "new") else game
            window.company = game.seat
            open_()
            window.app.pump()
            yield_labels(window)
            each_page(window)
        window.game = game
        window.go(vm.Link("offer", 0))
        window.app.pump()
        yield_labels(window)
        each_page(window)
    finally:
        window.app.window.close()


def pressables(window: Window) -> list[str]:
    """Names of everything enabled that can be pressed, on the top layer."""
    root = window.app.focus_root()
    found = []
    for widget in root.walk():
        usable = isinstance(widget, Pressable) or (
            isinstance(widget, Panel) and widget.on_click is not None
        )
        if usable and widget.visible and widget.enabled and widget.attached:
            found.append(widget.name)
    return found


LEAVING = ("end_turn", "quit", "menu/quit", "quit_box/ok")


def state_of(player: Any) -> tuple[object, ...]:
    """What a press may change."""
    window, game = player.window, player.window.game
    facts = (game.turn, game.draft, game.table, game.lang, game.path) if game else ()
    layers = tuple(layer.kind for layer in player.app.layers)
    return (player.app.screen, player.app.tree(), layers, window.lens, window.market, *facts)


@pytest.mark.parametrize("seat", ["meizu", "alibaba"])
@pytest.mark.parametrize("section", ["desk", "market", "company", "choice", "deal", "ledger"])
def test_every_button_does_something(
    start: Any, flagship: Scenario, seat: str, section: str
) -> None:
    player = start(flagship, seat)
    window = player.window
    player.end_quarter()

    def show() -> None:
        window.app.layers = window.app.layers[:1]
        player.game.close_table()
        if section == "deal":
            window.company = flagship.ruleset.company("xiaomi")
            window.go(vm.Link("deal", window.company))
        else:
            window.company = flagship.ruleset.company("huawei")
            sections(window)[section]()
        player.app.pump()

    show()
    dead = []
    for name in pressables(window):
        show()
        if name in LEAVING or not player.app.has(name) or not player.app.find(name).enabled:
            continue
        if name == "rail/" + ("deal" if section == "choice" else section):
            continue
        before = state_of(player)
        player.click(name)
        if state_of(player)[1:] == before[1:] and player.app.screen is before[0]:
            dead.append(name)
        if window.game is None:
            window.load(str(next(player_saves())))
    assert not dead


def player_saves() -> Any:
    """Saves of this test, any order."""
    from game.session.record import saves_folder

    return saves_folder().glob("*.stakesave")


@pytest.mark.parametrize("section", ["desk", "market", "company", "choice", "ledger", "new"])
def test_tab_reaches_every_button(start: Any, flagship: Scenario, section: str) -> None:
    player = start(flagship, "meizu")
    sections(player.window)[section]()
    player.app.pump()
    wanted = set(pressables(player.window))
    reached = set()
    for _ in range(3 * len(wanted) + 40):
        player.app.press("tab")
        assert player.app.focus_visible
        reached.add(player.app.focused.name)
    assert wanted <= reached, wanted - reached


def test_icon_buttons_have_words(start: Any, flagship: Scenario) -> None:
    player = start(flagship, "meizu")
    for open_ in sections(player.window).values():
        open_()
        player.app.pump()
        for widget in shown(player.window):
            if isinstance(widget, IconButton):
                assert widget.label, widget.name


@pytest.mark.parametrize("opens", [show_help, show_keys, lambda window: show_menu(window, True)])
def test_escape_closes_dialogues_and_leads_back(start: Any, lesson: Scenario, opens: Any) -> None:
    player = start(lesson, "kite")
    player.press("f2")
    opens(player.window)
    player.app.pump()
    player.press("escape")
    assert [layer.kind for layer in player.app.layers] == ["screen"]
    assert player.app.screen.name == "market"
    player.press("escape")
    assert player.app.screen.name == "desk"
    player.press("escape")
    assert player.app.has("menu_box")


def test_a_resize_lays_out_anew(start: Any, flagship: Scenario) -> None:
    player = start(flagship, "meizu")
    assert player.app.has("map")
    player.app.resize((1024, 640))
    player.app.pump()
    assert not player.app.has("map"), "the map moves onto a tab of its own"
    player.app.click("side", "map")
    assert player.app.has("map")
    player.app.resize((1920, 1080))
    player.app.pump()
    assert player.app.has("map")
    assert player.app.has("companies")


def test_rows_lead_by_click_and_by_enter_but_not_by_arrows(start: Any, flagship: Scenario) -> None:
    player = start(flagship, "meizu")
    apple = str(flagship.ruleset.company("apple"))
    player.app.find("companies").focus()
    player.press("down", "down")
    assert player.app.screen.name == "desk"
    player.press("enter")
    assert player.app.screen.name == "company"
    player.window.desk("todo")
    player.app.pump()
    player.click("companies", part=apple)
    assert player.window.company == int(apple)
    assert player.app.screen.name == "company"


def test_the_end_in_both_languages(start: Any, lesson: Scenario) -> None:
    player = start(lesson, "kite")
    while not player.game.over:
        player.game.end_turn()
    for lang in ("en", "zh"):
        player.window.set_language(lang)
        player.app.show(ending.EndScreen(player.window))
        player.app.pump()
        yield_labels(player.window)


def test_a_region_offers_its_markets(start: Any, flagship: Scenario) -> None:
    player = start(flagship, "meizu")
    player.app.find("map").focus()
    player.press("right")
    assert player.app.screen.name == "desk", "arrows only walk"
    player.click("map", part="china")
    assert player.app.has("map/markets")
    chosen = [w.name for w in player.app.focus_root().walk() if w.name.startswith("map/market/")]
    player.app.click(chosen[-1])
    assert player.app.screen.name == "market"
    assert player.window.market == int(chosen[-1].rsplit("/", 1)[1])


def test_the_tiles_of_a_small_scenario_lead_to_their_markets(start: Any, lesson: Scenario) -> None:
    player = start(lesson, "kite")
    player.click("map/market/1")
    assert player.app.screen.name == "market"
    assert player.window.market == 1
