"""White knights are told of: on the company's page while they are sought, and when one is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from game.session import views
from game.session.game import Game

Begin = Callable[..., Game]


@pytest.mark.parametrize(
    ("lang", "sought", "found"),
    [("en", "white knight", "finds a white knight"), ("zh", "白衣骑士", "白衣骑士：")],
)
def test_a_search_and_its_end_are_told(begin: Begin, lang: str, sought: str, found: str) -> None:
    """Paytm begins with a third in the hands of a holder whom it does not trust."""
    paytm = begin("alibaba-meizu", "jd").ruleset.company("paytm")
    for seed in range(2015, 2023):
        game = begin("alibaba-meizu", "jd", seed=seed, lang=lang)
        for _ in range(12):
            searching = sought in views.company(game, paytm).status
            game.end_turn()
            if any(found in line.text for line in game.headlines()):
                assert searching
                return
    pytest.fail("nobody found a white knight in eight games: choose other seeds")
