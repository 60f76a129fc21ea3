"""Why trust moved in a quarter, by what was done: what companies remember of one another.

    moves = trust_moves(before, after, report, orders, ruleset)

The moves of a pair, each faded by ``trust_decay`` since, add up to the trust of today less what is
left of the trust at the start (but where trust has met its bounds).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from game.core.axes import AnyArray, Array
from game.core.ruleset import EffectKind, Event, Ruleset
from game.core.state import State
from game.play import events, legality
from game.play.contracts import SIGNED_TRUST
from game.play.grudges import refusals
from game.play.orders import Orders
from game.play.pledge_ends import OTHERS_TRUST
from game.play.report import Report

LEAST = 1e-6


class Deed(IntEnum):
    """What moved trust."""

    SIGNED = 0
    KEPT = 1
    """A quarter in which a pledge was kept."""
    BROKEN = 2
    BROKEN_TO_OTHERS = 3
    """A pledge to somebody else was broken."""
    HALF_KEPT = 4
    """An audit found less given than promised."""
    ATTACKED = 5
    PRAISED = 6
    REFUSED = 7
    OUTBID = 8
    """Bid for a stake of which the other was sure."""
    LATE = 9
    """Did not repay a loan when it was due."""
    EVENT = 10
    DECLINED = 11
    """A person turned down an offer that lay on the table."""


@dataclass(frozen=True)
class Move:
    """Trust of one company in another, moved by what that one did."""

    deed: Deed
    truster: int
    trusted: int
    amount: float
    """On the scale of trust, -1 to 1, when it was done."""
    about: int = -1
    """The pledge's kind or the event, by the deed."""
    early: int = 0
    """Quarters that a broken pledge had still to run."""


def trust_moves(
    before: State, after: State, report: Report, orders: Orders, ruleset: Ruleset, lane: int = 0
) -> tuple[Move, ...]:
    """All moves of trust of a quarter in one world.

    Args:
        before: as the turn met it. after: at its end. report: with its settlement.
        orders: of all companies.
    """
    told = [
        *_events(before, ruleset, orders, lane), *_table(report, ruleset, lane),
        *_broken(before, report, ruleset, lane), *_words(report, orders, ruleset, lane),
        *_late(before, report, ruleset, lane),
    ]  # fmt: skip
    old, new = before.trust[..., lane], after.trust[..., lane]
    sure = _expected(old, told)
    for move in list(told):
        if move.deed == Deed.PRAISED and not _came(move, sure, new, ruleset):
            told.remove(move)  # the attention was not there
    return (*told, *_kept(_expected(old, told), new, ruleset))


def _expected(old: AnyArray, told: list[Move]) -> Array:
    """Trust after these moves, before it fades: [N, N]."""
    out = np.array(old, float)
    for move in told:
        place = (move.truster, move.trusted)
        out[place] = np.clip(out[place] + move.amount, -1.0, 1.0)
    return out


def _came(move: Move, expected: Array, new: AnyArray, ruleset: Ruleset) -> bool:
    rules, place = ruleset.rules, (move.truster, move.trusted)
    missing = float(rules.trust_decay * expected[place] - new[place])
    return missing < 0.5 * move.amount


def _kept(expected: Array, new: AnyArray, ruleset: Ruleset) -> Iterator[Move]:
    """What is left to explain is the trust that kept pledges build."""
    rules = ruleset.rules
    left = new - rules.trust_decay * expected
    for one, other in np.argwhere(left > max(0.5 * rules.keep_trust, LEAST)).tolist():
        # it was won at the quarter's end: as of its beginning it was so much
        yield Move(Deed.KEPT, one, other, float(left[one, other]) / rules.trust_decay)


def _events(before: State, ruleset: Ruleset, orders: Orders, lane: int) -> Iterator[Move]:
    due = (before.event_turn[:, lane] == before.turn) & before.active[lane]
    cards = [int(card) for card in np.flatnonzero(due) if _about_trust(ruleset.events[int(card)])]
    if not cards:
        return
    choice = legality.checked_choices(before, ruleset, orders)
    after, _, _ = events.happen(before, ruleset, choice)
    moved = after.trust[..., lane] - before.trust[..., lane]
    for one, other in np.argwhere(np.abs(moved) > LEAST).tolist():
        yield Move(Deed.EVENT, one, other, float(moved[one, other]), cards[0])


def _about_trust(event: Event) -> bool:
    options = [effect for option in event.options for effect in option.effects]
    return any(effect.kind == EffectKind.TRUST for effect in (*event.effects, *options))


def _table(report: Report, ruleset: Ruleset, lane: int) -> Iterator[Move]:
    """Deals signed, offers refused, stakes outbid."""
    settlement, rules = report.settlement, ruleset.rules
    if settlement is None:
        return
    deals = settlement.news.packages
    for row in np.flatnonzero(settlement.news.settled[:, lane]).tolist():
        one, other = int(deals.proposer[row, lane]), int(deals.counterparty[row, lane])
        yield Move(Deed.SIGNED, one, other, SIGNED_TRUST)
        yield Move(Deed.SIGNED, other, one, SIGNED_TRUST)
    talks, contests = settlement.talks, settlement.contests
    if talks is not None and settlement.judged is not None and rules.refusal_trust > 0.0:
        once = talks.cells.single
        here = refusals(talks, settlement.judged) & (talks.cells.lane[once] == lane)
        for place in np.flatnonzero(here).tolist():
            waiting, deciding = int(talks.waiting[place]), int(talks.deciding[place])
            yield Move(Deed.REFUSED, waiting, deciding, -rules.refusal_trust)
    if contests is not None and rules.topped_trust > 0.0:
        for place in np.flatnonzero(contests.lane == lane).tolist():
            first, topper = int(contests.first[place]), int(contests.topper[place])
            yield Move(Deed.OUTBID, first, topper, -rules.topped_trust)


def _broken(before: State, report: Report, ruleset: Ruleset, lane: int) -> Iterator[Move]:
    for kind, giver, receiver in np.argwhere(report.broken[..., lane]).tolist():
        strength = _renewed(report, kind, giver, receiver, lane)
        if strength <= 0.0:
            strength = float(before.pledge_announced[kind, giver, receiver, lane])
        lost = ruleset.rules.break_trust * strength
        left = int(before.pledge_until[kind, giver, receiver, lane]) - before.turn
        yield Move(Deed.BROKEN, receiver, giver, -(1.0 + OTHERS_TRUST) * lost, kind, left)
        for other in range(len(ruleset.companies)):
            if other not in (giver, receiver):
                yield Move(Deed.BROKEN_TO_OTHERS, other, giver, -OTHERS_TRUST * lost, kind)


def _renewed(report: Report, kind: int, giver: int, receiver: int, lane: int) -> float:
    """Strength of a pledge as promised anew in this quarter's deals; 0 when it was not."""
    found = 0.0
    deals = report.settlement.news.packages if report.settlement is not None else None
    for row in range(0 if deals is None else len(deals.proposer)):
        assert deals is not None
        sides = (int(deals.proposer[row, lane]), int(deals.counterparty[row, lane]))
        if {giver, receiver} == set(sides):
            found = max(found, float(deals.pledge[sides.index(giver), kind, row, lane]))
    return found


def _words(report: Report, orders: Orders, ruleset: Ruleset, lane: int) -> Iterator[Move]:
    """What audits found, and what was said in public."""
    rules = ruleset.rules
    for finder, giver in np.argwhere(report.exposed[..., lane]).tolist():
        yield Move(Deed.HALF_KEPT, finder, giver, -rules.exposed_trust)
    for one, other in np.argwhere(report.attacked[..., lane]).tolist():
        yield Move(Deed.ATTACKED, other, one, -rules.attack_trust)
    for one in np.flatnonzero(orders.praise[:, lane] >= 0).tolist():
        other = int(orders.praise[one, lane])
        if other != one:
            yield Move(Deed.PRAISED, other, one, rules.praise_trust)


def _late(before: State, report: Report, ruleset: Ruleset, lane: int) -> Iterator[Move]:
    lost = ruleset.rules.late_trust
    due = (before.loan_due > 0) & (before.loan_due <= before.turn)
    due = due[..., lane] & report.defaulted[:, None, lane]
    for debtor, creditor in np.argwhere(due).tolist() if lost > 0.0 else ():
        yield Move(Deed.LATE, creditor, debtor, -lost)
