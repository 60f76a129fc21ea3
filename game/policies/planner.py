"""A planner: a strategist that tries other orders in imagined worlds before it gives its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.core.ruleset import Ruleset
from game.play.observation import Observation
from game.play.orders import Orders
from game.play.pledge_facts import facts_of_view
from game.play.pledge_value import PledgeValues
from game.policies import order_rows
from game.policies.desk import Desk
from game.policies.levels import PLAIN, Level
from game.policies.lookahead import Lookahead
from game.policies.options import KINDS, Board, Option, beside, flat, options_of, square
from game.policies.order_rows import Rows
from game.policies.strategist import Strategist

FUTURES, QUARTERS, WIDTH = 8, 6, 4
SURE, CONFIRMED = 1.0, 0.5
"""Standard errors by which a gain must stand out: of one option, and of what is ordered."""


def _go_on() -> None:
    """Never stop."""


class Planner:
    """Starts from a strategist's orders and improves them by looking ahead; see docs/policies.md.

    Args:
        futures: imagined worlds of each trial, at least 2. quarters: how far each is played.
        width: options of a kind at most. kinds: what is tried, of :data:`options.KINDS`.
    """

    name = "planner"

    def __init__(
        self,
        futures: int = FUTURES,
        quarters: int = QUARTERS,
        width: int = WIDTH,
        kinds: tuple[str, ...] = KINDS,
        level: Level = PLAIN,
    ) -> None:
        self.futures, self.quarters, self.width, self.kinds = futures, quarters, width, kinds
        self.strategist = Strategist(level=level)
        self._follow = Strategist()
        self.twins = False
        """Its two worlds are the same game: one is searched, both are given its orders."""
        self.pause: Callable[[], None] = _go_on
        """Called between slices of the search; may raise to give it up."""

    def act(self, view: Observation, ruleset: Ruleset, seats: Ints) -> Orders:
        """Orders of the quarter; see :class:`game.play.policy.Policy`."""
        orders = self.strategist.act(view, ruleset, seats)
        search = self._search(view, ruleset, np.asarray(seats, np.int64), orders)
        if search is not None:
            chosen = search.best()
            order_rows.write(orders, chosen, search.seat, search.lane)
            if self.twins:
                order_rows.write(orders, chosen, search.seat, search.lane + 1)
        return orders

    def _search(
        self, view: Observation, ruleset: Ruleset, seats: Ints, orders: Orders
    ) -> _Search | None:
        worlds = view.world.shape[-1]
        desk = Desk(view, ruleset, seats)
        seat, lane = np.repeat(seats, worlds), np.tile(np.arange(worlds), len(seats))
        base = order_rows.read(orders, seat, lane)
        rows = PledgeValues(facts_of_view(view, desk.running), ruleset).rows()
        goals = self.strategist.goals_of(ruleset, seats)
        board = Board(desk, goals, rows, square(base, len(seats)), self.width)
        options = options_of(board, self.kinds)
        quarters = min(self.quarters, desk.quarters_left)
        if not options:
            return None
        places = np.flatnonzero(np.any([option.valid for option in options], axis=0))
        if self.twins:
            places = places[lane[places] == 0]
        ahead = Lookahead(
            view, ruleset, seat[places], lane[places], self.futures, self._follow, self.pause
        )
        trials = [_Trial.of(option, places) for option in options]
        return _Search(
            ahead, seat[places], lane[places], order_rows.take(base, places), trials, quarters
        )


@dataclass(frozen=True)
class _Trial:
    """An option at the seats and worlds that look ahead; axis Q."""

    kind: str
    valid: Bools
    changes: Rows

    @staticmethod
    def of(option: Option, places: Ints) -> _Trial:
        return _Trial(
            option.kind,
            option.valid.reshape(-1)[places],
            order_rows.take(flat(option.changes), places),
        )


@dataclass(frozen=True)
class _Search:
    """Trials of one quarter; axis Q: seats and worlds that have something to decide."""

    ahead: Lookahead
    seat: Ints
    lane: Ints
    base: Rows
    trials: list[_Trial]
    quarters: int

    def best(self) -> Rows:
        """The orders to give: [..., Q]."""
        mean, error = self._gains([(trial.valid, trial.changes) for trial in self.trials], 0)
        sure = mean > SURE * error
        mean = np.where(sure, mean, -np.inf)
        return self._confirmed(self._plans(mean))

    def _gains(self, changes: list[tuple[Bools, Rows]], half: int) -> tuple[Array, Array]:
        """Mean paired gain over the base and its standard error: [O, Q] each."""
        count = len(self.seat)
        every = np.arange(count)
        pairs, rows, number = [every], [self.base], [np.full(count, -1)]
        for place, (valid, change) in enumerate(changes):
            where = np.flatnonzero(valid)
            tried = order_rows.take(self.base, where)
            tried |= order_rows.take(change, where)
            pairs.append(where)
            rows.append(tried)
            number.append(np.full(len(where), place))
        pair, numbers, joined = np.concatenate(pairs), np.concatenate(number), order_rows.join(rows)
        order = np.argsort(pair, kind="stable")
        points = np.empty((len(pair), self.ahead.futures))
        points[order] = self.ahead.play(
            pair[order], order_rows.take(joined, order), self.quarters, half
        )
        gain = points[count:] - points[pair[count:]]
        mean = np.full((len(changes), count), -np.inf)
        error = np.zeros(mean.shape)
        at = (numbers[count:], pair[count:])
        mean[at] = gain.mean(axis=1)
        error[at] = gain.std(axis=1, ddof=1) / np.sqrt(gain.shape[1])
        return mean, error

    def _plans(self, mean: Array) -> list[tuple[Bools, Rows]]:
        """What to confirm: the best option alone, and the best of every kind together."""
        count = len(self.seat)
        alone, together = (order_rows.take(self.base, np.arange(count)) for _ in range(2))
        first = mean.argmax(axis=0)
        some = np.isfinite(mean.max(axis=0))
        kinds = np.zeros(count, np.int64)
        for place, trial in enumerate(self.trials):
            order_rows.put(alone, trial.changes, np.flatnonzero(some & (first == place)))
        for kind in dict.fromkeys(trial.kind for trial in self.trials):
            places = [place for place, trial in enumerate(self.trials) if trial.kind == kind]
            mine = mean[places]
            best = mine.argmax(axis=0)
            good = np.isfinite(mine.max(axis=0))
            kinds += good
            for rank, place in enumerate(places):
                where = np.flatnonzero(good & (best == rank))
                order_rows.put(together, self.trials[place].changes, where)
            if kind == "deals":
                kinds += self._second_deal(together, mine, places)
        return [(some, alone), (some & (kinds > 1), together)]

    def _second_deal(self, together: Rows, mine: Array, places: list[int]) -> Ints:
        """Table the second-best package beside the best where both bring something; where: [Q]."""
        order = np.argsort(-mine, axis=0, kind="stable")
        added = np.zeros(mine.shape[1], np.int64)
        if len(places) < 2:
            return added
        both = np.isfinite(np.sort(mine, axis=0)[-2])
        tabled = [(self.trials[place].changes["proposals.proposer"][0] >= 0) for place in places]
        for one in range(len(places)):
            for other in range(len(places)):
                where = both & (order[0] == one) & (order[1] == other)
                where &= tabled[one] & tabled[other]
                if where.any():
                    pair = beside(
                        self.trials[places[one]].changes, self.trials[places[other]].changes
                    )
                    order_rows.put(together, pair, np.flatnonzero(where))
                    added += where
        return added

    def _confirmed(self, plans: list[tuple[Bools, Rows]]) -> Rows:
        """The plan that brings most with fresh luck; the base where none brings anything."""
        chosen = order_rows.take(self.base, np.arange(len(self.seat)))
        if not any(valid.any() for valid, _ in plans):
            return chosen
        mean, error = self._gains(plans, 1)
        mean = np.where(mean > CONFIRMED * error, mean, -np.inf)
        best, good = mean.argmax(axis=0), np.isfinite(mean.max(axis=0))
        for place, (_, rows) in enumerate(plans):
            order_rows.put(chosen, rows, np.flatnonzero(good & (best == place)))
        return chosen
