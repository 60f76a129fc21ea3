"""How packages are answered: accept, refuse with reasons, or counter at the Nash price.

A side has a target: its bargaining share of the joint surplus, never less than nothing
(:mod:`game.play.targets`). It accepts from the target up, so no search finds the point at which it
would walk away. A failed offer raises the target; what is missing against the raised one is what
an answer tells, so whoever pays what is asked is heard.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.cells import Cells, cells_of, pick_cells, put_cells, spread, write_cells
from game.play.contracts import legal, of_pair
from game.play.deal_facts import facts_of_state
from game.play.nash import (
    both_ways,
    nash_package,
    nash_share,
    propose,
    wanted_shares,
)
from game.play.packages import Answer, Code, DealFlag, Packages, Term
from game.play.pairing import Pairing, TableQuotes
from game.play.targets import mood_of, target_share
from game.play.terms import TERMS, Appraisal, appraise_cells

__all__ = [
    "Verdict",
    "answer",
    "judge",
    "nash_package",
    "propose",
]

LEAST_PATIENCE = 0.25
"""With less patience left a side does not talk this quarter."""
LOWBALL = 0.5
"""Part of the joint surplus by which an offer may miss the target before it offends."""
REFUSED_PATIENCE, COUNTERED_PATIENCE, LOWBALL_PATIENCE = 0.15, 0.1, 0.5
CENT = 0.01
BEND = 0.02
"""Of the joint surplus: how far a counter is set above what is asked, since worth bends."""
SLACK = 1e-6
"""USD m by which a target may be missed through rounding."""


@dataclasses.dataclass(frozen=True)
class Verdict:
    """The answer to cells."""

    found: Appraisal
    joint: Array
    """[L] USD m, joint surplus, at least 0."""
    code: Ints
    """[L] :class:`Code`."""
    reasons: Ints
    """[L] :class:`DealFlag` bits."""
    needed: Array
    """[L] USD m missing against what the deciding side asks for after this answer."""
    short: Array
    """[L] USD m by which the offer missed what it asked for before."""
    counter: Cells | None
    """Cells as countered; to be read where the code says so."""
    counter_joint: Array
    """[L] joint surplus of the counter."""
    counter_found: Appraisal | None = None
    """What the counters are worth."""

    @property
    def final_joint(self) -> Array:
        """[L] joint surplus of what would be settled: of the counter where there is one."""
        return np.where(self.code == Code.COUNTER, self.counter_joint, self.joint)

    def final(self, cells: Cells) -> Cells:
        """Cells as they would be settled."""
        if self.counter is None:
            return cells
        new = self.code == Code.COUNTER
        return dataclasses.replace(
            cells,
            cash=np.where(new, self.counter.cash, cells.cash),
            new_shares=np.where(new, self.counter.new_shares, cells.new_shares),
            pledge=np.where(new, self.counter.pledge, cells.pledge),
        )

    def appraised(self, chosen: Ints) -> Appraisal:
        """What some cells are worth as they would be settled."""
        found = self.found.of(chosen)
        if self.counter_found is None:
            return found
        return found.but(self.code[chosen] == Code.COUNTER, self.counter_found.of(chosen))

    def of(self, chosen: Ints, place: Ints) -> Verdict:
        """The verdict on some cells, laid out at these places of a table."""
        counter = None
        if self.counter is not None:
            counter = dataclasses.replace(pick_cells(self.counter, chosen), place=place)
        return Verdict(
            found=self.found.of(chosen),
            joint=self.joint[chosen],
            code=self.code[chosen],
            reasons=self.reasons[chosen],
            needed=self.needed[chosen],
            short=self.short[chosen],
            counter=counter,
            counter_joint=self.counter_joint[chosen],
        )


def judge(
    cells: Cells,
    decider: Ints,
    flags: Ints,
    patience: Array,
    mood: Array,
    pairing: Pairing,
) -> Verdict:
    """What the deciding sides say to cells. Only counterparties counter.

    Args:
        decider: [L] side that answers, 0 or 1.
        flags: [L] what :func:`game.play.contracts.legal` says.
        patience: [L] 0..1 of the deciding side.
        mood: [L] 0..1, see :func:`game.play.targets.mood_of`.
    """
    turn, ruleset = pairing.facts.turn, pairing.ruleset
    found = appraise_cells(cells, pairing)
    total = found.total
    joint = np.maximum(total[0] + total[1], 0.0)
    mine = np.where(decider == 1, total[1], total[0])
    asked = target_share(cells, decider, turn, patience, mood, ruleset)
    short = asked * joint - mine
    worn = np.where(short > LOWBALL * joint + CENT, LOWBALL_PATIENCE, REFUSED_PATIENCE)
    later = target_share(cells, decider, turn, patience - worn, mood, ruleset)
    needed = np.where(short <= SLACK, 0.0, np.maximum(later * joint - mine, short))
    reasons = flags | np.where(patience < LEAST_PATIENCE, int(DealFlag.PATIENCE), 0)
    asks = (needed > 0.0) & (reasons == 0)
    ask = (asks | _overcharged(cells, reasons)) & (joint > 0.0) & (decider == 1)
    reasons = reasons | np.where(needed > 0.0, int(DealFlag.WORTH), 0)
    code = np.where(reasons == 0, int(Code.ACCEPT), int(Code.REFUSE))
    if not ask.any():
        return Verdict(found, joint, code, reasons, needed, short, None, joint)
    at = np.flatnonzero(ask)
    at = np.repeat(at, 2) if at.size == 1 else at  # a lone lane sums in another order
    tabled, counter, last = _countered(cells, at, later[at], found, pairing)
    total, wanted = last.total, wanted_shares(tabled, turn, ruleset)
    again = np.maximum(total[0] + total[1], 0.0)
    works = (total >= np.stack([wanted[0], later[at]]) * again - SLACK).all(axis=0)
    code[at] = np.where(works & (again > 0.0), int(Code.COUNTER), code[at])
    counter_joint = joint.copy()
    counter_joint[at] = again
    return Verdict(
        found, joint, code, reasons, needed, short, put_cells(cells, at, counter), counter_joint,
        found.put(at, last),
    )  # fmt: skip


def _countered(
    cells: Cells, chosen: Ints, least: Array, found: Appraisal, pairing: Pairing
) -> tuple[Cells, Cells, Appraisal]:
    """(some cells as tabled, as countered, and what the counters are worth).

    Args:
        least: [len(chosen)] part of the joint surplus that the counterparty asks for.
    """
    tabled = pick_cells(cells, chosen)
    near, worth = pairing.some(chosen, tabled), found.of(chosen)
    purse = np.maximum(near.purse - tabled.loan, 0.0)
    wanted = wanted_shares(tabled, near.facts.turn, near.ruleset)
    joint = np.maximum(worth.total.sum(axis=0), 0.0)
    counter = _counter(tabled, worth, np.maximum(nash_share(wanted), least) * joint, purse)
    return tabled, *_mended(counter, tabled, least, near, worth, purse)


def _overcharged(cells: Cells, reasons: Ints) -> Bools:
    """Packages that fail alone because the counterparty cannot pay so much: [L]."""
    money = int(DealFlag.CASH | DealFlag.AUTHORISATION)
    pays = cells.cash[1] > cells.cash[0]  # a loan is as it is asked for
    return np.asarray(pays & ((reasons & money) != 0) & ((reasons & ~money) == 0))


def _counter(cells: Cells, found: Appraisal, aim: Array, purse: Array) -> Cells:
    """Cells with the counterparty brought to what it aims for: cash, then shares, then pledges.

    Args:
        aim: [L] USD m.
    """
    short = np.maximum(aim - found.total[1], 0.0)
    cash, short = _more_cash(cells, found, short, purse)
    issued, short = _fewer_shares(cells, found, short)
    pledge = _weaker_pledges(cells, found, short)
    return dataclasses.replace(cells, cash=cash, new_shares=issued, pledge=pledge)


def _mended(
    counter: Cells,
    cells: Cells,
    least: Array,
    pairing: Pairing,
    tabled: Appraisal,
    purse: Array,
) -> tuple[Cells, Appraisal]:
    """Counters with the cash set where the worth of money bends, and what they are worth.

    Args:
        cells: as tabled. least: [L] part of the joint surplus that the counterparty asks for.
        tabled: what the cells are worth as tabled. purse: [X, L] USD m that a side may pay.
    """

    def over(totals: Array) -> Array:
        return np.asarray(totals[1] - least * np.maximum(totals[0] + totals[1], 0.0))

    same = tabled.pledged if counter.pledge is cells.pledge else None
    countered = appraise_cells(counter, pairing, same)
    found = countered.total
    first, then = over(tabled.total), over(found)
    joint = np.maximum(found[0] + found[1], 0.0)
    before, now = (side.cash[0] - side.cash[1] for side in (cells, counter))
    theirs = found[0] < wanted_shares(cells, pairing.facts.turn, pairing.ruleset)[0] * joint
    bent = ((then < -SLACK) | theirs) & (first < -SLACK) & (then > first) & (now > before)
    if not bent.any():
        return counter, countered
    part = np.divide(BEND * joint - first, then - first, out=np.ones(now.shape), where=bent)
    wish = np.ceil((before + (now - before) * part) / CENT) * CENT
    net = np.where(bent, np.minimum(wish, np.maximum(purse[0], now)), now)
    counter = dataclasses.replace(counter, cash=both_ways(net))
    return counter, appraise_cells(counter, pairing, countered.pledged)


def _more_cash(cells: Cells, found: Appraisal, short: Array, purse: Array) -> tuple[Array, Array]:
    """Cash of both sides with the shortfall paid by the proposer, and what is still short.

    The counterparty offers no more than it may pay.
    """
    slope = np.maximum(found.slope, 0.05)
    now = cells.cash[0] - cells.cash[1]
    most = np.maximum(purse[0], now)
    wish = np.minimum(np.ceil((now + short / slope) / CENT) * CENT, most)
    net = np.maximum(wish, -purse[1])
    return both_ways(net), np.maximum(short - (net - now) * slope, 0.0)


def _fewer_shares(cells: Cells, found: Appraisal, short: Array) -> tuple[Ints, Array]:
    """New shares with the counterparty's cut by what is still short, and the rest."""
    price = found.post_money[1] / np.maximum(found.count[1], 1.0)
    wish = np.ceil(np.minimum(short / np.maximum(price, 1e-12), cells.new_shares[1]))
    cut = wish.astype(np.int64)
    if not cut.any():
        return cells.new_shares, np.maximum(short, 0.0)
    shares = np.stack([cells.new_shares[0], cells.new_shares[1] - cut])
    return shares, np.maximum(short - cut * price, 0.0)


def _weaker_pledges(cells: Cells, found: Appraisal, short: Array) -> Array:
    """Pledges with the counterparty's scaled down by what is still short of their cost."""
    if not (short > 0.0).any():
        return cells.pledge
    giving = np.maximum(-found.terms[1, Term.GIVING], 0.0)
    part = np.where(short > 0.0, short / np.maximum(giving, 1e-9), 0.0)
    kept = 1.0 - np.minimum(part, 1.0)
    return np.stack([cells.pledge[0], cells.pledge[1] * kept])


def patience_charge(verdict: Verdict) -> Array:
    """Patience that the answering side loses by cells: [L]."""
    return _charge(verdict.code, verdict.reasons, verdict.short, verdict.joint)


def _charge(code: Ints, reasons: Ints, short: Array, joint: Array) -> Array:
    missed = (reasons & int(DealFlag.WORTH)) != 0
    heard = (reasons & int(DealFlag.PATIENCE)) == 0
    lost = np.where(code == Code.COUNTER, COUNTERED_PATIENCE, REFUSED_PATIENCE)
    lost = np.where(short > LOWBALL * joint + CENT, LOWBALL_PATIENCE, lost)
    return np.asarray(np.where(missed & heard, lost, 0.0))


def answer_of(
    packages: Packages, cells: Cells | None, verdict: Verdict | None, flags: Ints
) -> Answer:
    """A verdict laid out as the table of its packages.

    Args:
        flags: [P, W] reasons of rows without a cell.
    """
    shape = packages.proposer.shape
    if cells is None or verdict is None:
        code = np.where(packages.proposer >= 0, int(Code.REFUSE), int(Code.NONE))
        nothing = np.zeros(shape)
        return Answer(code, flags, np.zeros((2, TERMS, *shape)), nothing, nothing, packages)
    bare = np.where(packages.proposer >= 0, int(Code.REFUSE), int(Code.NONE))
    here = spread(np.ones(cells.size, bool), cells, shape)
    counter = packages
    if verdict.counter is not None:
        counter = write_cells(packages, verdict.counter, verdict.code == Code.COUNTER)
    return Answer(
        code=np.where(here, spread(verdict.code, cells, shape), bare),
        reasons=np.where(here, spread(verdict.reasons, cells, shape), flags),
        terms=np.asarray(spread(verdict.found.terms, cells, shape)),
        needed=np.asarray(spread(verdict.needed, cells, shape)),
        patience=np.asarray(spread(patience_charge(verdict), cells, shape)),
        counter=counter,
    )


def answer(packages: Packages, state: State, ruleset: Ruleset, worth: Array, cost: Array) -> Answer:
    """What the counterparties say to packages; nothing is settled and nobody loses patience.

    Args:
        packages: any number of rows.
        worth, cost: [K, N, N, W] USD m a quarter at full strength, giver by receiver.

    Returns:
        Answer [P, W]; rows without a proposer have the code NONE. ``counter`` holds the packages
        with the clauses changed where the code is COUNTER, and the packages as tabled elsewhere.
    """
    flags = legal(packages, state, ruleset)
    cells = cells_of(packages)
    if cells is None:
        return answer_of(packages, None, None, flags)
    patience = of_pair(state.patience, packages.counterparty, packages.proposer)
    one, other = cells.who
    verdict = judge(
        cells,
        np.ones(cells.size, np.int64),
        np.take(flags, cells.place),
        np.take(patience, cells.place),
        mood_of(state.seed, state.world, state.turn, other, one, cells, ruleset),
        Pairing(cells, facts_of_state(state, ruleset), ruleset, TableQuotes(worth, cost)),
    )
    return answer_of(packages, cells, verdict, flags)
