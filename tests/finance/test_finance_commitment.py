"""The effort that a giver gives: best replies against a search, and what moves them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.finance.commitment import best_effort, effort_worth, normal_part

GRID = np.linspace(0.0, 1.0, 4001)


@given(st.floats(-50.0, 20.0), st.floats(0.0, 400.0), st.floats(0.02, 0.4))
def test_no_other_effort_is_worth_more(gain: float, penalty: float, noise: float) -> None:
    best = best_effort(gain, penalty, noise)
    terms = (gain, penalty, noise, 0.7, 0.85)
    assert 0.0 <= float(best) <= 1.0
    assert effort_worth(best, *terms) >= effort_worth(GRID, *terms).max() - 1e-9


def test_a_stake_commits_and_what_costs_nothing_is_given() -> None:
    worth, cost = 40.0, 10.0
    stakes = np.array([0.0, 0.1, 0.25, 0.5])
    found = best_effort(stakes * worth - cost, 5.0, 0.12)
    assert (np.diff(found) >= 0.0).all()
    assert found[0] < 1.0
    assert found[-1] == 1.0
    assert best_effort(0.0, 0.0, 0.1) == 1.0


def test_who_has_nothing_to_lose_gives_nothing_and_who_has_much_stays_unfaulted() -> None:
    assert best_effort(-1.0, 0.0, 0.12) == 0.0
    assert best_effort(-1.0, 1e6, 0.12) == pytest.approx(0.85)


@given(st.floats(-20.0, -0.1), st.floats(0.1, 300.0))
def test_more_to_lose_never_means_less_effort(gain: float, penalty: float) -> None:
    assert best_effort(gain, 1.5 * penalty, 0.12) >= best_effort(gain, penalty, 0.12) - 1e-12


def test_the_distribution_is_the_normal_one() -> None:
    np.testing.assert_allclose(
        normal_part([0.0, 1.0, -1.96]), [0.5, 0.8413447, 0.0249979], atol=2e-7
    )
