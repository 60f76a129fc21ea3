"""Everything that a company can do in a quarter.

Window, machine players, replays and tests build the same record; :func:`game.play.turn.step`
checks it. Dials are absolute (what shall hold from now on); actions are for this quarter alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from enum import IntFlag
from typing import Any

import numpy as np

from game.core.axes import Array, Bools, Ints, axis, empty
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.packages import Packages


class Refusal(IntFlag):
    """Why an order is not carried out: a set of reasons, each names what would make it legal."""

    NONE = 0
    ATTENTION = 1
    """Costs more attention points than are left."""
    CASH = 2
    """Needs more cash or credit than there is."""
    ALREADY = 4
    """Is already so (on sale, entering, under way, done)."""
    NOT_THERE = 8
    """Needs something that is not there (a market entered, a pledge given, a project offered)."""
    BARRED = 16
    """Law, scenario or a promise forbids it."""
    CREDIT = 32
    """Exceeds the credit line."""
    FLOOR = 64
    """Outside holders would keep too little."""
    TOO_SOON = 128
    """A lock-up or a gap between issues has not passed."""
    AUTHORISATION = 256
    """Exceeds the year's deal authorisation."""
    CONTROLLED = 512
    """A controlled company's parent decides this."""
    NOT_OPEN = 1024
    """The event card is not open to this company."""
    FAILED = 2048
    """The company has failed and acts no more."""


class Exercise(IntFlag):
    """Rights that a holder uses towards another company: a set."""

    NONE = 0
    CALL = 1
    """Buys the shares of an option."""
    CONVERT = 2
    """Turns its loan into shares."""
    BUY_OUT = 4
    """Pays its partner for its part in the joint venture that the company hosts."""


@dataclasses.dataclass(frozen=True)
class Orders:
    """Orders of all companies in all worlds."""

    # standing dials
    notch: Ints = axis("N W", "0..4", "spending level", dtype="i1", fill=2)
    mix: Array = axis(
        "N L W", "fraction", "of spending: product, reach, brand; made to sum to one", fill=1 / 3
    )
    stance: Ints = axis("N C W", "-2..2", "price stance by sector", dtype="i1")
    focus: Ints = axis("N F W", "market", "-1 none", dtype="i2", fill=-1)
    pin_stance: Ints = axis("N M W", "-2..2", "-9 none", dtype="i1", fill=-9)
    pin_spend: Array = axis("N M W", "factor", "nan none", fill=float("nan"))

    directed_by: Ints = axis(
        "N W", "company", "parent that wrote these dials; -1 itself", dtype="i2", fill=-1
    )

    # actions
    enter: Bools = axis("N M W", "-", dtype="?")
    leave: Bools = axis("N M W", "-", dtype="?")
    integrate: Ints = axis(
        "K N N W", "-", "giver puts full work into a pledge of its own", dtype="?"
    )
    break_pledge: Bools = axis("K N N W", "-", "giver ends a pledge before its term", dtype="?")
    effort: Array = axis(
        "K N N W", "0..1", "part of a pledge truly given; nan leaves it", fill=float("nan")
    )
    exercise: Ints = axis(
        "N N W", "bits", "Exercise: rights of the first in the second used now", dtype="i1"
    )
    investigate: Ints = axis("N W", "company", "-1 none", dtype="i2", fill=-1)
    attack: Ints = axis("N W", "company", "belittled in public; -1 none", dtype="i2", fill=-1)
    praise: Ints = axis("N W", "company", "backed in public; -1 none", dtype="i2", fill=-1)
    borrow: Array = axis("N W", "USD m", "negative repays")
    issue: Array = axis("N W", "USD m", "of new shares sold to the public at the quote")
    dividend: Array = axis("N W", "USD m", "to all holders")
    buy_back: Array = axis("N W", "USD m", "of shares bought from the public at the quote")
    project: Ints = axis("N W", "project", "-1 none", dtype="i1", fill=-1)
    choice: Ints = axis(
        "V N W",
        "option",
        "of an open event card; -1 leaves it to the delegate",
        dtype="i1",
        fill=-1,
    )

    ready: Ints = axis(
        "N W", "company", "whose shares the seat bids for, once another has agreed to buy them; "
        "-1 nobody's, -2 anybody's", dtype="i2", fill=-1,
    )  # fmt: skip
    ready_most: Array = axis(
        "N W", "USD m", "paid for them at most; nan by own valuation", fill=float("nan")
    )
    match_most: Array = axis(
        "N W",
        "USD m",
        "added at most to a deal of its own that is topped; nan by own valuation",
        fill=float("nan"),
    )
    open_bids: Bools = axis(
        "N W", "-", "shares that the seat agrees to sell may go to a better bid", dtype="?"
    )

    proposals: Packages = dataclasses.field(kw_only=True)
    """Tabled in this turn's round of all seats; P = 2N, two rows a seat in seat order."""
    signed: Packages = dataclasses.field(kw_only=True)
    """Agreed in the window before the turn; answered again inside the turn. P = 2N."""


def no_orders(state: State, ruleset: Ruleset) -> Orders:
    """Orders that change nothing: dials as they stand, no actions.

    Returns:
        Orders for all companies in the worlds of ``state``; arrays are fresh and writable.
    """
    sizes = {**ruleset.sizes, "W": state.cash.shape[-1]}
    dials = {
        name: getattr(state, name).copy()
        for name in ("notch", "mix", "stance", "focus", "pin_stance", "pin_spend")
    }
    return empty(
        Orders, sizes, proposals=empty(Packages, sizes), signed=empty(Packages, sizes), **dials
    )


DIALS = ("notch", "mix", "stance", "focus", "pin_stance", "pin_spend", "directed_by")
"""What a parent may write for a company that it controls."""


def merge_orders(whole: Orders, part: Orders, seats: Ints) -> Orders:
    """``whole`` with the rows of these seats taken from ``part``.

    Where a parent has written a company's dials (``directed_by``), these hold against the
    company's own, whichever of the two comes first.

    Args:
        seats: [A] company indices. All of them in their order make it ``part`` itself.
    """
    if _everybody(part, seats):
        return part
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(Orders):
        mine, theirs = getattr(whole, field.name), getattr(part, field.name)
        if isinstance(mine, Packages):
            rows = np.concatenate([2 * np.asarray(seats), 2 * np.asarray(seats) + 1])
            changes[field.name] = mine.with_rows(rows, theirs)
            continue
        out = mine.copy()
        axes = field.metadata["axes"]
        place = (slice(None),) * axes.index("N") + (np.asarray(seats),)
        out[place] = theirs[place]
        changes[field.name] = out
    _let_parents_write(changes, whole, part, np.asarray(seats))
    return dataclasses.replace(whole, **changes)


def _let_parents_write(changes: dict[str, Any], whole: Orders, part: Orders, seats: Ints) -> None:
    """Put dials that a parent wrote, in either record, into the merged fields."""
    if not ((whole.directed_by >= 0).any() or (part.directed_by >= 0).any()):
        return
    own = np.isin(np.arange(len(whole.notch)), seats)[:, None]
    kept = own & (whole.directed_by >= 0)
    taken = ~own & np.isin(part.directed_by, seats)
    for name in DIALS:
        mine, theirs = getattr(whole, name), getattr(part, name)
        middle = (slice(None), *[None] * (mine.ndim - 2))
        out = np.where(kept[middle], mine, changes[name])
        changes[name] = np.where(taken[middle], theirs, out)


def gather_orders(state: State, ruleset: Ruleset, parts: Sequence[tuple[Orders, Ints]]) -> Orders:
    """Orders of all companies from those of policies and the seats that each plays.

    Companies that nobody plays leave everything as it is.
    """
    if len(parts) == 1 and _everybody(*parts[0]):
        return parts[0][0]
    whole = no_orders(state, ruleset)
    for part, seats in parts:
        whole = merge_orders(whole, part, seats)
    return whole


def _everybody(orders: Orders, seats: Ints) -> bool:
    return np.array_equal(seats, np.arange(len(orders.notch)))
