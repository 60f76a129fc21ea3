"""Ladder and reference: common worlds, ratings, tables that say what they are of."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from game.core.errors import UserError
from game.lab import ratings, reference
from game.lab.duels import Standing, duel, standings
from game.lab.experiment import Plan
from game.resources import find_scenario
from game.scenario.loader import load
from game.scenario.reference import read_reference, reference_path, write_reference
from game.session import view_start

ROOT = Path(__file__).parents[2]


def ladder(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script as a person does, on this checkout."""
    return subprocess.run(
        [sys.executable, "bench/ladder.py", "lesson", "--paired", *arguments],
        capture_output=True, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def standing(player: str, score: list[list[float]]) -> Standing:
    points = np.array(score)
    return Standing(player, points, points > 50.0)


def test_duels_look_at_the_worlds_that_both_played() -> None:
    many = standing("many", [[60.0, 40.0, 10.0], [60.0, 20.0, 10.0]])
    few = standing("few", [[50.0, 50.0], [50.0, 20.0]])
    found = duel(many, few)
    assert found.games == 4
    assert found.wins == 2.5
    assert found.gain == pytest.approx(2.5)


def test_fewer_games_are_the_first_worlds_of_many() -> None:
    plan = Plan(find_scenario("lesson"), 3, seed=4)
    many, few = (
        standings(plan, ["idle", "idle"], [0, 2])[:1],
        standings(plan, ["idle"], [0, 2], games={"idle": 2}),
    )
    assert (many[0].score[:, :2] == few[0].score).all()
    assert (many[0].score[0] != many[0].score[1]).any()


def test_who_scores_more_is_rated_higher() -> None:
    pytest.importorskip("openskill")
    rng = np.random.default_rng(1)
    base = rng.normal(50.0, 10.0, (3, 20))
    found = ratings.rate(
        [
            Standing("weak", base, base > 0),
            Standing("strong", base + 8.0, base > 0),
            Standing("middle", (base + 4.0)[:, :10], base[:, :10] > 0),
        ]
    )
    assert [one.player for one in found] == ["strong", "middle", "weak"]
    assert all(one.sd > 0.0 for one in found)


def test_without_openskill_a_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "openskill.models", None)
    with pytest.raises(UserError, match="openskill"):
        ratings.rate([standing("one", [[1.0]]), standing("other", [[2.0]])])


def test_the_ladder_prints_rungs_and_intervals() -> None:
    ask = ("--games", "2", "--policies", "idle,best-reply,level-2", "--fewer", "level-2=1")
    told = ladder(*ask)
    assert told.returncode == 0, told.stderr
    rungs = [line for line in told.stdout.splitlines() if "HOLD" in line or "holds" in line]
    assert len(rungs) == 2
    assert "best-reply beats idle" in rungs[0]
    assert " of 6 pairs" in rungs[0]
    assert " of 3 pairs" in rungs[1]
    assert len(json.loads(ladder(*ask, "--json").stdout)["duels"]) == 3


def test_the_ladder_refuses_what_is_no_count() -> None:
    told = ladder("--fewer", "level-2")
    assert told.returncode == 1
    assert "write level-5=3" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The lesson in a folder of its own, without its reference table."""
    path = tmp_path / "lesson.yaml"
    for name in ("lesson.yaml", "lesson.par.json"):
        (tmp_path / name).write_bytes((find_scenario("lesson").parent / name).read_bytes())
    return path


def test_cells_are_kept_and_measured_anew(copied: Path) -> None:
    plan = Plan(copied, 4, seed=3)
    ruleset = load(copied).ruleset
    seen = []

    def keep(table: reference.Reference) -> None:
        seen.append(len(table.cells))
        write_reference(copied, ruleset, table)

    first = reference.measure(plan, ["level-2"], ["kite"], keep=keep)
    second = reference.measure(plan, ["level-1"], ["kite", "harbour"], keep=keep)
    assert seen == [1, 2, 3]
    one, other = (table.cells[("kite", "level-2")] for table in (first, second))
    assert (one.wins, one.games, one.seed) == (other.wins, other.games, other.seed)
    stored = read_reference(copied)
    assert stored is not None
    assert stored.fresh(ruleset)
    assert set(stored.cells) == set(second.cells)
    cell = stored.cells[("kite", "level-1")]
    assert cell.games == 4
    assert cell.low <= cell.rate <= cell.high
    with pytest.raises(UserError, match="nowhere"):
        reference.measure(plan, ["level-1"], ["nowhere"])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_new_game_screen_tells_what_was_measured(copied: Path, lang: str) -> None:
    scenario = load(copied)
    seat = scenario.ruleset.company("kite")
    missing = view_start.reference_words(scenario, seat, lang)
    assert len(set(missing.values())) == 1
    table = reference.measure(Plan(copied, 4, seed=3), ["level-1"], ["kite"])
    write_reference(copied, scenario.ruleset, table)
    told = view_start.reference_words(scenario, seat, lang)
    assert "4" in told["level-1"]
    assert told["level-2"] == missing["level-2"]
    data = json.loads(reference_path(copied).read_text("utf-8"))
    reference_path(copied).write_text(json.dumps({**data, "levels_digest": "old"}), "utf-8")
    stale = view_start.reference_words(scenario, seat, lang)
    assert stale["level-1"].startswith(told["level-1"])
    assert stale["level-1"] != told["level-1"]


def test_a_damaged_table_counts_as_none(copied: Path) -> None:
    for text in ("", "[]", '{"player": 1}', "{"):
        reference_path(copied).write_text(text, "utf-8")
        assert read_reference(copied) is None


@pytest.mark.parametrize("name", ["alibaba-meizu", "lesson"])
def test_shipped_scenarios_have_a_table(name: str) -> None:
    path = find_scenario(name)
    table = read_reference(path)
    assert table is not None
    ruleset = load(path).ruleset
    uids = {company.uid for company in ruleset.companies if company.playable}
    assert {uid for uid, of in table.cells if of == "level-1"} == uids
