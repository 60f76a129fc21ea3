"""Packages at the Nash price: which pledges, what stake, how much cash.

Built from the same figures for a seat that proposes (an observation) and for the solver's and
the tests' state: the pledges of positive joint worth both ways, a minority stake of the larger
company in the smaller, and the cash that gives each side its share of the joint surplus.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints, empty
from game.core.ruleset import Ruleset
from game.core.state import State
from game.play.cells import Cells, cells_of, fill_cells, spread
from game.play.deal_facts import DealFacts, facts_of_state, facts_of_view, viewer_rows
from game.play.further import bettered
from game.play.in_force import InForce
from game.play.observation import Observation
from game.play.packages import Packages
from game.play.pairing import RIVALRY, Pairing, Quotes, TableQuotes
from game.play.pledge_plan import plan_of, traits
from game.play.position import still_ahead
from game.play.promises import expected_effort
from game.play.regional import best_regions
from game.play.stake_sold import PURSE, StakeSold
from game.play.terms import (
    appraise_cells,
    prepared,
)

FULL_SHARE = 0.5
"""A side never wants more than half of the joint surplus."""
PREPARED_SHARE = 0.2
"""A draft prepared before the game: part of the usual share that a side still asks for."""
RENEW_LEFT = 1
"""A pledge may be proposed anew when so many quarters are left."""


def usual_shares(cells: Cells, ruleset: Ruleset) -> Array:
    """Part of the joint surplus that each side usually wants: [X, L].

    The rules' bargaining share, less for the impatient, at most a half.
    """
    patience = traits(ruleset, "patience")
    wanted = np.minimum(ruleset.rules.bargaining * (0.5 + 0.5 * patience), FULL_SHARE)
    return np.asarray(np.take(wanted, cells.who))


def wanted_shares(cells: Cells, turn: int, ruleset: Ruleset) -> Array:
    """Part of the joint surplus that each side wants at least: [X, L].

    As usual; much less for a pair whose advisers have prepared a draft, while it lies on the
    table.
    """
    shares = usual_shares(cells, ruleset)
    ready = prepared(cells, turn, ruleset)
    return np.asarray(np.where(ready, PREPARED_SHARE * shares, shares))


def nash_share(wanted: Array) -> Array:
    """The counterparty's share at the Nash price: the wanted ones scaled to sum to one. [L]."""
    return np.asarray(wanted[1] / np.maximum(wanted.sum(axis=0), 1e-9))


def both_ways(net: Array) -> Array:
    """Cash of both sides from what the proposer pays on balance: [X, L] USD m."""
    return np.stack([np.maximum(net, 0.0), np.maximum(-net, 0.0)])


class _Openings:
    """Which pledges could still be given: counts of those in force."""

    def __init__(self, pairing: Pairing) -> None:
        self.pairing, self.ruleset = pairing, pairing.ruleset
        self.running = pairing.facts.running
        self.any = bool(self.running.place.size)

    def allowed(self, cells: Cells) -> Bools:
        """Pledge kinds that the sides may promise each other: [X, K, L]."""
        may = ~self.pairing.taboo
        if not self.any:
            return np.asarray(may)
        already, left = self.pairing.running, self.pairing.left
        plan = plan_of(self.ruleset)
        partners, givers = plan.partners[:, None], plan.givers[:, None]
        serves = _of_kind(self.running.serves, cells.who, cells) - already
        takes = _of_kind(self.running.takes, cells.who[::-1], cells) - already
        promised = _of_kind(self.running.bound, cells.who, cells) > 0
        free = (serves < partners) & (takes < givers) & ~(promised & ~already)
        return np.asarray(may & free & (~already | (left <= RENEW_LEFT)))


def _of_kind(field: AnyArray, who: Ints, cells: Cells) -> AnyArray:
    """A figure by kind [K, N, W] at companies [X, L] of cells: [X, K, L]."""
    kinds, count, worlds = field.shape
    kind = np.arange(kinds)[:, None] * (count * worlds)
    return np.asarray(field.reshape(-1).take((who * worlds + cells.lane)[:, None] + kind))


class _Promises:
    """Which pledges pay a pair, effort and rivals counted."""

    def __init__(self, cells: Cells, pairing: Pairing) -> None:
        self.pairing = pairing
        openings = _Openings(pairing)
        held = expected_effort(pairing.trust, pairing.held[::-1], pairing.seated)
        self.effort = held[::-1]
        self.rivalry = RIVALRY * pairing.reluctance
        gain = pairing.worth * (self.effort * (1.0 - pairing.harm))[:, None] - pairing.cost
        self.may = openings.allowed(cells)
        self.pledge: Array = ((gain > 0.0) & self.may).astype(float)

    def narrowed(self) -> tuple[Array, Ints]:
        """(strengths, bits of regions): those that pay in some regions alone are kept there."""
        found = best_regions(self.pledge, self.may, self.effort, self.rivalry, self.pairing)
        return found


def best_pledges(cells: Cells, pairing: Pairing) -> Array:
    """Strengths of every kind that gains the pair more than it costs, both ways: [X, K, L]."""
    return _Promises(cells, pairing).pledge


def _pledge_gain(cells: Cells, pairing: Pairing) -> Array:
    """Rough present value to each side of the pledges in cells: [X, L] USD m."""
    factor = np.take(still_ahead(pairing.ruleset)[0], cells.term)
    brought = (pairing.worth * cells.pledge).sum(axis=1)
    paid = (pairing.cost * cells.pledge).sum(axis=1)
    return np.asarray((brought[::-1] - paid) * factor)


def build(cells: Cells, pairing: Pairing) -> tuple[Cells, Bools]:
    """Cells filled with the best package at the Nash price.

    Args:
        cells: pairs with a term; other clauses are overwritten.

    Returns:
        (cells, [L] where a package exists that meets both sides' targets).
    """
    pledge, regions = _Promises(cells, pairing).narrowed()
    cells = dataclasses.replace(cells, pledge=pledge, regions=regions)
    gain = _pledge_gain(cells, pairing)
    stake = StakeSold(cells, pairing)
    gained = np.where(stake.issuer == 1, gain[1], gain[0])
    part = stake.part(gained)
    fair = stake.price(part, gained)
    net = np.where(stake.issuer == 1, fair, -fair)
    cells = dataclasses.replace(stake.sold(cells, part), cash=both_ways(net))
    wanted = wanted_shares(cells, pairing.facts.turn, pairing.ruleset)
    share = nash_share(wanted)
    found = appraise_cells(cells, pairing)
    total = found.total
    wish = net + (share * (total[0] + total[1]) - total[1]) / stake.slope(found)
    most = PURSE * pairing.purse
    net = np.clip(wish, -most[1], most[0])
    owed = np.where(stake.issuer == 1, net - wish, wish - net)
    shares = stake.topped_up(cells, found, owed)
    cells = dataclasses.replace(cells, cash=both_ways(net), new_shares=shares)
    found = appraise_cells(cells, pairing, found.pledged)
    total = found.total
    joint = total[0] + total[1]
    good = (joint > 0.0) & (total >= wanted * np.maximum(joint, 0.0)).all(axis=0)
    something = (cells.pledge > 0.0).any(axis=(0, 1))
    something |= (cells.new_shares + cells.old_shares > 0).any(axis=0)
    return bettered(cells, pairing, found, stake.slope(found), wanted, good & something)


def _pairs(
    proposer: Ints, counterparty: Ints, turn: int, ruleset: Ruleset, worlds: int
) -> Packages:
    """Empty packages between pairs, with terms that fall due in different quarters."""
    sizes = {**ruleset.sizes, "P": proposer.shape[0], "W": worlds}
    packages = empty(Packages, sizes)
    terms = np.asarray(ruleset.rules.terms)
    uid = ruleset.company_uid
    mixed = turn + np.take(uid, np.maximum(proposer, 0)) + np.take(uid, np.maximum(counterparty, 0))
    return dataclasses.replace(
        packages,
        proposer=np.asarray(proposer, "i2"),
        counterparty=np.asarray(counterparty, "i2"),
        term=np.take(terms, mixed % len(terms)).astype("i2"),
    )


def _fill(
    packages: Packages,
    cells: Cells | None,
    facts: DealFacts,
    ruleset: Ruleset,
    quotes: Quotes,
) -> Packages:
    if cells is None:
        return packages
    cells, good = build(cells, Pairing(cells, facts, ruleset, quotes))
    fill_cells(packages, cells)
    kept = spread(good, cells, packages.proposer.shape)
    listed = np.array([company.listed for company in ruleset.companies])
    sells = packages.new_shares[0] + packages.old_shares[0] > 0
    issuer = np.where(sells, packages.proposer, packages.counterparty)
    return dataclasses.replace(
        packages,
        proposer=np.where(kept, packages.proposer, -1).astype("i2"),
        counterparty=np.where(kept, packages.counterparty, -1).astype("i2"),
        disclosed=np.take(listed, np.maximum(issuer, 0)) & kept,
    )


def propose(
    view: Observation,
    ruleset: Ruleset,
    proposer: Ints,
    counterparty: Ints,
    worth: Array,
    cost: Array,
) -> Packages:
    """The best package for each pair, as the proposer's seat sees it.

    Args:
        proposer, counterparty: [P, W] companies; -1 for no row. Proposers must be seats of
            the view.
        worth, cost: [K, N, N, W] from :func:`game.play.pledge_value.pledge_worth`.

    Returns:
        Packages [.., P, W]; rows without a deal that meets both sides' targets are empty.
    """
    return propose_by(view, ruleset, proposer, counterparty, TableQuotes(worth, cost))


def propose_by(
    view: Observation,
    ruleset: Ruleset,
    proposer: Ints,
    counterparty: Ints,
    quotes: Quotes,
    running: InForce | None = None,
) -> Packages:
    """As :func:`propose`, with pledges quoted by what knows their worth.

    Args:
        running: the pledges in force, when they are at hand.
    """
    packages = _pairs(proposer, counterparty, view.turn, ruleset, view.cash_guess.shape[-1])
    cells = cells_of(packages, viewer_rows(view, packages.proposer))
    if cells is None:
        return packages
    return _fill(packages, cells, facts_of_view(view, ruleset, running), ruleset, quotes)


def nash_package(
    state: State, ruleset: Ruleset, proposer: Ints, counterparty: Ints, worth: Array, cost: Array
) -> Packages:
    """As :func:`propose`, from the state itself: for counters, the solver and tests."""
    packages = _pairs(proposer, counterparty, state.turn, ruleset, state.cash.shape[-1])
    cells = cells_of(packages)
    return _fill(packages, cells, facts_of_state(state, ruleset), ruleset, TableQuotes(worth, cost))
