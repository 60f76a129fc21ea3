"""Deals as data: two lists of clauses, one a side, for many packages at once."""

from __future__ import annotations

import dataclasses
from enum import IntEnum, IntFlag

import numpy as np

from game.core.axes import Array, Bools, Ints, array_fields, axis


class Code(IntEnum):
    """What the other side says."""

    NONE = 0
    ACCEPT = 1
    REFUSE = 2
    COUNTER = 3


class Term(IntEnum):
    """Named terms of what a package is worth to a side; they add up to the total."""

    CASH = 0
    """Cash received less paid by the company (or its founders)."""
    STAKE = 1
    """Shares received at look-through value."""
    DILUTION = 2
    """Value handed to the other side with own shares."""
    EARNINGS = 3
    """What the pledges received will earn over their term."""
    GIVING = 4
    """Cost of the pledges given."""
    RIVAL = 5
    """Rival strengthened in markets where both sell."""
    CONTROL = 6
    """Votes won or lost."""
    DEPENDENCE = 7
    RISK = 8
    TRUST = 9
    TABOO = 10
    NEGOTIATION = 11
    """Advisers and attention."""
    LOAN = 12
    """Interest above or below what lenders ask, less the lender's fear of default."""


class DealFlag(IntFlag):
    """Why a package cannot be settled or is not wanted."""

    NONE = 0
    EMPTY = 1
    SELF = 2
    CASH = 4
    """Payer lacks the cash."""
    AUTHORISATION = 8
    """Payer's yearly deal authorisation is too small."""
    SHARES = 16
    """Seller does not hold so many shares."""
    FLOOR = 32
    """Outside holders would keep too little."""
    PARENT = 64
    """A subsidiary would hold its parent."""
    LOCKED = 128
    """Shares are locked up."""
    ISSUE_GAP = 256
    """The issuer sold new shares too recently."""
    EXCLUSIVE = 512
    """The giver has promised this kind to another alone."""
    RECEIVER_FULL = 1024
    """The receiver already takes this kind from another."""
    GIVER_FULL = 2048
    NO_CAPABILITY = 4096
    """The giver has nothing of this kind to lend."""
    TABOO = 8192
    ATTENTION = 16384
    WORTH = 32768
    """Worth less than the side's bargaining share."""
    PATIENCE = 65536
    """The other side will not talk again this quarter."""
    CONTROLLED = 131072
    """A controlled company's parent decides this."""
    TERM = 262144
    """A pledge without a term of those that the rules allow."""
    FAILED = 524288
    """One of the two has failed."""
    LOAN = 1048576
    """A loan from the one to the other is still open, both lend, or the rate is out of range."""


@dataclasses.dataclass(frozen=True)
class Packages:
    """Packages on the table. Row 2n and 2n+1 are what company n proposes.

    Axis X is the side: 0 the proposer, 1 the counterparty. Each clause is what that side GIVES.
    """

    proposer: Ints = axis("P W", "company", "-1: empty row", dtype="i2", fill=-1)
    counterparty: Ints = axis("P W", "company", "-1: empty row", dtype="i2", fill=-1)
    cash: Array = axis("X P W", "USD m", "paid by the side")
    new_shares: Ints = axis("X P W", "shares", "newly issued by the side to the other", dtype="i8")
    old_shares: Ints = axis(
        "X P W", "shares", "existing shares handed over by the side", dtype="i8"
    )
    old_issuer: Ints = axis(
        "X P W",
        "company",
        "whose shares; the side itself means its founders sell; -1 none",
        dtype="i2",
        fill=-1,
    )
    pledge: Array = axis("X K P W", "0..1", "strength promised by the side; 0 none")
    exclusive: Bools = axis("X K P W", "-", "the side lends it to nobody else", dtype="?")
    loan: Array = axis("X P W", "USD m", "lent by the side, repaid with interest after the term")
    loan_rate: Array = axis("P W", "a quarter", "interest on the loan of the package")
    term: Ints = axis("P W", "quarters", "of all pledges and the loan of the package", dtype="i2")
    disclosed: Bools = axis("P W", "-", "the size of the stake is announced", dtype="?")

    def with_rows(self, rows: Ints, other: Packages) -> Packages:
        """These packages with some rows taken from another record of the same shape."""
        changes = {}
        for field in array_fields(self):
            out = getattr(self, field.name).copy()
            place = (slice(None),) * field.metadata["axes"].index("P") + (np.asarray(rows),)
            out[place] = getattr(other, field.name)[place]
            changes[field.name] = out
        return dataclasses.replace(self, **changes)


@dataclasses.dataclass(frozen=True)
class Answer:
    """What the counterparties say to packages."""

    code: Ints
    """[P, W] :class:`Code`."""
    reasons: Ints
    """[P, W] :class:`DealFlag` bits."""
    terms: Array
    """[X, T, P, W] USD m, what each named term is worth to each side by public information and
    the answering side's own books."""
    needed: Array
    """[P, W] USD m that the counterparty misses against what it now asks for; 0 when it accepts."""
    patience: Array
    """[P, W] patience with the proposer that the answer costs the counterparty."""
    counter: Packages
    """What would make it work, where the code is COUNTER."""
