"""Tables of an experiment: intervals, rows, quantiles, files."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.ruleset import EndCause
from game.lab import tables
from game.lab.experiment import Plan
from game.lab.metrics import GAME_COLUMNS, TURN_METRICS
from game.lab.par import measure
from game.lab.runner import BlockResult

COMPANIES = ("lantern", "kite")


def ruleset():
    companies = tuple(SimpleNamespace(uid=uid) for uid in COMPANIES)
    names = ("par_mean", "par_sd", "par_doors", "par_mandates")
    par = {name: np.ones(len(COMPANIES)) for name in names}
    return SimpleNamespace(companies=companies, uid="toy", digest="abc", **par)


def result(games: int = 5, turns: int = 3, seed: int = 1) -> BlockResult:
    draw = np.random.default_rng(seed)
    trace = draw.normal(size=(turns, len(TURN_METRICS), 2, games)).astype(np.float32)
    trace[2, :, :, 0] = np.nan  # the first game ends a quarter early
    return BlockResult(
        world=np.arange(games, dtype=np.uint64),
        final={name: draw.normal(size=(2, games)) for name in GAME_COLUMNS},
        winner=np.array([0, 0, 0, 1, 0][:games]),
        end_turn=np.array([1, 2, 2, 2, 2][:games]),
        end_cause=np.array([EndCause.GATEKEEPER] + [EndCause.LAST_QUARTER] * (games - 1)),
        trace=trace,
        watched=np.zeros((trace.shape[0], 3, 0, games)),
    )


@pytest.mark.parametrize(
    ("wins", "games", "low", "high"),
    [
        (8, 10, 0.49016, 0.94331),
        (0, 10, 0.0, 0.27753),
        (50, 100, 0.40383, 0.59617),
        (1, 1, 0.20655, 1.0),
        (81, 263, 0.25526, 0.36626),
    ],
)
def test_wilson_interval_has_the_published_numbers(wins, games, low, high):
    assert tables.wilson(wins, games) == pytest.approx((low, high), abs=1e-4)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_interval_holds_the_share_and_stays_in_range(case):
    wins, games = case
    low, high = tables.wilson(wins, games)
    assert 0.0 <= low <= wins / games + 1e-12
    assert wins / games - 1e-12 <= high <= 1.0


def test_summary_counts_wins_and_means():
    played = result()
    rows = tables.summary(played, ruleset())
    assert [row["company"] for row in rows] == list(COMPANIES)
    assert [row["wins"] for row in rows] == [4, 1]
    assert rows[0]["win_share"] == 0.8
    assert (rows[0]["win_low"], rows[0]["win_high"]) == tables.wilson(4, 5)
    score = played.final["score"][0]
    assert rows[0]["score_mean"] == pytest.approx(score.mean())
    assert rows[0]["score_half_width"] == pytest.approx(1.96 * score.std(ddof=1) / 5**0.5)


def test_one_game_has_no_spread():
    rows = tables.summary(result(games=1), ruleset())
    assert all(np.isnan(row["score_half_width"]) for row in rows)


def test_ends_name_their_causes():
    assert tables.ends(result()) == {
        "last_quarter": 4,
        "gatekeeper": 1,
        "standard": 0,
        "house_of_stakes": 0,
        "independent": 0,
    }


def test_games_table_has_a_row_a_game_and_company():
    played = result()
    columns = tables.games_table(played, ruleset())
    assert list(columns["world"]) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert list(columns["company"][:2]) == list(COMPANIES)
    assert columns["winner"].sum() == 5
    assert columns["score"][3] == played.final["score"][1, 1]
    assert columns["end_cause"][0] == "gatekeeper"


def test_turn_quantiles_are_those_of_the_games_still_played():
    played = result()
    columns = tables.turns_table(played, ruleset())
    count = len(TURN_METRICS) * len(COMPANIES)
    assert list(columns["games"][:count]) == [5] * count
    assert list(columns["games"][2 * count :]) == [4] * count
    for level in tables.QUANTILES:
        expected = np.nanquantile(played.trace.astype(float), level, axis=-1).ravel()
        assert columns[f"q{round(level * 100):02d}"] == pytest.approx(expected)


def test_a_turn_that_no_game_reached_has_no_quantiles():
    played = result()
    played.trace[2] = np.nan
    columns = tables.turns_table(played, ruleset())
    last = columns["turn"] == 2
    assert (columns["games"][last] == 0).all()
    assert np.isnan(columns["q50"][last]).all()
    assert np.isnan(columns["mean"][last]).all()


def test_digest_sees_every_bit():
    one, other = result(), result()
    assert tables.digest(one) == tables.digest(other)
    other.final["cash"][1, 3] = np.nextafter(other.final["cash"][1, 3], np.inf)
    assert tables.digest(one) != tables.digest(other)


def test_files_hold_the_columns(tmp_path: Path):
    parquet = pytest.importorskip("pyarrow.parquet")
    plan = Plan(Path("toy.yaml"), games=5, seed=3)
    files = tables.write(tmp_path / "out", plan, ruleset(), result(), "stake sim toy")
    games = parquet.read_table(files[tables.GAMES_FILE])
    expected = ["world", "company", "winner", "end_turn", "end_cause", *GAME_COLUMNS]
    assert games.column_names == expected
    assert games.num_rows == 10
    turns = parquet.read_table(files[tables.TURNS_FILE])
    quantiles = ["q05", "q10", "q25", "q50", "q75", "q90", "q95"]
    assert turns.column_names == ["turn", "metric", "company", "games", "mean", *quantiles]
    record = json.loads(files[tables.MANIFEST_FILE].read_text())
    assert record["seed"] == 3
    assert record["scenario_digest"] == "abc"
    assert len(record["par_digest"]) == 64
    assert record["result_digest"] == tables.digest(result())
    assert record["command"] == "stake sim toy"
    assert set(record["versions"]) == {"minority-stake", "numpy", "python"}


def test_par_is_the_middle_and_its_spread():
    played = result()
    played.final["return"][0] = np.exp([0.0, 0.1, 0.2, 0.3, 0.4])
    played.final["return"][1] = 1.0
    played.final["doors"][0] = [1.0, 2.0, 3.0, 4.0, 100.0]
    played.final["mandate_credit"][0] = [0.1, 0.2, 0.3, 0.4, 0.5]
    played.final["mandate_credit"][1] = 1.0
    par = measure(played, seed=9)
    assert par.mean == pytest.approx([0.2, 0.0])
    low, high = np.percentile([0, 0.1, 0.2, 0.3, 0.4], [15.87, 84.13])
    assert par.sd == pytest.approx([(high - low) / 2, 0.05])
    assert par.mandates == pytest.approx([0.3, 0.95])
    assert par.doors[0] == 3.0
    assert (par.games, par.seed) == (5, 9)
