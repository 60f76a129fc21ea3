"""What deals and holdings do to the books: at which price shares stand, what is gained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from game.core.axes import Array, Ints, any_over
from game.core.state import State
from game.finance.accounts import associates_income, exchange_prices
from game.play.packages import Packages
from game.play.report import Line
from game.play.spots import Spots
from game.play.takeover import book_whole, take_out

_TINY = 1e-300


@dataclass(frozen=True)
class DealBooks:
    """Settled deals as bookings."""

    carrying: Array
    """[N, N, W] USD m, holdings after the deals."""
    lines: dict[Line, Array]
    """[N, W] USD m of cash, positive when it comes in."""
    raised: Array
    """[N, W] USD m, own shares issued at the price agreed, less own shares taken back."""
    gain: Array
    """[N, W] USD m in kind."""


class _Side:
    """One side's part in some deals, one after the other: [L] each."""

    def __init__(self, spots: Spots, side: int, quote: Array) -> None:
        self.giver, self.taker = spots.sides()[side]
        self.new, self.old = spots.new_shares[side], spots.old_shares[side]
        named = np.where(self.old > 0, spots.old_issuer[side], self.giver)
        self.issuer = named.astype(np.int64)
        self.by_new = self.new * spots.of(quote, self.giver)
        self.by_old = self.old * spots.of(quote, self.issuer)
        self.founders = (self.old > 0) & (self.issuer == self.giver)
        self.returned = (self.old > 0) & (self.issuer == self.taker)
        self.paid = spots.cash[side]

    @property
    def worth(self) -> Array:
        """[L] USD m of the shares given, at the quote."""
        return np.asarray(self.by_new + self.by_old)

    def parts(self, price: Array) -> tuple[Array, Array]:
        """The price of what is given: (new shares, existing shares), [L] USD m."""
        part = self.by_new / np.maximum(self.worth, _TINY)
        return np.asarray(price * part), np.asarray(price * (1.0 - part) * (self.old > 0))


def deal_books(deals: Packages, before: State) -> DealBooks:
    """Bookings of settled deals.

    Args:
        deals: rows without a proposer hold no deal. before: the state before they were settled.
    """
    places = np.flatnonzero(deals.proposer >= 0)
    spots = Spots(deals, places)
    sales = take_out(spots)
    shape, lane = before.cash.shape, spots.lane
    sides = [_Side(spots, side, before.quote) for side in (0, 1)]
    net = sides[0].paid - sides[1].paid
    price, _ = exchange_prices(net, np.stack([side.worth for side in sides]))
    carrying, raised, gain = before.carrying.copy(), np.zeros(shape), np.zeros(shape)
    lines = {
        line: np.zeros(shape)
        for line in (
            Line.SHARES_SOLD, Line.STAKES_BOUGHT, Line.STAKES_SOLD, Line.LOANS_GIVEN,
            Line.LOANS_TAKEN,
        )
    }  # fmt: skip
    for side, one in enumerate(sides):
        comes = np.maximum(net if side == 1 else -net, 0.0)
        new, old = one.parts(price[side])
        _give(one, new, old, lane, before, carrying, raised, gain)
        _cash(one, new, old, comes, lane, lines, gain)
        np.subtract.at(lines[Line.LOANS_GIVEN], (one.giver, lane), spots.loan[side])
        np.add.at(lines[Line.LOANS_TAKEN], (one.taker, lane), spots.loan[side])
    bought, sold = lines[Line.STAKES_BOUGHT], lines[Line.STAKES_SOLD]
    book_whole(sales, before, carrying, raised, gain, bought, sold)
    return DealBooks(carrying, lines, raised, gain)


def _give(
    one: _Side, new: Array, old: Array, lane: Ints, before: State,
    carrying: Array, raised: Array, gain: Array,
) -> None:  # fmt: skip
    """Shares change hands: the taker's holding grows, the giver's falls, capital is raised."""
    giver, taker, issuer = (one.giver, lane), (one.taker, lane), one.issuer
    np.add.at(raised, giver, new)
    np.add.at(gain, giver, -new)
    np.add.at(carrying, (one.taker, one.giver, lane), new)
    np.add.at(gain, taker, new + old)
    kept = np.where(one.returned, 0.0, old)
    np.add.at(carrying, (one.taker, issuer, lane), kept)
    np.add.at(raised, taker, np.where(one.returned, -old, 0.0))
    sold = (one.old > 0) & ~one.founders
    held = before.shares[one.giver, issuer, lane]
    part = np.where(sold, one.old / np.maximum(held, 1), 0.0)
    stood = before.carrying[one.giver, issuer, lane] * np.minimum(part, 1.0)
    np.subtract.at(carrying, (one.giver, issuer, lane), stood)
    np.subtract.at(gain, giver, stood)


def _cash(
    one: _Side, new: Array, old: Array, comes: Array, lane: Ints,
    lines: dict[Line, Array], gain: Array,
) -> None:  # fmt: skip
    """Cash that comes for the shares of a side: to the company, for its founders' to them."""
    price = new + old
    paid = np.where(one.worth > 0.0, comes, 0.0)
    for_new = paid * np.divide(new, price, out=np.zeros_like(new), where=price > 0.0)
    for_old = np.where(one.founders, 0.0, paid - for_new)
    for_new = np.where(one.new > 0, for_new, 0.0)
    giver, taker = (one.giver, lane), (one.taker, lane)
    np.add.at(lines[Line.SHARES_SOLD], giver, for_new)
    np.add.at(lines[Line.STAKES_SOLD], giver, for_old)
    np.subtract.at(lines[Line.STAKES_BOUGHT], taker, paid)
    np.add.at(gain, giver, for_new + for_old)
    np.subtract.at(gain, taker, paid)


@dataclass(frozen=True)
class HoldingBooks:
    """What holdings earned in a quarter."""

    carrying: Array
    """[N, N, W] USD m."""
    associates: Array
    """[N, W] USD m, not in cash."""
    paid_back: Array
    """[N, W] USD m of dividends that are no income."""


def holding_books(
    state: State, stakes: Array, level: float, dividend: Array | None
) -> HoldingBooks:
    """Holdings by the equity method from ``level`` up, at cost below.

    Args:
        state: with the quarter's profit. stakes: [N, N, W]. dividend: [N, W] USD m a share paid
            this quarter, None for none.
    """
    enough = stakes >= level
    pairs = any_over(enough, -1)
    who = np.flatnonzero(any_over(pairs, 0) | any_over(pairs, 1))
    associates, back = np.zeros_like(state.cash), np.zeros_like(state.cash)
    if not who.size:  # nobody holds enough, or is held
        return HoldingBooks(state.carrying, associates, back)
    square = np.ix_(who, who)
    held, stood = stakes[square], state.carrying[square]
    income = associates_income(state.profit[who], held, stood, level)
    stood += income
    associates[who] = income.sum(axis=1)
    if dividend is not None:
        received = np.where(enough[square], state.shares[square] * dividend[who], 0.0)
        lowered = np.minimum(received, stood)
        stood -= lowered
        back[who] = lowered.sum(axis=1)
    carrying = state.carrying.copy()
    carrying[square] = stood
    return HoldingBooks(carrying, associates, back)
