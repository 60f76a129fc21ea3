"""What further clauses are worth to both sides: board seats, standstills, options, non-competes.

Each is a closed form of public figures, with the signs that the two sides give it; what nobody
gives costs nothing to value.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from game.core.axes import Array, Ints
from game.finance.options import warrant_worth
from game.finance.valuation import annuity
from game.play.cells import Cells
from game.play.clauses import named_markets, shares_for
from game.play.packages import Extra, Term
from game.play.pairing import Pairing
from game.play.pledge_plan import traits

BOARD_WORTH, BOARD_COST = 0.01, 0.01
"""Of a company's value: its board seat to the holder, and to those who grant it."""
FULL_TERM = 12.0
"""Quarters for which a seat or a promise counts like one that lasts."""
STANDSTILL_WORTH, STANDSTILL_COST = 0.02, 0.01
"""Of a company's value: that a holder of half of it stands still, to it and to the holder."""
ENTRY_CHANCE, MOST_CHANCE = 0.02, 0.5
"""Chance a quarter that a company begins to sell in some market, and at most over a term."""
ENTRANT_SHARE, ENTRANT_MARGIN, ENTRY_GAIN = 0.03, 0.2, 0.1
"""Of a market's revenue what an entrant takes, the margin on it, and what is left to the entrant
after what entry costs."""


class After(NamedTuple):
    """The companies after a deal, by side [X, L]."""

    holding: Array
    """The side's stake in the other."""
    value: Array
    """USD m of all shares."""
    shares: Array
    """Count of all."""
    slope: Array
    """[L] what a side gains by one more dollar of the other: less where they own each other."""


def further_terms(cells: Cells, pairing: Pairing, after: After) -> dict[Term, Array]:
    """What further clauses add to the terms of both sides: [X, L] USD m each."""
    if not cells.extra.any():
        return {}
    found = {Term.CONTROL: _board(cells, pairing, after) + _standstill(cells, pairing, after)}
    call = cells.given(Extra.CALL_STAKE)
    if call is not None:
        found[Term.OPTION] = _option(cells, call, pairing, after)
    convert = cells.given(Extra.CONVERT_PRICE)
    if convert is not None:
        found[Term.OPTION] = found.get(Term.OPTION, 0.0) + _conversion(
            cells, convert, pairing, after
        )
    if cells.given(Extra.NON_COMPETE) is not None:
        kept_out, forgone = non_compete(cells, pairing)
        found[Term.RIVAL], found[Term.GIVING] = kept_out, -forgone
    return found


def lasting(quarters: Array | Ints) -> Array:
    """What a seat or a promise for so many quarters counts for: 0..1."""
    return np.asarray(np.minimum(quarters / FULL_TERM, 1.0))


def _added(cells: Cells, left: Ints) -> Array:
    """What the term adds to a seat or promise that still lasts ``left`` quarters: [X, L]."""
    return np.asarray(np.maximum(lasting(cells.term) - lasting(left), 0.0))


def _board(cells: Cells, pairing: Pairing, after: After) -> Array:
    """A seat is worth something to whoever has none yet, or none for so long: [X, L]."""
    given = cells.given(Extra.BOARD)
    if given is None:
        return np.zeros(cells.cash.shape)
    fresh = after.holding < pairing.ruleset.rules.board_stake
    part = (_added(cells, pairing.seat_left) * fresh)[::-1] * given * after.value
    return np.asarray(BOARD_WORTH * part[::-1] - BOARD_COST * part)


def _standstill(cells: Cells, pairing: Pairing, after: After) -> Array:
    """It calms the company in proportion to what the other holds: [X, L]."""
    given = cells.given(Extra.STANDSTILL)
    if given is None:
        return np.zeros(cells.cash.shape)
    threat = np.minimum(after.holding / max(pairing.ruleset.rules.control, 1e-9), 1.0)
    part = _added(cells, pairing.still_left) * given * threat * after.value[::-1]
    appetite = np.take(traits(pairing.ruleset, "stakes"), cells.who)
    return np.asarray(STANDSTILL_WORTH * part[::-1] - 2.0 * STANDSTILL_COST * appetite * part)


def _option(cells: Cells, stake: Array, pairing: Pairing, after: After) -> Array:
    """What the holder gets the issuer's holders give, its own part of them apart: [X, L]."""
    rules = pairing.ruleset.rules
    worth = warrant_worth(
        after.value, after.shares, shares_for(np.minimum(stake, 0.99), after.shares),
        cells.extra[:, Extra.CALL_PRICE], cells.term, rules.deposit, rules.share_sd,
    )  # fmt: skip
    worth = np.where(stake > 0.0, worth, 0.0) * after.slope
    return np.asarray(worth[::-1] - worth)


def _conversion(cells: Cells, price: Array, pairing: Pairing, after: After) -> Array:
    """A loan that may become shares is a loan and a right to buy with it: [X, L]."""
    rules = pairing.ruleset.rules
    owed = cells.loan[::-1] * (1.0 + cells.loan_rate) ** np.maximum(cells.term, 0)
    some = price > 0.0
    worth = warrant_worth(
        after.value, after.shares, np.where(some, owed / np.where(some, price, 1.0), 0.0),
        price, cells.term, rules.deposit, rules.share_sd,
    )  # fmt: skip
    worth = np.where(some, worth, 0.0) * after.slope
    return np.asarray(worth[::-1] - worth)


def non_compete(cells: Cells, pairing: Pairing) -> tuple[Array, Array]:
    """(sales kept by whoever is promised it, entries forgone by who promises): [X, L] USD m."""
    facts, ruleset = pairing.facts, pairing.ruleset
    kept, forgone = np.zeros((2, *cells.cash.shape))
    quarters = annuity(ruleset.rules.discount, cells.term) * (1.0 - ruleset.rules.tax)
    markets, worlds = facts.units.shape[1:]
    step = np.arange(markets)[:, None] * worlds + cells.lane
    price = facts.price.reshape(len(facts.price), -1)
    units = facts.units.reshape(len(facts.units), -1)
    sales = np.add.reduce(np.take(units, step, axis=1) * np.take(price, step, axis=1), axis=0)
    for side in (0, 1):
        number = cells.extra[side, Extra.NON_COMPETE]
        if not number.any():
            continue
        giver, taker = cells.who[side], cells.who[1 - side]
        named = named_markets(number, ruleset).T & ruleset.may_enter[giver].T
        there = facts.units.reshape(-1).take(giver * markets * worlds + step) > 0.0
        more = _entry_chance(cells.term)
        if facts.noncompete is not None:  # for what is promised already nobody pays again
            until = facts.noncompete.reshape(-1).take(giver * markets * worlds + step)
            left = np.maximum(until.astype(np.int64) - facts.turn - 1, 0)
            more = np.maximum(more - _entry_chance(left), 0.0)
        taken = ENTRANT_SHARE * ENTRANT_MARGIN * sales * (named & ~there) * more
        own = taker * markets * worlds + step
        share = facts.units.reshape(-1).take(own) * facts.price.reshape(-1).take(own)
        share /= np.maximum(sales, 1e-12)
        kept[1 - side] = quarters * (taken * share).sum(axis=0)
        forgone[side] = quarters * ENTRY_GAIN * taken.sum(axis=0)
    return kept, forgone


def _entry_chance(quarters: Ints) -> Array:
    return np.minimum(ENTRY_CHANCE * quarters, MOST_CHANCE)
