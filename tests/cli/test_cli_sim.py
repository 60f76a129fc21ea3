"""The balancer's door: ``stake sim``, ``stake scenario par`` and mistakes at the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from game.cli.main import run
from game.resources import find_scenario

FILES = ("games.parquet", "turns.parquet", "summary.json")


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors of a command."""
    code = 0
    try:
        run(list(arguments))
    except SystemExit as stop:
        code = int(stop.code or 0)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_same_seed_gives_the_same_files_with_any_workers_and_blocks(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    plain = ["sim", "lesson", "--games", "20", "--seed", "7", "--seats", "strategist"]
    ways = {
        "one": ["--workers", "1"],
        "two": ["--workers", "2", "--block", "6"],
        "odd": ["--workers", "1", "--block", "7"],
    }
    for name, more in ways.items():
        code, _, errors = call(capsys, *plain, *more, "--out", str(tmp_path / name))
        assert code == 0, errors
    for file in FILES:
        first = (tmp_path / "one" / file).read_bytes()
        assert (tmp_path / "two" / file).read_bytes() == first, file
        assert (tmp_path / "odd" / file).read_bytes() == first, file


def test_json_is_one_object_with_shares_and_intervals(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "sim", "lesson", "--games", "6", "--seed", "3", "--json")
    facts = json.loads(out)
    assert code == 0
    assert facts["games"] == 6
    assert facts["seed"] == 3
    assert len(facts["scenario_digest"]) == 64
    shares = [company["win_share"] for company in facts["companies"]]
    assert sum(shares) == pytest.approx(1.0)
    assert all(company["win_low"] <= company["win_share"] <= company["win_high"]
               for company in facts["companies"])  # fmt: skip


def test_the_table_names_wins_intervals_and_speed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "sim", "lesson", "--games", "4", "--seats", "lantern=idle")
    assert code == 0
    for word in ("lantern", "win share", "95 % interval", "games a second", "Digest"):
        assert word in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sim", "leson"], "lesson"),
        (["sim", "lesson", "--games", "0"], "--games"),
        (["sim", "lesson", "--workers", "0"], "--workers"),
        (["sim", "lesson", "--block", "0"], "--block"),
        (["sim", "lesson", "--seats", "stratgist"], "strategist"),
        (["sim", "lesson", "--seats", "lantrn=idle"], "lantern"),
        (["scenario", "par", "lesson", "--games", "0"], "--games"),
        (["scenario", "par", "nothing.yaml"], "nothing.yaml"),
        (["replay", "nothing.stakereplay"], "nothing.stakereplay"),
        (["play", "--size", "big"], "--size"),
        (["play", "--lang", "xx"], "--lang"),
    ],
)
def test_a_mistake_is_one_clear_line_and_exit_code_two(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    code, out, errors = call(capsys, *arguments)
    assert code == 2
    assert words in errors
    assert "Traceback" not in out + errors


def test_tables_that_cannot_be_written_are_refused_before_playing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    code, _, errors = call(
        capsys, "sim", "lesson", "--games", "5000000", "--out", str(tmp_path / "file")
    )
    assert code == 2
    assert "folder" in errors


def test_par_stands_beside_the_scenario(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, lesson_path: Path
) -> None:
    copy = tmp_path / "mine.yaml"
    shutil.copy(lesson_path, copy)
    code, _, errors = call(capsys, "scenario", "par", str(copy), "--games", "6")
    assert code == 0, errors
    assert (tmp_path / "mine.par.json").is_file()
    code, out, _ = call(capsys, "scenario", "check", str(copy))
    assert code == 0
    assert "0 errors, 0 warnings" in out


def test_a_missing_par_table_is_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINORITY_STAKE_HOME", str(tmp_path / "home"))
    file = tmp_path / "fresh.yaml"
    shutil.copy(find_scenario("lesson"), file)
    for name, said in ((str(file), True), ("lesson", False)):
        code, _, errors = call(capsys, "sim", name, "--games", "2", "--seats", "idle")
        assert code == 0
        assert ("No par table for fresh.yaml" in errors) == said


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_interrupt_key_ends_a_run_with_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, workers: str
) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("game.lab.experiment.check_games", pressed)
    code, told, errors = call(capsys, "sim", "lesson", "--games", "4", "--workers", workers)
    assert (code, told) == (130, "")
    assert errors.splitlines()[-1] == "Stopped; nothing was written."


def test_facts_stand_beside_the_band_of_the_games(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "sim", "alibaba-meizu", "--games", "4", "--history")
    assert code == 0
    assert "80 % of 4 games" in out
    assert "facts lie within the band" in out
    code, out, _ = call(capsys, "sim", "alibaba-meizu", "--games", "4", "--history", "--json")
    rows = json.loads(out)["history"]
    assert len(rows) > 60
    assert all(row["low"] <= row["middle"] <= row["high"] for row in rows)


def test_a_scenario_without_facts_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, errors = call(capsys, "sim", "lesson", "--games", "4", "--history")
    assert code == 2
    assert "no yearly facts" in errors
