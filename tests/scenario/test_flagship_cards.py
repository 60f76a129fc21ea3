"""The cards of the flagship that somebody decides: when they come, what each option does, whether
its words say so, and by what the machines choose."""

from __future__ import annotations

import dataclasses
import functools
import math
import re
from collections.abc import Iterator

import numpy as np
import pytest

from game.core.axes import OFFLINE, ONLINE, Array, take_worlds
from game.core.ruleset import Effect, EffectKind, Event, Option, Ruleset
from game.core.state import State
from game.play import events, legality
from game.play.observation_build import observe
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.turn import step
from game.policies.cards import choose_options
from game.policies.desk import Desk
from game.policies.effects import effects_worth
from game.resources import scenario_dir
from game.scenario.loader import Scenario, load
from game.session.game import Game
from game.session.sight import Sight
from game.session.view_cards import card as card_view

WORLDS = 256
DESIGNED = (
    "sneer", "proxies_merge", "second_tranche", "suning_in_play", "singles_day", "offline_turn",
    "patent_suit", "note_7", "lazada_calls", "leeco_dry", "clearing_rule", "ally_bleeds",
)  # fmt: skip
EVERYBODYS = ("engineers", "clicks", "privacy", "costs_rise")
CARDS = (*DESIGNED, "box_subsidy", *EVERYBODYS)


@functools.cache
def loaded() -> Scenario:
    return load(scenario_dir() / "alibaba-meizu.yaml")


@functools.cache
def flagship() -> tuple[Ruleset, State]:
    scenario = loaded()
    worlds = np.arange(WORLDS, dtype="u8")
    start = first_state(scenario.ruleset, scenario.opening, np.full(WORLDS, 7, "u8"), worlds)
    return scenario.ruleset, start


def numbered(uid: str) -> tuple[int, Event]:
    ruleset, _ = flagship()
    return next((at, one) for at, one in enumerate(ruleset.events) if one.uid == uid)


def at_turn(turn: int) -> State:
    """The opening as if it were that quarter, no card yet seen."""
    _, start = flagship()
    unseen = np.full_like(start.event_turn, -1)
    return dataclasses.replace(start, turn=turn, event_turn=unseen)


def on_the_table(uid: str) -> State:
    """The opening with this card alone open, and everybody selling wherever a card may aim."""
    index, event = numbered(uid)
    state = at_turn(max(event.turn, 3))
    opened = state.event_turn.copy()
    opened[index] = state.turn
    return dataclasses.replace(state, event_turn=opened)


def options() -> Iterator[tuple[str, str]]:
    for uid in CARDS:
        _, event = numbered(uid)
        yield from ((uid, option.uid) for option in event.options)


def option_of(uid: str, name: str) -> tuple[int, Option]:
    _, event = numbered(uid)
    return next((at, one) for at, one in enumerate(event.options) if one.uid == name)


def taken(uid: str, number: int, company: int) -> tuple[State, Array]:
    """State and cash after one decider took an option, the others the first; only the option's
    own effects, not the card's, and nobody else's."""
    ruleset, _ = flagship()
    index, event = numbered(uid)
    alone = dataclasses.replace(event, effects=(), deciders=(company,))
    cards = tuple(alone if at == index else one for at, one in enumerate(ruleset.events))
    state = on_the_table(uid)
    choice = np.full((len(cards), len(ruleset.companies), WORLDS), -1, "i1")
    choice[index, company] = number
    after, cash, fired = events.happen(state, dataclasses.replace(ruleset, events=cards), choice)
    assert fired[index].all()
    assert (after.event_choice[index, company] == number).all()
    return after, cash


# ---------------------------------------------------------------------------------- when


def test_the_flagship_has_the_designed_cards_and_each_has_choices() -> None:
    ruleset, _ = flagship()
    decided = {event.uid for event in ruleset.events if event.options}
    assert set(DESIGNED) <= decided
    assert decided == set(CARDS)
    assert all(2 <= len(numbered(uid)[1].options) <= 4 for uid in CARDS)
    assert all(numbered(uid)[1].deciders for uid in CARDS)


@pytest.mark.parametrize("uid", [uid for uid in CARDS if uid != "ally_bleeds"])
def test_a_dated_card_opens_in_its_quarter_and_in_no_other(uid: str) -> None:
    ruleset, _ = flagship()
    index, event = numbered(uid)
    for turn in range(ruleset.rules.quarters):
        opened = events.announce(at_turn(turn), ruleset).event_turn[index]
        assert (opened == (turn if turn == event.turn else -1)).all()


def test_the_ally_bleeds_only_where_its_cash_is_short_and_then_at_its_hazard() -> None:
    ruleset, _ = flagship()
    index, event = numbered("ally_bleeds")
    meizu = ruleset.company("meizu")
    state = at_turn(5)
    costs = (state.unit_cost[meizu] * state.units[meizu]).sum(axis=0) + ruleset.overhead[meizu]
    cash = state.cash.copy()
    cash[meizu] = 2.0 * costs + 1.0
    rich = dataclasses.replace(state, cash=cash)
    assert (events.announce(rich, ruleset).event_turn[index] == -1).all()
    cash = cash.copy()
    cash[meizu] = 2.0 * costs - 1.0
    poor = dataclasses.replace(state, cash=cash)
    struck = events.announce(poor, ruleset).event_turn[index] == 5
    assert struck.mean() == pytest.approx(event.hazard, abs=0.07)
    early = dataclasses.replace(poor, turn=2)
    assert (events.announce(early, ruleset).event_turn[index] == -1).all()


@pytest.mark.parametrize("uid", CARDS)
def test_the_deciders_are_asked_and_nobody_else(uid: str) -> None:
    ruleset, _ = flagship()
    index, event = numbered(uid)
    asked = legality.open_cards(on_the_table(uid), ruleset)[index]
    for company in range(len(ruleset.companies)):
        assert (asked[company] == (company in event.deciders)).all()


@pytest.mark.parametrize("uid", CARDS)
def test_a_card_works_in_the_turn_and_the_choice_is_kept(uid: str) -> None:
    ruleset, _ = flagship()
    index, event = numbered(uid)
    last = len(event.options) - 1
    state = take_worlds(on_the_table(uid), np.arange(2))
    orders = no_orders(state, ruleset)
    orders.choice[index, list(event.deciders)] = last
    after, report = step(state, ruleset, orders)
    assert report.fired[index].all()
    assert (after.event_choice[index, list(event.deciders)] == last).all()


# ------------------------------------------------------------------------------- what it does


def places(effect: Effect, company: int) -> tuple[list[int], list[int]]:
    """Companies and markets that an effect is about."""
    ruleset, _ = flagship()
    who = [company] if effect.by_decider else list(effect.companies)
    where = [
        market
        for market in range(len(ruleset.markets))
        if (not effect.sectors or ruleset.market_sector[market] in effect.sectors)
        and (not effect.regions or ruleset.market_region[market] in effect.regions)
    ]
    return who or list(range(len(ruleset.companies))), where


PRODUCT = {
    EffectKind.BUMP: "bump",
    EffectKind.QUALITY: "quality",
    EffectKind.COVERAGE_ONLINE: "coverage",
    EffectKind.COVERAGE_OFFLINE: "coverage",
    EffectKind.GOODWILL: "goodwill",
    EffectKind.LEVY: "levy",
    EffectKind.COST: "cost_shock",
}


def moved(effect: Effect, company: int, before: State, after: State, cash: Array) -> Array:
    """What an effect did to each of the worlds, for the one company or pair that shows it."""
    who, where = places(effect, company)
    if effect.kind == EffectKind.CASH:
        return cash[who[0]]
    if effect.kind == EffectKind.ATTENTION:
        return (after.attention - before.attention.astype(int))[who[0]].astype(float)
    if effect.kind == EffectKind.AUTHORISATION:
        return (after.authorisation - before.authorisation)[who[0]]
    if effect.kind == EffectKind.TRUST:
        one, other = next((a, b) for a in who for b in effect.others if a != b)
        return (after.trust - before.trust)[one, other]
    field = PRODUCT[effect.kind]
    old, new = getattr(before, field), getattr(after, field)
    market = next(m for m in where if before.on_sale[who[0], m].all())
    if field == "coverage":
        channel = OFFLINE if effect.kind == EffectKind.COVERAGE_OFFLINE else ONLINE
        return new[who[0], market, channel] - old[who[0], market, channel]
    if field == "goodwill":
        return new[who[0], market] / old[who[0], market] - 1.0
    return np.asarray(new - old, float)[who[0], market]


def declared(effect: Effect, option: Option, company: int, before: State) -> float:
    """What the option says that it does there, when every chance comes true."""
    if effect.kind != EffectKind.CASH:
        return effect.amount
    who = company if effect.by_decider else effect.companies[0]
    total = 0.0
    for one in option.effects:
        aimed = company if one.by_decider else (one.companies or (-1,))[0]
        if one.kind == EffectKind.CASH and aimed == who:
            sold = float((before.price[who, :, 0] * before.units[who, :, 0]).sum())
            total += one.amount * (sold if one.relative else 1.0)
    return total


@pytest.mark.parametrize(("uid", "name"), list(options()))
def test_an_option_does_what_its_effects_declare(uid: str, name: str) -> None:
    _, event = numbered(uid)
    number, option = option_of(uid, name)
    before = on_the_table(uid)
    for company in event.deciders:
        after, cash = taken(uid, number, company)
        if not option.effects:
            assert not cash.any()
            assert after.bump is before.bump
            assert after.trust is before.trust
        for effect in option.effects:
            who, where = places(effect, company)
            if effect.kind in PRODUCT and not before.on_sale[np.ix_(who, where)].any():
                continue
            change = moved(effect, company, before, after, cash)
            aim = declared(effect, option, company, before)
            sure = effect.kind == EffectKind.CASH or effect.odds >= 1.0
            if effect.kind in (EffectKind.COVERAGE_OFFLINE, EffectKind.COVERAGE_ONLINE):
                assert (np.abs(change) <= abs(aim) + 1e-9).all()
                assert np.abs(change).max() > 0.0
                assert (np.sign(change) * np.sign(aim) >= 0.0).all()
            elif sure and all(one.odds >= 1.0 for one in option.effects):
                assert np.allclose(change, aim, atol=1e-5), (effect.kind, aim)
            else:
                came = ~np.isclose(change, 0.0, atol=1e-9)
                if effect.kind == EffectKind.CASH:
                    came = np.isclose(change, aim, atol=1e-6)
                odds = min(one.odds for one in option.effects if one.kind == effect.kind)
                assert came.mean() == pytest.approx(odds, abs=0.1), (effect.kind, odds)


@pytest.mark.parametrize(("uid", "name"), list(options()))
def test_no_option_takes_money_for_what_a_decider_has_no_use_of(uid: str, name: str) -> None:
    """A good that is aimed at the decider's products must find one of them on sale."""
    _, event = numbered(uid)
    _, option = option_of(uid, name)
    before = on_the_table(uid)
    paid = any(
        one.kind in (EffectKind.CASH, EffectKind.ATTENTION) and one.by_decider and one.amount < 0.0
        for one in option.effects
    )
    for company in event.deciders if paid else ():
        bought = [one for one in option.effects if one.kind in PRODUCT and one.amount > 0.0]
        bought = [one for one in bought if one.by_decider and one.kind not in BAD_IS_MORE]
        for effect in bought:
            _, where = places(effect, company)
            assert before.on_sale[company, where].any(), (uid, name, company)


def test_no_option_is_worse_in_every_effect_than_another_of_its_card() -> None:
    """Dead by its own declaration: another option does everything at least as well, to everybody.

    What is worth more than what is not asked here: only effects of the same kind and aim compare.
    """
    dead = []
    for uid in CARDS:
        _, event = numbered(uid)
        for one in event.options:
            for other in event.options:
                if one is not other and dominated(one, other):
                    dead.append((uid, one.uid, other.uid))
    assert not dead


BAD_IS_MORE = (EffectKind.LEVY, EffectKind.COST)


def ledger(option: Option) -> dict[tuple[object, ...], float]:
    """Expected amounts by kind and aim."""
    out: dict[tuple[object, ...], float] = {}
    for one in option.effects:
        sign = -1.0 if one.kind in BAD_IS_MORE else 1.0
        aim = (one.companies, one.others, one.sectors, one.regions, one.by_decider, one.relative)
        key = (one.kind, *aim)
        out[key] = out.get(key, 0.0) + sign * one.amount * one.odds
    return out


def dominated(one: Option, other: Option) -> bool:
    mine, theirs = ledger(one), ledger(other)
    keys = mine.keys() | theirs.keys()
    better = [theirs.get(key, 0.0) - mine.get(key, 0.0) for key in keys]
    return bool(better) and min(better) >= 0.0 and max(better) > 0.0


# ------------------------------------------------------------------------------- what it says

MONEY = re.compile(r"\$(\d+(?:\.\d+)?)(m|bn)")
CHINESE = re.compile(r"(\d+(?:\.\d+)?)(万|亿)美元")
UNITS = {"m": 1.0, "bn": 1000.0, "万": 0.01, "亿": 100.0}


def sums(option: Option) -> list[float]:
    kinds = (EffectKind.CASH, EffectKind.AUTHORISATION)
    return [abs(one.amount) for one in option.effects if one.kind in kinds and not one.relative]


@pytest.mark.parametrize(("uid", "name"), list(options()))
def test_the_words_of_an_option_name_its_money_in_both_languages(uid: str, name: str) -> None:
    _, option = option_of(uid, name)
    for lang, pattern in (("en", MONEY), ("zh", CHINESE)):
        told = [float(text) * UNITS[unit] for text, unit in pattern.findall(option.about[lang])]
        assert all(any(math.isclose(one, have) for have in sums(option)) for one in told)
        if sums(option):
            assert any(math.isclose(max(sums(option)), one) for one in told), option.about[lang]


WORDS = {
    "Half a": 0.5, "Two": 2.0, "Three": 3.0, "Four": 4.0, "Six": 6.0, "Eight": 8.0,
    "Twelve": 12.0, "Twenty": 20.0, "Twenty-five": 25.0,
}  # fmt: skip
PARTS = re.compile(rf"({'|'.join(sorted(WORDS, key=len, reverse=True))}) per cent", re.IGNORECASE)
PERCENT = re.compile(r"(\d+(?:\.\d+)?)%")


@pytest.mark.parametrize(("uid", "name"), list(options()))
def test_the_words_of_an_option_name_its_part_of_revenue(uid: str, name: str) -> None:
    _, option = option_of(uid, name)
    parts = [abs(one.amount) * 100 for one in option.effects if one.relative]
    english = [WORDS[text.capitalize()] for text in PARTS.findall(option.about["en"])]
    english += [float(text) for text in PERCENT.findall(option.about["en"])]
    chinese = [float(text) for text in PERCENT.findall(option.about["zh"])]
    assert sorted(english) == pytest.approx(sorted(parts))
    assert sorted(chinese) == pytest.approx(sorted(parts))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("uid", CARDS)
def test_the_window_lists_every_effect_with_its_figure_and_its_odds(uid: str, lang: str) -> None:
    index, event = numbered(uid)
    seat = event.deciders[0]
    game = Game.new(loaded(), seat, 7, lang=lang)
    state = on_the_table(uid)
    game.states[-1] = dataclasses.replace(
        game.state, turn=state.turn, event_turn=state.event_turn[:, :2].copy()
    )
    view = card_view(Sight(game), index)
    assert view.mine
    for option, shown in zip(event.options, view.options, strict=True):
        assert len(shown.effects) == max(len(option.effects), 1)
        for effect, line in zip(option.effects, shown.effects, strict=False):
            assert re.search(r"\d", line), line
            if effect.odds < 1.0:
                assert f"{effect.odds:.0%}" in line


# ------------------------------------------------------------------------------- who chooses


@pytest.mark.parametrize("uid", CARDS)
def test_machines_choose_by_value(uid: str) -> None:
    ruleset, _ = flagship()
    index, event = numbered(uid)
    seats = np.array(event.deciders)
    desk = Desk(observe(on_the_table(uid), ruleset, seats), ruleset, seats)
    chosen = choose_options(desk)[index]
    for row in range(len(seats)):
        worth = np.stack([effects_worth(desk, row, one.effects) for one in event.options])
        assert (chosen[row] >= 0).all()
        assert (worth[chosen[row], np.arange(WORLDS)] == worth.max(axis=0)).all()


@pytest.mark.parametrize(("uid", "name"), list(options()))
def test_an_option_made_better_is_taken(uid: str, name: str) -> None:
    """No option is dead by construction: money enough makes the machines take it."""
    ruleset, _ = flagship()
    index, event = numbered(uid)
    number, option = option_of(uid, name)
    gift = Effect(EffectKind.CASH, 1e6, by_decider=True)
    better = dataclasses.replace(option, effects=(*option.effects, gift))
    choices = tuple(better if at == number else one for at, one in enumerate(event.options))
    cards = list(ruleset.events)
    cards[index] = dataclasses.replace(event, options=choices)
    changed = dataclasses.replace(ruleset, events=tuple(cards))
    seats = np.array(event.deciders)
    desk = Desk(observe(on_the_table(uid), changed, seats), changed, seats)
    assert (choose_options(desk)[index] == number).all()
