"""Clauses that come to their ends are told to those whom they concern."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from game.core.state import State, replace
from game.play.orders import Exercise, no_orders
from game.play.packages import Milestone
from game.play.turn import step
from game.resources import find_scenario
from game.scenario.loader import load
from game.session.game import Game
from game.session.headlines import headlines
from game.session.news import tell
from game.session.sight import Sight
from game.text.catalogue import LANGUAGES


@pytest.fixture(params=LANGUAGES)
def game(request: Any) -> Game:
    """Lantern in the lesson, every clause allowed."""
    scenario = load(find_scenario("lesson"))
    rules = dataclasses.replace(scenario.ruleset.rules, advanced_deals=True)
    open_ = dataclasses.replace(scenario.ruleset, rules=rules)
    scenario = dataclasses.replace(scenario, ruleset=open_)
    return Game.new(scenario, open_.company("lantern"), 3, lang=request.param)


def written(game: Game, **cells: tuple[tuple[int, ...], float]) -> State:
    """The game's state with single cells of its tables changed."""
    tables = {}
    for name, (place, value) in cells.items():
        tables[name] = getattr(game.state, name).copy()
        tables[name][place] = value
    return replace(game.state, **tables)


def told(game: Game, before: State, seat: int, exercise: tuple[int, ...] = ()) -> dict[str, str]:
    """Headlines of the quarter by their keys."""
    orders = no_orders(before, game.ruleset)
    if exercise:
        orders.exercise[exercise[:2]] = exercise[2]
    after, report = step(before, game.ruleset, orders)
    found = headlines(before, after, report, game.ruleset, seat)
    sight = Sight(game)
    lines = {item.key: tell(sight, item).text for item in found}
    assert not any("{" in line for line in lines.values())
    return lines


def companies(game: Game) -> tuple[int, int, int]:
    kite = game.ruleset.company("kite")
    return game.seat, kite, next(one for one in range(game.count) if one not in (game.seat, kite))


@pytest.mark.parametrize("part", [0.001, 0.2])
def test_an_option_used_is_told_to_others_only_when_the_stake_is_disclosed(
    game: Game, part: float
) -> None:
    me, kite, other = companies(game)
    pair = (me, kite)
    total = float(game.state.shares[:, kite].sum() + game.state.public[kite, 0])
    before = written(
        game, call_shares=(pair, int(part * total)), call_price=(pair, 1e-6),
        call_until=(pair, game.state.turn + 3),
    )  # fmt: skip
    right = (*pair, int(Exercise.CALL))
    assert "called" in told(game, before, me, right)
    assert "called" in told(game, before, kite, right)
    assert ("called" in told(game, before, other, right)) == (part > 0.1)


def test_a_loan_turned_into_shares_is_told_with_its_money(game: Game) -> None:
    me, kite, _ = companies(game)
    owed = (kite, me)
    before = written(
        game, loan_owed=(owed, 20.0), loan_due=(owed, game.state.turn + 4), loan_price=(owed, 1e-4)
    )
    lines = told(game, before, me, (me, kite, int(Exercise.CONVERT)))
    assert ("20" if game.lang == "en" else "2,000") in lines["converted"]


def test_an_option_that_runs_out_is_told_to_its_sides_alone(game: Game) -> None:
    me, kite, other = companies(game)
    pair = (me, kite)
    for wait in (1, 2):
        before = written(
            game, call_shares=(pair, 9), call_price=(pair, 1e6),
            call_until=(pair, game.state.turn + wait),
        )  # fmt: skip
        seats = {seat for seat in (me, kite, other) if "lapsed" in told(game, before, seat)}
        assert seats == ({me, kite} if wait == 1 else set())


@pytest.mark.parametrize(
    ("on", "target", "key"),
    [(Milestone.DATE, 0.0, "instalment"), (Milestone.REVENUE, 1e12, "instalment_missed")],
)
def test_an_instalment_is_told_when_it_is_paid_and_when_it_is_missed(
    game: Game, on: Milestone, target: float, key: str
) -> None:
    me, kite, other = companies(game)
    before = written(
        game, instalment=((kite,), 7.0), instalment_to=((kite,), me),
        instalment_until=((kite,), game.state.turn + 1), instalment_on=((kite,), int(on)),
        instalment_target=((kite,), target),
    )  # fmt: skip
    rival = {"instalment", "instalment_missed"} - {key}
    for seat in (me, kite):
        lines = told(game, before, seat)
        assert "7" in lines[key]
        assert not rival & set(lines)
    assert key not in told(game, before, other)


def test_who_is_free_to_sell_again_is_told(game: Game) -> None:
    me, _, other = companies(game)
    market = int(np.flatnonzero(game.state.on_sale[me, :, 0] == 0.0)[0])
    before = written(game, noncompete_until=((me, market), game.state.turn + 1))
    assert "freed" in told(game, before, me)
    assert "freed" not in told(game, before, other)
    still = written(game, noncompete_until=((me, market), game.state.turn + 2))
    assert "freed" not in told(game, still, me)
