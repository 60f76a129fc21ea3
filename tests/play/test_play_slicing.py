"""Slicing a deal gains nothing: the pair's deals of the last quarters are valued together."""

from __future__ import annotations

import copy
import dataclasses

import numpy as np
import pytest

from game.core.state import replace
from game.play.cells import cells_of, facts_of_state
from game.play.contracts import apply_packages, shares_for
from game.play.nash import both_ways, usual_shares
from game.play.outcome import shares_total, value_per_share
from game.play.pairing import Pairing, TableQuotes
from game.play.pledge_facts import facts_of_state as public_facts
from game.play.pledge_spots import PledgeSpots
from game.play.pledge_value import PledgeValues
from game.play.terms import appraise_cells

LANTERN, KITE = 0, 1
TURN = 5
STAKE, SHOP, PRELOAD = 0.15, 1.0, 0.6


def slice_of(deals, state, stake=0.0, shop=0.0, preload=0.0):
    """A part of the deal: Lantern gives its web shop, Kite preloads and issues shares."""
    packages = deals.one(LANTERN, KITE, row=0)
    packages.pledge[0, deals.ruleset.kind("web_shop"), 0] = shop
    packages.pledge[1, deals.ruleset.kind("preload"), 0] = preload
    total = shares_total(state)[KITE]
    packages.new_shares[1, 0] = shares_for(stake, total) if stake else 0
    return packages


def priced(deals, state, packages):
    """The package at the cash for which Kite has the share that it usually wants."""
    cells = cells_of(packages)
    facts = facts_of_state(state, deals.ruleset)
    pairing = Pairing(cells, facts, deals.ruleset, TableQuotes(deals.worth, deals.cost))
    wanted = usual_shares(cells, deals.ruleset)[1]
    low, high = np.full(cells.size, -1e3), np.full(cells.size, 1e3)
    for _ in range(44):
        half = 0.5 * (low + high)
        total = appraise_cells(dataclasses.replace(cells, cash=both_ways(half)), pairing).total
        short = total[1] < wanted * np.maximum(total[0] + total[1], 0.0)
        low, high = np.where(short, half, low), np.where(short, high, half)
    packages.cash[:, 0] = both_ways(high)
    return packages, high


def settled(deals, state, packages):
    """The state after a slice; a company's worth has changed by its money, not by its pledges."""
    accepted = np.zeros(packages.proposer.shape, bool)
    accepted[0] = True
    each = value_per_share(state)
    equity = each * shares_total(state)
    after = apply_packages(packages, accepted, state, deals.ruleset)
    equity = equity + after.cash - state.cash
    each = equity[KITE] / shares_total(after)[KITE]
    equity[LANTERN] += (after.shares - state.shares)[LANTERN, KITE] * each
    outside = after.founders + after.public
    value = equity / shares_total(after) * outside
    return replace(after, value=value, last_issue=after.last_issue - 4)


def paid(deals, *slices):
    """What Lantern pays for slices, one after the other: [W] USD m."""
    state = replace(deals.state, turn=TURN, cash=deals.state.cash + 1e4)
    total = np.zeros(deals.worlds)
    for one in slices:
        packages, price = priced(deals, state, slice_of(deals, state, **one))
        total += price
        state = settled(deals, state, packages)
    return total, state


WHOLE = {"stake": STAKE, "shop": SHOP, "preload": PRELOAD}
HALF = 1.0 - np.sqrt(1.0 - STAKE)
CUTS = {
    "pledges, then the stake": ({"shop": SHOP, "preload": PRELOAD}, {"stake": STAKE}),
    "the stake, then pledges": ({"stake": STAKE}, {"shop": SHOP, "preload": PRELOAD}),
    "half of the stake at a time": (
        {"stake": HALF, "shop": SHOP, "preload": PRELOAD}, {"stake": HALF},
    ),
    "one pledge at a time, then the stake": (
        {"shop": SHOP}, {"preload": PRELOAD}, {"stake": STAKE},
    ),
}  # fmt: skip


@pytest.fixture(scope="module", params=["advisers", "free talks"])
def deals(request, deals):
    """The lesson's board, with advisers' fees and without: fees alone would stop slicers."""
    board = copy.copy(deals)
    if request.param == "free talks":
        rules = dataclasses.replace(board.ruleset.rules, deal_cost=0.0, deal_cost_share=0.0)
        board.ruleset = dataclasses.replace(board.ruleset, rules=rules)
    return board


@pytest.mark.parametrize("cut", CUTS)
def test_slices_come_no_cheaper_than_the_whole(deals, cut):
    whole, end = paid(deals, WHOLE)
    total, after = paid(deals, *CUTS[cut])
    held = [(s.shares[LANTERN, KITE] / shares_total(s)[KITE])[0] for s in (end, after)]
    assert held[0] == pytest.approx(held[1], abs=1e-6)
    assert (total >= whole - 0.02 * np.abs(whole)).all(), (total, whole)


def test_without_the_position_the_stake_would_come_cheaper(deals, monkeypatch):
    """The trick that the position closes: pledges first, then shares at a worth without them."""
    if deals.ruleset.rules.deal_cost > 0.0:
        pytest.skip("fees hide the trick")
    nothing = property(lambda self: (np.zeros_like(self.equity), np.zeros_like(self.equity)))
    whole, _ = paid(deals, WHOLE)
    monkeypatch.setattr(Pairing, "standing", nothing)
    total, _ = paid(deals, *CUTS["pledges, then the stake"])
    assert (total < whole).all()
    assert total.mean() < 0.97 * whole.mean()


def test_a_pledge_counts_less_the_longer_it_runs(deals):
    _, state = paid(deals, {"shop": SHOP})
    cells = cells_of(slice_of(deals, state, stake=STAKE))
    left = []
    for quarters in (1, 3, 5, 9):
        later = replace(
            state, turn=state.turn + quarters, pledge_until=state.pledge_until + quarters
        )
        facts = facts_of_state(later, deals.ruleset)
        quotes = TableQuotes(deals.worth, deals.cost)
        left.append(float(Pairing(cells, facts, deals.ruleset, quotes).standing[0][1, 0]))
    assert left[0] > left[2] > left[3] == 0.0
    assert left[0] >= left[1]


def test_spots_and_tables_tell_the_same_position(deals):
    _, state = paid(deals, {"shop": SHOP, "preload": PRELOAD})
    cells = cells_of(slice_of(deals, state, stake=STAKE))
    facts = facts_of_state(state, deals.ruleset)
    values = PledgeValues(public_facts(state, deals.ruleset), deals.ruleset)
    table = Pairing(cells, facts, deals.ruleset, TableQuotes(*values.table())).standing
    spots = Pairing(cells, facts, deals.ruleset, PledgeSpots(values)).standing
    assert table[0].any()
    for one, other in zip(table, spots, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)
