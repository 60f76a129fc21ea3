"""Claims that are open between companies and that their worth does not show: rights to new
shares, payments that hang on a milestone, and loans at another rate than lenders ask.

They are few, so they are kept as lists. Whoever trades shares counts them, or what a company has
promised of itself could be sold again with its shares.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from game.core.axes import Array, Ints
from game.core.ruleset import Ruleset
from game.core.state import State
from game.finance.options import warrant_worth
from game.play.milestones import paid_part

ROUNDS = 4
"""In which rights come to terms that are on each other's issuers."""
STEP = 1e-3
"""Of an issuer's worth: by so much more it is asked what rights take of it."""


class Contracts(Protocol):
    """What holds contracts among companies: a state, or a view of it."""

    @property
    def turn(self) -> int: ...
    @property
    def call_shares(self) -> Ints: ...
    @property
    def call_price(self) -> Array: ...
    @property
    def call_until(self) -> Ints: ...
    @property
    def loan_owed(self) -> Array: ...
    @property
    def loan_due(self) -> Ints: ...
    @property
    def loan_price(self) -> Array: ...


class Rights(NamedTuple):
    """Rights to new shares; axis L."""

    holder: Ints
    issuer: Ints
    lane: Ints
    new: Array
    """Shares."""
    price: Array
    """USD m a share."""
    left: Ints
    """Quarters."""


class Loans(NamedTuple):
    """Loans among companies; axis L."""

    debtor: Ints
    creditor: Ints
    lane: Ints
    owed: Array
    """USD m."""
    rate: Array
    """A quarter."""
    left: Ints
    """Quarters in which it still bears interest."""


class Waiting(NamedTuple):
    """Instalments that wait for a milestone; axis L."""

    payer: Ints
    payee: Ints
    lane: Ints
    amount: Array
    """USD m."""
    on: Array
    """:class:`game.play.packages.Milestone`."""
    target: Array
    left: Ints
    """Quarters."""


class Claims(NamedTuple):
    """All that is open."""

    rights: Rights
    loans: Loans | None
    """None where their rates are not known."""
    waiting: Waiting | None
    """None where nobody knows of any."""


def claims_of_state(state: State) -> Claims | None:
    """Everything that is open; None when nothing is."""
    waiting = None
    if state.instalment_until.any():
        payer, lane = at = np.nonzero(state.instalment_until > state.turn)
        waiting = Waiting(
            payer,
            state.instalment_to[at].astype(np.int64),
            lane,
            state.instalment[at],
            state.instalment_on[at].astype(float),
            state.instalment_target[at].astype(float),
            state.instalment_until[at].astype(np.int64) - state.turn - 1,
        )
    return claims_of(state, state.loan_rate, waiting)


def claims_of(
    told: Contracts, rates: Array | None = None, waiting: Waiting | None = None
) -> Claims | None:
    """What is open by public contracts; None when nothing is.

    Args:
        rates: [N, N, W] of loans, debtor by creditor, where they are known.
    """
    turn = told.turn
    if waiting is None and not (told.call_until.any() or told.loan_due.any()):
        return None
    holder, issuer, lane = np.nonzero(told.call_until > turn)
    call = (holder, issuer, lane)
    left = told.call_until[call].astype(np.int64) - turn - 1
    debtor, creditor, where = np.nonzero(told.loan_due > 0)
    loan = (debtor, creditor, where)
    owed = told.loan_owed[loan]
    rate = np.zeros(owed.shape) if rates is None else rates[loan].astype(float)
    due = np.maximum(told.loan_due[loan].astype(np.int64) - turn + 1, 0)
    price = told.loan_price[loan].astype(float)
    some = np.flatnonzero((price > 0.0) & (owed > 0.0))
    turned = owed[some] * (1.0 + rate[some]) ** due[some] / price[some]
    rights = Rights(
        np.concatenate([holder, creditor[some]]),
        np.concatenate([issuer, debtor[some]]),
        np.concatenate([lane, where[some]]),
        np.concatenate([told.call_shares[call].astype(float), turned]),
        np.concatenate([told.call_price[call].astype(float), price[some]]),
        np.concatenate([left, due[some]]),
    )
    loans = None if rates is None else Loans(debtor, creditor, where, owed, rate, due)
    return Claims(rights, loans, waiting)


class Figures(Protocol):
    """What is known of companies: the facts of deals."""

    @property
    def contribution(self) -> Array: ...
    @property
    def units(self) -> Array: ...
    @property
    def price(self) -> Array: ...
    @property
    def stake(self) -> Array: ...


def claims_worth(
    claims: Claims, equity: Array, shares: Ints, figures: Figures, ruleset: Ruleset
) -> tuple[Array, Array | None]:
    """What open claims add to the worth of companies, and what rights take of what is added.

    A right is worth what the option on it is, a loan the interest beyond what lenders ask; one
    side has what the other lacks.

    Args:
        equity: [V, N, W] USD m of all shares, as each viewing seat knows it. shares: [N, W].

    Returns:
        (USD m, holdings apart [V, N, W]; part of a dollar more of the issuer's worth that goes to
        whoever holds rights, [N, N, W] holder by issuer, None without any or where seats know
        different things).
    """
    rules, out = ruleset.rules, np.zeros(equity.shape)
    rights, loans, waiting = claims
    if loans is not None:
        growth = ((1.0 + loans.rate) / (1.0 + rules.interest)) ** loans.left
        _move(out, loans.debtor, loans.creditor, loans.lane, loans.owed * (growth - 1.0))
    if waiting is not None:
        profit = figures.contribution[:, waiting.payee, waiting.lane]
        part = paid_part(
            figures.units, figures.price, profit, waiting.payee, waiting.lane, waiting.on,
            waiting.target, waiting.left, ruleset,
        )  # fmt: skip
        _move(out, waiting.payer, waiting.payee, waiting.lane, part * waiting.amount)
    if not rights.lane.size:
        return out, None
    base = equity + out
    worth = each = np.zeros((len(equity), rights.lane.size))
    through = np.zeros(worth.shape)
    for turn in range(ROUNDS):
        out = base - equity
        _move(out, rights.issuer, rights.holder, rights.lane, worth)
        if turn == ROUNDS - 2:  # what claims bring companies comes to those who own them
            through = np.zeros(worth.shape)
            for held in range(len(shares)):  # one by one: a lone right would sum otherwise
                stake = figures.stake[rights.issuer, held, rights.lane]
                through += stake * out[:, held, rights.lane]
        each = (equity + out)[:, rights.issuer, rights.lane] + through + worth
        worth = _right(rights, each, shares, ruleset)
    out = base - equity
    _move(out, rights.issuer, rights.holder, rights.lane, worth)
    if len(equity) > 1:
        return out, None
    step = STEP * np.maximum(each, 1.0)
    part = (_right(rights, each + step, shares, ruleset) - worth) / step
    taken = np.zeros((equity.shape[1], *equity.shape[1:]))
    np.add.at(taken, (rights.holder, rights.issuer, rights.lane), part[0])
    return out, taken


def rights_held(rights: Rights, equity: Array, shares: Ints, ruleset: Ruleset) -> Array:
    """What rights are worth, given what companies are worth with them: [N, N, W] USD m, holder by
    issuer.

    Args:
        equity: [N, W] USD m of all shares, claims counted. shares: [N, W].
    """
    net = equity[rights.issuer, rights.lane][None]
    worth = np.zeros(net.shape)
    for _ in range(ROUNDS):
        worth = _right(rights, net + worth, shares, ruleset)
    out = np.zeros((len(equity), *equity.shape))
    np.add.at(out, (rights.holder, rights.issuer, rights.lane), worth[0])
    return out


def _right(rights: Rights, worth: Array, shares: Ints, ruleset: Ruleset) -> Array:
    """Worth of rights by what others leave of the issuers' worth: [V, L] USD m."""
    rules, count = ruleset.rules, shares[rights.issuer, rights.lane]
    return warrant_worth(
        worth, count, rights.new, rights.price, rights.left, rules.deposit, rules.share_sd
    )


def _move(out: Array, giver: Ints, taker: Ints, lane: Ints, worth: Array) -> None:
    """Add to one side what the other lacks; ``worth`` [V, L]."""
    _add(out, taker, lane, worth)
    _add(out, giver, lane, -worth)


def _add(out: Array, who: Ints, lane: Ints, worth: Array) -> None:
    """Add amounts to companies; ``worth`` [V, L]."""
    views, count, worlds = out.shape
    amount = np.broadcast_to(worth, (views, lane.size)).reshape(-1)
    row = np.arange(views)[:, None] * (count * worlds)
    np.add.at(out.reshape(-1), (row + (who * worlds + lane)).reshape(-1), amount)
