"""A person bids for stakes in play, matches bids, and opens own shares to better ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from game.play.topping import ANYBODY
from game.session import views
from game.session.draft import OWN_VALUE, Draft, draft_json, draft_of, to_orders
from game.session.game import Game

Begin = Callable[..., Game]


def test_what_is_said_goes_into_the_orders(begin: Begin) -> None:
    game = begin("alibaba-meizu", "alibaba")
    jd = game.ruleset.company("jd")
    orders = to_orders(game.draft, game.state, game.ruleset, game.seat)
    assert not orders.open_bids[game.seat].any(), "a person's shares go to no other unasked"
    assert (orders.ready == -1).all()
    assert game.stand_ready(jd).ok
    assert game.ready_most(250.0).ok
    assert game.match_most(0.0).ok
    assert game.open_bids().ok
    orders = to_orders(game.draft, game.state, game.ruleset, game.seat)
    assert (orders.ready[game.seat] == jd).all()
    assert (orders.ready_most[game.seat] == 250.0).all()
    assert (orders.match_most[game.seat] == 0.0).all()
    assert orders.open_bids[game.seat].all()
    assert game.ready_most(-1.0).ok
    orders = to_orders(game.draft, game.state, game.ruleset, game.seat)
    assert np.isnan(orders.ready_most[game.seat]).all()


def test_nonsense_is_refused(begin: Begin) -> None:
    game = begin("alibaba-meizu", "alibaba")
    before = game.draft
    assert not game.stand_ready(game.seat).ok
    assert not game.stand_ready(len(game.ruleset.companies)).ok
    assert not game.stand_ready(-7).ok
    assert not game.match_most(float("nan")).ok
    assert game.draft == before


def test_a_draft_with_contests_is_kept_in_files() -> None:
    draft = Draft(ready=ANYBODY, ready_most=40.0, match_most=0.0, open_bids=True)
    assert draft_of(draft_json(draft)) == draft
    assert draft_json(Draft()) == {}
    assert Draft().match_most == OWN_VALUE


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_desk_tells_and_takes_back(begin: Begin, lang: str) -> None:
    game = begin("alibaba-meizu", "alibaba", lang=lang)
    jd = game.ruleset.company("jd")
    view = views.desk(game).contests
    assert view is not None
    assert (view.ready, view.open) == (-1, False)
    offered = [company for company, _ in view.choices]
    assert jd in offered
    assert game.seat not in offered
    button = next(one for one in views.company(game, jd).actions if one.verb == "stand_ready")
    assert game.do(button).ok
    game.ready_most(300.0)
    game.match_most(20.0)
    game.open_bids()
    told = [one for one in views.desk(game).drafted if one.verb in BIDS]
    assert [one.verb for one in told] == list(BIDS)
    assert {"en": "$300m", "zh": "3亿美元"}[lang] in told[0].label
    assert {"en": "$20m", "zh": "2,000万美元"}[lang] in told[1].label
    for one in told:
        assert game.do(one).ok
    assert game.draft == Draft()


BIDS = ("stand_ready", "match_most", "open_bids")


def test_a_person_tops_a_deal_of_two_machines(begin: Begin) -> None:
    """Some quarter of some game: a person who stands ready for anybody outbids somebody."""
    told: list[str] = []
    for seed in range(2015, 2021):
        game = begin("alibaba-meizu", "tencent", seed=seed)
        for _ in range(8):
            game.stand_ready(ANYBODY)
            game.end_turn()
            lines = [line.text for line in game.headlines()]
            told += [line for line in lines if line.startswith(("Tencent tops", "Tencent bids"))]
            if told:
                return
    assert told, "nobody was topped in six games: choose other seeds"
