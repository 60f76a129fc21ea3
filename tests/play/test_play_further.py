"""Further clauses go into packages where they win the pair something by its own terms."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from game.core.state import replace
from game.play import nash
from game.play.cells import cells_of
from game.play.deal_facts import facts_of_state
from game.play.nash import propose, wanted_shares
from game.play.observation_build import observe
from game.play.opening import first_state
from game.play.outcome import shares_total
from game.play.packages import Extra, Milestone, Term
from game.play.pairing import RIVALRY, Pairing, TableQuotes
from game.play.pledge_value import pledge_worth, pledge_worth_of_state
from game.play.regional import won_in
from game.play.terms import EXCLUSIVE_COST, EXCLUSIVE_WORTH, estimated_terms, package_terms
from game.play.turn import step
from game.policies.registry import seating
from game.scenario.loader import load

WORLDS, QUARTERS = 12, (2, 7, 12)


class Machines:
    """Some quarters of strategists on the flagship, with all clauses."""

    def __init__(self, path: Any) -> None:
        scenario = load(path)
        rules = dataclasses.replace(scenario.ruleset.rules, advanced_deals=True)
        self.ruleset = dataclasses.replace(scenario.ruleset, rules=rules)
        numbers = np.arange(WORLDS, dtype=np.uint64)
        state = first_state(self.ruleset, scenario.opening, np.full(WORLDS, 5, np.uint64), numbers)
        from game.lab.runner import orders_of

        self.first = state
        seats = seating("strategist", self.ruleset)
        self.states = []
        for quarter in range(max(QUARTERS) + 1):
            if quarter in QUARTERS:
                self.states.append(state)
            state, _ = step(state, self.ruleset, orders_of(state, self.ruleset, seats))

    def packages(self, state: Any) -> tuple[Any, Any, Any, Any]:
        """What every company would offer every other, as its seat sees it."""
        view = observe(state, self.ruleset, np.arange(len(self.ruleset.companies)))
        worth, cost = pledge_worth(view, self.ruleset)
        count = len(self.ruleset.companies)
        one, other = (part.reshape(-1) for part in np.indices((count, count)))
        pairs = np.flatnonzero(one != other)
        who = [np.repeat(part[pairs, None], WORLDS, axis=1) for part in (one, other)]
        return propose(view, self.ruleset, *who, worth, cost), view, worth, cost


@pytest.fixture(scope="module")
def machines(root: Any) -> Machines:
    return Machines(root / "scenarios" / "alibaba-meizu.yaml")


def test_further_clauses_win_the_pair_something_and_leave_both_what_they_want(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = {"loan": 0, "old_shares": 0, "exclusive": 0, "regions": 0}
    slots = np.zeros(len(Extra), np.int64)
    for state in machines.states:
        full, view, worth, cost = machines.packages(state)
        with monkeypatch.context() as patch:
            patch.setattr(nash, "bettered", lambda cells, *more: (cells, more[-1]))
            plain = machines.packages(state)[0]
        both = (full.proposer >= 0) & (plain.proposer >= 0)
        with_all, without = (
            estimated_terms(part, view, machines.ruleset, worth, cost).sum(axis=1)
            for part in (full, plain)
        )
        gain = (with_all - without).sum(axis=0)[both]
        scale = np.abs(without).sum(axis=0)[both]
        assert (gain >= -0.02 * scale - 0.05).all()
        assert gain.sum() > 0.0
        assert not (plain.proposer >= 0)[full.proposer < 0].any()
        cells = cells_of(full)
        assert cells is not None
        wanted = wanted_shares(cells, state.turn, machines.ruleset)
        total = with_all.reshape(2, -1)[:, cells.place]
        joint = total.sum(axis=0)
        assert (joint > 0.0).all()
        missed = (wanted * joint - total).max(axis=0)  # by what bends along the way
        assert (missed > 0.05 * joint + 0.1).mean() < 0.02
        assert np.quantile(missed / joint, 0.99) < 0.2
        for name in used:
            used[name] += int(
                (getattr(cells, name) > 0)
                .any(axis=tuple(range(getattr(cells, name).ndim - 1)))
                .sum()
            )
        slots += (cells.extra != 0).any(axis=0).sum(axis=1)
    assert min(used.values()) > 0, used
    never = [Extra(slot).name for slot in np.flatnonzero(slots == 0)]
    assert not never, never


def test_an_exclusive_pledge_is_worth_what_rivals_would_take_from_the_receiver(
    deals: Any,
) -> None:
    packages = deals.one()
    row = 0
    kind = int(np.argmax(deals.worth[:, deals.lantern, deals.kite, 0]))
    packages.pledge[0, kind, row] = 1.0
    plain = package_terms(packages, deals.state, deals.ruleset, deals.worth, deals.cost)
    packages.exclusive[0, kind, row] = True
    bound = package_terms(packages, deals.state, deals.ruleset, deals.worth, deals.cost)
    state = deals.state
    share = state.units / (state.units.sum(axis=0) + state.fringe_units)
    revenue = (state.units * state.price)[deals.kite]
    own = (share[deals.kite] * revenue).sum(axis=0) / revenue.sum(axis=0)
    earned = plain[1, Term.EARNINGS, row]
    kept = (bound - plain)[1, Term.RIVAL, row]
    tied = (bound - plain)[0, Term.DEPENDENCE, row]
    assert np.allclose(kept, EXCLUSIVE_WORTH * own * earned, rtol=1e-9)
    assert np.allclose(tied, -EXCLUSIVE_COST * earned, rtol=1e-9)


def test_a_pledge_that_stops_where_the_giver_sells_strengthens_no_rival(machines: Machines) -> None:
    ruleset, state = machines.ruleset, machines.first
    worth, cost = pledge_worth_of_state(state, ruleset)
    names = [company.uid for company in ruleset.companies]
    giver, taker = names.index("xiaomi"), names.index("samsung")
    from game.core.axes import empty
    from game.play.packages import Packages

    kind = int(np.argmax(worth[:, giver, taker, 0]))
    tables = []
    sizes = {**ruleset.sizes, "P": 2, "W": WORLDS}
    for bits in (0, *(1 << region for region in range(len(ruleset.regions)))):
        packages = empty(Packages, sizes)
        packages.proposer[0], packages.counterparty[0] = giver, taker
        packages.term[0] = ruleset.rules.terms[-1]
        packages.pledge[0, kind, 0] = 1.0
        packages.regions[0, kind, 0] = bits
        tables.append(package_terms(packages, state, ruleset, worth, cost)[:, :, 0])
    cells = cells_of(packages)
    assert cells is not None
    pairing = Pairing(cells, facts_of_state(state, ruleset), ruleset, TableQuotes(worth, cost))
    sales, overlap = won_in(pairing, 0, np.arange(cells.size))
    assert np.allclose((sales * overlap).sum(axis=0) / sales.sum(axis=0), pairing.overlap[0])
    seen = 0
    for region, terms in enumerate(tables[1:]):
        counted = terms[1, Term.EARNINGS] + terms[1, Term.TRUST]
        harm = overlap[region] + RIVALRY * pairing.reluctance[0]
        assert np.allclose(terms[0, Term.RIVAL], -counted * harm, atol=1e-9)
        seen += int((counted > 0.0).any())
    assert seen > 1


def test_what_waits_for_a_milestone_carries_no_error_of_estimate(deals: Any) -> None:
    rules = dataclasses.replace(deals.ruleset.rules, advanced_deals=True)
    ruleset = dataclasses.replace(deals.ruleset, rules=rules)
    packages = deals.one()
    packages.cash[0, 0] = 60.0
    packages.new_shares[1, 0] = shares_total(deals.state)[deals.kite] // 9
    plain = package_terms(packages, deals.state, ruleset, deals.worth, deals.cost)
    packages.extra[0, Extra.INSTALMENT, 0] = 20.0
    packages.extra[0, Extra.MILESTONE, 0] = float(Milestone.DATE)
    dated = package_terms(packages, deals.state, ruleset, deals.worth, deals.cost)
    packages.extra[0, Extra.MILESTONE, 0] = float(Milestone.REVENUE)
    packages.extra[0, Extra.TARGET, 0] = 1e-3  # sure to be met
    hinged = package_terms(packages, deals.state, ruleset, deals.worth, deals.cost)
    risk = [terms[0, Term.RISK, 0] for terms in (plain, dated, hinged)]
    assert (risk[1] <= risk[0]).all()  # it is money paid in, and more is bought for it
    assert (risk[2] > risk[0]).all()
    assert (risk[2] <= 0.0).all()


def test_founders_sell_their_own_while_the_company_may_not_issue(deals: Any) -> None:
    state = replace(
        deals.state, last_issue=np.full_like(deals.state.last_issue, deals.state.turn - 1)
    )
    one, other = np.full((1, deals.worlds), deals.lantern), np.full((1, deals.worlds), deals.kite)
    gap = dataclasses.replace(deals.ruleset.rules, issue_gap=2)
    ruleset = dataclasses.replace(deals.ruleset, rules=gap)
    state = replace(state, founders=state.founders + state.public // 2)
    packages = nash.nash_package(state, ruleset, one, other, deals.worth, deals.cost)
    assert (packages.proposer[0] >= 0).all()
    assert not packages.new_shares.any()
    assert (packages.old_shares[1, 0] > 0).all()
    assert (packages.old_issuer[1, 0] == deals.kite).all()
    from game.play.contracts import legal

    assert (legal(packages, state, ruleset)[0] == 0).all()
