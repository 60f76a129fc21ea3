"""A market as a game of coalitions: each cause takes this quarter's value or last quarter's.

The payoff is the turn's own law (choice, prices, size, cost), a lane a coalition.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping

import numpy as np

from game.core.axes import OFFLINE, ONLINE, Array, Bools, Ints
from game.core.ruleset import Ruleset
from game.economy.capacity import ration
from game.economy.choice import Attached, LineChoice, attached
from game.economy.demand import utility_before_price
from game.economy.lines import Lines
from game.economy.macro import to_dollars
from game.economy.pricing import bertrand_prices
from game.play import market as buyers
from game.play.explain.causes import Cause, Key, Lanes, Measure
from game.play.explain.inputs import (
    COST,
    SIZE,
    UTILITY,
    MarketInputs,
    cost_of_unit,
    market_size,
)
from game.play.explain.lent import NOTHING
from game.play.services import within_cap

CHANNELS = ((ONLINE, Cause.ONLINE), (OFFLINE, Cause.OFFLINE))
OWN_TERMS = tuple(cause for cause in UTILITY.values() if cause != Cause.PLEDGE)
COSTS = tuple(cause for cause, _ in COST if cause != Cause.PLEDGE)
SIZES = tuple(cause for cause, _ in SIZE)
SIZED = (Measure.UNITS, Measure.PROFIT, Measure.REVENUE)
"""What grows with the market."""
OTHER = Key(Cause.OTHER)
ROUNDING = 1e-12
"""What no row explains is nothing up to it."""


class Switches:
    """Coalitions: which causes take this quarter's value, lane by lane.

    Args:
        on: [W] by cause; a cause that is no player did not change.
    """

    def __init__(self, on: Mapping[Key, Bools], lanes: int) -> None:
        self.on, self.lanes = on, lanes

    def pick(self, key: Key, old: Array | float, new: Array | float) -> Lanes:
        """One number a lane: this quarter's where the cause is in."""
        held = self.on.get(key)
        return np.full(self.lanes, new) if held is None else np.where(held, new, old)

    def rows(self, keys: list[Key]) -> Bools:
        """Causes stacked: [len(keys), W]."""
        whole = np.ones(self.lanes, bool)
        return np.stack([self.on.get(key, whole) for key in keys])


class MarketGame:
    """One market, one company, two quarters.

    Args:
        companies: [L] of the lines. company: the one explained; it is among them.
        before, after: inputs of both quarters, over the same lines.
        veil: causes of the company's own that are taken not to have moved, since they are unseen.
    """

    def __init__(
        self,
        ruleset: Ruleset,
        market: int,
        companies: Ints,
        company: int,
        before: MarketInputs,
        after: MarketInputs,
        veil: frozenset[Cause] = frozenset(),
    ) -> None:
        self.ruleset, self.market, self.companies = ruleset, market, companies
        self.row = int(np.flatnonzero(companies == company)[0])
        self.before, self.after = before.standing_in(after), after.standing_in(before)
        if veil:
            self.after = self.after.as_before(self.before, self.row, veil)
        self.short = before.short or after.short
        """Somebody ran out: shares then depend on how many want to buy."""
        self.lines = Lines(np.ones((len(companies), 1, 1), bool))
        here = slice(market, market + 1)
        self.segments = (ruleset.alpha[here], ruleset.weight[here])
        self.fringe = (ruleset.fringe_utility[here], ruleset.fringe_count[here])
        self.line_keys = [Key(Cause.RIVAL, int(other)) for other in companies]
        self.line_keys[self.row] = Key(Cause.PRESENCE)
        self.pledges = sorted(before.pledges.keys() | after.pledges.keys())
        self.bounties = sorted(before.bounties.keys() | after.bounties.keys())

    # ------------------------------------------------------------------ who can differ

    def keys(self, measure: Measure) -> list[Key]:
        """Causes that differ between the quarters and may move the measure."""
        priced = measure == Measure.PRICE
        found = set(self._own_keys(priced))
        found |= {
            key
            for row, key in enumerate(self.line_keys)
            if row != self.row and self._rival_moved(row, priced)
        }
        for name, cause in (("channel", Cause.SHIFT), ("previous", Cause.LOYALTY)):
            if self._moved(name):
                found.add(Key(cause))
        if measure in SIZED or (measure == Measure.SHARE and self.short):
            found |= self._size_keys()
        if measure == Measure.REVENUE and self.before.rate != self.after.rate:
            found.add(Key(Cause.FX))
        if measure in (Measure.PROFIT, Measure.PRICE):
            found |= self._cost_keys()
        return sorted(found)

    def _own_keys(self, priced: bool) -> list[Key]:
        before, after, row = self.before, self.after, self.row
        moved: dict[Cause, bool] = {
            Cause.PRESENCE: self._moved("on_sale", row),
            Cause.PRICE: not priced and self._moved("price", row),
            Cause.OTHER: self._moved("utility_rest", row, ROUNDING),
            Cause.CAPACITY: not priced and self._moved("capacity", row),
            Cause.SUBSIDY: self._moved("spared", row),
            Cause.STANCE: priced and self._moved("stance", row),
            Cause.BESIDE: priced and self._moved("service", row),
            Cause.STAKES: priced and self._moved("kappa", row),
            Cause.ADJUSTMENT: priced and (self._moved("start", row) or before.steps != after.steps),
        }
        for term in OWN_TERMS:
            moved[term] = bool(before.utility[term][row] != after.utility[term][row])
        for channel, own in CHANNELS:
            moved[own] = bool(before.coverage[row, channel] != after.coverage[row, channel])
        return (
            [Key(cause) for cause, is_so in moved.items() if is_so]
            + [key for key in self.pledges if self._pledge_moved(key)]
            + [
                key
                for key in self.bounties
                if priced
                and self.before.bounties.get(key, 0.0) != self.after.bounties.get(key, 0.0)
            ]
        )

    def _pledge_moved(self, key: Key) -> bool:
        old, new = (one.pledges.get(key, NOTHING) for one in (self.before, self.after))
        return any(
            np.any(getattr(old, name) != getattr(new, name))
            for name in ("appeal", "coverage", "cheaper")
        )

    def _rival_moved(self, row: int, priced: bool) -> bool:
        names = ["on_sale", "coverage", "lent", "spared"]
        names += (
            ["start", "stance", "service", "bounty", "kappa", "levy", "home"]
            if priced
            else ["price", "capacity"]
        )
        rests = ["utility_rest"] + ["cost_rest"] * priced
        if any(self._moved(name, row) for name in names):
            return True
        if any(self._moved(name, row, ROUNDING) for name in rests):
            return True
        before, after = self.before, self.after
        tables = [(before.utility, after.utility)]
        tables += [(before.cost, after.cost)] if priced else []
        return any(old[cause][row] != new[cause][row] for old, new in tables for cause in old)

    def _moved(self, name: str, row: int | None = None, least: float = 0.0) -> bool:
        old, new = np.asarray(getattr(self.before, name)), np.asarray(getattr(self.after, name))
        if old.dtype == bool:
            old, new = old.astype(float), new.astype(float)
        moved = np.abs(new - old) > least * np.maximum(np.abs(old), 1.0) if least else new != old
        return bool((moved if row is None else moved[row]).any())

    def _size_keys(self) -> set[Key]:
        before, after = self.before, self.after
        found = {Key(cause) for cause in SIZES if before.size[cause] != after.size[cause]}
        return found | ({OTHER} if self._moved("size_rest", least=ROUNDING) else set())

    def _cost_keys(self) -> set[Key]:
        before, after, row = self.before, self.after, self.row
        found = {Key(cause) for cause in COSTS if before.cost[cause][row] != after.cost[cause][row]}
        if self._moved("levy", row):
            found.add(Key(Cause.LEVY))
        if self._moved("home", row) or before.rate != after.rate:
            found.add(Key(Cause.FX))
        return found | ({OTHER} if self._moved("cost_rest", row, ROUNDING) else set())

    def lucky(self) -> MarketGame:
        """The same game with the luck of this quarter's research in it."""
        own = np.arange(len(self.companies)) == self.row
        quality = self.after.utility[Cause.QUALITY] + self.after.luck * own
        found = copy.copy(self)
        found.after = dataclasses.replace(
            self.after, utility={**self.after.utility, Cause.QUALITY: quality}
        )
        return found

    # ------------------------------------------------------------------ the payoff

    def payoff(self, measure: Measure, on: Switches) -> Lanes:
        """The measure in every coalition; profit is the margin on units alone. [W]."""
        if measure == Measure.PRICE:
            return self._priced(on)
        base = utility_before_price(self._mean(on), self._reach(on), self._sold(on))
        bound = self._bound(on)
        choice = LineChoice(self.lines, base, *self.segments, *self.fringe, self._spared(on), bound)
        price = self._lines(on, self.before.price, self.after.price, Key(Cause.PRICE))
        choice.evaluate(price)
        if measure == Measure.SHARE:
            units, fringe = self._served(choice, on) if self.short else self._wanted(choice)
            own, total = units[self.row], units.sum(axis=0) + fringe
            return np.asarray(np.divide(own, total, out=np.zeros_like(own), where=total > 0.0))
        units = self._served(choice, on)[0][self.row]
        if measure in (Measure.PROFIT, Measure.REVENUE):
            cost = self._own_cost(on) if measure == Measure.PROFIT else 0.0
            units = to_dollars(units * (price[self.row] - cost), self._rate(on))
        return np.asarray(units)

    @staticmethod
    def _wanted(choice: LineChoice) -> tuple[Array, Array]:
        """What buyers want of each line [L, W] and of the fringe [W], as parts of all buyers."""
        return choice.shares()[:, 0], choice.fringe()[0]

    def _served(self, choice: LineChoice, on: Switches) -> tuple[Array, Array]:
        """Units sold of each line [L, W] and of the fringe [W], cut to capacity: m."""
        units, fringe = self._wanted(choice)
        size = self._buyers(on)
        units, fringe = units * size, fringe * size
        room = self._lines(on, self.before.capacity, self.after.capacity, Key(Cause.CAPACITY))
        lanes = np.flatnonzero((units > room).any(axis=0))
        if lanes.size:
            here = np.take(size, lanes)
            wanted, small, none = choice.by_option(0, lanes)
            found = ration(wanted * here, small * here, none * here, np.take(room, lanes, axis=-1))
            units[:, lanes], fringe[lanes] = found.units, found.fringe
        return units, fringe

    def _lines(self, on: Switches, old: Array, new: Array, own: Key) -> Array:
        """Values of all lines [L, ..., W]: rivals by their switch, the own by its cause."""
        switched = on.rows([*self.line_keys[: self.row], own, *self.line_keys[self.row + 1 :]])
        switched = switched.reshape(len(old), *[1] * (old.ndim - 1), -1)
        return np.asarray(np.where(switched, new[..., None], old[..., None]))

    def _sold(self, on: Switches) -> Bools:
        sold = self._lines(on, self.before.on_sale, self.after.on_sale, Key(Cause.PRESENCE))
        return np.asarray(sold, bool)

    def _mean(self, on: Switches) -> Array:
        """Mean utility of all lines: [L, W]."""
        before, after, row = self.before, self.after, self.row
        mean = self._lines(on, before.mean, after.mean, OTHER)
        own = on.pick(OTHER, before.utility_rest[row], after.utility_rest[row])
        for cause in OWN_TERMS:
            own += on.pick(Key(cause), before.utility[cause][row], after.utility[cause][row])
        mean[row] = self._pledged(on, "appeal", own)
        return mean

    def _pledged(self, on: Switches, name: str, start: Array) -> Array:
        """Something plus what pledges bring to it: [..., W]."""
        for key in self.pledges:
            old = getattr(self.before.pledges.get(key, NOTHING), name)
            new = getattr(self.after.pledges.get(key, NOTHING), name)
            held = on.on.get(key)
            start += (
                new[..., None] if held is None else np.where(held, new[..., None], old[..., None])
            )
        return start

    def _reach(self, on: Switches) -> Array:
        """Part of buyers that all lines reach: [L, W]."""
        before, after, row = self.before, self.after, self.row
        met = self._lines(on, before.covered, after.covered, OTHER)
        for channel, cause in CHANNELS:
            met[row, channel] = on.pick(
                Key(cause), before.coverage[row, channel], after.coverage[row, channel]
            )
        self._pledged(on, "coverage", met[row])
        np.clip(met, 0.0, 1.0, out=met)
        shift = on.rows([Key(Cause.SHIFT)])
        met *= np.where(shift, after.channel[:, None], before.channel[:, None])
        return buyers.reached(met)

    def _buyers(self, on: Switches) -> Lanes:
        before, after = self.before, self.after
        size = {
            cause: on.pick(Key(cause), before.size[cause], after.size[cause]) for cause in SIZES
        }
        found = market_size(self.ruleset, self.market, size)
        return np.asarray(found + on.pick(OTHER, before.size_rest, after.size_rest))

    def _own_cost(self, on: Switches) -> Lanes:
        before, after, row = self.before, self.after, self.row
        factor = np.zeros(on.lanes)
        for cause in COSTS:
            factor += on.pick(Key(cause), before.cost[cause][row], after.cost[cause][row])
        factor = -self._pledged(on, "cheaper", -factor)
        cost = cost_of_unit(
            self.ruleset,
            self.market,
            int(self.companies[row]),
            factor,
            on.pick(Key(Cause.LEVY), before.levy[row], after.levy[row]),
            on.pick(Key(Cause.FX), before.home[row], after.home[row]),
            self._rate(on),
        )
        return np.asarray(cost + on.pick(OTHER, before.cost_rest[row], after.cost_rest[row]))

    def _rate(self, on: Switches) -> Lanes:
        return on.pick(Key(Cause.FX), self.before.rate, self.after.rate)

    def _previous(self, on: Switches) -> Array | None:
        """Previous brands of each segment's buyers, all lines together: [L, S, W]."""
        before, after = self.before.previous, self.after.previous
        if not (before.any() or after.any()):
            return None
        late = on.rows([Key(Cause.LOYALTY)])
        return np.asarray(np.where(late, after[..., None], before[..., None]))

    def _bound(self, on: Switches) -> Attached | None:
        previous = self._previous(on)
        if previous is None:
            return None
        return attached(self.lines, previous, self._loyalty(), self._sold(on))

    def _loyalty(self) -> Array:
        return np.asarray(self.ruleset.loyalty[self.market : self.market + 1])

    def _spared(self, on: Switches) -> Array | None:
        before, after = self.before, self.after
        if not (before.spared.any() or after.spared.any()):
            return None
        return self._lines(on, before.spared, after.spared, Key(Cause.SUBSIDY))

    # ------------------------------------------------------------------ prices

    def _priced(self, on: Switches) -> Lanes:
        """Own price as the turn searches for it, from last quarter's on. [W]."""
        steps = self.before.steps, self.after.steps
        late = on.rows([Key(Cause.ADJUSTMENT)])[0]
        found = self._searched(on, steps[1])
        if steps[0] != steps[1] and not late.all():
            found = np.where(late, found, self._searched(on, steps[0]))
        return found

    def _searched(self, on: Switches, steps: int) -> Lanes:
        before, after, rules = self.before, self.after, self.ruleset.rules
        cost = self._lines(on, before.unit_cost, after.unit_cost, OTHER)
        cost[self.row] = self._own_cost(on)
        worth = self._lines(on, before.service, after.service, Key(Cause.BESIDE))
        worth += self._bounties(on)
        service = within_cap(self.ruleset, worth, cost)
        result = bertrand_prices(
            self._mean(on),
            self._reach(on),
            cost[:, None],
            *self.segments,
            self._sold(on)[:, None],
            *self.fringe,
            kappa=self._kappa(on),
            stance=self._lines(on, before.stance, after.stance, Key(Cause.STANCE))[:, None],
            service_value=service[:, None],
            loyalty=self._loyalty(),
            previous=self._previous(on),
            start=self._lines(on, before.start, after.start, Key(Cause.ADJUSTMENT))[:, None],
            max_log_step=rules.price_step,
            floor_fraction=rules.price_floor,
            tolerance=0.0,  # as many steps as the turn took, whatever other markets needed
            iterations=steps,
            lines=Lines(np.ones((len(cost), 1, on.lanes), bool)),
            spared=self._spared(on),
        )
        return np.asarray(result.price[self.row, 0])

    def _bounties(self, on: Switches) -> Array:
        """What allies pay for a device of each line: [L, W] USD."""
        before, after = self.before, self.after
        paid = self._lines(on, before.bounty, after.bounty, OTHER)
        paid[self.row] = sum(
            (
                on.pick(key, before.bounties.get(key, 0.0), after.bounties.get(key, 0.0))
                for key in self.bounties
            ),
            np.zeros(on.lanes),
        )
        return paid

    def _kappa(self, on: Switches) -> Array | None:
        before, after = self.before, self.after
        if not (before.kappa.any() or after.kappa.any()):
            return None
        return self._lines(on, before.kappa, after.kappa, Key(Cause.STAKES))
