"""What competition authorities may do, told at the table, by command and afterwards."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from game.core.state import replace
from game.play.orders import no_orders
from game.play.packages import Extra, Term
from game.play.regulator import Decision
from game.play.turn import step
from game.resources import find_scenario
from game.scenario.loader import load
from game.session import views as vm
from game.session.deals import Clauses
from game.session.game import Game
from game.session.headlines import headlines
from game.session.news import tell
from game.session.sight import Sight
from game.text.catalogue import LANGUAGES

SURE = {
    "delayed": "{delays: 1, remedies: 0, blocks: 0}",
    "remedies": "{delays: 0, remedies: 1, blocks: 0}",
    "forbidden": "{delays: 0, remedies: 0, blocks: 0.9}",
}


def board(authority: str, tmp_path: Path, seed: int = 9) -> Game:
    """Harbour of the lesson with an authority, every clause allowed, and money; Kite is cheap."""
    text = find_scenario("lesson").read_text("utf-8")
    if authority:
        region = "  - id: home\n"
        assert region in text
        text = text.replace(region, f"{region}    merger_review: {authority}\n", 1)
    path = tmp_path / "board.yaml"
    path.write_text(text, "utf-8")
    scenario = load(path)
    rules = dataclasses.replace(scenario.ruleset.rules, advanced_deals=True)
    ruleset = dataclasses.replace(scenario.ruleset, rules=rules)
    game = Game.new(
        dataclasses.replace(scenario, ruleset=ruleset), ruleset.company("harbour"), seed
    )
    game.autosaves = False
    state = game.states[-1]
    value = state.value.copy()
    value[ruleset.company("kite")] = 560.0
    rich = state.cash + 9000.0, state.authorisation + 1e6
    game.states[-1] = replace(state, cash=rich[0], authorisation=rich[1], value=value)
    return game


def bid(game: Game) -> Any:
    kite = game.ruleset.company("kite")
    deal = game.blank_deal(kite)
    deal = deal.with_side(0, Clauses(cash=1500.0))
    return deal.with_side(1, Clauses().with_further(whole=1.0))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_table_tells_who_what_where_and_the_odds(lang: str, tmp_path: Path) -> None:
    game = board("{}", tmp_path)
    game.lang = lang
    game.put_on_table(bid(game))
    view = vm.deal(game)
    assert len(view.review) == 3
    assert not any("{" in line for line in view.review)
    assert view.review[-1].count("30") == 2  # a long look, a ban
    assert "40" in view.review[-1]
    named = Sight(game).say("term.REGULATOR")
    assert any(row.name == named and row.mine_value for row in view.terms)
    quiet = board("", tmp_path)
    quiet.put_on_table(bid(quiet))
    assert vm.deal(quiet).review == ()
    assert not any(row.name == named for row in vm.deal(quiet).terms)


def test_an_alliance_is_no_affair_of_theirs(tmp_path: Path) -> None:
    game = board("{}", tmp_path)
    deal = game.blank_deal(game.ruleset.company("kite")).with_side(0, Clauses(cash=5.0))
    game.put_on_table(deal)
    assert vm.deal(game).review == ()


def test_neither_preview_nor_table_knows_the_decision(tmp_path: Path) -> None:
    shown = []
    for seed in (9, 10, 11, 12):
        game = board("{delays: 0, remedies: 0, blocks: 0.5}", tmp_path, seed)
        game.put_on_table(bid(game))
        view = vm.deal(game)
        draft = dataclasses.replace(game.draft, signed=(bid(game),))
        settled = game.settled(draft)
        assert settled is not None
        shown.append((view.review, settled.accepted_signed.any()))
    assert all(one == shown[0] for one in shown)


@pytest.mark.parametrize("decision", list(SURE))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_headlines_tell_the_decision_with_its_reason(
    decision: str, lang: str, tmp_path: Path
) -> None:
    game = board(SURE[decision], tmp_path)
    game.lang = lang
    ruleset, before = game.ruleset, game.state
    deal = bid(game)
    packages = deal.package(ruleset, before.cash.shape[-1])
    orders = dataclasses.replace(no_orders(before, ruleset), signed=packages)
    after, report = step(before, ruleset, orders)
    found = report.settlement
    assert found is not None
    assert found.reviewed is not None
    assert (found.reviewed.decision == Decision[decision.upper()]).all()
    told = headlines(before, after, report, ruleset, game.seat, (deal,))
    item = next(one for one in told if one.key == f"review.{decision}")
    said = tell(Sight(game), item)
    assert "HHI" in said.text
    assert "{" not in said.text + said.detail
    assert not any(one.key == "fallen" for one in told)
    if decision == "remedies":
        assert said.detail
    if decision != "delayed":
        return
    keys: set[str] = set()
    for _ in range(3):
        before = after
        after, report = step(before, ruleset, no_orders(before, ruleset))
        keys |= {one.key for one in headlines(before, after, report, ruleset, game.seat)}
    assert "review.completed" in keys


def test_the_flagships_authorities_look_at_real_mergers() -> None:
    scenario = load(find_scenario("alibaba-meizu"))
    ruleset = scenario.ruleset
    assert [one is not None for one in ruleset.authorities] == [
        name in ("china", "india", "europe", "north_america") for name in ruleset.regions
    ]
    game = Game.new(scenario, ruleset.company("alibaba"), 4)
    for other, feared in (("jd", True), ("meizu", False)):
        deal = game.blank_deal(ruleset.company(other)).with_side(0, Clauses(cash=900.0))
        deal = deal.with_side(1, Clauses(extra=((int(Extra.WHOLE), 1.0),)))
        terms = game.estimate(deal)
        assert bool((terms[:, Term.REGULATOR] != 0.0).any()) == feared, other
