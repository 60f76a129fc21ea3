"""What is known of the two companies of each cell, looked up once for all its packages."""

from __future__ import annotations

from functools import cached_property
from typing import Protocol

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints
from game.core.ruleset import Ruleset
from game.finance.valuation import annuity
from game.play.cells import Cells, DealFacts

_TINY = 1e-12


def capital_factor(term: AnyArray, running: Bools | bool, ruleset: Ruleset) -> Array:
    """Present value of a dollar a quarter over a pledge's term, after tax and ramp.

    Args:
        term: quarters. running: renewals need no ramp.

    Returns:
        Quarters, in the shape of the arguments.
    """
    rules = ruleset.rules
    worth = annuity(rules.discount, term)
    for quarter in range(1, max(rules.ramp, 1)):
        lost = (1.0 - quarter / rules.ramp) * (1.0 + rules.discount) ** -quarter
        worth = worth - np.where(running, 0.0, lost) * (np.asarray(term) >= quarter)
    return np.asarray(worth * (1.0 - rules.tax))


class Quotes(Protocol):
    """Where the worth and cost of pledges come from."""

    def sides(self, cells: Cells) -> tuple[Array, Array]:
        """(worth, cost) of what each side may give the other, [X, K, L] USD m a quarter."""


class TableQuotes:
    """Worth and cost of all pledges in tables [K, N, N, W], giver by receiver."""

    def __init__(self, worth: Array, cost: Array) -> None:
        self.worth, self.cost = worth, cost

    def sides(self, cells: Cells) -> tuple[Array, Array]:
        """See :class:`Quotes`."""
        count, worlds = self.worth.shape[-2:]
        place = (cells.who * count + cells.who[::-1]) * worlds + cells.lane
        kinds = (
            np.take(table.reshape(table.shape[0], -1), place, axis=1)
            for table in (self.worth, self.cost)
        )
        worth, cost = (np.swapaxes(found, 0, 1) for found in kinds)
        return worth, cost


class Pairing:
    """Figures of the pairs of cells; clauses do not matter, so variants of a package share it.

    Axis X: the side that a figure is of, for pledges the side that gives.
    """

    def __init__(self, cells: Cells, facts: DealFacts, ruleset: Ruleset, quotes: Quotes) -> None:
        self.cells, self.facts, self.ruleset, self.quotes = cells, facts, ruleset, quotes
        one, other = cells.who
        self.sides = ((one, other), (other, one))

    def _seen(self, field: Array) -> Array:
        return np.stack([self.facts.seen(field, who, self.cells) for who in self.cells.who])

    def _of(self, field: AnyArray) -> AnyArray:
        return np.stack([self.facts.of(field, who, self.cells) for who in self.cells.who])

    def _kinds(self, field: AnyArray) -> AnyArray:
        return np.stack([self.facts.kinds(field, *side, self.cells) for side in self.sides])

    @cached_property
    def equity(self) -> Array:
        """[X, L] USD m."""
        return self._seen(self.facts.equity)

    @cached_property
    def contribution(self) -> Array:
        """[X, L] USD m a quarter."""
        return self._seen(self.facts.contribution)

    @cached_property
    def spendable(self) -> Array:
        """[X, L] USD m, cash and what helps in a squeeze."""
        return self._seen(self.facts.money) + self._seen(self.facts.cushion)

    @cached_property
    def purse(self) -> Array:
        """[X, L] USD m that the side can pay on balance: cash and yearly authorisation."""
        allowed = self._seen(self.facts.authorisation)
        return np.maximum(np.minimum(self._seen(self.facts.money), allowed), 0.0)

    @cached_property
    def costs(self) -> Array:
        """[X, L] USD m a quarter."""
        return np.asarray(self._of(self.facts.costs))

    @cached_property
    def count(self) -> Array:
        """[X, L] shares."""
        return np.asarray(self._of(self.facts.total), float)

    @cached_property
    def founders(self) -> Array:
        """[X, L] shares."""
        return np.asarray(self._of(self.facts.founders), float)

    @cached_property
    def held(self) -> Array:
        """[X, L] stake of the side in the other."""
        return np.stack([self.facts.stake_of(a, b, self.cells) for a, b in self.sides])

    @cached_property
    def trust(self) -> Array:
        """[X, L] of the side in the other."""
        return np.stack(
            [self.facts.pair(self.facts.trust, a, b, self.cells) for a, b in self.sides]
        )

    @cached_property
    def noise(self) -> Array:
        """[X, L] log; error of the side's estimate of the other."""
        facts, cells = self.facts, self.cells
        rows = []
        for me, other in self.sides:
            noise = np.take(facts.noise, other)
            if facts.known is not None:
                noise = noise * (1.0 - facts.pair(facts.known, me, other, cells))
            rows.append(np.where(facts.pair(facts.board, me, other, cells), 0.0, noise))
        return np.stack(rows)

    @cached_property
    def reluctance(self) -> Array:
        """[X, L] 0..1 rivalry that the side feels."""
        table = self.ruleset.rivalry
        return np.stack([np.take(table.reshape(-1), a * len(table) + b) for a, b in self.sides])

    @cached_property
    def overlap(self) -> Array:
        """[X, L] 0..1 part of what the other side wins that it takes from this side: this side's
        share of units, averaged over the markets by the other's revenue."""
        facts, cells = self.facts, self.cells
        markets, worlds = facts.units.shape[1:]
        step = np.arange(markets)[:, None] * worlds + cells.lane
        everybody = np.take((facts.units.sum(axis=0) + facts.fringe_units).reshape(-1), step)
        units = [
            np.take(facts.units.reshape(-1), who * (markets * worlds) + step) for who in cells.who
        ]
        price = [
            np.take(facts.price.reshape(-1), who * (markets * worlds) + step) for who in cells.who
        ]
        rows = []
        for me, other in ((0, 1), (1, 0)):
            revenue = units[other] * price[other]
            share = units[me] / np.maximum(everybody, _TINY)
            rows.append((share * revenue).sum(axis=0) / np.maximum(revenue.sum(axis=0), _TINY))
        return np.stack(rows)

    @cached_property
    def factors(self) -> tuple[Array, Array]:
        """Present value of a dollar a quarter, in quarters by term: of new pledges, of renewals."""
        rules = self.ruleset.rules
        quarters = np.arange(rules.quarters + max(rules.terms) + 2)
        return (
            capital_factor(quarters, False, self.ruleset),
            capital_factor(quarters, True, self.ruleset),
        )

    @cached_property
    def quoted(self) -> tuple[Array, Array]:
        """(worth, cost) of the pledges that each side may give, [X, K, L] each."""
        return self.quotes.sides(self.cells)

    @property
    def worth(self) -> Array:
        """[X, K, L] USD m a quarter that a full pledge by the side brings the other."""
        return self.quoted[0]

    @property
    def cost(self) -> Array:
        """[X, K, L] USD m a quarter that it costs the side."""
        return self.quoted[1]

    @cached_property
    def announced(self) -> Array:
        """[X, K, L] strength of pledges in force."""
        if not self.facts.running.place.size:
            return np.zeros((2, *self.cells.pledge.shape[1:]))
        return np.asarray(self._kinds(self.facts.announced) * (self.left > 0))

    @cached_property
    def left(self) -> Ints:
        """[X, K, L] quarters that pledges in force still run."""
        if not self.facts.running.place.size:
            return np.zeros((2, *self.cells.pledge.shape[1:]), np.int64)
        until = self._kinds(self.facts.until).astype(np.int64)
        return np.asarray(np.maximum(until - self.facts.turn, 0))

    @cached_property
    def running(self) -> Bools:
        """[X, K, L] pledges in force."""
        return np.asarray(self.announced > 0.0)
