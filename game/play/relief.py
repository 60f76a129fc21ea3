"""Money for a side that is short of it: the clause by which the pair gains most, beside its deal.

A firm with less than two quarters of costs at hand counts a dollar for more than one. Whoever it
deals with may help: by a loan, plain or convertible, by buying what it holds of others or one of
its businesses, or by waiting for its own money. What each of them wins the pair is a closed form
of the figures by which clauses are valued; the best of them goes into the package, and its gain is
shared by halves.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.finance.options import warrant_worth
from game.play.business import business_credit, business_worth
from game.play.cells import Cells, pick_cells
from game.play.deal_laws import SAFE_QUARTERS, adviser_costs, distress_worth
from game.play.packages import Extra, Milestone
from game.play.pairing import Pairing
from game.play.pledge_plan import traits
from game.play.rights import control_stake
from game.play.stake_sold import LEAST_APPETITE, PURSE
from game.play.sweeteners import told
from game.play.terms import (
    LENT_OUT,
    Appraisal,
)

HALF = 0.5
LEAST_GAIN = 0.05
"""Of the advisers' fee: what a further clause must win the pair, or nobody bothers."""
LENT_PART = 0.5
"""Of what a debtor is worth: the largest loan to it."""
CONVERT_OVER = (1.3, 1.6, 2.0, 3.0)
"""Prices at which a loan may become shares, over the worth of a share."""
LINES, SOLD_PART = 3, 0.5
"""Businesses that a seller thinks of giving up, the smallest that would do first, and what part of
its sales one may make: nobody sells what it lives on."""


@dataclass
class Short:
    """Sides that stay short of money after their deal; axis J."""

    cell: Ints
    side: Ints
    have: Array
    """[J] USD m at hand after the deal, credit counted."""
    costs: Array
    """[J] USD m a quarter."""
    need: Array
    """[J] USD m up to safety."""
    room: Array
    """[J] USD m that the other side can spare."""
    spare: Array
    """[J] USD m that the other side has beyond its own safety."""
    slope: Array
    """[J] what a dollar paid is worth to whoever gets it."""

    @property
    def other(self) -> Ints:
        """[J] the side that helps."""
        return 1 - self.side

    def gain(self, inflow: Array) -> Array:
        """What money in hand is worth beyond itself: [J] USD m."""
        return distress_worth(self.have, self.costs, inflow)


@dataclass
class Aid:
    """One kind of help; axis J."""

    gain: Array
    """[J] USD m that the pair wins; nothing where it cannot be had."""
    figures: tuple[Array, ...]
    """[J] each, what the clause needs to be written."""


def short_of_money(cells: Cells, pairing: Pairing, slope: Array, good: Bools) -> Short | None:
    """The sides of good cells that are short of money while the other is not."""
    net = cells.cash[::-1] - cells.cash
    sold = cells.old_shares > 0  # founders are paid for their own
    after = pairing.spendable + np.where(sold & (net > 0.0), 0.0, net) - adviser_costs(pairing)
    need = SAFE_QUARTERS * pairing.costs - after
    side, cell = np.nonzero((need > 0.0) & (need[::-1] < 0.0) & good)
    if not cell.size:
        return None
    if cell.size == 1:  # a lone lane would be summed in another order
        side, cell = np.repeat(side, 2), np.repeat(cell, 2)
    other = 1 - side
    purse = PURSE * pairing.purse[other, cell] - np.maximum(-net[other, cell], 0.0)
    room = np.maximum(np.minimum(purse, -need[other, cell]), 0.0)
    return Short(
        cell, side, after[side, cell], pairing.costs[side, cell], need[side, cell], room,
        -need[other, cell], slope[cell],
    )  # fmt: skip


Write = Callable[[dict[str, Array], Array, Ints, Ints, Array, tuple[Array, ...]], None]
Kind = tuple[Callable[[Short, Cells, Pairing], Aid], Write]
"""What help there would be, and how it is written into clauses."""


def relieved(
    cells: Cells,
    extra: Array,
    pairing: Pairing,
    found: Appraisal,
    slope: Array,
    good: Bools,
    more: tuple[Kind, ...] = (),
) -> tuple[dict[str, Array], Bools]:
    """The clauses of cells with the best help for whoever is short of money.

    Args:
        extra: [X, E, L] further clauses, written into. slope: [L] what a dollar paid is worth to
            whoever gets it. good: [L] cells worth looking at.
        more: further kinds of help.

    Returns:
        (clauses by name as changed, [L] where there is help).
    """
    helped = np.zeros(cells.size, bool)
    short = short_of_money(cells, pairing, slope, good)
    if short is None:
        return {}, helped
    advanced = pairing.ruleset.rules.advanced_deals
    kinds = [_loan(short, cells, pairing, found, advanced), _stake(short, cells, pairing)]
    if advanced:
        kinds += [_later(short, cells, pairing), _business(short, cells, pairing)]
        kinds += [aid(short, cells, pairing) for aid, _ in more]
    gains = np.stack([aid.gain for aid in kinds])
    best = gains.argmax(axis=0)
    fine = gains.max(axis=0) > LEAST_GAIN * pairing.ruleset.rules.deal_cost
    helped[short.cell[fine]] = True
    out = {
        "loan": cells.loan.copy(), "loan_rate": cells.loan_rate.copy(), "cash": cells.cash.copy(),
        "old_shares": cells.old_shares.copy(), "old_issuer": cells.old_issuer.copy(),
    }  # fmt: skip
    writers: tuple[Write, ...] = (_write_loan, _write_stake, _write_later, _write_business)
    for number, (aid, write) in enumerate(
        zip(kinds, (*writers, *(write for _, write in more)), strict=False)
    ):
        at = np.flatnonzero(fine & (best == number))
        if at.size:
            figures = tuple(part[at] for part in aid.figures)
            write(out, extra, short.cell[at], short.side[at], aid.gain[at], figures)
    return out, helped


# ---------------------------------------------------------------------------------- loans


def _loan(short: Short, cells: Cells, pairing: Pairing, found: Appraisal, advanced: bool) -> Aid:
    """A loan by the other side: as much as is needed, at a rate that pays it for its fear."""
    rules, facts = pairing.ruleset.rules, pairing.facts
    cell, debtor, lender = short.cell, short.side, short.other
    credit = np.maximum(pairing.credit[debtor, cell], 0.0)
    amount = np.where(short.need <= credit, short.need / (1.0 - LENT_OUT), short.need + credit)
    backing = np.maximum(pairing.equity[debtor, cell], 0.0)
    amount = np.floor(np.minimum(np.minimum(amount, short.room), LENT_PART * backing))
    counted = amount - np.minimum(LENT_OUT * amount, credit)
    fear = rules.default_loss * amount * amount / np.maximum(amount + backing, 1e-9)
    gain = short.gain(counted) - fear
    asked = fear + HALF * np.maximum(gain, 0.0)
    price, given = np.zeros((2, *amount.shape))
    if advanced:
        price, given = _conversion(short, cells, pairing, found, amount, asked)
    term = np.maximum(cells.term[cell], 1)
    earned = np.maximum(asked - given, 0.0) / np.maximum(amount, 1e-9)
    rate = (1.0 + rules.interest) * (1.0 + earned) ** (1.0 / term) - 1.0
    who = cells.who[:, cell]
    lanes = np.arange(cell.size)
    place = who[debtor, lanes] * len(facts.loan_due) + who[lender, lanes]
    owes = facts.loan_due.reshape(-1, facts.loan_due.shape[-1])[place, cells.lane[cell]] > 0
    barred = owes | (amount <= 0.0) | (rate > rules.loan_rate_most) | (cells.term[cell] <= 0)
    rate = np.round(rate, 4)
    return Aid(np.where(barred, 0.0, gain), (amount, rate, price))


def _conversion(
    short: Short, cells: Cells, pairing: Pairing, found: Appraisal, amount: Array, asked: Array
) -> tuple[Array, Array]:
    """(price at which the loan may become shares, what that right is worth): for lenders with a
    taste for stakes, instead of interest; at the lowest price at which it is no more than what is
    asked [J] USD m. [J] each."""
    rules, cell, debtor = pairing.ruleset.rules, short.cell, short.side
    taste = np.take(traits(pairing.ruleset, "stakes"), cells.who[short.other, cell])
    count, value = found.count[debtor, cell], found.post_money[debtor, cell]
    likes = (taste >= LEAST_APPETITE) & (value > 0.0) & (amount > 0.0)
    likes &= pairing.still_left[short.other, cell] == 0
    owed = amount * (1.0 + rules.interest) ** np.maximum(cells.term[cell], 0)
    outside = _outside(cells.who[debtor, cell], pairing, cells.lane[cell])
    price, given = np.zeros((2, *amount.shape))
    for over in CONVERT_OVER:
        at = told(over * np.maximum(value, 1e-9) / np.maximum(count, 1.0))
        new = np.where(likes, owed / np.maximum(at, 1e-12), 0.0)
        room = outside > rules.outside_floor * (count + new) / np.maximum(count, 1.0) + 0.02
        worth = (
            warrant_worth(value, count, new, at, cells.term[cell], rules.deposit, rules.share_sd)
            * short.slope
        )
        fits = likes & room & (price <= 0.0) & (worth <= asked)
        price, given = np.where(fits, at, price), np.where(fits, worth, given)
    return price, given


def _outside(who: Ints, pairing: Pairing, lane: Ints) -> Array:
    """Part of companies that nobody on the board holds: [J]."""
    held = pairing.facts.stake[:, who, lane].sum(axis=0)
    return np.asarray(1.0 - held)


def _write_loan(
    out: dict[str, Array], extra: Array, cell: Ints, side: Ints, gain: Array,
    figures: tuple[Array, ...],
) -> None:  # fmt: skip
    amount, rate, price = figures
    out["loan"][1 - side, cell] = amount
    out["loan_rate"][cell] = rate
    extra[side, Extra.CONVERT_PRICE, cell] = price


# ------------------------------------------------------------------------ shares of others


def _stake(short: Short, cells: Cells, pairing: Pairing) -> Aid:
    """The other side buys what the one in need holds of a third company."""
    facts, cell, size = pairing.facts, short.cell, short.cell.size
    seller, buyer, lane = (
        cells.who[short.side, cell],
        cells.who[short.other, cell],
        cells.lane[cell],
    )
    count = len(facts.total)
    nothing = Aid(np.zeros(size), (np.zeros(size),) * 3)
    may = facts.stake[seller, :, lane] > 0.0  # also what only its holder knows of
    if facts.held is not None:
        may |= facts.held[cells.viewer[cell], :, lane] > 0.0
    at, issuer = np.nonzero(may)
    if not at.size:
        return nothing
    if at.size == 1:
        at, issuer = np.repeat(at, 2), np.repeat(issuer, 2)
    few, who, by = pick_cells(cells, cell[at]), seller[at], buyer[at]
    stake = facts.stake_of(who, issuer, few)
    total = np.maximum(facts.of(facts.total, issuer, few), 1)
    price = np.maximum(facts.seen(facts.equity, issuer, few), 0.0) / total
    wanted = np.minimum(short.need, short.room)[at] / np.maximum(price, 1e-12)
    moved = np.floor(np.minimum(stake * total, wanted))
    barred = (issuer == who) | (issuer == by) | (cells.old_shares[short.side, cell][at] > 0)
    barred |= facts.pair(facts.locked, who, issuer, few) > facts.turn
    barred |= facts.pair(facts.standstill, by, issuer, few) > facts.turn
    barred |= _rights_moved(stake, moved / total, issuer, by, few, pairing)
    worth, shares = np.zeros((2, size, count))
    worth[at, issuer] = np.where(barred, 0.0, moved * price)
    shares[at, issuer] = moved
    best = worth.argmax(axis=1)
    pick = np.arange(size), best
    gain = short.gain(worth[pick])
    price = (worth[pick] - HALF * gain) / short.slope
    return Aid(gain, (shares[pick], best.astype(float), price))


def _rights_moved(
    stake: Array, part: Array, issuer: Ints, buyer: Ints, few: Cells, pairing: Pairing
) -> Bools:
    """Sales by which a seat or control of a third company would change hands: [E]."""
    facts, rules = pairing.facts, pairing.ruleset.rules
    total, own = (facts.of(field, issuer, few) for field in (facts.total, facts.founders))
    half = control_stake(total, own, pairing.ruleset, issuer)
    has = facts.stake_of(buyer, issuer, few)
    out = np.zeros(stake.shape, bool)
    for level in (rules.board_stake - 1e-12, half):
        out |= (stake > level) & (stake - part <= level)
        out |= (has <= level) & (has + part > level)
    return out


def _write_stake(
    out: dict[str, Array], extra: Array, cell: Ints, side: Ints, gain: Array,
    figures: tuple[Array, ...],
) -> None:  # fmt: skip
    """Whoever is short of cash sells below what the shares are worth, by half of what it wins."""
    moved, issuer, price = figures
    out["old_shares"][side, cell] = moved.astype(np.int64)
    out["old_issuer"][side, cell] = issuer.astype(np.int64)
    _pay(out["cash"], cell, 1 - side, price)


def _pay(cash: Array, cell: Ints, payer: Ints, amount: Array) -> None:
    """Add a payment of one side to the cash of cells, on balance."""
    net = cash[payer, cell] - cash[1 - payer, cell] + amount
    cash[payer, cell], cash[1 - payer, cell] = np.maximum(net, 0.0), np.maximum(-net, 0.0)


# ------------------------------------------------------------------------------ instalments


def _later(short: Short, cells: Cells, pairing: Pairing) -> Aid:
    """Whoever is short of cash pays a part of it at the end of the term."""
    rules, cell, payer = pairing.ruleset.rules, short.cell, short.side
    paid = np.maximum(cells.cash[payer, cell] - cells.cash[short.other, cell], 0.0)
    moved = np.minimum(np.minimum(paid, short.need), short.spare)
    gain = short.gain(moved)
    growth = (1.0 + rules.discount) ** np.maximum(cells.term[cell], 0)
    amount = np.round((moved + HALF * gain / short.slope) * growth, 1)
    spent = PURSE * pairing.purse[payer, cell] - np.maximum(paid - moved, 0.0)
    barred = (amount <= 0.0) | (amount > spent) | (cells.term[cell] <= 0)
    barred |= pairing.pays_later[payer, cell]
    return Aid(np.where(barred, 0.0, gain), (moved, amount))


def _write_later(
    out: dict[str, Array], extra: Array, cell: Ints, side: Ints, gain: Array,
    figures: tuple[Array, ...],
) -> None:  # fmt: skip
    moved, amount = figures
    extra[side, Extra.INSTALMENT, cell] = amount
    extra[side, Extra.MILESTONE, cell] = float(Milestone.DATE)
    _pay(out["cash"], cell, side, -moved)


# ------------------------------------------------------------------------------- businesses


def _business(short: Short, cells: Cells, pairing: Pairing) -> Aid:
    """The other side buys a business of the one in need: the smallest that would do."""
    facts, ruleset = pairing.facts, pairing.ruleset
    cell, lanes = short.cell, np.arange(short.cell.size)
    who = cells.who[:, cell]
    seller, buyer = who[short.side, lanes], who[short.other, lanes]
    lane = cells.lane[cell]
    revenue = (facts.units[seller, :, lane] * facts.price[seller, :, lane]).T
    may = ruleset.may_enter[buyer].T if ruleset.may_enter.ndim == 2 else True
    there = (facts.units[buyer, :, lane] > 0.0).T
    sells = (revenue > 0.0) & (may | there) & (revenue <= SOLD_PART * revenue.sum(axis=0))
    ranked = np.where(sells, revenue, np.inf)
    order = ranked.argsort(axis=0)[:LINES]
    tried = pick_cells(cells, np.tile(cell, len(order)))
    market = order.reshape(-1)
    seat = np.tile(short.side, len(order))
    extra = np.zeros_like(tried.extra)
    extra[seat, Extra.BUSINESS, np.arange(market.size)] = market + 1.0
    at = np.tile(lanes, len(order))
    known = np.isfinite(np.take_along_axis(ranked, order, axis=0)).reshape(-1)
    lost, won, unlent = _handed_over(tried, extra, seat, pairing)
    seller_at = short_at(short, at)
    price = np.floor(won - HALF * np.maximum(seller_at.gain(won + unlent) + won - lost, 0.0))
    gain = seller_at.gain(price + unlent) + won - lost
    fine = known & (price > 0.0) & (price <= short.room[at])
    fine &= (cells.old_shares[:, cell].max(axis=0) == 0)[at]
    gain = np.where(fine, gain, 0.0).reshape(order.shape)
    best = gain.argmax(axis=0)
    pick = best, lanes
    return Aid(gain[pick], (order[pick] + 1.0, price.reshape(order.shape)[pick]))


def short_at(short: Short, at: Ints) -> Short:
    """Some of the sides that are short, once or more."""
    return Short(**{name: value[at] for name, value in vars(short).items()})


def _handed_over(
    tried: Cells, extra: Array, seat: Ints, pairing: Pairing
) -> tuple[Array, Array, Array]:
    """(what the seller loses, what the buyer gets, what lenders give the seller more or, below
    nothing, less) of each business, USD m."""
    cells = dataclasses.replace(tried, extra=extra)
    there = Pairing(cells, pairing.facts, pairing.ruleset, pairing.quotes)
    worth = business_worth(cells, there)
    lanes = np.arange(seat.size)
    if worth is None:
        return (np.zeros(seat.size),) * 3
    return -worth[seat, lanes], worth[1 - seat, lanes], business_credit(cells, there)[seat, lanes]


def _write_business(
    out: dict[str, Array], extra: Array, cell: Ints, side: Ints, gain: Array,
    figures: tuple[Array, ...],
) -> None:  # fmt: skip
    """A seller in need keeps out of what it has sold."""
    number, price = figures
    extra[side, Extra.BUSINESS, cell] = number
    extra[side, Extra.NON_COMPETE, cell] = number
    _pay(out["cash"], cell, 1 - side, price)
