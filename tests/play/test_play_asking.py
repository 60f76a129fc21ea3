"""Itemised answers: every change that is named is enough by itself, and hardly more than enough."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from game.core.state import replace
from game.play.asking import enough, round_up
from game.play.bargaining import answer
from game.play.cells import cells_of, fill_cells
from game.play.dimensions import Dimension, put, read
from game.play.further_dimensions import with_rate
from game.play.packages import Code

WHOLE = ("term", "board", "standstill", "exclusive", "regions", "non_compete")
"""Changes that cannot be had by halves."""


def offers(deals):
    """Packages that fall short, in the first row, each with the state in which it is tabled."""
    state = replace(deals.state, turn=5)
    for cash in (0.0, 40.0, 80.0):
        packages = deals.draft()
        packages.cash[0, 0] = cash
        yield packages, state
    packages = deals.one(deals.kite, deals.lantern, row=0)
    packages.cash[0, 0] = 5.0
    packages.pledge[1, 1, 0] = 1.0
    packages.term[0] = deals.ruleset.rules.terms[0]
    yield packages, state


def tired(state, packages, lost):
    patience = state.patience.copy()
    one, other = int(packages.proposer[0, 0]), int(packages.counterparty[0, 0])
    patience[other, one] -= lost
    return replace(state, patience=patience)


def changed(packages, one, value, ruleset):
    out = dataclasses.replace(
        packages,
        **{
            name: getattr(packages, name).copy()
            for name in ("cash", "new_shares", "old_shares", "old_issuer", "pledge", "exclusive",
                         "loan", "loan_rate", "term", "disclosed", "regions", "extra")
        },
    )  # fmt: skip
    cells = with_rate(cells_of(out), ruleset)
    values = np.full(cells.size, value)
    like = read(cells, one.name).dtype
    if like.kind not in "fb":
        values = values.astype(like)
    fill_cells(out, put(cells, Dimension(one.name, 0.0, 1.0, tied=one.tied), values))
    return out


def named(deals):
    for packages, state in offers(deals):
        given = answer(packages, state, deals.ruleset, deals.worth, deals.cost)
        assert given.code[0, 0] != Code.ACCEPT
        later = tired(state, packages, float(given.patience[0, 0]))
        one, other = int(packages.proposer[0, 0]), int(packages.counterparty[0, 0])
        left = float(later.patience[other, one, 0])
        found = enough(packages, state, deals.ruleset, deals.worth, deals.cost, left)
        yield packages, later, found


def test_each_change_alone_is_enough(deals):
    kinds = set()
    for packages, later, found in named(deals):
        assert found
        for one in found:
            kinds.add(one.name.key)
            tried = changed(packages, one, one.after, deals.ruleset)
            given = answer(tried, later, deals.ruleset, deals.worth, deals.cost)
            assert given.code[0, 0] == Code.ACCEPT, one
    assert {"cash", "new"} <= kinds


def test_half_of_a_change_is_not(deals):
    for packages, later, found in named(deals):
        for one in found:
            if one.name.key in WHOLE:
                continue
            half = one.before + 0.5 * (one.after - one.before)
            tried = changed(packages, one, half, deals.ruleset)
            given = answer(tried, later, deals.ruleset, deals.worth, deals.cost)
            assert given.code[0, 0] != Code.ACCEPT, one


ROUNDED = [(0.0, 0.0), (1.234, 1.24), (34.91, 35.0), (590.0, 590.0), (1234.5, 1240.0)]


@pytest.mark.parametrize(("amount", "rounded"), ROUNDED)
def test_sums_are_rounded_up_to_three_figures(amount, rounded):
    assert round_up(amount) == pytest.approx(rounded)
