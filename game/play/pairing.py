"""What is known of the two companies of each cell, looked up once for all its packages."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Protocol

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints
from game.core.recall import Recall
from game.core.ruleset import Ruleset
from game.play.cells import Cells
from game.play.deal_facts import DealFacts
from game.play.in_force import InForce
from game.play.pledge_plan import traits
from game.play.position import Ahead, ahead_of, covered_part, still_ahead
from game.play.rights import control_stake

_TINY = 1e-12
RIVALRY = 0.5
"""Part of a sworn rival's gain that counts as one's own loss, beyond diverted sales."""
FOR_EVER = 10_000
"""Quarters of a seat that a stake gives."""


class Quotes(Protocol):
    """Where the worth and cost of pledges come from."""

    def sides(self, cells: Cells) -> tuple[Array, Array]:
        """(worth, cost) of what each side may give the other, [X, K, L] USD m a quarter."""

    def of_running(self, running: InForce) -> tuple[Array, Array]:
        """(worth, cost) of some pledges in force, [L] USD m a quarter."""


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

    def of_running(self, running: InForce) -> tuple[Array, Array]:
        """See :class:`Quotes`."""
        return running.pick(self.worth), running.pick(self.cost)


class Pairing:
    """Figures of the pairs of cells; clauses do not matter, so variants of a package share it.

    Axis X: the side that a figure is of, for pledges the side that gives.
    """

    def __init__(self, cells: Cells, facts: DealFacts, ruleset: Ruleset, quotes: Quotes) -> None:
        self.cells, self.facts, self.ruleset, self.quotes = cells, facts, ruleset, quotes
        self.other = cells.who[::-1]
        self.reviewed: Recall[Any] = Recall()
        """What authorities would say to the shares that were valued last."""

    def some(self, chosen: Ints, cells: Cells) -> Pairing:
        """The figures of some of the cells; what has been looked up is not looked up again.

        Args:
            cells: of the chosen places; they may promise nothing that the whole did not.
        """
        out = Pairing(cells, self.facts, self.ruleset, self.quotes)
        for name, value in self.__dict__.items():
            if isinstance(getattr(Pairing, name, None), cached_property) and name not in _OF_LIST:
                out.__dict__[name] = _taken(value, chosen)
        return out

    def _seen(self, field: Array) -> Array:
        return np.asarray(self.facts.seen(field, self.cells.who, self.cells))

    def _of(self, field: AnyArray) -> AnyArray:
        return self.facts.of(field, self.cells.who, self.cells)

    def _pair(self, field: AnyArray) -> AnyArray:
        return self.facts.pair(field, self.cells.who, self.other, self.cells)

    @cached_property
    def position(self) -> Ahead | None:
        """What contracts in force will still bring beyond what worth shows; None without any."""
        return ahead_of(self.facts, self.ruleset, self.quotes)

    @cached_property
    def equity(self) -> Array:
        """[X, L] USD m of all shares, with what pledges in force will still bring."""
        return self.worth_of(self.cells.who)

    def worth_of(self, company: Ints) -> Array:
        """USD m of all shares of companies, with what pledges in force will still bring.

        Args:
            company: [L] or [X, L]; gives that shape.
        """
        found = self.facts.seen(self.facts.equity, company, self.cells)
        if self.position is None:
            return np.asarray(found)
        value = self.position.value
        if len(value) == 1:
            more = self.facts.of(value[0], company, self.cells)
        else:
            more = self.facts.seen(value, company, self.cells)
        if self.facts.deficit is None:  # nobody knows how far below nothing others are
            more = np.where(found > 0.0, more, np.minimum(more, 0.0))
        else:
            more = more + self.facts.of(self.facts.deficit, company, self.cells)
        return np.asarray(np.maximum(found + more, 0.0))

    @cached_property
    def taken(self) -> tuple[Array, Array] | None:
        """Part of a dollar more of the other's worth that the side's rights to its shares take, and
        part of one of its own that anybody's rights take, [X, L] each; None without any."""
        if self.position is None or self.position.taken is None:
            return None
        table = self.position.taken
        found = self._pair(table), self._of(table.sum(axis=0))
        return found if found[1].any() else None

    @cached_property
    def awaited(self) -> Array | None:
        """[X, L] USD m that the other's pledges in force would still bring the side if they were
        kept in full; None where there are none."""
        if self.position is None:
            return None
        brought = self.facts.pair(self.position.brought, self.other, self.cells.who, self.cells)
        return np.asarray(brought) if brought.any() else None

    @cached_property
    def contribution(self) -> Array:
        """[X, L] USD m a quarter."""
        return self._seen(self.facts.contribution)

    @cached_property
    def spendable(self) -> Array:
        """[X, L] USD m, cash and what helps in a squeeze."""
        return self._seen(self.facts.money) + self._seen(self.facts.cushion)

    @cached_property
    def credit(self) -> Array:
        """[X, L] USD m, the lenders' part of what can be spent."""
        return self._seen(self.facts.credit)

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
        return self.facts.stake_of(self.cells.who, self.other, self.cells)

    @cached_property
    def seated(self) -> Bools:
        """[X, L] the side sits on the other's board."""
        return np.asarray(self._pair(self.facts.board))

    @cached_property
    def still_left(self) -> Ints:
        """[X, L] quarters for which the side has promised to buy none of the other's shares."""
        until = self._pair(self.facts.standstill).astype(np.int64)
        return np.asarray(np.maximum(until - self.facts.turn - 1, 0))

    @cached_property
    def seat_left(self) -> Ints:
        """[X, L] quarters for which the side sits on the other's board, by contract or for ever."""
        until = self._until(self.cells.who, self.other)
        left = np.maximum(until - self.facts.turn - 1, 0)
        return np.where(self.seated & (until <= self.facts.turn), FOR_EVER, left)

    def contract_left(self, holder: Ints, issuer: Ints) -> Ints:
        """Quarters for which contracts give seats on boards, as far as they are known.

        Args:
            holder, issuer: [L] or [X, L] companies; give that shape.
        """
        return np.asarray(np.maximum(self._until(holder, issuer) - self.facts.turn - 1, 0))

    def _until(self, holder: Ints, issuer: Ints) -> Ints:
        """Quarter until which contracts give seats; 0 without any, or where none is known."""
        facts = self.facts
        if facts.board_until is None:
            return np.zeros(holder.shape, np.int64)
        until = facts.pair(facts.board_until, holder, issuer, self.cells)
        return np.asarray(until.astype(np.int64))

    @cached_property
    def pays_later(self) -> Bools:
        """[X, L] an instalment of the side is open already."""
        return np.asarray(self._of(self.facts.pays_later))

    @cached_property
    def trust(self) -> Array:
        """[X, L] of the side in the other."""
        return np.asarray(self._pair(self.facts.trust))

    @cached_property
    def noise(self) -> Array:
        """[X, L] log; error of the side's estimate of the other."""
        facts = self.facts
        noise = np.take(facts.noise, self.other)
        if facts.known is not None:
            noise = noise * (1.0 - self._pair(facts.known))
        return np.where(self.seated, 0.0, noise)

    @cached_property
    def reluctance(self) -> Array:
        """[X, L] 0..1 rivalry that the side feels."""
        table = self.ruleset.rivalry
        return np.asarray(table.reshape(-1).take(self.cells.who * len(table) + self.other))

    @cached_property
    def harm(self) -> Array:
        """[X, L] what a dollar gained by the other costs the side: lost sales, rivalry, and a game
        that ends too soon."""
        harm = np.asarray(self.overlap + RIVALRY * self.reluctance)
        return harm if self.danger is None else np.asarray(harm + self.danger)

    @cached_property
    def danger(self) -> Array | None:
        """[X, L] 0..1, how near the other is to ending the game; None where nobody is."""
        danger = self.facts.danger
        return None if danger is None else self.facts.of(danger, self.other, self.cells)

    @cached_property
    def caution(self) -> Array:
        """[X, L] what a side leaves for a dollar of standard error, by its taste for risk."""
        return np.asarray(1.5 - np.take(traits(self.ruleset, "risk"), self.cells.who))

    @cached_property
    def half(self) -> Array:
        """[X, L] stake in the side from which its holder decides alone."""
        return control_stake(self.count, self.founders, self.ruleset, self.cells.who)

    @cached_property
    def taboo(self) -> Bools:
        """[X, K, L] pledges that the side never gives."""
        return np.moveaxis(np.take(self.ruleset.taboo, self.cells.who, axis=0), -1, 1)

    @cached_property
    def everybody(self) -> Array:
        """Units of all sellers, small ones too, in the flattened [M, W]."""
        return np.asarray((self.facts.units.sum(axis=0) + self.facts.fringe_units).reshape(-1))

    @cached_property
    def _shares(self) -> tuple[Array, Array]:
        facts, cells = self.facts, self.cells
        markets, worlds = facts.units.shape[1:]
        step = np.arange(markets)[:, None] * worlds + cells.lane
        everybody = self.everybody.take(step)
        place = cells.who[:, None] * (markets * worlds) + step
        share = facts.units.reshape(-1).take(place)
        revenue = share * facts.price.reshape(-1).take(place)
        share /= np.maximum(everybody, _TINY)
        won = (share * revenue[::-1]).sum(axis=1)
        sold = np.maximum(revenue.sum(axis=1), _TINY)
        return np.asarray(won / sold[::-1]), np.asarray((share * revenue).sum(axis=1) / sold)

    @property
    def overlap(self) -> Array:
        """[X, L] 0..1 part of what the other side wins that it takes from this side: this side's
        share of units, averaged over the markets by the other's revenue."""
        return self._shares[0]

    @property
    def own_share(self) -> Array:
        """[X, L] 0..1 this side's share of units, averaged over its markets by its revenue: what
        a rival that is helped there would take from it."""
        return self._shares[1]

    @property
    def ahead(self) -> int:
        """Quarters that a new pledge can work: what comes after the last one counts for nobody, so
        that none is sold late."""
        longest = int(still_ahead(self.ruleset).shape[1]) - 2
        return min(longest, max(self.ruleset.rules.quarters - 1 - self.facts.turn, 0))

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
    def _between(self) -> tuple[Ints, Ints]:
        """Pledges in force between the sides: places in [X, K, L], numbers among all in force."""
        return self.facts.running.among(self.cells.who, self.other, self.cells.lane)

    def _of_running(self, field: AnyArray) -> AnyArray:
        """A figure [K, N, N, W] of the pledges in force between the sides."""
        return field.reshape(-1).take(self.facts.running.place[self._between[1]])

    def _spread(self, values: AnyArray) -> AnyArray:
        """Figures of the pledges in force between the sides: [X, K, L]; 0 where there is none."""
        out = np.zeros(self.cells.pledge.shape, values.dtype)
        out.reshape(-1)[self._between[0]] = values
        return out

    @cached_property
    def announced(self) -> Array:
        """[X, K, L] strength of pledges in force."""
        return self._spread(self.facts.running.announced[self._between[1]])

    @cached_property
    def alone(self) -> Bools:
        """[X, K, L] pledges in force that were promised to the other alone."""
        return self._spread(self.facts.running.exclusive[self._between[1]])

    @cached_property
    def left(self) -> Ints:
        """[X, K, L] quarters that pledges in force still run."""
        return self._spread(self.facts.running.left[self._between[1]])

    def covered(self, regions: Ints) -> Array | None:
        """Part of what a pledge brings that lies in its regions; None where all are unbounded.

        Args:
            regions: [X, K, L] bits; 0 or below all.

        Returns:
            [X, K, L] 0..1.
        """
        side, kind, cell = np.nonzero(regions > 0)
        if not cell.size:
            return None
        out = np.ones(regions.shape)
        giver, taker = self.cells.who[side, cell], self.other[side, cell]
        bits = regions[side, kind, cell].astype(np.int64)
        lane = self.cells.lane[cell]
        out[side, kind, cell] = covered_part(
            self.facts, self.ruleset, kind, giver, taker, lane, bits
        )
        return out

    @cached_property
    def covered_now(self) -> Array | None:
        """[X, K, L] the same of the pledges in force."""
        bound = self._of_running(self.facts.regions)
        return self.covered(self._spread(bound)) if (bound > 0).any() else None

    @cached_property
    def worked(self) -> tuple[Bools, Ints]:
        """Pledges in force that have not begun to work, and quarters that they have: [X, K, L]."""
        since = self._spread(self._of_running(self.facts.since)).astype(np.int64)
        most = len(still_ahead(self.ruleset)) - 1
        waits = self.running & (since > self.facts.turn)
        return waits, np.clip(self.facts.turn - since, 0, most)

    @cached_property
    def running(self) -> Bools:
        """[X, K, L] pledges in force."""
        return np.asarray(self.announced > 0.0)

    @cached_property
    def promised(self) -> bool:
        """Whether any pledge is in force between the sides of a cell."""
        return bool(self.running.any())

    @cached_property
    def replaced(self) -> Array:
        """[X, K, L] quarters' worth that pledges in force still have, and lose when renewed."""
        waits, worked = self.worked
        left = np.maximum(np.minimum(self.left, self.ahead + 1) - waits, 0)
        quarters = self.announced * still_ahead(self.ruleset)[worked, left]
        if self.covered_now is not None:
            quarters = quarters * self.covered_now
        return np.where(self.running, quarters, 0.0)


_OF_LIST = ("everybody", "_between", "position")
"""What is not laid out by cells."""


def _taken(value: Any, chosen: Ints) -> Any:
    """Some cells of what a pairing has looked up."""
    if isinstance(value, tuple):
        return tuple(_taken(part, chosen) for part in value)
    return value.take(chosen, axis=-1) if isinstance(value, np.ndarray) else value
