"""What a game remembers: why trust moved, and why machines did what they did."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from game.play.memories import Deed, Move
from game.policies.reasons import MOST, Act, Motive
from game.scenario.loader import Scenario
from game.session import views
from game.session.chronicle_json import deeds_json, deeds_of, reasons_json, reasons_of
from game.session.game import Game
from game.session.sight import Sight
from game.session.view_memory import memory, signed
from game.session.view_moves import moves_view

Begin = Callable[..., Game]
FLAGSHIP = "alibaba-meizu"


def with_rules(game: Game, **rules: float) -> Game:
    """The same game under other rules."""
    changed = dataclasses.replace(game.ruleset.rules, **rules)
    game.ruleset = dataclasses.replace(game.ruleset, rules=changed)
    scenario: Scenario = dataclasses.replace(game.scenario, ruleset=game.ruleset)
    game.scenario = scenario
    return game


@pytest.fixture(scope="module")
def played(flagship_game: Callable[..., Game]) -> Game:
    return flagship_game()


@pytest.fixture(scope="module")
def flagship_game() -> Callable[..., Game]:
    """Meizu signs the draft, praises, attacks, breaks a pledge and declines what it is offered."""
    from game.resources import find_scenario
    from game.scenario.loader import load

    scenario = load(find_scenario(FLAGSHIP))

    def make(quarters: int = 9, lang: str = "en", seed: int = 3) -> Game:
        meizu = scenario.ruleset.company("meizu")
        game = Game.new(scenario, meizu, seed, lang=lang)
        game.autosaves = False
        alibaba, xiaomi = (scenario.ruleset.company(uid) for uid in ("alibaba", "xiaomi"))
        assert game.accept_offer(0).ok
        for quarter in range(quarters):
            for number in range(len(game.offers())):
                game.decline_offer(number)
            if quarter == 2:
                assert game.praise(alibaba).ok
                assert game.attack(xiaomi).ok
            if quarter == 4:
                kind = scenario.ruleset.kind("offline")
                assert game.break_pledge(kind, alibaba).ok
            game.end_turn()
        return game

    return make


# ------------------------------------------------------------------------------- memory


def remembered(game: Game) -> np.ndarray:
    """Trust as its memories add up to it: [N, N]."""
    decay = game.ruleset.rules.trust_decay
    total = game.states[0].trust[..., 0].astype(float).copy()
    for moves in game.all_deeds:
        for one in moves:
            total[one.truster, one.trusted] += one.amount
        total *= decay
    return total


@pytest.mark.parametrize("seed", [3, 11])
def test_memories_add_up_to_trust(flagship_game: Callable[..., Game], seed: int) -> None:
    game = flagship_game(seed=seed)
    trust = game.state.trust[..., 0]
    free = np.abs(trust) < 0.9  # where no bound was met
    assert free.mean() > 0.9
    assert np.allclose(remembered(game)[free], trust[free], atol=1e-9)
    deeds = {one.deed for moves in game.all_deeds for one in moves}
    assert {
        Deed.SIGNED, Deed.KEPT, Deed.BROKEN, Deed.BROKEN_TO_OTHERS, Deed.PRAISED, Deed.ATTACKED,
        Deed.EVENT,
    } <= deeds  # fmt: skip


def test_a_broken_pledge_is_told_with_its_date_its_cost_and_how_it_fades(played: Game) -> None:
    alibaba = played.ruleset.company("alibaba")
    lines = views.company(played, alibaba).relations.about_you
    told = next(line for line in lines if "You ended" in line)
    assert "Offline sales to Alibaba" in told
    assert "early in 2016 Q1" in told
    move = next(
        one
        for one in played.all_deeds[4]
        if one.deed == Deed.BROKEN and one.truster == alibaba and one.trusted == played.seat
    )
    assert move.early > 0
    assert f"trust {signed(move.amount)}" in told
    left = move.amount * played.ruleset.rules.trust_decay ** (played.turn - 4)
    assert f"{signed(left)} left" in told
    xiaomi = played.ruleset.company("xiaomi")
    assert any(
        "belittled Xiaomi" in line for line in views.company(played, xiaomi).relations.about_you
    )


def test_the_same_memory_in_chinese(flagship_game: Callable[..., Game]) -> None:
    game = flagship_game(quarters=6, lang="zh")
    lines = views.company(game, game.ruleset.company("alibaba")).relations.about_you
    assert any("你于2016年第1季度提前" in line for line in lines)


def test_an_old_memory_is_more_than_half_forgotten(played: Game) -> None:
    fast = dataclasses.replace(played.ruleset.rules, trust_decay=0.7)
    sight = Sight(played)
    sight.ruleset = dataclasses.replace(played.ruleset, rules=fast)
    lines = memory(sight, played, played.ruleset.company("alibaba"), played.seat).lines
    assert any("more than half forgotten" in line for line in lines)


def test_a_fresh_memory_says_when_half_of_it_is_forgotten(begin: Begin) -> None:
    game = begin("lesson", "kite")
    game.all_deeds = [(Move(Deed.ATTACKED, 0, game.seat, -0.25),)]
    game.states.append(game.states[0])
    lines = memory(Sight(game), game, 0, game.seat).lines
    decay = game.ruleset.rules.trust_decay
    assert any("half forgotten by" in line and "−0.25" in line for line in lines)
    assert 0.0 < decay < 1.0


def test_a_declined_offer_costs_trust_and_is_remembered(begin: Begin) -> None:
    game = with_rules(begin(FLAGSHIP, "meizu"), refusal_trust=0.05)
    alibaba = game.ruleset.company("alibaba")
    before = float(game.state.trust[alibaba, game.seat, 0])
    assert game.decline_offer(0).ok
    game.end_turn()
    rules = game.ruleset.rules
    after = float(game.state.trust[alibaba, game.seat, 0])
    assert after == pytest.approx((before - 0.05) * rules.trust_decay, abs=1e-9)
    moves = [one for one in game.all_deeds[0] if one.deed == Deed.DECLINED]
    assert [(one.truster, one.trusted) for one in moves] == [(alibaba, game.seat)]
    assert any("You declined" in line for line in views.company(game, alibaba).relations.about_you)
    assert np.allclose(remembered(game), game.state.trust[..., 0], atol=1e-9)


def test_each_company_states_its_mandate_and_names_a_rival(played: Game) -> None:
    named = 0
    for company in range(played.count):
        told = views.company(played, company).relations
        assert len(told.mandates) == len(played.ruleset.mandates[company])
        named += bool(told.rival)
    assert named >= played.count // 2


# ------------------------------------------------------------------------------ reasons


def test_every_deal_between_machines_is_logged_with_both_sides_terms(played: Game) -> None:
    deals = [one for found in played.all_reasons for one in found if one.act == Act.DEAL]
    assert deals
    for one in deals:
        assert one.terms
    machines = [one for one in deals if played.seat not in (one.company, one.other)]
    # who signs by its own valuation gains by it
    gains = [sum(term.other for term in one.terms) for one in machines]
    assert sum(gain > 0.0 for gain in gains) >= 0.8 * len(gains)


def test_the_log_is_bounded_and_survives_a_save(played: Game, tmp_path: Path) -> None:
    assert all(len(found) <= MOST for found in played.all_reasons)
    path = tmp_path / "game.stakesave"
    played.save(path)
    again = Game.load(path)
    assert len(again.all_reasons) == len(played.all_reasons)
    assert json.dumps([reasons_json(one) for one in again.all_reasons]) == json.dumps(
        [reasons_json(one) for one in played.all_reasons]
    )
    assert json.dumps([deeds_json(one) for one in again.all_deeds]) == json.dumps(
        [deeds_json(one) for one in played.all_deeds]
    )
    view, back = (moves_view(one, -1, 3, True) for one in (played, again))
    assert view == back


def test_plain_json_gives_the_same_moves_back() -> None:
    moves = (Move(Deed.BROKEN, 1, 2, -0.25, 3, 2), Move(Deed.KEPT, 0, 1, 0.02))
    assert deeds_of(json.loads(json.dumps(deeds_json(moves)))) == moves
    with pytest.raises(ValueError, match="99"):
        deeds_of([[99, 0, 1, 0.1, -1, 0]])
    with pytest.raises(KeyError):
        reasons_of([{"act": 0}])


def test_a_save_from_before_logs_opens(played: Game, tmp_path: Path, monkeypatch) -> None:
    from game.session import record

    whole = record.meta_of

    def old(game: Game) -> dict[str, object]:
        facts = whole(game)
        del facts["deeds"], facts["reasons"]
        return facts

    monkeypatch.setattr(record, "meta_of", old)
    path = tmp_path / "old.stakesave"
    played.save(path)
    game = Game.load(path)
    assert moves_view(game).moves == ()
    views.company(game, 0)


def test_taking_back_a_quarter_forgets_it(flagship_game: Callable[..., Game]) -> None:
    game = flagship_game(quarters=3)
    last = game.all_reasons[-1]
    game.undo_turn()
    assert len(game.all_deeds) == len(game.all_reasons) == 2
    game.end_turn()
    assert [one.act for one in game.all_reasons[-1]] == [one.act for one in last]


def test_a_person_sees_what_is_public_and_an_observer_everything(played: Game) -> None:
    hidden = estimated = 0
    for turn in range(len(played.all_reasons)):
        mine, all_ = moves_view(played, -1, turn), moves_view(played, -1, turn, observer=True)
        assert len(mine.moves) <= len(all_.moves)
        for move in mine.moves:
            hidden += sum(ground.text == "?" for ground in move.grounds)
            estimated += sum(ground.text.startswith("≈") for ground in move.grounds)
        for move in all_.moves:
            assert all(ground.text != "?" and "≈" not in ground.text for ground in move.grounds)
    assert hidden
    assert estimated


def test_what_a_person_reads_depends_on_nothing_private(played: Game) -> None:
    """Other private figures behind the same moves read the same."""
    for turn, found in enumerate(played.all_reasons):
        plain = moves_view(played, -1, turn)
        other = tuple(
            dataclasses.replace(
                one,
                grounds=tuple(
                    ground if ground.public else dataclasses.replace(ground, value=12345.0)
                    for ground in one.grounds
                ),
                terms=tuple(dataclasses.replace(term, one=9.0, other=9.0) for term in one.terms),
            )
            for one in found
        )
        kept = played.all_reasons[turn]
        played.all_reasons[turn] = other
        try:
            assert moves_view(played, -1, turn) == plain
        finally:
            played.all_reasons[turn] = kept


def test_the_terms_of_a_deal_add_up(played: Game) -> None:
    for found in played.all_reasons:
        for one in found:
            if one.act == Act.DEAL and played.seat not in (one.company, one.other):
                assert sum(term.seen_one for term in one.terms) != 0.0
                assert len({term.term for term in one.terms}) == len(one.terms)


def test_news_lead_to_why_it_was_done(played: Game) -> None:
    lines = [line for turn in range(len(played.reports)) for line in played.headlines(turn)]
    linked = [line for line in lines if line.moves.kind == "moves"]
    assert linked
    for line in linked:
        view = views.moves(played, line.moves.target, line.moves.turn)
        assert view.moves
        assert view.turn == line.moves.turn


def test_attacks_and_entries_name_their_grounds(played: Game) -> None:
    kinds = {
        one.act: {ground.motive for ground in one.grounds}
        for found in played.all_reasons
        for one in found
    }
    assert Motive.LICENCE in kinds[Act.ENTERED]
    assert {Motive.WORTH, Motive.NEXT_BEST} == kinds[Act.CHOSE]
