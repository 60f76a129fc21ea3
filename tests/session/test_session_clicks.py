"""A person who clicks at random: buttons keep their word and nothing falls over."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from game.play.orders import Refusal
from game.session import views
from game.session.game import Game

Begin = Callable[..., Game]


def actions(value: Any) -> Iterator[views.Action]:
    """Every button of a view."""
    if isinstance(value, views.Action):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from actions(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from actions(item)


def look(game: Game, chance: random.Random) -> Any:
    """Some screen."""
    screen = chance.randrange(4)
    if screen == 0:
        return views.desk(game, chance.choice(views.LENSES))
    if screen == 1:
        return views.market(game, chance.randrange(len(game.ruleset.markets)))
    if screen == 2 or game.table is None:
        return views.company(game, chance.randrange(game.count))
    return views.deal(game)


def bargain(game: Game, chance: random.Random) -> None:
    """Some clauses on the open table, tabled and signed where they are taken."""
    kinds = len(game.ruleset.pledges)
    for _ in range(4):
        mine = chance.random() < 0.5
        chance.choice(
            [
                lambda mine=mine: game.set_cash(mine, chance.choice([0.0, 5.0, 80.0])),
                lambda mine=mine: game.set_new_stake(mine, chance.choice([0.0, 0.04, 0.2])),
                lambda mine=mine: game.set_pledge(mine, chance.randrange(kinds), chance.random()),
                lambda mine=mine: game.set_old_stake(mine, 0.1, chance.randrange(game.count)),
            ]
        )()
    views.deal(game)
    game.table_offer()
    answer = views.deal(game).answer
    if answer is not None and answer.accept is not None:
        result = game.do(answer.accept)
        assert result.ok or result.reason


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("name", "quarters"), [("lesson", 6), ("alibaba-meizu", 5)])
def test_clicking_at_random(begin: Begin, name: str, quarters: int, seed: int) -> None:
    chance = random.Random(seed)
    seat = ("kite", "lantern") if name == "lesson" else ("meizu", "alibaba", "xiaomi", "apple")
    game = begin(name, chance.choice(seat), seed=seed)
    with np.errstate(all="raise", under="ignore"):
        while not game.over and len(game.reports) < quarters:
            for _ in range(chance.randrange(5)):
                found = list(actions(look(game, chance)))
                if found:
                    action = chance.choice(found)
                    assert game.do(action).ok == action.enabled, action
                if game.table is not None:
                    bargain(game, chance)
            assert game.refusals() == Refusal.NONE
            game.end_turn()
            assert game.reports[-1].refused[game.seat, 0] == 0
    views.end(game)
