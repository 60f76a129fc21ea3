"""Slicing a deal gains nothing: the pair's deals of the last quarters are valued together."""

from __future__ import annotations

import copy
import dataclasses

import numpy as np
import pytest

from game.core.state import replace
from game.play.cells import cells_of
from game.play.contracts import apply_packages, shares_for
from game.play.deal_facts import facts_of_state
from game.play.nash import both_ways, usual_shares
from game.play.outcome import shares_total, value_per_share
from game.play.pairing import Pairing, TableQuotes
from game.play.pledge_facts import facts_of_state as public_facts
from game.play.pledge_spots import PledgeSpots
from game.play.pledge_value import PledgeValues
from game.play.position import ahead_of, covered_part, still_ahead, unshown
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


@pytest.mark.parametrize("deals", ["free talks"], indirect=True)
def test_without_the_position_the_stake_would_come_cheaper(deals, monkeypatch):
    """The trick that the position closes: pledges first, then shares at a worth without them. Run
    without advisers' fees, which a second deal doubles and so hide it."""
    whole, _ = paid(deals, WHOLE)
    monkeypatch.setattr(Pairing, "position", None)
    total, _ = paid(deals, *CUTS["pledges, then the stake"])
    assert (total < whole).all()
    assert total.mean() < 0.97 * whole.mean()


def later(state, quarters):
    """So many quarters on, in which accounts have not been looked at."""
    return replace(state, turn=state.turn + quarters)


def brought(deals, state):
    """What pledges will still bring Kite if they are kept in full: [W] USD m."""
    facts = facts_of_state(state, deals.ruleset)
    found = ahead_of(facts, deals.ruleset, TableQuotes(deals.worth, deals.cost))
    return np.zeros(deals.worlds) if found is None else found.brought[LANTERN, KITE]


def worth_more(deals, state):
    """What pledges are thought to add to Kite beyond what its worth shows: [W] USD m."""
    facts = facts_of_state(state, deals.ruleset)
    found = ahead_of(facts, deals.ruleset, TableQuotes(deals.worth, deals.cost))
    return np.zeros(deals.worlds) if found is None else found.value[0, KITE]


def test_a_pledge_that_profits_show_is_not_counted_again(deals):
    _, state = paid(deals, {"shop": SHOP})
    left = [worth_more(deals, later(state, quarters)).mean() for quarters in (1, 2, 3, 7)]
    assert left[0] > left[1] >= left[2] == left[3] == 0.0
    old = replace(state, pledge_since=np.where(state.pledge_since > 0, 0, -1))
    assert (worth_more(deals, old) == 0.0).all()


def test_all_that_a_pledge_still_brings_hangs_on_how_it_is_kept(deals):
    _, state = paid(deals, {"shop": SHOP})
    whole = [brought(deals, later(state, quarters)).mean() for quarters in (1, 2, 3)]
    assert whole[0] > whole[1] > whole[2] > 0.0


def test_what_is_shown_and_what_is_not_add_up(deals):
    ahead, hidden = still_ahead(deals.ruleset), unshown(deals.ruleset)
    assert (hidden >= 0.0).all()
    assert (hidden <= ahead + 1e-12).all()
    np.testing.assert_allclose(hidden[:, 0], np.broadcast_to(ahead[0], hidden[:, 0].shape))
    assert (np.diff(hidden, axis=1) <= 1e-9).all()  # the longer it has worked, the more is shown


def test_a_pledge_in_one_region_counts_there_alone(deals):
    _, state = paid(deals, {"shop": SHOP})
    part = replace(state, pledge_regions=np.where(state.pledge_since > 0, 1, 0))
    whole, some = brought(deals, state), brought(deals, part)
    facts = facts_of_state(state, deals.ruleset)
    kind = np.full(deals.worlds, deals.ruleset.kind("web_shop"))
    giver, taker = np.full(deals.worlds, LANTERN), np.full(deals.worlds, KITE)
    inside = covered_part(
        facts, deals.ruleset, kind, giver, taker, np.arange(deals.worlds), np.ones_like(kind)
    )
    np.testing.assert_allclose(some, whole * inside)


@pytest.mark.parametrize("cut", ["at once", "in two steps"])
def test_a_pledge_raised_in_steps_brings_no_more(deals, cut):
    """Raised twice in the instant or once: what is paid for it is the same, but for the trust
    that every signature earns."""
    steps = {"at once": (1.0,), "in two steps": (0.4, 1.0)}[cut]
    first, state = paid(deals, {"shop": 0.1})
    state = replace(state, trust=deals.state.trust)
    total = np.zeros(deals.worlds)
    for strength in steps:
        packages, price = priced(deals, state, slice_of(deals, state, shop=strength))
        total += price
        state = replace(settled(deals, state, packages), trust=deals.state.trust)
    whole, _ = paid(deals, {"shop": 1.0})
    # Lantern gives, so that it gets what it pays less: in slices no more than for the whole
    assert (-(first + total) <= -whole + 0.02 * np.abs(whole)).all()


def test_spots_and_tables_tell_the_same_position(deals):
    _, state = paid(deals, {"shop": SHOP, "preload": PRELOAD})
    facts = facts_of_state(state, deals.ruleset)
    values = PledgeValues(public_facts(state, deals.ruleset), deals.ruleset)
    table = ahead_of(facts, deals.ruleset, TableQuotes(*values.table()))
    spots = ahead_of(facts, deals.ruleset, PledgeSpots(values))
    assert table.brought.any()
    np.testing.assert_allclose(table.brought, spots.brought, rtol=1e-12)
    np.testing.assert_allclose(table.value, spots.value, rtol=1e-9, atol=1e-9)
