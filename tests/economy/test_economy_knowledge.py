"""Laws of knowledge: generations, absorption, pooled volumes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.economy.costs import pooled_saving, wright_cost
from game.economy.research import absorption, generation_gain, knowledge_next

KNOWN = st.floats(0.0, 1e6)
JUMP = st.floats(-1.0, 1.0)


@given(JUMP, KNOWN, st.floats(1e-3, 1e6))
def test_a_generation_moves_the_typical_maker_with_the_standard(
    jump: float, known: float, typical: float
) -> None:
    middle = np.array(typical)
    assert generation_gain(jump, middle, middle) == pytest.approx(jump)
    gain = generation_gain(jump, np.array([known, 2 * known]), middle) * np.sign(jump)
    assert (gain >= 0.0).all()
    assert (gain <= 2 * abs(jump)).all()
    assert gain[1] >= gain[0]
    assert generation_gain(jump, np.array(0.0), middle) == 0.0


def test_where_nobody_knows_anything_all_move_alike() -> None:
    assert generation_gain(0.4, np.zeros(3), np.zeros(3)) == pytest.approx(np.full(3, 0.4))


@given(st.floats(0.0, 1.0), st.floats(1e-6, 1.0))
def test_who_researches_more_absorbs_more(own: float, half: float) -> None:
    assert 0.0 <= absorption(own, half) <= absorption(own + 0.01, half) < 1.0
    assert absorption(half, half) == pytest.approx(0.5)


def test_a_stock_tends_to_flow_over_depreciation() -> None:
    stock = np.zeros(2)
    for _ in range(200):
        stock = knowledge_next(stock, np.array([3.0, 6.0]), 0.15)
    assert 0.15 * stock == pytest.approx([3.0, 6.0])
    assert knowledge_next(stock, 5.0, 1.0) == pytest.approx([5.0, 5.0])


@given(st.floats(0.01, 1e4), st.floats(0.0, 1e4), st.floats(0.0, 0.5))
def test_pooling_saves_what_the_volume_would_teach(own: float, more: float, b: float) -> None:
    saved = pooled_saving(np.array(own), np.array(own + more), b)
    alone, pooled = wright_cost(1.0, own, own, b), wright_cost(1.0, own + more, own, b)
    assert np.exp(-saved) == pytest.approx(pooled / alone)
    assert saved >= 0.0
