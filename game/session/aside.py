"""A game's side of thinking aside: what is asked of a thinker, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from game.core.axes import Ints
from game.core.state import State
from game.play.orders import Orders
from game.play.policy import Policy
from game.session.deals import Deal, deal_json
from game.session.record import scenario_facts
from game.session.thinking import looks_ahead, orders_of_machines
from game.session.verbs import Verbs
from game.storage.orders import unpack_orders
from game.storage.saves import save_bytes

if TYPE_CHECKING:
    from game.scenario.loader import Scenario
    from game.session.worker import Job, Thinker

FUTURES, QUARTERS = 256, 8


def _no_pause() -> None:
    """The machines may think in one go."""


class Aside(Verbs):
    """Machines that look ahead think in a process of its own, from the quarter's first moment:
    what they order does not depend on what the person is about to order."""

    scenario: Scenario
    rivals: str
    thinker: Thinker | None = None
    """Who thinks aside; None: nobody does, all is worked out here."""
    _thought: tuple[State, Job] | None = None

    @property
    def policy(self) -> Policy:
        """The machine that plays all other seats."""
        raise NotImplementedError

    def let_think(self, thinker: Thinker) -> None:
        """Have the machines think aside from now on, where they think for long."""
        self.thinker = thinker
        self.think_ahead()

    def think_ahead(self) -> None:
        """Let the machines begin to think about this quarter; what they thought of another one
        is dropped."""
        if self.thinker is None or not looks_ahead(self.policy):
            return
        if self._thought is not None:
            if self._thought[0] is self.state:
                return
            self.stop_thinking()
        if not self.over:
            facts = {"seats": self.others().tolist(), "rivals": self.rivals}
            self._thought = self.state, self.thinker.ask("think", self._save_of_now(), facts)

    def stop_thinking(self) -> None:
        """Drop what is being thought out aside."""
        if self._thought is not None:
            self._thought[1].cancel()
            self._thought = None

    def machine_orders(self, others: Ints) -> Orders:
        """What the machines order, thought out aside where somebody does."""
        self.think_ahead()
        if self._thought is None or self._thought[0] is not self.state:
            return orders_of_machines(self.policy, self.state, self.ruleset, others, _no_pause)
        return unpack_orders(self._thought[1].wait()[0], self.ruleset)

    def foresee(self, deal: Deal, futures: int = FUTURES, quarters: int = QUARTERS) -> Job:
        """Ask what signing a deal would bring both sides, by what the seat believes.

        Its parts are JSON: see :func:`game.session.thinking.foresee`.
        """
        if self.thinker is None:
            from game.session.worker import Thinker

            self.thinker = Thinker(spawn=False)
        facts = {
            "seat": self.seat, "deal": deal_json(deal), "futures": futures, "quarters": quarters
        }  # fmt: skip
        return self.thinker.ask("foresee", self._save_of_now(), facts)

    def _save_of_now(self) -> bytes:
        return save_bytes({"scenario": scenario_facts(self.scenario)}, [self.state])
