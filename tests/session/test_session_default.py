"""A company that fails: what the person is told, and what is still possible; loans at the table."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from game.core.ruleset import Status
from game.core.state import replace
from game.session import views
from game.session.game import Game

Begin = Callable[..., Game]


def ruined(begin: Begin, company: int | None = None, lang: str = "en") -> Game:
    """A game in which one company owes far too much and was saved once before."""
    game = begin()
    game.lang = lang
    who = game.seat if company is None else company
    state = game.states[-1]
    cash, debt, defaults = state.cash.copy(), state.debt.copy(), state.defaults.copy()
    cash[who], debt[who], defaults[who] = 0.0, 1e6, 1
    game.states[-1] = replace(state, cash=cash, debt=debt, defaults=defaults)
    return game


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_game_is_over_when_the_own_company_fails(begin: Begin, lang: str) -> None:
    game = ruined(begin, lang=lang)
    game.end_turn()
    assert game.failed
    assert game.over
    assert not game.end_turn().ok
    end = views.end(game)
    assert end.title
    assert game.ruleset.companies[game.seat].short[lang] in end.reason
    assert "{" not in end.title + end.reason + end.verdict
    assert views.ledger(game).balance.rows
    assert views.desk(game).over
    assert game.offers() == ()
    told = " ".join(line.text for line in game.headlines(0))
    assert ("wound up" in told) if lang == "en" else ("破产" in told)


def test_the_last_quarter_can_be_taken_back(begin: Begin) -> None:
    game = ruined(begin)
    game.end_turn()
    assert game.undo_turn().ok
    assert not game.over


def test_a_rival_that_fails_is_told_and_deals_with_nobody(begin: Begin) -> None:
    game = ruined(begin, company=0 if begin().seat else 1)
    rival = 0 if game.seat else 1
    game.end_turn()
    assert not game.over
    assert int(game.state.status[rival, 0]) == Status.FAILED
    told = [line.text for line in game.headlines(0)]
    assert any("wound up" in text for text in told)
    assert any("business of" in text or "closes" in text for text in told)
    assert views.company(game, rival).status
    game.open_table(rival)
    game.set_cash(True, 1.0)
    view = views.deal(game)
    assert view is not None
    assert any("failed" in problem for problem in view.problems)
    game.end_turn()


def test_a_loan_is_tabled_settled_and_seen_in_the_ledger(begin: Begin) -> None:
    game = begin()
    other = 0 if game.seat else 1
    game.open_table(other)
    game.set_loan(False, 20.0)
    view = views.deal(game)
    assert view is not None
    assert view.theirs.loan == 20.0
    assert view.theirs.rate == game.ruleset.rules.interest
    game.set_rate(0.09)
    view = views.deal(game)
    assert view is not None
    assert view.theirs.rate == 0.09
    assert any("loan" in line for line in view.theirs.lines)
    state = game.states[-1]
    owed, due, rate = state.loan_owed.copy(), state.loan_due.copy(), state.loan_rate.copy()
    owed[game.seat, other], due[game.seat, other], rate[game.seat, other] = 20.0, 5, 0.02
    game.states[-1] = dataclasses.replace(state, loan_owed=owed, loan_due=due, loan_rate=rate)
    game.close_table()
    game.end_turn()
    rows = {row.cells[0].text: row.cells[1].value for row in views.ledger(game).balance.rows}
    assert rows["Owed to companies"] == pytest.approx(20.0 * (1.0 + float(np.float32(0.02))))
