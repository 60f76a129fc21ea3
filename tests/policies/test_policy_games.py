"""Whole games by machine: nothing breaks, somebody deals, better players win."""

from __future__ import annotations

import numpy as np
import pytest

from game.core.axes import array_fields
from game.core.ruleset import Status
from game.core.state import State
from game.policies.registry import names

MAY_BE_NAN = {"pin_spend"}


def faults(state: State) -> list[str]:
    """Fields that hold something that is no number."""
    return [
        field.name
        for field in array_fields(state)
        if field.name not in MAY_BE_NAN
        and getattr(state, field.name).dtype.kind == "f"
        and not np.isfinite(getattr(state, field.name)).all()
    ]


@pytest.mark.parametrize("name", names())
def test_forty_quarters_leave_only_numbers(long_lesson, name):
    state = long_lesson.start(8)
    with np.errstate(all="raise", under="ignore"):
        for _ in range(8):
            state, _ = long_lesson.play(state, name, 5)
            assert faults(state) == []


def test_random_players_do_everything(long_lesson):
    """Random orders reach every kind of action, or they would not be worth fuzzing with."""
    state, seen = long_lesson.start(16), set()
    for _ in range(20):
        orders = long_lesson.orders(state, "random")
        for name in ("enter", "leave", "integrate", "break_pledge"):
            seen |= {name} if getattr(orders, name).any() else set()
        for name in ("investigate", "attack", "praise", "project", "choice"):
            seen |= {name} if (getattr(orders, name) >= 0).any() else set()
        for name in ("borrow", "issue", "dividend", "buy_back"):
            seen |= {name} if (getattr(orders, name) > 0).any() else set()
        packages = orders.proposals
        for name in ("cash", "new_shares", "old_shares", "pledge", "exclusive", "disclosed"):
            seen |= {name} if getattr(packages, name).any() else set()
        state, _ = long_lesson.play(state, "random", 1)
    expected = {
        *("enter", "leave", "integrate", "break_pledge", "investigate", "attack", "praise"),
        *("project", "choice", "borrow", "issue", "dividend", "buy_back", "cash", "new_shares"),
        *("old_shares", "pledge", "exclusive", "disclosed"),
    }
    assert expected - seen == set()


def test_random_actions_are_mostly_legal(long_lesson):
    _, reports = long_lesson.play(long_lesson.start(16), "random", 20)
    refused = np.mean([(report.refused > 0).mean() for report in reports])
    assert refused < 0.1


def test_idle_seats_neither_die_nor_win(lesson):
    state, _ = lesson.play(lesson.start(32), "strategist,harbour=idle", 6)
    harbour = lesson.ruleset.company("harbour")
    assert (state.defaults[harbour] > 0).mean() < 0.1
    assert (state.winner == harbour).mean() < 0.5


def test_strategists_sign_deals(lesson):
    _, reports = lesson.play(lesson.start(16), "strategist", 6)
    signed = sum(report.settlement.signed_by_company() for report in reports)
    assert (signed.sum(axis=0) > 0).mean() > 0.5


def test_a_strategist_barred_from_deals_tables_nothing(lesson):
    from game.policies.registry import make

    state = lesson.start(8)
    orders = make("strategist", deals=False).act(lesson.view(state), lesson.ruleset, lesson.seats)
    assert (orders.proposals.proposer < 0).all()


@pytest.fixture(scope="module")
def flagship_games(flagship):
    """Six whole games of the flagship, strategists in every seat."""
    return flagship.play(flagship.start(6), "strategist", flagship.ruleset.rules.quarters)


def test_the_flagship_board_is_lively(flagship, flagship_games):
    state, reports = flagship_games
    signed = sum(report.settlement.signed_by_company() for report in reports)
    assert (signed.sum(axis=0) > 0).all(), "every game has deals"
    assert (signed > 0).mean() > 0.5, "half of the companies sign"
    assert (state.defaults > 0).mean() < 0.15, "no spree of defaults"
    entered = sum(report.entered.any(axis=1) for report in reports)
    assert (entered.sum(axis=0) > 0).all(), "somebody enters a market"
    assert faults(state) == []


def test_the_first_draft_is_tabled_in_the_first_quarter(flagship, flagship_games):
    _, reports = flagship_games
    draft = flagship.ruleset.drafts[0]
    tabled = reports[0].settlement.proposals
    row = 2 * draft.proposer
    assert (tabled.counterparty[row] == draft.counterparty).all()
    assert tabled.cash[0, row] == pytest.approx(draft.cash[0])


def test_terms_are_mixed_so_that_renewals_do_not_come_in_bursts(flagship, flagship_games):
    _, reports = flagship_games
    terms = np.concatenate([report.settlement.proposals.term.ravel() for report in reports])
    for term in flagship.ruleset.rules.terms:
        assert (terms == term).mean() > 0.1 * (terms > 0).mean()
    tabled = [(report.settlement.proposals.proposer >= 0).mean() for report in reports]
    assert max(tabled) < 0.6


def test_a_flagship_seat_left_idle_does_not_die(flagship):
    meizu = flagship.ruleset.company("meizu")
    state, _ = flagship.play(flagship.start(8), "strategist,meizu=idle", 24)
    assert (state.defaults[meizu] > 0).mean() < 0.8  # half of them need a rescue: 64 games
    assert (state.status[meizu] == Status.FAILED).mean() < 0.5
    assert (state.winner == meizu).mean() < 0.5
