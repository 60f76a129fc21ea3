"""What a package is sweetened with pays for both, by the very terms of the answers."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from game.core.state import replace
from game.play.bargaining import nash_package
from game.play.cells import cells_of
from game.play.contracts import legal
from game.play.nash import wanted_shares
from game.play.packages import Extra
from game.play.terms import package_terms


def best(deals: Any, cash: float) -> Any:
    """The package of Lantern and Kite, which has this much cash."""
    money = deals.state.cash.copy()
    money[deals.kite] = cash
    state = replace(deals.state, cash=money)
    one, other = np.full((1, deals.worlds), deals.lantern), np.full((1, deals.worlds), deals.kite)
    packages = nash_package(state, deals.ruleset, one, other, deals.worth, deals.cost)
    return packages, state


def test_a_sweetened_package_is_legal_and_gives_both_what_they_want(deals: Any) -> None:
    used = set()
    for cash in (0.0, 20.0, 200.0):
        packages, state = best(deals, cash)
        assert (packages.proposer[0] >= 0).all()
        assert (legal(packages, state, deals.ruleset)[0] == 0).all()
        terms = package_terms(packages, state, deals.ruleset, deals.worth, deals.cost)
        total = terms.sum(axis=1)[:, 0]
        cells = cells_of(packages)
        assert cells is not None
        wanted = wanted_shares(cells, state.turn, deals.ruleset)
        assert (total >= wanted * total.sum(axis=0) - 0.01 * np.abs(total).max()).all()
        used |= {Extra(slot) for slot in np.flatnonzero((packages.extra != 0).any(axis=(0, 2, 3)))}
        plain = dataclasses.replace(packages, extra=np.zeros_like(packages.extra))
        bare = package_terms(plain, state, deals.ruleset, deals.worth, deals.cost)
        seats = packages.extra[:, (Extra.BOARD, Extra.STANDSTILL)].any()
        if seats and not packages.extra[:, Extra.CALL_STAKE].any():
            assert (terms.sum(axis=(0, 1)) >= bare.sum(axis=(0, 1)) - 1e-6).all()
    assert used
