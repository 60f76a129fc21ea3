"""Product lines: the (company, market) pairs that some world of a block has on sale.

Most companies sell in few markets. A law that evaluates the choice again and again works on the
lines alone, [L, W]. A pair that is on sale nowhere adds exact zeros to every sum, so leaving it
out changes no bit of any lane.

Lines of one market stand together, in order of company, and markets with equally many lines stand
side by side, so that one call adds up many markets.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.core.room import room


class Layout(NamedTuple):
    """Where lines stand."""

    market: Ints
    """[L] market of each line."""
    company: Ints
    """[L] company of each line."""
    spans: tuple[slice, ...]
    """Lines of each market."""
    order: Ints
    """Markets that have lines, in the order in which they stand."""
    stacks: tuple[tuple[slice, int, Ints], ...]
    """(lines, lines of one market, markets) of every group of neighbours with equally many."""
    books: Ints
    """[L] lines by company and market."""
    pages: tuple[tuple[int, slice], ...]
    """(company, its part of ``books``) of every company with lines."""


@lru_cache(maxsize=64)
def layout_of(sold: bytes, companies: int, markets: int) -> Layout:
    """Layout of the lines that are set in [N, M]."""
    company, market = np.nonzero(np.frombuffer(sold, bool).reshape(companies, markets))
    count = np.bincount(market, minlength=markets)
    order = np.lexsort((company, market, count[market]))
    company, market = company[order], market[order]
    present = np.lexsort((np.arange(markets), count))
    present = present[count[present] > 0]
    ends = np.cumsum(count[present])
    spans = [slice(0, 0)] * markets
    for place, end in zip(present.tolist(), ends.tolist(), strict=True):
        spans[place] = slice(end - int(count[place]), end)
    stacks, first = [], 0
    for each in np.unique(count[present]).tolist():
        here = present[count[present] == each]
        stacks.append((slice(first, first + each * len(here)), each, here))
        first += each * len(here)
    books = np.lexsort((market, company))
    sellers, starts = np.unique(company[books], return_index=True)
    edges = [*starts.tolist(), len(books)]
    pages = tuple(
        (seller, slice(edges[number], edges[number + 1]))
        for number, seller in enumerate(sellers.tolist())
    )
    for array in (market, company, present, books):
        array.setflags(write=False)
    return Layout(market, company, tuple(spans), present, tuple(stacks), books, pages)


class Lines:
    """Where the lines of a block stand.

    Args:
        on_sale: [N, M, W].
    """

    def __init__(self, on_sale: Bools) -> None:
        self.shape = on_sale.shape
        sold = np.asarray(on_sale.any(axis=-1))
        self.key = (sold.tobytes(), *sold.shape)
        self.layout = layout_of(*self.key)
        self.market, self.company = self.layout.market, self.layout.company
        self.spans = self.layout.spans
        """Lines of each market."""
        self.places = self.company * self.shape[1] + self.market
        """[L] of the flattened [N, M]."""

    def gather(self, values: Array) -> Array:
        """[N, M, ..., W] (or [N, M, 1]) -> [L, ..., W]."""
        if not values.flags.c_contiguous:
            return np.asarray(values[self.company, self.market])
        rest = values.shape[2:]
        return np.asarray(np.take(values.reshape(-1, *rest), self.places, axis=0))

    def scatter(self, values: Array, markets: Ints | None = None) -> Array:
        """[L, ..., W] -> [N, M, ..., W], zero elsewhere; of these markets alone [N, ., ..., W]."""
        if markets is not None:
            return self._scatter_in(values, markets)
        companies, count, _ = self.shape
        spread = np.zeros((companies * count, *values.shape[1:]))
        spread[self.places] = values
        return spread.reshape(companies, count, *values.shape[1:])

    def _scatter_in(self, values: Array, markets: Ints) -> Array:
        spread = np.zeros((self.shape[0], len(markets), *values.shape[1:]))
        for place, market in enumerate(markets.tolist()):
            here = self.spans[market]
            spread[self.company[here], place] = values[here]
        return spread

    def place(self, into: Array, values: Array) -> None:
        """Put values [L, ..., W] into an array [N, M, ..., W], in place."""
        into.reshape(-1, *values.shape[1:])[self.places] = values

    def by_company(self, values: Array) -> Array:
        """[L, ..., W] added up by company, market by market: [N, ..., W]."""
        total = np.zeros((self.shape[0], *values.shape[1:]))
        sorted_ = np.take(values, self.layout.books, axis=0)
        for company, page in self.layout.pages:
            np.add.reduce(sorted_[page], 0, None, total[company])
        return total

    def by_market(self, values: Array) -> Array:
        """[L, ..., W] added up by market, company by company: [M, ..., W]."""
        total = np.zeros((self.shape[1], *values.shape[1:]))
        for rows, each, markets in self.layout.stacks:
            total[markets] = self.stacked(values, rows, each).sum(axis=1)
        return total

    @staticmethod
    def stacked(values: Array, rows: slice, each: int) -> Array:
        """A view of neighbouring lines: market, line of the market, and the rest."""
        return values[rows].reshape(-1, each, *values.shape[1:])


def previous_by_segment(
    lines: Lines, brands: Array, mix: Array, weight: Array, most: Array
) -> Array:
    """Previous brands of each segment's buyers, from those of the whole market.

    Args:
        brands: [L, W] part of the market's buyers whose last brand each line was.
        mix: [L, S, W] part of each line's old buyers that is of a segment; sums to one.
        weight: [M, S] of buyers.
        most: [M, W] part of any segment's buyers that may have a brand; the rest buy for the
            first time. Brands beyond it are scaled down together.

    Returns:
        [L, S, W] sums to at most ``most`` over a market's lines.
    """
    heavy = weight > 0.0
    scale = np.divide(1.0, weight, out=np.zeros_like(weight), where=heavy)
    part = room(*mix.shape)
    np.multiply(mix, np.take(scale, lines.market, axis=0)[:, :, None], out=part)
    part *= brands[:, None]
    for rows, each, markets in lines.layout.stacks:
        stack = lines.stacked(part, rows, each)
        total = stack.sum(axis=1)
        held = np.broadcast_to(most[markets][:, None], total.shape)
        stack *= (held / np.maximum(total, np.maximum(held, 1e-300)))[:, None]
    return part
