"""How much of its promises a seat should truly give: machines do it, people are advised."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.core.ruleset import Rules, Ruleset
from game.finance.commitment import best_effort
from game.play.observation import Observation
from game.play.pledge_facts import facts_of_view
from game.play.pledge_value import PledgeValues
from game.policies.desk import Desk

OWN_PART = 0.2
"""What a receiver's gain is worth to a giver without a stake: goodwill for the next deal."""
WATCHED_GAP = 0.04
"""So far below what an audit faults a report may be before a receiver on the board audits."""


@dataclass(frozen=True)
class Efforts:
    """Best replies of givers, and what they weigh; axis L: a pledge."""

    part: Array
    """[L] of the promise, 0..1."""
    brings: Array
    """[L] USD m a quarter that full effort is worth to the giver by its stake and the next deal."""
    costs: Array
    """[L] USD m a quarter that full effort costs it; below 0: it is paid for giving."""
    lost: Array
    """[L] USD m that being found out would cost it."""


def efforts(desk: Desk, mine: Ints, rows: Ints, stake: Array, worth: Array, cost: Array) -> Efforts:
    """What the givers of some pledges do best.

    A stake in the receiver commits; without one the next deal is what full effort is for, and what
    the partner gives back is what being found out would cost. Patience counts both more. From a
    seat on the giver's board the receiver sees more clearly what arrives.

    Args:
        mine: those of the desk's running pledges that its seats give. rows, stake: [L] of these,
            the giver's row and its stake in the receiver. worth, cost: USD m a quarter of all the
            running pledges, to receivers and givers.
    """
    given, rules = desk.running.only(mine), desk.rules
    patience = 0.5 + desk.trait("patience")[rows, 0]
    brings = given.announced * (OWN_PART * patience + stake) * worth[mine]
    costs = given.announced * cost[mine]
    quarters = min(float(rules.trust_missed), float(desk.quarters_left))
    missed = brought_back(desk, mine, worth) + OWN_PART * given.announced * worth[mine]
    lost = np.maximum(rules.exposed_trust * quarters * patience * missed, 0.0)
    watched = desk.view.board[given.receiver, given.giver, given.lane]
    noise = rules.report_noise * np.where(watched, 1.0 - rules.board_hears, 1.0)
    suspect = audits_below(rules, watched)
    part = best_effort(brings - costs, lost, noise, suspect, rules.exposed_below)
    return Efforts(part, brings, costs, lost)


def audits_below(rules: Rules, watched: Bools) -> Array:
    """Reports below which a receiver audits: sooner from a seat on the giver's board."""
    sooner = max(rules.exposed_below - WATCHED_GAP, rules.suspect_below)
    return np.where(watched, sooner, rules.suspect_below)


def brought_back(desk: Desk, mine: Ints, worth: Array) -> Array:
    """What the partners of these pledges bring their givers by pledges of theirs: [L] USD m."""
    pledges = desk.running
    brings = np.zeros(pledges.shape[1:])
    back = (pledges.receiver, pledges.giver, pledges.lane)
    np.add.at(brings, back, pledges.announced * worth)
    given = pledges.only(mine)
    return np.asarray(brings[given.giver, given.receiver, given.lane])


@dataclass(frozen=True)
class Advice:
    """What a seat's delegates would give of one pledge, and why."""

    part: float
    """Of the promise, 0..1."""
    brings: float
    """USD m a quarter, of full effort, as the rest."""
    costs: float
    lost: float
    """USD m."""
    stake: float
    """In the receiver, fraction."""


def advise(view: Observation, ruleset: Ruleset) -> dict[tuple[int, int], Advice]:
    """Advice on all pledges that the view's first seat gives, by (kind, receiver): first world."""
    desk = Desk(view, ruleset, view.seats)
    pledges = desk.running
    mine = np.flatnonzero((pledges.giver == desk.seats[0]) & (pledges.lane == 0))
    if not mine.size:
        return {}
    values = PledgeValues(facts_of_view(view, pledges), ruleset)
    given, rows = pledges.only(mine), np.zeros(mine.size, np.int64)
    stake = view.held[rows, given.receiver, given.lane]
    found = efforts(desk, mine, rows, stake, *values.of_running(values.rows()))
    return {
        (int(kind), int(receiver)): Advice(*(float(part) for part in figures))
        for kind, receiver, *figures in zip(
            given.kind, given.receiver, found.part, found.brings, found.costs, found.lost, stake,
            strict=True,
        )
    }  # fmt: skip
