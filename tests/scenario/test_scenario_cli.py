"""``stake scenario check``: one line a fault, one object for machines, exit code 2 on errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from game.cli.main import run
from game.resources import scenario_dir

LESSON = scenario_dir() / "lesson.yaml"


def outcome(*arguments: str) -> int:
    """Exit code of a command."""
    with pytest.raises(SystemExit) as left:
        run(["scenario", *arguments])
    return int(left.value.code or 0)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.yaml"
    text = LESSON.read_text("utf-8")
    path.write_text(text.replace("metric: allies", "metric: alies"), "utf-8")
    return path


def test_a_good_file_leaves_zero(capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome("check", "lesson") == 0
    assert "1 file: 0 errors" in capsys.readouterr().out


def test_faults_are_lines_and_leave_two(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome("check", str(broken), "lesson") == 2
    lines = capsys.readouterr().out.splitlines()
    row = next(
        n for n, line in enumerate(broken.read_text("utf-8").splitlines(), 1) if "alies" in line
    )
    assert lines[0].startswith(
        f"{broken}:{row}:17: companies[0].mandates[1].metric: 'alies' is not known"
    )
    assert lines[0].endswith("did you mean allies?")
    assert lines[-1].startswith("2 files: 1 error, ")


def test_json_is_one_object(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome("check", "--json", str(broken)) == 2
    whole = json.loads(capsys.readouterr().out)
    assert (whole["files"], whole["errors"]) == (1, 1)
    assert whole["faults"][0]["did_you_mean"] == "allies"
    assert whole["faults"][0]["line"] > 1


@pytest.mark.parametrize("name", ["missing.yaml", "folder", "rubbish.yaml", "empty.yaml", "lessom"])
def test_no_scenario_is_one_line_and_leaves_two(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "rubbish.yaml").write_bytes(bytes(range(128, 256)))
    (tmp_path / "empty.yaml").touch()
    where = name if name == "lessom" else str(tmp_path / name)
    assert outcome("check", where) == 2
    printed = capsys.readouterr()
    assert len((printed.out + printed.err).splitlines()) == 1
    assert "Traceback" not in printed.out + printed.err


def test_a_bad_scenario_stops_other_verbs_in_clear_lines(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        run(["sim", str(broken), "--games", "2"])
    assert left.value.code == 2
    assert "did you mean allies?" in capsys.readouterr().err


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome("schema") == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Minority Stake scenario"
