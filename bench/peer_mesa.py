"""The same quarter in the idiom of Mesa: ``python bench/peer_mesa.py [SCENARIO]``.

Mesa is the framework for agent-based models that one would pick in Python instead. Here companies
and markets are its agents, every product is an object, and sums are loops over neighbours, as its
tutorials have it; like there, a data collector keeps what our report keeps. One quarter is: what a
unit costs, rounds of price replies until nobody wants to move or the rounds are over, who buys what
and how that answers prices and appeal, and the books. What buyers meet besides the price, who is in
the market and who minds whose profit are facts for both. They are given the same state, a year into
the game, when prices move and some shelves are empty, and must agree to 1e-9; then both are timed
in one run on one core, and the ratio of quarters a second is printed for each number of worlds
that ours plays together, beside that of our whole phases, which work those facts out too. The peer
plays one world after another, for whose speed their number makes no difference.

Needs Mesa: pip install "minority-stake[peers]".
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import time
from collections.abc import Callable, Iterator

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np

try:
    import mesa
except ImportError:
    sys.exit('The peer needs Mesa: pip install "minority-stake[peers]"')

from game.core.ruleset import Ruleset
from game.core.state import State
from game.economy.capacity import ROUNDS
from game.economy.pricing import LEAST_BEND, MOST_BEND, RECOVERY, SHORTEST, TURNED
from game.lab.memory import recycle_memory
from game.play import macro, phases_market, phases_money, supply
from game.play.bounty import level_of
from game.play.market import LEAST_COST, unit_cost
from game.play.money import TREND
from game.play.opening import first_state
from game.play.orders import no_orders
from game.play.quarter import Quarter
from game.play.report import Line
from game.play.services import service_level, within_cap
from game.play.turn import PHASES, step
from game.resources import find_scenario
from game.scenario.loader import Scenario, load

SHARED = (
    phases_market.costs,
    phases_market.prices_bind,
    phases_market.demand_meets,
    phases_money.accounts_closed,
)
"""Phases that both play."""
AGREE = 1e-9
MOST_STEP = 0.2
YEAR = 4
AGREED, REPEATS, PEERS = 4, 40, 8
"""Worlds compared; rounds of timing; quarters of the peer in each."""
BLOCKS = (128, 512)
"""Worlds that ours plays together."""


class Product:
    """What a company sells in a market."""

    def __init__(self, owner: Company, place: Market, facts: dict[str, float]) -> None:
        self.owner, self.place = owner, place
        self.appeal = facts["appeal"] + math.log(facts["reach"])
        self.cumulative, self.cumulative_ref = facts["cumulative"], facts["cumulative_ref"]
        self.cost_base, self.cost_shock = facts["cost_base"], facts["cost_shock"]
        self.service_value, self.stance = facts["service_value"], facts["stance"]
        self.bounties: list[tuple[Company, float]] = []
        self.price, self.capacity = facts["price"], facts["capacity"]
        self.spend = (facts["product"], facts["shops"], facts["brand"])
        self.fixed_cost, self.levy, self.spared = (
            facts["fixed_cost"],
            facts["levy"],
            facts["spared"],
        )
        self.previous: list[float] = []
        self.cost = self.units = 0.0
        self.last_step, self.damping, self.wanted = 0.0, 1.0, 0.0
        self.chosen: list[float] = []
        self.again: list[float] = []

    def work_out_cost(self) -> None:
        """Learning by volume, cheaper parts, shocks."""
        here = self.place
        log = -here.decline * here.model.turn + self.cost_shock
        if self.cumulative > self.cumulative_ref:
            log -= here.learning * math.log(self.cumulative / self.cumulative_ref)
        cost = max(math.exp(log), here.cost_floor) * self.cost_base
        if here.durable:
            part = here.model.parts_in_dollars
            cost *= (part + (1.0 - part) * self.owner.home) / here.worth
        self.cost = max(cost + self.levy, LEAST_COST * cost) if self.levy else cost

    def share(self) -> float:
        """Of all buyers of the market."""
        return sum(w * p for w, p in zip(self.place.weight, self.chosen, strict=True))

    def answers(self) -> None:
        """How sales answer own appeal and own price, and the share of what is sold."""
        here, flat, steep = self.place, 0.0, 0.0
        for weight, alpha, chance, again in zip(
            here.weight, here.alpha, self.chosen, self.again, strict=True
        ):
            moved = weight * chance * (1.0 - again)
            flat += moved
            steep += moved * alpha
        self.sensitivity, self.slope = flat * here.buyers, steep * here.buyers
        self.elasticity = -self.slope * self.price / self.wanted_units if self.wanted_units else 0.0
        self.share_sold = self.units / here.sold
        self.revenue = self.price * self.units * here.worth
        self.cumulative += self.units

    def price_reply(self) -> float:
        """The step towards the best reply, by Newton's way in the own price."""
        here = self.place
        margin = self.price - self.cost + self.service_value
        share = slope = own = squares = cubes = steep = 0.0
        for weight, alpha, chance, again in zip(
            here.weight, here.alpha, self.chosen, self.again, strict=True
        ):
            part = weight * chance
            share += part
            slope += part * alpha
            own += part * alpha * again
            squares += part * alpha * again * alpha
            cubes += part * alpha * again * alpha * again
            steep += alpha * weight * alpha * chance
        share += self.minded(margin)
        target = (share * self.stance + own * margin) / slope
        bend = own - self.stance * (slope - own)
        bend += (steep - squares) * target - 2.0 * (squares - cubes) * margin
        bend = min(max(1.0 - bend / slope, LEAST_BEND), MOST_BEND)
        return (target - margin) / bend

    def minded(self, margin: float) -> float:
        """What a dearer price brings companies whose profit the owner minds."""
        gained = 0.0
        for rival, part in self.owner.minds.items():
            theirs = rival.products.get(self.place)
            if theirs is not None:
                worth = theirs.price - theirs.cost + theirs.service_value
                gained += part * worth * self.place.diverted(self, theirs)
        return gained

    def consider(self, first: bool) -> float:
        """How far the price wants to go; a step that turns back is shortened."""
        step = max(self.price_reply(), self.place.price_floor * self.cost - self.price)
        wish = abs(step) / self.price
        if not first:
            before = abs(self.last_step)
            if step * self.last_step < -TURNED * before * before:
                shorter = self.damping * before / max(before + abs(step), 1e-300)
                self.damping = max(shorter, SHORTEST)
            else:
                self.damping = min(self.damping * RECOVERY, 1.0)
        self.last_step = step
        step *= self.damping
        step = max(step, math.expm1(-MOST_STEP) * self.price)
        self.wanted = min(step, math.expm1(MOST_STEP) * self.price)
        return wish

    def move(self) -> None:
        """Set the price."""
        self.price = max(self.price + self.wanted, self.place.price_floor * self.cost)


class Market(mesa.Agent):
    """A place where buyers choose among products."""

    model: Economy

    def __init__(self, model: Economy, facts: dict[str, float], segments: list[dict]) -> None:
        super().__init__(model)
        self.products: list[Product] = []
        for name, value in facts.items():
            setattr(self, name, value)
        self.sold = 0.0
        self.alpha = [segment["alpha"] for segment in segments]
        self.weight = [segment["weight"] for segment in segments]
        self.fringe = [
            facts["fringe_count"] * math.exp(segment["fringe_utility"]) for segment in segments
        ]
        self.fringe_share = self.fringe_units = 0.0
        self.twice: list[float] = []
        self.small: list[float] = []
        self.nothing: list[float] = []

    def meet(self) -> None:
        """Buyers of every segment look at every product."""
        appeals = [product.appeal for product in self.products]
        for product in self.products:
            product.chosen, product.again = [], []
        self.fringe_share, self.twice, self.small, self.nothing = 0.0, [], [], []
        for number, (alpha, weight) in enumerate(zip(self.alpha, self.weight, strict=True)):
            utilities = [
                appeal - alpha * (product.price - product.spared)
                for appeal, product in zip(appeals, self.products, strict=True)
            ]
            top = max([*utilities, 0.0])
            worth = [math.exp(utility - top) for utility in utilities]
            quiet = math.exp(-top)
            total = sum(worth) + quiet * (1.0 + self.fringe[number])
            shares = [one / total for one in worth]
            free = self.stay(number, shares)
            self.small.append(quiet * self.fringe[number] / total * free)
            self.nothing.append(quiet / total * free)
            self.fringe_share += weight * self.small[-1]

    def stay(self, number: int, shares: list[float]) -> float:
        """Buyers leave their brand at a cost: what is chosen, and what others are scaled by."""
        if self.loyalty <= 0.0:
            for product, share in zip(self.products, shares, strict=True):
                product.chosen.append(share)
                product.again.append(share)
            self.twice.append(1.0)
            return 1.0
        pull = math.expm1(self.loyalty)
        brands = [product.previous[number] for product in self.products]
        spare = max(1.0 - sum(brands), 0.0)
        less = [1.0 / (1.0 + pull * share) for share in shares]
        free = spare + sum(b * d for b, d in zip(brands, less, strict=True))
        twice = spare + sum(b * d * d for b, d in zip(brands, less, strict=True))
        for product, share, b, d in zip(self.products, shares, brands, less, strict=True):
            stays = free + pull * b * d
            product.chosen.append(share * stays)
            product.again.append(share * (twice + b * d * d * pull * (pull + 2.0)) / stays)
        self.twice.append(twice)
        return free

    def diverted(self, one: Product, other: Product) -> float:
        """Share that a dearer price of one brings the other, a dollar."""
        gained = 0.0
        pull = math.expm1(self.loyalty) if self.loyalty > 0.0 else 0.0
        for number, (weight, alpha) in enumerate(zip(self.weight, self.alpha, strict=True)):
            both = one.chosen[number] * other.chosen[number]
            if pull:
                both *= self.together(number, one, other, pull)
            gained += weight * alpha * both
        return gained

    def together(self, number: int, one: Product, other: Product, pull: float) -> float:
        """How much likelier one buyer is to like both, over two strangers."""
        both, stays = self.twice[number], 1.0
        for product in (one, other):
            b = product.previous[number]
            share, d = self.alone(number, product, pull)
            both += b * d * d * pull
            stays *= product.chosen[number] / share
        return both / stays

    def alone(self, number: int, product: Product, pull: float) -> tuple[float, float]:
        """Share without loyalty, worked out again from the product's standing; and 1/D."""
        appeals = [p.appeal - self.alpha[number] * (p.price - p.spared) for p in self.products]
        top = max([*appeals, 0.0])
        total = sum(math.exp(u - top) for u in appeals)
        total += math.exp(-top) * (1.0 + self.fringe[number])
        share = math.exp(appeals[self.products.index(product)] - top) / total
        return share, 1.0 / (1.0 + pull * share)

    def sell(self) -> None:
        """Shares become units; who finds a shelf empty looks at another."""
        for product in self.products:
            product.units = product.wanted_units = product.share() * self.buyers
        self.fringe_units = self.fringe_share * self.buyers
        if any(product.units > product.capacity for product in self.products):
            self.ration()
        self.sold = self.fringe_units + sum(product.units for product in self.products)
        for product in self.products:
            product.answers()

    def ration(self) -> None:
        """Serve up to capacity; the rest spread by their own segment's choice, round by round."""
        sizes = [weight * self.buyers for weight in self.weight]
        segments = range(len(sizes))
        wanted = [[p.chosen[s] * sizes[s] for s in segments] for p in self.products]
        small = [self.small[s] * sizes[s] for s in segments]
        quiet = [small[s] + self.nothing[s] * sizes[s] for s in segments]
        sold, spill = [], [0.0 for _ in segments]
        for product, wishes in zip(self.products, wanted, strict=True):
            demand = sum(wishes)
            sold.append(min(demand, product.capacity))
            part = sold[-1] / demand if demand > 0.0 else 1.0
            spill = [spill[s] + wishes[s] * (1.0 - part) for s in segments]
        left = [0.0 for _ in segments]
        for _ in range(ROUNDS):
            if not any(spill):
                break
            ready = [k for k, p in enumerate(self.products) if p.capacity - sold[k] > 0.0]
            pull = [sum(wanted[k][s] for k in ready) + quiet[s] for s in segments]
            rate = [spill[s] / pull[s] if pull[s] > 0.0 else 0.0 for s in segments]
            left = [left[s] + rate[s] * quiet[s] for s in segments]
            spill = [0.0 for _ in segments]
            for k in ready:
                asks = [wanted[k][s] * rate[s] for s in segments]
                asked = sum(asks)
                given = min(asked, self.products[k].capacity - sold[k])
                sold[k] += given
                part = given / asked if asked > 0.0 else 1.0
                spill = [spill[s] + asks[s] * (1.0 - part) for s in segments]
        self.fringe_units = sum(
            small[s] + (small[s] / quiet[s] * (left[s] + spill[s]) if quiet[s] > 0.0 else 0.0)
            for s in segments
        )
        for product, units in zip(self.products, sold, strict=True):
            product.units = min(units, product.capacity)


class Company(mesa.Agent):
    """A company with its products and books."""

    model: Economy

    def __init__(self, model: Economy, facts: dict[str, float]) -> None:
        super().__init__(model)
        self.products: dict[Market, Product] = {}
        self.minds: dict[Company, float] = {}
        self.pays: list[tuple[Product, float]] = []
        self.cash, self.debt, self.tax_loss = facts["cash"], facts["debt"], facts["tax_loss"]
        self.overhead, self.other_profit = facts["overhead"], facts["other_profit"]
        self.pledges, self.giving = facts["pledges"], facts["giving"]
        self.booked, self.home, self.tax = facts["booked"], facts["home"], facts["tax"]
        self.accrued, self.wear = facts["accrued"], facts["wear"]
        self.books: dict[Line, float] = {}
        self.profit, self.trend = 0.0, facts["trend"]

    def work_out_costs(self) -> None:
        """What every product costs to make."""
        for product in self.products.values():
            product.work_out_cost()

    def consider_prices(self) -> None:
        """Weigh a step in every market."""
        model = self.model
        for product in self.products.values():
            model.restless = max(model.restless, product.consider(model.first_round))

    def set_prices(self) -> None:
        """All prices move at once."""
        for product in self.products.values():
            product.move()

    def close_books(self) -> None:
        """Revenue to net profit."""
        mine, model = self.products.values(), self.model
        books = {
            Line.REVENUE: sum(p.revenue for p in mine),
            Line.COST_OF_SALES: -sum(p.cost * p.units * p.place.worth for p in mine),
            Line.RESEARCH: -sum(p.spend[0] * p.place.worth for p in mine),
            Line.REACH: -sum(p.spend[1] * p.place.worth for p in mine),
            Line.BRAND: -sum(p.spend[2] * p.place.worth for p in mine),
            Line.FIXED: -sum(p.fixed_cost * p.place.worth for p in mine),
            Line.OVERHEAD: -self.overhead,
            Line.OTHER_PROFIT: self.other_profit,
            Line.PLEDGE_COST: self.pledges,
            Line.BOUNTY_INCOME: sum(p.units * rate for p in mine for _, rate in p.bounties),
            Line.BOUNTY_COST: -sum(p.units * rate for p, rate in self.pays),
            Line.INTEREST: model.deposit * max(self.cash, 0.0)
            - model.interest * self.debt
            + self.accrued,
        }
        before = sum(books.values()) + self.booked
        used = min(self.tax_loss, max(before, 0.0))
        books[Line.TAX] = -self.tax * (max(before, 0.0) - used)
        self.tax_loss += max(-before, 0.0) - used
        operating = self.other_profit - self.overhead - self.giving + books[Line.BOUNTY_INCOME]
        operating += self.wear
        for product in mine:
            product.contribution = (product.price - product.cost) * product.units
            product.contribution -= sum(product.spend) + product.fixed_cost
            product.contribution *= product.place.worth
            operating += product.contribution
        self.trend += TREND * (operating - self.trend)
        self.books, self.profit = books, before + books[Line.TAX]


class Economy(mesa.Model):
    """One world in one quarter, from the facts that ours starts the shared phases with."""

    def __init__(self, quarter: Quarter, lane: int) -> None:
        super().__init__(seed=1)
        state, ruleset = quarter.state, quarter.ruleset
        rules = ruleset.rules
        self.turn, self.rounds, self.first_round = state.turn, rules.price_iterations, True
        self.tolerance, self.restless = rules.price_tolerance, 0.0
        self.deposit, self.interest = rules.deposit, rules.interest
        self.parts_in_dollars = rules.parts_in_dollars
        lines, met = quarter.product_lines, quarter.offer
        mean, reach = lines.scatter(met.mean), lines.scatter(met.reach)
        previous = None if met.previous is None else lines.scatter(met.previous)
        places = [self._market(ruleset, state, met.buyers, place, lane)
                  for place in range(len(ruleset.markets))]  # fmt: skip
        firms = [self._company(quarter, number, lane) for number in range(len(ruleset.companies))]
        stance = quarter.pricing.stance
        fixed = quarter.product_lines.scatter(
            phases_money.fixed_costs(quarter, quarter.product_lines)
        )
        spared = macro.spared(state, lines, unit_cost(state, ruleset, quarter.effects.cost))
        spared = None if spared is None else lines.scatter(spared)
        limits = set(supply.limited(ruleset).tolist())
        for number, firm in enumerate(firms):
            for place, where in enumerate(places):
                if not state.on_sale[number, place, lane]:
                    continue
                at = (number, place, lane)
                facts = {
                    "appeal": mean[at], "reach": reach[at],
                    "cumulative": state.cumulative[at],
                    "cumulative_ref": ruleset.cumulative_ref[number, place],
                    "cost_base": ruleset.cost_base[number, place],
                    "cost_shock": state.cost_shock[at] - quarter.effects.cost[at],
                    "service_value": service_value(quarter)[at],
                    "stance": stance[at], "price": state.price[at],
                    "capacity": state.capacity[at] if place in limits else math.inf,
                    "product": quarter.spend[number, 0, place, lane],
                    "shops": quarter.spend[number, 1, place, lane],
                    "brand": quarter.spend[number, 2, place, lane],
                    "fixed_cost": fixed[at], "levy": state.levy[at],
                    "spared": 0.0 if spared is None else spared[at],
                }  # fmt: skip
                product = Product(
                    firm, where, {name: float(value) for name, value in facts.items()}
                )
                if previous is not None:
                    product.previous = previous[number, place, :, lane].tolist()
                firm.products[where] = product
                where.products.append(product)
        for paid in quarter.effects.bounties:
            for row in np.flatnonzero(paid.lane == lane).tolist():
                product = firms[paid.giver[row]].products.get(places[paid.market[row]])
                if product is not None:
                    payer, rate = firms[paid.receiver[row]], float(paid.rate[row])
                    product.bounties.append((payer, rate))
                    payer.pays.append((product, rate))
        weights = quarter.pricing.kappa
        if weights is not None:
            for holder, issuer in np.argwhere(weights[..., lane] > 0.0).tolist():
                if holder != issuer:
                    firms[holder].minds[firms[issuer]] = float(weights[holder, issuer, lane])
        self.firms, self.places = firms, places
        self.datacollector = mesa.DataCollector(
            agenttype_reporters={
                Company: {"profit": "profit", "trend": "trend"},
                Market: {"sold": "sold", "fringe": "fringe_units", "shares": shares_sold},
            }
        )

    def _market(
        self, ruleset: Ruleset, state: State, buyers: np.ndarray, place: int, lane: int
    ) -> Market:
        names = ("learning", "decline", "cost_floor", "fringe_count")
        facts = {name: float(getattr(ruleset, name)[place]) for name in names}
        facts["buyers"] = float(buyers[place, lane])
        facts["price_floor"] = ruleset.rules.price_floor
        loyal = getattr(ruleset, "loyalty", None)
        facts["durable"] = bool(ruleset.durable[place])
        facts["worth"] = math.exp(state.fx[ruleset.market_region[place], lane])
        facts["loyalty"] = 0.0 if loyal is None else float(loyal[place])
        segments = [
            {"alpha": float(alpha), "weight": float(weight), "fringe_utility": float(utility)}
            for alpha, weight, utility in zip(
                ruleset.alpha[place], ruleset.weight[place], ruleset.fringe_utility[place],
                strict=True,
            )
        ]  # fmt: skip
        return Market(self, facts, segments)

    def _company(self, quarter: Quarter, number: int, lane: int) -> Company:
        state, ruleset = quarter.state, quarter.ruleset
        income, cost = quarter.effects.preload_income, quarter.effects.giving_cost
        alive = float(quarter.alive[number, lane])
        home = np.exp(macro.home_rate(state, ruleset)[number, lane])
        loans = state.loan_owed * state.loan_rate
        rate = macro.tax_rate(state, ruleset)
        facts = {
            "cash": state.cash[number, lane], "debt": state.debt[number, lane],
            "tax_loss": state.tax_loss[number, :, lane].sum(),
            "overhead": ruleset.overhead[number] * home * alive,
            "other_profit": ruleset.other_profit[number] * home * alive, "home": home,
            "tax": rate[number, lane] if isinstance(rate, np.ndarray) else rate,
            "accrued": loans[:, number, lane].sum() - loans[number, :, lane].sum(),
            "wear": quarter.lines[Line.DEPRECIATION, number, lane],
            "pledges": income[number, lane] - cost[number, lane],
            "giving": cost[number, lane], "trend": state.profit_trend[number, lane],
            "booked": quarter.lines[: Line.TAX, number, lane].sum(),
        }  # fmt: skip
        return Company(self, {name: float(value) for name, value in facts.items()})

    def step(self) -> None:
        """The shared quarter."""
        companies, markets = self.agents_by_type[Company], self.agents_by_type[Market]
        companies.do("work_out_costs")
        for number in range(self.rounds):
            self.first_round = number == 0
            self.restless = 0.0
            markets.do("meet")
            companies.do("consider_prices")
            companies.do("set_prices")
            if self.restless < self.tolerance:
                break
        markets.do("meet")
        markets.do("sell")
        companies.do("close_books")
        self.datacollector.collect(self)


def shares_sold(market: Market) -> list[tuple[float, float]]:
    """Share and own elasticity of every product of a market, for the record."""
    return [(product.share_sold, product.elasticity) for product in market.products]


def service_value(quarter: Quarter) -> np.ndarray:
    """What a buyer is worth to the seller's other services: [N, M, W] USD."""
    state, ruleset = quarter.state, quarter.ruleset
    level = service_level(ruleset, state.turn, state.price, state.units, state.base)
    paid = level_of(quarter.effects.bounties, state.price.shape)
    level = level if paid is None else level + paid
    cost = unit_cost(state, ruleset, quarter.effects.cost)
    return np.broadcast_to(within_cap(ruleset, level, cost), state.price.shape)


def before_shared(ruleset: Ruleset, state: State) -> Quarter:
    """A quarter of idle seats, played up to the shared phases, with the facts that both are given:
    what buyers meet, and who minds whose profit."""
    quarter = Quarter(state, ruleset, no_orders(state, ruleset))
    for phase in PHASES:
        if phase in SHARED:
            break
        phase(quarter)
    phases_market.offers_made(quarter)
    return quarter


def play_shared(quarter: Quarter) -> None:
    """The shared phases in our engine."""
    for phase in SHARED:
        phase(quarter)


def play_whole(quarter: Quarter) -> None:
    """The same, and the facts worked out too."""
    phases_market.offers_made(quarter)
    play_shared(quarter)


def differences(quarter: Quarter, peer: Economy, lane: int) -> Iterator[tuple[str, float]]:
    """Largest relative difference of each figure."""
    state = quarter.state
    firms, places = peer.firms, peer.places
    at = [
        (number, place, firm.products[where])
        for number, firm in enumerate(firms)
        for place, where in enumerate(places)
        if where in firm.products
    ]
    fields = {
        "price": state.price, "units": state.units, "cost": quarter.cost,
        "sensitivity": state.sensitivity, "slope": state.slope, "revenue": state.revenue,
        "contribution": state.contribution, "cumulative": state.cumulative,
    }  # fmt: skip
    for name, field in fields.items():
        yield name, max(_off(field[n, m, lane], getattr(p, name)) for n, m, p in at)
    fringe = state.fringe_units[:, lane]
    yield "fringe", max(_off(fringe[m], p.fringe_units) for m, p in enumerate(places))
    yield (
        "trend",
        max(_off(state.profit_trend[n, lane], firm.trend) for n, firm in enumerate(firms)),
    )
    yield "profit", max(_off(state.profit[n, lane], firm.profit) for n, firm in enumerate(firms))


def _off(ours: float, theirs: float) -> float:
    return abs(ours - theirs) / max(abs(ours), 1e-3)


def seconds_of(work: Callable[[], object]) -> float:
    """How long some work keeps the processor busy."""
    began = time.process_time()
    work()
    return time.process_time() - began


def timed(ruleset: Ruleset, states: dict[int, State]) -> dict[str, float]:
    """Seconds of a quarter of one world, the least disturbed: of the peer, ours and ours whole.

    All are taken turn by turn, so that a busy machine slows them alike.

    Returns:
        By ``"peer"``, ``"128"`` and ``"128 whole"`` for 128 worlds, and so on.
    """
    spent: dict[str, list[float]] = {}
    first = next(iter(states.values()))
    facts, lanes = before_shared(ruleset, first), first.cash.shape[-1]
    for number in range(REPEATS):
        for lane in range(number * PEERS, (number + 1) * PEERS):
            peer = Economy(facts, lane % lanes)
            spent.setdefault("peer", []).append(seconds_of(peer.step))
        for worlds, state in states.items():
            for name, play in ((f"{worlds}", play_shared), (f"{worlds} whole", play_whole)):
                quarter = before_shared(ruleset, state)
                took = seconds_of(lambda play=play, quarter=quarter: play(quarter))
                spent.setdefault(name, []).append(took / worlds)
    return {name: min(times) for name, times in spent.items()}


def played(found: Scenario, worlds: int, quarters: int) -> State:
    """A block of worlds after some quarters of idle seats."""
    ruleset, seeds = found.ruleset, np.full(worlds, 2015, "u8")
    state = first_state(ruleset, found.opening, seeds, np.arange(worlds, dtype="u8"))
    for _ in range(quarters):
        state, _report = step(state, ruleset, no_orders(state, ruleset))
    return state


def main() -> int:
    """Compare, then time both."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("scenario", nargs="?", default="alibaba-meizu")
    parser.add_argument(
        "--worlds", type=int, nargs="+", default=BLOCKS, help="that ours plays together"
    )
    parser.add_argument("--quarters", type=int, default=YEAR, help="played before the one compared")
    asked = parser.parse_args()
    recycle_memory()
    found = load(find_scenario(asked.scenario))
    ruleset = found.ruleset
    states = {worlds: played(found, worlds, asked.quarters) for worlds in asked.worlds}
    state = next(iter(states.values()))
    worst: dict[str, float] = {}
    for lane in range(min(AGREED, state.cash.shape[-1])):
        quarter = before_shared(ruleset, state)
        peer = Economy(quarter, lane)
        play_shared(quarter)
        peer.step()
        for name, off in differences(quarter, peer, lane):
            worst[name] = max(worst.get(name, 0.0), off)
    print("largest relative difference: " + ", ".join(f"{k} {v:.1e}" for k, v in worst.items()))
    if max(worst.values()) > AGREE:
        print(f"They do not agree to {AGREE:g}: nothing is timed.")
        return 1
    seconds = timed(ruleset, states)
    peer = seconds["peer"]
    print(f"Mesa {mesa.__version__}, world by world: {1.0 / peer:12,.0f} quarters a second")
    for worlds in asked.worlds:
        ours, whole = seconds[f"{worlds}"], seconds[f"{worlds} whole"]
        print(
            f"ours, {worlds} worlds together: {1.0 / ours:12,.0f} quarters a second, ratio: "
            f"{peer / ours:.0f} (our whole phases, facts included: {peer / whole:.0f})"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
