"""Entering and leaving markets by what they are expected to earn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from game.core.axes import OFFLINE, ONLINE, AnyArray, Array, Bools
from game.core.ruleset import PledgeEffect
from game.play.levers import ENTRANT_SHARE
from game.policies.desk import Desk

BUILT = 0.45
"""Coverage that an entrant has on average over its first years."""
YEARS_AHEAD = 16
"""Quarters for which an entrant counts profits at least, the game's end being no end of it."""
ENTRANT_FIXED = 0.02
MATURE_COVERAGE = 0.35
HOPELESS = 0.05
"""A loss above so much of the market's costs makes a business hopeless."""


@dataclass(frozen=True)
class Prospects:
    """What entering would bring."""

    profit: Array
    """[A, M, W] USD m a quarter once built; very negative where it cannot be done."""
    licence: Array
    """[A, M, W] USD m."""
    points: AnyArray
    """[A, M, W] attention."""

    @property
    def none(self) -> bool:
        """Whether no seat can enter anything."""
        return not bool((self.profit > -1e29).any())


def prospects(desk: Desk) -> Prospects:
    """Expected profit, licence and attention of every market that is open to each seat."""
    view, ruleset, seats = desk.view, desk.ruleset, desk.seats
    there = desk.on_sale | desk.rows(view.entering)
    open_ = ruleset.may_enter[seats][..., None] & ~there
    if not open_.any():
        shape = open_.shape
        return Prospects(np.full(shape, -1e30), np.zeros(shape), np.zeros(shape, np.int64))
    knowledge = _knowledge(desk)
    abroad = np.where(ruleset.home[seats], 0.0, desk.rules.abroad_discount)[..., None]
    units = _entrant_share(desk) * np.exp(-0.5 * abroad * (1.0 - knowledge[:, None]))
    units = units * view.market_size
    fixed = ENTRANT_FIXED * ruleset.licence[:, None]
    price, cost = _entrant_price(desk)
    revenue = price * units
    spent = ruleset.spend_share.sum(axis=1)[:, None] * np.maximum(
        revenue, ENTRANT_SHARE * desk.market_sales
    )
    profit = np.maximum(price - cost, 0.0) * units - spent - fixed
    licence = ruleset.licence[:, None] * (1.0 - 0.5 * knowledge[:, None])
    points = np.where(_local_ally(desk), desk.rules.cost_enter_ally, desk.rules.cost_enter)
    return Prospects(np.where(open_, profit, -1e30), np.asarray(licence), points)


def _entrant_price(desk: Desk) -> tuple[Array, Array]:
    """Likely price and unit cost of an entrant: [A, M, W] and [A, M, 1] USD."""
    ruleset = desk.ruleset
    cost = ruleset.cost_base[desk.seats] * np.exp(-ruleset.decline * desk.view.turn)
    units = desk.view.units.sum(axis=0)
    spent = desk.market_revenue_by_company.sum(axis=0)
    usual = np.divide(spent, units, out=np.zeros_like(spent), where=units > 1e-9)
    cost = cost[..., None]
    low, high = 1.1 * cost, 2.0 * cost
    price = np.where(usual > 0.0, np.clip(usual, low, high), 1.4 * cost)
    return np.asarray(price), np.asarray(cost)


def _entrant_share(desk: Desk) -> Array:
    """Share of buyers that a built entrant of normal quality would win: [A, M, W].

    A logit against the outside good, whose part is public, segments sharing it evenly.
    """
    view, ruleset = desk.view, desk.ruleset
    size = np.maximum(view.market_size, 1e-9)
    sold = view.units.sum(axis=0) + view.fringe_units
    outside = np.clip(1.0 - sold / size, 0.02, 1.0)
    price, _ = _entrant_price(desk)
    appeal = ruleset.appeal[desk.seats]
    reach = ruleset.channel_reach
    missed = (1.0 - BUILT * reach[:, ONLINE]) * (1.0 - BUILT * reach[:, OFFLINE])
    base = appeal + np.log(np.maximum(1.0 - missed, 1e-6))
    share = np.zeros_like(price)
    for segment in range(ruleset.alpha.shape[1]):
        utility = base[..., None] - ruleset.alpha[:, segment, None] * price
        pull = np.exp(np.minimum(utility, 30.0)) * outside
        share += ruleset.weight[:, segment, None] * pull / (1.0 + pull)
    return share


def _knowledge(desk: Desk) -> Array:
    """Best local knowledge lent to each seat: [A, W] 0..1."""
    best = np.zeros((len(desk.seats), desk.worlds))
    for index, kind in enumerate(desk.ruleset.pledges):
        if kind.effect == PledgeEffect.ENTRY:
            live = desk.view.pledge_announced[index] * (
                desk.view.pledge_until[index] > desk.view.turn
            )
            best = np.maximum(best, desk.rows(live.max(axis=0)))
    return best


def _local_ally(desk: Desk) -> Bools:
    """Whether an ally that sells in the market's region supports the seat: [A, M, W]."""
    view, ruleset = desk.view, desk.ruleset
    live = (view.pledge_announced > 0.0) & (view.pledge_until > view.turn)
    support = np.take(live.any(axis=0), desk.seats, axis=1)
    out = np.zeros(desk.on_sale.shape, bool)
    for region in range(len(ruleset.regions)):
        here = np.flatnonzero(ruleset.market_region == region)
        local = view.on_sale[:, here].any(axis=1)
        helped = np.asarray((support & np.asarray(local)[:, None]).any(axis=0))
        out[:, here] = helped[:, None]
    return out


def present_worth(desk: Desk, quarters: int) -> float:
    """Worth of a dollar a quarter for so many quarters, from after the entry."""
    rate = desk.rules.discount
    return float((1.0 - (1.0 + rate) ** -quarters) / rate)


def choose_entry(
    desk: Desk, outlook: Prospects, hurdle: Array | float, bonus: Array | float = 0.0
) -> Bools:
    """The one market, if any, whose expected profit outweighs its licence most.

    Takes points and money of the desk.

    Args:
        hurdle: [A, 1] factor that the present worth must reach over the licence.
        bonus: [A, M, W] USD m that goals add to the worth.

    Returns:
        [A, M, W].
    """
    chosen = np.zeros(outlook.profit.shape, bool)
    if outlook.none:
        return chosen
    ahead = max(desk.quarters_left - desk.rules.entry_quarters, YEARS_AHEAD)
    worth = present_worth(desk, ahead) * outlook.profit + bonus
    need = np.asarray(hurdle)[..., None] if isinstance(hurdle, np.ndarray) else hurdle
    net = np.where(outlook.profit > -1e29, worth - need * outlook.licence, -1.0)
    best = net.argmax(axis=1)
    place = best[:, None]
    cost = np.take_along_axis(outlook.licence, place, axis=1)[:, 0]
    points = np.take_along_axis(outlook.points, place, axis=1)[:, 0]
    wanted = (net.max(axis=1) > 0.0) & (desk.money - cost >= desk.safety)
    wanted &= desk.points >= points
    wanted = desk.spend_points(desk.spend_money(wanted, cost), points)
    np.put_along_axis(chosen, place, wanted[:, None], axis=1)
    return chosen


def choose_exit(desk: Desk, ready: Bools) -> Bools:
    """The worst business, if it is built, loses money and shows no promise.

    Args:
        ready: [A, W] seats that think about leaving this quarter.

    Returns:
        [A, M, W].
    """
    view = desk.view
    built = view.coverage.max(axis=2) > MATURE_COVERAGE
    burden = desk.normal.sum(axis=1) + desk.ruleset.fixed_cost[desk.seats][..., None]
    lost = np.where(desk.on_sale & built, -view.contribution / np.maximum(burden, 1e-6), -1.0)
    worst = lost.argmax(axis=1)
    several = desk.on_sale.sum(axis=1) > 1
    wanted = ready & several & (lost.max(axis=1) > HOPELESS)
    wanted = desk.spend_points(wanted, desk.rules.cost_exit)
    chosen = np.zeros(lost.shape, bool)
    np.put_along_axis(chosen, worst[:, None], wanted[:, None], axis=1)
    return chosen
