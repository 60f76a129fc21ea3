"""The deals of a quarter: all packages answered at once, the best settled first.

    packages tabled and signed -> answers on one snapshot -> counters -> rounds that settle the
    largest joint surplus and check the rest anew -> attention, advisers, patience

A company settles at most one deal a round. Ties are broken by uid, so that seat order never
matters. A table without packages is passed over.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints, array_fields
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.play.bargaining import Verdict, answer_of, judge, patience_charge
from game.play.cells import Cells, cells_of, facts_of_state, spread, write_cells
from game.play.contracts import apply_packages, founders_part, legal, of_pair
from game.play.outcome import stakes
from game.play.packages import Answer, Code, DealFlag, Packages
from game.play.terms import adviser_costs

ROUNDS = 8
_LAST = np.iinfo(np.int64).max
_LEGAL_FIELDS = (
    "attention", "cash", "authorisation", "status", "shares", "founders", "public", "last_issue",
    "locked_until", "pledge_announced", "pledge_effort", "pledge_until", "pledge_since",
    "pledge_exclusive", "units", "fringe_units", "base", "coverage", "on_sale",
)  # fmt: skip
"""What legality reads of a state."""


@dataclass(frozen=True)
class Flows:
    """Money that leaves the companies through deals, [N, W] USD m."""

    advisers: Array
    """Paid by both sides of a settled deal."""
    to_founders: Array
    """Received by a company's founders for shares of their own."""


@dataclass(frozen=True)
class News:
    """What became public, and what did not: one row a package in play, [R, W]."""

    settled: Bools
    """[R, W] the row was settled in this world."""
    packages: Packages
    """[.., R, W] as settled; ``disclosed`` tells whether the stake may be named."""
    stake_before: Array
    """[X, R, W] fraction of the other side that each side held before the quarter's deals."""
    stake_after: Array
    """[X, R, W] and holds after them."""


@dataclass(frozen=True)
class Settlement:
    """The answers and deals of a quarter."""

    state: State
    """After the deals: cash, shares, pledges, attention, patience."""
    proposals: Packages
    """As tabled, P = 2N."""
    signed: Packages
    """As given, P = 2N."""
    rows: Ints
    """[R] rows in play: those of ``proposals``, then those of ``signed`` plus 2N."""
    answer: Answer
    """[R, W] what the deciding sides said."""
    settled: Bools
    """[R, W]."""
    pending: Bools
    """[R, W] packages that wait for a company that decides outside the turn."""
    flows: Flows
    news: News

    @cached_property
    def answers(self) -> Answer:
        """Answers to the proposals: [P, W]."""
        return self._answers(self.proposals, 0)

    @cached_property
    def answers_signed(self) -> Answer:
        """Answers to the signed packages: [P, W]."""
        return self._answers(self.signed, self.proposals.proposer.shape[0])

    @cached_property
    def accepted(self) -> Bools:
        """[P, W] proposals that were settled, as tabled or as countered."""
        return self._place(self.settled, 0)

    @cached_property
    def accepted_signed(self) -> Bools:
        """[P, W] signed packages that were settled."""
        return self._place(self.settled, self.proposals.proposer.shape[0])

    @cached_property
    def offers(self) -> Bools:
        """[P, W] proposals that wait for a company that decides outside the turn."""
        return self._place(self.pending, 0)

    def signed_by_company(self) -> Ints:
        """Deals settled by each company: [N, W]."""
        count = np.zeros(self.flows.advisers.shape, np.int64)
        for side in (self.news.packages.proposer, self.news.packages.counterparty):
            row, lane = np.nonzero(self.settled)
            np.add.at(count, (side[row, lane].astype(np.int64), lane), 1)
        return count

    def _mine(self, first: int) -> tuple[Ints, Ints]:
        size = self.proposals.proposer.shape[0]
        places = np.flatnonzero((self.rows >= first) & (self.rows < first + size))
        return places, self.rows[places] - first

    def _place(self, values: Bools, first: int) -> Bools:
        places, rows = self._mine(first)
        out = np.zeros(self.proposals.proposer.shape, values.dtype)
        out[rows] = values[places]
        return out

    def _answers(self, packages: Packages, first: int) -> Answer:
        places, rows = self._mine(first)
        shape = packages.proposer.shape
        code, reasons = np.zeros(shape, np.int64), np.full(shape, int(DealFlag.EMPTY))
        terms = np.zeros((*self.answer.terms.shape[:2], *shape))
        needed = np.zeros(shape)
        code[rows], reasons[rows] = self.answer.code[places], self.answer.reasons[places]
        terms[:, :, rows], needed[rows] = (
            self.answer.terms[:, :, places],
            self.answer.needed[places],
        )
        return Answer(code, reasons, terms, needed, self._counters(packages, places, rows))

    def _counters(self, packages: Packages, places: Ints, rows: Ints) -> Packages:
        changes = {}
        for field in array_fields(packages):
            at = field.metadata["axes"].index("P")
            out = getattr(packages, field.name).copy()
            lead = (slice(None),) * at
            out[(*lead, rows)] = getattr(self.answer.counter, field.name)[(*lead, places)]
            changes[field.name] = out
        return dataclasses.replace(packages, **changes)


def _rows_of(packages: Packages, rows: AnyArray) -> Packages:
    changes = {}
    for field in array_fields(packages):
        at = field.metadata["axes"].index("P")
        changes[field.name] = np.take(getattr(packages, field.name), rows, axis=at)
    return dataclasses.replace(packages, **changes)


def _joined(one: Packages, other: Packages) -> Packages:
    changes = {}
    for field in array_fields(one):
        at = field.metadata["axes"].index("P")
        changes[field.name] = np.concatenate(
            [getattr(one, field.name), getattr(other, field.name)], axis=at
        )
    return dataclasses.replace(one, **changes)


class _Table:
    """Packages in play, by used rows, and who tabled, decides and pays for each."""

    def __init__(self, state: State, proposals: Packages, signed: Packages) -> None:
        size = proposals.proposer.shape[0]
        mine, theirs = (
            np.flatnonzero((packages.proposer >= 0).any(axis=1)) for packages in (proposals, signed)
        )
        self.rows = np.concatenate([mine, theirs + size])
        self.signed = self.rows >= size
        self.seat = (self.rows % size) // 2
        packages = _joined(_rows_of(proposals, mine), _rows_of(signed, theirs))
        seat, own = self.seat[:, None], packages.proposer == self.seat[:, None]
        fair = np.where(self.signed[:, None], own | (packages.counterparty == seat), own)
        kept = fair & (packages.counterparty >= 0) & state.active
        self.packages = dataclasses.replace(
            packages, proposer=np.where(kept, packages.proposer, -1).astype("i2")
        )
        self.decider = np.where(self.signed[:, None] & ~own, 0, 1)

    @property
    def here(self) -> Bools:
        """[R, W] rows used in each world."""
        return np.asarray(self.packages.proposer >= 0)

    def pair(self) -> tuple[Ints, Ints]:
        """Proposer and counterparty, 0 where unused: [R, W] each."""
        return (
            np.maximum(self.packages.proposer, 0).astype(np.int64),
            np.maximum(self.packages.counterparty, 0).astype(np.int64),
        )

    def deciding(self) -> tuple[Ints, Ints]:
        """The company that decides, and the one that waits: [R, W] each."""
        one, other = self.pair()
        return np.where(self.decider == 1, other, one), np.where(self.decider == 1, one, other)


def _talks(table: _Table, state: State, cost: int) -> tuple[Ints, Bools]:
    """Attention that talks take from proposers, in row order, and the rows that cannot pay."""
    left = state.attention.astype(np.int64)
    poor = np.zeros(table.here.shape, bool)
    for row in np.argsort(~table.signed, kind="stable"):
        lanes = np.flatnonzero(table.here[row])
        who = table.packages.proposer[row, lanes].astype(np.int64)
        able = left[who, lanes] >= cost
        left[who[able], lanes[able]] -= cost
        poor[row, lanes] = ~able
    return left, poor


def _ranking(table: _Table, joint: Array, agreed: Bools, ruleset: Ruleset) -> Ints:
    """Order of settling in each world, the largest joint surplus first: [R, W]."""
    one, other = (np.take(ruleset.company_uid, who) for who in table.pair())
    slot = (table.rows % 2 + 2 * table.signed)[:, None]
    tie = (one << 24) + (other << 4) + slot
    order = np.lexsort((tie, np.where(agreed, -joint, np.inf)), axis=0)
    rank = np.empty(order.shape, np.int64)
    np.put_along_axis(rank, order, np.arange(order.shape[0])[:, None], axis=0)
    return rank


def _leading(table: _Table, rank: Ints, left: Bools, companies: int) -> Bools:
    """Packages that are the best left for both their companies: [R, W]."""
    one, other = table.pair()
    row, lane = np.nonzero(left)
    best = np.full((companies, left.shape[1]), _LAST)
    for who in (one, other):
        np.minimum.at(best, (who[row, lane], lane), rank[row, lane])
    lead = np.zeros(left.shape, bool)
    mine = rank[row, lane]
    lead[row, lane] = (best[one[row, lane], lane] == mine) & (best[other[row, lane], lane] == mine)
    return lead


def _lanes_of(state: State, lanes: Ints) -> State:
    """A state that legality can read, of some worlds only; its other fields are not cut."""
    cut = {name: np.take(getattr(state, name), lanes, axis=-1) for name in _LEGAL_FIELDS}
    return replace(state, **cut)


def _still_legal(packages: Packages, where: Bools, state: State, ruleset: Ruleset) -> Ints:
    """What stands in the way of these packages now, attention apart: [R, W] bits."""
    out = np.zeros(where.shape, np.int64)
    rows, lanes = np.flatnonzero(where.any(axis=1)), np.flatnonzero(where.any(axis=0))
    some = _rows_of(packages, rows)
    if lanes.size > where.shape[1] // 2:
        flags = legal(some, state, ruleset)
    else:
        pair = np.repeat(lanes, 2) if lanes.size == 1 else lanes
        cut = {
            field.name: np.take(getattr(some, field.name), pair, axis=-1)
            for field in array_fields(some)
        }
        part = legal(dataclasses.replace(some, **cut), _lanes_of(state, pair), ruleset)
        flags = np.zeros((rows.size, where.shape[1]), np.int64)
        flags[:, pair] = part
    out[rows] = flags & ~int(DealFlag.ATTENTION)
    return np.where(where, out, 0)


def _rounds(
    table: _Table, packages: Packages, agreed: Bools, joint: Array, state: State, ruleset: Ruleset
) -> tuple[State, Bools, Ints]:
    """Settle the best of what is left, check the rest, again: (state, settled, flags [R, W])."""
    one, other = table.pair()
    rank = _ranking(table, joint, agreed, ruleset)
    settled, flags = np.zeros(agreed.shape, bool), np.zeros(agreed.shape, np.int64)
    left = agreed.copy()
    for _ in range(ROUNDS):
        if not left.any():
            break
        now = _leading(table, rank, left, state.cash.shape[0])
        state = apply_packages(packages, now, state, ruleset)
        settled |= now
        left &= ~now
        busy = np.zeros(state.cash.shape, bool)
        row, lane = np.nonzero(now)
        busy[one[row, lane], lane] = busy[other[row, lane], lane] = True
        stale = left & (np.take_along_axis(busy, one, 0) | np.take_along_axis(busy, other, 0))
        if stale.any():
            flags |= _still_legal(packages, stale, state, ruleset)
            left &= flags == 0
    return state, settled, flags


def _countered(
    table: _Table, cells: Cells, verdict: Verdict, state: State, ruleset: Ruleset
) -> tuple[Packages, Array, Bools]:
    """Packages as they would be settled, their joint surplus, and the illegal counters."""
    shape = table.here.shape
    joint = np.asarray(spread(verdict.joint, cells, shape))
    countered = np.asarray(spread(verdict.code == Code.COUNTER, cells, shape, False))
    if verdict.counter is None or not countered.any():
        return table.packages, joint, countered
    packages = write_cells(table.packages, verdict.counter, verdict.code == Code.COUNTER)
    better = np.asarray(spread(verdict.counter_joint, cells, shape))
    barred = _still_legal(packages, countered, state, ruleset) != 0
    return packages, np.where(countered, better, joint), barred


def settle(
    state: State,
    ruleset: Ruleset,
    proposals: Packages,
    signed: Packages,
    worth: Array,
    cost: Array,
    asked: Bools | None = None,
) -> Settlement:
    """Answer and settle the packages of a quarter.

    A proposal is answered by its counterparty; where it counters, the counter stands when it
    meets the proposer's own target. A signed package is answered by the side that did not sign
    it, and stands only as it is. The proposer pays the point for the talk, settled or not.

    Args:
        proposals: P = 2N, rows 2n and 2n + 1 of company n, which must be the proposer.
        signed: P = 2N, agreed before the turn by company n of rows 2n and 2n + 1, which must be
            one of the two sides.
        worth, cost: [K, N, N, W] USD m a quarter at full strength, giver by receiver.
        asked: [N] companies that decide outside the turn: what they would have to answer stays
            pending, and no counter is taken on their behalf.

    Returns:
        Settlement; its state has the deals' cash, with advisers paid.
    """
    table = _Table(state, proposals, signed)
    if not table.here.any():
        return _nothing(state, proposals, signed, table)
    points, poor = _talks(table, state, ruleset.rules.cost_talk)
    flags = legal(table.packages, state, ruleset)
    flags |= np.where(poor, int(DealFlag.ATTENTION), 0)
    cells = cells_of(table.packages)
    if cells is None:
        return _nothing(state, proposals, signed, table)
    verdict = _verdict(table, cells, flags, state, ruleset, worth, cost)
    packages, joint, barred = _countered(table, cells, verdict, state, ruleset)
    given = answer_of(table.packages, cells, verdict, flags)
    given = dataclasses.replace(given, code=np.where(barred, int(Code.REFUSE), given.code))
    agreed, pending = _agreed(table, given, asked)
    after, settled, late = _rounds(table, packages, agreed, joint, state, ruleset)
    undone = agreed & ~settled
    given = dataclasses.replace(
        given,
        code=np.where(undone, int(Code.REFUSE), given.code),
        reasons=np.where(settled, 0, given.reasons | late),
    )
    flows = _flows(table, cells, packages, settled, state, ruleset)
    return Settlement(
        state=_charged(after, table, cells, verdict, points, flows),
        proposals=proposals,
        signed=signed,
        rows=table.rows,
        answer=given,
        settled=settled,
        pending=pending,
        flows=flows,
        news=_news(table, packages, settled, state, after),
    )


def _verdict(
    table: _Table,
    cells: Cells,
    flags: Ints,
    state: State,
    ruleset: Ruleset,
    worth: Array,
    cost: Array,
) -> Verdict:
    decides, waits = table.deciding()
    patience = of_pair(state.patience, decides, waits)
    verdict = judge(
        cells,
        np.take(table.decider, cells.place),
        np.take(flags, cells.place),
        np.take(patience, cells.place),
        facts_of_state(state, ruleset),
        ruleset,
        worth,
        cost,
    )
    final = np.take(table.signed, cells.place // table.here.shape[1])
    stands = final & (verdict.code == Code.COUNTER)
    return dataclasses.replace(verdict, code=np.where(stands, int(Code.REFUSE), verdict.code))


def _agreed(table: _Table, given: Answer, asked: Bools | None) -> tuple[Bools, Bools]:
    """Packages that enter the pool, and those that wait for somebody outside: [R, W] each."""
    yes = given.code == Code.ACCEPT
    counter = given.code == Code.COUNTER
    if asked is None or not asked.any():
        return np.asarray(yes | counter), np.zeros(yes.shape, bool)
    decides, waits = table.deciding()
    outside = np.take(asked, decides)
    sound = (given.reasons & ~int(DealFlag.WORTH | DealFlag.PATIENCE)) == 0
    own = counter & ~np.take(asked, waits)
    return np.asarray((yes | own) & ~outside), np.asarray(outside & sound & table.here)


def _flows(
    table: _Table,
    cells: Cells,
    packages: Packages,
    settled: Bools,
    state: State,
    ruleset: Ruleset,
) -> Flows:
    advisers, founders = np.zeros(state.cash.shape), np.zeros(state.cash.shape)
    if not settled.any():
        return Flows(advisers, founders)
    fees = spread(
        adviser_costs(cells, facts_of_state(state, ruleset), ruleset), cells, settled.shape
    )
    part = founders_part(packages)
    row, lane = np.nonzero(settled)
    for side, who in enumerate(table.pair()):
        at = (who[row, lane], lane)
        np.add.at(advisers, at, fees[side, row, lane])
        np.add.at(founders, at, part[side, row, lane] * packages.cash[1 - side, row, lane])
    return Flows(advisers, founders)


def _charged(
    state: State, table: _Table, cells: Cells, verdict: Verdict, points: Ints, flows: Flows
) -> State:
    """The state with advisers paid, talks counted, and patience tried."""
    decides, waits = table.deciding()
    lost = patience_charge(verdict)
    patience, talk = state.patience.copy(), state.last_talk.copy()
    lane = cells.lane[cells.single]
    at = tuple(np.take(who, cells.place[cells.single]) for who in (decides, waits))
    np.subtract.at(patience, (*at, lane), lost[cells.single])
    talk[cells.who[0], cells.who[1], cells.lane] = state.turn
    return replace(
        state,
        cash=state.cash - flows.advisers,
        attention=points.astype(state.attention.dtype),
        patience=np.maximum(patience, 0.0),
        last_talk=talk,
    )


def _news(table: _Table, packages: Packages, settled: Bools, before: State, after: State) -> News:
    one, other = table.pair()
    held = np.zeros((2, 2, *settled.shape))
    if settled.any():
        for place, state in enumerate((before, after)):
            stake = stakes(state)
            held[place] = np.stack([of_pair(stake, one, other), of_pair(stake, other, one)])
    return News(settled, packages, held[0], held[1])


def _nothing(state: State, proposals: Packages, signed: Packages, table: _Table) -> Settlement:
    """A quarter without packages."""
    none = np.zeros(table.here.shape, bool)
    zero = np.zeros_like(state.cash)
    held = np.zeros((2, *none.shape))
    return Settlement(
        state=state,
        proposals=proposals,
        signed=signed,
        rows=table.rows,
        answer=answer_of(table.packages, None, None, np.full(none.shape, int(DealFlag.EMPTY))),
        settled=none,
        pending=none,
        flows=Flows(zero, zero.copy()),
        news=News(none, table.packages, held, held),
    )
