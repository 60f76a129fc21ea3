"""The deals of a quarter: all packages answered at once, the best settled first.

    packages tabled and signed -> answers on one snapshot -> counters -> rounds that take the
    largest joint surplus and check the rest anew -> settled -> attention, advisers, patience

A company takes part in at most one deal a round, and what earlier rounds bound it to, later
ones respect. Ties are broken by uid, so that seat order never matters. A quarter without
packages costs next to nothing.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from game.core.axes import Array, Bools, Ints, empty
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.play.bargaining import Verdict, answer_of, judge, patience_charge
from game.play.cells import Cells, cells_at, packed, pick_cells, table_of, two_lists, used_places
from game.play.contracts import apply_packages, founders_part, legal_cells, of_pair, sides
from game.play.deal_facts import facts_of_state
from game.play.deal_laws import adviser_costs
from game.play.grudges import resented
from game.play.in_force import InForce, running_again
from game.play.outcome import shares_total
from game.play.packages import Answer, Code, DealFlag, Extra, Packages
from game.play.pairing import Pairing, Quotes, TableQuotes
from game.play.pledge_facts import facts_of_state as public_facts
from game.play.pledge_spots import PledgeSpots
from game.play.pledge_value import PledgeValues
from game.play.review import Reviewed, enter_reviews, reviewed_deals
from game.play.rounds import take_rounds
from game.play.spots import Spots
from game.play.takeover import paid_outside
from game.play.talk_points import paid_before, points_left
from game.play.targets import mood_of
from game.play.topping import Contests, Standing, contest


@dataclass(frozen=True)
class Flows:
    """Money that leaves the companies through deals, [N, W] USD m."""

    advisers: Array
    """Paid by both sides of a settled deal."""
    to_founders: Array
    """Received by a company's founders for shares of their own, and by all its holders outside the
    board when it is sold whole."""


@dataclass(frozen=True)
class News:
    """The deals of a quarter, as many rows as the busiest world has deals."""

    packages: Packages
    """[.., R, W] as settled; ``proposer`` is -1 where a world has no more deals, ``disclosed``
    tells whether the size of the stake may be named."""
    stake_before: Array
    """[X, R, W] fraction of the other side that each side held before the quarter's deals."""
    stake_after: Array
    """[X, R, W] and holds after them."""

    @property
    def settled(self) -> Bools:
        """[R, W] rows that hold a deal."""
        return np.asarray(self.packages.proposer >= 0)


@dataclass(frozen=True)
class Talks:
    """Packages of a quarter as a list, with who tabled them and who answers."""

    cells: Cells
    origin: Ints
    """[L] row: of the proposals, or of the signed packages plus 2N."""
    signed: Bools
    """[L]."""
    decider: Ints
    """[L] side that answers."""
    tie: Ints
    """[L] order among equals, by uid."""

    @property
    def deciding(self) -> Ints:
        """[L] company that answers."""
        return np.asarray(np.where(self.decider == 1, self.cells.who[1], self.cells.who[0]))

    @property
    def waiting(self) -> Ints:
        """[L] company that waits for the answer."""
        return np.asarray(np.where(self.decider == 1, self.cells.who[0], self.cells.who[1]))


@dataclass(frozen=True)
class Settlement:
    """The answers and deals of a quarter."""

    state: State
    """After the deals: cash, shares, pledges, attention, patience."""
    proposals: Packages
    """As tabled, P = 2N."""
    signed: Packages
    """As given, P = 2N."""
    talks: Talks | None
    """None when nothing was on the table."""
    verdict: Verdict | None
    settled: Bools
    """[L] of the talks."""
    pending: Bools
    """[L] waits for a company that decides outside the turn."""
    flows: Flows
    news: News
    contests: Contests | None = None
    """Stakes for which more than one has bid."""
    judged: Verdict | None = None
    """What was said at the table, before bids and rounds undid what was agreed."""
    reviewed: Reviewed | None = None
    """What authorities said of deals that win control."""

    @cached_property
    def answers(self) -> Answer:
        """Answers to the proposals: [P, W]."""
        return self._answers(self.proposals, False)

    @cached_property
    def answers_signed(self) -> Answer:
        """Answers to the signed packages: [P, W]."""
        return self._answers(self.signed, True)

    @cached_property
    def accepted(self) -> Bools:
        """[P, W] proposals that were settled, as tabled or as countered."""
        return self._marked(self.settled, False)

    @cached_property
    def accepted_signed(self) -> Bools:
        """[P, W] signed packages that were settled."""
        return self._marked(self.settled, True)

    @cached_property
    def offers(self) -> Bools:
        """[P, W] proposals that wait for a company that decides outside the turn."""
        return self._marked(self.pending, False)

    def signed_by_company(self) -> Ints:
        """Deals settled by each company: [N, W]."""
        count = np.zeros(self.flows.advisers.shape, np.int64)
        row, lane = np.nonzero(self.news.settled)
        for side in (self.news.packages.proposer, self.news.packages.counterparty):
            np.add.at(count, (side[row, lane].astype(np.int64), lane), 1)
        return count

    def _marked(self, values: Bools, signed: bool) -> Bools:
        out = np.zeros(self.proposals.proposer.shape, bool)
        if self.talks is not None:
            mine = (self.talks.signed == signed) & values
            row = self.talks.origin[mine] % len(out)
            out[row, self.talks.cells.lane[mine]] = True
        return out

    def _answers(self, packages: Packages, signed: bool) -> Answer:
        talks, verdict = self.talks, self.verdict
        chosen = np.zeros(0, np.int64)
        if talks is not None:
            chosen = np.flatnonzero(talks.signed == signed)
        nothing = np.full(packages.proposer.shape, int(DealFlag.EMPTY))
        if talks is None or verdict is None or not chosen.size:
            return answer_of(packages, None, None, nothing)
        chosen = np.repeat(chosen, 2) if chosen.size == 1 else chosen
        cells = pick_cells(talks.cells, chosen)
        rows, worlds = packages.proposer.shape
        place = talks.origin[chosen] % rows * worlds + cells.lane
        cells = dataclasses.replace(cells, place=place)
        return answer_of(packages, cells, verdict.of(chosen, place), nothing)


def _talks_of(
    state: State, ruleset: Ruleset, proposals: Packages, signed: Packages
) -> Talks | None:
    """What is on the table: rows of the companies that may table or sign them, in live worlds."""
    size, worlds = proposals.proposer.shape
    lists: list[Cells | None] = []
    origins: list[Ints] = []
    for first, packages in ((0, proposals), (size, signed)):
        flat = used_places(packages)
        if flat.size:
            flat = flat[_fair(packages, flat, first > 0) & state.active[flat % worlds]]
        lists.append(cells_at(packages, flat))
        origins.append(flat // worlds + first)
    cells = two_lists(lists[0], lists[1])
    if cells is None:
        return None
    origin = np.concatenate(origins)
    origin = np.repeat(origin, 2) if origin.size < cells.size else origin
    was_signed = origin >= size
    seat = origin % size // 2
    one, other = (np.take(ruleset.company_uid, who) for who in cells.who)
    return Talks(
        cells=cells,
        origin=origin,
        signed=was_signed,
        decider=np.where(was_signed & (seat != cells.who[0]), 0, 1),
        tie=(~was_signed).astype(np.int64) << 56 | one << 32 | other << 8 | origin % 2,
    )


def _fair(packages: Packages, flat: Ints, signed: bool) -> Bools:
    """Places whose company is the proposer, or one of the sides when it signed."""
    worlds = packages.proposer.shape[1]
    seat = flat // worlds // 2
    own = packages.proposer.reshape(-1)[flat] == seat
    return np.asarray(own | (signed & (packages.counterparty.reshape(-1)[flat] == seat)))


def _verdict(
    talks: Talks,
    paid: Bools,
    poor: Bools,
    pairing: Pairing,
    state: State,
    ruleset: Ruleset,
) -> Verdict:
    """What the deciding sides say; a signed package is not countered."""
    cells = talks.cells
    facts = pairing.facts
    flags = legal_cells(cells, state, ruleset, facts.running, facts.stake)
    flags &= ~np.where(paid, int(DealFlag.ATTENTION), 0)
    flags |= np.where(poor, int(DealFlag.ATTENTION), 0)
    patience = state.patience[talks.deciding, talks.waiting, cells.lane]
    mood = mood_of(
        state.seed, state.world, state.turn, talks.deciding, talks.waiting, cells, ruleset
    )
    verdict = judge(cells, talks.decider, flags, patience, mood, pairing)
    stands = talks.signed & (verdict.code == Code.COUNTER)
    return dataclasses.replace(verdict, code=np.where(stands, int(Code.REFUSE), verdict.code))


def _agreed(talks: Talks, verdict: Verdict, asked: Bools | None) -> tuple[Bools, Bools]:
    """Packages that enter the pool, and those that wait for somebody outside: [L] each."""
    yes, counter = verdict.code == Code.ACCEPT, verdict.code == Code.COUNTER
    if asked is None or not asked.any():
        return np.asarray(yes | counter), np.zeros(yes.shape, bool)
    outside = np.take(asked, talks.deciding)
    sound = (verdict.reasons & ~int(DealFlag.WORTH | DealFlag.PATIENCE)) == 0
    own = counter & ~np.take(asked, talks.waiting)
    return np.asarray((yes | own) & ~outside), np.asarray(outside & sound)


def settle(
    state: State,
    ruleset: Ruleset,
    proposals: Packages,
    signed: Packages,
    worth: Array | None = None,
    cost: Array | None = None,
    asked: Bools | None = None,
    standing: Standing | None = None,
    reviewing: bool = True,
) -> Settlement:
    """Answer and settle the packages of a quarter.

    A proposal is answered by its counterparty; where it counters, the counter stands when it
    meets the proposer's own target. A signed package is answered by the side that did not sign
    it, and stands only as it is. The proposer pays the point for the talk, settled or not, once:
    an offer that waited for an answer or opened the quarter's talks is not paid for again.

    Args:
        proposals: P = 2N, rows 2n and 2n + 1 of company n, which must be the proposer.
        signed: P = 2N, agreed before the turn by company n of rows 2n and 2n + 1, which must be
            one of the two sides.
        worth, cost: [K, N, N, W] USD m a quarter at full strength, giver by receiver; None to
            work them out by public figures for the pledges on the table alone.
        asked: [N] companies that decide outside the turn: what they would have to answer stays
            pending, and no counter is taken on their behalf.
        standing: who tops bids for large stakes; None: nobody.
        reviewing: whether authorities decide; else every deal is taken as cleared.

    Returns:
        Settlement; its state has the deals' cash, with advisers paid.
    """
    talks = _talks_of(state, ruleset, proposals, signed)
    if talks is None:
        return _nothing(state, ruleset, proposals, signed)
    running = running_again(state, last=True)
    quotes = _quotes(state, ruleset, worth, cost, running)
    facts = facts_of_state(state, ruleset, running)
    pairing = Pairing(talks.cells, facts, ruleset, quotes)
    paid = paid_before(talks.cells, talks.signed & (talks.decider == 0), state)
    points, poor = points_left(talks.cells, talks.tie, paid, state, ruleset.rules.cost_talk)
    verdict = _verdict(talks, paid, poor, pairing, state, ruleset)
    agreed, pending = _agreed(talks, verdict, asked)
    final = verdict.final(talks.cells)
    fees = adviser_costs(pairing)
    stake = pairing.facts.stake
    open_to = contest(final, agreed, verdict, fees, pairing, state, ruleset, standing, asked)
    final, fees = open_to.cells, open_to.fees
    taken, late = take_rounds(final, agreed, open_to.joint, talks.tie, fees, stake, state, ruleset)
    late = np.where(taken & open_to.replaced, int(DealFlag.OUTBID), late)
    reviewed = reviewed_deals(final, taken, facts, state, ruleset) if reviewing else None
    unsettled = np.zeros(state.cash.shape)
    if reviewed is not None:
        state, taken, stopped = enter_reviews(
            state, reviewed, final, taken, talks.tie, fees, unsettled, ruleset
        )
        late = late | stopped
    settled = taken & ~open_to.replaced
    undone = agreed & ~settled
    told = dataclasses.replace(
        verdict,
        code=np.where(undone, int(Code.REFUSE), verdict.code),
        reasons=np.where(settled, 0, verdict.reasons | late),
    )
    if open_to.contests is not None:  # whoever tops has talked, too
        bidders = (open_to.contests.topper, open_to.contests.lane)
        np.subtract.at(points, bidders, ruleset.rules.cost_talk)
        points = np.maximum(points, 0)
    after, flows, news = _books(final, taken, fees, stake, state, ruleset)
    flows.advisers[...] += unsettled
    return Settlement(
        state=resented(_charged(after, talks, verdict, points), talks, verdict, open_to, ruleset),
        proposals=proposals,
        signed=signed,
        talks=talks,
        verdict=told,
        settled=settled,
        pending=pending,
        flows=flows,
        news=news,
        contests=open_to.contests,
        judged=verdict,
        reviewed=reviewed,
    )


def _quotes(
    state: State, ruleset: Ruleset, worth: Array | None, cost: Array | None, running: InForce
) -> Quotes:
    if worth is None or cost is None:
        return PledgeSpots(PledgeValues.again(public_facts(state, ruleset, running), ruleset))
    return TableQuotes(worth, cost)


def _books(
    cells: Cells, settled: Bools, fees: Array, before: Array, state: State, ruleset: Ruleset
) -> tuple[State, Flows, News]:
    """The deals entered into the state, what they cost, and what there is to tell."""
    kinds, worlds = len(ruleset.pledges), state.cash.shape[-1]
    chosen = np.flatnonzero(settled)
    flows = Flows(np.zeros(state.cash.shape), np.zeros(state.cash.shape))
    if not chosen.size:
        return state, flows, _no_news(kinds, worlds)
    chosen = chosen[cells.single] if chosen.size == cells.size else chosen
    pair = np.repeat(chosen, 2) if chosen.size == 1 else chosen
    deals = pick_cells(cells, pair)
    row, rows = packed(deals, worlds)
    table = table_of(deals, kinds, row, rows, worlds)
    part = founders_part(table)[:, row, deals.lane]
    once = slice(0, chosen.size)
    for side, who in enumerate(deals.who):
        at = (who[once], deals.lane[once])
        np.add.at(flows.advisers, at, fees[side, chosen])
        np.add.at(flows.to_founders, at, (part[side] * deals.cash[1 - side])[once])
    if deals.given(Extra.WHOLE) is not None:
        spots = Spots(table, np.flatnonzero(table.proposer >= 0))
        flows.to_founders[...] += paid_outside(spots, state)
    after = apply_packages(table, table.proposer >= 0, state, ruleset)
    after = replace(after, cash=after.cash - flows.advisers)
    one, other = table.proposer, table.counterparty
    held = np.stack([of_pair(before, one, other), of_pair(before, other, one)])
    return after, flows, News(table, held, _stakes_of(table, after))


def _stakes_of(table: Packages, state: State) -> Array:
    """Stake of each side in the other, [X, R, W]; the first companies' in empty rows."""
    total = np.asarray(shares_total(state), float)
    out = np.empty((2, *table.proposer.shape))
    for side, (holder, issuer) in enumerate(sides(table)):
        count = np.take_along_axis(total, np.maximum(issuer, 0).astype(np.int64), axis=0)
        shares = of_pair(state.shares, holder, issuer)
        out[side] = np.divide(shares, count, out=np.zeros(count.shape), where=count > 0.0)
    return out


def _charged(state: State, talks: Talks, verdict: Verdict, points: Ints) -> State:
    """The state with talks counted and patience tried."""
    cells, once = talks.cells, talks.cells.single
    patience, talk = state.patience.copy(), state.last_talk.copy()
    at = (talks.deciding[once], talks.waiting[once], cells.lane[once])
    np.subtract.at(patience, at, patience_charge(verdict)[once])
    patience[at] = np.maximum(patience[at], 0.0)
    talk[cells.who[0], cells.who[1], cells.lane] = state.turn
    return replace(
        state,
        attention=points.astype(state.attention.dtype),
        patience=patience,
        last_talk=talk,
    )


def _no_news(kinds: int, worlds: int) -> News:
    table = empty(Packages, {"X": 2, "K": kinds, "P": 0, "E": len(Extra), "W": worlds})
    return News(table, np.zeros((2, 0, worlds)), np.zeros((2, 0, worlds)))


def _nothing(state: State, ruleset: Ruleset, proposals: Packages, signed: Packages) -> Settlement:
    """A quarter without packages."""
    none = np.zeros(0, bool)
    return Settlement(
        state=state,
        proposals=proposals,
        signed=signed,
        talks=None,
        verdict=None,
        settled=none,
        pending=none,
        flows=Flows(np.zeros(state.cash.shape), np.zeros(state.cash.shape)),
        news=_no_news(len(ruleset.pledges), state.cash.shape[-1]),
    )
