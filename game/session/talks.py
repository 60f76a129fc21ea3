"""The deal table: clauses edited, offers tabled in rounds, answers, signatures."""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import Array
from game.core.state import State
from game.play.asking import Enough, enough
from game.play.bargaining import REFUSED_PATIENCE, answer
from game.play.contracts import legal, shares_for
from game.play.dimensions import Name
from game.play.futures import signed_worlds
from game.play.odds import Believed
from game.play.outcome import shares_total
from game.play.packages import Code, DealFlag, Extra, Packages
from game.play.solver import Found
from game.play.terms import estimated_terms
from game.session.clause_defaults import further_changes
from game.session.deals import Clauses, Deal, read_deal
from game.session.draft import MOST_SIGNED, Draft, Talk, before_orders
from game.session.verbs import Verbs
from game.session.view_types import Result
from game.text.catalogue import reasons, say

MOST_ROUNDS = 3
IMAGINED_WORLDS = 32
"""In which a package is weighed before it is tabled."""


@dataclasses.dataclass(frozen=True)
class Reply:
    """What the other side said to a tabled package."""

    code: Code
    reasons: int
    """DealFlag bits."""
    needed: float
    """USD m missing against its target."""
    counter: Deal | None
    deal: Deal
    """What was tabled."""
    enough: tuple[Enough, ...] = ()
    """Changes of which each alone would do."""


@dataclasses.dataclass
class DealTable:
    """A talk in progress."""

    company: int
    deal: Deal
    """On the table, the seat as its proposer."""
    reply: Reply | None = None
    title: str = ""
    story: str = ""
    locks: frozenset[Name] = frozenset()
    """Clauses that the solver leaves as they are."""
    asked: tuple[str, Found] | None = None
    """The last question to the solver, and what it found."""


class Talks(Verbs):
    """Verbs of the deal table."""

    table: DealTable | None = None
    _imagined: tuple[tuple[State, tuple[Deal, ...]], State] | None = None

    # ---------------------------------------------------------------------- opening

    def open_table(self, company: int) -> Result:
        """Sit down with a company. Costs its point when the first package is tabled."""
        if self.over:
            return Result(False, say("turn.over", self.lang))
        if not 0 <= company < self.count or company == self.seat:
            return self._wrong("verb.nowhere")
        if not self.draft.talk(company).rounds and self.points_left < self.ruleset.rules.cost_talk:
            return self._deal_refusal(DealFlag.ATTENTION)
        if self.table is None or self.table.company != company:
            self.table = DealTable(company, self.blank_deal(company))
        return Result(True, "", 0, self.points_left)

    def blank_deal(self, company: int) -> Deal:
        """An empty package with a company, at the middle term."""
        terms = self.ruleset.rules.terms
        return Deal(self.seat, company, (Clauses(), Clauses()), terms[len(terms) // 2])

    def close_table(self) -> Result:
        """Get up from the table."""
        self.table = None
        return Result(True, "", 0, self.points_left)

    def put_on_table(self, deal: Deal, title: str = "", story: str = "") -> Result:
        """Sit down with a package ready for editing."""
        mine = deal.seen_from(self.seat)
        opened = self.open_table(mine.counterparty)
        if opened.ok and self.table is not None:
            self.table = DealTable(mine.counterparty, mine, None, title, story)
        return opened

    # ---------------------------------------------------------------------- clauses

    def _edit(self, deal: Deal) -> Result:
        if self.table is None:
            return self._wrong("verb.table")
        self.table.deal = deal
        self.table.reply = self.table.asked = None
        return Result(True, "", 0, self.points_left)

    def _side(self, mine: bool) -> tuple[int, int, Clauses] | None:
        """(side, company, clauses) of one side of the open table."""
        if self.table is None:
            return None
        deal, side = self.table.deal, 0 if mine else 1
        company = deal.proposer if mine else deal.counterparty
        return side, company, deal.gives[side]

    def _clauses(self, mine: bool, **changes: object) -> Result:
        found = self._side(mine)
        if found is None or self.table is None:
            return self._wrong("verb.table")
        side, _, clauses = found
        changed = dataclasses.replace(clauses, **changes)  # type: ignore[arg-type]
        return self._edit(self.table.deal.with_side(side, changed))

    def set_cash(self, mine: bool, amount: float) -> Result:
        """Cash paid by one side, USD m."""
        if not np.isfinite(amount):
            return self._wrong("verb.number")
        return self._clauses(mine, cash=max(float(amount), 0.0))

    def set_loan(self, mine: bool, amount: float) -> Result:
        """Cash lent by one side, USD m; the rate of lenders is proposed with the first dollar."""
        if not np.isfinite(amount):
            return self._wrong("verb.number")
        if self.table is not None and amount > 0.0 and self.table.deal.rate == 0.0:
            rate = self.ruleset.rules.interest
            self.table = dataclasses.replace(
                self.table, deal=dataclasses.replace(self.table.deal, rate=rate)
            )
        return self._clauses(mine, loan=max(float(amount), 0.0))

    def set_rate(self, rate: float) -> Result:
        """Interest on the loan of the open table, a fraction a quarter."""
        if self.table is None:
            return self._wrong("verb.table")
        if not np.isfinite(rate):
            return self._wrong("verb.number")
        held = min(max(float(rate), 0.0), self.ruleset.rules.loan_rate_most)
        return self._edit(dataclasses.replace(self.table.deal, rate=held))

    def set_new_stake(self, mine: bool, fraction: float) -> Result:
        """New shares of one side, as a fraction of the company after the issue."""
        found = self._side(mine)
        if found is None:
            return self._wrong("verb.table")
        if not np.isfinite(fraction):
            return self._wrong("verb.number")
        part = min(max(float(fraction), 0.0), 1.0 - self.ruleset.rules.outside_floor)
        total = int(shares_total(self.state)[found[1], 0])
        return self._clauses(mine, new_shares=int(shares_for(part, np.asarray(total))))

    def set_old_stake(self, mine: bool, fraction: float, issuer: int) -> Result:
        """Existing shares handed over by one side, as a fraction of their issuer."""
        found = self._side(mine)
        if found is None:
            return self._wrong("verb.table")
        if not np.isfinite(fraction) or not 0 <= issuer < self.count:
            return self._wrong("verb.number")
        most = self.old_shares_most(found[1], issuer)
        wanted = round(max(fraction, 0.0) * int(shares_total(self.state)[issuer, 0]))
        count = min(int(wanted), most)
        return self._clauses(mine, old_shares=count, old_issuer=issuer if count > 0 else -1)

    def old_shares_most(self, company: int, issuer: int) -> int:
        """Existing shares of an issuer that a side could hand over; its own: its founders'."""
        if company == issuer:
            return int(self.state.founders[company, 0])
        return int(self.state.shares[company, issuer, 0])

    def set_pledge(self, mine: bool, kind: int, strength: float) -> Result:
        """Strength of a pledge by one side, 0..1; 0 takes it out."""
        found = self._side(mine)
        if found is None or self.table is None:
            return self._wrong("verb.table")
        if not 0 <= kind < len(self.ruleset.pledges) or not np.isfinite(strength):
            return self._wrong("verb.number")
        side, _, clauses = found
        return self._edit(self.table.deal.with_side(side, clauses.with_pledge(kind, strength)))

    def set_exclusive(self, mine: bool, kind: int, on: bool) -> Result:
        """Whether a pledge is lent to nobody else."""
        found = self._side(mine)
        if found is None or self.table is None:
            return self._wrong("verb.table")
        side, _, clauses = found
        if clauses.strength(kind) <= 0.0:
            return self._wrong("verb.pledge_first")
        return self._edit(self.table.deal.with_side(side, clauses.with_exclusive(kind, on)))

    def set_region(self, mine: bool, kind: int, region: int) -> Result:
        """Bind a pledge to one region more, or to one less; -1 to none."""
        found = self._side(mine)
        if found is None or self.table is None:
            return self._wrong("verb.table")
        side, _, clauses = found
        if clauses.strength(kind) <= 0.0 or not -1 <= region < len(self.ruleset.regions):
            return self._wrong("verb.pledge_first")
        bits = clauses.bound_to(kind) ^ (1 << region) if region >= 0 else 0
        if bits == (1 << len(self.ruleset.regions)) - 1:
            bits = 0
        return self._edit(self.table.deal.with_side(side, clauses.with_regions(kind, bits)))

    def set_further(self, mine: bool, slot: str, value: float) -> Result:
        """A further clause of one side, by the name of its slot in lower case; 0 takes it out.

        What the clause needs besides, such as a price, gets a fair value with its first one.
        """
        found = self._side(mine)
        if found is None or self.table is None:
            return self._wrong("verb.table")
        if slot.upper() not in Extra.__members__ or not np.isfinite(value):
            return self._wrong("verb.number")
        side, company, clauses = found
        deal = self.table.deal
        other = deal.counterparty if company == deal.proposer else deal.proposer
        changes = further_changes(self, clauses, company, other, Extra[slot.upper()], value)
        return self._edit(deal.with_side(side, clauses.with_further(**changes)))

    def set_term(self, quarters: int) -> Result:
        """Term of all pledges of the package."""
        if self.table is None or quarters not in self.ruleset.rules.terms:
            return self._wrong("verb.table")
        return self._edit(dataclasses.replace(self.table.deal, term=int(quarters)))

    def set_disclosed(self, on: bool) -> Result:
        """Whether the size of the stake is announced."""
        if self.table is None:
            return self._wrong("verb.table")
        return self._edit(dataclasses.replace(self.table.deal, disclosed=bool(on)))

    # ---------------------------------------------------------------------- answers

    def talking_state(self) -> State:
        """The state as the other side meets it at the table: signed deals settled, patience
        worn by this quarter's talks, the seat's attention not yet charged for this one."""
        return self.expected_state(dataclasses.replace(self.draft, talks=()))

    def flags_of(self, deal: Deal) -> DealFlag:
        """Why a package cannot be settled now."""
        state = self.talking_state()
        packages = deal.package(self.ruleset, state.cash.shape[-1])
        return DealFlag(int(legal(packages, state, self.ruleset)[2 * deal.proposer, 0]))

    def imagined(self) -> State:
        """Worlds as the seat believes them, the deals signed this quarter settled."""
        known = self._imagined
        key = (self.state, self.draft.signed)
        if known is None or known[0][0] is not key[0] or known[0][1] != key[1]:
            worlds = self.observation.ahead(self.seat, np.zeros(1, np.int64), IMAGINED_WORLDS)
            for deal in self.draft.signed:
                packages = deal.package(self.ruleset, worlds.cash.shape[-1])
                worlds = signed_worlds(worlds, self.ruleset, packages)
            self._imagined = known = (key, worlds)
        return known[1]

    def believed(self, company: int) -> Believed:
        """What the seat may expect of talks with a company."""
        talk = self.draft.talk(company)
        return Believed.of(
            self.imagined(), self.ruleset, self.seat, company, *self.pledge_values,
            worn=talk.worn + self._for_asking_again(talk),
        )  # fmt: skip

    @staticmethod
    def _for_asking_again(talk: Talk) -> float:
        """Patience that the next offer costs because they had agreed to one before."""
        return REFUSED_PATIENCE if talk.agreed else 0.0

    def estimate(self, deal: Deal) -> Array:
        """What a package is worth to both sides by what the seat may know: [X, T] USD m,
        proposer first."""
        packages = deal.package(self.ruleset, self.state.cash.shape[-1])
        worth, cost = self.pledge_values
        terms = estimated_terms(packages, self.observation, self.ruleset, worth, cost)
        return np.asarray(terms[:, :, 2 * deal.proposer, 0])

    def table_offer(self) -> Result:
        """Table the package: spends a round and brings the other side's answer."""
        if self.table is None:
            return self._wrong("verb.table")
        if self.over:
            return Result(False, say("turn.over", self.lang))
        deal, talk = self.table.deal, self.draft.talk(self.table.company)
        if talk.rounds >= MOST_ROUNDS:
            return self._wrong("table.no_rounds")
        if not talk.rounds and self.points_left < self.ruleset.rules.cost_talk:
            return self._deal_refusal(DealFlag.ATTENTION)
        flags = self.flags_of(deal)
        if flags:
            return self._deal_refusal(flags)
        talk = dataclasses.replace(talk, worn=talk.worn + self._for_asking_again(talk))
        reply, worn = self._ask(deal, talk)
        spent = dataclasses.replace(
            talk,
            rounds=talk.rounds + 1,
            worn=talk.worn + worn,
            agreed=talk.agreed or reply.code == Code.ACCEPT,
        )
        changed = self._change(self.draft.with_talk(spent))
        if changed.ok:
            self.table.reply = reply
        return changed

    def _ask(self, deal: Deal, talk: Talk) -> tuple[Reply, float]:
        """The other side's answer and the patience that it costs."""
        worn = self._worn_only(talk)
        state = before_orders(self.talking_state(), self.ruleset, worn, self.seat)
        packages = deal.package(self.ruleset, state.cash.shape[-1])
        given = answer(packages, state, self.ruleset, *self.pledge_values)
        row = 2 * self.seat
        code = Code(int(given.code[row, 0]))
        counter = read_deal(given.counter, row) if code == Code.COUNTER else None
        needed, lost = float(given.needed[row, 0]), float(given.patience[row, 0])
        change: tuple[Enough, ...] = ()
        if needed > 0.0 and int(given.reasons[row, 0]) == DealFlag.WORTH:
            left = max(float(state.patience[deal.counterparty, self.seat, 0]) - lost, 0.0)
            change = enough(packages, state, self.ruleset, *self.pledge_values, left)
        reply = Reply(code, int(given.reasons[row, 0]), needed, counter, deal, change)
        return reply, lost

    def _worn_only(self, talk: Talk) -> Draft:
        """This quarter's talks without their price: patience is worn, attention is not charged."""
        talks = self.draft.with_talk(talk).talks
        return Draft(talks=tuple(dataclasses.replace(one, rounds=0) for one in talks))

    def accept_answer(self) -> Result:
        """Sign what they accepted, or their counter."""
        if self.table is None or self.table.reply is None:
            return self._wrong("verb.table")
        reply = self.table.reply
        deal = reply.counter if reply.code == Code.COUNTER else reply.deal
        if deal is None or reply.code == Code.REFUSE:
            return self._wrong("table.not_accepted")
        signed = self.sign(deal)
        if signed.ok:
            self.table = None
        return signed

    def load_counter(self) -> Result:
        """Put their counter on the table for editing."""
        if self.table is None or self.table.reply is None or self.table.reply.counter is None:
            return self._wrong("verb.table")
        self.table.deal = self.table.reply.counter
        return Result(True, "", 0, self.points_left)

    # -------------------------------------------------------------------- signatures

    def sign(self, deal: Deal, **changes: object) -> Result:
        """Put a deal among those that settle when the quarter ends.

        Args:
            changes: other fields of the draft that change with it.
        """
        if len(self.draft.signed) >= MOST_SIGNED:
            return self._wrong("table.two_deals")
        draft = self._with(signed=(*self.draft.signed, deal), **changes)
        flags = self.signature_flags(draft)
        if flags is not None:
            return self._deal_refusal(flags)
        return self._change(draft)

    def signature_flags(self, draft: Draft) -> DealFlag | None:
        """Why the last deal of a draft would not settle; None when it would."""
        settlement = self.settled(draft)
        row = 2 * self.seat + len(draft.signed) - 1
        if settlement is None or settlement.accepted_signed[row, 0]:
            return None
        return DealFlag(int(settlement.answers_signed.reasons[row, 0])) or DealFlag.WORTH

    def unsign(self, number: int) -> Result:
        """Take a signature back before the quarter ends."""
        if not 0 <= number < len(self.draft.signed):
            return self._wrong("verb.nowhere")
        gone = self.draft.signed[number]
        signed = tuple(deal for deal in self.draft.signed if deal is not gone)
        accepted = tuple(n for n in self.draft.accepted if self.offered_deal(n) != gone)
        return self._change(self._with(signed=signed, accepted=accepted))

    def offered_deal(self, number: int) -> Deal | None:
        """The package of an incoming offer."""
        raise NotImplementedError

    def _deal_refusal(self, flags: DealFlag) -> Result:
        why = " ".join(reasons(flags, DealFlag, "dealflag", self.lang))
        return Result(False, why, int(flags), self.points_left)


def rows_to(packages: Packages, seat: int, lane: int = 0) -> list[int]:
    """Rows in which another company proposes something to a seat."""
    asks = (packages.counterparty[:, lane] == seat) & (packages.proposer[:, lane] >= 0)
    return [int(row) for row in np.flatnonzero(asks & (packages.proposer[:, lane] != seat))]
