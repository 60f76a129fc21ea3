"""The strategist's reasons: marginal returns, prospects, goals, money, cards, conduct."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from game.core.axes import BRAND, PRODUCT, REACH
from game.core.ruleset import Effect, EffectKind
from game.economy.research import research_return
from game.play.levers import normal_spending
from game.play.pledge_facts import facts_of_view
from game.play.pledge_value import PledgeValues, pledge_worth
from game.policies import capital, cards, conduct, dealing
from game.policies.desk import Desk, Draw
from game.policies.effects import effects_worth
from game.policies.expansion import choose_entry, choose_exit, prospects
from game.policies.frame import Listed
from game.policies.goals import goals_of, stances, unmet
from game.policies.marginal import best_spending, coverage_gain, horizon_part
from game.policies.spending import level_and_mix, spending_factors

LANTERN, KITE, HARBOUR = 0, 1, 2
PHONES, MOBILE = 0, 1


@pytest.fixture(scope="module")
def state(lesson):
    state, _ = lesson.play(lesson.start(6), "idle", 2)
    return state


@pytest.fixture
def desk(lesson, state) -> Desk:
    return Desk(lesson.view(state), lesson.ruleset, lesson.seats)


def with_books(lesson, state, **changes) -> Desk:
    """A desk whose seats have other books: name to {company: value}."""
    fields = {}
    for name, rows in changes.items():
        field = getattr(state, name).copy()
        for company, value in rows.items():
            field[company] = value
        fields[name] = field
    changed = dataclasses.replace(state, **fields)
    return Desk(lesson.view(changed), lesson.ruleset, lesson.seats)


def everybody(desk) -> Listed:
    return Listed.where(np.ones((len(desk.seats), desk.worlds), bool), desk.seats)


def expected(desk):
    """Profit expected from entering: [A, M, W]."""
    who = everybody(desk)
    profit = np.zeros(desk.on_sale.shape)
    profit[who.row, :, who.lane] = prospects(desk, who).profit
    return profit


def test_the_desk_knows_what_the_delegates_spend(lesson, state, desk):
    spent = normal_spending(state, lesson.ruleset)
    assert desk.shops.spread(desk.normal) == pytest.approx(spent.sum(axis=1))
    assert desk.normal_by_lever == pytest.approx(spent.sum(axis=2).swapaxes(0, 1))


def test_the_desk_knows_its_own_books(state, desk):
    assert np.array_equal(desk.cash, state.cash)
    assert np.array_equal(desk.debt, state.debt)
    assert np.array_equal(desk.profit, state.profit_trend)


def test_draws_are_even_and_apart(lesson):
    state = lesson.start(4000)
    draws = Desk(lesson.view(state), lesson.ruleset, lesson.seats).draws
    assert draws.shape[1] >= len(Draw)
    assert draws.min() > 0.0
    assert draws.max() < 1.0
    assert draws.mean(axis=-1) == pytest.approx(0.5, abs=0.03)
    flat = draws.reshape(-1, draws.shape[-1])
    apart = np.corrcoef(flat) - np.eye(len(flat))
    assert np.abs(apart).max() < 0.08


def test_attention_is_spent_once(desk):
    before = desk.points.copy()
    wish = np.ones(before.shape, bool)
    granted = desk.spend_points(wish, 3)
    assert np.array_equal(granted, before >= 3)
    assert np.array_equal(desk.points, before - 3 * granted)
    assert (desk.points >= 0).all()


def test_the_last_dollar_of_research_returns_a_dollar(lesson, desk):
    rules = lesson.ruleset.rules
    best = desk.shops.spread(best_spending(desk)[PRODUCT])
    kept = 1.0 / (rules.reversion + rules.discount)
    inside = best > 1e-6

    def earned(spent):
        gained = research_return(
            spent / desk.market_sales, rules.research_half, rules.research_ceiling
        )
        return desk.util_worth * lesson.ruleset.quality_weight[:, None] * kept * gained

    slope = (earned(best + 1e-4) - earned(best - 1e-4 * inside)) / (1e-4 * (1 + inside))
    assert slope[inside] == pytest.approx(1.0, rel=1e-3)
    assert (slope[~inside & desk.on_sale] <= 1.0 + 1e-3).all()


def test_coverage_gain_is_the_slope_of_log_reach(lesson, state, desk):
    from game.play.market import reach

    for channel in (0, 1):
        more = state.coverage.copy()
        more[:, :, channel] += 1e-6
        raised = dataclasses.replace(state, coverage=more)
        inside = (more[:, :, channel] < 1.0) & state.on_sale
        slope = np.log(reach(raised, lesson.ruleset) / reach(state, lesson.ruleset)) / 1e-6
        gain = np.stack([coverage_gain(desk, channel, row) for row in range(len(inside))])
        assert gain[inside] == pytest.approx(slope[inside], rel=1e-3)


def test_spending_rises_with_the_margin_and_stops_without_sales(lesson, state, desk):
    best = desk.shops.spread(best_spending(desk))
    assert (best >= 0.0).all()
    assert not best[:, KITE, MOBILE].any()
    cheaper = with_books(lesson, state, unit_cost={HARBOUR: 0.7 * state.unit_cost[HARBOUR]})
    more = cheaper.shops.spread(best_spending(cheaper))
    for lever in (PRODUCT, REACH, BRAND):
        assert (more[lever, HARBOUR] >= best[lever, HARBOUR]).all()


def test_the_horizon_shrinks_towards_the_end(lesson, state):
    view = lesson.view(state)
    last = lesson.ruleset.rules.quarters - 1
    parts = [
        horizon_part(Desk(dataclasses.replace(view, turn=turn), lesson.ruleset, lesson.seats))
        for turn in range(last - 4, last + 1)
    ]
    assert parts == sorted(parts, reverse=True)
    assert 0.0 <= parts[-1] < parts[0] <= 1.0
    less = best_spending(Desk(view, lesson.ruleset, lesson.seats), 0.3)
    assert (less <= best_spending(Desk(view, lesson.ruleset, lesson.seats))).all()


def test_notch_moves_one_step_and_the_mix_sums_to_one(desk):
    factors = spending_factors(desk, best_spending(desk))
    notch, mix = level_and_mix(desk, factors)
    assert (np.abs(notch - desk.view.notch) <= 1).all()
    assert mix.sum(axis=1) == pytest.approx(1.0)


def test_a_firm_out_of_money_turns_down_its_spending(lesson, state):
    broke = with_books(
        lesson, state, cash={KITE: 1.0}, profit_trend={KITE: -50.0}, debt={KITE: 5000.0}
    )
    notch, _ = level_and_mix(broke, np.full((3, 3, 6), 3.0))
    assert (notch[KITE] == 1).all()


def test_entering_is_expected_to_pay_in_a_market_with_margins(desk):
    profit = expected(desk)
    assert (profit[LANTERN, PHONES] > 0.0).all()
    assert (profit[LANTERN, MOBILE] < -1e29).all()  # sold already
    assert (profit[HARBOUR] < -1e29).all()


def test_entries_cost_points_and_money_and_need_both(lesson, state, desk):
    ready = np.ones((3, 6), bool)
    points, money = desk.points.copy(), desk.money.copy()
    chosen = choose_entry(desk, ready, 1.0)
    assert chosen.sum(axis=1).max() <= 1
    assert chosen[LANTERN, PHONES].all()
    assert (points - desk.points)[LANTERN] == pytest.approx(lesson.ruleset.rules.cost_enter)
    assert (money - desk.money)[LANTERN] == pytest.approx(lesson.ruleset.licence[PHONES])
    poor = with_books(lesson, state, cash={LANTERN: 30.0})
    assert not choose_entry(poor, ready, 1.0)[LANTERN].any()
    idle = with_books(lesson, state, attention={LANTERN: 1})
    assert not choose_entry(idle, ready, 1.0)[LANTERN].any()


def test_a_crowd_at_the_door_spoils_the_prospects(lesson, state):
    crowded = with_books(lesson, state, entry_due={KITE: 9})
    calm = with_books(lesson, state)
    one, other = expected(crowded), expected(calm)
    assert (one[LANTERN, PHONES] < other[LANTERN, PHONES]).all()


def test_only_built_loss_makers_are_left(lesson, state):
    ready = np.ones((3, 6), bool)
    dear = state.unit_cost[HARBOUR].copy()
    dear[MOBILE] = 50.0
    losing = with_books(lesson, state, unit_cost={HARBOUR: dear})
    assert choose_exit(losing, ready)[HARBOUR, MOBILE].all()
    assert not choose_exit(with_books(lesson, state), ready).any()
    young = state.coverage[HARBOUR].copy()
    young[MOBILE] = 0.1
    building = with_books(lesson, state, unit_cost={HARBOUR: dear}, coverage={HARBOUR: young})
    assert not choose_exit(building, ready)[HARBOUR].any()


def test_prices_are_cut_for_a_share_and_hardest_at_the_end(lesson, state):
    ruleset = lesson.ruleset
    goals = goals_of(ruleset, lesson.seats)
    view = lesson.view(state)
    now = stances(Desk(view, ruleset, lesson.seats), goals)
    assert (now[HARBOUR, PHONES] <= 0).all()
    last = dataclasses.replace(view, turn=ruleset.rules.quarters - 1)
    assert (stances(Desk(last, ruleset, lesson.seats), goals)[HARBOUR, PHONES] == -2).all()


def test_mandates_that_are_met_or_missed_ask_for_nothing(lesson, state):
    goals = goals_of(lesson.ruleset, lesson.seats)
    view = lesson.view(state)
    met = dataclasses.replace(view, mandate_best=np.ones_like(view.mandate_best))
    assert not unmet(Desk(met, lesson.ruleset, lesson.seats), goals).any()
    over = dataclasses.replace(view, turn=lesson.ruleset.rules.quarters)
    assert not unmet(Desk(over, lesson.ruleset, lesson.seats), goals).any()


def test_money_is_raised_when_it_runs_out_and_repaid_when_it_does_not(lesson, state):
    goals = goals_of(lesson.ruleset, lesson.seats)
    short = with_books(lesson, state, cash={HARBOUR: 5.0}, profit_trend={HARBOUR: -100.0})
    raised = capital.raise_or_return(short, goals)
    assert (raised.borrow[HARBOUR] > 0.0).all()
    assert (raised.borrow[HARBOUR] <= short.credit_left[HARBOUR]).all()
    assert not raised.dividend[HARBOUR].any()
    rich = with_books(lesson, state, cash={HARBOUR: 1e5}, debt={HARBOUR: 200.0})
    returned = capital.raise_or_return(rich, goals)
    assert returned.borrow[HARBOUR] == pytest.approx(-200.0)
    assert ((returned.dividend + returned.buy_back)[HARBOUR] > 0.0).all()


def test_shares_are_sold_when_credit_is_used_up(lesson, state):
    goals = goals_of(lesson.ruleset, lesson.seats)
    ruined = with_books(
        lesson,
        state,
        cash={HARBOUR: 5.0},
        profit_trend={HARBOUR: -100.0},
        debt={HARBOUR: 1e5},
        last_issue={HARBOUR: -9},
    )
    raised = capital.raise_or_return(ruined, goals)
    assert (raised.issue[HARBOUR] > 0.0).all()
    assert not raised.borrow[HARBOUR].clip(min=0.0).any()


@pytest.mark.parametrize(
    ("kind", "amount", "sign"),
    [
        (EffectKind.CASH, 10.0, 1),
        (EffectKind.CASH, -10.0, -1),
        (EffectKind.BUMP, 0.2, 1),
        (EffectKind.QUALITY, 0.2, 1),
        (EffectKind.GOODWILL, -0.1, -1),
        (EffectKind.DEMAND, 0.1, 1),
        (EffectKind.COST, 0.1, -1),
        (EffectKind.COVERAGE_OFFLINE, 0.1, 1),
        (EffectKind.TRUST, -0.2, -1),
        (EffectKind.ATTENTION, 1.0, 1),
        (EffectKind.CHANNEL_SHIFT, 0.1, 0),
        (EffectKind.AUTHORISATION, 100.0, 1),
    ],
)
def test_effects_are_worth_what_their_sign_says(desk, kind, amount, sign):
    worth = effects_worth(desk, HARBOUR, (Effect(kind, amount, by_decider=True),))
    assert (np.sign(worth) == sign).all()
    half = effects_worth(desk, HARBOUR, (Effect(kind, amount, by_decider=True, odds=0.5),))
    assert half == pytest.approx(0.5 * worth)


def test_the_bold_count_uncertain_gains_more_and_losses_less(desk):
    gain, loss = (
        effects_worth(desk, HARBOUR, (Effect(EffectKind.CASH, amount, by_decider=True, odds=0.5),))
        for amount in (10.0, -10.0)
    )
    bold = float(desk.trait("risk")[HARBOUR, 0]) - 0.5
    sure = effects_worth(desk, HARBOUR, (Effect(EffectKind.CASH, 5.0, by_decider=True),))
    assert gain == pytest.approx((1.0 + bold) * sure)
    assert loss == pytest.approx(-(1.0 - bold) * sure)


def test_money_is_dearer_to_those_who_are_short_of_it(lesson, state):
    view = lesson.view(state)
    pay = (Effect(EffectKind.CASH, -10.0, by_decider=True),)
    seats = np.arange(len(lesson.seats))
    cost = []
    for cash in (1e9, 0.0):
        guess = view.cash_guess.copy()
        guess[seats, seats] = cash
        desk = Desk(dataclasses.replace(view, cash_guess=guess), lesson.ruleset, lesson.seats)
        cost.append(effects_worth(desk, HARBOUR, pay))
    assert cost[0] == pytest.approx(-10.0)
    assert cost[1] == pytest.approx(-20.0)


def test_trust_is_worth_what_pledges_could_bring_the_pair(lesson, state):
    desk = Desk(lesson.view(state), lesson.ruleset, lesson.seats)
    desk.offers = rows_of(desk.view, lesson.ruleset)
    won = Effect(EffectKind.TRUST, 0.2, companies=(KITE,), others=(HARBOUR,))
    both = [effects_worth(desk, seat, (won,)) for seat in (KITE, HARBOUR)]
    assert both[0] == pytest.approx(both[1])
    assert (both[0] >= 0.0).all()
    assert (effects_worth(desk, LANTERN, (won,)) == 0.0).all()


def test_a_rivals_gain_is_a_small_loss(desk):
    gain = Effect(EffectKind.BUMP, 0.2, companies=(HARBOUR,), sectors=(PHONES,))
    assert (effects_worth(desk, HARBOUR, (gain,)) > 0.0).all()
    loss = effects_worth(desk, KITE, (gain,))
    assert (loss < 0.0).all()
    assert (-loss < effects_worth(desk, HARBOUR, (gain,))).all()


def test_the_dearest_option_is_taken_on_open_cards_alone(lesson, state):
    events = lesson.ruleset.events
    holiday = next(index for index, event in enumerate(events) if event.uid == "holiday")
    view = lesson.view(state)
    open_ = np.zeros_like(view.event_open)
    open_[holiday, ::2] = True
    chosen = cards.choose_options(
        Desk(dataclasses.replace(view, event_open=open_), lesson.ruleset, lesson.seats)
    )
    assert (chosen[holiday, LANTERN, ::2] >= 0).all()
    assert (chosen[holiday, LANTERN, 1::2] == -1).all()
    assert (chosen[:, [KITE, HARBOUR]] == -1).all()


def rows_of(view, ruleset):
    return PledgeValues(facts_of_view(view), ruleset).rows()


def test_partners_are_others_who_gain(lesson, desk):
    who = everybody(desk)
    goals = goals_of(lesson.ruleset, lesson.seats)
    wish = dealing.attraction(desk, goals, rows_of(desk.view, lesson.ruleset), who)
    assert np.isneginf(wish[who.seat, np.arange(len(who.seat))]).all()
    partners = dealing.choose_partners(desk, who, wish)
    for slot in (0, 1):
        assert (partners[slot] != who.seat).all()
    assert ((partners[0] != partners[1]) | (partners[0] < 0)).all()


def test_pledges_bring_nothing_to_their_giver_and_never_less_than_nothing(lesson, desk):
    found = dealing.pledge_gains(desk, rows_of(desk.view, lesson.ruleset))
    assert (found >= 0.0).all()
    assert found.any()
    assert not found[np.arange(3), np.arange(3)].any()


def test_who_gains_must_be_able_to_pay(lesson, state):
    poor = with_books(lesson, state, cash={LANTERN: 0.0, KITE: 0.0})
    who = everybody(poor)
    gain, nothing = np.full((3, 18), 1e4), np.zeros((3, 18))
    able = dealing.payable(poor, who, gain, nothing)
    assert not able[KITE, who.seat == LANTERN].any()  # the larger company pays in cash alone
    assert able[LANTERN, who.seat == KITE].all()  # the smaller one in its shares
    assert dealing.payable(poor, who, gain, gain).all()


def test_no_opening_where_a_contract_runs_or_is_taboo(lesson, state):
    ruleset = lesson.ruleset
    shop, preload = ruleset.kind("web_shop"), ruleset.kind("preload")
    start = lesson.start(2)
    desk = Desk(lesson.view(start), ruleset, lesson.seats)
    rows = rows_of(desk.view, ruleset)
    net = np.append(dealing.net_gains(desk, rows), np.zeros((1, desk.worlds)), axis=0)
    assert not net[rows.row[shop, LANTERN, HARBOUR]].any()  # in force when the game starts
    assert net[rows.row[shop, LANTERN, KITE]].all()
    assert not net[rows.row[preload, HARBOUR]].any()  # never granted


def test_gains_are_those_of_the_whole_table_where_a_promise_is_free(lesson, state):
    ruleset = lesson.ruleset
    for start in (lesson.start(2), state):
        desk = Desk(lesson.view(start), ruleset, lesson.seats)
        worth, cost = pledge_worth(desk.view, ruleset)
        rows = rows_of(desk.view, ruleset)
        net = dealing.net_gains(desk, rows)
        whole = np.maximum(worth - cost, 0.0)[rows.kind, rows.giver, rows.taker]
        assert ((net == 0.0) | (net == whole)).all()
        assert (net > 0.0).any()


def test_no_talks_with_those_who_do_not_listen(lesson, state):
    view = lesson.view(state)
    deaf = dataclasses.replace(view, patience=np.zeros_like(view.patience))
    desk = Desk(deaf, lesson.ruleset, lesson.seats)
    goals = goals_of(lesson.ruleset, lesson.seats)
    packages = dealing.table(desk, goals, rows_of(deaf, lesson.ruleset))
    assert (packages.proposer < 0).all()


def test_half_kept_promises_are_audited(lesson):
    start = lesson.start(4)
    view = lesson.view(start)
    report = view.report.copy()
    shop = lesson.ruleset.kind("web_shop")
    report[shop, LANTERN, HARBOUR, :2] = 0.3
    report[shop, LANTERN, HARBOUR, 2:] = 1.0
    desk = Desk(dataclasses.replace(view, report=report), lesson.ruleset, lesson.seats)
    row = np.arange(3)
    asked = conduct._audit(desk, desk.running, row)
    assert list(asked[HARBOUR]) == [LANTERN, LANTERN, -1, -1]
    assert (asked[[LANTERN, KITE]] == -1).all()


def test_listed_pledges_are_those_in_force(lesson):
    start = lesson.start(3)
    desk = Desk(lesson.view(start), lesson.ruleset, lesson.seats)
    found = desk.running
    assert list(found.kind) == [lesson.ruleset.kind("web_shop")] * 3
    assert list(found.giver) == [LANTERN] * 3
    assert list(found.receiver) == [HARBOUR] * 3
    assert sorted(found.lane) == [0, 1, 2]
    assert (found.left == 3).all()
