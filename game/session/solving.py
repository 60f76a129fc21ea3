"""Verbs of the solver and the deal finder: advisers that know what the seat knows."""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.ruleset import Status
from game.play.cells import Cells, cells_of, table_of
from game.play.dimensions import CASH, TERM, Name
from game.play.finder import Prospect, prospects
from game.play.solver import Found, solve
from game.play.solver_question import Mode
from game.session.deals import Deal, read_deal
from game.session.talks import Talks
from game.session.view_types import Result

LOCKABLE = (
    "cash", "loan", "new", "old", "pledge", "exclusive", "regions", "term", "board", "standstill",
    "call_stake", "instalment", "non_compete",
)  # fmt: skip


class Solving(Talks):
    """Verbs of the advisers."""

    _prospects: tuple[object, tuple[Prospect, ...]] | None = None

    def lock(self, key: str, mine: bool = True, kind: int = -1) -> Result:
        """Keep a clause of the open table as it is when the solver works; again: free it."""
        if self.table is None:
            return self._wrong("verb.table")
        if key not in LOCKABLE:
            return self._wrong("verb.nowhere")
        name = Name(key, 0 if mine else 1, kind)
        if key in ("cash", "term"):
            name = CASH if key == "cash" else TERM
        self.table.locks = self.table.locks ^ {name}
        return Result(True, "", 0, self.points_left)

    def answer_of(self, deal: Deal, mode: str, locks: frozenset[Name] = frozenset()) -> Found:
        """What the solver finds for a draft.

        Raises:
            ValueError: no such question.
        """
        cells = self._cells(deal)
        return solve(self.believed(deal.counterparty), cells, Mode(mode), locks)

    def _cells(self, deal: Deal) -> Cells:
        cells = cells_of(deal.package(self.ruleset, self.state.cash.shape[-1]))
        assert cells is not None
        return cells

    def found_deal(self, found: Found, draft: Deal) -> Deal | None:
        """What was found as a package, announced as the draft was."""
        if found.cells is None:
            return None
        row = np.zeros(found.cells.size, np.int64)
        table = table_of(found.cells, len(self.ruleset.pledges), row, 1, 2)
        deal = read_deal(table, 0)
        if deal is None:
            return None
        lent = any(side.loan for side in deal.gives)
        rate = round(deal.rate, 4) if lent else draft.rate
        return dataclasses.replace(deal, disclosed=draft.disclosed, rate=rate)

    def ask_solver(self, mode: str) -> Result:
        """Put a question to the solver and lay what it finds into the open draft."""
        if self.table is None:
            return self._wrong("verb.table")
        if mode not in list(Mode):
            return self._wrong("verb.nowhere")
        draft = self.table.deal
        found = self.answer_of(draft, mode, self.table.locks)
        deal = self.found_deal(found, draft)
        self.table.asked = (mode, found)
        if deal is None:
            return Result(True, "", 0, self.points_left)
        self.table.deal, self.table.reply = deal, None
        return Result(True, "", 0, self.points_left)

    def prospects(self) -> tuple[Prospect, ...]:
        """The best deals on the board for the seat; kept until something is signed or tabled."""
        key = (self.state, self.draft.signed, self.draft.talks)
        known = self._prospects
        if known is None or not _same(known[0], key):
            others = [n for n in range(self.count) if n != self.seat and self._stands(n)]
            blank = self.blank_deal
            found = prospects(others, self.believed, lambda other: self._cells(blank(other)))
            self._prospects = known = (key, found)
        return known[1]

    @property
    def prospects_known(self) -> bool:
        """Whether the finder has searched the present board."""
        key = (self.state, self.draft.signed, self.draft.talks)
        return self._prospects is not None and _same(self._prospects[0], key)

    def _stands(self, company: int) -> bool:
        """Whether a company can be dealt with at all."""
        gone = (Status.CONTROLLED, Status.FAILED)
        return int(self.state.status[company, 0]) not in gone

    def open_prospect(self, company: int) -> Result:
        """Sit down with a company and the best deal that the finder knows with it."""
        for one in self.prospects():
            if one.other == company:
                blank = self.blank_deal(company)
                deal = self.found_deal(one.found, blank)
                if deal is not None:
                    opened = self.put_on_table(deal)
                    if opened.ok and self.table is not None:
                        self.table.asked = (Mode.BEST.value, one.found)
                    return opened
        return self._wrong("verb.nowhere")


def _same(one: object, other: tuple[object, ...]) -> bool:
    return isinstance(one, tuple) and one[0] is other[0] and one[1:] == other[1:]
