"""Why machines did what they did in a quarter: each move of note with its grounds, in figures.

    for reason in reasons(before, after, report, orders, ruleset, seats, seat=me): ...

Worked out by the same laws that the players decide by, from the same observations, once the
quarter is played: who keeps no log pays nothing for it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np

from game.core.axes import Array, Ints
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.deal_facts import facts_of_view as facts_of_books
from game.play.observation_build import observe
from game.play.orders import Exercise, Orders
from game.play.packages import Code
from game.play.pledge_facts import facts_of_view
from game.play.pledge_value import PledgeValues, pledge_worth_of_state
from game.play.report import Line, Report
from game.play.terms import estimated_terms, package_terms
from game.policies.conduct import overlap
from game.policies.desk import Desk
from game.policies.effects import effects_worth
from game.policies.effort import audits_below, brought_back
from game.policies.expansion import QUARTERS_AHEAD, present_worth, prospects
from game.policies.frame import Listed
from game.policies.goals import entry_bonus, goals_of

LEAST_MONEY = 1.0
"""USD m: smaller moves of money, and terms of deals, are of no note."""
MOST = 96
"""Moves of a quarter that are logged, the weightiest kinds first."""


class Act(IntEnum):
    """A move of note."""

    DEAL = 0
    TOPPED = 1
    BROKE = 2
    ATTACKED = 3
    ENTERED = 4
    LEFT = 5
    PROJECT = 6
    CHOSE = 7
    BORROWED = 8
    ISSUED = 9
    PAID_OUT = 10
    BOUGHT_BACK = 11
    AUDITED = 12
    EXERCISED = 13
    REFUSED = 14


class Motive(IntEnum):
    """What spoke for or against a move."""

    WORTH = 0
    """USD m, expected."""
    PROFIT = 1
    """USD m a quarter, expected."""
    LICENCE = 2
    """USD m."""
    GOAL = 3
    """USD m, what mandates add."""
    PRICE = 4
    """USD m that it costs or costed."""
    NEXT_BEST = 5
    """USD m, the best of what was not chosen."""
    COST = 6
    """USD m a quarter."""
    BROUGHT = 7
    """USD m a quarter that the partner brings."""
    TRUST_LOST = 8
    """-1 to 1 scale."""
    QUARTERS_LEFT = 9
    OVERLAP = 10
    """Fraction of the revenue that is earned against the other."""
    TRUST = 11
    """-1 to 1, in the other."""
    COUNTDOWN = 12
    """Quarters after which the other would end the game."""
    MISSING = 13
    """USD m of cash below what is thought safe."""
    RUNWAY = 14
    """Quarters that the cash lasts."""
    SPARE = 15
    """USD m beyond what has a use."""
    DISCOUNT = 16
    """Fraction by which own shares trade below their worth."""
    HEARD = 17
    """Fraction of a promise that seems to arrive."""
    SUSPECTED = 18
    """Fraction below which it audits."""
    SHORT = 19
    """USD m by which an offer missed what was asked."""
    EARNED = 20
    """USD m a quarter that a business earned."""


@dataclass(frozen=True)
class Ground:
    """One ground of a move."""

    motive: Motive
    value: float
    public: bool
    """Everybody can know it; else the mover alone."""
    seen: float = math.nan
    """What the person's seat reckons it to be, where it is not public; nan: it has no idea."""


@dataclass(frozen=True)
class DealTerm:
    """A term of a deal, by the sides' own valuation and as the person's seat reckons; USD m."""

    term: int
    """:class:`game.play.packages.Term`."""
    one: float
    other: float
    seen_one: float
    seen_other: float


@dataclass(frozen=True)
class Reason:
    """A move with its grounds."""

    act: Act
    company: int
    other: int = -1
    """The other side, -1 nobody."""
    about: int = -1
    """Market, pledge kind, event, project or amount in USD m, by the act."""
    choice: int = -1
    """Option of an event."""
    public: bool = True
    """The move itself is known to everybody."""
    grounds: tuple[Ground, ...] = ()
    terms: tuple[DealTerm, ...] = ()


def reasons(
    before: State,
    after: State,
    report: Report,
    orders: Orders,
    ruleset: Ruleset,
    seats: Ints,
    seat: int,
) -> tuple[Reason, ...]:
    """Moves of note of a quarter, in the first world, the weightiest kinds first.

    Args:
        before: as the turn met it. after: at its end. report: with its settlement.
        seats: of the machines. seat: whose estimates are logged beside the truth.
    """
    book = _Book(before, after, report, orders, ruleset, np.asarray(seats, np.int64), seat)
    found = [
        *_deals(book), *_topped(book), *_broken(book), *_attacks(book), *_cards(book),
        *_entries(book), *_exits(book), *_projects(book), *_capital(book), *_audits(book),
        *_rights(book), *_refusals(book),
    ]  # fmt: skip
    return tuple(found[:MOST])


class _Book:
    """A quarter as its players decided it, at the first world."""

    def __init__(
        self,
        before: State,
        after: State,
        report: Report,
        orders: Orders,
        ruleset: Ruleset,
        seats: Ints,
        seat: int,
    ) -> None:
        self.before, self.after, self.report, self.orders = before, after, report, orders
        self.ruleset, self.seats = ruleset, seats
        self.desk = Desk(observe(before, ruleset, seats), ruleset, seats)
        self.eyes = observe(before, ruleset, np.array([seat]))
        self.row = {int(seat): place for place, seat in enumerate(seats)}

    @cached_property
    def quotes(self) -> tuple[Array, Array]:
        """Worth and cost of pledges by public figures: [K, N, N, W] USD m a quarter."""
        return pledge_worth_of_state(self.before, self.ruleset)

    def mine(self, company: int) -> int:
        """A machine's row at the desk; -1 for others."""
        return self.row.get(int(company), -1)


def _money(motive: Motive, value: float, public: bool = False, seen: float = math.nan) -> Ground:
    return Ground(motive, float(value), public, float(seen))


# ------------------------------------------------------------------------------ the table


def _deals(book: _Book) -> Iterator[Reason]:
    settlement = book.report.settlement
    if settlement is None or not settlement.news.settled[:, 0].any():
        return
    table, ruleset = settlement.news.packages, book.ruleset
    worth, cost = book.quotes
    true = package_terms(table, book.before, ruleset, worth, cost)[..., 0]
    seen = estimated_terms(table, book.eyes, ruleset, worth, cost)[..., 0]
    for row in np.flatnonzero(settlement.news.settled[:, 0]).tolist():
        parts = tuple(
            DealTerm(term, *map(float, (*true[:, term, row], *seen[:, term, row])))
            for term in range(true.shape[1])
            if max(np.abs(true[:, term, row]).max(), np.abs(seen[:, term, row]).max())
            >= LEAST_MONEY
        )
        one, other = int(table.proposer[row, 0]), int(table.counterparty[row, 0])
        yield Reason(Act.DEAL, one, other, terms=parts)


def _topped(book: _Book) -> Iterator[Reason]:
    settlement = book.report.settlement
    contests = settlement.contests if settlement is not None else None
    if contests is None:
        return
    for at in np.flatnonzero(contests.lane == 0).tolist():
        bids = (
            _money(Motive.PRICE, contests.bid[at], True),
            _money(Motive.NEXT_BEST, contests.price[at], True),
        )
        yield Reason(Act.TOPPED, int(contests.topper[at]), int(contests.target[at]), grounds=bids)


def _refusals(book: _Book) -> Iterator[Reason]:
    """What was turned down at the table; nobody else hears of it."""
    settlement = book.report.settlement
    if settlement is None or settlement.talks is None or settlement.judged is None:
        return
    talks, verdict = settlement.talks, settlement.judged
    once, lane = talks.cells.single, talks.cells.lane[talks.cells.single]
    missed = (
        (verdict.needed[once] > LEAST_MONEY) & (verdict.code[once] == Code.REFUSE) & (lane == 0)
    )
    for place in np.flatnonzero(missed).tolist():
        grounds = (_money(Motive.SHORT, verdict.needed[once][place]),)
        deciding, waiting = int(talks.deciding[place]), int(talks.waiting[place])
        yield Reason(Act.REFUSED, deciding, waiting, public=False, grounds=grounds)


def _rights(book: _Book) -> Iterator[Reason]:
    """Options used and loans turned into shares: what they cost and what the shares are worth."""
    before = book.before
    for holder, issuer in np.argwhere(book.report.exercised[..., 0] > 0).tolist():
        row, pair = book.mine(holder), (holder, issuer, 0)
        if row < 0:
            continue
        called = bool(book.report.exercised[pair] & Exercise.CALL)
        if called:
            count = float(before.call_shares[pair])
            price = count * float(before.call_price[pair])
        else:
            price = float(before.loan_owed[issuer, holder, 0])
            count = price / max(float(before.loan_price[issuer, holder, 0]), 1e-12)
        every = float(book.desk.view.shares_total[issuer, 0])
        whole, seen = (
            float(view.value_guess[place, issuer, 0])
            for view, place in ((book.desk.view, row), (book.eyes, 0))
        )
        part = count / max(every + count, 1.0)
        worth = _money(Motive.WORTH, (whole + price) * part, seen=(seen + price) * part)
        yield Reason(
            Act.EXERCISED, holder, issuer, grounds=(worth, _money(Motive.PRICE, price, True))
        )


# --------------------------------------------------------------------- pledges and rivals


def _broken(book: _Book) -> Iterator[Reason]:
    broken = np.argwhere(book.report.broken[..., 0]).tolist()
    if not any(book.mine(giver) >= 0 for _, giver, _ in broken):
        return
    desk = book.desk
    values = PledgeValues(facts_of_view(desk.view, desk.running), book.ruleset)
    worth, cost = values.of_running(values.rows())
    back = brought_back(desk, np.arange(desk.running.kind.size), worth)
    running = desk.running
    for kind, giver, receiver in broken:
        here = (running.kind == kind) & (running.giver == giver) & (running.lane == 0)
        for place in np.flatnonzero(here & (running.receiver == receiver)).tolist():
            promised = float(running.announced[place])
            lost = book.ruleset.rules.break_trust * promised
            seen = promised * float(book.quotes[1][kind, giver, receiver, 0])
            here_back = book.before.pledge_announced[:, receiver, giver, 0]
            seen_back = float((here_back * book.quotes[0][:, receiver, giver, 0]).sum())
            yield Reason(
                Act.BROKE, giver, receiver, kind,
                grounds=(
                    _money(Motive.COST, promised * cost[place], seen=seen),
                    _money(Motive.BROUGHT, back[place], seen=seen_back),
                    Ground(Motive.TRUST_LOST, -lost, True),
                    Ground(Motive.QUARTERS_LEFT, float(running.left[place]), True),
                ),
            )  # fmt: skip


def _attacks(book: _Book) -> Iterator[Reason]:
    for one, other in np.argwhere(book.report.attacked[..., 0]).tolist():
        row = book.mine(one)
        if row < 0:
            continue
        against = overlap(book.desk, np.array([row, row]), np.zeros(2, np.int64))
        grounds = [
            Ground(Motive.OVERLAP, float(against[other, 0]), True),
            Ground(Motive.TRUST, float(book.before.trust[one, other, 0]), True),
        ]
        run = int(book.before.path_run[other, :, 0].max())
        if run > 0:
            left = book.ruleset.rules.path_quarters - run
            grounds.append(Ground(Motive.COUNTDOWN, float(left), True))
        yield Reason(Act.ATTACKED, one, other, grounds=tuple(grounds))


def _audits(book: _Book) -> Iterator[Reason]:
    heard = book.desk.view.report
    for row, seat in enumerate(book.seats.tolist()):
        other = int(book.orders.investigate[seat, 0])
        if other < 0 or other == seat:
            continue
        announced = book.before.pledge_announced[:, other, seat, 0] > 0.0
        least = heard[announced, other, row, 0].min() if announced.any() else 1.0
        watched = book.desk.view.board[seat, other, :1]
        below = float(audits_below(book.ruleset.rules, watched)[0])
        grounds = (
            Ground(Motive.HEARD, float(least), False),
            Ground(Motive.SUSPECTED, below, True),
        )
        yield Reason(Act.AUDITED, seat, other, public=False, grounds=grounds)


# -------------------------------------------------------------------- cards and projects


def _cards(book: _Book) -> Iterator[Reason]:
    for index in np.flatnonzero(book.report.fired[:, 0]).tolist():
        event = book.ruleset.events[index]
        for company in event.deciders if len(event.options) > 1 else ():
            row, taken = book.mine(company), int(book.after.event_choice[index, company, 0])
            if row < 0 or not 0 <= taken < len(event.options):
                continue
            worth = [float(effects_worth(book.desk, row, one.effects)[0]) for one in event.options]
            best = max(value for place, value in enumerate(worth) if place != taken)
            grounds = (_money(Motive.WORTH, worth[taken]), _money(Motive.NEXT_BEST, best))
            yield Reason(Act.CHOSE, company, about=index, choice=taken, grounds=grounds)


def _projects(book: _Book) -> Iterator[Reason]:
    begun = (book.after.project_now >= 0) & (book.after.project_now != book.before.project_now)
    for company in np.flatnonzero(begun[:, 0]).tolist():
        row, index = book.mine(company), int(book.after.project_now[company, 0])
        if row < 0:
            continue
        project = book.ruleset.projects[index]
        worth = float(effects_worth(book.desk, row, project.effects)[0])
        grounds = (_money(Motive.WORTH, worth), _money(Motive.PRICE, project.cost, True))
        yield Reason(Act.PROJECT, company, about=index, public=False, grounds=grounds)


# ------------------------------------------------------------------------------- markets


def _entries(book: _Book) -> Iterator[Reason]:
    begun = (book.after.entry_due >= 0) & (book.before.entry_due < 0)
    places = [place for place in np.argwhere(begun[..., 0]).tolist() if book.mine(place[0]) >= 0]
    if not places:
        return
    desk = book.desk
    who = Listed.where(np.ones((len(book.seats), desk.worlds), bool), book.seats)
    outlook = prospects(desk, who)
    goal = entry_bonus(desk, goals_of(book.ruleset, book.seats))
    ahead = max(desk.quarters_left - book.ruleset.rules.entry_quarters, QUARTERS_AHEAD)
    for company, market in places:
        row = book.mine(company)
        at = int(np.flatnonzero((who.row == row) & (who.lane == 0))[0])
        profit = float(outlook.profit[at, market])
        grounds = []
        if profit > -1e29:
            grounds.append(_money(Motive.PROFIT, profit))
            grounds.append(_money(Motive.WORTH, present_worth(desk, ahead) * profit))
        if goal is not None and goal[row, market, 0] > 0.0:
            grounds.append(_money(Motive.GOAL, goal[row, market, 0]))
        grounds.append(_money(Motive.LICENCE, outlook.licence[at, market], True))
        yield Reason(Act.ENTERED, company, about=market, grounds=tuple(grounds))


def _exits(book: _Book) -> Iterator[Reason]:
    for company, market in np.argwhere(book.report.left[..., 0]).tolist():
        if book.mine(company) >= 0:
            earned = float(book.before.contribution[company, market, 0])
            grounds = (_money(Motive.EARNED, earned),)
            yield Reason(Act.LEFT, company, about=market, grounds=grounds)


# --------------------------------------------------------------------------------- money


def _capital(book: _Book) -> Iterator[Reason]:
    desk, orders, lines = book.desk, book.orders, book.report.lines
    room = np.asarray(desk.cash - desk.safety)[:, 0]
    seen = _room_seen(book)
    worth = desk.value / np.maximum(desk.rows(desk.view.shares_total), 1)
    below = 1.0 - desk.rows(desk.view.quote) / np.maximum(worth, 1e-12)
    for row, seat in enumerate(book.seats.tolist()):
        need = (
            _money(Motive.MISSING, max(-room[row], 0.0), seen=max(-seen[row], 0.0)),
            Ground(Motive.RUNWAY, float(desk.runway[row, 0]), False),
        )
        spare = _money(Motive.SPARE, max(room[row], 0.0), seen=max(seen[row], 0.0))
        cheap = Ground(Motive.DISCOUNT, float(below[row, 0]), False)
        for act, amount, public, grounds in (
            (Act.BORROWED, orders.borrow[seat, 0], False, need),
            (Act.ISSUED, lines[Line.ISSUED, seat, 0], True, need),
            (Act.PAID_OUT, -lines[Line.DIVIDENDS_PAID, seat, 0], True, (spare,)),
            (Act.BOUGHT_BACK, -lines[Line.BOUGHT_BACK, seat, 0], True, (spare, cheap)),
        ):
            if amount >= LEAST_MONEY:
                about = round(float(amount))
                yield Reason(act, seat, about=about, public=public, grounds=grounds)


def _room_seen(book: _Book) -> Array:
    """Cash beyond what is thought safe, as the person's seat reckons it: [A] USD m."""
    facts, seats = facts_of_books(book.eyes, book.ruleset), book.seats
    quarters = 2.0 - book.desk.trait("risk")[:, 0]
    loss = np.maximum(-book.eyes.profit_guess[0, seats, 0], 0.0)
    return np.asarray(facts.money[0, seats, 0] - quarters * facts.costs[seats, 0] - 2.0 * loss)
