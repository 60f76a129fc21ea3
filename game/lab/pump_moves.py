"""What an attacker tries: packages of every kind, priced at the edge of what the other takes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from game.core.axes import Array, Bools, Ints, empty
from game.core.ruleset import Ruleset
from game.core.state import State
from game.lab.pump_ground import Ground
from game.play.contracts import shares_for
from game.play.nash import FULL_SHARE
from game.play.outcome import shares_total, value_per_share
from game.play.packages import Extra, Milestone, Packages
from game.play.pledge_plan import traits
from game.play.terms import package_terms

FINANCIAL = (
    "buy new", "sell new", "buy old", "sell old", "hand back", "call", "instalment",
)  # fmt: skip
"""Moves by which nothing real changes, so that whatever is gained is a pump."""
MOVES = (
    *FINANCIAL, "pledges", "renew", "raise", "regions", "loan", "convertible", "board",
    "standstill", "non-compete", "business", "mixed",
)  # fmt: skip
"""What an attacker tries with somebody else."""
ALONE = ("issue", "buy back", "use options")
BETRAYAL = "break pledges"
"""What it does by itself between two deals; the last takes back what it has promised."""
EDGE = 0.05
"""USD m above the other side's target at which an attacker asks."""


class Attacker:
    """Tables one package a step in every world, priced at the edge of what the other takes."""

    def __init__(self, seats: Ints, seed: int, moves: tuple[str, ...]) -> None:
        self.seats, self.moves = seats, moves
        self.rng = np.random.default_rng(seed)

    def alone(self, ground: Ground) -> None:
        """Do something without anybody's consent, at times."""
        if self.rng.random() < 0.5:
            return
        lanes = np.arange(len(self.seats))
        who = np.zeros(ground.state.cash.shape, bool)
        who[self.seats, lanes] = self.rng.random(lanes.size) < 0.5
        breaks = (BETRAYAL,) if "pledges" in self.moves else ()
        kind = str(self.rng.choice((*ALONE, *breaks)))
        if kind == BETRAYAL:
            ground.breaks(who)
        elif kind == "use options":
            ground.uses(who)
        else:
            part = float(self.rng.choice([0.01, 0.1, 0.25]))
            ground.trades(who, part if kind == "issue" else -part)

    def packages(self, ground: Ground) -> tuple[Packages, list[str]]:
        """What is tabled, in the first row of each attacker, and its kind by world."""
        state, ruleset = ground.state, ground.ruleset
        worlds = state.cash.shape[-1]
        table = empty(Packages, {**ruleset.sizes, "W": worlds})
        kinds = []
        for lane in range(worlds):
            me = int(self.seats[lane])
            other = int(self.rng.integers(0, len(ruleset.companies) - 1))
            other += other >= me
            kind = str(self.rng.choice(self.moves))
            kinds.append(kind)
            row = 2 * me
            table.proposer[row, lane], table.counterparty[row, lane] = me, other
            table.term[row, lane] = self.rng.choice(ruleset.rules.terms)
            table.disclosed[row, lane] = True
            one = Draft(table, (row, lane), me, other, state, ruleset, self.rng)
            parts = [kind]
            if kind == "mixed":
                parts = [str(part) for part in self.rng.choice(MOVES[:-1], 2, replace=False)]
            for part in parts:
                WRITERS[part](one, part)
        return priced(table, state, ruleset, ground.worth, ground.cost), kinds


@dataclasses.dataclass(frozen=True)
class Draft:
    """A package that is being written. Sides: 0 the attacker, 1 the other."""

    table: Packages
    place: tuple[int, int]
    me: int
    other: int
    state: State
    ruleset: Ruleset
    rng: np.random.Generator

    @property
    def lane(self) -> int:
        """Its world."""
        return self.place[1]

    @property
    def side(self) -> int:
        """One of the two, by lot."""
        return int(self.rng.integers(0, 2))

    @property
    def part(self) -> float:
        """Of a company's shares or cash, by lot."""
        return float(self.rng.choice([0.004, 0.03, 0.08, 0.2, 0.3]))

    def whose(self, side: int) -> int:
        """The company of a side."""
        return (self.me, self.other)[side]

    def give(self, side: int, slot: Extra, amount: float) -> None:
        """Write a further clause of a side."""
        self.table.extra[(side, slot, *self.place)] = amount

    def pledge(self, side: int, strength: Array, alone: Bools) -> None:
        """Write pledges of a side, [K] each."""
        self.table.pledge[(side, slice(None), *self.place)] = strength
        self.table.exclusive[(side, slice(None), *self.place)] = alone


def _new_shares(one: Draft, kind: str) -> None:
    side = 1 if kind == "buy new" else 0
    total = shares_total(one.state)[one.whose(side), one.lane]
    one.table.new_shares[side][one.place] = shares_for(one.part, total)


def _old_shares(one: Draft, kind: str) -> None:
    """Shares that somebody holds: a third company's, founders', or the other side's own."""
    side = 1 if kind == "buy old" else 0
    giver, taker = one.whose(side), one.whose(1 - side)
    held = one.state.shares[giver, :, one.lane].copy()
    held[giver] = one.state.founders[giver, one.lane]
    if kind == "hand back":
        held[np.arange(len(held)) != taker] = 0
    some = np.flatnonzero(held > 0)
    if not some.size:
        return
    issuer = int(one.rng.choice(some))
    portion = float(one.rng.choice([0.1, 0.5, 1.0]))
    one.table.old_shares[side][one.place] = max(int(held[issuer] * portion), 1)
    one.table.old_issuer[side][one.place] = issuer


def _pledges(one: Draft, kind: str) -> None:
    some = one.rng.random((2, len(one.ruleset.pledges))) < 0.25
    strength = one.rng.choice([0.1, 0.5, 1.0], some.shape)
    alone = one.rng.random(some.shape) < 0.2
    for side in (0, 1):
        one.pledge(side, some[side] * strength[side], some[side] & alone[side])


def _regions(one: Draft, kind: str) -> None:
    """Pledges that work in some regions alone."""
    _pledges(one, kind)
    bits = one.rng.integers(1, 1 << len(one.ruleset.regions), len(one.ruleset.pledges))
    for side in (0, 1):
        one.table.regions[(side, slice(None), *one.place)] = bits


def _renew(one: Draft, kind: str) -> None:
    """Pledges in force promised anew, as strong as they are or at full strength."""
    for side in (0, 1):
        pair = (slice(None), one.whose(side), one.whose(1 - side), one.lane)
        running = one.state.pledge_until[pair] > one.state.turn
        strength = one.state.pledge_announced[pair] * running
        alone = one.state.pledge_exclusive[pair] & running
        one.pledge(side, (strength > 0.0) * 1.0 if kind == "raise" else strength, alone)


def _loan(one: Draft, kind: str) -> None:
    side = one.side
    cash = float(one.state.cash[one.whose(side), one.lane])
    one.table.loan[side][one.place] = max(cash * one.part, 0.0)
    rate = one.rng.choice([0.0, 0.01, 0.03, one.ruleset.rules.loan_rate_most])
    one.table.loan_rate[one.place] = rate
    if kind == "convertible":
        one.give(1 - side, Extra.CONVERT_PRICE, _strike(one, one.whose(1 - side)))


def _strike(one: Draft, issuer: int) -> float:
    each = float(value_per_share(one.state)[issuer, one.lane])
    return max(each * float(one.rng.choice([0.3, 0.8, 1.0, 1.5])), 1e-6)


def _call(one: Draft, kind: str) -> None:
    side = one.side
    one.give(side, Extra.CALL_STAKE, one.part)
    one.give(side, Extra.CALL_PRICE, _strike(one, one.whose(side)))


def _instalment(one: Draft, kind: str) -> None:
    side = one.side
    payer, payee = one.whose(side), one.whose(1 - side)
    one.give(side, Extra.INSTALMENT, max(float(one.state.cash[payer, one.lane]) * one.part, 0.0))
    on = int(one.rng.choice([Milestone.DATE, Milestone.PROFIT, Milestone.REVENUE]))
    one.give(side, Extra.MILESTONE, on)
    lane = one.lane
    sold = float((one.state.price * one.state.units)[payee, :, lane].sum())
    now = {Milestone.REVENUE: sold, Milestone.PROFIT: float(one.state.profit[payee, lane])}
    target = max(now.get(Milestone(on), 0.0), 0.0) * float(one.rng.choice([0.5, 1.0, 2.0]))
    one.give(side, Extra.TARGET, target if on != Milestone.DATE else 0.0)


def _yes(one: Draft, kind: str) -> None:
    one.give(one.side, Extra.BOARD if kind == "board" else Extra.STANDSTILL, 1.0)


def _market(one: Draft, kind: str) -> None:
    """A market where the side does not sell it promises to leave alone, or a business that it has
    it hands over."""
    side = one.side
    there = one.state.on_sale[one.whose(side), :, one.lane]
    business = kind == "business"
    some = np.flatnonzero(there if business else ~there)
    if some.size:
        slot = Extra.BUSINESS if business else Extra.NON_COMPETE
        one.give(side, slot, float(one.rng.choice(some)) + 1.0)


WRITERS: dict[str, Callable[[Draft, str], None]] = {
    "buy new": _new_shares, "sell new": _new_shares, "buy old": _old_shares,
    "sell old": _old_shares, "hand back": _old_shares, "call": _call, "instalment": _instalment,
    "pledges": _pledges, "renew": _renew, "raise": _renew, "regions": _regions, "loan": _loan,
    "convertible": _loan, "board": _yes, "standstill": _yes, "non-compete": _market,
    "business": _market,
}  # fmt: skip
"""How each move but the mixed one is written."""


def priced(table: Packages, state: State, ruleset: Ruleset, worth: Array, cost: Array) -> Packages:
    """Packages with the cash at which the other side just says yes.

    Args:
        worth, cost: [K, N, N, W] USD m a quarter of pledges at full strength.
    """
    wanted = ruleset.rules.bargaining * (0.5 + 0.5 * traits(ruleset, "patience"))
    wanted = np.minimum(wanted, FULL_SHARE)
    part = np.take(wanted, np.maximum(table.counterparty, 0))
    for _ in range(2):  # a dollar is worth more to the squeezed: once more from there
        total = package_terms(table, state, ruleset, worth, cost).sum(axis=1)
        joint = np.maximum(total[0] + total[1], 0.0)
        net = table.cash[0] - table.cash[1] + part * joint + EDGE - total[1]
        payer = np.where(net > 0.0, table.proposer, table.counterparty)
        purse = np.take_along_axis(state.cash, np.maximum(payer, 0).astype(np.int64), axis=0)
        net = np.clip(net, -np.maximum(purse, 0.0), np.maximum(purse, 0.0))
        net = np.where(table.proposer >= 0, np.ceil(net * 100.0) / 100.0, 0.0)
        cash = np.stack([np.maximum(net, 0.0), np.maximum(-net, 0.0)])
        table = dataclasses.replace(table, cash=cash)
    return table
