"""Laws of the books: prices of shares in deals, and the equity method."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from game.finance.accounts import associates_income, exchange_prices

money = st.floats(0.0, 1e5).map(lambda value: 0.0 if value < 1e-3 else value)


@given(net=st.floats(-1e5, 1e5), one=money, other=money)
def test_both_sides_agree_on_prices(net: float, one: float, other: float) -> None:
    price, rest = exchange_prices(np.array(net), np.array([one, other]))
    assert (price >= 0.0).all()
    assert (price[np.array([one, other]) == 0.0] == 0.0).all()
    # what side 0 gives (shares and cash) is what it gets (shares and the rest)
    np.testing.assert_allclose(price[0] + net, price[1] + rest, rtol=1e-9, atol=1e-7)
    if one > 0.0 and other > 0.0:
        assert abs(rest) <= 1e-7
    mirrored, back = exchange_prices(np.array(-net), np.array([other, one]))
    np.testing.assert_allclose(mirrored, price[::-1], rtol=1e-9, atol=1e-7)
    np.testing.assert_allclose(back, -rest, rtol=1e-9, atol=1e-7)


def test_shares_against_cash_stand_at_the_cash() -> None:
    price, rest = exchange_prices(np.array(590.0), np.array([0.0, 700.0]))
    assert price.tolist() == [0.0, 590.0]
    assert rest == 0.0


def test_a_swap_at_the_quotes_keeps_them() -> None:
    price, rest = exchange_prices(np.array(30.0), np.array([70.0, 100.0]))
    assert price.tolist() == [70.0, 100.0]
    assert rest == 0.0


def test_chains_and_rings_pass_profit_on() -> None:
    profit = np.array([10.0, 20.0, 40.0])
    stakes = np.array([[0.0, 0.3, 0.1], [0.0, 0.0, 0.5], [0.2, 0.0, 0.0]])
    found = associates_income(profit[:, None], stakes[..., None], np.full((3, 3, 1), 1e3), 0.2)
    kept = np.where(stakes >= 0.2, stakes, 0.0)
    whole = np.linalg.solve(np.eye(3) - kept, profit)
    np.testing.assert_allclose(found[..., 0], kept * whole, rtol=1e-12)


@given(st.integers(0, 2**31))
def test_a_loss_stops_where_the_holding_is_written_off(seed: int) -> None:
    rng = np.random.default_rng(seed)
    profit = rng.normal(0.0, 100.0, (4, 3))
    stakes = rng.random((4, 4, 3)) * 0.3 * (1 - np.eye(4))[..., None]
    carrying = rng.random((4, 4, 3)) * 20.0
    found = associates_income(profit, stakes, carrying, 0.2)
    assert (carrying + found >= 0.0).all()
    assert (found[stakes < 0.2] <= 0.0).all()
    assert (found[stakes < 0.2] == 0.0).all()
