"""Every real deal of the facts as a package: settled, and played to its end.

``tests/data/real_deals.yaml`` says how each is expressed between the lesson's companies. The
packages are entered as agreed: what is tried here is that each can be said, settles to the cent and
to the share, and leaves nothing behind when its clauses have run out.
"""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.play.books import deal_books
from game.play.contracts import apply_packages, legal, shares_for
from game.play.orders import Exercise, no_orders
from game.play.outcome import shares_total, stakes
from game.play.packages import Extra, Milestone, Packages
from game.play.report import Line
from game.play.statements import Balance, statements
from game.play.turn import step

HERE = Path(__file__).resolve().parents[1]
DEALS = yaml.safe_load((HERE / "data" / "real_deals.yaml").read_text("utf-8"))
FACTS = HERE.parent / "scenarios" / "facts" / "deals.csv"
OWN_END = (
    "call_until", "instalment_until", "loan_due", "standstill_until", "board_until",
    "venture_until",
)  # fmt: skip


class Table:
    """The lesson's companies with deep pockets, and packages between them."""

    def __init__(self, deals: Any) -> None:
        self.deals = deals
        rules = dataclasses.replace(
            deals.ruleset.rules, advanced_deals=True, terms=(4, 8, 12), quarters=40
        )
        skill = deals.ruleset.skill.copy()
        skill[deals.ruleset.kind("engineers")] = 0.5  # everybody has some to lend
        self.ruleset: Ruleset = dataclasses.replace(deals.ruleset, rules=rules, skill=skill)

    def start(self, held: dict[str, dict[str, float]]) -> State:
        """Everybody can pay, sells by web and by shop, and these stakes are held."""
        state = self.deals.state
        shares, founders, public = (
            getattr(state, name).copy() for name in ("shares", "founders", "public")
        )
        total = shares_total(state)
        kite = self.deals.kite
        for holder, issuers in held.items():
            for issuer, part in issuers.items():
                who, whose = self.ruleset.company(holder), self.ruleset.company(issuer)
                shares[who, whose] = np.round(part * total[whose]).astype(np.int64)
        own = shares[:, kite].sum(axis=0)
        public[kite] = np.minimum(public[kite], (total[kite] - own) // 8)
        founders[kite] = total[kite] - own - public[kite]
        coverage = np.maximum(state.coverage, 0.3 * state.on_sale[:, :, None])
        return replace(
            state,
            shares=shares,
            founders=founders,
            public=public,
            coverage=coverage,
            cash=state.cash + 20_000.0,
            authorisation=np.full_like(state.authorisation, 1e6),
        )

    def package(self, deal: dict[str, Any], state: State) -> Packages:
        """A row's package; the seller of others' shares stands for the target."""
        investor, target = deal["who"]
        target = deal.get("seller", target)
        sides = [self.ruleset.company(name) for name in (investor, target)]
        packages: Packages = self.deals.one(sides[0], sides[1], 0)
        packages.term[0] = deal.get("term", 4)
        packages.loan_rate[0] = deal.get("rate", 0.0)
        packages.disclosed[0] = not deal.get("secret", False)
        for side, key in enumerate(("investor", "target")):
            self._write(packages, side, sides, deal.get(key, {}), state)
        return packages

    def _write(
        self, packages: Packages, side: int, sides: list[int], gives: dict[str, Any], state: State
    ) -> None:
        me, other = sides[side], sides[1 - side]
        total, quote = shares_total(state)[:, 0], state.quote[:, 0]
        extra = packages.extra[side, :, 0]
        for name, value in gives.items():
            if name in ("cash", "loan"):
                getattr(packages, name)[side, 0] = value
            elif name == "new":
                packages.new_shares[side, 0] = shares_for(value, total[me])
            elif name in ("founders", "old"):
                issuer, part = (me, value) if name == "founders" else (None, value[1])
                issuer = me if issuer is not None else self.ruleset.company(value[0])
                packages.old_shares[side, 0] = int(part * total[issuer])
                packages.old_issuer[side, 0] = issuer
            elif name == "pledges":
                for kind, strength in value.items():
                    packages.pledge[side, self.ruleset.kind(kind), 0] = strength
            elif name == "call":
                extra[Extra.CALL_STAKE] = value[0]
                extra[Extra.CALL_PRICE] = value[1] * quote[me]
            elif name == "convert":
                extra[Extra.CONVERT_PRICE] = value * quote[me]
            elif name == "instalment":
                figure = float(state.revenue[other].sum(axis=0)[0])
                extra[Extra.INSTALMENT] = value[0]
                extra[Extra.MILESTONE] = Milestone[value[1]]
                extra[Extra.TARGET] = value[2] * figure
            elif name == "venture":
                extra[Extra.VENTURE], extra[Extra.VENTURE_SHARE] = value[0], value[2]
                extra[Extra.VENTURE_MARKET] = self.ruleset.market(value[1]) + 1
            elif name in ("business", "non_compete"):
                extra[Extra[name.upper()]] = -1 - self.ruleset.sectors.index(value)
            else:
                extra[Extra[name.upper()]] = value

    def settled(self, packages: Packages, state: State) -> State:
        """The state with a package entered: legal, and to the cent and the share."""
        flags = legal(packages, state, self.ruleset)[0]
        assert (flags == 0).all(), flags
        after = apply_packages(packages, packages.proposer >= 0, state, self.ruleset)
        books = deal_books(packages, state)
        lines = sum(books.lines.values())
        rest = after.cash - state.cash - lines
        grown = (
            Balance.of(replace(after, carrying=books.carrying)).equity - Balance.of(state).equity
        )
        gain = books.gain + after.plant - state.plant
        np.testing.assert_allclose(grown, books.raised + gain + rest, atol=1e-6)
        new = packages.new_shares[:, 0].sum(axis=0)
        returned = np.zeros_like(new)
        for side in (0, 1):
            taker = (packages.counterparty, packages.proposer)[side][0]
            own = packages.old_issuer[side, 0] == taker
            returned += np.where(own, packages.old_shares[side, 0], 0)
        change = shares_total(after).sum(axis=0) - shares_total(state).sum(axis=0)
        assert (change == new - returned).all()
        for name in ("shares", "founders", "public"):
            assert (getattr(after, name) >= 0).all(), name
        return replace(after, carrying=books.carrying)

    def quarter(self, state: State, exercise: bool) -> State:
        """One quarter whose statements tie; rights are used or left."""
        orders = no_orders(state, self.ruleset)
        if exercise:
            orders.exercise[:] = int(Exercise.CALL | Exercise.CONVERT | Exercise.BUY_OUT)
        with np.errstate(all="raise", under="ignore"):
            after, report = step(state, self.ruleset, orders)
        assert (np.abs(statements(state, after, report).differences()) <= 1e-6).all()
        assert np.isfinite(after.value).all()
        return after


@pytest.fixture(scope="module")
def table(deals: Any) -> Table:
    return Table(deals)


def test_every_row_of_the_facts_is_here() -> None:
    with FACTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [deal["row"] for deal in DEALS] == list(range(1, len(rows) + 1))


@pytest.mark.parametrize("deal", DEALS, ids=lambda deal: f"row{deal['row']}")
def test_a_real_deal_settles_and_ends(table: Table, deal: dict[str, Any]) -> None:
    start = table.start(deal.get("held", {}))
    state = table.settled(table.package(deal, start), start)
    for more in deal.get("also", []):
        for _ in range(table.ruleset.rules.issue_gap):
            state = table.quarter(state, exercise=False)
        state = table.settled(table.package(more, state), state)
    longest = max(table.ruleset.rules.terms) + 2
    for exercise in (False, True):
        after = state
        for _ in range(longest):
            after = table.quarter(after, exercise)
        for name in OWN_END:
            assert not getattr(after, name).any(), name
        assert not (after.pledge_until > after.turn).any()
        for name in ("call_shares", "loan_owed", "loan_price", "instalment", "venture_fund"):
            assert not getattr(after, name).any(), name


def test_the_right_to_more_makes_the_stake_of_the_facts(table: Table) -> None:
    """Row 1: 18 % of Weibo, and the option up to 30 %."""
    deal = DEALS[0]
    start = table.start({})
    state = table.settled(table.package(deal, start), start)
    kite, lantern = table.deals.kite, table.deals.lantern
    np.testing.assert_allclose(stakes(state)[lantern, kite], 0.18, atol=1e-6)
    used = table.quarter(state, exercise=True)
    np.testing.assert_allclose(stakes(used)[lantern, kite], 0.30, atol=1e-3)
    left = table.quarter(state, exercise=False)
    np.testing.assert_allclose(stakes(left)[lantern, kite], 0.18, atol=1e-6)


def test_the_second_tranche_hangs_on_its_milestone(table: Table) -> None:
    """Row 23: 200 at once, 375 when the milestone is met."""
    deal = DEALS[22]
    start = table.start({})
    packages = table.package(deal, start)
    packages.extra[0, Extra.TARGET, 0] *= 0.5
    state = table.settled(packages, start)
    orders = no_orders(state, table.ruleset)
    _, report = step(state, table.ruleset, orders)
    np.testing.assert_allclose(report.lines[Line.DEALS, table.deals.kite], 375.0)
