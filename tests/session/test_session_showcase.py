"""A whole game by machine with its report, and the verbs of the command line that use it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from game.cli import play as cli
from game.cli.main import run
from game.core.errors import UserError
from game.scenario.loader import Scenario
from game.session.game import Game
from game.session.showcase import run_showcase

Begin = Callable[..., Game]


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)


def test_a_showcase_leaves_a_report_and_takes_pictures(lesson: Scenario, tmp_path: Path) -> None:
    asked: list[str] = []

    def take(game: Game, section: str, name: str) -> Path:
        asked.append(section)
        if section == "deal":
            assert game.table is not None
        file = tmp_path / f"{name}.png"
        file.write_bytes(b"picture")
        return file

    ticks: list[int] = []
    made = run_showcase(lesson, 3, tmp_path, take, tick=lambda done, of: ticks.append(done))
    assert made.game.over
    assert ticks == list(range(1, 7))
    assert set(asked) == {"title", "desk", "market", "company", "deal", "pledges", "ledger", "end"}
    text = made.report.read_text(encoding="utf-8")
    assert "| 1 | " in text
    for picture in made.pictures:
        assert picture.name in text
    assert text.count("### 201") == 6
    assert made.trouble == ""


def test_a_picture_that_fails_does_not_stop_the_game(lesson: Scenario, tmp_path: Path) -> None:
    def take(game: Game, section: str, name: str) -> Path:
        raise RuntimeError("no fonts")

    made = run_showcase(lesson, 3, tmp_path, take, "zh", quarters=2)
    assert made.pictures == ()
    assert "no fonts" in made.trouble
    assert "no fonts" in made.report.read_text(encoding="utf-8")
    assert len(made.game.reports) == 2


def test_the_seat_plays_like_any_other_machine(lesson: Scenario, tmp_path: Path) -> None:
    """With a machine in every seat the same seed is the same game, whoever looks on."""
    one = run_showcase(lesson, 5, tmp_path, None, seat=0).game
    other = run_showcase(lesson, 5, tmp_path, None, seat=2).game
    assert one.state.score[:, 0].tolist() == pytest.approx(other.state.score[:, 0].tolist())


def test_a_folder_that_cannot_be_written_is_told(lesson: Scenario, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UserError, match="cannot be written"):
        run_showcase(lesson, 3, tmp_path / "file" / "in", None, quarters=1)


@pytest.mark.usefixtures("no_display")
def test_play_without_a_display_says_so_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "_camera", lambda out, lang: (None, ""))
    with pytest.raises(SystemExit) as done:
        run(["play", "lesson"])
    assert done.value.code == 0
    said = capsys.readouterr()
    assert len(re.findall("There is no display", said.err)) == 1
    assert "Traceback" not in said.err
    assert str(tmp_path / "showcase") in said.err
    assert (tmp_path / "showcase" / "report.md").is_file()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["play", "--size", "big"], "is not a window size"),
        (["play", "--size", "10x10"], "cannot be opened"),
        (["play", "--lang", "fr"], "does not speak"),
        (["play", "nothing-here"], "no such scenario"),
        (["showcase", "nothing-here"], "no such scenario"),
        (["replay", "nothing-here"], "no such file"),
    ],
)
def test_mistakes_on_the_command_line_are_one_line(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as done:
        run(arguments)
    assert done.value.code == 2
    said = capsys.readouterr().err.strip()
    assert words in said
    assert "Traceback" not in said


def test_a_replay_from_the_command_line(
    begin: Begin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    game = begin()
    game.accept_offer(0)
    game.end_turn()
    game.end_turn()
    path = tmp_path / "game.replay"
    game.save_replay(path)
    with pytest.raises(SystemExit) as done:
        run(["replay", str(path)])
    assert done.value.code == 0
    assert "came out the same: 2 quarters as Kite" in capsys.readouterr().out
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(SystemExit) as failed:
        run(["replay", str(path)])
    assert failed.value.code == 2
    assert "damaged" in capsys.readouterr().err


def test_seats_by_name(lesson: Scenario) -> None:
    assert cli.seat_of(lesson.ruleset, "kite") == 1
    with pytest.raises(UserError, match="did you mean kite"):
        cli.seat_of(lesson.ruleset, "kyte")
    assert cli.parse_size("1600x900") == (1600, 900)


def test_a_display_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    assert not cli.has_display()
    monkeypatch.setenv("DISPLAY", ":1")
    assert cli.has_display()
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    assert not cli.has_display()


def test_a_missing_par_table_is_measured_and_kept(tmp_path: Path, lesson: Scenario) -> None:
    copy = tmp_path / "mine.yaml"
    copy.write_text(lesson.path.read_text(encoding="utf-8"), encoding="utf-8")
    parts: list[float] = []
    ready = cli.prepare(copy, parts.append)
    assert parts[-1] == pytest.approx(1.0)
    assert (ready.ruleset.par_sd > 0.0).all()
    again: list[float] = []
    kept = cli.prepare(copy, again.append)
    assert again == []
    assert kept.ruleset.par_mean == pytest.approx(ready.ruleset.par_mean)
