"""What a seat may expect of a talk: worth and answer in worlds as it believes them.

Nothing here looks at the true state: the worlds come from :func:`game.play.beliefs.imagine`, and
so does the other side's mood.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from game.core.axes import Array, Bools
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.bargaining import LEAST_PATIENCE, SLACK
from game.play.bilateral import Bilateral, flags_of, in_lanes, quotes_of
from game.play.cells import Cells
from game.play.deal_facts import facts_of_state
from game.play.targets import mood_of, target_share


@dataclass(frozen=True)
class Believed:
    """A seat's imagined worlds on the matter of one counterparty. Axis F: imagined worlds."""

    worlds: State
    pair: Bilateral
    seat: int
    other: int
    worn: float
    """Patience that this quarter's talks have cost besides."""

    @staticmethod
    def of(
        worlds: State,
        ruleset: Ruleset,
        seat: int,
        other: int,
        worth: Array,
        cost: Array,
        worn: float = 0.0,
    ) -> Believed:
        """A seat's beliefs about a pair.

        Args:
            worlds: imagined. worth, cost: [K, N, N, W] by public figures.
        """
        facts, quotes = facts_of_state(worlds, ruleset), quotes_of(seat, other, worth, cost)
        return Believed(worlds, Bilateral(facts, quotes, ruleset), seat, other, worn)

    @property
    def count(self) -> int:
        """Imagined worlds."""
        return int(self.worlds.cash.shape[-1])

    @property
    def patience(self) -> float:
        """Of the counterparty, which the seat may know."""
        return max(float(self.worlds.patience[self.other, self.seat, 0]) - self.worn, 0.0)

    def middle(self) -> Bilateral:
        """The pair in the middle of the seat's beliefs, the same in all lanes."""
        facts = self.pair.facts
        shape = facts.equity.shape

        def median(field: Array) -> Array:
            return np.repeat(np.median(field, axis=-1, keepdims=True), shape[-1], axis=-1)

        changed = dataclasses.replace(
            facts,
            equity=median(facts.equity),
            money=median(facts.money),
            contribution=median(facts.contribution),
            costs=median(facts.costs),
            cushion=median(facts.cushion),
            authorisation=median(facts.authorisation),
        )
        return dataclasses.replace(self.pair, facts=changed)

    def purse(self, part: float) -> float:
        """USD m that the counterparty can pay in all but this part of the worlds."""
        facts = self.pair.facts
        most = np.minimum(facts.money[0, self.other], facts.authorisation[0, self.other])
        return max(float(np.quantile(most, part, method="lower")), 0.0)

    def least_asked(self, cells: Cells) -> Array:
        """Part of the joint surplus that the counterparty asks for in the best of moods: [L]."""
        return target_share(
            cells, np.ones(cells.size, np.int64), self.worlds.turn,
            np.full(cells.size, self.patience), np.zeros(cells.size), self.pair.ruleset,
        )  # fmt: skip

    def terms(self, cells: Cells) -> Array:
        """Named terms of packages in every world: [X, T, L, F] USD m."""
        found = self.pair.appraise(in_lanes(cells, self.count)).terms
        return np.asarray(found.reshape(*found.shape[:2], cells.size, self.count))

    def shares_asked(self, cells: Cells) -> Array:
        """Part of the joint surplus that the counterparty asks for: [L, F]."""
        every = in_lanes(cells, self.count)
        state, ruleset = self.worlds, self.pair.ruleset
        one, other = every.who
        mood = mood_of(state.seed, state.world, state.turn, other, one, every, ruleset)
        asked = target_share(
            every, np.ones(every.size, np.int64), state.turn,
            np.full(every.size, self.patience), mood, ruleset,
        )  # fmt: skip
        return asked.reshape(cells.size, self.count)

    def over(self, cells: Cells) -> Array:
        """USD m by which packages exceed what the counterparty asks for: [L, F]."""
        total = self.terms(cells).sum(axis=1)
        joint = np.maximum(total[0] + total[1], 0.0)
        return np.asarray(total[1] - self.shares_asked(cells) * joint)

    def sound(self, cells: Cells) -> Bools:
        """Whether packages could be settled: [L, F]."""
        flags = flags_of(in_lanes(cells, self.count), self.worlds, self.pair.ruleset)
        return np.asarray(flags.reshape(cells.size, self.count) == 0)

    def odds(self, cells: Cells) -> Array:
        """Part of the worlds in which the counterparty agrees: [L] 0..1."""
        if self.patience < LEAST_PATIENCE:
            return np.zeros(cells.size)
        yes = (self.over(cells) >= -SLACK) & self.sound(cells)
        return np.asarray(yes.mean(axis=1))
