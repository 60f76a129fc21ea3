"""A machine opens talks with a person: whom it is worth most to, and what it puts on the table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints
from game.core.ruleset import Ruleset, Status
from game.play.cells import cells_of, spread
from game.play.countdown import danger_of
from game.play.deal_facts import facts_of_view, viewer_rows
from game.play.in_force import running_of
from game.play.nash import propose_by
from game.play.observation import Observation
from game.play.packages import Packages
from game.play.pairing import Pairing
from game.play.pledge_facts import facts_of_view as pledge_facts
from game.play.pledge_value import PledgeValues
from game.play.terms import appraise_cells
from game.policies.dealing import AFRAID, LEAST_TRUST


@dataclass(frozen=True)
class Openings:
    """What every machine would put on the table of one company, by its own terms."""

    packages: Packages
    """P = 2N, row 2n of company n; empty where it would put nothing."""
    terms: Array
    """[T, P, W] USD m, what the row is worth to the company that opens, by its own reckoning."""
    worth: Array
    """[N, W] USD m, all terms together; -inf where it opens no talks."""


def openings(view: Observation, ruleset: Ruleset, seats: Ints, person: int) -> Openings:
    """The packages with which machines would open talks with a company.

    Each is the best that the machine finds by the Nash price and worth more to it than it costs.

    Args:
        seats: of the view. person: the company courted.
    """
    seats = np.asarray(seats, np.int64)
    count, worlds = len(ruleset.companies), view.world.shape[-1]
    running = running_of(view)
    willing = _willing(view, ruleset, seats, person)
    proposer = np.full((2 * count, worlds), -1)
    proposer[2 * seats] = np.where(willing, seats[:, None], -1)
    counterparty = np.where(proposer >= 0, person, -1)
    quotes = PledgeValues(pledge_facts(view, running), ruleset).rows()
    packages = propose_by(view, ruleset, proposer, counterparty, quotes, running)
    cells = cells_of(packages, viewer_rows(view, packages.proposer))
    worth = np.full((count, worlds), -np.inf)
    if cells is None:
        return Openings(packages, np.zeros((1, *packages.proposer.shape)), worth)
    pairing = Pairing(cells, facts_of_view(view, ruleset, running), ruleset, quotes)
    found = appraise_cells(cells, pairing)
    terms = np.asarray(spread(found.terms[0], cells, packages.proposer.shape))
    there = packages.proposer[::2] >= 0
    worth = np.where(there, terms[:, ::2].sum(axis=0), -np.inf)
    return Openings(packages, terms, np.where(worth > 0.0, worth, -np.inf))


def _willing(view: Observation, ruleset: Ruleset, seats: Ints, person: int) -> Bools:
    """Machines that may open talks and would talk to that company: [A, W]."""
    status = view.status[seats]
    able = (status != Status.CONTROLLED) & (status != Status.FAILED)
    able &= view.status[person] != Status.FAILED
    able &= view.status[person] != Status.CONTROLLED
    able &= view.attention >= ruleset.rules.cost_talk
    able &= view.trust[seats, person] > LEAST_TRUST
    danger = danger_of(view.path_run, ruleset.rules)
    if danger is not None:
        able &= danger[person] < AFRAID
    return np.asarray(able & (seats != person)[:, None])


def order(found: Openings, value: Array, lately: AnyArray, lane: int = 0) -> list[int]:
    """Companies that would open talks, the keenest first: [..].

    Who has opened talks lately comes after all others, so that no voice is heard all the time;
    the rest by what the package is worth beside the company itself.

    Args:
        value: [N] USD m of the companies. lately: [N] who has opened talks not long ago.
    """
    worth = found.worth[:, lane]
    keen = worth / np.maximum(value, 1.0)
    some = [int(company) for company in np.flatnonzero(np.isfinite(worth))]
    return sorted(some, key=lambda company: (bool(lately[company]), -float(keen[company])))
