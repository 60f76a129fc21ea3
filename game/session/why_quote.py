"""Why a share trades higher or lower, for those to whom the company's books are closed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from game.play.explain.causes import Cause, Explanation, Fact, Key, Measure, Part
from game.session.sight import Sight

if TYPE_CHECKING:
    from game.session.game import Game

MILLION = 1e6


def quote_from_outside(game: Game, company: int, turn: int) -> Explanation:
    """Why a share trades higher or lower, for those who only estimate what it is worth."""
    if not turn:
        end = MILLION * float(game.states[1].quote[company, 0])
        return Explanation(Measure.QUOTE, company, -1, turn, math.nan, end, (), 0)
    quotes, worth = [], []
    for state in game.states[turn : turn + 2]:
        view = Sight(game, state).view
        quotes.append(MILLION * float(state.quote[company, 0]))
        outside = max(float((state.founders + state.public)[company, 0]), 1.0)
        worth.append(MILLION * max(float(view.value_guess[0, company]), 0.0) / outside)
    moved = quotes[1] - quotes[0]
    grown = worth[1] / worth[0] if min(worth) > 0.0 else 1.0
    by_worth = (quotes[0] + quotes[1] / grown) / 2.0 * (grown - 1.0)  # the mean of both orders
    parts = (
        Part(Key(Cause.ESTIMATE), by_worth, fact=Fact(price=(worth[0], worth[1]))),
        Part(Key(Cause.MOOD), moved - by_worth),
    )
    shown = tuple(part for part in parts if part.amount)
    return Explanation(Measure.QUOTE, company, -1, turn, quotes[0], quotes[1], shown, 0)
