"""The workbench of a quarter: what the phases hand to one another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints, array_fields, empty
from game.core.ruleset import Ruleset, Status
from game.core.state import State, replace
from game.economy.choice import LineChoice
from game.economy.lines import Lines
from game.economy.macro import to_dollars
from game.play import macro
from game.play.market import Offer
from game.play.orders import Orders
from game.play.outcome import Score, stakes
from game.play.pledges import PledgeEffects, PledgeList, in_force
from game.play.report import Line, Report
from game.play.settlement import Settlement


@dataclass(frozen=True)
class Pricing:
    """What prices were set by, besides the offer and its cost."""

    start: Array
    """[N, M, W] USD, where the search began."""
    stance: Array
    """[N, M, W] factor on the margin."""
    service: Array
    """[N, M, W] or [N, M, 1] USD, a buyer's worth to own services before the cap."""
    bounty: Array | None
    """[N, M, W] USD that allies pay for a device, before the cap; None where nobody does."""
    kappa: Array | None
    """[N, N, W] profit weights; None where nobody owns a part of another."""
    steps: Ints | None = None
    """[W] steps that the search took; None before it."""

    @property
    def worth(self) -> Array:
        """[N, M, W] or [N, M, 1] USD, a buyer's worth to own and allies' services, uncapped."""
        return self.service if self.bounty is None else np.asarray(self.service + self.bounty)


class Quarter:
    """State so far, orders, and the intermediate results of a quarter."""

    listed: PledgeList
    """Pledges in force from their delivery until the quarter's end."""
    effects: PledgeEffects
    offer: Offer
    newcomers: Array
    spend: Array
    """[N, levers, M, W] USD m."""
    line_spend: Array
    """[L, levers, W] USD m, the same of the lines."""
    cost: Array
    price: Array
    pricing: Pricing
    choice: LineChoice
    """What buyers choose at these prices."""
    sought: Array
    """[L, W] m that buyers wanted of each line, served or not."""
    bounty_paid: Array | None = None
    """[N, W] USD m for devices that carry own services; None where nobody pays."""
    venture_spent: Array | None = None
    """[N, W] USD m that the funds of joint ventures spend; None where there is none."""
    score: Score
    settlement: Settlement

    def __init__(self, state: State, ruleset: Ruleset, orders: Orders) -> None:
        self.start = state
        self.state = state
        self.ruleset = ruleset
        self.orders = orders
        self.lines = np.zeros((len(Line), *state.cash.shape))
        self.unable: Ints | None = None
        """[N, W] :class:`game.play.orders.Refusal` of what was tried before the orders' check."""
        self._noted: dict[str, AnyArray] = {}
        self._held: tuple[AnyArray, ...] = ()
        self._fx: AnyArray | None = None
        self._worth: AnyArray | None = None

    def update(self, **changes: AnyArray) -> None:
        """Replace fields of the state."""
        self.state = replace(self.state, **changes)

    @cached_property
    def running(self) -> Ints:
        """Places of the pledges in force in the flattened [K, N, N, W]; orders may set it anew."""
        return in_force(self.state)

    @cached_property
    def product_lines(self) -> Lines:
        """What somebody has on sale; asked for once entries and exits are done."""
        return Lines(self.state.on_sale)

    def own(self, name: str) -> AnyArray:
        """A field of the state that may be written into: the quarter's own, not the start's."""
        if getattr(self.state, name) is getattr(self.start, name):
            self.update(**{name: getattr(self.start, name).copy()})
        return np.asarray(getattr(self.state, name))

    def book(self, line: Line, amount: Array) -> None:
        """Enter money into the books: positive comes in. [N, W] USD m."""
        self.lines[line] += amount

    def note(self, **fields: Any) -> None:
        """Set fields of the report."""
        self._noted.update(fields)

    def report(self) -> Report:
        """The finished report."""
        sizes = {**self.ruleset.sizes, "W": self.state.cash.shape[-1], "B": len(Line)}
        noted = {
            field.name: self._noted[field.name].astype(field.metadata["dtype"], copy=False)
            for field in array_fields(Report)
            if field.name in self._noted
        }
        return empty(
            Report,
            sizes,
            turn=self.start.turn,
            lines=self.lines,
            settlement=self.settlement,
            **noted,
        )

    @property
    def pledge_income(self) -> Array:
        """What preloaded users bring, bounties off: [N, W] USD m, once the books are closed."""
        income, paid = self.effects.preload_income, self.bounty_paid
        return income if paid is None else np.asarray(income - paid)

    def dollars(self, amount: Array) -> Array:
        """Money of markets [N, M, W], counted at the start's rates, in dollars of now."""
        rate = macro.market_rate(self.state, self.ruleset)
        return amount if rate is None else to_dollars(amount, rate)

    def dollars_on(self, lines: Lines, amount: Array) -> Array:
        """Money of lines [L, ..., W], counted at the start's rates, in dollars of now; in place."""
        fx = self.state.fx
        if fx is not self._fx:
            self._fx, rate = fx, macro.market_rate(self.state, self.ruleset)
            self._worth = None if rate is None else to_dollars(np.ones(1), rate)
        if self._worth is None:
            return amount
        here = np.take(self._worth, lines.market, axis=0)
        amount *= here.reshape(len(here), *[1] * (amount.ndim - 2), -1)
        return amount

    @property
    def wanted(self) -> Array:
        """What buyers wanted of each product, served or not: [N, M, W] m."""
        return self.product_lines.scatter(self.sought)

    def stakes(self) -> Array:
        """Fractions held now, holder by issuer, worked out anew when shares have moved: [N, N, W].

        Read only.
        """
        state = self.state
        held = (state.shares, state.founders, state.public)
        if not self._held or any(one is not old for one, old in zip(held, self._held, strict=True)):
            self._held, self._stakes = held, stakes(state)
        return self._stakes

    @property
    def live(self) -> Bools:
        """Worlds still being played: [W]."""
        return self.start.active

    @cached_property
    def alive(self) -> Bools:
        """Companies that had not failed when the quarter began: [N, W]."""
        return np.asarray(self.start.status != Status.FAILED)

    def in_force_now(self) -> Ints:
        """Places of the pledges in force in the state as it is."""
        return in_force(self.state)

    def noted(self, name: str) -> AnyArray:
        """A field of the report that was noted before."""
        return self._noted[name]

    def add(self, name: str, amount: Array) -> None:
        """Add to a field of the report."""
        self._noted[name] = self._noted[name] + amount if name in self._noted else amount

    def recount(self) -> None:
        """Shares were moved within the quarter's own tables: work stakes out anew."""
        self._held = ()

    def refuse(self, company: int, lane: int, why: int) -> None:
        """Report that something a company wished cannot be done."""
        if self.unable is None:
            self.unable = np.zeros(self.state.cash.shape, np.int32)
        self.unable[company, lane] |= why

    def zeros(self) -> Array:
        """A fresh [N, W] of zeros."""
        return np.zeros_like(self.state.cash)
