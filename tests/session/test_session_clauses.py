"""Further clauses at the table: put on, filled in, told, signed, and used."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from game.core.state import replace
from game.play.orders import Exercise, no_orders
from game.play.packages import DealFlag, Extra, Milestone
from game.play.turn import step
from game.resources import find_scenario
from game.scenario.loader import load
from game.session import views as vm
from game.session.deals import Clauses, Deal, deal_json, deal_of, read_deal
from game.session.game import Game
from game.session.headlines import headlines
from game.session.news import tell
from game.session.sight import Sight
from game.session.view_actions import rights_in
from game.text.catalogue import LANGUAGES


@pytest.fixture
def game() -> Game:
    """Lantern in the lesson, every clause allowed."""
    scenario = load(find_scenario("lesson"))
    rules = dataclasses.replace(scenario.ruleset.rules, advanced_deals=True)
    open_ = dataclasses.replace(scenario.ruleset, rules=rules)
    return Game.new(dataclasses.replace(scenario, ruleset=open_), open_.company("lantern"), 3)


def further(view: Any, key: str) -> Any:
    """A side's further clause by its key; None where it is not offered."""
    return next((one for one in view.further if one.key == key), None)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_clause_can_be_put_on_the_table_and_is_told(game: Game, lang: str) -> None:
    game.lang = lang
    kite = game.ruleset.company("kite")
    assert game.open_table(kite).ok
    game.set_loan(True, 20.0)
    for key in ("board", "standstill", "call_stake", "non_compete", "convert_price", "business"):
        view = vm.deal(game).theirs
        clause = further(view, key)
        assert clause is not None, key
        assert not clause.on
        assert clause.name
        assert clause.about
        assert game.set_further(False, key, clause.first).ok
        now = further(vm.deal(game).theirs, key)
        assert now.on, key
        for field in now.fields:
            assert field.name
            assert field.choices or field.low <= field.value <= field.high
    clause = further(vm.deal(game).mine, "instalment")
    assert game.set_further(True, "instalment", clause.first).ok
    lines = " ".join(vm.deal(game).mine.lines + vm.deal(game).theirs.lines)
    assert "{" not in lines
    assert len(vm.deal(game).theirs.lines) == 6
    assert game.set_further(False, "call_stake", 0.0).ok
    assert game.table is not None
    left = game.table.deal.gives[1]
    assert not left.further(Extra.CALL_PRICE)


def test_a_milestone_brings_its_target(game: Game) -> None:
    game.open_table(game.ruleset.company("kite"))
    game.set_further(True, "instalment", 10.0)
    for on in (Milestone.PROFIT, Milestone.REVENUE, Milestone.UNITS):
        assert game.set_further(True, "milestone", float(on)).ok
        assert game.table is not None
        assert game.table.deal.gives[0].further(Extra.TARGET) > 0.0
        fields = further(vm.deal(game).mine, "instalment").fields
        assert {field.key for field in fields} == {"instalment", "milestone", "target"}


def test_a_game_without_advanced_clauses_offers_the_plain_ones() -> None:
    scenario = load(find_scenario("lesson"))
    game = Game.new(scenario, scenario.ruleset.company("lantern"), 3)
    game.open_table(game.ruleset.company("kite"))
    keys = {one.key for one in vm.deal(game).theirs.further}
    assert keys == {"board", "standstill", "call_stake"}
    game.set_further(False, "whole", 1.0)
    assert game.table is not None
    assert game.flags_of(game.table.deal) & DealFlag.ADVANCED


def test_odd_figures_are_refused(game: Game) -> None:
    game.open_table(game.ruleset.company("kite"))
    assert not game.set_further(True, "nothing", 1.0).ok
    assert not game.set_further(True, "board", float("nan")).ok
    assert not game.set_region(True, 0, 0).ok
    game.set_pledge(True, 1, 1.0)
    assert game.set_region(True, 1, 0).ok
    assert not game.set_region(True, 1, 99).ok


def test_a_deal_survives_packages_and_json(game: Game) -> None:
    clauses = Clauses(cash=1.0, pledges=((1, 0.5),)).with_regions(1, 1)
    clauses = clauses.with_further(board=1.0, call_stake=0.1, call_price=1.234567e-3)
    deal = Deal(0, 1, (clauses, Clauses()), 4)
    packages = deal.package(game.ruleset, 2)
    assert read_deal(packages, 0) == deal
    assert deal_of(deal_json(deal)) == deal
    plain = deal_json(deal)
    for side in plain["gives"]:
        del side["regions"], side["extra"]
    assert deal_of(plain).gives[0].extra == ()


def test_an_option_is_used_from_the_company_s_page(game: Game) -> None:
    lantern, kite = game.seat, game.ruleset.company("kite")
    state = game.states[-1]
    shares, price, until = (
        getattr(state, name).copy() for name in ("call_shares", "call_price", "call_until")
    )
    shares[lantern, kite], price[lantern, kite], until[lantern, kite] = 1000, 1e-6, 3
    game.states[-1] = replace(state, call_shares=shares, call_price=price, call_until=until)
    found = [one for one in vm.company(game, kite).actions if one.verb == "exercise"]
    assert len(found) == 1
    assert found[0].enabled
    before = np.copy(game.states[-1].shares[lantern, kite])
    assert game.exercise(kite, Exercise.CALL).ok
    assert game.draft.exercise == ((kite, 1),)
    game.end_turn()
    assert (game.states[-1].shares[lantern, kite] == before + 1000).all()
    assert not game.exercise(kite, 8).ok


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_joint_venture_is_told_signed_and_bought_out(game: Game, lang: str) -> None:
    game.lang = lang
    kite = game.ruleset.company("kite")
    assert game.open_table(kite).ok
    clause = further(vm.deal(game).mine, "venture")
    assert clause is not None
    assert game.set_further(True, "venture", clause.first).ok
    now = further(vm.deal(game).mine, "venture")
    assert [field.key for field in now.fields] == ["venture", "venture_market", "venture_share"]
    assert game.set_further(True, "venture_share", 0.05).ok
    (line,) = vm.deal(game).mine.lines
    assert "{" not in line
    assert vm.deal(game).problems == ()
    before = game.state
    deal = vm_deal(game)
    packages = deal.package(game.ruleset, before.cash.shape[-1])
    orders = dataclasses.replace(no_orders(before, game.ruleset), proposals=packages)
    after, report = step(before, game.ruleset, orders)
    assert (after.venture_until[kite] > 0).all()
    told = headlines(before, after, report, game.ruleset, game.seat)
    said = [tell(Sight(game), item).text for item in told if item.key == "venture"]
    assert len(said) == 1
    assert "{" not in said[0]
    other = Game.new(game.scenario, kite, 3, lang=lang)
    other.states[-1] = after
    actions = [one for one in rights_in(Sight(other), game.seat) if one.args[-1] == 4]
    assert len(actions) == 1
    assert "{" not in actions[0].label
    assert other.exercise(game.seat, int(Exercise.BUY_OUT)).ok
    assert other.draft.exercise == ((game.seat, int(Exercise.BUY_OUT)),)


def vm_deal(game: Game) -> Deal:
    assert game.table is not None
    return game.table.deal
