"""A large holder that is not trusted is a threat, and a threatened company turns to friends."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from game.core.ruleset import Status
from game.play.threat import THREAT_STAKE, raiders

COUNT = 5


@st.composite
def boards(draw):
    """Holdings that leave something to others, trust, status."""
    cell = st.floats(0.0, 0.24)
    trust = st.floats(-1.0, 1.0)
    stake = np.array([[draw(cell) for _ in range(COUNT)] for _ in range(COUNT)])
    np.fill_diagonal(stake, 0.0)
    believed = np.array([[draw(trust) for _ in range(COUNT)] for _ in range(COUNT)])
    status = np.array([draw(st.sampled_from(list(Status))) for _ in range(COUNT)])
    return stake[..., None], believed[..., None], status[:, None]


@given(boards())
def test_a_raider_is_a_large_holder_that_is_not_trusted(board):
    stake, trust, status = board
    found = raiders(stake, trust, status)[:, 0]
    for company, raider in enumerate(found):
        grave = (stake[:, company, 0] >= THREAT_STAKE) & (trust[company, :, 0] < 0.0)
        free = status[company, 0] not in (Status.CONTROLLED, Status.FAILED)
        assert (raider >= 0) == bool(grave.any() and free)
        if raider >= 0:
            assert grave[raider]
            assert stake[raider, company, 0] >= stake[grave, company, 0].max() - 1e-6


@given(boards(), st.permutations(range(COUNT)))
def test_the_order_of_companies_does_not_matter(board, order):
    stake, trust, status = board
    order = np.array(order)
    found = raiders(stake, trust, status)[:, 0]
    mixed = raiders(stake[order][:, order], trust[order][:, order], status[order])[:, 0]
    back = np.where(mixed >= 0, order[mixed], -1)
    held = stake[..., 0]
    for place, company in enumerate(order):
        one, other = found[company], back[place]
        assert (one >= 0) == (other >= 0)
        if one != other:  # equal holders, equally trusted
            assert held[one, company] - held[other, company] < 1e-6


def test_some_companies_may_be_asked_about():
    stake = np.zeros((3, 3, 2))
    stake[0, 2] = 0.3
    trust = np.full((3, 3, 2), -0.5)
    status = np.zeros((3, 2), int)
    np.testing.assert_array_equal(
        raiders(stake, trust, status, np.array([2, 1])), [[0, 0], [-1, -1]]
    )
