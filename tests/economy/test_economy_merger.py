"""Laws of merger review: concentration by groups, fear between thresholds, odds by severity."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.economy.merger import OUTCOMES, decided, merged_concentration, merger_concern, review_odds
from game.economy.responses import hhi, hhi_change

US_2010 = (1500.0, 2500.0, 100.0, 200.0)
PART = st.floats(0.0, 1.0)


def members(*numbers: int, count: int) -> np.ndarray:
    return np.isin(np.arange(count), numbers)[:, None]


@given(st.lists(st.floats(0.001, 1.0), min_size=3, max_size=6), PART)
def test_a_merger_of_two_single_firms_is_the_textbooks(weights: list[float], rest: float) -> None:
    whole = sum(weights) + rest
    shares = np.array(weights)[:, None, None] / whole
    fringe = np.array([[rest / whole]])
    group = np.arange(len(weights))[:, None]
    one, other = (members(place, count=len(weights)) for place in (0, 1))
    after, change = merged_concentration(shares, group, one, other, fringe, 4.0)
    assert change[0, 0] == pytest.approx(hhi_change(shares[0, 0, 0], shares[1, 0, 0]))
    before = hhi(shares[:, 0, 0], fringe[0, 0], 4.0)
    assert after[0, 0] == pytest.approx(before + change[0, 0])
    assert 0.0 <= after[0, 0] <= 1e4 + 1e-6


def test_companies_of_a_group_count_as_one_firm() -> None:
    shares = np.array([0.2, 0.1, 0.3, 0.4])[:, None, None]
    group = np.array([0, 0, 2, 3])[:, None]  # the second belongs to the first
    after, change = merged_concentration(shares, group, members(0, 1, count=4), members(2, count=4))
    assert change[0, 0] == pytest.approx(2e4 * 0.3 * 0.3)
    assert after[0, 0] == pytest.approx(1e4 * (0.6**2 + 0.4**2))


def test_the_worked_example_of_the_guidelines() -> None:
    """30, 30, 20, 20: 2,600 points; the two small ones merge: 800 more."""
    shares = np.array([0.3, 0.3, 0.2, 0.2])[:, None, None]
    after, change = merged_concentration(
        shares, np.arange(4)[:, None], members(2, count=4), members(3, count=4)
    )
    assert (after[0, 0], change[0, 0]) == (pytest.approx(3400.0), pytest.approx(800.0))
    assert merger_concern(after, change, *US_2010)[0, 0] == 1.0


@given(st.floats(0.0, 1e4), st.floats(0.0, 5e3), st.floats(0.0, 500.0), st.floats(0.0, 500.0))
def test_fear_grows_with_both_and_keeps_to_its_harbours(
    index: float, change: float, more: float, further: float
) -> None:
    here = merger_concern(np.array(index), np.array(change), *US_2010)
    there = merger_concern(np.array(index + more), np.array(change + further), *US_2010)
    assert 0.0 <= here <= there <= 1.0
    if index <= 1500.0 or change <= 100.0:
        assert here == 0.0
    if index >= 2500.0 and change >= 200.0:
        assert here == 1.0


CHANCES = st.tuples(PART, PART, PART).map(
    lambda three: tuple(one / max(sum(three), 1.0) for one in three)
)


@given(st.lists(st.tuples(PART, CHANCES), min_size=1, max_size=5), PART)
def test_odds_sum_to_one_and_get_more_severe_with_fear(
    authorities: list[tuple[float, tuple[float, ...]]], more: float
) -> None:
    fear = np.array([[one] for one, _ in authorities])
    chances = [np.array([[given_[kind]] for _, given_ in authorities]) for kind in range(3)]
    mild = review_odds(fear, *chances)
    assert mild.shape == (OUTCOMES, 1)
    assert (mild >= -1e-12).all()
    assert mild.sum() == pytest.approx(1.0)
    severe = review_odds(np.minimum(fear + more, 1.0), *chances)
    worse = np.cumsum(severe, axis=0) <= np.cumsum(mild, axis=0) + 1e-9
    assert worse.all()  # first-order dominance
    order = np.random.default_rng(0).permutation(len(fear))
    again = review_odds(fear[order], *(one[order] for one in chances))
    np.testing.assert_allclose(again, mild, atol=1e-12)


def test_nothing_feared_is_cleared_at_once() -> None:
    odds = review_odds(np.zeros((3, 2)), *np.full((3, 3, 1), 0.3))
    np.testing.assert_array_equal(odds, np.array([[1.0] * 2, [0.0] * 2, [0.0] * 2, [0.0] * 2]))


@given(st.integers(0, 2**32 - 1))
def test_draws_fall_as_the_odds_say(seed: int) -> None:
    rng = np.random.default_rng(seed)
    odds = rng.dirichlet(np.ones(OUTCOMES))[:, None] + np.zeros(4000)
    found = decided(odds, (np.arange(4000) + 0.5) / 4000)
    for outcome in range(OUTCOMES):
        assert (found == outcome).mean() == pytest.approx(odds[outcome, 0], abs=1e-3)


def test_lanes_never_meet() -> None:
    rng = np.random.default_rng(1)
    shares = rng.dirichlet(np.ones(5), (3, 7)).transpose(2, 0, 1)
    group = rng.integers(0, 5, (5, 7))
    one, other = members(0, count=5) | np.zeros((5, 7), bool), members(1, count=5) | (group < 0)
    whole = merged_concentration(shares, group, one, other)
    for lane in range(7):
        at = slice(lane, lane + 1)
        alone = merged_concentration(shares[..., at], group[:, at], one[:, at], other[:, at])
        for ours, theirs in zip(alone, whole, strict=True):
            np.testing.assert_array_equal(ours[..., 0], theirs[..., lane])
