"""``stake explain`` on a real save: the figures, the sentences, and mistakes in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from game.cli.main import run
from game.resources import find_scenario
from game.scenario.loader import load
from game.session.game import Game

MARKET = "smartphones/china"


@pytest.fixture(scope="module")
def save(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scenario = load(find_scenario("alibaba-meizu"))
    game = Game.new(scenario, scenario.ruleset.company("meizu"), 2015)
    game.autosaves = False
    for _ in range(3):
        game.end_turn()
    path = tmp_path_factory.mktemp("explain") / "game.stakesave"
    game.save(path)
    game.save_replay(path.with_suffix(".stakereplay"))
    return path


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as end:
        run(["explain", *arguments])
    assert end.value.code == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as end:
        run(["explain", *arguments])
    assert end.value.code == 2
    return capsys.readouterr().err


def test_a_share_comes_apart(save: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = (str(save), "--company", "meizu", "--what", "share", "--market", MARKET)
    text = told(capsys, *asked)
    assert "Rivals" in text
    assert "coverage offline is worth" in text
    facts = json.loads(told(capsys, *asked, "--json"))
    total = sum(bar["amount"] for bar in facts["groups"])
    assert total == pytest.approx(facts["after"] - facts["before"], abs=1e-9)
    assert "对手" in told(capsys, *asked, "--lang", "zh")
    again = (str(save.with_suffix(".stakereplay")), *asked[1:])
    assert told(capsys, *again) == text


def test_books_of_anybody_and_any_quarter(save: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = (str(save), "--company", "xiaomi", "--what", "value", "--turn", "2015-Q2")
    assert "2015 Q2 against 2015 Q1" in told(capsys, *asked, "--observer")
    shut = told(capsys, *asked)
    assert "not open" in shut
    assert "--observer" in shut


@pytest.mark.parametrize("what", ["revenue", "debt", "quote", "doors", "score"])
def test_other_figures_of_the_whole_company(
    save: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    asked = (str(save), "--company", "meizu", "--what", what)
    for seen in (asked, (*asked, "--observer")):
        facts = json.loads(told(capsys, *seen, "--json"))
        total = sum(bar["amount"] for bar in facts["groups"])
        size = max(1.0, abs(facts["after"]))
        # the score leaves out terms of less than a hundredth of a point
        assert total == pytest.approx(
            facts["change"], abs=0.015 if what == "score" else 1e-9 * size
        )


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (("--company", "meizo"), "did you mean meizu?"),
        (("--company", "meizu", "--what", "shar"), "did you mean share?"),
        (("--company", "meizu", "--what", "share"), MARKET),
        (("--company", "meizu", "--what", "share", "--market", "smartphone/china"), MARKET),
        (("--company", "meizu", "--what", "cash", "--market", MARKET), "leave the market out"),
        (("--company", "meizu", "--turn", "2025-Q1"), "2015-Q1 to 2015-Q3"),
        (("--company", "meizu", "--turn", "soon"), "2016-Q2"),
        (("--company", "meizu", "--lang", "fr"), "one of en, zh"),
    ],
)
def test_a_mistake_is_one_line_with_advice(
    save: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], advice: str
) -> None:
    line = refused(capsys, str(save), *arguments)
    assert advice in line
    assert line.count("\n") == 1


def test_a_wrong_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "note.txt"
    path.write_text("hello", encoding="utf-8")
    assert refused(capsys, str(path), "--company", "meizu").count("\n") == 1
    assert refused(capsys, str(tmp_path / "none"), "--company", "meizu").count("\n") == 1
