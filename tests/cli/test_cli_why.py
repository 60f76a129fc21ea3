"""``stake why`` on a real save: what was done and why, what is remembered, mistakes in one line."""

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
    scenario = load(find_scenario("alibaba-meizu"))
    game = Game.new(scenario, scenario.ruleset.company("meizu"), 3)
    game.autosaves = False
    game.accept_offer(0)
    for _ in range(3):
        game.end_turn()
    path = tmp_path_factory.mktemp("why") / "game.stakesave"
    game.save(path)
    game.save_replay(path.with_suffix(".stakereplay"))
    return path


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    with pytest.raises(SystemExit) as end:
        run(["why", *arguments])
    assert end.value.code == code
    out = capsys.readouterr()
    return out.err if code else out.out


def test_moves_are_told_with_their_grounds(save: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, str(save), "--turn", "2015-Q2")
    assert "2015 Q2" in text
    assert "hidden" in text
    everything = said(capsys, str(save), "--turn", "2015-Q2", "--observer")
    assert "hidden" not in everything
    assert len(everything) >= len(text)
    again = said(capsys, str(save.with_suffix(".stakereplay")), "--turn", "2015-Q2")
    assert again == text


def test_one_company_as_json(save: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = json.loads(
        said(capsys, str(save), "--company", "tencent", "--turn", "2015-Q1", "--json")
    )
    assert facts["moves"]
    assert all(one["title"] for one in facts["moves"])
    chinese = said(capsys, str(save), "--company", "tencent", "--turn", "2015-Q1", "--lang", "zh")
    assert "腾讯" in chinese


def test_memory_names_mandates_the_rival_and_what_was_done(
    save: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = said(capsys, str(save), "--memory", "--company", "alibaba")
    assert "Its mobile system on" in text
    assert "names its rival" in text
    assert "You and Alibaba signed a deal in 2015 Q1" in text
    facts = json.loads(said(capsys, str(save), "--memory", "--company", "alibaba", "--json"))
    assert facts["about_you"]


def test_mistakes_are_one_line(save: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--company" in said(capsys, str(save), "--memory", code=2)
    assert "did you mean" in said(capsys, str(save), "--company", "alibabaa", code=2)
    assert "2099" in said(capsys, str(save), "--turn", "2099-Q1", code=2)
    assert "--lang" in said(capsys, str(save), "--lang", "fr", code=2)
