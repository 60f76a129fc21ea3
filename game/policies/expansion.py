"""Entering and leaving markets by what they are expected to earn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from game.core.axes import OFFLINE, ONLINE, AnyArray, Array, Bools, any_over
from game.core.ruleset import PledgeEffect
from game.play.levers import ENTRANT_SHARE
from game.play.places import Shops
from game.policies.desk import Desk, Slip
from game.policies.frame import Listed

BUILT = 0.45
"""Coverage that an entrant has on average over its first years."""
QUARTERS_AHEAD = 16
"""Quarters for which an entrant counts profits at least, the game's end being no end of it."""
ENTRANT_FIXED = 0.02
LASTING_ABROAD = 0.25
"""Part of a newcomer's handicap abroad that is felt on average while it fades."""
MOST_UTILS = 30.0
MOST_SHARE = 0.3
MATURE_COVERAGE = 0.5
MATERIAL = 0.1
"""An entry must promise so much of a quarter's sales to be worth the attention."""
LEAST_KEEP = 0.4
"""Least spending that keeps a business, in normal spending."""
HOPELESS = 0.05
"""Gross profit that misses least keep and fixed cost by so much of all costs is hopeless."""


@dataclass(frozen=True)
class Prospects:
    """What entering would bring some seats."""

    profit: Array
    """[T, M] USD m a quarter once built; very negative where it cannot be done."""
    licence: Array
    """[T, M] USD m."""
    points: AnyArray
    """[T, M] attention."""


def prospects(desk: Desk, who: Listed) -> Prospects:
    """Expected profit, licence and attention of every market that is open to each seat.

    At an incumbent's own price an entrant sells the incumbent's units times the ratio of their
    appeals and reaches: under mixed logit that holds in every segment alike. The entrant takes
    the incumbent whose price would earn it most.
    """
    view, ruleset, rules = desk.view, desk.ruleset, desk.rules
    there = who.each(desk.on_sale) | view.entering[who.seat, :, who.lane]
    open_ = who.each(view.may_enter) & ~there
    knowledge = who.own(_knowledge(desk))[:, None]
    abroad = np.where(ruleset.home, 0.0, rules.abroad_discount)[who.seat]
    price, pull = (who.around(figure) for figure in _best_place(desk))
    appeal = np.exp(np.minimum(ruleset.appeal + np.log(_built_reach(desk)), MOST_UTILS))
    crowd = who.around(1.0 + view.entering.sum(axis=0))
    lacking = np.exp(-LASTING_ABROAD * abroad * (1.0 - knowledge))
    units = appeal[who.seat] * (pull / crowd) * lacking
    units = np.minimum(units, MOST_SHARE * who.around(view.market_size))
    revenue = price * units
    spent = ruleset.spend_share.sum(axis=1) * np.maximum(
        revenue, ENTRANT_SHARE * who.around(desk.market_sales)
    )
    fixed = ENTRANT_FIXED * ruleset.licence
    profit = np.maximum(price - _entrant_cost(desk)[who.row], 0.0) * units - spent - fixed
    licence = ruleset.licence * (1.0 - 0.5 * knowledge)
    points = np.where(_local_ally(desk, who), rules.cost_enter_ally, rules.cost_enter)
    return Prospects(np.where(open_, profit, -1e30), np.asarray(licence), points)


def _entrant_cost(desk: Desk) -> Array:
    """Unit cost of an entrant today: [A, M] USD."""
    ruleset = desk.ruleset
    return np.asarray(ruleset.cost_base[desk.seats] * np.exp(-ruleset.decline * desk.view.turn))


def _built_reach(desk: Desk) -> Array:
    """Reach of an entrant that has built for some years: [M]."""
    reach = desk.ruleset.channel_reach
    missed = (1.0 - BUILT * reach[:, ONLINE]) * (1.0 - BUILT * reach[:, OFFLINE])
    return np.asarray(np.maximum(1.0 - missed, 1e-6))


def _best_place(desk: Desk) -> tuple[Array, Array]:
    """The incumbent's price at which an entrant would earn most, and what it would sell there.

    Returns:
        (price [M, W] USD, pull [M, W] m units for an entrant whose appeal plus log reach is 0).
    """
    view, ruleset, shops = desk.view, desk.ruleset, Shops(desk.view.on_sale)
    market = shops.place % len(ruleset.markets)
    heads = ruleset.potential * np.exp(ruleset.potential_growth * view.turn)
    utility = shops.of(view.base)
    utility /= (heads * ruleset.network_ref)[market, None]
    np.log1p(utility, out=utility)
    utility *= ruleset.network_weight[market, None]
    better = shops.of(view.quality)
    better -= np.take(view.frontier, market, axis=0)
    better *= ruleset.quality_weight[market, None]
    utility += better
    utility += shops.of(ruleset.appeal)[:, None]
    np.maximum(utility, -MOST_UTILS, out=utility)
    np.minimum(utility, MOST_UTILS, out=utility)
    pull = np.zeros(view.price.shape)
    sells = np.exp(-utility, out=utility)
    sells *= shops.of(view.units)
    sells /= shops.of(view.reach)
    sells *= shops.of(view.on_sale)
    cost = ruleset.cost_base.mean(axis=0) * np.exp(-ruleset.decline * view.turn)
    earned = np.zeros(pull.shape)
    for table, figures in (
        (pull, sells),
        (earned, (shops.of(view.price) - cost[market, None]) * sells),
    ):
        table.reshape(-1, desk.worlds)[shops.place] = figures
    best = earned.argmax(axis=0)[None]
    price = np.take_along_axis(view.price, best, axis=0)[0]
    return price, np.take_along_axis(pull, best, axis=0)[0]


def _knowledge(desk: Desk) -> Array:
    """Best local knowledge lent to each seat: [A, W] 0..1."""
    best = np.zeros(desk.supported.shape[1:])
    running = desk.running
    kinds = [kind.effect == PledgeEffect.ENTRY for kind in desk.ruleset.pledges]
    known = np.flatnonzero(np.array(kinds, bool)[running.kind])
    place = (running.receiver[known], running.lane[known])
    np.maximum.at(best, place, running.announced[known])
    return np.asarray(desk.rows(best))


def _local_ally(desk: Desk, who: Listed) -> Bools:
    """Whether an ally that sells in the market's region supports the seat: [T, M]."""
    view, ruleset = desk.view, desk.ruleset
    support = who.of(desk.supported)
    out = np.zeros((len(who.row), len(ruleset.markets)), bool)
    for region in range(len(ruleset.regions)):
        here = np.flatnonzero(ruleset.market_region == region)
        local = any_over(view.on_sale[:, here], 1)
        out[:, here] = any_over(support & np.take(local, who.lane, axis=1), 0)[:, None]
    return out


def present_worth(desk: Desk, quarters: int) -> float:
    """Worth of a dollar a quarter for so many quarters, from after the entry."""
    rate = desk.rules.discount
    return float((1.0 - (1.0 + rate) ** -quarters) / rate)


def choose_entry(
    desk: Desk, ready: Bools, hurdle: Array | float, bonus: Array | None = None
) -> Bools:
    """The one market, if any, whose expected profit outweighs its licence most.

    A gain that is small beside the company's sales is not worth the attention. Takes points and
    money of the desk.

    Args:
        ready: [A, W] seats that think about entering this quarter.
        hurdle: [A, 1] factor that the present worth must reach over the licence.
        bonus: [A, M, W] USD m that goals add to the worth.

    Returns:
        [A, M, W].
    """
    rules = desk.rules
    chosen = np.zeros(desk.on_sale.shape, bool)
    least = min(rules.cost_enter, rules.cost_enter_ally)
    able = ready & (desk.money >= desk.safety) & (desk.points >= least)
    able &= any_over(desk.view.may_enter, 1)
    who = Listed.where(able, desk.seats)
    if not who.row.size:
        return chosen
    outlook = prospects(desk, who)
    ahead = max(desk.quarters_left - rules.entry_quarters, QUARTERS_AHEAD)
    worth = present_worth(desk, ahead) * outlook.profit
    if bonus is not None:
        worth += who.each(bonus)
    errors = desk.slips(Slip.MARKETS)
    if errors is not None:
        worth = worth * np.exp(who.each(errors))
    need = hurdle[who.row] if isinstance(hurdle, np.ndarray) else hurdle
    net = np.where(outlook.profit > -1e29, worth - need * outlook.licence, -1.0)
    best = net.argmax(axis=1)
    place = (np.arange(best.size), best)
    cost, points = np.zeros(able.shape), np.zeros(able.shape, np.int64)
    at = (who.row, who.lane)
    cost[at], points[at] = outlook.licence[place], outlook.points[place]
    wanted = np.zeros(able.shape, bool)
    wanted[at] = net[place] > MATERIAL * who.own(desk.sales)
    wanted &= (desk.money - cost >= desk.safety) & (desk.points >= points)
    wanted = desk.spend_points(desk.spend_money(wanted, cost), points)
    chosen[who.row, best, who.lane] = who.own(wanted)
    return chosen


def choose_exit(desk: Desk, ready: Bools) -> Bools:
    """The worst business, if it is built and does not even earn its least keep.

    Args:
        ready: [A, W] seats that think about leaving this quarter.

    Returns:
        [A, M, W].
    """
    shops, normal, fixed = desk.shops, desk.normal, desk.fixed[:, None]
    built = shops.own(desk.view.coverage).max(axis=1) > MATURE_COVERAGE
    short = LEAST_KEEP * normal
    short += fixed
    short -= desk.shop_margin * shops.seen(desk.view.units)
    short /= np.maximum(fixed + normal, 1e-6)
    hopeless = np.asarray(desk.sold & built & (short > HOPELESS))
    hopeless &= np.take(shops.sums(desk.sold.astype(np.int64)) > 1, shops.row, axis=0)
    hopeless &= np.take(ready, shops.row, axis=0)
    lost = shops.spread(np.where(hopeless, short, -1.0), -1.0)
    chosen = np.zeros(lost.shape, bool)
    if not hopeless.any():
        return chosen
    worst = lost.argmax(axis=1)[:, None]
    wanted = np.take_along_axis(lost, worst, axis=1)[:, 0] > HOPELESS
    wanted = desk.spend_points(wanted, desk.rules.cost_exit)
    np.put_along_axis(chosen, worst, wanted[:, None], axis=1)
    return chosen
