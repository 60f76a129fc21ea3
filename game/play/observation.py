"""What a seat may know: its own books, public reports, disclosed stakes, noisy estimates.

The public part is the same for everybody. The private part has one row a viewing seat. Nothing
here depends on a fact that the seat cannot see; a test changes hidden facts and compares.
"""

from __future__ import annotations

import dataclasses
from typing import Protocol

from game.core.axes import AnyArray, Array, Bools, Ints, axis
from game.core.errors import RuleError
from game.core.state import State


class Ahead(Protocol):
    """Opens worlds to be played ahead in; knows no more than the seat that asks."""

    def __call__(self, seat: int, lanes: Ints, count: int) -> State:
        """Worlds as a viewing seat believes them, ``count`` for each of ``lanes``."""
        ...


def closed(seat: int, lanes: Ints, count: int) -> State:
    """The door of a view that was not made by ``observe``: shut."""
    raise RuleError("this view cannot be looked ahead from", "Observation.ahead")


@dataclasses.dataclass(frozen=True)
class Observation:
    """What these seats may know at the start of a quarter. Axis A: the viewing seats."""

    turn: int
    seats: Ints
    """[A] company indices."""

    # keys for a policy's own chance; never those of the game
    seed: AnyArray = axis("W", "-", dtype="u8")
    world: AnyArray = axis("W", "-", dtype="u8")
    active: Bools = axis("W", "-", dtype="?")

    # public: markets
    on_sale: Bools = axis("N M W", "-", dtype="?")
    entering: Bools = axis("N M W", "-", "announced entries", dtype="?")
    may_enter: Bools = axis("A M W", "-", "law and scenario let the seat in now", dtype="?")
    price: Array = axis("N M W", "USD a unit")
    units: Array = axis("N M W", "m units")
    base: Array = axis("N M W", "m units")
    quality: Array = axis("N M W", "utils", "as reviewers see it: exact")
    frontier: Array = axis("M W", "utils")
    market_size: Array = axis("M W", "m buyers")
    fringe_units: Array = axis("M W", "m units")
    adopters: Array = axis("M W", "m people", "have ever bought, or use")
    coverage_seen: Array = axis("N M H W", "fraction", "shops and listings can be counted")
    sensitivity: Array = axis(
        "N M W", "m units a util", "of own sales to own appeal, by the demand law"
    )
    reach: Array = axis("N M W", "fraction", "of buyers that the product reaches")
    margin: Array = axis(
        "N M W", "USD a unit", "implied by price and sensitivity (what an analyst infers)"
    )

    # public: companies and relations
    status: Ints = axis("N W", "code", dtype="i1")
    quote: Array = axis("N W", "USD m a share")
    shares_total: Ints = axis("N W", "shares", dtype="i8")
    founders: Ints = axis("N W", "shares", dtype="i8")
    stake: Array = axis(
        "N N W",
        "fraction",
        "publicly known: disclosed sizes, estimates of undisclosed ones over the threshold",
    )
    board: Bools = axis("N N W", "-", dtype="?")
    board_until: Ints = axis("N N W", "quarter", "seats by contract; 0 none", dtype="i2")
    standstill_until: Ints = axis("N N W", "quarter", "0 free", dtype="i2")
    call_shares: Ints = axis("N N W", "shares", "holder may buy of the issuer", dtype="i8")
    call_price: Array = axis("N N W", "USD m a share", dtype="f4")
    call_until: Ints = axis("N N W", "quarter", "0 none", dtype="i2")
    loan_owed: Array = axis("N N W", "USD m", "debtor to creditor")
    loan_due: Ints = axis("N N W", "quarter", "0 no loan", dtype="i2")
    loan_price: Array = axis("N N W", "USD m a share", "0 cannot become shares", dtype="f4")
    pays_later: Bools = axis("N W", "-", "an instalment is open", dtype="?")
    hosting: Bools = axis("N W", "-", "a joint venture in one of its lines is open", dtype="?")
    pledge_announced: Array = axis("K N N W", "0..1")
    pledge_until: Ints = axis("K N N W", "quarter", dtype="i2")
    pledge_since: Ints = axis("K N N W", "quarter", "works from it on; -1 none", dtype="i2")
    pledge_exclusive: Bools = axis("K N N W", "-", dtype="?")
    pledge_regions: Ints = axis("K N N W", "bits", dtype="i2")
    fit_guess: Array = axis(
        "N N W", "factor", "analysts' guess of how well a pair would work together"
    )
    event_open: Bools = axis("V W", "-", "card is on the table now", dtype="?")
    trust: Array = axis("N N W", "-1..1", "reputation is public")
    locked_until: Ints = axis("N N W", "quarter", "lock-ups are in the filings", dtype="i2")
    last_issue: Ints = axis("N W", "quarter", dtype="i2")
    mandate_best: Array = axis("N J W", "0..1", "stated in public")
    path_run: Ints = axis("N D W", "quarters", dtype="i2")
    score: Array = axis("N W", "points", "by public figures")

    # estimates, one row a viewer; its own company exact
    cash_guess: Array = axis("A N W", "USD m")
    debt_guess: Array = axis("A N W", "USD m")
    profit_guess: Array = axis("A N W", "USD m", "smoothed operating profit a quarter")
    value_guess: Array = axis("A N W", "USD m", "fundamental, to outside holders")

    # private: own books
    held: Array = axis("A N W", "fraction", "own stake in each company, exact")
    held_shares: Ints = axis("A N W", "shares", dtype="i8")
    attention: Ints = axis("A W", "points", dtype="i1")
    authorisation: Array = axis("A W", "USD m")
    cost: Array = axis("A M W", "USD a unit")
    goodwill: Array = axis("A M W", "USD a head")
    coverage: Array = axis("A M H W", "fraction")
    contribution: Array = axis("A M W", "USD m")
    effort: Array = axis("K A N W", "0..1", "given by the seat to each receiver")
    report: Array = axis("K N A W", "0..1", "noisy: effort received from each giver")
    notch: Ints = axis("A W", "0..4", dtype="i1")
    mix: Array = axis("A L W", "fraction")
    stance: Ints = axis("A C W", "-2..2", dtype="i1")
    focus: Ints = axis("A F W", "market", dtype="i2")
    project_now: Ints = axis("A W", "project", dtype="i1")
    projects_done: Ints = axis("A W", "bits", dtype="i4")
    patience: Array = axis("A N W", "0..1", "of each company in talks with the seat")

    ahead: Ahead = dataclasses.field(default=closed, repr=False, compare=False)
    """Worlds as a viewing seat believes them, drawn when asked for and with chance of their own:
    the only way from a view to a state, and never to the true one."""
    group: Group | None = dataclasses.field(default=None, repr=False, compare=False)
    """Companies that the viewing seats control, their books open; None while there are none."""


@dataclasses.dataclass(frozen=True)
class Group:
    """Companies under the viewing seats; axis E: one in one world, the last repeated if alone.

    A subsidiary is here with its ultimate parent, whatever holds it in between.
    """

    view: Observation
    """What their own managers know, a world an entry; rows of other companies are blank."""
    parent: Ints
    """[E] company index."""
    company: Ints
    """[E] company index; one of ``view.seats``."""
    lane: Ints
    """[E] world of the parent's view."""
    interest: Array
    """[N, E] part of each company of the group that is the parent's, chains included; 1 of itself,
    0 of companies outside the group."""
