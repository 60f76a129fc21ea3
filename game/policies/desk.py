"""A strategist's desk: what its seats know about themselves, worked out once a quarter."""

from __future__ import annotations

from enum import IntEnum
from functools import cached_property

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints
from game.core.rng import Purpose, normals
from game.core.ruleset import Ruleset
from game.play.bounty import bounty_kinds, level_of, promised_bounties
from game.play.countdown import danger_of
from game.play.in_force import InForce, running_again
from game.play.levers import ENTRANT_SHARE, credit_line, quarter_of_year
from game.play.observation import Observation
from game.play.pledge_plan import traits
from game.play.pledge_rows import PledgeRows
from game.play.services import service_level, within_cap
from game.play.threat import raiders
from game.policies.frame import Shops, own_draws, own_figure, own_rows
from game.policies.levels import PLAIN, Level

DRAW_PARTS, DRAW_BITS = 4, 13
"""One uniform of 53 bits is cut into four draws: chance is a good part of a quarter's cost."""


class Draw(IntEnum):
    """Which of a seat's own draws decides what."""

    PROPOSE = 0
    SECOND = 1
    ENTER = 2
    EXIT = 3
    ATTACK = 4
    BREAK = 5


OPTIONS = 8
"""Options of a card, or projects, whose worth may be misjudged apart."""


class Slip(IntEnum):
    """What a seat may misjudge: where its own errors begin, by the sizes of the game."""

    LEVERS = 0
    PRICES = 1
    PARTNERS = 2
    MARKETS = 3
    CARDS = 4


class Desk:
    """One block of worlds as the viewing seats see it.

    Money is USD m; arrays of the seats start with axis A.
    """

    def __init__(
        self, view: Observation, ruleset: Ruleset, seats: Ints, level: Level = PLAIN
    ) -> None:
        self.view, self.ruleset, self.seats = view, ruleset, np.asarray(seats, np.int64)
        self.level = level
        self.offers: PledgeRows | None = None
        """What pledges between all pairs are worth, where that has been worked out."""
        self.rules = ruleset.rules
        self._everybody = np.array_equal(self.seats, np.arange(len(ruleset.companies)))
        self.points: AnyArray = view.attention.astype(np.int64) - self._upkeep()
        self.money: Array = np.maximum(self.cash, 0.0)

    def trait(self, name: str) -> Array:
        """A temperament of the seats, 0 to 1, neutral 0.5: [A, 1]."""
        return np.asarray(np.take(traits(self.ruleset, name), self.seats)[:, None])

    def rows(self, array: AnyArray) -> AnyArray:
        """The seats' rows of an array by company, to be read: [A, ...]."""
        return array if self._everybody else own_rows(array, self.seats)

    def spend_points(self, wanted: Bools, cost: int | AnyArray) -> Bools:
        """Wishes for which attention is left; it is taken. [A, W]."""
        able = wanted & (self.points >= cost)
        self.points = self.points - np.where(able, cost, 0)
        return np.asarray(able)

    def spend_money(self, wanted: Bools, cost: Array) -> Bools:
        """Wishes for which cash is left; it is set aside. [A, W]."""
        able = wanted & (self.money >= cost)
        self.money = self.money - np.where(able, cost, 0.0)
        return np.asarray(able)

    @cached_property
    def draws(self) -> Array:
        """Own chance of the quarter, by :class:`Draw`: [A, draws, W] in (0, 1)."""
        whole = own_draws(self.view, self.ruleset, self.seats, -(-len(Draw) // DRAW_PARTS))
        bits = (whole * 2.0 ** (DRAW_PARTS * DRAW_BITS)).astype(np.int64)
        mask = 2**DRAW_BITS - 1
        parts = [(bits >> (DRAW_BITS * place)) & mask for place in range(DRAW_PARTS)]
        return (np.concatenate(parts, axis=1) + 0.5) / 2.0**DRAW_BITS

    def slips(self, what: Slip) -> Array | None:
        """Errors of judgement of the quarter, log: [A, places, W]; None for a level without."""
        if self.level.slip <= 0.0:
            return None
        sizes = self.ruleset.sizes
        counts = (sizes["L"], sizes["C"], sizes["N"], sizes["M"], OPTIONS)
        first = sum(counts[: int(what)])
        return np.asarray(self._errors[:, first : first + counts[int(what)]])

    @cached_property
    def _errors(self) -> Array:
        sizes, view = self.ruleset.sizes, self.view
        count = sizes["L"] + sizes["C"] + sizes["N"] + sizes["M"] + OPTIONS
        uids = self.ruleset.company_uid[self.seats]
        drawn = normals(view.seed, view.world, view.turn, Purpose.SLIP, uids, count)
        return np.asarray(self.level.slip * drawn)

    @cached_property
    def worlds(self) -> int:
        """Length of axis W."""
        return int(self.view.world.shape[-1])

    @cached_property
    def danger(self) -> Array | None:
        """How near each company is to ending the game: [N, W] 0..1; None where nobody is."""
        return danger_of(self.view.path_run, self.rules)

    def threatened(self) -> Array | None:
        """How near the nearest of the others is to it: [A, W] 0..1; None where nobody is."""
        if self.danger is None:
            return None
        others = np.repeat(self.danger[None], len(self.seats), axis=0)
        others[np.arange(len(self.seats)), self.seats] = 0.0
        return np.asarray(others.max(axis=1))

    @cached_property
    def quarters_left(self) -> int:
        """Quarters still to be played, this one included."""
        return max(self.rules.quarters - self.view.turn, 1)

    @cached_property
    def running(self) -> InForce:
        """Pledges in force."""
        return running_again(self.view)

    @cached_property
    def raiders(self) -> Ints:
        """Company whose holding threatens the seat: [A, W], -1 nobody."""
        view = self.view
        return raiders(view.stake, view.trust, view.status, self.seats)

    @cached_property
    def supported(self) -> Bools:
        """Pairs with a pledge in force of the first to the second: [N, N, W]."""
        running = self.running
        out = np.zeros(running.shape[1:], bool)
        out[running.giver, running.receiver, running.lane] = True
        return out

    @cached_property
    def allied(self) -> Bools:
        """Pairs with a pledge in force either way: [N, N, W]."""
        return np.asarray(self.supported | np.swapaxes(self.supported, 0, 1))

    # ------------------------------------------------------------------ own books
    @cached_property
    def cash(self) -> Array:
        """[A, W] USD m."""
        return own_figure(self.view.cash_guess, self.seats)

    @cached_property
    def debt(self) -> Array:
        """[A, W] USD m."""
        return own_figure(self.view.debt_guess, self.seats)

    @cached_property
    def profit(self) -> Array:
        """Smoothed operating profit a quarter: [A, W] USD m."""
        return own_figure(self.view.profit_guess, self.seats)

    @cached_property
    def value(self) -> Array:
        """Fundamental value of all shares: [A, W] USD m."""
        return own_figure(self.view.value_guess, self.seats)

    @cached_property
    def places(self) -> list[tuple[int, int]]:
        """Sector and region of each market."""
        ruleset = self.ruleset
        return list(
            zip(ruleset.market_sector.tolist(), ruleset.market_region.tolist(), strict=True)
        )

    @cached_property
    def on_sale(self) -> Bools:
        """[A, M, W]."""
        return self.rows(self.view.on_sale)

    @cached_property
    def revenue(self) -> Array:
        """By market: [A, M, W] USD m a quarter."""
        return np.asarray(self.rows(self.market_revenue_by_company))

    @cached_property
    def market_revenue_by_company(self) -> Array:
        """[N, M, W] USD m a quarter."""
        return np.asarray(self.view.price * self.view.units)

    @cached_property
    def sales(self) -> Array:
        """Revenue of each seat: [A, W] USD m a quarter."""
        return np.asarray(self.revenue.sum(axis=1))

    @cached_property
    def market_sales(self) -> Array:
        """Revenue of each market, at least the start's: [M, W] USD m a quarter."""
        start = self.ruleset.market_revenue_start[:, None]
        return np.asarray(np.maximum(self.market_revenue_by_company.sum(axis=0), start))

    @cached_property
    def shops(self) -> Shops:
        """What is on sale in some world; axis S."""
        return Shops.where(self.view.on_sale, self.seats)

    @cached_property
    def sold(self) -> Bools:
        """Where the shops sell: [S, W]."""
        return self.shops.seen(self.view.on_sale)

    @cached_property
    def shop_margin(self) -> Array:
        """Price less cost plus what a buyer brings to own services: [S, W] USD a unit."""
        shops, view = self.shops, self.view
        level = service_level(self.ruleset, view.turn, view.price, view.units, view.base)
        bounty = self._bounty()
        if bounty is not None:
            level = level + bounty
        cost = shops.own(view.cost)
        gained = shops.seen(view.price)
        gained -= cost
        gained += within_cap(self.ruleset, shops.seen(level), cost)
        np.maximum(gained, 0.0, out=gained)
        gained *= self.sold
        return np.asarray(gained)

    def _bounty(self) -> Array | None:
        """What allies pay for a device by the pledges in force, kept in full: [N, M, W] USD."""
        view, ruleset, found = self.view, self.ruleset, []
        for index in bounty_kinds(ruleset):
            given = self.running.only(np.flatnonzero(self.running.kind == index))
            if given.place.size:
                found.append(promised_bounties(index, ruleset, given, view))
        return level_of(found, view.price.shape)

    @cached_property
    def shop_worth(self) -> Array:
        """What one util of appeal earns: [S, W] USD m a quarter a util."""
        return np.asarray(self.shop_margin * self.shops.seen(self.view.sensitivity))

    @cached_property
    def margin(self) -> Array:
        """The shops' margins by market: [A, M, W] USD a unit."""
        return self.shops.spread(self.shop_margin)

    @cached_property
    def util_worth(self) -> Array:
        """What one util of appeal earns by market: [A, M, W] USD m a quarter a util."""
        return self.shops.spread(self.shop_worth)

    @cached_property
    def _normal(self) -> tuple[Array, Array]:
        """What the delegates spend by: parts of revenue [L, S], and revenue [S, W]."""
        ruleset, shops = self.ruleset, self.shops
        start = shops.seen(ruleset.revenue_start)
        started = start > 0.0
        per_dollar = np.divide(
            shops.seen(ruleset.spend_normal).T,
            start,
            out=ruleset.spend_share[shops.market].T.copy(),
            where=started,
        )
        quarter = (quarter_of_year(self.view.turn, ruleset) - 1) % 4
        base = shops.own(self.revenue)
        base /= ruleset.season[shops.market, quarter, None]
        fresh = np.flatnonzero(~started)
        floor = ENTRANT_SHARE * np.take(self.market_sales, shops.market[fresh], axis=0)
        base[fresh] = np.maximum(base[fresh], floor)
        base *= self.sold
        return per_dollar, base

    @cached_property
    def normal(self) -> Array:
        """Spending of the delegates at notch 2, neutral mix, no focus: [S, W] USD m.

        As in ``game.play.levers.normal_spending``, for these seats alone, levers added up.
        """
        per_dollar, base = self._normal
        return np.asarray(base * per_dollar.sum(axis=0)[:, None])

    @cached_property
    def normal_by_lever(self) -> Array:
        """The same spending with markets added up: [L, A, W] USD m."""
        per_dollar, base = self._normal
        return self.shops.sums(per_dollar[..., None] * base)

    @cached_property
    def spent(self) -> Array:
        """The same spending of each seat: [A, W] USD m."""
        return self.shops.sums(self.normal)

    @cached_property
    def fixed(self) -> Array:
        """Fixed cost of the shops: [S] USD m a quarter."""
        return self.shops.seen(self.ruleset.fixed_cost)

    @cached_property
    def costs(self) -> Array:
        """Costs of a normal quarter beyond the goods themselves: [A, W] USD m."""
        overhead = self.ruleset.overhead[self.seats][:, None]
        return np.asarray(self.spent + self.shops.sums(self.fixed[:, None] * self.sold) + overhead)

    @cached_property
    def credit_left(self) -> Array:
        """What lenders would still give: [A, W] USD m, negative past the line."""
        other = np.maximum(self.ruleset.other_profit[self.seats], 0.0)[:, None]
        stakes = (self.view.held * self.view.value_guess).sum(axis=1)
        line = credit_line(self.rules, self.sales + other, self.value - stakes)
        return np.asarray(line - self.debt)

    @cached_property
    def allowance(self) -> Array:
        """A year's deal authorisation, at most half of the cash: [A, W] USD m."""
        yearly = self.ruleset.yearly_authorisation[self.seats][:, None]
        return np.asarray(np.minimum(yearly, 0.5 * np.maximum(self.cash, 0.0)))

    @cached_property
    def runway(self) -> Array:
        """Quarters that cash lasts at the present loss; 99 without a loss. [A, W]."""
        loss = np.maximum(-self.profit, 0.0)
        room = np.maximum(self.cash, 0.0)
        lasts = np.divide(room, loss, out=np.full_like(room, 99.0), where=loss > 1e-6)
        return np.minimum(lasts, 99.0)

    @cached_property
    def safety(self) -> Array:
        """Cash that is never spent on ventures: [A, W] USD m."""
        quarters = 2.0 - self.trait("risk")
        return np.asarray(quarters * self.costs + 2.0 * np.maximum(-self.profit, 0.0))

    def _upkeep(self) -> AnyArray:
        """Points that far-flung business takes: foreign regions past the free ones. [A, W]."""
        ruleset, seats = self.ruleset, self.seats
        shops, regions = self.shops, len(ruleset.regions)
        start = (ruleset.revenue_start[seats] > 0.0) & ~ruleset.home[seats]
        there = np.zeros((len(seats), regions, self.worlds), bool)
        given = np.zeros((len(seats), regions, 1), bool)
        row, market = np.nonzero(start)
        given[row, ruleset.market_region[market]] = True
        for shop in np.flatnonzero(~shops.seen(ruleset.home)).tolist():
            there[shops.row[shop], ruleset.market_region[shops.market[shop]]] |= self.sold[shop]
        now = there.sum(axis=1)
        return np.asarray(
            np.maximum(now - np.maximum(given.sum(axis=1), ruleset.rules.free_regions), 0)
        )
