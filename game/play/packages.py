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
    OPTION = 13
    """Rights to buy shares later, at their price by Black and Scholes."""
    LATER = 14
    """What is expected of payments that hang on a milestone."""
    BUSINESS = 15
    """Businesses handed over, and the whole of a company."""
    REGULATOR = 16
    """What authorities may do to it: lost with a ban, late, less what remedies cost."""


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
    REGION = 2097152
    """A pledge is bound to no region that the scenario has."""
    STANDSTILL = 4194304
    """The buyer has promised not to buy the company's shares."""
    OPTION = 8388608
    """An option on the company is open already, or it says no price or too many shares."""
    NON_COMPETE = 16777216
    """The side sells there or is entering, or there is no such market."""
    CLAUSE = 33554432
    """A clause is out of range."""
    ADVANCED = 67108864
    """The rules of this game leave this clause out."""
    INSTALMENT = 134217728
    """An instalment of the payer is open already, its milestone says nothing, or it hangs on the
    figures of a company that would give a business away."""
    BUSINESS = 268435456
    """There is no such business to hand over, or the buyer may not sell there."""
    WHOLE = 536870912
    """A company cannot be sold whole together with this."""
    VENTURE = 1073741824
    """A joint venture lacks money, a part of the profit or a market that its host sells in or may
    enter with the money; one of the host's is open, or one of the two is controlled."""
    CLASH = 2147483648
    """Another deal of the same quarter stands in the way."""
    OUTBID = 1 << 40
    """Another company paid more for the stake."""
    REVIEW = 1 << 41
    """An authority looks at it, or has forbidden it not long ago."""
    FORBIDDEN = 1 << 42
    """An authority forbids it."""
    UNDERTAKING = 1 << 43
    """A side has undertaken to an authority to promise nothing to one partner alone."""


class Extra(IntEnum):
    """Clauses beyond money, shares, pledges and loans, by slot of ``Packages.extra``.

    Each is what the side GIVES; all run for the term of the package.
    """

    BOARD = 0
    """1: a seat on the side's board for the other."""
    STANDSTILL = 1
    """1: the side buys no shares of the other."""
    CALL_STAKE = 2
    """New shares of the side that the other may buy, as a fraction of its shares after them."""
    CALL_PRICE = 3
    """USD m a share for them."""
    NON_COMPETE = 4
    """Where the side does not begin to sell: a market + 1, or -(a sector + 1)."""
    INSTALMENT = 5
    """USD m that the side pays when a milestone of the other is met within the term."""
    MILESTONE = 6
    """:class:`Milestone`; from ``UNITS`` on, the sector is added."""
    TARGET = 7
    """What the milestone must reach."""
    CONVERT_PRICE = 8
    """USD m a share at which the side's debt to the other may be turned into new shares."""
    BUSINESS = 9
    """The side's business that the other gets: a market + 1, or -(a sector + 1)."""
    WHOLE = 10
    """1: all shares of the side; what the other pays goes to the side's holders."""
    VENTURE = 11
    """USD m that the side pays for a joint venture in a business of the other, its host."""
    VENTURE_MARKET = 12
    """Market + 1 of that business."""
    VENTURE_SHARE = 13
    """Part of its profit that the side gets for it."""


BASIC = (Extra.BOARD, Extra.STANDSTILL, Extra.CALL_STAKE, Extra.CALL_PRICE)
"""Slots that every game has; the others are for games with advanced deals."""


class Milestone(IntEnum):
    """On what an instalment waits: figures of the side that is paid."""

    NONE = 0
    DATE = 1
    """Nothing: it is paid in the last quarter of the term."""
    PROFIT = 2
    """Net profit of a quarter, USD m."""
    REVENUE = 3
    """Revenue of a quarter, USD m."""
    UNITS = 4
    """Units sold in four quarters in a sector, m; the sector's number is added."""


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
    regions: Ints = axis(
        "X K P W", "bits", "regions that a pledge of the side covers; 0 all", dtype="i2"
    )
    extra: Array = axis("X E P W", "by slot", "Extra: what else the side gives", dtype="f4")

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
