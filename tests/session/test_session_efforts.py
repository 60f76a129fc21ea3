"""Delegates decide what is given of a pledge, with the reason, until a hand sets it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from game.core.state import replace
from game.session import views
from game.session.draft import draft_json, draft_of
from game.session.game import Game
from game.session.replaying import replay_file
from game.session.sight import Sight

Begin = Callable[..., Game]
TEXTS = {"en": ("delegates give", "Delegates would give"), "zh": ("代表兑现", "代表建议兑现")}


def pledged(begin: Begin, stake: float = 0.0, **options: str) -> tuple[Game, int, int]:
    """Meizu's seat, with a pledge of shops to Alibaba in force and nothing in return."""
    game = begin("alibaba-meizu", "meizu", **options)
    state, ruleset = game.state, game.ruleset
    kind, seat = ruleset.kind("offline"), ruleset.company("meizu")
    other = ruleset.company("alibaba")
    tables = {}
    for name, value in {
        "pledge_announced": 1.0, "pledge_effort": 1.0, "pledge_since": -2, "pledge_until": 8,
        "pledge_regions": -1,
    }.items():  # fmt: skip
        tables[name] = getattr(state, name).copy()
        tables[name][kind, seat, other] = value
    shares = state.shares.copy()
    total = state.founders[other] + state.public[other]
    shares[seat, other] = (stake * total).astype(shares.dtype)
    game.states[-1] = replace(state, shares=shares, **tables)
    return game, kind, other


def effort(game: Game, kind: int, other: int) -> float:
    return float(game.state.pledge_effort[kind, game.seat, other, 0])


def view_of(game: Game, kind: int) -> views.PledgeView:
    given = views.company(game, game.seat).given
    return next(one for one in given if one.kind == kind)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_advice_is_told_with_its_reason(begin: Begin, lang: str) -> None:
    game, kind, other = pledged(begin, lang=lang)
    told, advice = view_of(game, kind), game.advice[kind, other]
    assert not told.by_hand
    assert TEXTS[lang][0] in told.effort
    assert told.advice.startswith(TEXTS[lang][1])
    assert told.effort_value == advice.part
    assert [action.active for action in told.actions if action.verb == "set_effort"] == [
        True, False, False,
    ]  # fmt: skip


def test_delegates_give_what_they_advise(begin: Begin) -> None:
    game, kind, other = pledged(begin)
    part = game.advice[kind, other].part
    assert part < 1.0, "a giver without a stake has no reason to give all"
    game.end_turn()
    assert effort(game, kind, other) == pytest.approx(part)
    assert dict(game.drafts[-1].delegated)[kind, other] == pytest.approx(part)


def test_a_stake_makes_delegates_give_more(begin: Begin) -> None:
    plain, kind, other = pledged(begin)
    held, _, _ = pledged(begin, stake=0.3)
    assert held.advice[kind, other].stake == pytest.approx(0.3 / 1.3, rel=1e-6)
    assert held.advice[kind, other].brings > plain.advice[kind, other].brings
    assert held.advice[kind, other].part >= plain.advice[kind, other].part


def test_a_hand_holds_until_it_is_taken_back(begin: Begin) -> None:
    game, kind, other = pledged(begin)
    assert game.set_effort(kind, other, 1.0).ok
    assert view_of(game, kind).by_hand
    game.end_turn()
    assert effort(game, kind, other) == 1.0
    assert view_of(game, kind).by_hand, "what was set stays set"
    game.end_turn()
    assert effort(game, kind, other) == 1.0
    assert game.set_effort(kind, other, -1.0).ok
    assert not view_of(game, kind).by_hand
    part = game.advice[kind, other].part
    game.end_turn()
    assert effort(game, kind, other) == pytest.approx(part)
    assert not view_of(game, kind).by_hand


def test_taking_a_turn_back_lets_delegates_think_again(begin: Begin) -> None:
    game, kind, _ = pledged(begin)
    game.end_turn()
    assert game.drafts[-1].delegated
    game.undo_turn()
    assert not game.draft.delegated
    assert not view_of(game, kind).by_hand


def test_a_draft_keeps_what_delegates_decided(begin: Begin) -> None:
    game, kind, other = pledged(begin)
    game.set_effort(kind, other, -1.0)
    game.end_turn()
    draft = game.drafts[-1]
    assert draft.delegated
    assert draft_of(draft_json(draft)) == draft


def test_a_replay_gives_what_was_given(begin: Begin, tmp_path: Path) -> None:
    game = begin("alibaba-meizu", "meizu")
    for _ in range(3):
        game.end_turn()
    path = tmp_path / "game.replay.json"
    game.save_replay(path)
    again = replay_file(path)
    assert not again.differences
    np.testing.assert_array_equal(
        again.game.state.pledge_effort[..., 0], game.state.pledge_effort[..., 0]
    )


def test_recorded_orders_without_delegates_are_left_alone(begin: Begin) -> None:
    game, kind, other = pledged(begin)
    game.delegates = False
    game.end_turn()
    assert effort(game, kind, other) == 1.0
    assert not game.drafts[-1].delegated


OWES = {"en": "borrowed from", "zh": "借自"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_loans_are_told_to_everybody(begin: Begin, lang: str) -> None:
    game = begin("alibaba-meizu", "apple", lang=lang)
    debtor, lender = (game.ruleset.company(uid) for uid in ("meizu", "alibaba"))
    assert not views.company(game, debtor).loans.rows
    state, tables = game.state, {}
    for name, value in {"loan_owed": 80.0, "loan_due": 6, "loan_rate": 0.03}.items():
        tables[name] = getattr(state, name).copy()
        tables[name][debtor, lender] = value
    game.states[-1] = dataclasses.replace(state, **tables)
    (row,) = views.company(game, debtor).loans.rows
    texts = [cell.text for cell in row.cells]
    assert OWES[lang] in texts
    assert "3.0%" in texts
    assert row.cells[2].value == 80.0
    assert row.cells[4].value == 6.0
    (other,) = views.company(game, lender).loans.rows
    assert other.link == views.Link("company", debtor)
    assert other.cells[0].text != row.cells[0].text


def test_what_a_bounty_brings_is_told_as_it_is_booked(begin: Begin) -> None:
    game, _, other = pledged(begin)
    kind, state = game.ruleset.kind("os"), game.state
    tables = {}
    for name, value in {
        "pledge_announced": 1.0, "pledge_effort": 1.0, "pledge_since": -2, "pledge_until": 8,
        "pledge_regions": -1,
    }.items():  # fmt: skip
        tables[name] = getattr(state, name).copy()
        tables[name][kind, game.seat, other] = value
    game.states[-1] = replace(state, **tables)
    market = game.ruleset.market("smartphones/china")
    sold = float(game.state.units[game.seat, market, 0])
    bounty = game.ruleset.pledges[kind].bounty * sold
    (line,) = [text for text in view_of(game, kind).effects if "device sold" in text]
    assert Sight(game).money(bounty) in line
