"""Numbers as people read them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.text import format as fmt

FINITE = st.floats(-1e9, 1e9, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (590.0, "$590m", "5.9亿美元"),
        (1200.0, "$1.2bn", "12亿美元"),
        (2.5, "$2.5m", "250万美元"),
        (0.0, "$0", "0美元"),
        (-86.2, "−$86.2m", "−8,620万美元"),
        (0.35, "$350k", "35万美元"),
        (99_960.0, "$100bn", "1,000亿美元"),
        (1_250_000.0, "$1.25tn", "1.25万亿美元"),
        (math.nan, "–", "–"),
    ],
)
def test_money(value: float, english: str, chinese: str) -> None:
    assert fmt.money(value) == english
    assert fmt.money(value, "zh") == chinese


@pytest.mark.parametrize(
    ("value", "unit", "english"),
    [
        (4.5, "phones", "4.5m phones"),
        (0.788, "phones", "788k phones"),
        (1234.0, "users", "1.23bn users"),
        (0.0, "users", "0m users"),
    ],
)
def test_volumes(value: float, unit: str, english: str) -> None:
    assert fmt.volume(value, unit) == english


def test_volume_in_chinese() -> None:
    assert fmt.volume(4.5, "部", "zh") == "450万部"
    assert fmt.volume(120.0, "人", "zh") == "1.2亿人"


def test_the_rest() -> None:
    assert fmt.price(284.4) == "$284"
    assert fmt.price(4.5, "zh") == "4.50美元"
    assert fmt.percent(0.3744) == "37.4%"
    assert fmt.percentage_points(0.032) == "+3.2 pp"
    assert fmt.percentage_points(-0.032, "zh") == "−3.2个百分点"
    assert fmt.utils(0.214) == "+0.21 utils"
    assert fmt.attention(1) == "1 point"
    assert fmt.attention(3) == "3 points"
    assert fmt.quarters(4, "zh") == "4个季度"
    assert fmt.date(0, 2015, 1) == "2015 Q1"
    assert fmt.date(23, 2015, 1, "zh") == "2020年第4季度"
    assert fmt.short_date(-1, 2015, 1) == "14Q4"
    assert fmt.band("$1m", "$2m") == "$1m to $2m"
    assert fmt.plural("phone") == "phones"
    assert fmt.plural("set or box") == "sets or boxes"
    assert fmt.plural("basket of $100") == "baskets of $100"
    assert fmt.plural("部", "zh") == "部"


@given(FINITE)
def test_a_sign_is_written_once_and_only_where_there_is_something(value: float) -> None:
    for text in (fmt.money(value), fmt.percent(value), fmt.volume(value), fmt.utils(value)):
        assert text.count(fmt.MINUS) <= 1
        assert "e+" not in text
        assert "e-" not in text
    if fmt.money(value) == "$0":
        assert abs(value) < 1e-3


@given(st.floats(1e-3, 1e9))
def test_money_reads_back_within_a_per_cent_or_so(value: float) -> None:
    factors = {"k": 1e-3, "m": 1.0, "bn": 1e3, "tn": 1e6}
    text = fmt.money(value).removeprefix("$").replace(",", "")
    ending = next(e for e in ("bn", "tn", "k", "m") if text.endswith(e))
    assert float(text.removesuffix(ending)) * factors[ending] == pytest.approx(value, rel=0.06)


@pytest.mark.parametrize("kind", ["money", "price", "percent", "volume", "points", "factor"])
def test_ticks_of_every_kind(kind: str) -> None:
    for value in (-1.5, 0.0, 0.02, 12.0, 1500.0):
        for lang in ("en", "zh"):
            assert fmt.tick(value, kind, lang)
