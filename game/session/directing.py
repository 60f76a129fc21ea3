"""Dials that a parent writes for a company that it controls."""

from __future__ import annotations

from game.core.state import State
from game.play.orders import Refusal
from game.play.rights import parents
from game.session.draft import Draft, put
from game.session.verbs import Verbs
from game.session.view_types import Result

DIRECTED = frozenset({"set_notch", "set_mix", "set_stance", "set_focus"})
WITHDRAW = "withdraw"


class Deputy(Verbs):
    """The dials of a controlled company, kept inside its parent's draft."""

    def __init__(self, parent: Verbs, company: int) -> None:
        self.parent, self.seat = parent, company
        self.ruleset, self.lang = parent.ruleset, parent.lang
        self.draft = dict(parent.draft.direct).get(company, Draft())

    @property
    def state(self) -> State:
        """The state at the start of this quarter."""
        return self.parent.state

    @property
    def over(self) -> bool:
        """Whether the game has ended."""
        return self.parent.over

    def _change(self, draft: Draft, *, free: bool = False) -> Result:
        found = put(self.parent.draft.direct, self.seat, None if draft == Draft() else draft)
        return self.parent.take_directions(found)


class Directing(Verbs):
    """The verb by which a parent gives orders."""

    def directs(self, company: int) -> bool:
        """Whether the seat is the ultimate parent of another company."""
        if company == self.seat or not 0 <= company < self.count:
            return False
        return int(parents(self.state, self.ruleset)[company, 0]) == self.seat

    def direct(self, company: int, dial: str, *args: object) -> Result:
        """Set a dial of a controlled company; ``withdraw`` leaves it to its managers again."""
        if not self.directs(company):
            return self._refuse(Refusal.BARRED)
        if dial == WITHDRAW:
            return self.take_directions(put(self.draft.direct, company, None))
        if dial not in DIRECTED:
            return self._wrong("verb.nowhere")
        found = getattr(Deputy(self, company), dial)(*args)
        assert isinstance(found, Result)
        return found
