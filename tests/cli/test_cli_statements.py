"""``stake statements`` on a save: three statements that tie, and mistakes in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from game.cli.main import run
from game.resources import find_scenario
from game.scenario.loader import load
from game.session.game import Game


@pytest.fixture(scope="module")
def save(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scenario = load(find_scenario("lesson"))
    game = Game.new(scenario, scenario.ruleset.company("kite"), 2015)
    game.autosaves = False
    path = tmp_path_factory.mktemp("statements") / "game.stakesave"
    game.save(path.with_name("new.stakesave"))
    for _ in range(3):
        game.end_turn()
    game.save(path)
    return path


def answer(capsys: pytest.CaptureFixture[str], code: int, *arguments: str) -> str:
    with pytest.raises(SystemExit) as end:
        run(["statements", *arguments])
    assert end.value.code == code
    told = capsys.readouterr()
    return told.err if code else told.out


@pytest.mark.parametrize("company", ["kite", "lantern"])
@pytest.mark.parametrize("turn", [(), ("--turn", "2015-Q1")])
def test_the_statements_tie(
    save: Path, capsys: pytest.CaptureFixture[str], company: str, turn: tuple[str, ...]
) -> None:
    facts = json.loads(answer(capsys, 0, str(save), "--company", company, *turn, "--json"))
    assert facts["company"] == company
    cash = {one["line"]: one["amount"] for one in facts["cash"]}
    moved = sum(one["amount"] for one in facts["cash"][:-1] if one["total"])
    first, last = facts["cash"][0]["amount"], facts["cash"][-1]["amount"]
    assert len(cash) >= 6
    assert last == pytest.approx(first + moved, abs=1e-6)
    assert facts["balance"][0]["amount"] == pytest.approx(last)


def test_both_languages_and_the_own_company(save: Path, capsys: pytest.CaptureFixture[str]) -> None:
    english, chinese = answer(capsys, 0, str(save)), answer(capsys, 0, str(save), "--lang", "zh")
    assert "Revenue" in english
    assert "2015 Q3" in english
    assert "收入" in chinese
    assert answer(capsys, 0, str(save), "--company", "kite") == english


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--company", "kyte"), "did you mean kite"),
        (("--turn", "2019-Q1"), "2015-Q1 to 2015-Q3"),
        (("--turn", "soon"), "write it as 2016-Q2"),
        (("--lang", "fr"), "one of en, zh"),
    ],
)
def test_mistakes_are_one_line(
    save: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    assert told in answer(capsys, 2, str(save), *arguments)


def test_a_game_not_yet_played_has_none(save: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fresh = save.with_name("new.stakesave")
    assert "no quarter has been played" in answer(capsys, 2, str(fresh))
