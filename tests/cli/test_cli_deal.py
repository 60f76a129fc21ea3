"""``stake deal`` and ``stake deals`` on a saved game."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from game.cli.main import run
from game.scenario.loader import load
from game.session.game import Game


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory, lesson_path: Path) -> str:
    scenario = load(lesson_path)
    game = Game.new(scenario, scenario.ruleset.company("kite"), 7)
    game.autosaves = False
    path = tmp_path_factory.mktemp("deal") / "kite.stakesave"
    game.save(path)
    return str(path)


def told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        run(arguments)
    assert not ended.value.code
    return capsys.readouterr().out


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        run(arguments)
    assert ended.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("mode", ["weigh", "work", "ask", "best", "closest"])
def test_every_question_is_answered(
    saved: str, mode: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["deal", saved, "--with", "lantern", "--mode", mode]
    arguments += ["--give", "preload=60%", "--take", "cash=20", "--term", "4", "--json"]
    found = json.loads(told(arguments, capsys))
    assert found["deal"] is not None
    assert found["deal"]["proposer"] == 1
    if mode in ("weigh", "ask"):
        assert found["deal"]["gives"][0]["pledges"][0] == [0, 0.6]
    assert {row["known"] for row in found["terms"]} <= {"known", "estimated", "hidden"}
    assert 0.0 <= found["odds"] <= 1.0


def test_locked_clauses_stay(saved: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["deal", saved, "--with", "lantern", "--give", "preload=50%", "--json"]
    arguments += ["--lock", "give.preload", "--lock", "cash", "--mode", "best", "--term", "4"]
    deal = json.loads(told(arguments, capsys))["deal"]
    assert deal is not None
    assert [0, 0.5] in deal["gives"][0]["pledges"]
    assert deal["gives"][0]["cash"] == deal["gives"][1]["cash"] == 0.0


def test_the_finder_gives_reasons(saved: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(told(["deals", saved, "--json"], capsys))
    joint = [one["joint"] for one in found]
    assert joint == sorted(joint, reverse=True)
    assert all(one["deal"] and one["reason"]["what"] for one in found)
    assert "would earn" in told(["deals", saved], capsys)


def test_both_languages_are_written(saved: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["deal", saved, "--with", "lantern", "--lang"]
    english, chinese = (told([*arguments, lang], capsys) for lang in ("en", "zh"))
    assert "Found:" in english
    assert "已找到" in chinese


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["--with", "lanturn"], "did you mean lantern?"),
        (["--with", "kite"], "name another company"),
        (["--with", "lantern", "--mode", "bst"], "did you mean best?"),
        (["--with", "lantern", "--give", "preload=??"], "is no clause"),
        (["--with", "lantern", "--give", "prelod=60%"], "did you mean preload?"),
        (["--with", "lantern", "--take", "new=150%"], "is a part of a company"),
        (["--with", "lantern", "--term", "7"], "one of"),
        (["--with", "lantern", "--lock", "preload"], "is no clause to lock"),
    ],
)
def test_a_mistake_is_told_with_advice(
    saved: str, arguments: list[str], advice: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert advice in refused(["deal", saved, *arguments], capsys)


def test_further_clauses_can_be_written(
    lesson_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = load(lesson_path)
    game = Game.new(scenario, scenario.ruleset.company("lantern"), 7)
    game.autosaves = False
    path = tmp_path / "lantern.stakesave"
    game.save(path)
    arguments = ["deal", str(path), "--with", "kite", "--mode", "weigh", "--json"]
    arguments += ["--give", "venture:phones/home=45", "--give", "venture_share=40%"]
    arguments += ["--take", "board", "--take", "standstill"]
    found = json.loads(told(arguments, capsys))
    extra = dict(map(tuple, found["deal"]["gives"][0]["extra"]))
    assert len(extra) == 3
    assert sorted(extra.values()) == pytest.approx([0.4, 1.0, 45.0])
    assert len(found["deal"]["gives"][1]["extra"]) == 2
    assert "market" in refused([*arguments, "--give", "business:moon"], capsys)
