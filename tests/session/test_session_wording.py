"""Small words that carry a meaning: who, how many of what, and what a full place is."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from game.core.ruleset import Effect, EffectKind, Metric
from game.core.state import replace
from game.play.packages import DealFlag
from game.session import headlines, views
from game.session.deals import Clauses
from game.session.game import Game
from game.session.sight import Sight
from game.session.view_effects import effect_line
from game.session.view_score import PATHS, path_about
from game.text.catalogue import LANGUAGES, say

Begin = Callable[..., Game]
FLAGSHIP = "alibaba-meizu"


@pytest.mark.parametrize("seat", ["alibaba", "meizu"])
def test_nobody_offers_beside_an_open_draft(begin: Begin, seat: str) -> None:
    game = begin(FLAGSHIP, seat)
    for _ in range(2):
        pairs = [frozenset((one.deal.proposer, one.deal.counterparty)) for one in game.offers()]
        assert len(set(pairs)) == len(pairs)
        game.end_turn()


@pytest.mark.parametrize(("seat", "seed"), [("alibaba", 11), ("meizu", 9), ("meizu", 7)])
def test_who_has_signed_is_bound_for_the_quarter(begin: Begin, seat: str, seed: int) -> None:
    game = begin(FLAGSHIP, seat, seed)
    assert game.accept_offer(0).ok
    game.end_turn()
    assert game.state.shares[game.ruleset.company("alibaba"), game.ruleset.company("meizu"), 0] > 0
    assert not any("fell through" in line.text for line in game.headlines())


def test_trust_is_never_a_companys_trust_in_itself(begin: Begin) -> None:
    game = begin(FLAGSHIP, "meizu")
    sight = Sight(game)
    alibaba, tencent = game.ruleset.company("alibaba"), game.ruleset.company("tencent")
    own = Effect(EffectKind.TRUST, 0.1, by_decider=True, others=(alibaba, tencent))
    assert effect_line(sight, own, alibaba) == "Trust of Alibaba in Tencent: +0.10"
    among = dataclasses.replace(own, by_decider=False, companies=(alibaba, tencent))
    assert effect_line(sight, among, -1) == "Trust among Alibaba, Tencent: +0.10"
    everybody = dataclasses.replace(own, others=())
    assert effect_line(sight, everybody, alibaba) == "Trust of Alibaba in all others: +0.10"


def test_pledges_that_end_together_make_one_line(begin: Begin) -> None:
    game = begin(FLAGSHIP, "meizu")
    assert game.accept_offer(0).ok
    game.end_turn()
    state = game.state
    until = np.where(state.pledge_until > 0, state.turn + 1, state.pledge_until)
    until = until.astype(state.pledge_until.dtype)
    game.states[-1] = replace(state, pledge_until=until)
    lines = [one.text for one in views.desk(game).todo if "run out" in one.text]
    assert len(lines) == 1
    assert lines[0].startswith("7 pledges with Alibaba run out")
    assert game.open_renewal(game.ruleset.company("alibaba")).ok
    assert game.table is not None
    assert [len(side.pledges) for side in game.table.deal.gives] == [3, 4]
    assert not game.flags_of(game.table.deal)


def test_counts_of_mandates_have_a_unit(begin: Begin) -> None:
    game = begin(FLAGSHIP, "alibaba")
    counted = {Metric.TOP_RANK_REGIONS, Metric.STAKES, Metric.FOREIGN_MARKETS, Metric.ALLIES}
    for company, tasks in enumerate(game.ruleset.mandates):
        if not any(task.metric in counted | {Metric.YEAR_UNITS} for task in tasks):
            continue
        view = views.desk(Game.new(game.scenario, company, 7)).mandates
        for task, shown in zip(tasks, view, strict=True):
            if task.metric in counted | {Metric.YEAR_UNITS, Metric.OS_DEVICES}:
                assert shown.standing.rstrip(".").split()[-1].isalpha(), shown.standing


def test_a_task_whose_time_is_up_says_how_it_ended(begin: Begin) -> None:
    game = begin(FLAGSHIP, "meizu")
    best = np.zeros_like(game.state.mandate_best)
    best[game.seat, 1] = 1.0
    best[game.seat, 2] = 0.4
    game.states[-1] = replace(game.state, mandate_best=best, turn=game.ruleset.rules.quarters)
    standing = [one.standing for one in views.desk(game).mandates]
    assert standing == ["Missed: 0% reached.", "Done.", "Missed: 40% reached."]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_public_path_is_explained(begin: Begin, lang: str) -> None:
    game = begin(FLAGSHIP, "meizu", lang=lang)
    game.states[-1] = replace(game.state, path_run=game.state.path_run + 1)
    notices = views.desk(game).paths
    assert {one.detail for one in notices} == {path_about(Sight(game), path) for path in PATHS}


def test_no_users_are_not_a_number(begin: Begin) -> None:
    game = begin(FLAGSHIP, "meizu")
    doors = views.desk(game).score.terms[2]
    assert not any(" 0m" in line for line in doors.why)
    assert any("no users yet" in line for line in doors.why)


def test_holders_of_an_unlisted_company_are_no_public(begin: Begin) -> None:
    game = begin(FLAGSHIP, "alibaba")
    for company, entry in enumerate(game.ruleset.companies):
        names = {holder.label for holder in views.company(game, company).holders}
        assert ("Public" in names) == entry.listed
        assert ("Other holders" in names) != entry.listed


def test_a_pledge_that_bars_a_package_is_named(begin: Begin) -> None:
    game = begin(FLAGSHIP, "meizu")
    assert game.accept_offer(0).ok
    game.end_turn()
    shops = game.ruleset.kind("offline")
    assert game.open_table(game.ruleset.company("alibaba")).ok
    assert game.table is not None
    game.table.deal = game.table.deal.with_side(0, Clauses(pledges=((shops, 1.0),)))
    taken = game.flags_of(game.table.deal)
    problems = views.deal(game).problems
    assert bool(taken) == bool(problems)
    assert all(line.startswith("Offline sales: ") for line in problems)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_fallen_deal_may_have_found_its_place_taken(lang: str) -> None:
    for flag in (DealFlag.RECEIVER_FULL, DealFlag.GIVER_FULL):
        assert say(headlines._why_fallen(flag), lang) != say(f"dealflag.{flag.name}", lang)
    assert headlines._why_fallen(DealFlag.CASH) == "dealflag.CASH"
