"""Machines open talks with a person at least every second quarter, and say why."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from game.play.countdown import danger_of
from game.play.deal_facts import facts_of_state
from game.play.observation_build import observe
from game.play.packages import Code
from game.policies.courting import openings, order
from game.session import views
from game.session.courtship import EVERY, LATELY
from game.session.deals import Clauses, Deal
from game.session.game import Game

Begin = Callable[..., Game]
FLAGSHIP = "alibaba-meizu"
QUARTERS = 20


def silences(game: Game) -> tuple[list[int], list[int]]:
    """Quarters played without a talk opened for too long: those in which none of the machines had
    a legal package to offer, and all others."""
    excused, broken = [], []
    for turn in range(1, len(game.reports)):
        if any(game.all_offers[turn - EVERY + 1 : turn + 1]):
            continue
        past = Game(game.scenario, game.seat, game.seed, game.rivals)
        past.states, past.all_offers = game.states[: turn + 1], game.all_offers[: turn + 1]
        (broken if past._opening() is not None else excused).append(turn)
    return excused, broken


def played(begin: Begin, seat: str, seed: int, declining: bool) -> tuple[Game, list[int]]:
    """A game of twenty quarters or until it ends, and who made offers in it."""
    game = begin(FLAGSHIP, seat, seed=seed)
    senders = []
    for _ in range(QUARTERS):
        for number, offer in enumerate(game.offers()):
            senders.append(offer.deal.proposer)
            assert game.offer_problem(number) == ""  # it could be signed as it lies there
            if declining:
                game.decline_offer(number)
        game.end_turn()
        if game.over:
            break
    return game, senders


@pytest.mark.parametrize("seat", ["apple", "alibaba"])
@pytest.mark.parametrize("declining", [True, False])
def test_a_serious_offer_comes_every_second_quarter_of_twenty(
    begin: Begin, seat: str, declining: bool
) -> None:
    for seed in range(5, 13):  # some games are won before
        game, senders = played(begin, seat, seed, declining)
        if game.turn == QUARTERS:
            break
    assert game.turn == QUARTERS
    excused, broken = silences(game)
    assert not broken
    assert len(excused) <= 1
    assert len(set(senders)) >= 5  # it is not one voice all the time


def test_the_one_who_opens_talks_gains_by_its_own_terms_and_pays_a_point(begin: Begin) -> None:
    game = begin(FLAGSHIP, "xiaomi", seed=3)
    opened = 0
    for _ in range(8):
        before = game.state
        game.end_turn()
        rules = game.ruleset.rules
        for offer in game.offers():
            sender = offer.deal.proposer
            assert game.worth_to_sender(offer.deal) > 0.0
            if int(game.state.last_talk[sender, game.seat, 0]) == game.turn:
                opened += 1
                dealt = rules.points + min(int(before.attention[sender, 0]), rules.carry)
                assert int(game.state.attention[sender, 0]) <= dealt - rules.cost_talk
    assert opened


def test_an_offer_says_why_in_both_languages(begin: Begin) -> None:
    for lang, word in (("en", "mandate"), ("zh", "使命")):
        game = begin(FLAGSHIP, "apple", seed=5, lang=lang)
        told: list[str] = []
        for _ in range(10):
            game.end_turn()
            for offer in views.desk(game).offers:
                assert offer.why, offer.title
                told += offer.why
        assert any(word in line for line in told)
        game.open_offer(0) if game.offers() else None


def test_why_stays_with_a_save(begin: Begin, tmp_path) -> None:
    game = begin(FLAGSHIP, "apple", seed=5)
    while not game.offers():
        game.end_turn()
    path = tmp_path / "game.stakesave"
    game.save(path)
    assert Game.load(path).offers() == game.offers()


def test_who_spoke_lately_lets_others_speak_first(begin: Begin) -> None:
    game = begin(FLAGSHIP, "apple", seed=5)
    others = game.others()
    found = openings(observe(game.state, game.ruleset, others), game.ruleset, others, game.seat)
    value, nobody = game.state.value[:, 0], np.zeros(game.count, bool)
    first = order(found, value, nobody)
    assert len(first) > 2
    lately = nobody.copy()
    lately[first[0]] = True
    assert order(found, value, lately)[-1] == first[0]
    assert LATELY > EVERY


def test_openings_know_no_more_than_the_machines_may(begin: Begin) -> None:
    """Another person's secrets change nothing of what machines put on the table."""
    game = begin(FLAGSHIP, "apple", seed=5)
    others = game.others()

    def found(state):
        return openings(observe(state, game.ruleset, others), game.ruleset, others, game.seat)

    mix = game.state.mix.copy()
    mix[game.seat] = mix[game.seat][::-1]
    other = dataclasses.replace(game.state, mix=mix)
    assert np.array_equal(found(game.state).worth, found(other).worth)


def test_nobody_courts_who_is_about_to_end_the_game(begin: Begin) -> None:
    game = begin(FLAGSHIP, "apple", seed=5)
    run = game.state.path_run.copy()
    run[game.seat, 0] = game.ruleset.rules.path_quarters - 1
    near = dataclasses.replace(game.state, path_run=run)
    assert danger_of(run, game.ruleset.rules) is not None
    others = game.others()
    found = openings(observe(near, game.ruleset, others), game.ruleset, others, game.seat)
    assert not np.isfinite(found.worth).any()


# ------------------------------------------------------------------------- short of cash


def poor(game: Game, company: int, part: float) -> Game:
    """The same game with a company that has cash for so many quarters of its costs."""
    facts = facts_of_state(game.state, game.ruleset)
    cash, debt = game.state.cash.copy(), game.state.debt.copy()
    trend = game.state.profit_trend.copy()
    trend[company] = min(float(trend[company, 0]), 0.0)
    cash[company] = part * facts.costs[company]
    debt[company] = 1e6  # no lender is left
    state = dataclasses.replace(game.state, cash=cash, debt=debt, profit_trend=trend)
    game.states[-1] = state
    return game


def least_price(game: Game, company: int) -> float:
    """The least cash for which a company lends the seat a pledge: USD m."""
    kind = _cheapest(game, company)
    low, high = 0.0, 900.0
    for _ in range(40):
        middle = 0.5 * (low + high)
        deal = Deal(
            game.seat, company,
            (Clauses(cash=middle), Clauses(pledges=((kind, 1.0),))), term=8,
        )  # fmt: skip
        game.open_table(company)
        reply, _ = game._ask(deal, game.draft.talk(company))
        low, high = (low, middle) if reply.code == Code.ACCEPT else (middle, high)
    return high


def _cheapest(game: Game, company: int) -> int:
    _, cost = game.pledge_values
    worth, _ = game.pledge_values
    gain = worth[:, company, game.seat, 0] - cost[:, company, game.seat, 0]
    return int(np.where(cost[:, company, game.seat, 0] > 0.0, gain, -np.inf).argmax())


def test_a_company_short_of_cash_accepts_less(begin: Begin) -> None:
    company = begin(FLAGSHIP, "apple").ruleset.company("coolpad")
    rich = least_price(poor(begin(FLAGSHIP, "apple"), company, 4.0), company)
    short = least_price(poor(begin(FLAGSHIP, "apple"), company, 0.2), company)
    assert 0.0 < short < rich


@pytest.mark.parametrize(("lang", "words"), [("en", "short of cash"), ("zh", "缺现金")])
def test_the_table_says_that_they_sell_cheap(begin: Begin, lang: str, words: str) -> None:
    game = begin(FLAGSHIP, "apple", lang=lang)
    company = game.ruleset.company("coolpad")
    game.open_table(company)
    poor(game, company, 0.2)
    game._seen = None
    assert words in views.deal(game).squeeze
    poor(game, company, 9.0)
    assert views.deal(game).squeeze == ""


def test_the_table_tells_what_they_want_and_remember(begin: Begin) -> None:
    game = begin(FLAGSHIP, "meizu")
    xiaomi = game.ruleset.company("xiaomi")
    game.open_table(xiaomi)
    them = views.deal(game).them
    assert len(them.mandates) == 3
    assert any("India" in line for line in them.mandates)
    assert any("From before the game" in line for line in them.about_you)
