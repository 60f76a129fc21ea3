"""Why panels: opened from every screen by mouse and by keyboard, read, expanded, closed."""

from __future__ import annotations

import math
import threading
import time
from typing import Any

import pytest

from game.scenario.loader import Scenario
from game.session import views as vm
from game.session.game import Game
from game.session.view_asks import HERE, WHOLE, related_asks
from game.session.view_why import WhyBar, WhyView
from game.ui.app import make_window
from game.ui.kit import Button, Label


def sample(game: Game, measure: str, company: int, market: int | None) -> WhyView:
    """An answer with groups, members of members, and a cause that moved nothing."""
    places = (WhyBar("China", 0.3, "+0.3"), WhyBar("India", 0.1, "+0.1"))
    own = (
        WhyBar("Own price", 0.4, "+0.4", "$284 to $271", places, "good"),
        WhyBar("Own quality", -0.1, "−0.1", tone="bad"),
    )
    groups = (
        WhyBar("Own moves", 0.3, "+0.3", "", own, "good"),
        WhyBar("Rivals", -0.5, "−0.5", "", (WhyBar("Xiaomi", -0.5, "−0.5", "told"),), "bad"),
        WhyBar("Season", 0.0, "0"),
    )
    return WhyView(
        f"{measure} of {company} in {market}", "this against that", "3.0", "2.8", 3.0, 2.8,
        "percent", groups, ("It fell by 0.2.", "Xiaomi took 0.5."),
        ("One point of reach is worth 0.4.",), "",
        measure, company, -1 if market is None else market, game.turn - 1, -0.2, "−0.2",
    )  # fmt: skip


class Oracle:
    """Answers in place of the engine; counts, waits for a sign, or fails."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int, int | None, int | None]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.error: Exception | None = None

    def why(
        self, game: Game, measure: str, company: int, market: int | None, turn: int | None
    ) -> WhyView:
        """What ``Game.why`` gives."""
        self.asked.append((measure, company, market, turn))
        assert self.gate.wait(60.0)
        if self.error is not None:
            raise self.error
        return sample(game, measure, company, market)


@pytest.fixture
def oracle(monkeypatch: pytest.MonkeyPatch) -> Oracle:
    """Puts the oracle in the engine's place."""
    found = Oracle()

    def why(
        game: Game, measure: str, company: int, market: int | None = None, turn: int | None = None
    ) -> WhyView:
        return found.why(game, measure, company, market, turn)

    monkeypatch.setattr(Game, "why", why, raising=False)
    return found


def answered(player: Any) -> None:
    """Pump until the panel has its answer."""
    end = time.monotonic() + 120.0
    while player.app.has("why/bar"):
        assert time.monotonic() < end
        time.sleep(0.005)
        player.app.pump()
    player.app.pump()


def ask_by_click(player: Any, name: str, part: str | None = None) -> str:
    """Click a number, wait, return the panel as text, close it."""
    player.click(name, part)
    assert player.app.has("why"), name
    answered(player)
    tree = str(player.app.tree().split('dialog "why"')[1])
    player.press("escape")
    assert not player.app.has("why")
    return tree


def test_every_screen_opens_why_by_click(start: Any, flagship: Scenario, oracle: Oracle) -> None:
    player = start(flagship, "meizu")
    player.end_quarter()
    me = player.game.seat
    for place, measure in ((0, "cash"), (1, "profit"), (3, "value")):
        ask_by_click(player, f"figure/{place}")
        assert oracle.asked[-1][:3] == (measure, me, None)
    assert "Mandates" in ask_by_click(player, "score")
    player.press("f2")
    market = player.window.market
    apple = str(flagship.ruleset.company("apple"))
    for measure in ("price", "units", "share"):
        ask_by_click(player, "sellers", f"{apple}:{measure}")
        assert oracle.asked[-1][:3] == (measure, int(apple), market)
    player.press("f3")
    for row, measure in (("0", "cash"), ("3", "value"), ("4", "profit")):
        ask_by_click(player, "accounts", f"{row}:figure")
        assert oracle.asked[-1][:3] == (measure, me, None) or measure in str(oracle.asked)
    ask_by_click(player, "markets", f"{market}:share")
    ask_by_click(player, "markets", f"{market}:profit")
    assert oracle.asked[-1][:3] == ("profit", me, market)
    player.press("f5")
    player.click("ledger/tabs", "profit")
    ask_by_click(player, "profit", "103:q0")
    player.click("ledger/tabs", "balance")
    assert "value" in ask_by_click(player, "balance", "7:q0")


def test_the_end_opens_why(start: Any, lesson: Scenario, oracle: Oracle) -> None:
    player = start(lesson, "kite")
    while not player.game.over:
        player.game.end_turn()
    player.window.go(vm.Link("end"))
    player.app.pump()
    panel = ask_by_click(player, "rank/1/why")
    assert "score" in panel
    assert "Value per share" in panel
    assert player.app.screen.name == "end", "the row below did not lead away"


def test_by_keyboard_alone(start: Any, flagship: Scenario, oracle: Oracle) -> None:
    player = start(flagship, "meizu")
    player.end_quarter()
    player.app.find("figure/1").focus()
    player.press("enter")
    answered(player)
    assert oracle.asked[-1][0] == "profit"
    assert player.app.focused is player.app.find("why/chart"), "arrows work at once"
    player.press("enter", "down")
    assert 'group "0/0": Own price: +0.4 [closed current]' in player.app.tree()
    player.press("right", "down")
    assert 'member "0/0/0": China' in player.app.tree()
    player.press("escape")
    assert player.app.focused is player.app.find("figure/1"), "back where it began"
    player.press("f2")
    player.app.find("sellers").focus()
    player.press("down", "right", "right", "right", "enter")
    answered(player)
    assert oracle.asked[-1][0] == "share"
    player.press("escape", "left", "enter")
    answered(player)
    assert oracle.asked[-1][0] == "units"


def test_the_panel_says_all_of_it(start: Any, flagship: Scenario, oracle: Oracle) -> None:
    player = start(flagship, "meizu")
    player.end_quarter()
    player.click("figure/0")
    answered(player)
    player.click("why/all")
    tree = player.app.tree()
    for words in ("cash of", "this against that", "3.0 → 2.8", "−0.2", "Own quality: −0.1", "India",
                  "It fell by 0.2.", "One point of reach", "Season: 0"):  # fmt: skip
        assert words in tree, words
    player.click("why/all")
    assert "Own quality" not in player.app.tree()


def test_other_numbers_of_the_same_place(start: Any, flagship: Scenario, oracle: Oracle) -> None:
    player = start(flagship, "meizu")
    player.end_quarter()
    player.click("figure/0")
    answered(player)
    turn_to(player, "value")
    answered(player)
    assert oracle.asked[-1][0] == "value"
    assert "value of" in player.app.tree().split('dialog "why"')[1].splitlines()[0]
    turn_to(player, "score")
    answered(player)
    assert "Mandates" in player.app.tree()
    player.click("why/go")
    assert player.app.screen.name == "desk"
    assert player.window.desk_tab == "goals"
    assert not player.app.has("why")


def test_the_way_out_does_not_wait_for_the_answer(
    start: Any, flagship: Scenario, oracle: Oracle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a number is being worked out, the way out is that number's, not the last one's."""
    player = start(flagship, "meizu")
    player.end_quarter()
    player.click("figure/0")
    answered(player)
    gate, answer = threading.Event(), vm.why_of

    def late(game: Game, ask: vm.Ask) -> WhyView:
        assert gate.wait(60.0)
        return answer(game, ask)

    monkeypatch.setattr(vm, "why_of", late)
    turn_to(player, "score")
    assert player.app.has("why/bar"), "not answered yet"
    player.click("why/go")
    gate.set()
    assert player.app.screen.name == "desk"
    assert player.window.desk_tab == "goals"


def test_answers_are_kept_for_the_quarter(start: Any, flagship: Scenario, oracle: Oracle) -> None:
    player = start(flagship, "meizu")
    player.end_quarter()
    ask_by_click(player, "figure/0")
    ask_by_click(player, "figure/0")
    assert len(oracle.asked) == 1
    player.window.set_language("zh")
    ask_by_click(player, "figure/0")
    assert len(oracle.asked) == 2, "another language, another text"
    player.end_quarter()
    ask_by_click(player, "figure/0")
    assert len(oracle.asked) == 3, "another quarter, another answer"


def test_the_window_lives_while_it_waits(start: Any, flagship: Scenario, oracle: Oracle) -> None:
    player = start(flagship, "meizu")
    player.end_quarter()
    oracle.gate.clear()
    player.app.click("figure/0")
    moved = []
    for _ in range(20):
        player.app.pump()  # a frame that waited for the answer would never come back
        moved.append(player.app.find("why/bar").fraction)
        time.sleep(0.002)
    assert len(set(moved)) > 1, "the bar moves"
    oracle.gate.set()
    answered(player)
    assert player.says("It fell by 0.2.")


def test_waiting_can_be_cancelled(start: Any, flagship: Scenario, oracle: Oracle) -> None:
    player = start(flagship, "meizu")
    player.end_quarter()
    for way in (lambda: player.app.click("why/cancel"), lambda: player.press("escape")):
        oracle.gate.clear()
        player.app.click("figure/0")
        player.app.pump()
        assert player.app.has("why/bar")
        way()
        assert not player.app.has("why")
        oracle.gate.set()
        player.window.answers.settle()
        player.app.pump()
        assert not player.app.has("why"), "a late answer opens nothing"
    ask_by_click(player, "figure/0")


def test_a_quarter_waits_for_what_is_still_sought(
    start: Any, flagship: Scenario, oracle: Oracle
) -> None:
    player = start(flagship, "meizu")
    player.end_quarter()
    oracle.gate.clear()
    player.app.click("figure/0")
    player.press("escape")
    player.app.click("end_turn")
    assert player.game.turn == 1, "the thread still reads this quarter"
    oracle.gate.set()
    player.wait()
    assert player.game.turn == 2


def test_a_failure_is_told_in_the_panel(start: Any, flagship: Scenario, oracle: Oracle) -> None:
    from game.core.errors import UserError

    player = start(flagship, "meizu")
    player.end_quarter()
    oracle.error = UserError("no such figure", "here", "ask another")
    player.click("figure/0")
    answered(player)
    assert "no such figure" in player.app.tree()
    oracle.error = ZeroDivisionError("oops")
    turn_to(player, "value")
    answered(player)
    assert player.app.has("why/failed")
    oracle.error = None
    turn_to(player, "cash")
    answered(player)
    assert player.says("It fell by 0.2."), "a failure is not kept"


def test_a_click_beside_the_panel_closes_it(start: Any, flagship: Scenario, oracle: Oracle) -> None:
    player = start(flagship, "meizu")
    player.end_quarter()
    player.click("figure/0")
    answered(player)
    box = player.app.find("why").box
    player.app.click_at(box.center)
    assert player.app.has("why")
    player.app.click_at((box.left - 20, box.centery))
    assert not player.app.has("why")
    assert player.app.screen.name == "desk"


def test_before_the_first_quarter_it_says_what_is_known(start: Any, flagship: Scenario) -> None:
    player = start(flagship, "meizu")
    for name in ("figure/0", "figure/1", "figure/3", "score"):
        tree = ask_by_click(player, name)
        assert 'label "why/note"' in tree, name
        assert "nothing to compare" in tree or "no quarter before" in tree
        assert 'chart "why/chart"' not in tree
    player.press("f2")
    row = str(player.game.seat)
    player.app.find("sellers").scroll_to_row(row)
    for measure in ("price", "units", "share"):
        tree = ask_by_click(player, "sellers", f"{row}:{measure}")
        assert "What is known" in tree
        assert "Quality" in tree


def test_the_books_of_others_stay_closed(start: Any, flagship: Scenario, oracle: Oracle) -> None:
    player = start(flagship, "meizu")
    player.end_quarter()
    player.window.company = flagship.ruleset.company("xiaomi")
    player.press("f3")
    for row in ("0", "1", "2", "3"):
        tree = ask_by_click(player, "accounts", f"{row}:figure")
        assert "estimate" in tree
    assert not oracle.asked, "no cause of theirs is told"


def turn_to(player: Any, measure: str) -> None:
    """Choose another number of the company from the panel's list."""
    player.click("why/measure")
    player.click(f"why/measure/{measure}")


def test_numbers_that_can_be_asked_say_so(start: Any, flagship: Scenario) -> None:
    player = start(flagship, "meizu")
    hint = player.window.word("why_click")
    for place in range(len(vm.desk(player.window.game).figures)):
        assert hint in str(player.app.find(f"figure/{place}").tooltip)
    player.press("f2")
    table = player.app.find("sellers")
    asked = [cell for row in table.rows for cell in row.cells if cell.press is not None]
    assert len(asked) > 10
    assert all(hint in cell.tooltip for cell in asked)


def test_every_ask_of_the_views_can_be_answered(flagship: Scenario) -> None:
    """Measures that need a market have one, and the tabs of a panel lead back to it."""
    game = Game.new(flagship, flagship.ruleset.company("meizu"), 2015)
    game.autosaves = False
    game.end_turn()
    tables = [vm.desk(game).companies, vm.market(game, 0).sellers]
    tables += [vm.company(game, n).accounts for n in (0, game.seat)]
    tables += [vm.company(game, n).markets for n in (0, game.seat)]
    ledger = vm.ledger(game)
    tables += [ledger.profit, ledger.cash_flow, ledger.balance]
    asks = [cell.ask for t in tables for row in t.rows for cell in row.cells if cell.ask]
    asks += [one.ask for one in vm.desk(game).figures if one.ask]
    asks += [row.ask for row in vm.end(game).ranking if row.ask]
    assert {ask.measure for ask in asks} == {
        "share", "units", "price", "revenue", "profit", "cash", "debt", "value", "doors", "score"
    }  # fmt: skip
    for ask in asks:
        if ask.measure in ("share", "units", "price"):
            assert ask.market >= 0
        assert ask.measure in [other.measure for other, _ in related_asks(game, ask)]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("size", "scale"),
    [((1024, 640), 1.0), ((1280, 720), 1.0), ((1600, 900), 1.5), ((2048, 1280), 2.0)],
)
def test_nothing_of_a_panel_is_cut(
    flagship: Scenario, own_home: Any, lang: str, size: tuple[int, int], scale: float
) -> None:
    game = Game.new(flagship, flagship.ruleset.company("alibaba"), 2015, lang=lang)
    game.autosaves = False
    game.end_turn()
    game.end_turn()
    window = make_window(lang, scale, size)
    window.open(game)
    sold = [row.key for row in vm.company(game, game.seat).markets.rows]
    asks = [vm.Ask(measure, game.seat) for measure in WHOLE]
    asks += [vm.Ask(measure, game.seat, sold[-1]) for measure in (*HERE, "profit")]
    asks += [vm.Ask("cash", flagship.ruleset.company("xiaomi"))]
    try:
        for ask in asks:
            window.why(ask)
            window.answers.settle()
            window.app.pump()
            assert not window.app.has("why/failed"), window.app.tree()
            if window.app.has("why/all"):
                window.app.click("why/all")
            window.app.settle()
            panel = window.app.find("why")
            assert window.app.window.rect.contains(panel.box)
            for widget in panel.walk():
                if isinstance(widget, Button):
                    assert widget.shown_text() == widget.text
                if isinstance(widget, Label):
                    assert not widget.cut(), (widget.name, widget.text)
                assert widget.rect.left >= panel.box.left or widget is panel
                assert widget.rect.right <= panel.box.right or widget is panel
            window.app.press("escape")
    finally:
        window.app.window.close()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_score_comes_apart_exactly(flagship: Scenario, lang: str) -> None:
    game = Game.new(flagship, flagship.ruleset.company("meizu"), 2015, lang=lang)
    game.autosaves = False
    for _ in range(3):
        game.end_turn()
    for company in range(len(flagship.ruleset.companies)):
        view = vm.why_of(game, vm.Ask("score", company))
        assert math.isclose(view.after - view.before, view.change)
        told = sum(bar.amount for bar in view.groups)
        assert abs(told - view.change) < 0.02, "what is left out is under a hundredth each"
        for bar in view.groups:
            if bar.members:
                assert abs(sum(one.amount for one in bar.members) - bar.amount) < 0.03
        assert view.sentences
