"""Joint ventures by contract: a partner's money in a host's business, for a part of its profit.

The partner pays into a fund that the host spends on one of its product lines, over the term and
beyond what it spends by its dials; a line that is not there yet is entered through the deal. Until
the term ends the partner gets its part of the line's profit, or bears it of the line's loss. A
host has one venture open at most.
"""

from __future__ import annotations

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.core.ruleset import Ruleset, Status
from game.core.state import State, replace
from game.finance.valuation import annuity
from game.finance.venture import fund_return
from game.play import macro
from game.play.business import business_worth
from game.play.cells import Cells
from game.play.clause_worth import ENTRANT_MARGIN, ENTRANT_SHARE
from game.play.clauses import mark
from game.play.packages import DealFlag, Extra
from game.play.pairing import Pairing
from game.play.spots import Spots
from game.play.venture_value import FIELDS

SLOTS = (Extra.VENTURE, Extra.VENTURE_MARKET, Extra.VENTURE_SHARE)
VENTURE_RISK = 0.5
"""Of a partner's part in a line's profit and unit noise: the margin for errors about the line."""
LEAST_SALES = 1e-9


# ---------------------------------------------------------------------------------- legality


def check_venture(flags: Ints, spots: Spots, state: State, ruleset: Ruleset) -> None:
    """Set the flags of what stands in the way of joint ventures."""
    if not spots.extra[:, SLOTS].any():
        return
    let_in = np.broadcast_to(macro.may_enter(state, ruleset), state.on_sale.shape)
    both = (spots.extra[:, Extra.VENTURE] > 0.0).all(axis=0)
    for side, (partner, host) in enumerate(spots.sides()):
        fund, number, share = spots.extra[side, SLOTS]
        some = fund > 0.0
        markets = len(ruleset.markets)
        named = (number >= 1.0) & (number <= markets) & (number == np.floor(number))
        wrong = (some != (number > 0.0)) | (some != (share > 0.0)) | (some & ~named)
        wrong |= (share >= 1.0) | both
        market = np.clip(number.astype(np.int64) - 1, 0, markets - 1)
        there = state.on_sale[host, market, spots.lane]
        there |= state.entry_due[host, market, spots.lane] >= 0
        new = let_in[host, market, spots.lane] & (fund > ruleset.licence[market])
        wrong |= some & ~(there | new)
        wrong |= some & (spots.of(state.venture_until, host) > state.turn)
        for who in (partner, host):
            wrong |= some & (spots.of(state.status, who) == Status.CONTROLLED)
        mark(flags, wrong, DealFlag.VENTURE)
        paid = spots.cash + spots.loan
        pays = np.maximum(paid[side] - paid[1 - side], 0.0) + fund
        mark(flags, some & (pays > spots.of(state.cash, partner) + 1e-9), DealFlag.CASH)
        allowed = spots.of(state.authorisation, partner)
        mark(flags, some & (pays > allowed + 1e-9), DealFlag.AUTHORISATION)


# -------------------------------------------------------------------------------- settlement


def settle_venture(books: State, spots: Spots, ruleset: Ruleset) -> State:
    """The books with joint ventures entered: the fund is paid, a new line is on its way."""
    if not (spots.extra[:, Extra.VENTURE] > 0.0).any():
        return books
    names = (*FIELDS, "cash", "authorisation", "entry_due")
    books = replace(books, **{name: getattr(books, name).copy() for name in names})
    for side, (partner, host) in enumerate(spots.sides()):
        at = np.flatnonzero(spots.extra[side, Extra.VENTURE] > 0.0)
        if not at.size:
            continue
        fund, number, share = spots.extra[side, SLOTS][:, at]
        lane, market = spots.lane[at], number.astype(np.int64) - 1
        payer, payee, line = (partner[at], lane), (host[at], lane), (host[at], market, lane)
        there = books.on_sale[line] | (books.entry_due[line] >= 0)
        licence = np.where(there, 0.0, ruleset.licence[market])
        due = books.turn + ruleset.rules.entry_quarters
        books.entry_due[line] = np.where(there, books.entry_due[line], due)
        np.subtract.at(books.cash, payer, fund)
        np.add.at(books.cash, payee, fund - licence)
        np.subtract.at(books.authorisation, payer, fund)
        books.venture_partner[payee] = partner[at]
        books.venture_market[payee] = market
        books.venture_share[payee] = share
        books.venture_until[payee] = books.turn + spots.term[at]
        books.venture_fund[payee] = fund - licence
    return books


# ------------------------------------------------------------------------------------- worth


def venture_worth(cells: Cells, pairing: Pairing) -> Array | None:
    """What joint ventures are worth to both sides, [X, L] USD m; None without any.

    The partner pays the fund for its part of the line's profit with what the fund adds to it; the
    host gets the fund, spends it, and keeps the rest (:func:`game.finance.venture.fund_return`).
    """
    if cells.given(Extra.VENTURE) is None:
        return None
    out = np.zeros(cells.cash.shape)
    for side in (0, 1):
        fund, part, added, spent = _figures(cells, pairing, side)
        out[side] += part - fund
        out[1 - side] += fund - spent + added - part
    return out


def lines_worth(cells: Cells, pairing: Pairing) -> Array | None:
    """Businesses handed over and joint ventures, [X, L] USD m; None without any."""
    handed, shared = business_worth(cells, pairing), venture_worth(cells, pairing)
    if handed is None or shared is None:
        return shared if handed is None else handed
    return np.asarray(handed + shared)


def venture_risk(cells: Cells, pairing: Pairing) -> Array | None:
    """The margin that partners leave for errors about the line, [X, L] USD m; None without any."""
    if cells.given(Extra.VENTURE) is None:
        return None
    part = np.stack([_figures(cells, pairing, side)[1] for side in (0, 1)])
    return np.asarray(-pairing.caution * VENTURE_RISK * pairing.noise * np.abs(part))


def _figures(cells: Cells, pairing: Pairing, side: int) -> tuple[Array, Array, Array, Array]:
    """Of the ventures that a side pays into, [L] USD m: the fund, the worth of its part, what the
    fund adds to the line's profit, what spending it costs after tax."""
    ruleset, rules = pairing.ruleset, pairing.ruleset.rules
    fund, number, share = cells.extra[side, SLOTS]
    market = np.clip(number.astype(np.int64) - 1, 0, len(ruleset.markets) - 1)
    term = np.minimum(cells.term, max(rules.quarters - pairing.facts.turn, 0))
    kept = (1.0 - rules.tax) * annuity(rules.discount, term)
    each = fund / np.maximum(term, 1)
    profit, usual, fresh = line_figures(cells, pairing, 1 - side, market)
    licence = np.where(fresh, ruleset.licence[market], 0.0)
    quarterly = np.maximum(each - licence / np.maximum(term, 1), 0.0)
    more = fund_return(quarterly, profit, usual)
    some = fund > 0.0
    added, spent = kept * more * some, kept * quarterly * some + licence * some
    return fund, share * (kept * profit * some + added), added, np.asarray(spent)


def line_figures(
    cells: Cells, pairing: Pairing, host: int, market: Ints
) -> tuple[Array, Array, Bools]:
    """A host's line by public figures, [L]: profit and normal spending a quarter, USD m, and
    whether it has to be entered first."""
    facts, ruleset = pairing.facts, pairing.ruleset
    markets, worlds = facts.units.shape[1:]
    who = cells.who[host]
    step = np.arange(markets)[:, None] * worlds + cells.lane
    place = who * markets * worlds + step
    revenue = facts.units.reshape(-1).take(place) * facts.price.reshape(-1).take(place)
    every = np.maximum(revenue.sum(axis=0), LEAST_SALES)
    own = np.take_along_axis(revenue, market[None], axis=0)[0]
    fresh = own <= 0.0
    sold = (facts.units * facts.price).sum(axis=0)[market, cells.lane]
    sales = np.where(fresh, ENTRANT_SHARE * sold, own)
    profit = np.where(fresh, ENTRANT_MARGIN * sales, pairing.contribution[host] * own / every)
    started = ruleset.revenue_start[who, market]
    normal = np.divide(
        ruleset.spend_normal[who, market].sum(axis=-1), started,
        out=ruleset.spend_share[market].sum(axis=-1).astype(float), where=started > 0.0,
    )  # fmt: skip
    return np.asarray(profit), np.asarray(normal * sales), np.asarray(fresh)
