"""The first state of a scenario, one world wide, as far as nothing has to be fitted."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np

from game.core.axes import BRAND, OFFLINE, ONLINE, PRODUCT, REACH, Array, empty
from game.core.ruleset import Ruleset
from game.core.state import State
from game.economy.adoption import replacement_hazard
from game.play.levers import quarter_of_year
from game.play.platforms import start_acceptance, start_led
from game.play.supply import own_peak
from game.play.systems import start_systems
from game.scenario import schema
from game.scenario.build import Index, directed
from game.scenario.laws import law, market_parts
from game.scenario.market_schema import Product


@dataclasses.dataclass(frozen=True)
class Line:
    """One product of a company, with its place in the arrays."""

    company: int
    market: int
    product: Product

    @property
    def at(self) -> tuple[int, int]:
        """Its place in an [N, M] array."""
        return self.company, self.market


def lines_of(scenario: schema.Scenario, index: Index) -> Iterator[Line]:
    """Every product of every company."""
    for row, company in enumerate(scenario.companies):
        for name, product in company.products.items():
            yield Line(row, index.market[name], product)


def build_opening(scenario: schema.Scenario, index: Index, ruleset: Ruleset) -> State:
    """The first state. Stocks that the scenario leaves out are the steady state of its flows.

    Args:
        ruleset: with laws, ``spend_normal`` and ``cumulative_ref``.

    Returns:
        State with one world; ``fit`` is nan where it is drawn for each world.
    """
    state = empty(State, {**ruleset.sizes, "W": 1}, turn=0)
    for line in lines_of(scenario, index):
        _put_line(state, ruleset, line)
    state.cumulative[...] = np.where(state.on_sale, ruleset.cumulative_ref[..., None], 0.0)
    state.adopters[:, 0] = [market.adopters for market in scenario.markets.values()]
    for row, company in enumerate(scenario.companies):
        state.cash[row] = company.cash
        state.debt[row] = company.debt
    rest = np.maximum(state.adopters[:, 0] - state.base[..., 0].sum(axis=0), 0.0)
    in_use = np.minimum(fringe_base(scenario, ruleset), rest)
    found = start_systems(state.base[..., 0], in_use, ruleset)
    state.system_base[..., 0], state.apps[..., 0] = found
    state.acceptance[..., 0] = start_acceptance(state.base[..., 0], ruleset)
    state.led[..., 0] = start_led(state.base[..., 0], ruleset)
    _put_shares(state, scenario, index)
    _put_loans(state, scenario, index)
    _put_relations(state, scenario, index)
    _put_alliances(state, scenario, index, ruleset)
    return state


def _put_line(state: State, ruleset: Ruleset, line: Line) -> None:
    product = line.product
    state.on_sale[line.at] = True
    state.price[line.at] = product.price
    state.units[line.at] = product.units
    state.quality[line.at] = product.quality
    state.bump[line.at] = product.bump
    state.coverage[line.company, line.market, ONLINE] = product.coverage.online
    state.coverage[line.company, line.market, OFFLINE] = product.coverage.offline
    state.goodwill[line.at] = steady_goodwill(ruleset, line)
    state.base[line.at] = installed_base(ruleset, line)
    state.capacity[line.at] = capacity(ruleset, line)
    bought = ruleset.capacity_cost[line.market] * state.capacity[line.at]
    state.plant[line.company] += bought


def steady_goodwill(ruleset: Ruleset, line: Line) -> float:
    """Goodwill that the brand spending just keeps up, USD a head."""
    if line.product.goodwill is not None:
        return line.product.goodwill
    spent = ruleset.spend_normal[line.company, line.market, BRAND]
    decay = ruleset.goodwill_decay[line.market]
    return float(spent / ruleset.potential[line.market] / decay) if decay > 0.0 else 0.0


def installed_base(ruleset: Ruleset, line: Line) -> float:
    """Units in use that the sales just keep up; the users of a service. m units."""
    if line.product.installed_base is not None:
        return line.product.installed_base
    if not ruleset.durable[line.market]:
        return line.product.units
    season = ruleset.season[line.market, quarter_of_year(0, ruleset)]
    return float(line.product.units / season / replacement_hazard(ruleset.life_months[line.market]))


def capacity(ruleset: Ruleset, line: Line) -> float:
    """What can be made at the start, where the market limits it: m units a quarter."""
    market = line.market
    if not (ruleset.durable[market] and ruleset.capacity_lead[market] > 0.0):
        return 0.0
    if line.product.capacity is not None:
        return line.product.capacity
    season = ruleset.season[market]
    busiest = line.product.units / season[quarter_of_year(0, ruleset)] * season.max()
    busiest *= own_peak(ruleset, 0)[line.at]
    return float(busiest * (1.0 + ruleset.capacity_headroom[market]))


def fringe_base(scenario: schema.Scenario, ruleset: Ruleset) -> Array:
    """Devices of the small firms that their sales just keep up: [M] m units."""
    fringes = [law("fringe", market, sector) for _, market, sector in market_parts(scenario)]
    sold = np.array([fringe.units if fringe else 0.0 for fringe in fringes])
    season = ruleset.season[:, quarter_of_year(0, ruleset)]
    return np.asarray(sold / season / replacement_hazard(ruleset.life_months))


def cumulative_volume(ruleset: Ruleset, line: Line) -> float:
    """Units ever made, m."""
    return line.product.cumulative or installed_base(ruleset, line)


def normal_spend(ruleset: Ruleset, line: Line) -> Array:
    """Spending at normal dials: [L] USD m a quarter, season taken out of what follows revenue."""
    spend = line.product.spend
    if spend is None:
        season = ruleset.season[line.market, quarter_of_year(0, ruleset)]
        revenue = line.product.price * line.product.units / season
        return np.asarray(ruleset.spend_share[line.market] * revenue)
    levers = np.zeros(3)
    levers[[PRODUCT, REACH, BRAND]] = spend.product, spend.reach, spend.brand
    return levers


def _put_shares(state: State, scenario: schema.Scenario, index: Index) -> None:
    """Whole share counts: founders and holders by fraction, the public has the rest."""
    for row, company in enumerate(scenario.companies):
        state.founders[row] = round(company.founders * company.shares_outstanding)
        for name, holding in company.holdings.items():
            issuer = index.company[name]
            counted = scenario.companies[issuer].shares_outstanding
            state.shares[row, issuer] = round(holding.stake * counted)
            state.disclosed[row, issuer] = holding.disclosed
            state.board[row, issuer] = holding.board
            if holding.locked_until is not None:
                state.locked_until[row, issuer] = index.turn(holding.locked_until)
    total = np.array([company.shares_outstanding for company in scenario.companies])
    held = state.founders[:, 0] + state.shares[..., 0].sum(axis=0)
    state.public[:, 0] = np.maximum(total - held, 0)  # rounding may sell one share too many


def _put_loans(state: State, scenario: schema.Scenario, index: Index) -> None:
    for debtor, company in enumerate(scenario.companies):
        for name, loan in company.loans.items():
            at = debtor, index.company[name]
            state.loan_owed[at] = loan.amount
            state.loan_due[at] = max(index.turn(loan.due), 1)
            state.loan_rate[at] = loan.rate


def _put_relations(state: State, scenario: schema.Scenario, index: Index) -> None:
    state.fit[...] = np.nan
    for company in range(len(scenario.companies)):
        state.fit[company, company] = 1.0
    for one, other, relation in directed(scenario, index):
        if relation.trust is not None:
            state.trust[one, other] = relation.trust
        if relation.fit is not None:
            state.fit[one, other] = relation.fit


def _put_alliances(state: State, scenario: schema.Scenario, index: Index, ruleset: Ruleset) -> None:
    everywhere = (1 << len(scenario.regions)) - 1
    for alliance in scenario.alliances:
        at = (
            index.pledge[alliance.kind],
            index.company[alliance.giver],
            index.company[alliance.receiver],
        )
        state.pledge_announced[at] = alliance.strength
        state.pledge_effort[at] = alliance.effort
        state.pledge_until[at] = index.turn(alliance.until)
        state.pledge_since[at] = -ruleset.rules.ramp
        state.pledge_exclusive[at] = alliance.exclusive
        bits = sum(1 << index.region[name] for name in set(alliance.regions))
        state.pledge_regions[at] = bits or everywhere
