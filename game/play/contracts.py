"""Contracts: which packages can be settled, what settling changes, and how pledges end."""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints, any_over, empty
from game.core.rng import Purpose, normals
from game.core.ruleset import Draft, Ruleset, Status
from game.core.state import State, replace
from game.play.outcome import shares_total, stakes
from game.play.packages import DealFlag, Packages
from game.play.pledges import capability, live

ALL_REGIONS = -1
OTHERS_TRUST = 0.3
"""Part of the trust lost with the receiver that a breaker loses with everybody."""
SIGNED_TRUST = 0.05
SIZE_NOISE = 0.35
"""Standard error (log) of what the public thinks an undisclosed stake is."""
SIZE_STEP = 0.05
GIVER_CAP = 2
"""A giver signs at most so many times the partners that it can serve fully."""


def of_company(field: AnyArray, who: Ints) -> AnyArray:
    """A company field at a company of each package: [N, W] at [P, W] gives [P, W]."""
    return np.take_along_axis(field, np.maximum(who, 0).astype(np.int64), axis=0)


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


def net_cash(packages: Packages) -> Array:
    """Cash that each side pays on balance: [X, P, W] USD m, at least 0."""
    net = packages.cash[0] - packages.cash[1]
    return np.stack([np.maximum(net, 0.0), np.maximum(-net, 0.0)])


def legal(packages: Packages, state: State, ruleset: Ruleset) -> Ints:
    """What stands in the way of each package: [P, W] :class:`DealFlag` bits; 0 when nothing does.

    Rows without a proposer carry ``EMPTY``.
    """
    flags = np.zeros(packages.proposer.shape, np.int64)
    rows = np.flatnonzero((packages.proposer >= 0).any(axis=1))
    flags |= np.where(packages.proposer < 0, int(DealFlag.EMPTY), 0)
    if not rows.size:
        return flags
    part = _rows(packages, rows)
    flags[rows] |= _checked(part, state, ruleset)
    return np.where(packages.proposer < 0, int(DealFlag.EMPTY), flags)


def _rows(packages: Packages, rows: AnyArray) -> Packages:
    chosen = {
        "proposer": 0,
        "counterparty": 0,
        "cash": 1,
        "new_shares": 1,
        "old_shares": 1,
        "old_issuer": 1,
        "pledge": 2,
        "exclusive": 2,
        "term": 0,
        "disclosed": 0,
    }
    return Packages(
        **{name: np.take(getattr(packages, name), rows, axis=at) for name, at in chosen.items()}
    )


def _mark(flags: Ints, where: Bools, flag: DealFlag) -> None:
    flags |= np.where(where, int(flag), 0)


def _checked(packages: Packages, state: State, ruleset: Ruleset) -> Ints:
    flags = np.zeros(packages.proposer.shape, np.int64)
    strength = packages.pledge.sum(axis=(0, 1))
    something = (
        packages.cash.sum(axis=0)
        + packages.new_shares.sum(axis=0)
        + packages.old_shares.sum(axis=0)
    )
    _mark(flags, (something + strength) <= 0.0, DealFlag.EMPTY)
    _mark(
        flags,
        (packages.proposer == packages.counterparty) | (packages.counterparty < 0),
        DealFlag.SELF,
    )
    _mark(
        flags,
        of_company(state.attention, packages.proposer) < ruleset.rules.cost_talk,
        DealFlag.ATTENTION,
    )
    allowed = np.isin(packages.term, ruleset.rules.terms)
    _mark(flags, (strength > 0.0) & ~allowed, DealFlag.TERM)
    pays = net_cash(packages)
    held = stakes(state)
    for side, (giver, taker) in enumerate(sides(packages)):
        _check_money(flags, pays[side], giver, state)
        _check_control(flags, held, giver, taker, state, ruleset)
        _check_shares(flags, packages, side, giver, taker, held, state, ruleset)
    _check_pledges(flags, packages, state, ruleset)
    return flags


def _check_money(flags: Ints, pays: Array, giver: Ints, state: State) -> None:
    _mark(flags, (pays > 0.0) & (pays > of_company(state.cash, giver) + 1e-9), DealFlag.CASH)
    _mark(
        flags,
        (pays > 0.0) & (pays > of_company(state.authorisation, giver) + 1e-9),
        DealFlag.AUTHORISATION,
    )


def _check_control(
    flags: Ints, held: Array, giver: Ints, taker: Ints, state: State, ruleset: Ruleset
) -> None:
    controlled = of_company(state.status, giver) == Status.CONTROLLED
    by_other = of_pair(held, taker, giver) <= ruleset.rules.control
    _mark(flags, controlled & by_other, DealFlag.CONTROLLED)


def _check_shares(
    flags: Ints,
    packages: Packages,
    side: int,
    giver: Ints,
    taker: Ints,
    held: Array,
    state: State,
    ruleset: Ruleset,
) -> None:
    rules = ruleset.rules
    new, old, issuer = (
        packages.new_shares[side],
        packages.old_shares[side],
        packages.old_issuer[side],
    )
    early = state.turn - of_company(state.last_issue, giver) < rules.issue_gap
    _mark(flags, (new > 0) & early, DealFlag.ISSUE_GAP)
    own = issuer == giver
    has = np.where(own, of_company(state.founders, giver), of_pair(state.shares, giver, issuer))
    selling = old > 0
    _mark(flags, (new < 0) | (old < 0) | (selling & ((issuer < 0) | (old > has))), DealFlag.SHARES)
    locked = (of_pair(state.locked_until, giver, issuer) > state.turn) & ~own
    _mark(flags, selling & locked, DealFlag.LOCKED)
    for count, whose in (
        (new, giver),
        (np.where(selling, old, 0), np.where(selling, issuer, giver)),
    ):
        moved = count > 0
        _mark(flags, moved & (of_pair(held, whose, taker) > rules.control), DealFlag.PARENT)
    total = of_company(shares_total(state), giver) + new
    outside = of_company(state.founders + state.public, giver) - np.where(own & selling, old, 0)
    _mark(
        flags,
        ((new > 0) | (own & selling)) & (outside < rules.outside_floor * total),
        DealFlag.FLOOR,
    )


def _check_pledges(flags: Ints, packages: Packages, state: State, ruleset: Ruleset) -> None:
    if not (packages.pledge > 0.0).any():
        return
    running = live(state)
    able = any_over(capability(state, ruleset) > 0.0, 2)
    for side, (giver, taker) in enumerate(sides(packages)):
        for index, kind in enumerate(ruleset.pledges):
            wanted = packages.pledge[side, index] > 0.0
            if not wanted.any():
                continue
            already = of_pair(running[index], giver, taker)
            serves = of_company(running[index].sum(axis=1), giver) - already
            takes = of_company(running[index].sum(axis=0), taker) - already
            bound = running[index] & state.pledge_exclusive[index]
            promised = of_company(bound.sum(axis=1), giver) - of_pair(bound, giver, taker) > 0
            _mark(flags, wanted & promised, DealFlag.EXCLUSIVE)
            _mark(
                flags, wanted & packages.exclusive[side, index] & (serves > 0), DealFlag.EXCLUSIVE
            )
            _mark(flags, wanted & (takes >= kind.givers), DealFlag.RECEIVER_FULL)
            _mark(flags, wanted & (serves >= GIVER_CAP * kind.partners), DealFlag.GIVER_FULL)
            _mark(flags, wanted & ~of_company(able[index], giver), DealFlag.NO_CAPABILITY)
            taboo = np.take(ruleset.taboo[:, index], np.maximum(giver, 0))
            _mark(flags, wanted & taboo, DealFlag.TABOO)


def founders_part(packages: Packages) -> Array:
    """Part of the other side's cash that goes to the giver's founders: [X, P, W] 0..1."""
    out = np.zeros(packages.cash.shape)
    for side, (giver, _) in enumerate(sides(packages)):
        own = np.where(packages.old_issuer[side] == giver, packages.old_shares[side], 0)
        sold = own + packages.new_shares[side]
        out[side] = np.divide(own, sold, out=np.zeros(own.shape), where=sold > 0)
    return out


class _Books:
    """Writable copies of what settling changes."""

    fields = (
        "cash",
        "founders",
        "shares",
        "authorisation",
        "last_issue",
        "locked_until",
        "disclosed",
        "board",
        "trust",
        "pledge_announced",
        "pledge_effort",
        "pledge_until",
        "pledge_since",
        "pledge_exclusive",
        "pledge_regions",
    )

    def __init__(self, state: State) -> None:
        self.turn = state.turn
        self.public = state.public
        for name in self.fields:
            setattr(self, name, getattr(state, name).copy())

    cash: Array
    founders: Ints
    shares: Ints
    authorisation: Array
    last_issue: Ints
    locked_until: Ints
    disclosed: Bools
    board: Bools
    trust: Array
    pledge_announced: Array
    pledge_effort: Array
    pledge_until: Ints
    pledge_since: Ints
    pledge_exclusive: Bools
    pledge_regions: Ints


def apply_packages(packages: Packages, accepted: Bools, state: State, ruleset: Ruleset) -> State:
    """Settle packages that are legal and agreed: cash, shares, pledges, lock-ups, disclosure.

    Advisers and attention are the settlement's affair.

    Args:
        accepted: [P, W]; no company may stand in two of them in a world, unless all of them
            are legal in any order.
    """
    rows: list[int] = np.flatnonzero(accepted.any(axis=1)).tolist()
    if not rows:
        return state
    books = _Books(state)
    to_founders = founders_part(packages)
    for row in rows:
        lanes = np.flatnonzero(accepted[row])
        pair = (
            packages.proposer[row, lanes].astype(int),
            packages.counterparty[row, lanes].astype(int),
        )
        _settle_cash(books, packages, row, lanes, pair, to_founders)
        for side in (0, 1):
            _settle_shares(books, packages, side, row, lanes, pair[side], pair[1 - side], ruleset)
            _settle_pledges(books, packages, side, row, lanes, pair[side], pair[1 - side])
        for one, other in (pair, pair[::-1]):
            books.trust[one, other, lanes] = np.minimum(
                books.trust[one, other, lanes] + SIGNED_TRUST, 1.0
            )
    return replace(state, **{name: getattr(books, name) for name in books.fields})


def _settle_cash(
    books: _Books,
    packages: Packages,
    row: int,
    lanes: AnyArray,
    pair: tuple[AnyArray, AnyArray],
    to_founders: Array,
) -> None:
    for side in (0, 1):
        payer, payee = pair[side], pair[1 - side]
        paid = packages.cash[side, row, lanes]
        kept = 1.0 - to_founders[1 - side, row, lanes]
        books.cash[payer, lanes] -= paid
        books.cash[payee, lanes] += paid * kept
        net = np.maximum(paid - packages.cash[1 - side, row, lanes], 0.0)
        books.authorisation[payer, lanes] -= net


def _settle_shares(
    books: _Books,
    packages: Packages,
    side: int,
    row: int,
    lanes: AnyArray,
    giver: AnyArray,
    taker: AnyArray,
    ruleset: Ruleset,
) -> None:
    new, old = packages.new_shares[side, row, lanes], packages.old_shares[side, row, lanes]
    issuer = np.where(old > 0, packages.old_issuer[side, row, lanes], giver).astype(int)
    own = issuer == giver
    books.shares[taker, giver, lanes] += new
    books.last_issue[giver, lanes] = np.where(new > 0, books.turn, books.last_issue[giver, lanes])
    books.founders[giver, lanes] -= np.where(own, old, 0)
    books.shares[giver, issuer, lanes] -= np.where(own, 0, old)
    books.shares[taker, issuer, lanes] += np.where(issuer == taker, 0, old)
    until = books.turn + ruleset.rules.lockup
    for whose, moved in ((giver, new > 0), (issuer, (old > 0) & (issuer != taker))):
        books.locked_until[taker, whose, lanes] = np.where(
            moved, until, books.locked_until[taker, whose, lanes]
        )
        said = packages.disclosed[row, lanes]
        books.disclosed[taker, whose, lanes] = np.where(
            moved, said, books.disclosed[taker, whose, lanes]
        )
        _seat(books, whose, lanes, ruleset)


def _seat(books: _Books, whose: AnyArray, lanes: AnyArray, ruleset: Ruleset) -> None:
    """Board seats of an issuer follow its holders' stakes."""
    held = books.shares[:, whose, lanes]
    total = books.founders[whose, lanes] + books.public[whose, lanes] + held.sum(axis=0)
    books.board[:, whose, lanes] = held >= ruleset.rules.board_stake * np.maximum(total, 1)


def _settle_pledges(
    books: _Books,
    packages: Packages,
    side: int,
    row: int,
    lanes: AnyArray,
    giver: AnyArray,
    taker: AnyArray,
) -> None:
    term = packages.term[row, lanes]
    for index in np.flatnonzero((packages.pledge[side, :, row][:, lanes] > 0.0).any(axis=1)):
        strength = packages.pledge[side, index, row, lanes]
        given = strength > 0.0
        running = (books.pledge_announced[index, giver, taker, lanes] > 0.0) & (
            books.pledge_until[index, giver, taker, lanes] > books.turn
        )
        fresh = {
            "pledge_announced": np.minimum(strength, 1.0),
            "pledge_effort": np.where(
                running, books.pledge_effort[index, giver, taker, lanes], 1.0
            ),
            "pledge_until": books.turn + 1 + term,
            "pledge_since": np.where(
                running, books.pledge_since[index, giver, taker, lanes], books.turn + 1
            ),
            "pledge_exclusive": packages.exclusive[side, index, row, lanes],
            "pledge_regions": np.full(lanes.shape, ALL_REGIONS),
        }
        for name, value in fresh.items():
            field = getattr(books, name)
            field[index, giver, taker, lanes] = np.where(
                given, value, field[index, giver, taker, lanes]
            )


def _wipe(state: State, gone: Bools) -> State:
    """The state without these pledges. ``gone``: [K, N, N, W]."""
    return replace(
        state,
        pledge_announced=np.where(gone, 0.0, state.pledge_announced),
        pledge_effort=np.where(gone, 0.0, state.pledge_effort),
        pledge_until=np.where(gone, -1, state.pledge_until).astype("i2"),
        pledge_since=np.where(gone, -1, state.pledge_since).astype("i2"),
        pledge_exclusive=state.pledge_exclusive & ~gone,
        pledge_regions=np.where(gone, 0, state.pledge_regions).astype("i2"),
    )


def expire_pledges(state: State, ruleset: Ruleset) -> State:
    """The state without pledges whose term has passed."""
    ended = (state.pledge_announced > 0.0) & (state.pledge_until <= state.turn)
    return _wipe(state, ended) if ended.any() else state


def break_pledges(state: State, mask: Bools, ruleset: Ruleset) -> tuple[State, Bools]:
    """Givers end pledges before their term, and lose trust: most with the receiver.

    Args:
        mask: [K, N, N, W] pledges to break.

    Returns:
        (state, pledges that were in force and are broken [K, N, N, W]).
    """
    broken = mask & live(state)
    lost = ruleset.rules.break_trust * (broken * state.pledge_announced).sum(axis=0)
    trust = state.trust - np.swapaxes(lost, 0, 1) - OTHERS_TRUST * lost.sum(axis=1)[None]
    companies = np.arange(trust.shape[0])
    trust[companies, companies] = 0.0
    state = replace(_wipe(state, broken), trust=np.clip(trust, -1.0, 1.0))
    return state, np.asarray(broken)


def visible_stakes(state: State, ruleset: Ruleset) -> Array:
    """Stakes as everybody sees them: [N, N, W] fractions.

    Disclosed sizes and control are exact; undisclosed stakes below the threshold are not seen;
    above it the public knows that there is one and guesses its size in coarse steps.
    """
    exact = stakes(state)
    open_ = state.disclosed | (exact > ruleset.rules.control)
    if not ((exact > 0.0) & ~open_).any():
        return np.asarray(np.where(open_, exact, 0.0))
    count = int(ruleset.company_uid.max()) + 1
    noise = normals(state.seed, state.world, -1, Purpose.STAKE, ruleset.company_uid, count)
    blurred = exact * np.exp(SIZE_NOISE * noise[:, ruleset.company_uid])
    coarse = np.clip(
        np.round(blurred / SIZE_STEP) * SIZE_STEP, ruleset.rules.disclosure, ruleset.rules.control
    )
    hidden = np.where(exact >= ruleset.rules.disclosure, coarse, 0.0)
    return np.asarray(np.where(open_, exact, hidden))


def shares_for(stake: float | Array, total: AnyArray) -> AnyArray:
    """New shares that make a stake of the enlarged company: whole counts."""
    part = np.asarray(stake, dtype=np.float64)
    return np.floor(part / np.maximum(1.0 - part, 1e-9) * total + 0.5).astype(np.int64)


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


def one_package(packages: Packages, row: int) -> Packages:
    """A record that holds one row of another, the rest empty."""
    kept = dataclasses.replace(packages)
    others = np.arange(packages.proposer.shape[0]) != row
    proposer = kept.proposer.copy()
    proposer[others] = -1
    return dataclasses.replace(kept, proposer=proposer)
