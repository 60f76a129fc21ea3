"""Clearing and cross-holdings against plain arithmetic: lists, no numpy in the answers."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from game.finance.cascade import failure_cascade
from game.finance.clearing import cleared_flows, clearing_payments, equity_after_clearing
from game.finance.ownership import book_values, outside_claims
from game.finance.valuation import limited_values, value_to_outside_holders

CLOSE = 1e-9
Table = list[list[float]]


def _debts(draw: random.Random, count: int) -> tuple[Table, list[float]]:
    """Who owes whom, and what each has besides; some can pay and some cannot."""
    owed = [
        [draw.uniform(0.0, 10.0) if one != other and draw.random() < 0.6 else 0.0
         for other in range(count)] for one in range(count)
    ]  # fmt: skip
    return owed, [draw.choice([0.0, draw.uniform(0.0, 12.0)]) for _ in range(count)]


def _cleared(owed: Table, assets: list[float]) -> list[float]:
    """Pay what is owed or what there is, again and again, from full payment down."""
    firms = range(len(assets))
    due = [sum(row) for row in owed]
    paid = list(due)
    for _ in range(100_000):
        funds = [
            assets[firm] + sum(
                paid[other] * owed[other][firm] / due[other] for other in firms if due[other] > 0.0
            ) for firm in firms
        ]  # fmt: skip
        after = [min(due[firm], funds[firm]) for firm in firms]
        if max(abs(one - other) for one, other in zip(paid, after, strict=True)) < 1e-14:
            return after
        paid = after
    raise AssertionError("payments do not settle")


@pytest.mark.parametrize("count", [2, 3, 5, 8])
def test_clearing_of_random_networks(count: int) -> None:
    draw = random.Random(count)
    failed = 0
    for _ in range(40):
        owed, assets = _debts(draw, count)
        paid = _cleared(owed, assets)
        failed += sum(one < sum(row) - 1e-9 for one, row in zip(paid, owed, strict=True))
        found = clearing_payments(np.array(owed), np.array(assets))
        np.testing.assert_allclose(found, paid, rtol=CLOSE, atol=1e-9)
    assert failed > 10


def _holdings(draw: random.Random, count: int) -> Table:
    """Fractions held, holder by issuer; at least a tenth stays outside."""
    held = [[0.0] * count for _ in range(count)]
    for issuer in range(count):
        parts = [
            0.0 if holder == issuer or draw.random() < 0.4 else draw.random()
            for holder in range(count)
        ]
        most = draw.uniform(0.2, 0.9) / max(sum(parts), 1e-9)
        for holder in range(count):
            held[holder][issuer] = parts[holder] * most
    return held


def _solved(held: Table, worth: list[float]) -> list[float]:
    """V = p + C V by Gauss elimination with pivots."""
    count = len(worth)
    rows = [
        [(one == other) - held[one][other] for other in range(count)] + [worth[one]]
        for one in range(count)
    ]
    for column in range(count):
        top = max(range(column, count), key=lambda row: abs(rows[row][column]))
        rows[column], rows[top] = rows[top], rows[column]
        for row in range(count):
            if row != column:
                factor = rows[row][column] / rows[column][column]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column], strict=True)]
    return [rows[place][-1] / rows[place][place] for place in range(count)]


@pytest.mark.parametrize("count", [2, 3, 6, 9])
def test_values_with_cross_holdings(count: int) -> None:
    draw = random.Random(100 + count)
    for _ in range(20):
        held = _holdings(draw, count)
        worth = [draw.uniform(-20.0, 100.0) for _ in range(count)]
        value = _solved(held, worth)
        outside = [1.0 - sum(row[issuer] for row in held) for issuer in range(count)]
        np.testing.assert_allclose(book_values(np.array(worth), np.array(held)), value, rtol=CLOSE)
        found = value_to_outside_holders(np.array(worth), np.array(held)).reshape(-1)
        wanted = [part * whole for part, whole in zip(outside, value, strict=True)]
        np.testing.assert_allclose(found, wanted, rtol=CLOSE, atol=1e-9)
        assert sum(wanted) == pytest.approx(sum(worth), abs=1e-8)


@pytest.mark.parametrize("count", [2, 4, 7])
def test_claims_on_every_source_of_value(count: int) -> None:
    held = _holdings(random.Random(200 + count), count)
    found = outside_claims(np.array(held))
    for source in range(count):
        one = [1.0 if firm == source else 0.0 for firm in range(count)]
        value = _solved(held, one)
        wanted = [(1.0 - sum(row[firm] for row in held)) * value[firm] for firm in range(count)]
        np.testing.assert_allclose(found[:, source], wanted, rtol=CLOSE, atol=1e-12)


RINGS: list[tuple[Table, list[float], list[float]]] = [
    ([[0, 10, 0], [0, 0, 10], [10, 0, 0]], [0, 0, 0], [10, 10, 10]),
    ([[0, 10, 0], [0, 0, 5], [10, 0, 0]], [0, 0, 0], [5, 5, 5]),
    ([[0, 5], [3, 0]], [0, 0], [3, 3]),
    ([[0, 5], [3, 0]], [1, 0], [4, 3]),
    ([[0, 0], [0, 0]], [7, 0], [0, 0]),
    ([[0]], [3], [0]),
]


@pytest.mark.parametrize(("owed", "assets", "paid"), RINGS)
def test_clearing_of_rings_and_of_nothing(
    owed: Table, assets: list[float], paid: list[float]
) -> None:
    assert _cleared(owed, assets) == paid
    assert clearing_payments(owed, assets).tolist() == paid
    assert cleared_flows(owed, assets).sum(axis=1).tolist() == paid
    assert equity_after_clearing(owed, assets, paid).sum() == sum(assets)


def _fallen(
    held: Table, worth: list[float], losses: list[float], who: tuple[int, ...]
) -> list[float]:
    """Values to outside holders when these have failed."""
    value = _solved(held, [p - b * f for p, b, f in zip(worth, losses, who, strict=True)])
    return [(1.0 - sum(row[firm] for row in held)) * value[firm] for firm in range(len(value))]


@pytest.mark.parametrize("count", [1, 2, 4, 6])
def test_cascades_end_at_the_fewest_failures_of_all_that_hold(count: int) -> None:
    draw, fell = random.Random(400 + count), 0
    for _ in range(30):
        held = _holdings(draw, count)
        worth = [draw.uniform(0.0, 10.0) for _ in range(count)]
        least = [draw.uniform(0.0, 5.0) for _ in range(count)]
        losses = [draw.choice([0.0, draw.uniform(0.0, 5.0)]) for _ in range(count)]
        ends = []
        for who in itertools.product((0, 1), repeat=count):
            value = _fallen(held, worth, losses, who)
            if all((v < t) == bool(f) for v, t, f in zip(value, least, who, strict=True)):
                ends.append((sum(who), who, value))
        _, who, value = min(ends)
        found = failure_cascade(worth, held, least, losses)
        assert [int(wave > 0) for wave in found.waves] == list(who)
        np.testing.assert_allclose(found.values, value, rtol=CLOSE, atol=1e-9)
        fell += sum(who)
    assert fell


def test_a_group_that_owns_itself_wholly_is_worth_nothing_outside() -> None:
    ring, worth = [[0.0, 1.0], [1.0, 0.0]], [1.0, 1.0]
    assert (book_values(worth, ring) > 1e9).all()
    assert value_to_outside_holders(worth, ring).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("count", [2, 4, 7])
def test_equity_that_ends_at_zero(count: int) -> None:
    draw = random.Random(300 + count)
    below = 0
    for _ in range(20):
        held = _holdings(draw, count)
        worth = [draw.uniform(-60.0, 60.0) for _ in range(count)]
        value = [0.0] * count
        for _ in range(5000):
            value = [
                max(0.0, worth[one] + sum(a * b for a, b in zip(held[one], value, strict=True)))
                for one in range(count)
            ]
        below += sum(each == 0.0 for each in value)
        found = limited_values(np.array(worth), np.array(held)).reshape(-1)
        np.testing.assert_allclose(found, value, rtol=CLOSE, atol=1e-9)
    assert below > 5
