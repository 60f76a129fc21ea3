"""Games beside the facts: what is watched, added up by year, and held against a band."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from game.core.errors import UserError
from game.core.ruleset import Ruleset
from game.lab import history
from game.lab.experiment import Plan, run
from game.lab.history import Fact
from game.scenario.loader import load

HEAD = "year,market,figure,company,value,source,confidence\n"


@pytest.fixture(scope="module")
def plan(lesson_path: Path) -> Plan:
    return Plan(lesson_path, games=7, seed=5, watch=(0, 1))


@pytest.fixture(scope="module")
def ruleset(lesson_path: Path) -> Ruleset:
    return load(lesson_path).ruleset


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "facts.csv"


def fact(**changes: object) -> Fact:
    plain = Fact(2015, "phones/home", "total", "", 40.0, "a page", "sourced")
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("workers", "block"), [(1, 2), (1, 3), (2, 3)])
def test_what_is_watched_is_the_same_in_any_block_and_worker(
    plan: Plan, workers: int, block: int
) -> None:
    whole = run(plan)
    other = run(dataclasses.replace(plan, workers=workers, block=block))
    assert (other.watched == whole.watched).all()
    assert whole.watched.shape == (6, 4, 2, 7)
    assert np.isfinite(whole.watched).all()


def test_watching_changes_no_game_and_is_off_by_default(plan: Plan) -> None:
    blind = run(dataclasses.replace(plan, watch=()))
    assert blind.watched.shape == (6, 4, 0, 7)
    assert (blind.trace == run(plan).trace).all()


def test_the_first_quarter_watched_is_the_start_of_the_scenario(
    plan: Plan, ruleset: Ruleset
) -> None:
    watched = run(dataclasses.replace(plan, seats="idle")).watched
    kite, phones = ruleset.company("kite"), ruleset.market("phones/home")
    np.testing.assert_allclose(watched[0, kite, phones], 2.4, rtol=0.03)  # pairs fit differently
    np.testing.assert_allclose(watched[0, -1, phones], 4.0, rtol=0.03)


def test_years_are_sums_of_their_quarters(ruleset: Ruleset) -> None:
    watched = np.ones((6, 4, 2, 3))
    watched[3:, 0] = 2.0
    facts = [
        fact(),
        fact(figure="units", company="kite"),
        fact(figure="share", company=ruleset.companies[0].uid),
        fact(market="phones", figure="total"),
        fact(year=2016),
        fact(year=2014),
    ]
    found = history.outcomes(facts, watched, (0, 1), ruleset)
    first = 4 * 3 + 5.0
    assert [row.middle for row in found] == [first, 4.0, 5.0 / first, first]
    assert all(row.games == 3 for row in found)


def test_a_game_that_ended_before_the_year_did_is_left_out(ruleset: Ruleset) -> None:
    watched = np.ones((6, 4, 1, 5))
    watched[2:, :, :, 1] = np.nan
    (row,) = history.outcomes([fact()], watched, (0,), ruleset)
    assert row.games == 4


@pytest.mark.parametrize(
    ("value", "covered", "off"), [(2.0, True, 0.0), (0.0, False, -0.4), (5.0, False, 1.4)]
)
def test_the_band_holds_eight_games_of_ten(
    ruleset: Ruleset, value: float, covered: bool, off: float
) -> None:
    watched = np.zeros((6, 4, 1, 5))
    watched[0, 0, 0] = np.arange(5.0)
    (row,) = history.outcomes([fact(value=value)], watched, (0,), ruleset)
    assert (row.low, row.middle, row.high) == pytest.approx((0.4, 2.0, 3.6))
    assert row.covered is covered
    assert row.off == pytest.approx(off)


def test_markets_watched_are_those_of_the_facts(ruleset: Ruleset) -> None:
    assert history.markets_of([fact(market="mobile"), fact()], ruleset) == (0, 1)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("year,market\n", "column figure is missing"),
        (HEAD + "x,phones/home,total,,1,a,b\n", "is not a number"),
        (HEAD + "2015,phones/home,total,,nan,a,b\n", "not finite"),
        (HEAD + "2015,phones/hom,total,,1,a,b\n", "'phones/hom' is not known"),
        (HEAD + "2015,phones/home,sum,,1,a,b\n", "'sum' is not known"),
        (HEAD + "2015,phones/home,share,kitt,1,a,b\n", "'kitt' is not known"),
        (HEAD + "2015,phones/home,total,kite,1,a,b\n", "'kite' is not known"),
    ],
)
def test_bad_facts_are_told_with_their_place(
    table: Path, ruleset: Ruleset, text: str, what: str
) -> None:
    table.write_text(text, "utf-8")
    with pytest.raises(UserError, match=what) as error:
        history.read_facts(table, ruleset)
    assert str(table) in error.value.line()


def test_facts_that_are_not_there_are_told(table: Path, ruleset: Ruleset) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        history.read_facts(table, ruleset)
