"""Contracts: which packages can be settled, and what settling changes."""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints, empty
from game.core.ruleset import Draft, Ruleset, Status
from game.core.state import State, replace
from game.play.business import check_business, settle_business
from game.play.cells import Cells
from game.play.clauses import check_clauses, is_term, settle_clauses
from game.play.clauses import mark as _mark
from game.play.clauses import shares_for as shares_for
from game.play.in_force import InForce, running_of
from game.play.later import check_later, settle_later
from game.play.lending import can_give_at
from game.play.outcome import shares_total, stakes
from game.play.outcome import visible_stakes as visible_stakes
from game.play.packages import DealFlag, Extra, Packages
from game.play.pledge_plan import plan_of
from game.play.rights import control_stake, parents
from game.play.spots import Spots
from game.play.takeover import check_whole, settle_whole, take_out
from game.play.ventures import check_venture, settle_venture

ALL_REGIONS = -1
SIGNED_TRUST = 0.05
GIVER_CAP = 2
"""A giver signs at most so many times the partners that it can serve fully."""


def of_pair(field: AnyArray, first: Ints, second: Ints) -> AnyArray:
    """A pair field at a pair of each package: [N, N, W] gives [P, W]."""
    count = field.shape[0]
    flat = field.reshape(count * count, field.shape[-1])
    place = np.maximum(first, 0).astype(np.int64) * count + np.maximum(second, 0)
    return np.take_along_axis(flat, place, axis=0)


def sides(packages: Packages) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
    """(giving, receiving) company of the clauses of each side: two pairs of [P, W]."""
    return (
        (packages.proposer, packages.counterparty),
        (packages.counterparty, packages.proposer),
    )


def legal(
    packages: Packages,
    state: State,
    ruleset: Ruleset,
    running: InForce | None = None,
    held: Array | None = None,
) -> Ints:
    """What stands in the way of each package: [P, W] :class:`DealFlag` bits; 0 when nothing does.

    Rows without a proposer carry ``EMPTY``.

    Args:
        running: the pledges in force, when they are at hand.
        held: [N, N, W] stakes, when they are at hand.
    """
    out = np.full(packages.proposer.shape, int(DealFlag.EMPTY), np.int64)
    places = np.flatnonzero(packages.proposer >= 0)
    if places.size:
        out.reshape(-1)[places] = _checked(
            Spots(packages, places),
            state,
            ruleset,
            running_of(state) if running is None else running,
            stakes(state) if held is None else held,
        )
    return out


def legal_cells(
    cells: Cells,
    state: State,
    ruleset: Ruleset,
    running: InForce | None = None,
    held: Array | None = None,
) -> Ints:
    """As :func:`legal`, of a list of cells: [L]."""
    return _checked(
        Spots.of_cells(cells),
        state,
        ruleset,
        running_of(state) if running is None else running,
        stakes(state) if held is None else held,
    )


def _checked(spots: Spots, state: State, ruleset: Ruleset, running: InForce, held: Array) -> Ints:
    flags = np.zeros(spots.lane.shape, np.int64)
    strength = spots.pledge.sum(axis=(0, 1))
    lent = spots.loan.sum(axis=0)
    moved = (
        lent + spots.cash.sum(axis=0) + spots.new_shares.sum(axis=0) + spots.old_shares.sum(axis=0)
    )
    moved += np.abs(spots.extra).sum(axis=(0, 1))
    _mark(flags, moved + strength <= 0.0, DealFlag.EMPTY)
    alone = (spots.proposer == spots.counterparty) | (spots.counterparty < 0)
    _mark(flags, alone, DealFlag.SELF)
    if (state.status == Status.FAILED).any():
        for who in spots.sides()[0]:
            _mark(flags, spots.of(state.status, who) == Status.FAILED, DealFlag.FAILED)
    points = spots.of(state.attention, spots.proposer)
    _mark(flags, points < ruleset.rules.cost_talk, DealFlag.ATTENTION)
    allowed = is_term(spots.term, ruleset)
    _mark(flags, ((strength > 0.0) | (lent > 0.0)) & ~allowed, DealFlag.TERM)
    if spots.loan.any():
        _check_loans(flags, spots, state, ruleset)
    paid = spots.cash + spots.loan
    net = paid[0] - paid[1]
    total = shares_total(state)
    for side, (giver, taker) in enumerate(spots.sides()):
        _check_money(flags, spots, np.maximum(net if side == 0 else -net, 0.0), giver, state)
        _check_control(flags, spots, held, giver, taker, state, ruleset)
        if (spots.new_shares[side] != 0).any() or (spots.old_shares[side] != 0).any():
            _check_shares(flags, spots, side, giver, taker, held, total, state, ruleset)
    _check_pledges(flags, spots, state, ruleset, running)
    check_clauses(flags, spots, held, total, state, ruleset)
    if spots.extra.any():
        check_later(flags, spots, state, ruleset)
        check_business(flags, spots, state, ruleset)
        check_whole(flags, spots, held, state, ruleset)
        check_venture(flags, spots, state, ruleset)
    return flags


def _check_money(flags: Ints, spots: Spots, pays: Array, giver: Ints, state: State) -> None:
    _mark(flags, (pays > 0.0) & (pays > spots.of(state.cash, giver) + 1e-9), DealFlag.CASH)
    left = spots.of(state.authorisation, giver)
    _mark(flags, (pays > 0.0) & (pays > left + 1e-9), DealFlag.AUTHORISATION)


def _check_loans(flags: Ints, spots: Spots, state: State, ruleset: Ruleset) -> None:
    """One side lends, at a rate in range, to somebody who owes it nothing yet."""
    loan, rate = spots.loan, spots.loan_rate
    wrong = (loan < 0.0).any(axis=0) | (loan > 0.0).all(axis=0)
    lends = (loan > 0.0).any(axis=0)
    wrong |= lends & ~((rate >= 0.0) & (rate <= ruleset.rules.loan_rate_most))
    for side, (lender, debtor) in enumerate(spots.sides()):
        wrong |= (loan[side] > 0.0) & (spots.pair(state.loan_due, debtor, lender) > 0)
    _mark(flags, wrong, DealFlag.LOAN)


def _check_control(
    flags: Ints,
    spots: Spots,
    held: Array,
    giver: Ints,
    taker: Ints,
    state: State,
    ruleset: Ruleset,
) -> None:
    controlled = spots.of(state.status, giver) == Status.CONTROLLED
    if controlled.any():
        top = parents(state, ruleset, held)
        _mark(flags, controlled & (spots.of(top, giver) != taker), DealFlag.CONTROLLED)


def _check_shares(
    flags: Ints,
    spots: Spots,
    side: int,
    giver: Ints,
    taker: Ints,
    held: Array,
    total: Ints,
    state: State,
    ruleset: Ruleset,
) -> None:
    rules = ruleset.rules
    new, old = spots.new_shares[side], spots.old_shares[side]
    named = spots.old_issuer[side].astype(np.int64)
    issuer = np.maximum(named, 0)
    early = state.turn - spots.of(state.last_issue, giver) < rules.issue_gap
    _mark(flags, (new > 0) & early, DealFlag.ISSUE_GAP)
    own = named == giver
    has = np.where(own, spots.of(state.founders, giver), spots.pair(state.shares, giver, issuer))
    selling = old > 0
    short = selling & ((named < 0) | (old > has))
    _mark(flags, (new < 0) | (old < 0) | short, DealFlag.SHARES)
    locked = (spots.pair(state.locked_until, giver, issuer) > state.turn) & ~own
    _mark(flags, selling & locked, DealFlag.LOCKED)
    count, own_part = (spots.of(field, taker) for field in (total, state.founders))
    half = control_stake(count, own_part, ruleset, taker)
    fresh = (new > 0) & ~(spots.extra[1 - side, Extra.WHOLE] > 0.0)  # those go to its holders
    for moved, whose in ((fresh, giver), (selling, issuer)):
        parent = spots.pair(held, whose, taker) > half
        _mark(flags, moved & parent, DealFlag.PARENT)
    outside = spots.of(state.founders + state.public, giver) - np.where(own & selling, old, 0)
    thin = outside < rules.outside_floor * (spots.of(total, giver) + new)
    _mark(flags, ((new > 0) | (own & selling)) & thin, DealFlag.FLOOR)


def _check_pledges(
    flags: Ints, spots: Spots, state: State, ruleset: Ruleset, running: InForce
) -> None:
    kind, side, spot = np.nonzero(np.swapaxes(spots.pledge, 0, 1) > 0.0)
    if not kind.size:
        return
    plan = plan_of(ruleset)
    lane = spots.lane[spot]
    giver, taker = (whose[side, spot] for whose in spots.by_side())
    count, worlds = state.cash.shape
    own = ((kind * count + giver) * count + taker) * worlds + lane
    already = running.holds(own)
    promised = already & np.take(state.pledge_exclusive.reshape(-1), own)
    hand = (kind * count + giver) * worlds + lane
    serves = np.take(running.serves.reshape(-1), hand) - already
    bound = np.take(running.bound.reshape(-1), hand) > promised
    takes = running.takes[kind, taker, lane] - already
    found = np.zeros(kind.size, np.int64)
    alone = spots.exclusive[side, kind, spot] & (serves > 0)
    _mark(found, bound | alone, DealFlag.EXCLUSIVE)
    if state.undertaking_until.any():
        free = np.maximum(*(state.undertaking_until[who, lane] for who in (giver, taker)))
        alone = spots.exclusive[side, kind, spot] & (free > state.turn)
        _mark(found, alone, DealFlag.UNDERTAKING)
    _mark(found, takes >= plan.givers[kind], DealFlag.RECEIVER_FULL)
    _mark(found, serves >= GIVER_CAP * plan.partners[kind], DealFlag.GIVER_FULL)
    _mark(found, ruleset.taboo[giver, kind], DealFlag.TABOO)
    able = can_give_at(kind, giver, lane, state, ruleset)
    _mark(found, ~able, DealFlag.NO_CAPABILITY)
    np.bitwise_or.at(flags, spot, found)


def founders_part(packages: Packages) -> Array:
    """Part of the other side's cash that goes to the giver's founders: [X, P, W] 0..1."""
    out = np.zeros(packages.cash.shape)
    for side, (giver, _) in enumerate(sides(packages)):
        own = np.where(packages.old_issuer[side] == giver, packages.old_shares[side], 0)
        sold = own + packages.new_shares[side]
        out[side] = np.divide(own, sold, out=np.zeros(own.shape), where=sold > 0)
    return out


_MONEY = ("cash", "authorisation")
_SHARES = ("founders", "shares", "last_issue", "locked_until", "disclosed", "board")
_LOANS = ("loan_owed", "loan_due", "loan_rate")
_PLEDGES = (
    "pledge_announced", "pledge_effort", "pledge_until", "pledge_since", "pledge_exclusive",
)  # fmt: skip
"""What settling changes when there is money, shares and pledges in the packages."""


def apply_packages(packages: Packages, accepted: Bools, state: State, ruleset: Ruleset) -> State:
    """Settle packages that are legal and agreed: cash, shares, pledges, lock-ups, disclosure.

    Advisers and attention are the settlement's affair. No pledge may be in two of them.

    Args:
        accepted: [P, W].
    """
    places = np.flatnonzero(accepted)
    if not places.size:
        return state
    spots = Spots(packages, places)
    sales = take_out(spots)
    moved = (spots.new_shares > 0) | (spots.old_shares > 0)
    pledged, lent = (spots.pledge > 0.0).any(), (spots.loan > 0.0).any()
    names = (
        *_MONEY, "trust", *(_SHARES if moved.any() else ()), *(_PLEDGES if pledged else ()),
        *(_LOANS if lent else ()),
    )  # fmt: skip
    books = replace(state, **{name: getattr(state, name).copy() for name in names})
    for side, (giver, taker) in enumerate(spots.sides()):
        _settle_cash(books, spots, side, giver, taker)
        if lent:
            _settle_loan(books, spots, side, giver, taker)
        if moved[side].any():
            _settle_shares(books, spots, side, giver, taker)
        np.add.at(books.trust, (giver, taker, spots.lane), SIGNED_TRUST)
        met = (giver, taker, spots.lane)
        books.trust[met] = np.minimum(books.trust[met], 1.0)
    for side, (giver, taker) in enumerate(spots.sides()):
        if moved[side].any():
            _file_shares(books, spots, side, giver, taker, ruleset)
    if spots.extra.any():
        books = settle_later(settle_clauses(books, spots, ruleset), spots)
        books = settle_business(settle_venture(books, spots, ruleset), spots, ruleset)
        books = settle_whole(books, sales, ruleset)
    return _with_pledges(books, spots) if pledged else books


def _settle_cash(books: State, spots: Spots, side: int, payer: Ints, payee: Ints) -> None:
    lane, paid = spots.lane, spots.cash[side]
    sold = spots.new_shares[1 - side] + spots.old_shares[1 - side]
    by_founders = np.where(spots.old_issuer[1 - side] == payee, spots.old_shares[1 - side], 0)
    part = np.divide(by_founders, sold, out=np.zeros(lane.shape), where=by_founders > 0)
    np.subtract.at(books.cash, (payer, lane), paid)
    np.add.at(books.cash, (payee, lane), paid * (1.0 - part))
    net = paid + spots.loan[side] - spots.cash[1 - side] - spots.loan[1 - side]
    np.subtract.at(books.authorisation, (payer, lane), np.maximum(net, 0.0))


def _settle_loan(books: State, spots: Spots, side: int, lender: Ints, debtor: Ints) -> None:
    """Interest runs from this quarter on; the last quarter of the term repays all."""
    some = np.flatnonzero(spots.loan[side] > 0.0)
    lane, lent = spots.lane[some], spots.loan[side, some]
    lender, debtor = lender[some], debtor[some]
    np.subtract.at(books.cash, (lender, lane), lent)
    np.add.at(books.cash, (debtor, lane), lent)
    pair = (debtor, lender, lane)
    books.loan_owed[pair] = lent
    books.loan_due[pair] = np.maximum(books.turn + spots.term[some] - 1, 1)
    books.loan_rate[pair] = spots.loan_rate[some]


def _issuer(spots: Spots, side: int, giver: Ints) -> Ints:
    """Whose existing shares a side hands over; itself where it hands over none."""
    return np.where(spots.old_shares[side] > 0, spots.old_issuer[side], giver).astype(np.int64)


def _settle_shares(books: State, spots: Spots, side: int, giver: Ints, taker: Ints) -> None:
    lane, new, old = spots.lane, spots.new_shares[side], spots.old_shares[side]
    issuer = _issuer(spots, side, giver)
    own = issuer == giver
    np.add.at(books.shares, (taker, giver, lane), new)
    fresh = np.flatnonzero(new > 0)
    books.last_issue[giver[fresh], lane[fresh]] = books.turn
    np.subtract.at(books.founders, (giver, lane), np.where(own, old, 0))
    np.subtract.at(books.shares, (giver, issuer, lane), np.where(own, 0, old))
    np.add.at(books.shares, (taker, issuer, lane), np.where(issuer == taker, 0, old))


def _file_shares(
    books: State, spots: Spots, side: int, giver: Ints, taker: Ints, ruleset: Ruleset
) -> None:
    """Lock-ups, disclosure and board seats that follow the shares moved."""
    issuer = _issuer(spots, side, giver)
    old = (spots.old_shares[side] > 0) & (issuer != taker)
    for whose, moved in ((giver, spots.new_shares[side] > 0), (issuer, old)):
        at = np.flatnonzero(moved)
        if at.size:
            lane = spots.lane[at]
            held = (taker[at], whose[at], lane)
            books.locked_until[held] = books.turn + ruleset.rules.lockup
            books.disclosed[held] = spots.disclosed[at]
            seat_by_stake(books, whose[at], lane, ruleset)


def seat_by_stake(books: State, whose: Ints, lane: Ints, ruleset: Ruleset) -> None:
    """Board seats of issuers follow their holders' stakes, and contracts; writes into the books."""
    held = books.shares[:, whose, lane]
    total = books.founders[whose, lane] + books.public[whose, lane] + held.sum(axis=0)
    seats = held >= ruleset.rules.board_stake * np.maximum(total, 1)
    books.board[:, whose, lane] = seats | (books.board_until[:, whose, lane] > books.turn)


def _with_pledges(books: State, spots: Spots) -> State:
    """The books with the pledges entered, new ones from the next quarter on, with their regions."""
    side, kind, spot = np.nonzero(spots.pledge > 0.0)
    giver, taker = (whose[side, spot] for whose in spots.by_side())
    count, worlds = books.cash.shape
    place = ((kind * count + giver) * count + taker) * worlds + spots.lane[spot]
    announced, until, effort, since = (
        books.pledge_announced.reshape(-1),
        books.pledge_until.reshape(-1),
        books.pledge_effort.reshape(-1),
        books.pledge_since.reshape(-1),
    )
    new = place[(announced[place] <= 0.0) | (until[place] <= books.turn)]
    effort[new] = 1.0
    since[new] = books.turn + 1
    announced[place] = np.minimum(spots.pledge[side, kind, spot], 1.0)
    until[place] = books.turn + 1 + spots.term[spot]
    books.pledge_exclusive.reshape(-1)[place] = spots.exclusive[side, kind, spot]
    wanted = np.where(spots.regions > 0, spots.regions, ALL_REGIONS)[side, kind, spot]
    held = np.take(books.pledge_regions.reshape(-1), place)
    changed = np.flatnonzero(np.maximum(held, 0) != np.maximum(wanted, 0))
    if not changed.size:
        return books
    regions = books.pledge_regions.copy()
    regions.reshape(-1)[place[changed]] = wanted[changed]
    return replace(books, pledge_regions=regions)


def draft_package(draft: Draft, state: State, ruleset: Ruleset, row: int) -> Packages:
    """A scenario's draft as a package in one row, other rows empty."""
    packages = empty(Packages, {**ruleset.sizes, "W": state.cash.shape[-1]})
    packages.proposer[row], packages.counterparty[row] = draft.proposer, draft.counterparty
    total = shares_total(state)
    for side, company in enumerate((draft.proposer, draft.counterparty)):
        packages.cash[side, row] = draft.cash[side]
        packages.new_shares[side, row] = shares_for(draft.stake[side], total[company])
        for kind, strength in draft.pledges[side].items():
            packages.pledge[side, kind, row] = strength
    packages.term[row] = draft.term
    packages.disclosed[row] = draft.disclosed
    return packages
